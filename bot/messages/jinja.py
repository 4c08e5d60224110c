"""Jinja with autoescape, and the filters of the templates."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.exceptions import TemplateSyntaxError
from jinja2.runtime import Undefined
from markupsafe import Markup, escape

from bot.errors import Sentence
from bot.language.dates import zone_name
from bot.messages import words
from bot.messages.tables import cell, few
from bot.messages.text import UNWANTED, tidy
from bot.settings import SettingsProblem

SUFFIX = ".xml.j2"
LONGEST_NAME = 80
LONGEST_LINE = 3_000
BOLD, CODE, NAME = re.compile(r"\*([^*\n]+)\*"), re.compile("`([^`\n]+)`"), re.compile(r"\{(\w+)\}")
EMOJI = re.compile(r":(?=[a-z0-9_+'-]*[a-z])[a-z0-9_+'-]+:")


def load_templates(overrides: Path | None = None, command: str = "/exec") -> Environment:
    """The templates; those in the folder `overrides` replace ours, and are compiled here.

    Raises SettingsProblem if one doesn't compile.
    """
    ours = FileSystemLoader(our_folder())
    if overrides is None:
        return environment(ours, command)
    theirs = FileSystemLoader(overrides)
    env = environment(ChoiceLoader([theirs, ours]), command)
    for file in theirs.list_templates():
        if file.endswith(SUFFIX):
            try:
                env.get_template(file)
            except (TemplateSyntaxError, UnicodeDecodeError) as error:
                raise SettingsProblem((_broken(file, error),)) from error
    return env


def _broken(file: str, error: TemplateSyntaxError | UnicodeDecodeError) -> str:
    where, why = file, "not UTF-8"
    if isinstance(error, TemplateSyntaxError):
        # An error in an imported file has the name of that file.
        where, why = f"{error.name or file}, line {error.lineno}", error.message or ""
    return f"EXECBOT_TEMPLATES has a broken file: {where}: {why.rstrip('.')}. Fix or remove it."


def our_folder() -> Path:
    """The folder of our own templates: in the installed package, or next to it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


def environment(loader: BaseLoader, command: str = "/exec") -> Environment:
    """An environment in which every printed value is escaped."""
    made = Environment(
        loader=loader,
        autoescape=True,
        auto_reload=False,
        finalize=_printed,
        undefined=StrictUndefined,
    )
    made.globals["command"] = command
    made.filters.update(FILTERS, say=partial(say, command=command))
    return made


def _printed(value: object) -> object:
    """The output of `{{ value }}`. Raises TypeError for a value that needs a filter."""
    if isinstance(value, Exact):
        return value
    if isinstance(value, Markup):
        return value.strip(" \t\r\n")
    if isinstance(value, str):
        return tidy(value)
    # Jinja reports an undefined value with its name.
    if isinstance(value, Undefined) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise TypeError(f"{type(value).__name__} needs a filter")


class Exact(Markup):
    """Text that keeps its spaces."""


def exact(value: str | float | Decimal | None) -> Markup:
    """A value for a program: an id, typed text, a number, yes or no."""
    if value is None:
        return Exact("")
    if isinstance(value, bool):
        return Exact("yes" if value else "no")
    if not isinstance(value, str):
        return Exact(str(value))
    kept = "\n".join(UNWANTED.sub("", line) for line in value.split("\n"))
    # XML turns a line break in an attribute into a space.
    return Exact(str(escape(kept)).replace("\n", "&#10;"))


def in_full(value: str) -> Markup:
    """A long text, such as feedback."""
    return escape(tidy(value, LONGEST_LINE))


def typed(value: str) -> Markup:
    """A line that was typed in a form, which sends emoji by name."""
    return Markup(EMOJI.sub(r"<emoji>\g<0></emoji>", str(escape(tidy(value)))))  # noqa: S704


def say(sentence: Sentence, *, command: str) -> Markup:
    """One of our sentences as markup, with its values."""
    values = {"command": command, **sentence.fields}
    pattern = str(escape(sentence.pattern))
    marked = CODE.sub(r"<code>\1</code>", BOLD.sub(r"<b>\1</b>", pattern))

    def put_in(name: re.Match[str]) -> str:
        value = values.get(name[1])
        if value is None:
            return name[0]
        return value if isinstance(value, Markup) else escape(tidy(value))

    return Markup(NAME.sub(put_in, marked))  # noqa: S704 - our own text; values are escaped


def short(value: str) -> str:
    """A name of at most 80 characters; "–" for none."""
    return tidy(value, LONGEST_NAME) or words.DASH


def capitalized(value: str) -> str:
    """With a capital first letter."""
    return value[:1].upper() + value[1:]


def first_name(value: str) -> str:
    """ "Jane Smith" → "Jane"; the whole of "Smith, Jane"."""
    first, *_ = value.split() or [value]
    return value if first.endswith(",") else first


FILTERS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        capitalized, cell, exact, few, first_name, in_full, short, typed, zone_name,
        words.clock, words.compared_with, words.count, words.dates, words.day, words.due_day,
        words.moment, words.number, words.part, words.percent, words.practice, words.score,
        words.send_time, words.session_length, words.signed, words.until, words.weekday,
    )
}  # fmt: skip
