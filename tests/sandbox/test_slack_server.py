"""The stand-in Slack, through slack_sdk, httpx, slack_bolt and a bare HTTP bot."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import aiohttp
import httpx
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.slack_server import SlackServer
from bot.sandbox.slack_team import SlackTeam, SlackUser

SECRET = "sandbox-secret"
TEXT = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}
BUTTON = {
    "type": "button",
    "action_id": "go",
    "value": "7",
    "text": {"type": "plain_text", "text": "Go"},
}
TABLE = {
    "type": "data_table",
    "caption": "one row",
    "rows": [[{"type": "raw_text", "text": "Who"}], [{"type": "raw_text", "text": "Jane"}]],
}
MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "edit",
    "title": {"type": "plain_text", "text": "Edit"},
    "submit": {"type": "plain_text", "text": "Save"},
    "private_metadata": "q_1",
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "name"},
        },
        {
            "type": "input",
            "block_id": "rank",
            "optional": True,
            "label": {"type": "plain_text", "text": "Rank"},
            "element": {
                "type": "static_select",
                "action_id": "rank",
                "options": [
                    {"text": {"type": "plain_text", "text": "Gold"}, "value": "gold"},
                    {"text": {"type": "plain_text", "text": "Silver"}, "value": "silver"},
                ],
            },
        },
    ],
}


class Clock:
    """A clock that stands still until it is told to go."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Bot:
    """Writes down what it gets and answers with `answer`."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str]]] = []
        self.answer: web.Response | None = None
        self.wait = 0.0
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.text()
        self.got.append((body, dict(request.headers)))
        await asyncio.sleep(self.wait)
        answer, self.answer = self.answer, None
        return answer or web.Response()

    @property
    def command(self) -> dict[str, str]:
        return dict(parse_qsl(self.got[-1][0], keep_blank_values=True))

    @property
    def payload(self) -> dict[str, Any]:
        payload: dict[str, Any] = json.loads(parse_qs(self.got[-1][0])["payload"][0])
        return payload


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def team() -> SlackTeam:
    team = SlackTeam.from_people(
        [
            ("Jane Smith", "jane@acme.test", "rep"),
            ("Bob Jones", "bob@acme.test", "rep"),
            ("Maria Silva", "maria@acme.test", "manager"),
            ("Ada Admin", "ada@acme.test", "admin"),
        ],
        channels={"sales": None, "coaches": ["Maria Silva"]},
        usergroups={"closers": ["jane", "bob"]},
    )
    team.channel_called("coaches").is_private = True
    return team


@pytest.fixture
async def slack(team: SlackTeam, clock: Clock) -> AsyncIterator[SlackServer]:
    async with SlackServer(
        team,
        clock=clock,
        signing_secret=SECRET,
        bot_token="xoxb-sandbox",
        app_token="xapp-sandbox",
        ack_seconds=0.4,
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


@pytest.fixture
def jane(team: SlackTeam) -> SlackUser:
    return team.user_called("jane")


@pytest.fixture
def sales(team: SlackTeam) -> str:
    return team.channel_called("sales").id


async def code_of(call: Any) -> str:
    """The error code with which Slack refuses a call."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


# Tokens and scopes


async def test_auth_test_tells_who_and_which_scopes(client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert answer["user_id"] == "U0EXECBOT"
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


async def test_tokens(slack: SlackServer) -> None:
    async with httpx.AsyncClient(base_url=slack.api_url) as http:
        bare = await http.post("auth.test")
        wrong = await http.post("auth.test", headers={"Authorization": "Bearer xoxb-other"})
        app = await http.post("auth.test", headers={"Authorization": "Bearer xapp-sandbox"})
    assert [each.json()["error"] for each in (bare, wrong, app)] == [
        "not_authed",
        "invalid_auth",
        "not_allowed_token_type",
    ]


async def test_missing_scope(slack: SlackServer, client: AsyncWebClient, jane: SlackUser) -> None:
    slack.scopes = {"chat:write", "users:read"}
    with pytest.raises(SlackApiError) as caught:
        await client.users_lookupByEmail(email="jane@acme.test")
    assert caught.value.response["error"] == "missing_scope"
    assert caught.value.response["needed"] == "users:read.email"
    user = (await client.users_info(user=jane.id))["user"]
    assert "email" not in user["profile"]


async def test_unknown_method(client: AsyncWebClient) -> None:
    assert await code_of(client.api_call("users.invent")) == "unknown_method"


# People and channels


async def test_people(client: AsyncWebClient, team: SlackTeam, jane: SlackUser) -> None:
    found = (await client.users_lookupByEmail(email="JANE@acme.test"))["user"]
    assert (found["id"], found["tz"], found["profile"]["email"]) == (
        jane.id,
        "Europe/Berlin",
        "jane@acme.test",
    )
    jane.deleted = True
    assert await code_of(client.users_lookupByEmail(email="jane@acme.test")) == "users_not_found"
    assert await code_of(client.conversations_open(users=[jane.id])) == "user_disabled"
    team.users["U9"] = SlackUser("U9", "guest", "A Guest", "g@other.test", is_stranger=True)
    listed = [each["id"] for each in (await client.users_list())["members"]]
    assert "U9" not in listed
    stranger = (await client.users_info(user="U9"))["user"]
    assert stranger["is_stranger"]
    assert "email" not in stranger["profile"]
    assert await code_of(client.users_info(user="U404")) == "user_not_found"


async def test_usergroups(client: AsyncWebClient, jane: SlackUser) -> None:
    group = (await client.usergroups_list())["usergroups"][0]
    assert (group["handle"], group["user_count"]) == ("closers", 2)
    users = (await client.usergroups_users_list(usergroup=group["id"]))["users"]
    assert jane.id in users
    assert await code_of(client.usergroups_users_list(usergroup="S404")) == "no_such_subteam"


async def test_members_come_in_pages(client: AsyncWebClient, sales: str) -> None:
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        page = await client.conversations_members(channel=sales, limit=2, cursor=cursor)
        seen += page["members"]
        cursor = page["response_metadata"]["next_cursor"]
    assert len(set(seen)) == 5
    assert cursor == ""
    info = (await client.conversations_info(channel=sales, include_num_members=True))["channel"]
    assert info["num_members"] == 5


async def test_private_channel_without_the_bot_is_not_there(
    client: AsyncWebClient, team: SlackTeam
) -> None:
    coaches = team.channel_called("coaches")
    coaches.has_bot = False
    assert await code_of(client.conversations_info(channel=coaches.id)) == "channel_not_found"
    assert (
        await code_of(client.chat_postMessage(channel=coaches.id, text="x")) == "channel_not_found"
    )


# Messages


async def test_post_update_delete(slack: SlackServer, client: AsyncWebClient, sales: str) -> None:
    posted = await client.chat_postMessage(channel=sales, text="hello", blocks=[TEXT])
    await client.chat_update(channel=sales, ts=posted["ts"], text="better")
    assert [(each.text, each.edited) for each in slack.messages] == [("better", True)]
    history = await client.conversations_history(channel=sales)
    assert history["messages"][0]["text"] == "better"
    await client.chat_delete(channel=sales, ts=posted["ts"])
    assert slack.messages == []
    assert [each.text for each in slack.history] == ["hello", "better"]
    assert await code_of(client.chat_delete(channel=sales, ts=posted["ts"])) == "message_not_found"


async def test_a_card_below_a_link(
    slack: SlackServer, client: AsyncWebClient, bot: Bot, sales: str
) -> None:
    user, url = next(iter(slack.team.channels[sales].members)), "https://exec.test/a?b=1&c=2"
    ts = await slack.said(user, sales, f"see <{url}>")
    cards = {url: {"blocks": [TEXT]}}
    assert await code_of(client.chat_unfurl(channel=sales, ts="1.1", unfurls=cards)) == (
        "cannot_find_message"
    )
    refused = client.chat_unfurl(channel=sales, ts=ts, unfurls={"https://x.y": cards[url]})
    assert await code_of(refused) == "cannot_unfurl_url"
    assert await code_of(client.chat_unfurl(channel=sales, ts=ts, unfurls={})) == "missing_unfurls"
    for where in (
        {"channel": sales, "ts": ts},
        {"unfurl_id": f"{sales}.{ts}.x", "source": "conversations_history"},
    ):
        await client.api_call("chat.unfurl", json={**where, "unfurls": cards})
        message = slack.message(ts)
        assert message is not None
        (card,) = message.extra["attachments"]
        assert (card["from_url"], card["blocks"][0]["text"]) == (url, TEXT["text"])
    history = await client.conversations_history(channel=sales)
    assert history["messages"][0]["attachments"] == [card]


async def test_metadata_comes_back_in_history(client: AsyncWebClient, sales: str) -> None:
    metadata = {"event_type": "digest", "event_payload": {"delivery": "d1"}}
    await client.chat_postMessage(channel=sales, text="hello", metadata=metadata)
    found = await client.conversations_history(channel=sales, include_all_metadata=True)
    assert found["messages"][0]["metadata"] == metadata
    found = await client.conversations_history(channel=sales)
    assert found["messages"][0]["metadata"] == {"event_type": "digest"}
    for wrong, code in (
        ("words", "invalid_metadata_format"),
        ({"event_type": "digest"}, "invalid_metadata_schema"),
        ({"event_type": "digest", "event_payload": "d1"}, "invalid_metadata_schema"),
    ):
        refused = client.chat_postMessage(channel=sales, text="hello", metadata=wrong)
        assert await code_of(refused) == code


async def test_history_between_two_moments(
    client: AsyncWebClient, clock: Clock, sales: str
) -> None:
    stamps = []
    for text in ("one", "two", "three"):
        stamps.append((await client.chat_postMessage(channel=sales, text=text))["ts"])
        clock.forward(60)

    async def texts(**which: Any) -> list[str]:
        answer = await client.conversations_history(channel=sales, **which)
        return [message["text"] for message in answer["messages"]]

    assert await texts(oldest=stamps[0]) == ["three", "two"]
    assert await texts(oldest=stamps[0], inclusive=True) == ["three", "two", "one"]
    assert await texts(latest=stamps[1]) == ["one"]


async def test_posting_to_a_person_opens_the_conversation(
    slack: SlackServer, client: AsyncWebClient, team: SlackTeam, jane: SlackUser
) -> None:
    posted = await client.chat_postMessage(channel=jane.id, text="hi")
    opened = (await client.conversations_open(users=[jane.id]))["channel"]["id"]
    assert posted["channel"] == opened
    assert slack.visible(jane.id, opened)[0].text == "hi"
    assert slack.visible(team.user_called("bob").id, opened) == []
    assert await code_of(client.chat_postMessage(channel="U0EXECBOT", text="x")) == "cannot_dm_bot"


async def test_ephemeral_is_for_one_and_cannot_be_updated(
    slack: SlackServer, client: AsyncWebClient, team: SlackTeam, jane: SlackUser, sales: str
) -> None:
    posted = await client.chat_postEphemeral(channel=sales, user=jane.id, text="psst")
    assert slack.visible(team.user_called("bob").id, sales) == []
    assert [each.text for each in slack.visible(jane.id, sales)] == ["psst"]
    ts = posted["message_ts"]
    assert await code_of(client.chat_update(channel=sales, ts=ts, text="x")) == "message_not_found"
    coaches = team.channel_called("coaches").id
    wrong = client.chat_postEphemeral(channel=coaches, user=jane.id, text="x")
    assert await code_of(wrong) == "user_not_in_channel"


async def test_refused_blocks_say_where(
    slack: SlackServer, client: AsyncWebClient, sales: str
) -> None:
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=sales, text="x", blocks=blocks)
    assert caught.value.response["error"] == "invalid_blocks"
    assert "/blocks/0/text/text" in caught.value.response["errors"][0]
    assert slack.problems[0][0] == "chat.postMessage"
    assert await code_of(client.chat_postMessage(channel=sales, text="x" * 4001)) == "msg_too_long"
    assert slack.messages == []


async def test_blocks_that_are_not_rolled_out(
    slack: SlackServer, client: AsyncWebClient, sales: str
) -> None:
    await client.chat_postMessage(channel=sales, text="x", blocks=[TABLE])
    slack.unsupported_blocks = {"data_table"}
    refused = client.chat_postMessage(channel=sales, text="x", blocks=[TABLE])
    assert await code_of(refused) == "invalid_blocks"


async def test_channels_the_bot_may_not_post_to(
    slack: SlackServer, client: AsyncWebClient, team: SlackTeam, sales: str
) -> None:
    channel = team.channel_called("sales")
    channel.has_bot = False
    await client.chat_postMessage(channel=sales, text="by chat:write.public")
    slack.scopes.discard("chat:write.public")
    assert await code_of(client.chat_postMessage(channel=sales, text="x")) == "not_in_channel"
    channel.is_archived = True
    assert await code_of(client.chat_postMessage(channel=sales, text="x")) == "is_archived"


async def test_mentions(slack: SlackServer, client: AsyncWebClient, sales: str) -> None:
    async def pinged(text: str, **more: Any) -> list[str]:
        await client.chat_postMessage(channel=sales, text=text, **more)
        return slack.mentions_of(slack.messages[-1])

    assert await pinged("<!channel> <@U1002|bob> <!subteam^S3001|@closers>") == [
        "channel",
        "U1002",
        "S3001",
    ]
    assert await pinged("&lt;!here&gt; @here") == []
    assert await pinged("@here", link_names=True) == ["here"]
    words = {"type": "mrkdwn", "text": "no @everyone, `@here`"}
    loud = {"type": "section", "text": words}
    quiet = {"type": "section", "text": {**words, "verbatim": True}}
    assert await pinged("x", blocks=[loud]) == ["everyone"]
    assert await pinged("x", blocks=[quiet]) == []


# Commands


async def test_command_payload(
    slack: SlackServer, bot: Bot, team: SlackTeam, jane: SlackUser, sales: str
) -> None:
    ack = await slack.command(jane.id, sales, "/exec", "sessions @bob @closers. #sales a&b <c>")
    assert (ack.status, ack.error, ack.body) == (200, None, "")
    got = bot.command
    bob = team.user_called("bob").id
    assert got["text"] == (
        f"sessions <@{bob}> <!subteam^S3001|@closers>. <#{sales}|sales> a&amp;b &lt;c&gt;"
    )
    assert (got["command"], got["user_id"], got["channel_name"]) == ("/exec", jane.id, "sales")
    assert got["is_enterprise_install"] == "false"
    assert SignatureVerifier(SECRET).is_valid_request(*bot.got[-1])
    await slack.command(jane.id, team.dm_of(jane.id).id, "/exec", "jane@acme.test @nobody")
    assert bot.command["channel_name"] == "directmessage"
    assert bot.command["text"] == "jane@acme.test @nobody"
    maria = team.user_called("maria").id
    await slack.command(maria, team.channel_called("coaches").id, "/exec", "#coaches")
    assert bot.command["channel_name"] == "privategroup"
    assert bot.command["text"].endswith("|>")


async def test_ack_may_carry_the_answer(
    slack: SlackServer, bot: Bot, jane: SlackUser, sales: str
) -> None:
    bot.answer = web.Response(text="plain words")
    ack = await slack.command(jane.id, sales, "/exec", "help")
    message = await slack.wait_for_message(jane.id, sales, after=ack)
    assert (message.text, message.visible_to, message.via) == ("plain words", jane.id, "ack")
    bot.answer = web.json_response({"response_type": "in_channel", "text": "for all"})
    await slack.command(jane.id, sales, "/exec", "share")
    assert [(each.via, each.text) for each in slack.messages[1:]] == [
        ("echo", "/exec share"),
        ("ack", "for all"),
    ]


async def test_late_ack_and_server_error_are_shown(
    slack: SlackServer, bot: Bot, jane: SlackUser, sales: str
) -> None:
    bot.wait = 0.6
    late = await slack.command(jane.id, sales, "/exec")
    assert (late.status, late.error) == (None, "operation_timeout")
    bot.wait, bot.answer = 0.0, web.Response(status=500)
    broken = await slack.command(jane.id, sales, "/exec")
    assert (broken.status, broken.error) == (500, "operation_timeout")
    failed = [each.text for each in slack.notices if each.kind == "failed"]
    assert failed == ["/exec failed with the error operation_timeout"] * 2


async def test_no_bot_at_all(slack: SlackServer, jane: SlackUser, sales: str) -> None:
    slack.request_url = "http://127.0.0.1:9/slack/events"
    ack = await slack.command(jane.id, sales, "/exec")
    assert ack.error == "unreachable"
    assert slack.notices[-1].text.startswith("The bot cannot be reached at http://127.0.0.1:9")


async def test_the_same_payload_again(
    slack: SlackServer, bot: Bot, jane: SlackUser, sales: str
) -> None:
    await slack.redeliver(await slack.command(jane.id, sales, "/exec", "sessions"))
    first, second = bot.got
    assert first[0] == second[0]


async def test_who_may_not_act(slack: SlackServer, team: SlackTeam, jane: SlackUser) -> None:
    with pytest.raises(ValueError, match="does not see"):
        await slack.command(jane.id, team.channel_called("coaches").id, "/exec")
    jane.deleted = True
    with pytest.raises(ValueError, match="cannot use"):
        await slack.command(jane.id, team.channel_called("sales").id, "/exec")


# response_url


async def test_response_url(
    slack: SlackServer, bot: Bot, clock: Clock, jane: SlackUser, sales: str
) -> None:
    await slack.command(jane.id, sales, "/exec", "sessions")
    hook = AsyncWebhookClient(bot.command["response_url"])
    answer = await hook.send(text="one", blocks=[TEXT])
    assert (answer.status_code, answer.body) == (200, "ok")
    await hook.send(text="two", replace_original=True)
    assert [(each.text, each.visible_to) for each in slack.messages] == [("two", jane.id)]
    bad = await hook.send(text="x", blocks=[{"type": "nonsense"}])
    assert (bad.status_code, bad.body) == (400, "invalid_blocks")
    await hook.send(text="three", response_type="in_channel", replace_original=True)
    assert slack.messages[0].visible_to == jane.id
    await hook.send(delete_original=True)
    assert slack.messages == []
    await hook.send(text="five")
    used = await hook.send(text="six")
    assert (used.status_code, used.body) == (404, "used_url")
    await slack.command(jane.id, sales, "/exec", "sessions")
    clock.forward(1801)
    old = await AsyncWebhookClient(bot.command["response_url"]).send(text="late")
    assert (old.status_code, old.body) == (404, "expired_url")


async def test_wait_for_message_sees_a_replacement(
    slack: SlackServer, bot: Bot, jane: SlackUser, sales: str
) -> None:
    await slack.command(jane.id, sales, "/exec", "sessions")
    hook = AsyncWebhookClient(bot.command["response_url"])
    await hook.send(text="one")
    first = await slack.wait_for_message(jane.id, sales)
    later = asyncio.create_task(slack.wait_for_message(jane.id, sales, after=first))
    await hook.send(text="two", replace_original=True)
    assert ((await later).text, (await later).ts) == ("two", first.ts)
    with pytest.raises(TimeoutError):
        await slack.wait_for_message(jane.id, sales, after=await later, timeout=0.05)


# Clicks and menus


async def test_click_on_an_ephemeral_message(
    slack: SlackServer,
    bot: Bot,
    client: AsyncWebClient,
    team: SlackTeam,
    jane: SlackUser,
    sales: str,
) -> None:
    blocks = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]
    posted = await client.chat_postEphemeral(channel=sales, user=jane.id, text="x", blocks=blocks)
    ts = posted["message_ts"]
    await slack.click(jane.id, ts, "go")
    payload = bot.payload
    assert payload["type"] == "block_actions"
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload
    assert (payload["actions"][0]["value"], payload["actions"][0]["block_id"]) == ("7", "b")
    await AsyncWebhookClient(payload["response_url"]).send(text="done", replace_original=True)
    assert (slack.messages[0].text, slack.messages[0].ts) == ("done", ts)
    with pytest.raises(ValueError, match="does not see"):
        await slack.click(team.user_called("bob").id, ts, "go")


async def test_overflow_and_select(
    slack: SlackServer, bot: Bot, client: AsyncWebClient, jane: SlackUser, sales: str
) -> None:
    options = MODAL["blocks"][1]["element"]["options"]
    blocks: list[dict[str, Any]] = [
        {**TEXT, "accessory": {"type": "overflow", "action_id": "more", "options": options}},
        {
            "type": "actions",
            "elements": [{"type": "static_select", "action_id": "rank", "options": options}],
        },
    ]
    posted = await client.chat_postMessage(channel=sales, text="x", blocks=blocks)
    await slack.select(jane.id, posted["ts"], "more", "Silver")
    assert bot.payload["actions"][0]["selected_option"]["value"] == "silver"
    assert bot.payload["message"]["ts"] == posted["ts"]
    await slack.select(jane.id, posted["ts"], "rank", "gold")
    block_id = bot.payload["actions"][0]["block_id"]
    state = bot.payload["state"]["values"][block_id]["rank"]
    assert state["selected_option"]["value"] == "gold"
    with pytest.raises(ValueError, match="not offered"):
        await slack.select(jane.id, posted["ts"], "rank", "tin")


# Modals


async def test_modal_is_opened_once_and_in_time(
    slack: SlackServer,
    bot: Bot,
    client: AsyncWebClient,
    clock: Clock,
    jane: SlackUser,
    sales: str,
) -> None:
    await slack.command(jane.id, sales, "/exec")
    trigger = bot.command["trigger_id"]
    await client.views_open(trigger_id=trigger, view=MODAL)
    again = client.views_open(trigger_id=trigger, view=MODAL)
    assert await code_of(again) == "exchanged_trigger_id"
    await slack.command(jane.id, sales, "/exec")
    clock.forward(3.1)
    late = client.views_open(trigger_id=bot.command["trigger_id"], view=MODAL)
    assert await code_of(late) == "expired_trigger_id"


async def test_submit(
    slack: SlackServer, bot: Bot, client: AsyncWebClient, jane: SlackUser, sales: str
) -> None:
    await slack.command(jane.id, sales, "/exec")
    await client.views_open(trigger_id=bot.command["trigger_id"], view=MODAL)
    view = await slack.wait_for_view(jane.id)
    assert (await slack.submit(jane.id, view.id)).view_errors == {
        "name": "Please complete this required field."
    }
    bot.answer = web.json_response({"response_action": "errors", "errors": {"name": "No such"}})
    refused = await slack.submit(jane.id, view.id, {"name": "Zed"})
    assert refused.view_errors == {"name": "No such"}
    assert slack.open_view(jane.id) is view
    await slack.submit(jane.id, view.id, {"name": "Jane", "rank": "gold"})
    sent = bot.payload["view"]
    assert sent["private_metadata"] == "q_1"
    assert sent["state"]["values"]["name"]["name"]["value"] == "Jane"
    assert sent["state"]["values"]["rank"]["rank"]["selected_option"]["value"] == "gold"
    assert slack.open_view(jane.id) is None


async def test_update_push_and_close(
    slack: SlackServer, bot: Bot, client: AsyncWebClient, jane: SlackUser, sales: str
) -> None:
    await slack.command(jane.id, sales, "/exec")
    opened = await client.views_open(
        trigger_id=bot.command["trigger_id"], view={**MODAL, "notify_on_close": True}
    )
    name, first_hash = opened["view"]["id"], opened["view"]["hash"]
    await client.views_update(view_id=name, view=MODAL, hash=first_hash)
    stale = client.views_update(view_id=name, view=MODAL, hash=first_hash)
    assert await code_of(stale) == "hash_conflict"
    bot.answer = web.json_response({"response_action": "push", "view": MODAL})
    await slack.submit(jane.id, name, {"name": "x"})
    top = await slack.wait_for_view(jane.id)
    assert (top.previous_id, top.root_id) == (name, name)
    await slack.close(jane.id, top.id)
    await client.views_update(view_id=name, view={**MODAL, "notify_on_close": True})
    await slack.close(jane.id, name)
    assert bot.payload["type"] == "view_closed"
    assert slack.open_view(jane.id) is None


async def test_home(slack: SlackServer, bot: Bot, client: AsyncWebClient, jane: SlackUser) -> None:
    await slack.home_opened(jane.id)
    event = json.loads(bot.got[-1][0])
    assert event["event"]["type"] == "app_home_opened"
    blocks = [{"type": "actions", "elements": [BUTTON]}]
    await client.views_publish(user_id=jane.id, view={"type": "home", "blocks": blocks})
    await slack.click(jane.id, slack.homes[jane.id].id, "go")
    assert bot.payload["view"]["type"] == "home"


# Events


async def test_events_of_what_people_write(
    slack: SlackServer, bot: Bot, client: AsyncWebClient, jane: SlackUser, sales: str
) -> None:
    slack.unfurl_domains = ("exec.test",)
    dm = slack.team.dm_of(jane.id).id
    root = await slack.said(jane.id, dm, "how is <b> & @bob")
    link = "https://app.exec.test/s/1?a=1&b=2"
    await slack.said(jane.id, sales, f"@exec see {link} and https://exec.test.evil.test")
    await slack.said(jane.id, sales, "nothing for the app")
    posted = await client.chat_postMessage(channel=dm, text="in the thread", thread_ts=root)
    await slack.said(jane.id, dm, "and here", posted["message"]["thread_ts"])
    await slack.edit(jane.id, root, "how is Bob")
    await slack.take_back(jane.id, root)
    bodies = [json.loads(body) for body, _ in bot.got]
    events = [body["event"] for body in bodies]
    assert [(each["type"], each.get("subtype")) for each in events] == [
        ("message", None),
        ("app_mention", None),
        ("link_shared", None),
        ("message", None),
        ("message", "message_changed"),
        ("message", "message_deleted"),
    ]
    assert events[0]["text"] == f"how is &lt;b&gt; &amp; <@{slack.team.user_called('bob').id}>"
    assert events[0]["channel_type"] == "im"
    assert events[1]["text"].startswith("<@U0EXECBOT> see <https://")
    assert events[2]["links"] == [{"url": link, "domain": "exec.test"}]
    assert events[3]["thread_ts"] == root
    assert len({body["event_id"] for body in bodies}) == 6

    slack.scopes -= {"im:history", "app_mentions:read", "links:read"}
    for place in (dm, sales):
        await slack.said(jane.id, place, f"@exec {link}")
    assert len(bot.got) == 6


async def test_an_event_that_is_not_acked_comes_again(
    slack: SlackServer, bot: Bot, jane: SlackUser
) -> None:
    slack.retry_after = (0, 0, 0)
    dm = slack.team.dm_of(jane.id).id
    bot.answer = web.Response(status=500)
    await slack.said(jane.id, dm, "hello")
    await slack.all_told()
    bot.wait = 0.5
    await slack.said(jane.id, dm, "again")
    await slack.all_told()
    ids = [json.loads(body)["event_id"] for body, _ in bot.got]
    tries = [headers.get("X-Slack-Retry-Num", "0") for _, headers in bot.got]
    reasons = {headers.get("X-Slack-Retry-Reason", "") for _, headers in bot.got}
    assert tries == ["0", "1", "0", "1", "2", "3"]
    assert reasons == {"", "http_error", "http_timeout"}
    assert [ids.index(each) for each in ids] == [0, 0, 2, 2, 2, 2]


async def test_an_event_through_a_socket_says_which_try_it_is(
    slack: SlackServer, client: AsyncWebClient, jane: SlackUser
) -> None:
    slack.retry_after = (0,)
    url = (await client.apps_connections_open(app_token="xapp-sandbox"))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        saying = asyncio.create_task(slack.home_opened(jane.id))
        envelopes = [await socket.receive_json() for _ in range(2)]
        await socket.send_json({"envelope_id": envelopes[1]["envelope_id"]})
        await saying
    assert [each.get("retry_attempt") for each in envelopes] == [None, 1]
    assert {each["payload"]["event"]["tab"] for each in envelopes} == {"home"}


# Faults


async def test_faults(slack: SlackServer, client: AsyncWebClient, sales: str) -> None:
    slack.fault("chat.postMessage", "ratelimited", times=2, seconds=7)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel=sales, text="x")
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "7"
    slack.fault("chat.postMessage", "fatal_error")
    assert await code_of(client.chat_postMessage(channel=sales, text="x")) == "fatal_error"
    slack.fault("chat.postMessage", "slow", seconds=0.05)
    await client.chat_postMessage(channel=sales, text="slow")
    slack.fault("chat.postMessage", "drop")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=sales, text="arrived all the same")
    slack.fault("chat.postMessage", "reset")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=sales, text="never arrived")
    assert [each.text for each in slack.messages] == ["slow", "arrived all the same"]
    assert [each.method for each in slack.calls] == ["chat.postMessage"] * 6


async def test_a_file_is_named_uploaded_and_shared(
    slack: SlackServer, client: AsyncWebClient, jane: SlackUser
) -> None:
    opened = await client.conversations_open(users=[jane.id])
    to = opened["channel"]["id"]
    await client.files_upload_v2(
        channel=to, content=b"a,b", filename="t.csv", initial_comment="Here & now"
    )
    (message,) = slack.visible(jane.id, to)
    (shared,) = message.extra["files"]
    assert (message.text, shared["name"]) == ("Here & now", "t.csv")
    assert slack.files[shared["id"]].content == b"a,b"
    again = [{"id": shared["id"]}]
    for files, code in ((again, "file_not_found"), ([], "invalid_arguments")):
        with pytest.raises(SlackApiError, match=code):
            await client.files_completeUploadExternal(files=files, channel_id=to)
    named = await client.files_getUploadURLExternal(filename="t.csv", length=9)
    async with httpx.AsyncClient() as http:
        assert (await http.post(named["upload_url"], content=b"short")).status_code == 400
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(files=[{"id": named["file_id"]}], channel_id=to)
    slack.scopes.discard("files:write")
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client.files_getUploadURLExternal(filename="t.csv", length=9)


async def test_dead_response_url(slack: SlackServer, bot: Bot, jane: SlackUser, sales: str) -> None:
    await slack.command(jane.id, sales, "/exec")
    slack.fault("response_url", "dead_url")
    slack.fault("response_url", "invalid_blocks")
    hook = AsyncWebhookClient(bot.command["response_url"])
    assert [(await hook.send(text="x")).status_code for _ in range(3)] == [404, 400, 200]


# The page's door


async def test_page_is_for_this_computer_only(team: SlackTeam, clock: Clock) -> None:
    async with (
        SlackServer(
            team, clock=clock, signing_secret="s", bot_token="b", app_token="a", page=True
        ) as slack,
        httpx.AsyncClient(base_url=slack.base_url) as http,
    ):
        jane = team.user_called("jane").id
        assert (await http.get("/")).headers["content-type"] == "text/html; charset=utf-8"
        assert (await http.get("/page/..%2fslack_page.py")).status_code == 404
        assert (await http.get("/page/none.js")).status_code == 404
        assert (await http.get("/demo/team")).json()["bot"]["name"] == "Exec"
        foreign = {"Host": "evil.test"}
        assert (await http.get("/demo/team", headers=foreign)).status_code == 403
        form = await http.post("/demo/say", data={"as": jane, "text": "x"})
        assert form.status_code == 415
        wrong = await http.post("/demo/act", json={"as": jane, "where": "1.0", "action_id": "x"})
        assert (wrong.status_code, wrong.json()["ok"]) == (400, False)
        assert (await http.get("/demo/state?as=U404")).status_code == 400


# Socket Mode


async def test_socket_mode_with_bolt(
    slack: SlackServer, client: AsyncWebClient, jane: SlackUser, sales: str
) -> None:
    app = AsyncApp(client=client)
    heard: list[str] = []

    @app.command("/exec")
    async def on_command(ack: Any, command: dict[str, Any], respond: Any) -> None:
        heard.append(command["text"])
        await ack()
        await respond(text=f"heard {command['text']}")

    handler = AsyncSocketModeHandler(app, "xapp-sandbox")
    await handler.connect_async()
    ack = await slack.command(jane.id, sales, "/exec", "sessions")
    assert (ack.status, ack.error) == (200, None)
    assert (await slack.wait_for_message(jane.id, sales)).text == "heard sessions"
    await slack.redeliver(ack)
    assert heard == ["sessions", "sessions"]
    unknown = await slack.command(jane.id, sales, "/other")
    assert unknown.error == "operation_timeout"
    await handler.close_async()


async def test_socket_tickets_and_disconnect(slack: SlackServer) -> None:
    client = AsyncWebClient(token="xapp-sandbox", base_url=slack.api_url)
    url = str((await client.apps_connections_open(app_token="xapp-sandbox"))["url"])
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(url)
        assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
        leaving = asyncio.create_task(slack.disconnect())
        assert (await socket.receive_json())["reason"] == "refresh_requested"
        with suppress(TypeError):
            await socket.receive()
        await leaving
        assert slack.sockets.open == []
        await socket.close()
