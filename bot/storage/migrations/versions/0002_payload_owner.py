"""Whose work a payload is."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "payload", sa.Column("owner", sa.String(length=64), server_default="", nullable=False)
    )
