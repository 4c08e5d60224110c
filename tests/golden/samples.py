"""A view of each kind, for tests and pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.errors import Pattern, Sentence
from bot.exec_api.models import Scenario, Session, User
from bot.language.query import Rank
from bot.rendering.views import (
    AnswerView,
    HelpLine,
    HelpTopic,
    HelpView,
    NoticeView,
    Offer,
    PostedView,
    ProblemView,
    ShareConfirmView,
    SharedView,
)
from bot.reports.figures import figures
from bot.reports.freshness import Away, Freshness
from bot.reports.sessions import SessionList
from bot.reports.table import SESSIONS

AS_OF = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
_NAMES = (("Jane", "Smith"), ("Tomás", "García"), ("Sam", "O'Brien"), ("نور", "حداد"))
_SCENARIOS = ("Procurement Discovery", 'The "R&D" call', "<script> & cold_call_opener")
_OFFERS = (Offer("Without gold", "o_1"), Offer("Any time", "o_2"))


def sessions(count: int) -> tuple[Session, ...]:
    """`count` sessions, newest first, some of them ungraded or not valid."""
    return tuple(_session(number) for number in range(count))


def answer(rows: int = 4, start: int = 0) -> AnswerView:
    """The answer to a question that `rows` sessions match."""
    listed = sessions(rows)
    return AnswerView(
        id="q_7f3a",
        understood=("Jane Smith", "gold", "13 Mar 10:00 – 20 Mar 10:00 Europe/Berlin"),
        zone="Europe/Berlin",
        report=SESSIONS.name,
        found=SessionList(listed, rows, None, figures(listed)),
        start=start,
        freshness=Freshness(AS_OF),
        narrowed_to_self=False,
        runs_short=False,
        can_share=True,
        loosen=() if rows else _OFFERS,
    )


def found(view: AnswerView, **changes: Any) -> AnswerView:
    """The answer with these of its figures changed."""
    return replace(view, found=replace(view.found, **changes))


def unfinished_answer() -> AnswerView:
    """An answer with all that can be said about one: not all was read, the day runs short."""
    return replace(
        answer(4),
        counted_since=AS_OF - timedelta(days=12),
        narrowed_to_self=True,
        runs_short=True,
    )


def answer_without_exec() -> AnswerView:
    """An answer from stored sessions: Exec could not be reached an hour later."""
    fresh = Freshness(AS_OF, away=Away("unreachable"))
    return replace(answer(4), freshness=fresh, now=AS_OF + timedelta(hours=1))


def problem() -> ProblemView:
    """A word that was not understood."""
    sentence = Sentence("I don't know `{word}`. Did you mean *{near}*?", _fields())
    return ProblemView(sentence, _OFFERS, "abc123")


def notice() -> NoticeView:
    """Something that was done."""
    return NoticeView(
        Sentence("Linked to *{near}*.", _fields()), (Offer("Show the coaches", "o_3"),)
    )


def help_view(only: str | None = None) -> HelpView:
    """The overview, or the topic "who"."""
    who = HelpLine(("@jane", "me"), Pattern("a person"), "sessions @jane")
    when = HelpLine(("last 7d",), Pattern("the last seven days"), "sessions last 7d")
    topics = (HelpTopic("who", "Who", (who,)), HelpTopic("when", "When", (when,)))
    return HelpView(topics, only, "people", (Offer("All commands", "o_1"),))


def share_confirm() -> ShareConfirmView:
    """Twelve people would see it."""
    return ShareConfirmView("q_7f3a", "#west-coast", 12, own=False, praises=True)


def shared(rows: int = 4) -> SharedView:
    """An answer in a channel."""
    return SharedView(answer(rows), "Ana Costa", "s_1")


def posted() -> dict[str, PostedView]:
    """A scheduled answer, one without sessions, and a late one that somebody sent by hand."""
    usual = PostedView(answer(4), "Ana Costa", "d_1")
    return {
        "posted": usual,
        "posted-nothing": replace(usual, answer=answer(0)),
        "posted-late": replace(usual, late=AS_OF, sent_by="Bob Jones"),
    }


def _fields() -> dict[str, str]:
    return {"word": "<glod>", "near": "gold"}


def _session(number: int) -> Session:
    first, last = _NAMES[number % len(_NAMES)]
    graded = number % 7 != 5
    valid = graded and number % 5 != 3
    name = _SCENARIOS[number % len(_SCENARIOS)]
    return Session(
        id=f"s{number}",
        user=User(id=f"u{number % len(_NAMES)}", first_name=first, last_name=last),
        scenario=Scenario(id=f"c{number % len(_SCENARIOS)}", name=name),
        score=94.5 - number % 50 if graded else None,
        rank=tuple(Rank)[number % 4].value if graded else None,
        duration_seconds=300.0 + number % 400 if number % 11 else None,
        is_valid_attempt=valid,
        created_at=AS_OF - timedelta(hours=3 * number),
    )
