"""Alerts: what a coach wants to be told of as it happens, set with `/exec alert …`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.access import AccountType, Asker, Visibility
from bot.env import Env
from bot.errors import (
    Ambiguous,
    BotError,
    NotAllowed,
    NotFound,
    Pattern,
    StorageError,
    Suggestion,
    UserError,
)
from bot.exec_api.purposes import DUE
from bot.features import Button, Command, Feature, Job, as_it_is, by_asker
from bot.gather.facts import Gather, TasksAge
from bot.language.alert_words import Rule, What, read
from bot.language.filters.row import listed
from bot.language.locale import written_for
from bot.language.query import Kind, NameRef, PersonKind, PersonRef, Query, ResolvedQuery
from bot.language.text import plain
from bot.language.words import words
from bot.mirror.held import Held
from bot.outbox.alerts import MOST, Alert, Alerts, Change, Said
from bot.people.audit import Audit, Door, Look
from bot.people.coaching import Coaching
from bot.people.parser import Parser
from bot.people.people import People
from bot.pipeline import Pipeline, Request
from bot.rendering.alert_views import AlertLine, AlertSetView, AlertsView, AlertView, Happened
from bot.rendering.messages import View
from bot.rendering.views import BOTH, HelpLine
from bot.reports.alerts import NAME, Happening, Seen, narrowed, news, report_on
from bot.reports.findings import Excused
from bot.reports.intervals import moved
from bot.storage.leases import Leases
from bot.understanding import Understood

log = logging.getLogger(__name__)

# The team and the Slack user.
Owner: TypeAlias = tuple[str, str]
LEASE_NAME, LEASE = "alerts", timedelta(minutes=3)
AT_MOST_EVERY = timedelta(hours=1)
# By the owner's clock: they are told from the first on, and before the second.
MORNING, EVENING = time(7), time(20)
# After Slack or Exec failed, the owner's alerts are looked at again.
AGAIN_AFTER = timedelta(minutes=5)
# Nobody of it is theirs to see.
LOST = (NotAllowed, NotFound, Ambiguous)
LIST = ("", "list", "remove")
MY_ALERTS = Suggestion("My alerts", "alert list")
# These mean whoever it is then.
_WHOEVER = (PersonKind.MINE, PersonKind.USERGROUP)
LINES = (
    HelpLine(
        (
            "alert [who] gold",
            "alert [who] inactive 14d",
            "alert [who] below 70",
            "alert [who] overdue",
            "alert list",
        ),
        Pattern(
            "Coaches and admins: be told once when it happens. That is a first gold, days "
            "without practice, three graded attempts in a row that average below a score, or an "
            "assignment that passes its due date."
        ),
        'alert group:"West Coast" inactive 14d',
        BOTH,
    ),
)


@dataclass(frozen=True, slots=True)
class AlertCommands:
    """All raise UserError with what to do instead, SlackError, ExecError and StorageError."""

    env: Env
    alerts: Alerts
    looks: AlertLooks
    pipeline: Pipeline
    audit: Audit

    @property
    def feature(self) -> Feature:
        return Feature(
            commands=(Command("alert", self.run, LINES, ("alerts",)),),
            buttons={
                "alert.remove": Button(as_it_is, by_asker(self.remove)),
                "alert.undo": Button(as_it_is, by_asker(self.undo)),
            },
            jobs={"alerts": Job(self.looks.run, 15)},
        )

    async def run(self, request: Request, rest: str) -> View:
        """Answer `alert <rest>`."""
        asker = request.asker
        if not asker.team_id:
            raise UserError("Alerts are set up in Slack: there they can be told.")
        word = plain(rest).casefold().partition(" ")[0]
        if word in LIST:
            return await self.listed(asker)
        await self._allow(asker)
        who, rule = read(rest)
        return await self._set(request, who, rule)

    async def listed(self, asker: Asker) -> AlertsView:
        """The asker's alerts."""
        ones = await self.alerts.listed(asker.team_id, asker.user_id)
        return AlertsView(tuple([await self.looks.line(one, asker) for one in ones]))

    async def remove(self, asker: Asker, id_: str) -> AlertsView:
        """Remove an alert; the list offers to undo that."""
        one = await self._own(asker, id_)
        if not await self.alerts.remove(one.id):
            raise _gone()
        return AlertsView(
            (await self.listed(asker)).lines, removed=await self.looks.line(one, asker)
        )

    async def undo(self, asker: Asker, id_: str) -> AlertsView:
        """Bring back an alert that was removed lately."""
        one = await self._own(asker, id_)
        if not await self.alerts.undo(one.id):
            raise UserError(
                "That can't be undone any more: it is more than 10 minutes ago, or was undone.",
                (MY_ALERTS,),
            )
        return AlertsView(
            (await self.listed(asker)).lines, restored=await self.looks.line(one, asker)
        )

    async def _allow(self, asker: Asker) -> None:
        seen = await self.looks.coaching.visibility(asker)
        if not (seen.everyone or seen.coaches):
            raise NotAllowed(
                "Alerts are for coaches and admins, and you coach nobody. `{command} me` shows "
                "your own practice.",
                (Suggestion("Show my week", "me"),),
            )

    async def _set(self, request: Request, typed: str, rule: Rule) -> View:
        asker = request.asker
        try:
            understood = await self.looks.understood(asker, typed, rule)
        except UserError as problem:
            # What is offered in place of a name has the rule behind it, as what was typed.
            problem.suggestions = tuple(
                Suggestion(way.label, f"{way.words} {rule.words}")
                if way.words.split(" ")[0] == NAME
                else way
                for way in problem.suggestions
            )
            raise
        who = _stored(understood)
        owner = (asker.team_id, asker.user_id)
        old = await self.alerts.like(*owner, who, rule)
        if old is not None and not old.paused:
            raise UserError(
                "You have this alert already: *{who}*, {what}.",
                (MY_ALERTS,),
                who=listed((await self.looks.line(old, asker)).who[:3] or ("everyone",), "and"),
                what=rule.spoken,
            )
        if old is None and len(await self.alerts.listed(*owner)) >= MOST:
            raise UserError(
                "You have {most} alerts, and more are too many to look over. Remove one first.",
                (MY_ALERTS,),
                most=str(MOST),
            )
        looked_at = await self.looks.looked_at()
        seen = await self.looks.seen(asker, understood.resolved, rule)
        known = {each.key: each.person_id for each in seen.so}
        one = await self.alerts.keep(*owner, who, rule, looked_at=looked_at, known=known)
        line = await self.looks.line(one, asker)
        named = frozenset(known.values()) - {""}
        look = Look(self.env.new_id(), asker, NAME, request.door, named)
        await self.audit.note(look)
        return AlertSetView(
            line=line,
            already=Happened(rule.what, rule.number, line.who, seen.so, seen.since),
            zone=str(asker.zone),
            now=self.env.clock(),
            resumed=old is not None,
            offers=await self.pipeline.offers(asker, (MY_ALERTS,)),
        )

    async def _own(self, asker: Asker, id_: str) -> Alert:
        """An alert of the asker's. Raises NotFound, in the same words for somebody else's."""
        one = await self.alerts.find(id_)
        if one is None or (one.team_id, one.owner_id) != (asker.team_id, asker.user_id):
            raise _gone()
        return one


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look at an alert found: the change to note, and what is news of it."""

    change: Change
    understood: Understood | None = None
    happenings: tuple[Happening, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertLooks:
    """Looks at all alerts with each look at Exec that brings anything new, and tells their owners
    what happened; whom an alert is about, and what of them is the owner's to see, is judged anew
    each time.

    Safe in several processes: what is told is noted with the message in one transaction, by
    whoever comes first.
    """

    env: Env
    alerts: Alerts
    pipeline: Pipeline
    parser: Parser
    coaching: Coaching
    gather: Gather
    held: Held
    people: People
    leases: Leases
    _not_before: dict[Owner, datetime] = field(default_factory=dict)
    # Up to which change of what is held each owner's alerts were looked at.
    _seen_change: dict[Owner, datetime | None] = field(default_factory=dict)
    _zones: dict[Owner, ZoneInfo] = field(default_factory=dict)

    async def run(self) -> None:
        """Look at all alerts of which something new may be known. Raises StorageError."""
        owners = await self.alerts.on()
        if not owners:
            return
        changed_at, known_to = self.held.changed_at, await self.looked_at()
        due = {
            owner: ones
            for owner, ones in owners.items()
            if self._is_due(owner, ones, known_to, changed_at) and self._may_try(owner)
        }
        if not due or not await self.leases.take(LEASE_NAME, LEASE):
            return
        try:
            for owner, ones in due.items():
                await self.leases.take(LEASE_NAME, LEASE)
                await self._try(owner, ones, known_to, changed_at)
        finally:
            await self.leases.give_back(LEASE_NAME)

    async def is_awaited(self) -> bool:
        """Whether somebody would be told of news at this hour. Raises StorageError."""
        return any(map(self._is_day, await self.alerts.on()))

    def _is_day(self, owner: Owner) -> bool:
        """By the owner's clock; taken for day until somebody looked what that shows."""
        zone, now = self._zones.get(owner), self.env.clock()
        return zone is None or MORNING <= now.astimezone(zone).time() < EVENING

    def _is_due(
        self,
        owner: Owner,
        ones: tuple[Alert, ...],
        known_to: datetime,
        changed_at: datetime | None,
    ) -> bool:
        """Whether there are newer sessions than at the last look, or others than this process has
        seen: late grades come by looks that bring no newer ones."""
        is_newer = min(one.looked_at for one in ones) < known_to
        return is_newer or self._seen_change.get(owner) != changed_at

    def _may_try(self, owner: Owner) -> bool:
        return self._not_before.get(owner, self.env.clock()) <= self.env.clock()

    async def _try(
        self,
        owner: Owner,
        ones: tuple[Alert, ...],
        known_to: datetime,
        changed_at: datetime | None,
    ) -> None:
        try:
            if await self._look(owner, ones, known_to):
                self._seen_change[owner] = changed_at
        except StorageError:
            raise
        except BotError as error:
            log.info("alerts wait: %s", type(error).__name__)
            self._not_before[owner] = self.env.clock() + AGAIN_AFTER
        else:
            self._not_before.pop(owner, None)

    async def _look(self, owner: Owner, ones: tuple[Alert, ...], known_to: datetime) -> bool:
        """Look at the alerts of an owner; False where it is not the time for it."""
        team_id, user_id = owner
        if await self.alerts.told_since(user_id, self.env.clock() - AT_MOST_EVERY):
            return False
        try:
            asker = await self.people.asker(team_id, user_id)
        except NotFound:
            await self._pause_silently(ones, known_to)
            return True
        self._zones[owner] = asker.zone
        if not self._is_day(owner):
            return False
        if asker.account_type is not AccountType.FULL:
            await self._pause_silently(ones, known_to)
            return True
        visibility = await self._visibility(asker)
        if visibility is not None and visibility.unsure:
            return False  # nobody can tell just now who is in their groups
        told = await self.alerts.told([one.id for one in ones])
        looked = [await self._at(asker, one, visibility, told[one.id]) for one in ones]
        await self._note(asker, looked, known_to)
        return True

    async def _pause_silently(self, ones: Sequence[Alert], known_to: datetime) -> None:
        """Nobody reads a message to an account that is gone, and guests are told nothing."""
        await self.alerts.note([Change(one, {}, pauses=True) for one in ones], known_to)

    async def _visibility(self, asker: Asker) -> Visibility | None:
        """What an owner sees; None where that is nobody but themselves."""
        try:
            found = await self.coaching.visibility(asker, purpose=DUE)
        except NotAllowed:
            return None
        return found if found.everyone or found.coaches else None

    async def _at(
        self,
        asker: Asker,
        one: Alert,
        visibility: Visibility | None,
        told: frozenset[str],
    ) -> Looked:
        understood = None
        if visibility is not None:
            understood = await self.theirs(asker, one, visibility)
        if understood is None:
            return Looked(Change(one, {}, pauses=True))
        query = understood.resolved
        seen = await self.seen(asker, query, one.rule)
        found = news(one.rule, seen, told, one.created_at)
        if found and one.rule.what is What.OVERDUE:
            # The list may be a day old, and done since.
            seen = await self.seen(asker, query, one.rule, tasks="fresh")
            found = news(one.rule, seen, told, one.created_at)
        keys = {each.key: each.person_id for each in found}
        return Looked(Change(one, keys, seen.over & told), understood, found, seen.since)

    async def _note(self, asker: Asker, looked: Sequence[Looked], known_to: datetime) -> None:
        """Note what was found, with the message about it if there is any news."""
        changes = [each.change for each in looked]
        paused = [each.alert for each in changes if each.pauses]
        happened = _merged(looked)
        if not (happened or paused):
            await self.alerts.note(changes, known_to)
            return
        offers = await self.pipeline.offers(asker, (Suggestion("My alerts", "alert list"),))
        view = AlertView(
            news=happened,
            paused=tuple([await self.line(one, asker) for one in paused]),
            zone=str(asker.zone),
            as_of=known_to,
            now=self.env.clock(),
            offers=offers,
        )
        named = {each.person_id for of in happened for each in of.happenings} - {""}
        look = Look(self.env.new_id(), asker, NAME, Door.CLOCK, frozenset(named))
        with written_for(await self.people.locale(asker.team_id, asker.user_id)):
            message = self.env.messages.draw(view)
        await self.alerts.note(changes, known_to, Said(message, look))

    async def understood(self, asker: Asker, who: str, rule: Rule) -> Understood:
        """Whom these words mean, all of them the asker's to see. Raises UserError."""
        asked = await self.pipeline.understand(asker, who, report_on(rule))
        if asked.query.names and asked.resolved.people is not None and not asked.query.people:
            # A group that is not theirs would be cut to themselves.
            raise NotAllowed(
                "Alerts about a group are for those who coach all of it, and for admins."
            )
        return asked

    async def theirs(self, asker: Asker, one: Alert, visibility: Visibility) -> Understood | None:
        """The same of an alert, cut to those who still are; None where nobody is."""
        try:
            return await self.understood(asker, one.who, one.rule)
        except LOST:
            query = await self.parser.read(one.who, asker.zone, visibility, lead=NAME)
        rule = one.rule
        people = [
            ref for ref in query.people if await self._is_theirs(asker, Query(people=(ref,)), rule)
        ]
        names = [
            ref for ref in query.names if await self._is_theirs(asker, Query(names=(ref,)), rule)
        ]
        if not (people or names):
            return None
        left = replace(query, people=tuple(people), names=tuple(names))
        return await self.understood(asker, words(left), one.rule)

    async def _is_theirs(self, asker: Asker, alone: Query, rule: Rule) -> bool:
        try:
            await self.understood(asker, words(alone), rule)
        except LOST:
            return False
        return True

    async def seen(
        self, asker: Asker, query: ResolvedQuery, rule: Rule, tasks: TasksAge = "usual"
    ) -> Seen:
        """What is so of a rule now, as far as that is held."""
        report, zone, now = report_on(rule), str(asker.zone), self.gather.clock()
        asked, needs = narrowed(query, rule, now, zone), report.needs
        held = await self.gather.held(asked, needs, zone=zone, purpose=DUE, tasks=tasks)
        facts = held.facts
        if rule.what is What.INACTIVE:
            coach = asker.member.id if asker.member else ""
            joined = await self.coaching.rosters.joined_since(
                moved(facts.window.now, -int(rule.number), zone),
                groups=query.groups,
                named=[person.id for person in query.people or ()],
            )
            snoozed = frozenset(await self.coaching.coaches.snoozed(coach))
            facts = replace(facts, excused=Excused(joined=joined, snoozed=snoozed))
        return await asyncio.to_thread(report.figures, facts)

    async def looked_at(self) -> datetime:
        """Up to when sessions are known."""
        return await self.gather.sessions.looked_at()

    async def line(self, one: Alert, owner: Asker) -> AlertLine:
        """An alert as its owner may read it now: with the names of those whom they still see."""
        nobody = Asker(
            one.team_id, "", "", "", AccountType.FULL, ZoneInfo("UTC"), None, named_admin=True
        )
        try:
            understood = await self.understood(nobody, one.who, one.rule)
        except LOST:
            return AlertLine(one.id, ("someone who is gone",), one.rule.spoken, one.paused)
        try:
            seen = await self.coaching.visibility(owner, purpose=DUE)
        except NotAllowed:
            seen = Visibility(everyone=False)
        return AlertLine(one.id, called(understood, seen), one.rule.spoken, one.paused)


def called(understood: Understood, seen: Visibility) -> tuple[str, ...]:
    """The names of whom a question is about, as far as they may be seen; () for everyone."""
    query, resolved = understood.query, understood.resolved
    for ref in query.people:
        if ref.kind is PersonKind.MINE:
            return ("your people",)
        if ref.kind is PersonKind.USERGROUP:
            return (f"@{ref.label.removeprefix('@')}" if ref.label else "a user group",)
    people = [person.name for person in resolved.people or () if seen.covers((person,))]
    groups = [each for each in resolved.names if each.kind is Kind.GROUP]
    names = (*people, *(each.name for each in groups if seen.knows(each)))
    if len(names) == len(resolved.people or ()) + len(groups):
        return names
    return (*names, "others") if names else ("someone who is not yours to see",)


def _merged(looked: Sequence[Looked]) -> tuple[Happened, ...]:
    """What happened, each thing once, whichever of the alerts it is news of."""
    found: list[Happened] = []
    seen: set[tuple[Rule, str]] = set()
    for each in looked:
        rule, understood = each.change.alert.rule, each.understood
        fresh = tuple(one for one in each.happenings if (rule, one.key) not in seen or not one.name)
        seen |= {(rule, one.key) for one in fresh}
        if fresh and understood is not None:
            found.append(
                Happened(
                    rule.what,
                    rule.number,
                    called(understood, understood.visibility),
                    fresh,
                    each.since,
                )
            )
    return tuple(found)


def _gone() -> NotFound:
    return NotFound("This alert is not there any more.", (MY_ALERTS,))


def _stored(understood: Understood) -> str:
    """Whom an alert is about, in canonical words with ids. Raises UserError for a mixture."""
    query, resolved = understood.query, understood.resolved
    whoever = tuple(ref for ref in query.people if ref.kind in _WHOEVER)
    groups = sorted(each.id for each in resolved.names if each.kind is Kind.GROUP)
    if (query.people and query.names) or (whoever and len(query.people) > 1):
        raise UserError(
            "One alert is about people, about groups, or about your people. Set one for each, like "
            "`{command} alert @jane gold` and `{command} alert group:west gold`."
        )
    if whoever or not (query.people or query.names or understood.visibility.everyone):
        return words(Query(people=whoever or (PersonRef(PersonKind.MINE),)))
    ids = sorted({person.id for person in resolved.people or () if query.people})
    return words(
        Query(
            people=tuple(PersonRef(PersonKind.PERSON, id_) for id_ in ids),
            names=tuple(NameRef(Kind.GROUP, id_) for id_ in groups if query.names),
        )
    )
