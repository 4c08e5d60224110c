"""The messages to coaches, nudges, and a person's own week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from bot.rendering import periods
from bot.rendering.coach_views import (
    CoachAddedView,
    CoachesView,
    CoachView,
    MeView,
    NudgePreviewView,
    NudgeView,
    PersonView,
    SnoozeView,
)
from bot.rendering.drawing import Drawing, Truncated, truncated
from bot.rendering.views import Message
from bot.reports.change import as_it_is, change
from bot.reports.coach import CoachReport
from bot.reports.findings import Gain, Gold, Slip
from bot.reports.intervals import Window
from bot.reports.metrics import OF_SESSIONS, line
from bot.reports.own_week import OwnWeek
from bot.reports.tasks import Task

T = TypeVar("T", Slip, Task)

_NAMES = 8
_LINES = 4
_LEFT_OUT = 3
_TASKS = 3
_STANDINGS = 100
_TOLD = 12


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Whom a digest of the group counts and the message does not: how many of whom. `one`: it is
    one person, and not the reader."""

    parts: tuple[tuple[str, int], ...]
    one: bool


class CoachMessages(Drawing):
    """Draws what coaches and the people they coach get."""

    def coach(self, view: CoachView) -> Message:
        """What a coach is told about their people; one line where there is nothing to say."""
        report = view.report
        name = "coach_quiet" if report.is_empty else "coach"
        values = {"view": view, "uncounted": _uncounted(view), **_coach_values(report)}
        return self._message(name, values)

    def person(self, view: PersonView) -> Message:
        """One person whom the coach has chosen, with what can be done."""
        values = {"view": view, "report": None, **_window(view.window)}
        return self._message("coach_person", values)

    def nudge(self, view: NudgeView) -> Message:
        """The friendly word itself, to the person."""
        return self._message("nudge", {"view": view, "tasks": _tasks(view)})

    def nudge_preview(self, view: NudgePreviewView) -> Message:
        """The same, to the coach, before it is sent."""
        values = {"view": view, "nudge": view.nudge, "tasks": _tasks(view.nudge)}
        return self._message("nudge_preview", values)

    def snooze(self, view: SnoozeView) -> dict[str, Any]:
        """Until when? A modal view for `views.open`."""
        return self._modal("snooze", {"view": view, "until": view.until.isoformat()})

    def me(self, view: MeView, level: int = 0) -> Message:
        """A person's own week, in the blocks of `level`."""
        return self._message("me", {"view": view, **_own_values(view.week)}, level)

    def coaches(self, view: CoachesView, level: int = 0) -> Message:
        """All coaches."""
        told = truncated(view.coaches, _TOLD)
        return self._message("coaches", {"view": view, "told": told}, level)

    def coach_added(self, view: CoachAddedView) -> Message:
        """Somebody became a coach."""
        return self._message("coach_added", {"view": view})


def _window(window: Window) -> dict[str, object]:
    return {
        "window": window,
        "span": periods.span(window),
        "dates": periods.dates(window.interval, window.zone, window.now),
        "dates_in_full": periods.dates_in_full(window.interval, window.zone, window.now),
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


def _coach_values(report: CoachReport) -> dict[str, object]:
    """What stands beside the conversations: everyone whom none of them is about."""
    said = {talk.person.id for talk in report.conversations}
    absent = [each for each in report.not_practised if each.person.id not in said]
    return {
        "report": report,
        "absent": truncated([each.person for each in absent], _NAMES),
        "slipped": truncated(_others(report.slipped, said), _LINES),
        "overdue": truncated(_others(report.overdue or (), said), _LINES),
        "not_passed": truncated(report.not_passed, _LINES),
        "due_soon": truncated(report.due_soon or (), _LINES),
        "praise": truncated(_praise(report, said), _LINES),
        "joined": truncated(report.joined, _LEFT_OUT),
        "snoozed": truncated(report.snoozed, _LEFT_OUT),
        **_window(report.window),
    }


def _others(found: tuple[T, ...], said: set[str]) -> list[T]:
    return [each for each in found if each.person.id not in said]


def _praise(report: CoachReport, said: set[str]) -> list[Gold | Gain]:
    golds = [each for each in report.first_golds if each.person.id not in said]
    return [*golds, *(each for each in report.improved if each.person.id not in said)]


def _tasks(view: NudgeView) -> Truncated[Task]:
    """What the nudge names: what is overdue, else what is due next."""
    return truncated(view.overdue or view.due, _TASKS)


def _own_values(week: OwnWeek) -> dict[str, object]:
    now, before = week.figures, week.before
    tasks = week.tasks
    return {
        "week": week,
        "sessions": change(now.sessions, before.sessions, as_it_is),
        "practice": line(OF_SESSIONS["practice"], now, before).change,
        "average": line(OF_SESSIONS["average"], now, before),
        "standings": truncated(week.standings, _STANDINGS),
        "told": truncated(week.standings, _TOLD),
        "overdue": truncated(tasks.overdue if tasks else (), _LINES),
        "not_passed": truncated(tasks.not_passed if tasks else (), _LINES),
        "due": truncated(tasks.due if tasks else (), _LINES),
        **_window(week.window),
    }
