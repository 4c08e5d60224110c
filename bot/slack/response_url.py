"""Posts to a response_url: to Slack only, within its limits, with what is known of the outcome."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import aiohttp
from yarl import URL

from bot.tls import trusted

log = logging.getLogger(__name__)

# Slack takes five messages per response_url, within 30 minutes.
MAX_USES = 5
TIMEOUT_SECONDS = 5.0
MAX_RATE_WAIT = 10.0
ATTEMPTS = 3
PAUSE_SECONDS = 0.5
IDLE_SECONDS = 5.0  # of a connection
# There was no connection: Slack has not heard of it.
_UNSENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class PostOutcome(Enum):
    """The outcome of one message."""

    SENT = "sent"
    REFUSED_BLOCKS = "invalid_blocks"
    DEAD = "dead_url"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class _Answer:
    """Slack's answer to a message."""

    status: int
    text: str
    retry_after: float

    @property
    def refuses_blocks(self) -> bool:
        return "invalid_blocks" in self.text[:200]


def session() -> aiohttp.ClientSession:
    """The connections to Slack's addresses, closed soon enough not to be found closed."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=trusted(), keepalive_timeout=IDLE_SECONDS),
        timeout=aiohttp.ClientTimeout(sock_connect=TIMEOUT_SECONDS, sock_read=TIMEOUT_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=True,  # of the proxy
    )


def is_slacks(url: str, api_url: str) -> bool:
    """Whether this is an address of Slack's own: by https at slack.com, or at the host of its Web
    API or below that (GovSlack's are), or of the very server that stands in for Slack."""
    try:
        asked, api = URL(url), URL(api_url)
    except ValueError:
        return False
    if asked.user is not None or not url.isascii():
        return False
    if _origin(asked) == _origin(api):
        return True
    return (
        asked.scheme == "https"
        and asked.is_default_port()
        and f".{asked.raw_host}".endswith((".slack.com", f".{api.raw_host}"))
    )


class ResponseUrl:
    """One address, and how often it was used.

    `url` is None where a payload came without, or with one that is not Slack's: a forged address
    would get the answer, or have the bot call other servers.
    """

    def __init__(
        self,
        url: str | None,
        api_url: str,
        http: aiohttp.ClientSession,
        observe: Callable[[str], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if url is not None and not is_slacks(url, api_url):
            log.warning("a response_url is not Slack's: the answer goes another way")
            url = None
        self.url = url
        self.uses = 0
        self._http = http
        self._observe = observe
        self._sleep = sleep

    async def send(self, body: dict[str, Any], *, once: bool = False) -> PostOutcome:
        """Post; `once`: no retry after an attempt whose outcome is unknown."""
        waited = 0.0
        for _ in range(ATTEMPTS):
            if self.url is None or self.uses >= MAX_USES:
                return PostOutcome.DEAD
            self.uses += 1
            try:
                answer = await self._post(self.url, body)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                self._observe("error")
                log.warning("response_url: %s", type(error).__name__)
                if once and not isinstance(error, _UNSENT):
                    return PostOutcome.UNSURE
                await self._sleep(PAUSE_SECONDS)
                continue
            if answer.status == 429:
                self.uses -= 1
                self._observe("ratelimited")
                waited += answer.retry_after
                if waited > MAX_RATE_WAIT:
                    return PostOutcome.DEAD
                await self._sleep(answer.retry_after)
                continue
            if answer.status >= 500:
                self._observe("error")
                log.warning("response_url: %d", answer.status)
                if once:
                    return PostOutcome.UNSURE
                await self._sleep(PAUSE_SECONDS)
                continue
            return self._outcome(answer)
        return PostOutcome.DEAD

    async def _post(self, url: str, body: dict[str, Any]) -> _Answer:
        async with self._http.post(url, json=body, allow_redirects=False) as response:
            return _Answer(
                response.status,
                await response.text(errors="replace"),
                _seconds(response.headers.get("Retry-After", "1")),
            )

    def _outcome(self, answer: _Answer) -> PostOutcome:
        if 200 <= answer.status < 300 and not answer.refuses_blocks:
            self._observe("sent")
            return PostOutcome.SENT
        # The body is Slack's error name; an answer of another kind is not worth logging whole.
        code = answer.text[:40] if answer.text.replace("_", "").isalpha() else "other"
        self._observe("refused")
        log.warning("response_url: %d %s", answer.status, code)
        return PostOutcome.REFUSED_BLOCKS if answer.refuses_blocks else PostOutcome.DEAD


def _origin(url: URL) -> tuple[str, str | None, int | None]:
    return url.scheme, url.raw_host, url.port


def _seconds(value: str) -> float:
    return float(value) if value.isascii() and value.isdigit() else 1.0
