"""Slack's rules for messages and views, read strictly and on their own.

Where Slack's documents give two limits the smaller one holds. This module knows
nothing of the bot, so that it can find the bot's mistakes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox import slack_block_data as data
from bot.sandbox import slack_block_elements as elements
from bot.sandbox.slack_block_shapes import (
    Rule,
    anything,
    boolean,
    by_type,
    elements_of,
    identifier,
    integer,
    many,
    one_of,
    plain,
    shape,
    string,
    words,
)

TEXT_LENGTH = 4_000
ALL_TEXT_LENGTH = 12_000
_ALL_TEXT = (
    "text",
    "caption",
    "title",
    "alt_text",
    "label",
    "name",
    "x_label",
    "y_label",
    "categories",
)
_MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
_MOST_OF_A_KIND = {"data_visualization": 2, "table": 1}


@dataclass(frozen=True, slots=True)
class _Block:
    surfaces: frozenset[str]
    rule: Rule


def _block(
    surfaces: str, fields: Mapping[str, Rule], *required: str, also: Rule | None = None
) -> _Block:
    rule = shape({"block_id": identifier, **fields}, *required, also=also)
    return _Block(frozenset(surfaces.split()), rule)


def _text_or_fields(found: list[str], place: str, value: object) -> None:
    if isinstance(value, dict) and "text" not in value and "fields" not in value:
        found.append(f"{place}: needs text or fields")


_EVERYWHERE = "message modal home"
_BLOCKS: dict[str, _Block] = {
    "section": _block(
        _EVERYWHERE,
        {
            "text": words(3000),
            "fields": many(words(2000), 1, 10),
            "accessory": by_type(elements.IN_SECTION),
            "expand": boolean,
        },
        also=_text_or_fields,
    ),
    "header": _block(_EVERYWHERE, {"text": plain(150), "level": integer(1, 4)}, "text"),
    "context": _block(
        _EVERYWHERE, {"elements": many(by_type(elements.IN_CONTEXT), 1, 10)}, "elements"
    ),
    "actions": _block(
        _EVERYWHERE, {"elements": many(by_type(elements.IN_ACTIONS), 1, 25)}, "elements"
    ),
    "divider": _block(_EVERYWHERE, {}),
    "image": _block(
        _EVERYWHERE,
        {**elements.IMAGE_FIELDS, "title": plain(2000)},
        "alt_text",
        also=elements.image_source,
    ),
    "input": _block(
        "modal",
        {
            "label": plain(2000),
            "element": by_type(elements.IN_INPUT),
            "hint": plain(2000),
            "optional": boolean,
            "dispatch_action": boolean,
        },
        "label",
        "element",
    ),
    "rich_text": _block(_EVERYWHERE, elements.RICH_TEXT_FIELDS, "elements"),
    "markdown": _block("message", {"text": string(ALL_TEXT_LENGTH)}, "text"),
    "alert": _block(
        "modal",
        {"text": words(200), "level": one_of("default", "info", "warning", "error", "success")},
        "text",
    ),
    "table": _block("message home", data.TABLE_FIELDS, "rows"),
    "data_table": _block(
        "message", data.DATA_TABLE_FIELDS, "caption", "rows", also=data.table_together
    ),
    "data_visualization": _block("message", data.CHART_FIELDS, "title", "chart"),
}

_MODAL_FIELDS: dict[str, Rule] = {
    "title": plain(24),
    "submit": plain(24),
    "close": plain(24),
    "blocks": anything,
    "private_metadata": string(3000, 0),
    "callback_id": identifier,
    "external_id": identifier,
    "clear_on_close": boolean,
    "notify_on_close": boolean,
    "submit_disabled": boolean,
}
_HOME_FIELDS = {
    name: _MODAL_FIELDS[name]
    for name in ("blocks", "private_metadata", "callback_id", "external_id")
}
_MODAL = shape(_MODAL_FIELDS, "title", "blocks")
_HOME = shape(_HOME_FIELDS, "blocks")
_MESSAGE_FIELDS = frozenset(
    [
        "text",
        "blocks",
        "channel",
        "user",
        "ts",
        "thread_ts",
        "mrkdwn",
        "parse",
        "link_names",
        "metadata",
        "username",
        "icon_emoji",
        "icon_url",
        "unfurl_links",
        "unfurl_media",
        "reply_broadcast",
        "response_type",
        "replace_original",
        "delete_original",
        "attachments",
        "as_user",
        "team",
        "token",
    ]
)


def problems(message_or_view: Mapping[str, Any]) -> list[str]:
    """What Slack would refuse in a message or a view, each with its place; empty if nothing."""
    found: list[str] = []
    surface = message_or_view.get("type", "message")
    if surface in ("modal", "home"):
        (_MODAL if surface == "modal" else _HOME)(found, "", dict(message_or_view))
    else:
        surface = "message"
        _check_message(found, message_or_view)
    blocks = message_or_view.get("blocks")
    if blocks is not None:
        if isinstance(blocks, list):
            _check_blocks(found, surface, blocks)
        else:
            found.append("/blocks: must be a list")
    if surface == "modal" and "submit" not in message_or_view and _has_input(blocks):
        found.append("/submit: is required beside an input block")
    return found


def _check_message(found: list[str], message: Mapping[str, Any]) -> None:
    if message.get("text") in (None, ""):
        found.append("/text: is required")
    else:
        string(TEXT_LENGTH)(found, "/text", message["text"])
    found.extend(f"/{name}: unknown field" for name in message if name not in _MESSAGE_FIELDS)


def _has_input(blocks: object) -> bool:
    return isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )


def _check_blocks(found: list[str], surface: str, blocks: list[Any]) -> None:
    if len(blocks) > _MOST_BLOCKS[surface]:
        found.append(f"/blocks: may have {_MOST_BLOCKS[surface]} blocks, has {len(blocks)}")
    for index, block in enumerate(blocks):
        place = f"/blocks/{index}"
        kind = block.get("type") if isinstance(block, dict) else None
        known = _BLOCKS.get(kind) if isinstance(kind, str) else None
        if known is None:
            found.append(f"{place}/type: {kind!r} is not a block type known here")
        elif surface not in known.surfaces:
            found.append(f"{place}/type: {kind} does not belong in a {surface}")
        else:
            known.rule(found, place, block)
    _check_together(found, blocks)


def _check_together(found: list[str], blocks: list[Any]) -> None:
    """What counts over the whole message: kinds, ids, characters."""
    kinds = Counter(block.get("type") for block in blocks if isinstance(block, dict))
    for kind, most in _MOST_OF_A_KIND.items():
        if kinds[kind] > most:
            found.append(f"/blocks: may have {most} {kind}, has {kinds[kind]}")
    for name, places in _ids(blocks).items():
        if len(places) > 1:
            found.append(f"{places[1]}: {name} is also at {places[0]}")
    cells = data.cell_characters(blocks)
    if cells > data.CELLS_LENGTH:
        found.append(f"/blocks: cells may have {data.CELLS_LENGTH} characters, have {cells}")
    total = sum(len(text) for text in data.strings_under(blocks, _ALL_TEXT))
    if total > ALL_TEXT_LENGTH:
        found.append(f"/blocks: may have {ALL_TEXT_LENGTH} characters of text, has {total}")


def _ids(blocks: list[Any]) -> dict[str, list[str]]:
    """Where each block_id and each action_id stands."""
    places: dict[str, list[str]] = {}
    for index, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        if isinstance(block.get("block_id"), str):
            name = f"block_id {block['block_id']!r}"
            places.setdefault(name, []).append(f"/blocks/{index}/block_id")
        for where, element in elements_of(block):
            if isinstance(element.get("action_id"), str):
                name = f"action_id {element['action_id']!r}"
                places.setdefault(name, []).append(f"/blocks/{index}{where}/action_id")
    return places
