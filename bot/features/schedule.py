"""`/exec digest …`: a group's digest, or the answer to a question, in a channel on a schedule. Its
buttons also preview, pause and resume a coach's message and one's own week."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from bot import access, digests
from bot.access import Asker
from bot.answer import Request
from bot.commands import BOTH, Command, HelpLine
from bot.errors import ExecError, NotFound, Pattern, Sentence, UserError
from bot.features import schedule_form
from bot.handlers import Turn, chose, handler, numbered
from bot.language.schedule_words import is_list, read_schedule, split_schedule
from bot.messages.render import Draft, Drawable, View, draft, notice
from bot.messages.tables import page
from bot.messages.words import count
from bot.outbox import Delivery
from bot.reports.digest import REPORT as DIGEST
from bot.reports.intervals import written_days
from bot.reports.team import REPORT as TEAM
from bot.scheduled import describe
from bot.storage.buttons import Digest, DigestList
from bot.subscriptions import Subscription, new_subscription

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger(__name__)

LIST_ROWS = 10
MENU = numbered("digest.more")  # next to a digest in the list
LINES = (
    HelpLine(
        ('digest "group" [when]', "digest [question] [when]", "digest list"),
        Pattern(
            "Admins and coaches: post a group's results, or the answer to a question, on a "
            "schedule, or list the digests of a channel. Without a time, a form opens."
        ),
        only=BOTH,
    ),
)

Show = Callable[["App", Asker, str], Awaitable[View]]
Change = Callable[["App", Asker, str], Awaitable[Subscription]]


def register(app: App) -> None:
    """Add the subcommand and all listeners, including those of the form."""
    app.commands.add(Command("digest", partial(run, app), LINES, ("digests",)))
    schedule_form.register(app)
    _register_list(app)
    _register_posted(app)
    _show(app, "preview", preview, below=True)
    _show(app, "send_now", ask_to_post, below=True)
    _show(app, "remove", ask_to_remove, below=True)
    _show(app, "remove_now", remove)
    _change(app, "pause", digests.pause, "Paused")
    _change(app, "resume", digests.resume, "Resumed")

    @app.bolt.action("digest.post_now")
    @handler(app)
    async def post(ack: Any, turn: Turn) -> None:
        await ack()
        stored = await turn.own(turn.value, Digest)
        await turn.answer(await post_now(app, await turn.asker(), stored.meaning.id, stored.id))

    @app.bolt.action("confirm.cancel")
    @handler(app)
    async def cancel(ack: Any, turn: Turn) -> None:
        await ack()
        if turn.place.is_view:  # only a person closes a modal
            await turn.answer(notice("Canceled. Nothing was changed."))
        else:
            await turn.close()


def _show(app: App, name: str, show: Show, *, below: bool = False) -> None:
    """Listen to the button of a digest, and to the same entry of its menu in the list."""

    @app.bolt.action(f"digest.{name}")
    @app.bolt.action(MENU, [chose(f"digest.{name}")])
    @handler(app, below=below)
    async def pressed(ack: Any, turn: Turn) -> None:
        await ack()
        await turn.answer(await show(app, await turn.asker(), turn.value))


def _change(app: App, name: str, change: Change, done: str) -> None:
    """Listen to a button that changes a digest; in the list, show the changed list."""

    @app.bolt.action(f"digest.{name}")
    @handler(app, below=True)
    async def pressed(ack: Any, turn: Turn) -> None:
        await ack()
        asker = await turn.asker()
        one = await change(app, asker, turn.value)
        await turn.answer(await digests.saved(app, asker, one, done))

    @app.bolt.action(MENU, [chose(f"digest.{name}")])
    @handler(app)
    async def chosen(ack: Any, turn: Turn) -> None:
        await ack()
        asker = await turn.asker()
        one = await change(app, asker, turn.value)
        await turn.answer(await list_digests(app, asker, turn.place.channel_id, around=one.id))


def _register_list(app: App) -> None:
    @app.bolt.action("digest.list.next")
    @app.bolt.action("digest.list.previous")
    @handler(app)
    async def turn_page(ack: Any, turn: Turn) -> None:
        await ack()
        id_, _, start = turn.value.partition(":")
        stored = await turn.own(id_, DigestList)
        at = int(start) if start.isdecimal() else 0
        asker = await turn.asker()
        await turn.answer(await list_digests(app, asker, stored.channel_id, start=at))

    @app.bolt.action("home.manage")
    @handler(app)
    async def manage_from_home(ack: Any, turn: Turn) -> None:
        await ack()
        asker = await turn.asker()
        access.require_admin(asker)
        await turn.answer(await list_digests(app, asker, "", around=turn.value))


def _register_posted(app: App) -> None:
    """Add the buttons of a posted digest, which everybody in the channel sees."""

    @app.bolt.action("digest.details")
    @handler(app, below=True)
    async def show_details(ack: Any, turn: Turn) -> None:
        await ack()
        await turn.answer(await details(app, await turn.request(), turn.value))

    @app.bolt.action("digest.manage")
    @handler(app, below=True)
    async def show_list(ack: Any, turn: Turn) -> None:
        await ack()
        asker = await turn.asker()
        row = await posted(app, asker, turn.value)
        channel = turn.place.channel_id
        await turn.answer(await list_digests(app, asker, channel, around=row.subscription_id))


# The command


async def run(app: App, request: Request, rest: str) -> View | None:
    """Answer `digest <rest>`; None if a form opened."""
    if is_list(rest):
        return await list_digests(app, request.asker, request.channel_id)
    question, when = split_schedule(rest)
    if when or rest == "help" or request.turn is None:
        return await set_up(app, request, rest)
    return await schedule_form.open_or_offer(app, request, question)


async def set_up(app: App, request: Request, rest: str) -> View:
    """Set up the digest that the words after `digest` describe, and preview it."""
    asker, now, channel = request.asker, app.clock(), request.channel_id
    wanted = await digests.read_wanted(app, asker, rest)
    zone, lead = str(asker.zone), wanted.lead
    schedule = read_schedule(wanted.when, now=now, zone=zone, lead=lead).schedule
    if request.is_direct or not (request.can_share and channel):
        raise UserError(
            "Digests post in a channel. Type this there, or leave out the time to pick a channel "
            "in a form."
        )
    new = new_subscription(asker.team_id, asker.user_id, wanted.words, channel, schedule)
    await digests.check(app, asker, new)
    one = await digests.add(app, asker, new)
    confirmation = await digests.saved(app, asker, one, "Saved")
    try:
        return confirmation, await digests.preview(app, asker, one)
    except (UserError, ExecError) as error:  # the confirmation has a Preview button
        log.info("no preview of a new digest: %s", type(error).__name__)
        return confirmation


async def list_digests(
    app: App, asker: Asker, channel_id: str, *, start: int = 0, around: str = ""
) -> Draft:
    """The digests that the asker can change: admins all, others their own and those in the channel.
    The page has row `start`, or the digest `around`."""
    seen = await app.coaching.visibility(asker)
    ones = [one for one in await app.subscriptions.listed(asker.team_id) if not one.is_personal]
    if not seen.everyone:
        ones = [x for x in ones if x.owner_id == asker.user_id or x.place == channel_id]
        ones = [one for one in ones if await digests.can_change(app, asker, one)]
    at = next((at for at, one in enumerate(ones) if one.id == around), start)
    (id_,) = await app.buttons.add(
        asker.team_id, asker.user_id, DigestList(), channel_id=channel_id
    )
    shown = page(ones, at, rows=LIST_ROWS)
    lines = [await describe(app, one, seen) for one in shown.shown]
    values = {"id": id_, "page": shown, "lines": lines, "now": app.clock()}
    return draft("subscriptions", **values, can_add=seen.covers_groups)


# One scheduled message


async def preview(app: App, asker: Asker, id_: str) -> Drawable:
    """What would be sent now, for the asker alone."""
    return await digests.preview(app, asker, await digests.find(app, asker, id_))


async def ask_to_post(app: App, asker: Asker, id_: str) -> Draft:
    """Ask whether to post a digest now, with the number of its readers."""
    one = await digests.find(app, asker, id_)
    channel = await digests.check(app, asker, one)
    fields = await digests.sentence_fields(app, asker, one)
    people = count(channel.audience.people, "person", "people")
    question = Sentence(
        "Post *{title}* now in *{channel}*? {people} will read it.", {**fields, "people": people}
    )
    (stored,) = await app.buttons.add(asker.team_id, asker.user_id, Digest(one.id))
    action = "digest.post_now"
    return draft("confirm", question=question, label="Post now", action=action, value=stored)


async def post_now(app: App, asker: Asker, id_: str, pressed: str) -> Draft:
    """Post a digest now, once per confirmation."""
    one = await digests.find(app, asker, id_)
    channel = await digests.check(app, asker, one)
    await app.subscriptions.send_now(one, asker.user_id, pressed)
    return notice("Posting in *{channel}* now.", channel=channel.name)


async def ask_to_remove(app: App, asker: Asker, id_: str) -> Draft:
    """Ask whether to remove a digest."""
    one = await digests.find(app, asker, id_)
    question = Sentence(
        "Remove *{title}*, which posts in *{channel}* {when}? It stops immediately.",
        await digests.sentence_fields(app, asker, one),
    )
    action = "digest.remove_now"
    return draft("confirm", question=question, label="Remove", action=action, value=one.id)


async def remove(app: App, asker: Asker, id_: str) -> Draft:
    """Remove a digest for good."""
    one = await digests.find(app, asker, id_)
    fields = await digests.sentence_fields(app, asker, one)
    digests.require_existing(await app.subscriptions.remove(one.id))
    return notice("Removed: *{title}* in *{channel}*, {when}.", **fields)


# A posted digest


async def details(app: App, request: Request, delivery_id: str) -> View:
    """The figures behind a digest, as far as the reader can see them: the group's, or their own."""
    row = await posted(app, request.asker, delivery_id)
    days = written_days(row.periods(app.clock()).interval, row.zone)
    name, rest = "sessions", f"me {days}"
    try:
        await digests.require(app, request.asker, row.words)
        name, rest = TEAM.name, f"{row.words.removeprefix(f'{DIGEST.name} ')} {days}"
    except UserError:  # not theirs, or gone from Exec
        if row.place != request.channel_id:  # people outside the channel get no hint of it
            raise
    return await app.commands.by_word[name].run(request, rest) or ()


async def posted(app: App, asker: Asker, delivery_id: str) -> Delivery:
    """A posted digest. Raises NotFound."""
    row = await app.outbox.find(delivery_id)
    if row is None or row.team_id != asker.team_id or row.start_at is None:
        raise NotFound(
            "This digest is too old to manage from here. `{command} digest list` shows the digests."
        )
    return row
