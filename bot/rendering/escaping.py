"""Text of others: tidied where a template prints it, escaped where its place is known. Pure."""

from __future__ import annotations

import re

from bot.rendering.cut import FSI, PDI, cut

LONGEST_VALUE = 500  # a name of 3,000 letters must not push the rest out of the message

_SPACES = re.compile("[\t\n\x0b\x0c\r\x85\u2028\u2029]+")
# Controls; bidi embeddings, overrides and isolates; half surrogate pairs.
_UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# Slack starts and ends bold, italics and strikes only at the edge of a word: snake_case is safe.
_FORMATTING = re.compile(r"(?<![^\W_])[*_~]|[*_~](?![^\W_])")
_LOOKALIKES = {"*": "∗", "_": "ˍ", "~": "∼"}
_BACKTICK = "ˋ"
_SPECIAL = re.compile("[`*_~:&<>]")
_QUOTE = re.compile("^&gt;", re.MULTILINE)
_EMOJI_NAME = re.compile(r":(?=[a-z0-9_+'-]*[a-z])([a-z0-9_+'-]+):")


def tidy(value: str, limit: int = LONGEST_VALUE) -> str:
    """A value as plain text for one line: no controls, no bidi tricks, at most `limit` units."""
    if len(value) <= limit and value.isascii() and value.isprintable():
        return value
    text = cut(_UNWANTED.sub("", _SPACES.sub(" ", value)), limit)
    return f"{FSI}{text}{PDI}" if _RIGHT_TO_LEFT.search(text) else text


def escape(value: str, *, code: bool = False) -> str:
    """Escapes tidy text for mrkdwn, so that it formats nothing and mentions nobody."""
    if _SPECIAL.search(value) is None:  # as most texts are
        return value
    text = value.replace("`", _BACKTICK)
    if not code:
        text = _FORMATTING.sub(lambda found: _LOOKALIKES[found[0]], text)
        text = _EMOJI_NAME.sub(r"∶\1:", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # At the start of a line Slack reads even an escaped > as a quotation.
    return text if code else _QUOTE.sub("\u2060&gt;", text)


def emoji(value: str) -> str:
    """An emoji by its name, which Slack draws; any other text is escaped."""
    return value if _EMOJI_NAME.fullmatch(value) else escape(value)
