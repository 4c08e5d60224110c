"""A migration like the one in docs/change-the-code.md: for existing databases, not for new ones."""

from __future__ import annotations

import re
import shutil
import textwrap
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.storage import schema
from bot.storage.database import Database
from tests.readme import DOCS


async def columns(database: Database, table: str) -> list[str]:
    async with database.engine.connect() as connection:
        return await connection.run_sync(
            lambda sync: [column["name"] for column in sa.inspect(sync).get_columns(table)]
        )


async def test_existing_databases_are_migrated_and_new_ones_created(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Database(database_url) as database:
        await database.upgrade()

        # A version of the program with a further table.
        _, _, section = (DOCS / "change-the-code.md").read_text().partition("## Add a table")
        (code,) = re.findall(r"```python\n(.+?)```", section, re.S)
        shutil.copytree(schema.MIGRATIONS, tmp_path / "migrations")
        (tmp_path / "migrations/versions/0002_note.py").write_text(textwrap.dedent(code))
        monkeypatch.setattr(schema, "MIGRATIONS", tmp_path / "migrations")
        metadata = sa.MetaData()
        sa.Table(
            "note",
            metadata,
            sa.Column("member_id", sa.Text, primary_key=True),
            sa.Column("body", sa.Text, nullable=False, server_default=""),
        )
        monkeypatch.setattr(schema, "metadata", metadata)
        await database.upgrade()
        migrated = await columns(database, "note")

        async with database.transaction() as connection:
            await connection.execute(sa.text("DROP TABLE note"))
            await connection.execute(sa.text("DROP TABLE alembic_version"))
        for _ in range(2):
            await database.upgrade()
            assert await columns(database, "note") == migrated == ["member_id", "body"]
