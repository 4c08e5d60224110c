"""`execbot ask`: answers in a terminal."""

from __future__ import annotations

import html
import json
from zoneinfo import ZoneInfo

from tzlocal import get_localzone_name

from bot.app import App
from bot.ask.answer import Request
from bot.clock import utc_now
from bot.errors import Ambiguous, BotError, NotAllowed, UserError
from bot.features.ask import asking
from bot.people import access
from bot.people.access import Asker
from bot.settings import Settings
from bot.slack.problems import sentence_for
from bot.slack.turn import OpensForm


async def ask(app: App, email: str, text: str, *, as_json: bool = False) -> None:
    """Print the answer to `text` ("sessions last 7d gold") as `email` sees it: as text, or its
    blocks.

    Raises UserError, ExecError and StorageError.
    """
    asker = await _asker(app, email)
    reply = await asking(app).answer_text(Request(asker), text)
    if isinstance(reply, OpensForm):
        raise UserError("This works only in Slack.")
    message = app.messages.message(reply)
    if as_json:
        print(json.dumps(message.blocks, ensure_ascii=False, indent=2))
    else:
        print(html.unescape(message.text))


async def _asker(app: App, email: str) -> Asker:
    asker = await app.people.accounts.asker_by_email(email, local_zone())
    try:
        access.visibility(asker)
    except NotAllowed:
        # The message of the original is about Slack accounts.
        raise NotAllowed(
            "Nobody in Exec has the e-mail address {email}. Check the address after --as.",
            email=email,
        ) from None
    return asker


def trouble(error: BotError, settings: Settings) -> str:
    """An error as text, with a line for each suggestion."""
    sentence = sentence_for(error, now=utc_now(), zone=local_zone())
    lines = [sentence.plain(settings.execbot_command)]
    for way in error.suggestions if isinstance(error, UserError) else ():
        label = f"   ({way.label})" if isinstance(error, Ambiguous) else ""
        lines.append(f"  {way.words}{label}")
    return "\n".join(lines)


def local_zone() -> ZoneInfo:
    """This machine's time zone; UTC if it has none."""
    try:
        return ZoneInfo(get_localzone_name() or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
