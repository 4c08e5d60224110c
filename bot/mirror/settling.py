"""When to look again at sessions that wait for a grade.

Pure. Instants and durations are milliseconds. A session may be created first and graded minutes
or hours later, and Exec tells nobody: it is looked at again as it ages, until it is a day old and
looked at every day like all others. A request brings a hundred sessions or one, so a look waits
for others that can share it.

Few sessions of a page are still without a score after minutes. These are asked for by their
people, where Exec names any, so that a request brings little else.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.mirror.scope import ALL, Scope
from bot.mirror.walking import PAGE_SIZE, Count, Fetch, requests

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# The ages at which a session without a score is looked at again, and that at which it is settled.
CHECKPOINTS = (2 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR)
SETTLED_AGE = DAY
# Their ids must fit into the address of a request.
PEOPLE_AT_ONCE = 80


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A session held without a score: when it was created, when it was last looked at, whose."""

    created_at: int
    as_of: int
    user_id: str = ""


def due(session: Unsettled) -> tuple[int, int] | None:
    """When the next look at a session is due, and when it must not wait any longer.

    It may wait until the following checkpoint. None after the last of them.
    """
    number = bisect_right(CHECKPOINTS, session.as_of - session.created_at)
    if number == len(CHECKPOINTS):
        return None
    ages = (*CHECKPOINTS, SETTLED_AGE)
    return session.created_at + ages[number], session.created_at + ages[number + 1]


def waiting(unsettled: Iterable[Unsettled], *, now: int) -> tuple[Unsettled, ...]:
    """Those that may be looked at now by their people, and again later; the most urgent first."""
    found: list[tuple[int, Unsettled]] = []
    for session in unsettled:
        times = due(session)
        if times and now >= times[0] and session.user_id:
            found.append((times[1], session))
    return tuple(session for _, session in sorted(found, key=lambda each: each[0]))


def look_at_people(
    sessions: Sequence[Unsettled], rows: Mapping[str, int], *, page_size: int = PAGE_SIZE
) -> tuple[Fetch, int]:
    """One page about the people of some of these sessions (at least one), and how many it serves.

    They are those that are `waiting`. `rows` says how many sessions each of their people had from
    the first to the last of them all.
    """
    people: set[str] = set()
    total = 0
    for user_id in dict.fromkeys(session.user_id for session in sessions):
        fits = total + rows.get(user_id, 1) <= page_size - 1 and len(people) < PEOPLE_AT_ONCE
        if people and not fits:
            break
        people.add(user_id)
        total += rows.get(user_id, 1)
    theirs = [session.created_at for session in sessions if session.user_id in people]
    scope = Scope(users=frozenset(people))
    cost = requests(total, page_size)
    return Fetch(scope, min(theirs), max(theirs) + 1, False, cost), len(theirs)


def looks(
    unsettled: Iterable[Unsettled],
    *,
    now: int,
    count: Count,
    patience: float = 1.0,
    page_size: int = PAGE_SIZE,
) -> tuple[Fetch, ...]:
    """The pages to read again now, as few as possible, newest first.

    `count` says how many sessions are held in an interval. `patience` from 0 to 1 is how much of
    the time a look may wait is used: 0 looks as soon as it is due, 1 costs the fewest requests.
    A page begins with a session that can wait no longer and goes on to newer ones until it is
    full: these are the next that would have to be looked at. It has no end if it reaches up to
    now, and so brings the newest sessions too.
    """
    overdue = set()
    for session in unsettled:
        times = due(session)
        if times and now >= times[0] + patience * (times[1] - times[0]):
            overdue.add(session.created_at)
    packed: list[Fetch] = []
    known = 0
    for start in sorted(overdue):
        if start >= known:
            known = _full_from(start, now, count, page_size)
            cost = requests(count(start, known), page_size)
            packed.append(Fetch(ALL, start, known if known < now else None, True, cost))
    return tuple(reversed(packed))


def _full_from(start: int, now: int, count: Count, page_size: int) -> int:
    """Where a page ends that begins with `start`; one instant is read whole."""
    # The oldest row of a full page makes nothing known, so that one row less counts.
    ends = range(start + 1, now + 1)
    fitting = bisect_left(ends, True, key=lambda end: count(start, end) > page_size - 1)
    return start + max(1, fitting)
