"""The Bolt app: every listener acks at once, and the work goes on at the feature that answers."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.button_values import ButtonCommand
from bot.errors import NotAllowed, SlackError, StorageError, UserError
from bot.features import CommandForm, Event, Features, Press, ReceivedEvent, Shows, requested
from bot.features.answers import Answers
from bot.features.home import Home
from bot.language.locale import write_for
from bot.messages.render import View
from bot.people.accounts import People
from bot.slack import payloads
from bot.slack.modals import HOME, TOO_OLD, Modals
from bot.slack.payloads import Payload, SlackChannel
from bot.slack.problems import Explainer
from bot.slack.reply import Reply
from bot.slack.web import SlackWeb
from bot.slack.work import Work

log = logging.getLogger(__name__)

ANYTHING = re.compile(".*", re.DOTALL)


def build_app(router: Router, client: AsyncWebClient) -> AsyncApp:
    """The app, for payloads that are verified already (by HTTP: see bot/slack/http.py)."""

    async def authorize(**_: Any) -> AuthorizeResult:
        # One workspace, one token: known without asking Slack, so that no ack waits for it.
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=client.token)

    app = AsyncApp(
        # Without a name Bolt looks for one in the files of the whole call stack.
        name="execbot",
        client=client,
        authorize=authorize,
        request_verification_enabled=False,
        # Listeners return at once and leave the work to a task. Without this, Bolt polls for the
        # ack every 10 ms, which was most of the time an ack took.
        process_before_response=True,
    )
    app.command(ANYTHING)(router.on_command)
    app.action({"action_id": ANYTHING})(router.on_action)
    app.view(ANYTHING)(router.on_view)
    app.event(ANYTHING)(router.on_event)
    app.error(router.on_error)
    return app


@dataclass(frozen=True, slots=True)
class Router:
    """Leads each command, button, form and event to the feature that answers it, by the table of
    `features`: words to `answers`; what comes of a press in a Home tab is told by `home`."""

    features: Features
    work: Work
    people: People
    answers: Answers
    home: Home
    modals: Modals
    explainer: Explainer
    slack: SlackWeb

    async def on_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A slash command: its words are answered, or open a form."""
        await ack()
        payload, channel = payloads.of_command(body), payloads.channel_of(body)
        route, trigger_id = self.features.route(payload.words or ""), body.get("trigger_id")
        if trigger_id and (form := route.form) is not None:
            self._open(payload, str(trigger_id), *form)
            return
        self.work.start(
            payload, partial(self.answers.answer, payload, channel, route, is_command=True)
        )

    async def on_action(self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        """A pressed button; in a form a field that somebody changed."""
        await ack()
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
        channel, trigger_id = payloads.channel_of(body), body.get("trigger_id")
        shows, listed = button.shows, str(action.get("action_id", "")) != name

        async def pressed(reply: Reply) -> View | None:
            try:
                handle = await button.read(payload, value)
            except UserError:
                # Without access one is refused before learning whether the button is valid.
                await self.people.admitted(payload.team_id, payload.user_id)
                raise
            opens_form = shows is Shows.FORM
            if isinstance(handle, ButtonCommand) and not opens_form:
                reply.again = handle.words
            # A form must open within three seconds: too soon to ask Exec who somebody is.
            request = await requested(self.people, payload, channel, in_exec=not opens_form)
            return await button.run(Press(payload, request, handle, reply, listed, str(trigger_id)))

        async def job(reply: Reply) -> None:
            if payload.home:
                await self.home.show_outcome(payload, reply, pressed(reply), button.settles)
            elif (answer := await pressed(reply)) is not None:
                await reply.answer(answer)

        in_place = shows is Shows.IN_PLACE or (shows is Shows.IN_LIST and listed)
        self.work.start(payload, job, beneath=not in_place, opens_form=shows is Shows.FORM)

    async def on_view(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        """A sent form: what is wrong with it stands in it, or the answer comes."""
        payload = payloads.of_interaction(body, detail=f"view {view.get('callback_id')}")
        if errors := await self._sent(payload, view):
            await ack(response_action="errors", errors=errors)
        else:
            await ack()

    async def on_event(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """What Slack tells of without being asked."""
        await ack()
        event = body["event"]
        for row in self.features.heard(str(event.get("type"))):
            if (payload := row.read(body)) is not None:
                self._hear(row, payload, event)
                return

    async def on_error(self, error: Exception, context: AsyncBoltContext) -> None:
        """What goes wrong before the work starts: Bolt then answers 500, and Slack tells the person
        that the command failed."""
        log.error("a payload could not be read: %s", type(error).__name__)

    def _hear(self, row: Event, payload: Payload, event: Mapping[str, Any]) -> None:
        async def job(reply: Reply) -> None:
            # An app may be installed elsewhere too; this bot has the token of one workspace.
            if payload.team_id == (await self.slack.identity()).team_id:
                await row.run(ReceivedEvent(payload, event, reply))

        self.work.start(payload, job, is_asked=row.is_asked)

    async def _sent(self, payload: Payload, view: Mapping[str, Any]) -> dict[str, str]:
        """Begin what a sent form asks for; what is wrong with it by block, if anything is."""
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
            home=stored.channel_id == HOME,
        )

        async def sent(reply: Reply) -> View:
            channel = SlackChannel(answered.channel_id, "")
            return await filled.run(await requested(self.people, answered, channel))

        async def job(reply: Reply) -> None:
            if answered.home:
                await self.home.show_outcome(answered, reply, sent(reply), True)
            else:
                await reply.answer(await sent(reply))

        self.work.start(answered, job, beneath=filled.beneath)
        return {}

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

    def _open(self, payload: Payload, trigger_id: str, form: CommandForm, said: str) -> None:
        async def job(_reply: Reply) -> None:
            await self.people.admitted(payload.team_id, payload.user_id, in_exec=False)
            await form.open(payload, trigger_id, said)

        self.work.start(payload, job, beneath=True, opens_form=True)
