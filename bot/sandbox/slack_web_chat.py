"""Web API: chat.*."""

from __future__ import annotations

from bot.sandbox.slack_records import ApiError, Json, Message
from bot.sandbox.slack_team import SlackChannel
from bot.sandbox.slack_web_people import message_json, person, visible_channel
from bot.sandbox.slack_workspace import Workspace


def _target(slack: Workspace, args: Json) -> SlackChannel:
    """Where a message goes; a user id means the direct conversation."""
    wanted = str(args.get("channel") or "")
    if wanted.startswith(("U", "W")):
        if wanted not in slack.team.users:
            raise ApiError("channel_not_found")
        return slack.team.dm_of(person(slack, wanted).id)
    channel = visible_channel(slack, args)
    if channel.is_archived:
        raise ApiError("is_archived")
    if channel.is_im:
        person(slack, channel.members[0])
    return channel


def _content(slack: Workspace, method: str, args: Json) -> Json:
    """The message among the arguments, checked."""
    if not args.get("text") and not args.get("blocks"):
        raise ApiError("no_text")
    slack.check(method, args)
    _check_metadata(args.get("metadata"))
    return args


def _check_metadata(metadata: object) -> None:
    """Metadata is {event_type: a word, event_payload: an object}."""
    if metadata is None:
        return
    if not isinstance(metadata, dict):
        raise ApiError("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise ApiError("invalid_metadata_schema")


def post_message(slack: Workspace, args: Json) -> Json:
    """chat.postMessage"""
    channel = _target(slack, args)
    if not channel.has_bot and "chat:write.public" not in slack.scopes:
        raise ApiError("not_in_channel")
    content = _content(slack, "chat.postMessage", args)
    thread = args.get("thread_ts")
    if thread and slack.thread(channel.id, str(thread)) is None:
        raise ApiError("thread_not_found")
    message = slack.post(channel.id, content, via="chat.postMessage")
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": message_json(slack, message, {}),
    }


def post_ephemeral(slack: Workspace, args: Json) -> Json:
    """chat.postEphemeral; the person must be in the channel."""
    channel = _target(slack, args)
    user_id = str(args.get("user") or "")
    if user_id not in slack.team.users:
        raise ApiError("user_not_found")
    if not channel.has_bot:
        raise ApiError("not_in_channel")
    if user_id not in channel.members:
        raise ApiError("user_not_in_channel")
    content = _content(slack, "chat.postEphemeral", args)
    message = slack.post(channel.id, content, via="chat.postEphemeral", visible_to=user_id)
    return {"message_ts": message.ts}


def _own_message(slack: Workspace, args: Json, refusal: str) -> Message:
    """A message of the bot's that can be changed; ephemeral ones are not stored by Slack."""
    channel = visible_channel(slack, args)
    message = slack.message(str(args.get("ts")))
    if message is None or message.channel != channel.id or message.visible_to is not None:
        raise ApiError("message_not_found")
    if message.user != slack.team.bot_user_id:
        raise ApiError(refusal)
    return message


def update(slack: Workspace, args: Json) -> Json:
    """chat.update"""
    message = _own_message(slack, args, "cant_update_message")
    content = _content(slack, "chat.update", args)
    message = slack.replace(message, content, via="chat.update")
    return {
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": message_json(slack, message, {}),
    }


def delete(slack: Workspace, args: Json) -> Json:
    """chat.delete"""
    message = _own_message(slack, args, "cant_delete_message")
    slack.remove(message)
    return {"channel": message.channel, "ts": message.ts}


def unfurl(slack: Workspace, args: Json) -> Json:
    """chat.unfurl: cards below the links of a message, in place of those that are there."""
    channel_id, ts = str(args.get("channel")), str(args.get("ts"))
    if unfurl_id := args.get("unfurl_id"):
        if args.get("source") not in ("composer", "conversations_history"):
            raise ApiError("invalid_source")
        channel_id, _, rest = str(unfurl_id).partition(".")
        ts = rest.rpartition(".")[0]
    message = slack.message(ts)
    if message is None or message.channel != channel_id:
        raise ApiError("cannot_find_message")
    cards = args.get("unfurls")
    if not isinstance(cards, dict) or not cards:
        raise ApiError("missing_unfurls")
    text = message.text.replace("&amp;", "&")
    if any(url not in text for url in cards):
        raise ApiError("cannot_unfurl_url")
    for card in cards.values():
        slack.check("chat.unfurl", {"text": "A card", **card})
    slack.unfurl(message, cards)
    return {}
