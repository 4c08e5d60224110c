"""How far people came on a scenario, and how many weeks in a row they practised.

Lift is Exec's own: best score less first score of the same person on the same scenario, and only
with two or more graded attempts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.exec_api.models import Session
from bot.query.query import Member
from bot.reports.change import difference
from bot.reports.intervals import Interval, monday_of, zone_of
from bot.reports.rows import by_name, graded, scenario_names

WEEK = timedelta(days=7)
LEAST_ATTEMPTS = 2  # with one attempt the first is the best, and nothing was learnt yet


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
    best: float

    @property
    def lift(self) -> float | None:
        """Best less first; None under two graded attempts."""
        return difference(self.best, self.first) if self.graded >= LEAST_ATTEMPTS else None


def progress(ordered: Sequence[Session], interval: Interval | None = None) -> list[Progress]:
    """Everyone's progress on every scenario with a graded attempt, by person id and scenario id.

    `ordered` is `rows.history`. With an interval: those with a graded attempt in it, and `best`
    is the best of these; `first` and `graded` still run over all rows. Sessions that name no
    person or no scenario have no part in it.
    """
    names = scenario_names(ordered)
    pairs: dict[tuple[str, str], list[tuple[float, Session]]] = {}
    for score, row in graded(ordered):
        if row.user.id and row.scenario.id:
            pairs.setdefault((row.user.id, row.scenario.id), []).append((score, row))
    found = []
    for (person, scenario), attempts in sorted(pairs.items()):
        scores = [
            score for score, row in attempts if interval is None or row.created_at in interval
        ]
        if scores:
            found.append(
                Progress(
                    person=person,
                    scenario_id=scenario,
                    scenario=names[scenario],
                    graded=len(attempts),
                    first=attempts[0][0],
                    best=max(scores),
                )
            )
    return found


def most_improved(
    found: Iterable[Progress], people: Mapping[str, Member]
) -> list[tuple[Member, Progress, float]]:
    """Who of `people` gained something, with their greatest gain: the greatest first.

    One entry per person. Equal gains go by the person's name and id; of one person's, by the
    scenario's name and id.
    """
    gains = [
        (people[each.person], each, gain)
        for each in found
        if each.person in people and (gain := each.lift) is not None and gain > 0
    ]
    gains.sort(
        key=lambda entry: (-entry[2], by_name(entry[0]), entry[1].scenario, entry[1].scenario_id)
    )
    greatest: dict[str, tuple[Member, Progress, float]] = {}
    for entry in gains:
        greatest.setdefault(entry[0].id, entry)
    return list(greatest.values())


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
