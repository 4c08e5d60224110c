"""The shape of a payload, as Bolt and the listeners take it for granted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def is_well_formed(body: Any) -> bool:
    """Whether a payload has the parts that its kind has at Slack."""
    if not isinstance(body, Mapping):
        return False
    if "ssl_check" in body:
        return True
    if "command" in body:
        return _has_ids(body, "user_id", "team_id", "channel_id")
    match body.get("type"):
        case "url_verification" | "app_rate_limited":
            return True
        case "event_callback":
            return _has_ids(body.get("event"), "type")
        case "block_actions":
            actions = body.get("actions")
            if not isinstance(actions, list) or not actions or not _is_by_user(body):
                return False
            return all(_has_ids(action, "action_id") for action in actions)
        case "view_submission":
            view = body.get("view")
            state = view.get("state") if isinstance(view, Mapping) else None
            values = state.get("values") if isinstance(state, Mapping) else None
            return isinstance(values, Mapping) and _has_ids(view, "id") and _is_by_user(body)
        case str():
            return _is_by_user(body)
    return False


def _is_by_user(body: Mapping[str, Any]) -> bool:
    view = body.get("view", {})
    return _has_ids(body.get("user"), "id") and isinstance(view, Mapping)


def _has_ids(part: Any, *names: str) -> bool:
    return isinstance(part, Mapping) and all(
        isinstance(part.get(name), str) and part[name] for name in names
    )
