"""The digest of a group: what goes to a channel, where everybody reads it.

Besides new personal bests it holds counts only. No name of a person who has not practiced can come
out of it, whatever a template prints.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from bot.exec_api.models import Assignment, Session
from bot.language.query import Member
from bot.reports.facts import Facts, InQuestion, MembersAt, Practice
from bot.reports.figures import Figures, figures
from bot.reports.findings import Best
from bot.reports.gains import MOST_BESTS, bests
from bot.reports.highlights import (
    ENOUGH_ATTEMPTS,
    ENOUGH_PEOPLE,
    Scenarios,
    scenarios,
)
from bot.reports.intervals import (
    EVER,
    WEEKS,
    Interval,
    Window,
    first_whole_day,
    length_in_days,
    parts_of,
    weeks_up_to,
)
from bot.reports.metrics import GroupFigures, Line, compare
from bot.reports.rows import by_id, history, of_people, within
from bot.reports.tasks import tasks_of

FEW_BARS = 2  # one bar alone shows no course
# A week and a day: more bars of single days are too thin to read on a phone.
MOST_DAYS = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """Sessions of a local day, or of the week from the Monday `day` on; `running`: it was not over
    yet."""

    day: date
    sessions: int
    running: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted: the group's sessions, the invalid ones among them, and those that wait for
    a grade.

    `outside_sessions` were given too, and left out everywhere: their people were not in the group
    when the interval ended.
    """

    sessions: int
    invalid: int
    waiting: int
    outside_sessions: int


@dataclass(frozen=True, slots=True)
class GroupDigest:
    """The figures of a group's period. Lines are those of `metrics.DIGEST_METRICS`.

    `graded` people have a graded attempt in it, `graded_before` in the period before (0 where
    none is known): of few people results tell what a single one scored.
    `overdue`, `due_soon` (within seven days) and `not_passed` count assignments; None where they
    are not known. `days` is empty for a period longer than eight days; `weeks` are up to eight, of
    which those that began before anything was known are left out. Gains are measured against the
    best attempt since `since`, the start of a local day, or of all where that is None.
    """

    # From what it was computed, to be told.
    enough_people: ClassVar = ENOUGH_PEOPLE
    enough_attempts: ClassVar = ENOUGH_ATTEMPTS

    window: Window
    roster: int
    graded: int
    graded_before: int
    lines: tuple[Line, ...]
    bests: tuple[Best, ...]
    scenarios: Scenarios
    overdue: int | None
    due_soon: int | None
    not_passed: int | None
    days: tuple[Bar, ...]
    weeks: tuple[Bar, ...]
    counted: Counted
    since: datetime | None

    @property
    def is_empty(self) -> bool:
        """Nobody is in the group."""
        return self.roster == 0

    @property
    def results(self) -> tuple[Line, ...]:
        """The lines that tell how well people did."""
        return tuple(line for line in self.lines if line.metric.of_results)

    @property
    def result_labels(self) -> tuple[str, ...]:
        """What these are called in a sentence that begins with them."""
        first, *more = (line.metric.label for line in self.results)
        return (first, *(label.lower() for label in more))

    @property
    def tells_results(self) -> bool:
        """So many people have results that none of them can be read out of an average."""
        return self.graded >= ENOUGH_PEOPLE

    @property
    def figures(self) -> tuple[Line, ...]:
        """The lines but for that of the people."""
        return tuple(line for line in self.lines if line.metric.key != "people")

    @property
    def told(self) -> tuple[Line, ...]:
        """Those of them that a channel may read."""
        return tuple(
            line for line in self.figures if self.tells_results or not line.metric.of_results
        )

    @property
    def uncompared(self) -> tuple[str, ...]:
        """The keys of lines of which the period before had too few people: without its average,
        nobody computes it from the change either."""
        few_before = 0 < self.graded_before < ENOUGH_PEOPLE
        return tuple(line.metric.key for line in self.results) if few_before else ()

    @property
    def is_compared(self) -> bool:
        """Whether anything is known of the period before."""
        change = self.line("people").change
        return change is not None and change.kind != "first"

    @property
    def course(self) -> tuple[str, tuple[Bar, ...]]:
        """What each bar of the chart stands for, and the bars; none where they show no course."""
        per, bars = ("week", self.weeks) if len(self.weeks) >= FEW_BARS else ("day", self.days)
        shows = len(bars) >= FEW_BARS and any(bar.sessions for bar in bars)
        return per, bars if shows else ()

    @property
    def charted_since(self) -> datetime | None:
        """From when on the bars of the chart go, where earlier ones are not known."""
        per, bars = self.course
        zone, whole = self.window.zone, self.window.interval
        begins = weeks_up_to(whole.end, WEEKS, zone)[0][1].start if per == "week" else whole.start
        is_cut = bars and self.since is not None and self.since > begins
        return self.since if is_cut else None

    @property
    def is_quiet(self) -> bool:
        """Nobody of the group practiced."""
        return self.counted.sessions == 0

    def line(self, key: str) -> Line:
        """The line of a metric. Raises KeyError."""
        for line in self.lines:
            if line.metric.key == key:
                return line
        raise KeyError(key)


def group_digest(
    roster: Iterable[Member],
    rows: Iterable[Session],
    assignments: Iterable[Assignment] | None,
    window: Window,
    *,
    known_since: datetime | None,
    bests: tuple[Best, ...] = (),
    members_at: MembersAt | None = None,
) -> GroupDigest:
    """The digest of the people in `roster`: those who were in the group when the interval ended.

    `members_at` tells who was in it at another moment, so that an earlier period counts those
    whom it counted when it was reported on; without it they were the same.

    `rows` reach back as far as they are stored: at least to `window.before` for the changes, eight
    weeks for the chart, and all there is for best attempts. Rows of others may be among them.
    `known_since` is the moment from which the group's sessions are known: the later one of where
    the history begins and of the group's own beginning; None where nothing before the interval
    is. Days and weeks before it are no bars.
    """
    people = by_id(roster)
    all_rows = history(rows, window.interval.end)
    own = of_people(all_rows, people)
    inside = within(own, window.interval)
    members = members_at or (lambda _moment: people)
    tasks = None if assignments is None else tasks_of(assignments, people, window.now, window.zone)
    earlier = _before(all_rows, members, window, known_since)
    now, before = _group(len(people), inside), None
    if earlier is not None:
        before = _group(len(members(window.before.end)), earlier)
    since = first_whole_day(known_since or window.interval.start, window.zone)
    return GroupDigest(
        window=window,
        roster=len(people),
        graded=now.graded,
        graded_before=before.graded if before else 0,
        lines=compare(now, before),
        bests=bests[:MOST_BESTS],
        scenarios=scenarios(inside),
        overdue=len(tasks.overdue) if tasks else None,
        due_soon=len(tasks.due_soon(window.now, window.zone)) if tasks else None,
        not_passed=len(tasks.not_passed) if tasks else None,
        days=_days(own, window, known_since),
        weeks=_weeks(all_rows, members, window, known_since),
        counted=_counted(all_rows, inside, now.sessions, window.interval),
        since=since,
    )


def _before(
    all_rows: Sequence[Session], members: MembersAt, window: Window, known_since: datetime | None
) -> list[Session] | None:
    """The sessions of the period before; None where not all of it is known."""
    if known_since is None or known_since > window.before.start:
        return None
    return _of_then(all_rows, members, window.before)


def _of_then(all_rows: Sequence[Session], members: MembersAt, interval: Interval) -> list[Session]:
    """The sessions of an interval by those who were in the group when it ended."""
    then = members(interval.end)
    return of_people(within(all_rows, interval), then)


def _group(roster: int, rows: Sequence[Session]) -> GroupFigures:
    # Any session is practice: whether it counts for the average shows only once it is graded.
    sums = figures(rows)
    return GroupFigures(roster, sums.people, sums.graded, sums)


def _days(
    ordered: Sequence[Session], window: Window, known_since: datetime | None
) -> tuple[Bar, ...]:
    if length_in_days(window.interval, window.zone) > MOST_DAYS:
        return ()
    return tuple(
        Bar(day, len(within(ordered, inside)), running=whole.end > window.now)
        for day, inside, whole in parts_of(window.interval, "day", window.zone)
        if known_since is None or inside.start >= known_since
    )


def _weeks(
    all_rows: Sequence[Session], members: MembersAt, window: Window, known_since: datetime | None
) -> tuple[Bar, ...]:
    since = known_since or window.interval.start
    return tuple(
        Bar(day, len(_of_then(all_rows, members, week)), running=week.end > window.now)
        for day, week in weeks_up_to(window.interval.end, WEEKS, window.zone)
        # A week known or counted in part would look like a quiet one.
        if week.start >= since and (week.end <= window.interval.end or week.end > window.now)
    )


def _counted(
    all_rows: Sequence[Session], inside: Sequence[Session], sums: Figures, interval: Interval
) -> Counted:
    everyone = within(all_rows, interval)
    own = {row.id for row in inside}
    outside = [row for row in everyone if row.id not in own]
    return Counted(
        sessions=len(inside),
        invalid=sums.invalid,
        waiting=sums.waiting,
        outside_sessions=len(outside),
    )


async def digest_for(facts: Facts, *, with_tasks: bool) -> GroupDigest:
    """The digest of the people in question, with their assignments or without."""
    people = await facts.people()
    practice = await facts.sessions(of_people=True, before=True)
    tasks = await facts.tasks() if with_tasks else None
    opted_out = await facts.opted_out()
    return await facts.compute(digest_of, people, practice, tasks, opted_out)


def digest_of(
    people: InQuestion,
    practice: Practice,
    tasks: Iterable[Assignment] | None,
    opted_out: Collection[str],
) -> GroupDigest:
    """The digest of the people in question; none of those who `opted_out` is named."""
    since = practice.since or EVER
    is_long_known = since < practice.interval.start or not practice.complete
    return group_digest(
        people.everyone,
        practice.all_rows,
        tasks,
        practice.window,
        known_since=since if is_long_known else None,
        bests=bests(practice, people.coached, opted_out),
        members_at=people.members_at,
    )
