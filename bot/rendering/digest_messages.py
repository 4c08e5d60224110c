"""The messages of a group's digest: what a channel sees, and the private details behind it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.rendering import periods
from bot.rendering.cut import size
from bot.rendering.digest_views import CountedView, DetailsView, DigestView, OwnShareView, Part
from bot.rendering.drawing import Drawing, stretch, truncated
from bot.rendering.filters import short
from bot.rendering.views import Message
from bot.reports import scenarios
from bot.reports.digest import MOST_IMPROVED, Bar, GroupDigest
from bot.reports.each_person import PersonFigures
from bot.reports.intervals import Window
from bot.reports.metrics import GroupFigures, Line, compare
from bot.reports.progress import LEAST_GAIN

# From this many people on no single result can be read out of an average or a rank mix.
ENOUGH_PEOPLE = scenarios.ENOUGH_PEOPLE
_FEW_BARS = 2  # one bar alone shows no course
_NAMES = 8
_CELLS = 9_000  # of the 10,000 characters that tables may have
_LINES = 6_000  # the same where they are drawn as lines of text
_ROWS, _TABLE_ROWS, _TEXT_ROWS = 100, 99, 30
_AROUND = 60  # characters of a row's numbers, dates and separators


@dataclass(frozen=True, slots=True)
class Chart:
    """Sessions per day or per week."""

    per: str
    bars: tuple[Bar, ...]


class DigestMessages(Drawing):
    """Draws digests. Every message also comes in the blocks of a fallback level."""

    def digest(self, view: DigestView, level: int = 0) -> Message:
        """The digest of a group, for a channel."""
        return self._message("digest", _digest_values(view), level)

    def details(self, view: DetailsView, level: int = 0) -> Message:
        """Everyone with their figures, from row `view.start` on."""
        window = view.window
        page = stretch(
            view.people,
            view.start,
            most=(_ROWS, _TABLE_ROWS, _TEXT_ROWS)[level],
            room=(_CELLS, _CELLS, _LINES)[level],
            cost=_cost,
        )
        absent = [each.person for each in view.people if not each.figures.sessions]
        values = {
            "view": view,
            "page": page,
            "practised": len(view.people) - len(absent),
            "absent": truncated(absent, _NAMES),
            "none_since": next((each.since for each in page.shown if each.last is None), None),
            "told": page.shown[:_TEXT_ROWS],
            "untold": len(view.people) - len(page.shown[:_TEXT_ROWS]),
            "choices": [
                (short(each.person.name), view.handles[each.person.id])
                for each in page.shown
                if each.person.id in view.handles
            ],
            **_period(window),
        }
        return self._message("digest_details", values, level)

    def own_share(self, view: OwnShareView) -> Message:
        """What a digest shows to everybody, beside the figures of one of those who read it."""
        values = {**_digest_values(view.digest), "own": view.own, "pairs": _pairs(view)}
        return self._message("digest_own", values)

    def counted(self, view: CountedView) -> Message:
        """How a digest was counted."""
        values = {
            "view": view,
            "report": view.report,
            "people": view.report.line("people"),
            "results": _of_results(view.report),
            "labels": _labels(_of_results(view.report)),
            "enough_people": ENOUGH_PEOPLE,
            "enough_sessions": scenarios.ENOUGH_SESSIONS,
            "enough_attempts": scenarios.ENOUGH_ATTEMPTS,
            "most_improved": MOST_IMPROVED,
            "least_gain": LEAST_GAIN,
            "compared": _compared(view.report),
            "tasks_at": view.tasks_as_of or view.as_of,
            **_period(view.report.window),
        }
        return self._message("digest_counted", values)


def _digest_values(view: DigestView) -> dict[str, object]:
    report = view.report
    people = report.line("people")
    shows_results = report.graded >= ENOUGH_PEOPLE
    few_before = 0 < report.graded_before < ENOUGH_PEOPLE
    lines = [line for line in report.lines if line is not people]
    results = _of_results(report)
    return {
        "view": view,
        "report": report,
        "people": people,
        "sessions": report.line("sessions"),
        "lines": [line for line in lines if shows_results or not line.metric.of_results],
        "hidden": () if shows_results else _labels(results),
        # Without the average before, nobody reckons it from the change either.
        "uncompared": tuple(line.metric.key for line in results) if few_before else (),
        "compared": _compared(report),
        "enough": ENOUGH_PEOPLE,
        "enough_attempts": scenarios.ENOUGH_ATTEMPTS,
        "chart": _chart(report) if Part.CHART in view.parts else None,
        "improved": report.improved if Part.IMPROVED in view.parts else (),
        "scenarios": report.scenarios if Part.SCENARIOS in view.parts else None,
        "assignments": Part.ASSIGNMENTS in view.parts and report.overdue is not None,
        **_period(report.window),
    }


def _pairs(view: OwnShareView) -> list[tuple[Line, Line | None]]:
    """Every figure of a digest but how many practised, and for who was in the group one's own."""
    own = compare(GroupFigures(1, 1, 1, view.own.figures), None) if view.own else ()
    yours = {line.metric.key: line for line in own}
    of_group = (line for line in view.digest.report.lines if line.metric.key != "people")
    return [(line, yours.get(line.metric.key)) for line in of_group]


def _period(window: Window) -> dict[str, object]:
    return {
        "window": window,
        "span": periods.span(window),
        "dates": periods.dates(window.interval, window.zone, window.now),
        "dates_in_full": periods.dates_in_full(window.interval, window.zone, window.now),
        "dates_before": periods.dates_in_full(window.before, window.zone, window.now),
    }


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


def _cost(each: PersonFigures) -> int:
    return size(short(each.person.name)) + _AROUND
