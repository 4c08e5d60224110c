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

from bot.errors import Broken, Limited, NotFound, SlackError, StorageError, WrongKey
from bot.outbox.deliver import EXEC_AGAIN_AFTER
from bot.outbox.deliveries import LATE_AFTER, WINDOW, DeliveryKind
from bot.outbox.plans import COACH, ME, TEAM, Plan, Subscription, team_ask
from bot.outbox.reasons import SLACK_SAYS, Why
from bot.rendering.views import Message
from bot.slack.call import RateLimited
from bot.storage.database import Database
from tests.conftest import START, FakeClock, MakeUrl
from tests.deliveries import Killed, Life, told
from tests.outbox.office import (
    HISTORY,
    POST,
    SENDER_DEAD,
    WORKER_DEAD,
    Office,
    an_office,
    side_by_side,
)

pytestmark = pytest.mark.one_database

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
DUE = timedelta(minutes=30)  # START is half an hour before
KEY = "2026-03-16"
TEXT = f"west {KEY}"
SENT = [("sent", "")]


@pytest.fixture
async def office(database: Database, clock: FakeClock) -> AsyncIterator[Office]:
    async with an_office(database, clock) as office:
        yield office


# When


@pytest.mark.two_databases
async def test_it_arrives_at_its_time_once_and_again_the_next_week(office: Office) -> None:
    await office.subscribe()
    await office.run(DUE - timedelta(seconds=10))
    assert office.said() == []
    await office.run(timedelta(seconds=10))
    await office.run(HOUR)
    assert office.said() == [TEXT]
    await office.run(WEEK)
    assert office.said() == [TEXT, "west 2026-03-23"]


@pytest.mark.parametrize(
    ("late_by", "late"), [(timedelta(0), False), (LATE_AFTER, True), (WINDOW - HOUR, True)]
)
async def test_after_downtime_it_is_sent_late_and_says_so(
    office: Office, late_by: timedelta, late: bool
) -> None:
    await office.subscribe()
    await office.run(DUE + late_by)
    assert office.built == [(KEY, DeliveryKind.SCHEDULED, late)]


async def test_after_a_long_downtime_only_the_newest_is_sent(office: Office) -> None:
    await office.subscribe("daily 10:00")
    await office.run(DUE + timedelta(days=3, hours=1))
    assert office.said() == ["west 2026-03-19"]
    assert await office.states() == [("missed", "old")] * 3 + SENT


async def test_a_day_late_it_is_missed(office: Office) -> None:
    await office.subscribe()
    await office.run(DUE + WINDOW)
    assert office.said() == []
    assert await office.states() == [("missed", "old")]


async def test_paused_it_sends_nothing_of_that_time(office: Office) -> None:
    one = await office.subscribe("daily 10:00")
    await office.subscriptions.pause(one.id)
    await office.run(DUE)
    await office.subscriptions.resume(one.id)
    await office.run()
    assert office.said() == []
    await office.run(timedelta(days=1))
    assert office.said() == ["west 2026-03-17"]


async def test_snoozed_it_begins_again_by_itself(office: Office) -> None:
    one = await office.subscribe("daily 10:00")
    await office.subscriptions.snooze(one.id, START + timedelta(days=2))
    for _ in range(3):
        await office.run(timedelta(days=1))
    assert office.said() == ["west 2026-03-18"]


@pytest.mark.two_databases
async def test_removed_and_brought_back_it_is_sent(office: Office) -> None:
    one = await office.subscribe()
    await office.subscriptions.remove(one.id)
    await office.run(DUE)
    assert office.said() == []
    again = await office.subscribe()
    assert again.id != one.id
    await office.subscriptions.undo(one.id)
    assert await office.subscriptions.undo(one.id) is None


# Once


async def test_dead_at_any_step_it_still_arrives_once(office: Office) -> None:
    for steps in itertools.count():
        one = await office.subscribe(group_id=f"g{steps}")
        office.clock.now = START + DUE + steps * WEEK
        try:
            await office.process(Life(steps)).run_due()
        except Killed:
            died = True
        else:
            died = False
        for _ in range(2):
            await office.run(WORKER_DEAD)
        text = f"g{steps} {START + steps * WEEK:%Y-%m-%d}"
        assert office.said().count(text) == 1, f"dead at step {steps}"
        await office.subscriptions.remove(one.id)
        if not died:
            break
    # Two steps for each of: note, claim, the subscription, judge (one), hold, post, close, and
    # the claim that finds none, once while it is under way and once after.
    assert steps >= 15


@pytest.mark.parametrize("seed", range(8))
async def test_dead_again_and_again_among_faults_of_slack(
    sqlite_urls: MakeUrl, clock: FakeClock, seed: int
) -> None:
    chance = random.Random(seed)
    async with Database(sqlite_urls()) as database, an_office(database, clock) as office:
        for group_id in ("west", "east", "north"):
            await office.subscribe(group_id=group_id)
        clock.now += DUE
        for _ in range(8):
            if chance.random() < 0.6:
                kind = chance.choice(["drop", "reset", "ratelimited", "fatal_error"])
                office.slack.fault(chance.choice([POST, HISTORY]), kind)
            with suppress(Killed):
                await office.process(Life(chance.randrange(40))).run_due()
            clock.now += chance.choice([timedelta(seconds=2), SENDER_DEAD, WORKER_DEAD])
        for _ in range(8):
            await office.run(WORKER_DEAD)
        assert sorted(office.said()) == [
            f"{group_id} {KEY}" for group_id in ("east", "north", "west")
        ]
        assert await office.states() == SENT * 3


@pytest.mark.parametrize("fault", ["drop", "reset", "fatal_error"])
async def test_unsure_it_is_looked_for_before_it_is_sent_again(office: Office, fault: str) -> None:
    await office.subscribe()
    office.slack.fault(POST, fault)
    await office.run(DUE)
    assert [call.method for call in office.slack.calls] == [POST]
    await office.run(SENDER_DEAD)
    assert (office.said(), await office.states()) == ([TEXT], SENT)
    posts = [call.method for call in office.slack.calls].count(POST)
    assert posts == (1 if fault == "drop" else 2)


async def test_found_it_is_closed_with_its_ts(office: Office) -> None:
    one = await office.subscribe()
    office.slack.fault(POST, "drop")
    await office.run(DUE)
    await office.run(SENDER_DEAD)
    last = (await office.deliveries.last([one.id]))[one.id]
    assert last.ts == office.slack.messages[0].ts


async def test_a_message_names_nobody_in_its_metadata(office: Office) -> None:
    one = await office.subscribe()
    await office.run(DUE)
    last = (await office.deliveries.last([one.id]))[one.id]
    (call,) = [call for call in office.slack.calls if call.method == POST]
    assert call.args["metadata"]["event_payload"] == {"id": last.id}


async def test_a_history_that_cannot_be_read_leaves_it_unsent_and_its_owner_told(
    office: Office,
) -> None:
    await office.subscribe()
    office.slack.fault(POST, "reset")
    office.slack.scopes.discard("channels:history")
    await office.run(DUE)
    for _ in range(3):
        await office.run(SENDER_DEAD)
    assert (office.said(), await office.states()) == ([], [("failed", "unsettled")])
    assert told(office.slack, "jane") == ["not sent: unsettled"]
    await office.run(WEEK)
    assert office.said() == ["west 2026-03-23"]


@pytest.mark.two_databases
async def test_two_processes_share_the_work(database_url: str, clock: FakeClock) -> None:
    async with (
        Database(database_url) as first,
        Database(database_url) as second,
        an_office(first, clock) as here,
    ):
        there = Office(here.slack, second, clock)
        channels = [here.add_channel(f"c{n}") for n in range(20)]
        for place in channels:
            await here.subscribe(place=place)
        clock.now += DUE
        for _ in range(4):
            here.slack.fault(POST, "drop")
            here.slack.fault(POST, "slow", seconds=0.01)
        await side_by_side(*(office.process() for office in (here, there) for _ in range(2)))
        clock.now += SENDER_DEAD
        await side_by_side(here.process(), there.process())
        assert sorted(m.channel for m in here.slack.messages) == sorted(channels)
        assert len(here.built) + len(there.built) == 20
        # One writer at a time: on SQLite the first one there may do it all.
        assert first.is_sqlite or (here.built and there.built)


# Slack in trouble


async def test_a_rate_limit_is_waited_for(office: Office) -> None:
    await office.subscribe()
    office.slack.fault(POST, "ratelimited", seconds=20)
    await office.run(DUE)
    assert (office.sleep.slept, office.said()) == ([20], [TEXT])


async def test_a_long_rate_limit_is_left_to_the_ledger(office: Office) -> None:
    await office.subscribe()
    office.slack.fault(POST, "ratelimited", seconds=3600)
    await office.run(DUE)
    await office.run(timedelta(seconds=3590))
    assert office.said() == []
    await office.run(timedelta(seconds=10))
    assert office.said() == [TEXT]


async def test_one_slow_channel_delays_no_other(office: Office) -> None:
    slow, quick = (office.add_channel(name) for name in ("slow", "quick"))
    await office.subscribe(place=slow)
    await office.subscribe(place=slow, group_id="east")
    other = await office.subscribe("every friday 10:00", place=quick)
    office.slack.fault(POST, "slow", seconds=2.5)
    office.clock.now += DUE
    with office.slack.watch() as changed:
        running = asyncio.create_task(office.process().run_due())
        await office.building.wait()
        # Wanted while the other is under way.
        await office.deliveries.send_now(other, office.user())
        await changed.wait()
        assert [message.channel for message in office.slack.messages] == [quick]
        await running
    await office.run()
    assert sorted(m.channel for m in office.slack.messages) == sorted([slow, slow, quick])


async def test_a_clock_that_jumps_ahead_while_it_is_posted_sends_nothing_twice(
    office: Office,
) -> None:
    await office.subscribe()
    office.slack.fault(POST, "slow", seconds=1.5)
    office.clock.now += DUE
    running = asyncio.create_task(office.process().run_due())
    await office.building.wait()
    await asyncio.sleep(0.2)
    office.clock.now += HOUR
    await running
    await office.run(WORKER_DEAD)
    assert (office.said(), await office.states()) == ([TEXT], SENT)


async def test_a_channel_is_given_a_second_between_messages(office: Office) -> None:
    for group_id in ("west", "east", "north"):
        await office.subscribe(group_id=group_id)
    office.clock.now += DUE
    for count in (1, 2, 3):
        await office.process().run_due()
        await office.process().run_due()
        assert len(office.said()) == count
        office.clock.now += timedelta(seconds=1)


OF_THE_OWNER = sorted(code for code, why in SLACK_SAYS.items() if why is Why.OWNER_LEFT)


@pytest.mark.parametrize("code", sorted({*SLACK_SAYS} - {*OF_THE_OWNER}))
async def test_where_nothing_can_be_sent_it_pauses_and_its_owner_is_told_once(
    office: Office, code: str
) -> None:
    one = await office.subscribe()
    office.slack.fault(POST, code)
    await office.run(DUE)
    paused = await office.subscriptions.find(one.id)
    assert paused is not None
    assert paused.paused == SLACK_SAYS[code]
    for _ in range(3):
        await office.run(WEEK)
    assert office.said() == []
    assert told(office.slack, "jane") == [f"paused: {SLACK_SAYS[code]}"]


async def test_after_the_channel_is_mended_it_resumes(office: Office) -> None:
    one = await office.subscribe()
    channel = office.slack.team.channel_called("sales")
    office.slack.scopes.discard("chat:write.public")
    channel.has_bot = False
    await office.run(DUE)
    assert told(office.slack, "jane") == ["paused: not_in_channel"]
    channel.has_bot = True
    await office.subscriptions.resume(one.id)
    await office.run(WEEK)
    assert office.said() == ["west 2026-03-23"]


async def test_a_message_that_slack_refuses_is_told_and_the_next_one_comes(
    office: Office,
) -> None:
    await office.subscribe()
    office.slack.fault(POST, "msg_too_long")
    await office.run(DUE)
    assert told(office.slack, "jane") == ["not sent: refused"]
    await office.run(WEEK)
    assert office.said() == ["west 2026-03-23"]


async def test_slack_that_never_takes_it_is_told_after_a_day(office: Office) -> None:
    await office.subscribe()
    office.slack.fault(POST, "team_access_not_granted", times=10_000)
    await office.run(DUE)
    await office.run(WINDOW / 2)
    assert await office.states() == [("waiting", "slack_away")]
    office.slack._faults.clear()
    office.clock.now += WINDOW / 2
    await office.run()
    assert (office.said(), told(office.slack, "jane")) == ([], ["not sent: slack_away"])


@pytest.mark.parametrize("ask", [team_ask("west"), COACH, ME])
@pytest.mark.parametrize("code", [None, "user_disabled"])
async def test_of_an_owner_who_left_the_admins_are_told_once(
    office: Office, ask: str, code: str | None
) -> None:
    """Before anything is built, or where only Slack knows that they have left."""
    one = await office.subscribe(ask=ask)
    if code is None:
        office.judged = [Why.OWNER_LEFT, Why.OWNER_LEFT]
    else:
        office.slack.fault(POST, code, times=2)
    office.unknown = [SlackError("ratelimited")]
    for _ in range(3):
        await office.run(DUE)
    await office.run(WEEK)
    found = await office.subscriptions.find(one.id)
    assert found is not None
    assert found.paused == "owner_left"
    heard = [] if ask == ME else ["paused: owner_left"]
    assert [told(office.slack, who) for who in ("ada", "bob", "jane")] == [heard, heard, []]
    assert office.said() == []


async def test_an_owner_who_cannot_be_told_ends_it(office: Office) -> None:
    one = await office.subscribe()
    office.slack.team.user_called("jane").deleted = True
    office.judged = [Why.OWNER_IS_GUEST]
    await office.run(DUE)
    for _ in range(3):
        await office.run(HOUR)
    assert (await office.states(DeliveryKind.NOTICE))[0][0] == "failed"
    found = await office.subscriptions.find(one.id)
    assert found is not None
    assert found.paused == "owner_is_guest"


# Rights, judged at every send


@pytest.mark.parametrize("why", [Why.NO_RIGHT, Why.OWNER_IS_GUEST, Why.SHARED_CHANNEL])
async def test_rights_that_are_gone_pause_it(office: Office, why: Why) -> None:
    one = await office.subscribe()
    await office.run(DUE)
    office.judged = [why]
    await office.run(WEEK)
    found = await office.subscriptions.find(one.id)
    assert found is not None
    assert found.paused == why
    await office.run(WEEK)
    assert office.said() == [TEXT]
    assert told(office.slack, "jane") == [f"paused: {why}"]
    assert len(office.built) == 1


async def test_an_empty_group_is_told_to_the_owner_and_not_to_the_channel(office: Office) -> None:
    one = await office.subscribe()
    office.made = [Why.EMPTY_GROUP]
    await office.run(DUE)
    assert (office.said(), told(office.slack, "jane")) == ([], ["not sent: empty_group"])
    found = await office.subscriptions.find(one.id)
    assert found is not None
    assert found.is_on


# Exec in trouble


@pytest.mark.parametrize(
    "error",
    [Broken("status"), WrongKey(), TimeoutError(), SlackError("fatal_error"), KeyError("x")],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("where", ["made", "judged"])
async def test_what_passes_is_tried_again(office: Office, error: Exception, where: str) -> None:
    await office.subscribe()
    setattr(office, where, [error, error])
    await office.run(DUE)
    assert office.said() == []
    for _ in range(2):
        await office.run(EXEC_AGAIN_AFTER)
    assert (office.said(), told(office.slack, "jane")) == ([TEXT], [])


async def test_a_limit_is_waited_for_exactly(office: Office) -> None:
    await office.subscribe()
    office.made = [Limited(START + DUE + 2 * HOUR, "day")]
    await office.run(DUE)
    await office.run(2 * HOUR - timedelta(seconds=10))
    assert office.said() == []
    await office.run(timedelta(seconds=10))
    assert office.built[-1] == (KEY, DeliveryKind.SCHEDULED, True)
    assert office.said() == [TEXT]


async def test_as_long_as_slack_says_is_waited(office: Office) -> None:
    """While it is looked who is in the channel."""
    await office.subscribe()
    office.judged = [RateLimited(20)]
    await office.run(DUE)
    await office.run(timedelta(seconds=14))  # and the five seconds of two runs
    assert office.said() == []
    await office.run(timedelta(seconds=1))
    assert office.said() == [TEXT]


@pytest.mark.parametrize(
    ("error", "why"), [(Broken("reset"), "exec_away"), (NotFound("No such thing."), "broken")]
)
async def test_after_a_day_of_trying_its_owner_is_told_once(
    office: Office, error: Exception, why: str
) -> None:
    await office.subscribe()
    office.made = [error] * 1000
    await office.run(DUE)
    for _ in range(26):
        await office.run(HOUR)
    assert (office.said(), told(office.slack, "jane")) == ([], [f"not sent: {why}"])
    assert 20 <= len(office.built) <= 100
    office.made = []
    await office.run(WEEK - 26 * HOUR)
    assert office.said() == ["west 2026-03-23"]


async def test_what_hangs_is_cut_short_and_tried_again(office: Office) -> None:
    await office.subscribe()
    process = office.process()
    process._build_seconds = 0.05

    async def hang(*_: object) -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    process._makers = replace(process._makers, build={TEAM: hang})
    office.clock.now += DUE
    await process.run_due()
    assert await office.states() == [("waiting", "exec_away")]
    await office.run(EXEC_AGAIN_AFTER)
    assert office.said() == [TEXT]


@pytest.mark.two_databases
async def test_a_database_that_goes_away_loses_nothing(office: Office) -> None:
    await office.subscribe()
    office.made = [StorageError("away")]
    await office.run(DUE)
    assert office.said() == []
    await office.run(WORKER_DEAD)
    assert office.said() == [TEXT]


async def test_a_broken_one_is_none_the_worse_for_the_others(office: Office) -> None:
    plan = Plan(office.channel(), "every monday 10:00", "Nowhere/At_All", team_ask("west"))
    await office.subscriptions.keep("T1", office.user(), plan)
    plan = Plan(office.channel(), "now and then", "UTC", team_ask("west"))
    await office.subscriptions.keep("T1", office.user(), plan)
    await office.subscribe()
    await office.run(DUE)
    assert office.said() == [TEXT]


# Asked for


async def test_send_now_goes_to_the_channel_and_leaves_the_schedule_alone(office: Office) -> None:
    one = await office.subscribe()
    await office.deliveries.send_now(one, office.user("bob"))
    await office.run()
    (text,) = office.said()
    assert text.startswith("west now ")
    await office.run(DUE)
    assert office.said()[1:] == [TEXT]


@pytest.mark.parametrize("why", [Why.NO_RIGHT, Why.NOT_IN_CHANNEL])
async def test_what_keeps_it_is_told_to_whoever_pressed_and_pauses_nothing(
    office: Office, why: Why
) -> None:
    one = await office.subscribe()
    office.judged = [why]
    await office.deliveries.send_now(one, office.user("bob"))
    await office.run()
    assert (told(office.slack, "bob"), told(office.slack, "jane")) == ([f"not sent: {why}"], [])
    await office.run(DUE)
    assert office.said() == [TEXT]


async def test_a_paused_one_can_be_sent_by_hand(office: Office) -> None:
    one = await office.subscribe()
    await office.subscriptions.pause(one.id)
    await office.deliveries.send_now(one, office.user())
    await office.run()
    assert len(office.said()) == 1


async def test_whoever_pressed_does_not_wait_for_a_day(office: Office) -> None:
    one = await office.subscribe("every friday 10:00")
    await office.deliveries.send_now(one, office.user("bob"))
    office.made = [Broken("reset")] * 100
    for _ in range(14):
        await office.run(EXEC_AGAIN_AFTER)
    assert told(office.slack, "bob") == ["not sent: exec_away"]


# Side by side with people


async def test_cut_short_it_is_taken_up_again(office: Office) -> None:
    await office.subscribe()
    office.slack.fault(POST, "slow", seconds=0.3)
    office.clock.now += DUE
    running = asyncio.create_task(office.process().run_due())
    await office.building.wait()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await asyncio.sleep(0.5)
    await office.run(WORKER_DEAD)
    assert (office.said(), await office.states()) == ([TEXT], SENT)


async def test_removed_while_it_is_built_it_is_not_posted(office: Office) -> None:
    one = await office.subscribe()
    process = office.process()

    async def build(*_: object) -> Message:
        await office.subscriptions.remove(one.id)
        return Message("unwanted", [])

    process._makers = replace(process._makers, build={TEAM: build})
    office.clock.now += DUE
    await process.run_due()
    await office.run(WORKER_DEAD)
    assert (office.said(), await office.states()) == ([], [("skipped", "removed")])


MOVES = [DeliveryKind.SCHEDULED, DeliveryKind.NOW]


async def is_due(office: Office, one: Subscription, kind: DeliveryKind) -> None:
    if kind is DeliveryKind.NOW:
        await office.deliveries.send_now(one, office.user("bob"))
    else:
        office.clock.now += DUE


@pytest.mark.parametrize("kind", MOVES)
@pytest.mark.parametrize("paused", [False, True])
async def test_moved_while_it_waits_it_is_of_the_new_group_in_the_new_place(
    office: Office, kind: DeliveryKind, paused: bool
) -> None:
    other, one = office.add_channel("other"), await office.subscribe()
    office.made = [Broken("status")]
    await is_due(office, one, kind)
    await office.run()
    if paused:
        await office.subscriptions.pause(one.id)
    await office.subscriptions.change(one.id, replace(one.plan, place=other, ask=team_ask("east")))
    await office.run(EXEC_AGAIN_AFTER)
    by_clock = kind is DeliveryKind.SCHEDULED
    assert len(office.built) == (1 if paused and by_clock else 2)
    assert office.said() == []
    assert all(text.startswith("east ") for text in office.said("other"))
    assert len(office.said("other")) == len(office.built) - 1


@pytest.mark.parametrize("kind", MOVES)
async def test_moved_while_nobody_knows_whether_it_arrived_it_goes_to_the_new_place(
    office: Office, kind: DeliveryKind
) -> None:
    other, one = office.add_channel("other"), await office.subscribe()
    office.slack.fault(POST, "reset")
    await is_due(office, one, kind)
    await office.run()
    await office.subscriptions.change(one.id, replace(one.plan, place=other, ask=team_ask("east")))
    await office.run(SENDER_DEAD)
    assert office.said() == []
    (text,) = office.said("other")
    assert text.startswith("east ")


@pytest.mark.parametrize("kind", MOVES)
@pytest.mark.parametrize("fault", ["reset", "drop"])
async def test_removed_while_nobody_knows_whether_it_arrived_and_undone_it_comes_once(
    office: Office, kind: DeliveryKind, fault: str
) -> None:
    one = await office.subscribe()
    office.slack.fault(POST, fault)
    await is_due(office, one, kind)
    await office.run()
    await office.subscriptions.remove(one.id)
    await office.run(SENDER_DEAD)
    assert await office.states(kind) == ([("skipped", "removed")] if fault == "reset" else SENT)
    await office.subscriptions.undo(one.id)
    await office.run(HOUR / 6)
    assert (len(office.said()), await office.states(kind)) == (1, SENT)


async def test_of_a_removed_one_what_was_asked_for_is_not_sent(office: Office) -> None:
    one = await office.subscribe()
    await office.deliveries.send_now(one, office.user("bob"))
    await office.subscriptions.remove(one.id)
    await office.run()
    assert (office.said(), await office.states(DeliveryKind.NOW)) == ([], [("skipped", "removed")])


async def test_a_zone_follows_its_owner(office: Office, clock: FakeClock) -> None:
    zones = {office.user("jane"): "Asia/Tokyo", office.user("bob"): None}
    mine = {}
    for who in ("jane", "bob", "ada"):
        plan = Plan(office.user(who), "daily 9:00", "UTC", COACH, follows=True)
        mine[who] = await office.subscriptions.keep("T1", office.user(who), plan)
    process = office.process()

    async def zone_of(_team_id: str, user_id: str) -> str | None:
        if user_id not in zones:
            raise SlackError("fatal_error")
        return zones[user_id]

    looking = type(process._looking)(office.subscriptions, office.deliveries, zone_of, clock)
    clock.now += timedelta(hours=6, seconds=1)
    await looking.follow_zones()
    found = {who: await office.subscriptions.find(one.id) for who, one in mine.items()}
    assert [one.plan.zone for one in found.values() if one] == ["Asia/Tokyo", "UTC", "UTC"]
