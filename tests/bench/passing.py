"""The week's questions put to Exec one by one, as a bot that holds nothing would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.sandbox.exec_limits import Limits
from tests.bench.company import Company, moment_of
from tests.bench.inside_exec import LATENCY, PER_DAY, PER_MINUTE
from tests.bench.mix import Said
from tests.bench.truth import matching

PAGE = 100


@dataclass(frozen=True, slots=True)
class Meant:
    """A question asked at `at`, and the [start, end) that its words meant then."""

    at: int
    said: Said
    start: int
    end: int


@dataclass(slots=True)
class Passed:
    """How many were answered whole, or cut off by a 429; `wanted` is what all would cost."""

    answered: int = 0
    refused: int = 0
    wanted: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)


def pass_through(company: Company, questions: Sequence[Meant]) -> Passed:
    """Ask them at their times. Names cost it nothing; it gives up at the first 429."""
    limits, passed = Limits(PER_MINUTE, PER_DAY), Passed()
    for meant in questions:
        pages = _pages(company, meant)
        passed.wanted += pages
        granted = 0
        while granted < pages and limits.refuse(moment_of(meant.at + granted * LATENCY)) is None:
            granted += 1
        done = granted == pages
        passed.answered += done
        passed.refused += not done
        passed.by_kind[meant.said.kind] += done
    return passed


def _pages(company: Company, meant: Meant) -> int:
    """As many as hold what Exec's own filters let through; validity and score it cannot filter."""
    asked = replace(meant.said, keep=meant.said.sent)
    found = matching(company, asked, meant.start, meant.end, meant.at)
    return max(1, -(-len(found) // PAGE))
