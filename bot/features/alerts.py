"""Alerts: one message to a coach when something happens.

An alert is a subscription without a schedule. A job looks for new events whenever sessions were
stored, and queues a message. The message is drawn when it is sent, by what its owner can see then.
Once it is sent, its events are stored as known.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.ask.answer import Request
from bot.ask.prepare import Mode
from bot.ask.question import SHOW_MY_WEEK, Question
from bot.errors import (
    Ambiguous,
    BotError,
    ExecError,
    NotAllowed,
    NotFound,
    Sentence,
    StorageError,
    Suggestion,
    UserError,
)
from bot.exec.budget import Purpose
from bot.exec.lists import ASSIGNMENTS_AGE
from bot.jobs import Job
from bot.language.alert_words import AlertKind, Rule, is_command, is_of_silence, rule_of
from bot.language.filters import listed, query_words
from bot.language.query import CHANGING, Kind, NameRef, PersonKind, PersonRef, Query, ResolvedQuery
from bot.language.text import first_word, plain_text
from bot.messages.render import Draft, View, draft, notice
from bot.people.access import Asker
from bot.people.audit import Look
from bot.people.directory import label_namesakes
from bot.reports.alerts import NAME, Evaluation, Event, news, report_on
from bot.scheduled.draw import Drawing
from bot.scheduled.outbox import Delivery, DeliveryKind, Nothing, delivery_id
from bot.scheduled.subscriptions import Subscription
from bot.slack.commands import BOTH, Command, HelpLine
from bot.slack.turn import Turn, answering
from bot.storage.sessions import read_window
from bot.storage.tables import alert as known
from bot.storage.tables import delivery

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
        Sentence(
            "Coaches and admins: get one message when someone earns a first gold, goes quiet, "
            "averages below a score over three graded sessions in a row, or has an overdue "
            "assignment."
        ),
        only=BOTH,
    ),
)
LIST = ("", "list", "remove")
MY_ALERTS = Suggestion("My alerts", "alert list")
MOST = 20  # alerts of one owner: all fit into one message
MOST_NAMED = 3  # people or groups of an alert
EVERY = 15  # seconds between checks for new sessions
AT_MOST_EVERY = timedelta(hours=1)
MORNING, EVENING = time(7), time(20)  # the owner's day, in which alerts are sent


def register(app: App) -> None:
    """Add the subcommand, the action in words, the message, the listener and the job."""
    app.commands.add(Command("alert", partial(run, app), LINES, ("alerts",), takes=is_command))
    app.commands.actions[NAME] = partial(offer, app)
    app.scheduled[NAME] = partial(draw_news, app)
    app.jobs["alerts"] = Job(partial(queue_news, app, {}), EVERY, once=True)

    @answering(app, "alert.remove")
    async def remove_one(turn: Turn) -> View:
        return await remove(app, await turn.asker(), turn.value)


# Commands: all raise UserError, SlackError, ExecError and StorageError


async def run(app: App, request: Request, rest: str) -> View:
    """Answer `alert <rest>`: list the alerts, or set one."""
    if first_word(plain_text(rest))[0] in LIST:
        return await show_list(app, request.asker)
    return await set_alert(app, request.asker, rest)


async def offer(app: App, request: Request, rest: str) -> View:
    """Answer a sentence like "tell me when Sam earns gold" with a button that sets this alert."""
    asker = request.asker
    if not rest:  # "my alerts"
        return await show_list(app, asker)
    question, rule = await read_alert(app, asker, rest)
    ways = (Suggestion("Set this alert", stored_words(question, rule)), MY_ALERTS)
    return notice(
        "I'll message you once, when *{who} {what}*.",
        await app.answerer.offers(asker, ways),
        who=name_people(app, question),
        what=rule.happens,
    )


async def show_list(app: App, asker: Asker, removed: str = "") -> Draft:
    """The asker's alerts, below the one that was just removed."""
    alerts = [(one.id, await describe(app, asker, one)) for one in await alerts_of(app, asker)]
    return draft("alerts", alerts=alerts, removed=removed)


async def remove(app: App, asker: Asker, id_: str) -> Draft:
    """Remove one of the asker's alerts. Raises NotFound, also for somebody else's."""
    one = next((each for each in await alerts_of(app, asker) if each.id == id_), None)
    if one is None:
        raise NotFound("This alert no longer exists.", (MY_ALERTS,))
    what = await describe(app, asker, one)
    await app.subscriptions.remove(one.id)
    return await show_list(app, asker, what)


async def set_alert(app: App, asker: Asker, text: str) -> Draft:
    """Set an alert. The answer lists what is already true, and no message repeats that."""
    question, rule = await read_alert(app, asker, text)
    words = stored_words(question, rule)
    what = f"{name_people(app, question)} {rule.happens}"
    if len(await alerts_of(app, asker)) >= MOST:
        raise UserError(
            "You have {most} alerts, which is the most I can watch. Remove one first.",
            (MY_ALERTS,),
            most=str(MOST),
        )
    found = (await evaluate(app, question, rule, asker, Mode.STORED)).rows
    new = Subscription("", asker.team_id, asker.user_id, words, asker.user_id, zone="")
    one, is_new = await app.subscriptions.add(new)
    if not is_new:
        raise UserError("You already have this alert: *{what}*.", (MY_ALERTS,), what=what)
    now = app.clock()
    rows = [
        {"subscription_id": one.id, "key": each.key, "member_id": each.member_id, "at": now}
        for each in found
    ]
    async with app.db.transaction() as connection:
        await app.db.put(connection, known, rows)
    await app.audit.note(Look(asker, NAME, frozenset(each.member_id for each in found)))
    offers = await app.answerer.offers(asker, (MY_ALERTS,))
    values = {"what": what, "already": found, "zone": str(asker.zone), "now": now}
    return draft("alert_set", **values, offers=offers)


async def alerts_of(app: App, owner: Asker) -> tuple[Subscription, ...]:
    """The alerts of an owner, oldest first."""
    return await app.subscriptions.listed(owner.team_id, owner_id=owner.user_id, report=NAME)


# The people and the rule of an alert


async def read_alert(app: App, asker: Asker, text: str) -> tuple[Question, Rule]:
    """The people and the rule that a coach or an admin means. Raises UserError."""
    seen = await app.coaching.visibility(asker)
    if seen.sees == "own":
        raise NotAllowed(
            "Alerts are for coaches and admins, and you don't coach anyone yet. `{command} me` "
            "shows your own practice.",
            (SHOW_MY_WEEK,),
        )
    try:
        query = await app.resolver.read(text, asker, seen, lead=NAME)
        rule = rule_of(query, text)
        return await find_people(app, asker, query, rule), rule
    except UserError as problem:
        if is_of_silence(text):  # which no filter says
            problem.suggestions = tuple(
                replace(way, words=f"{way.words} {AlertKind.INACTIVE}")
                if way.words.startswith(f"{NAME} ")
                else way
                for way in problem.suggestions
            )
        raise


async def find_people(app: App, asker: Asker, query: Query, rule: Rule) -> Question:
    """The people that a question means, if the asker can see them all. Raises UserError."""
    question = await app.questions.read(asker, query, report_on(rule))
    changes = any(ref.kind in CHANGING for ref in query.people)
    if (query.people and query.names) or (changes and len(query.people) > 1):
        raise UserError(
            "An alert is about people, about groups, or about your people. Set one for each, like "
            "`{command} alert @jane gold` and `{command} alert group:west gold`."
        )
    if query.names and question.resolved.people is not None:
        # A question about somebody else's group is reduced to the asker.
        raise NotAllowed("Alerts about a group are for its coaches and for admins.")
    return question


async def find_visible(app: App, owner: Asker, one: Subscription) -> tuple[Question | None, Rule]:
    """The people of an alert that its owner can see now, None if nobody is left, and its rule."""
    seen, text = await app.coaching.visibility(owner), one.words.removeprefix(NAME)
    query = await app.resolver.read(text, owner, seen, lead=NAME)
    rule, left = rule_of(query, text), replace(query, people=(), names=())
    if seen.sees == "own":
        return None, rule
    for part in (
        *(replace(left, people=(each,)) for each in query.people),
        *(replace(left, names=(each,)) for each in query.names),
    ):
        with suppress(NotAllowed, NotFound, Ambiguous):  # no longer theirs, or gone
            await find_people(app, owner, part, rule)
            left = replace(left, people=left.people + part.people, names=left.names + part.names)
    if (query.people or query.names) and not (left.people or left.names):
        return None, rule
    with suppress(NotAllowed):
        return await find_people(app, owner, left, rule), rule
    return None, rule


def stored_words(question: Question, rule: Rule) -> str:
    """An alert in canonical words with ids."""
    query, resolved = question.query, question.resolved
    people: tuple[PersonRef, ...] = ()
    groups: tuple[NameRef, ...] = ()
    if any(ref.kind in CHANGING for ref in query.people):
        people = query.people
    elif query.people:
        ids = sorted({person.id for person in resolved.people or ()})
        people = tuple(PersonRef(PersonKind.PERSON, id_) for id_ in ids)
    elif query.names:
        ids = sorted({each.id for each in resolved.names})
        groups = tuple(NameRef(Kind.GROUP, id_) for id_ in ids)
    elif not question.visibility.everyone:
        people = (PersonRef(PersonKind.MINE),)
    who = query_words(Query(people=people, names=groups))
    return " ".join(filter(None, (NAME, who, rule.words)))


async def describe(app: App, owner: Asker, one: Subscription) -> str:
    """An alert in words, with the names that its owner can see now: "Jane Smith earns a first
    gold"."""
    question, rule = await find_visible(app, owner, one)
    who = "someone you can't see" if question is None else name_people(app, question)
    return f"{who} {rule.happens}"


def name_people(app: App, question: Question) -> str:
    """The subject of an alert's sentence: "Jane Smith or Bob Jones", "someone in West Coast"."""
    refs, seen = question.query.people, question.visibility
    if refs and refs[0].kind is PersonKind.USERGROUP:
        return "someone in the user group"
    if refs and refs[0].kind is not PersonKind.MINE:
        people = label_namesakes(question.resolved.people or (), app.directory.listed, seen.knows)
        return _either([each.name for each in people])
    if question.resolved.names:
        return f"someone in {_either([each.name for each in question.resolved.names])}"
    return "anyone" if seen.everyone and not refs else "one of your people"


def _either(names: list[str]) -> str:
    """ "Jane Smith, Bob Jones, Sam Lee or one of 3 others"."""
    more = len(names) - MOST_NAMED
    return listed([*names[:MOST_NAMED], f"one of {more} others"] if more > 1 else names, "or")


# News


async def evaluate(
    app: App, question: Question, rule: Rule, owner: Asker, mode: Mode
) -> Evaluation:
    """The events that a rule matches; in stored data, assignments are at most a day old."""
    report, asked = report_on(rule), question.resolved
    query = ResolvedQuery(asked.people, asked.names)  # the rule has its own filters
    prepare = partial(
        app.preparer.prepare, query, str(owner.zone), needs=report.needs, sessions=False
    )
    prepared = await prepare(mode=mode)
    if report.needs and mode is Mode.STORED:
        people = prepared.subject.people
        with suppress(ExecError):  # older assignments are better than none
            await app.lists.use_assignments(people, ASSIGNMENTS_AGE, Purpose.ASSIGNMENTS)
        prepared = await prepare(mode=mode)
    return await report.figures(prepared)


async def find_news(app: App, owner: Asker, one: Subscription, mode: Mode) -> Sequence[Event]:
    """The events that an alert's owner doesn't know yet. One that ended is news again if it comes
    back."""
    question, rule = await find_visible(app, owner, one)
    if question is None:
        return ()
    of_this = known.c.subscription_id == one.id
    known_keys = frozenset(await app.db.scalars(sa.select(known.c.key).where(of_this)))
    found = await evaluate(app, question, rule, owner, mode)
    if ended := found.cleared & known_keys:
        await app.db.write(sa.delete(known).where(of_this, known.c.key.in_(ended)))
    return news(found, known_keys, one.created_at)


async def draw_news(app: App, asker: Asker, _row: Delivery, mode: Mode) -> Drawing:
    """The message with the news of all the owner's alerts. Raises Nothing without news and at
    night."""
    if not is_day(asker.zone, app.clock()):
        raise Nothing
    alerts = await alerts_of(app, asker)
    found = [(one.id, each) for one in alerts for each in await find_news(app, asker, one, mode)]
    # Several alerts can have the same event.
    events = tuple({(each.rule, each.key): each for _, each in found}.values())
    if not events:
        raise Nothing
    await app.audit.note(Look(asker, NAME, frozenset(each.member_id for each in events)))
    window = await read_window(app.db)
    view = draft(
        "alert",
        events=events,
        zone=str(asker.zone),
        as_of=app.clock() if window is None else window.end,
        now=app.clock(),
    )
    return view, [[id_, each.key, each.member_id] for id_, each in found]


# The job


async def queue_news(app: App, seen: dict[Owner, object]) -> None:
    """Queue a message to each owner with news, if sessions were stored since the last run.

    `seen` holds the state of the mirror in which an owner had no news. Raises StorageError.
    """
    now, window = app.clock(), await read_window(app.db)
    state = (None if window is None else window.end, app.mirror.changes)
    for owner in {(one.team_id, one.owner_id) for one in await app.subscriptions.every(NAME)}:
        if not is_day(await app.people.zone(*owner), now):
            continue
        app.mirror.asked_at = now  # so that new sessions are read often
        try:
            if seen.get(owner) != state and await has_no_news(app, owner):
                seen[owner] = state
        except StorageError:
            raise
        except BotError as error:
            log.info("alerts wait: %s", type(error).__name__)


def is_day(zone: ZoneInfo, now: datetime) -> bool:
    """Whether alerts are sent in a zone at this time."""
    return MORNING <= now.astimezone(zone).time() < EVENING


async def has_no_news(app: App, owner: Owner) -> bool:
    """Queue a message to an owner if there is news. Returns True if there certainly is none."""
    c, now = delivery.c, app.clock()
    mine = (c.kind == DeliveryKind.ALERT, c.team_id == owner[0], c.place == owner[1])
    query = sa.select(c.id, c.done_at).where(*mine).order_by(c.planned_at.desc()).limit(1)
    last = await app.db.row(query)
    if last is not None and (last.done_at is None or now - last.done_at < AT_MOST_EVERY):
        return False
    try:
        asker = await app.people.asker(*owner)
    except (NotFound, NotAllowed):  # they see nothing anymore
        return True
    alerts = await alerts_of(app, asker)
    if not any([await find_news(app, asker, one, Mode.STORED) for one in alerts]):
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
