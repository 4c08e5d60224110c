"""First messages: a greeting in *Messages*, and a note to the person who invites the bot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.errors import Sentence, UserError
from bot.language.query import Sees
from bot.messages.render import draft
from bot.scheduled.draw import send_once
from bot.scheduled.outbox import State, delivery_id
from bot.slack.turn import Turn, handler
from bot.storage.leases import hello_of

if TYPE_CHECKING:
    from bot.app import App


def register(app: App) -> None:
    """Add the listeners."""

    @app.bolt.event("app_home_opened", [_opens_messages])
    @handler(app, is_asked=False)
    async def on_messages_opened(turn: Turn) -> None:
        await turn.ack()
        await greet(app, turn.place.team_id, turn.place.user_id)

    @app.bolt.event("member_joined_channel")
    @handler(app, is_asked=False)
    async def on_joined(turn: Turn) -> None:
        event = turn.args.event or {}
        inviter = event.get("inviter")
        if event.get("user") == turn.args.context.bot_user_id and inviter:
            await turn.ack()
            turn.place = replace(turn.place, user_id=str(inviter))
            await tell_inviter(app, turn, str(event["event_ts"]))


async def _opens_messages(event: dict[str, Any]) -> bool:
    return event.get("tab") == "messages"


async def greet(app: App, team_id: str, user_id: str) -> None:
    """Greet somebody once. People who can't ask anything get the reason once, and the greeting when
    they can."""
    name = hello_of(team_id, user_id)
    if await app.leases.held_until(name) is not None:
        return
    sees: Sees | None = None
    refusal: Sentence | None = None
    try:
        asker = await app.people.asker(team_id, user_id)
        sees = (await app.coaching.visibility(asker)).sees
    except UserError as refused:
        refusal = refused.sentence
    greeting = draft("hello", sees=sees, refusal=refusal)
    kind = "hello" if refusal is None else "refused"
    state = await send_once(app, team_id, user_id, greeting, id=delivery_id(kind, name))
    if refusal is None and state is not State.FAILED:
        await app.leases.claim(name)


async def tell_inviter(app: App, turn: Turn, event_ts: str) -> None:
    """Tell the inviter once, by direct message: they could miss an ephemeral message in the
    channel. Admins and coaches of groups get a button to set up a digest there."""
    place, refusal, covers_groups = turn.place, None, False
    try:
        covers_groups = (await app.coaching.visibility(await turn.asker())).covers_groups
    except UserError as refused:
        refusal = refused.sentence
    message = draft(
        "invited",
        channel=await app.audiences.name(place.channel_id),
        channel_id=place.channel_id,
        refusal=refusal,
        covers_groups=covers_groups,
    )
    id_ = delivery_id("invited", place.channel_id, event_ts)
    await send_once(app, place.team_id, place.user_id, message, id=id_)
