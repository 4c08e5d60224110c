"""The table of reports."""

from __future__ import annotations

from bot.reports.coach import COACH
from bot.reports.digest import TEAM
from bot.reports.own_week import ME
from bot.reports.report import AnyReport
from bot.reports.session_list import SESSIONS

REPORTS: tuple[AnyReport, ...] = (SESSIONS, TEAM, ME, COACH)
BY_WORD = {word: report for report in REPORTS for word in (report.name, *report.also)}


def report(name: str) -> AnyReport:
    """The report of this name. Raises KeyError."""
    return BY_WORD[name]
