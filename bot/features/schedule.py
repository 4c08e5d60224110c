"""`/exec digest …`: a group's digest, or the answer to a question, in a channel on a schedule. Its
buttons also preview, pause and resume a coach's message and one's own week."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from bot import digests
from bot.access import Asker
from bot.answer import Request
from bot.commands import BOTH, Command, HelpLine
from bot.errors import ExecError, NotFound, Sentence, UserError
from bot.features import schedule_form
from bot.handlers import Turn, answering, confirm
from bot.language.schedule_words import is_list, read_schedule, split_schedule
from bot.messages.render import Draft, Drawable, View, draft, notice
from bot.messages.tables import page
from bot.messages.words import count
from bot.outbox import Delivery
from bot.reports._report import AnyReport
from bot.reports.digest import REPORT as DIGEST
from bot.reports.intervals import written_days
from bot.reports.table import SESSIONS
from bot.reports.team import REPORT as TEAM
from bot.scheduled import describe
from bot.storage.buttons import Digest
from bot.subscriptions import new_subscription

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger(__name__)

LIST_ROWS = 10
LINES = (
    HelpLine(
        ('digest "group" [when]', "digest [question] [when]", "digest list"),
        Sentence(
            "Admins and coaches: post a group's results, or the answer to a question, on a "
            "schedule, or list the digests of a channel. Without a time, a form opens."
        ),
        only=BOTH,
    ),
)


def register(app: App) -> None:
    """Add the subcommand and all listeners, including those of the form."""
    app.commands.add(Command("digest", partial(run, app), LINES, ("digests",)))
    schedule_form.register(app)
    for show in (preview, digests.pause, digests.resume, ask_to_post, ask_to_remove):
        name = f"digest.{show.__name__}"
        answering(app, name, below=True)(partial(show_one, app, show))
    answering(app, "digest.remove")(partial(show_one, app, remove))

    @answering(app, "digest.post_now")
    async def post(turn: Turn) -> View:
        stored = await turn.own(turn.value, Digest)
        return await post_now(app, await turn.asker(), stored.meaning.id, stored.id)

    @answering(app, "digest.list.next")
    @answering(app, "digest.list.previous")
    async def turn_page(turn: Turn) -> View:
        start, channel_id = turn.value.partition(":")[2], turn.place.channel_id
        at = int(start) if start.isdecimal() else 0
        return await list_digests(app, await turn.asker(), channel_id, at)

    @answering(app, "digest.details", below=True)
    async def show_details(turn: Turn) -> View:
        return await details(app, await turn.request(), turn.value)

    @answering(app, "digest.manage", below=True)
    async def manage(turn: Turn) -> View:
        asker = await turn.asker()
        row = await posted(app, asker, turn.value)
        one = await digests.find(app, asker, row.subscription_id)
        return await digests.saved(app, asker, one)

    @answering(app, "confirm.cancel")
    async def cancel(turn: Turn) -> View | None:
        if turn.place.is_view:  # only a person closes a modal
            return notice("Canceled. Nothing was changed.")
        await turn.close()
        return None


async def show_one(
    app: App, show: Callable[[App, Asker, str], Awaitable[View]], turn: Turn
) -> View:
    """Answer the button of a scheduled message, or the entry of its menu in the list."""
    return await show(app, await turn.asker(), turn.value)


# The command


async def run(app: App, request: Request, rest: str) -> View | None:
    """Answer `digest <rest>`; None if a form opened."""
    if is_list(rest):
        return await list_digests(app, request.asker, request.channel_id)
    question, when = split_schedule(rest)
    turn, asker = request.turn, request.asker
    if when or rest == "help" or turn is None:
        return await set_up(app, request, question, when)
    if not request.is_command:  # a message can't open a form
        return await schedule_form.offer(app, asker, f"digest {question}".strip(), question)
    channel_id = schedule_form.channel_of(turn.place)
    form = await schedule_form.new_form(app, asker, channel_id, question)
    await schedule_form.open_form(app, turn, form)
    return None


async def set_up(app: App, request: Request, question: str, when: str) -> View:
    """Set up a digest of a group or a question, and preview it."""
    asker, now, channel = request.asker, app.clock(), request.channel_id
    words = await digests.read_wanted(app, asker, question, when)
    zone, lead = str(asker.zone), f"digest {question}"
    schedule = read_schedule(when, now=now, zone=zone, lead=lead).schedule
    if request.is_direct or not request.place:
        raise UserError(
            "Digests post in a channel. Type this there, or leave out the time to pick a channel "
            "in a form."
        )
    new = new_subscription(asker.team_id, asker.user_id, words, channel, schedule)
    await digests.check(app, asker, new)
    one = await digests.add(app, asker, new)
    confirmation = await digests.saved(app, asker, one, "Saved")
    try:
        return confirmation, await digests.preview(app, asker, one)
    except (UserError, ExecError) as error:  # the confirmation has a Preview button
        log.info("no preview of a new digest: %s", type(error).__name__)
        return confirmation


async def list_digests(app: App, asker: Asker, channel_id: str, start: int = 0) -> Draft:
    """The digests that the asker can change, from row `start` on: admins all, others their own and
    those in the channel."""
    seen = await app.coaching.visibility(asker)
    ones = [one for one in await app.subscriptions.listed(asker.team_id) if not one.is_personal]
    if not seen.everyone:
        ones = [x for x in ones if x.owner_id == asker.user_id or x.place == channel_id]
        ones = [one for one in ones if await digests.can_change(app, asker, one)]
    shown = page(ones, start, rows=LIST_ROWS)
    lines = [await describe(app, one, seen) for one in shown.shown]
    values = {"page": shown, "lines": lines, "now": app.clock()}
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
    people = count(channel.people, "person", "people")
    question = Sentence(
        "Post *{title}* now in *{channel}*? {people} will read it.", {**fields, "people": people}
    )
    (stored,) = await app.buttons.add(asker.team_id, asker.user_id, Digest(one.id))
    return confirm(question, "Post now", "digest.post_now", stored, style="primary")


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
    return confirm(question, "Remove", "digest.remove", one.id, style="danger")


async def remove(app: App, asker: Asker, id_: str) -> Draft:
    """Remove a digest for good."""
    one = await digests.find(app, asker, id_)
    fields = await digests.sentence_fields(app, asker, one)
    await app.subscriptions.remove(one.id)
    return notice("Removed: *{title}* in *{channel}*, {when}.", **fields)


# A posted digest


async def details(app: App, request: Request, delivery_id: str) -> View:
    """The figures behind a digest, as far as the reader can see them: the group's, or their own."""
    row = await posted(app, request.asker, delivery_id)
    days = written_days(row.periods(app.clock()).interval, row.zone)
    report: AnyReport = SESSIONS
    rest = f"me {days}"
    try:
        await digests.require(app, request.asker, row.words)
        report, rest = TEAM, f"{row.words.removeprefix(f'{DIGEST.name} ')} {days}"
    except UserError:  # not theirs, or gone from Exec
        if row.place != request.channel_id:  # people outside the channel get no hint of it
            raise
    return await app.answerer.answer(request, report, rest)


async def posted(app: App, asker: Asker, delivery_id: str) -> Delivery:
    """A posted digest. Raises NotFound."""
    row = await app.outbox.find(delivery_id)
    if row is None or row.team_id != asker.team_id or row.start_at is None:
        raise NotFound(
            "This digest is too old to manage from here. `{command} digest list` shows the digests."
        )
    return row
