"""Messages, forms and Home tabs from views and their templates."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias
from xml.etree.ElementTree import ParseError

from bot.errors import Sentence
from bot.messages import blocks, tables
from bot.messages.blocks import Message
from bot.messages.jinja import SUFFIX, load_templates
from bot.rendering.audit_views import AuditView, audit
from bot.rendering.digest_views import DetailsView, details
from bot.rendering.subscription_views import SubscriptionFormView
from bot.rendering.views import AnswerView, ModalView, PostedView, SharedView, TemplateView

log = logging.getLogger(__name__)

# One message is rendered from one view, or from several with a divider between them.
View: TypeAlias = TemplateView | tuple[TemplateView, ...]

# What a template is given next to its view.
VALUES: Mapping[type[TemplateView], Callable[[Any], Mapping[str, object]]] = MappingProxyType(
    {
        AnswerView: tables.answer_values,
        SharedView: tables.shared_values,
        PostedView: tables.posted_values,
        AuditView: audit,
        DetailsView: details,
    }
)


class Messages:
    """Renders every view. `command` is the slash command that messages tell people to type.

    Templates in the folder `overrides` replace ours. Raises TemplateProblem.
    """

    def __init__(self, overrides: Path | None = None, *, command: str = "/exec") -> None:
        self._templates = load_templates(overrides, command)
        self._command = command

    def message(self, view: View) -> Message:
        """The message of one or more views."""
        views = view if isinstance(view, tuple) else (view,)
        made: Message = self._made(blocks.message, *views)
        return made

    def modal(self, view: ModalView) -> dict[str, Any]:
        """The modal of a view, for `views.open` and `views.update`."""
        preview = view.preview if isinstance(view, SubscriptionFormView) else None
        made: dict[str, Any] = self._made(blocks.modal, view, *([preview] if preview else []))
        return made

    def home(self, view: View) -> dict[str, Any]:
        """The Home tab of a view, for `views.publish`."""
        views = view if isinstance(view, tuple) else (view,)
        made: dict[str, Any] = self._made(blocks.home, *views)
        return made

    def paragraphs(self, view: TemplateView) -> str:
        """The paragraphs of a view's message as plain text, as somebody would type it."""
        made: str = self._made(blocks.paragraphs, view)
        return made

    def plain(self, sentence: Sentence) -> str:
        """A sentence for a place that takes only plain text."""
        return sentence.plain(self._command)

    def _made(self, make: Callable[..., Any], *views: TemplateView) -> Any:
        """What `make` makes of the XML of some views. Raises ParseError and ValueError."""
        try:
            return make(*(self._xml(each) for each in views))
        except (ParseError, ValueError) as error:
            # The traceback doesn't show the template.
            log.error("%s%s: %s", views[0].template, SUFFIX, error)
            raise

    def _xml(self, view: TemplateView) -> str:
        values = VALUES.get(type(view))
        template = self._templates.get_template(view.template + SUFFIX)
        return template.render({"view": view, **(values(view) if values else {})})
