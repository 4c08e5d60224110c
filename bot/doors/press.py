"""A pressed button, and the row of the table that says what it leads to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from bot.access import Asker
from bot.errors import UserError
from bot.outbox.reasons import REASONS, Why
from bot.pipeline import Request
from bot.rendering.messages import View
from bot.slack.reply import Reply
from bot.storage.payloads import Payload

H = TypeVar("H")
V = TypeVar("V")


class Shows(Enum):
    """Where what a button leads to is shown."""

    IN_PLACE = "in place of the message with the button"
    BENEATH = "below that message, which stays"
    IN_LIST = "in place where the button stands in a list, otherwise below"
    FORM = "in a form, which must open before the trigger runs out"


@dataclass(frozen=True, slots=True)
class Press(Generic[H]):
    """`handle` is what the button's value stands for; it is the presser's own, or public.

    `listed`: the button stands in a list. `trigger_id` opens one form within three seconds.
    """

    payload: Payload
    request: Request
    handle: H
    reply: Reply
    listed: bool
    trigger_id: str

    @property
    def asker(self) -> Asker:
        return self.request.asker


@dataclass(frozen=True, slots=True)
class Button(Generic[H]):
    """A row of the table of buttons.

    `read` looks up what the value stands for (see `handles.py`); raises TooOld, or another
    UserError. `run` gives what is shown, or None where there is nothing to show; rights are
    judged there, at every press. In a Home tab, what `settles` something is told there; any other
    answer comes in Messages.
    """

    read: Callable[[Payload, str], Awaitable[H]]
    run: Callable[[Press[H]], Awaitable[View | None]]
    shows: Shows = Shows.IN_PLACE
    settles: bool = False


def shown(view: V | Why) -> V:
    """The view. Raises UserError with the reason where there is none."""
    if isinstance(view, Why):
        raise nothing_to_show(view)
    return view


def nothing_to_show(why: Why) -> UserError:
    """What somebody hears in place of a view."""
    return UserError(f"There is nothing to show: {REASONS[why].short}.")


def by_asker(act: Callable[[Asker, H], Awaitable[View]]) -> Callable[[Press[H]], Awaitable[View]]:
    """A command that takes who presses, and what the button stands for."""

    async def run(press: Press[H]) -> View:
        return await act(press.asker, press.handle)

    return run


async def close(press: Press[None]) -> None:
    """Take away the message whose button was pressed."""
    await press.reply.close()
