"""Who sees nothing hears that first, at every door: one sentence, and nothing is done for it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.sandbox.slack_payloads import submission
from bot.sandbox.slack_workspace import Delivery, Message, SlackUser
from tests.conftest import FakeClock, MakeUrl
from tests.conversations.revoked_rights import Room
from tests.workspace import NOW, MakeOffice, a_workspace

pytestmark = pytest.mark.acquainted

REFUSED = {
    "gina.guest": "Guests can't see practice results.",
    "gus.globex": "your account belongs to another workspace",
    "nora.new": "I can't find you in Exec",
    "robo": "Practice results are for people, not for apps.",
    "gone": "This Slack account is switched off",
    "silent": "Your Slack account shows me no confirmed e-mail address",
}
NOBODY_KNOWS = " ".join(f"<@U0NOBODY{number}>" for number in range(9))
# All that can be typed: for the last two no words make sense at all.
TYPED = [
    *("", "help", "help when", "status", "me", "me unnamed", "coach list"),
    f"sessions {NOBODY_KNOWS}",
    f"link {NOBODY_KNOWS} x@y.z",
    f"unlink {NOBODY_KNOWS}",
    f"coach add {NOBODY_KNOWS}",
    "coach digest every monday 8:30",
    "digest list",
    'digest "West Coast"',
    'digests "West Coast" every monday 9:00',
    f"digest {NOBODY_KNOWS}",
    f"digest {NOBODY_KNOWS} daily",
    f"{NOBODY_KNOWS}",
    f"wath {NOBODY_KNOWS}",
]
# Whom Exec does not know may read how to ask, as that is no secret.
KNOWS_NOT = ("I can't find you in Exec", "Your Slack account shows me no confirmed e-mail address")
EXCEPT = {"", "help", "help when"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(sqlite_urls: MakeUrl) -> AsyncIterator[Room]:
    """A workspace in which everybody has a message with buttons."""
    clock = FakeClock(NOW)
    async with a_workspace(clock, DATABASE_URL=sqlite_urls()) as workspace:
        team = workspace.slack.team
        for user in (
            SlackUser("U8002", "nora.new", "Nora New", "nora.new@acme.com"),
            SlackUser("U8003", "robo", "Robo", "bob@acme.com", is_bot=True),
            SlackUser("U8004", "gone", "Greta Gone", "jane@acme.com", deleted=True),
            SlackUser("U8005", "silent", "Silent Sue", None),
        ):
            team.channel_called("sales-practice").members.append(team.add_user(user).id)
        await workspace.ask("ana", "sessions top 1 last 7d")
        room = Room(workspace)
        for who in REFUSED:
            ack = await workspace.act(workspace.command_of(who, "help"))
            room.carriers[who, ""] = await workspace.heard(who, after=ack)
        yield room
        assert workspace.slack.problems == []


async def told(room: Room, deliveries: dict[str, Delivery]) -> dict[str, Message]:
    """What each is told of a payload, after an hour in which nobody was looked at."""
    room.workspace.clock.tick(3601)
    room.workspace.slack.calls.clear()
    room.workspace.forget()

    async def hear(who: str) -> Message:
        ack = await room.workspace.act(deliveries[who])
        return await room.workspace.heard(who, after=ack)

    heard = await asyncio.gather(*map(hear, deliveries))
    return dict(zip(deliveries, heard, strict=True))


def assert_turned_away(room: Room, heard: dict[str, Message], what: str) -> None:
    """One sentence to each, after one look at who they are; without names, and without buttons."""
    for who, message in heard.items():
        known = REFUSED[who]
        if known in KNOWS_NOT and what in EXCEPT:
            continue
        assert known in message.text, (who, what)
        assert [block["type"] for block in message.blocks] == ["section"], (who, what)
        assert "nobody" not in message.text.lower().replace("nobody there", ""), (who, what)
    looked = [
        call.args["user"] for call in room.workspace.slack.calls if call.method == "users.info"
    ]
    assert sorted(looked) == sorted(map(room.workspace.user, heard)), what
    assert {call.method for call in room.workspace.slack.calls} <= {"users.info", "response_url"}


@pytest.mark.asyncio(loop_scope="module")  # all rows share one workspace
@pytest.mark.parametrize("text", TYPED)
async def test_whatever_they_type(room: Room, text: str) -> None:
    """One judge turns them away: here two of them type it in turn."""
    turn = TYPED.index(text)
    two = [who for at, who in enumerate(REFUSED) if at % 3 == turn % 3]
    heard = await told(room, {who: room.workspace.command_of(who, text) for who in two})
    assert_turned_away(room, heard, text)
    assert set(room.workspace.paths()) <= {"/workspace/members"}


@pytest.mark.asyncio(loop_scope="module")
async def test_whatever_they_press(room: Room) -> None:
    """Here one of them presses in turn."""
    buttons = room.workspace.bot.core.features.buttons
    assert len(buttons) > 60
    for who, action in zip(itertools.cycle(REFUSED), buttons):
        pressed = room.workspace.press_of(who, room.carriers[who, ""], action, "x:1")
        assert_turned_away(room, await told(room, {who: pressed}), action)
    assert set(room.workspace.paths()) <= {"/workspace/members"}


FORMS = {
    'digest "West Coast" every monday 9:00': "Edit",
}


@pytest.mark.new_here
@pytest.mark.parametrize(("text", "button"), FORMS.items())
async def test_a_form_that_was_theirs_before(
    open_workspace: MakeOffice, text: str, button: str
) -> None:
    """Ana opened it; then she became a guest."""
    async with open_workspace() as workspace:
        answer = await workspace.ask("ana", text, "west-coast")
        view = await workspace.open_form("ana", answer, button)
        await workspace.bot.work.drain()
        workspace.slack.team.user_called("ana@acme.com").is_restricted = True
        workspace.clock.tick(3601)
        workspace.slack.calls.clear()
        workspace.forget()
        sent = submission(workspace.slack, workspace.user("ana"), view, {})
        ack = await workspace.act(sent)
        assert "Guests can't see practice results." in ack.body
        await workspace.bot.work.drain()
        assert [call.method for call in workspace.slack.calls] == ["users.info"]
        assert workspace.paths() == []
