"""Accounts for every tag of a text: it is a filter, the report covers it, or it is left over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.language.filters import BY_FIELD, BY_KEY, used, without
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
    Sees,
    Sort,
)
from bot.language.tags import Tag
from bot.language.times import Clock, RollingRange, When, relative, step_back
from bot.language.tokens import TokenForm
from bot.language.vocabulary import Role

ME = PersonRef(PersonKind.ME)
MINE = PersonRef(PersonKind.MINE)
_MEETING_REPORTS = frozenset(("prep", "talk"))
_CALENDAR = ("week", "month", "quarter", "year")
_GREETINGS = {"hello", "thanks"}


@dataclass(frozen=True, slots=True)
class Intent:
    """A report or an action, for the reader.

    `also` are aliases. `takes` are the keys of its filters, plus "export" or "mine". `covers` are
    the meanings that it answers without a filter. `words` are the command of a button for it, if
    that isn't its name, and `offered_to` are those who get one.
    """

    name: str
    also: tuple[str, ...] = ()
    takes: frozenset[str] = frozenset()
    covers: frozenset[str] = frozenset()
    by: tuple[By, ...] = ()
    is_compared: bool = False
    is_action: bool = False
    words: str = ""
    offered_to: frozenset[Sees] = frozenset(("own", "people", "everybody"))


@dataclass(frozen=True, slots=True)
class Reading:
    """The question of a text: a report or an action, with filters. `wants_file`: as a file."""

    intent: Intent
    query: Query = field(default_factory=Query)
    wants_file: bool = False


@dataclass(frozen=True, slots=True)
class Accountant:
    """Makes the question of a report out of tags. `ours` are the people or groups that "we"
    means."""

    clock: Clock
    ours: tuple[PersonRef | NameRef, ...] = ()

    def attempt(
        self, intent: Intent, evidence: frozenset[str], tags: Sequence[Tag], base: Query
    ) -> tuple[Reading, list[Tag]]:
        """The question for this report, and the tags that it doesn't account for."""
        covered = intent.covers | evidence | _GREETINGS
        query, rest = supported(base, intent), list[Tag]()
        for tag in tags:
            changed = self._with_tag(query, tag, tags, intent, base)
            if changed is not None:
                query = changed
            elif not _is_covered(tag, covered, intent):
                rest.append(tag)
        query = self._finish(query, tags, intent)
        wants_file = "export" in intent.takes and any(map(_is_export, tags))
        return Reading(intent, query, wants_file), rest + _unanswered(query, tags, intent)

    def _with_tag(
        self, query: Query, tag: Tag, tags: Sequence[Tag], intent: Intent, base: Query
    ) -> Query | None:
        """The question with the tag as a filter; None if it can't be one."""
        if _key(tag) not in intent.takes:
            return None
        match tag.role:
            case Role.NAME:
                return _with_name(query, tag, base)
            case Role.FILTER:
                return query if _is_export(tag) else _with_filter(query, tag, intent)
            case Role.TIME if tag.value is not None:
                if intent.name in _MEETING_REPORTS and _is_of_a_meeting(tag):
                    return None
                is_ahead = "due" in intent.takes and "overdue" not in {other.word for other in tags}
                return self._with_time(query, tag.value, intent, is_ahead)
            case Role.ME if not intent.is_action:
                return _with_refs(query, ME)
            case Role.OURS:
                return _with_refs(query, *self.ours)
        return None

    def _with_time(self, query: Query, when: When, intent: Intent, is_ahead: bool) -> Query | None:
        if is_ahead and isinstance(when, RollingRange) and when.is_bare:
            when = replace(when, ahead=True)
        if query.period is None:
            return replace(query, period=self.clock.period(when, is_ahead=is_ahead))
        if intent.is_compared and query.versus is None and when != relative(query.period.words):
            return replace(query, versus=self.clock.period(when))
        return query if when == relative(query.period.words) else None

    def _finish(self, query: Query, tags: Sequence[Tag], intent: Intent) -> Query:
        """The question with the effects of words that aren't filters."""
        if intent.is_compared:
            return self._with_two_periods(query, tags)
        query = _without_default_subject(query, tags, intent)
        meant = {tag.value for tag in tags if tag.role is Role.MEANING}
        if By.LIFT in intent.by and query.by is None:
            query = _ranked(query, tags, meant)
        elif By.AVERAGE in intent.by and query.by is None:  # "my average" of sessions
            by = next((by for by in (By.AVERAGE, By.TIME) if by.value in meant), None)
            query = replace(query, by=by)
        if "due" in intent.takes and not intent.is_action and query.due is None:
            query = replace(query, due=_state(tags, meant))
        if query.due is Due.DONE:  # Exec has no date of completion
            query = replace(query, period=None)
        is_ever = bool(query.things) or any(tag.word == "never" for tag in tags)
        if intent.name == "inactive" and query.period is None and is_ever:
            return replace(query, period=self.clock.period(relative("all time")))
        return query

    def _with_two_periods(self, query: Query, tags: Sequence[Tag]) -> Query:
        """ "Compared to last month" and "this month vs last" mean this month and last month."""
        if has_two_sides(query):
            return query
        said = {token.word for tag in tags for token in tag.tokens}
        words = query.period.words if query.period else ""
        if not words and said & {"last", "previous", "before"}:
            words = "this month"
        lead, _, unit = words.partition(" ")
        if lead == "last" and unit in _CALENDAR:
            words = f"this {unit}"
        if earlier := step_back(words):
            first = self.clock.period(relative(words))
            return replace(query, period=first, versus=self.clock.period(earlier))
        return query


def _is_of_a_meeting(tag: Tag) -> bool:
    """Whether a time is that of a meeting, a day or in the future, instead of a practice period."""
    when: When | None = tag.value
    if when is None or tag.word == "in" or when.words.startswith(("next", "tomorrow")):
        return True
    if isinstance(when, RollingRange) or when.first is None:
        return False
    return when.first == when.last and when.first.unit == "day"


def _key(tag: Tag) -> str:
    """The key of a tag's filter; "" if it isn't a filter."""
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
            row = BY_FIELD.get(tag.value.field)
            return row.key if row else "export"
        case Role.OURS:
            return "mine"
    return ""


def supported(query: Query, intent: Intent) -> Query:
    """The question with only the filters that the report takes."""
    query = without(query, *(key for key in used(query) if key not in intent.takes))
    if query.by is not None and query.by not in intent.by:
        query = replace(query, by=None)
    if "mine" not in intent.takes:
        query = replace(query, people=tuple(ref for ref in query.people if ref != MINE))
    return query


def _is_covered(tag: Tag, covered: frozenset[str], intent: Intent) -> bool:
    """Whether the report answers these words without a filter."""
    name = intent.name
    match tag.role:
        case Role.NAME:
            return False
        case Role.MEANING:  # nothing is left out by them, but "no digests" stops digests
            return tag.value in covered and (not tag.is_left_out or name == "stop")
        case Role.FILTER:  # "best" or "overdue" may be what the report is about
            is_topic = tag.value.field in ("sort", "ranks", "due") and not tag.is_left_out
            return is_topic and bool(tag.value.facts() & covered)
        case Role.TIME:  # of the meeting or the post, or the week that `me` is about
            is_week = tag.value is not None and tag.value.words in ("this week", "last 7 days")
            return name in _MEETING_REPORTS or name == "post" or (name == "me" and is_week)
        case Role.NEGATION:
            return "not" in covered
        case Role.IDIOM:
            return bool(tag.value == name)
        case Role.OURS:
            return intent.is_action
        case Role.ME:
            return "me" in covered or intent.is_action
        case Role.UNKNOWN:  # the channel of a post, which its form has
            return name == "post" and tag.tokens[0].form is TokenForm.SPECIAL
        case _:  # words that say nothing, and pronouns
            return True


def _is_export(tag: Tag) -> bool:
    return tag.role is Role.FILTER and tag.value.field == "export"


def _unanswered(query: Query, tags: Sequence[Tag], intent: Intent) -> list[Tag]:
    """The tags that ask for what the question lacks: somebody for a pronoun, the date when an
    assignment was finished, or a second side to compare."""
    lacking: list[Tag] = []
    if not _has_antecedent(query, tags):
        lacking += [tag for tag in tags if tag.role is Role.PRONOUN]
    if query.due is Due.DONE:
        lacking += [tag for tag in tags if tag.role is Role.TIME]
    if intent.is_compared and not has_two_sides(query):
        lacking += [tag for tag in tags if tag.value in ("compare", "improve")] or tags[:1]
    return lacking


def _has_antecedent(query: Query, tags: Sequence[Tag]) -> bool:
    """Whether the question has somebody for a pronoun: "sam's last session and his scores"."""
    is_asked = any(
        tag.role is Role.OURS or tag.value in ("who", "who-all", "which") for tag in tags
    )
    return bool(query.people or query.groups) or is_asked


def _with_name(query: Query, tag: Tag, base: Query) -> Query | None:
    """The question with or without a name. "Without sam" drops sam from the last question."""
    ref: PersonRef | NameRef = tag.value
    if not tag.is_left_out and ref in base.left_out:  # "with raj again"
        return replace(query, left_out=tuple(left for left in query.left_out if left != ref))
    if not tag.is_left_out:
        return _with_refs(query, ref)
    if isinstance(ref, NameRef) and not BY_KEY[ref.kind].excludable:
        return None
    if ref in (*base.people, *base.names):
        people = tuple(person for person in query.people if person != ref)
        names = tuple(thing for thing in query.names if thing != ref)
        return replace(query, people=people, names=names)
    return replace(query, left_out=tuple(dict.fromkeys((*query.left_out, ref))))


def _with_refs(query: Query, *refs: PersonRef | NameRef) -> Query:
    people = [ref for ref in refs if isinstance(ref, PersonRef)]
    names = dict.fromkeys((*query.names, *(ref for ref in refs if isinstance(ref, NameRef))))
    return replace(
        query,
        people=tuple(dict.fromkeys((*query.people, *people))),
        names=tuple(sorted(names, key=lambda thing: tuple(Kind).index(thing.kind))),
    )


def _with_filter(query: Query, tag: Tag, intent: Intent) -> Query | None:
    """The question with this filter; None if the report doesn't take it, or if it contradicts
    another value."""
    part = tag.value
    before, usual = getattr(query, part.field), getattr(Query(), part.field)
    value: Any = part.value
    if part.field == "due":
        value = _due(before, value, tag.is_left_out)
    elif part.field == "ranks":
        value = _ranks(before, value, tag.is_left_out)
    elif isinstance(value, Range) and before not in (None, value):
        value = _joined(before, value)
    else:
        value = not value if tag.is_left_out else value
        if before not in (usual, value):
            return None
    if value in (None, ()) or (part.field == "by" and value not in intent.by):
        return None
    query = replace(query, **{part.field: value})
    order = part.hint.removesuffix("-first")
    if order != part.hint and query.sort is Sort.NEWEST and "sort" in intent.takes:
        return replace(query, sort=Sort(order))
    return query


def _due(before: Due | None, new: Due, is_left_out: bool) -> Due | None:
    """ "Not finished" means open, and what is overdue or due is open, too."""
    opposites = {Due.DONE: Due.OPEN, Due.OPEN: Due.DONE}
    value = opposites.get(new) if is_left_out else new
    if before in (None, value) or (before is Due.OPEN and value is not Due.DONE):
        return value
    return before if value is Due.OPEN and before is not Due.DONE else None


def _state(tags: Sequence[Tag], meant: set[str]) -> Due | None:
    """ "Who hasn't finished it" asks for what is open, "who is done" for what is finished."""
    if not {"finish", "done"} & meant:
        return None
    if any(tag.role is Role.NEGATION for tag in tags):
        return Due.OPEN
    is_asked = any(tag.role is Role.QUESTION and tag.word in ("who", "which") for tag in tags)
    return Due.DONE if is_asked else None


def _ranks(before: tuple[Rank, ...], new: tuple[Rank, ...], is_left_out: bool) -> tuple[Rank, ...]:
    """ "Gold, silver" is either of them; "not gold, not silver" is neither."""
    if is_left_out:
        return tuple(rank for rank in before or tuple(Rank) if rank not in new)
    return tuple(rank for rank in Rank if rank in (*before, *new))


def _joined(first: Range, other: Range) -> Range | None:
    """The range with both bounds, if each has one of them; otherwise None."""
    for low, high in ((first, other), (other, first)):
        is_half = low.high is None is high.low
        if is_half and (low.low or 0) <= (math.inf if high.high is None else high.high):
            return Range(low.low, high.high, low.low_open, high.high_open)
    return None


def _without_default_subject(query: Query, tags: Sequence[Tag], intent: Intent) -> Query:
    """Drop "my" and "our" if somebody is named, but not "me"."""
    keeps_me = "me" not in intent.covers and any(
        tag.role is Role.ME and tag.word in ("me", "myself") for tag in tags
    )
    named = tuple(ref for ref in query.people if ref != MINE and (keeps_me or ref != ME))
    if set(named) - {ME} or query.groups:
        return replace(query, people=named)
    return replace(query, people=(MINE,)) if MINE in query.people else query


def _ranked(query: Query, tags: Sequence[Tag], meant: set[str]) -> Query:
    """The question of a leaderboard, with the metric that the text names."""
    if query.ranks == (Rank.GOLD,):
        return replace(query, by=By.GOLD, ranks=())
    filters = [tag for tag in tags if tag.role is Role.FILTER]
    words = {token.word.removesuffix("s") for tag in filters for token in tag.tokens}
    is_sorted = any(tag.value.field == "sort" for tag in filters)
    metrics = (
        (By.SESSIONS, bool(query.ranks)),
        (By.BEST, is_sorted and "score" in words | meant and "average" not in words | meant),
        (By.LIFT, "improve" in meant),
        (By.TIME, "time" in words | meant or "longest" in words),
        (By.AVERAGE, bool({"average", "score"} & (words | meant) or query.things)),
    )
    return replace(query, by=next((by for by, is_named in metrics if is_named), None))


def has_two_sides(query: Query) -> bool:
    """Whether a question has two sides to compare."""
    kinds = [ref.kind for ref in query.names]
    pairs = (len(query.people), *(kinds.count(kind) for kind in Kind))
    return query.versus is not None or max(pairs) > 1
