"""Which scenarios were practiced most and least, and which went best and worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.exec_api.models import Session
from bot.reports.change import in_tenths
from bot.reports.rows import average, by_scenario, graded, people_in, scenario_names

# Under ten sessions the most practiced scenario leads by one or two, which says nothing.
ENOUGH_SESSIONS = 10
# One odd attempt moves an average of five by less than people would call a difference.
ENOUGH_ATTEMPTS = 5
# In an average over two people each could compute the other's score.
ENOUGH_PEOPLE = 3


@dataclass(frozen=True, slots=True)
class Practiced:
    """A scenario: its sessions, and the average over its `n` graded attempts (None without).

    `people` have a part in that average.
    """

    id: str
    name: str
    sessions: int
    people: int
    n: int
    average: float | None


@dataclass(frozen=True, slots=True)
class Scenarios:
    """What stands out; None where there is too little to say so.

    `most` and `least` go by sessions, of `practiced` scenarios; `strongest` and `weakest` by the
    average score, of the `averaged` ones that have enough attempts by enough people.
    """

    most: Practiced | None = None
    least: Practiced | None = None
    strongest: Practiced | None = None
    weakest: Practiced | None = None
    practiced: int = 0
    averaged: int = 0


def scenarios(ordered: Sequence[Session]) -> Scenarios:
    """What stands out in these rows, which are oldest first. Ties go by name, then by id.

    Nothing stands out among equals, nor where it would contradict the average of all rows: few
    attempts at many scenarios can lie above the highest average of those that have enough.
    """
    practiced = _practiced(ordered)
    averaged = [
        (in_tenths(each.average), each)
        for each in practiced
        if each.average is not None and each.n >= ENOUGH_ATTEMPTS and each.people >= ENOUGH_PEOPLE
    ]
    most = least = strongest = weakest = None
    if sum(each.sessions for each in practiced) >= ENOUGH_SESSIONS:
        most, least = _ends([(each.sessions, each) for each in practiced])
    middle = average(graded(ordered))
    if middle is not None:
        strongest, weakest = _ends(averaged, in_tenths(middle))
    return Scenarios(most, least, strongest, weakest, len(practiced), len(averaged))


def _practiced(ordered: Sequence[Session]) -> list[Practiced]:
    names = scenario_names(ordered)
    found = []
    for id_, own in by_scenario(ordered).items():
        attempts = graded(own)
        found.append(
            Practiced(
                id=id_,
                name=names[id_],
                sessions=len(own),
                people=len(people_in(row for _, row in attempts)),
                n=len(attempts),
                average=average(attempts),
            )
        )
    return sorted(found, key=lambda each: (each.name.casefold(), each.name, each.id))


def _ends(
    found: Sequence[tuple[float, Practiced]], middle: float | None = None
) -> tuple[Practiced | None, Practiced | None]:
    """The first of the highest and the first of the lowest; None unless one is above the other.

    Nor is it told where it is on the wrong side of `middle`.
    """
    high = max(found, key=lambda pair: pair[0], default=None)
    low = min(found, key=lambda pair: pair[0], default=None)
    if high is None or low is None or low[0] == high[0]:
        return None, None
    return (
        high[1] if middle is None or high[0] >= middle else None,
        low[1] if middle is None or low[0] <= middle else None,
    )
