"""The schema: which one a database has, and how it is brought up to this program's."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa

from bot.errors import SchemaTooNew, SchemaTooOld
from bot.storage.tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"
# Any fixed number: it names our migration among PostgreSQL's advisory locks.
MIGRATION_LOCK = 0x65786563
# Where Alembic keeps the revision.
_VERSION = sa.table("alembic_version", sa.column("version_num", sa.String))


def refuse_file(path: Path) -> None:
    """Raise SchemaTooOld or SchemaTooNew for such a SQLite file, and change nothing in it: whoever
    opens it to write may switch it to the write-ahead log, or write that into it."""
    if not path.exists():
        return
    uri = f"{path.absolute().as_uri()}?mode=ro"
    engine = sa.create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(uri, uri=True), poolclass=sa.NullPool
    )
    with engine.connect() as connection:
        _revision(connection)


def upgrade(connection: sa.Connection) -> None:
    """Bring the schema up, in the transaction that has begun; one process at a time.

    Raises SchemaTooOld and SchemaTooNew.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
    if _revision(connection) == max(_revisions()):
        return
    # Imported here: few starts migrate anything, and Alembic would take a fifth of their time.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revisions() -> frozenset[str]:
    """Every revision that this program knows: the files are named after theirs."""
    return frozenset(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _revision(connection: sa.Connection) -> str | None:
    """The revision of the schema in the database; None for an empty one.

    Raises SchemaTooOld and SchemaTooNew.
    """
    tables = set(sa.inspect(connection).get_table_names())
    revision: str | None = None
    if _VERSION.name in tables:
        revision = connection.execute(sa.select(_VERSION)).scalar()
    if revision is None:
        if not tables.isdisjoint(metadata.tables):
            raise SchemaTooOld
    elif revision not in _revisions():
        # Before the first release they were bare numbers.
        raise SchemaTooOld if revision.isdigit() else SchemaTooNew
    return revision
