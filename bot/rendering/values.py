"""Values in templates: marked when they are printed, escaped when their place is known. Pure.

A template prints text of ours and values of others. Each value is printed between two
private-use characters; once the JSON is read, every string's place is known and the marked
parts are made fit for it. So nobody who writes a template has to remember escaping.
"""

from __future__ import annotations

import re
from json.encoder import encode_basestring
from typing import Any

from bot.rendering.cut import FSI, PDI, cut

START, END = "\ue0f0", "\ue0f1"
LONGEST_VALUE = 500  # a name of 3,000 letters must not push the rest out of the message

_MARKED = re.compile(f"{START}([^{START}{END}]*){END}")
_SPACES = re.compile("[\t\n\x0b\x0c\r\x85\u2028\u2029]+")
# Controls; bidi embeddings, overrides and isolates; our own marks; halves of surrogate pairs.
_UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ue0f0-\ue0f3\ud800-\udfff]"
)
_NEVER = re.compile("[\ue0f0-\ue0f3\ud800-\udfff]")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# Slack starts and ends bold, italics and strikes only at the edge of a word: snake_case is safe.
_FORMATTING = re.compile(r"(?<![^\W_])[*_~]|[*_~](?![^\W_])")
_LOOKALIKES = {"*": "∗", "_": "ˍ", "~": "∼"}
_BACKTICK = "ˋ"
_EMOJI_NAME = re.compile(r":(?=[a-z0-9_+'-]*[a-z])([a-z0-9_+'-]+):")
_PLAIN_KEYS = frozenset(
    {"caption", "title", "label", "name", "x_label", "y_label", "alt_text", "categories"}
)
_MRKDWN_TYPES = (None, "mrkdwn", "markdown")


def mark(value: str) -> str:
    """`value` between marks, escaped for the inside of a JSON string."""
    return f"{START}{encode_basestring(_NEVER.sub('', value))[1:-1]}{END}"


def tidy(value: str, limit: int = LONGEST_VALUE) -> str:
    """A value as plain text for one line: no controls, no bidi tricks, at most `limit` units."""
    if len(value) <= limit and value.isascii() and value.isprintable():
        return value
    text = cut(_UNWANTED.sub("", _SPACES.sub(" ", value)), limit)
    return f"{FSI}{text}{PDI}" if _RIGHT_TO_LEFT.search(text) else text


def escape(value: str, *, code: bool = False) -> str:
    """Tidy text for mrkdwn: it reads as it is, formats nothing and calls nobody."""
    text = value.replace("`", _BACKTICK)
    if not code:
        text = _FORMATTING.sub(lambda found: _LOOKALIKES[found[0]], text)
        text = _EMOJI_NAME.sub(r"∶\1:", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # At the start of a line Slack reads even an escaped > as a quotation.
    return f"\u2060{text}" if text.startswith("&gt;") and not code else text


def settle(node: dict[str, Any]) -> dict[str, Any]:
    """Resolve the marks in freshly read JSON, in place; every mrkdwn object becomes verbatim."""
    kind = node.get("type")
    for key, value in node.items():
        if isinstance(value, str):
            if START in value:
                node[key] = _resolved(value, kind, key)
        elif isinstance(value, dict):
            settle(value)
        elif isinstance(value, list):
            _settle_list(value, key)
    if kind == "mrkdwn":
        node["verbatim"] = True
    return node


def _settle_list(values: list[Any], key: str) -> None:
    for index, value in enumerate(values):
        if isinstance(value, dict):
            settle(value)
        elif isinstance(value, list):
            _settle_list(value, key)
        elif isinstance(value, str) and START in value:
            values[index] = _resolved(value, "", key)


def _resolved(text: str, kind: str | None, key: str) -> str:
    if key == "text" and kind in _MRKDWN_TYPES:
        return _mrkdwn(text)
    if key == "text" or key in _PLAIN_KEYS:
        return _MARKED.sub(lambda found: tidy(found[1]), text)
    return _MARKED.sub(lambda found: found[1], text)


def _mrkdwn(text: str) -> str:
    parts = _MARKED.split(text)
    ticks = 0
    fence = False
    for index, part in enumerate(parts):
        if index % 2 == 0:
            ticks += part.count("`")
            fence ^= part.count("```") % 2 == 1
        else:
            # Only the request line of `explain` stands in a block; there it has to be whole.
            limit = 20_000 if fence else LONGEST_VALUE
            parts[index] = escape(tidy(part, limit), code=ticks % 2 == 1)
    return "".join(parts)
