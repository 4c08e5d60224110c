"""The tables of `lexicon`, indexed for look-ups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from bot.language import lexicon
from bot.language.query import By, Due, Rank, Sort


class Role(Enum):
    """The role of a run of tokens in a question."""

    NAME = auto()
    TIME = auto()
    FILTER = auto()
    IDIOM = auto()
    MEANING = auto()
    QUESTION = auto()
    ME = auto()
    OURS = auto()
    PRONOUN = auto()
    NEGATION = auto()
    FILLER = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A field of a query and its value. `hint` is an additional fact for the choice of the
    report."""

    field: str
    value: Any
    hint: str = ""

    def facts(self) -> set[str]:
        """Its facts for the rules."""
        word = str(self.value) if isinstance(self.value, str) else ""
        return {self.field, self.hint, word} - {""}


@dataclass(frozen=True, slots=True)
class FactRule:
    """The result, a report or the sentence of a blocker, if all facts in `needs` hold and none in
    `excludes`."""

    result: str
    needs: frozenset[str]
    excludes: frozenset[str]

    def holds(self, facts: Set[str]) -> bool:
        """Whether the rule applies to these facts."""
        return self.needs <= facts and not self.excludes & facts


Words = tuple[str, ...]
Phrase = tuple[Role, Any]  # its role and its value, such as a meaning, a report or a part


def canonical(word: str) -> str:
    """The spelling of a word in the tables."""
    return _SPELLINGS.get(word, word)


def find_phrase(words: Sequence[str]) -> tuple[Phrase, int] | None:
    """The longest known phrase that the words begin with, and how many words it takes."""
    for count in range(min(len(words), _LONGEST), 0, -1):
        if phrase := PHRASES.get(tuple(words[:count])):
            return phrase, count
    for length in range(len(words[0]), 2, -1):
        if meaning := _STEMS.get(words[0][:length]):
            return (Role.MEANING, meaning), 1
    return None


def lead_length(words: Sequence[str]) -> int:
    """The number of words at the start that mark a follow-up."""
    total = 0
    while count := next((n for n in (3, 2, 1) if tuple(words[total : total + n]) in _LEADS), 0):
        total += count
    return total


def _rows(table: str) -> Iterator[tuple[str, str]]:
    """The name and the text of each row."""
    for line in table.replace("\n  ", " ").strip().splitlines():
        name, _, text = line.partition(": ")
        yield name, text


def _phrases(text: str) -> Iterator[Words]:
    return (tuple(phrase.split("_")) for phrase in text.split())


def _all_phrases() -> Iterator[tuple[Words, Phrase]]:
    """Every phrase of the tables. If two rows have the same words, the first one counts."""
    for name, text in _rows(lexicon.IDIOMS):
        yield from ((words, (Role.IDIOM, name)) for words in _phrases(text))
    for name, text in _rows(lexicon.FILTERS):
        yield from ((words, (Role.FILTER, _part(name))) for words in _phrases(text))
    for name, text in _rows(lexicon.WORDS):
        yield from ((words, (Role[name.upper()], words[0])) for words in _phrases(text))
    for role, table in ((Role.NEGATION, lexicon.NEGATIONS), (Role.MEANING, lexicon.MEANINGS)):
        for name, text in _rows(table):
            yield from ((words, (role, name)) for words in _phrases(text))


_VALUES = {"by": By, "sort": Sort, "due": Due}


def _part(name: str) -> FieldValue:
    field, _, value = name.partition(" ")
    if field == "ranks":
        return FieldValue(field, tuple(Rank(rank) for rank in value.split(",")))
    if field in _VALUES:
        return FieldValue(field, _VALUES[field](value))
    return FieldValue(field, value == "yes")


def _rules(table: str) -> list[FactRule]:
    rules = []
    for result, text in _rows(table):
        for clause in text.split("|"):
            facts = clause.split()
            excludes = frozenset(fact[1:] for fact in facts if fact.startswith("!"))
            needs = frozenset(fact for fact in facts if not fact.startswith("!"))
            rules.append(FactRule(result, needs, excludes))
    return rules


_SPELLINGS = {typed: word for word, text in _rows(lexicon.SPELLINGS) for typed in text.split()}
PHRASES: dict[Words, Phrase] = {}
for _words, _phrase in _all_phrases():
    PHRASES.setdefault(tuple(map(canonical, _words)), _phrase)
_STEMS = {words[0][:-1]: phrase[1] for words, phrase in PHRASES.items() if words[0].endswith("*")}
_LONGEST = max(map(len, PHRASES))
_LEADS = frozenset(tuple(map(canonical, words)) for words in _phrases(lexicon.LEADS))

RULES = _rules(lexicon.RULES)
BLOCKERS = _rules(lexicon.BLOCKERS)
CONTEXTS = {name: frozenset(text.split()) for name, text in _rows(lexicon.CONTEXTS)}
NEXT_PAGE = frozenset(lexicon.NEXT_PAGE.split(" | "))
KNOWN_WORDS = sorted(
    {word.strip("*") for words in PHRASES for word in words if len(word) > 2} | _SPELLINGS.keys()
)
