"""Shared by all Bolt listeners: identifying the person, explaining errors, delivering answers."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.ask.answer import Request
from bot.errors import BotError, NotAllowed, Sentence, SlackError, TooOld, Unsure, UserError
from bot.language.locale import write_for
from bot.messages.blocks import Message
from bot.messages.render import Draft, View, draft, notice
from bot.observe.logs import log_unexpected
from bot.people.access import Asker
from bot.slack.place import Place, event_key
from bot.slack.problems import explain
from bot.storage.buttons import M, Meaning, Stored, StoredAnswer, StoredCommand

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger(__name__)

Listener = Callable[["Turn"], Awaitable[None]]
Answer = Callable[["Turn"], Awaitable[View | None]]
W = TypeVar("W", StoredAnswer, StoredCommand)

LOOKING_AFTER = 2.0  # seconds
LOOKING = draft("looking")
# Slack delivers a payload again within minutes.
CLAIM = timedelta(hours=1)
TOO_OLD = "This form is too old. Close it and open it again."
INTERRUPTED = notice("I was interrupted before I could answer. Please ask again.")
_ANYTHING = re.compile("")


class Duplicate(Exception):
    """This payload was handled before."""


def handler(
    app: App, *, below: bool = False, is_asked: bool = True
) -> Callable[[Listener], Callable[[AsyncArgs], Awaitable[None]]]:
    """Decorate a Bolt listener that takes a `turn`. `Turn.ack` also drops repeated deliveries.

    An error that it raises is explained to the person, or only logged if `is_asked` is false.
    `below`: answers and forms leave the message whose button was pressed as it is, instead of
    replacing it.
    """

    def decorate(listener: Listener) -> Callable[[AsyncArgs], Awaitable[None]]:
        async def run(args: AsyncArgs) -> None:
            turn = Turn(app, args, below=below, is_asked=is_asked)
            with app.running_task():
                await turn.run(listener)

        return run

    return decorate


def answering(app: App, name: str, *, below: bool = False) -> Callable[[Answer], Answer]:
    """Decorate a function that answers the button, or the entry of a menu, of this name.

    It returns the answer, or None after it opened a form or removed the message.
    """

    async def is_pressed(action: dict[str, Any]) -> bool:
        return _pressed(action)[0] == name

    def decorate(answer: Answer) -> Answer:
        @app.bolt.action(_ANYTHING, [is_pressed])
        @handler(app, below=below)
        async def pressed(turn: Turn) -> None:
            await turn.ack()
            if (view := await answer(turn)) is not None:
                await turn.answer(view)

        return answer

    return decorate


def _pressed(action: Mapping[str, Any]) -> tuple[str, str]:
    """The name and the value of a button ("alert.remove.2": numbers tell buttons of one message
    from each other), or of the chosen entry of a menu ("digest.edit:…")."""
    option = action.get("selected_option") or {}
    if action.get("type") == "overflow":
        name, _, value = str(option.get("value", "")).partition(":")
        return name, value
    name = re.sub(r"(?:\.\d+)+$", "", str(action.get("action_id", "")))
    return name, str((option or action).get("value", ""))


def confirm(question: Sentence | str, label: str, action: str, value: str, *, style: str) -> Draft:
    """A question or an offer, with the button that does it and one to cancel."""
    said = Sentence(question) if isinstance(question, str) else question
    return draft("confirm", question=said, label=label, action=action, value=value, style=style)


async def log_failure(error: Exception) -> None:
    """Log an error that kept Bolt from running a listener, without the payload."""
    log_unexpected(log, error, "a listener failed")


class Turn:
    """One action of a person in Slack, and the answer to it."""

    def __init__(self, app: App, args: AsyncArgs, *, below: bool, is_asked: bool) -> None:
        self.app, self.args = app, args
        self.place = Place.of(args.body)
        self.below = below
        self.retry_words: str | None = None  # the command behind *Try again* on an error
        self._is_asked = is_asked
        self._asker: Asker | None = None
        self._timer: asyncio.TimerHandle | None = None  # until *Looking…* is shown
        self._looking: asyncio.Task[None] | None = None

    @property
    def value(self) -> str:
        """The value of the pressed button, or of the chosen menu entry after the colon."""
        return _pressed(self.args.action or {})[1]

    @property
    def view(self) -> dict[str, Any]:
        """The modal or Home tab that the payload comes from."""
        view: dict[str, Any] = self.args.body.get("view") or {}
        return view

    # Running a listener

    async def ack(self) -> None:
        """Ack, claim the payload, and show *Looking…* if the answer takes a while. Raises Duplicate
        if the payload was handled before."""
        await self.args.ack()
        key = event_key(self.args.body)
        if key and not await self.app.leases.claim(key, CLAIM):
            log.info("a payload was delivered again")
            raise Duplicate
        if self.place.is_home and "actions" in self.args.body and not self.place.view_id:
            await self.open_looking()
        elif self._is_asked and not self.below and self.place.can_show_looking:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(LOOKING_AFTER, self._show_looking)

    async def refuse(self, problems: dict[str, str]) -> None:
        """Ack a form that stays open, with a problem below each of these blocks."""
        await self.args.ack(response_action="errors", errors=problems)

    async def run(self, listener: Listener) -> None:
        """Run a listener; explain to the person what goes wrong."""
        started, outcome = time.perf_counter(), "answered"
        try:
            await listener(self)
        except Duplicate:
            return
        except asyncio.CancelledError:
            outcome = "interrupted"
            if self._is_asked:
                await self._answer_or_log(INTERRUPTED)
        except Exception as error:  # noqa: BLE001 - the edge
            outcome = type(error).__name__
            await self._explain(error)
        finally:
            await self._stop_looking()
        if self.place.is_home and self._is_asked and outcome == "answered":
            await self.app.refresh_home(self.app, self)
        self.app.telemetry.answers.labels(outcome).observe(time.perf_counter() - started)

    async def _explain(self, error: Exception) -> None:
        if not self._is_asked:
            log_unexpected(log, error, type(error).__name__)
            return
        if self.args.ack.response is None:
            await self.args.ack()
        words = self.retry_words if self.retry_words is not None else self.place.words
        try:
            explanation = await explain(self.app, error, self.place, words)
        except Exception as trouble:  # noqa: BLE001 - the edge
            explanation = notice(BotError.sentence, reference=log_unexpected(log, trouble))
        await self._answer_or_log(explanation)

    async def _answer_or_log(self, view: View) -> None:
        """Answer; an error at this point is only logged."""
        try:
            await self.answer(view)
        except Exception as error:  # noqa: BLE001 - the edge
            log_unexpected(log, error, f"an answer failed {getattr(error, 'code', '')}")

    # Who asks

    async def asker(self) -> Asker:
        """The person. Raises NotAllowed for people who can't see anything, ExecError, SlackError
        and StorageError."""
        if self._asker is None:
            self._asker = await self.app.people.asker(self.place.team_id, self.place.user_id)
            write_for(self._asker.locale)
        return self._asker

    async def request(self, *, is_command: bool = False) -> Request:
        """The request of this turn. Raises as `asker`."""
        place = self.place
        thread = "" if place.thread_ts is None else f":{place.thread_ts}"
        is_barred = not (place.is_view or place.is_direct) and await self.app.audiences.is_barred(
            place.channel_id
        )
        return Request(
            asker=await self.asker(),
            channel_id=place.channel_id,
            place="" if place.is_view else f"{place.channel_id}{thread}",
            can_share=not (place.is_view or is_barred),
            is_direct=place.is_direct,
            is_command=is_command,
            turn=self,
        )

    async def find(self, id_: str, kind: type[M]) -> Stored[M] | None:
        """The meaning of a button or form that was made for this person."""
        place = self.place
        return await self.app.buttons.find(id_, kind, team_id=place.team_id, user_id=place.user_id)

    async def own(self, id_: str, kind: type[M]) -> Stored[M]:
        """As `find`. Raises TooOld for a button that was deleted or made for somebody else."""
        found = await self.find(id_, kind)
        if found is None:
            await self.asker()  # raises NotAllowed instead for people who can't see anything
            raise TooOld
        return found

    async def stored(self, kind: type[W]) -> tuple[Stored[W], int]:
        """The stored answer or command behind the pressed button, and the row in its value. Raises
        TooOld."""
        id_, _, row = self.value.partition(":")
        stored = await self.own(id_, kind)
        self.retry_words = stored.meaning.words
        return stored, int(row) if row.isdecimal() else 0

    # Answers

    async def answer(self, view: View) -> None:
        """Show the answer to this person alone, in place of the message whose button was pressed
        or, if the turn is `below`, below it. Raises SlackError if it couldn't be shown."""
        message = self.app.messages.message(view)
        await self._stop_looking()
        if self.place.view_id:
            await self.app.web.update_view(self.place.view_id, message.modal())
        else:
            await self._show(message, self.below or self.place.is_public)

    async def _show(self, message: Message, below: bool) -> None:
        """Answer by the response_url while it is valid, then by the Web API. Raises SlackError."""
        url = self.place.response_url
        if url is None:
            await self._by_api(message, below)
            return
        how: dict[str, Any] = {"response_type": "ephemeral", "replace_original": not below}
        if below and self.place.thread_ts is not None:
            how["thread_ts"] = self.place.thread_ts
        try:
            await self.app.web.respond(url, message, **how)
        except Unsure:
            if below:
                raise
            # Replaces the first one, if that arrived.
            await self.app.web.respond(url, message, **how)
        except SlackError:
            await self._by_api(message, below)

    async def _by_api(self, message: Message, below: bool) -> None:
        """Answer in a direct message, in place of the message whose button was pressed, or in a
        channel to this person alone; by direct message if Slack refuses that. Raises SlackError."""
        place, web = self.place, self.app.web
        try:
            if place.message_ts is not None and not below:
                await web.change(place.channel_id, place.message_ts, message)
            elif place.channel_id and not place.is_direct:
                await web.show(place.channel_id, place.user_id, message, place.thread_ts)
            else:  # a form that was opened in Home has no channel
                to = place.channel_id or place.user_id
                ts = await web.say(to, message, place.thread_ts)
                self.place = replace(place, message_ts=ts)
        except Unsure:
            raise
        except SlackError as error:
            log.info("an answer goes by direct message: %s", error.code)
            await web.say(place.user_id, message)

    async def close(self) -> None:
        """Remove the message whose button was pressed. Raises NotAllowed if others see it."""
        if self.place.is_public:
            raise NotAllowed("Other people can see this message, so I can't remove it.")
        await self.delete()

    async def delete(self) -> None:
        """Remove the message whose button was pressed, also from others. Raises SlackError."""
        if self.place.response_url is None:
            await self.app.web.delete(self.place.channel_id, self.place.message_ts or "")
        else:
            await self.app.web.delete_by(self.place.response_url)

    # Forms

    async def keep(self, meaning: Meaning) -> str:
        """Store what a form is about, and where it was opened; the id goes into its metadata."""
        (id_,) = await self.app.buttons.add(
            self.place.team_id, self.place.user_id, meaning, **self.place.stored
        )
        return id_

    async def form(self, kind: type[M]) -> Stored[M] | None:
        """The meaning of the form, None if it is too old. From here on, answers go to the place
        where the form was opened (Home, if there was no channel)."""
        found = await self.find(str(self.view.get("private_metadata", "")), kind)
        if found is not None:
            origin: dict[str, Any] = dict(found.place)
            is_home = not origin["channel_id"]
            self.place = replace(self.place, view_id="", is_home=is_home, **origin)
        return found

    async def open_modal(self, form: View) -> str:
        """Open a form. Returns the id of its view. Raises UserError if Slack refuses."""
        return await self._open(self.app.messages.modal(form))

    async def open_looking(self) -> str:
        """Open a modal that shows *Looking…*. Returns the id of its view.

        From now on, answers appear in it.
        """
        view_id = await self._open(self.app.messages.message(LOOKING).modal())
        self.place = replace(self.place, view_id=view_id)
        return view_id

    async def _open(self, view: dict[str, Any]) -> str:
        """Open a view, or replace the modal whose button was pressed."""
        await self._stop_looking()
        if self.place.view_id:
            await self.app.web.update_view(self.place.view_id, view)
            return self.place.view_id
        try:
            return await self.app.web.open_view(self.place.trigger_id, view)
        except SlackError as error:
            log.warning("a form wasn't opened: %s", error.code)
            # Slack waits three seconds for it.
            raise UserError("Slack didn't open the form. Try again.") from None

    # The note that an answer takes a while

    def _show_looking(self) -> None:
        shown = self._show(self.app.messages.message(LOOKING), below=False)
        self._looking = asyncio.create_task(shown)

    async def _stop_looking(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._looking is not None:
            looking, self._looking = self._looking, None
            await asyncio.wait({looking})  # the note has to arrive before the answer
            if error := looking.exception():
                log.warning("the note *Looking…* failed: %s", type(error).__name__)
