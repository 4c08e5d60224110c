"""The form of a digest: filled in, kept up to date while somebody changes it, and read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.access import Asker
from bot.answer import Request
from bot.button_values import ButtonCommand, ButtonValues
from bot.env import Env
from bot.errors import BotError, Pattern, Sentence, UserError
from bot.features import (
    BOTH,
    Button,
    Choice,
    Command,
    CommandForm,
    Errors,
    Feature,
    Filled,
    FormHandler,
    HelpLine,
    Press,
    Shows,
    id_value,
    nothing,
)
from bot.features.digests import Digests, new_plan
from bot.features.digests.group import plan_parts
from bot.language.days import WEEKDAY_NAMES, ordinal
from bot.language.query import Kind as NameKind
from bot.language.schedule import Schedule
from bot.language.schedule_words import is_list, read_schedule, split_schedule, written_schedule
from bot.language.text import first_word
from bot.language.zones import zones_named, zones_near
from bot.messages.render import Draft, View, draft
from bot.outbox.describe import Done
from bot.outbox.due import next_moments, schedule_of
from bot.outbox.plans import Plan, Subscription, group_of, team_ask
from bot.outbox.reasons import NotSentReason, nothing_to_show
from bot.outbox.rights import require
from bot.people.accounts import People
from bot.people.audience import Audience
from bot.people.directory import Directory
from bot.reports.digest import DigestPart
from bot.slack.modals import Modals, values_of
from bot.slack.payloads import Payload
from bot.storage.buttons import DigestEdit, Stored

# A trigger is good for three seconds: what takes longer comes in once the form is open.
OPEN_WITHIN = 1.5
CHECK_WITHIN = 2.0
MOST_CHOICES = 100  # that one menu takes
DAYS = range(1, 29)  # those that every month has
WHICH = Sentence("A digest tells of a group's practice. Choose whose.")
EMPTY = Sentence("Nobody is in this group, so there is nothing to show yet.")


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


@dataclass(frozen=True, slots=True)
class Fields:
    """What the form is filled with.

    `group` is an id, or a name as typed; `zone` is as typed. `rhythm` are canonical words of a
    schedule without time and zone ("every monday"), `clock` is "HH:MM". `question` replaces the
    group if the form isn't about a group's digest, and is None if it is.
    """

    group: str
    channel_id: str
    zone: str
    rhythm: str = "every monday"
    clock: str = "09:00"
    parts: frozenset[DigestPart] = frozenset(DigestPart)
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What follows from the fields of a form.

    `groups` can be chosen. `audience` is who is in the channel, None if unknown. `upcoming` are the
    next send times (UTC), () if the fields make no schedule. `problem` is why the form can't be
    saved as it is. `preview` is what would be posted.
    """

    groups: tuple[Choice, ...] = ()
    channel: str = "the channel"
    audience: Audience | None = None
    upcoming: tuple[datetime, ...] = ()
    problem: Sentence | None = None
    preview: Draft | None = None


@dataclass(frozen=True, slots=True)
class DigestForm:
    env: Env
    modals: Modals
    digests: Digests
    people: People
    directory: Directory
    values: ButtonValues

    @property
    def feature(self) -> Feature:
        """With the command: it opens this form where it says no time."""
        form = CommandForm(wants_form, self.open_for, self.offer)
        return Feature(
            commands=(
                Command(
                    "digest",
                    self.digests.run,
                    LINES,
                    ("digests",),
                    form=form,
                ),
            ),
            buttons={
                "digest.from_answer": Button(self.values.answer, self.from_answer, Shows.FORM),
                "digest.form": Button(self.values.command, self.offered, Shows.FORM),
                "digest.edit": Button(id_value, self.edit, Shows.FORM),
                "digest.here": Button(id_value, self.here, Shows.FORM),
                "digest.new": Button(nothing, self.new, Shows.FORM),
            },
            forms={"digest.form": FormHandler(DigestEdit, "channel", self.read, self.update)},
            phrases={"post": self.asked},
        )

    async def open_for(self, payload: Payload, trigger_id: str, said: str) -> None:
        """Open the form for what somebody said after `digest`."""
        await self.open(payload, trigger_id, said=said)

    async def edit(self, press: Press[str]) -> None:
        """Open the form to change a digest."""
        await self.open(press.payload, press.trigger_id, edit=press.handle)

    async def here(self, press: Press[str]) -> None:
        """Open the form for the channel with this id."""
        await self.open(press.payload, press.trigger_id, channel_id=press.handle)

    async def new(self, press: Press[None]) -> None:
        """Open the empty form."""
        await self.open(press.payload, press.trigger_id)

    async def offered(self, press: Press[ButtonCommand]) -> None:
        """Open the form for what somebody said in a message."""
        _, rest = first_word(press.handle.words)
        said, when = split_schedule(rest)
        await self.open(press.payload, press.trigger_id, said=said, when=when)

    async def offer(self, asker: Asker, text: str, said: str) -> Draft:
        """A message with a button for the form, to who asks for a digest in a message."""
        if said:
            await self.digests.wanted(asker, said)
        else:
            await self.digests.visibility(asker)
        (id_,) = await self.modals.buttons.add_commands(asker.team_id, asker.user_id, (text,))
        return draft("digest_offer", id=id_)

    async def asked(self, request: Request, rest: str) -> View:
        """The same to who asks in other words; of `rest`, the time and one group are filled in."""
        what, when = split_schedule(rest)
        said = what if what.startswith("group:") and " group:" not in what else ""
        return await self.offer(request.asker, f"digest {said} {when}".strip(), said)

    async def from_answer(self, press: Press[ButtonCommand]) -> None:
        """Open the form for posting the answer to the same question."""
        await self.open(press.payload, press.trigger_id, question=press.handle.words)

    async def open(
        self,
        payload: Payload,
        trigger_id: str,
        *,
        said: str = "",
        when: str = "",
        question: str | None = None,
        edit: str = "",
        channel_id: str = "",
    ) -> None:
        """Open the form for what somebody `said` after `digest`, for the answer to a question, or
        to change the subscription called `edit`. It begins with this channel, else with where they
        are.

        Raises UserError, SlackError, ExecError and StorageError.
        """
        zone = str(await self.people.zone(payload.team_id, payload.user_id))
        private = await self.modals.keep(payload, DigestEdit(edit))
        at_once = Fields(said, channel_id or _channel(payload), zone, question=question)
        with suppress(UserError):  # a time that is not understood is chosen in the form
            read = read_schedule(when, now=self.env.clock(), zone=zone)
            at_once = _timed(at_once, read.schedule)
        filling = asyncio.create_task(self._filled(payload, at_once, edit))
        done, _ = await asyncio.wait({filling}, timeout=OPEN_WITHIN)
        fields, findings = filling.result() if done else (at_once, Findings())
        try:
            form = self._form(private, fields, findings, edit)
            view_id = await self.modals.open(trigger_id, form)
            asker = await self.people.asker(payload.team_id, payload.user_id)
            try:
                fields, findings = await filling
                findings = replace(findings, preview=await self._preview(asker, fields))
            except UserError as error:
                findings = replace(findings, problem=error.sentence)
        finally:
            filling.cancel()
        await self.modals.update(view_id, self._form(private, fields, findings, edit))

    async def update(
        self, payload: Payload, view: Mapping[str, Any], stored: Stored[DigestEdit]
    ) -> None:
        """Somebody changed a field: show what follows from it. Raises SlackError, StorageError."""
        fields, edit = fields_of_view(view), stored.meaning.changes
        findings = Findings()
        try:
            asker = await self.people.admitted(payload.team_id, payload.user_id)
            findings = await self._check(asker, fields, edit)
            findings = replace(findings, preview=await self._preview(asker, fields))
        except UserError as error:
            # A problem with the fields comes first.
            findings = replace(findings, problem=findings.problem or error.sentence)
        form = self._form(stored.id, fields, findings, edit)
        await self.modals.update(str(view.get("id", "")), form)

    async def read(
        self, payload: Payload, view: Mapping[str, Any], stored: Stored[DigestEdit]
    ) -> Filled | Errors:
        """A sent form, or what is wrong with it by block. It takes less than three seconds."""
        fields, changes = fields_of_view(view), stored.meaning.changes
        try:
            schedule = schedule_of_fields(fields, self.env.clock())
        except UserError as error:
            return {"zone": self.modals.messages.plain(error.sentence)}
        block = "group" if fields.question is None else "question"
        try:
            async with asyncio.timeout(CHECK_WITHIN):
                asker = await self.people.admitted(payload.team_id, payload.user_id)
                ask = await self._ask(asker, fields)
                visibility = await self.digests.coaching.visibility(asker)
                await self.digests.may_have(asker, visibility, ask)
                block = "channel"
                await self.digests.look(asker, ask, fields.channel_id, changes=changes)
        except UserError as error:
            return {block: self.modals.messages.plain(error.sentence)}
        except TimeoutError:
            return {block: "This takes long just now. Press Save again in a moment."}
        plan = new_plan(fields.channel_id, schedule, ask, fields.parts)

        async def save(request: Request) -> View:
            return await self._save(request.asker, plan, changes)

        return Filled(save)

    async def _save(self, asker: Asker, plan: Plan, changes: str) -> View:
        if changes:
            one = await self.digests.change(asker, changes, plan)
            return await self.digests.saved(asker, one, Done.CHANGED)
        return await self.digests.saved(asker, await self.digests.set_up(asker, plan))

    async def _filled(self, payload: Payload, fields: Fields, edit: str) -> tuple[Fields, Findings]:
        """The fields of a new form, checked. Raises NotAllowed if it isn't theirs to send."""
        asker = await self.people.admitted(payload.team_id, payload.user_id)
        fields = replace(fields, zone=str(asker.zone))
        if edit:
            plan = (await self.digests.find(asker, edit)).plan
            fields, ask = fields_of_plan(plan), plan.ask
        elif fields.question is not None:
            await self.digests.visibility(asker)
            ask = await self._ask(asker, fields)
        elif fields.group:
            ask = (await self.digests.wanted(asker, fields.group)).ask
        else:
            await self.digests.visibility(asker)
            return fields, await self._check(asker, fields, edit)
        fields = await self._fields_of(asker, ask, fields)
        return fields, await self._check(asker, fields, edit)

    async def _check(self, asker: Asker, fields: Fields, edit: str) -> Findings:
        """What follows from the fields, without the preview."""
        visibility = await self.digests.coaching.visibility(asker)
        groups = await self.directory.items(NameKind.GROUP) if fields.question is None else ()
        theirs = [each for each in groups if visibility.covers_group(each.id)]
        now, problem, seen = self.env.clock(), None, None
        times: tuple[datetime, ...] = ()
        try:
            schedule = schedule_of_fields(fields, now)
            taken = await self.digests.deliveries.taken([edit])
            times = next_moments(schedule, now, taken=taken[edit])
            if fields.channel_id:
                seen = await self.digests.audience(asker, fields.channel_id, changes=edit)
            ask = await self._ask(asker, fields)
            asked = await self.digests.may_have(asker, visibility, ask)
            if seen is not None:
                require(asker, visibility, ask, seen.audience, asked)
        except UserError as error:
            problem = error.sentence
        return Findings(
            groups=tuple(Choice(each.name, each.id) for each in theirs),
            channel="the channel" if seen is None else seen.channel,
            audience=None if seen is None else seen.audience,
            upcoming=times,
            problem=problem,
        )

    async def _preview(self, asker: Asker, fields: Fields) -> Draft | None:
        """What would be posted; None where that can't be told. Raises UserError."""
        schedule = schedule_of_fields(fields, self.env.clock())
        plan = new_plan("", schedule, await self._ask(asker, fields), fields.parts)
        visibility = await self.digests.coaching.visibility(asker)
        await self.digests.may_have(asker, visibility, plan.ask)
        now = self.env.clock()
        one = Subscription("", asker.team_id, asker.user_id, plan, now, now)
        try:
            answer = await self.digests.answer_now(asker, one)
        except UserError:
            raise
        except BotError:
            return None  # it can be saved all the same
        if answer is NotSentReason.EMPTY_GROUP:
            raise UserError(EMPTY.pattern)
        if isinstance(answer, NotSentReason):
            raise nothing_to_show(answer)
        return answer

    async def _ask(self, asker: Asker, fields: Fields) -> str:
        """What the form is about, in stored words. Raises UserError and ExecError."""
        if fields.question is not None:
            return await self.digests.questions.ask_of(asker, fields.question)
        if not fields.group:
            raise UserError(WHICH.pattern)
        return team_ask((await self.digests.group(asker, fields.group)).id)

    async def _fields_of(self, asker: Asker, ask: str, fields: Fields) -> Fields:
        """The fields with what is asked: a group, or a question in words."""
        if group_id := group_of(ask):
            return replace(fields, group=group_id)
        question = await self.digests.questions.readable(asker.team_id, ask)
        return replace(fields, group="", question=question)

    def _form(self, private: str, fields: Fields, findings: Findings, edit: str) -> View:
        return draft_form(private, fields, findings, self.env.clock(), is_new=not edit)


def draft_form(
    private: str, fields: Fields, findings: Findings, now: datetime, *, is_new: bool = True
) -> View:
    """The modal with these fields and findings, above its preview; `private` is an opaque id."""
    form = draft(
        "digest_form",
        private=private,
        fields=fields,
        groups=_menu(findings.groups, fields.group),
        rhythms=_rhythms(fields.rhythm),
        channel=findings.channel,
        audience=findings.audience,
        upcoming=findings.upcoming,
        problem=findings.problem,
        now=now,
        is_new=is_new,
    )
    return form if findings.preview is None else (form, findings.preview)


def _menu(groups: tuple[Choice, ...], selected: str) -> tuple[Choice, ...]:
    """The groups if one menu takes them all and the selected one is among them; else none: a
    group is typed then."""
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
    if not selected or any(selected == each.value for _, choices in usual for each in choices):
        return usual
    return (("As it is", (Choice(selected.capitalize(), selected),)), *usual)


def fields_of_view(view: Mapping[str, Any]) -> Fields:
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
    )


def fields_of_plan(plan: Plan) -> Fields:
    fields = Fields(plan.group_id, plan.place, plan.zone, parts=plan_parts(plan))
    return _timed(fields, schedule_of(plan))


def _timed(fields: Fields, schedule: Schedule) -> Fields:
    """The fields with this schedule."""
    clock = f"{schedule.clock.hour}:{schedule.clock.minute:02}"
    rhythm = written_schedule(schedule, zone=False).replace(f" {clock}", "", 1)
    return replace(fields, rhythm=rhythm, clock=f"{schedule.clock:%H:%M}")


def schedule_of_fields(fields: Fields, now: datetime) -> Schedule:
    """The schedule that the fields make. Raises UserError."""
    named = zones_named(fields.zone)
    if len(named) != 1:
        near = named or zones_near(fields.zone)
        hint = f" Did you mean {' or '.join(near)}?" if near else " Write it like Europe/Berlin."
        raise UserError("I don't know the time zone *{zone}*." + hint, zone=fields.zone)
    return read_schedule(f"{fields.rhythm} {fields.clock}", now=now, zone=named[0]).schedule


def _channel(payload: Payload) -> str:
    """The channel to begin with: a direct conversation is none."""
    return payload.channel_id if payload.channel_id.startswith(("C", "G")) else ""


def wants_form(rest: str) -> str | None:
    """What is said after `digest`, where no time follows and so a form asks for it; None where no
    form does."""
    if is_list(rest) or rest == "help":
        return None
    try:
        what, schedule = split_schedule(rest)
    except UserError:
        return None
    return None if schedule else what
