"""A question: Query holds names as people typed them, ResolvedQuery holds ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Rank(StrEnum):
    """Exec's rank bands, best first. Always what the API says, never computed from a score."""

    GOLD = "gold"
    SILVER = "silver"
    BRONZE = "bronze"
    UNRANKED = "unranked"


class Sort(StrEnum):
    """The order of the rows; the value is the word people type."""

    NEWEST = "newest"
    OLDEST = "oldest"
    BEST = "best"
    WORST = "worst"
    LONGEST = "longest"
    SHORTEST = "shortest"


class By(StrEnum):
    """What a report goes by: what it ranks by, or the parts that it splits time into."""

    SESSIONS = "sessions"
    AVERAGE = "average"
    BEST = "best"
    LIFT = "lift"
    TIME = "time"
    GOLD = "gold"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Due(StrEnum):
    """Which assignments: behind their date, ahead of it, not done whatever their date, or done."""

    OVERDUE = "overdue"
    DUE = "due"
    OPEN = "open"
    DONE = "finished"


class Kind(StrEnum):
    """The kinds of things in Exec that a question can be narrowed to by name."""

    GROUP = "group"
    SCENARIO = "scenario"
    SKILL = "skill"
    PROGRAM = "program"
    COLLECTION = "collection"


class PersonKind(StrEnum):
    """How a person was named."""

    ME = "me"
    MINE = "mine"  # the people whom the asker coaches
    SLACK = "slack"  # <@U…>: value is the Slack user id
    USERGROUP = "usergroup"  # <!subteam^S…>: value is the Slack user group id
    EMAIL = "email"
    NAME = "name"  # "Jane Smith"
    HANDLE = "handle"  # a typed @jane that Slack did not turn into a mention
    PERSON = "person"  # an Exec user id


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person, or several (a user group). `label` is what they are called."""

    kind: PersonKind
    value: str = ""
    label: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class NameRef:
    """A group, scenario, skill, program or collection: a name, a slug or an id. `label` is what it
    is called."""

    kind: Kind
    value: str
    label: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from `low` to `high`; None is no bound. An open end leaves the bound itself out."""

    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False

    def __contains__(self, number: float) -> bool:
        if self.low is not None and (number <= self.low if self.low_open else number < self.low):
            return False
        return not (
            self.high is not None
            and (number >= self.high if self.high_open else number > self.high)
        )


@dataclass(frozen=True, slots=True)
class Period:
    """An interval of time: from `start` up to, and without, `end`.

    Both are aware and in the asker's zone (an IANA name, `zone`); None is no bound.
    `closed` marks a rolling period, whose end is a moment ("now") and belongs to it.
    `words` is the canonical text that gives this period again ("last 7d", "march 2026").
    """

    words: str
    zone: str
    start: datetime | None = None
    end: datetime | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What a question says apart from names. The defaults are those of no words."""

    attempt: str = ""  # the id of one session
    ranks: tuple[Rank, ...] = ()  # in Rank's order, without repeats; () is any
    valid: bool | None = None
    score: Range | None = None
    length: Range | None = None  # seconds
    period: Period | None = None
    versus: Period | None = None  # what it is compared with
    sort: Sort = Sort.NEWEST
    limit: int | None = None
    by: By | None = None  # None: as the report usually goes
    due: Due | None = None
    page: int = 1
    include_system: bool = False

    @property
    def is_of_results(self) -> bool:
        """Whether it chooses among sessions by how these went."""
        return bool(self.ranks or self.score or self.length) or self.valid is not None


@dataclass(frozen=True, slots=True)
class Query(Narrowing):
    """A question in names, as people typed them. `left_out` are people, groups and scenarios that
    it is not about."""

    people: tuple[PersonRef, ...] = ()
    names: tuple[NameRef, ...] = ()
    left_out: tuple[PersonRef | NameRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A thing in Exec with a name: a group, scenario, skill, program or collection. `url` is where
    a scenario is practiced, "" where that is not known."""

    kind: Kind
    id: str
    name: str
    slug: str = ""
    url: str = ""


# The role of someone who is no member of the Exec workspace (any more).
REMOVED = "removed"
# Exec's own staff, as its filter exclude_system_users has them. The role "staff" is not that: a
# customer's own people may have it.
_SYSTEM_DOMAIN = "@exec.com"


def is_system(email: str) -> bool:
    """Whether this is the address of Exec's own staff, who are not counted."""
    return email.lower().endswith(_SYSTEM_DOMAIN)


@dataclass(frozen=True, slots=True)
class Member:
    """A person as Exec knows them. `role` is "admin", "staff" or "member"."""

    id: str
    email: str
    name: str
    role: str = "member"

    @property
    def is_removed(self) -> bool:
        """Whether they are in the workspace no longer."""
        return self.role == REMOVED

    @property
    def is_system(self) -> bool:
        """Whether they are of Exec's own staff."""
        return is_system(self.email)


@dataclass(frozen=True, slots=True)
class ResolvedQuery(Narrowing):
    """A question in ids, cut to what its asker may see.

    `people` is None for everyone and a non-empty tuple otherwise: nobody is never written as (),
    which an API parameter would drop and so turn into everyone. `left_out` are people, groups and
    scenarios that it is not about, and `absent` the Exec ids of these people and of those in these
    groups.
    """

    people: tuple[Member, ...] | None
    names: tuple[Named, ...] = ()
    left_out: tuple[Member | Named, ...] = ()
    absent: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.people == ():
            raise ValueError("people is None for everyone, or names at least one person")

    @property
    def groups(self) -> frozenset[str]:
        """The ids of the groups that it is narrowed to."""
        return frozenset(named.id for named in self.names if named.kind is Kind.GROUP)

    @property
    def other_scenarios(self) -> frozenset[str]:
        """The ids of the scenarios that it is not about."""
        return frozenset(
            thing.id
            for thing in self.left_out
            if isinstance(thing, Named) and thing.kind is Kind.SCENARIO
        )

    def is_about(self, scenario_id: str) -> bool:
        """Whether it names this scenario or none, and does not leave it out."""
        named = {each.id for each in self.names if each.kind is Kind.SCENARIO}
        return scenario_id not in self.other_scenarios and (not named or scenario_id in named)
