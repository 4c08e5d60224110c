"""Running text as patterns see it: one spelling for each word, and places for the names that stand
in it without quotes. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from bot.language.cursor import LONGEST_NAME, TextSpan
from bot.language.days import CALENDAR, DAYS, MONTHS, NAMED_MONTHS, WEEKDAYS
from bot.language.filters import FILTERS
from bot.language.filters.names import KEYED
from bot.language.filters.names import ME as SELF
from bot.language.filters.who import EMAIL, PERSON_KEYS, written_person
from bot.language.phrases import (
    COMMON_WORDS,
    SPELLINGS,
    TEAM_NOUNS,
    TEAM_OWNERS,
    vocabulary,
    word_set,
)
from bot.language.query import Kind, Member, Named, PersonKind, PersonRef
from bot.language.text import Token, TokenForm, fold, quoted, tokens

# What stands in place of names.
PERSON, GROUP, SCENARIO, THING = "PERSON", "GROUP", "SCENARIO", "THING"
# The asker, "my team", and "we" or "the team"; the ending of a possessive.
ME, MINE, WE, OWNER = "ME", "MINE", "WE", "'s"
_PLACES = {Kind.GROUP: GROUP, Kind.SCENARIO: SCENARIO}
# The words for kinds of things, which name one only with a colon.
KINDS = {
    word.removesuffix(":"): Kind(row.key)
    for row in FILTERS
    if row.key in tuple(Kind)
    for word in row.words
}
_ASKER_WORDS, _WE_WORDS = frozenset((*SELF, "i")), frozenset(("we", "us", "our", "ours"))
# A word that is one of ours as well is somebody's name after one of these, or before one of those.
_BEFORE_A_NAME = word_set(
    "is did does has was on with w and & n compare prep for about hows show vs versus v will see "
    "seeing meet meeting remind nudge ping ask tell message praise"
)
_AFTER_A_NAME = word_set(
    "- – : is was has did does doing do vs versus v and n last this yesterday today sessions "
    "session scores score progress improving since on"
)
# Verbs that people are called as: nobody is meant where one of these follows.
_VERBS = word_set("chase mark bill sue rob pat skip nick jack frank trace drew hope")
_OBJECTS = word_set("it them up as those these him her everyone all the my our that down")
# A month follows these; "may i" asks for leave, "will jane" about what is to come.
_BEFORE_A_MONTH = word_set(
    "in during since until till before after from to through last next this of mid late early "
    "each every"
)
_BETWEEN_MONTHS = word_set("to - – till until through and or & n vs v versus than")
# Words of ours that people are often called as.
CALLED = frozenset(("will", *NAMED_MONTHS, "jan"))
_ASKING = word_set("i we you me they he she it there")
# What "'s" is short for "is" after.
_BEFORE_IS = frozenset(("what", "who", "how", "where", "when", "that", "it", "there", "here"))
_NOT = re.compile(r"(\w+)n't")
_DAY = re.compile(r"\d+(?:st|nd|rd|th|[-.].*)?")
_POSSESSIVE = ("'s", "'S")

NamedThing = Named | Member
# Things that are also known by how their names begin: "cold call" for "Cold Call Opener".
_SHORTENED = frozenset({Kind.GROUP, Kind.SCENARIO})
_CUT_SHORT = 4  # letters that stand for a whole word after others: "pricing cert"

Seen = Callable[[NamedThing], bool]


@dataclass(frozen=True, slots=True)
class Names:
    """An index of names, by `joined` spelling: whole ones, and parts that stand for them.

    Parts are each word of a person's name, the user name of their address, and the first words of
    a group's or a scenario's name. `words` are single ones of all names, wherever they stand in
    them. Made by `Names.of`, once for many texts.
    """

    whole: Mapping[str, Sequence[NamedThing]]
    parts: Mapping[str, Sequence[NamedThing]]
    words: Mapping[str, Sequence[NamedThing]]

    @classmethod
    def of(cls, things: Iterable[Named], people: Iterable[Member]) -> Names:
        """The index of these things and people."""
        whole: dict[str, list[NamedThing]] = {}
        parts: dict[str, list[NamedThing]] = {}
        each_word: dict[str, list[NamedThing]] = {}
        for thing in things:
            words = fold(thing.name).split()
            _add_to_index(each_word, set(words), thing)
            _add_to_index(whole, {"".join(words), joined(thing.slug)}, thing)
            cut = (
                "".join((*words[:count], words[count][:letters]))
                for count in range(1, len(words))
                for letters in range(_CUT_SHORT, len(words[count]))
            )
            _add_to_index(parts, set(cut), thing)
            if thing.kind in _SHORTENED:
                short = {"".join(words[:count]) for count in range(1, len(words))}
                if len(words) > 2 or thing.kind is Kind.GROUP:
                    short.add("".join(word[0] for word in words))  # "QBR"
                _add_to_index(parts, short, thing)
        for member in people:
            words = fold(member.name).split()
            _add_to_index(each_word, set(words), member)
            _add_to_index(whole, {"".join(words), "".join(reversed(words))}, member)
            typed = member.name.split()
            if len(typed) != len(words):
                words += map(joined, typed)  # "O'Brien" is one word to those who type it
            words.append(joined(member.email.partition("@")[0]))
            _add_to_index(parts, {word for word in words if len(word) > 1}, member)
        return cls(whole, parts, each_word)

    def longest(
        self, words: Sequence[str], seen: Callable[[NamedThing], bool]
    ) -> tuple[int, tuple[NamedThing, ...]]:
        """How many of the `joined` words make the longest name that is `seen`, and whose it is.

        0 if they begin with none. A whole name goes before a part of another.
        """
        best: tuple[int, tuple[NamedThing, ...]] = (0, ())
        spelling = ""
        for count, word in enumerate(words[:LONGEST_NAME], 1):
            if not word:
                break
            spelling += word
            found = self.called(spelling, seen)
            if not found and word.endswith("s"):
                # "alex kims last session", "cold calls", but not "sams"
                found = self.called(spelling[:-1], seen)
                found = tuple(each for each in found if count > 1 or isinstance(each, Named))
            if found:
                best = (count, found)
        return best

    def called(self, spelling: str, seen: Callable[[NamedThing], bool]) -> tuple[NamedThing, ...]:
        """Whose name, or else part of a name, has this `joined` spelling, of those `seen`."""
        for index in (self.whole, self.parts):
            if found := tuple(each for each in index.get(spelling, ()) if seen(each)):
                return found
        return ()

    def have(self, word: str, seen: Seen) -> bool:
        """Whether a word stands in the name of a thing that is `seen`."""
        return any(isinstance(each, Named) and seen(each) for each in self.words.get(word, ()))

    def reference(self, known: NamedThing) -> str:
        """The words that name it in a question, and nothing else."""
        if isinstance(known, Member):
            if known.email:
                return written_person(PersonRef(PersonKind.EMAIL, known.email))
            return written_person(PersonRef(PersonKind.PERSON, known.id))
        alike = [
            each
            for each in self.whole.get(joined(known.name), ())
            if isinstance(each, Named) and each.kind is known.kind
        ]
        name = known.name if len(alike) < 2 else known.id
        return f"{known.kind.value}:{quoted(name)}"


def joined(text: str) -> str:
    """How a name is spelt, without case, accents, spaces and punctuation."""
    return "".join(fold(text).split())


def _add_to_index(
    index: dict[str, list[NamedThing]], spellings: set[str], known: NamedThing
) -> None:
    for spelling in spellings - {""}:
        index.setdefault(spelling, []).append(known)


NO_NAMES = Names.of((), ())


class Unclear(Exception):
    """A name that fits several (`found`), or is a `month` as well; `span` is where it stands in the
    cleaned `text`."""

    def __init__(
        self, text: str, span: TextSpan, found: tuple[NamedThing, ...] = (), month: str = ""
    ) -> None:
        super().__init__()
        self.text, self.span, self.found, self.month = text, span, found, month

    @property
    def typed(self) -> str:
        return self.text[slice(*self.span)]

    def instead(self, reference: str) -> str:
        """The text with other words in place of the name."""
        start, end = self.span
        return f"{self.text[:start]}{reference}{self.text[end:]}"


@dataclass(frozen=True, slots=True)
class WordPiece:
    """A word as patterns see it, and where it stands in the cleaned text.

    `reference` are the words of the language that name what it names, "" for whom nothing need be
    written; None for a word that is no name.
    """

    word: str
    start: int
    end: int
    reference: str | None = None


def pieces(text: str, names: Names, seen: Seen) -> list[WordPiece]:
    """The pieces of cleaned text, with the names that may be `seen`.

    Raises Unclear for a name that fits several.
    """
    found = list(_Reader(text, names, seen).pieces())
    for at, each in enumerate(found):
        beside = [*found[max(at - 1, 0) : at], *found[at + 1 : at + 2]]
        if each.word == "n" and len(beside) == 2 and all(one.reference for one in beside):
            found[at] = replace(each, word="and")  # "raj n priya"
    return found


def may_name_somebody(text: str) -> bool:
    """Whether a word of a text that is none of ours stands where somebody's name would."""
    said = [word.removesuffix("'s").strip("?!.,") for word in text.casefold().split()]
    return any(
        word.isalpha()
        and word not in own_words()
        and (before in _BEFORE_A_NAME or after in _AFTER_A_NAME)
        for before, word, after in zip(["", *said], said, [*said[1:], ""], strict=False)
    )


class _Reader:
    """The reading of one text, token by token."""

    def __init__(self, text: str, names: Names, seen: Seen) -> None:
        self._text, self._names, self._seen = text, names, seen
        self._tokens = tokens(text)
        self._spellings = [_spelling(token) for token in self._tokens]

    def pieces(self) -> Iterator[WordPiece]:
        at = 0
        while at < len(self._tokens):
            if count := self._open_key(at):
                yield self._keyed(at, count)
                at += count
                continue
            if self._tokens[at].folded == "may" and self._following(at) in _ASKING:
                yield WordPiece("can", self._tokens[at].start, self._tokens[at].end, "")
                at += 1
                continue
            count, found = self._name(at)
            if count:
                yield from self._known(at, count, found)
            elif count := self._team(at):
                place = MINE if self._tokens[at].folded in ("my", "our") else WE
                yield WordPiece(place, self._tokens[at].start, self._tokens[at + count - 1].end, "")
            else:
                yield from self._word(self._tokens[at])
            at += count or 1

    def _open_key(self, at: int) -> int:
        """How many words are "group:", or "@", and the name after it; 0 where they are one word."""
        token, following = self._tokens[at], self._tokens[at + 1 : at + 2]
        if token.text == "@" and following and following[0].form is TokenForm.QUOTED:
            return 2 if following[0].glued else 0
        key = token.folded.removesuffix(":")
        if key == token.folded or key not in (*KINDS, *PERSON_KEYS) or not following:
            return 0
        if following[0].form is not TokenForm.WORD:
            return 2 if following[0].form is TokenForm.QUOTED else 0
        if key not in KINDS:
            return 0
        count, found = self._longest(at + 1, self._spellings[at + 1])
        is_its = any(isinstance(each, Named) and each.kind is KINDS[key] for each in found)
        return 1 + (count if is_its else 1)

    def _keyed(self, at: int, count: int) -> WordPiece:
        """The piece for "group:" and the name in the words after it."""
        key = self._tokens[at].folded.removesuffix(":")
        start, name = self._tokens[at].start, self._tokens[at + 1]
        end = self._tokens[at + count - 1].end
        place = _PLACES.get(KINDS[key], THING) if key in KINDS else PERSON
        typed = self._text[start:end]
        if name.form is TokenForm.WORD:
            typed = f"{key}:{quoted(self._text[name.start : end])}"
        return WordPiece(place, start, end, typed)

    def _known(self, at: int, count: int, found: tuple[NamedThing, ...]) -> Iterator[WordPiece]:
        first, last = self._tokens[at], self._tokens[at + count - 1]
        end = last.end - (2 if _is_owner(last) else int(self._is_owner_cut_short(at, count, found)))
        yield self._place(first.start, end, found)
        if end < last.end:
            yield WordPiece(OWNER, end, last.end)

    def _is_owner_cut_short(self, at: int, count: int, found: tuple[NamedThing, ...]) -> bool:
        """Whether it is somebody's, without the apostrophe: "bobs team"."""
        is_person = count == 1 and isinstance(found[0], Member)
        spelling = self._spellings[at]
        return is_person and spelling.endswith("s") and not self._names.called(spelling, self._seen)

    def _word(self, token: Token) -> Iterator[WordPiece]:
        start, end = token.start, token.end
        if token.form is TokenForm.QUOTED:
            found = self._names.called(joined(token.text), self._seen)
            is_known = bool(found) and bool(token.text)
            typed = self._text[start:end]
            yield (
                self._place(start, end, found) if is_known else WordPiece(PERSON, start, end, typed)
            )
        elif token.form in (TokenForm.USER, TokenForm.USERGROUP):
            yield WordPiece(PERSON, start, end, self._text[start:end])
        elif token.form is not TokenForm.WORD:
            yield WordPiece("?", start, end)
        elif _is_owner(token) and token.folded[:-2] in _BEFORE_IS:
            yield from (WordPiece(word, start, end) for word in (token.folded[:-2], "is"))
        elif _is_owner(token):
            yield from self._spelt(token.text[:-2], start, end - 2)
            yield WordPiece(OWNER, end - 2, end)
        else:
            yield from self._spelt(token.text, start, end)

    def _spelt(self, word: str, start: int, end: int) -> Iterator[WordPiece]:
        """The pieces of a word without its possessive ending."""
        folded = word.casefold()
        keyed = KEYED.fullmatch(folded)
        if folded.startswith("@") or EMAIL.fullmatch(word) or (keyed and keyed[1] in PERSON_KEYS):
            yield WordPiece(PERSON, start, end, self._text[start:end])
        elif keyed and keyed[1] in KINDS:
            place = _PLACES.get(KINDS[keyed[1]], THING)
            yield WordPiece(place, start, end, self._text[start:end])
        else:
            spelt = SPELLINGS.get(folded, folded)
            negated = _NOT.fullmatch(spelt)
            for each in (f"{negated[1]} not" if negated else spelt).split():
                yield _piece_of(each, start, end)

    def _place(self, start: int, end: int, found: tuple[NamedThing, ...]) -> WordPiece:
        """The piece for a name. Raises Unclear where it fits several."""
        if len(found) > 1:
            raise Unclear(self._text, (start, end), found)
        (known,) = found
        place = PERSON if isinstance(known, Member) else _PLACES.get(known.kind, THING)
        return WordPiece(place, start, end, self._names.reference(known))

    def _name(self, at: int) -> tuple[int, tuple[NamedThing, ...]]:
        """The longest name without quotes that begins at a token, and whose it may be."""
        token = self._tokens[at]
        keyed = KEYED.fullmatch(token.text) if token.form is TokenForm.WORD else None
        if keyed:
            return self._after_colon(at, keyed[1].casefold(), keyed[2])
        count, found = self._longest(at, self._spellings[at])
        if token.text.startswith("@") and (
            count < 2 or any(isinstance(each, Named) for each in found)
        ):
            return 0, ()  # Slack may know who that is
        if not count and self._spellings[at].endswith("s"):
            # "janes last session"
            called = self._names.called(self._spellings[at][:-1], self._seen)
            found = tuple(each for each in called if isinstance(each, Member))
            count = min(len(found), 1)
        word = token.folded.removesuffix("'s")
        if count == 1 and word in _VERBS and self._is_done(at):
            return 0, ()
        is_person = any(isinstance(each, Member) for each in found)
        if count == 1 and is_person and word in CALLED & MONTHS.keys():
            return self._person_or_month(at, found)
        if count == 1 and word in own_words() and not self._is_named_here(at):
            return 0, ()
        return count, self._of_kind_beside(at, count, found)

    def _is_done(self, at: int) -> bool:
        """Whether what follows is what something is done to: "mark this as done"."""
        after = self._following(at)
        is_thing = after in ("this", "that") and self._following(at + 1) not in CALENDAR
        return after in _OBJECTS or is_thing

    def _person_or_month(
        self, at: int, found: tuple[NamedThing, ...]
    ) -> tuple[int, tuple[NamedThing, ...]]:
        """Whether a month that somebody is called as means them. Raises Unclear if it may."""
        before, after = self._before(at), self._following(at)
        beside = {self._before(at - 1) if at else "", self._following(at + 1)}
        is_owner = _is_owner(self._tokens[at])
        is_date = not is_owner and any(_DAY.fullmatch(each) for each in (before, after))
        if after in ("in", "during") and self._following(at + 1) in MONTHS:
            return 1, found  # "april in april"
        is_range = bool({before, after} & _BETWEEN_MONTHS and beside & MONTHS.keys())
        if before in _BEFORE_A_MONTH or is_date or after in _ASKING or is_range:
            return 0, ()
        if self._is_named_here(at) and before not in ("for", "show"):
            return 1, found
        token = self._tokens[at]
        raise Unclear(self._text, (token.start, token.end), found, token.text)

    def _before(self, at: int) -> str:
        return self._tokens[at - 1].folded if at else ""

    def _following(self, at: int) -> str:
        return self._tokens[at + 1].folded.rstrip("?!.") if at + 1 < len(self._tokens) else ""

    def _after_colon(self, at: int, key: str, value: str) -> tuple[int, tuple[NamedThing, ...]]:
        """The longest name of its kind that begins after "group:" and its like."""
        if key not in KINDS or not value:
            return 0, ()
        count, found = self._longest(at, joined(value))
        own = tuple(x for x in found if isinstance(x, Named) and x.kind is KINDS[key])
        return (count, own) if own else (0, ())

    def _longest(self, at: int, spelling: str) -> tuple[int, tuple[NamedThing, ...]]:
        """The longest name that begins with a token, which is spelt so; one with "'s" ends it."""
        spellings = [spelling]
        for token, following in zip(
            self._tokens[at : at + LONGEST_NAME],
            self._spellings[at + 1 : at + LONGEST_NAME],
            strict=False,
        ):
            if _is_owner(token):
                break
            spellings.append(following)
        return self._names.longest(spellings, self._seen)

    def _is_named_here(self, at: int) -> bool:
        """Whether a word that is also one of ours stands where somebody's name would."""
        token, before, after = self._tokens[at], self._before(at), self._following(at)
        if _is_owner(token):
            return token.folded[:-2] not in _BEFORE_IS
        if token.folded in COMMON_WORDS and token.folded not in CALLED:
            return False
        if after in _ASKING or after == token.folded:
            return False
        is_named = before in _BEFORE_A_NAME
        is_last = not after and token.folded not in MONTHS
        return is_named or (token.folded in CALLED and (after in _AFTER_A_NAME or is_last))

    def _of_kind_beside(
        self, at: int, count: int, found: tuple[NamedThing, ...]
    ) -> tuple[NamedThing, ...]:
        """Of these, those of the kind that the word beside the name says; or else all."""
        for place in (at - 1, at + count) if len(found) > 1 else ():
            word = self._tokens[place].folded if 0 <= place < len(self._tokens) else ""
            kind = KINDS.get(word)
            if own := tuple(x for x in found if isinstance(x, Named) and x.kind is kind):
                return own
        return found

    def _team(self, at: int) -> int:
        """How many words mean people together, as "my sales team" or "team"; 0 if none do."""
        said = [token.folded.removesuffix("'s") for token in self._tokens[at : at + 3]]
        if said[0] not in TEAM_OWNERS:
            return int(said[0] == "team")
        most = 2 if said[0] == "the" else 3
        return next((n for n, word in enumerate(said[1:most], 2) if word in TEAM_NOUNS), 0)


def _piece_of(word: str, start: int, end: int) -> WordPiece:
    if word in _ASKER_WORDS:
        return WordPiece(ME, start, end, "me")
    if word in _WE_WORDS:
        return WordPiece(WE, start, end, "")
    return WordPiece(word, start, end)


def _is_owner(token: Token) -> bool:
    """Whether a word has the ending of a possessive."""
    return token.form is TokenForm.WORD and token.text.endswith(_POSSESSIVE) and len(token.text) > 2


def _spelling(token: Token) -> str:
    """How a word is spelt in the index of names; "" for what is no part of one."""
    if token.form is not TokenForm.WORD:
        return ""
    return joined(token.text[:-2] if _is_owner(token) else token.text)


@cache
def own_words() -> Mapping[str, None]:
    """The words that mean something to us, in a fixed order: none is taken for a part of a name."""
    of_filters = (word for row in FILTERS for word in row.words)
    return dict.fromkeys((*vocabulary(), *of_filters, *MONTHS, *WEEKDAYS, *DAYS, *CALENDAR))
