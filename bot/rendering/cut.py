"""Shortening text to Slack's limits without breaking what it is made of. Pure."""

from __future__ import annotations

import re
import unicodedata

FSI, PDI = "\u2068", "\u2069"
_FENCE = "```"
# What Slack reads as one piece: an entity, a <link> or <!date…> token, a code fence.
_PIECE = re.compile(r"&(?:amp|lt|gt);|<[^<>\n]*>|```")
_JOINER = "\u200d"


def size(text: str) -> int:
    """Length in UTF-16 units: never less than any way in which Slack may count characters."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int, *, mrkdwn: bool = False) -> str:
    """`text` in at most `limit` units, ending in "…" if it was longer.

    Never ends inside a character with its accents, an emoji of several parts or (in mrkdwn) an
    entity or a `<…>` token; a code block or an isolate that was open is closed.
    """
    if size(text) <= limit:
        return text
    if limit < 8:
        return "…"[:limit]
    room = limit - 1
    if FSI in text:
        room -= 1
    kept = _kept(text, room, mrkdwn)
    closing = f"\n{_FENCE}" if mrkdwn and kept.count(_FENCE) % 2 else ""
    if closing:
        opened = kept.rfind(_FENCE)
        shorter = _kept(text, room - len(closing), mrkdwn)
        if len(shorter) > opened:
            kept = shorter
        else:
            kept, closing = kept[:opened], ""
    isolate = PDI if kept.count(FSI) > kept.count(PDI) else ""
    return f"{kept}…{isolate}{closing}"


def _kept(text: str, room: int, mrkdwn: bool) -> str:
    end = _whole_character(text, _prefix(text, room))
    return text[: _whole_piece(text, end) if mrkdwn else end]


def _prefix(text: str, room: int) -> int:
    if size(text[:room]) == room:
        return room
    units = text.encode("utf-16-le", "surrogatepass")[: room * 2]
    return len(units.decode("utf-16-le", "ignore"))


def _whole_character(text: str, end: int) -> int:
    start = end
    while 0 < start < len(text) and _goes_on(text, start):
        start -= 1
    return start or end  # one endless character: there is no good place


def _goes_on(text: str, at: int) -> bool:
    following = text[at]
    if unicodedata.category(following).startswith("M") or following == _JOINER:
        return True
    if text[at - 1] == _JOINER:
        return True
    if "\U0001f3fb" <= following <= "\U0001f3ff" or "\U000e0020" <= following <= "\U000e007f":
        return True
    return _flag(following) and _flags_before(text, at) % 2 == 1


def _flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flags_before(text: str, at: int) -> int:
    start = at
    while start and _flag(text[start - 1]):
        start -= 1
    return at - start


def _whole_piece(text: str, end: int) -> int:
    for piece in _PIECE.finditer(text):
        if piece.start() >= end:
            break
        if piece.end() > end:
            return piece.start()
    return end
