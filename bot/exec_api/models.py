"""What Exec answers, as frozen models. Unknown fields are ignored and nulls tolerated.

A field that may be null or missing has an empty value, and one whose value makes no sense is
read as missing: one odd row must not cost a page of a hundred. Only a row without an id (or a
session without its moment) cannot be read.

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
        # The calendar's first and last hours have no UTC; pydantic understands a ValueError only.
        raise ValueError("a moment outside the calendar") from None


# NUL, and halves of characters: JSON can hold them, PostgreSQL cannot.
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


# The wrap comes last in each list, so that it sees what every other validator refuses.
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
    """Anything of Exec's. Ids are opaque text."""

    @property
    def id(self) -> str: ...


class Model(BaseModel):
    """A thing of which there are few."""

    model_config = _CONFIG

    id: Text = ""


@dataclass_transform(kw_only_default=True, frozen_default=True)
def record(*, slots: bool = True) -> Callable[[type[T]], type[T]]:
    """A thing of which a report makes and reads thousands: an attribute of a model takes five times
    as long to read. It is checked where Exec's answers and stored ones are read, not where we make
    one.

    Only the type checker knows that it is frozen, since that doubles the time to make one.
    """

    def made(cls: type[T]) -> type[T]:
        # Read by pydantic, also of a record inside of something else.
        cls.__pydantic_config__ = _CONFIG  # type: ignore[attr-defined]
        return dataclass(kw_only=True, slots=slots, unsafe_hash=True)(cls)

    return made


def _name(first: str, last: str, email: str) -> str:
    return without_address(f"{first} {last}".strip() or email) or "Someone"


@record()
class User:
    """The person of a session or an assignment; may be no member of the workspace any more.

    `id` is "" where Exec names nobody.
    """

    id: Text = ""
    email: Text = ""
    first_name: Text = ""
    last_name: Text = ""

    @property
    def name(self) -> str:
        """First and last name; where Exec has neither, the e-mail address without its domain."""
        return _name(self.first_name, self.last_name, self.email)


@record()
class Scenario:
    """A scenario: in full from /scenarios, as a reference inside a session or an assignment.

    `id` is "" where a session names none; no row of /scenarios is without one.
    """

    id: Text = ""
    name: Text = ""
    slug: Text = ""


def _is_object(value: Any) -> bool:
    return isinstance(value, dict | BaseModel | User | Scenario)


def _reference(value: Any) -> Any:
    return value if _is_object(value) else {}


def _objects(value: Any) -> list[Any]:
    """The objects of a list: what else stands in it cannot be read."""
    rows = value if isinstance(value, list | tuple) else ()
    return [each for each in rows if _is_object(each)]


UserField = Annotated[User, BeforeValidator(_reference)]
ScenarioField = Annotated[Scenario, BeforeValidator(_reference)]


@record()
class ListedScenario(Scenario):
    """A scenario as /scenarios lists it. `url` is where people practice it; `visibility` is
    "workspace" or "private". `skills` are there if they were asked for."""

    url: Text = ""
    difficulty: Text = ""
    visibility: Text = ""
    skills: Annotated[tuple[Scenario, ...], BeforeValidator(_objects)] = ()


@record()
class Session:
    """One attempt. `rank` is Exec's own word and None while ungraded; scores run 0 to 100."""

    id: Id
    user: UserField = User()
    scenario: ScenarioField = Scenario()
    score: Number = None
    rank: Word = None
    duration_seconds: Number = None
    is_valid_attempt: Flag = False
    created_at: Instant


class Example(Model):
    """A passage of the conversation, and what might have been said instead ("" for nothing)."""

    quote: Text = ""
    feedback: Text = ""
    suggestion_quote: Text = ""
    grade: Text = ""
    salience: Text = ""


class Graded(Model):
    """An item of a criterion. `grade` is Exec's own word and "" where it has none."""

    name: Text = ""
    grade: Text = ""
    feedback: Text = ""
    feedback_examples: Annotated[tuple[Example, ...], BeforeValidator(_objects)] = ()


class Criterion(Model):
    """A criterion of the rubric, with the items that were graded."""

    criterion_name: Text = ""
    items: Annotated[tuple[Graded, ...], BeforeValidator(_objects)] = ()


# Without slots: no class can have two bases with them, and SessionDetail has Session too.
@record(slots=False)
class Feedback:
    """What Exec says of an attempt; the parts that it does not tell are ""."""

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
    """A member of the workspace, since `created_at`. The schema is flat, one published example
    nests `user`."""

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
            # The user's id, not the membership's: it is the one that sessions carry.
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
    """How everybody in the workspace is at a skill: `avg_score` and `pct_proficient_plus` run over
    the `scored_participant_count` people with observations enough for a score."""

    participant_count: Count = None
    scored_participant_count: Count = None
    pct_proficient_plus: Number = None
    avg_score: Number = None


class Skill(Item):
    """A skill; `proficiency_summary` is there only where it was asked for."""

    proficiency_summary: Annotated[SkillSummary | None, WrapValidator(_none_if_odd)] = None


class Proficiency(Model):
    """How one person is at a skill. `id` is theirs; `score` is None with too few observations."""

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
            # Exec gives such a row no id of its own.
            return {**value, "id": value["user"].get("id")}
        return value


class Program(Model):
    """The program that an assignment belongs to."""

    name: Text = ""


class Assignment(Model):
    """A task to practice a scenario; the only place where a program's name appears."""

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
