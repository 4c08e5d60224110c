"""Is an answer what Exec held? Held against the company's own history, session by session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.language.query import Period
from bot.mirror.answers import StoredAnswer
from bot.mirror.stretches import Stretch
from bot.reports.figures import Figures
from tests.bench.company import SECOND, Company, Content, Life, instant_of
from tests.bench.mix import Said

# New sessions are in within a minute, and Exec's own lists are a moment late.
FRESH = 61 * SECOND
Found = list[tuple[Life, Content]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with an answer ("" for nothing), and whether it was also, as a whole, what
    Exec held at the moment that it names."""

    wrong: str
    at_one_moment: bool


def judge(
    company: Company, said: Said, answer: StoredAnswer, parts: Sequence[Stretch], now: int
) -> Verdict:
    """`parts` say when each stretch of the answer was looked at; `now` is when it was asked."""
    start, end = bounds(answer.query.period, now)
    wrong = _gap(parts, start, end, now)
    if wrong:
        return Verdict(wrong, at_one_moment=False)
    found = [
        pair
        for part in parts
        for pair in matching(company, said, max(start, part.start), min(end, part.end), part.as_of)
    ]
    known_to = parts[-1].end if parts else start
    as_of = instant_of(answer.reading.as_of)
    together = list(matching(company, said, start, min(end, known_to), as_of))
    return Verdict(_differs(company, said, answer, found), together == found)


def bounds(period: Period | None, now: int) -> tuple[int, int]:
    """[start, end) of the question's period, which never reaches beyond now."""
    if period is None:
        return 0, now
    start = 0 if period.start is None else instant_of(period.start)
    end = now if period.end is None else instant_of(period.end) + period.closed
    return start, min(end, now)


def matching(company: Company, said: Said, start: int, end: int, as_of: int) -> Found:
    """What of [start, end) Exec held at `as_of`, oldest first."""
    people = company.world.people
    found = []
    for life in company.between(start, end, said.users):
        content = life.at(as_of)
        if (
            content is not None
            and (said.scenarios is None or life.scenario_id in said.scenarios)
            and (said.system or not people[life.user_id].is_system)
            and said.keep(content)
        ):
            found.append((life, content))
    found.sort(key=lambda pair: (pair[0].created, pair[0].id))
    return found


def _gap(parts: Sequence[Stretch], start: int, end: int, now: int) -> str:
    known = start
    for part in parts:
        if part.start > known:
            return "a stretch of its period was not looked at"
        if part.as_of > now + FRESH:
            return "looked at in the future"
        known = max(known, part.end)
    return "" if known >= min(end, now - FRESH) else "its newest sessions are missing"


def _differs(company: Company, said: Said, answer: StoredAnswer, found: Found) -> str:
    reading = answer.reading
    if reading.total != len(found):
        return f"{reading.total} sessions for {len(found)}"
    expected = sorted(found, key=ORDERS[said.order])
    rows = reading.rows[: said.limit]
    wanted = expected[: min(len(reading.rows), said.limit or len(expected))]
    if len(reading.rows) < min(len(found), 500):
        return "rows are missing"
    for row, (life, content) in zip(rows, wanted, strict=True):
        told = (row.score, row.rank, row.duration_seconds, row.is_valid_attempt)
        if (row.id, row.user.id, row.scenario.id) != (life.id, life.user_id, life.scenario_id):
            return "another row"
        if told != content or instant_of(row.created_at) != life.created:
            return "a row with another content"
    return _other_figures(company, reading.figures, expected)


def _other_figures(company: Company, told: Figures, expected: Found) -> str:
    contents = [content for _, content in expected]
    good = [content for content in contents if content[3]]
    scores = [content[0] for content in good if content[0] is not None]
    mean = sum(Decimal(str(score)) for score in scores) / len(scores) if scores else None
    # Of several the newest, in whatever order the rows are.
    most = max(scores, default=None)
    highest = [life for life, c in expected if c[3] and c[0] is not None and c[0] == most]
    best = min(highest, key=lambda life: (-life.created, life.id), default=None)
    scenarios = company.world.scenarios
    figures = (
        len(contents),
        len(good),
        sum(content[2] or 0 for content in contents),
        dict(Counter(content[1] for content in good if content[1])),
        None if best is None else (most, scenarios[best.scenario_id].name),
    )
    said = (
        told.sessions,
        told.valid,
        told.practice_seconds,
        {rank.value: count for rank, count in told.ranks.items()},
        told.best,
    )
    if said != figures or told.invalid != len(contents) - len(good):
        return "other figures"
    if (told.average is None) != (mean is None):
        return "another average"
    if mean is not None and abs(float(mean) - (told.average or 0.0)) > 1e-9:
        return "another average"
    return ""


def _number(pair: tuple[Life, Content], sign: int) -> tuple[bool, float, str]:
    score = pair[1][0]
    return (score is None, sign * (score or 0.0), pair[0].id)


ORDERS: dict[str, Callable[[tuple[Life, Content]], tuple[object, ...]]] = {
    "newest": lambda pair: (-pair[0].created, pair[0].id),
    "best": lambda pair: _number(pair, -1),
    "worst": lambda pair: _number(pair, 1),
}
