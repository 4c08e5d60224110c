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
from typing import TypeAlias
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.app import App, AskRoom, ExecRoom, PeopleRoom, ScheduledRoom, SlackRoom, StorageRoom
from bot.ask.answer import Request
from bot.ask.prepare import Mode
from bot.ask.question import SHOW_MY_WEEK, Question
from bot.clock import Now
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
from bot.language.alert_words import AlertKind, AlertRule, is_command, is_of_silence, rule_of
from bot.language.filters import listed, query_words
from bot.language.query import CHANGING, Kind, NameRef, PersonKind, PersonRef, Query, ResolvedQuery
from bot.language.text import first_word, plain_text
from bot.messages.render import Draft, View, draft, notice
from bot.people.access import Asker
from bot.people.audit import Look
from bot.people.directory import label_namesakes
from bot.reports.alerts import NAME, AlertFigures, Event, news, report_on
from bot.scheduled.delivery import Delivery, DeliveryKind, Nothing, delivery_id
from bot.scheduled.draw import Drawing
from bot.scheduled.subscriptions import Subscription
from bot.slack.commands import BOTH, Command, HelpLine
from bot.slack.turn import Turn
from bot.storage.sessions import read_window
from bot.storage.tables import alert as known
from bot.storage.tables import delivery

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


@dataclass(frozen=True, slots=True)
class Alerts:
    """Sets alerts, and queues their news."""

    ask: AskRoom
    clock: Now
    exec: ExecRoom
    jobs: dict[str, Job]
    people: PeopleRoom
    scheduled: ScheduledRoom
    slack: SlackRoom
    storage: StorageRoom

    def register(self) -> None:
        """Add the subcommand, the action in words, the message, the listener and the job."""
        self.slack.commands.add(Command("alert", self.run, LINES, ("alerts",), takes=is_command))
        self.slack.commands.actions[NAME] = self.offer
        self.scheduled.drawer.drawings[NAME] = self.draw_news
        self.jobs["alerts"] = Job(partial(self.queue_news, {}), EVERY, once=True)

        @self.slack.listeners.answering("alert.remove")
        async def remove_one(turn: Turn) -> View:
            return await self.remove(await turn.asker(), turn.value)

    # Commands: all raise UserError, SlackError, ExecError and StorageError

    async def run(self, request: Request, rest: str) -> View:
        """Answer `alert <rest>`: list the alerts, or set one."""
        if first_word(plain_text(rest))[0] in LIST:
            return await self.show_list(request.asker)
        return await self.set_alert(request.asker, rest)

    async def offer(self, request: Request, rest: str) -> View:
        """Answer a sentence like "tell me when Sam earns gold" with a button that sets this
        alert."""
        asker = request.asker
        if not rest:  # "my alerts"
            return await self.show_list(asker)
        question, rule = await self.read_alert(asker, rest)
        ways = (Suggestion("Set this alert", stored_words(question, rule)), MY_ALERTS)
        return notice(
            "I'll message you once, when *{who} {what}*.",
            await self.ask.answerer.offers(asker, ways),
            who=self.name_people(question),
            what=rule.happens,
        )

    async def show_list(self, asker: Asker, removed: str = "") -> Draft:
        """The asker's alerts, below the one that was just removed."""
        alerts = [
            (alert.id, await self.describe(asker, alert)) for alert in await self.alerts_of(asker)
        ]
        return draft("alerts", alerts=alerts, removed=removed)

    async def remove(self, asker: Asker, id_: str) -> Draft:
        """Remove one of the asker's alerts. Raises NotFound, also for somebody else's."""
        alert = next(
            (candidate for candidate in await self.alerts_of(asker) if candidate.id == id_), None
        )
        if alert is None:
            raise NotFound("This alert no longer exists.", (MY_ALERTS,))
        what = await self.describe(asker, alert)
        await self.scheduled.subscriptions.remove(alert.id)
        return await self.show_list(asker, what)

    async def set_alert(self, asker: Asker, text: str) -> Draft:
        """Set an alert. The answer lists what is already true, and no message repeats that."""
        question, rule = await self.read_alert(asker, text)
        words = stored_words(question, rule)
        what = f"{self.name_people(question)} {rule.happens}"
        if len(await self.alerts_of(asker)) >= MOST:
            raise UserError(
                "You have {most} alerts, which is the most I can watch. Remove one first.",
                (MY_ALERTS,),
                most=str(MOST),
            )
        events = (await self.evaluate(question, rule, asker, Mode.STORED)).rows
        new = Subscription("", asker.team_id, asker.user_id, words, asker.user_id, zone="")
        alert, is_new = await self.scheduled.subscriptions.add(new)
        if not is_new:
            raise UserError("You already have this alert: *{what}*.", (MY_ALERTS,), what=what)
        now = self.clock()
        rows = [
            {"subscription_id": alert.id, "key": event.key, "member_id": event.member_id, "at": now}
            for event in events
        ]
        async with self.storage.db.transaction() as connection:
            await self.storage.db.put(connection, known, rows)
        await self.people.audit.note(
            Look(asker, NAME, frozenset(event.member_id for event in events))
        )
        offers = await self.ask.answerer.offers(asker, (MY_ALERTS,))
        values = {"what": what, "already": events, "zone": str(asker.zone), "now": now}
        return draft("alert_set", **values, offers=offers)

    async def alerts_of(self, owner: Asker) -> tuple[Subscription, ...]:
        """The alerts of an owner, oldest first."""
        return await self.scheduled.subscriptions.listed(
            owner.team_id, owner_id=owner.user_id, report=NAME
        )

    # The people and the rule of an alert

    async def read_alert(self, asker: Asker, text: str) -> tuple[Question, AlertRule]:
        """The people and the rule that a coach or an admin means. Raises UserError."""
        seen = await self.people.coaching.visibility(asker)
        if seen.sees == "own":
            raise NotAllowed(
                "Alerts are for coaches and admins, and you don't coach anyone yet. `{command} me` "
                "shows your own practice.",
                (SHOW_MY_WEEK,),
            )
        try:
            query = await self.people.resolver.query_of(text, asker, seen, lead=NAME)
            rule = rule_of(query, text)
            return await self.find_people(asker, query, rule), rule
        except UserError as problem:
            if is_of_silence(text):  # which no filter says
                problem.suggestions = tuple(
                    replace(way, words=f"{way.words} {AlertKind.INACTIVE}")
                    if way.words.startswith(f"{NAME} ")
                    else way
                    for way in problem.suggestions
                )
            raise

    async def find_people(self, asker: Asker, query: Query, rule: AlertRule) -> Question:
        """The people that a question means, if the asker can see them all. Raises UserError."""
        question = await self.ask.questions.understand(asker, query, report_on(rule))
        changes = any(ref.kind in CHANGING for ref in query.people)
        if (query.people and query.names) or (changes and len(query.people) > 1):
            raise UserError(
                "An alert is about people, about groups, or about your people. Set one for each, "
                "like `{command} alert @jane gold` and `{command} alert group:west gold`."
            )
        if query.names and question.resolved.people is not None:
            # A question about somebody else's group is reduced to the asker.
            raise NotAllowed("Alerts about a group are for its coaches and for admins.")
        return question

    async def find_visible(
        self, owner: Asker, alert: Subscription
    ) -> tuple[Question | None, AlertRule]:
        """The people of an alert that its owner can see now, None if nobody is left, and its
        rule."""
        seen, text = await self.people.coaching.visibility(owner), alert.words.removeprefix(NAME)
        query = await self.people.resolver.query_of(text, owner, seen, lead=NAME)
        rule, left = rule_of(query, text), replace(query, people=(), names=())
        if seen.sees == "own":
            return None, rule
        for part in (
            *(replace(left, people=(person,)) for person in query.people),
            *(replace(left, names=(thing,)) for thing in query.names),
        ):
            with suppress(NotAllowed, NotFound, Ambiguous):  # no longer theirs, or gone
                await self.find_people(owner, part, rule)
                left = replace(
                    left, people=left.people + part.people, names=left.names + part.names
                )
        if (query.people or query.names) and not (left.people or left.names):
            return None, rule
        with suppress(NotAllowed):
            return await self.find_people(owner, left, rule), rule
        return None, rule

    async def describe(self, owner: Asker, alert: Subscription) -> str:
        """An alert in words, with the names that its owner can see now: "Jane Smith earns a first
        gold"."""
        question, rule = await self.find_visible(owner, alert)
        who = "someone you can't see" if question is None else self.name_people(question)
        return f"{who} {rule.happens}"

    def name_people(self, question: Question) -> str:
        """The subject of an alert's sentence: "Jane Smith or Bob Jones", "someone in West
        Coast"."""
        refs, seen = question.query.people, question.visibility
        if refs and refs[0].kind is PersonKind.USERGROUP:
            return "someone in the user group"
        if refs and refs[0].kind is not PersonKind.MINE:
            people = label_namesakes(
                question.resolved.people or (), self.people.directory.listed, seen.knows
            )
            return _either([person.name for person in people])
        if question.resolved.names:
            return f"someone in {_either([thing.name for thing in question.resolved.names])}"
        return "anyone" if seen.everyone and not refs else "one of your people"

    # News

    async def evaluate(
        self, question: Question, rule: AlertRule, owner: Asker, mode: Mode
    ) -> AlertFigures:
        """The events that a rule matches; in stored data, assignments are at most a day old."""
        report, asked = report_on(rule), question.resolved
        query = ResolvedQuery(asked.people, asked.names)  # the rule has its own filters
        prepare = partial(
            self.ask.preparer.prepare, query, str(owner.zone), needs=report.needs, sessions=False
        )
        prepared = await prepare(mode=mode)
        if report.needs and mode is Mode.STORED:
            people = prepared.subject.people
            with suppress(ExecError):  # older assignments are better than none
                await self.exec.lists.use_assignments(people, ASSIGNMENTS_AGE, Purpose.ASSIGNMENTS)
            prepared = await prepare(mode=mode)
        return await report.figures(prepared)

    async def find_news(self, owner: Asker, alert: Subscription, mode: Mode) -> Sequence[Event]:
        """The events that an alert's owner doesn't know yet. One that ended is news again if it
        comes back."""
        question, rule = await self.find_visible(owner, alert)
        if question is None:
            return ()
        of_this = known.c.subscription_id == alert.id
        known_keys = frozenset(await self.storage.db.scalars(sa.select(known.c.key).where(of_this)))
        evaluation = await self.evaluate(question, rule, owner, mode)
        if ended := evaluation.cleared & known_keys:
            await self.storage.db.write(sa.delete(known).where(of_this, known.c.key.in_(ended)))
        return news(evaluation, known_keys, alert.created_at)

    async def draw_news(self, asker: Asker, _row: Delivery, mode: Mode) -> Drawing:
        """The message with the news of all the owner's alerts. Raises Nothing without news and at
        night."""
        if not is_day(asker.zone, self.clock()):
            raise Nothing
        alerts = await self.alerts_of(asker)
        news_by_alert = [
            (alert.id, event)
            for alert in alerts
            for event in await self.find_news(asker, alert, mode)
        ]
        # Several alerts can have the same event.
        events = tuple({(event.rule, event.key): event for _, event in news_by_alert}.values())
        if not events:
            raise Nothing
        await self.people.audit.note(
            Look(asker, NAME, frozenset(event.member_id for event in events))
        )
        window = await read_window(self.storage.db)
        view = draft(
            "alert",
            events=events,
            zone=str(asker.zone),
            as_of=self.clock() if window is None else window.end,
            now=self.clock(),
        )
        return view, [[id_, event.key, event.member_id] for id_, event in news_by_alert]

    # The job

    async def queue_news(self, seen: dict[Owner, object]) -> None:
        """Queue a message to each owner with news, if sessions were stored since the last run.

        `seen` holds the state of the mirror in which an owner had no news. Raises StorageError.
        """
        now, window = self.clock(), await read_window(self.storage.db)
        state = (None if window is None else window.end, self.exec.sync.changes)
        for owner in {
            (alert.team_id, alert.owner_id)
            for alert in await self.scheduled.subscriptions.every(NAME)
        }:
            if not is_day(await self.people.accounts.zone(*owner), now):
                continue
            self.exec.sync.asked_at = now  # so that new sessions are read often
            try:
                if seen.get(owner) != state and await self.has_no_news(owner):
                    seen[owner] = state
            except StorageError:
                raise
            except BotError as error:
                log.info("alerts wait: %s", type(error).__name__)

    async def has_no_news(self, owner: Owner) -> bool:
        """Queue a message to an owner if there is news. Returns True if there certainly is none."""
        c, now = delivery.c, self.clock()
        mine = (c.kind == DeliveryKind.ALERT, c.team_id == owner[0], c.place == owner[1])
        query = sa.select(c.id, c.done_at).where(*mine).order_by(c.planned_at.desc()).limit(1)
        last = await self.storage.db.row(query)
        if last is not None and (last.done_at is None or now - last.done_at < AT_MOST_EVERY):
            return False
        try:
            asker = await self.people.accounts.asker(*owner)
        except (NotFound, NotAllowed):  # they see nothing anymore
            return True
        alerts = await self.alerts_of(asker)
        if not any([await self.find_news(asker, alert, Mode.STORED) for alert in alerts]):
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
        async with self.storage.db.transaction() as connection:
            await self.scheduled.deliveries.insert(connection, row)
        return False


def stored_words(question: Question, rule: AlertRule) -> str:
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
        ids = sorted({thing.id for thing in resolved.names})
        groups = tuple(NameRef(Kind.GROUP, id_) for id_ in ids)
    elif not question.visibility.everyone:
        people = (PersonRef(PersonKind.MINE),)
    who = query_words(Query(people=people, names=groups))
    return " ".join(filter(None, (NAME, who, rule.words)))


def _either(names: list[str]) -> str:
    """ "Jane Smith, Bob Jones, Sam Lee or one of 3 others"."""
    more = len(names) - MOST_NAMED
    return listed([*names[:MOST_NAMED], f"one of {more} others"] if more > 1 else names, "or")


def is_day(zone: ZoneInfo, now: datetime) -> bool:
    """Whether alerts are sent in a zone at this time."""
    return MORNING <= now.astimezone(zone).time() < EVENING


def register(app: App) -> None:
    """Add what people can do."""
    Alerts(
        app.ask, app.clock, app.exec, app.jobs, app.people, app.scheduled, app.slack, app.storage
    ).register()
