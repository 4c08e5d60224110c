"""The form of a digest: opened, kept up to date while somebody fills it in, and saved."""

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
MOST_CHOICES = 100  # in one menu
DAYS = range(1, 29)  # every month has these
CHOOSE = "Choose the group that the digest is about."
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

    `group` is an id, or a name as typed; `question` takes its place, and is None for a group's
    digest. `rhythm` is a schedule in canonical words without time and zone ("every monday"),
    `clock` is "HH:MM", `zone` is as typed. `changes` is the digest that the form changes, "" for a
    new one.
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
    """What follows from the fields.

    `new` is what would be stored, None if the fields make nothing. `channel` is "" until somebody
    looked who is in it, and `audience` is None if that isn't known. `problems` are sentences by
    block. `preview` is what would be posted.
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
            await complete(app, asker, view["id"], stored.id, fields, found)

    @app.bolt.view(FORM)
    @handler(app, beneath=True)
    async def save(ack: Any, view: Any, turn: Turn) -> None:
        if (stored := await turn.form(view, Digest)) is None:
            await ack(response_action="errors", errors={"channel": TOO_OLD})
            return
        fields = fields_of_view(view, stored.meaning.id)
        found = await check_sent(app, turn, fields)
        if found.new is None or found.problems:
            errors = {block: app.messages.plain(each) for block, each in found.problems.items()}
            await ack(response_action="errors", errors=errors)
            return
        await ack()
        await turn.answer(await keep(app, await turn.asker(), found.new))


def _register_buttons(app: App) -> None:
    """Add the buttons that open the form."""

    @app.bolt.action("digest.new")
    @handler(app, opens_form=True)
    async def new(ack: Any, turn: Turn) -> None:
        await ack()
        await open_form(app, turn, await start(app, await turn.asker(), channel_of(turn.place)))

    @app.bolt.action("digest.here")
    @handler(app, opens_form=True)
    async def here(ack: Any, turn: Turn) -> None:
        await ack()
        await open_form(app, turn, await start(app, await turn.asker(), turn.value))

    @app.bolt.action("digest.form")
    @handler(app, opens_form=True)
    async def offered(ack: Any, turn: Turn) -> None:
        await ack()
        words, _ = await turn.command()
        said, when = split_schedule(first_word(words)[1])
        asker, channel_id = await turn.asker(), channel_of(turn.place)
        await open_form(app, turn, await start(app, asker, channel_id, said, when))

    @app.bolt.action("sessions.more", [chose("digest.from_answer")])
    @handler(app, opens_form=True)
    async def from_answer(ack: Any, turn: Turn) -> None:
        await ack()
        await turn.answered()
        asker = await turn.asker()
        await require_groups(app, asker)
        words = await words_of(app, asker, turn.again or "")
        fields = Fields("", channel_of(turn.place), str(asker.zone))
        await open_form(app, turn, await about(app, asker, words, fields))

    @app.bolt.action("digest.edit")
    @app.bolt.action(numbered("digest.more"), [chose("digest.edit")])
    @handler(app, opens_form=True)
    async def edit(ack: Any, turn: Turn) -> None:
        await ack()
        asker = await turn.asker()
        one = await digests.find(app, asker, turn.value)
        try:
            await digests.require(app, asker, one.words)
        except NotAllowed:  # its owner may not be shown the names in it anymore
            raise
        except UserError:
            pass  # gone from Exec: they ask about something else
        fields = Fields("", one.place, one.zone, changes=one.id)
        await open_form(app, turn, await about(app, asker, one.words, timed(fields, one.timing)))


async def _is_in_form(body: dict[str, Any]) -> bool:
    return (body.get("view") or {}).get("callback_id") == FORM


# Opening it


async def open_or_offer(app: App, request: Request, said: str) -> Draft | None:
    """Open the form for what somebody typed after `digest`. A message can't open a form, so there
    the answer is a button that does."""
    turn, asker = request.turn, request.asker
    if turn is None or not request.is_command:
        return await offer(app, asker, f"digest {said}".strip(), said)
    await open_form(app, turn, await start(app, asker, channel_of(turn.place), said))
    return None


async def offer_in_words(app: App, request: Request, rest: str) -> Draft:
    """The button for somebody who asks in other words; of `rest`, the time and a group that is
    alone are filled in."""
    what, when = split_schedule(rest)
    said = what if what.startswith("group:") and " group:" not in what else ""
    return await offer(app, request.asker, f"digest {said} {when}".strip(), said)


async def offer(app: App, asker: Asker, words: str, said: str) -> Draft:
    """A button that opens the form for this command. Raises NotAllowed if it isn't theirs."""
    if said:
        await digests.read_wanted(app, asker, said)
    else:
        await require_groups(app, asker)
    (id_,) = await app.buttons.add_commands(asker.team_id, asker.user_id, (words,))
    return draft("digest_offer", id=id_)


async def require_groups(app: App, asker: Asker) -> None:
    """Raises NotAllowed for people who coach no group."""
    if not (await app.coaching.visibility(asker)).covers_groups:
        raise NotAllowed(digests.NOT_YOURS)


async def start(app: App, asker: Asker, channel_id: str, said: str = "", when: str = "") -> Fields:
    """The fields of a new form: what somebody typed after `digest`, and when it should come.
    Raises NotAllowed if it isn't theirs."""
    fields = Fields("", channel_id, str(asker.zone))
    with suppress(UserError):  # they choose a time in the form if theirs isn't understood
        fields = timed(fields, read_schedule(when, now=app.clock(), zone=fields.zone).schedule)
    if said:
        return await about(app, asker, (await digests.read_wanted(app, asker, said)).words, fields)
    await require_groups(app, asker)
    groups = await choices(app, asker)
    return replace(fields, group=groups[0].value) if len(groups) == 1 else fields


async def about(app: App, asker: Asker, words: str, fields: Fields) -> Fields:
    """The fields with what is asked: a group, or a question as people type it."""
    if not is_digest(words):
        return replace(fields, question=await typed(app, asker.team_id, words))
    with suppress(UserError):  # the group is gone
        (group,) = (await resolve(app, asker.team_id, words)).resolved.groups
        return replace(fields, group=group)
    return fields


async def open_form(app: App, turn: Turn, fields: Fields) -> None:
    """Open the form. Readers and the preview appear once it is open, since a trigger is good for
    three seconds."""
    asker, private = await turn.asker(), await turn.keep(Digest(fields.changes))
    found = await check(app, asker, fields)
    view_id = await turn.open_modal(draft_form(private, fields, found, app.clock()))
    await complete(app, asker, view_id, private, fields, found)


def channel_of(place: Place) -> str:
    """The channel that a form begins with; "" in a direct message."""
    return "" if place.is_direct else place.channel_id


# What follows from its fields


async def check(app: App, asker: Asker, fields: Fields) -> Findings:
    """What our database says about the fields."""
    found, schedule, words = Findings(), None, ""
    if fields.question is None:
        found.groups = await choices(app, asker)
    with _noting(app, asker, found, "zone"):
        schedule = schedule_of(fields, app.clock())
        found.upcoming = tuple(each.at for each in upcoming(schedule, app.clock()))
    with _noting(app, asker, found, _asking(fields)):
        words = await words_for(app, asker, fields)
        await digests.require(app, asker, words)
    if schedule and words and _asking(fields) not in found.problems:
        place = fields.channel_id
        found.new = new_subscription(asker.team_id, asker.user_id, words, place, schedule)
        found.new = replace(found.new, id=fields.changes)
    return found


async def complete(
    app: App, asker: Asker, view_id: str, private: str, fields: Fields, found: Findings
) -> None:
    """Show in an open form who reads the channel and what would be posted. Nothing happens if the
    form was closed meanwhile."""
    await look(app, asker, fields, found)
    if found.new is not None:
        with _noting(app, asker, found, _asking(fields)):
            found.preview = await digests.drawn(app, asker, found.new)
    form = draft_form(private, fields, found, app.clock())
    with suppress(SlackError):
        await app.web.update_view(view_id, app.messages.modal(form))


async def look(app: App, asker: Asker, fields: Fields, found: Findings) -> None:
    """Find out who is in the chosen channel, if one is."""
    if fields.channel_id:
        found.channel = "the channel"
        with _noting(app, asker, found, "channel"):
            there = await digests.readers(app, asker, fields.channel_id, changes=fields.changes)
            found.channel, found.audience = there.channel, there.audience
            digests.refuse_outsiders(there)


async def check_sent(app: App, turn: Turn, fields: Fields) -> Findings:
    """What is wrong with a sent form, within the three seconds that Slack waits."""
    try:
        async with asyncio.timeout(CHECK_WITHIN):
            asker = await turn.asker()
            found = await check(app, asker, fields)
            await look(app, asker, fields, found)
    except TimeoutError:
        return Findings(problems={"channel": SLOW})
    if not fields.channel_id:
        found.problems["channel"] = NO_CHANNEL
    return found


async def keep(app: App, asker: Asker, new: Subscription) -> Draft:
    """Save a checked form; the message about its digest."""
    if not new.id:
        return await digests.saved(app, asker, await digests.add(app, asker, new), "saved")
    old = await digests.find(app, asker, new.id)
    plan = {name: getattr(new, name) for name in ("words", "place", "schedule", "zone")}
    changed = replace(old, **plan)
    if changed == old and not old.is_paused:
        return await digests.saved(app, asker, old, "nothing")
    one = digests.there_still(await app.subscriptions.change(changed))
    return await digests.saved(app, asker, one, "resumed" if old.is_paused else "changed")


@contextmanager
def _noting(app: App, asker: Asker, found: Findings, block: str) -> Iterator[None]:
    """Note what goes wrong as the problem of this block."""
    try:
        yield
    except BotError as error:
        if not isinstance(error, UserError):
            log.warning("a form can't be checked: %s %s", type(error).__name__, error)
        sentence = sentence_for(error, now=app.clock(), zone=asker.zone)
        found.problems.setdefault(block, sentence)


def _asking(fields: Fields) -> str:
    """The block that says what is asked."""
    return "group" if fields.question is None else "question"


async def words_for(app: App, asker: Asker, fields: Fields) -> str:
    """What the form asks, in stored words. Raises UserError and ExecError."""
    if fields.question is not None:
        return await words_of(app, asker, fields.question)
    if not fields.group:
        raise UserError(CHOOSE)
    return digest_words((await digests.find_group(app, asker, fields.group)).id)


async def choices(app: App, asker: Asker) -> tuple[Choice, ...]:
    """The groups whose digest the asker can have."""
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
    """The groups if they fit into one menu and the selected one is among them; else none, and a
    group is typed."""
    is_among = not selected or any(each.value == selected for each in groups)
    return groups if is_among and len(groups) <= MOST_CHOICES else ()


def _rhythms(selected: str) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """The rhythms to choose from, under headings, with the selected one if it is an unusual one.
    Values are canonical words of a schedule."""
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
    return (("As it is", (Choice(selected.capitalize(), selected),)), *usual)


def fields_of_view(view: Mapping[str, Any], changes: str) -> Fields:
    """The values in a form that was changed or sent."""
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


def timed(fields: Fields, schedule: Schedule) -> Fields:
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
