"""One attempt with what Exec says of it, and its place among those of the same person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.exec_api.models import Example, Feedback, Session
from bot.reports.facts import Detail, Facts
from bot.reports.report import Column, Report, Table
from bot.reports.rows import graded, history

MOST_QUOTES = 2
SAME_AGE = timedelta(hours=1)
# What is most worth another try comes first.
_SALIENCE = {"high": 0, "mid": 1}
_GRADES = {"bad": "Needs work", "mid": "Fair", "good": "Good", "not_relevant": "Not relevant"}
_WORST_FIRST = tuple(_GRADES)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an attempt stands among the graded ones of the same person at the same scenario.

    It was their attempt `number` of `attempts`, in the order of time, and the one at `place` by
    score, where ties share a place. `first`, `last` and `best` are scores. All of it is about the
    attempts from `since` on; None where those are all there ever were.
    """

    number: int
    attempts: int
    place: int
    first: float
    last: float
    best: float
    since: datetime | None


@dataclass(frozen=True, slots=True)
class OneSession:
    """An attempt, None where nothing fits.

    `feedback` is what Exec said of it; None where it could not be asked (`unread`), or this is not
    told here. `read_at` is when, where that is noticeably long ago. `quotes` are passages with a
    better phrasing. `standing` is None where nobody can tell, as of an attempt without a grade.
    `link` is where its scenario is practiced, "" where that is not known.
    """

    attempt: Session | None
    feedback: Feedback | None = None
    read_at: datetime | None = None
    unread: bool = False
    quotes: tuple[Example, ...] = ()
    standing: Standing | None = None
    link: str = ""

    @property
    def rank(self) -> str:
        """Exec's word for the rank, "" while there is none."""
        return ((self.attempt and self.attempt.rank) or "").strip().capitalize()


async def _figures(facts: Facts) -> OneSession:
    detail = await facts.detail()
    if detail is None:
        return OneSession(None)
    return _one(detail, await facts.links((detail.attempt,)))


def _one(detail: Detail, links: Mapping[str, str]) -> OneSession:
    attempt = detail.attempt
    found = OneSession(
        attempt=attempt,
        unread=True,
        standing=_standing(attempt, detail),
        link=links.get(attempt.scenario.id, ""),
    )
    if detail.told is None:
        return found
    feedback, read_at = detail.told.feedback, detail.told.read_at
    return replace(
        found,
        feedback=feedback,
        read_at=read_at if detail.as_of - read_at >= SAME_AGE else None,
        unread=False,
        quotes=quotes(feedback),
    )


def quotes(feedback: Feedback) -> tuple[Example, ...]:
    """The passages with a better phrasing that matter most, each once; the worst first."""
    found: dict[str, Example] = {}
    for criterion in feedback.evaluations:
        for item in criterion.items:
            for each in item.feedback_examples:
                if each.quote.strip() and each.suggestion_quote.strip():
                    found.setdefault(each.quote.strip(), each)
    return tuple(sorted(found.values(), key=_worth)[:MOST_QUOTES])


def _worth(example: Example) -> tuple[int, int]:
    grade = example.grade
    return (
        _SALIENCE.get(example.salience, len(_SALIENCE)),
        _WORST_FIRST.index(grade) if grade in _WORST_FIRST else len(_WORST_FIRST),
    )


def _standing(attempt: Session, detail: Detail) -> Standing | None:
    if detail.since is not None and attempt.created_at < detail.since:
        return None  # what came before and after it is not known
    # Of one id the attempt itself counts: it may be graded further than what is stored.
    others = (row for row in detail.attempts if row.id != attempt.id)
    rows = history((attempt, *others), datetime.max.replace(tzinfo=UTC))
    scores = {row.id: score for score, row in graded(rows)}
    own = scores.get(attempt.id)
    if own is None:
        return None
    ids = list(scores)
    return Standing(
        number=ids.index(attempt.id) + 1,
        attempts=len(ids),
        place=1 + sum(score > own for score in scores.values()),
        first=scores[ids[0]],
        last=scores[ids[-1]],
        best=max(scores.values()),
        since=detail.since,
    )


def grade_words(grade: str) -> str | None:
    """Exec's word for a grade as people read it."""
    return _GRADES.get(grade, grade.replace("_", " ").capitalize()) or None


def _table(found: OneSession) -> Table:
    rubric = found.feedback.evaluations if found.feedback else ()
    return Table(
        (Column("Criterion", "name"), Column("Item", "text"), Column("Grade", "text")),
        tuple(
            (criterion.criterion_name, item.name, grade_words(item.grade))
            for criterion in rubric
            for item in criterion.items
        ),
    )


def _shared(found: OneSession) -> OneSession:
    """Score and rank, and nothing that Exec or anybody said."""
    return OneSession(found.attempt, link=found.link)


REPORT: Report[OneSession] = Report(
    name="session",
    also=("feedback",),
    forms=("session last [who] [what] [when]", "session abc123def456"),
    help="One session with Exec's feedback: strengths, what to improve, grades, and its place among"
    " the attempts at that scenario.",
    example="session last me",
    period="",
    of_attempt=True,
    kind=OneSession,
    figures=_figures,
    table=_table,
    shared=_shared,
    named=lambda found: () if found.attempt is None else (found.attempt.user.id,),
    found_nothing=lambda found: found.attempt is None,
)
