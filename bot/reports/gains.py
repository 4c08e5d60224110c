"""How far people came on a scenario, and how many weeks in a row they practiced.

Lift is Exec's own: best score less first score of the same person on the same scenario, and only
with two or more graded attempts. It grows with the attempts and never falls, so *first* and *last*
stand beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.exec_api.models import Session
from bot.language.days import zone_of
from bot.language.query import Member
from bot.reports.change import difference
from bot.reports.facts import Practice
from bot.reports.figures import mean
from bot.reports.findings import Best
from bot.reports.intervals import WEEK, Interval, monday_of
from bot.reports.rows import (
    by_id,
    by_name,
    disambiguated_names,
    graded,
    history,
    onwards,
    scenario_names,
)

LEAST_ATTEMPTS = 2  # with one attempt the first is the best, and nothing was learnt yet
# What beats one attempt is no record yet.
ENOUGH_BEFORE = 2
MOST_BESTS = 3

# The scores of a person on a scenario, by the ids of both.
_Scores = dict[tuple[str, str], list[float]]


@dataclass(frozen=True, slots=True)
class Progress:
    """A person on a scenario. Scores run 0 to 100; `graded` counts attempts that have one.

    `person` and `scenario_id` are Exec's ids, `scenario` is its name ("" where it has none).
    """

    person: str
    scenario_id: str
    scenario: str
    graded: int
    first: float
    last: float
    best: float

    @property
    def lift(self) -> float | None:
        """Best less first; None under two graded attempts."""
        return difference(self.best, self.first) if self.graded >= LEAST_ATTEMPTS else None

    @property
    def last_vs_best(self) -> float | None:
        """Last less best, never above 0; None under two graded attempts."""
        return difference(self.last, self.best) if self.graded >= LEAST_ATTEMPTS else None


@dataclass(frozen=True, slots=True)
class Lifts:
    """Means over those of some progress, of so many `people`, that have a lift; None without."""

    first: float | None = None
    last: float | None = None
    lift: float | None = None
    last_vs_best: float | None = None
    people: int = 0


def lifts(found: Iterable[Progress]) -> Lifts:
    """The lift of several, and what stands beside it."""
    lifted = [each for each in found if each.graded >= LEAST_ATTEMPTS]
    return Lifts(
        mean([each.first for each in lifted]),
        mean([each.last for each in lifted]),
        mean([difference(each.best, each.first) for each in lifted]),
        mean([difference(each.last, each.best) for each in lifted]),
        len({each.person for each in lifted}),
    )


def progress(ordered: Sequence[Session]) -> list[Progress]:
    """Everyone's progress on every scenario with a graded attempt, by person id and scenario id.

    `ordered` is `rows.history`. Sessions that name no person or no scenario have no part in it.
    """
    return _told(ordered, _scores(ordered))


def practiced(ordered: Sequence[Session], interval: Interval) -> list[Progress]:
    """The same, but of people only on the scenarios at which they have a graded attempt in the
    interval, up to whose end `ordered` goes."""
    before, now = _parted(ordered, interval)
    return _told(ordered, {key: before.get(key, []) + scores for key, scores in now.items()})


def _told(ordered: Sequence[Session], found: _Scores) -> list[Progress]:
    names = scenario_names(ordered)
    return [
        Progress(
            person=person,
            scenario_id=scenario,
            scenario=names[scenario],
            graded=len(scores),
            first=scores[0],
            last=scores[-1],
            best=max(scores),
        )
        for (person, scenario), scores in sorted(found.items())
    ]


def bests(
    practice: Practice, members: Iterable[Member], unnamed: Collection[str] = ()
) -> tuple[Best, ...]:
    """The new personal bests on record of these people in the period, one a person, the largest
    gain first; none of who is `unnamed`. Equal gains go by the person's name and id; of one
    person's, by the scenario's name and id."""
    people = by_id(members)
    called = disambiguated_names(people.values())
    ordered = history(practice.all_rows, practice.interval.end)
    names = scenario_names(ordered)
    before, now = _parted(ordered, practice.interval)
    found = []
    for (person, scenario), scores in now.items():
        earlier = before.get((person, scenario), [])
        is_told = person in people and person not in unnamed
        if is_told and len(earlier) >= ENOUGH_BEFORE and max(scores) > max(earlier):
            who = called[person]
            best = Best(people[person], names[scenario], max(scores), max(earlier), who)
            found.append((best, (person, scenario)))
    found.sort(key=lambda each: (-each[0].gain, by_name(each[0].person), each[0].scenario, each[1]))
    greatest: dict[str, Best] = {}
    for best, _ in found:
        greatest.setdefault(best.person.id, best)
    return tuple(greatest.values())


def _parted(ordered: Sequence[Session], interval: Interval) -> tuple[_Scores, _Scores]:
    """The scores before the interval, and those in it."""
    now = onwards(ordered, interval.start)
    return _scores(ordered[: len(ordered) - len(now)]), _scores(now)


def _scores(ordered: Iterable[Session]) -> _Scores:
    """The scores of graded attempts, in the order given."""
    found: _Scores = {}
    for score, row in graded(ordered):
        found.setdefault((row.user.id, row.scenario.id), []).append(score)
    return {key: scores for key, scores in found.items() if all(key)}


def weeks_in_a_row(moments: Iterable[datetime], now: datetime, zone: str) -> int:
    """How many weeks in a row, up to now, have at least one of `moments`.

    Weeks run from Monday in the person's zone. The current week counts if it has one, and does
    not break the row if it has none yet.
    """
    return len(_row(moments, now, zone))


def may_be_longer(
    moments: Iterable[datetime], now: datetime, zone: str, since: datetime | None
) -> bool:
    """Whether that row may have begun earlier: not all is known of the week before its first.

    Everything is known from `since` on, the start of a local day; None where all is.
    """
    row = _row(moments, now, zone)
    if since is None or not row:
        return False
    return row[-1] - WEEK < since.astimezone(zone_of(zone)).date()


def _row(moments: Iterable[datetime], now: datetime, zone: str) -> list[date]:
    """The Mondays of the weeks in a row, the last week first."""
    weeks = {monday_of(moment, zone) for moment in moments}
    week = monday_of(now, zone)
    if week not in weeks:
        week -= WEEK
    row = []
    while week in weeks:
        row.append(week)
        week -= WEEK
    return row
