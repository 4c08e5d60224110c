"""Every payload is worked on once, whoever gets it, and nobody is left without an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import pairwise

import pytest

from bot.sandbox.demo import running
from bot.sandbox.exec_server import Fault
from bot.sandbox.slack_records import Ack
from bot.storage.payloads import LEASE, Payload
from tests.conftest import MakeUrl
from tests.conversations.test_digests import filled
from tests.office import COMMAND, MakeOffice, Office, button, labels, table

pytestmark = pytest.mark.acquainted


@pytest.mark.new_here
async def test_a_command_delivered_again_is_answered_once(office: Office) -> None:
    ack = await office.say("jane", "sessions last 7d")
    await office.heard("jane", after=ack)
    assert (await office.slack.redeliver(ack)).ok
    await office.bot.work.drain()
    assert len(office.seen("jane")) == 1
    assert_read_once(office)


@pytest.mark.new_here
async def test_a_command_delivered_twice_at_once_is_answered_once(office: Office) -> None:
    await office.ask("jane", "help")
    delivery = office.command_of("jane", "sessions last 7d")
    await asyncio.gather(*(office.act(delivery) for _ in range(5)))
    await office.bot.work.drain()
    assert len(office.seen("jane")) == 2
    assert_read_once(office)


async def test_a_press_delivered_again_counts_once(office: Office) -> None:
    answer = await office.ask("ana", "sessions me last 7d", "west-coast")
    asked = await office.press("ana", answer, "Share in channel")
    ack = await office.press_only("ana", asked, "Post it")
    assert (await office.slack.redeliver(ack)).ok
    await office.bot.work.drain()
    assert len([m for m in office.seen("jane", "west-coast") if m.visible_to is None]) == 1


async def test_pressing_twice_runs_twice(office: Office) -> None:
    """Two presses of one button are two wishes, not one delivered twice."""
    answer = await office.ask("jane", "sessions last 7d")
    for _ in range(2):
        office.clock.tick(61)
        office.forget()
        answer = await office.press("jane", answer, "Refresh")
        assert office.paths()
        assert set(office.paths()) == {"/sessions"}


async def test_a_form_sent_again_is_done_once(open_office: MakeOffice) -> None:
    """With the signature it had or another one, here or at another process."""
    async with open_office() as office, second_bot(office) as addresses:
        await office.say("ana", 'digest "West Coast"', "west-coast")
        view = await filled(office, "ana")
        refused = await office.slack.submit(office.user("ana"), view.id, {"zone": "Atlantis"})
        values = {"rhythm": "every friday", "zone": "Europe/Berlin"}
        saved = await office.slack.submit(office.user("ana"), view.id, values)
        told = await office.heard("ana", "west-coast", after=saved)
        for address in addresses:
            office.slack.request_url = address
            for ack in (refused, saved):
                assert ack.delivery is not None
                assert (await office.act(ack.delivery)).body == ack.body
                assert (await office.slack.redeliver(ack)).body == ack.body
        await office.bot.work.drain()
        assert office.seen("ana", "west-coast") == [told]
        listed = await office.ask("ana", "digest list", "west-coast")
        assert labels(listed).count("Pause") == 1


def assert_read_once(office: Office) -> None:
    """What one cold question costs: the newest page, and once what is before it."""
    newest, *before = office.asked()
    assert newest == {}
    assert len(before) == 1
    assert "end_date" in before[0]


@asynccontextmanager
async def second_bot(office: Office) -> AsyncIterator[tuple[str, str]]:
    """Another process on the same database; the addresses of both."""
    first, settings = office.slack.request_url, office.bot.core.settings
    assert first is not None
    async with running(settings, office.slack, office.clock, by_clock=False):
        second = office.slack.request_url
        assert second is not None
        assert second != first
        try:
            yield first, second
        finally:
            office.slack.request_url = first


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    make: MakeUrl = request.getfixturevalue(f"{request.param}_urls")
    return make()


async def test_two_processes_answer_once(open_office: MakeOffice, url: str) -> None:
    async with open_office(DATABASE_URL=url) as office, second_bot(office) as addresses:
        acks: list[Ack] = []
        for number in range(4):
            delivery = office.command_of("jane", f"sessions last {number + 1}d")
            for address in addresses:
                office.slack.request_url = address
                acks.append(await office.act(delivery))
        await office.until(lambda: len(office.seen("jane")) >= 4)
        await office.bot.work.drain()
        assert len(acks) == 8
        assert len(office.seen("jane")) == 4
        # Whichever question comes first, no part of the past is read by two.
        asked = sorted(office.asked(), key=lambda each: each.get("end_date", "9"))
        assert 2 <= len(asked) <= 4
        assert asked.pop() == {}
        for earlier, later in pairwise(asked):
            assert earlier["end_date"] < later["start_date"]


async def test_a_button_is_understood_by_the_other_process(
    open_office: MakeOffice, url: str
) -> None:
    async with open_office(DATABASE_URL=url) as office:
        answer = await office.ask("ana", "sessions last 20d")
        async with second_bot(office):
            further = await office.press("ana", answer, "Next")
            assert "Rows 101–" in further.text
            assert table(further) != table(answer)


@contextmanager
def dead_process(office: Office) -> Iterator[None]:
    """What a process leaves behind that dies with a question in hand: nothing is finished."""
    yield
    office.clock.tick(LEASE.total_seconds() + 1)


async def orphan(office: Office, words: str | None) -> None:
    """A payload that was taken on by a process that died."""
    url = office.slack.new_response_url(
        "commands",
        office.user("jane"),
        office.channel("sales-practice"),
        message_ts=None,
        typed=f"{COMMAND} {words}",
    )
    payload = Payload(
        f"key of {words}",
        office.slack.team.id,
        office.user("jane"),
        office.channel("sales-practice"),
        url,
        words,
    )
    with dead_process(office):
        assert await office.bot.payloads.claim(payload)


async def test_a_question_that_died_with_its_process_is_offered_again(office: Office) -> None:
    await orphan(office, "sessions last 7d")
    mark = office.slack.revision
    await asyncio.gather(office.bot.work.answer_interrupted(), office.bot.work.answer_interrupted())
    told = await office.slack.wait_for_message(
        office.user("jane"), office.channel("sales-practice"), after=mark
    )
    assert told.text.startswith("I was interrupted before I could answer.")
    await office.bot.work.answer_interrupted()
    assert office.seen("jane") == [told]  # once
    assert labels(told) == ["Try again"]
    assert table(await office.press("jane", told, "Try again"))[1:]


async def test_a_question_that_is_still_worked_on_is_no_orphan(office: Office) -> None:
    await office.ask("jane", "sessions last 1d")
    office.clock.tick(61)  # what is new has to be looked at
    office.exec.faults.append(Fault("slow", 1, path="/sessions", seconds=0.6))
    ack = await office.say("jane", "sessions last 7d")
    await office.bot.work.answer_interrupted()
    assert table(await office.heard("jane", after=ack))[1:]


async def test_a_press_that_died_leaves_the_channels_message_alone(office: Office) -> None:
    answer = await office.ask("jane", "sessions last 7d", "west-coast")
    asked = await office.press("jane", answer, "Share in channel")
    await office.press("jane", asked, "Post it")
    await office.bot.work.drain()
    (post,) = office.seen("ana", "west-coast")
    url = office.slack.new_response_url(
        "actions", office.user("jane"), post.channel, message_ts=post.ts, typed=None
    )
    payload = Payload("removal", office.slack.team.id, office.user("jane"), post.channel, url, None)
    with dead_process(office):
        await office.bot.payloads.claim(payload)
    await office.bot.work.answer_interrupted()
    assert office.slack.message(post.ts) == post
    assert button(post, "Remove")
    told = office.seen("jane", "west-coast")[-1]
    assert told.text.startswith("I was interrupted")
    assert told.visible_to == office.user("jane")


@pytest.mark.new_here
async def test_stopping_tells_those_who_wait(open_office: MakeOffice) -> None:
    async with open_office() as office:
        await office.ask("jane", "sessions last 1d")
        office.exec.faults.append(Fault("slow", 1, path="/sessions", seconds=5))
        ack = await office.say("jane", "sessions last 7d")
        await office.until(lambda: len(office.asked()) == 2, seconds=10)
        await office.bot.work.drain(seconds=0.1)
        told = await office.heard("jane", after=ack)
        assert told.text.startswith("I was interrupted before I could answer.")
        assert labels(told) == ["Try again"]
