"""Alerts: what a coach wants to be told of as it happens, and once.

`/exec alert …` sets them. They are looked at after each look at Exec that brings anything new.
What is told stands in the outbox from the transaction on in which it is noted as told: whoever
stops in between, and however many processes look, it arrives once.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import AccountType, Asker, Visibility
from bot.answer import Answerer, Request
from bot.env import Env
from bot.errors import (
    Ambiguous,
    BotError,
    ExecError,
    NotAllowed,
    NotFound,
    Pattern,
    Sentence,
    StorageError,
    Suggestion,
    UserError,
)
from bot.exec_api.budget import Job
from bot.facts import Mode, ReadFacts, Sources
from bot.features import Button, Command, Feature, ScheduledJob, by_asker, id_value
from bot.language.alert_words import AlertKind, Rule, is_rule, read_rule
from bot.language.filters.row import listed
from bot.language.locale import written_for
from bot.language.phrases import WATCH
from bot.language.query import Kind, NameRef, PersonKind, PersonRef, Query, ResolvedQuery
from bot.language.text import plain_text
from bot.language.words import query_words
from bot.messages.blocks import Message
from bot.messages.render import View
from bot.mirror.lists import ASSIGNMENTS_AGE
from bot.mirror.query import read_window
from bot.outbox.deliveries import DeliveryKind, State, new_row, was_not_sent
from bot.people.accounts import People
from bot.people.audit import Audit, Look
from bot.people.coaches import Coaching
from bot.people.names import Resolver
from bot.question import SHOW_MY_WEEK, Question
from bot.rendering.alert_views import AlertEvents, AlertLine, AlertSetView, AlertsView, AlertView
from bot.rendering.views import BOTH, HelpLine, NoticeView
from bot.reports.alerts import NAME, AlertEvent, Evaluation, evaluate, narrowed, news, report_on
from bot.reports.intervals import last_days, moved
from bot.storage.buttons import Buttons, Person
from bot.storage.database import Database
from bot.storage.tables import alert as table
from bot.storage.tables import alert_told, delivery

log = logging.getLogger(__name__)

# The team and the Slack user.
Owner: TypeAlias = tuple[str, str]
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
LIST = ("", "list", "remove")
MY_ALERTS = Suggestion("My alerts", "alert list")
ONLY_THESE = (
    "I can't watch for that. Of *{who}* I can tell you once: a first gold, days without practice, "
    "a low average, or what gets overdue."
)
KINDS = (
    ("First golds", "gold"),
    ("14 days without practice", "inactive 14d"),
    ("Averages below 70", "below 70"),
    ("Overdue", "overdue"),
)
OWN_AVERAGE = (
    " That is each person's own, over three graded attempts in a row: I watch no average of a "
    "group."
)
# As many as a list shows at once.
MOST = 20
# How often new sessions are looked for, in seconds.
EVERY = 15
AT_MOST_EVERY = timedelta(hours=1)
# By the owner's clock: they are told from the first on, and before the second.
MORNING, EVENING = time(7), time(20)
# After Slack or Exec failed, the owner's alerts are looked at again.
AGAIN_AFTER = timedelta(minutes=5)
# Nobody of it is theirs to see.
LOST = (NotAllowed, NotFound, Ambiguous)
# These mean whoever it is then.
_WHOEVER = (PersonKind.MINE, PersonKind.USERGROUP)


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert as it stands. `who` are canonical words with ids; up to `looked_at` all that was
    known is told. `paused`: nobody of it is theirs to see any more."""

    id: str
    team_id: str
    owner_id: str
    who: str
    rule: Rule
    created_at: datetime
    looked_at: datetime
    paused: bool = False


@dataclass(frozen=True, slots=True)
class AlertChange:
    """What a look at an alert found: what its owner hears and knows from now on, and the keys of
    what is over; or that it pauses. `who` are the names of whom it is about; sessions are known
    `since` then, None for all."""

    alert: Alert
    events: tuple[AlertEvent, ...] = ()
    cleared: Collection[str] = ()
    pauses: bool = False
    who: tuple[str, ...] = ()
    since: datetime | None = None


class AlertStore:
    """What everybody wants to be told of, and what of it they know. All methods raise
    StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def like(self, team_id: str, owner_id: str, who: str, rule: Rule) -> Alert | None:
        """The one that watches for the same, perhaps paused; None where it is not there."""
        return await self.find(_id_of(team_id, owner_id, who, rule))

    async def keep(
        self,
        team_id: str,
        owner_id: str,
        who: str,
        rule: Rule,
        *,
        looked_at: datetime,
        known: Sequence[AlertEvent],
    ) -> Alert:
        """A new alert, or a paused one from now on; its owner knows what is `known`."""
        now = self._clock()
        new = Alert(
            _id_of(team_id, owner_id, who, rule), team_id, owner_id, who, rule, now, looked_at
        )
        row = {
            "id": new.id,
            "team_id": team_id,
            "owner_id": owner_id,
            "who": who,
            "kind": rule.what,
            "number": rule.number,
            "created_at": now,
            "looked_at": looked_at,
            "paused": False,
        }
        async with self._database.transaction() as connection:
            await self._database.put(connection, table, [row])
            old = sa.delete(alert_told).where(alert_told.c.alert_id == new.id)
            await connection.execute(old)
            await self._know(connection, new.id, known, now)
        return new

    async def find(self, id_: str) -> Alert | None:
        row = await self._database.row(sa.select(table).where(table.c.id == id_))
        return None if row is None else _alert_of(row)

    async def listed(self, team_id: str, owner_id: str) -> tuple[Alert, ...]:
        """Somebody's alerts, the oldest first."""
        theirs = sa.and_(table.c.team_id == team_id, table.c.owner_id == owner_id)
        return await self._read(theirs)

    async def on(self) -> dict[Owner, tuple[Alert, ...]]:
        """All that are not paused, by owner."""
        found: dict[Owner, list[Alert]] = {}
        for one in await self._read(~table.c.paused):
            found.setdefault((one.team_id, one.owner_id), []).append(one)
        return {owner: tuple(ones) for owner, ones in found.items()}

    async def remove(self, id_: str) -> bool:
        """Remove it; False if it is gone already."""
        async with self._database.transaction() as connection:
            await connection.execute(sa.delete(alert_told).where(alert_told.c.alert_id == id_))
            gone = sa.delete(table).where(table.c.id == id_).returning(table.c.id)
            return (await connection.execute(gone)).first() is not None

    async def told(self, ids: Collection[str]) -> dict[str, frozenset[str]]:
        """The keys that owners know, by alert; not those whose message surely did not arrive."""
        query = (
            sa.select(alert_told.c.alert_id, alert_told.c.key)
            .outerjoin(delivery, delivery.c.id == alert_told.c.delivery_id)
            .where(
                alert_told.c.alert_id.in_(ids),
                sa.or_(delivery.c.id.is_(None), ~was_not_sent()),
            )
        )
        rows = await self._database.rows(query)
        return {id_: frozenset(row.key for row in rows if row.alert_id == id_) for id_ in ids}

    async def told_since(self, owner_id: str, since: datetime) -> bool:
        """Whether somebody got a message about alerts since then, or one is on its way."""
        query = sa.select(delivery.c.id).where(
            delivery.c.place == owner_id,
            delivery.c.kind == DeliveryKind.ALERT,
            delivery.c.created_at > since,
            delivery.c.state.not_in((State.FAILED, State.SKIPPED)),
        )
        return await self._database.row(query.limit(1)) is not None

    async def note(
        self,
        changes: Sequence[AlertChange],
        looked_at: datetime,
        said: tuple[str, Message, Look] | None = None,
    ) -> bool:
        """Note what a look at one owner's alerts found, and the message about it, with the id of
        its delivery and the look to log; False, and nothing is noted, if one of the alerts was
        changed or looked at by another process meanwhile."""
        ones = {each.alert.id: each.alert for each in changes}
        rows = sa.select(table).where(table.c.id.in_(ones)).order_by(table.c.id)
        now, delivery_id = self._clock(), "" if said is None else said[0]
        async with self._database.transaction() as connection:
            found = (await connection.execute(rows.with_for_update())).all()
            if {row.id: _alert_of(row) for row in found} != ones:
                return False
            for each in changes:
                id_ = each.alert.id
                values = {"looked_at": looked_at, "paused": each.pauses}
                over = sa.and_(alert_told.c.alert_id == id_, alert_told.c.key.in_(each.cleared))
                await connection.execute(sa.update(table).where(table.c.id == id_).values(values))
                await connection.execute(sa.delete(alert_told).where(over))
                await self._know(connection, id_, each.events, now, delivery_id)
            if said is not None:
                _, message, look = said
                to, kind = changes[0].alert.owner_id, DeliveryKind.ALERT
                row = new_row(delivery_id, "", delivery_id, kind, to, now, message=message)
                await connection.execute(sa.insert(delivery).values(row))
                await Audit(self._database, self._clock).write(connection, look)
        return True

    async def _know(
        self,
        connection: AsyncConnection,
        id_: str,
        events: Sequence[AlertEvent],
        now: datetime,
        delivery_id: str = "",
    ) -> None:
        known = {"alert_id": id_, "delivery_id": delivery_id, "at": now}
        persons = {each.key: each.person_id for each in events}
        rows = [{**known, "key": key, "person_id": persons[key]} for key in sorted(persons)]
        await self._database.put(connection, alert_told, rows)

    async def _read(self, *conditions: sa.ColumnElement[bool]) -> tuple[Alert, ...]:
        query = sa.select(table).where(*conditions).order_by(table.c.created_at, table.c.id)
        return tuple(map(_alert_of, await self._database.rows(query)))


def _id_of(team_id: str, owner_id: str, who: str, rule: Rule) -> str:
    """An id computed from the alert itself, so that two processes can't store one alert twice."""
    same = f"{team_id}\n{owner_id}\n{who}\n{rule.words}"
    return hashlib.sha256(same.encode()).hexdigest()[:24]


def _alert_of(row: sa.Row[Any]) -> Alert:
    stored = row._asdict()
    rule = Rule(AlertKind(stored.pop("kind")), stored.pop("number"))
    return Alert(rule=rule, **stored)


@dataclass(frozen=True, slots=True)
class Alerts:
    """All raise UserError with what to do instead, SlackError, ExecError and StorageError."""

    env: Env
    store: AlertStore
    answerer: Answerer
    resolver: Resolver
    coaching: Coaching
    sources: Sources
    people: People
    audit: Audit
    buttons: Buttons
    _not_before: dict[Owner, datetime] = field(default_factory=dict)
    # Up to which change of what is stored each owner's alerts were looked at.
    _seen_change: dict[Owner, int] = field(default_factory=dict)
    _zones: dict[Owner, ZoneInfo] = field(default_factory=dict)

    @property
    def feature(self) -> Feature:
        return Feature(
            commands=(Command("alert", self.run, LINES, ("alerts",), takes=is_rule),),
            phrases={WATCH: self.offered},
            buttons={
                "alert.remove": Button(id_value, by_asker(self.remove)),
            },
            jobs={"alerts": ScheduledJob(self.look, EVERY, led=True)},
        )

    async def run(self, request: Request, rest: str) -> View:
        """Answer `alert <rest>`."""
        asker = request.asker
        word = plain_text(rest).casefold().partition(" ")[0]
        if word in LIST:
            return await self.listed(asker)
        await self._may(asker)
        who, rule = read_rule(rest)
        return await self._set(request, who, rule)

    async def _may(self, asker: Asker) -> None:
        seen = await self.coaching.visibility(asker)
        if not (seen.everyone or seen.coaches):
            raise NotAllowed(
                "Alerts are for coaches and admins, and you coach nobody. `{command} me` shows "
                "your own practice.",
                (SHOW_MY_WEEK,),
            )

    async def offered(self, request: Request, rest: str) -> View:
        """An alert that a sentence asks for, to be set by a button; all kinds of them, where it
        asks for another."""
        asker = request.asker
        await self._may(asker)
        try:
            who, rule = read_rule(rest)
        except UserError:
            kinds = [Suggestion(label, f"alert {rest} {words}") for label, words in KINDS]
            question = await self._question(asker, rest, Rule(AlertKind.GOLD))
            raise UserError(ONLY_THESE, tuple(kinds), who=_spoken(question)) from None
        question = await self._question(asker, who, rule)
        _stored(question)  # refuses what no alert is about
        ways = (Suggestion("Set this alert", f"alert {rest}"), MY_ALERTS)
        note = OWN_AVERAGE if rule.what is AlertKind.BELOW else ""
        sentence = Sentence(
            f"I can tell you once when it happens: *{{who}}*, *{{what}}*.{note}",
            {"who": _spoken(question), "what": rule.spoken},
        )
        return NoticeView(sentence, await self.answerer.offers(asker, ways))

    async def listed(self, asker: Asker) -> AlertsView:
        """The asker's alerts."""
        ones = await self.store.listed(asker.team_id, asker.user_id)
        return AlertsView(tuple([await self._line(one, asker) for one in ones]))

    async def remove(self, asker: Asker, id_: str) -> AlertsView:
        """Remove an alert."""
        one = await self._own(asker, id_)
        if not await self.store.remove(one.id):
            raise _gone()
        return replace(await self.listed(asker), removed=await self._line(one, asker))

    async def _own(self, asker: Asker, id_: str) -> Alert:
        """An alert of the asker's. Raises NotFound, in the same words for somebody else's."""
        one = await self.store.find(id_)
        if one is None or (one.team_id, one.owner_id) != (asker.team_id, asker.user_id):
            raise _gone()
        return one

    async def _set(self, request: Request, typed: str, rule: Rule) -> View:
        asker = request.asker
        try:
            question = await self._question(asker, typed, rule)
        except UserError as problem:
            # What is offered in place of a name has the rule behind it, as what was typed.
            problem.suggestions = tuple(
                Suggestion(way.label, f"{way.words} {rule.words}")
                if way.words.split(" ")[0] == NAME
                else way
                for way in problem.suggestions
            )
            raise
        who = _stored(question)
        owner = (asker.team_id, asker.user_id)
        old = await self.store.like(*owner, who, rule)
        if old is not None and not old.paused:
            raise UserError(
                "You have this alert already: *{who}*, {what}.",
                (MY_ALERTS,),
                who=listed((await self._line(old, asker)).who[:3] or ("everyone",), "and"),
                what=rule.spoken,
            )
        if old is None and len(await self.store.listed(*owner)) >= MOST:
            raise UserError(
                "You have {most} alerts, and more are too many to look over. Remove one first.",
                (MY_ALERTS,),
                most=str(MOST),
            )
        looked_at = await self._known_to()
        seen = await self._seen(asker, question.resolved, rule)
        one = await self.store.keep(*owner, who, rule, looked_at=looked_at, known=seen.matches)
        line = await self._line(one, asker)
        named = frozenset(each.person_id for each in seen.matches) - {""}
        await self.audit.note(Look(asker, NAME, named))
        return AlertSetView(
            line=line,
            already=AlertEvents(rule.what, rule.number, line.who, seen.matches, seen.since),
            zone=str(asker.zone),
            now=self.env.clock(),
            resumed=old is not None,
            offers=await self.answerer.offers(asker, (MY_ALERTS,)),
        )

    def _is_day(self, owner: Owner) -> bool:
        """Whether it is day for the owner; assumed until their time zone is looked up."""
        zone, now = self._zones.get(owner), self.env.clock()
        return zone is None or MORNING <= now.astimezone(zone).time() < EVENING

    async def _known_to(self) -> datetime:
        """Everything that was created up to then is stored."""
        window = await read_window(self.sources.database)
        return self.env.clock() if window is None else window.end

    async def look(self) -> None:
        """Look at all alerts of which something new may be known: there are newer sessions than at
        the last look, or others than this process has seen, as late grades come by looks that
        bring no newer ones. Raises StorageError."""
        owners = await self.store.on()
        if not owners:
            return
        if any(map(self._is_day, owners)):
            # The sync reads new ones often while somebody would be told of them at this hour.
            self.sources.mirror.asked_at = self.env.clock()
        changes, now = self.sources.mirror.changes, self.env.clock()
        known_to = await self._known_to()
        due = {
            owner: ones
            for owner, ones in owners.items()
            if self._not_before.get(owner, now) <= now
            and (
                min(one.looked_at for one in ones) < known_to
                or self._seen_change.get(owner) != changes
            )
        }
        for owner, ones in due.items():
            try:
                if await self._look(owner, ones, known_to):
                    self._seen_change[owner] = changes
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
        # Nobody reads a message to an account that is gone, and guests are told nothing.
        silently = [AlertChange(one, pauses=True) for one in ones]
        if await self.store.told_since(user_id, self.env.clock() - AT_MOST_EVERY):
            return False
        try:
            asker = await self.people.asker(team_id, user_id)
        except NotFound:
            await self.store.note(silently, known_to)
            return True
        self._zones[owner] = asker.zone
        if not self._is_day(owner):
            return False
        if asker.account_type is not AccountType.FULL:
            await self.store.note(silently, known_to)
            return True
        try:
            visibility = await self.coaching.visibility(asker)
        except NotAllowed:
            visibility = Visibility(everyone=False)
        if visibility.unsure:
            return False  # nobody can tell just now who is in their groups
        told = await self.store.told([one.id for one in ones])
        changes = [await self._change(asker, one, visibility, told[one.id]) for one in ones]
        await self._note(asker, changes, known_to)
        return True

    async def _change(
        self, asker: Asker, one: Alert, visibility: Visibility, told: frozenset[str]
    ) -> AlertChange:
        """What changed for an alert; it pauses where its owner may see none of its people."""
        question = None
        if visibility.everyone or visibility.coaches:
            question = await self._theirs(asker, one, visibility)
        if question is None:
            return AlertChange(one, pauses=True)
        query, rule = question.resolved, one.rule
        seen = await self._seen(asker, query, rule)
        found = news(rule, seen, told, one.created_at)
        if found and rule.what is AlertKind.OVERDUE:
            # The list may be a day old, and done since.
            seen = await self._seen(asker, query, rule, "due")
            found = news(rule, seen, told, one.created_at)
        who = _called(question, question.visibility)
        return AlertChange(one, found, seen.cleared & told, who=who, since=seen.since)

    async def _note(self, asker: Asker, changes: Sequence[AlertChange], known_to: datetime) -> None:
        """Note what was found, with the message about it if there is any news."""
        paused = [each.alert for each in changes if each.pauses]
        happened = _merged(changes)
        if not (happened or paused):
            await self.store.note(changes, known_to)
            return
        to_nudge, handle = await self._to_nudge(asker, happened)
        view = AlertView(
            news=happened,
            to_nudge=to_nudge,
            handle=handle,
            paused=tuple([await self._line(one, asker) for one in paused]),
            zone=str(asker.zone),
            as_of=known_to,
            now=self.env.clock(),
            offers=await self.answerer.offers(asker, (MY_ALERTS,)),
        )
        named = {each.person_id for of in happened for each in of.events} - {""}
        look = Look(asker, NAME, frozenset(named))
        with written_for(await self.people.locale(asker.team_id, asker.user_id)):
            message = self.env.messages.message(view)
        await self.store.note(changes, known_to, (self.env.new_id(), message, look))

    async def _to_nudge(self, asker: Asker, happened: Sequence[AlertEvents]) -> tuple[str, str]:
        """The name and the handle of the one person who a nudge may help; "" for nobody, or
        several."""
        late = (of for of in happened if of.kind in (AlertKind.OVERDUE, AlertKind.INACTIVE))
        names = {each.person_id: each.name for of in late for each in of.events}
        if len(names) != 1:
            return "", ""
        ((id_, name),) = names.items()
        window = last_days(str(asker.zone), self.env.clock())
        person = Person.over(id_, window.interval.start, window.interval.end, window.zone)
        (handle,) = await self.buttons.add(asker.team_id, asker.user_id, person)
        return name, handle

    async def _question(self, asker: Asker, who: str, rule: Rule) -> Question:
        """Whom these words mean, all of them the asker's to see. Raises UserError."""
        asked = await self.answerer.question(asker, who, report_on(rule))
        if asked.query.names and asked.resolved.people is not None and not asked.query.people:
            # A group that is not theirs would be cut to themselves.
            raise NotAllowed(
                "Alerts about a group are for those who coach all of it, and for admins."
            )
        return asked

    async def _theirs(self, asker: Asker, one: Alert, visibility: Visibility) -> Question | None:
        """Whom an alert means, cut to those who are still the asker's; None where nobody is."""
        try:
            return await self._question(asker, one.who, one.rule)
        except LOST:
            query = await self.resolver.read(one.who, asker.zone, visibility, lead=NAME)

        async def is_theirs(alone: Query) -> bool:
            try:
                await self._question(asker, query_words(alone), one.rule)
            except LOST:
                return False
            return True

        people = [ref for ref in query.people if await is_theirs(Query(people=(ref,)))]
        names = [ref for ref in query.names if await is_theirs(Query(names=(ref,)))]
        if not (people or names):
            return None
        left = replace(query, people=tuple(people), names=tuple(names))
        return await self._question(asker, query_words(left), one.rule)

    async def _seen(
        self, asker: Asker, query: ResolvedQuery, rule: Rule, mode: Mode = "stored"
    ) -> Evaluation:
        """Evaluate a rule against what is stored now."""
        zone, joined = str(asker.zone), frozenset[str]()
        asked = narrowed(query, rule, self.env.clock(), zone)
        facts = ReadFacts(self.sources, asked, zone, mode)
        if rule.what is AlertKind.INACTIVE:
            now = (await facts.sessions(of_people=True)).window.now
            joined = await self.sources.directory.joined_since(moved(now, -int(rule.number), zone))
        if rule.what is AlertKind.OVERDUE:
            # By the clock only those of people who are coached or ask are read.
            ids = {each.id for each in (await facts.people()).everyone}
            with suppress(ExecError):
                await self.sources.lists.use_assignments(ids, ASSIGNMENTS_AGE, Job.ASSIGNMENTS)
        return await evaluate(rule, facts, joined)

    async def _line(self, one: Alert, owner: Asker) -> AlertLine:
        """An alert as its owner may read it now: with the names of those whom they still see."""
        nobody = Asker(
            one.team_id, "", "", "", AccountType.FULL, ZoneInfo("UTC"), None, named_admin=True
        )
        try:
            question = await self._question(nobody, one.who, one.rule)
        except LOST:
            return AlertLine(one.id, ("someone who is gone",), one.rule.spoken, one.paused)
        try:
            seen = await self.coaching.visibility(owner)
        except NotAllowed:
            seen = Visibility(everyone=False)
        resolved = question.resolved
        if resolved.people:
            directory = self.sources.directory
            people = await directory.apart(resolved.people, lambda each: seen.covers((each,)))
            question = replace(question, resolved=replace(resolved, people=people))
        return AlertLine(one.id, _called(question, seen), one.rule.spoken, one.paused)


def _gone() -> NotFound:
    return NotFound("This alert is not there any more.", (MY_ALERTS,))


def _stored(question: Question) -> str:
    """Whom an alert is about, in canonical words with ids. Raises UserError for a mixture."""
    query, resolved = question.query, question.resolved
    whoever = tuple(ref for ref in query.people if ref.kind in _WHOEVER)
    groups = sorted(each.id for each in resolved.names if each.kind is Kind.GROUP)
    if (query.people and query.names) or (whoever and len(query.people) > 1):
        raise UserError(
            "One alert is about people, about groups, or about your people. Set one for each, like "
            "`{command} alert @jane gold` and `{command} alert group:west gold`."
        )
    if whoever or not (query.people or query.names or question.visibility.everyone):
        return query_words(Query(people=whoever or (PersonRef(PersonKind.MINE),)))
    ids = sorted({person.id for person in resolved.people or () if query.people})
    return query_words(
        Query(
            people=tuple(PersonRef(PersonKind.PERSON, id_) for id_ in ids),
            names=tuple(NameRef(Kind.GROUP, id_) for id_ in groups if query.names),
        )
    )


def _spoken(question: Question) -> str:
    """The names of some whom a question is about."""
    return listed(_called(question, question.visibility)[:3] or ("everyone",), "and")


def _called(question: Question, seen: Visibility) -> tuple[str, ...]:
    """The names of whom a question is about, as far as they may be seen; () for everyone."""
    query, resolved = question.query, question.resolved
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


def _merged(changes: Sequence[AlertChange]) -> tuple[AlertEvents, ...]:
    """What happened, each thing once, whichever of the alerts it is news of."""
    found: list[AlertEvents] = []
    seen: set[tuple[Rule, str]] = set()
    for each in changes:
        rule = each.alert.rule
        fresh = tuple(one for one in each.events if (rule, one.key) not in seen or not one.name)
        seen |= {(rule, one.key) for one in fresh}
        if fresh:
            found.append(AlertEvents(rule.what, rule.number, each.who, fresh, each.since))
    return tuple(found)
