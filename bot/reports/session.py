"""One session: its result, Exec's feedback, and its place among that person's attempts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from bot.errors import ExecError
from bot.exec_api.models import Example, Feedback, Session, SessionDetail
from bot.language.filters import KEYS
from bot.language.query import Sort
from bot.mirror.feedback import DatedFeedback
from bot.mirror.query import filters_of, has_duration, is_graded, read_sessions, thousandths
from bot.reports._figures import (
    Progress,
    first_sessions,
    points,
    progress,
    scenario_links,
)
from bot.reports._prepared import MILLISECOND, PreparedQuestion
from bot.reports._report import Column, Figures, Report
from bot.reports.intervals import EARLIEST, Interval
from bot.storage.tables import session, to_ms

COLUMNS = (
    Column("Criterion", "criterion", "name"),
    Column("Item", "item"),
    Column("Grade", "grade"),
)
MOST_QUOTES = 2
OLD_AFTER = timedelta(hours=1)  # the answer shows the age of older feedback
# The condition for sessions in these orders.
IN_ORDER = {
    Sort.BEST: is_graded,
    Sort.WORST: is_graded,
    Sort.LONGEST: has_duration,
    Sort.SHORTEST: has_duration,
}
GRADES = {"bad": "Needs work", "mid": "Fair", "good": "Good", "not_relevant": "Not relevant"}
SALIENCE = ("high", "mid")


@dataclass(frozen=True, slots=True)
class Row:
    """An item of a criterion, with its grade in words."""

    criterion: str
    item: str
    grade: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A session with its result. `rank` is Exec's word, "" without one."""

    member_id: str
    who: str
    scenario: str
    at: datetime
    score: Decimal | None
    rank: str
    is_valid: bool
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a session in the person's `progress` on the scenario.

    It is number `by_time` and number `by_score` of the graded sessions; ties share a place. These
    are counted since `since`, None if there are no earlier ones.
    """

    progress: Progress
    by_time: int
    by_score: int
    since: datetime | None


@dataclass(frozen=True, kw_only=True)
class OneSession(Figures):
    """A session; `attempt` is None if no session matches.

    `feedback` is None if it couldn't be read (`unread`), and in a channel. `read_at` is set if it
    was read a while ago. `quotes` have a better phrasing. `place` is None if it isn't known. `link`
    is the page of the scenario, "" if it isn't known.
    """

    rows: tuple[Row, ...] = ()
    attempt: Attempt | None = None
    sort: Sort = Sort.NEWEST
    is_by_id: bool = False
    feedback: Feedback | None = None
    read_at: datetime | None = None
    unread: bool = False
    quotes: tuple[Example, ...] = ()
    place: Place | None = None
    link: str = ""


async def figures(q: PreparedQuestion) -> OneSession:
    """The session with the id, or the first in the order of the question."""
    one = await _find(q)
    if one is None:
        return OneSession()
    dated = await _read_feedback(q, one)
    feedback = None
    if dated is not None:
        # Exec may have graded it after it was stored.
        one = feedback = dated[0]
    links = await scenario_links(q.db, {one.scenario.id})
    is_old = dated is not None and q.as_of - dated[1] >= OLD_AFTER
    return OneSession(
        rows=tuple(_rows(feedback)),
        attempt=_attempt(q, one),
        sort=q.query.sort,
        is_by_id=bool(q.query.attempt),
        feedback=feedback,
        read_at=dated[1] if dated is not None and is_old else None,
        unread=dated is None,
        quotes=best_quotes(feedback),
        place=await _place(q, one),
        link=links.get(one.scenario.id, ""),
    )


async def _find(q: PreparedQuestion) -> Session | None:
    """The session in question."""
    filters = q.filters()
    if q.query.attempt:
        # It was stored when the question was read, even outside of the window.
        filters = filters_of(q.query)
    elif q.query.sort in IN_ORDER:
        filters.append(IN_ORDER[q.query.sort])
    rows, _ = await read_sessions(q.db, filters, q.query.sort, limit=1)
    return rows[0] if rows else None


async def _read_feedback(q: PreparedQuestion, one: Session) -> DatedFeedback | None:
    """The feedback on a session; the stored one if Exec can't be asked."""
    if q.reads is None:
        return None
    try:
        return await q.reads.feedbacks.of(one, job=q.reads.job)
    except ExecError:
        return await q.reads.feedbacks.stored(one)


def _attempt(q: PreparedQuestion, one: Session) -> Attempt:
    person = q.subject.people.get(one.user.id)
    return Attempt(
        member_id=one.user.id,
        who=one.user.name if person is None else person.name,
        scenario=one.scenario.name.strip() or one.scenario.slug.strip(),
        at=one.created_at,
        score=None if one.score is None else points(thousandths(one.score)),
        rank=(one.rank or "").strip().capitalize(),
        is_valid=one.is_valid_attempt,
        seconds=one.duration_seconds,
    )


async def _place(q: PreparedQuestion, one: Session) -> Place | None:
    """The place of a graded session in the window."""
    is_inside = q.stored.start <= one.created_at <= q.stored.end
    if not is_inside or not one.is_valid_attempt or one.score is None:
        return None
    start, end = to_ms(q.stored.start), to_ms(q.stored.end)
    own = [session.c.member_id == one.user.id, session.c.created_at.between(start, end)]
    its = [*own, session.c.scenario_id == one.scenario.id]
    found = await progress(q.db, its, Interval(EARLIEST, one.created_at + MILLISECOND))
    if not found:
        return None
    above = [*its, is_graded, session.c.score > thousandths(one.score)]
    higher = await q.db.row(sa.select(sa.func.count()).where(*above))
    first = (await first_sessions(q.db, own))[one.user.id]
    since = None if q.began_within(first) else q.stored.start
    return Place(found[0], found[0].inside, 1 + (higher[0] if higher else 0), since)


def _rows(feedback: SessionDetail | None) -> Iterator[Row]:
    for criterion in feedback.evaluations if feedback else ():
        for item in criterion.items:
            # Format grades that Exec may add in the future.
            grade = GRADES.get(item.grade, item.grade.replace("_", " ").capitalize())
            yield Row(criterion.criterion_name, item.name, grade)


def best_quotes(feedback: Feedback | None) -> tuple[Example, ...]:
    """The most important passages with a better phrasing, worst first, without repeats."""
    found: dict[str, Example] = {}
    for criterion in feedback.evaluations if feedback else ():
        for item in criterion.items:
            for each in item.feedback_examples:
                if each.quote.strip() and each.suggestion_quote.strip():
                    found.setdefault(each.quote.strip(), each)
    grades = [*GRADES]

    def weight(each: Example) -> tuple[int, int]:
        salience = SALIENCE.index(each.salience) if each.salience in SALIENCE else len(SALIENCE)
        return salience, grades.index(each.grade) if each.grade in grades else len(grades)

    return tuple(sorted(found.values(), key=weight)[:MOST_QUOTES])


def shared(found: OneSession) -> OneSession:
    """Score and rank only."""
    return OneSession(
        attempt=found.attempt, sort=found.sort, is_by_id=found.is_by_id, link=found.link
    )


REPORT: Report[OneSession] = Report(
    name="session",
    covers="session recent feedback when practice score doing time overview skill done",
    also=("feedback",),
    forms=("session last [who] [what] [when]", "session abc123def456"),
    help="One session with Exec's feedback: strengths, what to improve, grades, and its place among"
    " the attempts at that scenario.",
    example="session last me",
    period="",
    of_attempt=True,
    filters=KEYS - {"limit"},
    figures=figures,
    columns=lambda _: COLUMNS,
    is_nothing=lambda found: found.attempt is None,
    shared=shared,
    named=lambda found: () if found.attempt is None else (found.attempt.member_id,),
)
