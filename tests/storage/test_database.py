"""The database: its schema, errors while it is unavailable, and many writers at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.errors import OtherSchema
from bot.storage.database import Database, async_url
from bot.storage.tables import lease, metadata, scenario
from tests.processes import modes, python

pytestmark = pytest.mark.usefixtures("sqlite_threads")

CHILD = """
import asyncio, sys, sqlalchemy as sa
from bot.storage.database import Database
from bot.storage.tables import lease
async def upgrade(database):
    await database.upgrade()
async def write(database):
    async def add():
        async with database.transaction() as connection:
            value = sa.select(lease.c.holder).with_for_update()  # which SQLite ignores
            n = int((await connection.execute(value)).scalar_one())
            await connection.execute(sa.update(lease).values(holder=str(n + 1)))
    await asyncio.gather(*(add() for _ in range(12)))
async def main():
    async with Database(sys.argv[1]) as database:
        print("ready", flush=True)
        for line in sys.stdin:
            await globals()[line.strip()](database)
            print("ready", flush=True)
asyncio.run(main())
"""
Together = Callable[[str], Awaitable[None]]


@asynccontextmanager
async def processes(database: Database, count: int) -> AsyncIterator[Together]:
    """Several processes on the same database that act at the same moment."""
    url = database.url.render_as_string(hide_password=False)
    children = [await python("-c", CHILD, url, variables={}) for _ in range(count)]

    async def ready() -> None:
        for child in children:
            said = await asyncio.wait_for(child.stdout.readline(), 100)
            assert said == b"ready\n", await child.communicate()

    async def together(what: str) -> None:
        for child in children:
            child.stdin.write(f"{what}\n".encode())
        await ready()

    try:
        await ready()
        yield together
        for child in children:
            _, err = await asyncio.wait_for(child.communicate(), 100)
            assert (await child.wait(), err) == (0, "")
    finally:
        for child in children:
            child.close()


Schema = Mapping[str, tuple[Any, ...]]


async def schema(database: Database) -> Schema:
    """The columns, keys and indexes of every table."""

    def inspect(connection: sa.Connection) -> Schema:
        inspector = sa.inspect(connection)
        return {
            table: (
                [
                    (column["name"], str(column["type"]), column["nullable"], column["default"])
                    for column in inspector.get_columns(table)
                ],
                inspector.get_pk_constraint(table),
                sorted(map(str, inspector.get_indexes(table))),
                sorted(map(str, inspector.get_unique_constraints(table))),
            )
            for table in inspector.get_table_names()
            if table != "alembic_version"
        }

    async with database.engine.connect() as connection:
        return await connection.run_sync(inspect)


async def drop_all(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.drop_all, checkfirst=False)
        await connection.execute(sa.text("DROP TABLE alembic_version"))


async def test_several_processes_bring_up_one_schema_at_once(database: Database) -> None:
    migrated = await schema(database)
    async with processes(database, 2) as together:
        for _ in range(2):
            await drop_all(database)
            await together("upgrade")

            assert await schema(database) == migrated
            versions = sa.text("SELECT count(*) FROM alembic_version")
            async with database.transaction() as connection:
                assert (await connection.execute(versions)).scalar_one() == 1


async def test_a_schema_of_another_version_is_a_storage_error(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999_new'"))

    with pytest.raises(OtherSchema, match="another version"):
        await database.upgrade()


async def test_the_urls_that_people_have() -> None:
    for given in ("postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+psycopg2://u:p@h/d"):
        shown = async_url(given).render_as_string(hide_password=False)
        assert shown == "postgresql+psycopg://u:p@h/d"


async def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.touch(0o644)
    async with Database(f"sqlite:///{path}") as database:
        await database.upgrade()
        await database.check()
        files = ("old.db", "old.db-shm", "old.db-wal")
        assert modes(tmp_path) == dict.fromkeys(files, 0o600)


async def test_processes_that_store_the_same_rows_wait_for_each_other(database_url: str) -> None:
    rows = [{"id": f"s{number:03}", "name": "Cold Call"} for number in range(200)]

    async def put(database: Database, rows: list[dict[str, str]]) -> None:
        async with database.transaction() as connection:
            await database.put(connection, scenario, rows)

    async with Database(database_url) as first, Database(database_url) as second:
        for _ in range(5):
            await asyncio.gather(put(first, rows), put(second, rows[::-1]))
        assert await first.count(scenario) == len(rows)


async def test_processes_that_read_and_then_write_never_fail_by_a_lock(database: Database) -> None:
    """Three processes with 12 tasks each, all with an open connection; each task reads, then
    writes."""
    first = {"name": "n", "holder": "0", "expires_at": datetime.now(UTC)}
    async with database.transaction() as connection:
        await connection.execute(sa.insert(lease).values(**first))
    async with processes(database, 3) as together:
        await together("write")

    async with database.transaction() as connection:
        assert (await connection.execute(sa.select(lease.c.holder))).scalar_one() == "36"


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_connections_that_the_server_ended_are_noticed(
    database: Database, database_url: str
) -> None:
    number = sa.select(sa.func.pg_backend_pid())
    before = await database.scalar(number)
    assert await database.scalar(number) == before
    async with Database(database_url) as other:
        await other.rows(sa.select(sa.func.pg_terminate_backend(before)))
    assert await database.scalar(number) != before
    await database.check()
