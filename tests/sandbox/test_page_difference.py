"""The page asks for what changed, and gets no more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.sandbox.slack_server import SlackServer
from bot.sandbox.slack_team import SlackTeam
from bot.sandbox.slack_web import change_view, put_view
from tests.sandbox.with_page import with_page

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORM = {"type": "modal", "title": "Edit", "blocks": [{"type": "divider"}] * 40}


@dataclass(eq=False)
class Poll:
    """Asks for one person's state in a channel, as the page does."""

    slack: SlackServer
    session: aiohttp.ClientSession

    async def __call__(self, **query: str) -> dict[str, Any]:
        url = f"{self.slack.base_url}/demo/state"
        given = {"as": "U1001", "channel": self.room, **query}
        async with self.session.get(url, params=given) as answer:
            told: dict[str, Any] = await answer.json()
        return told

    @property
    def room(self) -> str:
        return self.slack.team.channel_called("west-coast").id


@pytest_asyncio.fixture(loop_scope="module")
async def slack() -> AsyncIterator[SlackServer]:
    people = [("Jane Smith", "jane@acme.test", "rep"), ("Bob Jones", "bob@acme.test", "rep")]
    team = SlackTeam.from_people(people, channels={"west-coast": None, "private": ["Bob Jones"]})
    async with with_page(team) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def poll(slack: SlackServer) -> AsyncIterator[Poll]:
    async with aiohttp.ClientSession() as session:
        yield Poll(slack, session)


async def test_what_changed_and_what_is_gone(slack: SlackServer, poll: Poll) -> None:
    kept, changed, gone = (
        slack.post(poll.room, {"text": each}, via="chat.postMessage") for each in "abc"
    )
    before = (await poll())["revision"]
    slack.replace(changed, {"text": "B"}, via="chat.update")
    slack.remove(gone)
    slack.notice("U1001", poll.room, "/exec", "typed")
    slack.notice("U1002", poll.room, "/exec me", "typed")
    told = await poll(since=before)
    assert not told["whole"]
    assert [(each["ts"], each["text"]) for each in told["messages"]] == [(changed.ts, "B")]
    assert told["removed"] == [gone.ts]
    assert [each["text"] for each in told["notices"]] == ["/exec"]
    assert kept in slack.messages


async def test_a_view_comes_once(slack: SlackServer, poll: Poll) -> None:
    opened = put_view(slack, "U1001", dict(FORM))
    shown = (await poll())["view"]
    assert shown["blocks"] == FORM["blocks"]
    opened.errors = {"name": "Nobody is called Zed."}
    slack.changed()
    told = (await poll(view=shown["key"]))["view"]
    assert told == {"key": shown["key"], "errors": opened.errors}
    change_view(slack, opened, dict(FORM))
    assert (await poll(view=shown["key"]))["view"]["blocks"] == FORM["blocks"]
    # The page that was opened anew has no modal, as Slack's has none.
    url, body = f"{slack.base_url}/demo/reload", {"as": "U1001"}
    async with poll.session.post(url, json=body) as answer:
        assert answer.status == 200
    assert (await poll(view=shown["key"]))["view"] is None


async def test_a_channel_that_is_not_theirs_is_their_own_instead(
    slack: SlackServer, poll: Poll
) -> None:
    private = slack.team.channel_called("private")
    private.is_private = True
    slack.post(private.id, {"text": "secret"}, via="chat.postMessage")
    first = await poll()
    told = await poll(channel=private.id, since=first["revision"])
    assert told.keys() == {"revision", "now"}
    slack.changed()
    told = await poll(channel=private.id, since=first["revision"])
    assert (told["whole"], told["channel"]) == (True, slack.team.dm_of("U1001").id)
    assert told["messages"] == []


async def test_unread_until_it_is_read(slack: SlackServer, poll: Poll) -> None:
    async def unread() -> bool:
        channels = (await poll())["channels"]
        return bool(next(each["unread"] for each in channels if each["id"] == poll.room))

    slack.post(poll.room, {"text": "mine"}, via="human", user="U1001")
    assert not await unread()
    last = slack.post(poll.room, {"text": "theirs"}, via="human", user="U1002")
    assert await unread()
    url, body = f"{slack.base_url}/demo/read", {"as": "U1001", "channel": poll.room}
    for ts, status, still in (("soon", 400, True), ("1.0", 200, True), (last.ts, 200, False)):
        async with poll.session.post(url, json={**body, "ts": ts}) as answer:
            assert answer.status == status
        assert await unread() is still
