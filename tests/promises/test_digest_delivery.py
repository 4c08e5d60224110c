"""Scheduled messages arrive once, or not at all and their owner knows why."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.promises.messages import Button, everything
from tests.promises.office import Office
from tests.promises.test_digests import MONDAY, QUESTION, posts, saved


async def test_it_waits_for_exec_and_comes_late_with_a_mark(office: Office) -> None:
    await saved(office)
    with office.exec_away():
        await office.at(MONDAY)
        assert posts(office) == []
        assert office.dms("ana") == []
    await office.at(MONDAY + timedelta(hours=5))
    (post,) = posts(office)
    assert re.search(r"(?i)late|due", everything(post))


async def test_more_than_a_day_late_only_its_owner_gets_a_message(
    office: Office,
) -> None:
    await saved(office)
    with office.exec_away():
        for hours in (0, 12, 24, 25):
            await office.at(MONDAY + timedelta(hours=hours, minutes=1))
    await office.at(MONDAY + timedelta(hours=26))
    assert posts(office) == []
    (reply,) = office.dms("ana")
    assert "West Coast" in reply.text


@pytest.mark.parametrize("fault", ["drop", "reset", "ratelimited", "fatal_error", "internal_error"])
async def test_it_is_posted_exactly_once_whatever_slack_does(office: Office, fault: str) -> None:
    await saved(office)
    office.slack.fault("chat.postMessage", fault, seconds=1)
    for minutes in (0, 2, 20):
        await office.at(MONDAY + timedelta(minutes=minutes))
    assert len(posts(office)) == 1


async def test_two_processes_post_it_once(office: Office) -> None:
    await saved(office)
    await saved(office, QUESTION)
    async with office.second_bot():
        await office.at(MONDAY)
        await office.at(MONDAY + timedelta(minutes=2))
    assert len(posts(office)) == 2


CHANGES = (
    "a guest",
    "made a guest",
    "hidden by Slack",
    "another company",
    "a crowd",
    "not in the channel",
    "archived",
    "group gone",
)


@pytest.mark.parametrize("change", CHANGES)
async def test_a_lasting_reason_pauses_it_and_its_owner_gets_one_message(
    office: Office, change: str
) -> None:
    await saved(office)
    channel = office.slack.team.channel_called("west-coast")
    match change:
        case "a guest":
            channel.members.append(office.user("gina.guest"))
        case "made a guest":
            office.account("jane").is_restricted = True
        case "hidden by Slack":
            channel.members.append("U99999")
        case "another company":
            channel.members.append(office.user("gus.globex"))
            channel.is_ext_shared = True
        case "a crowd":
            channel.members.extend(office.add_user(f"Crowd {n}") for n in range(200))
        case "not in the channel":
            channel.has_bot = False
            office.slack.scopes.discard("chat:write.public")
        case "archived":
            channel.is_archived = True
        case "group gone":
            del office.world.groups[office.world.group("West Coast").id]
            await office.at(MONDAY - timedelta(hours=30))
    for later in (timedelta(), timedelta(minutes=5), timedelta(days=7)):
        await office.at(MONDAY + later)

    assert posts(office) == []
    (reply,) = office.dms("ana")
    assert "West Coast" in reply.text or "west-coast" in reply.text
    if change == "a guest":
        channel.members.remove(office.user("gina.guest"))
        await office.press_only("ana", reply, Button.RESUME)
        await office.at(MONDAY + timedelta(days=14))
        assert len(posts(office)) == 1


async def test_rights_are_judged_again_at_each_delivery(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    await saved(office, QUESTION, who="bob")
    await office.remove("coach remove @bob")
    before = len(office.dms("bob"))
    await office.at(MONDAY)
    await office.at(MONDAY + timedelta(minutes=5))
    assert posts(office) == []
    assert len(office.dms("bob")) > before
    assert "West Coast" not in everything(office.dms("bob")[-1])


async def test_it_stops_if_its_owner_left(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    await saved(office, who="bob")
    office.account("bob").deleted = True
    await office.at(MONDAY)
    await office.at(MONDAY + timedelta(minutes=5))
    assert posts(office) == []


async def test_it_does_not_come_while_its_readers_are_unknown(office: Office) -> None:
    await saved(office)
    for method in ("users.list", "users.info"):
        office.slack.fault(method, "internal_error", times=10_000)
    for hours in (0, 12, 25):
        await office.at(MONDAY + timedelta(hours=hours))
    assert posts(office) == []
    (reply,) = office.dms("ana")
    assert "Slack" in reply.text
