"""What Exec said of single attempts, and where scenarios are practised."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_feedback",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("session_id"),
    )
    for column in ("created_at", "user_id"):
        op.create_index(f"ix_session_feedback_{column}", "session_feedback", [column])
    with op.batch_alter_table("catalogue_item") as changed:
        changed.add_column(sa.Column("url", sa.Text(), server_default="", nullable=False))
