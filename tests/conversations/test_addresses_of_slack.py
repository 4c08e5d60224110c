"""Answers go to Slack's own addresses, whatever address a payload names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.sandbox.slack_workspace import Delivery
from bot.slack.response_url import PostOutcome, ResponseUrl, is_slacks, session
from tests.workspace import Workspace, button, table

pytestmark = pytest.mark.acquainted

SLACK = "https://slack.com/api/"


@pytest.mark.parametrize(
    ("url", "api_url", "expected"),
    [
        pytest.param("https://hooks.slack.com/commands/T1/2/x", SLACK, True, id="Slack's"),
        pytest.param("https://HOOKS.SLACK.COM:443/x", SLACK, True, id="in capitals"),
        pytest.param("https://slack.com/x", SLACK, True, id="slack.com itself"),
        pytest.param("http://hooks.slack.com/x", SLACK, False, id="without TLS"),
        pytest.param("https://hooks.slack.com:8443/x", SLACK, False, id="another port"),
        pytest.param("https://hooks.slack.com.evil.example/x", SLACK, False, id="slack.com in it"),
        pytest.param("https://evilslack.com/x", SLACK, False, id="ends alike"),
        pytest.param("https://hooks.slack.com@evil.example/x", SLACK, False, id="as a user name"),
        pytest.param("https://me@hooks.slack.com/x", SLACK, False, id="with a user name"),
        pytest.param("https://evil.example\\@hooks.slack.com/x", SLACK, False, id="a backslash"),
        pytest.param("https://hooks.ſlack.com/x", SLACK, False, id="a long s"),
        pytest.param("http://169.254.169.254/latest", SLACK, False, id="the cloud's own"),
        pytest.param("file:///etc/passwd", SLACK, False, id="a file"),
        pytest.param("https://[::1", SLACK, False, id="no address"),
        pytest.param("", SLACK, False, id="nothing"),
        pytest.param("https://hooks.slack-gov.com/x", SLACK, False, id="GovSlack's, elsewhere"),
        pytest.param(
            "https://hooks.slack-gov.com/x", "https://slack-gov.com/api/", True, id="GovSlack's"
        ),
        pytest.param("http://127.0.0.1:99/x", "http://127.0.0.1:99/api/", True, id="a stand-in's"),
        pytest.param("https://hooks.slack.com\t.evil.example/x", SLACK, False, id="a tab"),
        pytest.param("http://127.0.0.1:98/x", "http://127.0.0.1:99/api/", False, id="beside it"),
    ],
)
def test_which_addresses_are_slacks(url: str, api_url: str, expected: bool) -> None:
    assert is_slacks(url, api_url) is expected


@pytest.fixture
async def elsewhere() -> AsyncIterator[tuple[str, list[bytes]]]:
    """An address that is not Slack's, and what is sent there."""
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readline())
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        writer.close()

    async with await asyncio.start_server(hear, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/commands/T1/secret", heard


async def test_what_slack_has_not_heard_is_sent_again_and_what_it_may_have_is_not() -> None:
    heard: list[bytes] = []
    pauses: list[float] = []

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readline())
        writer.close()

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async with session() as http:
        async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            url = f"http://127.0.0.1:{port}/x"
            address = ResponseUrl(url, url, http, lambda _: None, pause)
            assert await address.send({}, once=True) is PostOutcome.UNSURE
            assert (len(heard), pauses) == (1, [])
        # Now nobody listens there.
        address = ResponseUrl(url, url, http, lambda _: None, pause)
        assert await address.send({}, once=True) is PostOutcome.DEAD
        assert (len(heard), len(pauses)) == (1, 3)


def led_to(url: str, delivery: Delivery) -> Delivery:
    """The payload with another response_url."""
    return replace(delivery, payload={**delivery.payload, "response_url": url})


async def test_no_answer_leaves_slack_by_a_command_a_button_or_a_form(
    workspace: Workspace, elsewhere: tuple[str, list[bytes]], caplog: pytest.LogCaptureFixture
) -> None:
    url, heard = elsewhere
    ack = await workspace.act(
        led_to(url, workspace.command_of("ana", "sessions last 7d", "west-coast"))
    )
    answer = await workspace.heard("ana", "west-coast", after=ack)
    assert answer.via == "chat.postEphemeral"
    assert table(answer)[1:]
    value = button(answer, "Refresh")["value"]
    refresh = workspace.press_of("ana", answer, "sessions.refresh", value)
    again = await workspace.heard(
        "ana", "west-coast", after=await workspace.act(led_to(url, refresh))
    )
    assert again.via == "chat.postEphemeral"
    share = led_to(url, workspace.press_of("ana", answer, "share.post", value))
    refused = await workspace.heard("ana", "west-coast", after=await workspace.act(share))
    assert refused.text == "Slack didn't take the post. Nothing was shared; try again in a minute."
    assert heard == []
    assert "response_url is not Slack's" in caplog.text
    assert "secret" not in caplog.text
