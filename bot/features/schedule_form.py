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
from bot.handlers import TOO_OLD, Turn, chose, handler, numbered
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
from bot.scheduled import is_digest
from bot.storage.buttons import Digest
from bot.stored_words import digest_words, resolve, typed, words_of
from bot.subscriptions import Subscription, new_subscription

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger(__name__)

FORM = "digest.form"
CHECK_WITHIN = 2.0  # seconds: Slack waits for three
MOST_CHOICES = 100  # Slack's limit for one menu
DAYS = range(1, 29)  # every month has these
CHOOSE = "Choose the group this digest reports on."
NO_CHANNEL = Sentence("Choose a channel.")
SLOW = Sentence("Slack is slow to answer right now. Press Save again in a moment.")
_ANY_FIELD = re.compile("")


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a menu."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Fields:
    """The values in the form.

    `group` is an id or a typed name. `question` replaces it, and is None for a group's digest.
    `rhythm` is a schedule in canonical words without time and zone ("every monday"), `clock` is
    "HH:MM", and `zone` is as typed. `changes` is the id of the digest to change, "" for a new one.
    """

    group: str
    channel_id: str
    zone: str
    rhythm: str = "every monday"
    clock: str = "09:00"
    question: str | None = None
    changes: str = ""


@dataclass(slots=True)
class Findings:
    """The result of checking the fields.

    `new` is what would be stored, None if the fields are incomplete. `channel` is "" until it is
    looked up, and `audience` is None if its members are unknown. `problems` are sentences by block.
    `preview` is what would be posted.
    """

    groups: tuple[Choice, ...] = ()
    new: Subscription | None = None
    upcoming: tuple[datetime, ...] = ()
    channel: str = ""
    audience: Audience | None = None
    problems: dict[str, Sentence] = field(default_factory=dict)
    preview: Drawable | None = None


def register(app: App) -> None:
    """Add the listeners."""
    app.commands.actions["post"] = partial(offer_in_words, app)
    _register_buttons(app)

    @app.bolt.action(_ANY_FIELD, [_is_in_form])
    @handler(app, is_asked=False)
    async def follow(ack: Any, body: Any, turn: Turn) -> None:
        await ack()
        view = body["view"]
        if (stored := await turn.form(view, Digest)) is not None:
            asker, fields = await turn.asker(), fields_of_view(view, stored.meaning.id)
            found = await check(app, asker, fields)
            await show_findings(app, asker, view["id"], stored.id, fields, found)

    @app.bolt.view(FORM)
    @handler(app, below=True)
    async def save(ack: Any, view: Any, turn: Turn) -> None:
        if (stored := await turn.form(view, Digest)) is None:
            await ack(response_action="errors", errors={"channel": TOO_OLD})
            return
        fields = fields_of_view(view, stored.meaning.id)
        found = await check_sent(app, turn, fields)
        if found.new is None or found.problems:
            command = app.settings.execbot_command
            errors = {block: each.plain(command) for block, each in found.problems.items()}
            await ack(response_action="errors", errors=errors)
            return
        await ack()
        await turn.answer(await store(app, await turn.asker(), found.new))


def _register_buttons(app: App) -> None:
    """Add the buttons that open the form."""

    @app.bolt.action("digest.new")
    @handler(app, below=True)
    async def new(ack: Any, turn: Turn) -> None:
        await ack()
        await open_form(
            app, turn, await new_fields(app, await turn.asker(), channel_of(turn.place))
        )

    @app.bolt.action("digest.here")
    @handler(app, below=True)
    async def here(ack: Any, turn: Turn) -> None:
        await ack()
        await open_form(app, turn, await new_fields(app, await turn.asker(), turn.value))

    @app.bolt.action("digest.form")
    @handler(app, below=True)
    async def offered(ack: Any, turn: Turn) -> None:
        await ack()
        command, _ = await turn.command()
        words, when = split_schedule(first_word(command)[1])
        asker, channel_id = await turn.asker(), channel_of(turn.place)
        await open_form(app, turn, await new_fields(app, asker, channel_id, words, when))

    @app.bolt.action("sessions.more", [chose("digest.from_answer")])
    @handler(app, below=True)
    async def from_answer(ack: Any, turn: Turn) -> None:
        await ack()
        stored, _ = await turn.own_answer()
        asker = await turn.asker()
        await require_groups(app, asker)
        words = await words_of(app, asker, stored.meaning.words)
        fields = Fields("", channel_of(turn.place), str(asker.zone))
        await open_form(app, turn, await with_question(app, asker, words, fields))

    @app.bolt.action("digest.edit")
    @app.bolt.action(numbered("digest.more"), [chose("digest.edit")])
    @handler(app, below=True)
    async def edit(ack: Any, turn: Turn) -> None:
        await ack()
        asker = await turn.asker()
        one = await digests.find(app, asker, turn.value)
        try:
            await digests.require(app, asker, one.words)
        except NotAllowed:  # the owner can no longer see the names in it
            raise
        except UserError:
            pass  # gone from Exec: the owner can choose something else
        fields = Fields("", one.place, one.zone, changes=one.id)
        await open_form(
            app, turn, await with_question(app, asker, one.words, with_schedule(fields, one.timing))
        )


async def _is_in_form(body: dict[str, Any]) -> bool:
    return (body.get("view") or {}).get("callback_id") == FORM


# Opening it


async def open_or_offer(app: App, request: Request, words: str) -> Draft | None:
    """Open the form for the words after `digest`. A message can't open a form, so its answer is a
    button that does."""
    turn, asker = request.turn, request.asker
    if turn is None or not request.is_command:
        return await offer(app, asker, f"digest {words}".strip(), words)
    await open_form(app, turn, await new_fields(app, asker, channel_of(turn.place), words))
    return None


async def offer_in_words(app: App, request: Request, rest: str) -> Draft:
    """Answer "post our numbers every Monday" with a button; its form has the time and the group, if
    there is just one."""
    words, when = split_schedule(rest)
    group = words if words.startswith("group:") and " group:" not in words else ""
    return await offer(app, request.asker, f"digest {group} {when}".strip(), group)


async def offer(app: App, asker: Asker, command: str, words: str) -> Draft:
    """A button that opens the form for a command; `words` is its group or question. Raises
    NotAllowed if the asker can't have it posted."""
    if words:
        await digests.read_wanted(app, asker, words)
    else:
        await require_groups(app, asker)
    (id_,) = await app.buttons.add_commands(asker.team_id, asker.user_id, (command,))
    return draft("digest_offer", id=id_)


async def require_groups(app: App, asker: Asker) -> None:
    """Raises NotAllowed for people who coach no group."""
    if not (await app.coaching.visibility(asker)).covers_groups:
        raise NotAllowed(digests.NOT_YOURS)


async def new_fields(
    app: App, asker: Asker, channel_id: str, words: str = "", when: str = ""
) -> Fields:
    """The fields of a new form, from the group or question and the schedule that were typed. Raises
    NotAllowed if the asker can't have it posted."""
    fields = Fields("", channel_id, str(asker.zone))
    with suppress(UserError):  # if the schedule isn't understood, they choose one in the form
        fields = with_schedule(
            fields, read_schedule(when, now=app.clock(), zone=fields.zone).schedule
        )
    if words:
        wanted = await digests.read_wanted(app, asker, words)
        return await with_question(app, asker, wanted.words, fields)
    await require_groups(app, asker)
    groups = await choices(app, asker)
    return replace(fields, group=groups[0].value) if len(groups) == 1 else fields


async def with_question(app: App, asker: Asker, words: str, fields: Fields) -> Fields:
    """The fields with stored words filled in: as a group, or as a question in people's words."""
    if not is_digest(words):
        return replace(fields, question=await typed(app, asker.team_id, words))
    with suppress(UserError):  # the group is gone
        (group,) = (await resolve(app, asker.team_id, words)).resolved.groups
        return replace(fields, group=group)
    return fields


async def open_form(app: App, turn: Turn, fields: Fields) -> None:
    """Open the form, then show readers and preview in it: a trigger expires after three seconds."""
    asker, private = await turn.asker(), await turn.keep(Digest(fields.changes))
    found = await check(app, asker, fields)
    view_id = await turn.open_modal(draft_form(private, fields, found, app.clock()))
    await show_findings(app, asker, view_id, private, fields, found)


def channel_of(place: Place) -> str:
    """The channel that a new form suggests; "" in a direct message."""
    return "" if place.is_direct else place.channel_id


# Checking its fields


async def check(app: App, asker: Asker, fields: Fields) -> Findings:
    """Check the fields against our database, without asking Slack or Exec."""
    found, schedule, words = Findings(), None, ""
    if fields.question is None:
        found.groups = await choices(app, asker)
    with _noting(app, asker, found, "zone"):
        schedule = schedule_of(fields, app.clock())
        found.upcoming = tuple(each.at for each in upcoming(schedule, app.clock()))
    with _noting(app, asker, found, _question_block(fields)):
        words = await words_for(app, asker, fields)
        await digests.require(app, asker, words)
    if schedule and words and _question_block(fields) not in found.problems:
        place = fields.channel_id
        found.new = new_subscription(asker.team_id, asker.user_id, words, place, schedule)
        found.new = replace(found.new, id=fields.changes)
    return found


async def show_findings(
    app: App, asker: Asker, view_id: str, private: str, fields: Fields, found: Findings
) -> None:
    """Show the readers and the preview in an open form, if it wasn't closed meanwhile."""
    await find_readers(app, asker, fields, found)
    if found.new is not None:
        with _noting(app, asker, found, _question_block(fields)):
            found.preview = await digests.preview(app, asker, found.new)
    form = draft_form(private, fields, found, app.clock())
    with suppress(SlackError):
        await app.web.update_view(view_id, app.messages.modal(form))


async def find_readers(app: App, asker: Asker, fields: Fields, found: Findings) -> None:
    """Look up the members of the chosen channel, if there is one."""
    if fields.channel_id:
        found.channel = "the channel"
        with _noting(app, asker, found, "channel"):
            channel = await digests.readers(app, asker, fields.channel_id, changes=fields.changes)
            found.channel, found.audience = channel.name, channel.audience
            digests.refuse_outsiders(channel)


async def check_sent(app: App, turn: Turn, fields: Fields) -> Findings:
    """Check a sent form within the three seconds that Slack waits."""
    try:
        async with asyncio.timeout(CHECK_WITHIN):
            asker = await turn.asker()
            found = await check(app, asker, fields)
            await find_readers(app, asker, fields, found)
    except TimeoutError:
        return Findings(problems={"channel": SLOW})
    if not fields.channel_id:
        found.problems["channel"] = NO_CHANNEL
    return found


async def store(app: App, asker: Asker, new: Subscription) -> Draft:
    """Store the digest of a checked form. Returns the message that confirms it."""
    if not new.id:
        return await digests.saved(app, asker, await digests.add(app, asker, new), "saved")
    old = await digests.find(app, asker, new.id)
    plan = {name: getattr(new, name) for name in ("words", "place", "schedule", "zone")}
    changed = replace(old, **plan)
    if changed == old and not old.is_paused:
        return await digests.saved(app, asker, old, "nothing")
    one = digests.require_existing(await app.subscriptions.change(changed))
    return await digests.saved(app, asker, one, "resumed" if old.is_paused else "changed")


@contextmanager
def _noting(app: App, asker: Asker, found: Findings, block: str) -> Iterator[None]:
    """Note an error as the problem of this block."""
    try:
        yield
    except BotError as error:
        if not isinstance(error, UserError):
            log.warning("a form can't be checked: %s %s", type(error).__name__, error)
        sentence = sentence_for(error, now=app.clock(), zone=asker.zone)
        found.problems.setdefault(block, sentence)


def _question_block(fields: Fields) -> str:
    """The block that holds the group or the question."""
    return "group" if fields.question is None else "question"


async def words_for(app: App, asker: Asker, fields: Fields) -> str:
    """The question of the form in stored words. Raises UserError and ExecError."""
    if fields.question is not None:
        return await words_of(app, asker, fields.question)
    if not fields.group:
        raise UserError(CHOOSE)
    return digest_words((await digests.find_group(app, asker, fields.group)).id)


async def choices(app: App, asker: Asker) -> tuple[Choice, ...]:
    """The groups whose digest the asker can set up."""
    seen = await app.coaching.visibility(asker)
    groups = await app.directory.items(Kind.GROUP)
    return tuple(Choice(each.name, each.id) for each in groups if seen.covers_group(each.id))


# Drawing and reading it


def draft_form(private: str, fields: Fields, found: Findings, now: datetime) -> View:
    """The form above its preview; `private` is an opaque id."""
    form = draft(
        "digest_form",
        private=private,
        fields=fields,
        groups=_menu(found.groups, fields.group),
        rhythms=_rhythms(fields.rhythm),
        channel=found.channel,
        audience=found.audience,
        upcoming=found.upcoming,
        problem=next(iter(found.problems.values()), None),
        now=now,
        is_new=not fields.changes,
    )
    return form if found.preview is None else (form, found.preview)


def _menu(groups: tuple[Choice, ...], selected: str) -> tuple[Choice, ...]:
    """The groups, if they fit into a menu that has the selected one; otherwise none, and the form
    has a text field."""
    is_among = not selected or any(each.value == selected for each in groups)
    return groups if is_among and len(groups) <= MOST_CHOICES else ()


def _rhythms(selected: str) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """The rhythms to choose from, by heading; an unusual selected one comes first. Values are
    canonical words of a schedule."""
    names = [(name.title(), name) for name in WEEKDAY_NAMES]
    month = [Choice(f"Monthly on the {ordinal(day)}", f"monthly {ordinal(day)}") for day in DAYS]
    usual = (
        ("Daily", (Choice("Every day", "daily"), Choice("Every weekday", "every weekday"))),
        ("Weekly", tuple(Choice(f"Every {name}", f"every {word}") for name, word in names)),
        (
            "Every second week",
            tuple(Choice(f"Every second {name}", f"every 2 weeks {word}") for name, word in names),
        ),
        ("Monthly", (*month, Choice("Monthly on the last day", "monthly 31st"))),
    )
    if not selected or any(selected == each.value for _, some in usual for each in some):
        return usual
    return (("Current", (Choice(selected.capitalize(), selected),)), *usual)


def fields_of_view(view: Mapping[str, Any], changes: str) -> Fields:
    """The values of a form that was changed or sent."""
    values = values_of(view)
    return Fields(
        group=str(values.get("group") or ""),
        channel_id=str(values.get("channel") or ""),
        zone=str(values.get("zone") or ""),
        rhythm=str(values.get("rhythm") or ""),
        clock=str(values.get("clock") or ""),
        question=str(values["question"] or "") if "question" in values else None,
        changes=changes,
    )


def with_schedule(fields: Fields, schedule: Schedule) -> Fields:
    """The fields with this schedule."""
    clock = f"{schedule.clock.hour}:{schedule.clock.minute:02}"
    rhythm = written_schedule(schedule, zone=False).replace(f" {clock}", "", 1)
    return replace(fields, rhythm=rhythm, clock=f"{schedule.clock:%H:%M}", zone=schedule.zone)


def schedule_of(fields: Fields, now: datetime) -> Schedule:
    """The schedule that the fields make. Raises UserError."""
    named = zones_named(fields.zone)
    if len(named) != 1:
        near = named or zones_near(fields.zone)
        hint = f" Did you mean {' or '.join(near)}?" if near else " Write it like Europe/Berlin."
        raise UserError("I don't know the time zone *{zone}*." + hint, zone=fields.zone)
    return read_schedule(f"{fields.rhythm} {fields.clock}", now=now, zone=named[0]).schedule
