"""The form of a digest: filled in, kept up to date while somebody changes it, and read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.access import Asker
from bot.commands.digest import DigestCommands
from bot.doors.digest_fields import (
    Fields,
    fields_of_plan,
    fields_of_view,
    schedule_of_fields,
)
from bot.doors.handles import Asked
from bot.doors.modals import Errors, Filled, FormRow, Modals
from bot.doors.press import Press
from bot.env import Env
from bot.errors import BotError, Sentence, TooOld, UserError
from bot.gather.digest import with_parts
from bot.language.query import Kind as NameKind
from bot.language.query import Named
from bot.language.saying import is_list, split
from bot.language.schedule_words import words
from bot.mirror.answers import StoredAnswers
from bot.outbox.due import coming
from bot.outbox.plans import Kind, Plan, Subscription
from bot.outbox.reasons import Why
from bot.outbox.rights import require
from bot.people.audience import Seen
from bot.people.catalogue import Catalogue
from bot.people.people import People
from bot.pipeline import Request
from bot.rendering.digest_views import DigestView
from bot.rendering.messages import View
from bot.rendering.subscription_views import Done, SubscriptionFormView
from bot.rendering.views import Choice
from bot.storage.handles import DigestEdit, Stored
from bot.storage.payloads import Payload

# A trigger is good for three seconds: what takes longer comes in once the form is open.
OPEN_WITHIN = 1.5
CHECK_WITHIN = 2.0
WHICH = Sentence("A digest tells of a group's practice. Choose whose.")
EMPTY = Sentence("Nobody is in this group, so there is nothing to show yet.")


@dataclass(frozen=True, slots=True)
class DigestForm:
    env: Env
    modals: Modals
    commands: DigestCommands
    people: People
    catalogue: Catalogue
    answers: StoredAnswers

    @property
    def row(self) -> FormRow[DigestEdit]:
        return FormRow(DigestEdit, "group", self.read, self.update)

    async def edit(self, press: Press[str]) -> None:
        """Open the form to change a digest."""
        await self.open(press.payload, press.trigger_id, edit=press.handle)

    async def from_answer(self, press: Press[Asked]) -> None:
        """Open the form for a digest of the one group that an answer is about."""
        asker = press.asker
        answer = await self.answers.find(
            press.handle.id, team_id=asker.team_id, user_id=asker.user_id
        )
        if answer is None:
            raise TooOld
        groups = [named.id for named in answer.query.names if named.kind is NameKind.GROUP]
        group = groups[0] if len(groups) == 1 else ""
        await self.open(press.payload, press.trigger_id, group=group)

    async def open(
        self, payload: Payload, trigger_id: str, *, group: str = "", edit: str = ""
    ) -> None:
        """Open the form for a new digest of `group`, or to change the one called `edit`.

        Raises UserError, SlackError, ExecError and StorageError.
        """
        zone = str(await self.people.zone(payload.team_id, payload.user_id))
        private = await self.modals.keep(payload, DigestEdit(edit))
        at_once = Fields(group, _channel(payload), zone)
        filling = asyncio.create_task(self._filled(payload, private, at_once, edit))
        done, _ = await asyncio.wait({filling}, timeout=OPEN_WITHIN)
        if done:
            fields, view = filling.result()
        else:
            view = self._empty(private, at_once, changes=bool(edit))
        try:
            view_id = await self.modals.open(trigger_id, view)
            asker = await self.people.asker(payload.team_id, payload.user_id)
            try:
                fields, view = await filling
                view = replace(view, preview=await self._preview(asker, fields))
            except UserError as error:
                view = replace(view, problem=error.sentence)
        finally:
            filling.cancel()
        await self.modals.update(view_id, view)

    async def update(
        self, payload: Payload, view: Mapping[str, Any], stored: Stored[DigestEdit]
    ) -> None:
        """Somebody changed a field: show what follows from it. Raises SlackError, StorageError."""
        fields, edit = fields_of_view(view), stored.handle.changes
        shown = self._empty(stored.id, fields, changes=bool(edit))
        try:
            asker = await self.people.admitted(payload.team_id, payload.user_id)
            shown = await self._view(asker, stored.id, fields, edit=edit)
            shown = replace(shown, preview=await self._preview(asker, fields))
        except UserError as error:
            # What is wrong with the fields stands there already.
            shown = replace(shown, problem=shown.problem or error.sentence)
        await self.modals.update(str(view.get("id", "")), shown)

    async def read(
        self, payload: Payload, view: Mapping[str, Any], stored: Stored[DigestEdit]
    ) -> Filled | Errors:
        """A sent form, or what is wrong with it by block. It takes less than three seconds."""
        fields, changes = fields_of_view(view), stored.handle.changes
        try:
            schedule = schedule_of_fields(fields, self.env.clock())
        except UserError as error:
            return {"zone": error.sentence.plain()}
        block = "group"
        try:
            async with asyncio.timeout(CHECK_WITHIN):
                asker = await self.people.admitted(payload.team_id, payload.user_id)
                group = await self.commands.group(asker, fields.group)
                block = "channel"
                await self.commands.look(asker, group.id, fields.channel_id, changes=changes)
        except UserError as error:
            return {block: error.sentence.plain()}
        except TimeoutError:
            return {block: "This takes long just now. Press Save again in a moment."}
        plan = Plan(fields.channel_id, words(schedule, zone=False), schedule.zone, group.id)
        plan = with_parts(plan, fields.parts)

        async def save(request: Request) -> View:
            return await self._save(request.asker, plan, changes)

        return Filled(save)

    async def _save(self, asker: Asker, plan: Plan, changes: str) -> View:
        if changes:
            one = await self.commands.change(asker, changes, plan)
            return await self.commands.saved(asker, one, Done.CHANGED)
        made = await self.commands.set_up(asker, plan)
        if isinstance(made, Subscription):
            return await self.commands.saved(asker, made)
        return await self.commands.ask_another(asker, plan, made, plan)

    async def _filled(
        self, payload: Payload, private: str, fields: Fields, edit: str
    ) -> tuple[Fields, SubscriptionFormView]:
        """What belongs into the form. Raises NotAllowed where it is not theirs to send."""
        asker = await self.people.admitted(payload.team_id, payload.user_id)
        if edit:
            one = await self.commands.find(asker, edit)
            fields = fields_of_plan(one.plan)
        else:
            await self.commands.visibility(asker)
            group = (await self.commands.group(asker, fields.group)).id if fields.group else ""
            fields = replace(fields, group=group, zone=str(asker.zone))
        return fields, await self._view(asker, private, fields, edit=edit)

    async def _view(
        self, asker: Asker, private: str, fields: Fields, *, edit: str
    ) -> SubscriptionFormView:
        """The form with what follows from its fields, but for the preview."""
        visibility = await self.commands.coaching.visibility(asker)
        groups = await self.catalogue.items(NameKind.GROUP)
        theirs = [each for each in groups if visibility.covers_group(each.id)]
        now, problem, seen = self.env.clock(), None, None
        times: tuple[datetime, ...] = ()
        try:
            schedule = schedule_of_fields(fields, now)
            taken = await self.commands.deliveries.taken([edit])
            times = coming(schedule, now, taken=taken[edit])
            if fields.channel_id:
                seen = await self.commands.audience(asker, fields.channel_id, changes=edit)
            group = await self._group(asker, fields)
            if seen is not None:
                require(asker, visibility, Kind.GROUP, group.id, seen.place)
        except UserError as error:
            problem = error.sentence
        return replace(
            self._empty(private, fields, changes=bool(edit)),
            groups=tuple(Choice(each.name, each.id) for each in theirs),
            channel="the channel" if seen is None else seen.channel,
            audience=seen.audience if isinstance(seen, Seen) else None,
            upcoming=times,
            problem=problem,
        )

    async def _preview(self, asker: Asker, fields: Fields) -> DigestView | None:
        """What would be posted; None where that can't be told. Raises UserError."""
        schedule = schedule_of_fields(fields, self.env.clock())
        group = await self._group(asker, fields)
        plan = Plan("", words(schedule, zone=False), schedule.zone, group.id)
        plan, reports = with_parts(plan, fields.parts), self.commands.reports
        try:
            report = await reports.report(plan, reports.window(plan))
        except UserError:
            raise
        except BotError:
            return None  # it can be saved all the same
        if isinstance(report, Why):
            raise UserError(EMPTY.pattern)
        return reports.view(report, plan)

    async def _group(self, asker: Asker, fields: Fields) -> Named:
        if not fields.group:
            raise UserError(WHICH.pattern)
        return await self.commands.group(asker, fields.group)

    def _empty(self, private: str, fields: Fields, *, changes: bool) -> SubscriptionFormView:
        return SubscriptionFormView(
            private=private,
            groups=(),
            group=fields.group,
            rhythm=fields.rhythm,
            clock=fields.clock,
            zone=fields.zone,
            parts=fields.parts,
            channel_id=fields.channel_id,
            channel="the channel",
            audience=None,
            upcoming=(),
            now=self.env.clock(),
            changes=changes,
        )


def _channel(payload: Payload) -> str:
    """The channel to begin with: a direct conversation is none."""
    return payload.channel_id if payload.channel_id.startswith(("C", "G")) else ""


def group_without_schedule(text: str) -> str:
    """The group in what is typed after `digest`, where no time follows; else ""."""
    if is_list(text):
        return ""
    try:
        said = split(text)
    except UserError:
        return ""
    return "" if said.schedule else said.group
