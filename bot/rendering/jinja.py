"""Jinja, set up for markup: a sandbox in which templates print words and compute nothing.

A value is tidied when it is printed, and Jinja's own autoescape makes it text of the markup; the
place it comes to in Slack is the writer's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial, wraps

from jinja2 import BaseLoader, Environment, StrictUndefined
from jinja2.exceptions import TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bot.rendering.escaping import tidy
from bot.rendering.filters import FILTERS, Exact, say

_ARITHMETIC = frozenset({"add", "sub", "mul", "div", "floordiv", "mod", "pow", "tilde"})


class OnlyWords(Extension):
    """Refuses arithmetic and `autoescape` in templates: numbers come from reports."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        inside = ""
        for token in stream:
            if token.type in _ARITHMETIC:
                raise _refused(f"a template computes nothing, so no {token.value}", token, stream)
            if inside == "block_begin" and token.value == "autoescape":
                raise _refused("escaping cannot be switched off", token, stream)
            inside = token.type
            yield token


def template_environment(loader: BaseLoader, *, command: str = "/exec") -> Environment:
    """A Jinja environment in which every printed value is escaped and nothing can undo that.

    Templates and the sentences in them know the slash `command`.
    """
    made = ImmutableSandboxedEnvironment(
        loader=loader,
        autoescape=True,
        auto_reload=False,
        extensions=[OnlyWords],
        finalize=printed_value,
        undefined=StrictUndefined,
    )
    made.globals.clear()
    made.globals["command"] = command
    made.filters.clear()
    knowing: dict[str, Callable[..., object]] = {**FILTERS, "say": partial(say, command=command)}
    made.filters.update({name: _naming(work) for name, work in knowing.items()})
    return made


def printed_value(value: object) -> object:
    """The text that `{{ value }}` prints; that of a macro loses the white space around it.

    Raises TypeError for what has to be put into words first.
    """
    if isinstance(value, Markup):
        return value if isinstance(value, Exact) else value.strip(" \t\r\n")
    if isinstance(value, str):
        return tidy(value)
    # Jinja passes undefined values on to report them itself, by name.
    if isinstance(value, Undefined) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise TypeError(f"cannot print {type(value).__name__} without a filter")


def _naming(work: Callable[..., object]) -> Callable[..., object]:
    """The same filter; given a value that is not there, it raises an error that names the value."""

    @wraps(work)
    def checked(value: object, /, *more: object, **named: object) -> object:
        return work(str(value) if isinstance(value, Undefined) else value, *more, **named)

    return checked


def _refused(reason: str, token: Token, stream: TokenStream) -> TemplateSyntaxError:
    return TemplateSyntaxError(reason, token.lineno, stream.name, stream.filename)
