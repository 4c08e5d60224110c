"""What the templates of a coach's messages, nudges and the own week are given. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot.rendering.coach_views import (
    CoachView,
    MeView,
    NudgePreviewView,
    NudgeView,
    PersonView,
)
from bot.rendering.pages import truncated
from bot.rendering.periods import in_words
from bot.reports.change import as_it_is, change
from bot.reports.coach import CoachReport
from bot.reports.findings import Gain, Gold, Slip
from bot.reports.metrics import OF_SESSIONS, line
from bot.reports.tasks import Task

Values = Mapping[str, object]
_F = TypeVar("_F", Slip, Task)

_NAMES = 8
_LINES = 4
_LEFT_OUT = 3
_TASKS = 3
_STANDINGS = 100


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Whom a digest of the group counts and the message does not: how many of whom. `one`: it is
    one person, and not the reader."""

    parts: tuple[tuple[str, int], ...]
    one: bool


def coach(view: CoachView, _level: int) -> Values:
    """What stands beside the conversations: everyone whom none of them is about."""
    report = view.report
    said = {talk.person.id for talk in report.conversations}
    absent = [each for each in report.not_practised if each.person.id not in said]
    return {
        "report": report,
        "uncounted": _uncounted(view),
        "absent": truncated([each.person for each in absent], _NAMES),
        "slipped": truncated(_others(report.slipped, said), _LINES),
        "overdue": truncated(_others(report.overdue or (), said), _LINES),
        "not_passed": truncated(report.not_passed, _LINES),
        "due_soon": truncated(report.due_soon or (), _LINES),
        "praise": truncated(_praise(report, said), _LINES),
        "joined": truncated(report.joined, _LEFT_OUT),
        "snoozed": truncated(report.snoozed, _LEFT_OUT),
        **in_words(report.window),
    }


def person(view: PersonView, _level: int) -> Values:
    """One person whom the coach has chosen."""
    return in_words(view.window)


def nudge(view: NudgeView, _level: int) -> Values:
    """The tasks that it names: what is overdue, or else what is due next."""
    return {"tasks": truncated(view.overdue or view.due, _TASKS)}


def nudge_preview(view: NudgePreviewView, level: int) -> Values:
    """The same, before it is sent."""
    return {"nudge": view.nudge, **nudge(view.nudge, level)}


def me(view: MeView, _level: int) -> Values:
    """A person's own week, beside the one before."""
    week = view.week
    now, before = week.figures, week.before
    tasks = week.tasks
    return {
        "week": week,
        "sessions": change(now.sessions, before.sessions, as_it_is),
        "practice": line(OF_SESSIONS["practice"], now, before).change,
        "average": line(OF_SESSIONS["average"], now, before),
        "standings": truncated(week.standings, _STANDINGS),
        "overdue": truncated(tasks.overdue if tasks else (), _LINES),
        "not_passed": truncated(tasks.not_passed if tasks else (), _LINES),
        "due": truncated(tasks.due if tasks else (), _LINES),
        **in_words(week.window),
    }


def _uncounted(view: CoachView) -> Uncounted:
    report = view.report
    counts = {
        "you": int(view.is_member),
        "joined": len(report.joined),
        "left": view.left,
        "snoozed": len(report.snoozed),
    }
    parts = tuple((who, n) for who, n in counts.items() if n)
    return Uncounted(parts, sum(counts.values()) == 1 and not view.is_member)


def _others(found: tuple[_F, ...], said: set[str]) -> list[_F]:
    return [each for each in found if each.person.id not in said]


def _praise(report: CoachReport, said: set[str]) -> list[Gold | Gain]:
    golds = [each for each in report.first_golds if each.person.id not in said]
    return [*golds, *(each for each in report.improved if each.person.id not in said)]
