"""Decides what a channel can see of an answer: everything about the person who shares it, but only
counts, averages and praise of others. What the asker can see is decided in `access`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.access import Asker, is_own
from bot.errors import NotAllowed
from bot.language.filters import exact_period, understood
from bot.language.query import ResolvedQuery
from bot.reports._report import ENOUGH_PEOPLE, AnyReport, Figures
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
        return report.public is not None and self._may_show_ranks(report)

    def may_subscribe(self, report: AnyReport, query: ResolvedQuery, found: Figures) -> bool:
        """Whether this question can be posted in a channel on a schedule."""
        if not self.may_post(report) or query.absent or names_few(query):
            return False
        return report.in_channel(found, own=False) is not None

    def why_not_shared(
        self, report: AnyReport, query: ResolvedQuery, found: Figures, people: int, asker: Asker
    ) -> str:
        """Why the asker can't share an answer about so many `people`; "" if they can."""
        own = is_own(query, asker)
        if query.absent:
            return WHOLE_IN_CHANNELS
        seen = report.in_channel(found, own=own) if self._may_show_ranks(report) else None
        if own or report.public is None or not self._may_show_ranks(report):
            return NOT_IN_CHANNELS if seen is None else ""
        # The rows of skills are checked one by one.
        is_of_few = names_few(query) or (people < ENOUGH_PEOPLE and not report.by_exec)
        is_empty = seen is None or report.is_nothing(seen)
        return TOO_FEW if is_of_few or is_empty else ""

    def figures_in_channel(
        self, report: AnyReport, query: ResolvedQuery, found: Figures, *, own: bool
    ) -> Figures:
        """The figures of an answer as a channel sees them. Raises NotAllowed."""
        is_allowed = self._may_show_ranks(report) and not query.absent
        seen: Figures | None = report.in_channel(found, own=own) if is_allowed else None
        if seen is None:
            raise NotAllowed(NOT_IN_CHANNELS)
        return seen

    def understood_in_channel(
        self, query: ResolvedQuery, as_of: datetime, *, own: bool
    ) -> tuple[str, ...]:
        """The parts of a question as a channel reads them: other people are counted, not named."""
        query = replace(query, page=1)
        parts = understood(query, now=as_of)
        if query.people and not own:
            parts = (f"{len(query.people)} people", *parts[1:])
        # A post stays in the channel, where "last month" soon means another month.
        dates = exact_period(query, as_of)
        if query.period is not None and not query.period.closed and dates not in parts:
            parts = (*parts, dates)
        return parts

    def _may_show_ranks(self, report: AnyReport) -> bool:
        return not report.ranks or self.named_ranking == "channel"


def names_few(query: ResolvedQuery) -> bool:
    """Whether a question names too few people for a channel."""
    return query.people is not None and len(query.people) < ENOUGH_PEOPLE
