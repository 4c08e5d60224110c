"""Every table.

A moment is stored as milliseconds since 1970 in UTC, which SQLite (without time zones) and
PostgreSQL both sort. Ids of people, groups and scenarios are Exec's.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """UTC milliseconds of an aware moment, rounded down."""
    return (moment - EPOCH) // MILLISECOND


def from_ms(value: int) -> datetime:
    """The aware moment of UTC milliseconds."""
    return EPOCH + value * MILLISECOND


class Instant(sa.TypeDecorator[datetime]):
    """An aware moment, kept to the millisecond."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_ms(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else from_ms(value)


metadata = sa.MetaData()


def key(name: str) -> sa.Column[str]:
    """A text column of the primary key."""
    return sa.Column(name, sa.Text, primary_key=True)


def text(name: str) -> sa.Column[str]:
    """A text column, empty unless given."""
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def flag(name: str) -> sa.Column[bool]:
    """A column that is false unless given."""
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def at(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[datetime]:
    """A column of moments."""
    return sa.Column(name, Instant, nullable=nullable, index=index)


# The copy of Exec's data.

session = sa.Table(
    "session", metadata, key("id"),
    sa.Column("created_at", sa.BigInteger, nullable=False),  # ms, so that sums need no conversion
    text("member_id"), text("scenario_id"),
    flag("is_staff"),  # of Exec's own staff
    flag("is_valid"),
    sa.Column("score", sa.Integer),  # thousandths of a point, cut: SUM stays exact
    sa.Column("rank", sa.Text),
    sa.Column("duration_ms", sa.BigInteger),
    # Covering indexes for sums and personal bests, which look up no rows.
    sa.Index(
        "ix_session_time", "created_at", "id", "member_id", "scenario_id", "is_staff", "is_valid",
        "score", "rank", "duration_ms",
    ),
    sa.Index(
        "ix_session_attempts", "member_id", "scenario_id", "created_at", "score", "is_valid",
        "is_staff",
    ),
    sa.Index("ix_session_member", "member_id", "created_at"),
    sa.Index("ix_session_scenario", "scenario_id", "created_at"),
)  # fmt: skip
member = sa.Table(
    "member", metadata, key("id"),
    sa.Column("email", sa.Text, nullable=False, index=True),  # lower case
    text("name"), text("role"),
    flag("is_listed"),  # in Exec's list of members, not only named by a session
    at("joined_at", nullable=True),
    at("assignments_at", nullable=True),  # when their assignments were read
)  # fmt: skip
team = sa.Table(
    "team", metadata, key("id"), text("name"),
    at("members_at", nullable=True),  # when its members were read
    at("used_at", nullable=True),  # when somebody last asked about it
)  # fmt: skip
team_member = sa.Table(
    "team_member", metadata, key("team_id"), key("member_id"),
    sa.Index("ix_team_member_member", "member_id"),
)  # fmt: skip
scenario = sa.Table(
    "scenario", metadata, key("id"), text("name"), text("slug"), text("url"),
    text("difficulty"), text("visibility"), flag("is_listed"),
)  # fmt: skip
# Skills and collections, and the scenarios that belong to each.
bundle = sa.Table("bundle", metadata, key("kind"), key("id"), text("name"), text("slug"))
scenario_of = sa.Table("scenario_of", metadata, key("kind"), key("bundle_id"), key("scenario_id"))
assignment = sa.Table(
    "assignment", metadata, key("id"),
    sa.Column("member_id", sa.Text, nullable=False, index=True),
    text("scenario_id"), text("program_id"), text("program_name"), text("status"),
    at("due_at", nullable=True),
    sa.Column("best_score", sa.Float),
    sa.Column("attempt_count", sa.Integer, nullable=False, server_default="0"),
)  # fmt: skip
# Exec's feedback on sessions, as JSON.
feedback = sa.Table(
    "feedback", metadata, key("session_id"),
    sa.Column("member_id", sa.Text, nullable=False, index=True),
    at("created_at"), sa.Column("body", sa.JSON, nullable=False), at("read_at"),
)  # fmt: skip
# What is stored: all sessions from start_at to end_at, and each list as of end_at. Occasional jobs
# have a row with their last run.
window = sa.Table(
    "window", metadata, key("name"), at("start_at"), at("end_at"),
    sa.Column("rows", sa.Integer, nullable=False, server_default="0"),
)  # fmt: skip
# A row per request to Exec in the last day, with the job that sent it.
request = sa.Table(
    "request", metadata, sa.Column("id", sa.Integer, primary_key=True), at("sent_at", index=True),
    text("job"),
)  # fmt: skip

# Rights.

coaching = sa.Table(
    "coaching", metadata, key("coach_id"), key("kind"),  # "group" or "person"
    key("subject_id"),
)  # fmt: skip
person_setting = sa.Table(
    "person_setting", metadata, key("member_id"), flag("hides_name"), flag("mutes_nudges")
)
# Most accounts have only a type, from Slack's list of all accounts; their `fetched_at` is null.
slack_user = sa.Table(
    "slack_user", metadata, key("team_id"), key("user_id"), text("account_type"),
    at("type_at"), text("email"), text("name"), text("handle"), text("tz"), text("locale"),
    at("fetched_at", nullable=True),
    sa.Column("linked_id", sa.Text),  # the Exec person that an admin linked
    at("linked_at", nullable=True),
)  # fmt: skip
# A row per day, asker, person looked at, and report. Users of the command line have their address
# as the user id.
access_log = sa.Table(
    "access_log", metadata, key("person_id"), sa.Column("day", sa.Date, primary_key=True),
    key("report"), key("team_id"), key("user_id"), text("member_id"), text("name"), text("email"),
    sa.Index("ix_access_log_day", "day"),
)  # fmt: skip

# A question that is answered on a schedule, or an alert. `words` are the name of the report and
# canonical filters with ids; `place` is a channel, or the owner's account.
subscription = sa.Table(
    "subscription", metadata, key("id"), text("team_id"), text("owner_id"), text("words"),
    text("place"),
    text("schedule"), text("zone"),  # in words without the zone; both empty for an alert
    flag("follows"),  # the zone follows the owner's Slack profile
    at("next_at", nullable=True, index=True),  # null while it is paused
    text("last_day"),  # the newest date that has a delivery
    text("reason"),  # why the bot paused it
    at("created_at"),
    sa.Index(
        "ix_subscription_same", "team_id", "place", "words", "schedule", "zone", unique=True
    ),
    sa.Index("ix_subscription_owner", "team_id", "owner_id"),
)  # fmt: skip
# The outbox: a row for each message that must arrive exactly once.
delivery = sa.Table(
    "delivery", metadata, key("id"),  # also in the message's metadata
    text("kind"), text("team_id"), text("owner_id"), text("place"),
    at("planned_at"), at("try_at"),
    text("words"), text("zone"), text("subscription_id"),
    at("start_at", nullable=True), at("end_at", nullable=True),  # the period of the question
    text("state"), sa.Column("attempts", sa.Integer, nullable=False),
    at("marked_at", nullable=True), at("done_at", nullable=True), text("reason"), text("ts"),
    text("about"),  # the person a nudge is for
    sa.Column("facts", sa.JSON(none_as_null=True)),  # in the message, to compare with the next
    sa.Column("message", sa.JSON(none_as_null=True)),  # if it isn't drawn when it is due
    sa.Index("ix_delivery_due", "state", "try_at"),
    sa.Index("ix_delivery_subscription", "subscription_id", "planned_at"),
    sa.Index("ix_delivery_about", "kind", "about"),
)  # fmt: skip
# The events that the owner of an alert knows, from a message or from when the alert was set.
alert = sa.Table(
    "alert", metadata, key("subscription_id"), key("key"),
    sa.Column("member_id", sa.Text, nullable=False, index=True), at("at"),
)  # fmt: skip

# Coordination between processes.

lease = sa.Table("lease", metadata, key("name"), text("holder"), at("expires_at", index=True))

# Conversations.

# The meaning of a button or a form, which itself has only the id: every app in the channel can read
# its value.
button = sa.Table(
    "button", metadata, key("id"), text("team_id"), text("user_id"), text("kind"),
    sa.Column("data", sa.JSON, nullable=False), at("created_at", index=True),
)  # fmt: skip
# By workspace, account, and channel or thread.
last_question = sa.Table(
    "last_question", metadata, key("id"), text("team_id"), text("user_id"),
    sa.Column("data", sa.JSON, nullable=False), at("at", index=True),
)  # fmt: skip
