"""One page before a one-to-one: what changed, what is open, what to praise and what to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.exec_api.models import Assignment, Criterion, Session
from bot.language.query import Rank
from bot.reports.course import courses
from bot.reports.facts import Facts, InQuestion, Practice, Told
from bot.reports.figures import Figures, figures
from bot.reports.findings import Best, Course
from bot.reports.gains import bests
from bot.reports.intervals import Interval, Window
from bot.reports.metrics import GroupFigures, Line, compare
from bot.reports.report import ALL_BUT_RESULTS, Report, Whose
from bot.reports.rows import by_person, graded, history, scenario_names
from bot.reports.tasks import Task, tasks_of

# The last graded sessions whose feedback is read; each costs a request once.
MOST_READ = 5
# A theme is what comes again.
ENOUGH_TIMES = 2
MOST_THEMES = 3
_BAD, _GOOD, _NO_GRADE = "bad", "good", "not_relevant"


@dataclass(frozen=True, slots=True)
class Theme:
    """A criterion that came `times` in the feedback of `of` sessions."""

    name: str
    times: int
    of: int


class PraiseKind(StrEnum):
    """What there is to praise."""

    GOLD = "gold"
    BEST = "best"
    THEME = "theme"
    PRACTICE = "practice"


class PrepQuestion(StrEnum):
    """What there is to ask about."""

    OVERDUE = "overdue"
    SILENT = "silent"
    SLIP = "slip"
    THEME = "theme"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class PrepFigures:
    """A person's period against the one before.

    `lines` are sessions, practice time, average and ranks. `course` is whether they went up or
    down, None where nobody can tell. `overdue` and `due` are None
    where assignments are not known. `weak` and `strong` are themes of the feedback on the last
    `read` graded sessions; `unread` more could not be asked for. `praise` and `question` are about
    `praised` and `asked`, "" where about nothing named, or about a new personal `best`. Sessions
    are known from `since` on, None for ever.
    """

    name: str
    window: Window
    figures: Figures
    before: Figures | None
    lines: tuple[Line, ...]
    course: Course | None
    overdue: tuple[Task, ...] | None
    due: tuple[Task, ...] | None
    weak: tuple[Theme, ...]
    strong: tuple[Theme, ...]
    read: int
    unread: int
    praise: PraiseKind | None
    praised: str
    best: Best | None
    question: PrepQuestion
    asked: str
    since: datetime | None


async def _figures(facts: Facts) -> PrepFigures:
    people = await facts.people()
    practice = await facts.sessions(of_people=True, before=True)
    assigned = await facts.tasks()
    told, unread = await facts.feedback(MOST_READ)
    links = await facts.links(assigned or ())
    return await facts.compute(_prep, people, practice, assigned, links, told, unread)


def _prep(
    people: InQuestion,
    practice: Practice,
    assigned: tuple[Assignment, ...] | None,
    links: Mapping[str, str],
    told: tuple[Told, ...],
    unread: int,
) -> PrepFigures:
    (person,) = people.everyone
    window = practice.window
    every = history(practice.all_rows, window.interval.end)
    own = [row for row in every if row.user.id == person.id]
    inside = [row for row in own if row.created_at in window.interval]
    then = None
    if practice.before is not None:
        then = [row for row in own if row.created_at in window.before]
    now, before = figures(inside), None if then is None else figures(then)
    found = courses(
        by_person(own), {person.id: person}, window.interval.end, window.zone, practice.since
    )
    course = found[0] if found else None
    weak, strong = _themes(told)
    tasks = None
    if assigned is not None:
        tasks = tasks_of(assigned, {person.id: person}, window.now, window.zone, links)
    new_bests = bests(practice, people.coached)
    praise, praised, best = _praise(own, window.interval, new_bests, strong, now)
    question, asked = _question(tasks.overdue if tasks else (), course, weak, inside)
    return PrepFigures(
        name=person.name,
        window=window,
        figures=now,
        before=before,
        lines=compare(_group(inside), None if then is None else _group(then))[1:],
        course=course,
        overdue=tasks.overdue if tasks else None,
        due=tasks.due_soon(window.now, window.zone) if tasks else None,
        weak=weak,
        strong=strong,
        read=len(told),
        unread=unread,
        praise=praise,
        praised=praised,
        best=best,
        question=question,
        asked=asked,
        since=practice.since,
    )


def _group(rows: Sequence[Session]) -> GroupFigures:
    return GroupFigures(1, int(bool(rows)), int(bool(graded(rows))), figures(rows))


def _themes(told: Sequence[Told]) -> tuple[tuple[Theme, ...], tuple[Theme, ...]]:
    """The criteria that need work again and again, and those that are good each time."""
    weak: Counter[str] = Counter()
    strong: Counter[str] = Counter()
    for each in told:
        for criterion in each.feedback.evaluations:
            grades = {item.grade for item in criterion.items} - {_NO_GRADE}
            weak[criterion.criterion_name] += needs_work(criterion)
            strong[criterion.criterion_name] += grades == {_GOOD}
    return _most(weak, len(told)), _most(strong, len(told))


def needs_work(criterion: Criterion) -> bool:
    """Whether Exec finds anything of a criterion bad."""
    return any(item.grade == _BAD for item in criterion.items)


def _most(found: Counter[str], of: int) -> tuple[Theme, ...]:
    named = ((name, times) for name, times in found.items() if name and times >= ENOUGH_TIMES)
    ordered = sorted(named, key=lambda pair: (-pair[1], pair[0].casefold(), pair[0]))
    return tuple(Theme(name, times, of) for name, times in ordered[:MOST_THEMES])


def _praise(
    own: Sequence[Session],
    interval: Interval,
    new_bests: Sequence[Best],
    strong: Sequence[Theme],
    now: Figures,
) -> tuple[PraiseKind | None, str, Best | None]:
    """The one thing to praise: a first gold, a new personal best, a strength, or practice."""
    names = scenario_names(own)
    golds: dict[str, Session] = {}
    for row in own:
        if row.is_valid_attempt and row.rank == Rank.GOLD.value and row.scenario.id:
            golds.setdefault(row.scenario.id, row)
    first = [row for row in golds.values() if row.created_at in interval]
    if first:
        return PraiseKind.GOLD, names.get(first[-1].scenario.id, ""), None
    for best in new_bests:
        return PraiseKind.BEST, best.scenario, best
    if strong:
        return PraiseKind.THEME, strong[0].name, None
    return (PraiseKind.PRACTICE if now.sessions else None), "", None


def _question(
    overdue: Sequence[Task],
    course: Course | None,
    weak: Sequence[Theme],
    inside: Sequence[Session],
) -> tuple[PrepQuestion, str]:
    """The one question: about what is overdue, silence, what slips, or what comes again."""
    if overdue:
        return PrepQuestion.OVERDUE, overdue[0].scenario
    if not inside:
        return PrepQuestion.SILENT, ""
    if course is not None and course.by < 0:
        return PrepQuestion.SLIP, course.scenario
    if weak:
        return PrepQuestion.THEME, weak[0].name
    return PrepQuestion.NEXT, ""


REPORT: Report[PrepFigures] = Report(
    name="prep",
    also=("1:1", "one-on-one"),
    forms=("prep @jane",),
    help="One page before a one-to-one: four weeks against the four before, what is overdue, what "
    "comes again in the feedback, one thing to praise and one question to ask.",
    example="prep @jane",
    whose=Whose.COACHED,
    period="last 4 weeks",
    kind=PrepFigures,
    filters=ALL_BUT_RESULTS,
    figures=_figures,
    # Whom it is about the question says.
    named=lambda _found: (),
    coaches_only=True,
    of_one=True,
)
