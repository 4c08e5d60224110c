"""The views of a person's own: the Home tab, a first word, and what they practice next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from typing import Literal

from bot.errors import Sentence
from bot.exec_api.models import Session
from bot.language.query import Named
from bot.rendering.coach_views import CoachView
from bot.rendering.status_views import StatusView
from bot.rendering.subscription_views import SubscriptionLine
from bot.rendering.views import Choice, Sees, TemplateView
from bot.reports.figures import scenario_name
from bot.reports.freshness import Freshness
from bot.reports.intervals import Window
from bot.reports.me import OwnWeek
from bot.reports.sessions import opening
from bot.reports.team import TeamGroup
from bot.reports.what_next import WhatNext

MOST_DIGESTS = 5


@dataclass(frozen=True, slots=True)
class NextView(TemplateView):
    """What somebody practices next, for their own eyes; `easy` is a scenario to begin with, where
    they have practiced none. Days are those of `zone`."""

    template = "what_next"
    found: WhatNext
    easy: Named | None
    freshness: Freshness
    zone: str
    now: datetime


@dataclass(frozen=True, slots=True)
class HelloView(TemplateView):
    """A first word to somebody, by whose practice they see; `refusal` is why they see nothing."""

    template = "hello"
    sees: Sees | Literal["nothing"]
    refusal: Sentence | None = None


@dataclass(frozen=True, slots=True)
class InvitedView(TemplateView):
    """What the bot does in the channel with this name and id, for who invited it there.

    `refusal` says why they can have no digest there, or, unless they `may_ask`, no answers; None
    where they can have both.
    """

    template = "invited"
    channel: str
    channel_id: str
    refusal: Sentence | None
    may_ask: bool = True


@dataclass(frozen=True, slots=True)
class StoredWeek:
    """A person's own week by what is stored, and their `last` sessions, newest first."""

    week: OwnWeek
    last: tuple[Session, ...]
    freshness: Freshness

    @property
    def last_named(self) -> tuple[tuple[Session, str, str], ...]:
        """Each of the last sessions, the name of its scenario, and the command that tells more."""
        return tuple((one, scenario_name(one), opening(one)) for one in self.last)


@dataclass(frozen=True, slots=True)
class OwnPart:
    """One's own practice and settings.

    `stored` is None where not all of the week is stored. `monday`: the week comes by itself every
    Monday; `named`: digests in channels may name the person.
    """

    stored: StoredWeek | None
    monday: bool
    named: bool


@dataclass(frozen=True, slots=True)
class CoachPart:
    """The people of a coach, and the message about them.

    `view` is None where not all of it is stored, or where the coach has `nobody`. `message` is None
    where they stopped it, or never had it.
    """

    view: CoachView | None
    message: SubscriptionLine | None
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class GroupsPart:
    """All groups by name, none where there are none, or too many; of so many more it is `unknown`
    who is in them."""

    rows: tuple[TeamGroup, ...] = ()
    unknown: int = 0
    freshness: Freshness | None = None


@dataclass(frozen=True, slots=True)
class AdminPart:
    """The workspace: the first `digests` of those that come to channels, and how many `more`.

    `has_coaches`: somebody coaches somebody. `groups` is None where not all that it tells is
    stored.
    """

    digests: tuple[SubscriptionLine, ...]
    more: int
    status: StatusView
    has_coaches: bool
    groups: GroupsPart | None

    @property
    def is_all_read(self) -> bool:
        """Whether about 90 days of sessions are stored."""
        start = self.status.start
        return start is not None and self.status.now - start > timedelta(days=89)

    @property
    def is_set_up(self) -> bool:
        """Whether nothing is left to do."""
        return self.has_coaches and bool(self.digests) and self.is_all_read


@dataclass(frozen=True, slots=True)
class HomeView(TemplateView):
    """A Home tab, for one person's eyes; each part is None for those whom it does not concern.

    `window` is the period of all figures. `tries` are questions to ask: their label, and the words.
    """

    template = "home"
    window: Window
    tries: tuple[Choice, ...]
    own: OwnPart | None
    coach: CoachPart | None
    admin: AdminPart | None

    @property
    def freshness(self) -> Freshness | None:
        """The freshness of its oldest figures; None where it has no figures."""
        of_coach = None if self.coach is None else self.coach.view
        own = None if self.own is None else self.own.stored
        groups = None if self.admin is None else self.admin.groups
        found = [part.freshness for part in (of_coach, own, groups) if part is not None]
        parts = [each for each in found if each is not None]
        if not parts:
            return None
        all_of_it = reduce(Freshness.beside, parts)
        return Freshness(all_of_it.as_of, tasks_as_of=all_of_it.tasks_as_of)
