"""One reading of a question: where it is in the words, and what it has understood so far."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import ParseError, Suggestion
from bot.language.query import Query, Rank
from bot.language.text import Token, shortened, spoken, written
from bot.language.vocabulary import Vocabulary
from bot.language.when import When

Place = tuple[int, int]


@dataclass(slots=True)
class Cursor:
    """Where a reading is. `said` remembers which words filled what, for telling of conflicts."""

    text: str
    tokens: tuple[Token, ...]
    now: datetime
    zone: ZoneInfo
    names: Vocabulary
    at: int = 0
    query: Query = field(default_factory=Query)
    said: dict[str, Place] = field(default_factory=dict)
    when: When | None = None
    loose: tuple[int, int] | None = None  # a name without quotes: its start; the token behind it
    ranks_in: set[Rank] = field(default_factory=set)
    ranks_out: set[Rank] = field(default_factory=set)

    @property
    def token(self) -> Token:
        """The token that the reading stands at."""
        return self.tokens[self.at]

    @property
    def rest(self) -> tuple[Token, ...]:
        """The tokens from here on."""
        return self.tokens[self.at :]

    def word(self, ahead: int = 0) -> str:
        """The word here, or some way ahead, in lower case; "" where there is none."""
        place = self.at + ahead
        return self.tokens[place].folded if place < len(self.tokens) else ""

    def match(self, pattern: re.Pattern[str]) -> tuple[re.Match[str], int] | None:
        """What the pattern matches here, if that is whole words, and how many words."""
        found = pattern.match(self.text, self.token.start)
        if found is None:
            return None
        ends = [token.end for token in self.rest]
        return (found, ends.index(found.end()) + 1) if found.end() in ends else None

    def place(self, count: int = 1, skip: int = 0) -> Place:
        """Where the next words are in the text."""
        taken = self.rest[skip : skip + count]
        return taken[0].start, taken[-1].end

    def at_place(self, place: Place) -> str:
        """The words at that place, as typed."""
        return self.text[place[0] : place[1]]

    def take(self, count: int) -> Place:
        """Go past the next words."""
        place = self.place(count)
        self.at += count
        return place

    def once(self, slot: str, value: Any, count: int) -> None:
        """Set a field that can have one value only, from the next words."""
        place = self.place(count)
        if slot in self.said and getattr(self.query, slot) != value:
            raise self.conflict(self.said[slot], place)
        self.said[slot] = self.take(count)
        self.fill(slot, value)

    def fill(self, slot: str, value: Any) -> None:
        """Set a field of the question."""
        self.query = replace(self.query, **{slot: value})

    def problem(
        self,
        pattern: str,
        *,
        count: int = 1,
        skip: int = 0,
        instead: Sequence[str] = (),
        **fields: str,
    ) -> ParseError:
        """An error about the next words, with words that would do in their place."""
        place = self.place(count, skip)
        return ParseError(
            pattern,
            start=place[0],
            end=place[1],
            suggestions=tuple(self.suggestion(words, place, words) for words in instead),
            **{"word": shortened(spoken(self.at_place(place))), **fields},
        )

    def conflict(
        self,
        first: Place,
        second: Place,
        pattern: str = "`{first}` and `{second}` do not go together. Keep one of them.",
    ) -> ParseError:
        """An error about two places of which only one can stay; each can be kept."""
        one, other = self.at_place(first), self.at_place(second)
        return ParseError(
            pattern,
            start=second[0],
            end=second[1],
            suggestions=(
                self.suggestion(one, second, ""),
                self.suggestion(other, first, ""),
            ),
            first=shortened(spoken(one)),
            second=shortened(spoken(other)),
        )

    def suggestion(self, label: str, place: Place, words: str) -> Suggestion:
        """The whole question with other words at that place."""
        before, after = self.text[: place[0]], self.text[place[1] :]
        if not words:
            before, after = before.rstrip(" ,"), after.lstrip(" ,")
            # An "or" beside what is dropped would join nothing.
            before, after = before.removesuffix(" or"), f" {after.removeprefix('or ')}"
        return Suggestion(
            shortened(spoken(label)),
            f"sessions {written((before + words + after).strip())}".strip(),
        )
