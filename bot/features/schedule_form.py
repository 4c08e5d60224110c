"""The form of a digest: opened, updated while somebody fills it in, and saved."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from bot import digests
from bot.access import Asker
from bot.answer import Request
from bot.errors import BotError, NotAllowed, Sentence, SlackError, UserError
from bot.forms import values_of
from bot.handlers import TOO_OLD, Turn, answering, confirm, handler
from bot.language.days import WEEKDAY_NAMES, ordinal
from bot.language.query import Kind
from bot.language.schedule import Schedule, upcoming
from bot.language.schedule_words import read_schedule, split_schedule, written_schedule
from bot.language.text import first_word
from bot.language.zones import zones_named, zones_near
from bot.messages.render import Draft, Drawable, View, draft
from bot.people.audience import Audience
from bot.place import Place
from bot.problems import sentence_for
from bot.reports.digest import REPORT as DIGEST
from bot.reports.team import REPORT as TEAM
from bot.scheduled import is_digest
from bot.storage.buttons import Digest, StoredAnswer, StoredCommand
from bot.stored_words import digest_words, resolve, typed, words_of
from bot.subscriptions import Subscription, new_subscription

if TYPE_CHECKING:
    from bot.app import App

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
class Choice:
    """An entry of a menu."""

    label: str
    value: str


@dataclass(slots=True)
class Form:
    """The form: the values of its fields, and what a check of them found.

    `group` is the id of the group to choose, unless a `question` in words replaces it. `rhythm` is
    a schedule in canonical words without time and zone ("every monday"), `clock` is "HH:MM", and
    `zone` is as typed. `changes` is the id of the digest to change, "" for a new one.

    Found: the `groups` to choose from, the digest to store (`new`, None if the fields are
    incomplete), its next times, the `readers` of the channel, a `preview`, and a sentence about
    each block with a problem.
    """

    channel_id: str
    zone: str
    group: str = ""
    question: str | None = None
    rhythm: str = "every monday"
    clock: str = "09:00"
    changes: str = ""
    groups: tuple[Choice, ...] = ()
    new: Subscription | None = None
    upcoming: tuple[datetime, ...] = ()
    readers: Audience | None = None
    preview: Drawable | None = None
    problems: dict[str, Sentence] = field(default_factory=dict)

    @property
    def question_block(self) -> str:
        """The block that holds the group or the question."""
        return "group" if self.question is None else "question"


def register(app: App) -> None:
    """Add the listeners."""
    app.commands.actions["post"] = partial(offer_in_words, app)
    _register_buttons(app)

    @app.bolt.action(_ANY_FIELD, [_is_in_form])
    @handler(app, is_asked=False)
    async def follow(turn: Turn) -> None:
        await turn.ack()
        if (stored := await turn.form(Digest)) is not None:
            form = form_of_view(turn.view, stored.meaning.id)
            await show(app, await turn.asker(), turn.view["id"], stored.id, form)

    @app.bolt.view(FORM)
    @handler(app, below=True)
    async def save(turn: Turn) -> None:
        if (stored := await turn.form(Digest)) is None:
            await turn.refuse({"channel": TOO_OLD})
            return
        form = form_of_view(turn.view, stored.meaning.id)
        try:
            async with asyncio.timeout(CHECK_WITHIN):
                await check(app, await turn.asker(), form)
        except TimeoutError:
            form.problems = {"channel": SLOW}
        if form.new is None or form.problems:
            command = app.settings.execbot_command
            await turn.refuse({at: each.plain(command) for at, each in form.problems.items()})
            return
        await turn.ack()
        await turn.answer(await store(app, await turn.asker(), form.new))


def _register_buttons(app: App) -> None:
    """Add the buttons that open the form."""

    @answering(app, "digest.new", below=True)
    async def new(turn: Turn) -> None:
        """Its value is the id of a channel, or "home"."""
        channel_id = "" if turn.value == "home" else turn.value
        await open_form(app, turn, await new_form(app, await turn.asker(), channel_id))

    @answering(app, "digest.form", below=True)
    async def offered(turn: Turn) -> None:
        stored, _ = await turn.stored(StoredCommand)
        words, when = split_schedule(first_word(stored.meaning.words)[1])
        channel_id = channel_of(turn.place)
        form = await new_form(app, await turn.asker(), channel_id, words, when)
        await open_form(app, turn, form)

    @answering(app, "digest.from_answer", below=True)
    async def from_answer(turn: Turn) -> None:
        stored, _ = await turn.stored(StoredAnswer)
        asker = await turn.asker()
        form = await new_form(app, asker, channel_of(turn.place))
        words = await words_of(app, asker, stored.meaning.words)
        await set_question(app, asker, form, words)
        await open_form(app, turn, form)

    @answering(app, "digest.edit", below=True)
    async def edit(turn: Turn) -> None:
        asker = await turn.asker()
        one = await digests.find(app, asker, turn.value)
        try:
            await digests.require(app, asker, one.words)
        except NotAllowed:  # the owner can no longer see the names in it
            raise
        except UserError:
            pass  # gone from Exec: the owner can choose something else
        form = Form(one.place, one.zone, changes=one.id)
        set_schedule(form, one.timing)
        await set_question(app, asker, form, one.words)
        await open_form(app, turn, form)


async def _is_in_form(body: dict[str, Any]) -> bool:
    return (body.get("view") or {}).get("callback_id") == FORM


# Opening it


async def offer_in_words(app: App, request: Request, rest: str) -> Draft:
    """Answer "post our numbers every Monday" with a button; its form has the time and the group, if
    there is just one."""
    words, when = split_schedule(rest)
    group = words if words.startswith("group:") and " group:" not in words else ""
    return await offer(app, request.asker, f"digest {group} {when}".strip(), group)


async def offer(app: App, asker: Asker, command: str, words: str) -> Draft:
    """A button that opens the form for a command; `words` is its group or question. Raises
    NotAllowed if the asker can't have it posted."""
    await new_form(app, asker, "", words)
    (id_,) = await app.buttons.add_commands(asker.team_id, asker.user_id, (command,))
    said = "A form asks for the group or question, the channel, and the time."
    return confirm(said, "Set up a digest", "digest.form", id_, style="primary")


async def new_form(
    app: App, asker: Asker, channel_id: str, words: str = "", when: str = ""
) -> Form:
    """A new form, from the group or question and the schedule that were typed. Raises NotAllowed if
    the asker can't have it posted."""
    form = Form(channel_id, str(asker.zone))
    with suppress(UserError):  # if the schedule isn't understood, they choose one in the form
        set_schedule(form, read_schedule(when, now=app.clock(), zone=form.zone).schedule)
    if words:
        await set_question(app, asker, form, await digests.read_wanted(app, asker, words))
        return form
    if not (await app.coaching.visibility(asker)).covers_groups:
        raise NotAllowed(digests.NOT_YOURS)
    groups = await choices(app, asker)
    form.group = groups[0].value if len(groups) == 1 else ""
    form.question = None if groups else ""
    return form


async def set_question(app: App, asker: Asker, form: Form, words: str) -> None:
    """Fill in stored words: as a group to choose, or as a question in people's words."""
    if not is_digest(words):
        form.question = await typed(app, asker.team_id, words)
    elif await choices(app, asker):
        with suppress(UserError):  # the group is gone
            (form.group,) = (await resolve(app, asker.team_id, words)).resolved.groups
    else:
        form.question = await typed(app, asker.team_id, words.replace(DIGEST.name, TEAM.name, 1))


def set_schedule(form: Form, schedule: Schedule) -> None:
    """Fill in a schedule."""
    clock = f"{schedule.clock.hour}:{schedule.clock.minute:02}"
    form.rhythm = written_schedule(schedule, zone=False).replace(f" {clock}", "", 1)
    form.clock, form.zone = f"{schedule.clock:%H:%M}", schedule.zone


async def open_form(app: App, turn: Turn, form: Form) -> None:
    """Open a modal at once, because a trigger expires after three seconds, and show the form in
    it."""
    view_id = await turn.open_looking()
    private = await turn.keep(Digest(form.changes))
    await show(app, await turn.asker(), view_id, private, form)


def channel_of(place: Place) -> str:
    """The channel that a new form suggests; "" in a direct message."""
    return "" if place.is_direct else place.channel_id


# Checking its fields


async def check(app: App, asker: Asker, form: Form) -> None:
    """Note what is found and what is wrong, without asking Exec."""
    schedule, words = None, ""
    if form.question is None:
        form.groups = await choices(app, asker)
    with _noting(app, asker, form, "zone"):
        schedule = schedule_of(form, app.clock())
        form.upcoming = tuple(each.at for each in upcoming(schedule, app.clock()))
    with _noting(app, asker, form, form.question_block):
        stored = await words_for(app, asker, form)
        await digests.require(app, asker, stored)
        words = stored
    with _noting(app, asker, form, "channel"):
        if not form.channel_id:
            raise UserError(NO_CHANNEL)
        form.readers = await digests.readers(app, asker, form.channel_id, form.changes)
    if schedule and words:
        new = new_subscription(asker.team_id, asker.user_id, words, form.channel_id, schedule)
        form.new = replace(new, id=form.changes)


async def show(app: App, asker: Asker, view_id: str, private: str, form: Form) -> None:
    """Check a form and show it with a preview, if it wasn't closed meanwhile."""
    await check(app, asker, form)
    if form.new is not None:
        with _noting(app, asker, form, form.question_block):
            form.preview = await digests.preview(app, asker, form.new)
    with suppress(SlackError):
        view = app.messages.modal(draft_form(private, form, app.clock()))
        await app.web.update_view(view_id, view)


async def store(app: App, asker: Asker, new: Subscription) -> Draft:
    """Store the digest of a checked form. Returns the message that confirms it."""
    if new.id:
        await digests.find(app, asker, new.id)
        one = await app.subscriptions.change(new)
    else:
        one = await digests.add(app, asker, new)
    return await digests.saved(app, asker, one, "Saved")


@contextmanager
def _noting(app: App, asker: Asker, form: Form, block: str) -> Iterator[None]:
    """Note an error as the problem of this block."""
    try:
        yield
    except BotError as error:
        if not isinstance(error, UserError):
            log.warning("a form can't be checked: %s %s", type(error).__name__, error)
        sentence = sentence_for(error, now=app.clock(), zone=asker.zone)
        form.problems.setdefault(block, sentence)


async def words_for(app: App, asker: Asker, form: Form) -> str:
    """The question of the form in stored words. Raises UserError and ExecError."""
    if not (form.group or form.question):
        raise UserError(CHOOSE)
    return await words_of(app, asker, form.question) if form.question else digest_words(form.group)


def schedule_of(form: Form, now: datetime) -> Schedule:
    """The schedule that the fields make. Raises UserError."""
    named = zones_named(form.zone)
    if len(named) != 1:
        near = named or zones_near(form.zone)
        hint = f" Did you mean {' or '.join(near)}?" if near else " Write it like Europe/Berlin."
        raise UserError("I don't know the time zone *{zone}*." + hint, zone=form.zone)
    return read_schedule(f"{form.rhythm} {form.clock}", now=now, zone=named[0]).schedule


async def choices(app: App, asker: Asker) -> tuple[Choice, ...]:
    """The groups whose digest the asker can set up; none if they are too many for a menu."""
    seen = await app.coaching.visibility(asker)
    groups = [x for x in await app.directory.items(Kind.GROUP) if seen.covers_group(x.id)]
    return tuple(Choice(x.name, x.id) for x in groups) if len(groups) <= MOST_CHOICES else ()


# Drawing and reading it


def draft_form(private: str, form: Form, now: datetime) -> View:
    """The form above its preview; `private` is an opaque id."""
    view = draft(
        "digest_form",
        private=private,
        form=form,
        rhythms=_rhythms(form.rhythm),
        problem=next((form.problems[key] for key in form.problems if key != "channel"), None),
        now=now,
    )
    return view if form.preview is None else (view, form.preview)


def _rhythms(selected: str) -> list[Choice]:
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
    return [Choice(*each) for each in usual]


def form_of_view(view: Mapping[str, Any], changes: str) -> Form:
    """The values of a form that was changed or sent."""
    values = values_of(view)
    return Form(
        channel_id=str(values.get("channel") or ""),
        zone=str(values.get("zone") or ""),
        group=str(values.get("group") or ""),
        question=str(values["question"] or "") if "question" in values else None,
        rhythm=str(values.get("rhythm") or ""),
        clock=str(values.get("clock") or ""),
        changes=changes,
    )
