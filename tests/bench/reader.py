"""How long the reader takes: 100,000 random texts, of which none may raise, and the slowest ones.

    python -m tests.bench.reader [texts]

The company has 5,000 people. A text that takes more than 20 ms is read again: twice is a fault.
"""

from __future__ import annotations

import random
import statistics
import sys
from time import perf_counter

from bot.errors import UserError
from bot.language.follow_up import follow_up
from bot.language.lexicon import FILLERS, MEANINGS, SPELLINGS
from bot.language.name_index import NameIndex
from bot.language.query import Member
from bot.language.reader import Reader
from bot.language.tokens import tokenize
from tests.language.company import READERS, asked
from tests.language.test_reader import BEFORE, QUESTIONS

SLOW = 20.0  # milliseconds
SCRAPS = (
    "<@U1>", "<@", '"', "group:", "scenario:x", "-", "-@sam", "..", "<", "score>=80", "vs", "@",
    "page:2", "🎉", "9:00", "2026-03-01", "last 7d", "<!subteam^S1>", "a@b.co", "'", "&amp;", "不",
)  # fmt: skip


def company() -> NameIndex:
    """5,000 people with names of two words."""
    pick = random.Random(1)
    syllables = ["ka", "lo", "mi", "ren", "sta", "vo", "bel", "dor", "an", "ti", "su", "gar"]

    def name() -> str:
        return "".join(pick.choices(syllables, k=pick.randrange(2, 4))).title()

    people = [Member(f"m{n}", f"m{n}@acme.com", f"{name()} {name()}") for n in range(5000)]
    return NameIndex(people=people)


def milliseconds(reader: Reader, text: str, last: str) -> float:
    begin = perf_counter()
    try:
        tokens = tokenize(text)
        if last:
            follow_up(reader, tokens, asked("admin", last))
        else:
            reader.read_tokens(tokens)
    except UserError:
        pass
    return (perf_counter() - begin) * 1000


def main(count: int) -> None:
    pick = random.Random(3)
    tables = f"{FILLERS} {MEANINGS} {SPELLINGS}".replace("_", " ").replace("*", "")
    words = [*tables.split(), *(word for row in QUESTIONS for word in row[1].split() * 3)]
    admin = READERS["admin"]
    crowd = Reader(
        admin.rows, admin.clock, admin.asker, company().seen_by(lambda _: True), words=admin.words
    )
    times, slow = [], []
    for _ in range(count):
        text = " ".join(pick.choices([*words, *SCRAPS * 40], k=pick.choice((3, 8, 20, 60, 120))))
        text, last = text[:3000], pick.choice(("", BEFORE[0]))
        reader = pick.choice((admin, crowd))
        times.append(milliseconds(reader, text, last))
        if times[-1] > SLOW and (again := milliseconds(reader, text, last)) > SLOW:
            slow.append((again, text))
    fifty, most = statistics.median(times), max(times)
    print(f"{count:,} texts: median {fifty:.2f} ms, slowest {most:.1f} ms; no exception")
    print(f"{len(slow)} took more than {SLOW:.0f} ms twice")
    for took, text in sorted(slow, reverse=True)[:5]:
        print(f"  {took:.1f} ms: {text[:150]}")
    for scrap in ("<@", "<@U1|", "an,", "gold ", '"', "monday ", "every monday ", "zorblax "):
        took = min(milliseconds(crowd, (scrap * 1500)[:3000], "") for _ in range(3))
        print(f"3,000 characters of {scrap!r}: {took:.2f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100_000)
