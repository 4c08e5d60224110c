"""Reads the values of forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def values_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a form by block id: a text, the value of an option, a time, a conversation, or
    a list of values."""
    values: dict[str, Any] = {}
    for block, elements in ((view.get("state") or {}).get("values") or {}).items():
        for element in elements.values():
            option = element.get("selected_option") or {}
            values[block] = (
                element.get("value")
                or option.get("value")
                or element.get("selected_conversation")
                or element.get("selected_time")
                or [entry["value"] for entry in element.get("selected_options") or ()]
            )
    return values
