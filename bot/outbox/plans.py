"""A subscription: what is asked, when, where the answer goes, and whose it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.language.filters import query_words
from bot.language.query import Kind, NameRef, Query
from bot.outbox.reasons import NotSentReason

# What has a delivery of its own: a group's digest, a coach's message about their people, one's
# own week. Anything else is a question.
TEAM, COACH, ME = "team", "coach", "me"
_GROUP_DIGEST = re.compile(rf'{TEAM} group:"((?:[^"]|"")*)"')


def team_ask(group_id: str) -> str:
    """The stored words of a group's digest."""
    return f"{TEAM} {query_words(Query(names=(NameRef(Kind.GROUP, group_id),)))}"


def group_of(ask: str) -> str:
    """The group of a group's digest; "" of any other question."""
    found = _GROUP_DIGEST.fullmatch(ask)
    return found[1].replace('""', '"') if found else ""


def kind_of(ask: str) -> str:
    """TEAM, COACH or ME; "" of a question."""
    if _GROUP_DIGEST.fullmatch(ask):
        return TEAM
    return ask if ask in (COACH, ME) else ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What people choose of a subscription.

    `ask` are the stored words of a question: canonical, with ids for names, and the report's name
    first ('team group:"…"', 'sessions group:"…" gold last month'). `place` is a channel or an
    account. `schedule` are canonical words without a zone, `zone` an IANA name; with `follows` the
    zone goes with the owner's Slack profile. `contents` are the parts of a group's digest.
    """

    place: str
    schedule: str
    zone: str
    ask: str
    follows: bool = False
    contents: tuple[str, ...] = ()

    @property
    def report(self) -> str:
        """The name of the report."""
        return self.ask.partition(" ")[0]

    @property
    def kind(self) -> str:
        """What has a delivery of its own, as `kind_of`."""
        return kind_of(self.ask)

    @property
    def group_id(self) -> str:
        """The group of a group's digest; "" of anything else."""
        return group_of(self.ask)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as it stands.

    Up to `looked_at` everything that fell due is in the outbox. `paused` says why, "" unless it is
    paused.
    """

    id: str
    team_id: str
    owner_id: str
    plan: Plan
    created_at: datetime
    looked_at: datetime
    paused: str = ""
    removed_at: datetime | None = None

    @property
    def is_personal(self) -> bool:
        """Whether it goes to its owner alone, and not to a channel."""
        return self.plan.place == self.owner_id

    @property
    def is_on(self) -> bool:
        """Whether it is neither paused nor removed."""
        return not self.paused and self.removed_at is None

    @property
    def stopped(self) -> str:
        """The reason why it is not sent by schedule; "" if it is."""
        return NotSentReason.REMOVED if self.removed_at is not None else self.paused


def columns(plan: Plan) -> dict[str, Any]:
    """A plan as the table has it."""
    values = {name: getattr(plan, name) for name in Plan.__dataclass_fields__}
    return {**values, "contents": " ".join(plan.contents)}


def plan_of(columns: Mapping[str, Any]) -> Plan:
    """A plan from what has its columns at least."""
    plan = Plan(**{name: columns[name] for name in Plan.__dataclass_fields__})
    return replace(plan, contents=tuple(columns["contents"].split()))


def subscription_of(row: sa.Row[Any]) -> Subscription:
    """A subscription from a row of the table."""
    columns = row._asdict()
    names = [name for name in Subscription.__dataclass_fields__ if name != "plan"]
    return Subscription(plan=plan_of(columns), **{name: columns[name] for name in names})
