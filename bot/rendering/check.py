"""Tries every template on an example, so that a broken one is found before a person meets it."""

from __future__ import annotations

from pathlib import Path

from bot.rendering.examples import examples
from bot.rendering.messages import Messages
from bot.rendering.templates import TemplateProblem, strangers
from bot.rendering.views import Form


def check(overrides: Path | None = None) -> list[TemplateProblem]:
    """What is wrong with our templates and those in `overrides`; empty if all is well."""
    problems = [] if overrides is None else list(strangers(overrides))
    messages = Messages(overrides, strict=True)
    for view in examples():
        try:
            messages.form(view) if isinstance(view, Form) else messages.draw(view)
        except TemplateProblem as problem:
            if str(problem) not in map(str, problems):
                problems.append(problem)
    return problems
