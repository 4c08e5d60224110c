"""What must arrive exactly once: a row for each message, noted once, whoever notes it.

    due ─► posting ─► sent
     ▲  │     │
     └──┴─────┴─────► failed · skipped

A row comes of a subscription (each time that it is due, each press of Send now, each notice to
its owner), or holds a message that was drawn when it was noted.

Every change of a row counts its version up, and every step names the version that it goes on
from: a process that was too slow finds the row changed, and stops. A row that is in `posting` for
LOOK_AFTER may or may not have reached Slack: it is looked up there before it is sent again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages.blocks import Message
from bot.outbox.plans import Plan, Subscription, subscription_of
from bot.outbox.reasons import NotSentReason
from bot.storage.database import Database
from bot.storage.tables import delivery as table
from bot.storage.tables import subscription

# Older occurrences are not sent any more.
WINDOW = timedelta(hours=24)
# Whoever pressed a button does not wait that long.
ASKED_WINDOW = timedelta(hours=1)
# What the admins have to know stays true until somebody fixes it.
ALARM_WINDOW = timedelta(days=30)
# Whose practice somebody may hear of can change: after this it is judged and written anew.
ALERT_WINDOW = timedelta(minutes=15)
# A digest that comes this much after its time says so.
LATE_AFTER = timedelta(minutes=15)
# Presses of Send now that are closer together are one.
ONE_PRESS = timedelta(minutes=1)
# Of a post that takes longer nobody will say how it ended: it began within seconds of being noted,
# and waited for Slack for seconds.
LOOK_AFTER = timedelta(minutes=1)
# Slack takes about one message a second in a channel.
PACE = timedelta(seconds=1)
# A date that is still to come anywhere has no moment that long ago in any zone.
_PAST = timedelta(days=3)


def delivery_id(*said: str) -> str:
    """The id of a delivery that is the same whoever notes it, computed from what makes it one.

    It stands in the message's metadata, which other apps may read: it gives nothing away.
    """
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:24]  # the column's length


class State(StrEnum):
    DUE = "due"
    POSTING = "posting"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"  # nobody wanted it any more, or it was too old when it was noted


# In these nobody knows yet how it ends.
OPEN = frozenset((State.DUE, State.POSTING))
CLOSED = frozenset(State) - OPEN


class DeliveryKind(StrEnum):
    SCHEDULED = "scheduled"
    NOW = "now"  # somebody pressed Send now
    NOTICE = "notice"  # what a subscription's owner should know
    MESSAGE = "message"  # what somebody sends to another person
    ALARM = "alarm"  # what the admins should know
    ALERT = "alert"  # what a coach wants to be told of as it happens


# Those that go where the subscription goes.
TO_ITS_PLACE = (DeliveryKind.SCHEDULED, DeliveryKind.NOW)
WANTED_FOR: Mapping[DeliveryKind, timedelta] = MappingProxyType(
    {
        DeliveryKind.SCHEDULED: WINDOW,
        DeliveryKind.NOW: ASKED_WINDOW,
        DeliveryKind.NOTICE: WINDOW,
        DeliveryKind.MESSAGE: ASKED_WINDOW,
        DeliveryKind.ALARM: ALARM_WINDOW,
        DeliveryKind.ALERT: ALERT_WINDOW,
    }
)


@dataclass(frozen=True, slots=True)
class About:
    """The subject of a posted message: a question in stored words, and its period.

    The period runs from `start` to before `end` (UTC), in whole days of `zone`.
    """

    ask: str
    zone: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message as it stands. `id` is opaque, and part of the message in Slack.

    `source_id` is what it comes of: a subscription, or a refused key; "" for neither. `occurrence`
    tells it from others of the same source: a date where it is scheduled. `at` is when it should
    arrive; a notice has that of what it is about. `due_at` is when to send it; in `posting`, when
    to look whether it arrived. `asked_by` is the account that pressed a button. `why` says
    why it was not sent, or was put off; of a notice, what it tells. `about` is what was posted,
    from then on, `reported` what a coach's list says of each person, as JSON. `message` is what is
    sent where that was drawn already.
    """

    id: str
    source_id: str
    occurrence: str
    kind: DeliveryKind
    place: str
    asked_by: str
    at: datetime
    created_at: datetime
    due_at: datetime
    state: State
    version: int
    why: str
    ts: str
    done_at: datetime | None
    about: About | None = None
    reported: str | None = None
    message: Message | None = None

    def posted_of(self, one: Subscription) -> Subscription:
        """The subscription with the question that this answered; it may ask another by now."""
        if self.about is None:
            return one
        return replace(one, plan=replace(one.plan, ask=self.about.ask))

    def unwanted(self, one: Subscription | None, now: datetime) -> str:
        """The reason not to send it any more, by its subscription as it is now; "" for none.

        What somebody asked for is sent of a paused one too.
        """
        if one is None:
            return NotSentReason.REMOVED
        match self.kind:
            case DeliveryKind.SCHEDULED:
                return one.stopped
            case DeliveryKind.NOW:
                return "" if one.removed_at is None else NotSentReason.REMOVED
            case _:
                return ""

    def is_late(self, now: datetime) -> bool:
        """Whether to say that it comes after its time."""
        return self.kind is DeliveryKind.SCHEDULED and now - self.at >= LATE_AFTER

    @property
    def until(self) -> datetime:
        """The deadline after which it is not sent any more."""
        start = self.at if self.kind is DeliveryKind.SCHEDULED else self.created_at
        return start + WANTED_FOR[self.kind]


def delivery_of(row: sa.Row[Any]) -> Delivery:
    """A delivery from a row of the table."""
    columns = row._asdict()
    about = About(**{name: columns.pop(f"about_{name}") for name in About.__dataclass_fields__})
    message = columns["message"]
    columns |= {
        "kind": DeliveryKind(row.kind),
        "state": State(row.state),
        "message": None if message is None else Message(**json.loads(message)),
    }
    return Delivery(**columns, about=None if about.start is None else about)


def about_columns(about: About | None) -> dict[str, Any]:
    """The columns of an About; empty values without one."""
    if about is None:
        return {"about_ask": "", "about_zone": "", "about_start": None, "about_end": None}
    return {f"about_{name}": getattr(about, name) for name in About.__dataclass_fields__}


def new_row(
    id_: str,
    source_id: str,
    occurrence: str,
    kind: DeliveryKind,
    place: str,
    now: datetime,
    *,
    message: Message | None = None,
    **more: Any,
) -> dict[str, Any]:
    """What the table holds of a delivery that waits from now on; `more` are further columns."""
    return {
        "id": id_,
        "source_id": source_id,
        "occurrence": occurrence,
        "kind": kind,
        "place": place,
        "state": State.DUE,
        "version": 0,
        "message": None if message is None else _stored(message),
        **dict.fromkeys(("at", "created_at", "due_at"), now),
        **more,
    }


def _stored(message: Message) -> str:
    """A message as JSON, without its document: once stored, it is sent in exactly these blocks."""
    return json.dumps({"text": message.text, "blocks": message.blocks})


class Deliveries:
    """All methods raise StorageError."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        look_after: timedelta = LOOK_AFTER,
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id
        self._look_after = look_after

    async def note(self, of: Subscription, key: str, at: datetime, *, send: bool) -> bool:
        """Note the occurrence `key` that fell due `at`; False if that was done already.

        It waits to be sent, or is skipped as too old. A date comes once: where it was sent or is
        about to be, nothing is noted; where it was not, it comes by this time.
        """
        now, kind = self._clock(), DeliveryKind.SCHEDULED
        looked = (
            sa.update(subscription)
            .where(
                subscription.c.id == of.id,
                subscription.c.looked_at == of.looked_at,
                subscription.c.paused == "",
                subscription.c.removed_at.is_(None),
            )
            .values(looked_at=now)
            # It may go to another place than when `of` was read.
            .returning(subscription.c.place)
        )
        skipped = {"state": State.SKIPPED, "why": NotSentReason.OLD, "done_at": now}
        async with self._database.transaction() as connection:
            place = (await connection.execute(looked)).scalar()
            if place is None:
                return False
            row = new_row(self._new_id(), of.id, key, kind, place, now, at=at)
            await self._insert(connection, row if send else row | skipped, again=send)
        return True

    async def send_now(self, of: Subscription, by: str) -> bool:
        """Somebody pressed Send now; False if the subscription is gone.

        Presses that are less than ONE_PRESS apart are one, or while the first one waits; not
        where that was not sent.
        """
        new_id, now = self._new_id(), self._clock()
        query = (
            sa.select(subscription)
            .where(subscription.c.id == of.id, subscription.c.removed_at.is_(None))
            # Two presses at once would not see each other's row.
            .with_for_update()
        )
        async with self._database.transaction() as connection:
            found = (await connection.execute(query)).first()
            if found is None:
                return False
            plan = subscription_of(found).plan
            if await _was_asked(connection, of.id, plan, now):
                return True
            kind = DeliveryKind.NOW
            row = new_row(new_id, of.id, f"{kind} {new_id}", kind, plan.place, now, asked_by=by)
            await self._insert(connection, row)
        return True

    async def alarm(
        self, connection: AsyncConnection, source_id: str, messages: Mapping[str, Message]
    ) -> None:
        """Send a message to each of these accounts."""
        now, kind = self._clock(), DeliveryKind.ALARM
        for to, message in messages.items():
            id_ = self._new_id()
            await self._insert(
                connection, new_row(id_, source_id, id_, kind, to, now, message=message)
            )

    async def skip(self, source_id: str, why: str) -> None:
        """Skip everything of a source that is not sent yet."""
        async with self._database.transaction() as connection:
            await skip(connection, source_id, why, self._clock())

    async def add_message(self, id_: str, to: str, message: Message, by: str) -> Delivery | None:
        """A message to a person, posted by whoever adds it; None if it was added before."""
        now = self._clock()
        more = {"asked_by": by, "state": State.POSTING, "due_at": now + self._look_after}
        row = new_row(id_, "", id_, DeliveryKind.MESSAGE, to, now, message=message, **more)
        insert = self._database.insert(table).values(row).on_conflict_do_nothing()
        found = await self._database.returned(insert.returning(table))
        return None if found is None else delivery_of(found)

    async def find(self, id_: str) -> Delivery | None:
        """A delivery, however long ago: a button under its message names it."""
        query = sa.select(table).where(table.c.id == id_)
        row = await self._database.row(query)
        return None if row is None else delivery_of(row)

    async def last(
        self, source_ids: Collection[str], states: Collection[State] = tuple(State)
    ) -> dict[str, Delivery]:
        """The newest scheduled delivery of each, among those in these states."""
        theirs = sa.and_(
            table.c.source_id.in_(source_ids),
            table.c.kind == DeliveryKind.SCHEDULED,
            table.c.state.in_(states),
        )
        newest = (
            sa.select(table.c.source_id, sa.func.max(table.c.at).label("at"))
            .where(theirs)
            .group_by(table.c.source_id)
            .subquery()
        )
        same = sa.and_(table.c.source_id == newest.c.source_id, table.c.at == newest.c.at)
        query = sa.select(table).join(newest, same).where(theirs)
        found = [delivery_of(row) for row in await self._database.rows(query)]
        return {each.source_id: each for each in found}

    async def keep_reported(self, of: Delivery, reported: str) -> None:
        """Store what a delivery is about to tell, unless it has changed meanwhile."""
        same = sa.and_(table.c.id == of.id, table.c.version == of.version)
        await self._database.write(sa.update(table).where(same).values(reported=reported))

    async def reported(self, source_id: str, since: datetime) -> list[str]:
        """What the messages of a subscription that were due since then told of people."""
        query = sa.select(table.c.reported).where(
            table.c.source_id == source_id,
            table.c.state == State.SENT,
            table.c.at >= since,
            table.c.reported.is_not(None),
        )
        return [each for kept in await self._database.scalars(query) for each in json.loads(kept)]

    async def taken(self, source_ids: Collection[str]) -> dict[str, frozenset[str]]:
        """The dates of each that a later time of the day does not bring again: what belongs to
        them was sent, or is about to be. Those that lie well behind are left out."""
        query = sa.select(table.c.source_id, table.c.occurrence).where(
            table.c.source_id.in_(source_ids),
            table.c.kind == DeliveryKind.SCHEDULED,
            table.c.at > self._clock() - _PAST,
            ~was_not_sent(),
        )
        rows = await self._database.rows(query)
        return {
            id_: frozenset(row.occurrence for row in rows if row.source_id == id_)
            for id_ in source_ids
        }

    # The steps of a delivery on its way. Each but the first goes on from the delivery as it was
    # read; nothing happens where it has changed since.

    async def next_due(self, under_way: Collection[Delivery]) -> Delivery | None:
        """The one that is due for longest; None if there is none for now.

        In `posting`, whoever had it before may have sent it. Those that are under way here have
        to be left alone, and a place where one is under way, or was posted a moment ago, waits.
        """
        other, now = table.alias(), self._clock()
        is_busy = sa.exists().where(
            other.c.place == table.c.place,
            other.c.id != table.c.id,
            sa.or_(
                sa.and_(other.c.state == State.POSTING, other.c.due_at > now),
                sa.and_(other.c.state == State.SENT, other.c.done_at > now - PACE),
            ),
        )
        query = (
            sa.select(table)
            .where(
                table.c.state.in_(OPEN),
                table.c.due_at <= now,
                table.c.id.not_in([each.id for each in under_way]),
                table.c.place.not_in([each.place for each in under_way]),
                ~is_busy,
            )
            .order_by(table.c.due_at, table.c.id)
            .limit(1)
        )
        row = await self._database.row(query)
        return None if row is None else delivery_of(row)

    async def begin_post(self, of: Delivery, about: About | None) -> Delivery | None:
        """It is posted from now on, `about` that; None if it has changed."""
        values: dict[str, Any] = {
            "state": State.POSTING,
            "due_at": self._clock() + self._look_after,
        }
        if about is not None:
            values |= about_columns(about)
        return await self._change(of, values)

    async def put_off(self, of: Delivery, due_at: datetime, why: str) -> None:
        """Make a delivery that was certainly not sent due again at that time."""
        await self._change(of, {"state": State.DUE, "due_at": due_at, "why": why})

    async def look_again(self, of: Delivery) -> None:
        """Let the delivery be looked up once more, later."""
        await self._change(of, {"due_at": self._clock() + self._look_after})

    async def begin_again(self, of: Delivery) -> None:
        """It surely did not arrive: it is built anew for the place where it goes by now, or
        skipped if nobody wants it any more."""
        now = self._clock()
        async with self._database.transaction() as connection:
            one = await _locked(connection, of.source_id)
            why = "" if of.message is not None else of.unwanted(one, now)
            values = about_columns(None)
            if why:
                values |= {"state": State.SKIPPED, "why": why, "done_at": now}
            else:
                values |= {"state": State.DUE, "due_at": now}
            if one is not None and of.kind in TO_ITS_PLACE:
                values["place"] = one.plan.place
            await connection.execute(_unchanged(of).values(values))

    async def close(
        self,
        of: Delivery,
        state: State,
        *,
        why: str = "",
        ts: str = "",
        notify: Collection[str] = (),
        notice: Message | None = None,
        pause: bool = False,
    ) -> None:
        """It is sent, failed or skipped.

        `notify` are the accounts that read why, once: that is noted with it, and with `notice` if
        that is drawn already. With `pause` the subscription pauses for that reason, and nobody is
        notified if it was paused already.
        """
        now = self._clock()
        values = {"state": state, "why": why, "ts": ts, "done_at": now}
        values["message"] = None  # what somebody was told is not kept
        async with self._database.transaction() as connection:
            if pause:
                await _locked(connection, of.source_id)
            closed = (await connection.execute(_unchanged(of).values(values))).first()
            if closed is None or (pause and not await _pause(connection, of.source_id, why)):
                return
            for account in notify:
                await self._add_notice(connection, of, why, account, notice)

    async def _change(self, of: Delivery, values: Mapping[str, Any]) -> Delivery | None:
        row = await self._database.returned(_unchanged(of).values(values))
        return None if row is None else delivery_of(row)

    async def _add_notice(
        self,
        connection: AsyncConnection,
        about: Delivery,
        why: str,
        to: str,
        message: Message | None,
    ) -> None:
        kind, source_id, now = DeliveryKind.NOTICE, about.source_id, self._clock()
        key = f"notice {why} {about.id} {to}"
        if why == NotSentReason.OLD and source_id:
            # One is enough of all that fell due while no process ran.
            source_id, key = "", f"notice {why} {now:%Y-%m-%d} {to}"
        id_ = self._new_id()
        row = new_row(id_, source_id, key, kind, to, now, message=message, at=about.at, why=why)
        await self._insert(connection, row)

    async def _insert(
        self, connection: AsyncConnection, row: dict[str, Any], *, again: bool = False
    ) -> None:
        """Unless it is there; with `again` also in place of one that was not sent.

        It has an id of its own then: nothing that was done for that one counts for this one.
        """
        insert = self._database.insert(table).values(row)
        keys = [table.c.source_id, table.c.occurrence]
        if again:
            anew = {column.key: insert.excluded[column.key] for column in table.c}
            insert = insert.on_conflict_do_update(
                index_elements=keys, set_=anew, where=was_not_sent()
            )
        else:
            insert = insert.on_conflict_do_nothing(index_elements=keys)
        await connection.execute(insert)


def _unchanged(of: Delivery) -> sa.sql.dml.ReturningUpdate[Any]:
    """A change of the delivery as it was read."""
    return (
        sa.update(table)
        .where(table.c.id == of.id, table.c.version == of.version)
        .values(version=of.version + 1)
        .returning(table)
    )


async def _locked(connection: AsyncConnection, id_: str) -> Subscription | None:
    """A subscription, locked until the end of the transaction.

    First, as those who change a subscription do: else the two could wait for each other.
    """
    query = sa.select(subscription).where(subscription.c.id == id_).with_for_update()
    row = (await connection.execute(query)).first()
    return None if row is None else subscription_of(row)


async def _pause(connection: AsyncConnection, id_: str, why: str) -> bool:
    """Whether it was not paused or removed before."""
    update = (
        sa.update(subscription)
        .where(
            subscription.c.id == id_,
            subscription.c.paused == "",
            subscription.c.removed_at.is_(None),
        )
        .values(paused=why)
        .returning(subscription.c.id)
    )
    return (await connection.execute(update)).first() is not None


# What happens to the due deliveries of a source that changes, in its own transaction. A process
# that builds one finds it changed before it posts, and stops.


async def skip(connection: AsyncConnection, source_id: str, why: str, now: datetime) -> None:
    """Skip all scheduled deliveries that are due; those by Send now, too, where it is removed."""
    kinds = [DeliveryKind.SCHEDULED, DeliveryKind.ALARM]
    if why == NotSentReason.REMOVED:
        kinds.append(DeliveryKind.NOW)
    values = {"state": State.SKIPPED, "why": why, "done_at": now}
    unsent = _of(source_id, kinds).where(table.c.state == State.DUE)
    await connection.execute(unsent.values(values))


async def begin_again(
    connection: AsyncConnection, source_id: str, place: str, now: datetime
) -> None:
    """Send deliveries that are still due to `place`; their messages are built anew."""
    values = {"place": place, "due_at": now, **about_columns(None)}
    await connection.execute(_of(source_id).where(table.c.state == State.DUE).values(values))


def _of(source_id: str, kinds: Collection[DeliveryKind] = TO_ITS_PLACE) -> sa.Update:
    theirs = (table.c.source_id == source_id, table.c.kind.in_(kinds))
    return sa.update(table).where(*theirs).values(version=table.c.version + 1)


def was_not_sent() -> sa.ColumnElement[bool]:
    """The condition of a delivery that was certainly not sent and is not in progress."""
    return sa.and_(
        table.c.state.in_((State.FAILED, State.SKIPPED)),
        table.c.why != NotSentReason.UNSETTLED,
    )


async def _was_asked(connection: AsyncConnection, id_: str, plan: Plan, now: datetime) -> bool:
    """Whether somebody pressed Send now a moment ago, or it still waits since they did; for the
    same question and place."""
    is_new = table.c.created_at > now - ONE_PRESS
    is_this = sa.or_(table.c.about_start.is_(None), table.c.about_ask == plan.ask)
    query = sa.select(table.c.id).where(
        table.c.source_id == id_,
        table.c.kind == DeliveryKind.NOW,
        table.c.place == plan.place,
        is_this,
        sa.or_(is_new, table.c.state != State.SENT),
        ~was_not_sent(),
    )
    return (await connection.execute(query.limit(1))).first() is not None
