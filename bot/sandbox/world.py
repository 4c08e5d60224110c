"""A company that practises in Exec, made up from a seed and a moment, and its life going on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from bot.sandbox.world_life import (
    LATEST,
    Setting,
    build_assignments,
    build_sessions,
    build_setting,
    later_sessions,
    score_late,
)
from bot.sandbox.world_things import (
    RANKS,
    Bundle,
    Group,
    Person,
    Program,
    Scenario,
    Session,
    Sessions,
    band,
    between,
    stable_id,
)

BY_SCORE = "by score"
FEWEST_DAYS = 7


class _Thing(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=_Thing)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("moments in the world are aware")
    return moment.astimezone(UTC)


def _find(things: Mapping[str, T], wanted: str) -> T:
    """By id or by exact name."""
    found = things.get(wanted) or next((t for t in things.values() if t.name == wanted), None)
    if found is None:
        raise KeyError(wanted)
    return found


class World:
    """Everything that Exec holds of one workspace.

    `people` are all persons by id, `members` those who are still in the workspace, `rosters`
    the ids of a group's members by the group's id. `version` grows with every change.
    """

    def __init__(self, setting: Setting, sessions: Sessions, now: datetime) -> None:
        self.seed = setting.seed
        self.now = now
        self.workspace = setting.workspace
        self.people = dict(setting.people)
        self.members = dict(list(setting.people.items())[:-1])
        self.groups = setting.groups
        self.rosters = {group_id: set(ids) for group_id, ids in setting.rosters.items()}
        self.scenarios = setting.scenarios
        self.skills = setting.skills
        self.collections = setting.collections
        self.programs = setting.programs
        self.sessions = sessions
        self.assignments = build_assignments(setting, sessions, now)
        self.version = 0
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
    ) -> World:
        """The same company for the same arguments.

        `people` counts everybody, three from Exec and one removed person included (at least
        9); `days` is how far back sessions go (at least 7); `sessions` is their exact number,
        and None (about 1,200 for 40 people in 90 days) lets the habits decide.
        """
        if days < FEWEST_DAYS:
            raise ValueError(f"a company has at least {FEWEST_DAYS} days")
        moment = _utc(now).replace(microsecond=0)
        setting = build_setting(moment, seed, people)
        index = Sessions()
        index.load(build_sessions(setting, moment, days, sessions))
        return cls(setting, index, moment)

    def person(self, who: str | Person) -> Person:
        """By id, e-mail or full name ("Jane Smith"); the removed are found as well."""
        if isinstance(who, Person):
            return who
        by_email = next((p for p in self.people.values() if p.email == who), None)
        return by_email or _find(self.people, who)

    def scenario(self, what: str | Scenario) -> Scenario:
        """By id, name or slug."""
        if isinstance(what, Scenario):
            return what
        by_slug = next((s for s in self.scenarios.values() if s.slug == what), None)
        return by_slug or _find(self.scenarios, what)

    def group(self, what: str) -> Group:
        return _find(self.groups, what)

    def skill(self, what: str) -> Bundle:
        return _find(self.skills, what)

    def collection(self, what: str) -> Bundle:
        return _find(self.collections, what)

    def program(self, what: str) -> Program:
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
        session_id: str | None = None,
    ) -> Session:
        """A new attempt; without a score it is not graded yet.

        The rank follows from the score unless it is given; `duration` is in seconds; a
        session is valid when it has a score, unless `valid` says otherwise.
        """
        self._added += 1
        session = Session(
            id=session_id or stable_id(self.seed, "added session", self._added),
            user_id=self.person(person).id,
            scenario_id=self.scenario(scenario).id,
            score=score,
            rank=_rank(score, rank),
            duration_seconds=duration,
            is_valid_attempt=score is not None if valid is None else valid,
            created_at=_utc(at),
        )
        self.sessions.add(session)
        self.version += 1
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
        self.version += 1
        return new

    def delete(self, session_id: str) -> Session:
        session = self.sessions.remove(session_id)
        self.version += 1
        return session

    def live_on(self, since: datetime, until: datetime) -> None:
        """Let the time from `since` to `until` pass: those who are still here go on practising,
        and what waited for its grade gets it."""
        waiting = between(self.sessions.all, self.now - LATEST, min(self.now, until - LATEST))
        for session in waiting:
            if session.score is None:
                score = score_late(self._setting, self.now, session)
                self.grade(session.id, score, duration=session.duration_seconds or 300)
        for session in later_sessions(self._setting, self.now, since, until):
            if session.user_id in self.members:
                self.sessions.add(session)
        self.version += 1

    def remove_member(self, who: str | Person) -> Person:
        """Take somebody out of the workspace and its groups; their sessions stay."""
        person = self.person(who)
        del self.members[person.id]
        for roster in self.rosters.values():
            roster.discard(person.id)
        self.version += 1
        return person

    def add_member(
        self,
        first_name: str,
        last_name: str,
        email: str,
        *,
        role: str = "member",
        groups: tuple[str, ...] = (),
        zone: str = "America/New_York",
        at: datetime | None = None,
    ) -> Person:
        """A new member, or one who comes back (known by the e-mail); `groups` are names or ids."""
        known = next((p for p in self.people.values() if p.email == email), None)
        person = Person(
            id=known.id if known else stable_id(self.seed, "user", email),
            membership_id=stable_id(self.seed, "membership", email),
            number=known.number if known else len(self.people),
            email=email,
            first_name=first_name,
            last_name=last_name,
            role=role,
            zone=zone,
            created_at=_utc(at or self.now),
        )
        self.people[person.id] = self.members[person.id] = person
        for group in groups:
            self.rosters[self.group(group).id].add(person.id)
        self.version += 1
        return person


def _rank(score: float | None, rank: str | None) -> str | None:
    if rank == BY_SCORE:
        return None if score is None else band(score)
    if rank is not None and rank not in RANKS:
        raise ValueError(f"no rank {rank!r}")
    return rank
