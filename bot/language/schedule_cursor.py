"""One reading of a schedule's words: where it is in them, and what it has understood so far."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bot.errors import ParseError, Suggestion
from bot.language.near import MOST
from bot.language.text import Form, Token, shortened, written

Place = tuple[int, int]

_LONGEST_NAME = 4  # "port au prince" has three words


@dataclass(slots=True)
class ScheduleCursor:
    """Where a reading is. `said` holds what fills each slot, `places` which words said so.

    `lead` stands before the words in a whole command. The slots: often (Daily, a number of weeks,
    or "month"), weekday (from Monday, 0), day (of the month), clock (a time), first (a date), zone.
    """

    text: str
    tokens: tuple[Token, ...]
    lead: str
    at: int = 0
    said: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def match(self, pattern: re.Pattern[str]) -> tuple[re.Match[str], int] | None:
        """What the pattern matches here, if that is whole words, and how many words."""
        found = pattern.match(self.text, self.tokens[self.at].start)
        ends = [token.end for token in self.tokens[self.at :]]
        return (found, ends.index(found.end()) + 1) if found and found.end() in ends else None

    def hear(self, slot: str, value: Any, count: int) -> None:
        """Go past the next words, which say this."""
        place = self.place(count)
        if slot in self.said and self.said[slot] != value:
            raise self.conflict(slot, place)
        self.said[slot], self.places[slot] = value, place
        self.at += count

    def place(self, count: int) -> Place:
        """Where the next words are in the text."""
        return self.tokens[self.at].start, self.tokens[self.at + count - 1].end

    def runs(self) -> list[tuple[int, str]]:
        """The next one to four words as they could be one name, the longest first."""
        said: list[str] = []
        for token in self.tokens[self.at :][:_LONGEST_NAME]:
            if token.form is not Form.WORD:
                break
            said.append(token.text)
        return [(count, " ".join(said[:count])) for count in range(len(said), 0, -1)]

    def problem(
        self, pattern: str, place: Place, instead: tuple[str, ...] = (), **fields: str
    ) -> ParseError:
        """An error about the words there, with others that would do in their place, or ""."""
        return ParseError(
            pattern,
            start=place[0],
            end=place[1],
            suggestions=tuple(
                self._way_on(words or "Leave it out", place, words) for words in instead[:MOST]
            ),
            word=shortened(self.text[slice(*place)]),
            **fields,
        )

    def conflict(self, slot: str, place: Place) -> ParseError:
        """An error about the words there and what was said before; each can be kept."""
        one, other = sorted((self.places[slot], place))
        first, second = self.text[slice(*one)], self.text[slice(*other)]
        return ParseError(
            "`{first}` and `{second}` do not go together. Keep one of them.",
            start=place[0],
            end=place[1],
            suggestions=(self._way_on(first, other, ""), self._way_on(second, one, "")),
            first=shortened(first),
            second=shortened(second),
        )

    def _way_on(self, label: str, place: Place, words: str) -> Suggestion:
        before, after = self.text[: place[0]], self.text[place[1] :]
        mended = " ".join(f"{before} {words} {after}".split())
        return Suggestion(shortened(label), f"{self.lead} {written(mended)}".strip())
