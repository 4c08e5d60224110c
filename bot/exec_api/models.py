"""Exec's answers as frozen models.

Unknown fields are ignored. Null, missing and invalid values become empty ones, because one odd row
must not cost a page of a hundred. Only a row without an id, or a session without its time, can't be
read.

Source of the shapes: Exec's public API description, and GET /sessions as published.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Protocol, TypeVar, dataclass_transform

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from bot.language.text import without_address


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        # Pydantic handles only ValueError.
        raise ValueError("a moment outside the calendar") from None


# NUL and lone surrogates: valid in JSON, but not in PostgreSQL.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        return value if isinstance(value, int | float) else ""
    return _UNSTORABLE.sub("", value)


def _finite(value: float | None) -> float | None:
    return value if value is None or math.isfinite(value) else None


def _none_if_odd(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    try:
        return handler(value)
    except ValidationError:
        return None


# The wrap validator comes last, so that it catches the errors of all others.
Id = Annotated[str, Field(min_length=1)]
Text = Annotated[str, BeforeValidator(_text)]
Word = Annotated[str | None, WrapValidator(_none_if_odd)]
Number = Annotated[float | None, AfterValidator(_finite), WrapValidator(_none_if_odd)]
Count = Annotated[int | None, WrapValidator(_none_if_odd)]
Instant = Annotated[datetime, AfterValidator(_utc)]
MaybeInstant = Annotated[Instant | None, WrapValidator(_none_if_odd)]
Parts = Annotated[list[dict[str, Any]] | None, WrapValidator(_none_if_odd)]
Flag = Annotated[bool, BeforeValidator(lambda value: value is True)]


_CONFIG = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)
T = TypeVar("T")


class Thing(Protocol):
    """Anything in Exec. Ids are opaque text."""

    @property
    def id(self) -> str: ...


class Model(BaseModel):
    """A thing that appears in small numbers."""

    model_config = _CONFIG

    id: Text = ""


@dataclass_transform(kw_only_default=True, frozen_default=True)
def record(*, slots: bool = True) -> Callable[[type[T]], type[T]]:
    """A dataclass for things that a report handles by the thousands: reading an attribute of a
    model takes five times as long.

    It is validated when Exec's answers and stored ones are read, not when we make one. It is frozen
    only for the type checker, because frozen dataclasses take twice as long to make.
    """

    def made(cls: type[T]) -> type[T]:
        # Pydantic reads this also for nested records.
        cls.__pydantic_config__ = _CONFIG  # type: ignore[attr-defined]
        return dataclass(kw_only=True, slots=slots, unsafe_hash=True)(cls)

    return made


def _name(first: str, last: str, email: str) -> str:
    return without_address(f"{first} {last}".strip() or email) or "Someone"


@record()
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


@record()
class Scenario:
    """A scenario, as a session or an assignment refers to it. `id` is "" if a session has none."""

    id: Text = ""
    name: Text = ""
    slug: Text = ""


def _is_object(value: Any) -> bool:
    return isinstance(value, dict | BaseModel | User | Scenario)


def _reference(value: Any) -> Any:
    return value if _is_object(value) else {}


def _objects(value: Any) -> list[Any]:
    """The objects in a list, without anything else."""
    rows = value if isinstance(value, list | tuple) else ()
    return [each for each in rows if _is_object(each)]


UserField = Annotated[User, BeforeValidator(_reference)]
ScenarioField = Annotated[Scenario, BeforeValidator(_reference)]


@record()
class ListedScenario(Scenario):
    """A scenario as /scenarios lists it. `url` is the page where people practice it. `visibility`
    is "workspace" or "private". `skills` are included on request."""

    url: Text = ""
    difficulty: Text = ""
    visibility: Text = ""
    skills: Annotated[tuple[Scenario, ...], BeforeValidator(_objects)] = ()


@record()
class Session:
    """One attempt. `rank` is Exec's own word, None while ungraded; scores are from 0 to 100."""

    id: Id
    user: UserField = User()
    scenario: ScenarioField = Scenario()
    score: Number = None
    rank: Word = None
    duration_seconds: Number = None
    is_valid_attempt: Flag = False
    created_at: Instant


class Example(Model):
    """A passage of the conversation, and a better phrasing ("" for none)."""

    quote: Text = ""
    feedback: Text = ""
    suggestion_quote: Text = ""
    grade: Text = ""
    salience: Text = ""


class Graded(Model):
    """An item of a criterion. `grade` is Exec's own word, "" if it has none."""

    name: Text = ""
    grade: Text = ""
    feedback: Text = ""
    feedback_examples: Annotated[tuple[Example, ...], BeforeValidator(_objects)] = ()


class Criterion(Model):
    """A criterion of the rubric, with the items that were graded."""

    criterion_name: Text = ""
    items: Annotated[tuple[Graded, ...], BeforeValidator(_objects)] = ()


# Without slots, because SessionDetail has two bases and only one can have them.
@record(slots=False)
class Feedback:
    """Exec's feedback on an attempt; missing parts are ""."""

    id: Text = ""
    outcome_feedback: Text = ""
    positive_feedback: Text = ""
    constructive_feedback: Text = ""
    evaluations: Annotated[tuple[Criterion, ...], BeforeValidator(_objects)] = ()


@record()
class SessionDetail(Session, Feedback):
    """One attempt with its feedback."""

    transcript: Parts = None


class WorkspaceMember(Model):
    """A member of the workspace since `created_at`. Exec's schema is flat, but one published
    example nests `user`."""

    id: Id
    email: Text = ""
    first_name: Text = ""
    last_name: Text = ""
    role: Annotated[Text, BeforeValidator(lambda value: value or "member")] = "member"
    created_at: MaybeInstant = None

    @model_validator(mode="before")
    @classmethod
    def _flatten(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("user"), dict):
            # The user's id, which sessions have, not that of the membership.
            return {**value, **value["user"]}
        return value

    @property
    def name(self) -> str:
        return _name(self.first_name, self.last_name, self.email)


class Item(Model):
    """A group, skill or collection (groups have no slug)."""

    id: Id
    name: Text = ""
    slug: Text = ""


class SkillSummary(Model):
    """The workspace's proficiency at a skill. `avg_score` and `pct_proficient_plus` cover the
    `scored_participant_count` people with enough observations for a score."""

    participant_count: Count = None
    scored_participant_count: Count = None
    pct_proficient_plus: Number = None
    avg_score: Number = None


class Skill(Item):
    """A skill. `proficiency_summary` is included on request."""

    proficiency_summary: Annotated[SkillSummary | None, WrapValidator(_none_if_odd)] = None


class Proficiency(Model):
    """A person's proficiency at a skill. `id` is the person's; `score` is None with too few
    observations."""

    id: Id
    user: UserField = User()
    score: Number = None
    tier: Text = ""
    observation_count: Count = None
    last_practiced_at: MaybeInstant = None

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("user"), dict):
            # These rows have no id of their own.
            return {**value, "id": value["user"].get("id")}
        return value


class Program(Model):
    """The program that an assignment belongs to."""

    name: Text = ""


class Assignment(Model):
    """A task to practice a scenario. Only assignments have the names of programs."""

    id: Id
    user: UserField = User()
    scenario: ScenarioField = Scenario()
    status: Text = ""
    due_date: MaybeInstant = None
    best_score: Number = None
    best_rank: Word = None
    attempt_count: Annotated[int, BeforeValidator(lambda value: value or 0)] = 0
    attempt_min: Count = None
    attempt_max: Count = None
    rank_min: Word = None
    program: Annotated[Program | None, WrapValidator(_none_if_odd)] = None


class Workspace(Model):
    id: Id
    name: Text = ""
    url_slug: Text = ""
