"""Example sentences with the command that each means, and the commands nearest to a text.

They rank offers, and doubt an answer that leaves words out. They are too weak to answer alone.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from bot.language.tags import Tag, is_group, is_person
from bot.language.vocabulary import Role, canonical, find_phrase

# Weights of features beside words, chosen by `tests.bench.examples`.
PAIR, TRIPLE, TOGETHER, RARITY = 0.3, 0.5, 4.0, 0.7
# What stands for a name in the file.
PERSON, GROUP, SCENARIO = "{person}", "{group}", "{scenario}"


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence of somebody in a role ("rep", "coach", "admin" or "any"), and its command."""

    role: str
    text: str
    command: str


def read_examples(text: str) -> list[Example]:
    """The examples of a tab-separated file. Raises ValueError for a line without three columns."""
    examples = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            columns = line.split("\t")
            if len(columns) != 3 or not all(map(str.strip, columns)):
                raise ValueError(f"line {number}: write a role, a sentence and a command")
            examples.append(Example(*map(str.strip, columns)))
    return examples


def words_of(tags: Iterable[Tag]) -> list[str]:
    """The words of a text, with placeholders for names."""
    words: list[str] = []
    for tag in tags:
        if tag.role is Role.NAME:
            words.append(PERSON if is_person(tag) else GROUP if is_group(tag) else SCENARIO)
        else:
            words += (canonical(token.word) for token in tag.tokens if token.word)
    return words


class Examples:
    """Ranks commands by how near their examples are to a text."""

    def __init__(self, examples: Sequence[Example], commands: Sequence[str]) -> None:
        """`commands` are the names of all commands."""
        longest_first = sorted(commands, key=len, reverse=True)
        self.names = [
            next((name for name in longest_first if _is_named(example.command, name)), "")
            for example in examples
        ]
        vectors = [_features(example.text.casefold().split()) for example in examples]
        count = Counter(feature for vector in vectors for feature in vector)
        self._rarity = {
            feature: math.log(1 + len(examples) / n) ** RARITY for feature, n in count.items()
        }
        self._unknown = math.log(1 + len(examples)) ** RARITY
        self._index: dict[str, list[tuple[int, float]]] = defaultdict(list)
        sums: dict[str, Counter[str]] = defaultdict(Counter)
        for at, vector in enumerate(map(self._weighted, vectors)):
            sums[self.names[at]].update(vector)
            for feature, weight in vector.items():
                self._index[feature].append((at, weight))
        self._whole: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for name, total in sums.items():
            for feature, weight in _unit(total).items():
                self._whole[feature].append((name, weight))
        self.words = frozenset(feature for feature in count if feature.isalpha())

    def nearest(self, words: Sequence[str]) -> list[str]:
        """The commands by the likeness of their nearest examples, and of all their examples
        together; the likeliest first."""
        likeness: dict[int, float] = defaultdict(float)
        totals: dict[str, float] = defaultdict(float)
        for feature, weight in self._weighted(_features(words)).items():
            for at, other in self._index.get(feature, ()):
                likeness[at] += weight * other
            for name, other in self._whole.get(feature, ()):
                totals[name] += TOGETHER * weight * other
        places: Counter[str] = Counter()
        for at, value in sorted(likeness.items(), key=lambda pair: -pair[1]):
            name = self.names[at]
            totals[name] += value / 2 ** places[name]
            places[name] += 1
        return sorted(totals, key=lambda name: -totals[name])

    def _weighted(self, features: Mapping[str, float]) -> dict[str, float]:
        """The features of a text by rarity, as a vector of length 1."""
        rarity = self._rarity
        return _unit({name: n * rarity.get(name, self._unknown) for name, n in features.items()})


def _unit(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
    return {feature: weight / length for feature, weight in vector.items()}


def _is_named(command: str, name: str) -> bool:
    return command == name or command.startswith(f"{name} ")


def _features(words: Iterable[str]) -> dict[str, float]:
    """The words, pairs of words and letter triples of a text, and what the lexicon says of it."""
    known = [canonical(word) for word in words]
    features: dict[str, float] = defaultdict(float)
    for word in known:
        features[word] += 1
        padded = "" if word.startswith("{") else f"^{word}$"
        for at in range(len(padded) - 2):
            features[f"#{padded[at : at + 3]}"] += TRIPLE
    for first, second in pairwise(["^", *known, "$"]):
        features[f"{first} {second}"] += PAIR
    at = 0
    while at < len(known):
        (role, value), count = find_phrase(known[at:]) or ((Role.FILLER, None), 1)
        if role in (Role.MEANING, Role.IDIOM):
            features[f"={value}"] += 1
        elif role is Role.FILTER and value is not None:
            features[f"={value.field}"] += 1
        at += count
    return features


@cache
def shipped() -> tuple[Example, ...]:
    """The examples that come with the bot."""
    text = files("bot.language").joinpath("examples.tsv").read_text(encoding="utf-8")
    return tuple(read_examples(text))
