"""What a person sees on the page, or only what changed since they last looked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from bot.sandbox.slack_actors import SlackActors
from bot.sandbox.slack_records import Json, Message, View


@dataclass(frozen=True, slots=True)
class Held:
    """What a page has already: a channel up to a revision, and the views it shows, by `key_of`.

    Without a revision it has nothing.
    """

    user_id: str
    channel: str = ""
    since: int | None = None
    view: str = ""
    home: str = ""


def difference(slack: SlackActors, held: Held) -> Json:
    """What the page needs, beside the revision, to show the state as it is now.

    `whole` says that it replaces what the page has. Without it, `messages` and `notices` are new
    or changed, and `removed` are the times of messages that are gone. A view that the page has is
    named by its key alone. Nothing but the time, where nothing changed.
    """
    if held.since == slack.revision:
        return {"now": slack.now()}
    user_id = held.user_id
    dm = slack.team.dm_of(user_id).id
    channels = _channels(slack, user_id, dm)
    channel = held.channel
    since = held.since
    if channel not in {each["id"] for each in channels}:
        channel, since = dm, None
    after = -1 if since is None else since
    return {
        "now": slack.now(),
        "whole": since is None,
        "channel": channel,
        "channels": channels,
        "messages": [
            asdict(each) for each in slack.visible(user_id, channel) if each.revision > after
        ],
        "removed": [
            each.ts for each in slack.gone if each.revision > after and each.channel == channel
        ],
        "notices": [
            asdict(each)
            for each in slack.notices
            if each.user_id == user_id and each.channel == channel and each.revision > after
        ],
        "view": _view(slack, slack.open_view(user_id), held.view),
        "home": _view(slack, slack.homes.get(user_id), held.home),
    }


def key_of(view: View) -> str:
    """Names a view with this content."""
    return f"{view.id}-{view.revision}"


def _view(slack: SlackActors, view: View | None, held: str) -> Json | None:
    if view is None:
        return None
    named: Json = {"key": key_of(view), "errors": view.errors}
    if key_of(view) == held:
        return named
    content = {name: view.view.get(name) for name in ("title", "submit", "close", "blocks")}
    return {**named, "id": view.id, **content}


def _channels(slack: SlackActors, user_id: str, dm: str) -> list[Json]:
    """The channels in the sidebar, and whether there is something unread in each."""
    team = slack.team
    unread = {each.channel for each in _news(slack, user_id)}
    return [
        {
            "id": each.id,
            "name": each.name or team.bot_name,
            "kind": "dm" if each.id == dm else "private" if each.is_private else "public",
            "unread": each.id in unread,
        }
        for each in team.channels.values()
        if each.id == dm or (not each.is_im and user_id in each.members)
    ]


def _news(slack: SlackActors, user_id: str) -> Iterator[Message]:
    """What others wrote and this person has not read."""
    for each in slack.messages:
        is_others = each.user != user_id and slack.sees(user_id, each, each.channel)
        if is_others and not slack.has_read(user_id, each):
            yield each
