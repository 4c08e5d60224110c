"""What a channel may see of an answer: of the asker's own all; of others counts and averages, and
whom a report praises. Pure: who may ask in the first place is judged elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.access import Asker
from bot.errors import NotAllowed
from bot.language.filters import exact_period, understood
from bot.language.query import ResolvedQuery
from bot.reports._report import ENOUGH_PEOPLE, AnyReport, Figures
from bot.settings import NamedRanking

NOT_IN_CHANNELS = "This report is for your eyes only: it can't be posted in a channel."
OWN_ONLY = "Only your own session can be shared in a channel."
TOO_FEW = (
    "Too few people have a part in this. A channel hears counts and averages of three people or "
    "more, and a ranking of more than five; only your own results can you share by themselves."
)
# Somebody could subtract the two, and so learn about those who were left out.
WHOLE_IN_CHANNELS = "A channel hears of whole groups only: ask without leaving anybody out."


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """Says what of an answer a channel may see, where rankings with names may stand as
    `named_ranking` says."""

    named_ranking: NamedRanking

    def may_post(self, report: AnyReport) -> bool:
        """Whether a channel may see anything of this report by the clock."""
        return report.public is not None and self._may_rank_there(report)

    def may_subscribe(self, report: AnyReport, query: ResolvedQuery, found: Figures) -> bool:
        """Whether the answer to this question may be posted by the clock."""
        if not self.may_post(report) or query.absent or _names_few(query):
            return False
        return report.in_channel(found, own=False) is not None

    def why_not_shared(
        self, report: AnyReport, query: ResolvedQuery, found: Figures, people: int, asker: Asker
    ) -> str:
        """Why somebody may not share an answer in which so many people have a part; "" if they
        may."""
        own = is_own(query, asker)
        if query.absent:
            return WHOLE_IN_CHANNELS
        if not own and report.public is None and report.shared is not None:
            return OWN_ONLY
        if not self._may_rank_there(report) or (not own and report.public is None):
            return NOT_IN_CHANNELS
        seen = report.in_channel(found, own=own)
        if own:
            return NOT_IN_CHANNELS if seen is None else ""
        is_told = seen is not None and not report.is_nothing(seen)
        return "" if is_told and not _is_of_few(report, query, people) else TOO_FEW

    def figures_in_channel(
        self, report: AnyReport, query: ResolvedQuery, found: Figures, *, own: bool
    ) -> Figures:
        """The figures of an answer as they stand in a channel. Raises NotAllowed."""
        is_whole = self._may_rank_there(report) and not query.absent
        seen: Figures | None = report.in_channel(found, own=own) if is_whole else None
        if seen is None:
            raise NotAllowed(NOT_IN_CHANNELS)
        return seen

    def understood_in_channel(
        self, query: ResolvedQuery, as_of: datetime, *, own: bool
    ) -> tuple[str, ...]:
        """How a question reads in a channel, without anybody's address: of others nobody is named
        who was asked about."""
        query = replace(query, page=1)
        told = understood(query, now=as_of)
        if query.people and not own:
            told = (f"{len(query.people)} people", *told[1:])
        # It stands there for long: "last month" is another one soon.
        dates = exact_period(query, as_of)
        if query.period is not None and not query.period.closed and dates not in told:
            told = (*told, dates)
        return told

    def _may_rank_there(self, report: AnyReport) -> bool:
        return not report.ranks or self.named_ranking == "channel"


def is_own(query: ResolvedQuery, asker: Asker) -> bool:
    """Whether a question is about its asker alone."""
    ids = [person.id for person in query.people or ()]
    return asker.member is not None and ids == [asker.member.id]


def _names_few(query: ResolvedQuery) -> bool:
    """Whether a question names so few people that a channel hears nothing of them."""
    return query.people is not None and len(query.people) < ENOUGH_PEOPLE


def _is_of_few(report: AnyReport, query: ResolvedQuery, people: int) -> bool:
    """Whether so few people have a part in an answer; of skills each row says that for itself."""
    if report.by_exec or _names_few(query):
        return _names_few(query)
    return people < ENOUGH_PEOPLE
