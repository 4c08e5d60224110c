"""A message to be sent once, and the table of these messages."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages.blocks import Message
from bot.reports.intervals import Interval, Periods, periods_over
from bot.storage.database import Database
from bot.storage.tables import delivery

LATE_AFTER = timedelta(minutes=15)  # a message sent later says that it is late


class State(StrEnum):
    """The state of a delivery."""

    DUE = "due"
    POSTING = "posting"
    SENT = "sent"
    FAILED = "failed"


class DeliveryKind(StrEnum):
    """The kind of a delivery."""

    SCHEDULED = "scheduled"
    NOW = "now"  # somebody pressed Send now
    ALERT = "alert"
    NUDGE = "nudge"
    ONE_TIME = "one_time"  # such as a greeting, or the notice about a failed delivery


class Reason(StrEnum):
    """Why a message wasn't sent, or is waiting."""

    CHANNEL = "channel"
    READERS = "readers"
    OWNER = "owner"
    GONE = "gone"
    FEW = "few"
    TOGETHER = "together"
    EXEC = "exec"
    SLACK = "slack"
    UNKNOWN = "unknown"
    BROKEN = "broken"
    LATE = "late"


class FailureNotice(NamedTuple):
    """Why a message wasn't sent. A reason with a remedy, which somebody has to apply, pauses the
    subscription. Both are sentences with `{place}`, `{owner}` and `{command}`."""

    why: str
    remedy: str = ""


REASONS: Mapping[Reason, FailureNotice] = MappingProxyType(
    {
        Reason.CHANNEL: FailureNotice(
            "I'm not in {place}, or I can't post there anymore.",
            "Invite me with `/invite` or choose another channel, then press Resume.",
        ),
        Reason.READERS: FailureNotice(
            "{place} has guests, people from another company or more than 200 members, so I don't "
            "post practice results there.",
            "Choose another channel, or press Resume once that has changed.",
        ),
        Reason.OWNER: FailureNotice(
            "{owner} can't see this practice anymore.",
            "An admin can give the people back with `{command} coach add`. Then press Resume.",
        ),
        Reason.GONE: FailureNotice(
            "The group or the people it is about are gone from Exec.",
            "Edit or remove it, or press Resume once that has changed.",
        ),
        Reason.FEW: FailureNotice(
            "I post only results of three or more people.",
            "Edit it to ask about more people, or remove it.",
        ),
        Reason.TOGETHER: FailureNotice(
            "Beside the other posts in {place}, it would show how one or two people did.",
            "Edit it to ask about other people, or remove it.",
        ),
        Reason.EXEC: FailureNotice("I couldn't reach Exec for a day."),
        Reason.SLACK: FailureNotice("Slack didn't accept it for a day."),
        Reason.UNKNOWN: FailureNotice(
            "Slack didn't say whether it arrived, and I couldn't look it up. I didn't send it "
            "again, so that it can't arrive twice."
        ),
        Reason.BROKEN: FailureNotice(
            "Something went wrong on my side. The person who runs this bot can look it up in the "
            "log."
        ),
        Reason.LATE: FailureNotice("I wasn't running when it was due, and now it is too old."),
    }
)


class Unsent(Exception):
    """A message that can't be sent."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Nothing(Exception):
    """There is nothing to send."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to a channel or an account (`place`), for its owner.

    A scheduled message has a question in stored words and its period, `start_at` to `end_at`. Any
    other has its stored `message`. `facts` are the facts in the message, as its kind stores them.
    `about` is the Exec id of the person a nudge is for.
    """

    id: str
    kind: DeliveryKind
    team_id: str
    owner_id: str
    place: str
    planned_at: datetime
    try_at: datetime
    words: str = ""
    zone: str = "UTC"
    subscription_id: str = ""
    start_at: datetime | None = None
    end_at: datetime | None = None
    state: State = State.DUE
    attempts: int = 0
    marked_at: datetime | None = None
    done_at: datetime | None = None
    reason: str = ""
    ts: str = ""
    about: str = ""
    facts: list[Any] | None = None
    message: dict[str, Any] | None = None

    @property
    def is_personal(self) -> bool:
        """Whether it goes to its owner alone."""
        return self.place == self.owner_id

    def periods(self, now: datetime) -> Periods:
        """The period of the question."""
        start, end = self.start_at or self.planned_at, self.end_at or self.planned_at
        return periods_over(Interval(start, end), self.zone, now)

    def late(self, now: datetime) -> datetime | None:
        """When the message was due, if it is late."""
        is_late = self.kind is DeliveryKind.SCHEDULED and now - self.planned_at >= LATE_AFTER
        return self.planned_at if is_late else None


def delivery_id(*parts: str) -> str:
    """The id of the message with these parts, the same in every process. A hash, because other apps
    can read the metadata of a message."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def delivery_of(row: sa.Row[Any]) -> Delivery:
    """A delivery from a row of the table."""
    values = row._asdict()
    return Delivery(**values | {"kind": DeliveryKind(row.kind), "state": State(row.state)})


def one_time(team_id: str, place: str, message: Message, now: datetime, **values: Any) -> Delivery:
    """A delivery of this message now, to an account or a channel."""
    usual = {"id": secrets.token_hex(12), "kind": DeliveryKind.ONE_TIME, "owner_id": place}
    return Delivery(
        team_id=team_id,
        place=place,
        planned_at=now,
        try_at=now,
        message=message.body,
        **usual | values,
    )


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The table of deliveries. All methods raise StorageError."""

    db: Database

    async def insert(self, connection: AsyncConnection, *rows: Delivery) -> list[Delivery]:
        """Insert deliveries whose ids are new, and return these."""
        new = []
        for row in rows:
            statement = self.db.insert(delivery).values(asdict(row)).on_conflict_do_nothing()
            if (await connection.execute(statement.returning(delivery.c.id))).first():
                new.append(row)
        return new

    async def find(self, id_: str) -> Delivery | None:
        """A delivery by its id."""
        row = await self.db.row(sa.select(delivery).where(delivery.c.id == id_))
        return None if row is None else delivery_of(row)

    async def newest(self, subscription_id: str) -> Delivery | None:
        """The newest delivery of a subscription."""
        c = delivery.c
        query = sa.select(delivery).where(c.subscription_id == subscription_id)
        row = await self.db.row(query.order_by(c.planned_at.desc()).limit(1))
        return None if row is None else delivery_of(row)
