"""`/exec digest …`: digests in channels, set up in a line, and looked after from Slack."""

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
from bot.messages.render import Draft, View, draft, notice
from bot.messages.tables import page
from bot.messages.words import count
from bot.outbox.deliveries import Delivery
from bot.outbox.describe import Done
from bot.outbox.plans import Subscription
from bot.outbox.reasons import REASONS, NotSentReason, nothing_to_show
from bot.outbox.rights import may_change, require
from bot.reports.digest import DigestPart
from bot.storage.buttons import DigestList

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger(__name__)

LIST_ROWS = 10
MENU = numbered("digest.more")  # of a digest in the list
LINES = (
    HelpLine(
        ('digest "group" [when]', "digest [question] [when]", "digest list"),
        Pattern(
            "Admins and coaches: post a group's results on a schedule, or the answer to a "
            "question, or see what comes here. Without a time it opens a form."
        ),
        'digest "West Coast" every monday 9:00',
        BOTH,
    ),
)

Show = Callable[["App", Asker, str], Awaitable[View]]
Change = Callable[["App", Asker, str], Awaitable[Subscription]]


def register(app: App) -> None:
    """Add the subcommand, and the listeners of the form too."""
    app.commands.add(Command("digest", partial(run, app), LINES, ("digests",)))
    schedule_form.register(app)
    _register_list(app)
    _register_posted(app)
    _show(app, "digest.preview", preview, beneath=True)
    _show(app, "digest.send_now", ask_to_post, beneath=True)
    _show(app, "digest.post_now", post_now)
    _show(app, "digest.remove", ask_to_remove, beneath=True)
    _show(app, "digest.remove_now", remove)
    _change(app, "digest.pause", pause, Done.PAUSED)
    _change(app, "digest.resume", resume, Done.RESUMED)

    @app.bolt.action("confirm.cancel")
    @handler(app)
    async def cancel(ack: Any, turn: Turn) -> None:
        await ack()
        if turn.place.is_view:  # only a person closes a modal
            await turn.answer(notice("Canceled. Nothing was changed."))
        else:
            await turn.close()


def _show(app: App, name: str, show: Show, *, beneath: bool = False) -> None:
    """Listen to the button of a digest, and to the same entry of its menu in the list."""

    @app.bolt.action(name)
    @app.bolt.action(MENU, [chose(name)])
    @handler(app, beneath=beneath)
    async def pressed(ack: Any, turn: Turn) -> None:
        await ack()
        await turn.answer(await show(app, await turn.asker(), turn.value))


def _change(app: App, name: str, change: Change, done: Done) -> None:
    """Listen to a button that changes a digest; in the list, show the changed list."""

    @app.bolt.action(name)
    @handler(app, beneath=True)
    async def pressed(ack: Any, turn: Turn) -> None:
        await ack()
        asker = await turn.asker()
        one = await change(app, asker, turn.value)
        await turn.answer(await digests.saved(app, asker, one, done))

    @app.bolt.action(MENU, [chose(name)])
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
        view = await list_digests(app, await turn.asker(), stored.channel_id, start=at)
        await turn.answer(view)

    @app.bolt.action("home.manage")
    @handler(app)
    async def manage_all(ack: Any, turn: Turn) -> None:
        await ack()
        asker = await turn.asker()
        access.require_admin(asker)
        await turn.answer(await list_digests(app, asker, "", around=turn.value))


def _register_posted(app: App) -> None:
    """Add the buttons of a posted digest, which everybody in the channel sees."""

    @app.bolt.action("digest.details")
    @handler(app, beneath=True)
    async def show_details(ack: Any, turn: Turn) -> None:
        await ack()
        view = await details(app, await turn.request(), turn.value)
        await turn.answer(view)

    @app.bolt.action("digest.manage")
    @handler(app, beneath=True)
    async def show_list(ack: Any, turn: Turn) -> None:
        await ack()
        view = await manage(app, await turn.asker(), turn.value, turn.place.channel_id)
        await turn.answer(view)


# The command


async def run(app: App, request: Request, rest: str) -> View | None:
    """Answer `digest <rest>`; None if a form opened, which asks for a time."""
    if is_list(rest):
        return await list_digests(app, request.asker, request.channel_id)
    said, when = split_schedule(rest)
    if when or rest == "help" or request.turn is None:
        return await set_up(app, request, rest)
    return await schedule_form.open_or_offer(app, request, said)


async def set_up(app: App, request: Request, rest: str) -> View:
    """Set up what the words after `digest` say, with a preview if there is one now."""
    asker, now = request.asker, app.clock()
    wanted = await digests.read_wanted(app, asker, rest)
    zone, lead = str(asker.zone), wanted.lead
    schedule = read_schedule(wanted.schedule, now=now, zone=zone, lead=lead).schedule
    if request.is_direct or not (request.can_share and request.channel_id):
        raise UserError(
            "A digest goes to a channel. Type this in that channel, or leave out the time to "
            "choose a channel in a form."
        )
    parts = frozenset(DigestPart)
    plan = digests.new_plan(request.channel_id, schedule, wanted.ask, parts)
    await digests.look(app, asker, plan)
    one = await digests.add(app, asker, plan)
    saved = await digests.saved(app, asker, one)
    try:
        shown = await digests.answer_now(app, asker, one)
    except ExecError as error:
        # It is saved all the same, and has a button for a preview later.
        log.info("no preview of a new digest: %s", type(error).__name__)
        return saved
    return saved if isinstance(shown, NotSentReason) else (saved, shown)


# The list


async def list_digests(
    app: App, asker: Asker, channel_id: str, *, start: int = 0, around: str = ""
) -> Draft:
    """The digests of a channel; for an admin all of them, in a direct message the asker's own.

    The page begins at `start`, or is the one that has the digest `around`.
    """
    visibility = await app.coaching.visibility(asker)
    is_everywhere = visibility.everyone or channel_id.startswith("D")
    place = None if is_everywhere else channel_id
    found = await app.subscriptions.listed(asker.team_id, place=place)
    ones = [one for one in found if not one.is_personal]
    if is_everywhere and not visibility.everyone:
        ones = [one for one in ones if one.owner_id == asker.user_id]
    at = next((at for at, one in enumerate(ones) if one.id == around), start)
    list_ = DigestList()
    (id_,) = await app.buttons.add(asker.team_id, asker.user_id, list_, channel_id=channel_id)
    return draft(
        "subscriptions",
        id=id_,
        channel=None if place is None else await app.audiences.seen_name(place),
        page=page(await digests.describe(app, asker, ones), at, rows=LIST_ROWS),
        now=app.clock(),
        can_add=visibility.covers_groups,
    )


# One digest


async def preview(app: App, asker: Asker, id_: str) -> Draft:
    """What would be posted now, for the asker alone."""
    one = await digests.find(app, asker, id_)
    shown = await digests.answer_now(app, asker, one)
    if not isinstance(shown, NotSentReason):
        return shown
    if shown is NotSentReason.EMPTY_GROUP:
        group = (await digests.named(app, asker, one))["title"]
        return notice("Nobody is in *{group}*, so there is nothing to show.", group=group)
    if shown is NotSentReason.GROUP_GONE:
        return notice("Exec has no such group any more. Choose another one with Edit.")
    return notice("There is nothing to show: {why}.", why=REASONS[shown].short)


async def ask_to_post(app: App, asker: Asker, id_: str) -> Draft:
    """Whether to post it now, with how many people will read it."""
    one = await digests.find(app, asker, id_)
    seen = await digests.look(app, asker, one.plan, changes=one.id)
    title = (await digests.named(app, asker, one))["title"]
    people = count(seen.audience.people, "person", "people")
    question = Sentence(
        "Post *{title}* now in *{channel}*? {people} will read it.",
        {"title": title, "channel": seen.channel, "people": people},
    )
    return draft(
        "confirm", question=question, label="Post now", action="digest.post_now", value=one.id
    )


async def post_now(app: App, asker: Asker, id_: str) -> Draft:
    """Post it now, once."""
    one = await digests.find(app, asker, id_)
    seen = await digests.look(app, asker, one.plan, changes=one.id)
    if not await app.deliveries.send_now(one, asker.user_id):
        raise NotFound(digests.GONE)
    return notice("It is on its way to *{channel}*.", channel=seen.channel)


async def pause(app: App, asker: Asker, id_: str) -> Subscription:
    """Pause it."""
    one = await digests.find(app, asker, id_, stop=True)
    return digests.there(await app.subscriptions.pause(one.id))


async def resume(app: App, asker: Asker, id_: str) -> Subscription:
    """Resume it, if the asker can still have it there."""
    one = await digests.find(app, asker, id_)
    await digests.look(app, asker, one.plan, changes=one.id)
    return digests.there(await app.subscriptions.resume(one.id))


async def ask_to_remove(app: App, asker: Asker, id_: str) -> Draft:
    """Whether to remove it."""
    one = await digests.find(app, asker, id_, stop=True)
    question = Sentence(
        "Remove *{title}*, which comes to *{channel}* {when}? It stops at once.",
        await digests.named(app, asker, one),
    )
    return draft(
        "confirm", question=question, label="Remove", action="digest.remove_now", value=one.id
    )


async def remove(app: App, asker: Asker, id_: str) -> Draft:
    """Remove it for good."""
    one = await digests.find(app, asker, id_, stop=True)
    fields = await digests.named(app, asker, one)
    digests.there(await app.subscriptions.remove(one.id))
    return notice("Removed: *{title}* in *{channel}*, {when}.", **fields)


# A posted digest


async def details(app: App, request: Request, delivery_id: str) -> View:
    """The figures behind a digest that its reader can see: everybody's, or only their own."""
    asker = request.asker
    delivery, current = await posted(app, asker, delivery_id)
    plan = delivery.posted_of(current).plan
    group = await app.group_reports.group(plan.group_id)
    if group is None:
        raise nothing_to_show(NotSentReason.GROUP_GONE)
    visibility = await app.coaching.visibility(asker)
    if not visibility.covers_group(plan.group_id):
        group = None
        if delivery.place != request.channel_id:
            # People who aren't in the channel learn nothing about it.
            require(asker, visibility, plan.ask)
    words = app.group_reports.details(plan, delivery, group)
    name, _, rest = words.partition(" ")
    return await app.commands.by_word[name].run(request, rest) or ()


async def manage(app: App, asker: Asker, delivery_id: str, channel_id: str) -> Draft:
    """The digests of the channel where it was posted."""
    _, one = await posted(app, asker, delivery_id)
    visibility = await app.coaching.visibility(asker)
    has_moved = one.removed_at is None and one.plan.place != channel_id
    if has_moved and not visibility.everyone and may_change(asker, visibility, one):
        return notice(
            "This digest comes to *{channel}* now: `{command} digest list` shows it there.",
            channel=await app.audiences.name(one.plan.place),
        )
    return await list_digests(app, asker, channel_id, around=one.id)


async def posted(app: App, asker: Asker, delivery_id: str) -> tuple[Delivery, Subscription]:
    """A digest in a channel, and its subscription as it is now. Raises NotFound."""
    delivery = await app.deliveries.find(delivery_id)
    one = None if delivery is None else await app.subscriptions.find(delivery.source_id)
    if delivery is None or one is None or one.team_id != asker.team_id:
        raise NotFound(
            "This digest is too old: I don't know any more where it came from. "
            "`{command} digest list` shows the digests."
        )
    return delivery, one
