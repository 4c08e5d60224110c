"""Loads templates, and renders them to documents."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from jinja2.exceptions import TemplateSyntaxError

from bot.rendering.jinja import template_environment
from bot.rendering.markup import Element, MarkupError, parse_markup

log = logging.getLogger(__name__)

SUFFIX = ".xml.j2"


class TemplateProblem(Exception):
    """A template that doesn't compile: its file, the line and the reason, in words."""


def load_templates(overrides: Path | None = None, command: str = "/exec") -> Environment:
    """Our templates; those in the folder `overrides` are compiled and replace ours.

    Raises TemplateProblem.
    """
    ours = FileSystemLoader(our_folder())
    if overrides is None:
        return template_environment(ours, command=command)
    theirs = FileSystemLoader(overrides)
    env = template_environment(ChoiceLoader([theirs, ours]), command=command)
    for file in theirs.list_templates():
        if not file.endswith(SUFFIX):
            continue
        try:
            env.get_template(file)
        except TemplateSyntaxError as error:
            # An error inside an imported file names that file.
            raise TemplateProblem(
                f"{error.name or file}, line {error.lineno}: {error.message}"
            ) from error
        except UnicodeDecodeError as error:
            raise TemplateProblem(f"{file}: not UTF-8") from error
    return env


def our_folder() -> Path:
    """The folder of our own templates: in the installed package, or next to it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


def render(env: Environment, root: str, name: str, values: Mapping[str, object]) -> Element:
    """The "message" or the "modal" that a template makes; `name` has no suffix.

    Raises MarkupError, and whatever a template may raise.
    """
    file = name + SUFFIX
    text = env.get_template(file).render(values)
    try:
        document = parse_markup(text)
        if document.tag != root:
            raise MarkupError(f"everything has to stand in one <{root}>")
    except MarkupError as error:
        # The traceback doesn't show the template.
        log.error("%s: %s", file, error)
        raise
    return document
