"""A made-up company that practices in Exec. The same `now` makes the same company."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, cycle
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import yaml

from bot.demo.world_things import (
    Bundle,
    Sessions,
    WorldAssignment,
    WorldItem,
    WorldPerson,
    WorldScenario,
    WorldSession,
    rank_of,
)

TABLES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("world.yaml").read_text("utf-8"))
WORKDAYS = 5
# People practice most in mid-morning and mid-afternoon.
HOURS = (8, 9, 9, 9, 10, 10, 10, 11, 11, 12, 13, 14, 14, 14, 15, 15, 15, 16, 16, 17)
TREND_DAYS = 90
MAX_TREND = 1.3  # a trend continues for 1.3 times TREND_DAYS, then stays flat
SINGLE_ASSIGNMENTS, SINGLE_SINCE = 20, -8  # number of people; weeks from now

Record = TypeVar("Record", WorldPerson, WorldItem, WorldScenario, Bundle)


@dataclass(frozen=True, slots=True)
class Habit:
    """How often and how well a person practices.

    The mean score is `base` 90 days ago and `base + trend` now. `first` and `last` are the
    fractions of that time between which the person practices.
    """

    per_week: float
    base: float
    trend: float = 0.0
    first: float = -MAX_TREND
    last: float = MAX_TREND


HABITS = {name: Habit(**row) for name, row in TABLES["habits"].items()}


class World:
    """The data of an Exec workspace.

    `people` has current and former members by id, `members` only current ones, and `rosters` the
    ids of each group's members by group id.
    """

    def __init__(self, now: datetime, people: int = 40, days: int = 90) -> None:
        """A company with `days` of practice until `now`. `people` (at least 9) includes three of
        Exec's staff and a former member."""
        self._added = count()
        self.now = now.astimezone(UTC).replace(microsecond=0)
        self.founded = self.now.replace(hour=10, minute=30, second=0) - timedelta(days=800)
        self.workspace = WorldItem(stable_id("workspace", "acme"), "Acme Corp", self.founded)
        self.groups = self._named("group", TABLES["groups"])
        self.programs = self._named("program", TABLES["programs"])
        scenarios = self._named("scenario", TABLES["scenarios"]).values()
        self.scenarios = {scenario.id: _scenario(scenario) for scenario in scenarios}
        self.skills = self._bundles("skill")
        self.collections = self._bundles("collection")
        self.people: dict[str, WorldPerson] = {}
        self.members: dict[str, WorldPerson] = {}
        self.rosters: dict[str, set[str]] = {id_: set() for id_ in self.groups}
        for row in _people(people - 1):
            self._join(*row)
        self.removed = self._join(*TABLES["removed"])
        self.remove_member(self.removed)
        self.sessions = Sessions(practice(self, self.now - timedelta(days=days), self.now))
        self.assignments = list(assignments(self))

    def _named(self, kind: str, names: Iterable[str]) -> dict[str, WorldItem]:
        made = [
            WorldItem(stable_id(kind, name), name, self.founded + timedelta(days=number))
            for number, name in enumerate(names)
        ]
        return {item.id: item for item in made}

    def _bundles(self, kind: str) -> dict[str, Bundle]:
        table, scenarios = TABLES[f"{kind}s"], TABLES["scenarios"]
        bundles = {}
        for item in self._named(kind, table).values():
            ids = (
                id_
                for id_, scenario in self.scenarios.items()
                if item.name in scenarios[scenario.name][f"{kind}s"]
            )
            bundles[item.id] = Bundle(
                item.id,
                item.name,
                item.created_at,
                _slug(item.name),
                table[item.name],
                frozenset(ids),
            )
        return bundles

    def _join(
        self,
        first: str,
        last: str,
        name: str,
        zone: str,
        habit: str,
        groups: Iterable[str] = (),
        role: str = "member",
        joined: datetime | None = None,
    ) -> WorldPerson:
        """Add a member from a row of world.yaml."""
        email = name if "@" in name else f"{name}@acme.com"
        number, id_ = len(self.people), stable_id("user", email)
        days = 25 if habit == "newcomer" else 700 - number % 400
        joined = joined or self.now.replace(minute=0, second=0) - timedelta(days=days)
        person = WorldPerson(
            id_, number, email, first, last, role, TABLES["zones"][zone], habit, joined
        )
        self.people[id_] = self.members[id_] = person
        coast = {"west": ["West Coast"], "east": ["East Coast"]}.get(zone, [])
        for group in () if person.is_system else (*coast, *groups):
            self.rosters[self.group(group).id].add(id_)
        return person

    def person(self, who: str | WorldPerson) -> WorldPerson:
        """The current or former member with this id, email or full name. Raises KeyError."""
        if isinstance(who, WorldPerson):
            return who
        by_email = {person.email: person for person in self.people.values()}
        return by_email.get(who) or _find(self.people, who)

    # These take an id or a name, and raise KeyError.

    def scenario(self, what: str | WorldScenario) -> WorldScenario:
        return what if isinstance(what, WorldScenario) else _find(self.scenarios, what)

    def group(self, what: str) -> WorldItem:
        return _find(self.groups, what)

    def skill(self, what: str) -> Bundle:
        return _find(self.skills, what)

    def collection(self, what: str) -> Bundle:
        return _find(self.collections, what)

    def program(self, what: str) -> WorldItem:
        return _find(self.programs, what)

    def roster(self, group: str) -> list[WorldPerson]:
        """The members of a group, by their numbers."""
        ids = self.rosters[self.group(group).id]
        return [person for person in self.members.values() if person.id in ids]

    def add_session(
        self,
        person: str | WorldPerson,
        scenario: str | WorldScenario,
        at: datetime,
        *,
        score: float | None = None,
        duration: int | None = 300,
        valid: bool | None = None,
    ) -> WorldSession:
        """Add an attempt, ungraded without a score. `duration` is in seconds. By default it's valid
        if it has a score."""
        session = WorldSession(
            id=stable_id("added session", next(self._added)),
            user_id=self.person(person).id,
            scenario_id=self.scenario(scenario).id,
            score=score,
            rank=None if score is None else rank_of(score),
            duration_seconds=duration,
            is_valid_attempt=score is not None if valid is None else valid,
            created_at=at.astimezone(UTC),
        )
        self.sessions.put(session)
        return session

    def grade(self, session_id: str, score: float) -> WorldSession:
        """Grade or regrade a session; it becomes valid."""
        old = self.sessions[session_id]
        new = replace(old, score=score, rank=rank_of(score), is_valid_attempt=True)
        self.sessions.put(new)
        return new

    def delete(self, session_id: str) -> WorldSession:
        return self.sessions.remove(session_id)

    def advance(self, since: datetime, until: datetime) -> None:
        """Add the members' sessions after `since` through `until`."""
        for session in practice(self, since, until):
            if session.user_id in self.members:
                self.sessions.put(session)

    def remove_member(self, who: str | WorldPerson) -> WorldPerson:
        """Remove a person from the workspace and its groups; keep their sessions."""
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
        groups: tuple[str, ...] = (),
        at: datetime | None = None,
    ) -> WorldPerson:
        """Add or restore a member who doesn't practice. `groups` are names or ids."""
        joined = (at or self.now).astimezone(UTC)
        return self._join(first_name, last_name, email, "desert", "never", groups, joined=joined)


def stable_id(kind: str, key: object) -> str:
    """A reproducible id of 12 hexadecimal characters."""
    return hashlib.blake2b(f"7:{kind}:{key}".encode(), digest_size=6).hexdigest()


def _find(records: Mapping[str, Record], wanted: str) -> Record:
    """The record with this id or exact name. Raises KeyError."""
    return records.get(wanted) or {record.name: record for record in records.values()}[wanted]


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _scenario(named: WorldItem) -> WorldScenario:
    row = TABLES["scenarios"][named.name]
    return WorldScenario(
        named.id,
        named.name,
        named.created_at,
        _slug(named.name),
        row["difficulty"],
        row.get("visibility", "workspace"),
        row.get("archived", False),
        row["ease"],
    )


def _people(wanted: int) -> Iterator[list[Any]]:
    """The rows of world.yaml, more rows as needed, and Exec's staff."""
    acme = wanted - len(TABLES["staff"])
    yield from TABLES["people"][:acme]
    habits, zones, groups = list(TABLES["habits"])[:5], list(TABLES["zones"]), TABLES["groups"]
    for n in range(acme - len(TABLES["people"])):
        extra = [groups[n % len(groups)]]
        yield ["Spare", str(n), f"spare.{n}", zones[n % len(zones)], habits[n % 5], extra]
    yield from TABLES["staff"]


def practice(world: World, since: datetime, until: datetime) -> Iterator[WorldSession]:
    """The sessions after `since` through `until`; the same in one call or several."""
    for person in world.people.values():
        zone = ZoneInfo(person.zone)
        day, last = since.astimezone(zone).date(), until.astimezone(zone).date()
        scenarios = _scenarios_of(world, person)
        while day <= last:
            for session in _day(world, person, day, zone, scenarios):
                if since < session.created_at <= until:
                    yield session
            day += timedelta(days=1)


def _scenarios_of(world: World, person: WorldPerson) -> tuple[list[str], list[str]]:
    """The ids of five scenarios that a person practices, and of the archived ones."""
    current = [scenario.id for scenario in world.scenarios.values() if not scenario.archived]
    archived = [scenario.id for scenario in world.scenarios.values() if scenario.archived]
    own = current[person.number % len(current)]
    others = [scenario_id for scenario_id in current if scenario_id != own]
    return [own, *_random(person.email).sample(others, 4)], archived


def _day(
    world: World,
    person: WorldPerson,
    day: date,
    zone: ZoneInfo,
    scenarios: tuple[list[str], list[str]],
) -> Iterator[WorldSession]:
    habit = HABITS[person.habit]
    along = 1 + (day - world.now.date()).days / TREND_DAYS
    along = min(MAX_TREND, max(1 - MAX_TREND, along))
    if day.weekday() >= WORKDAYS or not habit.first <= along <= habit.last:
        return
    rng = _random(f"{person.email}:{day}")
    # People with the same habit practice 0.65 to 1.35 times as often.
    usual = habit.per_week / WORKDAYS * (0.65 + (int(person.id, 16) % 71) / 100)
    for number in range(int(usual) + (rng.random() < usual % 1)):
        clock = time(rng.choice(HOURS), rng.randrange(60), rng.randrange(60))
        scenario_id = rng.choice(scenarios[along < 0.3 and rng.random() < 0.12])
        expected = habit.base + habit.trend * along + world.scenarios[scenario_id].ease
        at = datetime.combine(day, clock, zone).astimezone(UTC)
        id_ = stable_id("session", f"{person.email}:{day}:{number}")
        yield WorldSession(id_, person.id, scenario_id, *_result(rng, expected), at)


def _result(
    rng: random.Random, expected: float
) -> tuple[float | None, str | None, int | None, bool]:
    """Score, rank, duration in seconds, and whether the attempt is valid."""
    seconds = round(min(1500.0, max(75.0, rng.gauss(420, 140))))
    chance = rng.random()
    if chance < 0.04:  # left early
        return None, None, rng.choice((None, rng.randrange(5, 75))), False
    if chance < 0.05:  # completed but not graded
        return None, None, seconds, False
    score = round(min(100.0, max(0.0, rng.gauss(expected, 5))), 1)
    # In Exec's example 82.5 is gold, so the bot must not derive ranks from scores.
    shift = rng.choice((-9.0, 9.0)) if rng.random() < 0.08 else 0.0
    return score, rank_of(score + shift), seconds, True


def _random(key: str) -> random.Random:
    return random.Random(f"7:{key}")  # noqa: S311 - not for secrets


def assignments(world: World) -> Iterator[WorldAssignment]:
    """The programs of two groups, and one assignment for each of the first people."""
    noon = world.now.replace(hour=12, minute=0, second=0)

    def task(
        person: WorldPerson, scenario: str, since: int, row: Mapping[str, Any]
    ) -> WorldAssignment:
        """An assignment from a row of world.yaml; `since` and `due` are in weeks from now."""
        due = row.get("due")
        program = row.get("program")
        return WorldAssignment(
            stable_id("assignment", f"{program}:{person.id}:{scenario}"),
            person.id,
            world.scenario(scenario).id,
            None if due is None else noon + timedelta(weeks=due),
            row.get("least", 1),
            row.get("most"),
            row.get("rank"),
            None if program is None else world.program(program).id,
            noon + timedelta(weeks=since),
        )

    for name, row in TABLES["programs"].items():
        for person in world.roster(row["group"]):
            for scenario in row["scenarios"]:
                yield task(person, scenario, row["since"], {**row, "program": name})
    visible = [item for item in world.scenarios.values() if item.visibility == "workspace"]
    current = [item.id for item in visible if not item.archived]
    since = noon + timedelta(weeks=SINGLE_SINCE)
    recent = [row for row in world.sessions if row.created_at >= since and row.is_valid_attempt]
    practiced = {(row.user_id, row.scenario_id) for row in recent}
    people = [member for member in world.members.values() if not member.is_system][
        :SINGLE_ASSIGNMENTS
    ]
    for person, row in zip(people, cycle(TABLES["tasks"]), strict=False):
        is_known = row.get("known", False)
        choices = [id_ for id_ in current if ((person.id, id_) in practiced) == is_known]
        if choices:
            yield task(person, choices[person.number % len(choices)], SINGLE_SINCE, row)
