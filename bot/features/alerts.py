"""Alerts: one message to a coach when something happens.

An alert is a subscription without a schedule. A job looks for new events whenever sessions were
stored, and queues a message. The message is drawn when it is sent, by what its owner can see then.
Once it is sent, its events are stored as known.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.access import AccountType, Asker, Visibility
from bot.answer import Request
from bot.commands import BOTH, Command, HelpLine
from bot.errors import (
    Ambiguous,
    BotError,
    ExecError,
    NotAllowed,
    NotFound,
    NotRead,
    Pattern,
    StorageError,
    Suggestion,
    UserError,
)
from bot.exec_api.budget import Purpose
from bot.handlers import Turn, handler, numbered
from bot.jobs import Job
from bot.language.alert_words import AlertKind, Rule, is_rule, read_rule
from bot.language.filters import listed, query_words
from bot.language.query import CHANGING, Kind, NameRef, PersonKind, PersonRef, Query, ResolvedQuery
from bot.language.text import first_word, plain_text
from bot.messages.render import Draft, View, draft, notice
from bot.mirror.lists import ASSIGNMENTS_AGE
from bot.mirror.query import read_window
from bot.outbox import Delivery, DeliveryKind, Nothing, Reason, delivery_id
from bot.people.audit import Look
from bot.prepare import FRESH_TASKS, Mode
from bot.question import SHOW_MY_WEEK, Question
from bot.reports.alerts import NAME, Evaluation, Event, news, report_on
from bot.reports.intervals import last_days
from bot.scheduled import DraftWithFacts, send_direct
from bot.storage.buttons import Person
from bot.storage.tables import alert as known
from bot.storage.tables import delivery
from bot.subscriptions import Subscription

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger(__name__)

# The workspace and the Slack account.
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
MOST = 20  # alerts of one owner: all fit into one message
MOST_NAMED = 3  # people or groups of an alert
EVERY = 15  # seconds between checks for new sessions
AT_MOST_EVERY = timedelta(hours=1)
MORNING, EVENING = time(7), time(20)  # the owner's day, in which alerts are sent
AGAIN_AFTER = timedelta(minutes=5)  # if Slack or Exec failed
# Raised for names that the owner can no longer see, or that are gone.
LOST = (NotAllowed, NotFound, Ambiguous)
TO_NUDGE = (AlertKind.OVERDUE, AlertKind.INACTIVE)


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert as its owner reads it: "Jane Smith earns a first gold"."""

    id: str
    what: str
    paused: bool


def register(app: App) -> None:
    """Add the subcommand, the action in words, the message, the listener and the job."""
    app.commands.add(Command("alert", partial(run, app), LINES, ("alerts",), takes=is_rule))
    app.commands.actions[NAME] = partial(offer, app)
    app.scheduled[NAME] = partial(draw_news, app)
    app.jobs["alerts"] = Job(partial(queue_news, app, {}, {}), EVERY, once=True)

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
    """Answer a sentence like "tell me when Sam earns gold" with a button that sets this alert, or
    with a button for every kind."""
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
    stored_who(question)  # raises for a mixture of people and groups
    note = OWN_AVERAGE if rule.what is AlertKind.BELOW else ""
    ways = (Suggestion("Set this alert", f"alert {rest}"), MY_ALERTS)
    return notice(
        f"I'll message you once, when *{{who}} {{what}}*.{note}",
        await app.answerer.offers(asker, ways),
        who=await name_people(app, question),
        what=rule.happens,
    )


async def show_list(app: App, asker: Asker, removed: AlertLine | None = None) -> Draft:
    """The asker's alerts, below the one that was just removed."""
    alerts = [await describe(app, asker, one) for one in await alerts_of(app, asker)]
    return draft("alerts", alerts=alerts, removed=removed)


async def remove(app: App, asker: Asker, id_: str) -> Draft:
    """Remove one of the asker's alerts. Raises NotFound, also for somebody else's."""
    one = next((each for each in await alerts_of(app, asker) if each.id == id_), None)
    line = None if one is None else await describe(app, asker, one)
    if line is None or not await app.subscriptions.remove(line.id):
        raise NotFound("This alert no longer exists.", (MY_ALERTS,))
    return await show_list(app, asker, line)


async def set_alert(app: App, asker: Asker, typed: str, rule: Rule) -> Draft:
    """Set an alert. The answer lists what is already true, and no message repeats that."""
    try:
        question = await find_people(app, asker, typed, rule)
    except UserError as problem:
        problem.suggestions = tuple(_with_rule(way, rule) for way in problem.suggestions)
        raise
    words = " ".join(filter(None, (NAME, stored_who(question), rule.words)))
    same = await find_same(app, asker, words)
    found = await find_matches(app, question.resolved, rule, asker)
    new = Subscription("", asker.team_id, asker.user_id, words, asker.user_id, zone="")
    one = same or (await app.subscriptions.add(new))[0]
    await store_known(app, one, found.rows)
    if same is not None:
        await app.subscriptions.resume(same)
    people = frozenset(each.member_id for each in found.rows)
    await app.audit.note(Look(asker, NAME, people))
    return draft(
        "alert_set",
        what=(await describe(app, asker, one)).what,
        resumed=same is not None,
        already=found.rows,
        people=len(people),
        zone=str(asker.zone),
        now=app.clock(),
        offers=await app.answerer.offers(asker, (MY_ALERTS,)),
    )


def _with_rule(way: Suggestion, rule: Rule) -> Suggestion:
    """A suggested name with the rule after it."""
    is_alert = way.words.split(" ")[0] == NAME
    return replace(way, words=f"{way.words} {rule.words}") if is_alert else way


async def find_same(app: App, asker: Asker, words: str) -> Subscription | None:
    """The asker's paused alert with these words. Raises UserError if it isn't paused, or if they
    have too many others."""
    own = await alerts_of(app, asker)
    one = next((each for each in own if each.words == words), None)
    if one is not None and not one.is_paused:
        what = (await describe(app, asker, one)).what
        raise UserError("You already have this alert: *{what}*.", (MY_ALERTS,), what=what)
    if one is None and len(own) >= MOST:
        raise UserError(
            "You have {most} alerts, which is the most I can watch. Remove one first.",
            (MY_ALERTS,),
            most=str(MOST),
        )
    return one


async def store_known(app: App, one: Subscription, events: Sequence[Event]) -> None:
    """Store these events, and no others, as known to the alert's owner."""
    now, persons = app.clock(), {each.key: each.member_id for each in events}
    rows = [
        {"subscription_id": one.id, "key": key, "member_id": member_id, "at": now}
        for key, member_id in persons.items()
    ]
    async with app.db.transaction() as connection:
        await connection.execute(sa.delete(known).where(known.c.subscription_id == one.id))
        await app.db.put(connection, known, rows)


async def alerts_of(app: App, owner: Asker) -> tuple[Subscription, ...]:
    """The alerts of an owner, oldest first."""
    return await app.subscriptions.listed(owner.team_id, owner_id=owner.user_id, report=NAME)


# The people of an alert


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


async def find_people(app: App, asker: Asker, who: str | Query, rule: Rule) -> Question:
    """The people that these words mean, if the asker can see them all. Raises UserError."""
    question = await app.answerer.question(asker, who, report_on(rule))
    query = question.query
    if query.names and question.resolved.people is not None and not query.people:
        # A question about somebody else's group is reduced to the asker.
        raise NotAllowed("Alerts about a group are for its coaches and for admins.")
    return question


async def find_visible(app: App, owner: Asker, one: Subscription) -> Question | None:
    """The people of an alert that its owner can see now; None if nobody is left."""
    who, rule = read_stored(one)
    try:
        seen = await require_coach(app, owner)
    except NotAllowed:
        return None
    with suppress(*LOST):
        return await find_people(app, owner, who, rule)
    query, left = await app.resolver.read(who, owner, seen, lead=NAME), Query()
    parts = [Query(people=(each,)) for each in query.people]
    for part in (*parts, *(Query(names=(each,)) for each in query.names)):
        with suppress(*LOST):
            await find_people(app, owner, part, rule)
            left = Query(people=left.people + part.people, names=left.names + part.names)
    return None if left == Query() else await find_people(app, owner, left, rule)


def read_stored(one: Subscription) -> tuple[str, Rule]:
    """The words for the people of an alert, and its rule."""
    return read_rule(one.words.removeprefix(NAME))


def stored_who(question: Question) -> str:
    """The people or groups of an alert in canonical words with ids. Raises UserError for a
    mixture."""
    query, resolved = question.query, question.resolved
    changing = tuple(ref for ref in query.people if ref.kind in CHANGING)
    if (query.people and query.names) or (changing and len(query.people) > 1):
        raise UserError(
            "An alert is about people, about groups, or about your people. Set one for each, like "
            "`{command} alert @jane gold` and `{command} alert group:west gold`."
        )
    if query.people:
        ids = sorted({person.id for person in resolved.people or ()})
        people = changing or tuple(PersonRef(PersonKind.PERSON, id_) for id_ in ids)
        return query_words(Query(people=people))
    if query.names:
        groups = sorted({each.id for each in resolved.names})
        return query_words(Query(names=tuple(NameRef(Kind.GROUP, id_) for id_ in groups)))
    mine = () if question.visibility.everyone else (PersonRef(PersonKind.MINE),)
    return query_words(Query(people=mine))


async def describe(app: App, owner: Asker, one: Subscription) -> AlertLine:
    """An alert in words, with the names that its owner can see now."""
    question = await find_visible(app, owner, one)
    who = "someone you can't see" if question is None else await name_people(app, question)
    return AlertLine(one.id, f"{who} {read_stored(one)[1].happens}", one.is_paused)


async def name_people(app: App, question: Question) -> str:
    """The subject of an alert's sentence: "Jane Smith or Bob Jones", "someone in West Coast"."""
    query, resolved = question.query, question.resolved
    for ref in query.people:
        if ref.kind is PersonKind.MINE:
            return "one of your people"
        if ref.kind is PersonKind.USERGROUP:
            group = f"@{ref.label.removeprefix('@')}" if ref.label else "a user group"
            return f"someone in {group}"
    if query.people:
        people = await app.directory.label_namesakes(
            resolved.people or (), lambda each: question.visibility.covers((each,))
        )
        return _either([each.name for each in people])
    if resolved.names:
        return f"someone in {_either([each.name for each in resolved.names])}"
    return "anyone" if question.visibility.everyone else "one of your people"


def _either(names: list[str]) -> str:
    """ "Jane Smith, Bob Jones, Sam Lee or one of 3 others"."""
    more = len(names) - MOST_NAMED
    return listed([*names[:MOST_NAMED], f"one of {more} others"] if more > 1 else names, "or")


# News


async def find_matches(app: App, query: ResolvedQuery, rule: Rule, owner: Asker) -> Evaluation:
    """The events that a rule matches in stored data; assignments are at most a day old."""
    needs = report_on(rule).needs
    prepare = partial(app.preparer.prepare, query, str(owner.zone), needs=needs, mode=Mode.STORED)
    prepared = await prepare()
    if needs:
        people = prepared.subject.people
        with suppress(ExecError):  # older assignments are better than none
            await app.lists.use_assignments(people, ASSIGNMENTS_AGE, Purpose.ASSIGNMENTS)
        prepared = await prepare()
    return await report_on(rule).figures(prepared)


async def find_news(app: App, owner: Asker, one: Subscription) -> Sequence[Event] | None:
    """The events that an alert's owner doesn't know yet; None if they can't see any of its people.
    An event that ended is news again if it comes back."""
    question, (_, rule) = await find_visible(app, owner, one), read_stored(one)
    if question is None:
        return None
    of_this, set_at = known.c.subscription_id == one.id, one.next_at or app.clock()
    known_keys = frozenset(await app.db.scalars(sa.select(known.c.key).where(of_this)))
    found = await find_matches(app, question.resolved, rule, owner)
    fresh = news(found, known_keys, set_at)
    if fresh and rule.what is AlertKind.OVERDUE:
        # The stored assignments may be a day old, and this one done since.
        people = {each.member_id for each in fresh}
        try:
            await app.lists.use_assignments(people, FRESH_TASKS, Purpose.DUE)
        except ExecError:
            return ()
        found = await find_matches(app, question.resolved, rule, owner)
        fresh = news(found, known_keys, set_at)
    if ended := found.cleared & known_keys:
        await app.db.write(sa.delete(known).where(of_this, known.c.key.in_(ended)))
    return fresh


async def draw_news(app: App, asker: Asker, _row: Delivery, _mode: Mode) -> DraftWithFacts:
    """The message with the news of all the owner's alerts. Raises Nothing without news and at
    night."""
    if not is_day(asker.zone, app.clock()):
        raise Nothing
    found = [
        (one.id, await find_news(app, asker, one) or ())
        for one in await alerts_of(app, asker)
        if not one.is_paused
    ]
    # Several alerts can have the same event.
    events = tuple({(each.rule, each.key): each for _, own in found for each in own}.values())
    if not events:
        raise Nothing
    await app.audit.note(Look(asker, NAME, frozenset(each.member_id for each in events)))
    to_nudge, handle = await find_to_nudge(app, asker, events)
    window = await read_window(app.db)
    view = draft(
        "alert",
        events=events,
        to_nudge=to_nudge,
        handle=handle,
        zone=str(asker.zone),
        as_of=app.clock() if window is None else window.end,
        now=app.clock(),
    )
    return DraftWithFacts(
        view, [[id_, each.key, each.member_id] for id_, own in found for each in own]
    )


async def find_to_nudge(app: App, asker: Asker, events: Sequence[Event]) -> tuple[str, str]:
    """The name and the button id of the one person to nudge; "" for nobody or several."""
    names = {each.member_id: each.who for each in events if each.rule.what in TO_NUDGE}
    if len(names) != 1:
        return "", ""
    ((id_, name),) = names.items()
    periods = last_days(str(asker.zone), app.clock())
    person = Person.over(id_, periods.interval.start, periods.interval.end, periods.zone)
    (button_id,) = await app.buttons.add(asker.team_id, asker.user_id, person)
    return name, button_id


# The job


async def queue_news(
    app: App, seen: dict[Owner, object], not_before: dict[Owner, datetime]
) -> None:
    """Queue a message to each owner with news, if sessions were stored since the last run.

    `seen` holds the state of the mirror in which an owner had no news, `not_before` the time of the
    next try after an error. Raises StorageError.
    """
    owners, now = dict[Owner, list[Subscription]](), app.clock()
    for one in await app.subscriptions.every(NAME):
        owners.setdefault((one.team_id, one.owner_id), []).append(one)
    awake = [each for each in owners if is_day(await app.people.zone(*each), now)]
    if awake:
        app.mirror.asked_at = now  # so that new sessions are read often
    window = await read_window(app.db)
    state = (None if window is None else window.end, app.mirror.changes)
    for owner in awake:
        if not_before.get(owner, now) > now or seen.get(owner) == state:
            continue
        try:
            if await queue_for(app, owner, owners[owner]):
                seen[owner] = state
        except StorageError:
            raise
        except BotError as error:
            log.info("alerts wait: %s", type(error).__name__)
            not_before[owner] = now + AGAIN_AFTER


def is_day(zone: ZoneInfo, now: datetime) -> bool:
    """Whether alerts are sent in a zone at this time."""
    return MORNING <= now.astimezone(zone).time() < EVENING


async def queue_for(app: App, owner: Owner, alerts: Sequence[Subscription]) -> bool:
    """Queue a message to an owner if there is news. Returns False to check again soon."""
    last, now = await last_message(app, owner), app.clock()
    if last is not None and (last.done_at is None or now - last.done_at < AT_MOST_EVERY):
        return False
    if (asker := await find_owner(app, owner)) is None:
        await pause(app, alerts)
        return True
    found = [(one, await find_news(app, asker, one)) for one in alerts]
    if lost := [one for one, events in found if events is None]:
        await tell_paused(app, asker, lost)
        await pause(app, lost)
    if not any(events for _, events in found):
        return True
    row = Delivery(
        # The id follows from the last message's, so only one of two processes can insert it.
        id=delivery_id("alert", *owner, "" if last is None else last.id),
        kind=DeliveryKind.ALERT,
        team_id=asker.team_id,
        owner_id=asker.user_id,
        place=asker.user_id,
        planned_at=now,
        try_at=now,
        words=NAME,
    )
    async with app.db.transaction() as connection:
        await app.outbox.insert(connection, row)
    return False


async def find_owner(app: App, owner: Owner) -> Asker | None:
    """The owner of alerts; None if the account is gone or a guest's. Raises NotRead while the
    members of their groups are unknown."""
    try:
        asker = await app.people.asker(*owner)
    except NotFound:
        return None
    if asker.account_type is not AccountType.FULL:
        return None
    with suppress(NotAllowed):
        seen = await app.coaching.visibility(asker)
        if seen.unsure and not seen.everyone:
            raise NotRead("the members of the group")
    return asker


async def last_message(app: App, owner: Owner) -> sa.Row[Any] | None:
    """The id of an owner's newest message about alerts, and when it was sent or failed."""
    c = delivery.c
    mine = (c.kind == DeliveryKind.ALERT, c.team_id == owner[0], c.place == owner[1])
    query = sa.select(c.id, c.done_at).where(*mine).order_by(c.planned_at.desc()).limit(1)
    return await app.db.row(query)


async def tell_paused(app: App, owner: Asker, lost: Sequence[Subscription]) -> None:
    """Notify an owner once that alerts are paused."""
    what, they_are = ("an alert", "it's") if len(lost) == 1 else (f"{len(lost)} alerts", "they're")
    message = notice(
        f"I paused {what} because you can no longer see the people {they_are} about.",
        await app.answerer.offers(owner, (MY_ALERTS,)),
    )
    id_ = delivery_id("alerts paused", *(f"{each.id} {each.next_at}" for each in lost))
    await send_direct(app, owner.team_id, owner.user_id, message, id_=id_)


async def pause(app: App, alerts: Sequence[Subscription]) -> None:
    """Pause alerts whose owner can't see any of their people."""
    for each in alerts:
        await app.subscriptions.pause(each.id, Reason.OWNER)
