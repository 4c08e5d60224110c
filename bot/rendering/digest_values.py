"""What the templates of a digest, and of the private details behind it, are given. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.rendering.cut import size
from bot.rendering.digest_views import CountedView, DetailsView, DigestView, OwnShareView, Part
from bot.rendering.filters import short
from bot.rendering.pages import Room, page, truncated
from bot.rendering.periods import in_words
from bot.reports import highlights
from bot.reports.digest import MOST_IMPROVED, Bar, GroupDigest
from bot.reports.each_person import PersonFigures
from bot.reports.metrics import GroupFigures, Line, compare
from bot.reports.progress import LEAST_GAIN

Values = Mapping[str, object]

# From this many people on no single result can be read out of an average or a rank mix.
ENOUGH_PEOPLE = highlights.ENOUGH_PEOPLE
_FEW_BARS = 2  # one bar alone shows no course
_NAMES = 8
_AROUND = 60  # characters of a row's numbers, dates and separators


@dataclass(frozen=True, slots=True)
class Chart:
    """Sessions per day or per week."""

    per: str
    bars: tuple[Bar, ...]


def _cost(each: PersonFigures) -> int:
    return size(short(each.person.name)) + _AROUND


# By fallback level, as for the rows of an answer.
_ROOM = (Room(100, 9_000, _cost), Room(99, 9_000, _cost), Room(30, 6_000, _cost))


def details(view: DetailsView, level: int) -> Values:
    """Everyone with their figures, from row `view.start` on."""
    shown = page(view.people, view.start, _ROOM[level])
    absent = [each.person for each in view.people if not each.figures.sessions]
    return {
        "page": shown,
        "after": shown.held - shown.last,
        "practised": len(view.people) - len(absent),
        "absent": truncated(absent, _NAMES),
        "none_since": next((each.since for each in shown.shown if each.last is None), None),
        "choices": [
            (short(each.person.name), view.handles[each.person.id])
            for each in shown.shown
            if each.person.id in view.handles
        ],
        **in_words(view.window),
    }


def own_share(view: OwnShareView, level: int) -> Values:
    """What a digest shows to everybody, beside the figures of one of those who read it."""
    more = {"view": view.digest, "own": view.own, "pairs": _pairs(view)}
    return {**digest(view.digest, level), **more}


def counted(view: CountedView, _level: int) -> Values:
    """How a digest was counted."""
    results = _of_results(view.report)
    return {
        "report": view.report,
        "people": view.report.line("people"),
        "results": results,
        "labels": _labels(results),
        "enough_people": ENOUGH_PEOPLE,
        "enough_sessions": highlights.ENOUGH_SESSIONS,
        "enough_attempts": highlights.ENOUGH_ATTEMPTS,
        "most_improved": MOST_IMPROVED,
        "least_gain": LEAST_GAIN,
        "compared": _compared(view.report),
        "tasks_at": view.tasks_as_of or view.as_of,
        **in_words(view.report.window),
    }


def digest(view: DigestView, _level: int) -> Values:
    """The digest of a group, as its channel may see it."""
    report = view.report
    people = report.line("people")
    shows_results = report.graded >= ENOUGH_PEOPLE
    few_before = 0 < report.graded_before < ENOUGH_PEOPLE
    lines = [line for line in report.lines if line is not people]
    results = _of_results(report)
    return {
        "report": report,
        "people": people,
        "sessions": report.line("sessions"),
        "lines": [line for line in lines if shows_results or not line.metric.of_results],
        "hidden": () if shows_results else _labels(results),
        # Without the average before, nobody reckons it from the change either.
        "uncompared": tuple(line.metric.key for line in results) if few_before else (),
        "compared": _compared(report),
        "enough": ENOUGH_PEOPLE,
        "enough_attempts": highlights.ENOUGH_ATTEMPTS,
        "chart": _chart(report) if Part.CHART in view.parts else None,
        "improved": report.improved if Part.IMPROVED in view.parts else (),
        "scenarios": report.scenarios if Part.SCENARIOS in view.parts else None,
        "assignments": Part.ASSIGNMENTS in view.parts and report.overdue is not None,
        **in_words(report.window),
    }


def _pairs(view: OwnShareView) -> list[tuple[Line, Line | None]]:
    """Every figure of a digest but how many practised, and for who was in the group one's own."""
    own = compare(GroupFigures(1, 1, 1, view.own.figures), None) if view.own else ()
    yours = {line.metric.key: line for line in own}
    of_group = (line for line in view.digest.report.lines if line.metric.key != "people")
    return [(line, yours.get(line.metric.key)) for line in of_group]


def _of_results(report: GroupDigest) -> list[Line]:
    return [line for line in report.lines if line.metric.of_results]


def _labels(lines: list[Line]) -> list[str]:
    """What these are called in a sentence that begins with them."""
    return [line.metric.label.lower() if at else line.metric.label for at, line in enumerate(lines)]


def _compared(report: GroupDigest) -> bool:
    """Whether anything is known of the period before."""
    change = report.line("people").change
    return change is not None and change.kind != "first"


def _chart(report: GroupDigest) -> Chart | None:
    per = "week" if len(report.weeks) >= _FEW_BARS else "day"
    bars = report.weeks if per == "week" else report.days
    if len(bars) < _FEW_BARS or not any(bar.sessions for bar in bars):
        return None
    return Chart(per, bars)
