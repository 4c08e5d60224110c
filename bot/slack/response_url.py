"""Posts to a response_url: to Slack only, within its limits, with what is known of the outcome."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Any

import httpx

log = logging.getLogger(__name__)

# Slack takes five messages per response_url, within 30 minutes.
MAX_USES = 5
TIMEOUT_SECONDS = 5.0
MAX_RATE_WAIT = 10.0
ATTEMPTS = 3
PAUSE_SECONDS = 0.5


class PostOutcome(Enum):
    """What became of one message."""

    SENT = "sent"
    REFUSED_BLOCKS = "invalid_blocks"
    DEAD = "dead_url"
    UNSURE = "unsure"


def is_slacks(url: str, api_url: str) -> bool:
    """Whether this is an address of Slack's own: by https at slack.com, or at the host of its Web
    API or below that (GovSlack's are), or of the very server that stands in for Slack."""
    try:
        asked, api = httpx.URL(url), httpx.URL(api_url)
    except httpx.InvalidURL:
        return False
    if asked.userinfo:
        return False
    if _origin(asked) == _origin(api):
        return True
    host = b"." + asked.raw_host
    return (
        asked.scheme == "https"
        and asked.port is None
        and host.endswith((b".slack.com", b"." + api.raw_host))
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
        http: httpx.AsyncClient,
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
                response = await self._http.post(self.url, json=body, follow_redirects=False)
            except httpx.HTTPError as error:
                self._observe("error")
                log.warning("response_url: %s", type(error).__name__)
                unsent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
                if once and not unsent:
                    return PostOutcome.UNSURE
                await self._sleep(PAUSE_SECONDS)
                continue
            if response.status_code == 429:
                self.uses -= 1
                self._observe("ratelimited")
                wait = _retry_after(response)
                waited += wait
                if waited > MAX_RATE_WAIT:
                    return PostOutcome.DEAD
                await self._sleep(wait)
                continue
            if response.status_code >= 500:
                self._observe("error")
                log.warning("response_url: %d", response.status_code)
                if once:
                    return PostOutcome.UNSURE
                await self._sleep(PAUSE_SECONDS)
                continue
            return self._outcome(response)
        return PostOutcome.DEAD

    def _outcome(self, response: httpx.Response) -> PostOutcome:
        if response.is_success and "invalid_blocks" not in response.text[:200]:
            self._observe("sent")
            return PostOutcome.SENT
        # The body is Slack's error name; an answer of another kind is not worth logging whole.
        code = response.text[:40] if response.text.replace("_", "").isalpha() else "other"
        self._observe("refused")
        log.warning("response_url: %d %s", response.status_code, code)
        if "invalid_blocks" in response.text[:200]:
            return PostOutcome.REFUSED_BLOCKS
        return PostOutcome.DEAD


def _origin(url: httpx.URL) -> tuple[str, bytes, int | None]:
    return url.scheme, url.raw_host, url.port


def _retry_after(response: httpx.Response) -> float:
    value = response.headers.get("retry-after", "1")
    return float(value) if value.isascii() and value.isdigit() else 1.0
