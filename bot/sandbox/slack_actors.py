"""Acting as the people of the workspace: typing, clicking, choosing, submitting."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import urlsplit

from bot.sandbox import slack_payloads as payloads
from bot.sandbox import slack_text
from bot.sandbox.slack_courier import Courier
from bot.sandbox.slack_records import Ack, ApiError, Delivery, Json, Message, Notice, View
from bot.sandbox.slack_response_urls import ack_content, respond
from bot.sandbox.slack_state_values import client_errors
from bot.sandbox.slack_team import SlackChannel, SlackUser
from bot.sandbox.slack_web_views import change_view, checked_view, find_view, put_view
from bot.sandbox.slack_workspace import Workspace


class Tour(Protocol):
    """What a demo adds to the page: steps to follow, commands to try, a time that can be moved."""

    async def steps(self) -> list[Json] | None:
        """The steps as the page shows them; None where there are none, or not any more."""
        ...

    def dismiss(self) -> None:
        """Show the steps no more."""
        ...

    def examples(self, user: SlackUser) -> list[Json]:
        """What suits a person to try: the text that is sent, and a note beside it."""
        ...

    async def jump(self) -> Json:
        """Move the time ahead; where it came to."""
        ...

    def start_over(self) -> None:
        """End this demo, for another one to begin."""
        ...


class SlackActors(Workspace):
    """What people do. Each act is delivered to the bot; the ack comes back."""

    courier: Courier
    acks: list[Ack]
    commands: Sequence[Json] = ({"command": "/exec"},)
    """The slash commands of the workspace, as an app's manifest describes them."""
    tour: Tour | None = None
    """What a demo adds to the page, where it is one."""
    _marks: dict[str, int]

    async def command(self, user_id: str, channel_id: str, name: str, text: str = "") -> Ack:
        """Type `/name text` in a channel. `text` is as typed: `@jane`, `#sales`, `<`."""
        channel = self._place(user_id, channel_id)
        line = f"{name} {text}".strip()
        sent = slack_text.typed(self.team, text, should_escape=self.should_escape)
        url = self.new_response_url(
            "commands", user_id, channel.id, message_ts=None, typed=f"{name} {sent}".strip()
        )
        self.notice(user_id, channel.id, line, "typed")
        delivery = payloads.command(self, user_id, channel, name, sent, url)
        ack = await self._deliver(delivery)
        if not ack.ok:
            self._failed(ack, f"{name} failed with the error {ack.error}")
        elif ack.body:
            content = ack_content(ack.body)
            try:
                respond(self, self.response_urls[urlsplit(url).path], content, via="ack")
            except ApiError as error:
                self._failed(ack, f"{name} failed with the error {error.code}")
        return ack

    async def click(
        self,
        user_id: str,
        where: str | Message,
        action_id: str,
        value: Any = None,
        *,
        values: Mapping[str, Any] | None = None,
    ) -> Ack:
        """Press a button in a message (its ts), a modal or the Home tab (the view's id).

        In a view, `values` is what stands in its inputs meanwhile.
        """
        place = where.ts if isinstance(where, Message) else where
        view = find_view(self, place)
        if view is not None:
            if view.user_id != user_id:
                raise ValueError(f"{user_id} does not see view {place}")
            done = payloads.action(self, view.view["blocks"], action_id, value)
            delivery = payloads.view_action(self, user_id, view, done, values or {})
        else:
            message = self._seen(user_id, place)
            done = payloads.action(self, payloads.all_blocks(message), action_id, value)
            url = self.new_response_url(
                "actions", user_id, message.channel, message_ts=message.ts, typed=None
            )
            delivery = payloads.message_action(self, user_id, message, done, url)
        ack = await self._deliver(delivery)
        if not ack.ok:
            self._failed(ack, f"The action failed with the error {ack.error}")
        return ack

    async def select(
        self,
        user_id: str,
        where: str | Message,
        action_id: str,
        value: Any,
        *,
        values: Mapping[str, Any] | None = None,
    ) -> Ack:
        """Choose from an overflow menu, a select, checkboxes … by option value or text."""
        return await self.click(user_id, where, action_id, value, values=values)

    async def submit(
        self, user_id: str, view_id: str, values: Mapping[str, Any] | None = None
    ) -> Ack:
        """Submit a modal. `values` is keyed by block_id or action_id."""
        view = self._own_view(user_id, view_id)
        delivery = payloads.view_event(self, user_id, view, values or {}, "view_submission")
        state = delivery.payload["view"]["state"]["values"]
        view.errors = client_errors(view.view["blocks"], state)
        if view.errors:
            self.changed()
            return Ack(None, "", 0.0, "not_sent", None, self.revision, view.errors)
        ack = await self._deliver(delivery)
        if not ack.ok:
            return ack
        self._after_submit(user_id, view, json.loads(ack.body) if ack.body else {})
        return replace(ack, view_errors=dict(view.errors))

    def _after_submit(self, user_id: str, view: View, answer: Json) -> None:
        action = answer.get("response_action")
        if action == "errors":
            view.errors = dict(answer["errors"])
            known = {block["block_id"] for block in view.view["blocks"]}
            if not view.errors or not set(view.errors) <= known:
                raise ValueError(f"errors must name blocks of the view: {sorted(view.errors)}")
        elif action in ("update", "push"):
            new = checked_view(self, f"response_action {action}", answer.get("view"), "modal")
            if action == "push":
                put_view(self, user_id, new, on=view)
            else:
                change_view(self, view, new)
        elif action == "clear":
            self.views[user_id] = []
        else:
            self.views[user_id] = self.views.get(user_id, [])[:-1]
        self.changed()

    async def close(self, user_id: str, view_id: str) -> Ack | None:
        """Close a modal by its button or Escape; the bot hears of it if it asked to."""
        view = self._own_view(user_id, view_id)
        self.views[user_id] = [each for each in self.views[user_id] if each is not view]
        self.changed()
        if not view.view.get("notify_on_close"):
            return None
        return await self._deliver(payloads.view_event(self, user_id, view, {}, "view_closed"))

    async def redeliver(self, last: Ack) -> Ack:
        """Send the very same payload again, freshly signed (or in the same envelope)."""
        if last.delivery is None:
            raise ValueError("nothing was sent the first time")
        return await self._deliver(last.delivery, later=1)

    async def wait_for_message(
        self,
        user_id: str,
        channel_id: str,
        *,
        after: Ack | Message | int | None = None,
        timeout: float = 5.0,  # noqa: ASYNC109
    ) -> Message:
        """The bot's next message, or replacement, that a person sees in a channel.

        Without `after` it is the next since this person last did something.
        """
        mark = self._marks.get(user_id, 0) if after is None else after
        if isinstance(mark, Ack):
            mark = mark.mark
        since = mark.revision if isinstance(mark, Message) else mark
        with self.watch() as event:
            async with asyncio.timeout(timeout):
                while True:
                    event.clear()
                    for message in self.appeared(since):
                        bots = message.user == self.team.bot_user_id
                        if bots and self.sees(user_id, message, channel_id):
                            return message
                    await event.wait()

    def open_view(self, user_id: str) -> View | None:
        """The modal that a person has in front of them."""
        stack = self.views.get(user_id)
        return stack[-1] if stack else None

    async def wait_for_view(self, user_id: str, *, timeout: float = 5.0) -> View:  # noqa: ASYNC109
        """The modal in front of a person, as soon as there is one."""
        with self.watch() as event:
            async with asyncio.timeout(timeout):
                while (view := self.open_view(user_id)) is None:
                    event.clear()
                    await event.wait()
        return view

    def notice(self, user_id: str, channel: str, text: str, kind: Any) -> None:
        """Show a line of Slack's own to one person."""
        line = Notice(self.next_ts(), channel, user_id, text, kind, self.changed())
        self.notices.append(line)

    async def _deliver(self, delivery: Delivery, *, later: int = 0) -> Ack:
        self._marks[delivery.user_id] = self.revision
        ack = await self.courier.deliver(delivery, later=later)
        self.acks.append(ack)
        return ack

    def _failed(self, ack: Ack, text: str) -> None:
        delivery = ack.delivery
        if delivery is None:
            return
        if ack.error == "unreachable":
            text = f"The bot cannot be reached at {self.courier.request_url}. Is it running?"
        channel = delivery.channel or self.team.dm_of(delivery.user_id).id
        self.notice(delivery.user_id, channel, text, "failed")

    def _place(self, user_id: str, channel_id: str) -> SlackChannel:
        user = self.team.users[user_id]
        if user.deleted or user.is_bot or user.is_stranger:
            raise ValueError(f"{user.name} cannot use the app")
        if not self.team.can_see(user_id, channel_id):
            raise ValueError(f"{user.name} does not see {channel_id}")
        return self.team.channels[channel_id]

    def _seen(self, user_id: str, ts: str) -> Message:
        message = self.message(ts)
        if message is None or not self.sees(user_id, message, message.channel):
            raise ValueError(f"{user_id} does not see message {ts}")
        return message

    def _own_view(self, user_id: str, view_id: str) -> View:
        view = find_view(self, view_id)
        if view is None or view not in self.views.get(user_id, []):
            raise ValueError(f"{user_id} has no open modal {view_id}")
        return view
