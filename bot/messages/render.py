"""Renders drafts with their templates: messages, modals and Home tabs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypeVar
from xml.etree.ElementTree import ParseError

from bot.errors import Sentence
from bot.messages import blocks
from bot.messages.blocks import Block, Message
from bot.messages.jinja import SUFFIX, load_templates

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before rendering: its template and values."""

    template: str
    values: Mapping[str, Any]


class Drawable(Protocol):
    """Anything with a template and values: a Draft, or the answer to a question."""

    @property
    def template(self) -> str: ...

    @property
    def values(self) -> Mapping[str, Any]: ...


# A message has one part, or several with a divider between them.
View: TypeAlias = Drawable | tuple[Drawable, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A button that runs a stored command: its label and the stored command's opaque id."""

    label: str
    id: str


def draft(template: str, /, **values: Any) -> Draft:
    """A draft for `template`, which reads each value by its name."""
    return Draft(template, values)


def notice(
    said: Sentence | str, offers: tuple[Offer, ...] = (), /, *, reference: str = "", **fields: str
) -> Draft:
    """A message of one sentence, such as "Linked …", with buttons for what to do next.

    `reference` is that of an error to its line in the log.
    """
    sentence = Sentence(said, fields) if isinstance(said, str) else said
    return draft("notice", sentence=sentence, offers=offers, reference=reference)


class Messages:
    """Renders messages. `command` is the slash command that they mention.

    Templates in the folder `overrides` replace ours. Raises SettingsProblem.
    """

    def __init__(self, overrides: Path | None = None, *, command: str = "/exec") -> None:
        self._templates = load_templates(overrides, command)

    def message(self, view: View) -> Message:
        """A message of one or more parts."""
        return self._made(blocks.message, view)

    def modal(self, view: View) -> Block:
        """A modal for `views.open` and `views.update`; the parts after the first show below it."""
        return self._made(blocks.modal, view)

    def home(self, view: View) -> Block:
        """A Home tab for `views.publish`."""
        return self._made(blocks.home, view)

    def paragraphs(self, view: View) -> str:
        """The paragraphs of a message as plain text."""
        return self._made(blocks.paragraphs, view)

    def _made(self, make: Callable[..., T], view: View) -> T:
        """Render each part to XML and pass them to `make`. Raises ParseError and ValueError."""
        parts = view if isinstance(view, tuple) else (view,)
        try:
            return make(
                *(self._templates.get_template(x.template + SUFFIX).render(x.values) for x in parts)
            )
        except (ParseError, ValueError) as error:
            # The traceback doesn't show the template.
            log.error("%s%s: %s", parts[0].template, SUFFIX, error)
            raise
