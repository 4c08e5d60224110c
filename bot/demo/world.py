"""A company that practices in Exec, made up from a seed and a moment, and its life going on."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
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


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything except sessions and assignments, in the order in which it came to be.

    The last of `people` was removed.
    """

    seed: int
    now: datetime
    workspace: Named
    people: dict[str, Person]
    groups: dict[str, Named]
    rosters: dict[str, set[str]]
    scenarios: dict[str, Scenario]
    skills: dict[str, Bundle]
    collections: dict[str, Bundle]
    programs: dict[str, Named]

    def id(self, kind: str, key: object) -> str:
        return stable_id(self.seed, kind, key)

    def current(self) -> list[str]:
        """The scenarios that aren't archived."""
        return [one.id for one in self.scenarios.values() if not one.archived]


class World:
    """Everything that Exec holds of one workspace.

    `people` are all persons by id, `members` those who are still in the workspace, `rosters`
    the ids of a group's members by the group's id.
    """

    def __init__(self, setting: Setting, sessions: Sessions) -> None:
        self.seed = setting.seed
        self.now = setting.now
        self.workspace = setting.workspace
        self.people = dict(setting.people)
        *members, self.removed = setting.people.values()
        self.members = {person.id: person for person in members}
        self.groups = setting.groups
        self.rosters = {group_id: set(ids) for group_id, ids in setting.rosters.items()}
        self.scenarios = setting.scenarios
        self.skills = setting.skills
        self.collections = setting.collections
        self.programs = setting.programs
        self.sessions = sessions
        self.assignments = build_assignments(setting, sessions)
        self._setting = setting
        self._added = 0

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
        moment = _utc(now).replace(microsecond=0)
        setting = build_setting(moment, seed, people)
        index = Sessions()
        index.load(build_sessions(setting, moment, days, sessions))
        start = moment - timedelta(days=days)
        for session in daily_sessions(setting, start - timedelta(days=older), start):
            index.add(session)
        return cls(setting, index)

    def person(self, who: str | Person) -> Person:
        """By id, e-mail or full name ("Jane Smith"), removed people too. Raises KeyError."""
        if isinstance(who, Person):
            return who
        by_email = next((each for each in self.people.values() if each.email == who), None)
        return by_email or _find(self.people, who)

    def scenario(self, what: str) -> Scenario:
        """By id or name. Raises KeyError."""
        return _find(self.scenarios, what)

    def group(self, what: str) -> Named:
        """By id or name. Raises KeyError."""
        return _find(self.groups, what)

    def skill(self, what: str) -> Bundle:
        """By id or name. Raises KeyError."""
        return _find(self.skills, what)

    def collection(self, what: str) -> Bundle:
        """By id or name. Raises KeyError."""
        return _find(self.collections, what)

    def roster(self, group: str) -> list[Person]:
        """The members of a group (id or name), in the order of their numbers."""
        ids = self.rosters[self.group(group).id]
        return [person for person in self.members.values() if person.id in ids]

    def add_session(
        self,
        person: str | Person,
        scenario: str,
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
            id=self._setting.id("added session", self._added),
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
                score = _late_score(self._setting, session)
                self.grade(session.id, score, duration=session.duration_seconds or 300)
        for session in daily_sessions(self._setting, since, until):
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
            id=known.id if known else self._setting.id("user", email),
            membership_id=self._setting.id("membership", email),
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


# People, groups, scenarios, skills, collections, programs.


def build_setting(now: datetime, seed: int, people: int) -> Setting:
    """A company of `people` people, the three from Exec and the removed one included."""
    founded = now.replace(hour=10, minute=30, second=0, microsecond=0) - timedelta(days=800)

    def named(kind: str, names: list[str], days: int) -> dict[str, Named]:
        things = [
            Named(stable_id(seed, kind, name), name, founded + timedelta(days=days + number))
            for number, name in enumerate(names)
        ]
        return {each.id: each for each in things}

    def bundles(kind: str, column: int, table: dict[str, str]) -> dict[str, Bundle]:
        return {
            each.id: Bundle(
                each.id,
                each.name,
                each.created_at,
                _slug(each.name),
                table[each.name],
                frozenset(
                    id_
                    for id_, row in zip(scenarios, TABLES["scenarios"], strict=True)
                    if each.name in row[column]
                ),
            )
            for each in named(kind, list(table), 40).values()
        }

    scenarios = {
        each.id: Scenario(
            each.id,
            each.name,
            each.created_at,
            _slug(each.name),
            f"https://acme-corp.app.exec.com/scenarios/{_slug(each.name)}",
            difficulty,
            "private" if each.name == TABLES["private"] else "workspace",
            archived=each.name == TABLES["archived"],
            ease=ease,
        )
        for each, (_, difficulty, ease, *_) in zip(
            named("scenario", [row[0] for row in TABLES["scenarios"]], 30).values(),
            TABLES["scenarios"],
            strict=True,
        )
    }
    rows = _people(people)
    persons = [_person(number, row, now, seed) for number, row in enumerate(rows)]
    groups = named("group", TABLES["groups"], 20)
    coasts = {"West Coast": "west", "East Coast": "east"}
    rosters = {
        group.id: {
            person.id
            for person, (_, _, _, zone, _, extra, _) in zip(persons[:-1], rows[:-1], strict=True)
            if not person.is_system and (zone == coasts.get(group.name) or group.name in extra)
        }
        for group in groups.values()
    }
    return Setting(
        seed=seed,
        now=now,
        workspace=Named(stable_id(seed, "workspace", "acme"), "Acme Corp", founded),
        people={person.id: person for person in persons},
        groups=groups,
        rosters=rosters,
        scenarios=scenarios,
        skills=bundles("skill", 3, TABLES["skills"]),
        collections=bundles("collection", 4, TABLES["collections"]),
        programs=named("program", TABLES["programs"], 0),
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


def _person(number: int, row: list[Any], now: datetime, seed: int) -> Person:
    first, last, name, zone, habit, _, role = row
    email = name if "@" in name else f"{name}@acme.com"
    days = 25 if habit == "newcomer" else 700 - number % 400
    return Person(
        id=stable_id(seed, "user", email),
        membership_id=stable_id(seed, "membership", email),
        number=number,
        email=email,
        first_name=first,
        last_name=last,
        role=role,
        zone=TABLES["zones"][zone],
        habit=habit,
        created_at=now.replace(minute=0, second=0, microsecond=0) - timedelta(days=days),
    )


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
    setting: Setting, now: datetime, days: int, total: int | None = None
) -> list[Session]:
    """The sessions of the last `days` days; exactly `total` of them if that is given."""
    span = (now.date() - timedelta(days=back) for back in range(days - 1, -1, -1))
    workdays = [day for day in span if day.weekday() < WORKDAYS]
    sessions = _pinned(setting, now, workdays)
    wanted = [_expected(person, days) for person in setting.people.values()]
    scale = 1.0 if total is None else max(0, total - len(sessions)) / sum(wanted)
    carried = 0.0
    for person, weight in zip(setting.people.values(), wanted, strict=True):
        before, carried = round(carried), carried + weight * scale
        sessions.extend(_practice(setting, person, round(carried) - before, workdays, now))
    return sessions


def _expected(person: Person, days: int) -> float:
    habit = HABITS[person.habit]
    return habit.per_week * (habit.last - habit.first) * days / 7 * _keenness(person)


def _keenness(person: Person) -> float:
    """People of the same habit differ: some practice twice as much as others."""
    return 0.65 + (int(person.id, 16) % 71) / 100


def _practice(
    setting: Setting, person: Person, count: int, workdays: list[date], now: datetime
) -> Iterator[Session]:
    rng = random.Random(f"{setting.seed}:{person.email}")  # noqa: S311 (no secret is made here)
    habit = HABITS[person.habit]
    archived = [one.id for one in setting.scenarios.values() if one.archived]
    favorites = _favorites(setting, person, rng)
    for number in range(count):
        along = (number + rng.random()) / count
        place = habit.first + (habit.last - habit.first) * along
        index = min(int(place * len(workdays)), len(workdays) - 1)
        old = place < 0.3 and rng.random() < 0.12
        scenario_id = rng.choice(archived if old else favorites)
        yield _attempt(
            rng,
            setting.id("session", f"{person.email}:{number}"),
            person.id,
            scenario_id,
            habit.base + habit.trend * along + setting.scenarios[scenario_id].ease,
            _moment(rng, workdays, index, ZoneInfo(person.zone), now),
        )


def _favorites(setting: Setting, person: Person, rng: random.Random) -> list[str]:
    """The scenarios that somebody practices. `rng` is theirs, and fresh."""
    current = setting.current()
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


def _pinned(setting: Setting, now: datetime, workdays: list[date]) -> list[Session]:
    """The published example, and two sessions of these minutes that await their grades."""
    jane, bob, _, priya = list(setting.people)[:4]
    first, second = list(setting.scenarios)[:2]
    morning = datetime.combine(workdays[-3], time(17, 30), now.tzinfo)
    minute = timedelta(minutes=1)
    live = [setting.id("session", f"live:{number}") for number in range(2)]
    return [
        Session(EXAMPLE_ID, jane, first, 82.5, "gold", 347, True, morning),
        Session(live[0], priya, second, None, None, 381, False, now - 12 * minute),
        Session(live[1], bob, first, None, None, None, False, now - 3 * minute),
    ]


# Before and after that period each day is made up on its own, so that it doesn't matter in how
# many steps the time passes.

TREND_DAYS = 90
LONGEST_TREND = 1.3  # a trend goes on as it did, and ends somewhere


def daily_sessions(setting: Setting, since: datetime, until: datetime) -> Iterator[Session]:
    """What people practice after `since` and up to `until`."""
    for person in setting.people.values():
        habit, zone = HABITS[person.habit], ZoneInfo(person.zone)
        day, last = since.astimezone(zone).date(), until.astimezone(zone).date()
        while day <= last:
            along = _along(setting, day)
            is_there = (along >= habit.first or not habit.first) and (
                along <= habit.last or habit.last == 1
            )
            if is_there and day.weekday() < WORKDAYS:
                expected = habit.base + habit.trend * along
                for session in _day(setting, person, habit.per_week, day, zone, expected):
                    if since < session.created_at <= until:
                        yield session
            day += timedelta(days=1)


def _along(setting: Setting, day: date) -> float:
    """How far a trend is on a day: 1 at the world's `now`."""
    along = 1 + (day - setting.now.date()).days / TREND_DAYS
    return min(LONGEST_TREND, max(1 - LONGEST_TREND, along))


def _day(
    setting: Setting, person: Person, per_week: float, day: date, zone: ZoneInfo, expected: float
) -> Iterator[Session]:
    rng = random.Random(f"{setting.seed}:{person.email}:{day}")  # noqa: S311
    theirs = random.Random(f"{setting.seed}:{person.email}")  # noqa: S311
    favorites = _favorites(setting, person, theirs)
    usual = per_week * _keenness(person) / WORKDAYS
    for number in range(int(usual) + (rng.random() < usual % 1)):
        clock = time(rng.choice(HOURS), rng.randrange(60), rng.randrange(60))
        scenario_id = rng.choice(favorites)
        yield _attempt(
            rng,
            setting.id("session", f"{person.email}:{day}:{number}"),
            person.id,
            scenario_id,
            expected + setting.scenarios[scenario_id].ease,
            datetime.combine(day, clock, zone).astimezone(UTC),
        )


def _late_score(setting: Setting, session: Session) -> float:
    """The score of a session that waited for it."""
    habit = HABITS[setting.people[session.user_id].habit]
    rng = random.Random(f"{setting.seed}:{session.id}")  # noqa: S311
    expected = habit.base + habit.trend * _along(setting, session.created_at.date())
    return _score(rng, expected + setting.scenarios[session.scenario_id].ease)


# Who was asked to practice what.

STANDALONE = 20
STATUSES = ("not_started", "in_progress", "completed", "past_due", "did_not_pass")


def build_assignments(setting: Setting, sessions: Sessions) -> list[Assignment]:
    """Two programs over two groups, and single tasks so that every status occurs."""
    noon = setting.now.replace(hour=12, minute=0, second=0, microsecond=0)
    names = {one.name: one.id for one in setting.scenarios.values()}
    onboarding, pricing = setting.programs

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
        id_ = setting.id("assignment", f"{program}:{user_id}:{scenario_id}")
        return Assignment(id_, user_id, scenario_id, due, least, most, rank, program, since)

    def members(name: str) -> list[str]:
        (ids,) = (setting.rosters[id_] for id_, one in setting.groups.items() if one.name == name)
        return [user_id for user_id in setting.people if user_id in ids]

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
    current, since, ahead = setting.current(), noon - 8 * WEEK, noon + 2 * WEEK
    people = [person.id for person in setting.people.values() if not person.is_system][:-1]
    statuses = cycle(STATUSES)
    status = next(statuses)
    singles: list[Assignment] = []
    for turn, user_id in enumerate(people):
        if len(singles) == STANDALONE:
            break
        for scenario_id in current[turn % 3 :] + current[: turn % 3]:
            graded = sessions.graded(user_id, scenario_id, since)
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
