"""A company that practices in Exec, made up from a seed and a moment, and its life going on."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import yaml

from bot.demo.world_things import (
    Assignment,
    Bundle,
    Named,
    Person,
    Scenario,
    Session,
    Sessions,
    band,
    between,
    stable_id,
)

TABLES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("world.yaml").read_text("utf-8"))
BY_SCORE = "by score"
EXAMPLE_ID = "abc123def456"
LATEST = timedelta(hours=1)
WEEK = timedelta(days=7)
WORKDAYS = 5
# Mid-morning and mid-afternoon are when people practice most.
HOURS = (8, 9, 9, 9, 10, 10, 10, 11, 11, 12, 13, 14, 14, 14, 15, 15, 15, 16, 16, 17)

Thing = TypeVar("Thing", Person, Named, Scenario, Bundle)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _find(things: Mapping[str, Thing], wanted: str) -> Thing:
    """By id or exact name. Raises KeyError."""
    return things.get(wanted) or {each.name: each for each in things.values()}[wanted]


class World:
    """Everything that Exec holds of one workspace.

    `people` are all persons by id, `members` those who are still in the workspace, `rosters`
    the ids of a group's members by the group's id.
    """

    def __init__(self, now: datetime, seed: int, people: int) -> None:
        """A company without sessions; see `build`."""
        self.now, self.seed, self._added = now, seed, 0
        self.founded = now.replace(hour=10, minute=30, second=0) - timedelta(days=800)
        self.workspace = Named(self.id("workspace", "acme"), "Acme Corp", self.founded)
        self.groups = self._named("group", TABLES["groups"], 20)
        self.programs = self._named("program", TABLES["programs"], 0)
        names = [row[0] for row in TABLES["scenarios"]]
        rows = zip(self._named("scenario", names, 30).values(), TABLES["scenarios"], strict=True)
        scenarios = [_scenario(each, *row[1:3]) for each, row in rows]
        self.scenarios = {each.id: each for each in scenarios}
        self.skills = self._bundles("skill", TABLES["skills"], 3)
        self.collections = self._bundles("collection", TABLES["collections"], 4)
        persons = _people(people)
        made = [self._person(number, row) for number, row in enumerate(persons)]
        self.people = {person.id: person for person in made}
        *members, self.removed = made
        self.members = {person.id: person for person in members}
        coasts = {"West Coast": "west", "East Coast": "east"}
        self.rosters = {
            group.id: {
                person.id
                for person, (_, _, _, zone, _, extra, _) in zip(members, persons[:-1], strict=True)
                if not person.is_system and (zone == coasts.get(group.name) or group.name in extra)
            }
            for group in self.groups.values()
        }
        self.sessions = Sessions()
        self.assignments: list[Assignment] = []

    @classmethod
    def build(
        cls,
        now: datetime,
        seed: int = 7,
        people: int = 40,
        days: int = 90,
        sessions: int | None = None,
        older: int = 0,
    ) -> World:
        """The same company for the same arguments.

        `people` counts everybody, three from Exec and one removed person included (at least
        9). `sessions` is the exact number in the last `days` (at least 7); by default the habits
        decide. `older` adds so many days before them.
        """
        world = cls(_utc(now).replace(microsecond=0), seed, people)
        world.sessions.load(build_sessions(world, world.now, days, sessions))
        start = world.now - timedelta(days=days)
        for session in daily_sessions(world, start - timedelta(days=older), start):
            world.sessions.add(session)
        world.assignments = build_assignments(world)
        return world

    def id(self, kind: str, key: object) -> str:
        return stable_id(self.seed, kind, key)

    def current(self) -> list[str]:
        """The scenarios that aren't archived."""
        return [one.id for one in self.scenarios.values() if not one.archived]

    def _named(self, kind: str, names: Iterable[str], days: int) -> dict[str, Named]:
        things = [
            Named(self.id(kind, name), name, self.founded + timedelta(days=days + number))
            for number, name in enumerate(names)
        ]
        return {each.id: each for each in things}

    def _bundles(self, kind: str, table: dict[str, str], column: int) -> dict[str, Bundle]:
        rows = list(zip(self.scenarios, TABLES["scenarios"], strict=True))
        return {
            each.id: Bundle(
                each.id,
                each.name,
                each.created_at,
                _slug(each.name),
                table[each.name],
                frozenset(id_ for id_, row in rows if each.name in row[column]),
            )
            for each in self._named(kind, table, 40).values()
        }

    def _person(self, number: int, row: list[Any]) -> Person:
        first, last, name, zone, habit, _, role = row
        email = name if "@" in name else f"{name}@acme.com"
        days = 25 if habit == "newcomer" else 700 - number % 400
        joined = self.now.replace(minute=0, second=0) - timedelta(days=days)
        ids = self.id("user", email), self.id("membership", email)
        zone = TABLES["zones"][zone]
        return Person(*ids, number, email, first, last, role, zone, habit, joined)

    def person(self, who: str | Person) -> Person:
        """By id, e-mail or full name ("Jane Smith"), removed people too. Raises KeyError."""
        if isinstance(who, Person):
            return who
        by_email = next((each for each in self.people.values() if each.email == who), None)
        return by_email or _find(self.people, who)

    def scenario(self, what: str | Scenario) -> Scenario:
        """By id or name. Raises KeyError."""
        return what if isinstance(what, Scenario) else _find(self.scenarios, what)

    def group(self, what: str) -> Named:
        """By id or name. Raises KeyError."""
        return _find(self.groups, what)

    def skill(self, what: str) -> Bundle:
        """By id or name. Raises KeyError."""
        return _find(self.skills, what)

    def collection(self, what: str) -> Bundle:
        """By id or name. Raises KeyError."""
        return _find(self.collections, what)

    def program(self, what: str) -> Named:
        """By id or name. Raises KeyError."""
        return _find(self.programs, what)

    def roster(self, group: str) -> list[Person]:
        """The members of a group (id or name), in the order of their numbers."""
        ids = self.rosters[self.group(group).id]
        return [person for person in self.members.values() if person.id in ids]

    def add_session(
        self,
        person: str | Person,
        scenario: str | Scenario,
        at: datetime,
        *,
        score: float | None = None,
        rank: str | None = BY_SCORE,
        duration: int | None = 300,
        valid: bool | None = None,
    ) -> Session:
        """Add an attempt; without a score it isn't graded yet.

        `duration` is in seconds. A session is valid if it has a score, unless `valid` says
        otherwise.
        """
        self._added += 1
        session = Session(
            id=self.id("added session", self._added),
            user_id=self.person(person).id,
            scenario_id=self.scenario(scenario).id,
            score=score,
            rank=_rank(score, rank),
            duration_seconds=duration,
            is_valid_attempt=score is not None if valid is None else valid,
            created_at=_utc(at),
        )
        self.sessions.add(session)
        return session

    def grade(
        self,
        session_id: str,
        score: float,
        rank: str | None = BY_SCORE,
        *,
        duration: int | None = None,
    ) -> Session:
        """Grade a session, late or again; it becomes valid. `duration` None keeps the old one."""
        old = self.sessions[session_id]
        new = replace(
            old,
            score=score,
            rank=_rank(score, rank),
            duration_seconds=old.duration_seconds if duration is None else duration,
            is_valid_attempt=True,
        )
        self.sessions.replace(new)
        return new

    def delete(self, session_id: str) -> Session:
        return self.sessions.remove(session_id)

    def live_on(self, since: datetime, until: datetime) -> None:
        """Let time pass: members practice, and sessions that waited for a grade get it."""
        waiting = between(self.sessions.all, self.now - LATEST, min(self.now, until - LATEST))
        for session in waiting:
            if session.score is None:
                score = _late_score(self, session)
                self.grade(session.id, score, duration=session.duration_seconds or 300)
        for session in daily_sessions(self, since, until):
            if session.user_id in self.members:
                self.sessions.add(session)

    def remove_member(self, who: str | Person) -> Person:
        """Take somebody out of the workspace and its groups; their sessions stay."""
        person = self.person(who)
        del self.members[person.id]
        for roster in self.rosters.values():
            roster.discard(person.id)
        return person

    def add_member(
        self,
        first_name: str,
        last_name: str,
        email: str,
        *,
        role: str = "member",
        groups: tuple[str, ...] = (),
        at: datetime | None = None,
    ) -> Person:
        """Add a member, or one who comes back (known by the e-mail); `groups` are names or ids."""
        known = next((each for each in self.people.values() if each.email == email), None)
        person = Person(
            id=known.id if known else self.id("user", email),
            membership_id=self.id("membership", email),
            number=known.number if known else len(self.people),
            email=email,
            first_name=first_name,
            last_name=last_name,
            role=role,
            zone=TABLES["zones"]["east"],
            habit="never",
            created_at=_utc(at or self.now),
        )
        self.people[person.id] = self.members[person.id] = person
        for group in groups:
            self.rosters[self.group(group).id].add(person.id)
        return person


def _rank(score: float | None, rank: str | None) -> str | None:
    if rank == BY_SCORE:
        return None if score is None else band(score)
    return rank


def _scenario(named: Named, difficulty: str, ease: float) -> Scenario:
    name, slug = named.name, _slug(named.name)
    return Scenario(
        named.id,
        name,
        named.created_at,
        slug,
        f"https://acme-corp.app.exec.com/scenarios/{slug}",
        difficulty,
        "private" if name == TABLES["private"] else "workspace",
        archived=name == TABLES["archived"],
        ease=ease,
    )


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _people(wanted: int) -> list[list[Any]]:
    """Rows of the table, and as many made-up ones as it takes; every row has seven cells."""
    staff, table, removed = TABLES["staff"], TABLES["people"], TABLES["removed"]
    acme = wanted - len(staff) - 1
    pairs = [(first, last) for first in TABLES["spare_first"] for last in TABLES["spare_last"]]
    habits = ("steady", "improving", "slipping", "strong", "idle")
    zones, groups = list(TABLES["zones"]), TABLES["groups"]
    rows = table[:acme]
    for n in range(acme - len(table)):
        first, last = pairs[n % len(pairs)]
        email = f"{first}.{last}{n // len(pairs) + 1}".lower()
        extra = [groups[2 + n % 3]] if n % 4 == 0 else []
        rows.append([first, last, email, zones[n % len(zones)], habits[n % len(habits)], extra])
    whole = [*rows, *staff, removed]
    return [[*row, *([], "member")[len(row) - 5 :]] for row in whole]


# How people practice: who, when, how well.


@dataclass(frozen=True, slots=True)
class Habit:
    """`first` and `last` are fractions of the period in which somebody practices.

    `base` is the score to expect at first, `trend` what is added over that time.
    """

    per_week: float
    base: float
    trend: float = 0.0
    first: float = 0.0
    last: float = 1.0


HABITS = {name: Habit(**row) for name, row in TABLES["habits"].items()}


def build_sessions(
    world: World, now: datetime, days: int, total: int | None = None
) -> list[Session]:
    """The sessions of the last `days` days; exactly `total` of them if that is given."""
    span = (now.date() - timedelta(days=back) for back in range(days - 1, -1, -1))
    workdays = [day for day in span if day.weekday() < WORKDAYS]
    sessions = _pinned(world, now, workdays)
    wanted = [_expected(person, days) for person in world.people.values()]
    scale = 1.0 if total is None else max(0, total - len(sessions)) / sum(wanted)
    carried = 0.0
    for person, weight in zip(world.people.values(), wanted, strict=True):
        before, carried = round(carried), carried + weight * scale
        sessions.extend(_practice(world, person, round(carried) - before, workdays, now))
    return sessions


def _expected(person: Person, days: int) -> float:
    habit = HABITS[person.habit]
    return habit.per_week * (habit.last - habit.first) * days / 7 * _keenness(person)


def _keenness(person: Person) -> float:
    """People of the same habit differ: some practice twice as much as others."""
    return 0.65 + (int(person.id, 16) % 71) / 100


def _practice(
    world: World, person: Person, count: int, workdays: list[date], now: datetime
) -> Iterator[Session]:
    rng = random.Random(f"{world.seed}:{person.email}")  # noqa: S311 (no secret is made here)
    habit = HABITS[person.habit]
    archived = [one.id for one in world.scenarios.values() if one.archived]
    favorites = _favorites(world, person, rng)
    for number in range(count):
        along = (number + rng.random()) / count
        place = habit.first + (habit.last - habit.first) * along
        index = min(int(place * len(workdays)), len(workdays) - 1)
        old = place < 0.3 and rng.random() < 0.12
        scenario_id = rng.choice(archived if old else favorites)
        yield _attempt(
            rng,
            world.id("session", f"{person.email}:{number}"),
            person.id,
            scenario_id,
            habit.base + habit.trend * along + world.scenarios[scenario_id].ease,
            _moment(rng, workdays, index, ZoneInfo(person.zone), now),
        )


def _favorites(world: World, person: Person, rng: random.Random) -> list[str]:
    """The scenarios that somebody practices. `rng` is theirs, and fresh."""
    current = world.current()
    own = current[person.number % len(current)]
    return [own, *rng.sample([other for other in current if other != own], 4)]


def _moment(
    rng: random.Random, workdays: list[date], index: int, zone: ZoneInfo, now: datetime
) -> datetime:
    """A second of the working day in the person's zone, an hour or more ago."""
    clock = time(rng.choice(HOURS), rng.randrange(60), rng.randrange(60))
    moment = datetime.combine(workdays[index], clock, zone)
    while now - moment < LATEST and index > 0:
        index -= 1
        moment = datetime.combine(workdays[index], clock, zone)
    return moment.astimezone(now.tzinfo)


def _attempt(
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
    score = _score(rng, expected)
    # Exec's own example has 82.5 as gold: the rank must not follow from the score everywhere.
    nudge = rng.choice((-9.0, 9.0)) if rng.random() < 0.08 else 0.0
    return Session(session_id, user_id, scenario_id, score, band(score + nudge), seconds, True, at)


def _score(rng: random.Random, expected: float) -> float:
    return round(min(100.0, max(0.0, rng.gauss(expected, 5))), 1)


def _pinned(world: World, now: datetime, workdays: list[date]) -> list[Session]:
    """The published example, and two sessions of these minutes that await their grades."""
    jane, bob, _, priya = list(world.people)[:4]
    first, second = list(world.scenarios)[:2]
    morning = datetime.combine(workdays[-3], time(17, 30), now.tzinfo)
    minute = timedelta(minutes=1)
    live = [world.id("session", f"live:{number}") for number in range(2)]
    return [
        Session(EXAMPLE_ID, jane, first, 82.5, "gold", 347, True, morning),
        Session(live[0], priya, second, None, None, 381, False, now - 12 * minute),
        Session(live[1], bob, first, None, None, None, False, now - 3 * minute),
    ]


# Before and after that period each day is made up on its own, so that it doesn't matter in how
# many steps the time passes.

TREND_DAYS = 90
LONGEST_TREND = 1.3  # a trend goes on as it did, and ends somewhere


def daily_sessions(world: World, since: datetime, until: datetime) -> Iterator[Session]:
    """What people practice after `since` and up to `until`."""
    for person in world.people.values():
        habit, zone = HABITS[person.habit], ZoneInfo(person.zone)
        day, last = since.astimezone(zone).date(), until.astimezone(zone).date()
        while day <= last:
            along = _along(world, day)
            is_there = (along >= habit.first or not habit.first) and (
                along <= habit.last or habit.last == 1
            )
            if is_there and day.weekday() < WORKDAYS:
                expected = habit.base + habit.trend * along
                for session in _day(world, person, habit.per_week, day, zone, expected):
                    if since < session.created_at <= until:
                        yield session
            day += timedelta(days=1)


def _along(world: World, day: date) -> float:
    """How far a trend is on a day: 1 at the world's `now`."""
    along = 1 + (day - world.now.date()).days / TREND_DAYS
    return min(LONGEST_TREND, max(1 - LONGEST_TREND, along))


def _day(
    world: World, person: Person, per_week: float, day: date, zone: ZoneInfo, expected: float
) -> Iterator[Session]:
    rng = random.Random(f"{world.seed}:{person.email}:{day}")  # noqa: S311
    theirs = random.Random(f"{world.seed}:{person.email}")  # noqa: S311
    favorites = _favorites(world, person, theirs)
    usual = per_week * _keenness(person) / WORKDAYS
    for number in range(int(usual) + (rng.random() < usual % 1)):
        clock = time(rng.choice(HOURS), rng.randrange(60), rng.randrange(60))
        scenario_id = rng.choice(favorites)
        yield _attempt(
            rng,
            world.id("session", f"{person.email}:{day}:{number}"),
            person.id,
            scenario_id,
            expected + world.scenarios[scenario_id].ease,
            datetime.combine(day, clock, zone).astimezone(UTC),
        )


def _late_score(world: World, session: Session) -> float:
    """The score of a session that waited for it."""
    habit = HABITS[world.people[session.user_id].habit]
    rng = random.Random(f"{world.seed}:{session.id}")  # noqa: S311
    expected = habit.base + habit.trend * _along(world, session.created_at.date())
    return _score(rng, expected + world.scenarios[session.scenario_id].ease)


# Who was asked to practice what.

STANDALONE = 20
STATUSES = ("not_started", "in_progress", "completed", "past_due", "did_not_pass")


def build_assignments(world: World) -> list[Assignment]:
    """Two programs over two groups, and single tasks so that every status occurs."""
    noon = world.now.replace(hour=12, minute=0, second=0, microsecond=0)
    names = {one.name: one.id for one in world.scenarios.values()}
    onboarding, pricing = world.programs

    def task(
        user_id: str,
        scenario_id: str,
        since: datetime,
        due: datetime | None,
        least: int = 1,
        most: int | None = None,
        rank: str | None = None,
        program: str | None = None,
    ) -> Assignment:
        id_ = world.id("assignment", f"{program}:{user_id}:{scenario_id}")
        return Assignment(id_, user_id, scenario_id, due, least, most, rank, program, since)

    def members(name: str) -> list[str]:
        (ids,) = (world.rosters[id_] for id_, one in world.groups.items() if one.name == name)
        return [user_id for user_id in world.people if user_id in ids]

    tasks = [
        task(user_id, names[name], noon - 3 * WEEK, noon + WEEK, program=onboarding)
        for user_id in members("New Hires")
        for name in ("Cold Call Opener", "Demo Follow-up", "Competitor Comparison")
    ]
    tasks += [
        task(
            user_id,
            names["Pricing Push-back"],
            noon - 6 * WEEK,
            noon - WEEK,
            most=5,
            rank="silver",
            program=pricing,
        )
        for user_id in members("Enterprise")
    ]
    # A single task for each of the first people: the first scenario whose attempts allow the
    # status whose turn it is.
    current, since, ahead = world.current(), noon - 8 * WEEK, noon + 2 * WEEK
    people = [person.id for person in world.people.values() if not person.is_system][:-1]
    statuses = cycle(STATUSES)
    status = next(statuses)
    singles: list[Assignment] = []
    for turn, user_id in enumerate(people):
        if len(singles) == STANDALONE:
            break
        for scenario_id in current[turn % 3 :] + current[: turn % 3]:
            graded = world.sessions.graded(user_id, scenario_id, since)
            is_gold = any(row.rank == "gold" for row in graded)
            if (status in ("not_started", "past_due")) == bool(graded) or (
                status == "did_not_pass" and is_gold
            ):
                continue
            tries = len(graded)
            due = {"past_due": noon - 2 * WEEK, "completed": None}.get(status, ahead)
            more: dict[str, Any] = {}
            if status == "in_progress":
                more = {"least": tries + 1}
            if status == "did_not_pass":
                more = {"most": tries, "rank": "gold"}
            singles.append(task(user_id, scenario_id, since, due, **more))
            status = next(statuses)
            break
    return [*tasks, *singles]
