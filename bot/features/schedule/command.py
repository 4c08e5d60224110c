"""`/exec digest …`: a group's digest, or the answer to a question, in a channel on a schedule. Its
buttons also preview, pause and resume a coach's message and one's own week."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from bot.app import App, AskRoom, PeopleRoom, ScheduledRoom, SlackRoom, StorageRoom
from bot.ask.answer import Request
from bot.clock import Now
from bot.errors import ExecError, NotFound, Sentence, Suggestion, UserError
from bot.features.schedule.form import DigestForms, channel_of, digest_forms
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
from bot.scheduled.subscriptions import Subscription, new_subscription
from bot.slack.commands import BOTH, Command, HelpLine
from bot.slack.turn import OpensForm, Reply, Turn, confirm
from bot.storage.buttons import Digest

# Answers a button of a scheduled message.
Show: TypeAlias = Callable[[Asker, Subscription], Awaitable[View]]

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


@dataclass(frozen=True, slots=True)
class DigestCommands:
    """Answers `digest`, and the buttons of digests."""

    ask: AskRoom
    clock: Now
    people: PeopleRoom
    scheduled: ScheduledRoom
    slack: SlackRoom
    storage: StorageRoom
    forms: DigestForms

    def register(self) -> None:
        """Add the subcommand and all listeners, including those of the form."""
        self.slack.commands.add(Command("digest", self.run, LINES, ("digests",)))
        self.forms.register()
        buttons: dict[str, Show] = {
            "digest.manage": self.scheduled.digests.saved,
            "digest.preview": self.scheduled.digests.preview,
            "digest.pause": self.scheduled.digests.pause,
            "digest.resume": self.scheduled.digests.resume,
            "digest.ask_to_post": self.ask_to_post,
            "digest.ask_to_remove": self.ask_to_remove,
        }
        for action, show in buttons.items():
            self.slack.listeners.answering(action, below=True)(partial(self.show_one, show))
        self.slack.listeners.answering("digest.remove")(partial(self.show_one, self.remove))

        @self.slack.listeners.answering("digest.post_now")
        async def post(turn: Turn) -> View:
            stored, asker = await turn.own(turn.value, Digest), await turn.asker()
            subscription = await self.scheduled.digests.find(asker, stored.meaning.id)
            return await self.post_now(asker, subscription, stored.id)

        @self.slack.listeners.answering("digest.list.next")
        @self.slack.listeners.answering("digest.list.previous")
        async def turn_page(turn: Turn) -> View:
            start, channel_id = turn.value.partition(":")[2], turn.place.channel_id
            at = int(start) if start.isdecimal() else 0
            return await self.list_digests(await turn.asker(), channel_id, at)

        @self.slack.listeners.answering("digest.details", below=True)
        async def show_details(turn: Turn) -> View:
            return await self.details(await turn.request(), turn.value)

        @self.slack.listeners.answering("confirm.cancel")
        async def cancel(turn: Turn) -> View | None:
            if turn.place.is_view:  # only a person closes a modal
                return notice("Canceled. Nothing was changed.")
            await turn.close()
            return None

    async def show_one(self, show: Show, turn: Turn) -> View:
        """Answer the button of a scheduled message, or the entry of its menu in the list."""
        asker = await turn.asker()
        return await show(asker, await self.scheduled.digests.find(asker, turn.value))

    # The command

    async def run(self, request: Request, rest: str) -> Reply:
        """Answer `digest <rest>`."""
        asker = request.asker
        if rest.casefold() == "list":
            return await self.list_digests(asker, request.channel_id)
        if first_word(rest)[0] in CHANGES:
            raise UserError(USAGE, (SHOW_LIST,))
        question, when = split_schedule(rest)
        if question and when and request.place and not request.is_direct:
            return await self.set_up(request, question, when)
        if not request.is_command:  # a message can't open a form
            return await self.forms.offer(asker, f"digest {rest}".strip(), question)

        async def open_form(turn: Turn) -> None:
            await self.forms.open_new(turn, channel_of(turn.place), question, when)

        return OpensForm(open_form)

    async def set_up(self, request: Request, question: str, when: str) -> View:
        """Set up a digest of a group or a question, and preview it."""
        asker, now, channel = request.asker, self.clock(), request.channel_id
        words = await self.scheduled.digests.read_wanted(asker, question, when)
        zone, lead = str(asker.zone), f"digest {question}"
        schedule = read_schedule(when, now=now, zone=zone, lead=lead)
        new = new_subscription(asker.team_id, asker.user_id, words, channel, schedule)
        await self.scheduled.digests.check(asker, new)
        subscription = await self.scheduled.digests.add(asker, new)
        confirmation = await self.scheduled.digests.saved(asker, subscription, "Saved")
        try:
            return confirmation, await self.scheduled.digests.preview(asker, subscription)
        except (UserError, ExecError) as error:  # the confirmation has a Preview button
            log.info("no preview of a new digest: %s", type(error).__name__)
            return confirmation

    async def list_digests(self, asker: Asker, channel_id: str, start: int = 0) -> Draft:
        """The digests that the asker can change, from row `start` on: admins all, others their own
        and those in the channel."""
        seen = await self.people.coaching.visibility(asker)
        ones = [
            subscription
            for subscription in await self.scheduled.subscriptions.listed(asker.team_id)
            if not subscription.is_personal
        ]
        if not seen.everyone:
            ones = [x for x in ones if x.owner_id == asker.user_id or x.place == channel_id]
            ones = [
                subscription
                for subscription in ones
                if await self.scheduled.digests.can_change(asker, subscription)
            ]
        shown = page(ones, start, rows=LIST_ROWS)
        lines = [
            await self.scheduled.describer.describe(subscription, seen)
            for subscription in shown.shown
        ]
        values = {"page": shown, "lines": lines, "now": self.clock()}
        return draft("subscriptions", **values, can_add=seen.covers_groups)

    # One scheduled message

    async def ask_to_post(self, asker: Asker, subscription: Subscription) -> Draft:
        """Ask whether to post a digest now, with the number of its readers."""
        channel = await self.scheduled.digests.check(asker, subscription)
        fields = await self.scheduled.digests.sentence_fields(asker, subscription)
        people = count(channel.people, "person", "people")
        question = Sentence(
            "Post *{title}* now in *{channel}*? {people} will read it.",
            {**fields, "people": people},
        )
        (stored,) = await self.storage.buttons.add(
            asker.team_id, asker.user_id, Digest(subscription.id)
        )
        return confirm(question, "Post now", "digest.post_now", stored, style="primary")

    async def post_now(self, asker: Asker, subscription: Subscription, pressed: str) -> Draft:
        """Post a digest now, once per confirmation."""
        channel = await self.scheduled.digests.check(asker, subscription)
        await self.scheduled.subscriptions.send_now(subscription, asker.user_id, pressed)
        return notice("Posting in *{channel}* now.", channel=channel.name)

    async def ask_to_remove(self, asker: Asker, subscription: Subscription) -> Draft:
        """Ask whether to remove a digest."""
        question = Sentence(
            "Remove *{title}*, which posts in *{channel}* {when}? It stops immediately.",
            await self.scheduled.digests.sentence_fields(asker, subscription),
        )
        return confirm(question, "Remove", "digest.remove", subscription.id, style="danger")

    async def remove(self, asker: Asker, subscription: Subscription) -> Draft:
        """Remove a digest for good."""
        fields = await self.scheduled.digests.sentence_fields(asker, subscription)
        await self.scheduled.subscriptions.remove(subscription.id)
        return notice("Removed: *{title}* in *{channel}*, {when}.", **fields)

    async def details(self, request: Request, delivery_id: str) -> View:
        """The figures behind a digest, as far as the reader can see them: the group's, or their
        own."""
        row = await self.scheduled.deliveries.find(delivery_id)
        if row is None or row.team_id != request.asker.team_id or row.start_at is None:
            raise NotFound("This digest is older than what I store, so I can't show its details.")
        days = written_days(row.periods(self.clock()).interval, row.zone)
        report: AnyReport = SESSIONS
        rest = f"me {days}"
        try:
            await self.scheduled.digests.require(request.asker, row.words)
            report, rest = TEAM, f"{row.words.removeprefix(f'{DIGEST.name} ')} {days}"
        except UserError:  # not theirs, or gone from Exec
            if row.place != request.channel_id:  # people outside the channel get no hint of it
                raise
        return await self.ask.answerer.answer(request, report, rest)


def register(app: App) -> None:
    """Add what people can do."""
    DigestCommands(
        app.ask, app.clock, app.people, app.scheduled, app.slack, app.storage, digest_forms(app)
    ).register()
