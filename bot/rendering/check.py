"""Tries every template on sample views, so that a broken one is found before a person meets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from bot.rendering import report_samples, samples, status_samples
from bot.rendering.drawings import drawings
from bot.rendering.environment import SUFFIX, Renderer, TemplateProblem, our_folder
from bot.rendering.messages import Messages


class _Strict(Renderer):
    """A renderer that does not fall back."""

    def render(self, name: str, values: Mapping[str, object]) -> dict[str, Any]:
        return self.render_strictly(name, values)


def check(overrides: Path | None = None) -> list[TemplateProblem]:
    """What is wrong with our templates and those in `overrides`; empty if all is well."""
    problems: list[TemplateProblem] = []
    if overrides is not None:
        problems.extend(_strangers(overrides))
    renderer = _Strict(overrides)
    for draw in [*_drawings(Messages(renderer)), *_reports(renderer)]:
        try:
            draw()
        except TemplateProblem as problem:
            if str(problem) not in map(str, problems):
                problems.append(problem)
    return problems


def _strangers(overrides: Path) -> Iterator[TemplateProblem]:
    if not overrides.is_dir():
        yield TemplateProblem(str(overrides), None, "no such folder")
        return
    ours = {path.name for path in our_folder().glob(f"*{SUFFIX}")}
    for path in sorted(overrides.glob("*.j2")):
        if path.name not in ours:
            yield TemplateProblem(path.name, None, "no message is drawn from this file")


def _drawings(messages: Messages) -> Iterator[Callable[[], object]]:
    for rows in (0, 1, 4, 150):
        yield partial(messages.answer, samples.answer(rows))
        yield partial(messages.shared, samples.shared(rows))
    yield partial(messages.answer, samples.answer(150, start=100))
    yield partial(messages.answer, samples.unfinished_answer())
    for held in samples.held_answers():
        yield partial(messages.answer, held)
        yield partial(messages.shared, replace(samples.shared(), answer=held))
    for cost in samples.costs():
        yield partial(messages.cost, cost)
    for status in status_samples.statuses():
        yield partial(messages.status, status)
    yield partial(messages.problem, samples.problem())
    yield partial(messages.notice, samples.notice())
    for stage in samples.progress():
        yield partial(messages.progress, stage)
    yield partial(messages.help, samples.help_view())
    yield partial(messages.help, samples.help_view("who"))
    yield partial(messages.explain, samples.explain())
    yield partial(messages.share_confirm, samples.share_confirm())
    yield partial(messages.form, samples.form(menus=True))
    yield partial(messages.form, samples.form(menus=False))


def _reports(renderer: Renderer) -> Iterator[Callable[[], object]]:
    for people in (0, 1, 7):
        yield from drawings(renderer, report_samples.company(people)).values()
