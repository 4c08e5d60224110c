"""The filters of the templates, and how a value is printed. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from json.encoder import encode_basestring
from string import Formatter
from typing import Any

from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.runtime import Undefined
from markupsafe import Markup

from bot.errors import Pattern, Sentence
from bot.rendering import numbers, periods
from bot.rendering.values import mark, tidy

_SHORT = 80


def printed(value: object) -> object:
    """What `{{ value }}` prints. Strings are marked; macros are printed already.

    Raises TypeError for what has to be put into words first.
    """
    # Jinja passes undefined values on to report them itself, by name.
    if isinstance(value, Markup | Undefined):
        return value
    if isinstance(value, str):
        return Markup(mark(value))  # noqa: S704 - this is the escaping
    if isinstance(value, int) and not isinstance(value, bool):
        return Markup(str(value))  # noqa: S704 - digits
    raise TypeError(f"cannot print {type(value).__name__} without a filter")


def tojson(value: object) -> Markup:
    """A value as JSON of its own, with its quotes: for ids, lists and numbers."""
    return Markup(_json(value))  # noqa: S704 - strings inside are marked


def say(sentence: Sentence) -> Markup:
    """A sentence: its pattern as it is, its fields as values."""
    return fill(Pattern(sentence.pattern), **sentence.fields)


def fill(pattern: str, /, **values: str) -> Markup:
    """A Pattern with each `{name}` replaced by a value; unknown names stay.

    Any other text is a value itself, and marked as one.
    """
    if not isinstance(pattern, Pattern):
        return Markup(mark(str(pattern)))  # noqa: S704 - marked
    parts: list[str] = []
    for text, name, _, _ in Formatter().parse(pattern):
        parts.append(encode_basestring(text)[1:-1])
        if name is not None:
            value = values.get(name, f"{{{name}}}")
            parts.append(value if isinstance(value, Markup) else mark(value))
    return Markup("".join(parts))  # noqa: S704 - values are marked above


def short(value: str) -> str:
    """A name where several stand together: at most 80 characters, "–" for none."""
    return tidy(value, _SHORT) or numbers.DASH


def _json(value: object) -> str:
    if isinstance(value, str):
        return f'"{mark(str(value))}"'
    if isinstance(value, Mapping):
        pairs = (f"{_json(str(key))}: {_json(item)}" for key, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_json, value))}]"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, allow_nan=False)


# Jinja's own filters that change text work on text that is escaped already, or undo escaping
# (`safe`); a template that needs more gets it from a report.
FILTERS: dict[str, Callable[..., Any]] = {
    **{name: JINJA_FILTERS[name] for name in ("default", "first", "last", "length", "list")},
    "ago": numbers.ago,
    "average": numbers.average,
    "clock": numbers.clock,
    "whole_minute": numbers.whole_minute,
    "count": numbers.count,
    "date": periods.date_of,
    "day": numbers.day,
    "due_at": periods.due_at,
    "duration": numbers.length,
    "fill": fill,
    "moment": numbers.moment,
    "number": numbers.number,
    "percent": numbers.percent,
    "posted_on": periods.posted_on,
    "practice": numbers.practice,
    "say": say,
    "score": numbers.score,
    "send_time": periods.send_time,
    "short": short,
    "short_date": periods.short_date,
    "short_day": periods.short_day,
    "tojson": tojson,
    "weekday": periods.weekday_of,
    "whole": numbers.whole,
}
