"""Whose question caused a request to Exec, and when it was last read anew."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "budget_request",
        sa.Column("person", sa.String(length=64), server_default="", nullable=False),
    )
    op.create_index("ix_budget_request_person", "budget_request", ["person", "at"], unique=False)
    op.create_table(
        "refresh",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
