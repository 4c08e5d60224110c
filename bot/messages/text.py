"""Text in Slack: measured, cut and escaped."""

from __future__ import annotations

import re

LONGEST_VALUE = 500  # characters of a value: a name of 3,000 would crowd out the rest
FSI, PDI = "\u2068", "\u2069"
# Slack has no escapes for its marks, so those that could format text become look-alikes.
LOOK_ALIKES = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ", ":": "∶"})
HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
FORMATTING = re.compile(r"`|(?<![^\W_])[*_~]|[*_~](?![^\W_])|:(?=[a-z0-9_+'-]*[a-z][a-z0-9_+'-]*:)")
SPACES = re.compile("[\t\n\x0b\x0c\r\x85\u2028\u2029]+")
# Controls, bidi overrides, and what XML forbids.
UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# The start of an entity or a link that was cut off.
BROKEN_END = re.compile(r"(?:&[a-z]{0,3}|<[^<>\n]*)$")


def size(text: str) -> int:
    """The length of a text in UTF-16 units, the largest of the possible ways to count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """A text cut to `limit` units, with "…" at the end."""
    if size(text) <= limit:
        return text
    room = limit - 2  # for the ellipsis and the end of an isolate
    kept = text[:room]
    while size(kept) > room:
        kept = kept[: -max(1, (size(kept) - room) // 2)]
    kept = BROKEN_END.sub("", kept)
    return f"{kept}…{PDI if kept.count(FSI) > kept.count(PDI) else ''}"


def tidy(value: str, limit: int = LONGEST_VALUE) -> str:
    """A value as one line of text, without control characters or bidi overrides."""
    if len(value) <= limit and value.isascii() and value.isprintable():
        return value
    text = cut(UNWANTED.sub("", SPACES.sub(" ", value)), limit)
    return f"{FSI}{text}{PDI}" if RIGHT_TO_LEFT.search(text) else text


def escape(text: str) -> str:
    """A text as mrkdwn that shows it unchanged and mentions nobody."""
    return FORMATTING.sub(lambda mark: mark[0].translate(LOOK_ALIKES), text).translate(HTML)
