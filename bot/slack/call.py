"""One call of Slack's Web API, and what a failure means: definitely not done, or perhaps."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.errors import SlackError

# Slack's documents say of these that some of what was asked may have been done.
_PERHAPS_DONE = frozenset({"internal_error", "fatal_error"})
# No code at all: a proxy's own page, or half an answer.
_UNKNOWN = frozenset({"unknown", "not_json"})


class Unsure(SlackError):
    """No proper answer: Slack may have done what was asked, or not."""


class Unreached(SlackError):
    """There was no connection: Slack has not done it."""


class RateLimited(SlackError):
    """429: Slack has not done it, and may be asked again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("ratelimited")
        self.seconds = seconds


async def call(request: Awaitable[Any]) -> dict[str, Any]:
    """The answer's `data` and `headers`. Raises SlackError, of the kinds above where they fit."""
    try:
        response = await request
    except SlackApiError as error:
        raise _refusal(error.response) from None
    except aiohttp.ClientConnectorError as error:
        raise Unreached(type(error).__name__) from None
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError) as error:
        # ValueError and AttributeError: slack_sdk met an answer that is not JSON.
        raise Unsure(type(error).__name__) from None
    return {"data": response.data, "headers": response.headers}


def _refusal(response: Any) -> SlackError:
    # A dict, slack_sdk's response, or aiohttp's own when the body could not be read.
    data = response if isinstance(response, dict) else getattr(response, "data", None)
    status = getattr(response, "status_code", None) or getattr(response, "status", None) or 200
    code = str(data.get("error", "unknown")) if isinstance(data, dict) else "not_json"
    if status == 429 or code == "ratelimited":
        return RateLimited(_seconds(getattr(response, "headers", {}).get("Retry-After")))
    if status >= 500 or code in _PERHAPS_DONE | _UNKNOWN:
        return Unsure(code)
    return SlackError(code)


def _seconds(header: object) -> float:
    try:
        return max(float(str(header)), 0.0)
    except ValueError:
        return 1.0
