"""Random questions through the parser and the reader of plain words.

`python -m tests.language.many 1000000 [seed]` draws so many of words of the language, names, signs
and rubbish, and prints how many were understood, what took longest, and what failed.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.errors import UserError
from bot.language.filters import FILTERS
from bot.language.parse import FILLERS, parse
from bot.language.running_text import Unclear, own_words
from bot.language.words import query_words
from tests.language.test_plain_words import COACH, CONTRACT, PEOPLE, READER, THINGS
from tests.language.world import BERLIN, NOW, VOCABULARY

# A question may take as much of the processor, in seconds.
LONGEST = 0.05
_LANGUAGE = (
    *(form for row in FILTERS for form in row.forms),
    *(word for row in FILTERS for word in row.words),
    *sorted(FILLERS),
    *own_words(),
    *(word for said in CONTRACT for word in said.split()),
)
_NAMES = (
    *(each.name for each in (*THINGS, *PEOPLE)),
    *(word for each in (*THINGS, *PEOPLE) for word in each.name.split()),
    *(each.email for each in PEOPLE if each.email),
    *("@jane", "<@U1|jane>", "<@U1>", "<!subteam^S1|@closers>", '"Sam Lee"', "group:west", "id:u1"),
)
_SIGNS = (
    *("-", "--", "+", ":", "=", ">=", "<", ">", "..", ",", ", ", '"', "'", "@", "#", "(", ")", "?"),
    *(
        "<!",
        "<@",
        "<#C1|x>",
        "<!channel>",
        "<https://a.b|last week>",
        "&lt;",
        "&amp;",
        "|",
        "*",
        "`",
    ),
    *(
        "not",
        "but not",
        "without",
        "except",
        "never",
        "31 feb",
        "10 nov",
        "0",
        "99999999999",
        "1/0",
    ),
)
_RUBBISH = (
    *("zorblax", "NaN", "x", "xy", "ﷺ", "😀", "\u202e", "\u200b", "٣", "İ", "ß", "é", "\x00", "\n"),
    *("a" * 60, "1" * 30, "ab-" * 20, "%s", "{word}", "{0}", "'s", "''", "\ud800"),
)
_KINDS = (_LANGUAGE, _NAMES, _SIGNS, _RUBBISH)


@dataclass
class Outcome:
    """What became of questions: `slowest` are the longest times in seconds, with what took them."""

    asked: int = 0
    understood: int = 0
    slowest: list[tuple[float, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def note(self, seconds: float, text: str) -> None:
        self.slowest = sorted([*self.slowest, (seconds, text)], reverse=True)[:5]


def questions(seed: int) -> Iterator[str]:
    """Random questions without end, the same for a seed."""
    rng = random.Random(seed)
    while True:
        (length,) = rng.choices((rng.randint(1, 8), 12, 25, 60, 200), weights=(900, 70, 20, 9, 1))
        kinds = rng.choices(_KINDS, weights=(10, 5, 2, 1), k=length)
        said = [rng.choice(kind) for kind in kinds]
        yield "".join(word + rng.choice((" ", " ", " ", " ", " ", "", ", ")) for word in said)


def ask(count: int, seed: int) -> Outcome:
    """What becomes of so many questions."""
    outcome, drawn = Outcome(), questions(seed)
    READER.understand("how is west coast doing")  # the lists of words are made once
    gc.freeze()
    for _ in range(count):
        text = next(drawn)
        outcome.asked += 1
        for read in (_strictly, (READER, COACH)[outcome.asked % 2].understand):
            began = time.process_time()
            try:
                understood = read(text)
                outcome.understood += bool(understood)
            except (UserError, Unclear):
                pass
            except Exception as error:  # noqa: BLE001 - all that can go wrong is to be seen
                outcome.failures.append(f"{type(error).__name__}: {error}: {text!r}")
            took = time.process_time() - began
            if len(outcome.slowest) < 5 or took > outcome.slowest[-1][0]:
                outcome.note(took, text)
    return outcome


def _strictly(text: str) -> object:
    query = parse(text, now=NOW, zone=BERLIN, names=VOCABULARY)
    again = parse(query_words(query), now=NOW, zone=BERLIN, names=VOCABULARY)
    if again != query:
        raise AssertionError(f"{query_words(query)!r} is another question")
    return query


def main() -> None:
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    outcome = ask(count, seed)
    print(f"{outcome.asked:,} questions, seed {seed}, {len(outcome.failures)} failures")
    for took, text in outcome.slowest:
        print(f"{took * 1000:.1f} ms{' TOO LONG' if took > LONGEST else ''}: {text[:200]!r}")
    for failure in outcome.failures[:20]:
        print(failure[:500])
    sys.exit(bool(outcome.failures) or outcome.slowest[0][0] > LONGEST)


if __name__ == "__main__":
    main()
