"""The things a company in Exec consists of, and as tables who and what this one has.

Moments are aware and in UTC.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

RANKS = ("gold", "silver", "bronze", "unranked")
STATUSES = ("not_started", "in_progress", "completed", "past_due", "did_not_pass")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Workspace:
    id: str
    name: str
    url_slug: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody Exec knows: a member, or one who was removed and left sessions behind.

    `number` counts from 0 in the order of joining the list; `zone` is an IANA name.
    """

    id: str
    membership_id: str
    number: int
    email: str
    first_name: str
    last_name: str
    role: str
    zone: str
    created_at: datetime

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_system(self) -> bool:
        return self.email.endswith("@exec.com")


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Scenario:
    """A roleplay. An archived one is left out of the list of scenarios but keeps its sessions."""

    id: str
    name: str
    slug: str
    url: str
    description: str
    difficulty: str
    visibility: str
    owner_id: str
    archived: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Bundle:
    """A skill or a collection: a name for several scenarios."""

    id: str
    name: str
    slug: str
    description: str
    scenario_ids: frozenset[str]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Program:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """A task to practice. Its status is worked out from the sessions: see `progress`."""

    id: str
    user_id: str
    scenario_id: str
    due_date: datetime | None
    attempt_min: int | None
    attempt_max: int | None
    rank_min: str | None
    program_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an assignment has come at a moment."""

    status: str
    attempt_count: int
    best_score: float | None
    best_rank: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """One attempt. `score` runs 0 to 100 with one decimal; `duration_seconds` is whole."""

    id: str
    user_id: str
    scenario_id: str
    score: float | None
    rank: str | None
    duration_seconds: int | None
    is_valid_attempt: bool
    created_at: datetime

    @property
    def micros(self) -> int:
        """Microseconds since 1970."""
        return (self.created_at - EPOCH) // MICROSECOND


def stable_id(seed: int, kind: str, key: object) -> str:
    """12 hexadecimal characters that depend on the three arguments only."""
    return hashlib.blake2b(f"{seed}:{kind}:{key}".encode(), digest_size=6).hexdigest()


def slugify(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def band(score: float) -> str:
    """The rank of the help pages' bands. Only to make things up: Exec's rank is its own datum."""
    if score >= 90:
        return "gold"
    if score >= 75:
        return "silver"
    return "bronze" if score >= 50 else "unranked"


# All sessions, so that a hundred thousand answer in milliseconds.

AFTER_ANY_ID = "\U0010ffff"


def newest_first(session: Session) -> tuple[int, str]:
    """The key of every list here: newest first, equal moments by id."""
    return (-session.micros, session.id)


class Sessions:
    """All sessions, and lists of them by person; newest first."""

    def __init__(self) -> None:
        self.all: list[Session] = []
        self.by_user: dict[str, list[Session]] = {}
        self._by_id: dict[str, Session] = {}

    def __len__(self) -> int:
        return len(self.all)

    def __iter__(self) -> Iterator[Session]:
        return iter(self.all)

    def __contains__(self, session_id: object) -> bool:
        return session_id in self._by_id

    def __getitem__(self, session_id: str) -> Session:
        return self._by_id[session_id]

    def graded(
        self, user_id: str, scenario_id: str, since: datetime, until: datetime | None = None
    ) -> list[Session]:
        """Somebody's graded attempts at a scenario."""
        return [
            row
            for row in between(self.by_user.get(user_id, []), since, until)
            if row.scenario_id == scenario_id and row.is_valid_attempt and row.score is not None
        ]

    def _lists(self, session: Session) -> tuple[list[Session], ...]:
        return (self.all, self.by_user.setdefault(session.user_id, []))

    def load(self, sessions: Iterable[Session]) -> None:
        """Put many sessions into an empty index at once."""
        for session in sorted(sessions, key=newest_first):
            for rows in self._lists(session):
                rows.append(session)
            self._by_id[session.id] = session

    def add(self, session: Session) -> None:
        for rows in self._lists(session):
            insort(rows, session, key=newest_first)
        self._by_id[session.id] = session

    def replace(self, session: Session) -> None:
        """Swap a session for its newer form: same id, person, scenario and moment."""
        for rows in self._lists(session):
            rows[bisect_left(rows, newest_first(session), key=newest_first)] = session
        self._by_id[session.id] = session

    def remove(self, session_id: str) -> Session:
        session = self._by_id.pop(session_id)
        for rows in self._lists(session):
            del rows[bisect_left(rows, newest_first(session), key=newest_first)]
        return session


def between(
    rows: list[Session], start: datetime | None = None, end: datetime | None = None
) -> list[Session]:
    """The part of a newest-first list created from `start` to `end`, both included."""
    low, high = 0, len(rows)
    if end is not None:
        low = bisect_left(rows, (-((end - EPOCH) // MICROSECOND), ""), key=newest_first)
    if start is not None:
        edge = (-((start - EPOCH) // MICROSECOND), AFTER_ANY_ID)
        high = bisect_right(rows, edge, key=newest_first)
    return rows[low:high]


# How far an assignment has come.


def progress(assignment: Assignment, sessions: Sessions, now: datetime) -> Progress:
    """Status, attempts and best attempt from the valid sessions since the assignment."""
    graded = sessions.graded(assignment.user_id, assignment.scenario_id, assignment.created_at, now)
    best = max(graded, key=lambda row: (row.score or 0.0, row.id), default=None)
    return Progress(
        status=_status(assignment, graded, best, now),
        attempt_count=len(graded),
        best_score=best.score if best else None,
        best_rank=best.rank if best else None,
    )


def _status(
    task: Assignment, graded: Sequence[Session], best: Session | None, now: datetime
) -> str:
    enough = len(graded) >= (task.attempt_min or 1)
    if best is not None and enough and _reaches(best.rank, task.rank_min):
        return "completed"
    if task.attempt_max is not None and len(graded) >= task.attempt_max:
        return "did_not_pass"
    if task.due_date is not None and task.due_date < now:
        return "past_due"
    return "in_progress" if graded else "not_started"


def _reaches(rank: str | None, least: str | None) -> bool:
    if least is None:
        return True
    return rank is not None and RANKS.index(rank) <= RANKS.index(least)


# Who and what the company is made of, as tables. A row is all it takes to add one more.


class PersonRow(NamedTuple):
    """`where` is a key of ZONES; `habit` a key of world.HABITS; `groups` are extra groups."""

    first: str
    last: str
    email: str
    where: str
    habit: str
    groups: tuple[str, ...] = ()
    role: str = "member"


class ScenarioRow(NamedTuple):
    """`ease` is added to every score; `skills` and `collections` are names."""

    name: str
    difficulty: str
    ease: float
    skills: tuple[str, ...]
    collections: tuple[str, ...]
    description: str
    archived: bool = False
    visibility: str = "workspace"


WEST, EAST, CS, NEW, ENT = (
    "West Coast",
    "East Coast",
    "Customer Success",
    "New Hires",
    "Enterprise",
)
GROUPS = (WEST, EAST, CS, NEW, ENT)
PROGRAMS = ("Onboarding 2026", "Pricing Certification")

ZONES = {
    "west": "America/Los_Angeles",
    "east": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "desert": "America/Phoenix",
}

# The first five are the well-known ones; further on an apostrophe and a plus sign inside an
# e-mail, a person with one name only, and two people of the same name wait for careless code.
PEOPLE = (
    PersonRow("Jane", "Smith", "jane", "west", "improving", (ENT,)),
    PersonRow("Bob", "Jones", "bob", "east", "slipping", (ENT,)),
    PersonRow("Ana", "Costa", "ana", "east", "steady", role="admin"),
    PersonRow("Priya", "Nair", "priya", "west", "strong", (CS, ENT)),
    PersonRow("Sam", "Lee", "sam", "west", "idle"),
    PersonRow("José", "Muñoz", "jose.munoz", "central", "improving", (CS,)),
    PersonRow("Siobhán", "O'Brien", "siobhan.o'brien", "east", "strong", (ENT,)),
    PersonRow("Sakura", "Tanaka", "sakura.tanaka", "mountain", "steady", (ENT,)),
    PersonRow("Layla", "Haddad", "layla.haddad", "desert", "improving", (CS,)),
    PersonRow("Marie-Claire", "Dubois-Laurent", "mc.dubois", "central", "steady", (CS,)),
    PersonRow("Zoë", "Müller", "zoe.mueller+west", "west", "improving", (NEW,)),
    PersonRow("Budi", "", "budi", "mountain", "slipping"),
    PersonRow("Alex", "Kim", "alex.kim", "west", "steady"),
    PersonRow("Alex", "Kim", "alex.kim2", "east", "improving", (NEW,)),
    PersonRow("Miguel", "Ángel Ruiz", "miguel.ruiz", "central", "steady", role="admin"),
    PersonRow("Kofi", "Mensah", "kofi.mensah", "east", "never", (NEW,)),
    PersonRow("Ingrid", "Sondergaard", "ingrid.s", "central", "strong", (ENT,)),
    PersonRow("Lukasz", "Wisniewski", "lukasz.w", "central", "slipping", (CS,)),
    PersonRow("Chidi", "Okonkwo", "chidi.okonkwo", "east", "newcomer", (NEW,)),
    PersonRow("Mei", "Chen", "mei.chen", "west", "strong", (ENT,)),
    PersonRow("Dmitri", "Volkov", "dmitri.volkov", "east", "idle"),
    PersonRow("Aoife", "Brennan", "aoife", "central", "newcomer", (NEW, CS)),
    PersonRow("Carlos", "Vega", "carlos.vega", "west", "steady"),
    PersonRow("Fatima", "al-Sayed", "fatima.alsayed", "desert", "steady", (ENT,)),
    PersonRow("Noah", "Williams", "noah.williams", "west", "improving"),
    PersonRow("Emma", "Johansson", "emma.johansson", "central", "idle", (CS,)),
    PersonRow("Raj", "Patel", "raj.patel", "west", "slipping", (ENT,)),
    PersonRow("Olivia", "Brown", "olivia.brown", "east", "improving"),
    PersonRow("Thiago", "Goncalves", "thiago.g", "east", "newcomer", (NEW,)),
    PersonRow("Hannah", "Weiss", "hannah.weiss", "central", "steady", (CS,)),
    PersonRow("Yuki", "Sato", "yuki.sato", "mountain", "improving"),
    PersonRow("Grace", "Achieng", "grace.achieng", "east", "strong"),
    PersonRow("Liam", "Murphy", "liam.murphy", "west", "never"),
    PersonRow("Hoa", "Nguyen", "hoa.nguyen", "west", "steady", (CS,)),
    PersonRow("Victor", "Hugo-Dias", "victor.hd", "east", "slipping", role="staff"),
    PersonRow("Amara", "Diallo", "amara.diallo", "east", "improving", (NEW,)),
)
STAFF = (
    PersonRow("Taylor", "Reed", "taylor", "west", "strong", role="staff"),
    PersonRow("Jordan", "Blake", "jordan", "east", "steady", role="staff"),
    PersonRow("Exec", "Support", "support", "west", "idle", role="staff"),
)
REMOVED = PersonRow("Derek", "Olsen", "derek.olsen", "west", "removed")

# For companies larger than the tables: every pair once, then numbered.
SPARE_FIRST = ("Ada", "Ben", "Cleo", "Dina", "Eli", "Faye", "Gus", "Hugo", "Iris", "Jonas", "Kira")
SPARE_LAST = ("Adler", "Baker", "Castro", "Dalal", "Evans", "Fischer", "Greco", "Haas", "Ito")

SCENARIOS = (
    ScenarioRow(
        "Procurement Discovery",
        "medium",
        2,
        ("Discovery Questions", "Procurement Selling"),
        ("Procurement Scenarios",),
        "Find out how a cautious procurement lead buys.",
    ),
    ScenarioRow(
        "Cold Call Opener",
        "easy",
        4,
        ("Rapport Building",),
        ("Onboarding Basics",),
        "Win the first thirty seconds of a call.",
    ),
    ScenarioRow(
        "Renewal Save",
        "hard",
        -4,
        ("Objection Handling", "Negotiation"),
        ("Customer Conversations",),
        "Keep a customer who has a cheaper offer in hand.",
    ),
    ScenarioRow(
        "Pricing Push-back",
        "hard",
        -5,
        ("Objection Handling", "Negotiation"),
        ("Procurement Scenarios",),
        "Hold the price without losing the room.",
    ),
    ScenarioRow(
        "Security Review",
        "very_hard",
        -8,
        ("Procurement Selling",),
        ("Procurement Scenarios",),
        "Answer a security team that has read everything.",
    ),
    ScenarioRow(
        "Executive Briefing",
        "hard",
        -3,
        ("Storytelling",),
        ("Customer Conversations",),
        "Ten minutes with a chief financial officer.",
    ),
    ScenarioRow(
        "Demo Follow-up",
        "medium",
        1,
        ("Closing", "Rapport Building"),
        ("Onboarding Basics",),
        "Turn a good demo into a next step.",
    ),
    ScenarioRow(
        "Competitor Comparison",
        "medium",
        0,
        ("Objection Handling", "Storytelling"),
        ("Customer Conversations", "Onboarding Basics"),
        "Be fair to the other side and still win.",
    ),
    ScenarioRow(
        "Multi-threading & Champions",
        "medium",
        -1,
        ("Discovery Questions",),
        (),
        "Find the second and third person who cares.",
    ),
    ScenarioRow(
        "Quarterly Business Review",
        "easy",
        3,
        ("Storytelling", "Closing"),
        ("Customer Conversations",),
        "Show a customer what the quarter brought.",
        visibility="private",
    ),
    ScenarioRow(
        "Product Demo 2025",
        "easy",
        3,
        ("Storytelling",),
        (),
        "The old product demo.",
        archived=True,
    ),
)
SKILLS = (
    ("Discovery Questions", "Asking open questions that uncover needs."),
    ("Objection Handling", "Answering objections without losing the thread."),
    ("Negotiation", "Trading rather than giving away."),
    ("Procurement Selling", "Selling to people whose job is buying."),
    ("Rapport Building", "Being somebody worth talking to."),
    ("Storytelling", "Making the point with a story."),
    ("Closing", "Agreeing on what happens next."),
)
COLLECTIONS = (
    ("Procurement Scenarios", "Practice scenarios for procurement conversations."),
    ("Onboarding Basics", "What everybody practices in the first month."),
    ("Customer Conversations", "Staying close to customers."),
)
