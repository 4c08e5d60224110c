"""The form of a digest: filled in, kept up to date while somebody changes it, and read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.access import Asker
from bot.commands.digest import DigestCommands, new_plan
from bot.doors.digest_fields import (
    Fields,
    fields_of_plan,
    fields_of_view,
    schedule_of_fields,
)
from bot.errors import BotError, Sentence, SlackError, UserError
from bot.language.query import Kind as NameKind
from bot.outbox.due import coming
from bot.outbox.plans import Plan, Subscription, group_of, team_ask
from bot.outbox.reasons import REASONS, Why
from bot.outbox.rights import require
from bot.people.audience import Seen
from bot.people.catalogue import Catalogue
from bot.people.people import People
from bot.rendering.draw import Messages
from bot.rendering.subscription_views import SubscriptionFormView
from bot.rendering.views import Choice, Message
from bot.slack.web import SlackWeb
from bot.storage.commands import StoredCommands
from bot.storage.payloads import Payload

CALLBACK = "digest.form"
# A trigger is good for three seconds: what takes longer comes in once the form is open.
OPEN_WITHIN = 1.5
CHECK_WITHIN = 2.0
WHICH = Sentence("A digest tells of a group's practice. Choose whose.")
PREVIEW_LEVEL = 2  # modals take neither charts nor tables
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
        self,
        payload: Payload,
        trigger_id: str,
        *,
        said: str = "",
        question: str | None = None,
        edit: str = "",
    ) -> None:
        """Open the form for what somebody `said` after `digest`, for the answer to a question, or
        to change the subscription called `edit`.

        Raises UserError, SlackError, ExecError and StorageError.
        """
        zone = str(await self.people.zone(payload.team_id, payload.user_id))
        private = await self._keep(payload, edit)
        at_once = Fields(said, _channel(payload), zone, question=question)
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
            return {"zone": "This form is too old. Close it and open it again."}
        fields = fields_of_view(view)
        try:
            schedule = schedule_of_fields(fields, self.clock())
        except UserError as error:
            return {"zone": error.sentence.plain()}
        block = "group" if fields.question is None else "question"
        try:
            async with asyncio.timeout(CHECK_WITHIN):
                asker = await self.people.admitted(payload.team_id, payload.user_id)
                ask = await self._ask(asker, fields)
                visibility = await self.commands.coaching.visibility(asker)
                await self.commands.may_have(asker, visibility, ask)
                block = "channel"
                edited = _edited(stored.words)
                await self.commands.look(asker, ask, fields.channel_id, changes=edited)
        except UserError as error:
            return {block: error.sentence.plain()}
        except TimeoutError:
            return {block: "This takes long just now. Press Save again in a moment."}
        return SentDigest(
            new_plan(fields.channel_id, schedule, ask, fields.parts),
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
        fields = replace(fields, zone=str(asker.zone))
        if edit:
            plan = (await self.commands.find(asker, edit)).plan
            fields, ask = fields_of_plan(plan), plan.ask
        elif fields.question is not None:
            await self.commands.visibility(asker)
            ask = await self._ask(asker, fields)
        else:
            ask = (await self.commands.wanted(asker, fields.group)).ask
        fields = await self._fields_of(asker, ask, fields)
        return fields, await self._view(asker, private, fields, edit=edit)

    async def _view(
        self, asker: Asker, private: str, fields: Fields, *, edit: str
    ) -> SubscriptionFormView:
        """The form with what follows from its fields, but for the preview."""
        visibility = await self.commands.coaching.visibility(asker)
        groups = await self.catalogue.items(NameKind.GROUP) if fields.question is None else ()
        theirs = [each for each in groups if visibility.covers_group(each.id)]
        now, problem, seen = self.clock(), None, None
        times: tuple[datetime, ...] = ()
        try:
            schedule = schedule_of_fields(fields, now)
            taken = await self.commands.deliveries.taken([edit])
            times = coming(schedule, now, taken=taken[edit])
            if fields.channel_id:
                seen = await self.commands.audience(asker, fields.channel_id, changes=edit)
            ask = await self._ask(asker, fields)
            asked = await self.commands.may_have(asker, visibility, ask)
            if seen is not None:
                require(asker, visibility, ask, seen.place, asked)
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

    async def _preview(self, asker: Asker, fields: Fields) -> Message | None:
        """What would be posted; None where that can't be told. Raises UserError."""
        schedule = schedule_of_fields(fields, self.clock())
        plan = new_plan("", schedule, await self._ask(asker, fields), fields.parts)
        visibility = await self.commands.coaching.visibility(asker)
        await self.commands.may_have(asker, visibility, plan.ask)
        now = self.clock()
        one = Subscription("", asker.team_id, asker.user_id, plan, now, now)
        try:
            answer = await self.commands.answer_now(one)
        except UserError:
            raise
        except BotError:
            return None  # it can be saved all the same
        if answer is Why.EMPTY_GROUP:
            raise UserError(EMPTY.pattern)
        if isinstance(answer, Why):
            raise UserError(f"There is nothing to show: {REASONS[answer].short}.")
        return self.messages.draw(answer, PREVIEW_LEVEL)

    async def _ask(self, asker: Asker, fields: Fields) -> str:
        """What the form is about, in stored words. Raises UserError and ExecError."""
        if fields.question is not None:
            return await self.commands.stored_questions.ask_of(asker, fields.question)
        if not fields.group:
            raise UserError(WHICH.pattern)
        return team_ask((await self.commands.group(asker, fields.group)).id)

    async def _fields_of(self, asker: Asker, ask: str, fields: Fields) -> Fields:
        """The fields with what is asked: a group, or a question in words."""
        if group_id := group_of(ask):
            return replace(fields, group=group_id)
        question = await self.commands.stored_questions.readable(asker.team_id, ask)
        return replace(fields, group="", question=question)

    def _empty(self, private: str, fields: Fields, *, changes: bool) -> SubscriptionFormView:
        return SubscriptionFormView(
            private=private,
            groups=(),
            group=fields.group,
            question=fields.question,
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
