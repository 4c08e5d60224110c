"""Builds the core, which answers whichever door one comes through, from the ground up."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import httpx

from bot.answer import Answerer
from bot.asking import Asking
from bot.button_values import ButtonValues
from bot.channel_rules import ChannelRules
from bot.coach_reports import CoachReports
from bot.env import Env
from bot.exec_api.budget import Budget, Job
from bot.exec_api.client import ExecClient, exec_http
from bot.exec_api.models import Workspace
from bot.exec_api.status import ExecStatus
from bot.features import Features
from bot.features.accounts import Accounts
from bot.features.alerts import Alerts, AlertStore
from bot.features.answers import Answers
from bot.features.audit import AuditTrail
from bot.features.coaching import CoachCommands
from bot.features.digests import Digests
from bot.features.digests.form import DigestForm
from bot.features.digests.group import GroupReports
from bot.features.export import Exports
from bot.features.groups import GroupQuestions
from bot.features.hello import Hello
from bot.features.help import Help
from bot.features.home import Home, HomePage
from bot.features.invited import Invited
from bot.features.key_alarm import KeyAlarm
from bot.features.nudge import NudgeSending
from bot.features.own_week import OwnWeekFeature
from bot.features.share import Sharing
from bot.features.status import StatusFeature
from bot.features.what_next import WhatNextFeature
from bot.messages.jinja import TemplateProblem
from bot.messages.render import Messages
from bot.mirror.feedback import Feedbacks
from bot.mirror.jobs import Jobs as MirrorJobs
from bot.mirror.lists import Lists
from bot.mirror.sync import Mirror
from bot.observe.health import Check, Health
from bot.observe.telemetry import Telemetry
from bot.outbox.deliver import Builders, Delivering
from bot.outbox.deliveries import Deliveries
from bot.outbox.describe import Subscribed
from bot.outbox.due import DueScanner
from bot.outbox.own_messages import OwnMessages
from bot.outbox.plans import COACH, ME, TEAM
from bot.outbox.questions import ChannelAnswers, StoredQuestions
from bot.outbox.rights import Owners
from bot.outbox.subscriptions import Subscriptions
from bot.people.accounts import People
from bot.people.audience import Audiences
from bot.people.audit import Audit
from bot.people.coach_names import CoachNames
from bot.people.coaches import Coaches, Coaching
from bot.people.directory import Directory
from bot.people.guests import Guests
from bot.people.names import Resolver
from bot.prepare import Preparer
from bot.question import QuestionReader
from bot.settings import ExecSettings, Settings, SettingsProblem, SlackSettings
from bot.slack.absent import NoSlack
from bot.slack.home import HomeTabs
from bot.slack.modals import Modals
from bot.slack.problems import Explainer
from bot.slack.reply import Replies
from bot.slack.response_url import session
from bot.slack.send import Sender
from bot.slack.web import SlackWeb, web_client
from bot.slack.work import Work
from bot.storage.buttons import Buttons
from bot.storage.claims import Claims
from bot.storage.database import Database
from bot.storage.last_questions import LastQuestions
from bot.storage.leases import Leader, Leases
from bot.storage.server_clock import ServerClock, clock_of
from bot.translate import Translator, open_translator

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

    from bot.router import Router

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class ExecOutcomes:
    """Passes on how each request to Exec ended."""

    telemetry: Telemetry
    exec_status: ExecStatus

    def note(self, path: str, outcome: str, seconds: float) -> None:
        self.telemetry.exec_request(path, outcome, seconds)
        self.exec_status.note(outcome)


class Core:
    """What answers questions, whichever door they come through; built from the ground up."""

    def __init__(
        self,
        settings: Settings,
        env: Env,
        http: httpx.AsyncClient,
        slack: SlackWeb,
        translator: Translator | None = None,
    ) -> None:
        self.settings, self.env, self.slack = settings, env, slack
        self.translator = translator
        self.database, self.messages, self.clock = env.database, env.messages, env.clock
        self._exec(http)
        self._stores()
        self._people()
        self._sessions()
        self._reports()
        self._outbox()
        self._alarms()
        self._slack()
        self._features()

    def _exec(self, http: httpx.AsyncClient) -> None:
        """How Exec is asked."""
        env, settings, database, clock = self.env, self.settings, self.database, self.clock
        self.exec_status = ExecStatus(clock)
        self.telemetry = Telemetry()
        outcomes = ExecOutcomes(self.telemetry, self.exec_status)
        self.budget = Budget(
            database,
            clock=clock,
            per_minute=settings.exec_requests_per_minute,
            per_day=settings.exec_requests_per_day,
        )
        self.exec_client = ExecClient(
            http,
            self.budget,
            clock=clock,
            sleep=env.sleep,
            random=random.random,
            observe=outcomes.note,
        )

    def _stores(self) -> None:
        """What is stored for its own sake."""
        database, clock, new_id = self.database, self.clock, self.env.new_id
        self.claims = Claims(database, clock)
        self.leases = Leases(database, clock, new_id())
        self.leader = Leader(self.leases, clock)
        self.buttons = Buttons(database, clock, new_id)
        self.last_questions = LastQuestions(database, clock)
        self.audit = Audit(database, clock)
        self.coaches = Coaches(database, clock)
        self.subscriptions = Subscriptions(database, clock, new_id)
        self.deliveries = Deliveries(database, clock, new_id)

    def _people(self) -> None:
        """People, groups, and who sees whom."""
        database, clock = self.database, self.clock
        self.lists = Lists(database, self.exec_client, self.leases, clock)
        self.directory = Directory(database, clock)
        self.people = People(
            database,
            self.directory,
            self.lists,
            self.slack,
            clock,
            self.settings.execbot_admins,
            self.env.locale,
        )
        self.coaching = Coaching(self.coaches, self.directory)
        self.guests = Guests(database, self.people, self.claims, clock)
        self.audiences = Audiences(self.slack, self.people, self.guests)
        self.resolver = Resolver(self.directory, self.lists, self.people, clock)

    def _sessions(self) -> None:
        """Our copy of what Exec holds."""
        env, database, clock = self.env, self.database, self.clock
        self.history = timedelta(days=self.settings.execbot_history_days)
        self.mirror = Mirror(
            database,
            self.exec_client,
            self.leases,
            clock,
            history=self.history,
            sleep=env.sleep,
        )
        self.mirror_jobs = MirrorJobs(
            database, self.mirror, self.lists, self.budget, clock, self.history
        )

    def _reports(self) -> None:
        """What questions and messages are answered with."""
        settings, database, clock = self.settings, self.database, self.clock
        feedbacks = Feedbacks(database, self.exec_client, clock)
        self.preparer = Preparer(
            database,
            self.mirror,
            self.lists,
            self.directory,
            self.coaches,
            feedbacks,
            self.exec_client,
            clock,
        )
        self.group_reports = GroupReports(
            self.preparer, self.directory, self.people, self.audit, clock
        )
        questions = QuestionReader(
            self.resolver,
            self.directory,
            self.coaching,
            feedbacks,
            self.lists,
            settings.execbot_named_ranking,
            clock,
        )
        self.channel_rules = ChannelRules(settings.execbot_named_ranking)
        self.answerer = Answerer(
            questions=questions,
            directory=self.directory,
            coaching=self.coaching,
            preparer=self.preparer,
            audit=self.audit,
            last_questions=self.last_questions,
            buttons=self.buttons,
            budget=self.budget,
            rules=self.channel_rules,
            clock=clock,
        )

    def _outbox(self) -> None:
        """What is sent by the clock."""
        env, clock, slack = self.env, self.clock, self.slack
        self.features = Features()
        self.asking = Asking(
            self.resolver, self.coaching, self.people, self.last_questions, self.translator
        )
        self.stored_questions = StoredQuestions(self.answerer, self.asking, self.channel_rules)
        self.channel_answers = ChannelAnswers(self.answerer, self.people, self.audit, clock)
        self.subscribed = Subscribed(
            env, self.directory, self.people, self.audiences, self.deliveries, self.stored_questions
        )
        self.own = OwnMessages(env, self.subscriptions, self.coaching, self.subscribed)
        self.values = ButtonValues(self.buttons)
        self.answers = Answers(
            self.features,
            self.people,
            self.asking,
            self.answerer,
            self.values,
        )
        self.own_week = OwnWeekFeature(
            env,
            self.people,
            self.coaches,
            self.own,
            self.directory,
            self.preparer,
        )
        self.modals = Modals(slack, self.buttons, env.messages)
        self.sender = Sender(slack, env.sleep)
        self.coach_reports = CoachReports(
            people=self.people,
            directory=self.directory,
            coaching=self.coaching,
            preparer=self.preparer,
            audit=self.audit,
            buttons=self.buttons,
            deliveries=self.deliveries,
            clock=clock,
        )
        self.due_scanner = DueScanner(
            self.subscriptions, self.deliveries, self.people.zone_name, clock
        )
        owners = Owners(self.people, self.coaching, self.audiences, self.stored_questions)

        self.delivering = Delivering(
            leader=self.leader,
            scanner=self.due_scanner,
            subscriptions=self.subscriptions,
            deliveries=self.deliveries,
            builders=Builders(
                check_rights=owners.check,
                build={
                    TEAM: self.group_reports.build,
                    COACH: self.coach_reports.build,
                    ME: self.own_week.build,
                },
                other=self.channel_answers.build,
                notify=self.subscribed.tell,
                admins=self.people.admin_accounts,
                locale=self.people.locale,
                draw=env.messages.message,
            ),
            sender=self.sender,
            clock=clock,
        )

    def _alarms(self) -> None:
        """What the sync and the status ask."""
        env, database, clock = self.env, self.database, self.clock
        self.alerts = Alerts(
            env,
            AlertStore(database, clock),
            self.answerer,
            self.resolver,
            self.coaching,
            self.preparer,
            self.people,
            self.audit,
            self.buttons,
        )
        self.key_alarm = KeyAlarm(
            env,
            self.exec_status,
            self.claims,
            self.deliveries,
            self.slack,
            self.people.admin_accounts,
        )

    def _slack(self) -> None:
        """How people are answered in Slack."""
        env, clock, slack = self.env, self.clock, self.slack
        self.explainer = Explainer(self.buttons, self.people.zone, clock)
        self.tabs = HomeTabs(slack, env.messages)
        self.status = StatusFeature(
            env,
            self.budget,
            self.mirror,
            self.lists,
            self.exec_status,
            self.settings.execbot_named_ranking,
        )
        self.exports = Exports(
            env, self.answerer, self.coaching, self.audit, self.leases, slack, self.values
        )

    def _features(self) -> None:
        """Everything that people can do."""
        env, settings = self.env, self.settings
        help_ = Help(
            env,
            self.features,
            self.people,
            self.coaching,
            self.directory,
            self.answerer,
        )
        audit_trail = AuditTrail(
            env,
            self.audit,
            self.resolver,
            self.buttons,
            self.values,
            settings.execbot_audit_days,
        )
        coach = CoachCommands(
            env=env,
            names=CoachNames(self.resolver),
            coaches=self.coaches,
            people=self.people,
            reports=self.coach_reports,
            own=self.own,
            deliveries=self.deliveries,
            delivering=self.delivering,
            answerer=self.answerer,
            modals=self.modals,
            values=self.values,
        )
        page = HomePage(
            env,
            self.coaching,
            self.own_week,
            self.coach_reports,
            self.own,
            self.status.read,
            self.asking,
            self.preparer,
        )
        self.home = Home(
            page,
            self.people,
            self.tabs,
            self.explainer,
            self.values,
            self.answers.run,
        )
        self.digests = Digests(
            env=env,
            resolver=self.resolver,
            coaching=self.coaching,
            subscriptions=self.subscriptions,
            deliveries=self.deliveries,
            reports=self.group_reports,
            channel_answers=self.channel_answers,
            questions=self.stored_questions,
            subscribed=self.subscribed,
            audiences=self.audiences,
            buttons=self.buttons,
            values=self.values,
            ask=self.answers.ask,
        )
        self.features.add(
            self.answers.feature,
            help_.feature,
            audit_trail.feature,
            self.alerts.feature,
            self.digests.feature,
            DigestForm(
                env, self.modals, self.digests, self.people, self.directory, self.values
            ).feature,
            Invited(
                self.people,
                self.coaching,
                self.audiences,
                self.delivering,
                self.values,
                self.answers.run,
            ).feature,
            Hello(
                self.people,
                self.coaching,
                self.delivering,
                self.claims,
            ).feature,
            coach.feature,
            GroupQuestions(self.coaching, self.answerer, self.directory).feature,
            NudgeSending(
                env,
                self.modals,
                self.values,
                self.people,
                self.coaching,
                self.preparer,
                self.audit,
                self.delivering,
                self.answerer,
            ).feature,
            self.own_week.feature,
            WhatNextFeature(self.answerer).feature,
            Sharing(
                self.audiences, self.coaching, self.answerer, self.buttons, env.locale, self.values
            ).feature,
            self.exports.feature,
            self.status.feature,
            Accounts(env, self.people, self.directory, self.coaches, self.own).feature,
            self.home.feature,
            self.key_alarm.feature,
        )


@asynccontextmanager
async def build_core(
    settings: ExecSettings,
    *,
    slack: SlackWeb | None = None,
    clock: Clock | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    exec_transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[Core]:
    """The core, with the schema brought up; by default time is the database's. `exec_transport`
    leads to an Exec that is no server.

    Raises SettingsProblem, StorageError and WrongKey.
    """
    messages = load_messages(settings)
    url, key = str(settings.exec_api_url), settings.exec_api_key.get_secret_value()
    async with (
        Database(settings.database_url) as database,
        exec_http(url, key, transport=exec_transport) as http,
    ):
        await database.upgrade()
        clock = clock or await clock_of(database)
        command = settings.execbot_command
        locale = settings.execbot_locale
        env = Env(database, messages, command, clock, sleep=sleep, locale=locale)
        async with open_translator(settings, clock) as translator:
            yield Core(settings, env, http, slack or NoSlack(), translator)


def load_messages(settings: Settings) -> Messages:
    """What draws messages. Raises SettingsProblem if a changed template doesn't compile."""
    try:
        return Messages(settings.execbot_templates, command=settings.execbot_command)
    except TemplateProblem as error:
        problem = f"EXECBOT_TEMPLATES holds a broken file: {error}. Fix the file or remove it."
        raise SettingsProblem((problem,)) from error


@dataclass(frozen=True, slots=True)
class Bot:
    """The whole bot in Slack."""

    core: Core
    slack: SlackWeb
    app: AsyncApp
    router: Router
    work: Work
    health: Health


@asynccontextmanager
async def build_bot(settings: SlackSettings, *, clock: Clock | None = None) -> AsyncIterator[Bot]:
    """The bot, joined to Slack. Raises SettingsProblem, StorageError and WrongKey."""
    # Imported here: at the command line nothing starts later for it.
    from bot.router import Router, build_app

    client = web_client(settings.slack_bot_token.get_secret_value(), str(settings.slack_api_url))
    slack = SlackWeb(client)
    async with (
        build_core(settings, slack=slack, clock=clock) as core,
        session() as http,
    ):
        database, env, clock = core.database, core.env, core.env.clock
        observe = core.telemetry.reply
        replies = Replies(http, slack, env.messages, observe, core.tabs, clock)
        explainer = core.explainer
        work = Work(core.claims, replies, explainer, core.people.locale, core.telemetry.answer)
        router = Router(
            features=core.features,
            work=work,
            people=core.people,
            answers=core.answers,
            home=core.home,
            modals=core.modals,
            explainer=explainer,
            slack=slack,
        )
        checks: dict[str, Check] = {
            "database": database.check,
            "file": database.quick_check,
            "slack": partial(slack.identity, fresh=True),
            "exec": partial(core.exec_client.get, "/workspace", Workspace, Job.PEOPLE),
            "answers": core.exec_client.check,
        }
        remarks = partial(_of_the_clock, clock)
        async with Health(checks, clock, remarks) as health:
            yield Bot(
                core=core,
                slack=slack,
                app=build_app(router, client),
                router=router,
                work=work,
                health=health,
            )


def _of_the_clock(clock: Clock) -> dict[str, str]:
    """What /readyz says of a machine's clock that is off; it works all the same."""
    if isinstance(clock, ServerClock) and clock.trouble:
        return {"clock": clock.trouble}
    return {}


def described() -> Features:
    """The features of a bot that is joined to nothing, for its manifest."""
    settings = Settings.model_construct()
    messages = Messages(None, command=settings.execbot_command)
    env = Env(Database("sqlite:///nowhere.db"), messages, settings.execbot_command)
    return Core(settings, env, httpx.AsyncClient(), NoSlack()).features
