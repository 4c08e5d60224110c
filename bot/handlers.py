"""Shared by all Bolt listeners: identifying the person, explaining errors, delivering answers."""

from __future__ import annotations

import asyncio
import inspect
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

import aiohttp
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.access import Asker
from bot.answer import Request
from bot.errors import BotError, NotAllowed, SlackError, TooOld, Unsure, UserError
from bot.language.locale import write_for
from bot.messages.blocks import Message
from bot.messages.render import View, draft, notice
from bot.observe.logs import log_unexpected, new_reference, stack_of
from bot.place import Place, event_key
from bot.problems import explain, explain_plainly
from bot.storage.buttons import M, Meaning, Stored, StoredAnswer, StoredCommand

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger(__name__)

Listener = Callable[..., Awaitable[None]]
Answer = Callable[["Turn"], Awaitable[View]]

LOOKING_AFTER = 2.0  # seconds
POST_SECONDS = 10
PAUSE = 0.5  # seconds before a second try
# Slack delivers a payload again within minutes.
CLAIM = timedelta(hours=1)
LONGEST_WAIT = 10.0  # seconds until a rate limit ends
TOO_OLD = "This form is too old. Close it and open it again."
TRIGGER_EXPIRED = (
    "expired_trigger_id",
    "trigger_expired",
    "trigger_exchanged",
    "exchanged_trigger_id",
)
INTERRUPTED = notice("I was interrupted before I could answer. Please ask again.")
# The message is gone or can't be changed; the thread is gone or locked.
NOT_CHANGED = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
NO_THREAD = frozenset(
    {"thread_not_found", "cannot_reply_to_message", "restricted_action_thread_locked"}
)
# The bot isn't in the conversation, such as a direct message between two people.
NOT_HERE = frozenset({"channel_not_found", "not_in_channel"})
_ANY_MENU = re.compile("")


class Duplicate(Exception):
    """This payload was handled before."""


class Posted(Enum):
    """Whether a channel got a message."""

    SENT = "sent"
    UNSURE = "unsure"
    REFUSED = "refused"


def numbered(action_id: str) -> re.Pattern[str]:
    """Matches the action id of a button, with or without numbers after it ("alert.remove.2")."""
    return re.compile(rf"^{re.escape(action_id)}(?:\.\d+)*$")


def chose(name: str) -> Callable[[dict[str, Any]], Awaitable[bool]]:
    """A matcher for the entry of a menu whose value begins with this name."""

    async def matches(action: dict[str, Any]) -> bool:
        value: str = (action.get("selected_option") or {}).get("value", "")
        return value.partition(":")[0] == name

    return matches


def handler(
    app: App, *, below: bool = False, opens_form: bool = False, is_asked: bool = True
) -> Callable[[Listener], Callable[[AsyncArgs], Awaitable[None]]]:
    """Decorate a Bolt listener that takes `turn` next to Bolt's own arguments.

    The listener acks itself. An error that it raises is explained to the person, or only logged if
    `is_asked` is false. `below`: answers go below the message whose button was pressed, instead of
    replacing it. `opens_form`: the listener opens a form.
    """

    def decorate(listener: Listener) -> Callable[[AsyncArgs], Awaitable[None]]:
        names = inspect.getfullargspec(listener).args

        async def run(args: AsyncArgs) -> None:
            turn = Turn(app, args, below=below or opens_form, opens_form=opens_form)
            turn.shows_looking = is_asked and not turn.below
            values = {each: getattr(args, each) for each in names if each not in ("turn", "ack")}
            if "turn" in names:
                values["turn"] = turn
            with app.running_task():
                if "ack" in names:
                    await turn.run(listener(ack=turn.ack, **values), is_asked)
                elif _is_of_our_workspace(args):  # Bolt acks events
                    await turn.run(_after(turn.begin(), listener, values), is_asked)

        return run

    return decorate


def answering(app: App, name: str, *, below: bool = False) -> Callable[[Answer], Answer]:
    """Decorate a function that answers the button `name`, and the entry of a menu of that name."""

    def decorate(answer: Answer) -> Answer:
        @app.bolt.action(numbered(name))
        @app.bolt.action(_ANY_MENU, [chose(name)])
        @handler(app, below=below)
        async def pressed(ack: Any, turn: Turn) -> None:
            await ack()
            await turn.answer(await answer(turn))

        return answer

    return decorate


def _is_of_our_workspace(args: AsyncArgs) -> bool:
    """Whether an event comes from the workspace of our token: an app can be installed in
    several."""
    ours = args.context.authorize_result
    return ours is None or args.body.get("team_id") == ours.team_id


async def log_failure(error: Exception) -> None:
    """Log an error that kept Bolt from running a listener, without the payload."""
    log_unexpected(log, error, "a listener failed")


async def _after(begin: Awaitable[None], listener: Listener, values: Mapping[str, Any]) -> None:
    await begin
    await listener(**values)


class Turn:
    """One action of a person in Slack, and the answer to it."""

    shows_looking = False

    def __init__(
        self, app: App, args: AsyncArgs, *, below: bool = False, opens_form: bool = False
    ) -> None:
        self.app = app
        self.place = Place.of(args.body)
        self.below = below
        self.retry_words: str | None = None  # the command behind *Try again* on an error
        self._args = args
        self._opens_form = opens_form
        self._asker: Asker | None = None
        self._looking: asyncio.Task[None] | None = None
        self._sending = asyncio.Lock()

    @property
    def value(self) -> str:
        """The value of the pressed button, or of the chosen menu entry after the colon."""
        actions: list[dict[str, Any]] = self._args.body.get("actions") or [{}]
        action = actions[0]
        option = action.get("selected_option")
        if action.get("type") == "overflow":
            return str((option or {}).get("value", "")).partition(":")[2]
        return str((option or action).get("value", ""))

    # Running a listener

    async def ack(self, *args: Any, **kwargs: Any) -> None:
        """Ack. Raises Duplicate if this payload was handled before."""
        await self._args.ack(*args, **kwargs)
        if kwargs.get("response_action") is None:
            await self.begin()

    async def begin(self) -> None:
        """Claim the payload, and show *Looking…* if the answer takes a while. Raises Duplicate."""
        key = event_key(self._args.body)
        if key and not await self.app.claims.claim(key, CLAIM):
            log.info("a payload was delivered again")
            raise Duplicate
        opens_modal = self.place.is_home and "actions" in self._args.body
        if opens_modal and not (self.place.view_id or self._opens_form):
            await self.open_looking()
        elif self.shows_looking and self.place.can_show_looking:
            self._looking = asyncio.create_task(self._show_looking())

    async def run(self, work: Awaitable[None], is_asked: bool) -> None:
        """Run a listener; explain to the person what goes wrong."""
        started, outcome = time.perf_counter(), "answered"
        try:
            await work
        except Duplicate:
            return
        except asyncio.CancelledError:
            outcome = "interrupted"
            await self._answer_or_log(INTERRUPTED)
        except Exception as error:  # noqa: BLE001 - the edge
            outcome = type(error).__name__
            await self._explain(error, is_asked)
        finally:
            await self._stop_looking()
        if self.place.is_home and is_asked and outcome == "answered":
            await self.app.refresh_home(self.app, self)
        self.app.telemetry.answer(outcome, time.perf_counter() - started)

    async def _explain(self, error: Exception, is_asked: bool) -> None:
        if not is_asked:
            reference = new_reference()
            stack = "" if isinstance(error, BotError) else f"\n{stack_of(error)}"
            log.error("%s (reference %s)%s", type(error).__name__, reference, stack)
            return
        if self._args.ack.response is None:
            await self._args.ack()
        words = self.retry_words if self.retry_words is not None else self.place.words
        try:
            explanation = await explain(self.app, error, self.place, words)
        except Exception as trouble:  # noqa: BLE001 - the edge
            explanation = explain_plainly(trouble)
        await self._answer_or_log(explanation)

    async def _answer_or_log(self, view: View) -> None:
        """Answer; an error at this point is only logged."""
        try:
            await self.answer(view)
        except Exception as error:  # noqa: BLE001 - the edge
            code = error.code if isinstance(error, SlackError) else type(error).__name__
            log.error("an answer failed: %s (reference %s)", code, new_reference())

    # Who asks

    async def asker(self, *, in_exec: bool = True) -> Asker:
        """The person, with their Exec person if `in_exec`. Raises NotAllowed for people who can't
        see anything, ExecError, SlackError and StorageError."""
        if self._asker is not None:
            return self._asker
        place, people = self.place, self.app.people
        asker = await people.admitted(place.team_id, place.user_id, in_exec=in_exec)
        write_for(asker.locale)
        if in_exec:
            self._asker = asker
        return asker

    async def request(self, *, in_exec: bool = True, is_command: bool = False) -> Request:
        """The request of this turn. Raises as `asker`."""
        place = self.place
        thread = "" if place.thread_ts is None else f":{place.thread_ts}"
        is_barred = not (place.is_view or place.is_direct) and await self.app.audiences.is_barred(
            place.channel_id
        )
        return Request(
            asker=await self.asker(in_exec=in_exec),
            channel_id=place.channel_id,
            place="" if place.is_view else f"{place.channel_id}{thread}",
            can_share=not place.is_view,
            is_barred=is_barred,
            is_direct=place.is_direct,
            is_command=is_command,
            turn=self,
        )

    async def own(self, id_: str, kind: type[M]) -> Stored[M]:
        """The meaning of a button that was made for this person. Raises TooOld for any other."""
        place = self.place
        found = await self.app.buttons.find(id_, kind, team_id=place.team_id, user_id=place.user_id)
        if found is None:
            await self.asker()  # raises NotAllowed instead for people who can't see anything
            raise TooOld
        return found

    async def own_answer(self) -> tuple[Stored[StoredAnswer], int]:
        """The stored answer behind the pressed button, and the row in its value. Raises TooOld."""
        id_, _, row = self.value.partition(":")
        stored = await self.own(id_, StoredAnswer)
        self.retry_words = stored.meaning.words
        return stored, int(row) if row.isdecimal() else 0

    async def command(self) -> tuple[str, int]:
        """The stored command behind the pressed button, and the row in its value. Raises TooOld."""
        id_, _, row = self.value.partition(":")
        self.retry_words = (await self.own(id_, StoredCommand)).meaning.words
        return self.retry_words, int(row) if row.isdecimal() else 0

    # Answers

    async def answer(self, view: View) -> None:
        """Show the answer to this person alone, in place of the message whose button was pressed
        or, if the turn is `below`, below it. Raises SlackError if it couldn't be shown."""
        message = self.app.messages.message(view)
        await self._stop_looking()
        async with self._sending:
            if self.place.view_id:
                await self.app.web.update_view(self.place.view_id, message.modal())
            elif self.place.is_home and not self.place.trigger_id:  # Home was opened
                await self.app.web.publish_home(self.place.user_id, self.app.messages.home(view))
            else:
                await self._show(message, self.below or self.place.is_public)

    async def _show(self, message: Message, below: bool, *, is_plain: bool = False) -> None:
        """Answer by the response_url while it is valid, then by the Web API; with plain blocks if
        Slack refuses the others."""
        if self.place.response_url and await self._respond(message, below):
            return
        try:
            await self._by_api(message, below)
        except Unsure:
            raise SlackError("unsure") from None
        except SlackError as error:
            if error.code != "invalid_blocks" or is_plain:
                raise
            await self._show(message.plain(), below, is_plain=True)

    async def _respond(self, message: Message, below: bool) -> bool:
        """Whether the response_url accepted the answer. Raises SlackError if an answer may have
        arrived that a second try would duplicate."""
        body: dict[str, Any] = {"replace_original": not below, "response_type": "ephemeral"}
        if below and self.place.thread_ts is not None:
            body["thread_ts"] = self.place.thread_ts
        posted = await self._webhook(message.body | body)
        if posted is Posted.UNSURE and below:
            raise SlackError("unsure")
        if posted is Posted.UNSURE:  # a second try replaces the first
            await asyncio.sleep(PAUSE)
            posted = await self._webhook(message.body | body)
        return posted is Posted.SENT

    async def _webhook(self, body: dict[str, Any]) -> Posted:
        """Send to the response_url, at most once."""
        client = AsyncWebhookClient(self.place.response_url or "", POST_SECONDS, retry_handlers=[])
        for _ in range(2):
            try:
                response = await client.send_dict(body)
            except aiohttp.ClientConnectorError:
                return Posted.REFUSED
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                log.warning("response_url: %s", type(error).__name__)
                return Posted.UNSURE
            wait = float(response.headers.get("Retry-After", 1))
            if response.status_code != 429 or wait > LONGEST_WAIT:
                break
            await asyncio.sleep(wait)
        if response.status_code == 200 and "invalid_blocks" not in response.body[:200]:
            return Posted.SENT
        return Posted.UNSURE if response.status_code >= 500 else Posted.REFUSED

    async def _by_api(self, message: Message, below: bool) -> None:
        """Answer in a direct message, in place of the message whose button was pressed, or in a
        channel to this person alone. By direct message if the bot isn't in the conversation, or if
        a form was opened in Home. Raises SlackError."""
        place, web = self.place, self.app.web
        if not place.channel_id:
            await web.say(place.user_id, message)
            return
        if not place.is_direct:
            try:
                await web.show(place.channel_id, place.user_id, message, place.thread_ts)
            except Unsure:
                raise
            except SlackError as error:
                if error.code == "invalid_blocks":
                    raise
                await web.say(place.user_id, message)
            return
        if place.message_ts is not None and not below:
            try:
                await web.change(place.channel_id, place.message_ts, message)
            except SlackError as error:
                if error.code not in NOT_CHANGED:
                    raise
            else:
                return
        try:
            ts = await web.say(place.channel_id, message, place.thread_ts)
        except SlackError as error:
            if error.code not in NO_THREAD | NOT_HERE:
                raise
            to = place.channel_id if error.code in NO_THREAD else place.user_id
            ts = await web.say(to, message)
        self.place = replace(place, message_ts=ts)

    async def close(self) -> None:
        """Remove the message whose button was pressed. Raises NotAllowed if others see it, and
        UserError if Slack refuses."""
        if self.place.is_public:
            raise NotAllowed("Other people can see this message, so I can't remove it.")
        await self.delete()

    async def delete(self) -> None:
        """Remove the message whose button was pressed, also from others. Raises UserError."""
        place = self.place
        try:
            if place.response_url is None:
                await self.app.web.delete(place.channel_id, place.message_ts or "")
                return
        except SlackError as error:
            log.warning("a message can't be removed: %s", error.code)
        else:
            if await self._webhook({"delete_original": True}) is Posted.SENT:
                return
        raise UserError("Slack didn't let me remove it. Try again in a minute.")

    # Forms

    async def keep(self, meaning: Meaning) -> str:
        """Store what a form is about, and where it was opened; the id goes into its metadata."""
        (id_,) = await self.app.buttons.add(
            self.place.team_id, self.place.user_id, meaning, **self.place.stored
        )
        return id_

    async def form(self, view: Mapping[str, Any], kind: type[M]) -> Stored[M] | None:
        """The meaning of a form, None if it is too old. From here on, answers go to the place where
        the form was opened (Home, if there was no channel)."""
        place = self.place
        found = await self.app.buttons.find(
            str(view.get("private_metadata", "")),
            kind,
            team_id=place.team_id,
            user_id=place.user_id,
        )
        if found is not None:
            origin: dict[str, Any] = dict(found.place)
            self.place = replace(place, view_id="", is_home=not origin["channel_id"], **origin)
        return found

    async def open_modal(self, form: View) -> str:
        """Open a form. Returns the id of its view. Raises UserError if the trigger expired, and
        SlackError."""
        return await self._open(self.app.messages.modal(form))

    async def open_looking(self) -> str:
        """Open a modal that shows *Looking…*. Returns the id of its view.

        From now on, answers appear in it.
        """
        looking = self.app.messages.message(draft("looking")).modal()
        self.place = replace(self.place, view_id=await self._open(looking))
        return self.place.view_id

    async def _open(self, view: dict[str, Any]) -> str:
        """Open a view, or replace the modal whose button was pressed."""
        await self._stop_looking()
        if self.place.view_id:
            await self.app.web.update_view(self.place.view_id, view)
            return self.place.view_id
        try:
            return await self.app.web.open_view(self.place.trigger_id, view)
        except SlackError as error:  # a trigger expires after three seconds
            if error.code in TRIGGER_EXPIRED:
                raise UserError("The form took too long to open. Try again.") from None
            raise

    # The note that an answer takes a while

    async def _show_looking(self) -> None:
        await asyncio.sleep(LOOKING_AFTER)
        async with self._sending:
            await self._show(self.app.messages.message(draft("looking")), below=False)

    async def _stop_looking(self) -> None:
        if self._looking is None:
            return
        async with self._sending:  # the note has to arrive before the answer
            self._looking.cancel()
        looking, self._looking = self._looking, None
        await asyncio.wait({looking})
        if not looking.cancelled() and (error := looking.exception()):
            log.warning("the note *Looking…* failed: %s", type(error).__name__)
