"""What each command, button and form leads to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.commands import Commands
from bot.errors import NotFound
from bot.listeners import payloads
from bot.listeners.coaching import CoachButtons
from bot.listeners.digest_form import CALLBACK as DIGEST_FORM
from bot.listeners.digesting import Digesting
from bot.listeners.form import Forms
from bot.listeners.payloads import Conversation
from bot.listeners.reply import Reply
from bot.listeners.sharing import Sharing
from bot.listeners.snoozing import SNOOZE_FORM
from bot.listeners.work import Work
from bot.pipeline import Pipeline, Turn
from bot.practice.finding import Wish
from bot.practice.people import People
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


class Doors:
    """Thin: each door makes a Turn, asks the one pipeline, and shows what comes back."""

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
        if self._digesting.command(payload, trigger_id):
            return

        async def job(reply: Reply) -> None:
            words = payload.words or ""
            turn = await self._turn(
                payload, conversation, reply, in_exec=self._commands.needs_exec(words)
            )
            await reply.answer(await self._commands.hear(turn, words))

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

            self._work.start(payload, open_form, beneath=True)
            return
        run = self._buttons.get(name)
        if run is None:
            return  # a link button, or a select in a form: nothing to do until it is sent

        async def job(reply: Reply) -> None:
            await run(Press(payload, conversation, value, reply))

        self._work.start(payload, job, beneath=name in BENEATH)

    async def form(self, payload: Payload, view: Mapping[str, Any]) -> dict[str, str]:
        """A sent form: what is wrong with it by field, or nothing and the answer comes."""
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
            turn = await self._turn(answered, Conversation(sent.channel_id, ""), reply)
            await reply.answer(await self._commands.hear(turn, sent.words))

        self._work.start(answered, job)
        return {}

    async def _turn(
        self,
        payload: Payload,
        conversation: Conversation,
        reply: Reply,
        *,
        in_exec: bool = True,
    ) -> Turn:
        return Turn(
            asker=await self._people.asker(payload.team_id, payload.user_id, in_exec=in_exec),
            channel_id=payload.channel_id,
            can_share=not conversation.is_direct,
            tell=reply.tell,
        )

    async def _press_turn(self, press: Press) -> Turn:
        return await self._turn(press.payload, press.conversation, press.reply)

    async def _refresh(self, press: Press) -> None:
        words = await self._remember_words(press, press.value)
        turn = replace(await self._press_turn(press), wish=Wish(fresh=True))
        await press.reply.answer(await self._commands.hear(turn, words))

    async def _look_again(self, press: Press) -> None:
        await self._remember_words(press, press.value)
        turn = await self._press_turn(press)
        await press.reply.answer(await self._commands.look_again(turn, press.value))

    async def _count_all(self, press: Press) -> None:
        await self._remember_words(press, press.value)
        turn = await self._press_turn(press)
        await press.reply.answer(await self._commands.count_all(turn, press.value))

    async def _tonight(self, press: Press) -> None:
        words = await self._remember_words(press, press.value)
        turn = await self._press_turn(press)
        await press.reply.answer(await self._commands.tonight(turn, words))

    async def _status(self, press: Press) -> None:
        press.reply.again = "status"
        turn = await self._press_turn(press)
        await press.reply.answer(await self._commands.hear(turn, "status"))

    async def _page(self, press: Press) -> None:
        id_, _, start = press.value.partition(":")
        await self._remember_words(press, id_)
        turn = await self._press_turn(press)
        draw = await self._commands.page(turn, id_, int(start) if start.isdigit() else 0)
        await press.reply.answer(draw)

    async def _remember_words(self, press: Press, id_: str) -> str:
        """The command behind an answer, before anything that can fail: it is offered again."""
        owner = {"team_id": press.payload.team_id, "user_id": press.payload.user_id}
        words = await self._pipeline.words_behind(id_, **owner)
        press.reply.again = words
        return words

    async def _run(self, press: Press) -> None:
        owner = {"team_id": press.payload.team_id, "user_id": press.payload.user_id}
        command = await self._stored.find(press.value, **owner)
        if command is None:
            raise NotFound("This button is too old, or belongs to someone else. Ask again.")
        press.reply.again = command.words
        turn = await self._press_turn(press)
        await press.reply.answer(await self._commands.hear(turn, command.words))

    async def _confirm_share(self, press: Press) -> None:
        await self._sharing.confirm(await self._press_turn(press), press.value, press.reply)

    async def _share(self, press: Press) -> None:
        await self._sharing.post(await self._press_turn(press), press.value, press.reply)

    async def _cancel_share(self, press: Press) -> None:
        await press.reply.close()

    async def _remove_share(self, press: Press) -> None:
        await self._sharing.remove(await self._press_turn(press), press.value, press.reply)
