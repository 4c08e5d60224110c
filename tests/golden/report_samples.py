"""Reports on made-up people, for the samples of the messages that are drawn from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from bot.exec_api.models import Assignment, Scenario, Session, User
from bot.language.query import Member, Rank
from bot.reports.coach import CoachReport, coach_report
from bot.reports.digest import GroupDigest, group_digest
from bot.reports.each_person import PersonFigures, each_person
from bot.reports.findings import Best
from bot.reports.intervals import Interval, Window, preceding
from bot.reports.me import OwnWeek, own_week

ZONE = "Europe/Berlin"
NOW = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)  # Monday, 9:00 there
MONDAY = datetime(2026, 3, 15, 23, 0, tzinfo=UTC)  # where the week ends there
_WEEK = timedelta(days=7)
KNOWN_SINCE = MONDAY - 10 * _WEEK
_NAMES = (
    *("Jane Smith", "Tomás García", "Sam O'Brien", "Priya Nair", "Bob Jones"),
    *("Ngozi Okafor", "نور حداد", "Ana Costa", "Li Wei", "Zoë Müller"),
)
_HOSTILE = (
    "<!channel> & <@U123>",
    "*bold* _it_ `code` ```",
    "\u202eevil\u202c",
    "x" * 300,
    "👩‍👩‍👧 " * 30,
    '"quoted" \\ {{ view.id }}',
    ":smile: &gt;",
)
_SCENARIOS = ("Procurement Discovery", "Cold Call Opener", "Pricing Push-back", "Renewal Save")


@dataclass(frozen=True, slots=True, eq=False)
class Company:
    """People, their sessions of the last nine weeks, and their assignments.

    Each is made once, and so is what is reported of it.
    """

    people: tuple[Member, ...]
    sessions: tuple[Session, ...]
    assignments: tuple[Assignment, ...]


@cache
def company(count: int = 7, *, hostile: bool = False, active: bool = True) -> Company:
    """So many people, with names that try to break a message if `hostile`.

    Every fourth of them has not practiced in the last week; nobody has unless `active`.
    """
    names = _HOSTILE if hostile else _NAMES
    people = tuple(
        Member(f"u{n}", f"p{n}@acme.com", _name(names, n), "member") for n in range(count)
    )
    rows = tuple(
        session
        for n, person in enumerate(people)
        for week in range(9)
        if active or week
        for session in _sessions(person, n, week, hostile=hostile)
    )
    tasks = tuple(_task(person, n) for n, person in enumerate(people) if n % 3 == 2)
    return Company(people, rows, tasks)


@cache
def window(days: int = 7) -> Window:
    """The days before Monday 16 March 2026, in Berlin."""
    interval = Interval(MONDAY - timedelta(days=days), MONDAY)
    return Window(interval, preceding(interval, ZONE), ZONE, NOW)


@cache
def digest(of: Company, *, days: int = 7, first: bool = False) -> GroupDigest:
    """The digest of all people of the company; nothing earlier is known if it is the `first`."""
    known = None if first else KNOWN_SINCE
    rows = of.sessions
    if first:
        rows = tuple(row for row in rows if row.created_at in window(days).interval)
    return group_digest(
        of.people, rows, of.assignments, window(days), known_since=known, bests=bests(of)
    )


def bests(of: Company) -> tuple[Best, ...]:
    """New personal bests of every third person."""
    names = ("Cold Call", "<Renewal> & Co")
    return tuple(
        Best(person, names[at % 2], 91.9 - at % 40, 78.4 - at % 40)
        for at, person in enumerate(of.people[::3])
    )


@cache
def everyone(of: Company) -> tuple[PersonFigures, ...]:
    """The figures of each person."""
    return each_person(of.people, of.sessions, window().interval, since=KNOWN_SINCE)


@cache
def coach(of: Company, *, nothing: bool = False) -> CoachReport:
    """The report on all people of the company; with nothing to say about anyone on demand."""
    if nothing:
        steady = tuple(replace(row, score=80.0, rank=Rank.SILVER.value) for row in of.sessions)
        return coach_report(of.people[:1], steady, (), window(), since=KNOWN_SINCE)
    joined = frozenset(person.id for person in of.people[6::20])
    return coach_report(
        of.people,
        of.sessions,
        of.assignments,
        window(),
        since=KNOWN_SINCE,
        joined=joined,
        bests=bests(of),
    )


def own(of: Company, at: int = 0, *, asked: bool = True) -> OwnWeek:
    """The own week of the person at a place; of somebody unknown in an empty company.

    Whoever asked for it is also told of the Monday itself.
    """
    person = of.people[at] if of.people else Member("", "new@acme.com", "New Person")
    today = Interval(MONDAY, MONDAY + timedelta(days=1)) if asked else None
    return own_week(person, of.sessions, of.assignments, window(), since=KNOWN_SINCE, today=today)


def _name(names: tuple[str, ...], n: int) -> str:
    again = n // len(names)
    return names[n % len(names)] + (f" {again + 1}" if again else "")


def _sessions(person: Member, n: int, week: int, *, hostile: bool) -> list[Session]:
    if week == 0 and n % 4 == 3:
        return []
    start = MONDAY - (week + 1) * _WEEK
    return [
        _session(person, n, f"{week}.{at}", start + timedelta(days=at, hours=8 + n % 9), hostile)
        for at in range((n + week) % 3 + 2)
    ]


def _session(person: Member, n: int, key: str, at: datetime, hostile: bool) -> Session:
    week, _, nth = key.partition(".")
    # Most people gain over the weeks; every fifth one had a bad last week.
    score = 60.0 + (n * 7) % 20 + (9 - int(week)) * 1.5 + int(nth)
    if n % 5 == 4 and week == "0":
        score -= 18
    place = (n + int(nth) // 2) % len(_SCENARIOS)
    rank = Rank.GOLD if score >= 90 else Rank.SILVER if score >= 75 else Rank.BRONZE
    return Session(
        id=f"{person.id}.{key}",
        user=User(id=person.id, first_name=person.name),
        scenario=Scenario(id=f"c{place}", name=_HOSTILE[place] if hostile else _SCENARIOS[place]),
        score=score,
        rank=rank.value,
        duration_seconds=240.0 + (n * 37 + int(nth) * 60) % 400,
        is_valid_attempt=(n + int(nth)) % 11 != 10,
        created_at=at,
    )


def _task(person: Member, n: int) -> Assignment:
    return Assignment(
        id=f"a{n}",
        user=User(id=person.id, first_name=person.name),
        scenario=Scenario(id=f"c{n % 4}", name=_SCENARIOS[n % 4]),
        status="past_due" if n % 2 else "in_progress",
        due_date=NOW + timedelta(days=-4 if n % 2 else 3, hours=2),
    )
