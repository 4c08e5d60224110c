"""What all Bolt listeners share: who did what and where, repeated deliveries, errors, answers."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeAlias, TypeVar

from slack_bolt.async_app import AsyncApp
from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.ask.answer import Request
from bot.errors import BotError, NotAllowed, Sentence, SlackError, TooOld, UserError
from bot.language.locale import write_for
from bot.messages.render import Draft, Messages, View, draft, notice
from bot.observe.logs import log_unexpected
from bot.observe.telemetry import Telemetry
from bot.people.access import Asker
from bot.people.accounts import Accounts
from bot.people.audience import Audiences
from bot.slack.place import Place, event_key
from bot.slack.problems import Explainer
from bot.slack.reply import delete, show
from bot.slack.web import SlackWeb
from bot.storage.buttons import Buttons, M, Meaning, StoredAnswer, StoredButton, StoredCommand
from bot.storage.leases import Leases

log = logging.getLogger(__name__)

W = TypeVar("W", StoredAnswer, StoredCommand)

LOOKING_AFTER = 2.0  # seconds
LOOKING = draft("looking")
# Slack delivers a payload again within minutes.
CLAIM = timedelta(hours=1)
TOO_OLD = "This form is too old. Close it and open it again."
INTERRUPTED = notice("I was interrupted before I could answer. Please ask again.")
ACCOUNT_GONE = ("user_disabled", "user_not_found", "account_inactive")
_ANYTHING = re.compile("")


class Duplicate(Exception):
    """This payload was handled before."""


@dataclass(frozen=True, slots=True)
class OpensForm:
    """An answer that opens a form in the turn of a slash command or a button."""

    open: Callable[[Turn], Awaitable[None]]


Reply: TypeAlias = View | OpensForm
Listener: TypeAlias = Callable[["Turn"], Awaitable[None]]
Answer: TypeAlias = Callable[["Turn"], Awaitable[Reply | None]]


@dataclass(frozen=True, slots=True)
class TurnServices:
    """What a turn uses to find out who asks, and to answer."""

    web: SlackWeb
    messages: Messages
    accounts: Accounts
    audiences: Audiences
    buttons: Buttons
    leases: Leases
    explainer: Explainer
    telemetry: Telemetry


@dataclass(slots=True)
class Listeners:
    """Adds Bolt listeners that take a `Turn`, and runs them."""

    bolt: AsyncApp
    services: TurnServices
    _running: set[asyncio.Task[Any]] = field(default_factory=set, init=False)
    _after_home: list[Listener] = field(default_factory=list, init=False)

    def handler(
        self, *, below: bool = False, is_asked: bool = True
    ) -> Callable[[Listener], Callable[[AsyncArgs], Awaitable[None]]]:
        """Decorate a Bolt listener that takes a `turn`. `Turn.ack` also drops repeated deliveries.

        An error that it raises is explained to the person, or only logged if `is_asked` is false.
        `below`: answers and forms leave the message whose button was pressed as it is, instead of
        replacing it.
        """

        def decorate(listener: Listener) -> Callable[[AsyncArgs], Awaitable[None]]:
            async def run(args: AsyncArgs) -> None:
                if task := asyncio.current_task():
                    self._running.add(task)
                    task.add_done_callback(self._running.discard)
                await self._run(listener, Turn(self.services, args, below, is_asked))

            return run

        return decorate

    def answering(self, name: str, *, below: bool = False) -> Callable[[Answer], Answer]:
        """Decorate a function that answers the button, or the entry of a menu, of this name.

        It returns the answer, or None after it opened a form or removed the message.
        """

        async def is_pressed(action: dict[str, Any]) -> bool:
            return _pressed(action)[0] == name

        def decorate(answer: Answer) -> Answer:
            @self.bolt.action(_ANYTHING, [is_pressed])
            @self.handler(below=below)
            async def pressed(turn: Turn) -> None:
                await turn.ack()
                if (reply := await answer(turn)) is not None:
                    await turn.reply(reply)

            return answer

        return decorate

    def after_home(self, listener: Listener) -> None:
        """Run a listener after each answered turn in the Home tab."""
        self._after_home.append(listener)

    async def _run(self, listener: Listener, turn: Turn) -> None:
        """Run a listener; explain to the person what goes wrong."""
        started, outcome = time.perf_counter(), "answered"
        try:
            await listener(turn)
        except Duplicate:
            return
        except asyncio.CancelledError:
            outcome = "interrupted"
            if turn.is_asked:
                await turn.answer_or_log(INTERRUPTED)
        except Exception as error:  # noqa: BLE001 - the edge
            outcome = type(error).__name__
            await turn.explain(error)
        finally:
            await turn.looking.stop()
        if turn.place.is_home and turn.is_asked and outcome == "answered":
            for refresh in self._after_home:
                await refresh(turn)
        self.services.telemetry.answers.labels(outcome).observe(time.perf_counter() - started)

    async def drain(self, seconds: float = 10.0) -> None:
        """Wait for running listeners to end; cancel them after a while."""
        for limit in (seconds, 3.0):
            if not self._running:
                return
            _, late = await asyncio.wait({*self._running}, timeout=limit)
            for task in late:
                task.cancel()


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


class LookingNote:
    """The note *Looking…*, shown if an answer takes a while."""

    def __init__(self) -> None:
        self._timer: asyncio.TimerHandle | None = None
        self._shown: asyncio.Task[None] | None = None

    def begin(self, show: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Show the note after a while, unless it is stopped before."""

        def begin_to_show() -> None:
            self._shown = asyncio.create_task(show())

        self._timer = asyncio.get_running_loop().call_later(LOOKING_AFTER, begin_to_show)

    async def stop(self) -> None:
        """Show the note no more, and wait for it if it is on its way: it has to arrive before the
        answer."""
        if self._timer is not None:
            self._timer.cancel()
        if self._shown is not None:
            shown, self._shown = self._shown, None
            await asyncio.wait({shown})
            if error := shown.exception():
                log.warning("the note *Looking…* failed: %s", type(error).__name__)


class Turn:
    """One action of a person in Slack, and the answer to it.

    `place` is where the answer goes. `retry_words` is the command behind *Try again* on an error.
    """

    def __init__(
        self, services: TurnServices, args: AsyncArgs, below: bool, is_asked: bool
    ) -> None:
        self._services, self.args = services, args
        self.place = Place.of(args.body)
        self.below, self.is_asked = below, is_asked
        self.retry_words: str | None = self.place.words
        self.looking = LookingNote()
        self._asker: Asker | None = None

    @property
    def value(self) -> str:
        """The value of the pressed button, or of the chosen menu entry after the colon."""
        return _pressed(self.args.action or {})[1]

    @property
    def view(self) -> dict[str, Any]:
        """The modal or Home tab that the payload comes from."""
        view: dict[str, Any] = self.args.body.get("view") or {}
        return view

    async def ack(self) -> None:
        """Ack, claim the payload, and show *Looking…* if the answer takes a while. Raises Duplicate
        if the payload was handled before."""
        await self.args.ack()
        key = event_key(self.args.body)
        if key and not await self._services.leases.claim(key, CLAIM):
            log.info("a payload was delivered again")
            raise Duplicate
        if self.place.is_home and "actions" in self.args.body and not self.place.view_id:
            await self.open_looking()
        elif self.is_asked and not self.below and self.place.can_show_looking:
            self.looking.begin(self._show_looking)

    async def refuse(self, problems: dict[str, str]) -> None:
        """Ack a form that stays open, with a problem below each of these blocks."""
        await self.args.ack(response_action="errors", errors=problems)

    # Who asks

    async def asker(self) -> Asker:
        """The person. Raises NotAllowed for people who can't see anything, ExecError, SlackError
        and StorageError."""
        if self._asker is None:
            team_id, user_id = self.place.team_id, self.place.user_id
            self._asker = await self._services.accounts.asker(team_id, user_id)
            write_for(self._asker.locale)
        return self._asker

    async def request(self, *, is_command: bool = False) -> Request:
        """The request of this turn. Raises as `asker`."""
        place = self.place
        thread = "" if place.thread_ts is None else f":{place.thread_ts}"
        can_share = not place.is_view
        if can_share and not place.is_direct:
            can_share = not await self._services.audiences.is_barred(place.channel_id)
        return Request(
            asker=await self.asker(),
            channel_id=place.channel_id,
            place="" if place.is_view else f"{place.channel_id}{thread}",
            can_share=can_share,
            is_direct=place.is_direct,
            is_command=is_command,
        )

    # What a button or form means

    async def find(self, id_: str, kind: type[M]) -> StoredButton[M] | None:
        """The meaning of a button or form that was made for this person."""
        team_id, user_id = self.place.team_id, self.place.user_id
        return await self._services.buttons.find(id_, kind, team_id=team_id, user_id=user_id)

    async def own(self, id_: str, kind: type[M]) -> StoredButton[M]:
        """As `find`. Raises TooOld for a button that was deleted or made for somebody else."""
        stored = await self.find(id_, kind)
        if stored is None:
            await self.asker()  # raises NotAllowed instead for people who can't see anything
            raise TooOld
        return stored

    async def stored(self, kind: type[W]) -> tuple[StoredButton[W], int]:
        """The stored answer or command behind the pressed button, and the row in its value. Raises
        TooOld."""
        id_, _, row = self.value.partition(":")
        stored = await self.own(id_, kind)
        self.retry_words = stored.meaning.words
        return stored, int(row) if row.isdecimal() else 0

    async def keep(self, meaning: Meaning) -> str:
        """Store what a form is about, and where it was opened; the id goes into its metadata."""
        (id_,) = await self._services.buttons.add(
            self.place.team_id, self.place.user_id, meaning, **self.place.stored
        )
        return id_

    async def form(self, kind: type[M]) -> StoredButton[M] | None:
        """The meaning of the form, None if it is too old. From here on, answers go to the place
        where the form was opened (Home, if there was no channel)."""
        stored = await self.find(str(self.view.get("private_metadata", "")), kind)
        if stored is not None:
            origin: dict[str, Any] = dict(stored.place)
            is_home = not origin["channel_id"]
            self.place = replace(self.place, view_id="", is_home=is_home, **origin)
        return stored

    # Answers

    async def reply(self, reply: Reply) -> None:
        """Show an answer, or open a form."""
        if isinstance(reply, OpensForm):
            await reply.open(self)
        else:
            await self.answer(reply)

    async def answer(self, view: View) -> None:
        """Show the answer to this person alone, in place of the message whose button was pressed
        or, if the turn is `below`, below it. Raises SlackError if it couldn't be shown."""
        message = self._services.messages.message(view)
        await self.looking.stop()
        if self.place.view_id:
            await self._services.web.update_view(self.place.view_id, message.modal())
        else:
            below = self.below or self.place.is_public
            self.place = await show(self._services.web, self.place, message, below=below)

    async def answer_or_log(self, view: View) -> None:
        """Answer; an error at this point is only logged."""
        try:
            await self.answer(view)
        except Exception as error:  # noqa: BLE001 - the edge
            if getattr(error, "code", "") in ACCOUNT_GONE:
                log.info("an account was deactivated before it got its answer")
            else:
                log_unexpected(log, error, f"an answer failed {getattr(error, 'code', '')}")

    async def explain(self, error: Exception) -> None:
        """Explain an error to the person; if they didn't ask for anything, only log it."""
        if not self.is_asked:
            log_unexpected(log, error, type(error).__name__)
            return
        if self.args.ack.response is None:
            await self.args.ack()
        try:
            explainer = self._services.explainer
            explanation = await explainer.explain(error, self.place, self.retry_words)
        except Exception as trouble:  # noqa: BLE001 - the edge
            explanation = notice(BotError.sentence, reference=log_unexpected(log, trouble))
        await self.answer_or_log(explanation)

    async def close(self) -> None:
        """Remove the message whose button was pressed. Raises NotAllowed if others see it."""
        if self.place.is_public:
            raise NotAllowed("Other people can see this message, so I can't remove it.")
        await self.delete()

    async def delete(self) -> None:
        """Remove the message whose button was pressed, also from others. Raises SlackError."""
        await delete(self._services.web, self.place)

    async def _show_looking(self) -> None:
        message = self._services.messages.message(LOOKING)
        self.place = await show(self._services.web, self.place, message, below=False)

    # Modals

    async def open_modal(self, form: View) -> str:
        """Open a form. Returns the id of its view. Raises UserError if Slack refuses."""
        return await self._open_view(self._services.messages.modal(form))

    async def open_looking(self) -> str:
        """Open a modal that shows *Looking…*. Returns the id of its view.

        From now on, answers appear in it.
        """
        view_id = await self._open_view(self._services.messages.message(LOOKING).modal())
        self.place = replace(self.place, view_id=view_id)
        return view_id

    async def _open_view(self, view: dict[str, Any]) -> str:
        """Open a view, or replace the modal whose button was pressed."""
        await self.looking.stop()
        web = self._services.web
        if self.place.view_id:
            await web.update_view(self.place.view_id, view)
            return self.place.view_id
        try:
            return await web.open_view(self.place.trigger_id, view)
        except SlackError as error:
            log.warning("a form wasn't opened: %s", error.code)
            # Slack waits three seconds for it.
            raise UserError("Slack didn't open the form. Try again.") from None
