"""Alerts: one message to a coach when something happens.

`/exec alert …` sets one. All are evaluated whenever new sessions were stored. The transaction that
queues a message also stores the events in it, so that it is sent once, whichever process stops or
runs at the same time.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import AccountType, Asker, Visibility
from bot.answer import Request
from bot.commands import BOTH, Command, HelpLine
from bot.errors import (
    Ambiguous,
    BotError,
    ExecError,
    NotAllowed,
    NotFound,
    Pattern,
    StorageError,
    Suggestion,
    UserError,
)
from bot.exec_api import budget
from bot.handlers import Turn, handler, numbered
from bot.jobs import Job
from bot.language.alert_words import AlertKind, Rule, is_rule, read_rule
from bot.language.filters import listed, query_words
from bot.language.locale import written_for
from bot.language.query import Kind, NameRef, PersonKind, PersonRef, Query, ResolvedQuery
from bot.language.text import first_word, plain_text
from bot.messages.blocks import Message
from bot.messages.render import Draft, View, draft, notice
from bot.mirror.lists import ASSIGNMENTS_AGE
from bot.mirror.query import read_window
from bot.outbox.deliveries import DeliveryKind, State, new_row, was_not_sent
from bot.people.audit import Audit, Look
from bot.prepare import FRESH_TASKS, Mode
from bot.question import SHOW_MY_WEEK, Question
from bot.reports.alerts import NAME, Evaluation, Event, news, report_on
from bot.reports.intervals import last_days
from bot.storage.buttons import Person
from bot.storage.database import Database
from bot.storage.tables import alert as table
from bot.storage.tables import alert_told, delivery

if TYPE_CHECKING:
    from bot.app import App

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
            "Coaches and admins: get one message when someone earns a first gold, goes quiet, "
            "averages below a score over three graded sessions in a row, or has an overdue "
            "assignment."
        ),
        'alert group:"West Coast" inactive 14d',
        BOTH,
    ),
)
LIST = ("", "list", "remove")
MY_ALERTS = Suggestion("My alerts", "alert list")
ONLY_THESE = (
    "I can't watch for that. I can message you once when *{who}* earns a first gold, goes quiet, "
    "averages below a score, or has an overdue assignment."
)
KINDS = (
    ("First golds", "gold"),
    ("14 days without practice", "inactive 14d"),
    ("Averages below 70", "below 70"),
    ("Overdue", "overdue"),
)
OWN_AVERAGE = (
    " That counts each person's last three graded sessions and last 30 days. I don't watch a "
    "group's average."
)
MOST = 20  # alerts of one owner, all shown in one message
EVERY = 15  # seconds between two checks whether the mirror has changed
AT_MOST_EVERY = timedelta(hours=1)
MORNING, EVENING = time(7), time(20)  # the owner's day, in which alerts are sent
AGAIN_AFTER = timedelta(minutes=5)  # if Slack or Exec failed
# Raised for names that the owner can't see, or that are gone.
LOST = (NotAllowed, NotFound, Ambiguous)
# The people behind these change.
CHANGING = (PersonKind.MINE, PersonKind.USERGROUP)
TO_NUDGE = (AlertKind.OVERDUE, AlertKind.INACTIVE)
NAMED = 3  # people or groups of an alert


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert as stored. `who` are canonical words with ids.

    `looked_at` is when it was last evaluated. `paused`: its owner can't see any of its people any
    more.
    """

    id: str
    team_id: str
    owner_id: str
    who: str
    rule: Rule
    created_at: datetime
    looked_at: datetime
    paused: bool = False


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert as its owner reads it: "Jane Smith earns a first gold"."""

    id: str
    what: str
    paused: bool


@dataclass(frozen=True, slots=True)
class AlertChange:
    """The result of an evaluation: new events, the keys of events that are over, or a pause."""

    alert: Alert
    events: tuple[Event, ...] = ()
    cleared: Collection[str] = ()
    pauses: bool = False


@dataclass(slots=True)
class Progress:
    """What this process remembers of each owner: no evaluation before then, the state of the
    mirror that was evaluated last, and the time zone as last seen."""

    not_before: dict[Owner, datetime] = field(default_factory=dict)
    evaluated: dict[Owner, tuple[datetime, int]] = field(default_factory=dict)
    zones: dict[Owner, ZoneInfo] = field(default_factory=dict)


def register(app: App) -> None:
    """Add the subcommand, the action in words, the listener and the job."""
    app.commands.add(Command("alert", partial(run, app), LINES, ("alerts",), takes=is_rule))
    app.commands.actions[NAME] = partial(offer, app)
    app.jobs["alerts"] = Job(partial(evaluate_all, app, Progress()), EVERY, led=True)

    @app.bolt.action(numbered("alert.remove"))
    @handler(app)
    async def remove_one(ack: Any, turn: Turn) -> None:
        await ack()
        await turn.answer(await remove(app, await turn.asker(), turn.value))


# Commands: all raise UserError, SlackError, ExecError and StorageError


async def run(app: App, request: Request, rest: str) -> View:
    """Answer `alert <rest>`: list the alerts, or set one."""
    if first_word(plain_text(rest))[0] in LIST:
        return await show_list(app, request.asker)
    await require_coach(app, request.asker)
    return await set_alert(app, request.asker, *read_rule(rest))


async def offer(app: App, request: Request, rest: str) -> View:
    """A button that sets the alert a sentence asks for, or buttons for every kind of alert."""
    asker = request.asker
    if not rest:  # "my alerts"
        return await show_list(app, asker)
    await require_coach(app, asker)
    try:
        who, rule = read_rule(rest)
    except UserError:
        kinds = [Suggestion(label, f"alert {rest} {words}") for label, words in KINDS]
        question = await find_people(app, asker, rest, Rule(AlertKind.GOLD))
        raise UserError(ONLY_THESE, tuple(kinds), who=await name_people(app, question)) from None
    question = await find_people(app, asker, who, rule)
    stored_words(question)  # refuses what no alert is about
    note = OWN_AVERAGE if rule.what is AlertKind.BELOW else ""
    ways = (Suggestion("Set this alert", f"alert {rest}"), MY_ALERTS)
    return notice(
        f"I'll message you once, when *{{who}} {{what}}*.{note}",
        await app.answerer.offers(asker, ways),
        who=await name_people(app, question),
        what=rule.happens,
    )


async def show_list(app: App, asker: Asker, removed: AlertLine | None = None) -> Draft:
    """The asker's alerts, and the one that was just removed."""
    own = await store_of(app).listed(asker.team_id, asker.user_id)
    alerts = [await describe(app, asker, one) for one in own]
    return draft("alerts", alerts=alerts, removed=removed)


async def remove(app: App, asker: Asker, id_: str) -> Draft:
    """Remove an alert of the asker's. Raises NotFound, also for somebody else's."""
    store = store_of(app)
    own = await store.listed(asker.team_id, asker.user_id)
    one = next((each for each in own if each.id == id_), None)
    if one is None or not await store.remove(id_):
        raise NotFound("This alert no longer exists.", (MY_ALERTS,))
    return await show_list(app, asker, removed=await describe(app, asker, one))


async def set_alert(app: App, asker: Asker, typed: str, rule: Rule) -> Draft:
    """Set an alert. Its owner reads now what is already true, and no message about that."""
    try:
        question = await find_people(app, asker, typed, rule)
    except UserError as problem:
        problem.suggestions = tuple(_with_rule(way, rule) for way in problem.suggestions)
        raise
    who, owner = stored_words(question), (asker.team_id, asker.user_id)
    old = await store_of(app).like(*owner, who, rule)
    await refuse_another(app, asker, old)
    found = await evaluate(app, question.resolved, rule, str(asker.zone))
    one = await store_of(app).keep(*owner, who, rule, found.rows)
    named = frozenset(each.member_id for each in found.rows)
    await app.audit.note(Look(asker, NAME, named))
    return draft(
        "alert_set",
        line=await describe(app, asker, one),
        resumed=old is not None,
        already=found.rows,
        people=len(named),
        zone=str(asker.zone),
        now=app.clock(),
        offers=await app.answerer.offers(asker, (MY_ALERTS,)),
    )


def _with_rule(way: Suggestion, rule: Rule) -> Suggestion:
    """A suggested name with the rule after it."""
    is_alert = way.words.split(" ")[0] == NAME
    return replace(way, words=f"{way.words} {rule.words}") if is_alert else way


async def refuse_another(app: App, asker: Asker, old: Alert | None) -> None:
    """Raises UserError if the asker has the alert already, or too many others."""
    if old is not None and not old.paused:
        what = (await describe(app, asker, old)).what
        raise UserError("You already have this alert: *{what}*.", (MY_ALERTS,), what=what)
    if old is None and len(await store_of(app).listed(asker.team_id, asker.user_id)) >= MOST:
        raise UserError(
            "You have {most} alerts, which is the most I can watch. Remove one first.",
            (MY_ALERTS,),
            most=str(MOST),
        )


# Who an alert is about


async def require_coach(app: App, asker: Asker) -> Visibility:
    """What a coach or an admin can see. Raises NotAllowed for everybody else."""
    seen = await app.coaching.visibility(asker)
    if not (seen.everyone or seen.coaches):
        raise NotAllowed(
            "Alerts are for coaches and admins, and you don't coach anyone yet. `{command} me` "
            "shows your own practice.",
            (SHOW_MY_WEEK,),
        )
    return seen


async def find_people(app: App, asker: Asker, who: str, rule: Rule) -> Question:
    """The people that these words mean, if the asker can see them all. Raises UserError."""
    asked = await app.answerer.question(asker, who, report_on(rule))
    if asked.query.names and asked.resolved.people is not None and not asked.query.people:
        # Somebody else's group: it would be cut to the asker.
        raise NotAllowed("Alerts about a group are for its coaches and for admins.")
    return asked


async def find_visible(app: App, owner: Asker, one: Alert) -> Question | None:
    """The people of an alert, without those its owner can't see now; None if nobody is left."""
    try:
        seen = await require_coach(app, owner)
    except NotAllowed:
        return None
    with suppress(*LOST):
        return await find_people(app, owner, one.who, one.rule)
    query = await app.resolver.read(one.who, owner, seen, lead=NAME)
    parts = [Query(people=(each,)) for each in query.people]
    parts += [Query(names=(each,)) for each in query.names]
    left = Query()
    for part in parts:
        with suppress(*LOST):
            await find_people(app, owner, query_words(part), one.rule)
            left = Query(people=left.people + part.people, names=left.names + part.names)
    if left == Query():
        return None
    return await find_people(app, owner, query_words(left), one.rule)


async def describe(app: App, owner: Asker, one: Alert) -> AlertLine:
    """An alert with the names of those that its owner can see now."""
    question = await find_visible(app, owner, one)
    who = "someone you can't see" if question is None else await name_people(app, question)
    return AlertLine(one.id, f"{who} {one.rule.happens}", one.paused)


async def name_people(app: App, question: Question) -> str:
    """The person something happens to: "Jane Smith or Bob Jones", "someone in West Coast"."""
    query, resolved = question.query, question.resolved
    for ref in query.people:
        if ref.kind is PersonKind.MINE:
            return "one of your people"
        if ref.kind is PersonKind.USERGROUP:
            group = f"@{ref.label.removeprefix('@')}" if ref.label else "a user group"
            return f"someone in {group}"
    if query.people:
        people = await app.directory.apart(
            resolved.people or (), lambda each: question.visibility.covers((each,))
        )
        return _either([each.name for each in people])
    if resolved.names:
        return f"someone in {_either([each.name for each in resolved.names])}"
    return "anyone" if question.visibility.everyone else "one of your people"


def _either(names: list[str]) -> str:
    """ "Jane Smith, Bob Jones, Sam Lee or one of 3 others"."""
    more = len(names) - NAMED
    return listed([*names[:NAMED], f"one of {more} others"] if more > 1 else names, "or")


def stored_words(question: Question) -> str:
    """Who an alert is about, in canonical words with ids. Raises UserError for a mixture."""
    query, resolved = question.query, question.resolved
    changing = tuple(ref for ref in query.people if ref.kind in CHANGING)
    if (query.people and query.names) or (changing and len(query.people) > 1):
        raise UserError(
            "An alert is about people, about groups, or about your people. Set one for each, like "
            "`{command} alert @jane gold` and `{command} alert group:west gold`."
        )
    if changing:
        return query_words(Query(people=changing))
    if query.people:
        ids = sorted({person.id for person in resolved.people or ()})
        return query_words(Query(people=tuple(PersonRef(PersonKind.PERSON, id_) for id_ in ids)))
    if query.names:
        groups = sorted({each.id for each in resolved.names})
        return query_words(Query(names=tuple(NameRef(Kind.GROUP, id_) for id_ in groups)))
    mine = () if question.visibility.everyone else (PersonRef(PersonKind.MINE),)
    return query_words(Query(people=mine))


# Evaluation


async def evaluate(
    app: App,
    query: ResolvedQuery,
    rule: Rule,
    zone: str,
    job: budget.Job = budget.Job.ASSIGNMENTS,
    max_age: timedelta = ASSIGNMENTS_AGE,
) -> Evaluation:
    """Evaluate a rule against what is stored, with assignments that are at most so old."""
    report = report_on(rule)
    if report.needs:
        asked = await app.preparer.prepare(query, zone, mode=Mode.STORED)
        try:
            await app.lists.use_assignments(asked.subject.people, max_age, job)
        except ExecError:
            if job is budget.Job.DUE:
                return Evaluation()
    asked = await app.preparer.prepare(query, zone, needs=report.needs, mode=Mode.STORED)
    return await report.figures(asked)


async def evaluate_all(app: App, progress: Progress) -> None:
    """Evaluate the alerts of every owner for whom the mirror has changed since the last time: its
    window ends later, or late grades came in. Raises StorageError."""
    owners, now = await store_of(app).on(), app.clock()
    if any(_is_day(progress.zones.get(owner), now) for owner in owners):
        app.mirror.asked_at = now  # new sessions are read often while somebody could get an alert
    window = await read_window(app.db)
    end = now if window is None else window.end
    state = (end, app.mirror.changes)
    for owner, ones in owners.items():
        if progress.not_before.get(owner, now) > now or progress.evaluated.get(owner) == state:
            continue
        try:
            if await evaluate_owner(app, progress, owner, ones, end):
                progress.evaluated[owner] = state
        except StorageError:
            raise
        except BotError as error:
            log.info("alerts wait: %s", type(error).__name__)
            progress.not_before[owner] = now + AGAIN_AFTER


async def evaluate_owner(
    app: App, progress: Progress, owner: Owner, ones: tuple[Alert, ...], end: datetime
) -> bool:
    """Evaluate an owner's alerts; False if that has to wait."""
    store, now = store_of(app), app.clock()
    if await store.told_since(owner[1], now - AT_MOST_EVERY):
        return False
    pauses = [AlertChange(one, pauses=True) for one in ones]
    try:
        asker = await app.people.asker(*owner)
    except NotFound:  # the account is gone, so nobody would read a message
        return await store.note(pauses)
    progress.zones[owner] = asker.zone
    if not _is_day(asker.zone, now):
        return False
    if asker.account_type is not AccountType.FULL:
        return await store.note(pauses)  # guests aren't told why
    with suppress(NotAllowed):
        if (await app.coaching.visibility(asker)).unsure:
            return False  # until it is known again who is in their groups
    told = await store.told([one.id for one in ones])
    changes = [await evaluate_one(app, asker, one, told[one.id]) for one in ones]
    return await store_changes(app, asker, changes, end)


def _is_day(zone: ZoneInfo | None, now: datetime) -> bool:
    """Whether it is day in a zone; assumed if an owner's isn't known yet."""
    return zone is None or MORNING <= now.astimezone(zone).time() < EVENING


async def evaluate_one(app: App, asker: Asker, one: Alert, told: frozenset[str]) -> AlertChange:
    """What changed for an alert; it pauses if its owner can't see any of its people."""
    question = await find_visible(app, asker, one)
    if question is None:
        return AlertChange(one, pauses=True)
    query, zone = question.resolved, str(asker.zone)
    found = await evaluate(app, query, one.rule, zone)
    fresh = news(found, told, one.created_at)
    if fresh and one.rule.what is AlertKind.OVERDUE:
        # The stored list may be a day old, and the assignment done since.
        found = await evaluate(app, query, one.rule, zone, budget.Job.DUE, FRESH_TASKS)
        fresh = news(found, told, one.created_at)
    return AlertChange(one, fresh, found.cleared & told)


async def store_changes(
    app: App, asker: Asker, changes: Sequence[AlertChange], end: datetime
) -> bool:
    """Store what was found, and queue the message about it if there is any news."""
    paused = [each.alert for each in changes if each.pauses]
    news_by_alert = _without_duplicates(changes)
    events = [event for each in news_by_alert for event in each]
    if not (events or paused):
        return await store_of(app).note(changes)
    to_nudge, handle = await find_to_nudge(app, asker, events)
    message = draft(
        "alert",
        news=news_by_alert,
        total=len(events),
        paused=[await describe(app, asker, one) for one in paused],
        to_nudge=to_nudge,
        handle=handle,
        zone=str(asker.zone),
        as_of=end,
        now=app.clock(),
    )
    look = Look(asker, NAME, frozenset(each.member_id for each in events))
    with written_for(await app.people.locale(asker.team_id, asker.user_id)):
        rendered = app.messages.message(message)
    return await store_of(app).note(changes, (secrets.token_urlsafe(15), rendered, look))


def _without_duplicates(changes: Sequence[AlertChange]) -> list[list[Event]]:
    """The new events of each alert, without those that an alert before it has too."""
    seen: set[tuple[Rule, str]] = set()
    found = []
    for each in changes:
        fresh = [one for one in each.events if (one.rule, one.key) not in seen]
        seen |= {(one.rule, one.key) for one in fresh}
        if fresh:
            found.append(fresh)
    return found


async def find_to_nudge(app: App, asker: Asker, events: Sequence[Event]) -> tuple[str, str]:
    """The name and the button id of the one person to nudge; "" for nobody or several."""
    names = {each.member_id: each.who for each in events if each.rule.what in TO_NUDGE}
    if len(names) != 1:
        return "", ""
    ((id_, name),) = names.items()
    window = last_days(str(asker.zone), app.clock())
    person = Person.over(id_, window.interval.start, window.interval.end, window.zone)
    (handle,) = await app.buttons.add(asker.team_id, asker.user_id, person)
    return name, handle


# Storage


def store_of(app: App) -> AlertStore:
    """The alerts in the app's database."""
    return AlertStore(app.db, app.clock)


class AlertStore:
    """Alerts, and the events that their owners know. All methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def like(self, team_id: str, owner_id: str, who: str, rule: Rule) -> Alert | None:
        """The same alert, perhaps paused, or None."""
        found = await self._read(table.c.id == _id_of(team_id, owner_id, who, rule))
        return next(iter(found), None)

    async def keep(
        self, team_id: str, owner_id: str, who: str, rule: Rule, known: Sequence[Event]
    ) -> Alert:
        """Store a new alert, or resume a paused one. Its owner knows the events `known`."""
        now, id_ = self._clock(), _id_of(team_id, owner_id, who, rule)
        new = Alert(id_, team_id, owner_id, who, rule, created_at=now, looked_at=now)
        async with self._database.transaction() as connection:
            await self._database.put(connection, table, [_row_of(new)])
            await connection.execute(sa.delete(alert_told).where(alert_told.c.alert_id == id_))
            await self._know(connection, id_, known, now)
        return new

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
        """The keys of events that owners know, by alert, without those of messages that failed."""
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
        """Whether a message about alerts was sent or queued for somebody since then."""
        query = sa.select(delivery.c.id).where(
            delivery.c.place == owner_id,
            delivery.c.kind == DeliveryKind.ALERT,
            delivery.c.created_at > since,
            delivery.c.state.not_in((State.FAILED, State.SKIPPED)),
        )
        return await self._database.row(query.limit(1)) is not None

    async def note(
        self, changes: Sequence[AlertChange], said: tuple[str, Message, Look] | None = None
    ) -> bool:
        """Store the result of evaluating one owner's alerts, and queue the message about it (the id
        of its delivery, the message, the look to log). False, and nothing is stored, if an alert
        was changed or evaluated by another process meanwhile."""
        ones = {each.alert.id: each.alert for each in changes}
        rows = sa.select(table).where(table.c.id.in_(ones)).order_by(table.c.id)
        now, delivery_id = self._clock(), "" if said is None else said[0]
        async with self._database.transaction() as connection:
            found = (await connection.execute(rows.with_for_update())).all()
            if {row.id: _alert_of(row) for row in found} != ones:
                return False
            for each in changes:
                id_ = each.alert.id
                values = {"looked_at": now, "paused": each.pauses}
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
        events: Sequence[Event],
        now: datetime,
        delivery_id: str = "",
    ) -> None:
        known = {"alert_id": id_, "delivery_id": delivery_id, "at": now}
        persons = {each.key: each.member_id for each in events}
        rows = [{**known, "key": key, "person_id": persons[key]} for key in sorted(persons)]
        await self._database.put(connection, alert_told, rows)

    async def _read(self, *conditions: sa.ColumnElement[bool]) -> tuple[Alert, ...]:
        query = sa.select(table).where(*conditions).order_by(table.c.created_at, table.c.id)
        return tuple(map(_alert_of, await self._database.rows(query)))


def _id_of(team_id: str, owner_id: str, who: str, rule: Rule) -> str:
    """An id computed from the alert itself, so that two processes can't store one alert twice."""
    same = f"{team_id}\n{owner_id}\n{who}\n{rule.words}"
    return hashlib.sha256(same.encode()).hexdigest()[:24]


def _row_of(one: Alert) -> dict[str, Any]:
    values = {each.name: getattr(one, each.name) for each in fields(one)}
    rule: Rule = values.pop("rule")
    return {**values, "kind": rule.what, "number": rule.number}


def _alert_of(row: sa.Row[Any]) -> Alert:
    stored = row._asdict()
    rule = Rule(AlertKind(stored.pop("kind")), stored.pop("number"))
    return Alert(rule=rule, **stored)
