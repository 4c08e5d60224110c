"""Every table. Instants are stored as whole milliseconds since 1970 in UTC: one form for
SQLite, which has no time zones, and PostgreSQL, and it sorts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
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
    Column("url", Text, nullable=False, server_default=""),  # where a scenario is practiced
    Column("difficulty", Text, nullable=False, server_default=""),  # of a scenario
    Column("visibility", Text, nullable=False, server_default=""),  # of a scenario
    PrimaryKeyConstraint("kind", "id"),
)
member = Table(
    "member",
    metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text, nullable=False, index=True),  # lower case
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    # When they were first listed (None: they were there when we first looked), and when they
    # were no longer. The removed stay: their sessions do, too.
    Column("since", Instant),
    Column("gone_at", Instant),
)
# How old each list is, when a refresh was last tried, and when a question last needed it. `what` is
# a Kind or "member".
catalogue_age = Table(
    "catalogue_age",
    metadata,
    Column("what", String(80), primary_key=True),
    Column("fetched_at", Instant),
    Column("tried_at", Instant),
    Column("asked_at", Instant),
    Column("pages", Integer, nullable=False, server_default="1"),
)
# Who is or was in a group. `asked_at` is when a question last named it: others are not kept fresh.
# `whole_at` is when all its pages were last read, `fetched_at` when at least the first was.
roster = Table(
    "roster",
    metadata,
    Column("group_id", Text, primary_key=True),
    Column("fetched_at", Instant),
    Column("whole_at", Instant),
    Column("tried_at", Instant),
    Column("asked_at", Instant),
)
roster_member = Table(
    "roster_member",
    metadata,
    Column("group_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    # When they were first listed in it, or came into the workspace if that was later. None: they
    # were in it when we first looked.
    Column("first_seen", Instant),
    # The last look at which they were in it; None: they still are.
    Column("last_seen", Instant),
    Column("is_system", Boolean, nullable=False, server_default=false()),  # Exec's own staff
    PrimaryKeyConstraint("group_id", "user_id"),
)

# Sessions, whose instants are plain milliseconds. A column that is called like a field of Exec's
# session holds that field.
practice_session = Table(
    "practice_session",
    metadata,
    Column("id", Text, primary_key=True),
    Column("created_at", BigInteger, nullable=False, index=True),
    Column("user_id", Text, nullable=False),
    Column("scenario_id", Text, nullable=False),
    Column("is_system", Boolean, nullable=False),
    Column("score", Float),
    Column("rank", Text),
    Column("duration_seconds", Float),
    Column("is_valid_attempt", Boolean, nullable=False),
    # A question about one person, or one scenario, reads its own rows only; who practiced a
    # scenario is told from the index alone.
    Index("ix_practice_session_user", "user_id", "created_at"),
    Index("ix_practice_session_scenario", "scenario_id", "created_at", "user_id"),
)
# What Exec said of single attempts: each as it told it in full, as JSON. It is asked again once the
# attempt is graded anew.
session_feedback = Table(
    "session_feedback",
    metadata,
    Column("session_id", Text, primary_key=True),
    Column("created_at", Instant, nullable=False, index=True),  # the attempt
    Column("user_id", Text, nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("read_at", Instant, nullable=False),
)
# The people and scenarios that sessions name, as they were last called.
practice_person = Table(
    "practice_person",
    metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text, nullable=False, index=True),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
)
practice_scenario = Table(
    "practice_scenario",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False),
)
# At `as_of`, the sessions created in [start_at, end_at) were exactly those that are stored.
practice_stretch = Table(
    "practice_stretch",
    metadata,
    Column("start_at", BigInteger, primary_key=True, autoincrement=False),
    Column("end_at", BigInteger, nullable=False),
    Column("as_of", BigInteger, nullable=False),
)
# Who does what only one process at a time should do, and until when it is theirs.
lease = Table(
    "lease",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("holder", String(32), nullable=False),
    Column("until", Instant, nullable=False),
)

# Whom someone coaches: `kind` is "group" or "person"; all ids are Exec's.
coaching = Table(
    "coaching",
    metadata,
    Column("coach_id", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("added_by", String(32), nullable=False),  # a Slack account
    Column("added_at", Instant, nullable=False),
    PrimaryKeyConstraint("coach_id", "kind", "subject_id"),
)
# Whom a coach had a note sent to, and when the last time.
nudge = Table(
    "nudge",
    metadata,
    Column("coach_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("coach_id", "person_id"),
)
# Who does not want to be named in a channel; the id is Exec's.
opt_out = Table(
    "opt_out",
    metadata,
    Column("member_id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)

# What is sent by the clock, to whom or where. `ask` is a question in canonical words with ids, the
# report's name first; `schedule` is in words, without its zone.
subscription = Table(
    "subscription",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("ask", Text, nullable=False, server_default=""),
    Column("place", String(32), nullable=False),  # a channel, or an account
    Column("owner_id", String(32), nullable=False),
    Column("schedule", Text, nullable=False),
    # `follows`: the zone is that of the owner's Slack profile, looked at `zone_at`.
    Column("zone", String(64), nullable=False),
    Column("follows", Boolean, nullable=False),
    Column("zone_at", Instant, nullable=False),
    Column("contents", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    # Up to here all that fell due is in the outbox.
    Column("looked_at", Instant, nullable=False),
    Column("paused", String(32), nullable=False, server_default=""),  # why; "" if it is not
    Column("removed_at", Instant),
    Index("ix_subscription_place", "team_id", "place"),
    Index("ix_subscription_owner", "team_id", "owner_id"),
)
# The outbox: a row for each message that must arrive exactly once. It comes of a subscription or of
# an incident; `occurrence` tells it from others of that, and is there once, whoever notes it.
delivery = Table(
    "delivery",
    metadata,
    Column("id", String(24), primary_key=True),  # also in the message's metadata
    Column("source_id", String(24), nullable=False),
    Column("occurrence", String(80), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("place", String(32), nullable=False, index=True),
    Column("asked_by", String(32), nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("why", String(32), nullable=False, server_default=""),
    Column("ts", String(32), nullable=False, server_default=""),
    Column("done_at", Instant),
    # What was posted answers this question about this time, whatever becomes of the subscription.
    Column("about_ask", Text, nullable=False, server_default=""),
    Column("about_zone", String(64), nullable=False, server_default=""),
    Column("about_start", Instant),
    Column("about_end", Instant),
    # What a coach's list says of each person, as JSON: the next one is compared with it.
    Column("reported", Text),
    Column("message", Text),  # as JSON, where it was drawn when the row was noted
    Index("ix_delivery_occurrence", "source_id", "occurrence", unique=True),
    Index("ix_delivery_due", "state", "due_at"),
)

# What a coach or an admin wants to be told of as it happens: `who` are people or groups in
# canonical words with ids, `kind` and `number` a rule.
alert = Table(
    "alert",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("owner_id", String(32), nullable=False),
    Column("who", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("number", Float, nullable=False),
    Column("created_at", Instant, nullable=False),
    # All that was known then is told.
    Column("looked_at", Instant, nullable=False),
    Column("paused", Boolean, nullable=False, server_default=false()),
    Index("ix_alert_owner", "team_id", "owner_id"),
)
# What its owner knows: it was so when the alert was set, or they were told. `person_id` is Exec's,
# "" for what is about a whole group; `delivery_id` is the message, "" for none.
alert_told = Table(
    "alert_told",
    metadata,
    Column("alert_id", String(24), nullable=False),
    Column("key", Text, nullable=False),
    Column("person_id", Text, nullable=False, index=True),
    Column("delivery_id", String(24), nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("alert_id", "key"),
)

# Slack accounts. Of most only the type is known, by the list of all.
slack_user = Table(
    "slack_user",
    metadata,
    Column("team_id", String(32), nullable=False),
    Column("user_id", String(32), nullable=False),
    Column("account_type", String(16), nullable=False),
    Column("type_at", Instant, nullable=False),  # when Slack last told that
    # What follows, Slack told `fetched_at`; None: it was never asked about them, only listed them.
    Column("email", Text, nullable=False, server_default=""),
    Column("name", Text, nullable=False, server_default=""),
    Column("handle", Text, nullable=False, server_default=""),
    Column("tz", String(64), nullable=False, server_default=""),
    Column("locale", String(16), nullable=False, server_default=""),
    Column("fetched_at", Instant),
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
    Column("thread_ts", String(32)),
    Column("message_ts", String(32)),
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

# What somebody asked last in a conversation: `id` is their workspace, their account, and a channel
# or a thread in it. `words` are a command, `answer_id` the answer whose rows they go through from
# `start` on; the row `opened` was opened last. `choices` are labels and commands, as JSON.
last_question = Table(
    "last_question",
    metadata,
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
    Column("at", Instant, nullable=False, index=True),
)

# Who looked at whose practice, one row per day, asker, person and report. Members and people are
# Exec's ids; somebody at the command line has their address for an account.
access_log = Table(
    "access_log",
    metadata,
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

# What is done once: a payload that was taken on, a greeting, a warning about the key. Others may do
# it again after `until`.
claim = Table(
    "claim",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("until", Instant, nullable=False, index=True),
)
