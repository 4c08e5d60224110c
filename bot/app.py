"""The app: makes the services of each room. It knows no feature."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import httpx
from slack_bolt.async_app import AsyncApp

from bot.ask.answer import Answerer
from bot.ask.conversation import Conversation
from bot.ask.prepare import Preparer
from bot.ask.public import ChannelRules
from bot.ask.question import QuestionReader
from bot.ask.translate import Translator, open_translator
from bot.clock import Now
from bot.exec.budget import Budget, Purpose
from bot.exec.client import ExecClient, exec_http
from bot.exec.feedback import Feedbacks
from bot.exec.jobs import EVERY_SECONDS, SyncJobs
from bot.exec.lists import Lists
from bot.exec.models import NamedItem
from bot.exec.sync import SessionSync
from bot.jobs import Job, JobRunner
from bot.messages.render import Messages
from bot.observe.health import Check
from bot.observe.telemetry import Telemetry
from bot.people.accounts import Accounts
from bot.people.audience import Audiences
from bot.people.audit import Audit
from bot.people.coaches import Coaches, Coaching
from bot.people.directory import Directory
from bot.people.names import Resolver
from bot.reports.digest import REPORT as DIGEST
from bot.scheduled.coach_list import COACH, CoachDigests
from bot.scheduled.delivery import Deliveries
from bot.scheduled.describe import Describer
from bot.scheduled.digests import Digests
from bot.scheduled.draw import Drawer
from bot.scheduled.notices import Notices
from bot.scheduled.outbox import Outbox
from bot.scheduled.own_week import ME, OwnDigests
from bot.scheduled.stored_words import StoredWords
from bot.scheduled.subscriptions import Subscriptions
from bot.scheduled.together import DifferenceRule
from bot.settings import ExecSettings, Settings, SlackSettings
from bot.slack.absent import NoSlack
from bot.slack.commands import Commands
from bot.slack.problems import Explainer
from bot.slack.server import Server
from bot.slack.turn import Listeners, TurnServices, log_failure
from bot.slack.web import SlackWeb, slack_http, web_client
from bot.storage.buttons import Buttons
from bot.storage.database import Database
from bot.storage.forget import tidy
from bot.storage.last_questions import LastQuestions
from bot.storage.leases import Leases
from bot.storage.server_clock import ServerClock, clock_of

log = logging.getLogger(__name__)


class StorageRoom:
    """Access to our own tables."""

    def __init__(self, db: Database, clock: Now) -> None:
        self.db = db
        self.leases = Leases(db, clock, new_id())
        self.buttons, self.last_questions = Buttons(db, clock, new_id), LastQuestions(db, clock)


class ExecRoom:
    """The client of Exec, and the copy of its data."""

    def __init__(
        self,
        settings: Settings,
        storage: StorageRoom,
        http: httpx.AsyncClient,
        telemetry: Telemetry,
        clock: Now,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        db, leases = storage.db, storage.leases
        per_minute, per_day = settings.exec_requests_per_minute, settings.exec_requests_per_day
        self.budget = Budget(db, clock=clock, per_minute=per_minute, per_day=per_day)
        self.client = ExecClient(
            http, self.budget, clock=clock, sleep=sleep, observe=telemetry.observe_exec
        )
        self.history = timedelta(days=settings.execbot_history_days)
        self.lists = Lists(db, self.client, leases, clock)
        self.sync = SessionSync(db, self.client, leases, clock, history=self.history, sleep=sleep)
        self.jobs = SyncJobs(self.sync, self.lists, self.budget, clock)
        self.feedbacks = Feedbacks(db, self.client, clock)


class PeopleRoom:
    """Accounts, names, coaches and channel members: who may see whom."""

    def __init__(
        self, settings: Settings, storage: StorageRoom, lists: Lists, web: SlackWeb, clock: Now
    ) -> None:
        db, admins, locale = storage.db, settings.execbot_admins, settings.execbot_locale
        self.directory = Directory(db, clock)
        self.accounts = Accounts(db, self.directory, lists, web, clock, admins, locale)
        self.coaches, self.coaching = Coaches(db), Coaching(db, self.directory, clock)
        self.audiences = Audiences(db, self.accounts, storage.leases, clock)
        self.audit = Audit(db, clock)
        self.resolver = Resolver(self.directory, lists, self.accounts, clock)


class AskRoom:
    """Reading and answering questions."""

    def __init__(
        self,
        settings: Settings,
        storage: StorageRoom,
        exec_: ExecRoom,
        people: PeopleRoom,
        translator: Translator | None,
        clock: Now,
    ) -> None:
        lists, feedbacks, ranking = exec_.lists, exec_.feedbacks, settings.execbot_named_ranking
        directory, coaching, resolver = people.directory, people.coaching, people.resolver
        self.rules, self.translator = ChannelRules(ranking), translator
        self.preparer = Preparer(
            storage.db,
            exec_.sync,
            lists,
            directory,
            people.coaches,
            feedbacks,
            exec_.client,
            clock,
        )
        self.questions = QuestionReader(
            resolver, directory, coaching, feedbacks, lists, ranking, clock
        )
        self.answerer = Answerer(
            self.questions,
            self.preparer,
            people.audit,
            storage.last_questions,
            storage.buttons,
            self.rules,
        )
        self.conversation = Conversation(resolver, coaching, storage.last_questions, translator)


class ScheduledRoom:
    """Scheduled messages, and others that are sent once."""

    def __init__(
        self,
        storage: StorageRoom,
        lists: Lists,
        people: PeopleRoom,
        ask: AskRoom,
        web: SlackWeb,
        messages: Messages,
        clock: Now,
    ) -> None:
        db, accounts, audiences = storage.db, people.accounts, people.audiences
        directory, coaching, audit = people.directory, people.coaching, people.audit
        self.deliveries = Deliveries(db)
        self.subscriptions = Subscriptions(db, self.deliveries, clock)
        self.stored_words = StoredWords(ask.conversation, ask.questions, ask.rules, directory)
        self.describer = Describer(
            self.subscriptions,
            self.deliveries,
            self.stored_words,
            accounts,
            audiences,
            messages,
            clock,
        )
        self.posts = DifferenceRule(self.subscriptions, self.stored_words, directory)
        self.drawer = Drawer(
            ask.preparer,
            ask.answerer,
            accounts,
            coaching,
            lists,
            audiences,
            self.stored_words,
            self.describer,
            self.posts,
            messages,
            audit,
            clock,
        )
        self.outbox = Outbox(db, web, clock, self.drawer.draw, self.describer.failure_notice)
        self.notices = Notices(self.outbox, accounts, messages, clock)
        self.digests = Digests(
            audiences,
            clock,
            coaching,
            self.describer,
            self.drawer,
            self.posts,
            self.stored_words,
            self.subscriptions,
        )
        self.coach_lists = CoachDigests(
            audit,
            storage.buttons,
            clock,
            coaching,
            db,
            directory,
            lists,
            ask.preparer,
            self.subscriptions,
        )
        self.own_weeks = OwnDigests(clock, people.coaches, db, ask.preparer, self.subscriptions)
        self.drawer.drawings.update(
            {
                DIGEST.name: self.drawer.draw_digest,
                COACH: self.coach_lists.draw_list,
                ME: self.own_weeks.draw_week,
            }
        )


class SlackRoom:
    """What features do in Slack."""

    def __init__(
        self,
        storage: StorageRoom,
        people: PeopleRoom,
        web: SlackWeb,
        messages: Messages,
        telemetry: Telemetry,
        clock: Now,
    ) -> None:
        self.web, self.commands = web, Commands()
        # `Server` verifies the raw bytes before Bolt parses them.
        bolt = AsyncApp(name="execbot", client=web.client, request_verification_enabled=False)
        bolt.error(log_failure)
        self.explainer = Explainer(storage.buttons, people.accounts, clock)
        services = TurnServices(
            web,
            messages,
            people.accounts,
            people.audiences,
            storage.buttons,
            storage.leases,
            self.explainer,
            telemetry,
        )
        self.listeners = Listeners(bolt, services)


class App:
    """The services of all rooms, and the jobs."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        http: httpx.AsyncClient,
        web: SlackWeb,
        clock: Now,
        translator: Translator | None,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self.settings, self.clock, self.telemetry = settings, clock, Telemetry()
        self.messages = Messages(settings.execbot_templates, command=settings.execbot_command)
        self.storage = StorageRoom(db, clock)
        self.exec = ExecRoom(settings, self.storage, http, self.telemetry, clock, sleep)
        lists = self.exec.lists
        self.people = PeopleRoom(settings, self.storage, lists, web, clock)
        self.ask = AskRoom(settings, self.storage, self.exec, self.people, translator, clock)
        self.scheduled = ScheduledRoom(
            self.storage, lists, self.people, self.ask, web, self.messages, clock
        )
        self.slack = SlackRoom(self.storage, self.people, web, self.messages, self.telemetry, clock)
        self.jobs = self._own_jobs()

    async def serve(
        self,
        stop: asyncio.Event,
        *,
        started: Callable[[int], None] | None = None,
        by_clock: bool = True,
    ) -> None:
        """Serve until `stop` is set, then shut down gracefully. Raises CannotServe.

        `started` gets the port once the server listens. `by_clock`: whether jobs run.
        """
        web, listeners, budget = self.slack.web, self.slack.listeners, self.exec.budget
        server = Server(
            self.settings, web, listeners, self.telemetry, budget, self._checks(), self.clock
        )
        runner: JobRunner | None = None
        try:
            async with server.listening() as port:
                if by_clock:
                    runner = JobRunner(self.jobs, self.storage.leases.renew)
                if started is not None:
                    started(port)
                await server.receive(stop)
        finally:
            if runner is not None:
                await runner.stop()
        log.info("stopped")

    def _checks(self) -> dict[str, Check]:
        """The checks of `/readyz`, by name."""
        return {
            "database": self.storage.db.check,
            "slack": partial(self.slack.web.identity, fresh=True),
            "exec": partial(self.exec.client.get, "/workspace", NamedItem, Purpose.PEOPLE),
        }

    def _own_jobs(self) -> dict[str, Job]:
        """The jobs that don't belong to a feature, by name."""
        people, subscriptions = self.people, self.scheduled.subscriptions

        async def list_accounts() -> None:
            for team_id in {posted.team_id for posted in await subscriptions.posted()}:
                await people.audiences.list_accounts(team_id)

        async def deliver() -> None:
            await subscriptions.begin_due()
            await self.scheduled.outbox.run()

        async def forget_old() -> None:
            audit = timedelta(days=self.settings.execbot_audit_days)
            db, history = self.storage.db, self.exec.history
            await tidy(db, self.clock(), history=history, audit=audit)

        jobs = {
            "housekeeping": Job(forget_old, 3600),
            "sync": Job(self.exec.jobs.run, EVERY_SECONDS),
            "deliver": Job(deliver, 2, once=True),
            "accounts": Job(list_accounts, 600, once=True),
            "zones": Job(
                partial(subscriptions.follow_zones, people.accounts.zone_name),
                6 * 3600,
                once=True,
            ),
        }
        if isinstance(self.clock, ServerClock):
            jobs["clock"] = Job(self.clock.measure, 60)
        return jobs


def new_id() -> str:
    """An opaque id, too long to guess, and short enough for every field in Slack."""
    return secrets.token_urlsafe(15)


@asynccontextmanager
async def open_app(
    settings: ExecSettings,
    *,
    web: SlackWeb | None = None,
    clock: Now | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    exec_transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[App]:
    """The app, with its database migrated; without `web` for a terminal.

    The default clock is the database's. `exec_transport` replaces HTTP to Exec, for the demo and
    tests. Raises SettingsProblem and StorageError.
    """
    url, key = str(settings.exec_api_url), settings.exec_api_key.get_secret_value()
    async with (
        Database(settings.database_url) as db,
        exec_http(url, key, transport=exec_transport) as http,
    ):
        await db.upgrade()
        clock = clock or await clock_of(db)
        async with open_translator(settings, clock) as translator:
            yield App(settings, db, http, web or NoSlack(), clock, translator, sleep)


@asynccontextmanager
async def open_bot(settings: SlackSettings, *, clock: Now | None = None) -> AsyncIterator[App]:
    """The app, connected to Slack. Raises SettingsProblem and StorageError."""
    token = settings.slack_bot_token.get_secret_value()
    async with slack_http() as http:
        web = SlackWeb(web_client(token, str(settings.slack_api_url), http))
        async with open_app(settings, web=web, clock=clock) as app:
            yield app
