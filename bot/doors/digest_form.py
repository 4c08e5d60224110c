"""The form of a digest: filled in, kept up to date while somebody changes it, and read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
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
from bot.errors import BotError, Sentence, SlackError, UserError
from bot.gather.digest import with_parts
from bot.language.query import Kind as NameKind
from bot.language.query import Named
from bot.language.schedule_words import words
from bot.outbox.due import coming
from bot.outbox.plans import Kind, Plan
from bot.outbox.reasons import Why
from bot.outbox.rights import require
from bot.people.audience import Seen
from bot.people.catalogue import Catalogue
from bot.people.people import People
from bot.rendering.digest_views import DigestView
from bot.rendering.draw import Messages
from bot.rendering.subscription_views import SubscriptionFormView
from bot.rendering.views import Choice
from bot.slack.web import SlackWeb
from bot.storage.commands import StoredCommands
from bot.storage.payloads import Payload

CALLBACK = "digest.form"
# A trigger is good for three seconds: what takes longer comes in once the form is open.
OPEN_WITHIN = 1.5
CHECK_WITHIN = 2.0
WHICH = Sentence("A digest tells of a group's practice. Choose whose.")
EMPTY = Sentence("Nobody is in this group, so there is nothing to show yet.")


@dataclass(frozen=True, slots=True)
class SentDigest:
    """A sent form: the plan it makes, whose digest it changes if any, and where it was opened."""

    plan: Plan
    changes: str
    channel_id: str
    response_url: str | None


@dataclass(frozen=True, slots=True)
class DigestForms:
    commands: DigestCommands
    people: People
    catalogue: Catalogue
    stored: StoredCommands
    slack: SlackWeb
    messages: Messages
    clock: Callable[[], datetime]

    async def open(
        self, payload: Payload, trigger_id: str, *, group: str = "", edit: str = ""
    ) -> None:
        """Open the form for a new digest of `group`, or to change the one called `edit`.

        Raises UserError, SlackError, ExecError and StorageError.
        """
        zone = str(await self.people.zone(payload.team_id, payload.user_id))
        private = await self._keep(payload, edit)
        at_once = Fields(group, _channel(payload), zone)
        filling = asyncio.create_task(self._filled(payload, private, at_once, edit))
        done, _ = await asyncio.wait({filling}, timeout=OPEN_WITHIN)
        if done:
            fields, view = filling.result()
        else:
            view = self._empty(private, at_once, changes=bool(edit))
        try:
            view_id = await self._open(trigger_id, view)
        except BaseException:
            filling.cancel()
            raise
        asker = await self.people.asker(payload.team_id, payload.user_id)
        try:
            if not done:
                fields, view = await filling
            view = replace(view, preview=await self._preview(asker, fields))
        except UserError as error:
            view = replace(view, problem=error.sentence)
        # Sent or closed meanwhile: then there is nothing left to fill.
        with suppress(SlackError):
            await self.slack.update_view(view_id, self.messages.form(view))

    async def update(self, payload: Payload, view: Mapping[str, Any]) -> None:
        """Somebody changed a field: show what follows from it. Raises SlackError, StorageError."""
        private = str(view.get("private_metadata", ""))
        stored = await self.stored.find(private, team_id=payload.team_id, user_id=payload.user_id)
        if stored is None:
            return
        fields, edit = fields_of_view(view), _edited(stored.words)
        shown = self._empty(private, fields, changes=bool(edit))
        try:
            asker = await self.people.admitted(payload.team_id, payload.user_id)
            shown = await self._view(asker, private, fields, edit=edit)
            shown = replace(shown, preview=await self._preview(asker, fields))
        except UserError as error:
            # What is wrong with the fields stands there already.
            shown = replace(shown, problem=shown.problem or error.sentence)
        with suppress(SlackError):
            await self.slack.update_view(str(view.get("id", "")), self.messages.form(shown))

    async def read(self, payload: Payload, view: Mapping[str, Any]) -> SentDigest | dict[str, str]:
        """A sent form, or what is wrong with it by block. It takes less than three seconds."""
        stored = await self.stored.find(
            str(view.get("private_metadata", "")),
            team_id=payload.team_id,
            user_id=payload.user_id,
        )
        if stored is None:
            return {"group": "This form is too old. Close it and open it again."}
        fields = fields_of_view(view)
        try:
            schedule = schedule_of_fields(fields, self.clock())
        except UserError as error:
            return {"zone": error.sentence.plain()}
        block = "group"
        try:
            async with asyncio.timeout(CHECK_WITHIN):
                asker = await self.people.admitted(payload.team_id, payload.user_id)
                group = await self.commands.group(asker, fields.group)
                block = "channel"
                edited = _edited(stored.words)
                await self.commands.look(asker, group.id, fields.channel_id, changes=edited)
        except UserError as error:
            return {block: error.sentence.plain()}
        except TimeoutError:
            return {block: "This takes long just now. Press Save again in a moment."}
        plan = Plan(fields.channel_id, words(schedule, zone=False), schedule.zone, group.id)
        return SentDigest(
            with_parts(plan, fields.parts),
            _edited(stored.words),
            stored.channel_id,
            stored.response_url,
        )

    async def _keep(self, payload: Payload, edit: str) -> str:
        (private,) = await self.stored.keep(
            payload.team_id,
            payload.user_id,
            (f"{CALLBACK} {edit}".strip(),),
            channel_id=payload.channel_id,
            response_url=payload.response_url,
        )
        return private

    async def _open(self, trigger_id: str, view: SubscriptionFormView) -> str:
        try:
            return await self.slack.open_view(trigger_id, self.messages.form(view))
        except SlackError as error:
            if error.code in ("expired_trigger_id", "trigger_expired"):
                raise UserError("The form took too long to open. Try again.") from None
            raise

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
        now, problem, seen = self.clock(), None, None
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
        schedule = schedule_of_fields(fields, self.clock())
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
            now=self.clock(),
            changes=changes,
        )


def _channel(payload: Payload) -> str:
    """The channel to begin with: a direct conversation is none."""
    return payload.channel_id if payload.channel_id.startswith(("C", "G")) else ""


def _edited(stored: str) -> str:
    """The subscription that a form changes; "" for a new one."""
    return stored.partition(" ")[2]
