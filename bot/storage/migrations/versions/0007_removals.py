"""Questions no longer wait for the night, and nothing is guessed of what others take of the key.

Whoever is owed an answer is offered to ask again.
"""

import time

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # As payloads whose worker died: the bot tells their people so at its start. Not those in
    # "posting", whose answer may have arrived.
    interrupted = sa.text(
        "INSERT INTO payload (key, received_at, team_id, user_id, channel_id, words, lease_until,"
        " done) SELECT 'night:' || id, :now, team_id, user_id, user_id, words, 0, false"
        " FROM awaited_question WHERE state IN ('waiting', 'working')"
    )
    now = time.time_ns() // 1_000_000
    op.execute(interrupted.bindparams(sa.bindparam("now", now, sa.BigInteger())))
    op.drop_table("awaited_question")
    op.drop_table("refresh")  # leases say the same
    # No kind of delivery any more: a preview is an answer.
    op.execute("DELETE FROM delivery WHERE kind = 'preview'")
    with op.batch_alter_table("budget_account") as account:
        for window in ("minute", "day"):
            account.drop_column(f"others_{window}")
            account.drop_column(f"others_{window}_at")
