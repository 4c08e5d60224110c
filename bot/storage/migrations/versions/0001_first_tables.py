"""Every table, as `bot/storage/tables.py` has them: an Instant is a BigInteger here."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Text,
    false,
)

# A revision is named like its file, without the ending.
revision = "0001_first_tables"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "budget_account",
        Column("id", Integer, primary_key=True),
        Column("blocked_until", BigInteger),
    )
    op.create_table(
        "budget_request",
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("at", BigInteger, nullable=False, index=True),
        Column("purpose", String(32), nullable=False),
    )
    op.create_table(
        "catalogue_item",
        Column("kind", String(16), nullable=False),
        Column("id", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("slug", Text, nullable=False, server_default=""),
        Column("url", Text, nullable=False, server_default=""),
        Column("difficulty", Text, nullable=False, server_default=""),
        Column("visibility", Text, nullable=False, server_default=""),
        PrimaryKeyConstraint("kind", "id"),
    )
    op.create_table(
        "member",
        Column("id", Text, primary_key=True),
        Column("email", Text, nullable=False, index=True),
        Column("name", Text, nullable=False),
        Column("role", Text, nullable=False),
        Column("since", BigInteger),
        Column("gone_at", BigInteger),
    )
    op.create_table(
        "catalogue_age",
        Column("what", String(80), primary_key=True),
        Column("fetched_at", BigInteger),
        Column("tried_at", BigInteger),
        Column("asked_at", BigInteger),
        Column("pages", Integer, nullable=False, server_default="1"),
    )
    op.create_table(
        "roster",
        Column("group_id", Text, primary_key=True),
        Column("fetched_at", BigInteger),
        Column("whole_at", BigInteger),
        Column("tried_at", BigInteger),
        Column("asked_at", BigInteger),
    )
    op.create_table(
        "roster_member",
        Column("group_id", Text, nullable=False),
        Column("user_id", Text, nullable=False),
        Column("first_seen", BigInteger),
        Column("last_seen", BigInteger),
        Column("is_system", Boolean, nullable=False, server_default=false()),
        PrimaryKeyConstraint("group_id", "user_id"),
    )
    op.create_table(
        "practice_session",
        Column("id", Text, primary_key=True),
        Column("created_at", BigInteger, nullable=False, index=True),
        Column("user_id", Text, nullable=False),
        Column("scenario_id", Text, nullable=False),
        Column("is_system", Boolean, nullable=False),
        Column("score", Float),
        Column("rank", Text),
        Column("duration_seconds", Float),
        Column("is_valid_attempt", Boolean, nullable=False),
        Index("ix_practice_session_user", "user_id", "created_at"),
        Index("ix_practice_session_scenario", "scenario_id", "created_at", "user_id"),
    )
    op.create_table(
        "session_feedback",
        Column("session_id", Text, primary_key=True),
        Column("created_at", BigInteger, nullable=False, index=True),
        Column("user_id", Text, nullable=False, index=True),
        Column("body", Text, nullable=False),
        Column("read_at", BigInteger, nullable=False),
    )
    op.create_table(
        "practice_person",
        Column("id", Text, primary_key=True),
        Column("email", Text, nullable=False, index=True),
        Column("first_name", Text, nullable=False),
        Column("last_name", Text, nullable=False),
    )
    op.create_table(
        "practice_scenario",
        Column("id", Text, primary_key=True),
        Column("name", Text, nullable=False),
        Column("slug", Text, nullable=False),
    )
    op.create_table(
        "practice_stretch",
        Column("start_at", BigInteger, primary_key=True, autoincrement=False),
        Column("end_at", BigInteger, nullable=False),
        Column("as_of", BigInteger, nullable=False),
    )
    op.create_table(
        "lease",
        Column("name", String(80), primary_key=True),
        Column("holder", String(32), nullable=False),
        Column("until", BigInteger, nullable=False),
    )
    op.create_table(
        "coaching",
        Column("coach_id", Text, nullable=False),
        Column("kind", String(16), nullable=False),
        Column("subject_id", Text, nullable=False),
        Column("added_by", String(32), nullable=False),
        Column("added_at", BigInteger, nullable=False),
        PrimaryKeyConstraint("coach_id", "kind", "subject_id"),
    )
    op.create_table(
        "nudge",
        Column("coach_id", Text, nullable=False),
        Column("person_id", Text, nullable=False),
        Column("at", BigInteger, nullable=False),
        PrimaryKeyConstraint("coach_id", "person_id"),
    )
    op.create_table(
        "opt_out",
        Column("member_id", Text, primary_key=True),
        Column("at", BigInteger, nullable=False),
    )
    op.create_table(
        "subscription",
        Column("id", String(24), primary_key=True),
        Column("team_id", String(32), nullable=False),
        Column("ask", Text, nullable=False, server_default=""),
        Column("place", String(32), nullable=False),
        Column("owner_id", String(32), nullable=False),
        Column("schedule", Text, nullable=False),
        Column("zone", String(64), nullable=False),
        Column("follows", Boolean, nullable=False),
        Column("zone_at", BigInteger, nullable=False),
        Column("contents", Text, nullable=False, server_default=""),
        Column("created_at", BigInteger, nullable=False),
        Column("looked_at", BigInteger, nullable=False),
        Column("paused", String(32), nullable=False, server_default=""),
        Column("removed_at", BigInteger),
        Index("ix_subscription_place", "team_id", "place"),
        Index("ix_subscription_owner", "team_id", "owner_id"),
    )
    op.create_table(
        "delivery",
        Column("id", String(24), primary_key=True),
        Column("source_id", String(24), nullable=False),
        Column("occurrence", String(80), nullable=False),
        Column("kind", String(16), nullable=False),
        Column("place", String(32), nullable=False, index=True),
        Column("asked_by", String(32), nullable=False, server_default=""),
        Column("at", BigInteger, nullable=False),
        Column("created_at", BigInteger, nullable=False),
        Column("due_at", BigInteger, nullable=False),
        Column("state", String(16), nullable=False),
        Column("version", Integer, nullable=False),
        Column("why", String(32), nullable=False, server_default=""),
        Column("ts", String(32), nullable=False, server_default=""),
        Column("done_at", BigInteger),
        Column("about_ask", Text, nullable=False, server_default=""),
        Column("about_zone", String(64), nullable=False, server_default=""),
        Column("about_start", BigInteger),
        Column("about_end", BigInteger),
        Column("told", Text),
        Column("message", Text),
        Index("ix_delivery_occurrence", "source_id", "occurrence", unique=True),
        Index("ix_delivery_due", "state", "due_at"),
    )
    op.create_table(
        "alert",
        Column("id", String(24), primary_key=True),
        Column("team_id", String(32), nullable=False),
        Column("owner_id", String(32), nullable=False),
        Column("who", Text, nullable=False),
        Column("kind", String(16), nullable=False),
        Column("number", Float, nullable=False),
        Column("created_at", BigInteger, nullable=False),
        Column("looked_at", BigInteger, nullable=False),
        Column("paused", Boolean, nullable=False, server_default=false()),
        Index("ix_alert_owner", "team_id", "owner_id"),
    )
    op.create_table(
        "alert_told",
        Column("alert_id", String(24), nullable=False),
        Column("key", Text, nullable=False),
        Column("person_id", Text, nullable=False, index=True),
        Column("delivery_id", String(24), nullable=False, server_default=""),
        Column("at", BigInteger, nullable=False),
        PrimaryKeyConstraint("alert_id", "key"),
    )
    op.create_table(
        "slack_user",
        Column("team_id", String(32), nullable=False),
        Column("user_id", String(32), nullable=False),
        Column("account_type", String(16), nullable=False),
        Column("type_at", BigInteger, nullable=False),
        Column("email", Text, nullable=False, server_default=""),
        Column("name", Text, nullable=False, server_default=""),
        Column("handle", Text, nullable=False, server_default=""),
        Column("tz", String(64), nullable=False, server_default=""),
        Column("locale", String(16), nullable=False, server_default=""),
        Column("fetched_at", BigInteger),
        PrimaryKeyConstraint("team_id", "user_id"),
    )
    op.create_table(
        "person_link",
        Column("team_id", String(32), nullable=False),
        Column("user_id", String(32), nullable=False),
        Column("member_id", Text, nullable=False),
        Column("linked_by", String(32), nullable=False),
        Column("linked_at", BigInteger, nullable=False),
        PrimaryKeyConstraint("team_id", "user_id"),
    )
    op.create_table(
        "stored_command",
        Column("id", String(24), primary_key=True),
        Column("team_id", String(32), nullable=False),
        Column("user_id", String(32), nullable=False),
        Column("channel_id", String(32), nullable=False, server_default=""),
        Column("response_url", Text),
        Column("thread_ts", String(32)),
        Column("message_ts", String(32)),
        Column("words", Text, nullable=False),
        Column("at", BigInteger, nullable=False, index=True),
    )
    op.create_table(
        "stored_answer",
        Column("id", String(24), primary_key=True),
        Column("team_id", String(32), nullable=False),
        Column("user_id", String(32), nullable=False),
        Column("words", Text, nullable=False),
        Column("body", Text),
        Column("at", BigInteger, nullable=False, index=True),
    )
    op.create_table(
        "last_question",
        Column("id", String(160), primary_key=True),
        Column("team_id", String(32), nullable=False),
        Column("user_id", String(32), nullable=False),
        Column("words", Text, nullable=False),
        Column("before", Text, nullable=False),
        Column("answer_id", String(24), nullable=False),
        Column("start", Integer, nullable=False),
        Column("opened", Integer),
        Column("choices", Text, nullable=False),
        Column("refused", Text, nullable=False),
        Column("at", BigInteger, nullable=False, index=True),
    )
    op.create_table(
        "access_log",
        Column("person_id", Text, nullable=False),
        Column("day", Date, nullable=False, index=True),
        Column("report", String(32), nullable=False),
        Column("team_id", String(32), nullable=False),
        Column("user_id", Text, nullable=False),
        Column("member_id", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("email", Text, nullable=False),
        PrimaryKeyConstraint("person_id", "day", "report", "team_id", "user_id"),
    )
    op.create_table(
        "claim",
        Column("name", String(80), primary_key=True),
        Column("until", BigInteger, nullable=False, index=True),
    )
