"""Finds names in a text, among those that its writer can see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.language.query import Kind, Member, NameRef, PersonKind, PersonRef, ResolvedName
from bot.language.text import nearest_words, spelled
from bot.language.tokens import Token, TokenForm

Known = Member | ResolvedName

LONGEST_NAME = 8  # tokens
_NAMED = (TokenForm.WORD, TokenForm.QUOTED, TokenForm.EMAIL, TokenForm.HANDLE)


@dataclass(frozen=True, slots=True)
class Match:
    """The names that match from a token on, and their number of tokens. Several are ambiguous."""

    known: tuple[Known, ...]
    count: int


class NameIndex:
    """All names by their letters and digits: in full, and by their first words; people also by each
    word."""

    def __init__(self, things: Iterable[ResolvedName] = (), people: Iterable[Member] = ()) -> None:
        self.whole: dict[str, list[Known]] = {}
        self.parts: dict[str, list[Known]] = {}
        self.words: dict[str, list[Known]] = {}
        everything: list[Known] = [*people, *things]
        for known in everything:
            words = spelled(known.name).split()
            for table, spellings in (
                (self.whole, map(_letters, whole_names(known))),
                (self.parts, _parts(known, words)),
                (self.words, words),
            ):
                for spelling in {*spellings}:
                    table.setdefault(spelling, []).append(known)

    def seen_by(self, may_see: Callable[[Known], bool]) -> Names:
        """The names for a reader who can see those that pass the filter."""
        return Names(self, may_see)


@dataclass(frozen=True, slots=True)
class Names:
    """The names that one asker can see. Unless `bare`, a name needs a key or quotation marks."""

    index: NameIndex
    may_see: Callable[[Known], bool]
    bare: bool = True

    def find(self, tokens: Sequence[Token], at: int, kind: Kind | None = None) -> Match | None:
        """The longest name that begins at a token, of this `kind` if given."""
        if not (self.bare or kind) and tokens[at].form is TokenForm.WORD:
            return None
        best: Match | None = None
        typed = ""
        for count, token in enumerate(tokens[at : at + LONGEST_NAME], 1):
            if token.form not in _NAMED or (count > 1 and _is_end(tokens[at], token)):
                break
            typed = f"{typed} {token.word}".strip()
            if not _letters(typed):  # "&" can't begin a name
                break
            known = self._called(typed, kind)
            if not known and len(token.word) > 1 and typed.endswith("s"):
                known = self._called(typed.removesuffix("s"), kind)
            if known and _letters(token.word):  # nor end one
                best = Match(known, count)
        return best

    def _called(self, typed: str, kind: Kind | type[Member] | None) -> tuple[Known, ...]:
        """The people and things of a kind with this name, in full or else in part."""

        def is_meant(known: Known) -> bool:
            own = Member if isinstance(known, Member) else known.kind
            return (kind is None or own is kind) and self.may_see(known)

        letters = _letters(typed)
        whole = tuple(filter(is_meant, self.index.whole.get(letters, ())))
        # "jo.an@acme.com" isn't joan@acme.com.
        exact = tuple(
            known for known in whole if spelled(typed) in map(spelled, whole_names(known))
        )
        if exact or not letters:
            return exact
        return whole or tuple(filter(is_meant, self.index.parts.get(letters, ())))

    def things(self, typed: str, kind: Kind) -> tuple[ResolvedName, ...]:
        """The things of a kind with this name, in full or else in part."""
        return tuple(x for x in self._called(typed, kind) if isinstance(x, ResolvedName))

    def people(self, typed: str) -> tuple[Member, ...]:
        """The people with this name, in full or else in part."""
        return tuple(x for x in self._called(typed, Member) if isinstance(x, Member))

    def reference(self, known: Known) -> PersonRef | NameRef:
        """An unambiguous reference to a person or thing."""
        if isinstance(known, Member):
            if known.email:
                return PersonRef(PersonKind.EMAIL, known.email, known.name)
            return PersonRef(PersonKind.PERSON, known.id, known.name)
        is_clear = len(self.things(known.name, known.kind)) == 1
        return NameRef(known.kind, known.name if is_clear else known.id, known.name)

    def nearest(self, word: str) -> tuple[str, ...]:
        """The words of visible names that are nearest to a mistyped one."""
        seen = [
            spelling
            for spelling, known in self.index.words.items()
            if any(map(self.may_see, known))
        ]
        return nearest_words(word, seen)


NO_NAMES = NameIndex().seen_by(lambda _: False)


def whole_names(known: Known) -> tuple[str, ...]:
    """The name, address, slug and id of a person or thing."""
    other = known.email if isinstance(known, Member) else known.slug
    return tuple(filter(None, (known.name, other, known.id)))


def _is_end(first: Token, token: Token) -> bool:
    """Whether a name has to end before this token."""
    is_other_form = token.form is not TokenForm.WORD or first.form in (
        TokenForm.QUOTED,
        TokenForm.EMAIL,
    )
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
        yield "".join(_letters(word)[:1] for word in words)
