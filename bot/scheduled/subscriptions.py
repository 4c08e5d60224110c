"""Subscriptions: questions that are answered on a schedule, with their owner and place."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.errors import BotError, NotFound, UserError
from bot.language.days import zone_of
from bot.language.schedule import Occurrence, Schedule, due, period_before, upcoming
from bot.language.schedule_words import read_schedule, schedule_phrase, written_schedule
from bot.scheduled.delivery import Deliveries, Delivery, DeliveryKind, State, delivery_id
from bot.storage.database import Database
from bot.storage.tables import MILLISECOND, alert, delivery
from bot.storage.tables import subscription as table

log = logging.getLogger(__name__)

GONE = "This message is no longer scheduled. `{command} digest list` shows the digests."

USUAL = "every monday 8:30"  # of direct messages: before the week's first meeting
# Stored schedules hold every date they need, so they mean the same at any moment.
_ANY = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Subscription:
    """A question with its place and schedule.

    `words` are stored words: the name of the report, then filters with ids. `schedule` is in words
    without the zone, "" for an alert. `next_at` is None while it is paused; `reason` is why the bot
    paused it. `follows`: the zone follows the owner's Slack profile. `last_day` is the newest date
    that has a delivery.
    """

    id: str
    team_id: str
    owner_id: str
    words: str
    place: str
    schedule: str = ""
    zone: str = "UTC"
    follows: bool = False
    next_at: datetime | None = None
    last_day: str = ""
    reason: str = ""
    created_at: datetime = _ANY

    @property
    def report(self) -> str:
        """The name of the report."""
        return self.words.partition(" ")[0]

    @property
    def is_personal(self) -> bool:
        """Whether it goes to its owner alone."""
        return self.place == self.owner_id

    @property
    def is_paused(self) -> bool:
        """Whether it is paused."""
        return self.next_at is None

    @property
    def timing(self) -> Schedule:
        """Its schedule. Raises UserError, and KeyError for a zone that this machine lacks."""
        return _read(self.schedule, self.zone)

    @property
    def when(self) -> str:
        """Its schedule in a sentence, without the zone."""
        return schedule_phrase(self.timing)

    def upcoming(self, now: datetime, count: int = 3) -> tuple[datetime, ...]:
        """The next times, without dates that already have a delivery."""
        if self.is_paused:
            return ()
        later = upcoming(self.timing, now, count + 1)
        return tuple(occurrence.at for occurrence in later if occurrence.key > self.last_day)[
            :count
        ]

    def delivery(
        self, kind: DeliveryKind, day: Occurrence, id_: str, owner_id: str = ""
    ) -> Delivery:
        """The delivery of one date."""
        start, end = period_before(self.timing, day)
        return Delivery(
            id=id_,
            kind=kind,
            team_id=self.team_id,
            owner_id=owner_id or self.owner_id,
            place=self.place,
            planned_at=day.at,
            try_at=day.at,
            words=self.words,
            zone=self.zone,
            subscription_id=self.id,
            start_at=start,
            end_at=end,
        )

    def delivery_now(self, now: datetime, id_: str = "", owner_id: str = "") -> Delivery:
        """A delivery for now, about the newest whole period."""
        today = now.astimezone(ZoneInfo(self.zone)).date().isoformat()
        return self.delivery(DeliveryKind.NOW, Occurrence(today, now), id_, owner_id)


class Subscriptions:
    """All methods raise StorageError. Those that change a subscription return it; they raise
    NotFound if it is gone."""

    def __init__(self, db: Database, deliveries: Deliveries, clock: Callable[[], datetime]) -> None:
        self._db, self._deliveries, self._clock = db, deliveries, clock

    async def add(self, new: Subscription) -> tuple[Subscription, bool]:
        """Add a subscription; returns it and True, or the same one that its place has already and
        False."""
        subscription = self._resumed(
            replace(new, id=secrets.token_urlsafe(15), created_at=self._clock())
        )
        insert = self._db.insert(table).values(asdict(subscription)).on_conflict_do_nothing()
        if await self._db.returned(insert.returning(table.c.id)):
            return subscription, True
        same = (table.c[name] == getattr(subscription, name) for name in ("team_id", *_PLAN))
        (existing,) = await self._read(*same)
        return existing, False

    async def find(self, id_: str) -> Subscription | None:
        """A subscription by its id."""
        return next(iter(await self._read(table.c.id == id_)), None)

    async def listed(
        self, team_id: str, *, owner_id: str | None = None, report: str = ""
    ) -> tuple[Subscription, ...]:
        """The subscriptions of a workspace, or only those of an owner or a report; oldest first."""
        conditions = [table.c.team_id == team_id]
        if owner_id is not None:
            conditions.append(table.c.owner_id == owner_id)
        if report:
            conditions.append(_asks(report))
        return await self._read(*conditions)

    async def every(self, report: str) -> tuple[Subscription, ...]:
        """The subscriptions of a report that aren't paused, in every workspace."""
        return await self._read(_asks(report), table.c.next_at.is_not(None))

    async def posted(self) -> tuple[Subscription, ...]:
        """The subscriptions that post in channels and aren't paused, in every workspace."""
        return await self._read(table.c.place != table.c.owner_id, table.c.next_at.is_not(None))

    async def own(self, team_id: str, owner_id: str, report: str) -> Subscription | None:
        """Somebody's subscription to a report by direct message, perhaps paused."""
        mine = (table.c.team_id == team_id, table.c.place == owner_id, table.c.words == report)
        return next(iter(await self._read(*mine)), None)

    async def begin_own(self, team_id: str, owner_id: str, report: str, zone: str) -> Subscription:
        """Somebody's subscription to a report by direct message; a new one if there is none."""
        if (subscription := await self.own(team_id, owner_id, report)) is not None:
            return subscription
        schedule = read_schedule(USUAL, now=self._clock(), zone=str(zone_of(zone)))
        new = new_subscription(team_id, owner_id, report, owner_id, schedule, follows=True)
        return (await self.add(new))[0]

    async def change(self, new: Subscription) -> Subscription:
        """Replace a subscription and resume it. Its unsent deliveries go to the new place.

        Raises UserError if the place has the same one already.
        """
        if (old := await self.find(new.id)) is None:
            raise NotFound(GONE)
        new = self._resumed(replace(new, last_day=old.last_day))
        values = {name: getattr(new, name) for name in (*_PLAN, "follows", "next_at", "reason")}
        c = delivery.c
        unsent = sa.update(delivery).where(c.subscription_id == new.id, c.state == State.DUE)
        # Another attempt number: a message that is being drawn finds its row changed.
        moved = unsent.values(
            place=new.place, words=new.words, attempts=c.attempts + 1, try_at=self._clock()
        ).where(c.kind == DeliveryKind.SCHEDULED)
        try:
            return await self._update(new.id, values, moved)
        except sa.exc.IntegrityError:
            raise UserError("That channel already has this digest.") from None

    async def pause(self, id_: str, reason: str = "") -> Subscription:
        """Pause a subscription, and delete its unsent deliveries."""
        return await self._update(id_, {"next_at": None, "reason": reason}, _unsent(id_))

    async def resume(self, subscription: Subscription) -> Subscription:
        """Resume a subscription with its next time from now."""
        return await self._update(
            subscription.id, {"next_at": self._resumed(subscription).next_at, "reason": ""}
        )

    async def remove(self, id_: str) -> None:
        """Remove a subscription with its unsent deliveries."""
        async with self._db.transaction() as connection:
            await connection.execute(_unsent(id_))
            await connection.execute(sa.delete(alert).where(alert.c.subscription_id == id_))
            await connection.execute(sa.delete(table).where(table.c.id == id_))

    async def send_now(self, subscription: Subscription, by: str, id_: str) -> None:
        """Send a subscription now, once per id, with the rights of the person who asked for it."""
        row = subscription.delivery_now(self._clock(), delivery_id("now", id_), by)
        async with self._db.transaction() as connection:
            await self._deliveries.insert(connection, row)

    async def begin_due(self) -> None:
        """Insert a delivery for each subscription that is due, and move its next time.

        Any number of processes insert each delivery once. Of several missed dates, only the newest
        gets one.
        """
        for subscription in await self._read(
            table.c.next_at <= self._clock(), table.c.schedule != ""
        ):
            now = self._clock()
            try:
                schedule = subscription.timing
            except (UserError, KeyError):
                log.error("the schedule of a subscription can't be read: %s", subscription.id)
                continue
            day = due(schedule, (subscription.next_at or now) - MILLISECOND, now)
            if day is not None and day.key <= subscription.last_day:
                day = None  # sent before the schedule changed
            later = subscription if day is None else replace(subscription, last_day=day.key)
            values = {"last_day": later.last_day, "next_at": later.upcoming(now, 1)[0]}
            move = sa.update(table).where(
                table.c.id == subscription.id, table.c.next_at == subscription.next_at
            )
            async with self._db.transaction() as connection:
                moved = (await connection.execute(move.values(values))).rowcount
                if moved and day is not None:
                    row = subscription.delivery(
                        DeliveryKind.SCHEDULED, day, delivery_id(subscription.id, day.key)
                    )
                    await self._deliveries.insert(connection, row)

    async def follow_zones(self, zone_name: Callable[[str, str], Awaitable[str]]) -> None:
        """Update the zones of subscriptions that follow their owners' profiles."""
        for subscription in await self._read(table.c.follows, table.c.next_at.is_not(None)):
            try:
                zone = str(zone_of(await zone_name(subscription.team_id, subscription.owner_id)))
                if zone != subscription.zone:
                    moved = self._resumed(replace(subscription, zone=zone))
                    await self._update(subscription.id, {"zone": zone, "next_at": moved.next_at})
            except BotError as error:
                log.info("a time zone can't be changed: %s", type(error).__name__)

    def _resumed(self, subscription: Subscription) -> Subscription:
        """The subscription with its next time from now; for an alert, now."""
        now = self._clock()
        subscription = replace(subscription, next_at=now, reason="")
        return (
            replace(subscription, next_at=subscription.upcoming(now, 1)[0])
            if subscription.schedule
            else subscription
        )

    async def _update(
        self, id_: str, values: dict[str, Any], *changes: sa.Executable
    ) -> Subscription:
        update = sa.update(table).where(table.c.id == id_).values(values).returning(table)
        async with self._db.transaction() as connection:
            for change in changes:
                await connection.execute(change)
            row = (await connection.execute(update)).first()
        if row is None:
            raise NotFound(GONE)
        return Subscription(**row._asdict())

    async def _read(self, *conditions: sa.ColumnElement[bool]) -> tuple[Subscription, ...]:
        query = sa.select(table).where(*conditions).order_by(table.c.created_at, table.c.id)
        return tuple(Subscription(**row._asdict()) for row in await self._db.rows(query))


_PLAN = ("place", "words", "schedule", "zone")


def new_subscription(
    team_id: str,
    owner_id: str,
    words: str,
    place: str,
    schedule: Schedule,
    *,
    follows: bool = False,
) -> Subscription:
    """A subscription that isn't stored yet."""
    when = written_schedule(schedule)
    return Subscription("", team_id, owner_id, words, place, when, schedule.zone, follows)


def _asks(report: str) -> sa.ColumnElement[bool]:
    return sa.or_(table.c.words == report, table.c.words.startswith(f"{report} "))


def _unsent(id_: str) -> sa.Delete:
    """A statement that deletes the unsent deliveries of a subscription."""
    c = delivery.c
    return sa.delete(delivery).where(c.subscription_id == id_, c.state == State.DUE)


@lru_cache(maxsize=2048)
def _read(words: str, zone: str) -> Schedule:
    return read_schedule(words, now=_ANY, zone=zone)
