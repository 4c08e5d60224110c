"""A company that practices on in simulated time, and what its people ask."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.sandbox.world import HOURS, World
from bot.sandbox.world_things import Group, Sessions, stable_id
from tests.conftest import FakeClock

SEED = 7
HISTORY = timedelta(days=88)
# Sessions of a person in a week, and questions of a hundred people on a working day.
SESSIONS, QUESTIONS = 4, 8
GRADED = timedelta(minutes=5)
# How many of a hundred questions an admin asks, or somebody else, and in which words.
MIX: Sequence[tuple[int, bool, Sequence[str]]] = (
    (36, False, ("", "last 7d", "today", "this week best top 5", "gold")),
    (20, True, ("{person} last 7d", "{person}", "{person} this month silver+")),
    (20, True, ("{group} this week", "{group} last week", "{group} today", "{group} last 7d gold")),
    (8, True, ("{scenario} this week", "{scenario} last 30d best top 5", "{scenario} yesterday")),
    (5, False, ("{skill} last 30d", "{skill}")),
    (11, True, ("today gold", "score>=90 this week", "yesterday", "last week", "last month")),
)


class Calendar(FakeClock):
    """A clock that lets happen what was put down for the moments which it passes."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self._to_come: list[tuple[datetime, Callable[[], object]]] = []

    def put(self, entries: Sequence[tuple[datetime, Callable[[], object]]]) -> None:
        self._to_come = sorted([*self._to_come, *entries], key=lambda each: each[0], reverse=True)

    def move_to(self, moment: datetime) -> None:
        """Go on to `moment`, unless that has passed."""
        while self._to_come and self._to_come[-1][0] <= moment:
            self._to_come.pop()[1]()
        self.now = max(self.now, moment)

    async def sleep(self, seconds: float) -> None:
        self.move_to(self.now + timedelta(seconds=seconds))


def company(people: int, calendar: Calendar, until: datetime) -> World:
    """A company with its past; what it practices from now on stands in the calendar."""
    days = (HISTORY + (until - calendar())).days
    world = World.build(
        until,
        seed=SEED,
        people=people + 1,  # one of them was removed
        days=days,
        sessions=SESSIONS * people * days // 7,
    )
    ahead = [each for each in world.sessions if each.created_at > calendar()]
    known = Sessions()
    known.load(each for each in world.sessions if each.created_at <= calendar())
    world.sessions = known
    begun = [replace(each, score=None, rank=None, is_valid_attempt=False) for each in ahead]
    calendar.put([(each.created_at, partial(known.add, each)) for each in begun])
    calendar.put([(each.created_at + GRADED, partial(known.replace, each)) for each in ahead])
    _organise(world, people)
    return world


def _organise(world: World, people: int) -> None:
    """Some admins, and groups of up to 150 people."""
    rng = random.Random(SEED)
    ids = [each.id for each in world.members.values() if not each.is_system]
    for id_ in ids[: max(3, people // 125)]:
        world.people[id_] = world.members[id_] = replace(world.members[id_], role="admin")
    names = [f"Team {number:02}" for number in range(max(4, people // 100))]
    groups = [Group(stable_id(SEED, "team", name), name, world.now) for name in names]
    world.groups = {each.id: each for each in groups}
    world.rosters = {id_: set(rng.sample(ids, min(150, len(ids) // 4))) for id_ in world.groups}


@dataclass(frozen=True, slots=True)
class Question:
    """`asker` is an e-mail address."""

    at: datetime
    asker: str
    words: str


def questions(world: World, monday: datetime, days: int, rng: random.Random) -> list[Question]:
    """Those of some days, in their order; on Monday at nine also last week's figures of each
    group."""
    admins = [each.email for each in world.members.values() if each.role == "admin"]
    others = [each.email for each in world.members.values() if each.role == "member"]
    things = {
        "group": list(world.groups.values()),
        "scenario": [each for each in world.scenarios.values() if not each.archived],
        "skill": list(world.skills.values()),
    }
    nine = monday + timedelta(hours=9)
    found = [
        Question(nine, rng.choice(admins), f'group:"{each.name}" last week')
        for each in things["group"]
    ]
    for day in range(days):
        for _ in range(max(20, len(world.members) * QUESTIONS // 100)):
            at = timedelta(days=day, hours=rng.choice(HOURS), seconds=rng.randrange(3600))
            ((_, by_admin, texts),) = rng.choices(MIX, weights=[each[0] for each in MIX])
            named = {kind: f'{kind}:"{rng.choice(some).name}"' for kind, some in things.items()}
            words = rng.choice(texts).format(person=rng.choice(others), **named)
            asker = rng.choice(admins if by_admin else others)
            found.append(Question(monday + at, asker, words))
    return sorted(found, key=lambda each: each.at)
