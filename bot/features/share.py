"""Sharing an answer: who will see it, the post, and its removal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.answer import Request
from bot.errors import NotAllowed, SlackError, Unsure, UserError
from bot.handlers import Turn, handler
from bot.language.locale import written_for
from bot.messages.render import Draft, View, draft, notice
from bot.people.audience import ChannelAudience
from bot.storage.buttons import Share, StoredAnswer

if TYPE_CHECKING:
    from bot.app import App

POSTED = "Posted in *{channel}*."
UNSURE = (
    "Slack's connection dropped while I was posting, so I can't tell whether it went through. "
    "Check the channel before you share again."
)
FAILED = "Slack didn't accept the post. Nothing was shared; try again in a minute."
BLOCK = "channel"


def register(app: App) -> None:
    """Add the listeners."""

    @app.bolt.action("sessions.share")
    @handler(app, below=True)
    async def ask_to_share(ack: Any, turn: Turn) -> None:
        await ack()
        stored, _ = await turn.own_answer()
        request = await turn.request()
        if request.is_direct:
            raise UserError(
                "Nobody else is here. Ask again, and use *Share in…* to pick a channel."
            )
        await turn.answer(await preview(app, request, stored.id, request.channel_id))

    @app.bolt.action("sessions.share_in")
    @handler(app, below=True)
    async def choose_channel(ack: Any, turn: Turn) -> None:
        await ack()
        stored, _ = await turn.own_answer()
        await turn.open_modal(draft("share_form", private=await turn.keep(stored.meaning)))

    @app.bolt.view("share.form")
    @handler(app, below=True)
    async def preview_chosen(ack: Any, view: Any, turn: Turn) -> None:
        chosen = view["state"]["values"][BLOCK]
        channel_id = next(iter(chosen.values()))["selected_conversation"]
        stored = await turn.form(view, StoredAnswer)
        await ack()
        if stored is None or not channel_id:
            raise UserError("Choose a channel, then try again.")
        request = await turn.request()
        await turn.answer(await preview(app, request, stored.id, channel_id))

    @app.bolt.action("share.post")
    @handler(app)
    async def post(ack: Any, turn: Turn) -> None:
        await ack()
        id_, _, channel_id = turn.value.partition(":")
        await turn.own(id_, StoredAnswer)
        await turn.answer(await publish(app, turn, id_, channel_id))

    @app.bolt.action("share.cancel")
    @handler(app)
    async def cancel(ack: Any, turn: Turn) -> None:
        await ack()
        await turn.close()

    @app.bolt.action("share.remove")
    @handler(app)
    async def remove(ack: Any, turn: Turn) -> None:
        await ack()
        asker, own = await turn.asker(), await turn.find(turn.value, Share)
        is_own = own is not None and own.meaning.channel_id == turn.place.channel_id
        if not is_own and not (await app.coaching.visibility(asker)).everyone:
            raise NotAllowed("Only the person who shared this, or an admin, can remove it.")
        await turn.delete()


async def preview(app: App, request: Request, id_: str, channel_id: str) -> View:
    """Ask whether to post an answer, with its readers and the post as they will see it."""
    with written_for(app.locale):
        answer = await app.answerer.shared(request, id_, preview=True)
        seen = await readers(app, request, channel_id)
        named = answer.report.named
        confirm = draft(
            "share_confirm",
            id=id_,
            channel=seen.name,
            channel_id=channel_id,
            people=seen.audience.people,
            own=answer.is_about_one,  # an answer about one other person is never posted
            ranks=answer.report.name == "leaderboard",
            praises=named is not None and bool(named(answer.figures)),
        )
        return confirm, draft(
            "shared", **answer.values, shared_by=request.asker.name, share_id=None
        )


async def publish(app: App, turn: Turn, id_: str, channel_id: str) -> Draft:
    """Post the answer once, with a button to remove it."""
    request = await turn.request()
    with written_for(app.locale):
        answer = await app.answerer.shared(request, id_)
        # A guest may have joined since the preview.
        seen = await readers(app, request, channel_id)
        once = f"share: {id_} {channel_id}"
        if not await app.claims.claim(once):
            raise UserError("You've already posted this.")
        asker = request.asker
        (share_id,) = await app.buttons.add(asker.team_id, asker.user_id, Share(channel_id))
        view = draft("shared", **answer.values, shared_by=asker.name, share_id=share_id)
        try:
            await turn.post(channel_id, view)
        except Unsure:
            return notice(UNSURE)
        except SlackError:
            await app.claims.end(once, timedelta())
            return notice(FAILED)
    return notice(POSTED, channel=seen.name)


async def readers(app: App, request: Request, channel_id: str) -> ChannelAudience:
    """The people who would see a post in a channel.

    Raises NotAllowed if some are guests or from other companies; UserError if the members are
    unknown, the asker isn't one of them, or it is a direct message; and SlackError.
    """
    asker = request.asker
    if channel_id.startswith("D"):
        raise UserError("You can share only in a channel. Choose one, then try again.")
    seen = await app.audiences.look_up_limited(asker.team_id, channel_id)
    if asker.user_id not in seen.ids:
        raise UserError("You can share only in a channel that you are in. Join it first.")
    if seen.audience.shared:
        raise NotAllowed(
            "People from other companies are in *{channel}*, so I don't post practice results "
            "there.",
            channel=seen.name,
        )
    if guests := seen.audience.guests:
        who = "A guest is" if guests == 1 else f"{guests} guests are"
        raise NotAllowed(
            f"{who} in *{{channel}}*, and guests can't see practice results. Share it in a "
            "channel without guests.",
            channel=seen.name,
        )
    return seen
