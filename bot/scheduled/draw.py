"""Draws scheduled messages: answers to stored questions, by what their owner can see at that time.

Reports with a message of their own (digest, coach's list, own week, alerts) add the function that
draws it to `Drawer.drawings`. The answer to any other question is posted like a shared answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from bot.ask.answer import Answerer
from bot.ask.prepare import Mode, Preparer
from bot.ask.public import names_few
from bot.ask.question import Question
from bot.clock import Now
from bot.errors import NotAllowed, NotFound, NotRead, SlackError, UserError
from bot.exec.budget import Purpose
from bot.exec.lists import Lists
from bot.language.locale import written_for
from bot.language.query import ResolvedQuery
from bot.messages.render import Drawable, Messages, draft
from bot.people.access import Asker, Visibility
from bot.people.accounts import Accounts
from bot.people.audience import Audiences
from bot.people.audit import Audit, Look, groups_of
from bot.people.coaches import Coaching
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import AnyReport
from bot.reports.digest import REPORT as DIGEST
from bot.reports.intervals import Periods, period_of
from bot.scheduled.delivery import Delivery, DeliveryKind, Reason, Unsent
from bot.scheduled.describe import Describer
from bot.scheduled.outbox import PERMANENT, Drawn
from bot.scheduled.stored_words import StoredWords
from bot.scheduled.together import DifferenceRule

# A drawn message, and the facts in it that are stored with the delivery.
Drawing: TypeAlias = tuple[Drawable, list[Any] | None]
# Draws the message of a delivery; with Mode.QUESTION it is a preview for the asker alone. Raises
# Unsent, Nothing, UserError, ExecError, SlackError and StorageError.
DrawDelivery: TypeAlias = Callable[[Asker, Delivery, Mode], Awaitable[Drawing]]


def may_ask(seen: Visibility, query: ResolvedQuery) -> bool:
    """Whether somebody can ask a whole question, assuming that the members of their groups, if
    unknown, are the people in it."""
    unsure_of_people = query.people is not None and bool(seen.unsure)
    is_theirs = seen.covers(query.people, query.groups)
    return is_theirs or unsure_of_people or seen.is_unsure_of(query.groups)


async def prepare(
    preparer: Preparer, query: ResolvedQuery, report: AnyReport, periods: Periods, mode: Mode
) -> PreparedQuestion:
    """A report's question about fixed periods, prepared."""
    return await preparer.prepare(
        replace(query, period=period_of(periods.interval, periods.zone)),
        periods.zone,
        needs=report.needs,
        mode=mode,
        now=periods.now,
        periods=periods,
    )


@dataclass(frozen=True, slots=True)
class Drawer:
    """Draws deliveries. `drawings` are reports with a message of their own, by name."""

    preparer: Preparer
    answerer: Answerer
    accounts: Accounts
    coaching: Coaching
    lists: Lists
    audiences: Audiences
    stored_words: StoredWords
    describer: Describer
    posts: DifferenceRule
    messages: Messages
    audit: Audit
    clock: Now
    drawings: dict[str, DrawDelivery] = field(default_factory=dict)

    async def draw(self, row: Delivery) -> Drawn:
        """The message of a delivery, by what its owner can see now, and the facts in it."""
        asker = await self.owner_of(row)
        if not row.is_personal:
            await self.check_place(row)
            if await self.posts.reveal(row.team_id, row.place, row.words, row.subscription_id):
                raise Unsent(Reason.TOGETHER)
        with written_for(await self.accounts.locale(row.team_id, row.place)):
            view, facts = await self.draw_for(asker, row, Mode.DUE)
            return self.messages.message(view), facts

    async def draw_for(self, asker: Asker, row: Delivery, mode: Mode) -> Drawing:
        """The message of a delivery, by what `asker` can see."""
        draw_own = self.drawings.get(row.words.partition(" ")[0])
        if draw_own is not None:
            return await draw_own(asker, row, mode)
        question = await self.question_of(asker, row)
        if names_few(question.resolved):
            raise Unsent(Reason.FEW)
        try:
            answered = await self.answerer.posted(
                asker, row.words, at=row.planned_at, zone=row.zone, mode=mode
            )
        except NotAllowed:
            raise Unsent(Reason.FEW) from None
        await self.audit.note(await self.answerer.look(asker, answered))
        owner = await self.describer.owner_name(row.team_id, row.owner_id)
        values = self._delivery_values(asker, row, mode)
        return draft("posted", **answered.values, owner=owner, **values), None

    async def draw_digest(self, asker: Asker, row: Delivery, mode: Mode) -> Drawing:
        """A group's digest for its channel."""
        query = (await self.question_of(asker, row)).resolved
        prepared = await prepare(self.preparer, query, DIGEST, row.periods(self.clock()), mode)
        computed = await DIGEST.figures(prepared)
        figures = DIGEST.in_channel(computed, own=False)
        if figures is None:
            raise Unsent(Reason.FEW)
        named = frozenset(best.member_id for best in computed.bests)
        await self.audit.note(Look(asker, DIGEST.name, named, groups_of(query)))
        values = self._delivery_values(asker, row, mode)
        return draft("digest", f=figures, q=prepared, group=query.names[0].name, **values), None

    def _delivery_values(self, asker: Asker, row: Delivery, mode: Mode) -> dict[str, Any]:
        """A message's id (None in a preview), its subscription, when it was due if it is late, and
        who sent it."""
        return {
            "id": None if mode is Mode.QUESTION else row.id,
            "subscription_id": row.subscription_id,
            "late": row.late(self.clock()),
            "sent_by": asker.name if row.kind is DeliveryKind.NOW else None,
        }

    # Rights, checked at each attempt

    async def owner_of(self, row: Delivery) -> Asker:
        """The owner of a delivery. Raises Unsent if they can't see anything, and NotRead while the
        members of their groups are unknown."""
        try:
            asker = await self.accounts.asker(row.team_id, row.owner_id)
            seen = await self.coaching.visibility(asker)
        except (NotFound, NotAllowed):
            raise Unsent(Reason.OWNER) from None
        if seen.unsure and not seen.everyone:
            await self.lists.use_teams(seen.unsure, Purpose.DUE)
            if (await self.coaching.visibility(asker)).unsure:
                raise NotRead("the members of the group")
        return asker

    async def question_of(self, asker: Asker, row: Delivery) -> Question:
        """The question of a delivery. Raises Unsent if its owner can't ask it anymore."""
        try:
            question = await self.stored_words.resolve(row.team_id, row.words)
        except UserError:
            raise Unsent(Reason.GONE) from None
        if not may_ask(await self.coaching.visibility(asker), question.resolved):
            raise Unsent(Reason.OWNER)
        return question

    async def check_place(self, row: Delivery) -> None:
        """Raises Unsent if practice can't be posted in a channel, and SlackError."""
        try:
            channel = await self.audiences.count(row.team_id, row.place)
        except SlackError as error:
            if error.code in PERMANENT:
                raise Unsent(Reason.CHANNEL) from None
            raise
        if channel.is_barred:
            raise Unsent(Reason.READERS)
