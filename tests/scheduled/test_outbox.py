"""The outbox alone: a database, a stand-in Slack over HTTP, and processes that die or stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import sqlalchemy as sa

from bot.demo.slack_server import SlackServer
from bot.errors import Broken, StorageError
from bot.messages.blocks import Message, message
from bot.scheduled.delivery import (
    Deliveries,
    Delivery,
    DeliveryKind,
    Nothing,
    Reason,
    State,
    Unsent,
)
from bot.scheduled.outbox import Drawn, Outbox
from bot.scheduled.subscriptions import Subscription, Subscriptions
from bot.storage.database import Database
from bot.storage.tables import alert, delivery
from tests.conftest import FakeClock
from tests.deliveries import a_slack, messages_to, web
from tests.doomed import Doomed, Killed, killed_at, spared

pytestmark = pytest.mark.one_database

BEGIN = datetime(2026, 3, 20, 12, tzinfo=UTC)
MONDAY = datetime(2026, 3, 23, 9, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
POST = "chat.postMessage"


@dataclass
class Process:
    """One process. Its next messages are in `next`: a text, or an error."""

    slack: SlackServer
    db: Database
    clock: FakeClock
    next: list[str | Message | Exception] = field(default_factory=list)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.deliveries = Deliveries(self.db)
        self.outbox = Outbox(
            self.db, web(self.slack), self.clock, self.draw, self.tell, lambda: self.seconds
        )
        self.subscriptions = Subscriptions(self.db, self.deliveries, self.clock)

    async def draw(self, row: Delivery) -> Drawn:
        made = self.next.pop(0) if self.next else row.words
        if isinstance(made, Exception):
            raise made
        return Message(made, []) if isinstance(made, str) else made, [["s", row.id, "jane"]]

    async def tell(self, row: Delivery, reason: Reason) -> Delivery:
        said, now, owner = Message(f"not sent: {reason}", []).body, self.clock(), row.owner_id
        kind = DeliveryKind.ONE_TIME
        return Delivery(f"notice {row.id}", kind, "T1", owner, owner, now, now, message=said)

    async def subscribe(
        self, schedule: str = "every monday 9:00", zone: str = "UTC"
    ) -> Subscription:
        place = self.slack.team.channel_called("sales").id
        owner = self.slack.team.user_called("ada").id
        words = 'digest group:"west"'
        new = Subscription("", "T1", owner, words, place, schedule, zone)
        return (await self.subscriptions.add(new))[0]

    async def at(self, moment: datetime) -> None:
        self.clock.now = moment
        await self.subscriptions.begin_due()
        await self.outbox.run()

    async def rows(self) -> list[Delivery]:
        planned = await self.db.rows(sa.select(delivery.c.id).order_by(delivery.c.planned_at))
        rows = [await self.deliveries.find(row.id) for row in planned]
        return [row for row in rows if row is not None]

    @property
    def posts(self) -> list[str]:
        room = self.slack.team.channel_called("sales").id
        return [post.text for post in self.slack.messages if post.channel == room]


@pytest.fixture
async def process(database: Database, clock: FakeClock) -> AsyncIterator[Process]:
    clock.now = BEGIN
    async with a_slack(clock) as slack:
        yield Process(slack, database, clock)


@pytest.mark.parametrize(
    ("schedule", "away", "posts", "missed"),
    [
        ("every monday 9:00", timedelta(hours=3), 1, 0),
        ("every monday 9:00", timedelta(hours=23), 1, 0),
        ("every monday 9:00", timedelta(days=1), 0, 1),
        ("daily 9:00", timedelta(days=21), 1, 0),
        ("every monday 9:00", timedelta(days=22), 0, 1),
    ],
)
async def test_after_an_absence_the_newest_comes_unless_it_is_a_day_old(
    process: Process, schedule: str, away: timedelta, posts: int, missed: int
) -> None:
    subscription = await process.subscribe(schedule)
    await process.at(MONDAY + away)
    assert len(process.posts) == posts
    assert [row.reason for row in await process.rows()].count(Reason.LATE) == missed
    later = await process.subscriptions.find(subscription.id)
    assert later is not None
    assert later.next_at is not None
    assert later.next_at > process.clock.now


async def test_an_unknown_outcome_is_looked_up_before_it_is_posted_again(process: Process) -> None:
    await process.subscribe()
    for fault in ("drop", "reset"):
        process.slack.fault(POST, fault)
    await process.at(MONDAY)
    assert [row.state for row in await process.rows()] == [State.POSTING]
    await process.at(MONDAY + MINUTE / 2)  # too soon to look
    assert [row.state for row in await process.rows()] == [State.POSTING]
    await process.at(MONDAY + 2 * MINUTE)
    assert [row.state for row in await process.rows()] == [State.SENT]
    assert len(process.posts) == 1


async def test_if_the_history_cannot_be_read_nothing_comes_twice(process: Process) -> None:
    await process.subscribe()
    process.slack.fault(POST, "drop")
    process.slack.fault("conversations.history", "missing_scope")
    await process.at(MONDAY)
    await process.at(MONDAY + 2 * MINUTE)
    assert len(process.posts) == 1
    assert messages_to(process.slack, "ada") == ["not sent: unknown"]


async def test_a_process_that_is_stopped_between_mark_and_post_marks_it_again(
    process: Process, database_url: str
) -> None:
    """Another process may have looked it up in the meantime."""
    await process.subscribe()
    process.clock.now = MONDAY
    await process.subscriptions.begin_due()
    async with Doomed(database_url, lambda point: "stop" if point == "after" else "") as doomed:
        stopped = Process(process.slack, doomed, process.clock)
        running = asyncio.create_task(stopped.outbox.run())
        await doomed.stopped.wait()
        doomed.fate = spared
        stopped.seconds += 75
        process.clock.tick(75)
        await process.outbox.run()
        doomed.resumed.set()
        await running
    assert len(process.posts) == 1
    assert [row.state for row in await process.rows()] == [State.SENT]


@pytest.mark.two_databases
async def test_wherever_a_process_is_killed_the_message_arrives_once(
    process: Process, database_url: str
) -> None:
    await process.subscribe()
    for step in count():
        due = MONDAY + step * timedelta(days=7)
        try:
            async with Doomed(database_url, killed_at(step)) as doomed:
                await Process(process.slack, doomed, process.clock).at(due)
        except Killed:
            await process.at(due + 2 * MINUTE)
            assert len(process.posts) == step + 1
            assert {row.state for row in await process.rows()} == {State.SENT}
        else:
            break
    assert step > 5


@pytest.mark.two_databases
async def test_two_processes_at_once_post_it_once(process: Process) -> None:
    await process.subscribe()
    other = Process(process.slack, process.db, process.clock)
    await asyncio.gather(process.at(MONDAY), other.at(MONDAY))
    assert len(process.posts) == 1


@pytest.mark.parametrize("error", [Broken("timeout"), KeyError("ours")], ids=repr)
async def test_an_error_that_passes_is_tried_again_for_a_day(
    process: Process, error: Exception
) -> None:
    await process.subscribe()
    process.next = [error] * 100
    for hours in range(26):
        await process.at(MONDAY + hours * HOUR)
    assert process.posts == []
    reason = Reason.BROKEN if isinstance(error, KeyError) else Reason.EXEC
    assert messages_to(process.slack, "ada") == [f"not sent: {reason}"]


async def test_a_reason_that_lasts_pauses_it_and_is_reported_once(process: Process) -> None:
    subscription = await process.subscribe()
    process.next = [Unsent(Reason.READERS)]
    await process.at(MONDAY)
    await process.at(MONDAY + timedelta(days=7))
    paused = await process.subscriptions.find(subscription.id)
    assert paused is not None
    assert (paused.next_at, paused.reason) == (None, Reason.READERS)
    assert messages_to(process.slack, "ada") == ["not sent: readers"]
    await process.subscriptions.resume(paused)
    await process.at(MONDAY + timedelta(days=14))
    assert len(process.posts) == 1


async def test_one_that_is_changed_while_it_is_drawn_goes_to_its_new_place(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscription = await process.subscribe()
    jane = process.slack.team.user_called("jane").id
    draw = process.draw

    async def slow(row: Delivery) -> Drawn:
        if row.place == subscription.place:
            await process.subscriptions.change(replace(subscription, place=jane))
        return await draw(row)

    monkeypatch.setattr(process.outbox, "_draw", slow)
    await process.at(MONDAY)
    assert process.posts == []
    assert messages_to(process.slack, "jane") == [subscription.words]


async def test_paused_or_removed_while_it_waits_it_is_not_sent(process: Process) -> None:
    for end in (process.subscriptions.pause, process.subscriptions.remove):
        subscription = await process.subscribe()
        process.next = [Broken("timeout")]
        await process.at(MONDAY)
        await end(subscription.id)
        await process.at(MONDAY + HOUR)
        assert process.posts == []
        await process.subscriptions.remove(subscription.id)
        process.clock.now = BEGIN


async def test_a_date_comes_once_whatever_becomes_of_its_schedule(process: Process) -> None:
    subscription = await process.subscribe()
    await process.at(MONDAY)
    later = await process.subscriptions.change(replace(subscription, schedule="every monday 17:00"))
    assert later is not None
    assert later.next_at == MONDAY + timedelta(days=7, hours=8)
    west = replace(later, zone="America/New_York", follows=True)
    await process.subscriptions.change(west)
    await process.at(MONDAY + timedelta(days=1))
    assert len(process.posts) == 1


async def test_a_zone_follows_its_owner(process: Process) -> None:
    subscription = await process.subscribe(zone="Europe/Berlin")
    await process.subscriptions.change(replace(subscription, follows=True))

    async def travels(_team_id: str, _user_id: str) -> str:
        return "America/New_York"

    await process.subscriptions.follow_zones(travels)
    await process.at(MONDAY)
    assert process.posts == []
    await process.at(datetime(2026, 3, 23, 13, tzinfo=UTC))
    assert len(process.posts) == 1


async def test_the_same_question_at_the_same_time_is_there_once(process: Process) -> None:
    subscription = await process.subscribe()
    again, is_new = await process.subscriptions.add(replace(subscription, id=""))
    assert (again.id, is_new) == (subscription.id, False)


async def test_a_direct_message_that_slack_refuses_is_not_sent_later(process: Process) -> None:
    jane = process.slack.team.user_called("jane").id
    row = Delivery("n1", DeliveryKind.NUDGE, "T1", "U1", jane, BEGIN, BEGIN)
    row = replace(row, message=Message("a note", []).body)
    process.slack.fault(POST, "ratelimited", seconds=1)
    assert await process.outbox.send(row) is State.FAILED
    await process.at(BEGIN + HOUR)
    assert messages_to(process.slack, "jane") == []
    for _ in range(2):  # another press of the same form
        assert await process.outbox.send(replace(row, id="n2")) is State.SENT
    assert messages_to(process.slack, "jane") == ["a note"]


async def test_an_alert_is_known_once_it_is_sent(process: Process) -> None:
    jane = process.slack.team.user_called("jane").id
    row = Delivery("a1", DeliveryKind.ALERT, "T1", jane, jane, BEGIN, BEGIN, words="alert")
    async with process.db.transaction() as connection:
        await process.deliveries.insert(connection, row)
    process.slack.fault(POST, "drop")
    await process.at(BEGIN)
    assert await process.db.count(alert) == 0
    await process.at(BEGIN + 2 * MINUTE)
    assert await process.db.count(alert) == 1
    assert len(messages_to(process.slack, "jane")) == 1


async def test_with_nothing_left_to_tell_nothing_is_sent_or_said(process: Process) -> None:
    await process.subscribe()
    process.next = [Nothing()]
    await process.at(MONDAY)
    assert process.posts == []
    assert messages_to(process.slack, "ada") == []


async def test_charts_that_slack_refuses_come_as_text(process: Process) -> None:
    await process.subscribe()
    point = '<point label="Monday" value="3"/>'
    chart = f'<chart title="Week" x="Day" y="Sessions">{point}</chart>'
    drawn = message(f"<message><section>A week</section>{chart}</message>")
    process.next = [drawn]
    process.slack.fault(POST, "invalid_blocks")
    await process.at(MONDAY)
    (post,) = [sent for sent in process.slack.messages if "A week" in sent.text]
    assert post.blocks != drawn.blocks


async def test_a_database_that_goes_away_loses_nothing(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    await process.subscribe()

    async def away(*_: object) -> None:
        raise StorageError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(process.db, "returned", away)
        with pytest.raises(StorageError):
            await process.at(MONDAY)
    await process.at(MONDAY + MINUTE)
    assert len(process.posts) == 1
