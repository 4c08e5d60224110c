"""What each command, button and form leads to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from bot.commands.table import Commands, named
from bot.doors.coach_buttons import CoachButtons
from bot.doors.digest_buttons import Digesting
from bot.doors.digest_form import CALLBACK as DIGEST_FORM
from bot.doors.query_form import Forms
from bot.doors.refreshing import Refreshing
from bot.doors.sharing import Sharing
from bot.doors.snooze_form import SNOOZE_FORM
from bot.errors import NotFound
from bot.exec_api.spending import spent_by
from bot.language.text import LIMIT, refuse_long
from bot.mirror.mirror import AS_USUAL, ReadOptions
from bot.people.people import People
from bot.pipeline import Pipeline, Request
from bot.slack import payloads
from bot.slack.payloads import Conversation
from bot.slack.reply import Reply
from bot.slack.work import Work
from bot.storage.commands import StoredCommands
from bot.storage.payloads import Payload

# These buttons answer below the message they stand in, which stays.
BENEATH = frozenset({"sessions.share", "share.remove"})


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: who, where, and the value it carried."""

    payload: Payload
    conversation: Conversation
    value: str
    reply: Reply


class Router:
    """Thin: each door makes a Request, asks the one pipeline, and shows what comes back."""

    def __init__(
        self,
        *,
        work: Work,
        people: People,
        pipeline: Pipeline,
        commands: Commands,
        stored: StoredCommands,
        sharing: Sharing,
        forms: Forms,
        refreshing: Refreshing,
        digesting: Digesting,
        coaching: CoachButtons,
    ) -> None:
        self._work = work
        self._people = people
        self._pipeline = pipeline
        self._commands = commands
        self._stored = stored
        self._sharing = sharing
        self._forms = forms
        self._refreshing = refreshing
        self._digesting = digesting
        self._coaching = coaching
        self._buttons: Mapping[str, Callable[[Press], Awaitable[None]]] = {
            "sessions.refresh": self._refresh,
            "sessions.look_again": self._look_again,
            "sessions.next": self._page,
            "sessions.previous": self._page,
            "sessions.count_all": self._count_all,
            "sessions.tonight": self._tonight,
            "status.refresh": self._status,
            "sessions.share": self._confirm_share,
            "query.run": self._run,
            "share.post": self._share,
            "share.cancel": self._cancel_share,
            "share.remove": self._remove_share,
        }

    def command(
        self, payload: Payload, conversation: Conversation, trigger_id: str | None = None
    ) -> None:
        """A slash command: its words are answered, or lead to a form."""
        words = payload.words or ""
        # Before anything looks at what stands in it.
        if len(words) <= LIMIT:
            command, rest = named(words)
            is_digest = command is not None and command.name == "digest"
            if is_digest and self._digesting.command(payload, rest, trigger_id):
                return

        async def job(reply: Reply) -> None:
            refuse_long(words)
            request = await self._request(
                payload, conversation, reply, in_exec=self._commands.needs_exec(words)
            )
            await reply.answer(await self._commands.hear(request, words))

        self._work.start(payload, job)

    async def action(
        self,
        payload: Payload,
        conversation: Conversation,
        action: Mapping[str, Any],
        trigger_id: str | None,
        view: Mapping[str, Any] | None = None,
    ) -> None:
        """A pressed button; those that open a form must do so before their trigger runs out.

        In a form (`view`) also a field that somebody changed.
        """
        name, value = payloads.action_and_value(action)
        if self._coaching.press(payload, name, value, trigger_id):
            return
        if self._digesting.press(payload, action, name, value, trigger_id, view):
            return
        if name in ("sessions.edit", "query.form"):

            async def open_form(reply: Reply) -> None:
                await self._forms.open(payload, value, str(trigger_id), from_answer=name[0] == "s")

            self._work.start(payload, open_form, beneath=True, opens_form=True)
            return
        run = self._buttons.get(name)
        if run is None:
            return  # a link button, or a select in a form: nothing to do until it is sent

        async def job(reply: Reply) -> None:
            await run(Press(payload, conversation, value, reply))

        self._work.start(payload, job, beneath=name in BENEATH)

    async def form(self, payload: Payload, view: Mapping[str, Any]) -> dict[str, str]:
        """A sent form: what is wrong with it by field, or nothing and the answer comes."""
        # Reading it may take requests, too.
        with spent_by(payload.team_id, payload.user_id):
            return await self._form(payload, view)

    async def _form(self, payload: Payload, view: Mapping[str, Any]) -> dict[str, str]:
        if view.get("callback_id") == SNOOZE_FORM:
            return await self._coaching.form(payload, view)
        if view.get("callback_id") == DIGEST_FORM:
            return await self._digesting.form(payload, view)
        sent = await self._forms.read(payload, view)
        if sent.errors:
            return sent.errors
        answered = replace(
            payload,
            channel_id=sent.channel_id,
            response_url=sent.response_url,
            words=sent.words,
        )

        async def job(reply: Reply) -> None:
            request = await self._request(answered, Conversation(sent.channel_id, ""), reply)
            await reply.answer(await self._commands.hear(request, sent.words))

        self._work.start(answered, job)
        return {}

    async def _request(
        self,
        payload: Payload,
        conversation: Conversation,
        reply: Reply,
        *,
        in_exec: bool = True,
    ) -> Request:
        return Request(
            asker=await self._people.admitted(payload.team_id, payload.user_id, in_exec=in_exec),
            channel_id=payload.channel_id,
            can_share=not conversation.is_direct,
            tell=reply.tell,
        )

    async def _press_request(self, press: Press) -> Request:
        return await self._request(press.payload, press.conversation, press.reply)

    async def _refresh(self, press: Press) -> None:
        request, words = await self._request_on(press, press.value)
        why_not = await self._refreshing.why_not(request.asker, words)
        # If not, it is answered like any other question, which the mirror does for little.
        options = ReadOptions(fresh=True) if why_not is None else AS_USUAL
        request = replace(request, options=options, note=why_not)
        await press.reply.answer(await self._commands.hear(request, words))

    async def _look_again(self, press: Press) -> None:
        request, words = await self._request_on(press, press.value)
        if few_left := await self._refreshing.few_left(request.asker):
            answer = await self._commands.hear(replace(request, note=few_left), words)
        else:
            answer = await self._commands.look_again(request, press.value)
        await press.reply.answer(answer)

    async def _count_all(self, press: Press) -> None:
        request, _ = await self._request_on(press, press.value)
        await press.reply.answer(await self._commands.count_all(request, press.value))

    async def _tonight(self, press: Press) -> None:
        request, words = await self._request_on(press, press.value)
        await press.reply.answer(await self._commands.tonight(request, words))

    async def _status(self, press: Press) -> None:
        press.reply.again = "status"
        request = await self._press_request(press)
        await press.reply.answer(await self._commands.hear(request, "status"))

    async def _page(self, press: Press) -> None:
        id_, start = payloads.page_of(press.value)
        request, _ = await self._request_on(press, id_)
        await press.reply.answer(await self._commands.page(request, id_, start))

    async def _request_on(self, press: Press, id_: str) -> tuple[Request, str]:
        """Who presses a button of an answer of theirs, and the command behind it, which is
        offered again if anything fails from then on."""
        owner = {"team_id": press.payload.team_id, "user_id": press.payload.user_id}
        with suppress(NotFound):  # told to whoever is let in
            press.reply.again = await self._pipeline.words_behind(id_, **owner)
        request = await self._press_request(press)
        return request, press.reply.again or await self._pipeline.words_behind(id_, **owner)

    async def _run(self, press: Press) -> None:
        owner = {"team_id": press.payload.team_id, "user_id": press.payload.user_id}
        command = await self._stored.find(press.value, **owner)
        press.reply.again = None if command is None else command.words
        request = await self._press_request(press)
        if command is None:
            raise NotFound("This button is too old, or belongs to someone else. Ask again.")
        await press.reply.answer(await self._commands.hear(request, command.words))

    async def _confirm_share(self, press: Press) -> None:
        await self._sharing.confirm(await self._press_request(press), press.value, press.reply)

    async def _share(self, press: Press) -> None:
        await self._sharing.post(await self._press_request(press), press.value, press.reply)

    async def _cancel_share(self, press: Press) -> None:
        await self._press_request(press)
        await press.reply.close()

    async def _remove_share(self, press: Press) -> None:
        await self._sharing.remove(await self._press_request(press), press.value, press.reply)
