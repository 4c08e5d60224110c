"""Carries payloads to the bot, over signed HTTP or Socket Mode, and times the ack."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.slack_records import Ack, Delivery
from bot.sandbox.slack_socket import Sockets
from bot.sandbox.slack_workspace import Workspace


def encoded(delivery: Delivery) -> tuple[str, str]:
    """The HTTP body and content type of a payload."""
    if delivery.kind == "slash_commands":
        return urlencode(delivery.payload), "application/x-www-form-urlencoded"
    if delivery.kind == "interactive":
        body = urlencode({"payload": json.dumps(delivery.payload)})
        return body, "application/x-www-form-urlencoded"
    return json.dumps(delivery.payload), "application/json"


@dataclass(slots=True)
class Courier:
    """`request_url` is where the bot listens for HTTP; an open socket goes before it."""

    slack: Workspace
    sockets: Sockets
    signing_secret: str
    session: aiohttp.ClientSession
    ack_seconds: float = 3.0
    signing_clock: Callable[[], float] = time.time
    # The wall clock by default: the bot compares the signature's time with it.
    request_url: str | None = None

    async def deliver(
        self, delivery: Delivery, *, later: int = 0, retry: tuple[int, str] | None = None
    ) -> Ack:
        """Send a payload once and wait for the ack as long as Slack does.

        It is signed as if it were `later`, in seconds. `retry` says which one it is, and why.
        """
        mark, started = self.slack.revision, time.perf_counter()
        status, body, error = await self._send(delivery, later, retry)
        took = time.perf_counter() - started
        if error is None and (status != 200 or took > self.ack_seconds):
            error = "operation_timeout"
        return Ack(status, body, took, error, delivery, mark)

    async def _send(
        self, delivery: Delivery, later: int, retry: tuple[int, str] | None
    ) -> tuple[int | None, str, str | None]:
        if self.sockets.open:
            try:
                payload = await self.sockets.send(delivery, self.ack_seconds, retry)
            except (TimeoutError, ConnectionError):
                return None, "", "operation_timeout"
            return 200, json.dumps(payload) if payload else "", None
        if self.request_url is None:
            return None, "", "unreachable"
        try:
            return await self._post(self.request_url, *encoded(delivery), later, retry)
        except aiohttp.ClientConnectorError:
            return None, "", "unreachable"
        except (TimeoutError, aiohttp.ClientError):
            return None, "", "operation_timeout"

    async def _post(
        self, url: str, body: str, kind: str, later: int, retry: tuple[int, str] | None
    ) -> tuple[int, str, None]:
        stamp = str(int(self.signing_clock()) + later)
        base = f"v0:{stamp}:{body}".encode()
        digest = hmac.new(self.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": kind,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest}",
        }
        if retry is not None:
            number, reason = retry
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        limit = aiohttp.ClientTimeout(total=self.ack_seconds)
        async with self.session.post(
            url, data=body.encode(), headers=headers, timeout=limit
        ) as answer:
            return answer.status, await answer.text(), None
