"""Decides what a channel can see of an answer: everything about the person who shares it, but only
counts, averages and praise of others. What the asker can see is decided in `access`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import NotAllowed
from bot.language.filters import exact_period, understood
from bot.language.query import ResolvedQuery
from bot.people.access import Asker, is_own
from bot.reports._public import ENOUGH_PEOPLE
from bot.reports._report import AnyReport, Figures
from bot.settings import NamedRanking

NOT_IN_CHANNELS = "This report is for your eyes only. It can't be posted in a channel."
TOO_FEW = (
    "This covers too few people to share. I post counts and averages of three people or more, and "
    "rankings of more than five. You can always share your own results."
)
# Subtracting an answer from the whole group's would reveal the people left out.
WHOLE_IN_CHANNELS = (
    "Only whole groups can be posted in a channel. Ask again without the exclusions."
)


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """The rules, with the setting for rankings with names."""

    named_ranking: NamedRanking

    def may_post(self, report: AnyReport) -> bool:
        """Whether a scheduled message can show this report in a channel."""
        return report.is_posted and self._may_show_ranks(report)

    def may_subscribe(
        self,
        report: AnyReport,
        query: ResolvedQuery,
        figures: Figures,
        people: Collection[str],
    ) -> bool:
        """Whether a question about these people can be posted in a channel on a schedule."""
        seen = self._seen(report, query, figures, people, own=False)
        return not names_few(query) and seen is not None

    def why_not_shared(
        self,
        report: AnyReport,
        query: ResolvedQuery,
        figures: Figures,
        asker: Asker,
        people: Collection[str],
    ) -> str:
        """Why the asker can't share an answer about these people; "" if they can."""
        own = is_own(query, asker)
        if query.absent:
            return WHOLE_IN_CHANNELS
        seen = self._seen(report, query, figures, people, own=own)
        if own or not self.may_post(report):
            return NOT_IN_CHANNELS if seen is None else ""
        is_of_few = seen is None or names_few(query) or report.is_nothing(seen)
        return TOO_FEW if is_of_few else ""

    def in_channel(
        self,
        report: AnyReport,
        query: ResolvedQuery,
        figures: Figures,
        people: Collection[str],
        *,
        own: bool = False,
    ) -> Figures:
        """The figures about these people that a channel sees; `own` if their asker shares their own
        practice. Raises NotAllowed if it sees none."""
        seen = self._seen(report, query, figures, people, own=own)
        if seen is None:
            raise NotAllowed(NOT_IN_CHANNELS)
        return seen

    def _seen(
        self,
        report: AnyReport,
        query: ResolvedQuery,
        figures: Figures,
        people: Collection[str],
        *,
        own: bool,
    ) -> Figures | None:
        is_of_few = len(people) < ENOUGH_PEOPLE and not own
        if is_of_few or query.absent or not self._may_show_ranks(report):
            return None
        seen: Figures | None = report.in_channel(figures, own=own)
        return seen

    def _may_show_ranks(self, report: AnyReport) -> bool:
        return not report.ranks or self.named_ranking == "channel"


def names_few(query: ResolvedQuery) -> bool:
    """Whether a question names too few people for a channel."""
    return query.people is not None and len(query.people) < ENOUGH_PEOPLE


def understood_in_channel(query: ResolvedQuery, now: datetime, *, own: bool) -> tuple[str, ...]:
    """The parts of the line that shows how a question was read, as a channel sees them."""
    query = replace(query, page=1)
    parts = understood(query, now=now)
    if query.people and not own:  # counted, not named
        parts = (f"{len(query.people)} people", *parts[1:])
    # A post stays in the channel, where "last month" soon means another month.
    dates = exact_period(query, now)
    if query.period is not None and not query.period.closed and dates not in parts:
        parts = (*parts, dates)
    return parts
