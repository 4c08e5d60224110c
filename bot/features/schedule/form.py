"""The form of a digest: opened, updated while somebody fills it in, and saved."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.app import App, PeopleRoom, ScheduledRoom, SlackRoom, StorageRoom
from bot.ask.answer import Request
from bot.clock import Now
from bot.errors import BotError, NotAllowed, Sentence, SlackError, UserError
from bot.language.days import WEEKDAY_NAMES, ordinal
from bot.language.query import Kind
from bot.language.schedule import Schedule, upcoming
from bot.language.schedule_words import read_schedule, split_schedule, written_schedule
from bot.language.text import first_word
from bot.language.zones import zones_named, zones_near
from bot.messages.render import Draft, Messages, draft
from bot.people.access import Asker
from bot.people.audience import Audience
from bot.reports.digest import REPORT as DIGEST
from bot.scheduled.stored_words import (
    NOT_YOURS,
    digest_words,
)
from bot.scheduled.subscriptions import Subscription, new_subscription
from bot.settings import Settings
from bot.slack.forms import values_of
from bot.slack.place import Place
from bot.slack.problems import sentence_for
from bot.slack.turn import TOO_OLD, Turn, confirm
from bot.storage.buttons import Digest, StoredAnswer, StoredCommand

log = logging.getLogger(__name__)

FORM = "digest.form"
CHECK_WITHIN = 2.0  # seconds: Slack waits for three
MOST_CHOICES = 100  # Slack's limit for one menu
DAYS = range(1, 29)  # every month has these
CHOOSE = "Choose what this digest reports on."
NO_CHANNEL = "Choose a channel."
SLOW = Sentence("Slack is slow to answer right now. Press Save again in a moment.")
_ANY_FIELD = re.compile("")


@dataclass(frozen=True, slots=True)
class FormChoice:
    """An entry of a menu."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class FormValues:
    """The values of the form's fields.

    `group` is the id of the group to choose, unless a `question` in words replaces it. `rhythm` is
    a schedule in canonical words without time and zone ("every monday"), `clock` is "HH:MM", and
    `zone` is as typed. `changes` is the id of the digest to change, "" for a new one.
    """

    channel_id: str
    zone: str
    group: str = ""
    question: str | None = None
    rhythm: str = "every monday"
    clock: str = "09:00"
    changes: str = ""


@dataclass(slots=True)
class Checked:
    """What a form makes: the next times, the digest to store, the readers of its channel. If a
    field is wrong, `problems` has a sentence for its block, and what follows from it is missing."""

    upcoming: tuple[datetime, ...] = ()
    new: Subscription | None = None
    readers: Audience | None = None
    problems: dict[str, Sentence] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DigestForms:
    """Opens, checks and saves the form of a digest."""

    clock: Now
    messages: Messages
    people: PeopleRoom
    scheduled: ScheduledRoom
    settings: Settings
    slack: SlackRoom
    storage: StorageRoom

    def register(self) -> None:
        """Add the listeners."""
        self.slack.commands.actions["post"] = self.offer_in_words
        self._register_buttons()

        @self.slack.listeners.bolt.action(_ANY_FIELD, [_is_in_form])
        @self.slack.listeners.handler(is_asked=False)
        async def follow(turn: Turn) -> None:
            await turn.ack()
            if (stored := await turn.form(Digest)) is not None:
                form = form_of_view(turn.view, stored.meaning.id)
                await self.show(await turn.asker(), turn.view["id"], stored.id, form)

        @self.slack.listeners.bolt.view(FORM)
        @self.slack.listeners.handler(below=True)
        async def save(turn: Turn) -> None:
            if (stored := await turn.form(Digest)) is None:
                await turn.refuse({"channel": TOO_OLD})
                return
            form = form_of_view(turn.view, stored.meaning.id)
            try:
                async with asyncio.timeout(CHECK_WITHIN):
                    checked = await self.check(await turn.asker(), form)
            except TimeoutError:
                checked = Checked(problems={"channel": SLOW})
            if checked.new is None or checked.problems:
                command = self.settings.execbot_command
                await turn.refuse(
                    {at: sentence.plain(command) for at, sentence in checked.problems.items()}
                )
                return
            await turn.ack()
            await turn.answer(await self.store(await turn.asker(), checked.new))

    def _register_buttons(self) -> None:
        """Add the buttons that open the form."""

        @self.slack.listeners.answering("digest.new", below=True)
        async def new(turn: Turn) -> None:
            """Its value is the id of a channel, or "home"."""
            await self.open_new(turn, "" if turn.value == "home" else turn.value)

        @self.slack.listeners.answering("digest.form", below=True)
        async def offered(turn: Turn) -> None:
            stored, _ = await turn.stored(StoredCommand)
            words, when = split_schedule(first_word(stored.meaning.words)[1])
            await self.open_new(turn, channel_of(turn.place), words, when)

        @self.slack.listeners.answering("digest.from_answer", below=True)
        async def from_answer(turn: Turn) -> None:
            stored, _ = await turn.stored(StoredAnswer)
            await self.open_new(turn, channel_of(turn.place), stored.meaning.words)

        @self.slack.listeners.answering("digest.edit", below=True)
        async def edit(turn: Turn) -> None:
            asker = await turn.asker()
            subscription = await self.scheduled.digests.find(asker, turn.value)
            try:
                await self.scheduled.digests.require(asker, subscription.words)
            except NotAllowed:  # the owner can no longer see the names in it
                raise
            except UserError:
                pass  # gone from Exec: the owner can choose something else
            form = with_schedule(
                FormValues(subscription.place, subscription.zone, changes=subscription.id),
                subscription.timing,
            )
            await self.open_form(turn, await self.with_words(asker, form, subscription.words))

    # Opening it

    async def offer_in_words(self, request: Request, rest: str) -> Draft:
        """Answer "post our numbers every Monday" with a button; its form has the time and the
        group, if there is just one."""
        words, when = split_schedule(rest)
        group = words if words.startswith("group:") and " group:" not in words else ""
        return await self.offer(request.asker, f"digest {group} {when}".strip(), group)

    async def offer(self, asker: Asker, command: str, words: str) -> Draft:
        """A button that opens the form for a command; `words` is its group or question. Raises
        NotAllowed if the asker can't have it posted."""
        await self.new_form(asker, "", words, "")
        (id_,) = await self.storage.buttons.add_commands(asker.team_id, asker.user_id, (command,))
        said = "A form asks for the group or question, the channel, and the time."
        return confirm(said, "Set up a digest", "digest.form", id_, style="primary")

    async def open_new(
        self, turn: Turn, channel_id: str, question: str = "", when: str = ""
    ) -> None:
        """Open a new form for the group or question and the schedule that were typed."""
        await self.open_form(
            turn, await self.new_form(await turn.asker(), channel_id, question, when)
        )

    async def new_form(self, asker: Asker, channel_id: str, question: str, when: str) -> FormValues:
        """A new form. Raises NotAllowed if the asker can't have the answer posted."""
        form = FormValues(channel_id, str(asker.zone))
        with suppress(UserError):  # if the schedule isn't understood, they choose one in the form
            form = with_schedule(form, read_schedule(when, now=self.clock(), zone=form.zone))
        if question:
            words = await self.scheduled.digests.read_wanted(asker, question, when)
            return await self.with_words(asker, form, words)
        if not (await self.people.coaching.visibility(asker)).covers_groups:
            raise NotAllowed(NOT_YOURS)
        groups = await self.choices(asker)
        group = groups[0].value if len(groups) == 1 else ""
        return replace(form, group=group, question=None if groups else "")

    async def with_words(self, asker: Asker, form: FormValues, words: str) -> FormValues:
        """The form with stored words: as a group to choose, or as a question in people's words."""
        is_digest = words.startswith(f"{DIGEST.name} ")
        if not (is_digest and await self.choices(asker)):
            return replace(
                form, question=await self.scheduled.stored_words.typed(asker.team_id, words)
            )
        with suppress(UserError):  # the group is gone
            (group,) = (
                await self.scheduled.stored_words.resolve(asker.team_id, words)
            ).resolved.groups
            form = replace(form, group=group)
        return form

    async def open_form(self, turn: Turn, form: FormValues) -> None:
        """Open a modal at once, because a trigger expires after three seconds, and show the form in
        it."""
        view_id = await turn.open_looking()
        private = await turn.keep(Digest(form.changes))
        await self.show(await turn.asker(), view_id, private, form)

    # Checking its fields

    async def check(self, asker: Asker, form: FormValues) -> Checked:
        """Check the fields in their order, up to the first problem, without asking Exec."""
        checked, block = Checked(), "zone"
        try:
            schedule = schedule_of(form, self.clock())
            checked.upcoming = tuple(
                occurrence.at for occurrence in upcoming(schedule, self.clock())
            )
            block = "group" if form.question is None else "question"
            words = await self.words_for(asker, form)
            await self.scheduled.digests.require(asker, words)
            new = new_subscription(asker.team_id, asker.user_id, words, form.channel_id, schedule)
            checked.new = replace(new, id=form.changes)
            block = "channel"
            if not form.channel_id:
                raise UserError(NO_CHANNEL)
            checked.readers = await self.scheduled.digests.readers(
                asker, form.channel_id, form.changes
            )
            await self.scheduled.digests.require_apart(checked.new)
        except BotError as error:
            checked.problems[block] = self.problem_with(asker, error)
        return checked

    async def show(self, asker: Asker, view_id: str, private: str, form: FormValues) -> None:
        """Check a form and show it above a preview, if it wasn't closed meanwhile; `private` is an
        opaque id."""
        checked, preview = await self.check(asker, form), None
        if checked.new is not None:
            try:
                preview = await self.scheduled.digests.preview(asker, checked.new)
            except BotError as error:
                checked.problems["preview"] = self.problem_with(asker, error)
        fields = draft(
            "digest_form",
            private=private,
            form=form,
            groups=await self.choices(asker) if form.question is None else (),
            rhythms=rhythms(form.rhythm),
            found=checked,
            now=self.clock(),
        )
        view = self.messages.modal(fields if preview is None else (fields, preview))
        with suppress(SlackError):
            await self.slack.web.update_view(view_id, view)

    def problem_with(self, asker: Asker, error: BotError) -> Sentence:
        """The sentence about an error in the form."""
        if not isinstance(error, UserError):
            log.warning("a form can't be checked: %s %s", type(error).__name__, error)
        return sentence_for(error, now=self.clock(), zone=asker.zone)

    async def store(self, asker: Asker, new: Subscription) -> Draft:
        """Store the digest of a checked form. Returns the message that confirms it."""
        if new.id:
            await self.scheduled.digests.find(asker, new.id)
            subscription = await self.scheduled.subscriptions.change(new)
        else:
            subscription = await self.scheduled.digests.add(asker, new)
        return await self.scheduled.digests.saved(asker, subscription, "Saved")

    async def words_for(self, asker: Asker, form: FormValues) -> str:
        """The question of the form in stored words. Raises UserError and ExecError."""
        if not (form.group or form.question):
            raise UserError(CHOOSE)
        return (
            await self.scheduled.stored_words.words_of(asker, form.question)
            if form.question
            else digest_words(form.group)
        )

    async def choices(self, asker: Asker) -> tuple[FormChoice, ...]:
        """The groups whose digest the asker can set up; none if they are too many for a menu."""
        seen = await self.people.coaching.visibility(asker)
        groups = [
            x for x in await self.people.directory.items(Kind.GROUP) if seen.covers_group(x.id)
        ]
        return (
            tuple(FormChoice(x.name, x.id) for x in groups) if len(groups) <= MOST_CHOICES else ()
        )


async def _is_in_form(body: dict[str, Any]) -> bool:
    return (body.get("view") or {}).get("callback_id") == FORM


def with_schedule(form: FormValues, schedule: Schedule) -> FormValues:
    """The form with a schedule."""
    clock = f"{schedule.clock.hour}:{schedule.clock.minute:02}"
    rhythm = written_schedule(schedule).replace(f" {clock}", "", 1)
    return replace(form, rhythm=rhythm, clock=f"{schedule.clock:%H:%M}", zone=schedule.zone)


def channel_of(place: Place) -> str:
    """The channel that a new form suggests; "" in a direct message."""
    return "" if place.is_direct else place.channel_id


def schedule_of(form: FormValues, now: datetime) -> Schedule:
    """The schedule that the fields make. Raises UserError."""
    named = zones_named(form.zone)
    if len(named) != 1:
        near = named or zones_near(form.zone)
        hint = f" Did you mean {' or '.join(near)}?" if near else " Write it like Europe/Berlin."
        raise UserError("I don't know the time zone *{zone}*." + hint, zone=form.zone)
    return read_schedule(f"{form.rhythm} {form.clock}", now=now, zone=named[0])


def rhythms(selected: str) -> list[FormChoice]:
    """The rhythms to choose from; an unusual selected one comes first. Values are canonical words
    of a schedule."""
    usual = [
        ("Every day", "daily"),
        ("Every weekday", "every weekday"),
        *((f"Every {name.title()}", f"every {name}") for name in WEEKDAY_NAMES),
        *((f"Every second {name.title()}", f"every 2 weeks {name}") for name in WEEKDAY_NAMES),
        *((f"Monthly on the {ordinal(day)}", f"monthly {ordinal(day)}") for day in DAYS),
        ("Monthly on the last day", "monthly 31st"),
    ]
    if all(selected != value for _, value in usual):
        usual.insert(0, (selected.capitalize(), selected))
    return [FormChoice(*choice) for choice in usual]


def form_of_view(view: Mapping[str, Any], changes: str) -> FormValues:
    """The values of a form that was changed or sent."""
    values = values_of(view)
    return FormValues(
        channel_id=str(values.get("channel") or ""),
        zone=str(values.get("zone") or ""),
        group=str(values.get("group") or ""),
        question=str(values["question"] or "") if "question" in values else None,
        rhythm=str(values.get("rhythm") or ""),
        clock=str(values.get("clock") or ""),
        changes=changes,
    )


def digest_forms(app: App) -> DigestForms:
    """The forms of digests."""
    return DigestForms(
        app.clock, app.messages, app.people, app.scheduled, app.settings, app.slack, app.storage
    )
