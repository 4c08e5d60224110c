"""Exec person ─► Slack account: links come before e-mail addresses, and the last link counts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.access import AccountType
from bot.language.query import Member
from bot.people.accounts import People
from bot.slack.web import SlackUser
from bot.storage.database import Database
from tests.conftest import FakeClock
from tests.mirror.company import company
from tests.mirror.test_directory import NoSlack, catalogue_of

JANE = Member("jane", "jane@acme.test", "Jane")
RAJ = Member("raj", "raj@acme.test", "Raj")
NAMELESS = Member("x", "", "X")


class Slack(NoSlack):
    """Jane's account by her e-mail address; nobody else has one."""

    async def user_by_email(self, email: str) -> str | None:
        return "UJANE" if email == JANE.email else None


@dataclass
class Here:
    people: People

    async def link(self, user_id: str, member: Member) -> str | None:
        return await self.people.link("T1", user_id, member, by="UADMIN")

    async def found(self, member: Member, team_id: str = "T1") -> str | None:
        return await self.people.account_of(team_id, member)


@pytest.fixture
async def here(database: Database, clock: FakeClock) -> AsyncIterator[Here]:
    async with company(database, clock) as acme:
        yield Here(People(database, catalogue_of(acme), Slack(), clock, ()))


async def test_an_account_is_theirs_by_e_mail_until_it_is_linked_to_another(here: Here) -> None:
    assert [await here.found(each) for each in (JANE, RAJ, NAMELESS)] == ["UJANE", None, None]
    await here.link("UJANE", RAJ)
    assert [await here.found(each) for each in (JANE, RAJ)] == [None, "UJANE"]
    assert await here.found(JANE, "T2") == "UJANE"  # the link is of one workspace
    await here.link("UOTHER", JANE)
    assert await here.found(JANE) == "UOTHER"


async def test_a_link_says_which_it_replaced(here: Here) -> None:
    assert await here.link("UJANE", RAJ) is None
    assert await here.link("UJANE", JANE) == RAJ.id
    assert await here.link("UJANE", JANE) == JANE.id
    assert await here.found(JANE) == "UJANE"
    assert await here.people.unlink("T1", "UJANE") == JANE.id
    assert await here.link("UJANE", RAJ) is None


class Listing(NoSlack):
    """A Slack that lists accounts in two pages, and tells of none alone."""

    def __init__(self) -> None:
        self.types = {f"U{number}": AccountType.FULL for number in range(300)}

    async def users(self) -> AsyncIterator[tuple[SlackUser, ...]]:
        users = [
            SlackUser("T1", id_, JANE.email, "Jane", "jane", "UTC", kind)
            for id_, kind in self.types.items()
        ]
        yield tuple(users[:200])
        yield tuple(users[200:])


async def test_the_list_that_one_process_reads_tells_all_of_them_who_is_a_guest(
    database: Database, clock: FakeClock
) -> None:
    async with company(database, clock) as acme:
        slack = Listing()
        leader, other = (
            People(database, catalogue_of(acme), each, clock, ()) for each in (slack, NoSlack())
        )
        slack.types["U250"] = AccountType.GUEST
        await leader.list_accounts("T1")
        assert await other.outsiders("T1", ["U1", "U250"]) == 1
        assert await other.stored_account_of("T1", JANE) is None
        del slack.types["U250"]
        slack.types["U1"] = AccountType.STRANGER
        await leader.list_accounts("T1")
        assert await other.outsiders("T1", ["U1", "U2"]) == 0  # read once a day
        clock.tick(24 * 3600)
        await leader.list_accounts("T1")
        assert await other.outsiders("T1", ["U1", "U2"]) == 1
        clock.tick(3 * 3600)
        with pytest.raises(AssertionError):  # no longer listed: it is looked up
            await other.outsiders("T1", ["U250"])
