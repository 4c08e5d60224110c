"""How the people of a company practise: who, when, how well. Same seed, same life."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.world_setting import Setting
from bot.sandbox.world_things import Person, Session, band, stable_id

EXAMPLE_ID = "abc123def456"
LATEST = timedelta(hours=1)
# Mid-morning and mid-afternoon are when people practise most.
HOURS = (8, 9, 9, 9, 10, 10, 10, 11, 11, 12, 13, 14, 14, 14, 15, 15, 15, 16, 16, 17)


@dataclass(frozen=True, slots=True)
class Habit:
    """`first` and `last` are fractions of the period in which somebody practises.

    `base` is the score to expect at first, `trend` what is added over that time.
    """

    per_week: float
    base: float
    trend: float = 0.0
    first: float = 0.0
    last: float = 1.0


HABITS = {
    "steady": Habit(2.0, 76),
    "strong": Habit(3.0, 89, 2),
    "improving": Habit(4.0, 64, 22),
    "slipping": Habit(3.0, 84, -18),
    "newcomer": Habit(5.0, 48, 20, first=0.74),
    "idle": Habit(2.0, 72, last=0.55),
    "removed": Habit(3.0, 70, last=0.72),
    "never": Habit(0.0, 0),
}


def build_sessions(
    setting: Setting, now: datetime, days: int, total: int | None = None
) -> list[Session]:
    """The sessions of the last `days` days; exactly `total` of them when that is given."""
    workdays = _workdays(now, days)
    pinned = _pinned(setting, now, workdays)
    people = list(setting.people.values())
    wanted = [_expected(setting, person, days) for person in people]
    counts = _share(wanted, sum(wanted) if total is None else total - len(pinned))
    sessions = list(pinned)
    for person, count in zip(people, counts, strict=True):
        sessions.extend(_practice(setting, person, count, workdays, now))
    return sessions


def _workdays(now: datetime, days: int) -> list[date]:
    span = (now.date() - timedelta(days=back) for back in range(days - 1, -1, -1))
    return [day for day in span if day.weekday() < 5]


def _expected(setting: Setting, person: Person, days: int) -> float:
    habit = HABITS[setting.habits[person.id]]
    return habit.per_week * (habit.last - habit.first) * days / 7 * keenness(person)


def keenness(person: Person) -> float:
    """People of the same habit differ: some practise twice as much as others."""
    return 0.65 + (int(person.id, 16) % 71) / 100


def _share(weights: list[float], total: float) -> list[int]:
    """Whole numbers in the proportion of the weights, with the rounded total as their sum."""
    scale = max(0.0, total) / sum(weights)
    counts, carried = [], 0.0
    for weight in weights:
        before, carried = round(carried), carried + weight * scale
        counts.append(round(carried) - before)
    return counts


def _practice(
    setting: Setting, person: Person, count: int, workdays: list[date], now: datetime
) -> Iterator[Session]:
    rng = random.Random(f"{setting.seed}:{person.email}")  # noqa: S311 (no secret is made here)
    habit = HABITS[setting.habits[person.id]]
    zone = ZoneInfo(person.zone)
    archived = [s.id for s in setting.scenarios.values() if s.archived]
    favourites = favourites_of(setting, person, rng)
    for number in range(count):
        along = (number + rng.random()) / count
        place = habit.first + (habit.last - habit.first) * along
        index = min(int(place * len(workdays)), len(workdays) - 1)
        old = place < 0.3 and rng.random() < 0.12
        scenario_id = rng.choice(archived if old else favourites)
        expected = habit.base + habit.trend * along + setting.eases[scenario_id]
        yield attempt(
            rng,
            stable_id(setting.seed, "session", f"{person.email}:{number}"),
            person.id,
            scenario_id,
            expected,
            _moment(rng, workdays, index, zone, now),
        )


def favourites_of(setting: Setting, person: Person, rng: random.Random) -> list[str]:
    """The scenarios that somebody practises. `rng` is theirs, and fresh."""
    current = [s.id for s in setting.scenarios.values() if not s.archived]
    own = current[person.number % len(current)]
    return [own, *rng.sample([other for other in current if other != own], 4)]


def _moment(
    rng: random.Random, workdays: list[date], index: int, zone: ZoneInfo, now: datetime
) -> datetime:
    """A second of the working day in the person's zone, an hour or more ago."""
    clock = time(rng.choice(HOURS), rng.randrange(60), rng.randrange(60))
    moment = datetime.combine(workdays[index], clock, zone)
    # East of here the day may be over already, west of here it may lie ahead.
    while now - moment < LATEST and index > 0:
        index -= 1
        moment = datetime.combine(workdays[index], clock, zone)
    return moment.astimezone(now.tzinfo)


def attempt(
    rng: random.Random,
    session_id: str,
    user_id: str,
    scenario_id: str,
    expected: float,
    at: datetime,
) -> Session:
    """One session; `expected` is the score that it is likely to get."""
    seconds = round(min(1500.0, max(75.0, rng.gauss(420, 140))))
    fate = rng.random()
    if fate < 0.04:
        left = rng.choice((None, rng.randrange(5, 75)))
        return Session(session_id, user_id, scenario_id, None, None, left, False, at)
    if fate < 0.05:  # completed, but the grading never came
        return Session(session_id, user_id, scenario_id, None, None, seconds, False, at)
    score = round(min(100.0, max(0.0, rng.gauss(expected, 5))), 1)
    # Exec's own example has 82.5 as gold: the rank must not follow from the score everywhere.
    nudge = rng.choice((-9.0, 9.0)) if rng.random() < 0.08 else 0.0
    return Session(session_id, user_id, scenario_id, score, band(score + nudge), seconds, True, at)


def _pinned(setting: Setting, now: datetime, workdays: list[date]) -> list[Session]:
    """The published example, and two sessions of these minutes that await their grades."""
    jane, bob, _, priya = list(setting.people)[:4]
    first, second = list(setting.scenarios)[:2]
    morning = datetime.combine(workdays[-3], time(17, 30), now.tzinfo)
    minute = timedelta(minutes=1)
    live = [stable_id(setting.seed, "session", f"live:{number}") for number in range(2)]
    return [
        Session(EXAMPLE_ID, jane, first, 82.5, "gold", 347, True, morning),
        Session(live[0], priya, second, None, None, 381, False, now - 12 * minute),
        Session(live[1], bob, first, None, None, None, False, now - 3 * minute),
    ]
