"""Questions: a Query has names as typed, and a ResolvedQuery has ids."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias

from bot.language.text import quoted

_BARE_EMAIL = re.compile(r"\w+(?:[.+-]\w+)*@\w+(?:[.-]\w+)*\.\w+", re.ASCII)

# The people whose practice somebody can see.
Sees: TypeAlias = Literal["own", "people", "everybody"]


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
    """The metric of a ranking, or the parts of a trend."""

    SESSIONS = "sessions"
    AVERAGE = "average"
    BEST = "best"
    LIFT = "lift"
    TIME = "time"
    GOLD = "gold"
    PRACTICED = "practiced"
    CHANGE = "change"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Due(StrEnum):
    """A filter of assignments: overdue, due later, not done, or done."""

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
    MINE = "mine"  # the people that the asker coaches
    SLACK = "slack"  # <@U…>: value is the Slack user id
    USERGROUP = "usergroup"  # <!subteam^S…>: value is the Slack user group id
    EMAIL = "email"
    NAME = "name"  # "Jane Smith"
    HANDLE = "handle"  # a typed @jane that Slack didn't turn into a mention
    PERSON = "person"  # an Exec user id


# References to a set of people that changes over time.
CHANGING = (PersonKind.MINE, PersonKind.USERGROUP)


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person, or several (a user group). `label` is their name."""

    kind: PersonKind
    value: str = ""
    label: str = field(default="", compare=False)

    @property
    def shown(self) -> str:
        """The text in an answer."""
        match self.kind:
            case PersonKind.ME:
                return "me"
            case PersonKind.MINE:
                return "your people"
            case PersonKind.SLACK | PersonKind.USERGROUP | PersonKind.HANDLE:
                return f"@{self.label.removeprefix('@') or self.value}"
        return self.label or self.value

    @property
    def words(self) -> str:
        """The canonical words for it."""
        match self.kind:
            case PersonKind.ME:
                return "me"
            case PersonKind.MINE:
                return "my people"
            case PersonKind.SLACK | PersonKind.USERGROUP:
                lead = "@" if self.kind is PersonKind.SLACK else "!subteam^"
                label = re.sub(r"[<>|]", "", self.label)
                return f"<{lead}{self.value}{f'|{label}' if label else ''}>"
            case PersonKind.EMAIL if _BARE_EMAIL.fullmatch(self.value):
                return self.value
        keys = {PersonKind.EMAIL: "email:", PersonKind.PERSON: "id:", PersonKind.HANDLE: "@"}
        return keys.get(self.kind, "") + quoted(self.value)


@dataclass(frozen=True, slots=True)
class NameRef:
    """A group, scenario, skill, program or collection, by name, slug or id. `label` is its name."""

    kind: Kind
    value: str
    label: str = field(default="", compare=False)

    @property
    def shown(self) -> str:
        """The text in an answer."""
        return self.label or self.value

    @property
    def words(self) -> str:
        """The canonical words for it."""
        return f"{self.kind.value}:{quoted(self.value)}"


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from `low` to `high`; None is no bound. An open end excludes the bound."""

    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """An interval of time from `start` to `end`, without `end`.

    Both are aware and in the asker's zone (an IANA name, `zone`); None is no bound. A rolling
    period is `closed`: its end is a moment ("now") that belongs to it. `words` are canonical ("last
    7d", "march 2026").
    """

    words: str
    zone: str
    start: datetime | None = None
    end: datetime | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """The filters of a question besides names. The defaults are no filters."""

    attempt: str = ""  # the id of one session
    ranks: tuple[Rank, ...] = ()  # in Rank's order, without repeats; () is any
    valid: bool | None = None
    score: Range | None = None
    length: Range | None = None  # seconds
    period: Period | None = None
    versus: Period | None = None  # to compare with `period`
    sort: Sort = Sort.NEWEST
    limit: int | None = None
    by: By | None = None  # None: the default of the report
    due: Due | None = None
    page: int = 1
    include_system: bool = False


@dataclass(frozen=True, slots=True)
class Query(Narrowing):
    """A question in names as typed. `left_out` are the excluded people, groups and scenarios."""

    people: tuple[PersonRef, ...] = ()
    names: tuple[NameRef, ...] = ()
    left_out: tuple[PersonRef | NameRef, ...] = ()

    @property
    def groups(self) -> tuple[NameRef, ...]:
        """Its groups."""
        return tuple(ref for ref in self.names if ref.kind is Kind.GROUP)

    @property
    def things(self) -> tuple[NameRef, ...]:
        """Its scenarios, skills, programs and collections."""
        return tuple(ref for ref in self.names if ref.kind is not Kind.GROUP)


@dataclass(frozen=True, slots=True)
class ResolvedName:
    """A group, scenario, skill, program or collection in Exec. `url` is the page where people
    practice a scenario, "" if it isn't known."""

    kind: Kind
    id: str
    name: str
    slug: str = ""
    url: str = ""

    @property
    def shown(self) -> str:
        """The text in an answer."""
        return self.name or self.id


# The role of people who aren't members of the Exec workspace, or left it.
REMOVED = "removed"
# Exec's own staff, as in its filter exclude_system_users. Not the role "staff", which a customer's
# people can have.
_SYSTEM_DOMAIN = "@exec.com"


def is_system(email: str) -> bool:
    """Whether an address belongs to Exec's own staff, who aren't counted."""
    return email.lower().endswith(_SYSTEM_DOMAIN)


@dataclass(frozen=True, slots=True)
class Member:
    """A person in Exec. `role` is "admin", "staff", "member", or "removed"."""

    id: str
    email: str
    name: str
    role: str = "member"

    @property
    def shown(self) -> str:
        """The text for them in an answer."""
        return self.name or self.email or self.id

    @property
    def is_removed(self) -> bool:
        """Whether they aren't in the workspace."""
        return self.role == REMOVED

    @property
    def is_system(self) -> bool:
        """Whether the person belongs to Exec's own staff."""
        return is_system(self.email)


@dataclass(frozen=True, slots=True)
class ResolvedQuery(Narrowing):
    """A question in ids, reduced to what its asker can see.

    `people` is None for everyone, and never empty: an empty API parameter would be dropped, which
    means everyone. `left_out` are the excluded people, groups and scenarios, and `absent` the Exec
    ids of the excluded people and of everyone in the excluded groups.
    """

    people: tuple[Member, ...] | None
    names: tuple[ResolvedName, ...] = ()
    left_out: tuple[Member | ResolvedName, ...] = ()
    absent: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.people == ():
            raise ValueError("people is None for everyone, or names at least one person")

    @property
    def groups(self) -> frozenset[str]:
        """The ids of its groups."""
        return frozenset(named.id for named in self.names if named.kind is Kind.GROUP)

    @property
    def excluded_scenarios(self) -> frozenset[str]:
        """The ids of the excluded scenarios."""
        return frozenset(
            thing.id
            for thing in self.left_out
            if isinstance(thing, ResolvedName) and thing.kind is Kind.SCENARIO
        )
