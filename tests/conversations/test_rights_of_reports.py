"""Every report, for every kind of asker: privately, in a channel, and by the clock.

What an answer names is looked for in all that it says, whatever the report.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from bot.demo.slack_workspace import Message
from bot.reports.table import REPORTS
from tests.conftest import FakeClock, MakeUrl
from tests.conversations.test_sharing import public
from tests.conversations.test_team import members
from tests.workspace import NOW, Workspace, a_workspace, button, labels, offered, table

MONDAY = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)
COACH, REP, ADMIN = "kofi.mensah", "bob", "ana"
WEST, ELSEWHERE = 'group:"West Coast"', 'group:"Enterprise"'
# Besides names of people: nobody but their coaches has it of them; or each has their own.
NOBODY, OWN = "nobody", "own"
REFUSED = "Too few people have a part in this|This report is for your eyes only|Only your own"


@dataclass(frozen=True)
class Rights:
    """What docs/ask.md allows: to a rep, and to a channel ("" nothing, "clock" also on a
    schedule, "hand" only where its own person shares it).

    `of` asks about the people behind it (a group, or with `one` a person), `bare` about nobody in
    particular.
    """

    rep: str
    channel: str
    of: str
    bare: str
    one: bool = False


TABLE = {
    "sessions": Rights(OWN, "clock", "sessions {} last 30d", "sessions last 30d"),
    "team": Rights(NOBODY, "clock", "team {}", "team"),
    "leaderboard": Rights(OWN, "", "leaderboard {}", "leaderboard"),
    "inactive": Rights(NOBODY, "", "inactive {} last 7d", "inactive last 7d"),
    "trend": Rights(OWN, "clock", "trend {}", "trend"),
    "progress": Rights(OWN, "clock", "progress {}", "progress"),
    "scenarios": Rights(OWN, "clock", "scenarios {}", "scenarios"),
    "skills": Rights(OWN, "clock", "skills {} skill:closing", "skills skill:closing"),
    "session": Rights(OWN, "hand", "session last {}", "session last", one=True),
    "assignments": Rights(OWN, "clock", "assignments {}", "assignments"),
    "compare": Rights(
        OWN, "clock", "compare last week vs this week {}", "compare last week vs this week"
    ),
    "prep": Rights(NOBODY, "", "prep {}", "prep @priya", one=True),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(acquainted_urls: MakeUrl) -> AsyncIterator[Workspace]:
    """Kofi coaches West Coast; Bob is a rep; Ana an admin."""
    async with a_workspace(FakeClock(NOW), DATABASE_URL=acquainted_urls()) as workspace:
        await workspace.ask(ADMIN, f'coach add @{COACH} "West Coast"')
        yield workspace
        assert workspace.slack.problems == []


def names_in(workspace: Workspace, message: Message) -> set[str]:
    """Whom a message names, by their full names."""
    said = f"{message.text} {message.blocks}"
    return {
        who.name for who in workspace.world.people.values() if re.search(rf"\b{who.name}\b", said)
    }


def called(workspace: Workspace, ids: set[str]) -> set[str]:
    return {workspace.world.people[id_].name for id_ in ids}


def is_previewed(post: Message, asked: Message) -> bool:
    """Whether the question showed all blocks of what was posted then, but for *Remove*."""
    question, posted = (
        [{key: value for key, value in block.items() if key != "block_id"} for block in each.blocks]
        for each in (asked, post)
    )
    assert posted[-1]["type"] == "actions"
    return question[-len(posted) + 1 :] == posted[:-1]


def test_every_report_has_its_rights() -> None:
    assert TABLE.keys() == {report.name for report in REPORTS if report.asked}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", TABLE)
async def test_a_rep_has_their_own_or_nothing(place: Workspace, name: str) -> None:
    rights = TABLE[name]
    place.clock.tick(61)
    told = await place.ask(REP, rights.bare)
    if rights.rep == NOBODY:
        assert "coach" in told.text or "You can see only" in told.text
        assert names_in(place, told) <= {"Priya Nair"}  # who was typed
    else:
        assert names_in(place, told) <= {"Bob Jones"}, told.text
    for whom in ("@jane",) if rights.one else ("@jane", WEST):
        refused = await place.ask(REP, rights.of.format(whom))
        assert names_in(place, refused) <= {"Bob Jones", "Jane Smith"}, refused.text
        assert not re.search(r"\d+\.\d", refused.text), refused.text


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", TABLE)
async def test_a_coach_has_their_own_people_and_nobody_else(place: Workspace, name: str) -> None:
    rights = TABLE[name]
    place.clock.tick(61)
    theirs = called(place, members(place, "West Coast")) | {"Kofi Mensah"}
    whom, other = ("@jane", "@sakura.tanaka") if rights.one else (WEST, ELSEWHERE)
    told = await place.ask(COACH, rights.of.format(whom))
    assert "Refresh" in offered(told), told.text
    assert names_in(place, told) <= theirs, names_in(place, told) - theirs
    refused = await place.ask(COACH, rights.of.format(other))
    assert "Refresh" not in offered(refused), refused.text
    assert names_in(place, refused) <= theirs | called(
        place, {place.world.person("sakura.tanaka@acme.com").id}
    )
    bare = await place.ask(COACH, rights.bare)
    assert names_in(place, bare) <= theirs, bare.text


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", TABLE)
async def test_what_a_channel_may_see(place: Workspace, name: str) -> None:
    """Shared by hand and posted by the clock: of people only those who are praised. What the
    sharer is shown before is what stands there."""
    rights = TABLE[name]
    place.clock.tick(61)
    whom = "@jane" if rights.one else WEST
    told = await place.ask(ADMIN, rights.of.format(whom), "west-coast")
    before = len(public(place))
    praised = {"Jane Smith", "Noah Williams", "Priya Nair", "Zoë Müller", "Mei Chen", "Ana Costa"}
    assert ("Post this every week here" in offered(told)) == (rights.channel == "clock")
    if rights.channel == "clock":
        asked = await place.press(ADMIN, told, "Share in channel")
        await place.press(ADMIN, asked, "Post it")
        await place.bot.drain()
        assert len(public(place)) == before + 1
        post = public(place)[-1]
        assert names_in(place, post) <= praised, names_in(place, post) - praised
        assert is_previewed(post, asked)
    else:
        assert "Share in channel" not in labels(told)
    saved = await place.ask(
        ADMIN, f"digest {rights.of.format(whom)} every monday 9:00", "west-coast"
    )
    assert saved.text.startswith("Saved") == (rights.channel == "clock"), saved.text


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", TABLE)
async def test_of_one_person_a_channel_sees_what_they_share_themselves(
    place: Workspace, name: str
) -> None:
    """Nobody else is offered to share it, nor may an old button: not even of two people."""
    rights = TABLE[name]
    before = len(public(place))
    of_two = "compare @jane vs {}" if name == "compare" else rights.of.format("@jane {}")
    asked = [rights.of.format("@jane"), of_two.format("@noah.williams")]
    for question in asked[: 1 if rights.one else 2]:
        place.clock.tick(61)
        told = await place.ask(ADMIN, question, "west-coast")
        to_channel = {"Share in channel", "Post this every week here"}
        assert to_channel.isdisjoint(offered(told)), told.text
        value = button(told, "Refresh")["value"]
        for action in ("sessions.share", "share.post"):
            ack = await place.act(place.press_of(ADMIN, told, action, value))
            refusal = await place.heard(ADMIN, "west-coast", after=ack)
            assert re.match(REFUSED, refusal.text), refusal.text
    await place.bot.drain()
    assert len(public(place)) == before

    place.clock.tick(61)
    if rights.rep == NOBODY:
        return
    own = await place.ask("jane", rights.of.format("me"), "west-coast")
    assert "Post this every week here" not in offered(own)
    if rights.channel == "":
        assert "Share in channel" not in labels(own)
        return
    asked = await place.press("jane", own, "Share in channel")
    await place.press("jane", asked, "Post it")
    await place.bot.drain()
    post = public(place)[-1]
    assert "Jane Smith" in post.text
    assert table(post) == ([] if name == "session" else table(own))
    assert is_previewed(post, asked)
