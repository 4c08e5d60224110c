"""How a company goes on when its time is moved ahead. Same seed, same days, same life.

Each day is made up on its own, so that it does not matter in how many steps the time passes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.world_life import HABITS, HOURS, Habit, attempt, favourites_of, keenness
from bot.sandbox.world_setting import Setting
from bot.sandbox.world_things import Person, Session, stable_id

# A trend goes on as it did over that time, and ends somewhere.
TREND_DAYS = 90
LONGEST_TREND = 1.3
WORKDAYS = 5


def later_sessions(
    setting: Setting, built: datetime, since: datetime, until: datetime
) -> Iterator[Session]:
    """What people practise after `since` and up to `until`; `built` is when the world was."""
    for person in setting.people.values():
        habit = HABITS[setting.habits[person.id]]
        if habit.last < 1:
            continue  # they stopped long ago
        zone = ZoneInfo(person.zone)
        day, last = since.astimezone(zone).date(), until.astimezone(zone).date()
        while day <= last:
            if day.weekday() < WORKDAYS:
                expected = habit.base + habit.trend * _along(built, day)
                for session in _day(setting, person, habit, day, zone, expected):
                    if since < session.created_at <= until:
                        yield session
            day += timedelta(days=1)


def score_late(setting: Setting, built: datetime, session: Session) -> float:
    """The score of a session that waited for it."""
    habit = HABITS[setting.habits[session.user_id]]
    rng = random.Random(f"{setting.seed}:{session.id}")  # noqa: S311 (no secret is made here)
    expected = habit.base + habit.trend * _along(built, session.created_at.date())
    expected += setting.eases[session.scenario_id]
    return round(min(100.0, max(0.0, rng.gauss(expected, 5))), 1)


def _day(
    setting: Setting, person: Person, habit: Habit, day: date, zone: ZoneInfo, expected: float
) -> Iterator[Session]:
    rng = random.Random(f"{setting.seed}:{person.email}:{day}")  # noqa: S311
    theirs = random.Random(f"{setting.seed}:{person.email}")  # noqa: S311
    favourites = favourites_of(setting, person, theirs)
    usual = habit.per_week * keenness(person) / WORKDAYS
    for number in range(int(usual) + (rng.random() < usual % 1)):
        clock = time(rng.choice(HOURS), rng.randrange(60), rng.randrange(60))
        scenario_id = rng.choice(favourites)
        yield attempt(
            rng,
            stable_id(setting.seed, "session", f"{person.email}:{day}:{number}"),
            person.id,
            scenario_id,
            expected + setting.eases[scenario_id],
            datetime.combine(day, clock, zone).astimezone(UTC),
        )


def _along(built: datetime, day: date) -> float:
    """How far a trend has come: 1 when the world was built."""
    return min(LONGEST_TREND, 1 + (day - built.date()).days / TREND_DAYS)
