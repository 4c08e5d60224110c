"""A key that stops working: the admins hear of it once, whatever dies and however often."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import NoReturn

import pytest

from bot.env import Env
from bot.exec_api.status import ExecStatus
from bot.features.key_alarm import TEXTS, KeyAlarm
from bot.language.locale import Locale
from bot.messages.render import Messages
from bot.outbox.deliver import Builders, Delivering
from bot.outbox.deliveries import LOOK_AFTER, Deliveries
from bot.outbox.due import DueScanner
from bot.outbox.subscriptions import Subscriptions
from bot.people.accounts import People
from bot.sandbox.slack_server import SlackServer
from bot.slack.send import Sender
from bot.storage.claims import Claims
from bot.storage.database import Database
from bot.storage.leases import Leader, Leases
from tests.conftest import FakeClock
from tests.deliveries import PEOPLE, Life, Mortal, Sleep, a_slack, british, told, web
from tests.test_admins import Directory

pytestmark = pytest.mark.one_database

POST = "chat.postMessage"
ADMINS = ("ada@acme.test",)
SENDER_DEAD = LOOK_AFTER
numbers = itertools.count(1)


class Process:
    """What notes and tells that the key is refused, and delivers it, while it lives."""

    def __init__(self, company: Company, life: Life) -> None:
        database, clock = company.database, company.clock
        slack = Mortal(web(company.slack), life)
        deliveries = Deliveries(database, clock, new_id)
        subscriptions = Subscriptions(database, clock, new_id)

        async def admins() -> tuple[str, ...]:
            life.step()
            people = People(database, Directory(), None, web(company.slack), clock, company.admins)
            return await people.admin_accounts()

        self.exec_status = ExecStatus(clock)
        self.alarm = KeyAlarm(
            Env(database, Messages(), "/exec", clock, locale=Locale.UK),
            exec_status=self.exec_status,
            claims=Mortal(Claims(database, clock), life),  # type: ignore[arg-type]
            deliveries=Mortal(deliveries, life),  # type: ignore[arg-type]
            slack=slack,  # type: ignore[arg-type]
            admins=admins,
        )
        self.delivering = Delivering(
            leader=Mortal(Leader(Leases(database, clock, ""), clock), life),  # type: ignore[arg-type]
            scanner=DueScanner(subscriptions, deliveries, never, clock),
            subscriptions=subscriptions,
            deliveries=Mortal(deliveries, life),  # type: ignore[arg-type]
            builders=Builders(never, {}, never, never, nobody, british, Messages().message),
            sender=Sender(slack, company.sleep),  # type: ignore[arg-type]
            clock=clock,
        )

    def note(self, outcome: str) -> None:
        self.exec_status.note(outcome)

    async def tell(self) -> None:
        await self.alarm.tell()
        await self.delivering.run_due()


def new_id() -> str:
    return f"id{next(numbers):06}"


async def nobody() -> tuple[str, ...]:
    return ()


async def never(*_: object) -> NoReturn:
    raise AssertionError("nothing is due by the clock")


class Company:
    """Admins, a Slack, a database, and processes that ask Exec."""

    def __init__(self, slack: SlackServer, database: Database, clock: FakeClock) -> None:
        self.slack, self.database, self.clock = slack, database, clock
        self.admins: tuple[str, ...] = ADMINS
        self.sleep = Sleep(clock)

    def process(self, life: Life | None = None) -> Process:
        """One process, while it lives."""
        return Process(self, life or Life())

    async def hear(self, process: Process, outcome: str, after: timedelta = timedelta(0)) -> None:
        """Exec says something to a process, and its jobs run."""
        self.clock.now += after
        process.note(outcome)
        await process.tell()

    async def pass_(self, process: Process, time: timedelta) -> None:
        self.clock.now += time
        await process.tell()

    def told(self, who: str = "ada") -> int:
        return len(told(self.slack, who))

    def posts(self) -> int:
        return [call.method for call in self.slack.calls].count(POST)


@pytest.fixture
async def company(database: Database, clock: FakeClock) -> AsyncIterator[Company]:
    async with a_slack(clock) as slack:
        yield Company(slack, database, clock)


async def test_the_admin_reads_what_happened_and_what_to_do(company: Company) -> None:
    alarm = company.process()
    alarm.note("wrong_key")
    await company.pass_(alarm, timedelta(minutes=5))
    assert told(company.slack, "ada") == [
        "Exec has not accepted my key since Mon 16 Mar 10:30 (Central European time). To mend it, "
        "make a new key in Exec under Settings › API, set EXEC_API_KEY to it, and restart me. "
        "Until then I answer from what I already hold, and say as of when it is true; whatever has "
        "to be asked of Exec waits. I write this once, and carry on as soon as Exec lets me in."
    ]
    assert company.slack.problems == []
    payload = company.slack.messages[0].extra["metadata"]["event_payload"]
    assert list(payload) == ["id"]
    assert payload["id"].startswith("id")


@pytest.mark.parametrize("outcome", ["ok", "limited", "broken_html", "rejected_404"])
async def test_nothing_else_is_about_the_key(company: Company, outcome: str) -> None:
    assert outcome not in TEXTS
    await company.hear(company.process(), outcome)
    assert company.told() == 0


@pytest.mark.two_databases
async def test_it_is_said_once_by_many_processes(database_url: str, clock: FakeClock) -> None:
    async with (
        a_slack(clock) as slack,
        Database(database_url) as first,
        Database(database_url) as second,
    ):
        companies = [Company(slack, database, clock) for database in (first, second)]
        for company in companies:
            company.admins = tuple(f"{name}@acme.test" for name in PEOPLE)
        alarms = [company.process() for company in companies for _ in range(3)]
        for alarm in alarms:
            alarm.note("wrong_key")
        for _ in range(3):
            await asyncio.gather(*(alarm.tell() for alarm in alarms))
            clock.now += SENDER_DEAD
        assert [len(told(slack, name)) for name in PEOPLE] == [1, 1, 1]


async def test_when_it_works_again_nothing_is_said_and_the_next_time_it_is(
    company: Company,
) -> None:
    alarm = company.process()
    await company.hear(alarm, "wrong_key")
    await company.hear(alarm, "ok", timedelta(minutes=30))
    assert company.told() == 1
    await company.hear(alarm, "wrong_key", timedelta(hours=5))
    assert company.told() == 2


async def test_each_admin_is_told_however_they_are_named_and_whoever_else_is_away(
    company: Company,
) -> None:
    company.slack.team.user_called("jane").deleted = True
    company.admins = ("nobody@acme.test", "jane@acme.test", "bob@acme.test", "Ada@acme.test")
    alarm = company.process()
    for _ in range(3):
        await company.hear(alarm, "wrong_key")
    assert (company.told("bob"), company.told("ada"), company.posts()) == (1, 1, 2)
    lookups = [call.method for call in company.slack.calls].count("users.lookupByEmail")
    assert lookups == len(company.admins)
