"""Finds names in a text, among those that its writer can see."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.language.query import Kind, Member, Named, NameRef, PersonKind, PersonRef
from bot.language.text import nearest_words, spelled
from bot.language.tokens import Form, Token

Known = Member | Named

LONGEST_NAME = 8  # tokens
_NAMED = (Form.WORD, Form.QUOTED, Form.EMAIL, Form.HANDLE)
_ENOUGH_LETTERS = 8  # of a name, to mean it: "pricing cert"


@dataclass(frozen=True, slots=True)
class Match:
    """The names that match from a token on, and their number of tokens. Several are ambiguous."""

    found: tuple[Known, ...]
    count: int

    def is_named(self, name: str) -> bool:
        """Whether all have exactly this name, ignoring case."""
        return all(each.name.casefold() == name.casefold() for each in self.found)


class NameIndex:
    """All names by their letters and digits: in full, and by their first words; people also by each
    word."""

    def __init__(self, things: Iterable[Named] = (), people: Iterable[Member] = ()) -> None:
        self._whole: dict[str, list[Known]] = {}
        self._parts: dict[str, list[Known]] = {}
        self._words: dict[str, list[Known]] = {}
        everything: list[Known] = [*people, *things]
        for each in everything:
            words = spelled(each.name).split()
            others = (each.email if isinstance(each, Member) else each.slug, each.id)
            for table, spellings in (
                (self._whole, map(_letters, (each.name, *others))),
                (self._parts, _parts(each, words)),
                (self._words, words),
            ):
                for spelling in {*spellings}:
                    table.setdefault(spelling, []).append(each)
        self._whole_sorted = sorted(self._whole)
        self._sorted = sorted({*self._whole, *self._parts})

    def seen_by(self, may_see: Callable[[Known], bool]) -> Names:
        """The names for a reader who can see those that pass the filter."""
        return Names(self, may_see)

    def spelled(self, spelling: str, may_see: Callable[[Known], bool]) -> tuple[Known, ...]:
        """The visible names with this spelling, in full or else in part."""
        for table in (self._whole, self._parts):
            if found := tuple(filter(may_see, table.get(spelling, ()))):
                return found
        return tuple(filter(may_see, self._beginning(spelling)))

    def has_beginning(self, letters: str) -> bool:
        """Whether any spelling begins with these letters."""
        at = bisect_left(self._sorted, letters)
        return at < len(self._sorted) and self._sorted[at].startswith(letters)

    def _beginning(self, letters: str) -> Iterator[Known]:
        """The names that begin with these letters, if they are enough to identify one."""
        at = bisect_left(self._whole_sorted, letters)
        for spelling in self._whole_sorted[at:] if len(letters) >= _ENOUGH_LETTERS else ():
            if not spelling.startswith(letters):
                return
            yield from self._whole[spelling]

    def nearest(self, word: str, may_see: Callable[[Known], bool]) -> tuple[str, ...]:
        """The words of visible names that are nearest to a mistyped one."""
        seen = [each for each, known in self._words.items() if any(map(may_see, known))]
        return nearest_words(word, seen)


@dataclass(frozen=True, slots=True)
class Names:
    """The names that one asker can see. Unless `bare`, a name needs a key or quotation marks."""

    index: NameIndex
    may_see: Callable[[Known], bool]
    bare: bool = True

    def find(self, tokens: Sequence[Token], at: int, kind: Kind | None = None) -> Match | None:
        """The longest name that begins at a token, of this `kind` if given."""
        if not (self.bare or kind) and tokens[at].form is Form.WORD:
            return None
        best: Match | None = None
        spelling = ""
        for count, token in enumerate(tokens[at : at + LONGEST_NAME], 1):
            if token.form not in _NAMED or (count > 1 and _is_end(tokens[at], token)):
                break
            letters = _letters(token.word)
            if not (letters or spelling):
                break  # "&" can't begin a name
            spelling += letters
            if not self.index.has_beginning(spelling.removesuffix("s")):
                break
            found = self._spelled(spelling, kind)
            if not found and len(token.word) > 1:
                found = self._spelled(spelling.removesuffix("s"), kind)
            if found and letters:
                best = Match(found, count)
        return best

    def _spelled(self, spelling: str, kind: Kind | None) -> tuple[Known, ...]:
        if not spelling:
            return ()

        def is_meant(each: Known) -> bool:
            own = each.kind if isinstance(each, Named) else None
            return (kind is None or own is kind) and self.may_see(each)

        return self.index.spelled(spelling, is_meant)

    def nearest(self, word: str) -> tuple[str, ...]:
        """The words of visible names that are nearest to a mistyped one."""
        return self.index.nearest(word, self.may_see)


NO_NAMES = NameIndex().seen_by(lambda _: False)


def reference(known: Known, twins: Sequence[Known] = ()) -> PersonRef | NameRef:
    """An unambiguous reference to a person or thing; `twins` may have the same name."""
    if isinstance(known, Member):
        if known.email:
            return PersonRef(PersonKind.EMAIL, known.email, known.name)
        return PersonRef(PersonKind.PERSON, known.id, known.name)
    alike = sum(
        isinstance(each, Named) and (each.kind, each.name) == (known.kind, known.name)
        for each in twins
    )
    return NameRef(known.kind, known.id if alike > 1 or not known.name else known.name, known.name)


def _is_end(first: Token, token: Token) -> bool:
    """Whether a name has to end before this token."""
    is_other_form = token.form is not Form.WORD or first.form in (Form.QUOTED, Form.EMAIL)
    return is_other_form or token.follows_comma or token.word == "'s"


@lru_cache(maxsize=16_384)
def _letters(text: str) -> str:
    return "".join(c for c in spelled(text) if c.isalnum())


def _parts(known: Known, words: Sequence[str]) -> Iterator[str]:
    """The spellings of parts of a name that mean it."""
    if isinstance(known, Member):
        yield from (_letters(word) for word in words if len(_letters(word)) > 1)
        yield _letters(known.email.partition("@")[0])
        return
    for end in range(1, len(words) + 1):
        letters = _letters("".join(words[:end]))
        if len(letters) > 3 and not letters.isdigit():
            yield letters
    yield _letters(known.name).removesuffix("s")  # "most improved new hire"
    if known.kind is Kind.GROUP and len(words) > 1:
        yield "".join(word[0] for word in words)
