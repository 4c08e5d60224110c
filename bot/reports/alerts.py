"""What a coach is told of as it happens: facts ─► what is so ─► what of it is news. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.exec_api.models import Assignment, Session
from bot.language.alert_words import AlertKind, Rule
from bot.language.query import Member, Period, Rank, ResolvedQuery
from bot.reports.change import in_tenths
from bot.reports.facts import Facts, InQuestion, Practice
from bot.reports.intervals import Window, moved, start_of_day
from bot.reports.report import Report, Whose
from bot.reports.rows import average as average_of
from bot.reports.rows import (
    by_id,
    by_person,
    disambiguated_names,
    graded,
    history,
    of_people,
    scenario_names,
)
from bot.reports.tasks import tasks_of

AVERAGE_DAYS = 30
# So many graded attempts in a row make a low average, and so many points above it end one.
IN_A_ROW, BACK = 3, 3
# So far behind the days without practice, the last session is still told.
LAST_DAYS = 56
# What is known may be that old.
MARGIN_DAYS = 8
NAME = "alert"


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """Something that an alert waits for. Under one `key` an alert tells it once.

    `person_id` and `name` are whom it happened to, "" where it is a whole group. `at` is when: of
    a gold its attempt, of an assignment its last moment in time, of somebody who does not practice
    their last session (None where none is known); an average has none. An `average` is that of
    `attempts`, and `last` that of the last `scores` in a row.
    """

    key: str
    person_id: str = ""
    name: str = ""
    at: datetime | None = None
    scenario: str = ""
    average: float | None = None
    attempts: int = 0
    last: float | None = None
    scores: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a rule matches now, and the keys of what surely is so no more: when that comes back it
    is told again. What nobody knows is in neither. Sessions are known `since` then, None for all.
    """

    matches: tuple[AlertEvent, ...]
    cleared: frozenset[str]
    since: datetime | None = None


def news(
    rule: Rule, seen: Evaluation, told: Collection[str], set_at: datetime
) -> tuple[AlertEvent, ...]:
    """What of it the owner of an alert that was set then has to hear."""
    return tuple(
        each
        for each in seen.matches
        if each.key not in told and not (rule.what in _DATED and _is_older(each, set_at))
    )


# What happens at a moment; what was so before the alert was set is no news.
_DATED = (AlertKind.GOLD, AlertKind.OVERDUE)


def _is_older(each: AlertEvent, set_at: datetime) -> bool:
    return each.at is None or each.at < set_at


def report_on(rule: Rule) -> Report[Evaluation]:
    """What is so of a rule among the people in question, as a report that nobody asks for."""
    return Report(
        name=NAME,
        also=(),
        forms=("alert [who] gold", "alert [who] inactive 14d", "alert [who] below 70"),
        help="What a coach is told of as it happens.",
        example="alert @jane gold",
        whose=Whose.COACHED,
        period="",
        kind=Evaluation,
        figures=partial(evaluate, rule),
        named=lambda seen: {each.person_id for each in seen.matches} - {""},
        asked=False,
        coaches_only=True,
        filters=frozenset(("who", "group")),
    )


async def evaluate(rule: Rule, facts: Facts, joined: frozenset[str] = frozenset()) -> Evaluation:
    """What is so of a rule among the people in question, as far as that is known."""
    people = await facts.people()
    if rule.what is AlertKind.OVERDUE:
        tasks = await facts.tasks()
        return await facts.compute(_late, people, tasks or (), facts.window)
    practice = await facts.sessions(of_people=True)
    match rule.what:
        case AlertKind.GOLD:
            return await facts.compute(_golds, people, practice)
        case AlertKind.INACTIVE:
            return await facts.compute(_silent, int(rule.number), people, practice, joined)
        case _:
            each = facts.query.people is not None
            return await facts.compute(_low, rule.number, people, practice, each)


def narrowed(query: ResolvedQuery, rule: Rule, now: datetime, zone: str) -> ResolvedQuery:
    """The question with the sessions that matter to a rule alone, at `now` or some days before."""
    match rule.what:
        case AlertKind.GOLD:
            return replace(query, ranks=(Rank.GOLD,))
        case AlertKind.INACTIVE:
            days = int(rule.number) + LAST_DAYS
        case _:
            days = AVERAGE_DAYS
    start = start_of_day(moved(now, -days - MARGIN_DAYS, zone), zone)
    return replace(query, period=Period("", zone, start))


def _golds(asked: InQuestion, practice: Practice) -> Evaluation:
    """The first gold of each person in each scenario, the oldest first."""
    people = by_id(asked.coached)
    ordered = _ordered(practice, people)
    names, called = scenario_names(ordered), disambiguated_names(people.values())
    found: dict[tuple[str, str], AlertEvent] = {}
    for row in ordered:
        if row.rank != Rank.GOLD or not row.is_valid_attempt or not row.scenario.id:
            continue
        person, scenario = row.user.id, row.scenario.id
        one = AlertEvent(
            f"gold {person} {scenario}", person, called[person], row.created_at, names[scenario]
        )
        found.setdefault((person, scenario), one)
    return Evaluation(tuple(found.values()), frozenset(), practice.since)


def _silent(days: int, asked: InQuestion, practice: Practice, joined: frozenset[str]) -> Evaluation:
    """Those whose last session is so many local days old, the longest silent first; without the
    `joined`, of whom nothing is expected yet."""
    window, since = practice.window, practice.since
    people = by_id(asked.coached)
    rows, called = by_person(_ordered(practice, people)), disambiguated_names(people.values())
    cutoff = moved(window.now, -days, window.zone)
    matches: list[AlertEvent] = []
    cleared: set[str] = set()
    for id_, person in people.items():
        last = rows[id_][-1].created_at if id_ in rows else None
        key = f"inactive {id_}"
        if last is not None and last > cutoff:
            cleared.add(key)
        elif not (person.is_removed or id_ in joined or (since is not None and since > cutoff)):
            matches.append(AlertEvent(key, id_, called[id_], last))
    matches.sort(key=lambda each: (each.at is not None, each.at or window.now))
    return Evaluation(tuple(matches), frozenset(cleared), since)


def _low(limit: float, asked: InQuestion, practice: Practice, of_each: bool) -> Evaluation:
    """The average `of_each` person, or of a group as a whole, as it is read: over the last days,
    and over the last attempts in a row. Below is where both are; it is over where both are some
    points above: of somebody in between nobody can tell."""
    people, since = by_id(asked.everyone), practice.since
    start = moved(practice.window.now, -AVERAGE_DAYS, practice.window.zone)
    if since is not None and since > start:
        return Evaluation((), frozenset(), since)
    rows = [row for row in _ordered(practice, people) if row.created_at >= start]
    called = disambiguated_names(people.values())
    if of_each:
        each = by_person(rows)
        subjects = [(id_, called[id_], each.get(id_, [])) for id_ in by_id(asked.coached)]
    else:
        subjects = [("", "", rows)]
    matches: list[AlertEvent] = []
    cleared: set[str] = set()
    for id_, name, own in subjects:
        key, attempts = f"below {id_}".strip(), graded(own)
        in_a_row = attempts[-IN_A_ROW:]
        last, average = average_of(in_a_row), average_of(attempts)
        if last is None or average is None or len(attempts) < IN_A_ROW:
            continue
        higher, lower = in_tenths(max(last, average)), in_tenths(min(last, average))
        if higher < limit:
            scores = tuple(score for score, _ in in_a_row)
            matches.append(
                AlertEvent(
                    key,
                    id_,
                    name,
                    average=average,
                    attempts=len(attempts),
                    last=last,
                    scores=scores,
                )
            )
        elif lower >= limit + BACK:
            cleared.add(key)
    return Evaluation(tuple(matches), frozenset(cleared), since)


def _late(asked: InQuestion, assigned: Iterable[Assignment], window: Window) -> Evaluation:
    """Assignments that passed their due date, the earliest first."""
    people = by_id(asked.coached)
    called = disambiguated_names(people.values())
    tasks = tasks_of(assigned, people, window.now, window.zone)
    matches = (
        AlertEvent(
            f"overdue {task.id} {task.due.isoformat()}",
            task.person.id,
            called[task.person.id],
            task.due,
            task.scenario,
        )
        for task in tasks.overdue
        if task.due is not None
    )
    return Evaluation(tuple(matches), frozenset())


def _ordered(practice: Practice, people: Mapping[str, Member]) -> list[Session]:
    """The sessions of these people up to now, oldest first."""
    return of_people(history(practice.all_rows, practice.interval.end), people)
