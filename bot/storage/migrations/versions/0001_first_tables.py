"""The first tables, which every database has from its creation."""

# The file is named after the revision.
revision = "0001_first_tables"
down_revision = None


def upgrade() -> None:
    pass
