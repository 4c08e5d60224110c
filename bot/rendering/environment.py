"""Templates in, JSON out: the Jinja environment, and the way back when a template is broken."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.exceptions import TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.errors import BotError
from bot.rendering.filters import FILTERS, printed
from bot.rendering.shape import misshapen
from bot.rendering.values import settle

log = logging.getLogger(__name__)

SUFFIX = ".json.j2"
_LINE_START, _LINE_END = "\ue0f2", "\ue0f3"
_LINE = re.compile(f"{_LINE_START}([^{_LINE_END}]*):(\\d+){_LINE_END}")
_ARITHMETIC = frozenset({"add", "sub", "mul", "div", "floordiv", "mod", "pow", "tilde"})
# What a template may raise with the names and values it was given; anything else is our own bug.
TEMPLATE_FAULTS = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    RecursionError,
)


class TemplateProblem(BotError):
    """A template that cannot be used: `file`, `line` (None if unknown) and `reason` in words.

    `quotes`: the reason may hold a value that the template was given.
    """

    def __init__(self, file: str, line: int | None, reason: str, *, quotes: bool = False) -> None:
        self.where = f"{file}{f', line {line}' if line else ''}"
        self.quotes = quotes
        super().__init__(f"{self.where}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which knows at once what to make of our views: plain data throughout."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if is_dataclass(obj):
            return not attr.startswith("_")
        return super().is_safe_attribute(obj, attr, value)


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


class LineNumbers(Extension):
    """Notes file and line in front of each line of the output, to find what broke the JSON."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            if token.type != "data":
                yield token
                continue
            lines = token.value.split("\n")
            text = "\n".join(
                f"{_LINE_START}{stream.name}:{token.lineno + offset}{_LINE_END}{line}"
                for offset, line in enumerate(lines)
            )
            yield Token(token.lineno, "data", text)


class Renderer:
    """Renders templates by name; those in the folder `overrides` go before ours.

    An override that fails is replaced by ours for that message and logged once.
    """

    def __init__(self, overrides: Path | None = None) -> None:
        self.overrides = overrides
        self._ours = environment(FileSystemLoader(our_folder()), auto_reload=False)
        self._mixed = self._ours
        if overrides is not None:
            folders = [FileSystemLoader(overrides), FileSystemLoader(our_folder())]
            self._mixed = environment(ChoiceLoader(folders), auto_reload=True)
        self._logged: set[str] = set()

    def render(self, name: str, values: Mapping[str, object]) -> dict[str, Any]:
        """The JSON of the template `name` (without its suffix), escaped for Slack.

        Raises TemplateProblem if our own template fails.
        """
        if self._mixed is not self._ours:
            try:
                return render(self._mixed, name, values)
            except TemplateProblem as problem:
                self._log_once(problem)
        return render(self._ours, name, values)

    def render_strictly(self, name: str, values: Mapping[str, object]) -> dict[str, Any]:
        """As `render`, but a failing override raises TemplateProblem."""
        return render(self._mixed, name, values)

    def _log_once(self, problem: TemplateProblem) -> None:
        # A reason may quote a value, and then is different each time: `doctor` tells it.
        said = problem.where if problem.quotes else str(problem)
        if said not in self._logged:
            self._logged.add(said)
            log.warning("template not usable, ours is used instead: %s", said)


def environment(
    loader: BaseLoader, *, auto_reload: bool, extensions: tuple[type[Extension], ...] = ()
) -> Environment:
    """A Jinja environment in which every printed value is marked and nothing can undo that."""
    made = Sandbox(
        loader=loader,
        autoescape=True,
        auto_reload=auto_reload,
        extensions=[OnlyWords, *extensions],
        finalize=printed,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    made.globals.clear()
    made.filters.clear()
    made.filters.update(FILTERS)
    return made


def render(env: Environment, name: str, values: Mapping[str, object]) -> dict[str, Any]:
    """Render one template and read its JSON. Raises TemplateProblem."""
    try:
        text = env.get_template(name + SUFFIX).render(values)
    except TEMPLATE_FAULTS as error:
        raise problem_of(error, name + SUFFIX) from error
    try:
        read = json.loads(text)
    except ValueError as error:
        raise _broken_json(env, name, values) from error
    if wrong := misshapen(read):
        raise TemplateProblem(name + SUFFIX, None, wrong)
    return settle(read)


def our_folder() -> Path:
    """Where our own templates are: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


def _refused(reason: str, token: Token, stream: TokenStream) -> TemplateSyntaxError:
    return TemplateSyntaxError(reason, token.lineno, stream.name, stream.filename)


def problem_of(error: Exception, template: str) -> TemplateProblem:
    """What a fault of TEMPLATE_FAULTS says of a template, with the file and line it is in."""
    if isinstance(error, TemplateSyntaxError):
        broken = error.name or template
        return TemplateProblem(broken, error.lineno, error.message or "not a template")
    if isinstance(error, TemplateNotFound):
        return TemplateProblem(str(error.name), None, "no such template")
    file, line = _deepest_template(error.__traceback__)
    reason = str(error) or type(error).__name__
    return TemplateProblem(file or template, line, reason, quotes=True)


def _deepest_template(trace: TracebackType | None) -> tuple[str | None, int | None]:
    file: str | None = None
    line: int | None = None
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        if path.endswith(".j2"):
            file, line = Path(path).name, trace.tb_lineno
        trace = trace.tb_next
    return file, line


def _broken_json(env: Environment, name: str, values: Mapping[str, object]) -> TemplateProblem:
    """Render again with every line numbered, and say which one the JSON broke at."""
    assert env.loader is not None  # noqa: S101 - every environment here is made with one
    numbered = environment(env.loader, auto_reload=False, extensions=(LineNumbers,))
    text = numbered.get_template(name + SUFFIX).render(values)
    try:
        json.loads(unnumbered(text))
    except json.JSONDecodeError as error:
        file, line = origin(text, error.pos)
        return TemplateProblem(file or name + SUFFIX, line, f"not valid JSON: {error.msg}")
    return TemplateProblem(name + SUFFIX, None, "not valid JSON")


def unnumbered(text: str) -> str:
    """What LineNumbers noted is taken out again."""
    return _LINE.sub("", text)


def origin(text: str, position: int) -> tuple[str | None, int | None]:
    """File and line that a character of the unnumbered text comes from."""
    removed = 0
    file: str | None = None
    line: int | None = None
    for found in _LINE.finditer(text):
        if found.start() - removed > position:
            break
        file, line = found[1], int(found[2])
        removed += len(found[0])
    return file, line
