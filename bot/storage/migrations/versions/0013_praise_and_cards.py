"""What coaches would like a channel to hear of somebody, and what a scenario's card says."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "praise",
        sa.Column("id", sa.String(24), primary_key=True),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("coach_id", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("place", sa.String(32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("scenario", sa.Text(), nullable=False),
        sa.Column("number", sa.Float(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("post_id", sa.String(24), server_default="", nullable=False),
    )
    op.create_index("ix_praise_person", "praise", ["team_id", "person_id", "key"], unique=True)
    with op.batch_alter_table("catalogue_item") as table:
        for name in ("difficulty", "objective"):
            table.add_column(sa.Column(name, sa.Text(), server_default="", nullable=False))
