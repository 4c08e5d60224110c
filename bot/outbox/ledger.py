"""A delivery as the ledger has it.

    waiting ─► working ─► posting ─► sent
       ▲          │          │
       └──────────┴──────────┴─────► failed · skipped          missed

A lease says until when a row is its worker's. It is also the worker's proof: every step names
the lease that it was taken under, so a worker that was too slow finds the row changed, and stops.
A row in `posting` whose lease ran out may or may not have reached Slack: look before sending.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.outbox.plans import REMOVED, Subscription

# Older occurrences are not sent any more.
WINDOW = timedelta(hours=24)
# Whoever pressed a button does not wait that long.
ASKED_WINDOW = timedelta(hours=1)
# A digest that comes this much after its time says so.
LATE_AFTER = timedelta(minutes=15)
# Why an occurrence was missed.
OLD = "old"
# Why one failed that may have been posted all the same.
UNSETTLED = "unsettled"


class State(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    POSTING = "posting"
    SENT = "sent"
    FAILED = "failed"
    MISSED = "missed"  # it was too old when it was noted, or overtaken
    SKIPPED = "skipped"  # nobody wanted it any more


# In these nobody knows yet how it ends.
OPEN = frozenset((State.WAITING, State.WORKING, State.POSTING))
CLOSED = frozenset(State) - OPEN


class DeliveryKind(StrEnum):
    SCHEDULED = "scheduled"
    NOW = "now"  # somebody pressed Send now
    NOTICE = "notice"  # what a subscription's owner should know


# Those that go where the subscription goes.
TO_ITS_PLACE = (DeliveryKind.SCHEDULED, DeliveryKind.NOW)


@dataclass(frozen=True, slots=True)
class About:
    """What a message tells of: a group by its Exec id ("" where it is about a coach's people or
    about oneself), and the time from `start` to before `end` (UTC), whole days in `zone`."""

    group: str
    zone: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One as it stands. `id` is opaque.

    `occurrence` says which of the subscription's it is: a date where it is scheduled. `at` is
    when it should arrive; a notice has that of what it is about. `asked_by` is the account that
    pressed a button. `why` says why it was not sent, or was put off; of a notice, what it tells.
    `about` is what was posted, from then on, and `figures` those of a group's digest, as JSON.
    """

    id: str
    subscription_id: str
    occurrence: str
    kind: DeliveryKind
    place: str
    asked_by: str
    at: datetime
    created_at: datetime
    due_at: datetime
    state: State
    lease_until: datetime | None
    why: str
    ts: str
    done_at: datetime | None
    about: About | None = None
    figures: str | None = None

    def posted_of(self, one: Subscription) -> Subscription:
        """The subscription with the group that this was posted of; it may have another by now."""
        if self.about is None:
            return one
        return replace(one, plan=replace(one.plan, group_id=self.about.group))

    def unwanted(self, one: Subscription | None, now: datetime) -> str:
        """Why it is not sent any more, as its subscription is now; "" if it is.

        What somebody asked for is sent of a paused one too.
        """
        if one is None:
            return REMOVED
        match self.kind:
            case DeliveryKind.SCHEDULED:
                return one.stopped(now)
            case DeliveryKind.NOTICE:
                return ""
            case _:
                return "" if one.removed_at is None else REMOVED

    def is_late(self, now: datetime) -> bool:
        """Whether to say that it comes after its time."""
        return self.kind is DeliveryKind.SCHEDULED and now - self.at >= LATE_AFTER

    @property
    def until(self) -> datetime:
        """From then on nobody wants it any more."""
        match self.kind:
            case DeliveryKind.SCHEDULED:
                return self.at + WINDOW
            case DeliveryKind.NOTICE:
                return self.created_at + WINDOW
            case _:
                return self.created_at + ASKED_WINDOW


def delivery_of(row: Any) -> Delivery:
    """A row of the table, as a mapping."""
    values = {name: row[name] for name in Delivery.__dataclass_fields__ if name != "about"}
    about = None
    if row["about_start"] is not None:
        about = About(*(row[f"about_{name}"] for name in About.__dataclass_fields__))
    kind, state = DeliveryKind(row["kind"]), State(row["state"])
    return Delivery(**{**values, "kind": kind, "state": state, "about": about})


def about_columns(about: About | None) -> dict[str, Any]:
    """What the table holds of it."""
    if about is None:
        return {"about_group": "", "about_zone": "", "about_start": None, "about_end": None}
    return {f"about_{name}": getattr(about, name) for name in About.__dataclass_fields__}


def new_row(
    *,
    id_: str,
    subscription_id: str,
    key: str,
    kind: DeliveryKind,
    place: str,
    at: datetime,
    now: datetime,
    asked_by: str = "",
) -> dict[str, Any]:
    """What the table holds of a delivery that waits; `key` is its occurrence."""
    return {
        "id": id_,
        "subscription_id": subscription_id,
        "occurrence": key,
        "kind": kind,
        "place": place,
        "asked_by": asked_by,
        "at": at,
        "created_at": now,
        "due_at": now,
        "state": State.WAITING,
    }
