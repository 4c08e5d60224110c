"""Questions as subscriptions hold them: canonical words with ids, the report's name first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.access import AccountType, Asker
from bot.errors import UserError
from bot.language.query import NameRef, PersonKind, PersonRef, ResolvedQuery
from bot.language.text import plain
from bot.language.words import words
from bot.outbox.deliveries import Delivery
from bot.outbox.plans import TEAM, Subscription
from bot.outbox.reasons import Why
from bot.people.people import People
from bot.pipeline import Pipeline, Request, Understood
from bot.rendering.draw import View
from bot.rendering.views import CostView, ProgressView, SharedView
from bot.storage.commands import StoredCommands

# The report that is meant where words name none, and the words that name one.
USUAL = "sessions"
REPORT_WORDS = {"sessions": USUAL, "session": USUAL, "team": TEAM}
PUBLIC = frozenset({USUAL})  # the reports whose answer may stand in a channel
SHARED = "shared"  # marks the stored command behind Remove of a posted answer


@dataclass(frozen=True, slots=True)
class StoredQuestions:
    """Both directions raise UserError, with what to do instead, and ExecError."""

    pipeline: Pipeline

    async def ask_of(self, asker: Asker, text: str) -> str:
        """What `asker` means by this text, in stored words."""
        report, rest = named_report(text) or (USUAL, text)
        understood = await self.pipeline.understand(asker, rest)
        return _written(report, understood, _by_id)

    async def resolve(self, team_id: str, ask: str) -> ResolvedQuery:
        """Stored words in ids, whoever they are about."""
        return (await self._understood(team_id, ask)).resolved

    async def readable(self, team_id: str, ask: str) -> str:
        """Stored words as people type them: with names and addresses; as they are stored where
        something that they name is gone."""
        try:
            understood = await self._understood(team_id, ask)
        except UserError:
            return ask
        return _written(ask.partition(" ")[0], understood, _by_name)

    async def _understood(self, team_id: str, ask: str) -> Understood:
        # Sees everybody and is nobody: what is asked does not depend on who reads it.
        asker = Asker(
            team_id, "", "", "", AccountType.FULL, ZoneInfo("UTC"), None, named_admin=True
        )
        return await self.pipeline.understand(asker, ask.partition(" ")[2])


@dataclass(frozen=True, slots=True)
class ChannelAnswers:
    """The answer to a stored question as it stands in a channel."""

    pipeline: Pipeline
    people: People
    stored: StoredCommands

    async def build(self, one: Subscription, delivery: Delivery | None) -> View | Why:
        """The answer as its owner, or whoever pressed Send now, may see it; without a delivery
        a preview. Raises ExecError, SlackError and StorageError."""
        by = (delivery.asked_by if delivery else "") or one.owner_id
        asker = await self.people.asker(one.team_id, by)
        asker = replace(asker, zone=ZoneInfo(one.plan.zone))
        request = Request(asker, one.plan.place, can_share=False, tell=_nobody_waits)
        try:
            answer = await self.pipeline.ask(request, one.plan.ask.partition(" ")[2])
        except UserError:
            return Why.NOT_UNDERSTOOD
        if isinstance(answer, CostView):
            return Why.EXEC_AWAY
        answer = await self.pipeline.page(request, answer.id, 0, in_channel=True)
        (share_id,) = await self.stored.keep(one.team_id, by, (SHARED,), channel_id=one.plan.place)
        return SharedView(answer, asker.name, share_id)


async def _nobody_waits(_view: ProgressView) -> None:
    """Nobody watches how far it is."""


def named_report(text: str) -> tuple[str, str] | None:
    """The report that a text names by its first word, and the rest; None if it names none."""
    first, _, rest = text.strip().partition(" ")
    report = REPORT_WORDS.get(plain(first).casefold())
    return None if report is None else (report, rest.strip())


Refer = Callable[[ResolvedQuery], tuple[tuple[PersonRef, ...], tuple[NameRef, ...]]]


def _written(report: str, understood: Understood, refer: Refer) -> str:
    query, resolved = understood.query, understood.resolved
    people, names = refer(resolved)
    if query.people and all(ref.kind is PersonKind.USERGROUP for ref in query.people):
        people = query.people  # who is in it may change
    return f"{report} {words(replace(query, people=people, names=names, page=1))}".strip()


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
