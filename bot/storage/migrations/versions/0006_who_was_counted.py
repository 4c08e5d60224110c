"""Who was in a group when, who of them is Exec's own staff, and the figures that were posted."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("roster_member") as member:
        member.add_column(sa.Column("unlisted_at", sa.BigInteger(), nullable=True))
        member.add_column(
            sa.Column("is_system", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    # The look at which somebody was first seen is held, the one before it is not.
    op.execute("UPDATE roster_member SET unlisted_at = since")
    # Until the roster is read again.
    op.execute(
        "UPDATE roster_member SET is_system = true "
        "WHERE user_id IN (SELECT id FROM member WHERE email LIKE '%@exec.com')"
    )
    op.create_table(
        "roster_past",
        sa.Column("group_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("listed_at", sa.BigInteger(), nullable=False),
        sa.Column("unlisted_at", sa.BigInteger(), nullable=True),
        sa.Column("is_system", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("group_id", "user_id", "listed_at"),
    )
    with op.batch_alter_table("delivery") as delivery:
        delivery.add_column(sa.Column("figures", sa.Text(), nullable=True))
