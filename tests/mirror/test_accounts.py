"""Exec person ─► Slack account: links come before e-mail addresses, and the last link counts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.language.query import Member
from bot.people.accounts import People
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
