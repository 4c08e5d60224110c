"""Takes Slack's requests over HTTP: reads the bytes, checks the signature, only then parses."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping

from aiohttp import web
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack.payloads import is_malformed

NO_PAYLOAD = "This is no payload as Slack sends them."
MOST_BYTES = 1024**2
# Of a form; Slack sends some fifteen.
MOST_FIELDS = 1_000
# A larger body is read in a thread.
AT_ONCE_BYTES = 50_000
# Slack sends a body at once; a slower sender only holds a connection open.
READ_SECONDS = 10.0
# At most this many bodies are read at once; for one more, the slowest is dropped.
MOST_AT_ONCE = 100
# How far the time of a signature may be from ours, in seconds.
SIGNATURE_SECONDS = 300

_STAMP = re.compile(r"[0-9]{1,12}")
# Slack looks at our certificate with a request that it does not sign.
_SSL_CHECK = re.compile(rb"(?:.*&)?ssl_check=1(?:&.*)?", re.DOTALL)
# How Bolt's reading of a text fails: no JSON, JSON that is no object, nested too deep.
_NO_PAYLOAD = (ValueError, LookupError, AttributeError, TypeError, RecursionError)


class SlackDoor:
    """Lets in what Slack signed, each signature once.

    Nothing is decompressed and only UTF-8 is decoded, whatever the headers claim; the server must
    not decompress either (`auto_decompress=False`).
    """

    def __init__(
        self, app: AsyncApp, signing_secret: str, now: Callable[[], float] = time.time
    ) -> None:
        self._app = app
        self._secret = signing_secret.encode()
        self._now = now
        self._reading: dict[asyncio.Timeout, None] = {}
        # A signature is good for at most twice its seconds: the time in it may be ahead of ours.
        self._answers: dict[str, tuple[float, asyncio.Task[BoltResponse]]] = {}

    async def answer(self, request: web.Request) -> web.Response:
        """Bolt's answer to a request. Raises HTTPException for one that is not Slack's, or no
        payload."""
        body = await self._read(request)
        signature = self._signature(body, request.headers)
        if signature is None:
            if _SSL_CHECK.fullmatch(body):
                return web.Response()
            raise web.HTTPUnauthorized(text="This is not from Slack.")
        # To read a megabyte takes a tenth of a second, in which nobody else would be answered.
        kind = request.headers.get("Content-Type", "")
        if len(body) > AT_ONCE_BYTES:
            parsed = await asyncio.to_thread(_bolt_request, body, kind)
        else:
            parsed = _bolt_request(body, kind)
        answer = await self._once(signature, parsed)
        kind = answer.headers["content-type"][0].partition(";")[0]
        return web.Response(status=answer.status, text=answer.body, content_type=kind)

    async def _read(self, request: web.Request) -> bytes:
        """The body as it came. Raises HTTPException for one that is too big, too slow, or cut
        short."""
        if len(self._reading) >= MOST_AT_ONCE:
            self._give_up(next(iter(self._reading)))
        limit = asyncio.timeout(READ_SECONDS)
        try:
            async with limit:
                self._reading[limit] = None
                return await request.read()
        except TimeoutError:
            raise web.HTTPRequestTimeout(text="The body took too long.") from None
        except (web.RequestPayloadError, ConnectionError):
            raise web.HTTPBadRequest(text="The body can't be read.") from None
        finally:
            self._reading.pop(limit, None)

    def _give_up(self, slowest: asyncio.Timeout) -> None:
        del self._reading[slowest]
        if not slowest.expired():
            slowest.reschedule(asyncio.get_running_loop().time())

    def _signature(self, body: bytes, headers: Mapping[str, str]) -> str | None:
        """The signature of a request, None if it is not Slack's, or too old."""
        stamp = headers.get("X-Slack-Request-Timestamp", "")
        if not _STAMP.fullmatch(stamp) or abs(self._now() - int(stamp)) > SIGNATURE_SECONDS:
            return None
        signed = b"v0:" + stamp.encode() + b":" + body
        expected = f"v0={hmac.new(self._secret, signed, hashlib.sha256).hexdigest()}"
        # As bytes: of texts only those in ASCII can be compared.
        said = headers.get("X-Slack-Signature", "").encode(errors="surrogateescape")
        return expected if hmac.compare_digest(expected.encode(), said) else None

    async def _once(self, signature: str, request: AsyncBoltRequest) -> BoltResponse:
        """The answer to the request with this signature: made now, or remembered."""
        now = self._now()
        while self._answers:
            oldest = next(iter(self._answers))
            if now - self._answers[oldest][0] <= 2 * SIGNATURE_SECONDS:
                break
            del self._answers[oldest]
        if signature not in self._answers:
            dispatch = asyncio.ensure_future(self._app.async_dispatch(request))
            self._answers[signature] = (now, dispatch)
        return await asyncio.shield(self._answers[signature][1])


def _bolt_request(body: bytes, kind: str) -> AsyncBoltRequest:
    """A signed body as Bolt takes it. Raises HTTPBadRequest for one that is no payload."""
    if not body.startswith(b"{") and body.count(b"&") >= MOST_FIELDS:
        raise web.HTTPBadRequest(text=f"These are more than {MOST_FIELDS:,} fields.")
    try:
        # The signature says nothing about the other headers.
        made = AsyncBoltRequest(body=body.decode(), headers={"content-type": kind})
    except _NO_PAYLOAD:
        raise web.HTTPBadRequest(text=NO_PAYLOAD) from None
    if is_malformed(made.body):
        raise web.HTTPBadRequest(text=NO_PAYLOAD)
    return made
