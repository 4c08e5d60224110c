"""What each command, button and form leads to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from bot.commands import Commands, named
from bot.errors import NotFound
from bot.exec_api.spending import spent_by
from bot.listeners import payloads
from bot.listeners.coaching import CoachButtons
from bot.listeners.digest_form import CALLBACK as DIGEST_FORM
from bot.listeners.digesting import Digesting
from bot.listeners.form import Forms
from bot.listeners.payloads import Conversation
from bot.listeners.refreshing import Refreshing
from bot.listeners.reply import Reply
from bot.listeners.sharing import Sharing
from bot.listeners.snoozing import SNOOZE_FORM
from bot.listeners.work import Work
from bot.pipeline import Pipeline, Turn
from bot.practice.finding import AS_USUAL, Wish
from bot.practice.people import People
from bot.query.text import LIMIT, refuse_long
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
            asker=await self._people.admitted(payload.team_id, payload.user_id, in_exec=in_exec),
            channel_id=payload.channel_id,
            can_share=not conversation.is_direct,
            tell=reply.tell,
        )

    async def _press_turn(self, press: Press) -> Turn:
        return await self._turn(press.payload, press.conversation, press.reply)

    async def _refresh(self, press: Press) -> None:
        turn, words = await self._turn_on(press, press.value)
        why_not = await self._refreshing.why_not(turn.asker, words)
        # If not, it is answered like any other question, which the mirror does for little.
        wish = Wish(fresh=True) if why_not is None else AS_USUAL
        turn = replace(turn, wish=wish, note=why_not)
        await press.reply.answer(await self._commands.hear(turn, words))

    async def _look_again(self, press: Press) -> None:
        turn, words = await self._turn_on(press, press.value)
        if few_left := await self._refreshing.few_left(turn.asker):
            answer = await self._commands.hear(replace(turn, note=few_left), words)
        else:
            answer = await self._commands.look_again(turn, press.value)
        await press.reply.answer(answer)

    async def _count_all(self, press: Press) -> None:
        turn, _ = await self._turn_on(press, press.value)
        await press.reply.answer(await self._commands.count_all(turn, press.value))

    async def _tonight(self, press: Press) -> None:
        turn, words = await self._turn_on(press, press.value)
        await press.reply.answer(await self._commands.tonight(turn, words))

    async def _status(self, press: Press) -> None:
        press.reply.again = "status"
        turn = await self._press_turn(press)
        await press.reply.answer(await self._commands.hear(turn, "status"))

    async def _page(self, press: Press) -> None:
        id_, start = payloads.page_of(press.value)
        turn, _ = await self._turn_on(press, id_)
        await press.reply.answer(await self._commands.page(turn, id_, start))

    async def _turn_on(self, press: Press, id_: str) -> tuple[Turn, str]:
        """Who presses a button of an answer of theirs, and the command behind it, which is
        offered again if anything fails from then on."""
        owner = {"team_id": press.payload.team_id, "user_id": press.payload.user_id}
        with suppress(NotFound):  # told to whoever is let in
            press.reply.again = await self._pipeline.words_behind(id_, **owner)
        turn = await self._press_turn(press)
        return turn, press.reply.again or await self._pipeline.words_behind(id_, **owner)

    async def _run(self, press: Press) -> None:
        owner = {"team_id": press.payload.team_id, "user_id": press.payload.user_id}
        command = await self._stored.find(press.value, **owner)
        press.reply.again = None if command is None else command.words
        turn = await self._press_turn(press)
        if command is None:
            raise NotFound("This button is too old, or belongs to someone else. Ask again.")
        await press.reply.answer(await self._commands.hear(turn, command.words))

    async def _confirm_share(self, press: Press) -> None:
        await self._sharing.confirm(await self._press_turn(press), press.value, press.reply)

    async def _share(self, press: Press) -> None:
        await self._sharing.post(await self._press_turn(press), press.value, press.reply)

    async def _cancel_share(self, press: Press) -> None:
        await self._press_turn(press)
        await press.reply.close()

    async def _remove_share(self, press: Press) -> None:
        await self._sharing.remove(await self._press_turn(press), press.value, press.reply)
