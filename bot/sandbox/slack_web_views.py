"""Web API: views.*, and the modal stack of each person."""

from __future__ import annotations

import json
import uuid
from typing import Any

from bot.sandbox.slack_records import ApiError, Json, Trigger, View
from bot.sandbox.slack_state_values import state_values
from bot.sandbox.slack_workspace import Workspace, with_ids

_DEEPEST = 3
_LARGEST = 250_000


def view_json(slack: Workspace, view: View, values: dict[str, Any] | None = None) -> Json:
    """A view as Slack describes it, with the state of its inputs."""
    given = view.view
    return {
        "id": view.id,
        "team_id": slack.team.id,
        "type": given["type"],
        "blocks": view.view["blocks"],
        "private_metadata": given.get("private_metadata", ""),
        "callback_id": given.get("callback_id", ""),
        "external_id": given.get("external_id", ""),
        "state": {"values": state_values(view.view["blocks"], values or {})},
        "hash": view.hash,
        "title": given.get("title"),
        "submit": given.get("submit"),
        "close": given.get("close"),
        "clear_on_close": given.get("clear_on_close", False),
        "notify_on_close": given.get("notify_on_close", False),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": slack.team.app_id,
        "app_installed_team_id": slack.team.id,
        "bot_id": slack.team.bot_id,
    }


def checked_view(slack: Workspace, method: str, view: object, kind: str) -> Json:
    """A view of the bot's, with the ids filled in; ApiError when Slack would refuse it."""
    if not isinstance(view, dict) or view.get("type") != kind:
        raise ApiError("invalid_arguments", response_metadata={"messages": [f"view type {kind}"]})
    if len(json.dumps(view)) > _LARGEST:
        raise ApiError("view_too_large")
    slack.check(method, view)
    return {**view, "blocks": with_ids(view["blocks"])}


def _take_trigger(slack: Workspace, args: Json) -> Trigger:
    trigger = slack.triggers.get(str(args.get("trigger_id")))
    if trigger is None:
        raise ApiError("invalid_trigger_id")
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if slack.now() > trigger.expires:
        raise ApiError("expired_trigger_id")
    return trigger


def put_view(slack: Workspace, user_id: str, view: Json, *, on: View | None) -> View:
    """Open a view, alone or on top of another one."""
    name = f"V{uuid.uuid4().hex[:10].upper()}"
    opened = View(
        id=name,
        user_id=user_id,
        view=view,
        root_id=on.root_id if on else name,
        previous_id=on.id if on else None,
        hash=uuid.uuid4().hex[:12],
        revision=slack.changed(),
    )
    stack = slack.views.get(user_id, []) if on else []
    slack.views[user_id] = [*stack, opened]
    return opened


def change_view(slack: Workspace, opened: View, view: Json) -> None:
    """Put other content into an open view."""
    opened.view, opened.hash = view, uuid.uuid4().hex[:12]
    opened.errors = {}
    opened.revision = slack.changed()


def views_open(slack: Workspace, args: Json) -> Json:
    """views.open"""
    trigger = _take_trigger(slack, args)
    view = checked_view(slack, "views.open", args.get("view"), "modal")
    trigger.used = True
    return {"view": view_json(slack, put_view(slack, trigger.user_id, view, on=None))}


def views_push(slack: Workspace, args: Json) -> Json:
    """views.push; the trigger must come from the modal that is on top."""
    trigger = _take_trigger(slack, args)
    stack = slack.views.get(trigger.user_id, [])
    if not stack or trigger.view_id is None:
        raise ApiError("not_found")
    if len(stack) >= _DEEPEST:
        raise ApiError("push_limit_reached")
    view = checked_view(slack, "views.push", args.get("view"), "modal")
    trigger.used = True
    return {"view": view_json(slack, put_view(slack, trigger.user_id, view, on=stack[-1]))}


def views_update(slack: Workspace, args: Json) -> Json:
    """views.update by id or external_id; a stale hash is refused."""
    opened = find_view(slack, str(args.get("view_id")), str(args.get("external_id")))
    if opened is None:
        raise ApiError("not_found")
    if args.get("hash") and args["hash"] != opened.hash:
        raise ApiError("hash_conflict")
    kind = opened.view["type"]
    change_view(slack, opened, checked_view(slack, "views.update", args.get("view"), kind))
    return {"view": view_json(slack, opened)}


def views_publish(slack: Workspace, args: Json) -> Json:
    """views.publish: a person's Home tab."""
    user_id = str(args.get("user_id"))
    if user_id not in slack.team.users:
        raise ApiError("user_not_found")
    view = checked_view(slack, "views.publish", args.get("view"), "home")
    home = slack.homes.get(user_id)
    if home is not None and args.get("hash") and args["hash"] != home.hash:
        raise ApiError("hash_conflict")
    if home is None:
        name = f"V{uuid.uuid4().hex[:10].upper()}"
        home = slack.homes[user_id] = View(name, user_id, view, name, None, "", 0)
    change_view(slack, home, view)
    return {"view": view_json(slack, home)}


def find_view(slack: Workspace, view_id: str, external_id: str = "") -> View | None:
    """An open view or a Home tab."""
    opened = [view for stack in slack.views.values() for view in stack]
    for view in [*opened, *slack.homes.values()]:
        if view.id == view_id or (external_id and view.view.get("external_id") == external_id):
            return view
    return None
