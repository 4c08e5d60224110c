"""Scheduled messages arrive once, or their owner learns why they didn't."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.office import Office
from tests.promises.test_digests import MONDAY, QUESTION, posts, saved
from tests.shown import Button, everything


async def test_it_waits_for_exec_and_comes_late_with_a_mark(office: Office) -> None:
    await saved(office)
    with office.exec_away():
        await office.at(MONDAY)
        assert posts(office) == []
        assert office.dms("ana") == []
    await office.at(MONDAY + timedelta(hours=5))
    (post,) = posts(office)
    assert re.search(r"(?i)late|due", everything(post))


async def test_it_waits_until_new_sessions_are_read(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await saved(office)

    async def read_nothing(*_: object) -> bool:
        return True

    with monkeypatch.context() as during:
        during.setattr("bot.exec.sync.SessionSync.sync_newest", read_nothing)
        await office.at(MONDAY)
    assert posts(office) == []
    await office.at(MONDAY + timedelta(hours=1))
    assert len(posts(office)) == 1


async def test_more_than_a_day_late_only_its_owner_gets_a_message(
    office: Office,
) -> None:
    await saved(office)
    with office.exec_away():
        for hours in (0, 25):
            await office.at(MONDAY + timedelta(hours=hours))
    await office.at(MONDAY + timedelta(hours=26))
    assert posts(office) == []
    (reply,) = office.dms("ana")
    assert "West Coast" in reply.text


FAULTS = {
    "West Coast": "drop",
    "East Coast": "reset",
    "Enterprise": "ratelimited",
    "New Hires": "fatal_error",
    "Customer Success": "internal_error",
}


async def test_each_is_posted_exactly_once_whatever_slack_does(office: Office) -> None:
    for group in FAULTS:
        await saved(office, f'digest "{group}" every monday 9:00')
    for fault in FAULTS.values():
        office.slack.fault("chat.postMessage", fault, seconds=1)
    for minutes in (0, 2, 20):
        await office.at(MONDAY + timedelta(minutes=minutes))
    said = [post.text for post in posts(office)]
    assert [sum(group in text for text in said) for group in FAULTS] == [1] * len(FAULTS), said


async def test_two_processes_post_it_once(office: Office) -> None:
    await saved(office)
    await saved(office, QUESTION)
    async with office.second_bot():
        await office.at(MONDAY)
        await office.at(MONDAY + timedelta(minutes=2))
    assert len(posts(office)) == 2


LASTING = (
    "a-guest",
    "made-a-guest",
    "hidden-by-slack",
    "another-company",
    "a-crowd",
    "not-in-it",
    "archived",
    "group-gone",
)


async def test_a_lasting_reason_pauses_it_and_its_owner_gets_one_message(office: Office) -> None:
    """Each reason has a channel of its own."""
    everywhere = [office.user(who) for who in ("ana", "jane", "priya")]
    places = {name: office.slack.team.add_channel(name, [*everywhere]) for name in LASTING}
    places["made-a-guest"].members.append(office.user("sam"))
    for name in LASTING:
        group = "East Coast" if name == "group-gone" else "West Coast"
        await office.ask("ana", f'digest "{group}" every monday 9:00', name)
    places["a-guest"].members.append(office.user("gina.guest"))
    office.account("sam").is_restricted = True
    places["hidden-by-slack"].members.append("U99999")
    places["another-company"].members.append(office.user("gus.globex"))
    places["another-company"].is_ext_shared = True
    places["a-crowd"].members.extend(office.add_user(f"Crowd {n}") for n in range(200))
    places["not-in-it"].has_bot = False
    office.slack.scopes.discard("chat:write.public")
    places["archived"].is_archived = True
    del office.world.groups[office.world.group("East Coast").id]
    # The last digest may be retried: another one may have just read that its group is gone.
    for after in (timedelta(hours=-30), timedelta(0), timedelta(minutes=10), timedelta(days=7)):
        await office.at(MONDAY + after)

    assert [name for name in LASTING if office.posts(name)] == []
    told = {name: [m for m in office.dms("ana") if f"#{name}," in m.text] for name in LASTING}
    assert {name: len(messages) for name, messages in told.items()} == dict.fromkeys(LASTING, 1)

    places["a-guest"].members.remove(office.user("gina.guest"))
    await office.press_only("ana", told["a-guest"][0], Button.RESUME)
    await office.at(MONDAY + timedelta(days=14))
    assert [name for name in LASTING if office.posts(name)] == ["a-guest"]


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
    for hours in (0, 25):
        await office.at(MONDAY + timedelta(hours=hours))
    assert posts(office) == []
    (reply,) = office.dms("ana")
    assert "Slack" in reply.text
