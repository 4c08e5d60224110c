"""The stand-in Slack: its errors, scopes, escaping, response_urls and triggers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.demo.slack_server import SlackServer
from bot.demo.slack_workspace import SlackTeam
from tests.conftest import FakeClock
from tests.demo.test_block_rules import entry, modal, section

JANE, SALES = "U1001", "C2001"
MODAL = modal(entry({"type": "plain_text_input", "action_id": "name"}))


class Bot:
    """Records the last command."""

    command: dict[str, str]

    async def handle(self, request: web.Request) -> web.Response:
        self.command = dict(parse_qsl(await request.text(), keep_blank_values=True))
        return web.Response()


@pytest.fixture
def team() -> SlackTeam:
    """Jane (U1001) and Bob (U1002) are in #sales (C2001), with the bot; Maria (U1003) is in
    #coaches (C2002), which is private; Gone (U1004) was deactivated."""
    team = SlackTeam(
        [
            ("Jane Smith", "jane@acme.test", "rep"),
            ("Bob Jones", "bob@acme.test", "rep"),
            ("Maria Silva", "maria@acme.test", "manager"),
            ("Gone Away", "gone@acme.test", "rep"),
        ],
        channels={"sales": ["jane", "bob"], "coaches": ["Maria Silva"], "old": [], "hidden": []},
        usergroups={"closers": ["jane", "bob"]},
    )
    team.channel_called("coaches").is_private = True
    team.channel_called("old").is_archived = True
    hidden = team.channel_called("hidden")
    hidden.is_private, hidden.has_bot = True, False
    team.user_called("gone").deleted = True
    return team


@pytest.fixture
async def slack(team: SlackTeam, clock: FakeClock) -> AsyncIterator[SlackServer]:
    async with SlackServer(
        team, clock=clock, signing_secret="s", bot_token="xoxb-sandbox", app_token="xapp-sandbox"
    ) as server:
        yield server


@pytest.fixture
async def bot(slack: SlackServer) -> AsyncIterator[Bot]:
    bot = Bot()
    app = web.Application()
    app.router.add_post("/slack/events", bot.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield bot
    await runner.cleanup()


@pytest.fixture
def client(slack: SlackServer) -> AsyncWebClient:
    return AsyncWebClient(token="xoxb-sandbox", base_url=slack.api_url, retry_handlers=[])


async def code_of(call: Any) -> str:
    """The error code of a failed call."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


TO_SALES = {"channel": "C2001", "text": "x"}
LONG_HEADER = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}


@pytest.mark.parametrize(
    ("method", "args", "code"),
    [
        ("users.invent", {}, "unknown_method"),
        ("users.info", {"user": "U404"}, "user_not_found"),
        ("users.lookupByEmail", {"email": "gone@acme.test"}, "users_not_found"),
        ("usergroups.users.list", {"usergroup": "S404"}, "no_such_subteam"),
        ("conversations.info", {"channel": "C2004"}, "channel_not_found"),
        ("conversations.open", {"users": "U1004"}, "user_disabled"),
        ("chat.postMessage", {"channel": "C2001"}, "no_text"),
        ("chat.postMessage", {**TO_SALES, "text": "x" * 4001}, "msg_too_long"),
        ("chat.postMessage", {**TO_SALES, "blocks": [LONG_HEADER]}, "invalid_blocks"),
        ("chat.postMessage", {**TO_SALES, "channel": "C2003"}, "is_archived"),
        ("chat.postMessage", {**TO_SALES, "channel": "C2004"}, "channel_not_found"),
        ("chat.postMessage", {**TO_SALES, "channel": "U0EXECBOT"}, "cannot_dm_bot"),
        ("chat.postMessage", {**TO_SALES, "thread_ts": "1.1"}, "thread_not_found"),
        ("chat.postEphemeral", {**TO_SALES, "user": "U1003"}, "user_not_in_channel"),
        ("chat.update", {**TO_SALES, "ts": "1.1"}, "message_not_found"),
        ("chat.delete", {**TO_SALES, "ts": "1.1"}, "message_not_found"),
        ("files.getUploadURLExternal", {"filename": "t.csv"}, "invalid_arguments"),
        ("files.completeUploadExternal", {"files": [{"id": "F9"}]}, "file_not_found"),
        ("views.open", {"trigger_id": "1.x", "view": MODAL}, "exchanged_trigger_id"),
        ("views.update", {"view_id": "V9", "view": MODAL}, "not_found"),
        ("views.publish", {"user_id": "U1001", "view": MODAL}, "invalid_arguments"),
    ],
)
async def test_errors(
    slack: SlackServer, client: AsyncWebClient, method: str, args: dict[str, Any], code: str
) -> None:
    assert await code_of(client.api_call(method, json=args)) == code
    assert slack.messages == []


async def test_tokens_and_scopes(slack: SlackServer, client: AsyncWebClient) -> None:
    async with httpx.AsyncClient(base_url=slack.api_url) as http:
        bare = await http.post("auth.test")
        wrong = await http.post("auth.test", headers={"Authorization": "Bearer xoxb-other"})
        app = await http.post("auth.test", headers={"Authorization": "Bearer xapp-sandbox"})
    codes = ["not_authed", "invalid_auth", "not_allowed_token_type"]
    assert [response.json()["error"] for response in (bare, wrong, app)] == codes
    slack.scopes = {"chat:write", "users:read"}
    with pytest.raises(SlackApiError) as caught:
        await client.users_lookupByEmail(email="jane@acme.test")
    assert caught.value.response["error"] == "missing_scope"
    assert caught.value.response["needed"] == "users:read.email"
    assert "email" not in (await client.users_info(user="U1001"))["user"]["profile"]


async def test_a_channel_without_the_bot(
    slack: SlackServer, client: AsyncWebClient, team: SlackTeam
) -> None:
    team.channel_called("sales").has_bot = False
    for call in (client.conversations_history, client.chat_postEphemeral):
        assert await code_of(call(channel=SALES, user="U1001", text="x")) == "not_in_channel"
    await client.chat_postMessage(channel=SALES, text="by chat:write.public")
    slack.scopes.discard("chat:write.public")
    assert await code_of(client.chat_postMessage(channel=SALES, text="x")) == "not_in_channel"


async def test_an_ephemeral_message_has_one_reader_and_cannot_be_updated(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    posted = await client.chat_postEphemeral(channel=SALES, user=JANE, text="psst")
    assert [len(slack.visible(user, SALES)) for user in (JANE, "U1002")] == [1, 0]
    late = client.chat_update(channel=SALES, ts=posted["message_ts"], text="x")
    assert await code_of(late) == "message_not_found"
    assert (await client.conversations_history(channel=SALES))["messages"] == []


async def test_who_a_message_notifies(slack: SlackServer, client: AsyncWebClient) -> None:
    async def notified(text: str, *blocks: Any) -> list[str]:
        await client.chat_postMessage(channel=SALES, text=text, blocks=blocks)
        return slack.mentions_of(slack.messages[-1])

    several = "<!channel> <@U1002|bob> <!subteam^S3001|@closers>"
    assert await notified(several) == ["channel", "U1002", "S3001"]
    assert await notified("&lt;!here&gt; @here") == []
    loud = section("no @everyone, `@here`")
    quiet = {"type": "section", "text": {**loud["text"], "verbatim": True}}
    assert await notified("x", loud) == ["everyone"]
    assert await notified("x", quiet) == []


async def test_typed_text_arrives_escaped(slack: SlackServer, bot: Bot, team: SlackTeam) -> None:
    await slack.command(JANE, SALES, "/exec", "@bob @closers. #sales a&b <c> @nobody j@a.test")
    assert bot.command["text"] == (
        f"<@U1002> <!subteam^S3001|@closers>. <#{SALES}|sales> a&amp;b &lt;c&gt; @nobody j@a.test"
    )
    await slack.command("U1003", team.channel_called("coaches").id, "/exec", "#coaches")
    assert bot.command["text"].endswith("|>")


async def test_a_response_url_accepts_five_messages_in_30_minutes(
    slack: SlackServer, bot: Bot, clock: FakeClock
) -> None:
    await slack.command(JANE, SALES, "/exec", "sessions")
    hook = AsyncWebhookClient(bot.command["response_url"])
    await hook.send(text="one")
    await hook.send(text="two", replace_original=True)
    bad = await hook.send(text="x", blocks=[{"type": "nonsense"}])
    assert (bad.status_code, bad.body) == (400, "invalid_blocks")
    await hook.send(text="three", response_type="in_channel", replace_original=True)
    # An ephemeral message stays ephemeral.
    assert [(message.text, message.visible_to) for message in slack.messages] == [("three", JANE)]
    await hook.send(delete_original=True)
    assert slack.messages == []
    await hook.send(text="five")
    used = await hook.send(text="six")
    assert (used.status_code, used.body) == (404, "used_url")
    await slack.command(JANE, SALES, "/exec", "sessions")
    clock.tick(1801)
    old = await AsyncWebhookClient(bot.command["response_url"]).send(text="late")
    assert (old.status_code, old.body) == (404, "expired_url")


async def test_a_trigger_works_once_and_expires(
    slack: SlackServer, bot: Bot, client: AsyncWebClient, clock: FakeClock
) -> None:
    await slack.command(JANE, SALES, "/exec")
    trigger = bot.command["trigger_id"]
    await client.views_open(trigger_id=trigger, view=MODAL)
    again = client.views_open(trigger_id=trigger, view=MODAL)
    assert await code_of(again) == "exchanged_trigger_id"
    await slack.command(JANE, SALES, "/exec")
    clock.tick(3.1)
    late = client.views_open(trigger_id=bot.command["trigger_id"], view=MODAL)
    assert await code_of(late) == "expired_trigger_id"
