"""What is held is looked at again, newest first: it was corrected or deleted since, or it was not.

Pure. Instants are milliseconds since 1970. Everything of the last two weeks is looked at every
day, all that is held every week, or as soon after as the requests last; and where they last for
more, more often. Before a report is due, what it tells of.

Reading shows every change, a page of a hundred sessions for a request. Exec's totals show changes
of rank, number and existence, some requests for any interval. Where there are too many sessions
to read two weeks of them every day, they are checked by totals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.mirror.coverage import Coverage, Piece, Span
from bot.mirror.settling import DAY, HOUR
from bot.mirror.walking import Count, requests

# Two weeks, and the day in which what changes on the last of them is found.
RECENT = 15 * DAY
# Due so long after the last look; what can't be looked at at once has half an hour.
RECENT_EVERY = 23 * HOUR + HOUR // 2
# A day before the week is over: some pages wait for others.
HELD_EVERY = 6 * DAY
# Requests that nobody needs are worth nothing: they go to what was looked at longer ago than this.
SPARE_EVERY = 6 * HOUR
# What was read after three months, and few ask about, waits so many times as long as the rest where
# not all can be read in time.
LATELY = 90 * DAY
LONG_AGO_WAITS = 26
# A look so long before a report is due is new enough for it, and so long before is time enough.
REPORT_VALID = 4 * HOUR
REPORT_AHEAD = 2 * HOUR
# Grades still arrive for what is newer, so that totals differ nearly everywhere: it is read.
ARRIVING = 20 * HOUR
# What came a moment ago was just read, or comes with the next look at what is new.
NEWEST = HOUR
# Up to here reading costs no more than totals do.
FEW_PAGES = 8


@dataclass(frozen=True, slots=True)
class Window:
    """[start, end) of what a report tells that is due at `at`."""

    start: int
    end: int
    at: int


@dataclass(frozen=True, slots=True)
class Look:
    """What to look at next: by Exec's totals, or by reading; `urgent` if it can't wait its turn."""

    span: Span
    by_totals: bool = False
    urgent: bool = True


def seen(read: Coverage, totalled: Coverage) -> Coverage:
    """When each instant of what was `read` was last looked at in either way."""
    both = read
    for piece in totalled.held:
        for span in read.stale(piece.start, piece.end, piece.as_of):
            both = both.learn(Piece(span.start, span.end, piece.as_of))
    return both


def next_look(
    read: Coverage,
    totalled: Coverage,
    windows: Iterable[Window],
    *,
    now: int,
    count: Count,
    pages_a_day: float,
    may_total: bool = True,
) -> Look | None:
    """The next look that is due. `read` is the coverage of everybody's sessions, `totalled` what
    Exec's totals showed to be as held, and `count` how many sessions are held in an interval.
    Unless it `may_total`, pages are read where totals would cost less.
    """
    due = _due(seen(read, totalled), windows, now)
    if due:
        old = _before(due, now - ARRIVING)
        many = _pages(old, count) > FEW_PAGES and not _readable(read, now, count, pages_a_day)
        if may_total and many and due[-1].end <= now - ARRIVING:
            return Look(_hull(read, old, now), by_totals=True)
        return Look(due[-1])
    for every, waited in ((HELD_EVERY, _waited), (SPARE_EVERY, _waited_in_spare)):
        stale = [piece for piece in read.held if piece.as_of <= now - every]
        if stale:
            longest = max(stale, key=lambda piece: (waited(piece, now), piece.end))
            return Look(Span(longest.start, longest.end), urgent=False)
    return None


def _waited(piece: Piece, now: int) -> int:
    """How long ago the last look was, as it counts beside others."""
    return (now - piece.as_of) // (1 if piece.as_of < piece.end + LATELY else LONG_AGO_WAITS)


def _waited_in_spare(piece: Piece, now: int) -> int:
    """The same where nothing is due: what is more likely to change is looked at more often."""
    return (now - piece.as_of) * (HELD_EVERY // DAY if piece.end > now - RECENT else 1)


def _due(looked: Coverage, windows: Iterable[Window], now: int) -> Sequence[Span]:
    """What of the last two weeks, and of reports that are due soon, has to be looked at."""
    spans = list(looked.stale(now - RECENT, now, now - RECENT_EVERY + 1))
    soon = [each for each in windows if now < each.at <= now + REPORT_VALID]
    told = [(each, _stale_for(each, looked, now)) for each in soon]
    # One look serves all that are due in these hours, as late as the first of them allows.
    if any(stale and each.at <= now + REPORT_AHEAD for each, stale in told):
        spans += [span for _, stale in told for span in stale]
    return _joined(spans, now)


def _stale_for(window: Window, looked: Coverage, now: int) -> Sequence[Span]:
    end = min(window.end, now - NEWEST)
    return looked.stale(window.start, end, window.at - REPORT_VALID)


def _joined(spans: Iterable[Span], now: int) -> Sequence[Span]:
    joined = Coverage.of(Piece(each.start, each.end, now) for each in spans)
    return tuple(Span(each.start, each.end) for each in joined.held)


def _before(spans: Iterable[Span], end: int) -> Sequence[Span]:
    return [Span(s.start, min(s.end, end)) for s in spans if s.start < end]


def _pages(spans: Iterable[Span], count: Count) -> int:
    return sum(requests(count(each.start, each.end)) for each in spans)


def _readable(read: Coverage, now: int, count: Count, pages_a_day: float) -> bool:
    """Whether reading alone looks at everything as often as it should be."""
    held = count(read.held[0].start, now)
    recent = min(held, count(now - RECENT, now))
    return requests(recent) + requests(held - recent) * DAY / HELD_EVERY <= pages_a_day


def _hull(read: Coverage, old: Sequence[Span], now: int) -> Span:
    """The newest of what is due and held without a gap, with all between: totals cost the same.

    It goes on to what is nearly due, so that this is not read as soon as it is; but not to what was
    last looked at while grades still arrived.
    """
    everything = read.stale(old[0].start, now - ARRIVING, now + 1)
    whole = next(each for each in reversed(everything) if each.start < old[-1].end)
    first = next(each for each in old if each.end > whole.start)
    end = min(old[-1].end, whole.end)
    for piece in read.pieces(end, whole.end):
        if piece.as_of < piece.end + ARRIVING:
            break
        end = piece.end
    return Span(max(first.start, whole.start), end)
