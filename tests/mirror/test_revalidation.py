"""When what is held is looked at again, by pages or by totals, for how many requests.

Weeks of a company are played against the rules themselves: Exec and the mirror are lists of
sessions in the order of their creation, of which one knows each change at once.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mirror.coverage import DAY, HOUR, Coverage, Piece, Span
from bot.mirror.revalidation import (
    ARRIVING,
    ASK_TOTALS,
    HELD_EVERY,
    PARTS,
    RANKS,
    READ_OLDER,
    READ_RECENT,
    RECENT,
    RECENT_EVERY,
    REPORT_AHEAD,
    REPORT_VALID,
    SPARE_EVERY,
    Check,
    Doubt,
    Look,
    Used,
    Window,
    is_read,
    middle_of,
    next_look,
    pace,
    seen,
)
from tests.mirror.model import checked, counted

NOW = 1000 * DAY
NAMES = RANKS[1:]
# What people ask for from Monday to Sunday.
WEEK = (430, 350, 350, 350, 350, 60, 60)
# Score and rank; None is a session that was deleted.
Content = tuple[int, str | None] | None


def held(*pieces: tuple[int, int, int]) -> Coverage:
    return Coverage.of(Piece(*piece) for piece in pieces)


def look(read: Coverage, *windows: Window, per_day: float = 5.0, **more: object) -> Look | None:
    """The next one at NOW, in a company of so many sessions a day."""

    def count(start: int, end: int) -> float:
        return per_day * (end - start) / DAY

    values = {"totalled": Coverage(), "pages_a_day": 300.0, "now": NOW, **more}
    totalled = values.pop("totalled")
    return next_look(read, totalled, windows, count=count, **values)  # type: ignore[arg-type]


def is_urgent(found: Look | None) -> bool:
    return found is not None and found.urgent


YESTERDAY = NOW - RECENT_EVERY
FRESH = (NOW - RECENT, NOW - HOUR, NOW - HOUR)


def test_the_newest_of_two_weeks_comes_first_then_what_was_not_read_for_longest():
    recent = held((NOW - 10 * DAY, NOW - 9 * DAY, YESTERDAY), (NOW - 5 * DAY, YESTERDAY, YESTERDAY))
    assert look(recent) == Look(Span(NOW - 5 * DAY, YESTERDAY))
    old = held(
        (NOW - 200 * DAY, NOW - 100 * DAY, NOW - HELD_EVERY),
        (NOW - 100 * DAY, NOW - 50 * DAY, NOW - 2 * HELD_EVERY),
        FRESH,
    )
    assert look(old) == Look(Span(NOW - 100 * DAY, NOW - 50 * DAY), urgent=False)
    assert look(held(FRESH)) is None
    assert look(Coverage()) is None


def test_what_is_older_than_three_months_waits_longer_where_not_all_can_be_read_in_time():
    newer, older = Span(NOW - 60 * DAY, NOW - 50 * DAY), Span(NOW - 600 * DAY, NOW - 500 * DAY)

    def read(looked: int, lately: int = 7 * DAY) -> Coverage:
        old = (older.start, older.end, NOW - looked)
        return held(old, (newer.start, newer.end, NOW - lately), FRESH)

    assert look(read(150 * DAY)) == Look(newer, urgent=False)
    assert look(read(190 * DAY)) == Look(older, urgent=False)
    assert look(read(HELD_EVERY, lately=HOUR)) == Look(older, urgent=False)


def test_with_requests_to_spare_all_is_looked_at_more_often_and_the_newest_most_often():
    recent = (NOW - RECENT, NOW - DAY, NOW - SPARE_EVERY)
    older = Span(NOW - 50 * DAY, NOW - RECENT)
    enough, too_long = NOW - 5 * SPARE_EVERY, NOW - 7 * SPARE_EVERY
    read = held((older.start, older.end, enough), recent, (NOW - DAY, NOW, NOW))
    assert look(read, pages_a_day=900.0) == Look(Span(*recent[:2]), urgent=False)
    read = held((older.start, older.end, too_long), recent, (NOW - DAY, NOW, NOW))
    assert look(read, pages_a_day=900.0) == Look(older, urgent=False)
    assert look(held((*recent[:2], NOW - SPARE_EVERY + 1), (NOW - DAY, NOW, NOW))) is None


def test_what_came_to_be_older_than_three_months_is_read_once_more_in_its_turn():
    """What was corrected in the last of its ninety days is found as soon as what is newer."""
    newer, older = Span(NOW - 60 * DAY, NOW - 50 * DAY), Span(NOW - 96 * DAY, NOW - 95 * DAY)
    read = held((older.start, older.end, NOW - 8 * DAY), (newer.start, newer.end, NOW - 7 * DAY))
    assert look(read, pages_a_day=0.0, now=NOW) == Look(older, urgent=False)


@pytest.mark.parametrize(
    ("per_day", "more", "by_totals"),
    [
        (200, {}, False),
        (3000, {}, True),
        (3000, {"may_total": False}, False),
        (3000, {"pages_a_day": 900.0}, False),
        (50, {"pages_a_day": 3.0}, False),
    ],
    ids=["few", "many", "totals that never agree", "many requests", "few pages"],
)
def test_totals_where_two_weeks_are_too_much_to_read(per_day, more, by_totals):
    """But for what is so new that grades still arrive: that is read."""
    read = held((NOW - 20 * DAY, YESTERDAY, YESTERDAY), (YESTERDAY, NOW, NOW))
    found = look(read, per_day=per_day, **more)
    assert found is not None
    assert found.by_totals is by_totals
    assert found.span.start == NOW - RECENT
    assert found.span.end == (NOW - ARRIVING if by_totals else YESTERDAY)


def test_a_gap_is_never_checked_by_totals():
    week = (NOW - 9 * DAY, NOW - 2 * DAY, YESTERDAY)
    read = held((NOW - 30 * DAY, NOW - 10 * DAY, YESTERDAY), week)
    found = look(read, per_day=3000)
    assert found == Look(Span(*week[:2]), by_totals=True)


def test_what_totals_showed_needs_no_look_but_is_read_in_its_turn():
    old = (NOW - RECENT, NOW - 8 * DAY)
    read, shown = held((*old, NOW - HELD_EVERY + HOUR)), held((*old, NOW - 2 * HOUR))
    assert not is_urgent(look(read, totalled=shown))
    assert seen(read, shown).held == shown.held
    assert look(held((*old, NOW - HELD_EVERY)), totalled=shown) == Look(Span(*old), urgent=False)


def test_what_a_report_tells_is_looked_at_in_the_hours_before():
    long_ago, lately = NOW - 40 * DAY, NOW - 20 * DAY
    read = held((long_ago, lately, NOW - 3 * DAY), (lately, NOW - HOUR, NOW - HOUR))

    def told(after: int) -> Window:
        return Window(long_ago + DAY, lately - DAY, NOW + after)

    due = Look(Span(long_ago + DAY, lately - DAY))
    assert look(read, told(REPORT_AHEAD)) == due
    assert not is_urgent(look(read, told(REPORT_AHEAD + 1)))
    assert not is_urgent(look(read, told(0)))
    # What is due in the next hours comes along.
    later = Window(lately - DAY, lately, NOW + REPORT_VALID)
    assert not is_urgent(look(read, later))
    assert look(read, later, told(HOUR)) == Look(Span(long_ago + DAY, lately))


@checked
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9), st.integers(0, 70)), max_size=8),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9), st.integers(0, 70)), max_size=3),
)
def test_seen_is_the_newer_of_both_looks(pages, totals):
    def coverage(pieces):
        known = Coverage()
        for first, length, later in pieces:
            known = known.learn(Piece(first, first + length, first + length + later))
        return known

    read, shown = coverage(pages), coverage(totals)
    both = seen(read, shown)
    for instant in range(70):
        looks = [each.pieces(instant, instant + 1) for each in (read, shown)]
        newest = max((piece.as_of for found in looks for piece in found), default=None)
        pieces = both.pieces(instant, instant + 1)
        assert [each.as_of for each in pieces] == ([newest] if looks[0] else [])


NOTHING: Used = [{}] * PARTS
EVENLY: Used = [{"question": 25}] * PARTS
OFFICE: Used = [{}] * 5 + [{"question": 100}] * 4 + [{}] * 3


@pytest.mark.parametrize(
    ("used", "week_ago", "left_urgent", "left"),
    [
        (NOTHING, NOTHING, 540, 440),
        (EVENLY, NOTHING, 297, 271),
        (NOTHING, OFFICE, 540, 71),
        (OFFICE, OFFICE, 197, 71),
        # What was read in the morning leaves the 24 hours before the next office hours begin.
        ([{"reread": 100}, *NOTHING[1:]], OFFICE, 440, 71),
        ([*NOTHING[1:], {"reread": 100}], OFFICE, 440, -20),
        # Of what is kept for what is urgent some is spent.
        ([*NOTHING[1:], {"recent": 30, "totals": 30}], NOTHING, 480, 420),
        ([{"recent": 100, "totals": 100, "reread": 300}, *NOTHING[1:]], NOTHING, 40, 40),
        ([{"question": 690}, *NOTHING[1:]], NOTHING, 0, -118),
    ],
    ids=[
        "nobody asks",
        "people ask all day",
        "a working day comes",
        "between working days",
        "read in the morning",
        "read in the evening",
        "urgent",
        "all is spent",
        "people ask a lot",
    ],
)
def test_what_people_leave_is_spent(used, week_ago, left_urgent, left):
    now = pace(used, week_ago, 1000)
    assert (now.left_urgent, now.left) == (left_urgent, left)
    assert now.may(urgent=True) is (left_urgent > 0)
    assert now.may(urgent=False) is (left > 0)


def test_changes_that_cancel_in_two_weeks_show_when_the_newest_day_is_asked_for_by_itself():
    """Yesterday's gold became silver, and a silver of last week gold."""
    yesterday, last_week = NOW - HOUR, NOW - 5 * DAY
    here = Company([last_week, yesterday], [(1, "gold"), (1, "silver")], 1000, WEEK)
    here.mirror, here.polled = [(1, "silver"), (1, "gold")], 2
    here.read = held((NOW - 14 * DAY, NOW, NOW))
    check = Check.of(Span(NOW - 14 * DAY, NOW), NOW)
    while check.doubts:
        here.go_on(check, NOW)
    assert here.mirror == here.exec
    assert len([purpose for _, purpose in here.spent if purpose == ASK_TOTALS]) == 2 * len(RANKS)


# Weeks of a company


@dataclass
class Change:
    """A session that changed `at`, when it was so `old`, and how long it took until it was seen.

    `in_totals`: in its rank, or because it is gone.
    """

    number: int
    at: int
    old: int
    in_totals: bool
    age: int | None = None


@dataclass
class Company:
    """Sessions by their number, what Exec and the mirror hold of each, and what was spent when."""

    created: list[int]
    exec: list[Content]
    limit: int
    people: tuple[int, ...]
    mirror: list[Content] = field(default_factory=list)
    read: Coverage = field(default_factory=Coverage)
    totalled: Coverage = field(default_factory=Coverage)
    checking: Check | None = None
    spent: list[tuple[int, str]] = field(default_factory=list)
    polled: int = 0
    changes: list[Change] = field(default_factory=list)

    def change(self, number: int, content: Content, now: int) -> None:
        """Exec changes what it holds of a session."""
        before = self.exec[number]
        if before is not None and before != content:
            in_totals = content is None or content[1] != before[1]
            self.exec[number] = content
            self.changes.append(Change(number, now, now - self.created[number], in_totals))

    def between(self, span: Span) -> range:
        low = bisect_left(self.created, span.start)
        return range(low, max(low, bisect_left(self.created, span.end)))

    def count(self, where: list[Content], rank: str | None, span: Span) -> int:
        numbers = self.between(span)
        ranks = [row[1] for row in where[numbers.start : numbers.stop] if row is not None]
        return len(ranks) if rank is None else ranks.count(rank)

    def pages(self, span: Span, now: int, most: int, purpose: str) -> int:
        """Read the newest pages of `span`, full ones, extended to newer sessions."""
        inside = self.between(span)
        first, last = inside.start, max(inside.stop, min(inside.start + 99, self.polled))
        pages = 0
        while pages < most and (pages == 0 or last > first):
            low = max(0, last - 99)
            end = self.created[last] if last < self.polled else now
            start = self.created[low - 1] + 1 if low else self.created[0]
            self.mirror[low:last] = self.exec[low:last]
            for change in self.changes:
                if change.age is None and low <= change.number < last:
                    change.age = now - change.at
            self.read = self.read.learn(Piece(min(start, span.end - 1), max(end, span.end), now))
            last, pages = low, pages + 1
            self.spent.append((now, purpose))
        return pages

    def asked(self, until: int) -> float:
        """The requests of people since NOW: on each day of the week, in its office hours."""
        day, rest = divmod(until - NOW, DAY)
        weeks, weekday = divmod(day, 7)
        whole = weeks * sum(self.people) + sum(self.people[:weekday])
        return whole + self.people[weekday] * min(max(rest / HOUR - 9, 0), 8) / 8

    def used(self, now: int) -> tuple[Used, Used]:
        """By purpose, in the parts of the last 24 hours; and what people will ask in the next."""
        edges = range(now - DAY, now + DAY + 1, DAY // PARTS)
        asked = [int(self.asked(edge)) for edge in edges]
        parts = [Counter(question=after - before) for before, after in pairwise(asked)]
        for at, purpose in self.spent:
            parts[(at - now + DAY - 1) * PARTS // DAY][purpose] += 1
        return parts[:PARTS], parts[PARTS:]

    def poll(self, now: int) -> None:
        """What is new comes in, by the way."""
        known = bisect_left(self.created, now)
        self.mirror += self.exec[self.polled : known]
        start = self.read.held[-1].end
        if start < now:
            self.read = self.read.learn(Piece(start, now, now))
        self.polled = known

    @property
    def at_once(self) -> int:
        """Four requests of a thousand a day."""
        return max(1, self.limit // 250)

    def go_on(self, check: Check, now: int) -> int:
        """Check by totals, the next few requests long; how many these were."""
        before = len(self.spent)
        while check.doubts and len(self.spent) < before + self.at_once:
            doubt = check.doubts.pop()
            if doubt.total is None:
                check.doubts.append(self.told(doubt, doubt.span, now))
            elif doubt.total != self.count(self.mirror, doubt.rank, doubt.span):
                self.follow(check, doubt, now)
        if not check.doubts:
            self.totalled = Coverage().learn(Piece(check.span.start, check.span.end, check.began))
            self.checking = None
        return len(self.spent) - before

    def told(self, doubt: Doubt, span: Span, now: int) -> Doubt:
        self.spent.append((now, ASK_TOTALS))
        return Doubt(doubt.rank, span, self.count(self.exec, doubt.rank, span))

    def follow(self, check: Check, doubt: Doubt, now: int) -> None:
        rows = self.between(doubt.span)
        if is_read(doubt, self.count(self.mirror, None, doubt.span)):
            self.pages(doubt.span, now, 3, READ_RECENT)
            return
        middle = middle_of(doubt.span, self.created[rows.start + len(rows) // 2])
        older = self.told(doubt, Span(doubt.span.start, middle), now)
        check.go_on(doubt, middle, older.total or 0)

    def live(self, now: int, until: int) -> None:
        """Look again as the rules say; people ask all day long."""
        next_poll = now
        while now < until:
            if now >= next_poll:
                self.poll(now)
                next_poll = now + 2 * HOUR
            self.spent = [each for each in self.spent if each[0] > now - DAY]
            now += self.step(now)

    def step(self, now: int) -> int:
        """Look at what is due, if it may be; how long to wait then."""
        may = pace(*self.used(now), self.limit)
        if self.checking is None:
            count = counted(self.created, self.polled)
            more = {"count": count, "pages_a_day": may.pages_a_day}
            due = next_look(self.read, self.totalled, (), now=now, **more)
            if due is None or not may.may(urgent=due.urgent):
                return HOUR // 3
            if not due.by_totals:
                purpose = READ_RECENT if due.urgent else READ_OLDER
                cost = self.pages(due.span, now, self.at_once if due.urgent else 1, purpose)
                return may.wait(cost, urgent=due.urgent)
            self.checking = Check.of(due.span, now)
        if not may.may(urgent=True):
            return HOUR // 3
        return may.wait(self.go_on(self.checking, now), urgent=True)


def company(
    a_day: int, more: int, *, limit: int, people: tuple[int, ...], round_: int = HELD_EVERY
) -> Company:
    """One that holds the sessions of ninety days, so many a day, and lives for some more.

    Exec allows `limit` requests a day, of which people use so many on each day of the week. In
    `round_` all was read; of what is younger, totals told what pages did not.
    """
    chance = random.Random(a_day)
    span = range(NOW - 90 * DAY, NOW + more * DAY)
    created = sorted(chance.sample(span, a_day * (90 + more)))
    told: list[Content] = [(chance.randrange(100), chance.choice(NAMES)) for _ in created]
    known = bisect_left(created, NOW)
    here = Company(created, told, limit, people, told[:known], polled=known)
    edges = [*created[:known:99], NOW]
    for low, high in pairwise(edges):
        # Each was read at some time of the last round.
        in_pages = low >= NOW - RECENT and round_ == HELD_EVERY
        age = chance.randrange(RECENT_EVERY if in_pages else round_)
        here.read = here.read.learn(Piece(low, high, max(high, NOW - age)))
    if round_ != HELD_EVERY:
        here.totalled = held((NOW - RECENT, NOW - DAY, NOW - DAY // 2))
    return here


def played(here: Company, days: int, a_day: int) -> int:
    """Let so many sessions change each day, half of them of the last days; the most requests that
    were sent on one. What is never seen is as old as it is at the end."""
    chance = random.Random(days)
    sent: Counter[int] = Counter()
    for quarter in range(4 * days):
        now = NOW + quarter * DAY // 4
        fresh = bisect_left(here.created, now - 5 * DAY)
        for number in range(quarter * a_day // 4, (quarter + 1) * a_day // 4):
            changing = chance.randrange(fresh if number % 2 else 0, here.polled - 1)
            score, rank = here.exec[changing] or (0, None)
            here.change(changing, chance.choice([None, (score, "gold"), (score + 1, rank)]), now)
        here.live(now, now + DAY // 4)
        sent[(now - NOW) // DAY] += sum(at >= now for at, _ in here.spent)
    for change in here.changes:
        if change.age is None:
            change.age = NOW + days * DAY - change.at
    return max(each + here.people[day % 7] for day, each in sent.items())


def ages(here: Company, *, old: int, in_totals: bool) -> list[int]:
    """How long changes took until they were seen, oldest first."""
    found = [each for each in here.changes if each.old <= old and each.in_totals >= in_totals]
    return sorted((each.age or 0 for each in found), reverse=True)


def test_with_200_a_day_two_weeks_are_read_every_day_and_all_of_it_every_week():
    here = company(200, 8, limit=1000, people=WEEK)
    most = played(here, 8, 75)
    recent = ages(here, old=14 * DAY, in_totals=False)
    assert len(recent) > 250
    assert recent[0] <= DAY
    # A week is the promise; what people leave is spent on looking more often.
    assert ages(here, old=NOW, in_totals=False)[0] <= 4 * DAY
    assert not any(purpose == ASK_TOTALS for _, purpose in here.spent)
    assert 500 < most <= 600


def test_with_3000_a_day_totals_find_what_changed_and_a_fortnight_shows_all():
    """A third of everything, and five corrections a day, half of them of the last five days.

    That is 15 a day at full scale; with 18 the last is seen minutes after its day is over. It is
    about what can be afforded: of 600 requests a day people leave 320. Each session is read when a
    day old and once a fortnight until it was read after its ninetieth day, eight times in all: 230
    pages a day. Totals take 10 and what is spent on following differences, four or five requests
    for each; all corrections beyond that lengthen the fortnight. Changes that cancel each other in
    the totals are seen by reading only: none of these do.
    """
    here = company(950, 29, limit=333, people=tuple(each // 3 for each in WEEK), round_=13 * DAY)
    most = played(here, 29, 5)
    recent = ages(here, old=14 * DAY, in_totals=True)
    assert len(recent) > 40
    assert recent[0] <= DAY
    shown = ages(here, old=90 * DAY, in_totals=False)
    assert len(shown) > 120
    assert 12 * DAY < shown[0] <= 14 * DAY
    assert most <= 200
