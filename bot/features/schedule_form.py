"""The form of a digest: opened, kept up to date while somebody changes it, and saved."""

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
from bot.errors import BotError, Sentence, SlackError, UserError
from bot.forms import values_of
from bot.group_reports import plan_parts
from bot.handlers import TOO_OLD, Turn, chose, handler, numbered
from bot.language.days import WEEKDAY_NAMES, ordinal
from bot.language.query import Kind
from bot.language.schedule import Schedule
from bot.language.schedule_words import read_schedule, split_schedule, written_schedule
from bot.language.text import first_word
from bot.language.zones import zones_named, zones_near
from bot.messages.render import Draft, View, draft
from bot.outbox.due import next_moments, schedule_of
from bot.outbox.plans import Plan, Subscription, group_of, team_ask
from bot.outbox.reasons import NotSentReason, nothing_to_show
from bot.people.audience import Audience
from bot.place import Place
from bot.problems import sentence_for
from bot.reports.digest import DigestPart
from bot.storage.buttons import DigestEdit

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger(__name__)

FORM = "digest.form"
CHECK_WITHIN = 2.0  # seconds: Slack waits for three
MOST_CHOICES = 100  # in one menu
DAYS = range(1, 29)  # every month has these
CHOOSE = "Choose the group that the digest is about."
EMPTY = Sentence("Nobody is in this group, so there is nothing to show yet.")
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

    `group` is an id, or a name as typed; `zone` is as typed. `rhythm` is a schedule in canonical
    words without time and zone ("every monday"), `clock` is "HH:MM". `question` replaces the group
    if the form isn't about a group's digest, and is None if it is. `changes` is the id of the
    digest that the form changes, "" for a new one.
    """

    group: str
    channel_id: str
    zone: str
    rhythm: str = "every monday"
    clock: str = "09:00"
    parts: frozenset[DigestPart] = frozenset(DigestPart)
    question: str | None = None
    changes: str = ""


@dataclass(slots=True)
class Findings:
    """What follows from the fields of a form.

    `groups` can be chosen. `schedule` and `ask` (stored words) are None if the fields make none.
    `upcoming` are the next send times (UTC). `channel` is "" until somebody looked who is in it,
    and `audience` is None if that isn't known. `problems` are sentences by block. `preview` is what
    would be posted.
    """

    groups: tuple[Choice, ...] = ()
    schedule: Schedule | None = None
    ask: str | None = None
    upcoming: tuple[datetime, ...] = ()
    channel: str = ""
    audience: Audience | None = None
    problems: dict[str, Sentence] = field(default_factory=dict)
    preview: Draft | None = None


def register(app: App) -> None:
    """Add the listeners."""
    app.commands.actions["post"] = partial(offer_in_words, app)
    _register_buttons(app)

    @app.bolt.action(_ANY_FIELD, [_is_in_form])
    @handler(app, is_asked=False)
    async def follow(ack: Any, body: Any, turn: Turn) -> None:
        await ack()
        view = body["view"]
        if (stored := await turn.form(view, DigestEdit)) is not None:
            asker, fields = await turn.asker(), fields_of_view(view, stored.meaning.changes)
            found = await check(app, asker, fields)
            await complete(app, asker, view["id"], stored.id, fields, found)

    @app.bolt.view(FORM)
    @handler(app, beneath=True)
    async def save(ack: Any, view: Any, turn: Turn) -> None:
        if (stored := await turn.form(view, DigestEdit)) is None:
            await ack(response_action="errors", errors={"channel": TOO_OLD})
            return
        fields = fields_of_view(view, stored.meaning.changes)
        found = await check_sent(app, turn, fields)
        if found.schedule is None or found.ask is None or found.problems:
            errors = {block: app.messages.plain(each) for block, each in found.problems.items()}
            await ack(response_action="errors", errors=errors)
            return
        await ack()
        plan = digests.new_plan(fields.channel_id, found.schedule, found.ask, fields.parts)
        await turn.answer(await keep(app, await turn.asker(), plan, fields.changes))


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
        await digests.require_groups(app, asker)
        ask = await app.questions.ask_of(asker, turn.again or "")
        fields = Fields("", channel_of(turn.place), str(asker.zone))
        await open_form(app, turn, await about(app, asker, ask, fields))

    @app.bolt.action("digest.edit")
    @app.bolt.action(numbered("digest.more"), [chose("digest.edit")])
    @handler(app, opens_form=True)
    async def edit(ack: Any, turn: Turn) -> None:
        await ack()
        asker = await turn.asker()
        one = await digests.find(app, asker, turn.value)
        fields = fields_of_plan(one.plan, changes=one.id)
        await open_form(app, turn, await about(app, asker, one.plan.ask, fields))


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
        await digests.require_groups(app, asker)
    (id_,) = await app.buttons.add_commands(asker.team_id, asker.user_id, (words,))
    return draft("digest_offer", id=id_)


async def start(app: App, asker: Asker, channel_id: str, said: str = "", when: str = "") -> Fields:
    """The fields of a new form: what somebody typed after `digest`, and when it should come.
    Raises NotAllowed if it isn't theirs."""
    fields = Fields("", channel_id, str(asker.zone))
    with suppress(UserError):  # they choose a time in the form if theirs isn't understood
        fields = timed(fields, read_schedule(when, now=app.clock(), zone=fields.zone).schedule)
    if said:
        return await about(app, asker, (await digests.read_wanted(app, asker, said)).ask, fields)
    await digests.require_groups(app, asker)
    groups = await choices(app, asker)
    return replace(fields, group=groups[0].value) if len(groups) == 1 else fields


async def about(app: App, asker: Asker, ask: str, fields: Fields) -> Fields:
    """The fields with what is asked: a group, or a question as people type it."""
    if group_id := group_of(ask):
        return replace(fields, group=group_id)
    return replace(fields, group="", question=await app.questions.readable(asker.team_id, ask))


async def open_form(app: App, turn: Turn, fields: Fields) -> None:
    """Open the form. Readers and the preview appear once it is open, since a trigger is good for
    three seconds."""
    asker, private = await turn.asker(), await turn.keep(DigestEdit(fields.changes))
    found = await check(app, asker, fields)
    view_id = await turn.open_modal(draft_form(private, fields, found, app.clock()))
    await complete(app, asker, view_id, private, fields, found)


def channel_of(place: Place) -> str:
    """The channel that a form begins with; "" in a direct message."""
    return "" if place.is_direct else place.channel_id


# What follows from its fields


async def check(app: App, asker: Asker, fields: Fields) -> Findings:
    """What our database says about the fields."""
    found = Findings()
    if fields.question is None:
        found.groups = await choices(app, asker)
    with _noting(app, asker, found, "zone"):
        now = app.clock()
        found.schedule = schedule_of_fields(fields, now)
        taken = await app.deliveries.taken([fields.changes])
        found.upcoming = next_moments(found.schedule, now, taken=taken[fields.changes])
    with _noting(app, asker, found, _asking(fields)):
        ask = await ask_of(app, asker, fields)
        await digests.allow(app, asker, ask)
        found.ask = ask
    return found


async def complete(
    app: App, asker: Asker, view_id: str, private: str, fields: Fields, found: Findings
) -> None:
    """Show in an open form who reads the channel and what would be posted. Nothing happens if the
    form was closed meanwhile."""
    await look(app, asker, fields, found)
    await preview(app, asker, fields, found)
    form = draft_form(private, fields, found, app.clock())
    with suppress(SlackError):
        await app.web.update_view(view_id, app.messages.modal(form))


async def look(app: App, asker: Asker, fields: Fields, found: Findings) -> None:
    """Find out who is in the chosen channel, if one is."""
    if fields.channel_id:
        found.channel = "the channel"
        with _noting(app, asker, found, "channel"):
            channel_id, changes = fields.channel_id, fields.changes
            seen = await digests.readers(app, asker, channel_id, changes=changes)
            found.channel, found.audience = seen.channel, seen.audience
            digests.refuse_outsiders(seen)


async def preview(app: App, asker: Asker, fields: Fields, found: Findings) -> None:
    """Find out what would be posted. What fails here doesn't keep anybody from saving."""
    if found.schedule is None or found.ask is None:
        return
    now = app.clock()
    plan = digests.new_plan("", found.schedule, found.ask, fields.parts)
    one = Subscription("", asker.team_id, asker.user_id, plan, now, now)
    try:
        shown = await digests.answer_now(app, asker, one)
    except UserError as error:
        found.problems.setdefault(_asking(fields), error.sentence)
    except BotError as error:
        log.info("no preview in a form: %s", type(error).__name__)
    else:
        if not isinstance(shown, NotSentReason):
            found.preview = shown
            return
        is_empty = shown is NotSentReason.EMPTY_GROUP
        why = EMPTY if is_empty else nothing_to_show(shown).sentence
        found.problems.setdefault(_asking(fields), why)


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


async def keep(app: App, asker: Asker, plan: Plan, changes: str) -> Draft:
    """Save a checked form; the message about its digest."""
    if not changes:
        return await digests.saved(app, asker, await digests.add(app, asker, plan))
    one, done = await digests.change(app, asker, changes, plan)
    return await digests.saved(app, asker, one, done)


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


async def ask_of(app: App, asker: Asker, fields: Fields) -> str:
    """What the form asks, in stored words. Raises UserError and ExecError."""
    if fields.question is not None:
        return await app.questions.ask_of(asker, fields.question)
    if not fields.group:
        raise UserError(CHOOSE)
    return team_ask((await digests.find_group(app, asker, fields.group)).id)


async def choices(app: App, asker: Asker) -> tuple[Choice, ...]:
    """The groups whose digest the asker can have."""
    visibility = await app.coaching.visibility(asker)
    groups = await app.directory.items(Kind.GROUP)
    return tuple(Choice(each.name, each.id) for each in groups if visibility.covers_group(each.id))


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
    chosen = values.get("parts") or ()
    return Fields(
        group=str(values.get("group") or ""),
        channel_id=str(values.get("channel") or ""),
        zone=str(values.get("zone") or ""),
        rhythm=str(values.get("rhythm") or ""),
        clock=str(values.get("clock") or ""),
        parts=frozenset(part for part in DigestPart if part.value in chosen),
        question=str(values["question"] or "") if "question" in values else None,
        changes=changes,
    )


def fields_of_plan(plan: Plan, changes: str) -> Fields:
    """The values of a form that changes this plan, without what it asks."""
    fields = Fields("", plan.place, plan.zone, parts=plan_parts(plan), changes=changes)
    return timed(fields, schedule_of(plan))


def timed(fields: Fields, schedule: Schedule) -> Fields:
    """The fields with this schedule."""
    clock = f"{schedule.clock.hour}:{schedule.clock.minute:02}"
    rhythm = written_schedule(schedule, zone=False).replace(f" {clock}", "", 1)
    return replace(fields, rhythm=rhythm, clock=f"{schedule.clock:%H:%M}", zone=schedule.zone)


def schedule_of_fields(fields: Fields, now: datetime) -> Schedule:
    """The schedule that the fields make. Raises UserError."""
    named = zones_named(fields.zone)
    if len(named) != 1:
        near = named or zones_near(fields.zone)
        hint = f" Did you mean {' or '.join(near)}?" if near else " Write it like Europe/Berlin."
        raise UserError("I don't know the time zone *{zone}*." + hint, zone=fields.zone)
    return read_schedule(f"{fields.rhythm} {fields.clock}", now=now, zone=named[0]).schedule
