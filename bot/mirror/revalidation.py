"""When to look again at what is held, by reading or by Exec's totals, and for how many requests.

Pure. Instants are milliseconds since 1970. Everything of the last two weeks is looked at every
day, all that is held every week, or as soon after as the requests last; and where they last for
more, more often. Before a report is due, what it tells of.

Reading shows every change, a page of a hundred sessions for a request. Exec's totals show changes
of rank, number and existence, some requests for any interval. Where there are too many sessions
to read two weeks of them every day, they are checked by totals: an interval whose total differs is
halved until it is few enough pages to read. Totals may contradict each other: the worst that can
come of it is a page that is read for nothing. Two changes of rank may cancel each other in all
totals, and then wait until they are read; as most changes are of the newest sessions, their day is
asked for by itself.

What is not urgent stays, with all others together, under six tenths of a day's requests: of the 24
hours that end now, and of all that begin before now and end later, if people ask what they asked a
week ago. So weekends carry most of it, and Sunday does not take what Monday needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.mirror.coverage import DAY, HOUR, MINUTE, Coverage, Piece, Span, joined
from bot.mirror.walking import PAGE_SIZE, Count, requests

# Two weeks, and the day in which what changes on the last of them is found.
RECENT = 15 * DAY
# Due so long after the last look; what can't be looked at at once has half an hour.
RECENT_EVERY = 23 * HOUR + HOUR // 2
# A day before the week is over: some pages wait for others.
HELD_EVERY = 6 * DAY
# Spare requests go to what was last looked at longer ago than this.
SPARE_EVERY = 6 * HOUR
# What was read after three months, and few ask about, waits so many times as long as the rest where
# not all can be read in time.
LATELY = 90 * DAY
LONG_AGO_WAITS = 26
# Before a report is due: how old a look at what it tells may be, and when it is looked at.
REPORT_VALID = 4 * HOUR
REPORT_AHEAD = 2 * HOUR
# Grades still arrive for what is newer, so that totals differ nearly everywhere: it is read.
ARRIVING = 20 * HOUR
# What is newer was just read, or comes with the next poll.
NEWEST = HOUR
# Up to here reading costs no more than totals do.
FEW_PAGES = 8
# None is every session. Those without a rank are the rest.
RANKS: Sequence[str | None] = (None, "gold", "silver", "bronze", "unranked")
# To halve two pages costs a request, as the second of them does, which shows more.
FEW_ROWS = 2 * (PAGE_SIZE - 1)

# Parts of a day's limit: of all requests together, for what is not urgent and for what is; of
# looking again; and of that what is kept for what is urgent.
ALL_SHARE, URGENT_ALL_SHARE = 0.58, 0.597
OWN_SHARE = 0.54
URGENT_SHARE = 0.1
# The words under which these requests are booked.
READ_RECENT, ASK_TOTALS, READ_OLDER = "recent", "totals", "reread"
OWN = (READ_RECENT, ASK_TOTALS, READ_OLDER)
# What is urgent may take four of a minute's sixty requests, what is not one.
URGENT_EVERY = MINUTE // 4
EVERY = MINUTE
# A day is reckoned with in so many parts; what is urgent may come in any of them.
PARTS = 12
# Requests by purpose, in the parts of 24 hours.
Used = Sequence[Mapping[str, int]]


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
    # Some may overlap.
    return joined(Coverage.of(Piece(each.start, each.end, now) for each in spans).held)


def _stale_for(window: Window, looked: Coverage, now: int) -> Sequence[Span]:
    end = min(window.end, now - NEWEST)
    return looked.stale(window.start, end, window.at - REPORT_VALID)


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


@dataclass(frozen=True, slots=True)
class Doubt:
    """Whether Exec's `total` of a rank in an interval, None until it is told, is what is held."""

    rank: str | None
    span: Span
    total: int | None = None


@dataclass(slots=True)
class Check:
    """A check of `span` under way, begun at `began` (ms); `doubts` are left, the next one last."""

    span: Span
    began: int
    spent: int = 0
    doubts: list[Doubt] = field(default_factory=list)

    @classmethod
    def of(cls, span: Span, now: int) -> Check:
        """A check at its beginning."""
        edge = span.end - DAY
        parts = [span]
        if span.start < edge:
            parts = [Span(span.start, edge), Span(edge, span.end)]
        doubts = [Doubt(rank, part) for part in parts for rank in reversed(RANKS)]
        return cls(span, now, doubts=doubts)

    def go_on(self, doubt: Doubt, middle: int, older: int) -> None:
        """Doubt both halves: Exec told the total of all, and how many are `older` than `middle`."""
        span, total = doubt.span, doubt.total or 0
        self.doubts += (
            replace(doubt, span=Span(span.start, middle), total=older),
            replace(doubt, span=Span(middle, span.end), total=total - older),
        )


def is_read(doubt: Doubt, rows: int) -> bool:
    """Whether to read the interval of a doubt, with so many rows held, and not halve it."""
    return rows <= FEW_ROWS or doubt.span.end - doubt.span.start == 1


def middle_of(span: Span, row: int) -> int:
    """Where to halve an interval, by when the `row` in the middle of it was created (ms)."""
    return min(max(row, span.start + 1), span.end - 1)


@dataclass(frozen=True, slots=True)
class Pace:
    """What may be spent in a day on looking again, and how much of it is left now for what is
    urgent and for what is not."""

    per_day: int
    left_urgent: int
    left: int

    @property
    def pages_a_day(self) -> float:
        """How many pages may be read in a day where no two are begun in the same place."""
        return 0.6 * self.per_day

    def may(self, *, urgent: bool) -> bool:
        """Whether a request may be spent now."""
        return (self.left_urgent if urgent else self.left) > 0

    def wait(self, spent: int, *, urgent: bool) -> int:
        """How long to wait after so many requests (ms)."""
        return spent * (URGENT_EVERY if urgent else EVERY)


def pace(used: Used, week_ago: Used, limit: int) -> Pace:
    """The pace after the requests `used` in the parts of the last 24 hours, and those that were
    used a week ago in the parts of the 24 hours that followed then, each oldest first; `limit` is
    a day's."""
    others = sum(map(_others, used))
    own = sum(sum(part.values()) for part in used) - others
    older = sum(part.get(READ_OLDER, 0) for part in used)
    per_day = max(0, int(min(OWN_SHARE * limit, URGENT_ALL_SHARE * limit - others)))
    urgent = max(own - older, int(URGENT_SHARE * limit))
    left = min(
        ALL_SHARE * limit - _taken(used[part:], week_ago[:part]) - urgent * (part + 1) / len(used)
        for part in range(len(used) + 1)
    )
    kept = urgent - (own - older)
    return Pace(per_day, per_day - own, int(min(left, OWN_SHARE * limit - own - kept)))


def _taken(used: Used, to_come: Used) -> int:
    """Of 24 hours that began before now and end later."""
    return sum(sum(part.values()) for part in used) + sum(map(_others, to_come))


def _others(used: Mapping[str, int]) -> int:
    """What people, digests and the rest of the background took."""
    return sum(count for purpose, count in used.items() if purpose not in OWN)
