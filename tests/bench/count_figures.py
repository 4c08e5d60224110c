"""Counts every report's figures again, from plain lists: `python -m tests.bench.count_figures`.

A random company is stored, random questions are asked of its reports, and each figure is compared
with what a list of its sessions says. Nothing of the reports' arithmetic is used for that.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bot.language.query import Kind, Member, Named, Period, Rank, ResolvedQuery
from bot.language.sides import Side, Sides
from bot.mirror.query import Window
from bot.reports import (
    assignments,
    coach,
    compare,
    digest,
    inactive,
    leaderboard,
    me,
    prep,
    progress,
    scenarios,
    sessions,
    team,
    trend,
)
from bot.reports._asked import Asked, Group, Subject, told_apart
from bot.reports.intervals import window_of_period
from bot.storage.database import Database
from bot.storage.tables import (
    assignment,
    member,
    scenario,
    session,
    team_member,
    to_ms,
)
from bot.storage.tables import team as team_table

ZONES = ("America/New_York", "Europe/Berlin", "Asia/Tokyo")
NOW = datetime(2026, 3, 18, 15, 30, tzinfo=UTC)
START = NOW - timedelta(days=200)
RANKS = ("gold", "silver", "bronze", "unranked")


@dataclass(frozen=True)
class Row:
    """A session as Exec has it."""

    id: str
    who: str
    on: str
    at: datetime
    score: Decimal | None
    rank: str | None
    seconds: int | None
    valid: bool

    @property
    def is_graded(self) -> bool:
        return self.valid and self.score is not None


@dataclass(frozen=True)
class Task:
    """An assignment as Exec has it."""

    who: str
    on: str
    due: datetime | None
    status: str


@dataclass
class Company:
    """A random company; ids are also names."""

    chance: Random
    people: dict[str, Member] = field(default_factory=dict)
    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)

    def fill(self, people: int, per_person: int) -> None:
        chance = self.chance
        for n in range(people):
            id_ = f"u{n:03}"
            role = "removed" if chance.random() < 0.05 else "member"
            self.people[id_] = Member(id_, f"{id_}@acme.com", id_, role)
        present = [id_ for id_, each in self.people.items() if not each.is_removed]
        for n in range(6):
            size = chance.choice((2, 3, 5, 9, 14))
            self.groups[f"g{n}"] = frozenset(chance.sample(present, min(size, len(present))))
        for n in range(people * per_person):
            self.rows.append(self._row(n))
        for id_ in self.people:
            for _ in range(chance.randint(0, 4)):
                self.tasks.append(self._task(id_))

    def _row(self, n: int) -> Row:
        chance = self.chance
        at = START + (NOW - START) * chance.random()
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        valid = chance.random() < 0.9
        score = None
        if chance.random() < 0.9:
            score = Decimal(chance.randint(0, 1000)) / 10
            if chance.random() < 0.2:
                score = Decimal(chance.randint(0, 100_000)) / 1000
        return Row(
            id=f"s{n:06}",
            who=chance.choice(list(self.people)),
            on=f"c{chance.randint(0, 7)}",
            at=at,
            score=score,
            rank=chance.choice((*RANKS, None)) if score is not None else None,
            seconds=None if chance.random() < 0.05 else chance.randint(20, 3000),
            valid=valid,
        )

    def _task(self, who: str) -> Task:
        chance = self.chance
        due = None if chance.random() < 0.1 else NOW + timedelta(days=chance.randint(-30, 30))
        if due is not None and chance.random() < 0.5:
            due = due.replace(hour=0, minute=0, second=0, microsecond=0)
        status = chance.choice(("not_started", "in_progress", "past_due", "completed"))
        status = "did_not_pass" if chance.random() < 0.1 else status
        return Task(who, f"c{chance.randint(0, 7)}", due, status)

    async def store(self, db: Database) -> None:
        async with db.transaction() as connection:
            for id_, each in self.people.items():
                await connection.execute(
                    member.insert().values(
                        id=id_,
                        email=each.email,
                        name=each.name,
                        role=each.role,
                        is_listed=not each.is_removed,
                        assignments_at=NOW,
                    )
                )
            for name, ids in self.groups.items():
                await connection.execute(
                    team_table.insert().values(id=name, name=name, members_at=NOW)
                )
                for id_ in ids:
                    await connection.execute(
                        team_member.insert().values(team_id=name, member_id=id_)
                    )
            for n in range(8):
                await connection.execute(
                    scenario.insert().values(id=f"c{n}", name=f"c{n}", is_listed=True)
                )
            await connection.execute(session.insert(), [_stored(row) for row in self.rows])
            for n, task in enumerate(self.tasks):
                await connection.execute(
                    assignment.insert().values(
                        id=f"a{n}",
                        member_id=task.who,
                        scenario_id=task.on,
                        status=task.status,
                        due_at=task.due,
                        attempt_count=0,
                    )
                )


def _stored(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "created_at": to_ms(row.at),
        "member_id": row.who,
        "scenario_id": row.on,
        "is_staff": False,
        "is_valid": row.valid,
        "score": None if row.score is None else int(row.score * 1000),
        "rank": row.rank,
        "duration_ms": None if row.seconds is None else row.seconds * 1000,
    }


# What the lists say.


def half_up(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)


def average(rows: Iterable[Row]) -> Decimal | None:
    scores = [row.score for row in rows if row.is_graded and row.score is not None]
    return half_up(sum(scores, Decimal()) / len(scores)) if scores else None


def best(rows: Iterable[Row]) -> Decimal | None:
    scores = [row.score for row in rows if row.is_graded and row.score is not None]
    return half_up(max(scores)) if scores else None


def graded(rows: Iterable[Row]) -> list[Row]:
    return sorted((row for row in rows if row.is_graded), key=lambda row: (row.at, row.id))


@dataclass(frozen=True)
class Question:
    """What is asked, and the rows that it is about by the lists."""

    asked: Asked
    ids: frozenset[str] | None  # people in question, None for everybody
    coaches: frozenset[str]
    company: Company
    ranks: tuple[str, ...] = ()
    on: str = ""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.asked.zone)

    @property
    def present(self) -> frozenset[str]:
        people = self.company.people
        ids = self.ids if self.ids is not None else frozenset(people)
        return frozenset(id_ for id_ in ids if not people[id_].is_removed)

    @property
    def listed(self) -> frozenset[str]:
        return self.present - self.coaches

    def rows(self, start: datetime, end: datetime, *, plain: bool = False) -> list[Row]:
        """The rows of a span that match; `plain`: whatever is filtered."""
        return [
            row
            for row in self.company.rows
            if start <= row.at < end
            and (self.ids is None or row.who in self.ids)
            and (plain or not self.ranks or row.rank in self.ranks)
            and (plain or not self.on or row.on == self.on)
        ]

    @property
    def now(self) -> list[Row]:
        return self.rows(self.asked.interval.start, self.asked.interval.end)

    @property
    def before(self) -> list[Row]:
        return self.rows(self.asked.periods.before.start, self.asked.periods.before.end)

    def of(self, who: str, rows: Iterable[Row]) -> list[Row]:
        return [row for row in rows if row.who == who]

    def is_overdue(self, task: Task) -> bool:
        if task.status in ("completed", "did_not_pass"):
            return False
        if task.due is None:
            return task.status == "past_due"
        return self.due_day(task.due) < NOW.astimezone(self.zone).date()

    def due_day(self, due: datetime) -> date:
        if (due.hour, due.minute, due.second) == (0, 0, 0):
            return due.date()
        return due.astimezone(self.zone).date()

    def tasks(self) -> list[Task]:
        ids = self.ids if self.ids is not None else self.company.people.keys()
        return [
            task
            for task in self.company.tasks
            if task.who in ids and (not self.on or task.on == self.on)
        ]


Figure = tuple[str, Any, Any]  # what it is, as reported, as counted


async def check_sessions(q: Question) -> list[Figure]:
    found = await sessions.figures(q.asked)
    rows = q.now
    newest = sorted(rows, key=lambda row: (-to_ms(row.at), row.id))[:25]
    return [
        ("matching", found.matching, len(rows)),
        *tally_figures(found.sums, rows),
        ("best", found.best and found.best.score, best(rows)),
        ("ids", [row.id for row in found.rows], [row.id for row in newest]),
        *(
            ("score", row.score, None if each.score is None else half_up(each.score))
            for row, each in zip(found.rows, newest, strict=True)
        ),
        *(("when", row.at, each.at) for row, each in zip(found.rows, newest, strict=True)),
    ]


def tally_figures(sums: Any, rows: list[Row]) -> Iterator[Figure]:
    valid = [row for row in rows if row.is_graded]
    ranks = Counter(row.rank for row in valid)
    yield "sessions", sums.sessions, len(rows)
    yield "graded", sums.graded, len(valid)
    yield "incomplete", sums.incomplete, sum(not row.valid for row in rows)
    yield "waiting", sums.waiting, sum(row.valid and row.score is None for row in rows)
    yield "closes", sums.graded + sums.incomplete + sums.waiting, len(rows)
    yield "average", sums.average, average(rows)
    yield "best score", sums.best_score, best(rows)
    yield "seconds", sums.seconds, sum(row.seconds or 0 for row in rows)
    yield "people", sums.people, len({row.who for row in rows})
    yield "graded people", sums.graded_people, len({row.who for row in valid})
    for rank in RANKS:
        yield rank, getattr(sums, rank), ranks[rank]
    yield "without rank", sums.without_rank, ranks[None]


def change(now: list[Row], before: list[Row]) -> Decimal | None:
    new, old = average(now), average(before)
    if new is None or old is None or min(len(graded(now)), len(graded(before))) < 3:
        return None
    return new - old


def changed(value: Any) -> Any:
    return value.by if hasattr(value, "by") else None if value == "new" else value


async def check_team(q: Question) -> list[Figure]:
    found = await team.figures(q.asked)
    now = [row for row in q.now if row.who in q.present]
    before = [row for row in q.before if row.who in q.present]
    figures: list[Figure] = [
        ("people", found.people, len(q.present)),
        ("practiced", found.practiced, len({row.who for row in now})),
        ("outside", found.outside, len(q.now) - len(now)),
        ("change", changed(found.change), change(now, before)),
        ("overdue", found.tasks and found.tasks.overdue, sum(map(q.is_overdue, q.tasks()))),
        *tally_figures(found.sums, now),
    ]
    if q.asked.groups:
        for group, row in zip(sorted(q.company.groups), found.rows, strict=True):
            ids = q.company.groups[group] & q.present
            own = [each for each in now if each.who in ids]
            earlier = [each for each in before if each.who in ids]
            figures += group_figures(row, ids, own, earlier)
        return figures
    figures.append(("listed", {row.member_id for row in found.rows}, q.listed))
    for row in found.rows:
        own, earlier = q.of(row.member_id, now), q.of(row.member_id, before)
        figures += person_figures(q, row, own, earlier)
    return figures


def group_figures(
    row: Any, ids: frozenset[str], own: list[Row], earlier: list[Row]
) -> Iterator[Figure]:
    yield "group people", row.people, len(ids)
    yield "group practiced", row.practiced, len({each.who for each in own})
    yield "group sessions", row.sessions, len(own)
    yield "group average", row.average, average(own)
    yield "group change", changed(row.change), change(own, earlier)
    yield "group new", row.change == "new", bool(own) and not earlier


def person_figures(q: Question, row: Any, own: list[Row], earlier: list[Row]) -> Iterator[Figure]:
    everything = q.of(row.member_id, q.rows(START, q.asked.interval.end))
    yield "person sessions", row.sessions, len(own)
    yield "person average", row.average, average(own)
    yield "person change", changed(row.change), change(own, earlier)
    yield "person new", row.change == "new", bool(own) and not earlier
    yield "person best", row.best, best(own)
    yield "person last", row.last, max((each.at for each in everything), default=None)
    overdue = any(q.is_overdue(task) for task in q.tasks() if task.who == row.member_id)
    yield "person overdue", "overdue" in row.note, overdue


async def check_inactive(q: Question) -> list[Figure]:
    if q.ranks:
        return []
    found = await inactive.figures(q.asked)
    active = {row.who for row in q.now}
    figures: list[Figure] = [
        ("people", found.people, len(q.present)),
        ("missing", found.missing, len(q.present - active)),
        ("listed", {row.member_id for row in found.rows}, q.listed - active),
    ]
    for row in found.rows:
        earlier = q.of(row.member_id, q.rows(START, q.asked.interval.end))
        mine = [task for task in q.tasks() if task.who == row.member_id]
        figures += [
            ("last", row.last, max((each.at for each in earlier), default=None)),
            ("before", row.before, len(q.of(row.member_id, q.before))),
            ("overdue", row.overdue, sum(map(q.is_overdue, mine))),
        ]
    order = [(row.last or START - timedelta(days=1), row.who.casefold()) for row in found.rows]
    return [*figures, ("order", order, sorted(order))]


def bests_of(q: Question) -> dict[str, tuple[str, Decimal, Decimal]]:
    """Each person's largest new personal best of the period."""
    start, end = q.asked.interval.start, q.asked.interval.end
    scores: dict[tuple[str, str], list[tuple[bool, Decimal]]] = defaultdict(list)
    for row in graded(q.rows(START, end, plain=True)):
        if row.score is not None and row.who in q.listed:
            scores[row.who, row.on].append((row.at >= start, row.score))
    found: dict[str, tuple[str, Decimal, Decimal]] = {}
    for (who, on), each in scores.items():
        old = [score for is_new, score in each if not is_new]
        new = [score for is_new, score in each if is_new]
        if len(old) < 2 or not new or half_up(max(new)) <= half_up(max(old)):
            continue
        one = (on, half_up(max(new)), half_up(max(old)))
        if who not in found or one[1] - one[2] > found[who][1] - found[who][2]:
            found[who] = one
    return found


async def check_bests(q: Question) -> list[Figure]:
    found = (await team.figures(q.asked)).bests
    bests = bests_of(q)
    gains = sorted((each[1] - each[2] for each in bests.values()), reverse=True)[:3]
    return [
        ("gains", [each.gain for each in found], gains),
        *(
            ("best", (each.score, each.before), bests[each.member_id][1:])
            for each in found
            if each.scenario == bests[each.member_id][0]
        ),
    ]


async def check_digest(q: Question) -> list[Figure]:
    if q.ids is None or q.ranks or q.on:
        return []
    found = await digest.figures(q.asked)
    now = [row for row in q.now if row.who in q.present]
    people = len({row.who for row in now if row.is_graded})
    figures: list[Figure] = [
        ("sessions", found.sums.sessions, len(now)),
        ("people", found.sums.people, len({row.who for row in now})),
        ("average", found.sums.average, average(now) if people >= 3 else None),
        ("overdue", found.tasks and found.tasks.overdue, sum(map(q.is_overdue, q.tasks()))),
    ]
    for bar in found.bars:
        days = 7 if bar.part.per == "week" else 1
        first = datetime.combine(bar.part.first, datetime.min.time(), q.zone)
        last = datetime.combine(bar.part.first + timedelta(days=days), datetime.min.time(), q.zone)
        figures.append(("bar", bar.sessions, len(q.rows(first, min(last, q.asked.interval.end)))))
    return figures


async def check_me(q: Question) -> list[Figure]:
    if q.ids is None or len(q.ids) != 1 or q.ranks or q.on:
        return []
    found = await me.figures(q.asked)
    (who,) = q.ids
    ever = q.of(who, q.company.rows)
    figures: list[Figure] = list(tally_figures(found.sums, q.now))
    for row in found.rows:
        scores = [each.score for each in graded(ever) if each.on == row.scenario]
        first = half_up(scores[0]) if scores and scores[0] is not None else None
        last = half_up(scores[-1]) if scores and scores[-1] is not None else None
        top = best(each for each in ever if each.on == row.scenario)
        lift = top - first if len(scores) > 1 and top is not None and first is not None else None
        figures += [
            ("sessions", row.sessions, sum(each.on == row.scenario for each in q.now)),
            ("attempts", row.attempts, len(scores)),
            ("first", row.first, first),
            ("last", row.last, last),
            ("best", row.best, top),
            ("lift", row.lift, lift),
        ]
    weeks = {(each.at.astimezone(q.zone).date().isocalendar()[:2]) for each in ever}
    day, count = NOW.astimezone(q.zone).date(), 0
    if day.isocalendar()[:2] not in weeks:
        day -= timedelta(days=7)
    while day.isocalendar()[:2] in weeks:
        count, day = count + 1, day - timedelta(days=7)
    return [*figures, ("weeks in a row", found.weeks_in_a_row, count)]


def attempts_of(q: Question) -> dict[tuple[str, str], list[Row]]:
    """The graded rows of each person on each scenario up to the end of the period."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in graded(q.rows(START, q.asked.interval.end)):
        found[row.who, row.on].append(row)
    return found


def shown(row: Row) -> Decimal:
    return half_up(row.score or Decimal())


def mean(values: list[Decimal]) -> Decimal | None:
    return half_up(sum(values, Decimal()) / len(values)) if values else None


def lift_figures(reported: Any, own: list[list[Row]]) -> Iterator[Figure]:
    """The mean first, last and lift of several lists of attempts."""
    lifted = [rows for rows in own if len(rows) > 1]
    tops = [max(map(shown, rows)) for rows in lifted]
    yield "first", reported.first, mean([shown(rows[0]) for rows in lifted])
    yield "last", reported.last, mean([shown(rows[-1]) for rows in lifted])
    gains = [top - shown(rows[0]) for top, rows in zip(tops, lifted, strict=True)]
    yield "lift", reported.lift, mean(gains)


async def check_leaderboard(q: Question) -> list[Figure]:
    by = q.company.chance.choice(list(leaderboard.METRICS))
    found = await leaderboard.figures(replace(q.asked, query=replace(q.asked.query, by=by)))
    values: dict[str, Any] = {}
    for who in q.listed:
        value = ranking_value(q, by.value, who)
        if value or (value is not None and by.value == "lift"):
            values[who] = value
    figures: list[Figure] = [
        ("ranked", found.ranked, len(values)),
        ("values", {row.member_id: row.value for row in found.rows}, values),
    ]
    for row in found.rows:
        better = sum(value > values[row.member_id] for value in values.values())
        figures.append(("place", row.place, better + 1))
        figures.append(("graded", row.graded, len(graded(q.of(row.member_id, q.now)))))
    return figures


def ranking_value(q: Question, by: str, who: str) -> Any:
    own = q.of(who, q.now)
    scores = graded(own)
    match by:
        case "sessions":
            days = Counter(row.at.astimezone(q.zone).date() for row in scores)
            return sum(min(5, count) for count in days.values())
        case "average":
            return average(own) if len(scores) >= 3 else None
        case "best":
            return best(own)
        case "lift":
            here = {row.on for row in scores}
            mine = [rows for (id_, on), rows in attempts_of(q).items() if id_ == who and on in here]
            gains = [max(map(shown, x)) - shown(x[0]) for x in mine if len(x) > 1]
            return mean(gains) if len(scores) >= 3 else None
        case "time":
            seconds = sum(row.seconds or 0 for row in own)
            return seconds if seconds < 60 else (seconds + 30) // 60 * 60
        case _:
            return sum(row.rank == "gold" for row in scores)


async def check_trend(q: Question) -> list[Figure]:
    found = await trend.figures(q.asked)
    figures: list[Figure] = [("sum", found.sums.sessions, len(q.now))]
    if found.rows:
        figures.append(("parts", sum(row.sessions for row in found.rows), len(q.now)))
    for row, following in zip(found.rows, [*found.rows[1:], None], strict=False):
        start = datetime.combine(row.part.first, datetime.min.time(), q.zone)
        end = q.asked.interval.end
        if following is not None:
            end = datetime.combine(following.part.first, datetime.min.time(), q.zone)
        own = [each for each in q.now if start <= each.at < end]
        figures += [
            ("sessions", row.sessions, len(own)),
            ("people", row.people, len({each.who for each in own})),
            ("graded", row.graded, len(graded(own))),
            ("average", row.average, average(own)),
        ]
    return figures


async def check_progress(q: Question) -> list[Figure]:
    if q.ranks:
        return []
    found = await progress.figures(q.asked)
    people = q.listed if not q.asked.is_of_one else q.ids or frozenset()
    here = {(row.who, row.on) for row in graded(q.now) if row.who in people}
    own = {key: rows for key, rows in attempts_of(q).items() if key in here}
    figures: list[Figure] = list(lift_figures(found.lifts, list(own.values())))
    if q.asked.is_of_one:
        figures.append(("count", found.count, len(own)))
        by_name = {on: rows for (_, on), rows in own.items()}
        for row in found.rows:
            rows = by_name[row.scenario]
            top = max(map(shown, rows))
            figures += [
                ("attempts", row.attempts, len(rows)),
                ("first", row.first, shown(rows[0])),
                ("last", row.last, shown(rows[-1])),
                ("best", row.best, top),
                ("lift", row.lift, top - shown(rows[0]) if len(rows) > 1 else None),
            ]
        return figures
    figures.append(("count", found.count, len({who for who, _ in own})))
    for row in found.rows:
        mine = [rows for (who, _), rows in own.items() if who == row.member_id]
        figures += [
            ("scenarios", row.scenarios, len(mine)),
            ("attempts", row.attempts, sum(map(len, mine))),
            *lift_figures(row, mine),
        ]
    if found.courses is not None:
        told = {each.member_id: each.by for each in found.courses}
        figures += [("course", told.get(who), course_of(q, who)) for who in {x for x, _ in own}]
    return figures


def course_of(q: Question, who: str) -> Decimal | None:
    """By how many points a person moved on the same scenarios in four weeks against the four
    before; None if that may be luck."""
    end = q.asked.interval.end.astimezone(q.zone)
    middle = (end.replace(tzinfo=None) - timedelta(days=28)).replace(tzinfo=q.zone)
    first = (end.replace(tzinfo=None) - timedelta(days=56)).replace(tzinfo=q.zone)
    if first.time() != datetime.min.time():
        first = (first + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    now, before = defaultdict(list), defaultdict(list)
    for row in graded(q.of(who, q.rows(first, q.asked.interval.end))):
        (now if row.at >= middle else before)[row.on].append(row.score or Decimal())
    both = sorted(now.keys() & before.keys())
    n, n_before = sum(len(now[on]) for on in both), sum(len(before[on]) for on in both)
    if min(n, n_before) < 3:
        return None
    weights = [Decimal(len(now[x]) * len(before[x])) / (len(now[x]) + len(before[x])) for x in both]
    rises = [sum(now[x]) / len(now[x]) - sum(before[x]) / len(before[x]) for x in both]
    rise = sum(w * r for w, r in zip(weights, rises, strict=True)) / sum(weights)
    cells = [each[on] for on in both for each in (now, before)]
    squares = sum((x - sum(cell) / len(cell)) ** 2 for cell in cells for x in cell)
    seen = sum(map(len, cells)) - len(cells)
    spread = ((6 * 144 + squares) / (6 + seen)).sqrt()
    is_luck = abs(rise) < 2 * spread / sum(weights).sqrt()
    by = half_up(rise)
    return None if abs(by) < 5 or is_luck else by


async def check_scenarios(q: Question) -> list[Figure]:
    found = await scenarios.figures(q.asked)
    by_scenario = defaultdict(list)
    for row in graded(q.now):
        by_scenario[row.on].append(row)
    figures: list[Figure] = [("count", found.count, len(by_scenario))]
    for row in found.rows:
        own = by_scenario[row.scenario]
        good = sum(each.rank in ("gold", "silver") for each in own)
        figures += [
            ("people", row.people, len({each.who for each in own})),
            ("graded", row.graded, len(own)),
            ("average", row.average, average(own)),
            ("silver", row.silver and half_up(row.silver), half_up(Decimal(100 * good) / len(own))),
        ]
        if not q.ranks:
            came = [rows for (_, on), rows in attempts_of(q).items() if on == row.scenario]
            figures += lift_figures(row, came)
    return figures


async def check_assignments(q: Question) -> list[Figure]:
    found = await assignments.figures(replace(q.asked, query=replace(q.asked.query, period=None)))
    mine = [task for task in q.tasks() if task.who in q.present]
    overdue, done = sum(map(q.is_overdue, mine)), sum(x.status == "completed" for x in mine)
    return [
        ("all", found.all, len(mine)),
        ("overdue", found.counts["overdue"], overdue),
        ("done", found.counts["done"], done),
        ("not passed", found.counts["did not pass"], sum(x.status == "did_not_pass" for x in mine)),
        ("rows", len(found.rows), sum(task.who in q.listed for task in mine)),
    ]


async def check_compare(q: Question) -> list[Figure]:
    if q.ids is not None:
        return []
    one, two = q.company.chance.sample(sorted(q.company.groups), 2)
    asked, sides = [], []
    for name in (one, two):
        names = (Named(Kind.GROUP, name, name), *q.asked.query.names)
        query = replace(q.asked.query, names=names)
        chosen = [q.company.people[id_] for id_ in q.company.groups[name]]
        asked.append(replace(q.asked, query=query, subject=Subject(told_apart(chosen)), groups=()))
        sides.append(Side(name, query))
    both = Sides(Kind.GROUP, *sides)
    found = await compare.figures(replace(asked[0], sides=both, other=asked[1]))
    figures: list[Figure] = []
    for row, name in zip(found.rows, (one, two), strict=True):
        own = [x for x in q.now if (x.who in q.company.groups[name] and not q.on) or x.on == q.on]
        own = [x for x in own if x.who in q.company.groups[name]]
        figures += [
            ("people", row.people, len({each.who for each in own})),
            ("sessions", row.sessions, len(own)),
            ("graded", row.graded, len(graded(own))),
            ("average", row.average, average(own)),
            ("gold", row.gold, sum(each.rank == "gold" for each in graded(own))),
        ]
    return figures


async def check_coach(q: Question) -> list[Figure]:
    if q.ids is None or q.ranks or q.on:
        return []
    found = await coach.figures(q.asked)
    active = {row.who for row in q.now}
    figures: list[Figure] = [
        ("expected", found.expected, len(q.present)),
        ("practiced", found.practiced, len(q.present & active)),
    ]
    for row in found.rows:
        mine = [task for task in q.company.tasks if task.who == row.member_id]
        failed = sum(task.status == "did_not_pass" for task in mine)
        course = course_of(q, row.member_id)
        told = row.improving or row.slipping
        figures += [
            ("silent", row.silent, row.member_id not in active),
            ("overdue", len(row.overdue), sum(map(q.is_overdue, mine))),
            ("not passed", len(row.not_passed), failed),
            ("course", told and told.by, course),
        ]
    silent = {row.member_id for row in found.rows if row.silent}
    return [*figures, ("all silent", silent, q.listed - active)]


async def check_prep(q: Question) -> list[Figure]:
    if not q.asked.is_of_one or q.ranks:
        return []
    found = await prep.figures(q.asked)
    figures: list[Figure] = [
        *tally_figures(found.sums, q.now),
        ("before", found.before and found.before.sessions, len(q.before)),
    ]
    for each in (*found.up, *found.down):
        now = [row for row in q.now if row.on == each.scenario]
        then = [row for row in q.before if row.on == each.scenario]
        figures.append(("moved", each.change.by, change(now, then)))
    return figures


CHECKS: dict[str, Callable[[Question], Awaitable[list[Figure]]]] = {
    "sessions": check_sessions,
    "team": check_team,
    "bests": check_bests,
    "leaderboard": check_leaderboard,
    "inactive": check_inactive,
    "trend": check_trend,
    "progress": check_progress,
    "scenarios": check_scenarios,
    "assignments": check_assignments,
    "compare": check_compare,
    "coach": check_coach,
    "prep": check_prep,
    "digest": check_digest,
    "me": check_me,
}


# Questions.


def random_question(db: Database, company: Company) -> Question:
    chance = company.chance
    zone = chance.choice(ZONES)
    period = random_period(chance, zone)
    kind = chance.choice(("everybody", "groups", "group", "group", "people", "one"))
    ids: frozenset[str] | None = None
    names: tuple[Named, ...] = ()
    people: tuple[Member, ...] | None = None
    if kind == "group":
        group = chance.choice(list(company.groups))
        ids, names = company.groups[group], (Named(Kind.GROUP, group, group),)
    elif kind in ("people", "one"):
        size = 1 if kind == "one" else chance.randint(2, 8)
        ids = frozenset(chance.sample(list(company.people), size))
        people = tuple(company.people[id_] for id_ in sorted(ids))
    ranks = (Rank(chance.choice(RANKS)),) if chance.random() < 0.15 else ()
    on = f"c{chance.randint(0, 7)}" if chance.random() < 0.15 else ""
    things = (*names, *((Named(Kind.SCENARIO, on, on),) if on else ()))
    query = ResolvedQuery(people, names=things, period=period, ranks=ranks)
    chosen = [company.people[id_] for id_ in (ids if ids is not None else company.people)]
    coaches: frozenset[str] = frozenset()
    if ids is not None and len(ids) > 2 and chance.random() < 0.4:
        coaches = frozenset(chance.sample(sorted(ids), 1))
    groups = ()
    if kind == "groups":
        groups = tuple(Group(name, name, ids) for name, ids in sorted(company.groups.items()))
    asked = Asked(
        db=db,
        query=query,
        periods=window_of_period(period, zone, NOW),
        stored=Window(START - timedelta(days=400), NOW),
        subject=Subject(told_apart(chosen), coaches),
        groups=groups,
        tasks_at=NOW,
    )
    values = tuple(rank.value for rank in ranks)
    return Question(asked, ids, coaches, company, values, on)


def random_period(chance: Random, zone: str) -> Period:
    place = ZoneInfo(zone)
    today = NOW.astimezone(place).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    match chance.choice(("rolling", "week", "this week", "month")):
        case "rolling":
            days = chance.choice((3, 7, 14, 30, 60))
            start = (NOW.astimezone(place) - timedelta(days=days)).astimezone(place)
            return Period(f"last {days}d", zone, start, NOW, closed=True)
        case "week":
            return Period("last week", zone, monday - timedelta(days=7), monday)
        case "this week":
            return Period("this week", zone, monday, monday + timedelta(days=7))
        case _:
            first = today.replace(day=1)
            last = (first - timedelta(days=1)).replace(day=1)
            return Period("last month", zone, last, first)


async def run(companies: int, questions: int, seed: int) -> int:
    counted: Counter[str] = Counter()
    wrong: list[str] = []
    for n in range(companies):
        company = Company(Random(seed + n))
        company.fill(people=24, per_person=40)
        with tempfile.TemporaryDirectory() as folder:
            async with Database(f"sqlite:///{Path(folder) / 'bot.db'}") as db:
                await db.upgrade()
                await company.store(db)
                for _ in range(questions):
                    question = random_question(db, company)
                    for name, check in CHECKS.items():
                        for what, reported, expected in await check(question):
                            counted[name] += 1
                            if reported != expected:
                                wrong.append(f"{name} {what}: {reported!r}, counted {expected!r}")
    for name, number in counted.items():
        print(f"{name}: {number:,} figures")
    print(f"{sum(counted.values()):,} figures, {len(wrong)} of them wrong")
    for line in wrong[:20]:
        print(" ", line)
    return len(wrong)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=3)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    wrong = asyncio.run(run(given.companies, given.questions, given.seed))
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
