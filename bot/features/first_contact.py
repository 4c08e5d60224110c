"""First messages: a greeting in *Messages*, and a note to the person who invites the bot."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.access import Sees
from bot.errors import Sentence, SlackError, UserError
from bot.handlers import Turn, handler
from bot.messages.render import draft
from bot.outbox import Reason, delivery_id
from bot.scheduled import REASONS, is_barred, send_direct
from bot.storage.claims import hello_of

if TYPE_CHECKING:
    from bot.app import App

FOR_COACHES = Sentence("Admins and coaches can set up a digest there.")


def register(app: App) -> None:
    """Add the listeners."""

    @app.bolt.event("app_home_opened", [_opens_messages])
    @handler(app, is_asked=False)
    async def on_messages_opened(turn: Turn) -> None:
        await greet(app, turn.place.team_id, turn.place.user_id)

    @app.bolt.event("member_joined_channel")
    @handler(app, is_asked=False)
    async def on_joined(event: Any, context: Any, turn: Turn) -> None:
        inviter = event.get("inviter")
        if event.get("user") == context.bot_user_id and inviter:
            turn.place = replace(turn.place, user_id=str(inviter))
            await tell_inviter(app, turn, str(event["event_ts"]))


async def _opens_messages(event: dict[str, Any]) -> bool:
    return event.get("tab") == "messages"


async def greet(app: App, team_id: str, user_id: str) -> None:
    """Greet somebody once. People who can't ask anything get the reason once, and the greeting when
    they can."""
    name = hello_of(team_id, user_id)
    if await app.claims.is_claimed(name):
        return
    sees: Sees | None = None
    refusal: Sentence | None = None
    try:
        asker = await app.people.admitted(team_id, user_id)
        sees = (await app.coaching.visibility(asker)).sees
    except UserError as refused:
        refusal = refused.sentence
    greeting = draft("hello", sees=sees, refusal=refusal)
    kind = "hello" if refusal is None else "refused"
    await send_direct(app, team_id, user_id, greeting, id_=delivery_id(kind, name))
    if refusal is None:
        await app.claims.claim(name)


async def tell_inviter(app: App, turn: Turn, event_ts: str) -> None:
    """Tell the inviter once, by direct message: they could miss an ephemeral message in the
    channel."""
    place = turn.place
    refusal, can_ask = await _why_no_digest(app, turn)
    message = draft(
        "invited",
        channel=await app.audiences.name(place.channel_id),
        channel_id=place.channel_id,
        refusal=refusal,
        may_ask=can_ask,
    )
    id_ = delivery_id("invited", place.channel_id, event_ts)
    await send_direct(app, place.team_id, place.user_id, message, id_=id_)


async def _why_no_digest(app: App, turn: Turn) -> tuple[Sentence | None, bool]:
    """Why the inviter can't have a digest in the channel, None if they can, and whether they can
    ask."""
    place = turn.place
    try:
        visibility = await app.coaching.visibility(await turn.asker())
    except UserError as refused:
        return refused.sentence, False
    if not visibility.covers_groups:
        return FOR_COACHES, True
    with suppress(UserError, SlackError):  # the form explains these
        channel = await app.audiences.look_up(place.team_id, place.channel_id)
        if is_barred(channel.audience):
            return Sentence(REASONS[Reason.READERS].why, {"place": channel.name}), True
    return None, True
