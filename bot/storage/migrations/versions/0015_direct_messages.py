"""Where in a direct conversation an answer belongs: its thread, and the message it replaces;
whom Exec shows a scenario; the address of whoever looked; and the names in praise as shown."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("payload", "stored_command"):
        for name in ("thread_ts", "message_ts"):
            op.add_column(table, sa.Column(name, sa.String(32), nullable=True))
    visibility = sa.Column("visibility", sa.Text(), server_default="", nullable=False)
    op.add_column("catalogue_item", visibility)
    email = sa.Column("email", sa.Text(), server_default="", nullable=False)
    op.add_column("audit_look", email)
    for name in ("coach_name", "person_name"):
        column = sa.Column(name, sa.Text(), server_default="", nullable=False)
        op.add_column("praise", column)
