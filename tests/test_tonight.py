"""Run it tonight and be told: the answer arrives once, whatever dies on the way."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Broken, Limited, NotAllowed, SlackError, StorageError, UserError, WrongKey
from bot.rendering import blocks
from bot.rendering.markup import read
from bot.rendering.views import Message
from bot.sandbox.slack_server import SlackServer
from bot.storage.awaited import LEASES, Awaited, AwaitedQuestions, State
from bot.storage.database import Database
from bot.storage.tables import awaited_question
from bot.tonight import AGAIN_AFTER, ANSWER_WITHIN, TELL_WITHIN, Tonight, tonight
from tests.conftest import START, FakeClock, MakeUrl
from tests.deliveries import Killed, Life, Mortal, Sleep, a_slack, told, web

pytestmark = pytest.mark.one_database

POST, HISTORY = "chat.postMessage", "conversations.history"
TABLE = (
    "<message><table caption='one row'><tr><th>Who</th></tr><tr><td>Jane</td></tr></table>"
    "</message>"
)
numbers = itertools.count(1)


class Night:
    """A night with a Slack and a database; `answers` says what the pipeline does next."""

    def __init__(self, slack: SlackServer, database: Database, clock: FakeClock) -> None:
        self.slack, self.database, self.clock = slack, database, clock
        self.sleep = Sleep(clock)
        self.answers: list[Message | Exception] = []
        self.asked: list[tuple[str, str, str]] = []
        self.explained: list[Exception] = []
        self.questions = AwaitedQuestions(database, clock, lambda: f"id{next(numbers):06}")

    async def options(self, who: str, words: str = "sessions") -> str:
        user_id = self.slack.team.user_called(who).id
        return await self.questions.keep("T1", user_id, words, self.clock())

    def process(self, life: Life | None = None, timeout: float = 5) -> Tonight:
        """A process that works off what is due, while it lives."""
        life = life or Life()

        async def answer(team_id: str, user_id: str, words: str) -> Message:
            life.step()
            self.asked.append((team_id, user_id, words))
            result = self.answers.pop(0) if self.answers else Message(f"answer to {words}", [])
            if isinstance(result, Exception):
                raise result
            life.step()
            return result

        async def explain(error: Exception, _question: Awaited) -> Message:
            self.explained.append(error)
            known = isinstance(error, UserError)
            return Message(error.sentence.plain() if known else type(error).__name__, [])

        return Tonight(
            questions=Mortal(self.questions, life),  # type: ignore[arg-type]
            answer=answer,
            explain=explain,
            slack=Mortal(web(self.slack, timeout), life),  # type: ignore[arg-type]
            clock=self.clock,
            sleep=self.sleep,
        )

    async def run(self, after: timedelta = timedelta(0)) -> None:
        """Let time pass, and a healthy process run."""
        self.clock.now += after
        await self.process().run_due()

    async def states(self) -> list[str]:
        query = sa.select(awaited_question.c.state)
        async with self.database.transaction(reads=True) as connection:
            return sorted((await connection.execute(query)).scalars())


@pytest.fixture
async def night(database: Database, clock: FakeClock) -> AsyncIterator[Night]:
    async with a_slack(clock) as slack:
        yield Night(slack, database, clock)


WORKER_DEAD, SENDER_DEAD = LEASES[State.WORKING], LEASES[State.POSTING]


# When


@pytest.mark.parametrize(
    ("now", "zone", "at"),
    [
        ("2026-03-16 09:30", "UTC", "2026-03-16 22:00"),
        ("2026-03-16 21:59", "UTC", "2026-03-16 22:00"),
        ("2026-03-16 22:00", "UTC", "2026-03-16 22:00"),
        ("2026-03-17 04:59", "UTC", "2026-03-17 04:59"),
        ("2026-03-17 05:00", "UTC", "2026-03-17 22:00"),
        ("2026-03-16 20:30", "Europe/Berlin", "2026-03-16 21:00"),
        ("2026-03-16 21:30", "Europe/Berlin", "2026-03-16 21:30"),
        ("2026-03-16 09:30", "America/Los_Angeles", "2026-03-16 09:30"),
        # Greenland's clocks went from 22:00 to 23:00.
        ("2022-03-27 00:30", "America/Nuuk", "2022-03-27 01:00"),
    ],
)
def test_tonight(now: str, zone: str, at: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert tonight(moment, ZoneInfo(zone)) == datetime.fromisoformat(at).replace(tzinfo=UTC)


@given(st.integers(min_value=0, max_value=15 * 365 * 24 * 60), st.timezone_keys(allow_prefix=False))
def test_tonight_is_the_next_moment_that_is_night(minutes: int, key: str) -> None:
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    zone = ZoneInfo(key)
    at = tonight(now, zone)
    local = at.astimezone(zone)
    assert local.time() >= time(22) or local.time() < time(5)
    assert now <= at <= now + timedelta(hours=18)
    before = (at - timedelta(minutes=1)).astimezone(zone)
    assert at == now or time(5) <= before.time() < time(22)


# What is told


@pytest.mark.two_databases
async def test_it_is_answered_when_due_and_told_to_whoever_asked(
    night: Night, clock: FakeClock
) -> None:
    jane = night.slack.team.user_called("jane").id
    await night.questions.keep("T1", jane, "sessions last 90d", START + timedelta(hours=2))
    await night.run()
    assert (night.asked, told(night.slack, "jane")) == ([], [])
    await night.run(timedelta(hours=2))
    assert night.asked == [("T1", jane, "sessions last 90d")]
    assert told(night.slack, "jane") == ["answer to sessions last 90d"]
    await night.run(timedelta(hours=2))
    assert (len(night.asked), await night.states()) == (1, ["done"])


async def test_when_exec_is_limited_it_waits_until_there_are_requests(night: Night) -> None:
    await night.options("jane")
    night.answers = [Limited(START + timedelta(hours=3), "day")]
    await night.run()
    await night.run(timedelta(hours=3, seconds=-1))
    assert (len(night.asked), told(night.slack, "jane")) == (1, [])
    await night.run(timedelta(seconds=1))
    assert told(night.slack, "jane") == ["answer to sessions"]


@pytest.mark.parametrize("error", [Broken("html"), WrongKey(), SlackError("x"), TimeoutError()])
async def test_what_is_away_is_asked_again_later_and_holds_up_nobody(
    night: Night, error: Exception
) -> None:
    await night.options("jane")
    await night.options("bob")
    night.answers = [error]
    await night.run()
    assert sorted(told(night.slack, "jane") + told(night.slack, "bob")) == ["answer to sessions"]
    await night.run(AGAIN_AFTER)
    assert told(night.slack, "jane") == told(night.slack, "bob") == ["answer to sessions"]


async def test_after_a_day_they_are_told_that_there_is_none(night: Night) -> None:
    await night.options("jane", "sessions @bob")
    night.answers = [Broken("reset")] * 200
    await night.run()
    for _ in range(100):
        await night.run(AGAIN_AFTER)
    (text,) = told(night.slack, "jane")
    assert text.startswith("I could not answer “sessions @bob” within a day")
    (error,) = night.explained
    assert isinstance(error, UserError)
    assert [offer.words for offer in error.suggestions] == ["sessions @bob"]
    assert len(night.asked) == ANSWER_WITHIN // AGAIN_AFTER
    assert await night.states() == ["done"]


async def test_found_only_days_later_it_is_not_answered_as_if_it_were_then(night: Night) -> None:
    await night.options("jane")
    await night.run(ANSWER_WITHIN)
    assert night.asked == []
    assert told(night.slack, "jane")[0].startswith("I could not answer")


@pytest.mark.parametrize(
    ("error", "says"),
    [(NotAllowed("Not yours to see."), "Not yours to see."), (KeyError("x"), "KeyError")],
)
async def test_what_time_does_not_mend_is_told_at_once(
    night: Night, error: Exception, says: str
) -> None:
    await night.options("jane")
    night.answers = [error]
    await night.run()
    await night.run(timedelta(hours=1))
    assert (told(night.slack, "jane"), len(night.asked)) == ([says], 1)


async def test_a_database_that_is_away_ends_the_run_and_the_question_stays(night: Night) -> None:
    await night.options("jane")
    night.answers = [StorageError("away")]
    with pytest.raises(StorageError):
        await night.run()
    await night.run(WORKER_DEAD)
    assert told(night.slack, "jane") == ["answer to sessions"]


# Once


async def test_dead_at_any_step_it_still_arrives_once(night: Night) -> None:
    for steps in itertools.count():
        await night.options("jane")
        before = len(told(night.slack, "jane"))
        try:
            await night.process(Life(steps)).run_due()
        except Killed:
            pass
        else:
            break
        await night.run(WORKER_DEAD)
        assert len(told(night.slack, "jane")) == before + 1, f"dead at step {steps}"
    # Two steps for each of: claim, answer, hold, post, finish and the claim that finds none.
    assert steps == 12
    assert set(await night.states()) == {"done"}


@pytest.mark.parametrize("seed", range(15))
async def test_dead_again_and_again_among_faults_of_slack(
    sqlite_urls: MakeUrl, clock: FakeClock, seed: int
) -> None:
    chance = random.Random(seed)
    async with Database(sqlite_urls()) as database, a_slack(clock) as slack:
        night = Night(slack, database, clock)
        for who in ("jane", "bob"):
            await night.options(who)
        for _ in range(6):
            if chance.random() < 0.5:
                kind = chance.choice(["drop", "reset", "ratelimited", "fatal_error"])
                slack.fault(chance.choice([POST, HISTORY, "conversations.open"]), kind)
            with suppress(Killed):
                await night.process(Life(chance.randrange(20))).run_due()
            clock.now += chance.choice([timedelta(seconds=1), SENDER_DEAD, WORKER_DEAD])
        for _ in range(8):
            await night.run(WORKER_DEAD)
        assert await night.states() == ["done", "done"]
        for who in ("jane", "bob"):
            assert told(slack, who) == ["answer to sessions"]


@pytest.mark.parametrize("fault", ["drop", "reset", "fatal_error"])
async def test_unsure_it_is_looked_for_before_it_is_sent_again(night: Night, fault: str) -> None:
    await night.options("jane")
    night.slack.fault(POST, fault)
    await night.run()
    await night.run(SENDER_DEAD - timedelta(seconds=1))
    assert [call.method for call in night.slack.calls] == [POST]
    await night.run(timedelta(seconds=1))
    assert told(night.slack, "jane") == ["answer to sessions"]
    assert await night.states() == ["done"]
    posts = [call.method for call in night.slack.calls].count(POST)
    assert posts == (1 if fault == "drop" else 2)


async def test_slack_takes_it_after_we_gave_up(night: Night) -> None:
    await night.options("jane")
    night.slack.fault(POST, "slow", seconds=1.5)
    with night.slack.watch() as changed:
        await night.process(timeout=0.5).run_due()
        assert told(night.slack, "jane") == []
        await changed.wait()
    await night.run(SENDER_DEAD)
    assert told(night.slack, "jane") == ["answer to sessions"]


async def test_a_history_that_cannot_be_read_lets_nothing_be_sent_twice(night: Night) -> None:
    await night.options("jane")
    night.slack.fault(POST, "drop")
    night.slack.scopes.discard("im:history")
    await night.run()
    for _ in range(3):
        await night.run(SENDER_DEAD)
    assert await night.states() == ["failed"]
    assert told(night.slack, "jane") == ["answer to sessions"]


async def test_a_history_that_is_away_is_read_later_but_not_for_ever(night: Night) -> None:
    await night.options("jane")
    night.slack.fault(POST, "reset")
    night.slack.fault(HISTORY, "reset", times=1000)
    await night.run()
    await night.run(SENDER_DEAD)
    assert await night.states() == ["posting"]
    await night.run(TELL_WITHIN)
    assert (await night.states(), told(night.slack, "jane")) == (["failed"], [])


async def test_a_short_rate_limit_is_waited_out(night: Night) -> None:
    await night.options("jane")
    night.slack.fault(POST, "ratelimited", times=2, seconds=20)
    await night.run()
    assert (night.sleep.slept, told(night.slack, "jane")) == ([20, 20], ["answer to sessions"])


async def test_a_long_rate_limit_is_left_to_the_schedule(night: Night) -> None:
    await night.options("jane")
    night.slack.fault(POST, "ratelimited", seconds=3600)
    await night.run()
    assert (night.sleep.slept, await night.states()) == ([], ["waiting"])
    await night.run(timedelta(seconds=3599))
    assert told(night.slack, "jane") == []
    await night.run(timedelta(seconds=1))
    assert told(night.slack, "jane") == ["answer to sessions"]


async def test_who_takes_over_during_a_wait_sends_it_and_nobody_else(night: Night) -> None:
    await night.options("jane")
    night.slack.fault(POST, "ratelimited", seconds=1)
    first = night.process()

    async def overslept(_seconds: float) -> None:
        await night.run(SENDER_DEAD)

    first._sender._sleep = overslept
    await first.run_due()
    assert told(night.slack, "jane") == ["answer to sessions"]


async def test_a_workspace_without_the_newest_blocks_gets_plainer_ones(night: Night) -> None:
    await night.options("jane")
    night.slack.unsupported_blocks = {"data_table"}
    night.answers = [blocks.message(read(TABLE))]
    await night.run()
    (message,) = night.slack.messages
    assert [block["type"] for block in message.blocks] == ["context", "table"]


async def test_whoever_left_is_told_nothing_and_asked_about_no_more(night: Night) -> None:
    await night.options("jane")
    night.slack.team.user_called("jane").deleted = True
    await night.run()
    await night.run(timedelta(hours=2))
    assert (await night.states(), len(night.asked)) == (["failed"], 1)


@pytest.mark.two_databases
async def test_two_processes_share_the_work(database_url: str, clock: FakeClock) -> None:
    async with (
        a_slack(clock) as slack,
        Database(database_url) as first,
        Database(database_url) as second,
    ):
        nights = [Night(slack, database, clock) for database in (first, second)]
        for who, number in itertools.product(("jane", "bob", "ada"), range(5)):
            await nights[0].options(who, f"sessions {number}")
        for _ in range(4):
            slack.fault(POST, "drop")
            slack.fault(POST, "slow", seconds=0.01)
        await asyncio.gather(*(night.process().run_due() for night in nights for _ in range(2)))
        clock.now += SENDER_DEAD
        await asyncio.gather(*(night.process().run_due() for night in nights for _ in range(2)))
        for who in ("jane", "bob", "ada"):
            assert sorted(told(slack, who)) == [f"answer to sessions {n}" for n in range(5)]
        assert len(nights[0].asked) + len(nights[1].asked) == 15
