"""Reading words from left to right: where a reader is, and what has been understood so far."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import ParseError, Suggestion
from bot.language.query import Kind, Member, Named, Query
from bot.language.text import Token, TokenForm, fold, key, shortened, without_ids, written

UNKNOWN = "I don't know `{word}`. Did you mean *{near}*?"
SHOW_HELP = Suggestion("Show the help", "help")
LONGEST_NAME = 12  # words of a name without quotes

TextSpan = tuple[int, int]  # start and end in the cleaned text, in characters


@dataclass(slots=True)
class Cursor:
    """A position in words that are being read, and what they have said so far.

    `values` are what was said, by slot; `spans` are the words that said so. `lead` stands before
    the words in a whole command, for suggestions.
    """

    text: str
    tokens: tuple[Token, ...]
    lead: str
    at: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, TextSpan] = field(default_factory=dict)

    @property
    def token(self) -> Token:
        """The token at the cursor."""
        return self.tokens[self.at]

    @property
    def rest(self) -> tuple[Token, ...]:
        """The tokens from here on."""
        return self.tokens[self.at :]

    def word(self, ahead: int = 0) -> str:
        """The word here, or some words ahead, in lower case; "" where there is none."""
        index = self.at + ahead
        return self.tokens[index].folded if index < len(self.tokens) else ""

    def plain_words(self, skip: int = 0) -> list[str]:
        """The next words that may be one name: up to a mention, a quoted name or a listed word."""
        words: list[str] = []
        for token in self.rest[skip : skip + LONGEST_NAME]:
            if token.form is not TokenForm.WORD or (token.listed and (words or skip)):
                break
            words.append(token.text)
        return words

    def match(self, pattern: re.Pattern[str]) -> tuple[re.Match[str], int] | None:
        """What the pattern matches here, if that is whole words, and how many words."""
        found = pattern.match(self.text, self.token.start)
        if found is None:
            return None
        ends = [token.end for token in self.rest]
        return (found, ends.index(found.end()) + 1) if found.end() in ends else None

    def span(self, count: int = 1, skip: int = 0) -> TextSpan:
        """Where the next words are in the text."""
        taken = self.rest[skip : skip + count]
        return taken[0].start, taken[-1].end

    def typed(self, span: TextSpan) -> str:
        """The words at that place, as typed."""
        return self.text[slice(*span)]

    def take(self, count: int) -> TextSpan:
        """Go past the next words."""
        span = self.span(count)
        self.at += count
        return span

    def once(self, slot: str, value: Any, count: int) -> None:
        """Fill a slot that can have one value only, from the next words. Raises ParseError."""
        span = self.span(count)
        if slot in self.spans and self.values[slot] != value:
            raise self.conflict(self.spans[slot], span)
        self.values[slot], self.spans[slot] = value, self.take(count)

    def problem(
        self,
        pattern: str,
        *,
        count: int = 1,
        skip: int = 0,
        instead: Sequence[str] = (),
        **fields: str,
    ) -> ParseError:
        """An error about the next words, with replacements for them."""
        return self.problem_at(self.span(count, skip), pattern, instead, **fields)

    def problem_at(
        self, span: TextSpan, pattern: str, instead: Sequence[str] = (), **fields: str
    ) -> ParseError:
        """An error about the words at that place; "" among the replacements leaves them out."""
        return ParseError(
            pattern,
            start=span[0],
            end=span[1],
            suggestions=tuple(
                self.suggestion(words or "Leave it out", span, words) for words in instead
            ),
            **{"word": shortened(without_ids(self.typed(span))), **fields},
        )

    def conflict(
        self,
        first: TextSpan,
        second: TextSpan,
        pattern: str = "`{first}` and `{second}` do not go together. Keep one of them.",
    ) -> ParseError:
        """An error about words at two places of which only one can stay; each can be kept."""
        one, other = self.typed(first), self.typed(second)
        return ParseError(
            pattern,
            start=second[0],
            end=second[1],
            suggestions=(
                self.suggestion(one, second, ""),
                self.suggestion(other, first, ""),
            ),
            first=shortened(without_ids(one)),
            second=shortened(without_ids(other)),
        )

    def suggestion(self, label: str, span: TextSpan, words: str) -> Suggestion:
        """The whole command with other words at that place; "" leaves them out."""
        before, after = self.text[: span[0]], self.text[span[1] :]
        if not words:
            before, after = before.rstrip(" ,"), after.lstrip(" ,")
            # An "or" beside what is dropped would join nothing.
            before, after = before.removesuffix(" or"), f" {after.removeprefix('or ')}"
        return Suggestion(
            shortened(without_ids(label)),
            f"{self.lead} {written((before + words + after).strip())}".strip(),
        )


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Known names, all of which may be offered to the asker. Made by `Vocabulary.of`.

    `names` are by kind, None for people; they map what spellings have in common (`text.key`) to
    the name as it is shown. A thing has its name, slug and id. `members` are the people.
    """

    names: Mapping[Kind | None, Mapping[str, str]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    members: tuple[Member, ...] = ()

    @classmethod
    def of(cls, things: Iterable[Named] = (), people: Iterable[Member] = ()) -> Vocabulary:
        """The vocabulary of these things and of these people's names."""
        names: dict[Kind | None, dict[str, str]] = {}
        for thing in things:
            for spelling in filter(None, (thing.name, thing.slug, thing.id)):
                names.setdefault(thing.kind, {})[key(spelling)] = thing.name
        members = tuple(people)
        names[None] = {key(member.name): member.name for member in members if member.name}
        return cls(names, members)

    def of_kind(self, kind: Kind) -> list[str]:
        """The names of the things of one kind."""
        return [name for name in dict.fromkeys(self.names.get(kind, {}).values()) if name]

    def longest(self, kind: Kind | None, words: Sequence[str]) -> int:
        """How many of the words make the longest name of that kind; 0 if they begin with none."""
        return _longest(self.names.get(kind, {}), words)[0]

    def known_as(self, words: Sequence[str]) -> tuple[tuple[Kind | None, str, int], ...]:
        """Things and people (kind None) whose names the words begin with: kind, name, words."""
        found = ((kind, *_longest(names, words)) for kind, names in self.names.items())
        return tuple((kind, name, count) for kind, count, name in found if count)

    def called(self, words: Sequence[str]) -> tuple[tuple[Member, ...], int]:
        """People whose names (or user names) have the first words as parts, and how many words.

        As many words as are parts of anybody's name, in any case and without accents.
        """
        found, count = self.members, 0
        for word in words[:LONGEST_NAME]:
            part = fold(word.removesuffix("'s"))
            named = tuple(member for member in found if part and part in _parts(member))
            if not named:
                break
            found, count = named, count + 1
        return (found, count) if count else ((), 0)


@dataclass(slots=True)
class QueryCursor(Cursor):
    """The reading of a question; the slots of `values` are the fields of Query.

    `notes` are what a filter remembers between its words. `loose` is the last name without
    quotes: where it starts in the text, and the index of the token after it.
    """

    now: datetime = field(kw_only=True)
    zone: ZoneInfo = field(kw_only=True)
    names: Vocabulary = field(default_factory=Vocabulary, kw_only=True)
    notes: dict[str, Any] = field(default_factory=dict, kw_only=True)
    loose: tuple[int, int] | None = field(default=None, kw_only=True)

    @property
    def query(self) -> Query:
        """The question as understood so far."""
        return Query(**self.values)


def _parts(member: Member) -> tuple[str, ...]:
    return (*fold(member.name).split(), fold(member.email.partition("@")[0]))


def _longest(names: Mapping[str, str], words: Sequence[str]) -> tuple[int, str]:
    best, joined = (0, ""), ""
    for count, word in enumerate(words[:LONGEST_NAME] if names else (), 1):
        joined += key(word)
        if joined in names:
            best = (count, names[joined])
    return best
