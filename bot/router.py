"""Leads each command, button, form and event to its feature; knows none of them itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from bot.button_values import Asked
from bot.errors import NotAllowed, SlackError, StorageError, UserError
from bot.features import CommandForm, Features, Heard, Press, Shows, requested
from bot.language.locale import write_for
from bot.people.audit import Door
from bot.people.people import People
from bot.rendering.messages import View
from bot.slack import payloads
from bot.slack.modals import HOME, TOO_OLD, Modals
from bot.slack.payloads import Conversation
from bot.slack.problems import Explainer
from bot.slack.reply import Reply
from bot.slack.web import SlackWeb
from bot.slack.work import Work
from bot.storage.payloads import Payload


@dataclass(frozen=True, slots=True)
class Router:
    """Leads each payload to the feature that answers it.

    `answer` answers words. `tell_at_home` tells what comes of a press in a Home tab: there if the
    flag is set, otherwise in Messages.
    """

    features: Features
    work: Work
    people: People
    answer: Callable[[Payload, Conversation, Reply, Door], Awaitable[None]]
    modals: Modals
    explainer: Explainer
    tell_at_home: Callable[[Payload, Reply, Awaitable[View | None], bool], Awaitable[None]]
    slack: SlackWeb

    def command(
        self, payload: Payload, conversation: Conversation, trigger_id: str | None = None
    ) -> None:
        """A slash command: its words are answered, or lead to a form."""
        if trigger_id and (asked := self.features.form(payload.words or "")) is not None:
            form, said = asked
            self._open(form, payload, trigger_id, said)
            return

        async def job(reply: Reply) -> None:
            await self.answer(payload, conversation, reply, Door.COMMAND)

        self.work.start(payload, job)

    def action(self, body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
        """A pressed button; in a form a field that somebody changed."""
        name, value = payloads.action_and_value(action)
        button = self.features.buttons.get(name)
        payload = payloads.of_interaction(
            body,
            detail=str(action.get("action_id", "")),
            once=button is not None and button.once,
        )
        view = body.get("view")
        if view is not None and not payload.home:
            self._update(payload, view)
            return
        if button is None:
            return  # a link button, or a select in a form: nothing to do until it is sent
        conversation, trigger_id = payloads.conversation(body), body.get("trigger_id")
        shows, listed = button.shows, str(action.get("action_id", "")) != name

        async def pressed(reply: Reply) -> View | None:
            try:
                handle = await button.read(payload, value)
            except UserError:
                # Without access one is refused before learning whether the button is valid.
                await self.people.admitted(payload.team_id, payload.user_id)
                raise
            opens_form = shows is Shows.FORM
            if isinstance(handle, Asked) and not opens_form:
                reply.again = handle.words
            # A form must open within three seconds: too soon to ask Exec who somebody is.
            door = Door.HOME if payload.home else Door.BUTTON
            request = await requested(
                self.people, payload, conversation, reply, door, in_exec=not opens_form
            )
            return await button.run(Press(payload, request, handle, reply, listed, str(trigger_id)))

        async def job(reply: Reply) -> None:
            if payload.home:
                await self.tell_at_home(payload, reply, pressed(reply), button.settles)
            elif (answer := await pressed(reply)) is not None:
                await reply.answer(answer)

        in_place = shows is Shows.IN_PLACE or (shows is Shows.IN_LIST and listed)
        self.work.start(payload, job, beneath=not in_place, opens_form=shows is Shows.FORM)

    async def form(self, payload: Payload, view: Mapping[str, Any]) -> dict[str, str]:
        """A sent form: what is wrong with it by block, or nothing and the answer comes."""
        form = self.features.forms.get(str(view.get("callback_id")))
        if form is None:
            return {}
        try:
            with suppress(SlackError):
                write_for(await self.people.locale(payload.team_id, payload.user_id))
            stored = await self.modals.find(payload, view, form.kind)
            if stored is None:
                return {form.block: TOO_OLD}
            filled = await form.read(payload, view, stored)
        except (NotAllowed, StorageError) as error:
            return {form.block: self.modals.messages.plain(self.explainer.sentence(error))}
        if isinstance(filled, dict):
            return filled
        answered = replace(
            payload,
            channel_id="" if stored.channel_id == HOME else stored.channel_id,
            response_url=stored.response_url,
            thread_ts=stored.thread_ts,
            message_ts=stored.message_ts,
            words=filled.words,
            home=stored.channel_id == HOME,
        )

        async def sent(reply: Reply) -> View:
            place = Conversation(answered.channel_id, "")
            return await filled.run(await requested(self.people, answered, place, reply, Door.FORM))

        async def job(reply: Reply) -> None:
            if answered.home:
                await self.tell_at_home(answered, reply, sent(reply), True)
            else:
                await reply.answer(await sent(reply))

        self.work.start(answered, job, beneath=filled.beneath)
        return {}

    def event(self, body: Mapping[str, Any]) -> None:
        """What Slack tells of without being asked."""
        event = body["event"]
        row = self.features.event(str(event.get("type")))
        payload = row.read(body) if row is not None else None
        if row is None or payload is None:
            return
        run = row.run

        async def job(reply: Reply) -> None:
            # An app may be installed elsewhere too; this bot has the token of one workspace.
            if payload.team_id == (await self.slack.identity()).team_id:
                await run(Heard(payload, event, reply))

        self.work.start(payload, job, is_asked=row.is_asked)

    def _update(self, payload: Payload, view: Mapping[str, Any]) -> None:
        form = self.features.forms.get(str(view.get("callback_id")))
        if form is None or form.update is None:
            return
        update = form.update

        async def job(_reply: Reply) -> None:
            stored = await self.modals.find(payload, view, form.kind)
            if stored is not None:
                await update(payload, view, stored)

        self.work.start(payload, job, beneath=True, opens_form=True)

    def _open(self, form: CommandForm, payload: Payload, trigger_id: str, said: str) -> None:
        async def job(_reply: Reply) -> None:
            await self.people.admitted(payload.team_id, payload.user_id, in_exec=False)
            await form.open(payload, trigger_id, said)

        self.work.start(payload, job, beneath=True, opens_form=True)
