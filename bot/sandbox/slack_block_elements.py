"""Rules for block elements (buttons, menus, inputs) and for rich text."""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.slack_block_shapes import (
    Rule,
    anything,
    boolean,
    by_type,
    identifier,
    integer,
    many,
    number,
    one_of,
    plain,
    shape,
    string,
    words,
)

CONFIRM = shape(
    {
        "title": plain(100),
        "text": words(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": one_of("primary", "danger"),
    },
    "title",
    "text",
    "confirm",
    "deny",
)


def _option(text: Rule, **more: Rule) -> Rule:
    fields = {"text": text, "value": string(150), "description": plain(75), **more}
    return shape(fields, "text", "value")


MENU_OPTION = _option(plain(75))
MARKED_OPTION = shape(
    {"text": words(75), "value": string(150), "description": words(75)}, "text", "value"
)
OVERFLOW_OPTION = _option(plain(75), url=string(3000))
OPTION_GROUP = shape({"label": plain(75), "options": many(MENU_OPTION, 1, 100)}, "label", "options")


def _options_or_groups(found: list[str], place: str, value: object) -> None:
    if not isinstance(value, dict):
        return
    if ("options" in value) == ("option_groups" in value):
        found.append(f"{place}: needs either options or option_groups")
    _initials_are_options(found, place, value)


def _initials_are_options(found: list[str], place: str, value: object) -> None:
    if not isinstance(value, dict):
        return
    groups = value.get("option_groups") or [{"options": value.get("options")}]
    offered = [
        option
        for group in groups
        if isinstance(group, dict) and isinstance(group.get("options"), list)
        for option in group["options"]
    ]
    chosen = value.get("initial_options", [])
    for option in [*(chosen if isinstance(chosen, list) else []), value.get("initial_option")]:
        if option is not None and option not in offered:
            found.append(f"{place}: an initial option is not among the options")
    if value.get("initial_options") == []:
        found.append(f"{place}/initial_options: must not be empty; leave it out")


def _element(fields: Mapping[str, Rule], *required: str, also: Rule | None = None) -> Rule:
    common: dict[str, Rule] = {"action_id": identifier, "confirm": CONFIRM}
    return shape({**common, **fields}, *required, also=also)


def _menu(fields: Mapping[str, Rule], *required: str, also: Rule | None = None) -> Rule:
    common: dict[str, Rule] = {"placeholder": plain(150), "focus_on_load": boolean}
    return _element({**common, **fields}, *required, also=also)


_STATIC: dict[str, Rule] = {
    "options": many(MENU_OPTION, 1, 100),
    "option_groups": many(OPTION_GROUP, 1, 100),
}
_MARKED: dict[str, Rule] = {"options": many(MARKED_OPTION, 1, 10), "focus_on_load": boolean}
_IDS = many(identifier, 1, 100)
_TYPED: dict[str, Rule] = {"initial_value": string(3000, 0), "dispatch_action_config": anything}

BUTTON = _element(
    {
        "text": plain(75),
        "url": string(3000),
        "value": string(2000),
        "style": one_of("primary", "danger"),
        "accessibility_label": string(75),
    },
    "text",
)
OVERFLOW = _element({"options": many(OVERFLOW_OPTION, 1, 5)}, "options")


def image_source(found: list[str], place: str, value: object) -> None:
    if isinstance(value, dict) and ("image_url" in value) == ("slack_file" in value):
        found.append(f"{place}: needs either image_url or slack_file")


IMAGE_FIELDS: dict[str, Rule] = {
    "image_url": string(3000),
    "slack_file": anything,
    "alt_text": string(2000),
}
IMAGE = shape(IMAGE_FIELDS, "alt_text", also=image_source)

SELECTS: dict[str, Rule] = {
    "static_select": _menu({**_STATIC, "initial_option": MENU_OPTION}, also=_options_or_groups),
    "users_select": _menu({"initial_user": identifier}),
    "conversations_select": _menu(
        {
            "initial_conversation": identifier,
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": anything,
        }
    ),
    "channels_select": _menu({"initial_channel": identifier, "response_url_enabled": boolean}),
    "external_select": _menu(
        {"initial_option": MENU_OPTION, "min_query_length": integer(0, 100)}, "action_id"
    ),
}
MULTI_SELECTS: dict[str, Rule] = {
    "multi_static_select": _menu(
        {
            **_STATIC,
            "initial_options": many(MENU_OPTION, 0, 100),
            "max_selected_items": integer(1, 100),
        },
        also=_options_or_groups,
    ),
    "multi_users_select": _menu({"initial_users": _IDS, "max_selected_items": integer(1, 100)}),
}
CHOICES: dict[str, Rule] = {
    "checkboxes": _element(
        {**_MARKED, "initial_options": many(MARKED_OPTION, 0, 10)},
        "options",
        also=_initials_are_options,
    ),
    "radio_buttons": _element(
        {**_MARKED, "initial_option": MARKED_OPTION}, "options", also=_initials_are_options
    ),
    "datepicker": _menu({"initial_date": string(10, 10)}),
    "timepicker": _menu({"initial_time": string(5, 5), "timezone": string(100)}),
}
TYPED: dict[str, Rule] = {
    "plain_text_input": _menu(
        {
            **_TYPED,
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        }
    ),
    "number_input": _menu(
        {
            **_TYPED,
            "is_decimal_allowed": boolean,
            "min_value": string(30),
            "max_value": string(30),
        },
        "is_decimal_allowed",
    ),
    "email_text_input": _menu(_TYPED),
    "url_text_input": _menu(_TYPED),
}

IN_ACTIONS: dict[str, Rule] = {"button": BUTTON, "overflow": OVERFLOW, **SELECTS, **CHOICES}
IN_SECTION: dict[str, Rule] = {**IN_ACTIONS, **MULTI_SELECTS, "image": IMAGE}
IN_INPUT: dict[str, Rule] = {**SELECTS, **MULTI_SELECTS, **CHOICES, **TYPED}
IN_CONTEXT: dict[str, Rule] = {
    "image": IMAGE,
    "plain_text": plain(3000),
    "mrkdwn": words(3000),
}

_STYLE = shape(
    dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), boolean)
)
_INLINE = by_type(
    {
        "text": shape({"text": string(12_000), "style": _STYLE}, "text"),
        "link": shape(
            {"url": string(3000), "text": string(3000), "style": _STYLE, "unsafe": boolean}, "url"
        ),
        "emoji": shape({"name": string(100), "unicode": string(100), "style": _STYLE}, "name"),
        "user": shape({"user_id": identifier, "style": _STYLE}, "user_id"),
        "usergroup": shape({"usergroup_id": identifier, "style": _STYLE}, "usergroup_id"),
        "channel": shape({"channel_id": identifier, "style": _STYLE}, "channel_id"),
        "broadcast": shape({"range": one_of("here", "channel", "everyone")}, "range"),
        "date": shape(
            {
                "timestamp": number,
                "format": string(300),
                "fallback": string(300),
                "url": string(3000),
            },
            "timestamp",
            "format",
        ),
    }
)
_LINE = {"elements": many(_INLINE, 0, 1000)}
_SECTION = shape(_LINE, "elements")
RICH_TEXT_PARTS: dict[str, Rule] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": shape({**_LINE, "border": integer(0, 1)}, "elements"),
    "rich_text_preformatted": shape(
        {**_LINE, "border": integer(0, 1), "language": string(50)}, "elements"
    ),
    "rich_text_list": shape(
        {
            "elements": many(by_type({"rich_text_section": _SECTION}), 1, 1000),
            "style": one_of("bullet", "ordered"),
            "indent": integer(0, 8),
            "offset": integer(0, 10_000),
            "border": integer(0, 1),
        },
        "elements",
        "style",
    ),
}
RICH_TEXT_FIELDS: dict[str, Rule] = {"elements": many(by_type(RICH_TEXT_PARTS), 1, 1000)}
