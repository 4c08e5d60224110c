"""Templates in, documents out: how Jinja is set up for markup, and where a fault in one is.

A value is tidied when it is printed, and Jinja's own autoescape makes it text of the markup; the
place it comes to in Slack is the writer's business.
"""

from __future__ import annotations

import json
import logging
import math
import re
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader
from jinja2.ext import Extension
from jinja2.runtime import Undefined
from markupsafe import Markup, escape

from bot.errors import Pattern, Sentence
from bot.rendering.document import Document, Modal
from bot.rendering.environment import (
    TEMPLATE_FAULTS,
    LineNumbers,
    TemplateProblem,
    origin,
    problem_of,
    unnumbered,
)
from bot.rendering.environment import environment as _environment
from bot.rendering.filters import FILTERS
from bot.rendering.markup import MarkupError, read
from bot.rendering.values import tidy

log = logging.getLogger(__name__)

SUFFIX = ".xml.j2"

# What XML forbids: most controls, halves of surrogate pairs, two that are no characters.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BOLD = re.compile(r"\*([^*\n]+)\*")
_CODE = re.compile("`([^`\n]+)`")


def environment(
    loader: BaseLoader, *, auto_reload: bool, extensions: tuple[type[Extension], ...] = ()
) -> Environment:
    """A Jinja environment whose templates print markup."""
    made = _environment(loader, auto_reload=auto_reload, extensions=extensions)
    # White space is a blank wherever it stands, so no line break may vanish.
    made.trim_blocks = made.lstrip_blocks = False
    made.finalize = printed
    ours: dict[str, Callable[..., object]] = {**FILTERS, "exact": exact, "fill": fill, "say": say}
    made.filters.update({name: _of_known(work) for name, work in ours.items() if name != "default"})
    del made.filters["tojson"]
    return made


class Templates:
    """Draws documents by the name of a template; those in `overrides` go before those in `ours`.

    An override that fails is replaced by ours for that message and logged once.
    """

    def __init__(self, ours: Path, overrides: Path | None = None) -> None:
        self._ours = environment(FileSystemLoader(ours), auto_reload=False)
        self._mixed = self._ours
        if overrides is not None:
            folders = ChoiceLoader([FileSystemLoader(overrides), FileSystemLoader(ours)])
            self._mixed = environment(folders, auto_reload=True)
        self._logged: set[str] = set()

    def draw(self, name: str, values: Mapping[str, object]) -> Document | Modal:
        """The message or modal of a template. Raises TemplateProblem if our own one fails."""
        try:
            return self.draw_strictly(name, values)
        except TemplateProblem as problem:
            if self._mixed is self._ours:
                raise
            self._log_once(problem)
        return render(self._ours, name, values)

    def draw_strictly(self, name: str, values: Mapping[str, object]) -> Document | Modal:
        """As `draw`, but an override that fails raises TemplateProblem."""
        return render(self._mixed, name, values)

    def _log_once(self, problem: TemplateProblem) -> None:
        # A reason may quote a value, and then is different each time: `doctor` tells it.
        said = problem.where if problem.quotes else str(problem)
        if said not in self._logged:
            self._logged.add(said)
            log.warning("template not usable, ours is used instead: %s", said)


def render(env: Environment, name: str, values: Mapping[str, object]) -> Document | Modal:
    """Render one template (named without its suffix) and read its markup.

    Raises TemplateProblem, which names file and line.
    """
    try:
        text = env.get_template(name + SUFFIX).render(values)
    except TEMPLATE_FAULTS as error:
        raise problem_of(error, name + SUFFIX) from error
    try:
        return read(text)
    except MarkupError as error:
        raise _broken(env, name, values, error) from error


def printed(value: object) -> object:
    """What `{{ value }}` prints; what a macro gives has no white space around it.

    Raises TypeError for what has to be put into words first.
    """
    if isinstance(value, Markup):
        return value if isinstance(value, _Exact) else value.strip(" \t\r\n")
    # Jinja passes undefined values on to report them itself, by name.
    if isinstance(value, Undefined) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, str):
        return tidy(value)
    raise TypeError(f"cannot print {type(value).__name__} without a filter")


def exact(value: str | float | None) -> Markup:
    """What a program reads: an id, what somebody typed, a number ("" for none), yes or no."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return _Exact("")
    if isinstance(value, bool):
        return _Exact("yes" if value else "no")
    text = _FORBIDDEN.sub("", value) if isinstance(value, str) else json.dumps(value)
    return _Exact(escape(text))


def say(sentence: Sentence) -> Markup:
    """A sentence: its pattern as it is, its fields as values."""
    return fill(Pattern(sentence.pattern), **sentence.fields)


def fill(pattern: str, /, **values: str) -> Markup:
    """A Pattern with each `{name}` replaced by a value; unknown names stay.

    Any other text is a value itself.
    """
    if not isinstance(pattern, Pattern):
        return escape(tidy(pattern))
    marked = _CODE.sub(r"<code>\1</code>", _BOLD.sub(r"<b>\1</b>", str(escape(pattern))))
    tidied = {name: v if isinstance(v, Markup) else tidy(v) for name, v in values.items()}
    return Markup(marked).format_map(_Known(tidied))  # noqa: S704 - our own; values are escaped


def _of_known(work: Callable[..., object]) -> Callable[..., object]:
    """The same filter; given a value that is not there, it names the value."""

    @wraps(work)
    def checked(value: object, /, *more: object, **named: object) -> object:
        return work(str(value) if isinstance(value, Undefined) else value, *more, **named)

    return checked


class _Exact(Markup):
    """Text of which no blank may be lost."""


class _Known(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def _broken(
    env: Environment, name: str, values: Mapping[str, object], error: MarkupError
) -> TemplateProblem:
    """Render again with every line numbered, and say which one the markup broke at."""
    assert env.loader is not None  # noqa: S101 - every environment here is made with one
    numbered = environment(env.loader, auto_reload=False, extensions=(LineNumbers,))
    text = numbered.get_template(name + SUFFIX).render(values)
    try:
        read(unnumbered(text))
    except MarkupError as again:
        file, line = origin(text, again.offset)
        return TemplateProblem(file or name + SUFFIX, line, again.reason)
    return TemplateProblem(name + SUFFIX, None, error.reason)
