"""Exec's answers as frozen dataclasses, validated by pydantic.

Unknown fields are ignored, and a null counts as missing. A row with any other value that can't be
read is left out.

Source of the shapes: Exec's public API description, and GET /sessions as published.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from pydantic import AwareDatetime, BeforeValidator, Field, model_validator

from bot.language.text import without_address

# NUL and lone surrogates: valid in JSON, but not in PostgreSQL.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def _storable(value: Any) -> Any:
    return _UNSTORABLE.sub("", value) if isinstance(value, str) else value


Text = Annotated[str, Field(coerce_numbers_to_str=True), BeforeValidator(_storable)]
Id = Annotated[Text, Field(min_length=1)]
# A larger score or duration is a mistake.
Number = Annotated[float, Field(ge=-1e6, le=1e6)]


class HasId(Protocol):
    """Anything in Exec. Ids are opaque text."""

    @property
    def id(self) -> str: ...


def _name(first: str, last: str, email: str) -> str:
    return without_address(f"{first} {last}".strip() or email) or "Someone"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """The person of a session or an assignment, who may have left the workspace. `id` is "" if Exec
    names nobody."""

    id: Text = ""
    email: Text = ""
    first_name: Text = ""
    last_name: Text = ""

    @property
    def name(self) -> str:
        """First and last name, or else the e-mail address without its domain."""
        return _name(self.first_name, self.last_name, self.email)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A scenario, as a session or an assignment refers to it. `id` is "" if a session has none."""

    id: Text = ""
    name: Text = ""
    slug: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedScenario(Scenario):
    """A scenario as /scenarios lists it. `url` is the page where people practice it. `visibility`
    is "workspace" or "private". `skills` are included on request."""

    url: Text = ""
    difficulty: Text = ""
    visibility: Text = ""
    skills: tuple[Scenario, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One attempt. `rank` is Exec's own word, None while ungraded; scores are from 0 to 100."""

    id: Id
    user: User = User()
    scenario: Scenario = Scenario()
    score: Number | None = None
    rank: Text | None = None
    duration_seconds: Number | None = None
    is_valid_attempt: bool = False
    created_at: AwareDatetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A passage of the conversation, and a better phrasing ("" for none)."""

    quote: Text = ""
    feedback: Text = ""
    suggestion_quote: Text = ""
    grade: Text = ""
    salience: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """An item of a criterion. `grade` is Exec's own word, "" if it has none."""

    name: Text = ""
    grade: Text = ""
    feedback: Text = ""
    feedback_examples: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A criterion of the rubric, with the items that were graded."""

    criterion_name: Text = ""
    items: tuple[Graded, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDetail(Session):
    """One attempt with Exec's feedback; missing parts are ""."""

    outcome_feedback: Text = ""
    positive_feedback: Text = ""
    constructive_feedback: Text = ""
    evaluations: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfPerson:
    """A row about a person, with that person's id."""

    id: Id

    @model_validator(mode="before")
    @classmethod
    def _flatten(cls, row: Any) -> Any:
        user = row.get("user") if isinstance(row, dict) else None
        return {**row, **user} if isinstance(user, dict) else row


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceMember(_OfPerson):
    """A member of the workspace since `created_at`. Exec's schema is flat, but one published
    example nests `user`."""

    email: Text = ""
    first_name: Text = ""
    last_name: Text = ""
    role: Text = "member"
    created_at: AwareDatetime | None = None

    @property
    def name(self) -> str:
        return _name(self.first_name, self.last_name, self.email)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedItem:
    """A group, skill, collection, program or workspace; only skills and collections have a slug."""

    id: Id
    name: Text = ""
    slug: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillSummary:
    """The workspace's proficiency at a skill. `avg_score` and `pct_proficient_plus` cover the
    `scored_participant_count` people with enough observations for a score."""

    participant_count: int = 0
    scored_participant_count: int = 0
    pct_proficient_plus: Number | None = None
    avg_score: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill(NamedItem):
    """A skill. `proficiency_summary` is included on request."""

    proficiency_summary: SkillSummary | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proficiency(_OfPerson):
    """A person's proficiency at a skill; `score` is None with too few observations."""

    score: Number | None = None
    tier: Text = ""
    observation_count: int = 0
    last_practiced_at: AwareDatetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A task to practice a scenario. Only assignments have the names of programs."""

    id: Id
    user: User = User()
    scenario: Scenario = Scenario()
    status: Text = ""
    due_date: AwareDatetime | None = None
    best_score: Number | None = None
    attempt_count: int = 0
    program: NamedItem | None = None
