"""The sessions that match a question, and what they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.exec_api.models import Session
from bot.language.query import Member
from bot.language.text import quoted
from bot.reports.facts import Facts, Listing
from bot.reports.figures import Figures, known, name_of
from bot.reports.highlights import ENOUGH_PEOPLE
from bot.reports.metrics import Measure, measure
from bot.reports.report import WHO, Column, Report, Table
from bot.reports.rows import disambiguated_names


@dataclass(frozen=True, slots=True)
class SessionList:
    """What a question about sessions found.

    `rows` are some of them in the order asked for, after the first `offset`; of no more than
    `limit` if that was asked for. `sums` run over all `total` of them. `hidden`: the results of so
    few people are not told here. `namesakes` are the people in all of them who have the name of
    somebody in the rows.
    """

    rows: tuple[Session, ...]
    total: int
    limit: int | None
    sums: Figures
    hidden: bool = False
    offset: int = 0
    namesakes: tuple[Member, ...] = ()

    @property
    def measures(self) -> Sequence[Measure]:
        """What all of them add up to, figure by figure."""
        return measure(self.sums)

    @property
    def called(self) -> dict[str, str]:
        """The names of those whose rows these are, by their ids, told apart from namesakes'."""
        people = {each.id: each for each in self.namesakes}
        for row in self.rows:
            people[row.user.id] = Member(row.user.id, row.user.email, row.user.name)
        return disambiguated_names(people.values())


def opening(session: Session) -> str:
    """The command that tells more of a session."""
    return f"session session:{quoted(session.id)}"


async def _figures(facts: Facts) -> SessionList:
    return session_list(await facts.listing(), facts.query.limit)


def session_list(found: Listing, limit: int | None) -> SessionList:
    """What a question found, of no more than `limit` rows where that was asked for."""
    return SessionList(
        found.rows,
        found.total,
        limit,
        found.sums,
        offset=found.offset,
        namesakes=found.namesakes,
    )


def _table(found: SessionList) -> Table:
    names, count = found.called, found.total
    if found.limit is not None:
        count = min(count, found.limit)
    offset = min(found.offset, count)
    return Table(
        (
            Column("When", "moment"),
            WHO,
            Column("Score", "score"),
            Column("Scenario", "name"),
            Column("Rank", "text"),
            Column("Length", "duration"),
        ),
        tuple(
            [
                (
                    row.created_at,
                    names[row.user.id],
                    known(row.score),
                    name_of(row.scenario),
                    _rank(row),
                    known(row.duration_seconds),
                )
                for row in found.rows
            ]
        ),
        opens=lambda row: opening(found.rows[row - found.offset]),
        more=count - offset - len(found.rows),
        offset=offset,
    )


def _rank(row: Session) -> str | None:
    """The rank of an attempt with what is said of an incomplete one; None where neither is."""
    rank = (row.rank or "").strip().capitalize()
    if row.is_valid_attempt:
        return rank or None
    return f"{rank} (incomplete)" if rank else "Incomplete"


def _public(found: SessionList) -> SessionList:
    """Counts, and averages of three people or more: no row and nobody's best."""
    sums = replace(found.sums, best=None)
    hidden = sums.graded < ENOUGH_PEOPLE
    if hidden:
        sums = replace(sums, average=None, ranks={})
    return replace(found, rows=(), sums=sums, hidden=hidden)


REPORT: Report[SessionList] = Report(
    name="sessions",
    also=(),
    forms=("sessions [who] [where] [what] [when] [how]",),
    help="Sessions that match, newest first, and what they add up to.",
    example="sessions me last 7d gold",
    period="",
    kind=SessionList,
    figures=_figures,
    limits=True,
    found_nothing=lambda found: not found.total,
    table=_table,
    public=_public,
    named=lambda found: {row.user.id for row in found.rows},
)
