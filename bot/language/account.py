"""Accounts for every tag of a text: it narrows, the report answers it, or it is left over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.language.filters import RESULTS, used, without
from bot.language.period import EVER, Rolling, When
from bot.language.query import (
    By,
    Due,
    Kind,
    NameRef,
    PersonKind,
    PersonRef,
    Query,
    Range,
    Rank,
    Sort,
)
from bot.language.tags import Tag
from bot.language.times import Clock, combine, relative, step_back
from bot.language.tokens import Form
from bot.language.vocabulary import Role

ME = PersonRef(PersonKind.ME)
MINE = PersonRef(PersonKind.MINE)
_MEETING_REPORTS = frozenset(("prep", "talk"))
_KEYS = {"ranks": "rank", "attempt": "session", "include_system": "system"}
_CALENDAR = ("week", "month", "quarter", "year")
_GREETINGS = {"hello", "thanks"}


@dataclass(frozen=True, slots=True)
class Row:
    """A report or an action, as the reader sees it.

    `also` are other words for it, `takes` the keys of the filters that it honors, and "export" or
    "mine"; `tells` the meanings that it answers although they narrow nothing. `neighbor` takes over
    if a follow-up says what this one doesn't take.
    """

    name: str
    also: tuple[str, ...] = ()
    takes: frozenset[str] = frozenset()
    tells: frozenset[str] = frozenset()
    by: tuple[By, ...] = ()
    neighbor: str = ""
    is_compared: bool = False
    is_action: bool = False
    of_others: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text asks: a report or an action, narrowed by a question. `wants_file`: as a file."""

    row: Row
    query: Query = field(default_factory=Query)
    wants_file: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A reading, and the tags that it can't account for."""

    reading: Reading
    rest: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Accountant:
    """`ours` are those that "we" means; `asks_for_others`: "my" people are more than oneself."""

    clock: Clock
    ours: tuple[PersonRef | NameRef, ...] = ()

    def left_over(self, row: Row, evidence: frozenset[str], tags: Sequence[Tag]) -> tuple[Tag, ...]:
        """The tags that neither narrow this report nor are told by it, whatever the others say."""
        told = row.tells | evidence | _GREETINGS
        return tuple(
            tag for tag in tags if _key(tag) not in row.takes and not _is_told(tag, told, row)
        )

    def draft(self, row: Row, evidence: frozenset[str], tags: Sequence[Tag], base: Query) -> Draft:
        """The question for this report, and the tags that it can't account for."""
        told = row.tells | evidence | _GREETINGS
        is_ahead = "due" in row.takes and not any(tag.word == "overdue" for tag in tags)
        query, rest, wants_file = narrowed_to(base, row), list[Tag](), False
        for tag in tags:
            if tag.role is Role.FILTER and tag.value.field == "export" and "export" in row.takes:
                wants_file = True
                continue
            is_taken = _key(tag) in row.takes
            changed = self._with_tag(query, tag, row, base, is_ahead=is_ahead) if is_taken else None
            if changed is not None:
                query = changed
            elif not _is_told(tag, told, row):
                rest.append(tag)
        if not _has_antecedent(query, tags):
            rest += [tag for tag in tags if tag.role is Role.PRONOUN]
        query = self._finish(query, tags, row)
        if query.due is Due.DONE and query.period is not None:  # Exec doesn't say when
            query = replace(query, period=None)
            rest += [tag for tag in tags if tag.role is Role.TIME]
        if row.is_compared and not _has_two_sides(query):
            rest += [tag for tag in tags if tag.value in ("compare", "improve")] or tags[:1]
        return Draft(Reading(row, query, wants_file), tuple(rest))

    def _with_tag(
        self, query: Query, tag: Tag, row: Row, base: Query, *, is_ahead: bool
    ) -> Query | None:
        """The question with what the tag narrows; None if it can't narrow it."""
        if tag.role is Role.NAME:
            return _with_name(query, tag, base)
        if tag.role is Role.TIME and row.name in _MEETING_REPORTS and _is_of_a_meeting(tag.value):
            return None
        if tag.role is Role.TIME and tag.value is not None:
            return self._with_time(query, tag.value, row, is_ahead)
        if tag.role is Role.FILTER:
            return _with_filter(query, tag, row)
        if tag.role is Role.ME and not row.is_action:
            return _with_ref(query, ME)
        if tag.role is Role.OURS:
            for each in self.ours:
                query = _with_ref(query, each)
            return query
        return None

    def _with_time(self, query: Query, when: When, row: Row, is_ahead: bool) -> Query | None:
        if query.period is None:
            return replace(query, period=self.clock.period(when, is_ahead=is_ahead))
        before = relative(query.period.words)
        if EVER in (before, when) and not row.is_compared:  # "overall, last 90 days"
            when = before if when == EVER else when
            return replace(query, period=self.clock.period(when, is_ahead=is_ahead))
        if both := combine(before, when):
            return replace(query, period=self.clock.period(both, is_ahead=is_ahead))
        if when == before:
            return query
        if row.is_compared and query.versus is None:
            return replace(query, versus=self.clock.period(when))
        return None

    def _finish(self, query: Query, tags: Sequence[Tag], row: Row) -> Query:
        """The question with what its report makes of words that narrow nothing."""
        if row.is_compared:
            return self._with_two_periods(query, tags)
        is_said = "me" not in row.tells and any(
            tag.role is Role.ME and tag.word in ("me", "myself") for tag in tags
        )
        query = _without_default_subject(query, keeps_me=is_said)
        words = {tag.word for tag in tags}
        if By.LIFT in row.by and query.by is None:
            by = _metric(query, tags)
            query = replace(query, by=by, ranks=() if by is By.GOLD else query.ranks)
        elif By.AVERAGE in row.by and query.by is None:  # "my average" of sessions
            meant = {tag.value for tag in tags if tag.role is Role.MEANING}
            found = next((by for by in (By.AVERAGE, By.TIME) if by.value in meant), None)
            query = replace(query, by=found)
        if "due" in row.takes and not row.is_action and query.due is None:
            query = replace(query, due=_state(tags))
        is_of_a_thing = any(ref.kind is not Kind.GROUP for ref in query.names)
        if row.name == "inactive" and query.period is None and ("never" in words or is_of_a_thing):
            return replace(query, period=self.clock.period(relative("all time")))
        return query

    def _with_two_periods(self, query: Query, tags: Sequence[Tag]) -> Query:
        """ "Compared to last month" and "this month vs last" mean this month and last month."""
        if _has_two_sides(query):
            return query
        words = query.period.words if query.period else ""
        lead, _, unit = (words or "this month").partition(" ")
        is_said = bool(words) or {"last", "previous", "before"} & {
            token.word for tag in tags for token in tag.tokens
        }
        if lead in ("this", "last") and unit in _CALENDAR and is_said:
            first, second = relative(f"this {unit}"), relative(f"last {unit}")
            return replace(query, period=self.clock.period(first), versus=self.clock.period(second))
        if words and (earlier := step_back(words)):
            return replace(query, versus=self.clock.period(earlier))
        return query


def _is_of_a_meeting(when: When | None) -> bool:
    """Whether a time is a day, or lies ahead: no period of somebody's practice."""
    if isinstance(when, Rolling):
        return when.ahead
    if when is None or when.first is None:
        return when is None
    is_ahead = when.words.split(" ")[0] in ("next", "tomorrow")
    return is_ahead or (when.first == when.last and when.first.unit == "day")


def _key(tag: Tag) -> str:
    """The key of the filter that a tag is a value of; "" if it narrows nothing."""
    match tag.role:
        case Role.NAME if tag.is_left_out:
            return "without"
        case Role.NAME if isinstance(tag.value, NameRef):
            return tag.value.kind.value
        case Role.NAME | Role.ME:
            return "who"
        case Role.TIME:
            return "period"
        case Role.FILTER:
            field: str = tag.value.field
            return _KEYS.get(field, field)
        case Role.OURS:
            return "mine"
    return ""


def narrowed_to(query: Query, row: Row) -> Query:
    """The question with what the report takes of it."""
    query = without(query, *(key for key in used(query) if key not in row.takes))
    if query.by is not None and query.by not in row.by:
        query = replace(query, by=None)
    if query.by is By.LIFT:
        query = without(query, *RESULTS)
    if "mine" not in row.takes:
        query = replace(query, people=tuple(ref for ref in query.people if ref != MINE))
    return query


def _is_told(tag: Tag, told: frozenset[str], row: Row) -> bool:
    """Whether the report answers these words although they narrow nothing."""
    match tag.role:
        case Role.MEANING:
            return tag.value in told and (not tag.is_left_out or row.name == "stop")
        case Role.NEGATION:
            return "not" in told
        case Role.IDIOM:
            return bool(tag.value == row.name)
        case Role.FILTER:
            is_meaning = tag.value.field in ("sort", "ranks", "due", "limit")
            return is_meaning and not tag.is_left_out and bool(_meanings(tag) & told)
        case Role.TIME:
            is_week = tag.value is not None and tag.value.words in ("this week", "last 7d")
            is_of_now = row.name in _MEETING_REPORTS or row.name == "post"
            return is_of_now or (row.name == "me" and is_week)
        case Role.OURS:
            return "mine" in told or row.is_action
        case Role.ME:
            return "me" in told or row.is_action
        case Role.UNKNOWN:
            return row.name == "post" and tag.tokens[0].form is Form.SPECIAL  # its form asks where
        case _:
            return tag.role is not Role.NAME


def _meanings(tag: Tag) -> set[str]:
    """What a filter says if it doesn't narrow: never its number."""
    facts: set[str] = tag.value.facts()
    return facts - {"limit"} if tag.value.field != "limit" else set()


def _has_antecedent(query: Query, tags: Sequence[Tag]) -> bool:
    """Whether a pronoun can stand for somebody: "sam's last session and his scores"."""
    has_group = any(ref.kind is Kind.GROUP for ref in query.names)
    is_asked = any(
        tag.role is Role.OURS or tag.value in ("who", "who-all", "which") for tag in tags
    )
    return bool(query.people) or has_group or is_asked


def _with_name(query: Query, tag: Tag, base: Query) -> Query | None:
    """The question with or without a name. "Without sam" drops sam from the last question."""
    ref: PersonRef | NameRef = tag.value
    if not tag.is_left_out and ref in base.left_out:  # "with raj again"
        return replace(query, left_out=tuple(each for each in query.left_out if each != ref))
    if not tag.is_left_out:
        return _with_ref(query, ref)
    if isinstance(ref, NameRef) and ref.kind not in (Kind.GROUP, Kind.SCENARIO):
        return None
    if ref in (*base.people, *base.names):
        people = tuple(each for each in query.people if each != ref)
        return replace(
            query, people=people, names=tuple(each for each in query.names if each != ref)
        )
    return replace(query, left_out=tuple(dict.fromkeys((*query.left_out, ref))))


def _with_ref(query: Query, ref: PersonRef | NameRef) -> Query:
    if isinstance(ref, PersonRef):
        return replace(query, people=tuple(dict.fromkeys((*query.people, ref))))
    names = dict.fromkeys((*query.names, ref))
    kinds = tuple(Kind)
    return replace(query, names=tuple(sorted(names, key=lambda each: kinds.index(each.kind))))


def _with_filter(query: Query, tag: Tag, row: Row) -> Query | None:
    """The question with this filter; None for one that the report doesn't take, or for two values
    that don't go together."""
    said = tag.value
    if said.field == "by" and said.value not in row.by:
        return None
    if said.field == "due":
        due = _due(query.due, said.value, tag.is_left_out)
        return replace(query, due=due) if due else None
    if said.field == "ranks":
        ranks = _ranks(query.ranks, said.value, tag.is_left_out)
        return replace(query, ranks=ranks) if ranks else None
    value: Any = not said.value if tag.is_left_out else said.value
    before = getattr(query, said.field)
    if isinstance(value, Range) and before is not None and before != value:
        value = _joined(before, value)
        return None if value is None else replace(query, **{said.field: value})
    usual = getattr(Query(), said.field)
    if before not in (usual, value):
        return None
    changed = replace(query, **{said.field: value})
    order = said.hint.removesuffix("-first")
    if order != said.hint and query.sort is Sort.NEWEST and "sort" in row.takes:
        return replace(changed, sort=Sort(order))
    return changed


def _due(before: Due | None, said: Due, is_left_out: bool) -> Due | None:
    """ "Not finished" is open; what is overdue or due is open, too."""
    if is_left_out:
        said = {Due.DONE: Due.OPEN, Due.OPEN: Due.DONE}.get(said, said)
        if said in (Due.DUE, Due.OVERDUE):
            return None
    if before in (None, said) or (before is Due.OPEN and said is not Due.DONE):
        return said
    return before if said is Due.OPEN and before is not Due.DONE else None


def _state(tags: Sequence[Tag]) -> Due | None:
    """ "Who hasn't finished it" asks for what is open, "who is done" for what is finished."""
    if not {"finish", "done"} & {tag.value for tag in tags if tag.role is Role.MEANING}:
        return None
    if any(tag.role is Role.NEGATION for tag in tags):
        return Due.OPEN
    is_asked = any(tag.role is Role.QUESTION and tag.word in ("who", "which") for tag in tags)
    return Due.DONE if is_asked else None


def _ranks(before: tuple[Rank, ...], said: tuple[Rank, ...], is_left_out: bool) -> tuple[Rank, ...]:
    """ "Gold, silver" is either of them; "not gold, not silver" is neither."""
    if is_left_out:
        return tuple(rank for rank in before or tuple(Rank) if rank not in said)
    return tuple(rank for rank in Rank if rank in (*before, *said))


def _joined(one: Range, other: Range) -> Range | None:
    """Both bounds, if each range has one of them."""
    if one.high is None and other.low is None:
        both = Range(one.low, other.high, one.low_open, other.high_open)
    elif one.low is None and other.high is None:
        both = Range(other.low, one.high, other.low_open, one.high_open)
    else:
        return None
    return both if both.low is None or both.high is None or both.low <= both.high else None


def _without_default_subject(query: Query, *, keeps_me: bool) -> Query:
    """ "My" and "our" say nothing more if somebody is named; "me" does."""
    named = tuple(ref for ref in query.people if ref != MINE and (keeps_me or ref != ME))
    has_group = any(ref.kind is Kind.GROUP for ref in query.names)
    if set(named) - {ME} or has_group:
        return replace(query, people=named)
    return replace(query, people=(MINE,)) if MINE in query.people else query


def _metric(query: Query, tags: Sequence[Tag]) -> By | None:
    """What a leaderboard ranks by, if the text says so."""
    facts: set[str] = set()
    for tag in tags:
        if tag.role is Role.MEANING:
            facts |= {tag.value}
        elif tag.role is Role.FILTER:
            facts |= {tag.value.field, *(token.word.removesuffix("s") for token in tag.tokens)}
    if query.ranks:
        return By.GOLD if query.ranks == (Rank.GOLD,) else By.SESSIONS
    if "sort" in facts and "score" in facts and "average" not in facts:
        return By.BEST
    if "improve" in facts:
        return By.LIFT
    if facts & {"time", "longest"}:
        return By.TIME
    is_of_a_thing = any(ref.kind is not Kind.GROUP for ref in query.names)
    if facts & {"average", "score"} or is_of_a_thing:
        return By.AVERAGE
    return None


def _has_two_sides(query: Query) -> bool:
    kinds = [ref.kind for ref in query.names]
    pairs = (len(query.people), *(kinds.count(kind) for kind in Kind))
    return query.versus is not None or max(pairs) > 1
