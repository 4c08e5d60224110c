"""Slack's limits and our own rules for messages, checked independently of the renderer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.demo.block_rules import problems
from bot.messages.blocks import Message
from bot.messages.text import size

PING = re.compile(r"<[@!#]")
ENTITY = re.compile(r"&(?!(?:amp|lt|gt);)")
UNWANTED = re.compile("[\u202a-\u202e\x00-\x09\x0b-\x1f\x7f]")
FIGURE = re.compile(r"\d[\d,.:]*\d|\d")
MOST_BUTTONS = 5  # of a message, besides one in each row


def assert_fits(message: Message) -> None:
    """Assert that Slack accepts the message, and that it is well formed and pings nobody."""
    assert_sendable({"text": message.text, "blocks": message.blocks})
    assert len(message.text) <= 4_000


def assert_sendable(sent: dict[str, Any]) -> None:
    """Assert the same for a view, which has no text."""
    assert problems(sent) == []
    json.dumps(sent, ensure_ascii=False, allow_nan=False).encode()  # no lone surrogates
    for node in nodes(sent):
        for key in ("text", "caption"):
            assert not UNWANTED.search(node[key] if isinstance(node.get(key), str) else "")
        assert node.get("type") != "mrkdwn" or node["verbatim"] is True
    for text in (sent.get("text", ""), *mrkdwn(sent["blocks"])):
        assert not PING.search(text), text
        assert not ENTITY.search(text), text
        assert text.count("```") % 2 == 0
        assert text.count("\u2068") == text.count("\u2069")


def assert_text_says(message: Message) -> None:
    """Assert that the text has every figure of the blocks, unless it is cut."""
    if size(message.text) > 3_900:
        return
    blocks = [block for block in message.blocks if block["type"] != "actions"]
    shown = [re.sub(r"<[^|>]*\|", "", text) for text in mrkdwn(blocks)]
    shown += [str(node["text"]) for node in nodes(blocks) if node.get("type") == "raw_number"]
    assert set(FIGURE.findall(" ".join(shown))) <= set(FIGURE.findall(message.text))


def assert_few_buttons(message: Message) -> None:
    """Assert that few buttons are outside of rows and menus, the primary one first."""
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    assert sum(element["type"] == "button" for row in rows for element in row) <= MOST_BUTTONS
    buttons = [node for node in nodes(message.blocks) if node.get("type") == "button"]
    assert all(button.get("style") != "primary" for button in buttons[1:])


def mrkdwn(blocks: Any) -> Iterator[str]:
    return (node["text"] for node in nodes(blocks) if node.get("type") == "mrkdwn")


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a message."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            yield from nodes(item)
