"""A subscription: what is sent, when, where, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

# Why a subscription sends nothing, unless it is paused.
REMOVED, SNOOZED = "removed", "snoozed"


class Kind(StrEnum):
    GROUP = "group"  # a group's digest in a channel
    COACH = "coach"  # a coach's message about their people, to themselves
    OWN = "own"  # a person's own week, to themselves


@dataclass(frozen=True, slots=True)
class Plan:
    """What people choose of a subscription.

    `schedule` are canonical words without a zone, `zone` an IANA name; with `follows` the zone
    goes with the owner's Slack profile. `contents` are words of the caller's own.
    """

    place: str
    schedule: str
    zone: str
    group_id: str = ""
    follows: bool = False
    contents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscription:
    """One as it stands. `looked_at`: up to there, what fell due is in the ledger. `paused` says
    why, and is "" unless it is paused."""

    id: str
    team_id: str
    kind: Kind
    owner_id: str
    plan: Plan
    created_at: datetime
    looked_at: datetime
    paused: str = ""
    snoozed_until: datetime | None = None
    removed_at: datetime | None = None

    @property
    def is_on(self) -> bool:
        """Neither paused nor removed."""
        return not self.paused and self.removed_at is None

    def is_snoozed(self, now: datetime) -> bool:
        return self.snoozed_until is not None and self.snoozed_until > now

    def stopped(self, now: datetime) -> str:
        """Why nothing of it comes by the clock; "" if it does."""
        if self.removed_at is not None:
            return REMOVED
        return self.paused or (SNOOZED if self.is_snoozed(now) else "")


def columns(plan: Plan) -> dict[str, Any]:
    """A plan as the table has it."""
    values = {name: getattr(plan, name) for name in Plan.__dataclass_fields__}
    return {**values, "contents": " ".join(plan.contents)}


def plan_of(row: Any) -> Plan:
    """The opposite: from a mapping that has these columns at least."""
    plan = Plan(**{name: row[name] for name in Plan.__dataclass_fields__})
    return replace(plan, contents=tuple(row["contents"].split()))


def subscription_of(row: Any) -> Subscription:
    """A row of the table, as a mapping."""
    return Subscription(
        plan=plan_of(row),
        kind=Kind(row["kind"]),
        **{
            name: row[name]
            for name in Subscription.__dataclass_fields__
            if name not in ("plan", "kind")
        },
    )
