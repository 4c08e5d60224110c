"""Sends what the outbox holds: each message once, or not at all and its owner knows why.

Level-triggered: what is due and not in the outbox is noted, what is noted and not sent is sent.
The process that leads does so; before each post it makes sure that it still leads, and that the
row is as it was read. So a restart and another leader are the same case.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.errors import BotError, ExecError, Limited, RateLimited, SlackError, StorageError
from bot.language.locale import Locale, written_for
from bot.messages.blocks import Message
from bot.messages.render import View, draft
from bot.observe.jobs import guarded
from bot.outbox.deliveries import TO_ITS_PLACE, Deliveries, Delivery, DeliveryKind, State
from bot.outbox.due import DueScanner, about_of
from bot.outbox.plans import ME, Subscription
from bot.outbox.reasons import REASONS, SLACK_SAYS, NotSentReason, unsent_meanwhile
from bot.outbox.subscriptions import Subscriptions
from bot.slack.send import Outcome, PostLookup, Sender, Sent
from bot.storage.leases import Leader

log = logging.getLogger(__name__)

# Messages under way in one process; each to another place.
AT_ONCE = 16
# While something is under way, what falls due meanwhile is looked for so often.
PULSE = timedelta(seconds=1)
AGAIN_AFTER = timedelta(minutes=1)
DATABASE_AGAIN_AFTER = timedelta(seconds=10)
EXEC_AGAIN_AFTER = timedelta(minutes=5)
# More than a limit of Exec's that is waited for.
BUILD_SECONDS = 80.0

# Why one may not be sent, or None. Raises ExecError and SlackError.
RightsCheck = Callable[[Subscription, Delivery], Awaitable[NotSentReason | None]]
# What to send, or why there is nothing. Raises ExecError and SlackError.
Build = Callable[[Subscription, Delivery], Awaitable[View | NotSentReason]]
# What the owner reads about `delivery.why`, of what was due at `delivery.at`.
Notify = Callable[[Subscription, Delivery], Awaitable[View]]
# The Slack accounts of those who look after the bot. Raises SlackError.
Admins = Callable[[], Awaitable[tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Builders:
    """What decides and draws.

    `build` makes the answer of a report by its name, `other` that of any other report. `notify`
    makes notices to owners, or to `admins` in place of one who has left. `locale` is the English
    of a place, by the ids of the team and the place.
    """

    check_rights: RightsCheck
    build: Mapping[str, Build]
    other: Build
    notify: Notify
    admins: Admins
    locale: Callable[[str, str], Awaitable[Locale]]
    draw: Callable[[View], Message]


class Delivering:
    """Delivers due messages where its process leads."""

    def __init__(
        self,
        *,
        leader: Leader,
        scanner: DueScanner,
        subscriptions: Subscriptions,
        deliveries: Deliveries,
        builders: Builders,
        sender: Sender,
        clock: Callable[[], datetime],
        build_seconds: float = BUILD_SECONDS,
    ) -> None:
        self._leader = leader
        self._scanner = scanner
        self._subscriptions = subscriptions
        self._deliveries = deliveries
        self._builders = builders
        self._sender = sender
        self._clock = clock
        self._build_seconds = build_seconds
        self._under_way: dict[str, Delivery] = {}

    async def run_due(self) -> None:
        """Send all that is due; what falls due meanwhile, too. Raises StorageError.

        It may be cut short anywhere.
        """
        running: set[asyncio.Task[str | None]] = set()
        scanned_at: datetime | None = None
        try:
            while await self._leader.leads():
                if scanned_at is None or self._clock() - scanned_at >= PULSE:
                    scanned_at = self._clock()
                    await self._scanner.note_due()
                while len(running) < AT_ONCE and (one := await self._next_due()) is not None:
                    running.add(self._begin(one))
                if not running:
                    return
                done, running = await asyncio.wait(
                    running, timeout=PULSE.total_seconds(), return_when=asyncio.FIRST_COMPLETED
                )
                for task in done:
                    task.result()
            # Another one leads: each of these finds that out before it posts.
            await asyncio.gather(*running)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def send(self, team_id: str, to: str, view: View, *, id_: str, by: str) -> State:
        """Send a message to a person now, once for each `id_`, from any process; how that ended.

        `posting`: Slack may have taken it; that is looked up in a minute. `failed`: it surely has
        not, and whoever is called `by` knows best what to do. Raises SlackError and StorageError.
        """
        with written_for(await self._builders.locale(team_id, to)):
            message = self._builders.draw(view)
        added = await self._deliveries.add_message(id_, to, message, by)
        if added is not None:
            await self._send(None, added, message)
        found = await self._deliveries.find(id_)
        return State.FAILED if found is None else found.state

    async def _next_due(self) -> Delivery | None:
        """Take the next due delivery, and mark it as under way in this process."""
        while (one := await self._deliveries.next_due(self._under_way.values())) is not None:
            # Another run of this process may have read the same at the same time.
            if one.id not in self._under_way:
                self._under_way[one.id] = one
                break
        return one

    def _begin(self, one: Delivery) -> asyncio.Task[str | None]:
        """Start a delivery as its own task, so that its failure does not affect the others."""
        task = asyncio.create_task(guarded("a delivery", partial(self._deliver_or_put_off, one)))
        # Also where it is cut short before it does anything.
        task.add_done_callback(lambda _: self._under_way.pop(one.id))
        return task

    async def _deliver_or_put_off(self, delivery: Delivery) -> None:
        try:
            await self._deliver(delivery)
        except Exception as error:
            with suppress(StorageError):
                await self._put_off(delivery, error)
            raise

    async def _deliver(self, delivery: Delivery) -> None:
        if delivery.state is State.POSTING:
            await self._settle(delivery)
            return
        one = None
        if delivery.message is None:
            one = await self._subscriptions.find(delivery.source_id)
            unwanted = delivery.unwanted(one, self._clock())
            if one is None or unwanted:
                await self._deliveries.close(delivery, State.SKIPPED, why=unwanted)
                return
        if self._clock() >= delivery.until:
            # Nothing was wrong, so nobody was there to send it.
            why = NotSentReason(delivery.why) if delivery.why in REASONS else NotSentReason.OLD
            await self._give_up(one, delivery, why)
        elif (message := await self._message(one, delivery)) is not None:
            await self._send(one, delivery, message)

    async def _settle(self, delivery: Delivery) -> None:
        """Look up whether a post arrived whose outcome is not known."""
        found, code = await self._sender.look(delivery.place, delivery.id, delivery.created_at)
        if found is PostLookup.NOT_THERE:
            await self._deliveries.begin_again(delivery)
        elif found is PostLookup.THERE:
            await self._deliveries.close(delivery, State.SENT, ts=code)
        elif found is PostLookup.UNREADABLE or self._clock() >= delivery.until:
            # It may have arrived: better never than twice.
            log.warning("a delivery is left unsettled: %s", code)
            one = await self._subscriptions.find(delivery.source_id)
            await self._give_up(one, delivery, NotSentReason.UNSETTLED)
        else:
            await self._deliveries.look_again(delivery)

    async def _message(self, one: Subscription | None, delivery: Delivery) -> Message | None:
        """What to send; None if it is put off, or there is nothing to send."""
        try:
            async with asyncio.timeout(self._build_seconds):
                made = await self._drawn(one, delivery)
        except StorageError:
            raise
        except (BotError, TimeoutError) as error:
            await self._put_off(delivery, error)
            return None
        if not isinstance(made, NotSentReason):
            return made
        await self._give_up(one, delivery, made)
        return None

    async def _drawn(
        self, one: Subscription | None, delivery: Delivery
    ) -> Message | NotSentReason | None:
        """A message drawn now, or as it was drawn before; or why there is none."""
        if one is None:
            return delivery.message
        with written_for(await self._builders.locale(one.team_id, delivery.place)):
            made = await self._make(one, delivery)
            return made if isinstance(made, NotSentReason) else self._builders.draw(made)

    async def _make(self, one: Subscription, delivery: Delivery) -> View | NotSentReason:
        if delivery.kind is DeliveryKind.NOTICE:
            return await self._builders.notify(one, delivery)
        one = delivery.posted_of(one)
        why = await self._builders.check_rights(one, delivery)
        build = self._builders.build.get(one.plan.kind, self._builders.other)
        return why if why is not None else await build(one, delivery)

    async def _put_off(self, delivery: Delivery, error: Exception) -> None:
        if delivery.state is State.POSTING:
            await self._deliveries.look_again(delivery)
            return
        now = self._clock()
        due_at, why = now + EXEC_AGAIN_AFTER, NotSentReason.BROKEN
        match error:
            case Limited():
                due_at, why = max(error.until, now + timedelta(seconds=1)), NotSentReason.EXEC_AWAY
            case ExecError() | TimeoutError():
                why = NotSentReason.EXEC_AWAY
            case RateLimited():
                # What was looked up by then is stored: the next attempt goes on from there.
                wait = timedelta(seconds=max(error.seconds, 1))
                due_at, why = now + wait, NotSentReason.SLACK_AWAY
            case SlackError():
                due_at, why = now + AGAIN_AFTER, NotSentReason.SLACK_AWAY
            case StorageError():
                due_at = now + DATABASE_AGAIN_AFTER
        log.info("a delivery waits again: %s", type(error).__name__)
        await self._deliveries.put_off(delivery, min(due_at, delivery.until), why)

    async def _send(self, one: Subscription | None, delivery: Delivery, message: Message) -> None:
        posting, about = delivery, None
        if one is not None and delivery.kind in TO_ITS_PLACE:
            about = about_of(one.plan, delivery, self._clock())

        async def begin() -> bool:
            nonlocal posting
            # What a person sends goes out from the process in which they pressed.
            leads = posting.kind is DeliveryKind.MESSAGE or await self._leader.confirm()
            begun = await self._deliveries.begin_post(posting, about) if leads else None
            posting = begun or posting
            return begun is not None

        sent = await self._sender.send(delivery.place, message, delivery.id, begin)
        await self._after(one, posting, sent)

    async def _after(self, one: Subscription | None, posting: Delivery, sent: Sent) -> None:
        match sent.outcome:
            case Outcome.SENT:
                await self._deliveries.close(posting, State.SENT, ts=sent.ts)
            case Outcome.LATER if posting.kind is DeliveryKind.MESSAGE:
                # Somebody waits to hear of it.
                await self._give_up(one, posting, NotSentReason.SLACK_AWAY)
            case Outcome.LATER:
                wait = timedelta(seconds=sent.seconds) if sent.seconds else AGAIN_AFTER
                due_at = min(self._clock() + wait, posting.until)
                await self._deliveries.put_off(posting, due_at, NotSentReason.SLACK_AWAY)
            case Outcome.REFUSED:
                log.warning("a delivery is refused: %s", sent.code)
                await self._give_up(one, posting, SLACK_SAYS.get(sent.code, NotSentReason.REFUSED))
            case _:
                """Looked up later, or another's by now."""

    async def _give_up(
        self, one: Subscription | None, delivery: Delivery, why: NotSentReason
    ) -> None:
        """Close a delivery as not sent; its owner, or who pressed Send now, is told why, once."""
        pauses = REASONS[why].pauses and delivery.kind is DeliveryKind.SCHEDULED
        try:
            notify = await self._to_notify(one, delivery, why)
        except SlackError as error:
            await self._put_off(delivery, error)
            return
        notice = None
        if notify and why is NotSentReason.OLD:
            notice = self._builders.draw(draft("notice", sentence=unsent_meanwhile(), offers=()))
        await self._deliveries.close(
            delivery, State.FAILED, why=why, notify=notify, notice=notice, pause=pauses
        )

    async def _to_notify(
        self, one: Subscription | None, delivery: Delivery, why: NotSentReason
    ) -> tuple[str, ...]:
        if one is None or delivery.kind not in TO_ITS_PLACE:
            return ()
        if why is not NotSentReason.OWNER_LEFT or delivery.asked_by:
            return (delivery.asked_by or one.owner_id,)
        # Nobody reads what a switched-off account gets; and nobody else misses their own week.
        return () if one.plan.kind == ME else await self._builders.admins()
