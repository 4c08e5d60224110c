"""The app: everything that features need, with their Bolt listeners and their jobs."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import httpx
from slack_bolt.async_app import AsyncApp

from bot.ask.answer import Answerer
from bot.ask.conversation import Asking
from bot.ask.prepare import Preparer
from bot.ask.public import ChannelRules
from bot.ask.question import QuestionReader
from bot.ask.translate import Translator, open_translator
from bot.exec.budget import Budget
from bot.exec.client import ExecClient, exec_http
from bot.exec.feedback import Feedbacks
from bot.exec.jobs import Jobs as MirrorJobs
from bot.exec.lists import Lists
from bot.exec.sync import Mirror
from bot.features import (
    admin,
    alerts,
    ask,
    coach,
    export,
    first_contact,
    help,
    home,
    me,
    nudge,
    share,
)
from bot.features.schedule import command as schedule
from bot.jobs import Job
from bot.messages.render import Messages
from bot.observe.telemetry import Telemetry
from bot.people.accounts import People
from bot.people.audience import Audiences
from bot.people.audit import Audit
from bot.people.coaches import Coaches, Coaching
from bot.people.directory import Directory
from bot.people.names import Resolver
from bot.reports.digest import REPORT as DIGEST
from bot.scheduled.draw import DrawDelivery, draw, draw_digest, failure_notice
from bot.scheduled.outbox import Outbox
from bot.scheduled.subscriptions import Subscriptions
from bot.settings import ExecSettings, Settings
from bot.slack.absent import NoSlack
from bot.slack.commands import Commands
from bot.slack.turn import Turn, log_failure
from bot.slack.web import SlackWeb
from bot.storage.buttons import Buttons
from bot.storage.database import Database
from bot.storage.last_questions import LastQuestions
from bot.storage.leases import Leases
from bot.storage.server_clock import clock_of

FEATURES = (
    ask, share, export, help, first_contact, home, me, coach, nudge, schedule, alerts, admin
)  # fmt: skip
Clock = Callable[[], datetime]


class App:
    """Everything that features work with."""

    def __init__(
        self,
        settings: Settings,
        messages: Messages,
        db: Database,
        http: httpx.AsyncClient,
        web: SlackWeb,
        clock: Clock,
        translator: Translator | None,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self.settings, self.db, self.web, self.clock = settings, db, web, clock
        self.translator = translator
        self.locale = settings.execbot_locale
        self.messages = messages
        self.commands, self.jobs = Commands(), dict[str, Job]()
        self.tasks = set[asyncio.Task[Any] | None]()
        self.refresh_home: Callable[[App, Turn], Awaitable[None]]
        self._make_tables()
        self._make_exec(http, sleep)
        self._make_people()
        self._make_answers()
        self._make_deliveries()
        # `serve` verifies the raw bytes before Bolt parses them.
        self.bolt = AsyncApp(name="execbot", client=web.client, request_verification_enabled=False)
        self.bolt.error(log_failure)
        for feature in FEATURES:
            feature.register(self)
        ask.register_rest(self)

    def _make_tables(self) -> None:
        """Access to our own tables."""
        db, clock = self.db, self.clock
        self.leases = Leases(db, clock, new_id())
        self.buttons, self.last_questions = Buttons(db, clock, new_id), LastQuestions(db, clock)
        self.audit, self.coaches = Audit(db, clock), Coaches(db)

    def _make_exec(
        self, http: httpx.AsyncClient, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        """The client of Exec, and the copy of its data."""
        db, clock, settings = self.db, self.clock, self.settings
        self.telemetry = Telemetry()
        per_minute, per_day = settings.exec_requests_per_minute, settings.exec_requests_per_day
        self.budget = Budget(db, clock=clock, per_minute=per_minute, per_day=per_day)
        self.exec = ExecClient(
            http,
            self.budget,
            clock=clock,
            sleep=sleep,
            observe=lambda path, outcome, seconds: self.telemetry.exec_seconds.labels(
                path, outcome
            ).observe(seconds),
        )
        self.history = timedelta(days=settings.execbot_history_days)
        self.lists = Lists(db, self.exec, self.leases, clock)
        self.mirror = Mirror(db, self.exec, self.leases, clock, history=self.history, sleep=sleep)
        self.mirror_jobs = MirrorJobs(self.mirror, self.lists, self.budget, clock)

    def _make_people(self) -> None:
        """Accounts, names, coaches and channel members."""
        db, clock, web = self.db, self.clock, self.web
        self.directory = Directory(db, clock)
        admins = self.settings.execbot_admins
        self.people = People(db, self.directory, self.lists, web, clock, admins, self.locale)
        self.coaching = Coaching(db, self.directory, clock)
        self.audiences = Audiences(db, self.people, self.leases, clock)
        self.resolver = Resolver(self.directory, self.lists, self.people, clock)

    def _make_answers(self) -> None:
        """Reading and answering questions."""
        feedbacks = Feedbacks(self.db, self.exec, self.clock)
        ranking = self.settings.execbot_named_ranking
        self.rules = ChannelRules(ranking)
        directory, coaching, lists, clock = self.directory, self.coaching, self.lists, self.clock
        self.preparer = Preparer(
            self.db, self.mirror, lists, directory, self.coaches, feedbacks, self.exec, clock
        )
        self.questions = QuestionReader(
            self.resolver, directory, coaching, feedbacks, lists, ranking, clock
        )
        self.answerer = Answerer(
            self.questions,
            self.preparer,
            self.audit,
            self.last_questions,
            self.buttons,
            self.rules,
        )
        self.asking = Asking(self.resolver, coaching, self.last_questions, self.translator)

    def _make_deliveries(self) -> None:
        """Scheduled messages."""
        self.outbox = Outbox(
            self.db, self.web, self.clock, partial(draw, self), partial(failure_notice, self)
        )
        self.subscriptions = Subscriptions(self.db, self.outbox, self.clock)
        self.scheduled: dict[str, DrawDelivery] = {DIGEST.name: partial(draw_digest, self)}

    @contextmanager
    def running_task(self) -> Iterator[None]:
        """Make a shutdown wait for the current task."""
        if task := asyncio.current_task():
            self.tasks.add(task)
        try:
            yield
        finally:
            self.tasks.discard(task)

    async def drain(self, seconds: float = 10.0) -> None:
        """Wait for running listeners to end; cancel them after a while."""
        for limit in (seconds, 3.0):
            if not self.tasks:
                return
            _, late = await asyncio.wait({*filter(None, self.tasks)}, timeout=limit)
            for task in late:
                task.cancel()


def new_id() -> str:
    """An opaque id, too long to guess, and short enough for every field in Slack."""
    return secrets.token_urlsafe(15)


@asynccontextmanager
async def open_app(
    settings: ExecSettings,
    *,
    web: SlackWeb | None = None,
    clock: Clock | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    exec_transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[App]:
    """The app, with its database migrated; without `web` for a terminal.

    The default clock is the database's. `exec_transport` replaces HTTP to Exec, for the demo and
    tests. Raises SettingsProblem and StorageError.
    """
    url, key = str(settings.exec_api_url), settings.exec_api_key.get_secret_value()
    messages = Messages(settings.execbot_templates, command=settings.execbot_command)
    async with (
        Database(settings.database_url) as db,
        exec_http(url, key, transport=exec_transport) as http,
    ):
        await db.upgrade()
        clock = clock or await clock_of(db)
        async with open_translator(settings, clock) as translator:
            slack = web or NoSlack()
            yield App(settings, messages, db, http, slack, clock, translator, sleep)
