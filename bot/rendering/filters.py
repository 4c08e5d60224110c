"""The filters of the templates. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from bot.errors import Pattern, Sentence
from bot.language import dates
from bot.rendering import numbers, times
from bot.rendering.escaping import tidy
from bot.rendering.pages import truncated
from bot.rendering.views import menu

_SHORT = 80
_LONGEST_LINE = 20_000
# What XML forbids: most controls, halves of surrogate pairs, two that are no characters.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BOLD = re.compile(r"\*([^*\n]+)\*")
_CODE = re.compile("`([^`\n]+)`")
_NAME = re.compile(r"\{(\w+)\}")
# What Slack makes of what people type: at the edges of words, and never over a line.
_TYPED = re.compile(
    r"(?<![^\W_])([*_~])(?=\S)(.+?)(?<=\S)\1(?![^\W_])|(:[a-z0-9_+'-]*[a-z][a-z0-9_+'-]*:)"
)
_TYPED_MARKS = {"*": "b", "_": "i", "~": "s"}


class Exact(Markup):
    """Text of which no blank may be lost."""


def exact(value: str | float | date | None) -> Markup:
    """A value for a program: an id, typed text, a number ("" for none), a date, yes or no."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return Exact("")
    if isinstance(value, bool):
        return Exact("yes" if value else "no")
    if isinstance(value, date):
        return Exact(value.isoformat())
    if isinstance(value, int | float):
        return Exact(repr(value))
    return Exact(escape(_FORBIDDEN.sub("", value)))


def in_full(value: str) -> Markup:
    """A line that would be no use cut at the length of a name, such as an address."""
    return escape(tidy(value, _LONGEST_LINE))


def typed(value: str) -> Markup:
    """What somebody wrote for another one to read, with the marks and the emoji that Slack would
    make of it; it calls nobody, and leads nowhere."""
    return Markup(_typed(str(escape(tidy(value)))))  # noqa: S704 - escaped just here


def _typed(text: str) -> str:
    def mark(found: re.Match[str]) -> str:
        if found[3]:
            return f"<emoji>{found[3]}</emoji>"
        tag = _TYPED_MARKS[found[1]]
        return f"<{tag}>{_typed(found[2])}</{tag}>"

    return _TYPED.sub(mark, text)


def say(sentence: Sentence, **usual: str) -> Markup:
    """A sentence: its pattern as it is, its fields as values, and what is `usual` in any."""
    return fill(Pattern(sentence.pattern), **{**usual, **sentence.fields})


def fill(pattern: str, /, **values: str) -> Markup:
    """A Pattern as its reader spells it, with each `{name}` replaced by a value; unknown names
    stay. Any other text is a value itself."""
    if not isinstance(pattern, Pattern):
        return escape(tidy(pattern))
    marked = _CODE.sub(r"<code>\1</code>", _BOLD.sub(r"<b>\1</b>", str(escape(pattern))))

    def put_in(name: re.Match[str]) -> str:
        value = values.get(name[1])
        if value is None:
            return name[0]
        return value if isinstance(value, Markup) else escape(tidy(value))

    return Markup(_NAME.sub(put_in, marked))  # noqa: S704 - our own; values are escaped


def capitalised(value: str) -> str:
    """With a capital first letter."""
    return value[:1].upper() + value[1:]


def short(value: str) -> str:
    """A name where several stand together: at most 80 characters, "–" for none."""
    return tidy(value, _SHORT) or numbers.DASH


# Jinja's own filters that change text work on text that is escaped already, or undo escaping
# (`safe`); a template that needs more gets it from a report.
def first_name(value: str) -> str:
    """What a person is called by those who know them: "Jane Smith" → "Jane"; the whole name where
    it begins with the last one: "Smith, Jane"."""
    first, *_ = value.split() or [value]
    return value if first.endswith(",") else first


FILTERS: dict[str, Callable[..., Any]] = {
    "ago": times.ago,
    "capitalised": capitalised,
    "change": numbers.signed_number,
    "clock": times.clock,
    "count": numbers.count,
    "date": times.date_of,
    "day": times.day,
    "deadline": times.deadline,
    "due_at": times.due_at,
    "duration": numbers.length,
    "exact": exact,
    "few": truncated,
    "first_name": first_name,
    "fill": fill,
    "in_full": in_full,
    "in_words": times.in_words,
    "length": len,
    "menu": menu,
    "moment": times.moment,
    "number": numbers.number,
    "ordinal": numbers.ordinal_word,
    "part": times.part,
    "percent": numbers.percent,
    "posted_on": times.posted_on,
    "practice": numbers.practice,
    "say": say,
    "score": numbers.score,
    "send_time": times.send_time,
    "short": short,
    "short_date": times.short_date,
    "short_day": times.short_day,
    "updated_at": times.updated_at,
    "weekday": times.weekday_of,
    "whole": numbers.whole,
    "whole_minute": times.whole_minute,
    "typed": typed,
    "zone_name": dates.zone_name,
}
