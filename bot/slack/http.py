"""Slack's requests over HTTP: reads the bytes, verifies the signature, then lets Bolt parse."""

from __future__ import annotations

import asyncio
import re

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

MOST_BYTES = 1024**2
# Slack sends a body at once.
READ_SECONDS = 10.0

# Slack checks our certificate with a request that it does not sign.
_SSL_CHECK = re.compile(rb"(?:.*&)?ssl_check=1(?:&.*)?", re.DOTALL)


class SlackDoor:
    """Passes requests that Slack signed on to Bolt.

    Nothing is decompressed and only UTF-8 is decoded, whatever the headers claim; the server must
    not decompress either (`auto_decompress=False`).
    """

    def __init__(self, app: AsyncApp, signing_secret: str) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)

    async def answer(self, request: web.Request) -> web.Response:
        """Bolt's answer to a request. Raises HTTPException if Slack did not sign it."""
        body = await _read(request)
        if not self._is_signed(body, request):
            if _SSL_CHECK.fullmatch(body):
                return web.Response()
            raise web.HTTPUnauthorized(text="This is not from Slack.")
        # The signature says nothing about the other headers.
        kind = request.headers.get("Content-Type", "")
        made = AsyncBoltRequest(body=body.decode(), headers={"content-type": kind})
        return await to_aiohttp_response(await self._app.async_dispatch(made))

    def _is_signed(self, body: bytes, request: web.Request) -> bool:
        stamp = request.headers.get("X-Slack-Request-Timestamp")
        signature = request.headers.get("X-Slack-Signature")
        try:
            return self._verifier.is_valid(body, stamp, signature)
        except (ValueError, TypeError):
            return False  # a body that isn't UTF-8, a time that isn't a number, a Greek signature


async def _read(request: web.Request) -> bytes:
    """The body as it came. Raises HTTPException if it is too big, too slow or cut short."""
    try:
        async with asyncio.timeout(READ_SECONDS):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="The body took too long.") from None
    except (web.RequestPayloadError, ConnectionError):
        raise web.HTTPBadRequest(text="The body can't be read.") from None
