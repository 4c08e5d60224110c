"""The most and least practiced scenarios, and those with the highest and lowest averages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.reports._figures import Tally, add, scenario_names, tally_by
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import ENOUGH_PEOPLE
from bot.storage.tables import session

# With fewer sessions, the most practiced scenario leads by one or two, which means nothing.
ENOUGH_SESSIONS = 10
# With fewer attempts, a single odd one changes the average noticeably.
ENOUGH_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Practiced:
    """A scenario with its sessions and the average of the graded ones."""

    id: str
    name: str
    sessions: int
    graded: int
    average: Decimal | None


@dataclass(frozen=True, slots=True)
class Highlights:
    """The scenarios that stand out; None if there is too little data.

    `most` and `least` are by sessions, among `practiced` scenarios. `strongest` and `weakest` are
    by average, among the `averaged` scenarios with enough graded sessions by enough people.
    """

    most: Practiced | None = None
    least: Practiced | None = None
    strongest: Practiced | None = None
    weakest: Practiced | None = None
    practiced: int = 0
    averaged: int = 0


async def highlights(q: PreparedQuestion) -> Highlights:
    """The highlights of a question."""
    tallies = await tally_by(q.db, q.filters(), session.c.scenario_id)
    return highlights_of(tallies, await scenario_names(q.db, tallies))


def highlights_of(tallies: Mapping[str, Tally], names: Mapping[str, str]) -> Highlights:
    """The highlights of scenarios by id. Ties go by name, then by id.

    Equal scenarios don't stand out, and neither do those on the wrong side of the overall average:
    scenarios with few attempts can all be above the highest average among the others.
    """
    found = [
        Practiced(id_, names.get(id_, ""), each.sessions, each.graded, each.average)
        for id_, each in tallies.items()
    ]
    found.sort(key=lambda each: (each.name.casefold(), each.name, each.id))
    averaged = [
        each
        for each in found
        if each.graded >= ENOUGH_ATTEMPTS and tallies[each.id].graded_people >= ENOUGH_PEOPLE
    ]
    most = least = None
    if sum(each.sessions for each in found) >= ENOUGH_SESSIONS:
        most, least = _ends(found, lambda each: Decimal(each.sessions))
    strongest, weakest = _ends(averaged, _average)
    middle = add(tallies.values()).average or Decimal()
    return Highlights(
        most=most,
        least=least,
        strongest=strongest if strongest and _average(strongest) >= middle else None,
        weakest=weakest if weakest and _average(weakest) <= middle else None,
        practiced=len(found),
        averaged=len(averaged),
    )


def _average(one: Practiced) -> Decimal:
    return one.average or Decimal()


def _ends(
    found: Sequence[Practiced], by: Callable[[Practiced], Decimal]
) -> tuple[Practiced | None, Practiced | None]:
    """The first highest and the first lowest; None if they are equal."""
    high, low = max(found, key=by, default=None), min(found, key=by, default=None)
    if high is None or low is None or by(high) == by(low):
        return None, None
    return high, low
