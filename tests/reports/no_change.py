"""A world in which nobody changes, and what the reports say of it all the same.

Every score is drawn from one distribution for each scenario and person, which stays as it is
from week to week: whoever is said to have slipped here has not, and a gain is luck.

    python -m tests.reports.no_change --weeks 200
"""

from __future__ import annotations

import argparse
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from bot.exec_api.models import Scenario, Session, User
from bot.language.query import Member
from bot.reports.coach import CoachReport, coach_report
from bot.reports.conversations import MOST, Reason
from bot.reports.digest import GroupDigest, group_digest
from bot.reports.findings import Gain
from bot.reports.intervals import Interval, Window, preceding

SD = 12.0
PEOPLE, SCENARIOS, MOST_ATTEMPTS = 30, 6, 6
# What is held when a report is made, and what is normal for a person.
HELD, NORM = timedelta(weeks=8), timedelta(weeks=4)
ENOUGH = 3
_WEEK = timedelta(weeks=1)
_START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday


@dataclass
class Rates:
    """What was counted, over all weeks in which eight weeks were held.

    `eligible` are person-weeks with at least three graded attempts, and as many in the four
    weeks before, on scenarios of both; `both` are those who slipped and improved at once.
    `all_slips` are messages of a coach whose five conversations are all about a slip. Of the
    people `named` among the most improved of a digest `again` were named in the seven before,
    too. Of the `gains` that coaches are told `retold` cover points that the seven messages before
    told, too.
    """

    eligible: int = 0
    slipped: int = 0
    both: int = 0
    messages: int = 0
    all_slips: int = 0
    gains: int = 0
    retold: int = 0
    named: int = 0
    again: int = 0
    _told: deque[dict[tuple[str, str], float]] = field(default_factory=lambda: deque(maxlen=7))
    _names: deque[set[str]] = field(default_factory=lambda: deque(maxlen=7))

    def take_coach(self, report: CoachReport) -> None:
        slipped = {slip.person.id for slip in report.slipped}
        self.slipped += len(slipped)
        self.both += len(slipped & {gain.person.id for gain in report.improved})
        self.messages += 1
        reasons = [talk.reason for talk in report.conversations]
        self.all_slips += reasons == [Reason.SLIPPED] * MOST
        self._take_gains(report.improved)

    def take_digest(self, report: GroupDigest) -> None:
        names = {each.person_id for each in report.improved}
        self.named += len(names)
        self.again += len(names & set().union(*self._names))
        self._names.append(names)

    def _take_gains(self, gains: Sequence[Gain]) -> None:
        for gain in gains:
            on = (gain.person.id, gain.scenario)
            self.gains += 1
            self.retold += any(gain.was < told.get(on, 0) for told in self._told)
        self._told.append({(gain.person.id, gain.scenario): gain.best for gain in gains})


def world(seed: int, weeks: int, sd: float = SD) -> tuple[list[Member], list[Session]]:
    """The people, and their sessions of so many weeks, oldest first."""
    random = Random(seed)
    people = [Member(f"p{n}", f"p{n}@acme.com", f"Person {n}") for n in range(PEOPLE)]
    skills = [random.uniform(-6, 6) for _ in people]
    means = [random.uniform(55, 80) for _ in range(SCENARIOS)]
    rows = []
    for week in range(weeks):
        for person, skill in zip(people, skills, strict=True):
            for nth in range(random.randint(1, MOST_ATTEMPTS)):
                place = random.randrange(SCENARIOS)
                score = min(max(round(random.gauss(means[place] + skill, sd), 1), 0.0), 100.0)
                at = _START + week * _WEEK + timedelta(minutes=random.randrange(7 * 24 * 60))
                rows.append(_session(f"{person.id}.{week}.{nth}", person, place, score, at))
    return people, sorted(rows, key=_created)


def _session(id_: str, person: Member, place: int, score: float, at: datetime) -> Session:
    return Session(
        id=id_,
        user=User(id=person.id),
        scenario=Scenario(id=f"c{place}", name=f"Scenario {place}"),
        score=score,
        is_valid_attempt=True,
        created_at=at,
    )


def measure(seed: int, weeks: int, sd: float = SD) -> Rates:
    """The rates of `weeks` reports, each over a week of its own."""
    rates = Rates()
    people, rows = world(seed, weeks + 8, sd)
    for week in range(8, weeks + 8):
        start = _START + week * _WEEK
        interval = Interval(start, start + _WEEK)
        window = Window(interval, preceding(interval, "UTC"), "UTC", interval.end)
        since = start - HELD + _WEEK
        held = _within(rows, since, interval.end)
        rates.eligible += _eligible(held, interval.start)
        rates.take_coach(coach_report(people, held, (), window, since=since))
        rates.take_digest(group_digest(people, held, None, window, known_since=since))
    return rates


def _eligible(held: Sequence[Session], start: datetime) -> int:
    now = _scenarios(_within(held, start, start + _WEEK))
    before = _scenarios(_within(held, start - NORM, start))
    return sum(_enough(new, before[person]) for person, new in now.items())


def _enough(now: Counter[str], before: Counter[str]) -> bool:
    both = now.keys() & before.keys()
    return min(sum(counts[id_] for id_ in both) for counts in (now, before)) >= ENOUGH


def _scenarios(rows: Sequence[Session]) -> dict[str, Counter[str]]:
    """How often each person tried each scenario."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        found[row.user.id][row.scenario.id] += 1
    return found


def _within(rows: Sequence[Session], start: datetime, end: datetime) -> Sequence[Session]:
    first = bisect_left(rows, start, key=_created)
    return rows[first : bisect_left(rows, end, key=_created)]


def _created(row: Session) -> datetime:
    return row.created_at


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({part / whole:.1%})" if whole else "none"


def main() -> None:
    """Print the rates of one world."""
    parser = argparse.ArgumentParser(description="what is said of people who do not change")
    parser.add_argument("--weeks", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sd", type=float, default=SD, help="of the scores, in points")
    wanted = parser.parse_args()
    rates = measure(wanted.seed, wanted.weeks, wanted.sd)
    for words, part, whole in (
        ("slipped, of eligible person-weeks", rates.slipped, rates.eligible),
        ("slipped and improved at once, of those", rates.both, rates.slipped),
        ("all five conversations slips, of messages", rates.all_slips, rates.messages),
        ("gains told in the 7 before, of gains", rates.retold, rates.gains),
        ("most improved named in the 7 before, of names", rates.again, rates.named),
    ):
        print(f"{words:<48}{_share(part, whole)}")


if __name__ == "__main__":
    main()
