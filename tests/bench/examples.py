"""How often the right command is among the nearest: `python -m tests.bench.examples`.

A fixed fifth of the example file, chosen by a hash of the sentence, is ranked by the rest.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter, defaultdict
from statistics import median

from bot.language.examples import Example, Examples, shipped
from bot.people.names import INTENTS


def is_left_out(example: Example) -> bool:
    return hashlib.sha256(example.text.encode()).digest()[0] % 5 == 0


def ranks() -> tuple[dict[str, list[int]], list[tuple[Example, list[str]]], list[float]]:
    """The places of the right commands by role, the misses, and the times in milliseconds."""
    ranked = Examples([own for own in shipped() if not is_left_out(own)], [*INTENTS])
    places: dict[str, list[int]] = defaultdict(list)
    missed, times = [], []
    for example in filter(is_left_out, shipped()):
        began = time.perf_counter()
        found = [*ranked.nearest(example.text.casefold().split())]
        times.append(1000 * (time.perf_counter() - began))
        right = Examples([example], [*INTENTS]).names[0]
        place = found.index(right) + 1 if right in found else 99
        places[example.role].append(place)
        if place > 3:
            missed.append((example, found[:3]))
    return places, missed, times


def main() -> None:
    places, missed, times = ranks()
    places["all"] = [place for own in places.values() for place in own]
    for role, own in places.items():
        first, three = (100 * sum(place <= most for place in own) / len(own) for most in (1, 3))
        print(f"{role:6} {len(own):4} sentences: first {first:.0f}%, among three {three:.0f}%")
    print(f"{median(times):.2f} ms, at most {max(times):.2f}")
    print(Counter(example.command.split()[0] for example, _ in missed).most_common(12))
    for example, found in missed[:40]:
        print(f"  {example.text!r}: {example.command} ({', '.join(found)})")


if __name__ == "__main__":
    main()
