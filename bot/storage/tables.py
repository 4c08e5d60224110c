"""Every table. Instants are stored as whole milliseconds since 1970 in UTC: one form for
SQLite, which has no time zones, and PostgreSQL, and it sorts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.engine import Dialect

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware moment, kept to the millisecond."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - EPOCH) // MILLISECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + value * MILLISECOND


metadata = MetaData()

# One row for the whole installation: locking it makes the count of requests exact between
# processes. `blocked_until` is what Exec's own 429 told us.
budget_account = Table(
    "budget_account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("blocked_until", Instant),
)
budget_request = Table(
    "budget_request",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False, index=True),
    Column("purpose", String(32), nullable=False),
)

# What people may name, as Exec lists it. `kind` is a Kind.
catalogue_item = Table(
    "catalogue_item",
    metadata,
    Column("kind", String(16), nullable=False),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("kind", "id"),
)
member = Table(
    "member",
    metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text, nullable=False, index=True),  # lower case
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
)
# How old each list is, and when a refresh was last tried. `what` is a Kind or "member".
catalogue_age = Table(
    "catalogue_age",
    metadata,
    Column("what", String(80), primary_key=True),
    Column("fetched_at", Instant),
    Column("tried_at", Instant),
    Column("pages", Integer, nullable=False, server_default="1"),
)

slack_user = Table(
    "slack_user",
    metadata,
    Column("team_id", String(32), nullable=False),
    Column("user_id", String(32), nullable=False),
    Column("email", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("handle", Text, nullable=False),
    Column("tz", String(64), nullable=False),
    Column("standing", String(16), nullable=False),
    Column("fetched_at", Instant, nullable=False),
    PrimaryKeyConstraint("team_id", "user_id"),
)
# A Slack account joined by an admin to an Exec person whose e-mail differs.
person_link = Table(
    "person_link",
    metadata,
    Column("team_id", String(32), nullable=False),
    Column("user_id", String(32), nullable=False),
    Column("member_id", Text, nullable=False),
    Column("linked_by", String(32), nullable=False),
    Column("linked_at", Instant, nullable=False),
    PrimaryKeyConstraint("team_id", "user_id"),
)

# A command text behind a button or a form, which carries only the id. A form's answer goes to
# the place where it was opened: `channel_id` and `response_url`.
stored_command = Table(
    "stored_command",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("user_id", String(32), nullable=False),
    Column("channel_id", String(32), nullable=False, server_default=""),
    Column("response_url", Text),
    Column("words", Text, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)
# An answer behind its buttons: the question, and the rows it was answered from, so that its
# pages agree with each other whatever happens in Exec meanwhile.
stored_answer = Table(
    "stored_answer",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("user_id", String(32), nullable=False),
    Column("words", Text, nullable=False),
    Column("body", Text),  # None once the rows are forgotten
    Column("at", Instant, nullable=False, index=True),
)

# A payload from Slack that was taken on. A second delivery finds the row; one whose worker
# died is found by its lease that ran out, and is told about.
payload = Table(
    "payload",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("received_at", Instant, nullable=False, index=True),
    Column("team_id", String(32), nullable=False),
    Column("user_id", String(32), nullable=False),
    Column("channel_id", String(32), nullable=False),
    Column("response_url", Text),
    Column("words", Text),
    Column("lease_until", Instant, nullable=False),
    Column("done", Boolean, nullable=False),
    Index("ix_payload_open", "done", "lease_until"),
)

# Facts learned about the outside world, such as that a workspace refuses a block. `name` is
# our own, `value` a word.
learned = Table(
    "learned",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("value", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
