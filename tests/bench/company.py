"""The company of the simulated week: 5,000 people in 50 groups, their sessions planned ahead, and
what Exec held of these at any moment.

Instants are milliseconds since 1970.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.world import World
from bot.sandbox.world_things import EPOCH, Group, Person, Session, band, stable_id

ZONE = ZoneInfo("America/New_York")
PEOPLE = 5_000
HISTORY_DAYS = 88
SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
DAY = 24 * HOUR
MILLISECOND = timedelta(milliseconds=1)
# How much happens in each hour of a working day in the company's zone: Europe begins, the West
# Coast ends.
HOURS = {4: 1, 5: 1, 6: 2, 7: 3, 8: 6, 9: 10, 10: 11, 11: 10, 12: 6, 13: 9, 14: 10, 15: 10}
HOURS |= {16: 8, 17: 5, 18: 2, 19: 1, 20: 1}
# What becomes of a session, in parts of a thousand: graded within minutes, after hours, never.
SOON, LATER = 940, 30
# And besides: graded again, deleted, each at any time in the next days.
REGRADED, DELETED = 5, 5
# Of what was there before, so many are graded again or deleted each day.
OLD_CHANGES = 6
# A session comes into Exec's list a moment after its own time of creation.
LONGEST_LAG = 800


@dataclass(frozen=True, slots=True)
class Size:
    """How many people, admins and groups a company has, the least and most people of a group, and
    how many sessions and questions a working day and sessions a free one."""

    people: int
    admins: int
    groups: int
    group_sizes: tuple[int, int]
    per_workday: int
    per_free_day: int
    questions: int


# 20,000 sessions in seven days, and 350.
LARGE = Size(PEOPLE, 40, 50, (90, 200), 3_880, 300, 400)
SMALL = Size(60, 3, 4, (10, 20), 66, 10, 20)

# Score, rank, seconds, validity.
Content = tuple[float | None, str | None, int | None, bool]


@dataclass(slots=True)
class Life:
    """One session: when it came into the list, its contents since when, and when it went."""

    id: str
    user_id: str
    scenario_id: str
    created: int
    listed: int
    contents: list[tuple[int, Content]]
    gone: int | None = None

    def at(self, instant: int) -> Content | None:
        """What Exec held of it at `instant`; None for nothing."""
        if instant < self.listed or (self.gone is not None and instant >= self.gone):
            return None
        return next(content for since, content in reversed(self.contents) if since <= instant)

    def session(self, content: Content) -> Session:
        moment = moment_of(self.created)
        return Session(self.id, self.user_id, self.scenario_id, *content, created_at=moment)


@dataclass(slots=True)
class Company:
    """`world` is what Exec holds now; `lives`, oldest first, all that ever was or will be."""

    world: World
    lives: list[Life]
    by_user: dict[str, list[Life]] = field(default_factory=dict)
    _acts: list[tuple[int, Callable[[], object]]] = field(default_factory=list)
    _done: int = 0

    def advance(self, now: int) -> None:
        """Let everything happen that is due by `now`."""
        while self._done < len(self._acts) and self._acts[self._done][0] <= now:
            self._acts[self._done][1]()
            self._done += 1

    def between(self, start: int, end: int, users: frozenset[str] | None) -> Iterator[Life]:
        """The sessions created in [start, end), of these people only if any are named."""
        lists = [self.lives] if users is None else [self.by_user.get(each, []) for each in users]
        for lives in lists:
            low = bisect_left(lives, start, key=_created)
            yield from lives[low : bisect_left(lives, end, lo=low, key=_created)]

    def schedule(self) -> None:
        """Order the lives, and put into the world's calendar what is still to come."""
        self.lives.sort(key=_created)
        known = self.world.sessions
        for life in self.lives:
            self.by_user.setdefault(life.user_id, []).append(life)
            begun = life.id in known
            for since, content in life.contents[1 if begun else 0 :]:
                change = known.replace if since > life.listed else known.add
                self._acts.append((since, self._changing(change, life.session(content))))
            if life.gone is not None:
                gone = life.id
                self._acts.append((life.gone, lambda gone=gone: self._changing_now(gone)))
        self._acts.sort(key=lambda act: act[0])

    def _changing(
        self, change: Callable[[Session], object], session: Session
    ) -> Callable[[], None]:
        def act() -> None:
            change(session)

        return act

    def _changing_now(self, id_: str) -> None:
        self.world.delete(id_)


def company(
    begin: datetime, days: int, seed: int, *, size: Size = LARGE, per_thousand: int = 1000
) -> Company:
    """A company that began with Exec HISTORY_DAYS before `begin`, and lives for `days` more.

    `per_thousand` makes all of it smaller, for a quick look.
    """
    rng = random.Random(seed)

    def scaled(number: int) -> int:
        return max(1, number * per_thousand // 1000)

    weekly = 5 * size.per_workday + 2 * size.per_free_day
    world = World.build(
        begin,
        seed=seed,
        people=size.people + 1,  # one of them was removed
        days=HISTORY_DAYS,
        sessions=scaled(weekly * HISTORY_DAYS // 7),
    )
    _organise(world, rng, size)
    lives = [_past(session) for session in world.sessions]
    _correct(rng, lives, begin, days)
    people, scenarios = list(world.members), [s for s in world.scenarios.values() if not s.archived]
    for number in range(days):
        day = begin + timedelta(days=number)
        works = day.astimezone(ZONE).weekday() < 5
        count = size.per_workday if works else size.per_free_day
        for created in moments(rng, day, scaled(count)):
            id_ = stable_id(seed, "session of the week", len(lives))
            user, scenario = rng.choice(people), rng.choice(scenarios)
            lives.append(_life(rng, id_, user, scenario.id, created))
    here = Company(world, lives)
    here.schedule()
    return here


def quiet_company(begin: datetime, seed: int) -> Company:
    """The same people and groups, and no sessions at all."""
    world = World.build(begin, seed=seed, people=PEOPLE + 1, sessions=0)
    _organise(world, random.Random(seed), LARGE)
    return Company(world, [])


def moments(rng: random.Random, day: datetime, count: int) -> list[int]:
    """So many instants of a day that begins at `day`, most of them in workspace hours."""
    hours = rng.choices(list(HOURS), weights=list(HOURS.values()), k=count)
    start = instant_of(day)
    return sorted(start + hour * HOUR + rng.randrange(HOUR) for hour in hours)


def instant_of(moment: datetime) -> int:
    return (moment - EPOCH) // MILLISECOND


def moment_of(instant: int) -> datetime:
    return (EPOCH + instant * MILLISECOND).astimezone(UTC)


def _organise(world: World, rng: random.Random, size: Size) -> None:
    """Some admins, and groups of a few teams each."""
    members = list(world.members.values())
    for person in members[: size.admins]:
        admin = replace(person, role="admin")
        world.people[person.id] = world.members[person.id] = admin
    groups = [
        Group(stable_id(world.seed, "team", number), f"Team {number:02}", world.now)
        for number in range(1, size.groups + 1)
    ]
    ids = [person.id for person in members if not person.is_system]
    world.groups = {group.id: group for group in groups}
    world.rosters = {
        group.id: set(rng.sample(ids, rng.randint(*size.group_sizes))) for group in groups
    }


def _past(session: Session) -> Life:
    created = session.micros // 1000
    content = (
        session.score,
        session.rank,
        session.duration_seconds,
        session.is_valid_attempt,
    )
    return Life(
        session.id, session.user_id, session.scenario_id, created, created, [(created, content)]
    )


def _life(rng: random.Random, id_: str, user: str, scenario: str, created: int) -> Life:
    listed = created + rng.randrange(LONGEST_LAG)
    seconds = round(min(1500.0, max(75.0, rng.gauss(420, 140))))
    life = Life(id_, user, scenario, created, listed, [(listed, (None, None, None, False))])
    fate = rng.randrange(1000)
    graded = listed + min(45 * MINUTE, int(MINUTE * (1 + rng.lognormvariate(1.2, 0.7))))
    if SOON <= fate < SOON + LATER:
        graded = listed + rng.randint(HOUR, 8 * HOUR)
    if fate < SOON + LATER:
        life.contents.append((graded, _graded(rng, seconds)))
        if rng.randrange(1000) < REGRADED:
            life.contents.append((graded + rng.randint(MINUTE, 3 * DAY), _graded(rng, seconds)))
    if rng.randrange(1000) < DELETED:
        # Half of those who delete do it at once.
        latest = HOUR if rng.random() < 0.5 else 5 * DAY
        life.gone = life.contents[-1][0] + rng.randint(MINUTE, latest)
    return life


def _graded(rng: random.Random, seconds: int) -> Content:
    score = round(min(100.0, max(0.0, rng.gauss(74, 13))), 1)
    nudge = rng.choice((-9.0, 9.0)) if rng.random() < 0.08 else 0.0
    return score, band(score + nudge), seconds, True


def _correct(rng: random.Random, lives: list[Life], begin: datetime, days: int) -> None:
    """Some of what happened long ago is graded again, or deleted."""
    for life in rng.sample(lives, min(len(lives), OLD_CHANGES * days)):
        at = instant_of(begin) + rng.randrange(days * DAY)
        if rng.random() < 0.5:
            life.gone = at
        else:
            life.contents.append((at, _graded(rng, 400)))


def _created(life: Life) -> int:
    return life.created


def admins_of(world: World) -> list[Person]:
    """Who may ask about everybody."""
    return [person for person in world.members.values() if person.role == "admin"]
