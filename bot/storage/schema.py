"""Brings the schema of a database up to this program's."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from bot.errors import OtherSchema
from bot.storage.tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"
# Any fixed number: it names our migration among PostgreSQL's advisory locks.
MIGRATION_LOCK = 0x65786563
# Where Alembic keeps the revision.
_VERSION = sa.table("alembic_version", sa.column("version_num", sa.String))


def upgrade(connection: sa.Connection) -> None:
    """Create every table in a new database, or migrate an older one, in the transaction that has
    begun; one process at a time. Raises OtherSchema."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
    is_new = not sa.inspect(connection).has_table(_VERSION.name)
    if not is_new and _is_current(connection):
        return
    # Imported here: few starts migrate anything, and Alembic would take a fifth of their time.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        if is_new:
            metadata.create_all(connection)
            command.stamp(config, "head")
        else:
            command.upgrade(config, "head")
    except CommandError as error:
        raise OtherSchema from error


def _is_current(connection: sa.Connection) -> bool:
    # The files are named after their revisions.
    head = max(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    return bool(connection.execute(sa.select(_VERSION)).scalar() == head)
