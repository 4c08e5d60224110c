"""The message of a delivery, whatever it is about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.outbox.ledger import Delivery
from bot.outbox.plans import Kind, Subscription
from bot.outbox.reasons import Why
from bot.rendering.messages import Messages, View
from bot.rendering.views import Message

# What a delivery shows, or why there is nothing to send.
Build = Callable[[Subscription, Delivery], Awaitable[View | Why]]


@dataclass(frozen=True, slots=True)
class Builders:
    messages: Messages
    by_kind: Mapping[Kind, Build]

    async def build(self, one: Subscription, delivery: Delivery) -> Message | Why:
        """The message, or why there is none. Raises ExecError, SlackError and StorageError."""
        view = await self.by_kind[one.kind](one, delivery)
        return view if isinstance(view, Why) else self.messages.draw(view)
