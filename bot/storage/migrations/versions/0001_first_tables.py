"""Create every table from its definition; later revisions list their own changes."""

from alembic import op

from bot.storage.tables import metadata

# The file is named after the revision.
revision = "0001_first_tables"
down_revision = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())
