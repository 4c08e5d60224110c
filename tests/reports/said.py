"""What templates make of a report's figures."""

from __future__ import annotations

from html import unescape
from types import SimpleNamespace
from typing import Any

from bot.messages.jinja import load_templates
from bot.reports._asked import Asked
from bot.reports._report import AnyReport, Figures


def said(report: AnyReport, figures: Figures, asked: Asked, part: str = "first") -> str:
    """One macro of the report's template as text."""
    answer = SimpleNamespace(
        asked=asked,
        query=asked.query,
        zone=asked.zone,
        as_of=asked.as_of,
        is_about_one=asked.is_of_one,
        counted_since=asked.counted_since,
    )
    values: dict[str, Any] = {"a": answer, "f": figures, "columns": report.columns(figures)}
    template = load_templates().get_template(report.template)
    made: Any = template.make_module(values)
    return " ".join(unescape(getattr(made, part)()).split())
