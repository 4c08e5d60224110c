"""Shows an answer at the place where somebody typed or pressed something."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from bot.errors import SlackError, Unsure
from bot.messages.blocks import Message
from bot.slack.place import Place
from bot.slack.web import SlackWeb

log = logging.getLogger(__name__)


async def show(web: SlackWeb, place: Place, message: Message, *, below: bool) -> Place:
    """Show a message to the person of a place alone: by its response_url while that is valid, then
    by the Web API; in place of the message whose button was pressed, or `below` it.

    Returns the place whose message the next answer replaces. Raises SlackError.
    """
    url = place.response_url
    if url is None:
        return await _by_api(web, place, message, below=below)
    how: dict[str, Any] = {"response_type": "ephemeral", "replace_original": not below}
    if below and place.thread_ts is not None:
        how["thread_ts"] = place.thread_ts
    try:
        await web.respond(url, message, **how)
    except Unsure:
        if below:
            raise
        # Replaces the first one, if that arrived.
        await web.respond(url, message, **how)
    except SlackError:
        return await _by_api(web, place, message, below=below)
    return place


async def _by_api(web: SlackWeb, place: Place, message: Message, *, below: bool) -> Place:
    """Answer in a direct message, in place of the message whose button was pressed, or in a channel
    to this person alone; by direct message if Slack refuses that."""
    try:
        if place.message_ts is not None and not below:
            await web.change(place.channel_id, place.message_ts, message)
        elif place.channel_id and not place.is_direct:
            await web.show(place.channel_id, place.user_id, message, place.thread_ts)
        else:  # a form that was opened in Home has no channel
            ts = await web.say(place.channel_id or place.user_id, message, place.thread_ts)
            return replace(place, message_ts=ts)
    except Unsure:
        raise
    except SlackError as error:
        log.info("an answer goes by direct message: %s", error.code)
        await web.say(place.user_id, message)
    return place


async def delete(web: SlackWeb, place: Place) -> None:
    """Remove the message whose button was pressed, also from others. Raises SlackError."""
    if place.response_url is None:
        await web.delete(place.channel_id, place.message_ts or "")
    else:
        await web.delete_by(place.response_url)
