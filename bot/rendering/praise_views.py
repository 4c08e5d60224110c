"""The views of praise in a channel: its button, form and post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.rendering.views import Choice, ModalView, TemplateView


@dataclass(frozen=True, slots=True)
class PraiseOffer:
    """A button that offers praise. `id` is opaque; `channel` is where it would stand, "" where
    the coach has to choose."""

    id: str
    channel: str


@dataclass(frozen=True, slots=True)
class PraiseWordsView(TemplateView):
    """The usual words of praise, alone; no low score in them.

    `person` is a display name. `number` is a good best score, or the points gained; None of a
    gold.
    """

    template = "praise_words"
    person: str
    what: Literal["first_gold", "gold", "best", "points"]
    scenario: str
    number: float | None


@dataclass(frozen=True, slots=True)
class PraiseFormView(ModalView):
    """The dialog in which a coach edits praise and chooses its channel, a modal.

    `private` is an opaque id; `text` is what stands there at first, `most` how many characters it
    may have. `channels` are those that have digests of a group the person is in; without any, all
    can be chosen. `channel` is the id of the one that is chosen at first, "" for none.
    """

    template = "praise_form"
    private: str
    text: str
    most: int
    channels: tuple[Choice, ...]
    channel: str


@dataclass(frozen=True, slots=True)
class PraisePostView(TemplateView):
    """The post in a channel: the words that were `typed` by `coach`, a display name."""

    template = "praise_post"
    coach: str
    typed: str
