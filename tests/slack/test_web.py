"""Posting to Slack and looking up a post: what each failure says about the message."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.demo.slack_server import SlackServer
from bot.errors import RateLimited, SlackError, Unsure
from bot.messages.blocks import Message
from bot.slack.web import SlackWeb, web_client
from tests.conftest import FakeClock
from tests.deliveries import TOKEN, a_slack, messages_to, web

HELLO = Message("Hello.", [{"type": "section", "text": {"type": "mrkdwn", "text": "Hello."}}])
POST = "chat.postMessage"


@pytest.fixture
async def slack(clock: FakeClock) -> AsyncIterator[SlackServer]:
    async with a_slack(clock) as server:
        yield server


def posts(slack: SlackServer) -> int:
    return [call.method for call in slack.calls].count(POST)


async def test_a_post_is_found_by_its_id_in_a_channel_and_with_a_person(
    slack: SlackServer, clock: FakeClock
) -> None:
    bot = web(slack)
    jane, sales = slack.team.user_called("jane").id, slack.team.channel_called("sales").id
    dm = await bot.open_dm(jane)
    for to, place in ((jane, dm), (sales, sales)):
        ts = await bot.post(to, HELLO, delivery_id=f"to {to}")
        assert await bot.find_post(place, f"to {to}", clock()) == ts
        assert await bot.find_post(place, "another", clock()) is None
    assert messages_to(slack, "jane") == ["Hello."]
    extra = slack.messages[0].extra
    assert extra["metadata"]["event_payload"] == {"id": f"to {jane}"}
    assert (extra["unfurl_links"], extra["unfurl_media"]) == (False, False)


async def test_a_history_that_is_too_long_is_an_error(
    slack: SlackServer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.web.HISTORY_PAGES", 2)
    sales = slack.team.channel_called("sales").id
    for number in range(401):
        slack.post(sales, {"text": f"{number}"})
    with pytest.raises(SlackError) as refused:
        await web(slack).find_post(sales, "none", clock())
    assert (type(refused.value), refused.value.code) == (SlackError, "history_too_long")


async def test_an_active_account_is_found_by_its_address(slack: SlackServer) -> None:
    bot = web(slack)
    jane = slack.team.user_called("jane")
    assert await bot.user_by_email("Jane@acme.test") == jane.id
    assert await bot.user_by_email("jane@acme.test\u212a") is None
    jane.is_email_confirmed = False
    assert await bot.user_by_email("jane@acme.test") is None
    jane.is_email_confirmed, jane.deleted = True, True
    assert await bot.user_by_email("jane@acme.test") is None
    slack.scopes.discard("users:read.email")
    with pytest.raises(SlackError, match="missing_scope"):
        await bot.user_by_email("jane@acme.test")


@pytest.mark.parametrize(
    ("fault", "arrives"), [("drop", 1), ("reset", 0), ("fatal_error", 0), ("internal_error", 0)]
)
async def test_a_post_that_may_have_arrived_is_not_repeated(
    slack: SlackServer, fault: str, arrives: int
) -> None:
    jane = slack.team.user_called("jane").id
    slack.fault(POST, fault)
    bot = SlackWeb(web_client(TOKEN, slack.api_url))
    with pytest.raises(Unsure):
        await bot.post(jane, HELLO, delivery_id="d")
    assert (posts(slack), len(messages_to(slack, "jane"))) == (1, arrives)


async def test_refusals_are_certain(slack: SlackServer) -> None:
    jane, bot = slack.team.user_called("jane"), SlackWeb(web_client(TOKEN, slack.api_url))
    slack.fault(POST, "ratelimited", seconds=17)
    with pytest.raises(RateLimited) as limited:
        await bot.post(jane.id, HELLO, delivery_id="d")
    assert (limited.value.seconds, posts(slack), messages_to(slack, "jane")) == (17, 1, [])
    jane.deleted = True
    with pytest.raises(SlackError) as refused:
        await bot.post(jane.id, HELLO, delivery_id="d")
    assert (type(refused.value), refused.value.code) == (SlackError, "user_disabled")
