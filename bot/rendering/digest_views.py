"""The views of a group's digest and of its private details."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from bot.messages.tables import page
from bot.rendering.views import TemplateView
from bot.reports.digest import GroupDigest
from bot.reports.each_person import PersonFigures
from bot.reports.freshness import Freshness
from bot.reports.intervals import Window
from bot.reports.metrics import GroupFigures, Line, compare


class DigestPart(StrEnum):
    """A part of a digest besides its figures; the value is stored with the subscription."""

    CHART = "chart"
    BESTS = "bests"
    SCENARIOS = "scenarios"
    ASSIGNMENTS = "assignments"


@dataclass(frozen=True, slots=True)
class DigestView(TemplateView):
    """The digest of a group, for a channel.

    `id` is the opaque id that its buttons carry, None in a preview, which has none. `late` is the
    moment it was due if it is late, `sent_by` who sent it by hand (a display name).
    """

    template = "digest"
    id: str | None
    group: str
    report: GroupDigest
    freshness: Freshness
    parts: frozenset[DigestPart] = frozenset(DigestPart)
    late: datetime | None = None
    sent_by: str | None = None

    @property
    def named(self) -> frozenset[str]:
        """The Exec ids of those whom it names."""
        if DigestPart.BESTS not in self.parts:
            return frozenset()
        return frozenset(each.person.id for each in self.report.bests)


@dataclass(frozen=True, slots=True)
class DetailsView(TemplateView):
    """Everyone of a roster with their figures, for those who may see them all.

    `title` is the group, or whose people they are. `people` are in the order to show, `start` is
    the index of the first row to show. With `handles` (an opaque id for each Exec id) a person
    can be chosen. `pages` begins the names of the buttons that turn pages.
    """

    template = "digest_details"
    id: str
    title: str
    window: Window
    people: tuple[PersonFigures, ...]
    freshness: Freshness
    start: int = 0
    handles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pages: str = "digest.details"

    @property
    def named(self) -> frozenset[str]:
        """The Exec ids of those whom it names."""
        return frozenset(each.person.id for each in self.people)

    @property
    def absent(self) -> tuple[PersonFigures, ...]:
        """Those who have not practiced."""
        return tuple(each for each in self.people if not each.figures.sessions)

    @property
    def practiced(self) -> int:
        """The number of those who have."""
        return len(self.people) - len(self.absent)


@dataclass(frozen=True, slots=True)
class OwnShareView(TemplateView):
    """One reader's own figures beside those that a digest shows to everybody.

    `own` is None for who was not in the group.
    """

    template = "digest_own"
    digest: DigestView
    own: PersonFigures | None

    @property
    def pairs(self) -> tuple[tuple[Line, Line | None], ...]:
        """Every figure of the digest but how many practiced, and for who was in the group one's
        own."""
        own = compare(GroupFigures(1, 1, 1, self.own.figures), None) if self.own else ()
        yours = {line.metric.key: line for line in own}
        of_group = (line for line in self.digest.report.lines if line.metric.key != "people")
        return tuple((line, yours.get(line.metric.key)) for line in of_group)


def details(view: DetailsView) -> Mapping[str, object]:
    """Everyone with their figures, from row `view.start` on."""
    shown = page(view.people, view.start)
    return {
        "page": shown,
        "none_since": next((each.since for each in shown.shown if each.last is None), None),
    }
