"""Questions as subscriptions hold them: canonical words with ids, the report's name first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.access import AccountType, Asker
from bot.answer import Answered, Answerer, report_of
from bot.asking import Asking
from bot.channel_rules import NOT_IN_CHANNELS, WHOLE_IN_CHANNELS, ChannelRules
from bot.errors import Broken, NotAllowed, UserError
from bot.language.filters import query_words, removable
from bot.language.query import Kind, NameRef, PersonKind, PersonRef, ResolvedQuery
from bot.language.text import plain_text
from bot.messages.render import Draft, draft
from bot.outbox.deliveries import Delivery, DeliveryKind
from bot.outbox.plans import TEAM, Subscription, kind_of, team_ask
from bot.outbox.reasons import NotSentReason
from bot.people.accounts import People
from bot.people.audit import Audit, Look
from bot.prepare import Mode
from bot.question import Question
from bot.reports._report import ENOUGH_PEOPLE, AnyReport
from bot.reports.table import BY_WORD


@dataclass(frozen=True, slots=True)
class StoredQuestions:
    """Both directions, words to stored words and back, raise UserError, with what to do instead,
    and ExecError."""

    answerer: Answerer
    asking: Asking
    rules: ChannelRules

    async def ask_of(self, asker: Asker, text: str) -> str:
        """What `asker` means by this text, in stored words."""
        reading = await self.asking.meaning(asker, text)
        report = BY_WORD.get(reading.row.name)
        if report is None or not self.rules.may_post(report):
            raise NotAllowed(NOT_IN_CHANNELS)
        question = await self.answerer.question(asker, reading.query, report)
        if question.resolved.absent:
            raise NotAllowed(WHOLE_IN_CHANNELS)
        if report.name == TEAM and (group_id := _group_alone(question)):
            return team_ask(group_id)
        return _written(question, _by_id)

    async def asked(self, team_id: str, ask: str) -> ResolvedQuery | NotSentReason | None:
        """What stored words ask, or why it can't be posted in a channel; None for a group's digest,
        a coach's message and an own week."""
        if kind_of(ask):
            return None
        report = BY_WORD.get(ask.partition(" ")[0])
        if report is None or not self.rules.may_post(report):
            return NotSentReason.PRIVATE
        try:
            asked = await self.resolve(team_id, ask)
        except UserError:
            return NotSentReason.NOT_UNDERSTOOD
        if asked.people is not None and len(asked.people) < ENOUGH_PEOPLE:
            return NotSentReason.FEW_PEOPLE
        return asked

    async def resolve(self, team_id: str, ask: str) -> ResolvedQuery:
        """Stored words in ids, whoever they are about."""
        return (await self._question(team_id, ask)).resolved

    async def readable(self, team_id: str, ask: str) -> str:
        """Stored words as people type them: with names and addresses; as they are stored where
        something that they name is gone."""
        try:
            question = await self._question(team_id, ask)
        except UserError:
            return ask
        return _written(question, _by_name)

    async def _question(self, team_id: str, ask: str) -> Question:
        # Sees everybody and is nobody: what is asked does not depend on who reads it.
        asker = Asker(
            team_id, "", "", "", AccountType.FULL, ZoneInfo("UTC"), None, named_admin=True
        )
        report, text = report_of(ask)
        return await self.answerer.question(asker, text, report)


@dataclass(frozen=True, slots=True)
class ChannelAnswers:
    """The answer to a stored question as it stands in a channel."""

    answerer: Answerer
    people: People
    audit: Audit
    clock: Callable[[], datetime]

    async def build(self, one: Subscription, delivery: Delivery) -> Draft | NotSentReason:
        """The answer as its owner, or whoever pressed Send now, may see it. Raises ExecError,
        SlackError and StorageError."""
        asker = await self.people.asker(one.team_id, delivery.asked_by or one.owner_id)
        try:
            found = await self._posted(asker, one, delivery.at, Mode.DUE)
        except NotAllowed:
            # It was judged just before: what is unknown is who is in the groups of the owner.
            raise Broken("timeout") from None
        except UserError:
            return NotSentReason.NOT_UNDERSTOOD
        await self.audit.note(Look(asker, found.report.name, found.named))
        return draft(
            "posted",
            **found.values,
            owner=await self._owner(one),
            id=delivery.id,
            late=delivery.at if delivery.is_late(self.clock()) else None,
            sent_by=asker.name if delivery.kind is DeliveryKind.NOW else None,
        )

    async def preview(self, asker: Asker, one: Subscription) -> Draft | NotSentReason:
        """The answer as its owner may see it now, shown to `asker`. Raises as `build`."""
        owner = await self.people.asker(one.team_id, one.owner_id)
        try:
            found = await self._posted(owner, one, self.clock(), Mode.QUESTION)
        except NotAllowed:
            return NotSentReason.NOT_ALL_THEIRS
        except UserError:
            return NotSentReason.NOT_UNDERSTOOD
        await self.audit.note(Look(asker, found.report.name, found.named))
        owner_name = await self._owner(one)
        values = found.values
        return draft("posted", **values, owner=owner_name, id=None, late=None, sent_by=None)

    async def _posted(self, asker: Asker, one: Subscription, at: datetime, mode: Mode) -> Answered:
        zone = one.plan.zone
        return await self.answerer.posted(asker, one.plan.ask, at=at, zone=zone, mode=mode)

    async def _owner(self, one: Subscription) -> str:
        return (await self.people.asker(one.team_id, one.owner_id)).name


def named_report(text: str) -> tuple[AnyReport, str] | None:
    """The report that a text names by its first word, and the rest; None if it names none that has
    a subcommand."""
    first, _, rest = text.strip().partition(" ")
    report = BY_WORD.get(plain_text(first).casefold())
    return (report, rest.strip()) if report is not None and report.asked else None


Refer = Callable[[ResolvedQuery], tuple[tuple[PersonRef, ...], tuple[NameRef, ...]]]


def _group_alone(question: Question) -> str:
    """The one group that is asked about without further filters: what comes is its digest, and the
    schedule says its period. "" of any other question."""
    query, names = question.query, question.resolved.names
    alone = [name.id for name in names if name.kind is Kind.GROUP]
    if len(alone) != 1 or removable(replace(query, names=(), people=(), period=None)):
        return ""
    return "" if question.resolved.people else alone[0]


def _written(question: Question, refer: Refer) -> str:
    query, resolved = question.query, question.resolved
    people, names = refer(resolved)
    if query.people and all(ref.kind is PersonKind.USERGROUP for ref in query.people):
        people = query.people  # who is in it may change
    text = query_words(replace(query, people=people, names=names, page=1))
    return f"{question.report.name} {text}".strip()


def _by_id(resolved: ResolvedQuery) -> tuple[tuple[PersonRef, ...], tuple[NameRef, ...]]:
    """In the order of the ids, so that one question has one form."""
    ids = sorted({person.id for person in resolved.people or ()})
    names = sorted({(thing.kind, thing.id) for thing in resolved.names})
    return (
        tuple(PersonRef(PersonKind.PERSON, id_) for id_ in ids),
        tuple(NameRef(kind, id_) for kind, id_ in names),
    )


def _by_name(resolved: ResolvedQuery) -> tuple[tuple[PersonRef, ...], tuple[NameRef, ...]]:
    people = (
        PersonRef(PersonKind.EMAIL, person.email)
        if person.email
        else PersonRef(PersonKind.PERSON, person.id)
        for person in resolved.people or ()
    )
    things = resolved.names
    called = [(thing.kind, thing.name) for thing in things]
    names = (
        NameRef(thing.kind, thing.name if called.count((thing.kind, thing.name)) == 1 else thing.id)
        for thing in things
    )
    return tuple(people), tuple(names)
