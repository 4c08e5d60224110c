"""Renders templates to documents, and finds file and line where one is broken."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from jinja2.exceptions import TemplateError, TemplateNotFound, TemplateSyntaxError, UndefinedError

from bot.errors import BotError
from bot.rendering.jinja import LINE_END, LINE_START, LineNumbers, template_environment
from bot.rendering.markup import Element, MarkupError, parse_markup

log = logging.getLogger(__name__)

SUFFIX = ".xml.j2"
# What Jinja says where a template does not hold a macro that another one asks it for.
_LACKS = re.compile(r"the template '([^']+)' .*does not export the requested name '(\w+)'")
_LINE = re.compile(f"{LINE_START}([^{LINE_END}]*):(\\d+){LINE_END}")
# What a template may raise with the names and values it was given; anything else is our own bug.
_FAULTS = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    RecursionError,
)


class TemplateProblem(BotError):
    """A template that cannot be used: `file`, `line` (None if unknown) and `reason` in words, which
    may hold a value that the template was given."""

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        self.where = f"{file}{f', line {line}' if line else ''}"
        super().__init__(f"{self.where}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class Templates:
    """Draws documents by the name of a template; those in `overrides` go before our own.

    An override that fails is replaced by ours for that message, and its place is logged once.
    """

    def __init__(self, overrides: Path | None = None, command: str = "/exec") -> None:
        ours = FileSystemLoader(our_folder())
        self._ours = self._mixed = template_environment(ours, command=command)
        if overrides is not None:
            folders = ChoiceLoader([FileSystemLoader(overrides), ours])
            self._mixed = template_environment(folders, command=command)
        self._logged: set[str] = set()

    def draw(self, root: str, name: str, values: Mapping[str, object]) -> Element:
        """The "message" or the "modal" of a template. Raises TemplateProblem if our own one
        fails."""
        try:
            return self.draw_strictly(root, name, values)
        except TemplateProblem as problem:
            if self._mixed is self._ours:
                raise
            self._log_once(problem)
        return render(self._ours, root, name, values)

    def draw_strictly(self, root: str, name: str, values: Mapping[str, object]) -> Element:
        """As `draw`, but an override that fails raises TemplateProblem."""
        return render(self._mixed, root, name, values)

    def _log_once(self, problem: TemplateProblem) -> None:
        if problem.where not in self._logged:
            self._logged.add(problem.where)
            log.warning("a template failed, so the built-in one is used: %s", problem.where)


def our_folder() -> Path:
    """The folder of our own templates: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


def render(env: Environment, root: str, name: str, values: Mapping[str, object]) -> Element:
    """Render one template (named without its suffix) and read its markup.

    Raises TemplateProblem, which names file and line.
    """
    file = name + SUFFIX
    try:
        text = env.get_template(file).render(values)
    except _FAULTS as error:
        raise _problem_of(error, file) from error
    try:
        document = parse_markup(text)
    except MarkupError as error:
        raise _broken(env, file, values, error) from error
    if document.tag != root:
        raise TemplateProblem(file, None, f"everything has to stand in one <{root}>")
    return document


def _problem_of(error: Exception, template: str) -> TemplateProblem:
    if isinstance(error, TemplateSyntaxError):
        broken = error.name or template
        return TemplateProblem(broken, error.lineno, error.message or "not a template")
    if isinstance(error, TemplateNotFound):
        return TemplateProblem(str(error.name), None, "no such template")
    if isinstance(error, UndefinedError) and (lacks := _LACKS.match(str(error))):
        return TemplateProblem(lacks[1], None, f"it has no macro called {lacks[2]}")
    file, line = _deepest_template(error.__traceback__)
    reason = str(error) or type(error).__name__
    return TemplateProblem(file or template, line, reason)


def _deepest_template(trace: TracebackType | None) -> tuple[str | None, int | None]:
    file: str | None = None
    line: int | None = None
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        if path.endswith(".j2"):
            file, line = Path(path).name, trace.tb_lineno
        trace = trace.tb_next
    return file, line


def _broken(
    env: Environment, file: str, values: Mapping[str, object], error: MarkupError
) -> TemplateProblem:
    """Render again with every line numbered, and say which one the markup broke at."""
    assert env.loader is not None  # noqa: S101 - every environment here is made with one
    numbered = template_environment(env.loader, extensions=(LineNumbers,))
    text = numbered.get_template(file).render(values)
    try:
        parse_markup(_LINE.sub("", text))
    except MarkupError as again:
        origin, line = _origin(text, again.offset)
        return TemplateProblem(origin or file, line, again.reason)
    return TemplateProblem(file, None, error.reason)


def _origin(text: str, position: int) -> tuple[str | None, int | None]:
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
