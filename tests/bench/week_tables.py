"""What a simulated week came to, as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.mirror.sync import AGAIN
from tests.bench import corrections
from tests.bench.company import DAY, HOUR, ZONE, instant_of
from tests.bench.corrections import Correction
from tests.bench.figures import Table

MONDAY = datetime(2026, 3, 16, tzinfo=ZONE).astimezone(UTC)  # no clock changes in these weeks


@dataclass(slots=True)
class Tale:
    """What came of the questions."""

    asked: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    at_one_moment: int = 0
    troubles: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class SentRequest:
    at: int
    purpose: str
    newest: bool
    remote: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """All there is to tell of a week."""

    days: int
    sessions: int
    tale: Tale
    requests: tuple[SentRequest, ...]
    refused: int
    pieces: int
    took: float
    syncing: float
    corrections: Sequence[Correction]
    # Milliseconds from that Monday until all of the history was stored; None where it is not.
    stored_all_after: int | None


def tables(outcome: Outcome) -> list[Table]:
    """What was seen, as tables."""
    ages = corrections.table(outcome.corrections)
    return [_goals(outcome), ages, _questions(outcome), _purposes(outcome)]


def _of_week(outcome: Outcome) -> list[SentRequest]:
    return [each for each in outcome.requests if each.at >= instant_of(MONDAY)]


def _by_day(outcome: Outcome, requests: list[SentRequest]) -> list[int]:
    days = Counter((each.at - instant_of(MONDAY)) // DAY for each in requests)
    return [days[number] for number in range(outcome.days)]


def _goals(outcome: Outcome) -> Table:
    tale, requests = outcome.tale, _of_week(outcome)
    asked = tale.asked.total()
    rows = (
        ("sessions in these days", f"{outcome.sessions:,}", ""),
        ("questions asked", f"{asked:,}", ""),
        ("answered", f"{tale.answered.total():,}", "all"),
        ("right as of when they were looked at", f"{tale.right.total():,}", "all"),
        ("… and, as a whole, what Exec held at that one moment", f"{tale.at_one_moment:,}", ""),
        ("429s", str(outcome.refused), "0"),
        ("requests", f"{len(requests):,}", ""),
        ("… by skill", str(sum(r.remote for r in requests)), ""),
        ("most requests on a day", str(max(_by_day(outcome, requests))), "≤ 600"),
        ("… to look again at what is held", str(sum(r.purpose in AGAIN for r in requests)), ""),
        ("all of the history stored after", _hours(outcome.stored_all_after), ""),
    )
    title = f"{outcome.days} days from Monday, {MONDAY:%d %B %Y}"
    return Table(title, ("", "seen", "goal"), rows)


def _hours(milliseconds: int | None) -> str:
    return "not yet" if milliseconds is None else f"{milliseconds / HOUR:.1f} h"


def _questions(outcome: Outcome) -> Table:
    tale = outcome.tale
    rows = [
        (kind, *(f"{each[kind]}" for each in (tale.asked, tale.answered, tale.right)))
        for kind in sorted(tale.asked, key=lambda kind: -tale.asked[kind])
    ]
    rows += [(f"wrong: {trouble}", str(n), "", "") for trouble, n in tale.troubles.items()]
    return Table("Questions by kind", ("questions", "asked", "answered", "right"), tuple(rows))


def _purposes(outcome: Outcome) -> Table:
    requests = _of_week(outcome)
    before = [each for each in outcome.requests if each.at < instant_of(MONDAY)]
    names = Counter(each.purpose for each in outcome.requests)
    rows = []
    for purpose, _ in names.most_common():
        of_purpose = [each for each in requests if each.purpose == purpose]
        warm = sum(each.purpose == purpose for each in before)
        days = map(str, _by_day(outcome, of_purpose))
        rows.append((purpose, *days, str(len(of_purpose)), str(warm)))
    rows.append(
        ("all", *map(str, _by_day(outcome, requests)), str(len(requests)), str(len(before)))
    )
    days = [f"{MONDAY.astimezone(ZONE) + timedelta(days=n):%a}" for n in range(outcome.days)]
    heads = ("requests by purpose", *days, "week", "before, not counted")
    return Table("Requests", heads, tuple(rows))
