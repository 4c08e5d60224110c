"""Several sides over the scenarios that all of them practiced, each scenario weighed alike.

Who practiced the harder scenarios more has the lower average, however good they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.exec_api.models import Session
from bot.reports.change import difference
from bot.reports.figures import mean
from bot.reports.rows import average, by_scenario, graded, people_in

LABEL = "On the same scenarios"


@dataclass(frozen=True, slots=True)
class Same:
    """A side over the shared scenarios: the mean of its averages, over `attempts` of `people`; None
    where no scenario is shared. `over_all` is its average over all scenarios."""

    average: float | None = None
    attempts: int = 0
    people: int = 0
    over_all: float | None = None
    means: Mapping[str, float] = field(default_factory=dict)

    def is_better_but_lower(self, other: Same) -> bool:
        """Whether it is higher on each shared scenario, and lower over all."""
        if not self.means or self.over_all is None or other.over_all is None:
            return False
        apart = [difference(score, other.means[id_]) for id_, score in self.means.items()]
        return min(apart) > 0 > difference(self.over_all, other.over_all)


NOT_SHARED = Same()


def on_the_same(sides: Sequence[Sequence[Session]]) -> list[Same]:
    """Each of the sides, whose rows are given, over what all of them have graded attempts at."""
    of_sides = [by_scenario(row for _, row in graded(rows)) for rows in sides]
    shared = set(of_sides[0]).intersection(*of_sides) if of_sides else set()
    found = []
    for rows, own in zip(sides, of_sides, strict=True):
        attempts = {id_: graded(own[id_]) for id_ in sorted(shared)}
        means = {id_: average(each) or 0 for id_, each in attempts.items()}
        people = people_in(row for each in attempts.values() for _, row in each)
        count = sum(map(len, attempts.values()))
        found.append(Same(mean(means.values()), count, len(people), average(graded(rows)), means))
    return found
