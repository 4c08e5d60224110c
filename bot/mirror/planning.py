"""How to answer a question: from what is held, or with the fewest requests.

Pure. Instants are milliseconds since 1970, intervals half-open. When requests run short, answers go
on: new sessions are looked for less often, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.mirror.coverage import DAY, HOUR, Coverage, Piece, Span
from bot.mirror.scope import ALL, Scope, widens
from bot.mirror.walking import PAGE_SIZE, Fetch, reach, requests

# Part of the day's requests that must be left, and how old the newest look may then be.
STEPS = (
    (0.30, timedelta(minutes=1)),
    (0.15, timedelta(minutes=5)),
    (0.0, timedelta(minutes=15)),
)
USUAL = STEPS[0][1]
# While Exec is away, what was looked at this long ago is still worth telling.
STILL_TOLD = timedelta(days=7)
YEAR = 365 * DAY
# Before anything is known: a small company.
UNKNOWN_PER_HOUR = 2.0
# The live edge is cut where so much of its page is expected to be used: a few sessions more than
# expected must not cost a second page.
LIVE_SHARE = 0.8
# The cheapest fetches are found exactly for so many gaps, and nearly so for more.
LOOK_BACK = 32


def within(length: timedelta, at: datetime | None, now: datetime) -> bool:
    """Whether `at` is less than `length` ago."""
    return at is not None and now - at < length


def freshness(left: int, per_day: int) -> timedelta:
    """How old the newest look at Exec may be, with `left` of a day's `per_day` requests."""
    return next(age for share, age in STEPS if left >= share * per_day)


# About how many sessions of a scope were created in [start, end).
Estimate = Callable[[Scope, int, int], float]


@dataclass(frozen=True, slots=True)
class Density:
    """About how many sessions Exec has: so many a millisecond since `begins`, of which `share` are
    of the scope that is asked about.

    An estimate, so that plans can be compared: a wrong one costs a request more or less, never a
    wrong answer.
    """

    pace: float
    share: float = 1.0
    begins: int = 0

    @classmethod
    def of(cls, rows: int, length: int, *, total: int | None, now: int) -> Density:
        """Of everybody, by the `rows` held in a `length` of time, and Exec's total if it told."""
        pace = rows / length if length else UNKNOWN_PER_HOUR / HOUR
        back = YEAR if total is None else int(total / pace) if pace else now
        return cls(pace, begins=max(0, now - back))

    def __call__(self, scope: Scope, start: int, end: int) -> float:
        """How many sessions of everybody (ALL), or of what is asked, are from [start, end)."""
        expected = self.pace * max(0, end - max(start, self.begins))
        return expected if scope == ALL else expected * self.share


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: the sessions of `scope` that were created in [start, end).

    `expanded` is the same in people and scenarios (`scope.expand`): rows held of everybody answer
    it as well. What was held of `scope` before `expanded_at`, when Exec told who and what is in
    its groups, skills and collections, may be of others.
    """

    scope: Scope
    expanded: Scope | None
    start: int
    end: int
    expanded_at: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """[start, end) of an answer: the rows held of `scope`, narrowed to `narrow`, true `as_of`."""

    start: int
    end: int
    as_of: int
    scope: Scope
    narrow: Scope


@dataclass(frozen=True, slots=True)
class Plan:
    """`parts` are what is held of the answer, oldest first; `fetches` what to read for the rest.

    `as_of` is the oldest as-of time of the parts, and sessions created up to `until` are in;
    both None unless the question can be answered now. After the fetches, the same plan (with the
    same `now`) is answerable. Their costs come from `estimate`.
    """

    parts: tuple[Part, ...]
    fetches: tuple[Fetch, ...]
    as_of: int | None
    until: int | None
    estimate: Estimate | None = None

    @property
    def answerable(self) -> bool:
        """Whether nothing has to be fetched."""
        return not self.fetches

    @property
    def requests(self) -> int:
        """What the fetches are expected to cost."""
        return sum(fetch.requests for fetch in self.fetches)


def plan(
    asked: Asked,
    *,
    now: int,
    freshness: int,
    known: Mapping[Scope, Coverage],
    estimate: Estimate,
    not_before: int = 0,
    page_size: int = PAGE_SIZE,
) -> Plan:
    """How to know what is asked, as of `now`.

    Sessions of the last `freshness` milliseconds may be missing, if something is held up to there.
    What was last looked at before `not_before` counts as missing.

    Gaps are filled for everybody, or for the scope only where that costs fewer requests. The newest
    sessions come with the newest full page of everybody's, unless only Exec can tell which of
    them were asked for.
    """
    scope, expanded, start, end = asked.scope, asked.expanded, asked.start, min(asked.end, now)
    forms = (scope,) if expanded is None else (scope, expanded)
    if start >= end or any(form.nothing for form in forms):
        return Plan((), (), as_of=now, until=max(start, end))
    # A look that ended shortly before `start` leaves no gap that counts.
    early = min(start, max(0, now - freshness - 1))
    since = dict.fromkeys(forms, not_before)
    if expanded is not None:
        since[scope] = max(not_before, asked.expanded_at)
    found = _held(since, early, end, known)
    kept = (part for part in found if part.end > start)
    parts = tuple(p if p.start >= start else replace(p, start=start) for p in kept)
    known_to = found[-1].end if found else 0
    gaps = _gaps(parts, start, end)
    if found and now - known_to <= freshness and gaps and gaps[-1].end == end:
        gaps = gaps[:-1]
    if not gaps:
        as_of = min(part.as_of for part in parts or found)
        return Plan(parts, (), as_of=as_of, until=min(end, known_to))
    choice = _Choice(scope, any(widens(ALL, form) for form in forms), now, estimate, page_size)
    return Plan(parts, choice.fetches(gaps), None, None, estimate)


def _held(
    since: Mapping[Scope, int], start: int, end: int, known: Mapping[Scope, Coverage]
) -> tuple[Part, ...]:
    """What is held of [start, end) in any scope that tells, the newest look for each instant.

    `since` are the forms of the question, and how old a look that tells it may be.
    """
    parts: list[Part] = []
    sources = 0
    for scope, coverage in known.items():
        narrow = next((form for form in since if widens(scope, form)), None)
        if narrow is not None:
            pieces = coverage.pieces(start, end)
            sources += bool(pieces)
            parts += [
                Part(each.start, each.end, each.as_of, scope, narrow)
                for each in pieces
                if each.as_of >= since[narrow]
            ]
    if sources > 1:
        parts = sorted(_freshest(parts), key=lambda part: part.start)
    return tuple(parts)


def _freshest(parts: Sequence[Part]) -> Iterator[Part]:
    """These parts without overlaps: of each instant the newest look."""
    taken, latest = Coverage(), max((part.as_of for part in parts), default=0)
    for part in sorted(parts, key=lambda part: part.as_of, reverse=True):
        for gap in taken.gaps(part.start, part.end):
            yield replace(part, start=gap.start, end=gap.end)
        taken = taken.learn(Piece(part.start, part.end, latest))


def _gaps(parts: Sequence[Part], start: int, end: int) -> tuple[Span, ...]:
    edges = [start, *(edge for part in parts for edge in (part.start, part.end)), end]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return tuple(Span(low, high) for low, high in pairs if low < high)


@dataclass(frozen=True, slots=True)
class _Run:
    """One fetch over neighbouring gaps."""

    start: int
    end: int
    is_wide: bool
    requests: int


@dataclass(frozen=True, slots=True)
class _Choice:
    """The cheapest fetches for some gaps. `wide`: everybody's sessions would do as well."""

    asked: Scope
    wide: bool
    now: int
    estimate: Estimate
    page_size: int

    def fetches(self, gaps: Sequence[Span]) -> tuple[Fetch, ...]:
        """Newest first: people look at the newest sessions first, too."""
        spans = list(gaps)
        if self.wide and spans[-1].end == self.now:
            spans[-1:] = self._split(spans[-1])
        return tuple(self._fetch(run) for run in reversed(self._cheapest(spans)))

    def _split(self, tail: Span) -> list[Span]:
        """A gap that reaches up to now: the part that the newest page will fill comes last."""
        if self._requests(True, tail.start, tail.end) == 1:
            return [tail]
        share = LIVE_SHARE * (self.page_size - 1)
        edge = reach(lambda start, end: self.estimate(ALL, start, end), self.now, share)
        edge = min(edge, tail.end - 1)
        return [Span(tail.start, edge), Span(edge, tail.end)] if tail.start < edge else [tail]

    def _cheapest(self, spans: Sequence[Span]) -> list[_Run]:
        """The runs of spans that cost the fewest requests; of those, the most for everybody."""
        best: list[tuple[int, int, list[_Run]]] = [(0, 0, [])]
        for end in range(1, len(spans) + 1):
            starts = {0, *range(max(0, end - LOOK_BACK), end)}
            options = [
                (
                    best[start][0] + run.requests,
                    best[start][1] + (0 if run.is_wide else run.requests),
                    [*best[start][2], run],
                )
                for start in sorted(starts)
                for run in self._runs(spans[start].start, spans[end - 1])
            ]
            best.append(min(options, key=lambda option: option[:2]))
        return best[-1][2]

    def _runs(self, start: int, last: Span) -> Iterator[_Run]:
        if self.wide:
            yield _Run(start, last.end, True, self._requests(True, start, last.end))
        if not self.wide or (self.asked != ALL and last.end != self.now):
            yield _Run(start, last.end, False, self._requests(False, start, last.end))

    def _fetch(self, run: _Run) -> Fetch:
        scope = ALL if run.is_wide else self.asked
        live = run.end == self.now or (
            run.is_wide is self.wide
            and self._requests(run.is_wide, run.start, self.now) <= run.requests
        )
        return Fetch(scope, run.start, None if live else run.end, live, run.requests)

    def _requests(self, is_wide: bool, start: int, end: int) -> int:
        return requests(self.estimate(ALL if is_wide else self.asked, start, end), self.page_size)
