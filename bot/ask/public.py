"""Decides what a channel can see of an answer: everything about the person who shares it, but only
counts, averages and praise of others. What the asker can see is decided in `access`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.errors import NotAllowed
from bot.language.filters import exact_period, understood
from bot.language.query import ResolvedQuery
from bot.people.access import Asker, is_own
from bot.reports._report import ENOUGH_PEOPLE, AnyReport, Figures
from bot.settings import NamedRanking

if TYPE_CHECKING:
    from bot.ask.answer import Answered

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

    def may_subscribe(self, found: Answered) -> bool:
        """Whether this question can be posted in a channel on a schedule."""
        return not names_few(found.query) and self._figures(found, own=False) is not None

    def why_not_shared(self, found: Answered, asker: Asker) -> str:
        """Why the asker can't share an answer; "" if they can."""
        report, own = found.report, is_own(found.query, asker)
        if found.query.absent:
            return WHOLE_IN_CHANNELS
        seen = self._figures(found, own=own)
        if own or not self.may_post(report):
            return NOT_IN_CHANNELS if seen is None else ""
        is_of_few = len(found.prepared.subject.people) < ENOUGH_PEOPLE or names_few(found.query)
        return TOO_FEW if is_of_few or seen is None or report.is_nothing(seen) else ""

    def in_channel(self, found: Answered, *, own: bool = False) -> Answered:
        """An answer as a channel sees it; `own` if its asker shares their own practice. Raises
        NotAllowed."""
        seen = self._figures(found, own=own)
        if seen is None:
            raise NotAllowed(NOT_IN_CHANNELS)
        query = replace(found.query, page=1)
        parts = understood(query, now=found.as_of)
        if query.people and not own:  # counted, not named
            parts = (f"{len(query.people)} people", *parts[1:])
        # A post stays in the channel, where "last month" soon means another month.
        dates = exact_period(query, found.as_of)
        if query.period is not None and not query.period.closed and dates not in parts:
            parts = (*parts, dates)
        return replace(found, figures=seen, understood=parts, id="")

    def _figures(self, found: Answered, *, own: bool) -> Figures | None:
        """The figures of an answer that a channel sees, None if it sees nothing."""
        if found.query.absent or not self._may_show_ranks(found.report):
            return None
        seen: Figures | None = found.report.in_channel(found.figures, own=own)
        return seen

    def _may_show_ranks(self, report: AnyReport) -> bool:
        return not report.ranks or self.named_ranking == "channel"


def names_few(query: ResolvedQuery) -> bool:
    """Whether a question names too few people for a channel."""
    return query.people is not None and len(query.people) < ENOUGH_PEOPLE
