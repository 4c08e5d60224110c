"""Opens forms and finds again what each is about."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot.errors import SlackError, UserError
from bot.messages.render import Messages, View
from bot.slack.payloads import Payload
from bot.slack.web import SlackWeb
from bot.storage.buttons import Buttons, M, Meaning, Stored

# Stands for the channel where a form was opened in a Home tab.
HOME = "home"
TOO_OLD = "This form is too old. Close it and open it again."


@dataclass(frozen=True, slots=True)
class Modals:
    slack: SlackWeb
    buttons: Buttons
    messages: Messages

    async def keep(self, payload: Payload, handle: Meaning) -> str:
        """An id for the private metadata of a form about `handle`, opened from `payload`."""
        (private,) = await self.buttons.add(
            payload.team_id,
            payload.user_id,
            handle,
            channel_id=HOME if payload.home else payload.channel_id,
            # What it leads to takes the place of no message that others see.
            response_url=None if payload.public else payload.response_url,
            thread_ts=payload.thread_ts,
            message_ts=payload.message_ts,
        )
        return private

    async def find(
        self, payload: Payload, view: Mapping[str, Any], kind: type[M]
    ) -> Stored[M] | None:
        """The subject of a form; None for a form that is too old."""
        private = str(view.get("private_metadata", ""))
        return await self.buttons.find(
            private, kind, team_id=payload.team_id, user_id=payload.user_id
        )

    async def open(self, trigger_id: str, form: View) -> str:
        """Open a form; the view's id. Raises UserError if that took too long, and SlackError."""
        try:
            return await self.slack.open_view(trigger_id, self.messages.modal(form))
        except SlackError as error:
            # A trigger is good for three seconds.
            if error.code in ("expired_trigger_id", "trigger_expired"):
                raise UserError("The form took too long to open. Try again.") from None
            raise

    async def update(self, view_id: str, form: View) -> None:
        """Show something else in an open form; nothing if it was sent or closed meanwhile."""
        with suppress(SlackError):
            await self.slack.update_view(view_id, self.messages.modal(form))


def values_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a sent form, by block id: text, an option's value, a date, or a list of ids."""
    values: dict[str, Any] = {}
    for block, elements in ((view.get("state") or {}).get("values") or {}).items():
        for element in elements.values():
            option = element.get("selected_option") or {}
            options = element.get("selected_options")
            values[block] = (
                element.get("value")
                or option.get("value")
                or element.get("selected_conversation")
                or element.get("selected_time")
                or element.get("selected_date")
                or [entry["value"] for entry in options or ()]
            )
    return values
