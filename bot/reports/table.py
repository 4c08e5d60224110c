"""The table of reports: the row `REPORT` of each module of this room that has one."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from bot import reports
from bot.reports.report import AnyReport
from bot.reports.sessions import REPORT as SESSIONS

__all__ = ["BY_WORD", "REPORTS", "SESSIONS", "report"]


def _rows() -> tuple[AnyReport, ...]:
    """Sessions first, which most questions are about; the others by name."""
    modules = (
        import_module(f"{reports.__name__}.{each.name}")
        for each in iter_modules(reports.__path__)
        if each.name != "table"
    )
    found = {row.name: row for module in modules if (row := getattr(module, "REPORT", None))}
    others = sorted(found.keys() - {SESSIONS.name})
    return (SESSIONS, *(found[name] for name in others))


REPORTS = _rows()
BY_WORD = {word: report for report in REPORTS for word in (report.name, *report.also)}


def report(name: str) -> AnyReport:
    """The report of this name. Raises KeyError."""
    return BY_WORD[name]
