"""All reports: the `REPORT` of each module in this package, found by import."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from bot import reports
from bot.reports._report import AnyReport, Report
from bot.reports.sessions import REPORT as SESSIONS

__all__ = ["BY_WORD", "REPORTS", "SESSIONS"]


def _rows() -> tuple[AnyReport, ...]:
    """Sessions first, because most questions are about them; the others by name."""
    modules = (
        import_module(f"{reports.__name__}.{module.name}")
        for module in iter_modules(reports.__path__)
        if module.name != "table"
    )
    rows = (getattr(module, "REPORT", None) for module in modules)
    reports_by_name = {row.name: row for row in rows if isinstance(row, Report)}
    others = sorted(reports_by_name.keys() - {SESSIONS.name})
    return (SESSIONS, *(reports_by_name[name] for name in others))


REPORTS = _rows()
BY_WORD = {word: report for report in REPORTS for word in (report.name, *report.also)}
