"""One session: its result, Exec's feedback, and its place among that person's attempts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.exec.models import Quote, Session, SessionDetail
from bot.exec.sessions import read_sessions
from bot.language.query import Sort
from bot.reports._figures import Attempt, Progress, attempt, progress, read_link
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import USUAL, Column, Figures, Report
from bot.reports.intervals import EARLIEST, MOMENT, Interval
from bot.storage.sessions import filters_of, has_duration, is_graded
from bot.storage.tables import session, to_ms

COLUMNS = (
    Column("Criterion", "criterion", "name"),
    Column("Item", "item"),
    Column("Grade", "grade"),
)
MOST_QUOTES = 2
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
class SessionRow:
    """An item of a criterion, with its grade in words."""

    criterion: str
    item: str
    grade: str


@dataclass(frozen=True, kw_only=True)
class SessionFigures(Figures):
    """A session; `attempt` is None if no session matches.

    `feedback` is None if it couldn't be read (`unread`), and in a channel. `quotes` have a better
    phrasing. `place` is the person's progress on the scenario, with this as number `inside`; None
    if the session isn't graded or not in the window. `link` is the page of the scenario, "" if it
    isn't known.
    """

    rows: tuple[SessionRow, ...] = ()
    attempt: Attempt | None = None
    feedback: SessionDetail | None = None
    unread: bool = False
    quotes: tuple[Quote, ...] = ()
    place: Progress | None = None
    link: str = ""


async def figures(q: PreparedQuestion) -> SessionFigures:
    """The figures of the session in question."""
    if not q.attempts:
        return SessionFigures()
    feedback = q.feedback[0] if q.feedback else None
    # Exec may have graded it after it was stored.
    newest = feedback or q.attempts[0]
    person = q.subject.people.get(newest.user.id)
    return SessionFigures(
        rows=tuple(_rows(feedback)),
        attempt=attempt(newest, "" if person is None else person.name),
        feedback=feedback,
        unread=feedback is None,
        quotes=best_quotes(feedback),
        place=await _place(q, newest),
        link=await read_link(q.db, newest.scenario.id),
    )


async def find(q: PreparedQuestion) -> list[Session]:
    """The session with the id, or the first in the order of the question; none if none matches."""
    filters = q.filters()
    if q.query.attempt:
        # It was stored when the question was read, even outside of the window.
        filters = filters_of(q.query)
    elif q.query.sort in IN_ORDER:
        filters.append(IN_ORDER[q.query.sort])
    return await read_sessions(q.db, filters, q.query.sort, limit=1)


async def _place(q: PreparedQuestion, chosen: Session) -> Progress | None:
    """The person's progress on the scenario in the window; `inside` counts up to this session."""
    is_inside = q.stored.start <= chosen.created_at <= q.stored.end
    if not is_inside or not chosen.is_valid_attempt or chosen.score is None:
        return None
    own = [
        session.c.member_id == chosen.user.id,
        session.c.scenario_id == chosen.scenario.id,
        session.c.created_at.between(to_ms(q.stored.start), to_ms(q.stored.end)),
    ]
    progresses = await progress(q.db, own, Interval(EARLIEST, chosen.created_at + MOMENT))
    return progresses[0] if progresses else None


def _rows(feedback: SessionDetail | None) -> Iterator[SessionRow]:
    for criterion in feedback.evaluations if feedback else ():
        for item in criterion.items:
            # Format grades that Exec may add in the future.
            grade = GRADES.get(item.grade, item.grade.replace("_", " ").capitalize())
            yield SessionRow(criterion.criterion_name, item.name, grade)


def best_quotes(feedback: SessionDetail | None) -> tuple[Quote, ...]:
    """The most important passages with a better phrasing, worst first, without repeats."""
    quotes: dict[str, Quote] = {}
    for criterion in feedback.evaluations if feedback else ():
        for item in criterion.items:
            for example in item.feedback_examples:
                if example.quote.strip() and example.suggestion_quote.strip():
                    quotes.setdefault(example.quote.strip(), example)

    def weight(example: Quote) -> list[int]:
        orders = (SALIENCE, example.salience), ([*GRADES], example.grade)
        return [order.index(x) if x in order else len(order) for order, x in orders]

    return tuple(sorted(quotes.values(), key=weight)[:MOST_QUOTES])


REPORT: Report[SessionFigures] = Report(
    name="session",
    covers="session recent feedback when practice score doing time overview skill done",
    also=("feedback",),
    forms=("session last [who] [what] [when]", "session abc123def456"),
    help="One session with Exec's feedback: strengths, what to improve, grades, and its place among"
    " the attempts at that scenario.",
    example="session last me",
    period="",
    filters=USUAL | {"session", "sort"},
    feedback_on=find,
    figures=figures,
    columns=lambda _: COLUMNS,
    is_nothing=lambda computed: computed.attempt is None,
    # Score and rank only.
    shared=lambda computed: SessionFigures(attempt=computed.attempt, link=computed.link),
    named=lambda computed: () if computed.attempt is None else (computed.attempt.member_id,),
)
