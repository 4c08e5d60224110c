"""`/exec digest …`: a group's digest, or the answer to a question, in a channel on a schedule. Its
buttons also preview, pause and resume a coach's message and one's own week."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from bot.ask.answer import Request
from bot.errors import ExecError, NotFound, Sentence, Suggestion, UserError
from bot.features.schedule import form as schedule_form
from bot.language.schedule_words import read_schedule, split_schedule
from bot.language.text import first_word
from bot.messages.render import Draft, View, draft, notice
from bot.messages.tables import page
from bot.messages.words import count
from bot.people.access import Asker
from bot.reports._report import AnyReport
from bot.reports.digest import REPORT as DIGEST
from bot.reports.intervals import written_days
from bot.reports.table import SESSIONS
from bot.reports.team import REPORT as TEAM
from bot.scheduled import digests
from bot.scheduled.draw import describe
from bot.scheduled.subscriptions import Subscription, new_subscription
from bot.slack.commands import BOTH, Command, HelpLine
from bot.slack.turn import Turn, answering, confirm
from bot.storage.buttons import Digest

if TYPE_CHECKING:
    from bot.app import App

# Answers a button of a scheduled message.
Show: TypeAlias = "Callable[[App, Asker, Subscription], Awaitable[View]]"

log = logging.getLogger(__name__)

LIST_ROWS = 10
# Words that begin no question.
CHANGES = frozenset(("help", "pause", "resume", "stop", "remove", "delete", "edit", "change"))
USAGE = (
    'Type `{command} digest "West Coast" every monday 9:00`, or leave out the time to get a form. '
    "To pause, edit or remove a digest, use its menu in `{command} digest list`."
)
SHOW_LIST = Suggestion("List", "digest list")
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
    for action, show in BUTTONS.items():
        answering(app, action, below=True)(partial(show_one, app, show))
    answering(app, "digest.remove")(partial(show_one, app, remove))

    @answering(app, "digest.post_now")
    async def post(turn: Turn) -> View:
        stored, asker = await turn.own(turn.value, Digest), await turn.asker()
        one = await digests.find(app, asker, stored.meaning.id)
        return await post_now(app, asker, one, stored.id)

    @answering(app, "digest.list.next")
    @answering(app, "digest.list.previous")
    async def turn_page(turn: Turn) -> View:
        start, channel_id = turn.value.partition(":")[2], turn.place.channel_id
        at = int(start) if start.isdecimal() else 0
        return await list_digests(app, await turn.asker(), channel_id, at)

    @answering(app, "digest.details", below=True)
    async def show_details(turn: Turn) -> View:
        return await details(app, await turn.request(), turn.value)

    @answering(app, "confirm.cancel")
    async def cancel(turn: Turn) -> View | None:
        if turn.place.is_view:  # only a person closes a modal
            return notice("Canceled. Nothing was changed.")
        await turn.close()
        return None


async def show_one(app: App, show: Show, turn: Turn) -> View:
    """Answer the button of a scheduled message, or the entry of its menu in the list."""
    asker = await turn.asker()
    return await show(app, asker, await digests.find(app, asker, turn.value))


# The command


async def run(app: App, request: Request, rest: str) -> View | None:
    """Answer `digest <rest>`; None if a form opened."""
    asker, turn = request.asker, request.turn
    if rest.casefold() == "list":
        return await list_digests(app, asker, request.channel_id)
    if first_word(rest)[0] in CHANGES:
        raise UserError(USAGE, (SHOW_LIST,))
    question, when = split_schedule(rest)
    if question and when and request.place and not request.is_direct:
        return await set_up(app, request, question, when)
    if turn is None or not request.is_command:  # a message can't open a form
        return await schedule_form.offer(app, asker, f"digest {rest}".strip(), question)
    await schedule_form.open_new(app, turn, schedule_form.channel_of(turn.place), question, when)
    return None


async def set_up(app: App, request: Request, question: str, when: str) -> View:
    """Set up a digest of a group or a question, and preview it."""
    asker, now, channel = request.asker, app.clock(), request.channel_id
    words = await digests.read_wanted(app, asker, question, when)
    zone, lead = str(asker.zone), f"digest {question}"
    schedule = read_schedule(when, now=now, zone=zone, lead=lead)
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


async def ask_to_post(app: App, asker: Asker, one: Subscription) -> Draft:
    """Ask whether to post a digest now, with the number of its readers."""
    channel = await digests.check(app, asker, one)
    fields = await digests.sentence_fields(app, asker, one)
    people = count(channel.people, "person", "people")
    question = Sentence(
        "Post *{title}* now in *{channel}*? {people} will read it.", {**fields, "people": people}
    )
    (stored,) = await app.buttons.add(asker.team_id, asker.user_id, Digest(one.id))
    return confirm(question, "Post now", "digest.post_now", stored, style="primary")


async def post_now(app: App, asker: Asker, one: Subscription, pressed: str) -> Draft:
    """Post a digest now, once per confirmation."""
    channel = await digests.check(app, asker, one)
    await app.subscriptions.send_now(one, asker.user_id, pressed)
    return notice("Posting in *{channel}* now.", channel=channel.name)


async def ask_to_remove(app: App, asker: Asker, one: Subscription) -> Draft:
    """Ask whether to remove a digest."""
    question = Sentence(
        "Remove *{title}*, which posts in *{channel}* {when}? It stops immediately.",
        await digests.sentence_fields(app, asker, one),
    )
    return confirm(question, "Remove", "digest.remove", one.id, style="danger")


async def remove(app: App, asker: Asker, one: Subscription) -> Draft:
    """Remove a digest for good."""
    fields = await digests.sentence_fields(app, asker, one)
    await app.subscriptions.remove(one.id)
    return notice("Removed: *{title}* in *{channel}*, {when}.", **fields)


async def details(app: App, request: Request, delivery_id: str) -> View:
    """The figures behind a digest, as far as the reader can see them: the group's, or their own."""
    row = await app.outbox.find(delivery_id)
    if row is None or row.team_id != request.asker.team_id or row.start_at is None:
        raise NotFound("This digest is older than what I store, so I can't show its details.")
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


BUTTONS: dict[str, Show] = {
    "digest.manage": digests.saved,
    "digest.preview": digests.preview,
    "digest.pause": digests.pause,
    "digest.resume": digests.resume,
    "digest.ask_to_post": ask_to_post,
    "digest.ask_to_remove": ask_to_remove,
}
