"""Templates in, documents out: how Jinja is set up for markup, and where a fault in one is.

A value is tidied when it is printed, and Jinja's own autoescape makes it text of the markup; the
place it comes to in Slack is the writer's business.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from jinja2 import BaseLoader, Environment
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
from bot.rendering.markup import MarkupError, read
from bot.rendering.values import tidy

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
    made.filters.update(exact=exact, fill=fill, say=say)
    del made.filters["tojson"]
    return made


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
    """What a program reads: an id, what somebody typed, a number ("" for None), yes or no."""
    if value is None:
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
