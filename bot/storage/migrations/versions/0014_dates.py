"""How dates are written to somebody: as their Slack locale says, or as they chose."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("slack_user") as table:
        table.add_column(sa.Column("locale", sa.String(16), server_default="", nullable=False))
    op.create_table(
        "date_choice",
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("dates", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "user_id"),
    )
