"""Who looked at whose practice."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_look",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("report", sa.String(32), nullable=False),
        sa.Column("door", sa.String(16), nullable=False),
        sa.Column("people", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_audit_look_at", "audit_look", ["at"])
    op.create_table(
        "audit_person",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("person_id", sa.Text(), nullable=False, unique=True),
        sqlite_autoincrement=True,
    )
