"""What falls due arrives once, or its owner knows why not, whatever dies or fails on the way."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import Broken, NotFound, SlackError, StorageError
from bot.messages.blocks import Message
from bot.outbox.deliveries import WINDOW, DeliveryKind
from bot.outbox.plans import COACH, ME, TEAM, Plan, Subscription, team_ask
from bot.outbox.reasons import NotSentReason
from bot.storage.database import Database
from tests.conftest import START, FakeClock, MakeUrl
from tests.deliveries import Killed, Life, told
from tests.outbox.outbox import (
    HISTORY,
    LEADER_DEAD,
    POST,
    SENDER_DEAD,
    Outbox,
    an_outbox,
    side_by_side,
)

pytestmark = pytest.mark.one_database

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
DUE = timedelta(minutes=30)  # START is half an hour before
KEY = "2026-03-16"
TEXT = f"west {KEY}"
SENT = [("sent", "")]


@pytest.fixture
async def outbox(database: Database, clock: FakeClock) -> AsyncIterator[Outbox]:
    async with an_outbox(database, clock) as outbox:
        yield outbox


# When


@pytest.mark.two_databases
async def test_it_arrives_at_its_time_once_and_again_the_next_week(outbox: Outbox) -> None:
    await outbox.subscribe()
    await outbox.run(DUE - timedelta(seconds=10))
    assert outbox.said() == []
    await outbox.run(timedelta(seconds=10))
    await outbox.run(HOUR)
    assert outbox.said() == [TEXT]
    await outbox.run(WEEK)
    assert outbox.said() == [TEXT, "west 2026-03-23"]


async def test_after_a_long_downtime_only_the_newest_is_sent(outbox: Outbox) -> None:
    await outbox.subscribe("daily 10:00")
    await outbox.run(DUE + timedelta(days=3, hours=1))
    assert outbox.said() == ["west 2026-03-19"]
    assert await outbox.states() == SENT


async def test_a_day_late_it_is_skipped(outbox: Outbox) -> None:
    await outbox.subscribe()
    await outbox.run(DUE + WINDOW)
    assert outbox.said() == []
    assert await outbox.states() == [("skipped", "old")]


# Once


async def test_dead_at_any_step_it_still_arrives_once(outbox: Outbox) -> None:
    for steps in itertools.count():
        one = await outbox.subscribe(group_id=f"g{steps}")
        outbox.clock.now = START + DUE + steps * WEEK
        try:
            await outbox.process(Life(steps)).run_due()
        except Killed:
            died = True
        else:
            died = False
        for _ in range(2):
            await outbox.run(SENDER_DEAD)
        text = f"g{steps} {START + steps * WEEK:%Y-%m-%d}"
        assert outbox.said().count(text) == 1, f"dead at step {steps}"
        await outbox.subscriptions.remove(one.id)
        if not died:
            break
    # Two steps for each of: leads, note, next, the subscription, rights (one), confirm, begin,
    # post, close, and the search that finds none, while it is under way and after.
    assert steps >= 19


@pytest.mark.parametrize("seed", range(4))
async def test_dead_again_and_again_among_faults_of_slack(
    sqlite_urls: MakeUrl, clock: FakeClock, seed: int
) -> None:
    chance = random.Random(seed)
    async with Database(sqlite_urls()) as database, an_outbox(database, clock) as outbox:
        for group_id in ("west", "east", "north"):
            await outbox.subscribe(group_id=group_id)
        clock.now += DUE
        for _ in range(8):
            if chance.random() < 0.6:
                kind = chance.choice(["drop", "reset", "ratelimited", "fatal_error"])
                outbox.slack.fault(chance.choice([POST, HISTORY]), kind)
            with suppress(Killed):
                await outbox.process(Life(chance.randrange(40))).run_due()
            clock.now += chance.choice([timedelta(seconds=2), SENDER_DEAD])
        for _ in range(8):
            await outbox.run(SENDER_DEAD)
        assert sorted(outbox.said()) == [
            f"{group_id} {KEY}" for group_id in ("east", "north", "west")
        ]
        assert await outbox.states() == SENT * 3


@pytest.mark.parametrize("fault", ["drop", "reset", "fatal_error"])
async def test_unsure_it_is_looked_for_before_it_is_sent_again(outbox: Outbox, fault: str) -> None:
    await outbox.subscribe()
    outbox.slack.fault(POST, fault)
    await outbox.run(DUE)
    assert [call.method for call in outbox.slack.calls] == [POST]
    await outbox.run(SENDER_DEAD)
    assert (outbox.said(), await outbox.states()) == ([TEXT], SENT)
    posts = [call.method for call in outbox.slack.calls].count(POST)
    assert posts == (1 if fault == "drop" else 2)


async def test_a_look_that_fails_for_a_day_leaves_it_unsent_and_its_owner_told(
    outbox: Outbox,
) -> None:
    await outbox.subscribe()
    outbox.slack.fault(POST, "reset")
    await outbox.run(DUE)
    for after in (SENDER_DEAD, WINDOW - HOUR, HOUR):
        outbox.slack.fault(HISTORY, "token_revoked")
        assert told(outbox.slack, "jane") == []
        await outbox.run(after)
    assert (outbox.said(), await outbox.states()) == ([], [("failed", "unsettled")])
    assert told(outbox.slack, "jane") == ["not sent: unsettled"]


@pytest.mark.parametrize("code", ["missing_scope", "channel_not_found"])
async def test_a_history_that_cannot_be_read_leaves_it_unsent_and_its_owner_told(
    outbox: Outbox, code: str
) -> None:
    await outbox.subscribe()
    outbox.slack.fault(POST, "reset")
    outbox.slack.fault(HISTORY, code)
    await outbox.run(DUE)
    for _ in range(3):
        await outbox.run(SENDER_DEAD)
    assert (outbox.said(), await outbox.states()) == ([], [("failed", "unsettled")])
    assert told(outbox.slack, "jane") == ["not sent: unsettled"]
    await outbox.run(WEEK)
    assert outbox.said() == ["west 2026-03-23"]


@pytest.mark.two_databases
async def test_of_two_processes_one_sends_and_the_other_follows(
    database_url: str, clock: FakeClock
) -> None:
    async with (
        Database(database_url) as first,
        Database(database_url) as second,
        an_outbox(first, clock) as here,
    ):
        there = Outbox(here.slack, second, clock)
        channels = [here.add_channel(f"c{n}") for n in range(20)]
        for place in channels:
            await here.subscribe(place=place)
        clock.now += DUE
        for _ in range(4):
            here.slack.fault(POST, "drop")
            here.slack.fault(POST, "slow", seconds=0.01)
        one, other = here.process(name="one"), there.process(name="other")
        await side_by_side(one, other)
        assert sorted((len(here.built), len(there.built))) == [0, 20]
        late = here.add_channel("late")
        await here.deliveries.send_now(await here.subscribe(place=late), here.user())
        follower = other if here.built else one
        await follower.run_due()
        assert late not in {message.channel for message in here.slack.messages}
        clock.now += LEADER_DEAD
        await follower.run_due()
        assert late in {message.channel for message in here.slack.messages}
        clock.now += SENDER_DEAD
        await side_by_side(one, other)
        assert sorted(m.channel for m in here.slack.messages) == sorted([*channels, late])
        assert await here.states() == SENT * 20


# Slack in trouble


async def test_a_clock_that_jumps_ahead_while_it_is_posted_sends_nothing_twice(
    outbox: Outbox,
) -> None:
    await outbox.subscribe()
    held = outbox.slack.fault(POST, "held")
    outbox.clock.now += DUE
    running = asyncio.create_task(outbox.process().run_due())
    await outbox.posting()
    outbox.clock.now += HOUR
    held.released.set()
    await running
    await outbox.run(SENDER_DEAD)
    assert (outbox.said(), await outbox.states()) == ([TEXT], SENT)


async def test_a_message_that_slack_refuses_is_told_and_the_next_one_comes(
    outbox: Outbox,
) -> None:
    await outbox.subscribe()
    outbox.slack.fault(POST, "msg_too_long")
    await outbox.run(DUE)
    assert told(outbox.slack, "jane") == ["not sent: refused"]
    await outbox.run(WEEK)
    assert outbox.said() == ["west 2026-03-23"]


@pytest.mark.parametrize("ask", [team_ask("west"), COACH, ME])
@pytest.mark.parametrize("code", [None, "user_disabled"])
async def test_of_an_owner_who_left_the_admins_are_told_once(
    outbox: Outbox, ask: str, code: str | None
) -> None:
    """Before anything is built, or where only Slack knows that they have left."""
    one = await outbox.subscribe(ask=ask)
    if code is None:
        outbox.judged = [NotSentReason.OWNER_LEFT, NotSentReason.OWNER_LEFT]
    else:
        outbox.slack.fault(POST, code, times=2)
    outbox.unknown = [SlackError("ratelimited")]
    for _ in range(3):
        await outbox.run(DUE)
    await outbox.run(WEEK)
    found = await outbox.subscriptions.find(one.id)
    assert found is not None
    assert found.paused == "owner_left"
    heard = [] if ask == ME else ["paused: owner_left"]
    assert [told(outbox.slack, who) for who in ("ada", "bob", "jane")] == [heard, heard, []]
    assert outbox.said() == []


# Rights, judged at every send


# Exec in trouble


@pytest.mark.parametrize(
    ("error", "why"), [(Broken("reset"), "exec_away"), (NotFound("No such thing."), "broken")]
)
async def test_after_a_day_of_trying_its_owner_is_told_once(
    outbox: Outbox, error: Exception, why: str
) -> None:
    await outbox.subscribe()
    outbox.made = [error] * 1000
    await outbox.run(DUE)
    for _ in range(26):
        await outbox.run(HOUR)
    assert (outbox.said(), told(outbox.slack, "jane")) == ([], [f"not sent: {why}"])
    assert 20 <= len(outbox.built) <= 100
    outbox.made = []
    await outbox.run(WEEK - 26 * HOUR)
    assert outbox.said() == ["west 2026-03-23"]


@pytest.mark.two_databases
async def test_a_database_that_goes_away_loses_nothing(outbox: Outbox) -> None:
    await outbox.subscribe()
    outbox.made = [StorageError("away")]
    await outbox.run(DUE)
    assert outbox.said() == []
    await outbox.run(SENDER_DEAD)
    assert outbox.said() == [TEXT]


# Asked for


# Side by side with people


async def test_removed_while_it_is_built_it_is_not_posted(outbox: Outbox) -> None:
    one = await outbox.subscribe()
    process = outbox.process()

    async def build(*_: object) -> Message:
        await outbox.subscriptions.remove(one.id)
        return Message("unwanted", [])

    process._builders = replace(process._builders, build={TEAM: build})
    outbox.clock.now += DUE
    await process.run_due()
    await outbox.run(SENDER_DEAD)
    assert (outbox.said(), await outbox.states()) == ([], [("skipped", "removed")])


MOVES = [DeliveryKind.SCHEDULED, DeliveryKind.NOW]


async def is_due(outbox: Outbox, one: Subscription, kind: DeliveryKind) -> None:
    if kind is DeliveryKind.NOW:
        await outbox.deliveries.send_now(one, outbox.user("bob"))
    else:
        outbox.clock.now += DUE


@pytest.mark.parametrize("kind", MOVES)
@pytest.mark.parametrize("fault", ["reset", "drop"])
async def test_removed_while_nobody_knows_whether_it_arrived_it_does_not_come_twice(
    outbox: Outbox, kind: DeliveryKind, fault: str
) -> None:
    one = await outbox.subscribe()
    outbox.slack.fault(POST, fault)
    await is_due(outbox, one, kind)
    await outbox.run()
    await outbox.subscriptions.remove(one.id)
    await outbox.run(SENDER_DEAD)
    assert await outbox.states(kind) == ([("skipped", "removed")] if fault == "reset" else SENT)
    await outbox.run(HOUR / 6)
    assert len(outbox.said()) == (0 if fault == "reset" else 1)


async def test_a_zone_follows_its_owner(outbox: Outbox, clock: FakeClock) -> None:
    zones = {outbox.user("jane"): "Asia/Tokyo", outbox.user("bob"): None}
    mine = {}
    for who in ("jane", "bob", "ada"):
        plan = Plan(outbox.user(who), "daily 9:00", "UTC", COACH, follows=True)
        mine[who] = await outbox.subscriptions.keep("T1", outbox.user(who), plan)
    process = outbox.process()

    async def zone_of(_team_id: str, user_id: str) -> str | None:
        if user_id not in zones:
            raise SlackError("fatal_error")
        return zones[user_id]

    scanner = type(process._scanner)(outbox.subscriptions, outbox.deliveries, zone_of, clock)
    clock.now += timedelta(hours=6, seconds=1)
    await scanner.follow_zones()
    found = {who: await outbox.subscriptions.find(one.id) for who, one in mine.items()}
    assert [one.plan.zone for one in found.values() if one] == ["Asia/Tokyo", "UTC", "UTC"]
