"""A world in which nobody changes, or some do, and what the reports say of it.

Every score is drawn from one distribution for each scenario and person. Whoever is said to improve
or slip in a world without change does not; where everybody gains or drops ten points at once, what
is said is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

from bot.exec_api.models import Scenario, Session, User
from bot.language.alert_words import AlertKind, Rule
from bot.language.query import Member, ResolvedQuery
from bot.reports.alerts import evaluate, news
from bot.reports.course import courses
from bot.reports.facts import Practice
from bot.reports.given import GivenFacts, at_once
from bot.reports.intervals import EVER, Interval, Window
from bot.reports.rows import by_id, by_person, within

SD, PEOPLE, SCENARIOS, WEEKS, BEFORE = 12.0, 30, 6, 12, 8
WORLDS = 3
BELOW = 70.0
_WEEK, _DAY = timedelta(weeks=1), timedelta(days=1)
_START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
_PEOPLE = [Member(f"p{n}", f"p{n}@acme.com", f"Person {n:02}") for n in range(PEOPLE)]


@dataclass
class Rates:
    """Of `looks`, one a week at each person, how many said that they improve or slip."""

    looks: int = 0
    improving: int = 0
    slipping: int = 0
    both: int = 0

    def share(self, said: int) -> float:
        return said / self.looks


def world(seed: int, per_week: int, sd: float = SD, change: float = 0) -> list[Session]:
    """The sessions of everybody, oldest first. After eight weeks everybody changes so much."""
    random = Random(seed)
    means = [random.uniform(55, 75) for _ in range(SCENARIOS)]
    rows = []
    for person in _PEOPLE:
        skill = random.uniform(-6, 6)
        for week in range(BEFORE + WEEKS):
            for nth in range(per_week):
                place = random.randrange(SCENARIOS)
                mean = means[place] + skill + (change if week >= BEFORE else 0)
                at = _START + week * _WEEK + timedelta(minutes=random.randrange(7 * 24 * 60))
                score = round(random.gauss(mean, sd), 1)
                rows.append(_session(f"{person.id}.{week}.{nth}", person.id, place, score, at))
    return sorted(rows, key=lambda row: row.created_at)


def _session(id_: str, person: str, place: int, score: float, at: datetime) -> Session:
    return Session(
        id=id_,
        user=User(id=person),
        scenario=Scenario(id=f"c{place}", name=f"Scenario {place}"),
        score=score,
        is_valid_attempt=True,
        created_at=at,
    )


def measure(seed: int, per_week: int, sd: float = SD, change: float = 0) -> Rates:
    """What is said of everybody at the end of each week; after a change, of the weeks in which it
    divides the eight that are compared."""
    rates, people = Rates(), by_id(_PEOPLE)
    for each in range(seed, seed + WORLDS):
        held = by_person(world(each, per_week, sd, change))
        _look(rates, held, people, change)
    return rates


def _look(
    rates: Rates, held: Mapping[str, Sequence[Session]], people: Mapping[str, Member], change: float
) -> None:
    for week in range(BEFORE + 1, BEFORE + (BEFORE if change else WEEKS + 1)):
        found = courses(held, people, _START + week * _WEEK, "UTC", _START)
        up = {each.person.id for each in found if each.by > 0}
        down = {each.person.id for each in found if each.by < 0}
        rates.looks += PEOPLE
        rates.improving += len(up)
        rates.slipping += len(down)
        rates.both += len(up & down)


def alerted(seed: int, per_week: int, above: float) -> list[int]:
    """How often an alert below a score tells of each of so many people in twelve weeks, whose true
    mean is so many points above it all the time."""
    random = Random(seed)
    told: list[int] = []
    for person in _PEOPLE:
        gap = 7 / per_week * _DAY
        rows = [
            _session(f"{at}", person.id, 0, random.gauss(BELOW + above, SD), _START + at * gap)
            for at in range((BEFORE + WEEKS) * per_week)
        ]
        told.append(_told(person, rows))
    return told


def _told(person: Member, rows: Sequence[Session]) -> int:
    rule = Rule(AlertKind.BELOW, BELOW)
    facts = partial(GivenFacts, members=(person,), query=ResolvedQuery((person,)))
    known: frozenset[str] = frozenset()
    count = 0
    for at, row in enumerate(rows):
        if row.created_at < _START + BEFORE * _WEEK:
            continue
        now = row.created_at + timedelta(minutes=1)
        window = Window(Interval(EVER, now), Interval(EVER - _DAY, EVER), "UTC", now)
        since = now - 40 * _DAY
        practice = Practice(window, tuple(within(rows[: at + 1], Interval(since, now))))
        seen = at_once(evaluate(rule, facts(practice)))
        fresh = news(rule, seen, known, _START)
        count += len(fresh)
        known = (known - seen.cleared) | {each.key for each in fresh}
    return count
