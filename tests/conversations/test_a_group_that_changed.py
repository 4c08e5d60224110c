"""A coach's earlier answer about a group, once somebody has left or joined it."""

from __future__ import annotations

import pytest

from bot.sandbox.slack_records import Message
from tests.conversations.test_coaches import WEST
from tests.conversations.test_sharing import public
from tests.office import Office, table

pytestmark = pytest.mark.acquainted

ASK = 'sessions group:"West Coast" last 60d'
CHANGED = "The people you coach have changed since this answer. Ask again to see it as it is now."


@pytest.fixture
async def answer(office: Office) -> Message:
    """Bob's answer about his people."""
    await office.ask("ana", WEST)
    return await office.ask("bob", ASK, "west-coast")


def leave(office: Office, who: str) -> None:
    office.world.rosters[office.world.group("West Coast").id].discard(office.world.person(who).id)


def join(office: Office, who: str) -> None:
    office.world.rosters[office.world.group("West Coast").id].add(office.world.person(who).id)


async def look_again(office: Office) -> None:
    """Exec is asked who is in the group."""
    office.clock.tick(2 * 3600)
    group_id = office.world.group("West Coast").id
    await office.bot.core.coaching.rosters.refresh(group_id, purpose="roster")


def names(message: Message) -> set[str]:
    return {row[1] for row in table(message)[1:]}


@pytest.mark.parametrize("label", ["Next", "Share in channel"])
async def test_it_does_not_go_on_with_somebody_who_left(
    office: Office, answer: Message, label: str
) -> None:
    assert "Jane Smith" in str(answer.blocks)
    leave(office, "jane@acme.com")
    await look_again(office)
    stopped = await office.press("bob", answer, label)
    assert stopped.text.startswith(CHANGED)
    again = await office.press("bob", stopped, "Ask again")
    assert "Jane Smith" not in str(again.blocks)
    assert (await office.press("bob", again, label)).text != stopped.text


async def test_somebody_who_left_since_the_question_is_not_posted(
    office: Office, answer: Message
) -> None:
    asked = await office.press("bob", answer, "Share in channel")
    leave(office, "jane@acme.com")
    await look_again(office)
    stopped = await office.press("bob", asked, "Post it")
    assert stopped.text.startswith(CHANGED)
    assert [m for m in public(office) if m.channel == answer.channel] == []


async def test_it_goes_on_where_those_who_left_are_not_in_it(office: Office) -> None:
    await office.ask("ana", WEST)
    answer = await office.ask("bob", f"{ASK} top 1", "west-coast")
    (best,) = names(answer)
    leaver = next(p for p in office.world.roster("West Coast") if p.name != best)
    leave(office, leaver.email)
    await look_again(office)
    assert "will see this" in (await office.press("bob", answer, "Share in channel")).text


async def test_of_an_admin_it_goes_on(office: Office) -> None:
    answer = await office.ask("ana", ASK, "west-coast")
    leave(office, "jane@acme.com")
    await look_again(office)
    assert "will see this" in (await office.press("ana", answer, "Share in channel")).text


@pytest.mark.new_here
async def test_it_goes_on_with_somebody_who_joined_after_the_last_look_at_the_group(
    office: Office,
) -> None:
    """Who is in a group is what its last look said: the answer is of the others."""
    await office.ask("ana", WEST)
    join(office, "amara.diallo@acme.com")
    office.clock.tick(60)
    answer = await office.ask("bob", ASK, "west-coast")
    assert "Amara Diallo" not in names(answer)
    assert "will see this" in (await office.press("bob", answer, "Share in channel")).text
