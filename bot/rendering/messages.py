"""Draws views as messages, forms and Home tabs. Pure but for the files of templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from bot.errors import Sentence
from bot.rendering import blocks, tables
from bot.rendering.audit_views import AuditView, audit
from bot.rendering.digest_views import DetailsView, details
from bot.rendering.inline import unstyled
from bot.rendering.markup import Element
from bot.rendering.subscription_views import SubscriptionFormView
from bot.rendering.templates import load_templates, render
from bot.rendering.views import (
    AnswerView,
    Message,
    ModalView,
    PostedView,
    SharedView,
    TemplateView,
)

# What one message is drawn from; several stand below each other.
View: TypeAlias = TemplateView | tuple[TemplateView, ...]

# What a template is given where the view alone is not enough, by the view and whether its blocks
# are plain: then fewer rows make a page.
VALUES: Mapping[type[TemplateView], Callable[[Any, bool], Mapping[str, object]]] = MappingProxyType(
    {
        AnswerView: tables.answer,
        SharedView: tables.shared,
        PostedView: tables.posted,
        AuditView: audit,
        DetailsView: details,
    }
)


class Messages:
    """Draws every view. `command` is the slash command, which messages tell people to type.

    Templates in the folder `overrides` replace ours. Raises TemplateProblem if one doesn't compile.
    """

    def __init__(self, overrides: Path | None = None, *, command: str = "/exec") -> None:
        self._templates = load_templates(overrides, command)
        self._command = command

    def draw(self, view: View, *, plain: bool = False) -> Message:
        """The message about a view, in rich or in plain blocks.

        Of several they stand below each other, with a line between them.
        """
        return blocks.message(self._document(view, plain=plain), plain=plain)

    def form(self, view: ModalView) -> dict[str, Any]:
        """The modal of a view, for `views.open` and `views.update`."""
        preview = view.preview if isinstance(view, SubscriptionFormView) else None
        below = None if preview is None else self._document(preview)
        return blocks.modal(self._draw("modal", view), below)

    def home(self, view: View) -> dict[str, Any]:
        """The Home tab of a view, for `views.publish`."""
        return blocks.home(self._document(view))

    def words(self, view: TemplateView) -> str:
        """The paragraphs of a view's message as plain text, as somebody would type it."""
        parts = self._document(view).children
        return "\n".join(unstyled(part.text) for part in parts if part.tag == "section")

    def plain(self, sentence: Sentence) -> str:
        """A sentence where only plain text can stand."""
        return sentence.plain(self._command)

    def _document(self, view: View, *, plain: bool = False) -> Element:
        if not isinstance(view, tuple):
            return self._draw("message", view, plain=plain)
        first, *others = (self._document(one, plain=plain).children for one in view)
        below = (part for items in others for part in (Element("divider"), *items))
        return Element("message", children=(*first, *below))

    def _draw(self, root: str, view: TemplateView, *, plain: bool = False) -> Element:
        return render(self._templates, root, view.template, _values(view, plain=plain))


def _values(view: TemplateView, *, plain: bool) -> Mapping[str, object]:
    more = VALUES.get(type(view))
    return {"view": view, **(more(view, plain) if more else {})}
