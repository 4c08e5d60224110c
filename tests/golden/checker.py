"""Slack's limits, read again and on their own, for the tests."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from bot.messages.text import size
from bot.sandbox.block_rules import problems

_PING = re.compile(r"<[@!#]")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt);)")


def assert_fits(message):
    """The message is one that Slack takes, that pings nobody and is well formed."""
    sent = {"text": message.text, "blocks": message.blocks}
    assert_sendable(sent)
    assert len(message.text) <= 4_000


def assert_sendable(sent):
    assert problems(sent) == []
    json.dumps(sent, allow_nan=False).encode()
    json.dumps(sent, ensure_ascii=False).encode()  # no halves of surrogate pairs
    for text in mrkdwn_texts(sent):
        assert not _PING.search(text), text
        assert not _ENTITY.search(text), text
        assert text.count("```") % 2 == 0
        assert text.count("\u2068") == text.count("\u2069")
    for node in nodes(sent):
        if node.get("type") == "mrkdwn":
            assert node["verbatim"] is True
        for key in ("text", "caption"):
            if isinstance(node.get(key), str):
                assert not re.search("[\u202a-\u202e\x00-\x09\x7f]", node[key])
        if node.get("type") == "actions":
            assert len(node["elements"]) <= 4


def mrkdwn_texts(sent):
    if "text" in sent:  # a view has none
        yield sent["text"]
    for node in nodes(sent["blocks"]):
        if node.get("type") == "mrkdwn":
            yield node["text"]


def nodes(value):
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from nodes(item)
    elif isinstance(value, list):
        for item in value:
            yield from nodes(item)


def table_rows(message):
    """The cells' texts of the first table, header first; [] without one. Buttons are left out."""
    for block in message.blocks:
        if block["type"] == "data_table":
            last = block["rows"][-1]
            kept = [at for at, cell in enumerate(last) if cell["type"] != "action_cell"]
            return [[row[at]["text"] for at in kept] for row in block["rows"]]
    return []


def _around_tables(message):
    return [block for block in message.blocks if "rows" not in block]


def texts(message):
    """Every mrkdwn text of the blocks, and every button's label, but for those in tables."""
    found = []
    for node in nodes(_around_tables(message)):
        if node.get("type") == "mrkdwn":
            found.append(node["text"])
        elif node.get("type") == "button":
            found.append(node["text"]["text"])
    return found


def buttons(message):
    found = nodes(_around_tables(message))
    return {n["action_id"]: n["value"] for n in found if n.get("type") == "button"}


def turns(message):
    """The rows to which Next and Previous lead, each None without its button."""
    pressed = buttons(message)
    ids = (pressed.get(f"sessions.{way}") for way in ("next", "previous"))
    return tuple(None if id_ is None else int(id_.rpartition(":")[2]) for id_ in ids)


def told(words):
    """What is seen in mrkdwn, as `text` has it."""
    words = words.replace("*", "").replace("`", "").replace(".  ·  ", ". ").replace("  ·  ", ", ")
    return words.replace("   ", ": ", 1).replace("   ", ", ")


def figures(text):
    """All that is a number, a time or a date in a text."""
    return set(re.findall(r"\d[\d,.:]*\d|\d", text))


def assert_text_says(message, name=""):
    """Every figure of the blocks, but for the rows of a table, stands in the text."""
    # A longer one is cut, before a character that may be made of dozens.
    if size(message.text) < 3_800:
        blocks = [block for block in message.blocks if block["type"] != "actions"]
        shown = re.sub(r"<[^|>]*\|", "", " ".join(texts(replace(message, blocks=blocks))))
        assert figures(shown) <= figures(message.text), name
