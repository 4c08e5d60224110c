"""Gives every token a role: a name, a time, a filter, a known phrase, or unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.language.amounts import find_amount
from bot.language.days import MONTHS, WEEKDAYS
from bot.language.filters import BY_FIELD
from bot.language.name_index import Match, Names
from bot.language.query import Kind, NameRef, PersonKind, PersonRef
from bot.language.times import NAMED_MONTHS, find_time
from bot.language.tokens import Token, TokenForm
from bot.language.vocabulary import CONTEXTS, FieldValue, Role, canonical, find_phrase

_NAME_KEYS = {"team": Kind.GROUP, **{kind.value: kind for kind in Kind}}
_PERSON_KEYS = {"id": PersonKind.PERSON, "email": PersonKind.EMAIL}
_KEYED_FILTERS = ("rank", "score", "length", "duration")
MOST_CHOICES = 4
_LINKS = ("and", "or", "nor", "&")
_ACTIONS = frozenset(["alert", "hide", "nudge", "post"])
_EVERY = f"{'|'.join(WEEKDAYS)}|day|week|month|morning|other|2|second|weekday"
# "every friday at 9"
_SCHEDULE = re.compile(
    rf"(?:every|each) (?:{_EVERY})(?: (?:{_EVERY}|at|on|the|in|weeks|am|pm|noon|evening|afternoon|"
    r"\d{1,2}(?::\d\d)?(?:am|pm)?|\d{1,2}(?:st|nd|rd|th)))*(?= |$)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Tag:
    """A run of tokens with a role. `choices` are its readings if it is ambiguous."""

    role: Role
    tokens: tuple[Token, ...]
    value: Any = ""
    is_left_out: bool = False
    choices: tuple[Tag, ...] = ()

    @property
    def typed(self) -> str:
        """The tokens as typed."""
        text = " ".join(token.typed for token in self.tokens)
        return text.replace(" 's", "'s").replace(": ", ":")

    @property
    def word(self) -> str:
        """The first word of the tag, as the lexicon spells it."""
        return canonical(self.tokens[0].word)


def tag_tokens(tokens: Sequence[Token], names: Names) -> list[Tag]:
    """The tags of a text; each token is in exactly one. Raises ParseError for impossible times and
    numbers."""
    words = [_word(token) for token in tokens]
    if not CONTEXTS["comparing"].isdisjoint(words) and "from" not in words:
        words = ["versus" if word == "to" else word for word in words]  # "this month to last"
    tags: list[Tag] = []
    at = 0
    while at < len(tokens):
        tags.append(_Reading(tokens, words, at, names).longest_tag())
        at += len(tags[-1].tokens)
    tags = _bind_negations(_own_groups(_join_foreign_teams(tags)))
    return _join_unknown(tags)


def _word(token: Token) -> str:
    """The word for look-ups in the tables; "" for a quoted name or a mention."""
    if token.form in (TokenForm.WORD, TokenForm.SIGN):
        return canonical(token.word)
    return token.word if token.form is TokenForm.KEY and token.word in _KEYED_FILTERS else ""


@dataclass(frozen=True, slots=True)
class _Reading:
    """The possible readings that begin at a token."""

    tokens: Sequence[Token]
    words: Sequence[str]
    at: int
    names: Names

    def longest_tag(self) -> Tag:
        """The longest reading of the tokens from here on."""
        words = self.words[self.at :]
        if not words[0]:
            return self._special()
        if schedule := _SCHEDULE.match(" ".join(words)):
            return self._tag(Role.MEANING, schedule[0].count(" ") + 1, "post")
        if amount := find_amount(words):
            return self._tag(Role.FILTER, amount[1], amount[0])
        named = self._name()
        readings = [self._time(words), self._phrase(words), named, self._tag(Role.UNKNOWN, 1)]
        longest = max(
            (reading for reading in readings if reading), key=lambda reading: len(reading.tokens)
        )
        if named and len(named.tokens) == len(longest.tokens):
            return self._name_or_word(named, longest)
        is_month = len(longest.tokens) == 1 and words[0] in NAMED_MONTHS
        if is_month and self._is_at_person_place():
            return self._tag(Role.UNKNOWN, 1)  # May in "how is may doing" is a person who is hidden
        return longest

    def _tag(self, role: Role, count: int, value: Any = "") -> Tag:
        return Tag(role, tuple(self.tokens[self.at : self.at + count]), value)

    def _special(self) -> Tag:
        """A mention, an address, a quoted name, or a key with its name."""
        token = self.tokens[self.at]
        if token.form is TokenForm.KEY:
            has_value = self.at + 1 < len(self.tokens)
            return self._keyed(token.word) if has_value else self._tag(Role.UNKNOWN, 1)
        if token.form is TokenForm.MENTION:
            return self._tag(Role.NAME, 1, PersonRef(PersonKind.SLACK, token.word, token.label))
        if token.form is TokenForm.USER_GROUP:
            return self._tag(Role.NAME, 1, PersonRef(PersonKind.USERGROUP, token.word, token.label))
        if named := self._name():
            return named
        kinds = {
            TokenForm.EMAIL: PersonKind.EMAIL,
            TokenForm.HANDLE: PersonKind.HANDLE,
            TokenForm.QUOTED: PersonKind.NAME,
        }
        if token.form not in kinds or not token.word:
            return self._tag(Role.UNKNOWN, 1)
        return self._tag(Role.NAME, 1, PersonRef(kinds[token.form], token.word))

    def _keyed(self, key: str) -> Tag:
        """ "group:" and the name of a group, "session:" and an id."""
        value = self.tokens[self.at + 1]
        if key in _NAME_KEYS:
            kind = _NAME_KEYS[key]
            if match := self.names.find(self.tokens, self.at + 1, kind):
                return self._named(match, 1)
            is_id = value.form in (TokenForm.MENTION, TokenForm.USER_GROUP)
            name = value.typed if is_id else value.word or value.typed
            return self._tag(Role.NAME, 2, NameRef(kind, name))
        if key in _PERSON_KEYS:
            return self._tag(Role.NAME, 2, PersonRef(_PERSON_KEYS[key], value.word))
        if key == "session":
            return self._tag(Role.FILTER, 2, FieldValue("attempt", value.word, "attempt-id"))
        if value.word.isdecimal() and len(value.word) < 5:
            return self._tag(Role.FILTER, 2, FieldValue("page", max(int(value.word), 1)))
        return self._tag(Role.UNKNOWN, 2)

    def _name(self) -> Tag | None:
        match = self.names.find(self.tokens, self.at)
        return self._named(match) if match else None

    def _named(self, match: Match, before: int = 0) -> Tag:
        # With more matches, people have to type more of the name.
        refs = dict.fromkeys(map(self.names.reference, match.known[:MOST_CHOICES]))
        choices = [self._tag(Role.NAME, before + match.count, ref) for ref in refs]
        return choices[0] if len(choices) == 1 else replace(choices[0], choices=tuple(choices))

    def _time(self, words: Sequence[str]) -> Tag | None:
        time = find_time(words)
        return self._tag(Role.TIME, time[1], time[0]) if time else None

    def _phrase(self, words: Sequence[str]) -> Tag | None:
        if phrase := find_phrase(words):
            (role, value), count = phrase
            return self._tag(role, count, value)
        return None

    def _name_or_word(self, named: Tag, other: Tag) -> Tag:
        """Decides by grammar whether "may" or "best" is a name; otherwise offers both."""
        at, words = self.at, self.words
        before = words[at - 1] if at else ""
        if other is named or other.role is Role.UNKNOWN or words[at] == "will":
            return named
        if words[at] not in MONTHS or before in CONTEXTS["before-month"]:
            return other
        if self._is_at_person_place():
            return named
        return replace(named, choices=(*(named.choices or (named,)), other))

    def _is_at_person_place(self) -> bool:
        before = self.words[self.at - 1] if self.at else ""
        is_owner = "'s" in self.words[self.at + 1 : self.at + 2]
        return is_owner or before in CONTEXTS["before-person"]


def _join_foreign_teams(tags: Sequence[Tag]) -> list[Tag]:
    """Join "Jane's team" into one unknown tag: only the asker's own team is known."""
    result: list[Tag] = []
    for tag in tags:
        owner = result[-2:]
        is_owned = len(owner) == 2 and is_person(owner[0]) and owner[1].typed == "'s"
        if is_owned and _is_people(tag):
            result[-2:] = []
            tag = Tag(Role.UNKNOWN, (*owner[0].tokens, *owner[1].tokens, *tag.tokens))
        result.append(tag)
    return result


def _join_unknown(tags: Sequence[Tag]) -> list[Tag]:
    """Join neighboring unknown words, such as "Zed Smith", into one tag."""
    result: list[Tag] = []
    for tag in tags:
        before = result[-1] if result else tag
        is_next = tag.role is before.role is Role.UNKNOWN and before is not tag
        if is_next and not tag.tokens[0].follows_comma:
            result[-1] = Tag(Role.UNKNOWN, (*before.tokens, *tag.tokens))
        else:
            result.append(tag)
    return result


def _own_groups(tags: Sequence[Tag]) -> list[Tag]:
    """Read "my" in "my new hires", "my best people" and "who's my best" as the asker's people."""
    result = list(tags)
    asks_who = any(tag.role is Role.QUESTION and tag.word == "who" for tag in tags)
    for at, tag in enumerate(tags):
        is_my = tag.role is Role.ME and tag.word in ("my", "mine")
        after = tags[at + 1 : at + 3]
        is_best = asks_who and any(tag.word in ("best", "top", "worst") for tag in after[:1])
        if is_my and (is_best or any(_is_people(x) or is_group(x) for x in after)):
            result[at] = replace(tag, role=Role.OURS)
    return result


def _is_people(tag: Tag) -> bool:
    return tag.role is Role.MEANING and tag.value in ("who-all", "group") and tag.word != "person"


def is_person(tag: Tag) -> bool:
    """Whether a tag names a person."""
    return tag.role is Role.NAME and isinstance(tag.value, PersonRef)


def is_group(tag: Tag) -> bool:
    """Whether a tag names a group."""
    named = tag.value
    return tag.role is Role.NAME and isinstance(named, NameRef) and named.kind is Kind.GROUP


def _is_thing(tag: Tag) -> bool:
    """Whether a tag names a scenario, a skill, a program or a collection."""
    return tag.role is Role.NAME and not is_person(tag) and not is_group(tag)


def _bind_negations(tags: Sequence[Tag]) -> list[Tag]:
    """Mark the tags that a negation leaves out, and turn that negation into filler."""
    result: list[Tag] = []
    negation: int | None = None  # where it is in the result
    for tag in tags:
        if negation is not None and _is_over(result[negation:], tag):
            negation = None
        if tag.role is Role.NEGATION:
            negation = len(result)
        elif negation is not None and _can_leave_out(result[negation], tag):
            result[negation] = replace(result[negation], role=Role.FILLER)
            choices = tuple(replace(choice, is_left_out=True) for choice in tag.choices)
            tag = replace(tag, is_left_out=True, choices=choices)
        result.append(tag)
    return result


def _is_over(since: Sequence[Tag], tag: Tag) -> bool:
    """Whether the negation at the start of `since` ends before a tag.

    "without sam and jane" leaves out both. "without sam in boston", "without sam, cold call", "not
    sam, jane", "not gold jane" and "-sam jane" leave out one.
    """
    negation, before = since[0], since[-1]
    if not any(tag.is_left_out for tag in since):
        return tag.role is not Role.FILLER and not _can_leave_out(negation, tag)
    if negation.typed == "-":
        return True
    if tag.role is Role.FILLER:
        return tag.word not in _LINKS
    if not _can_leave_out(negation, tag):
        return True
    goes_on = tag.tokens[0].follows_comma and _is_thing(before) is _is_thing(tag)
    is_linked = before.role is Role.FILLER or (goes_on and negation.word != "not")
    return not (is_linked or (_is_rank(before) and _is_rank(tag)))


def _is_rank(tag: Tag) -> bool:
    return tag.role is Role.FILTER and tag.value.field == "ranks"


def _can_leave_out(negation: Tag, tag: Tag) -> bool:
    if tag.role is Role.FILTER:
        row = BY_FIELD.get(tag.value.field)
        return row is not None and row.excludable
    if tag.role is Role.MEANING:
        return tag.value in _ACTIONS
    return tag.role in (Role.NAME, Role.PRONOUN) and negation.value == "plain"
