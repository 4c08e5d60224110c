"""What praise in a channel is drawn from: the question to the person, the post, the form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.rendering.views import Choice, Drawn, Form


@dataclass(frozen=True, slots=True)
class PraiseOffer:
    """A button that offers praise. `id` is opaque; `channel` is where it would stand, "" where
    the coach has to choose."""

    id: str
    channel: str


@dataclass(frozen=True, slots=True)
class PraisePostView(Drawn):
    """What a channel reads of somebody who agreed to it; no low score in it.

    `coach` and `person` are display names. `number` is a good best score, or the points gained;
    None of a gold.
    """

    template = "praise_post"
    coach: str
    person: str
    what: Literal["first_gold", "gold", "best", "points"]
    scenario: str
    number: float | None


@dataclass(frozen=True, slots=True)
class PraiseAskView(Drawn):
    """Asks a person whether a channel may hear of it. `id` is opaque; after `until` a yes comes too
    late. `trouble`: their yes could not be acted upon, and they may press again."""

    template = "praise_ask"
    id: str
    post: PraisePostView
    channel: str
    until: datetime
    zone: str
    now: datetime
    trouble: Literal["", "away", "unnamed"] = ""


@dataclass(frozen=True, slots=True)
class PraiseFormView(Form):
    """Where to praise `person`, a modal. `private` is an opaque id. `channels` are those that have
    digests of a group they are in; without any, all can be chosen."""

    template = "praise_form"
    private: str
    person: str
    channels: tuple[Choice, ...]
