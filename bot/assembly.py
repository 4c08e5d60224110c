"""Builds the parts from Settings and joins them. The only module that knows them all."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import httpx
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp

from bot.admins import Admins
from bot.alarm import Alarm
from bot.assembly_coaching import Coachings, SlackOfCoaches, join_coaching
from bot.assembly_digests import Digests, join_delivering, join_digests
from bot.audience import Rooms
from bot.commands import Commands
from bot.config import Settings
from bot.digests.delivering import Delivering
from bot.exec_api.budget import Budget
from bot.exec_api.client import ExecClient, exec_http
from bot.health import Health
from bot.listeners.app import build_app
from bot.listeners.coaching import CoachButtons
from bot.listeners.digest_form import DigestForms
from bot.listeners.digesting import Digesting
from bot.listeners.doors import Doors
from bot.listeners.explaining import Explainer
from bot.listeners.form import Forms
from bot.listeners.reply import Replies
from bot.listeners.response_url import TIMEOUT_SECONDS
from bot.listeners.sharing import Sharing
from bot.listeners.snoozing import SnoozeForms
from bot.listeners.work import Work
from bot.no_slack import NoSlack
from bot.pipeline import Pipeline, Turn
from bot.practice.answers import StoredAnswers
from bot.practice.asking import Questions
from bot.practice.catalogue import Catalogue
from bot.practice.fetching import Fetching
from bot.practice.finding import Wish
from bot.practice.forgetting import Forgetting
from bot.practice.held import Held
from bot.practice.mirror import Mirror
from bot.practice.people import People, SlackPeople
from bot.practice.resolve import Resolver
from bot.practice.rosters import Rosters
from bot.practice.selecting import Selecting
from bot.practice.sessions import Sessions
from bot.practice.sync import Sync
from bot.rendering.environment import Renderer
from bot.rendering.messages import Messages
from bot.rendering.views import Message, ProgressView
from bot.slack_web import SlackWeb, web_client
from bot.status import Status
from bot.storage.awaited import Awaited, AwaitedQuestions
from bot.storage.commands import StoredCommands
from bot.storage.database import Database
from bot.storage.incidents import Incidents
from bot.storage.learned import Learned
from bot.storage.leases import Leases
from bot.storage.payloads import Payload, Payloads
from bot.telemetry import Telemetry
from bot.tls import trusted
from bot.tonight import Tonight

Clock = Callable[[], datetime]


class SlackSide(SlackPeople, Rooms, SlackOfCoaches, Protocol):
    """What the core needs of Slack."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    """An opaque id, too long to guess, that fits wherever Slack carries one."""
    return secrets.token_urlsafe(15)


def new_reference() -> str:
    """A short id that a person can read out."""
    return secrets.token_hex(4)


def secret(value: SecretStr | None) -> str:
    """A credential that `config.load` made sure of. Raises ValueError if it did not."""
    if value is None:
        raise ValueError("a credential is missing: load the settings with what they need")
    return value.get_secret_value()


@dataclass(frozen=True, slots=True)
class Practice:
    """What is held of Exec's sessions, and what keeps it true."""

    held: Held
    mirror: Mirror
    fetching: Fetching
    rosters: Rosters
    leases: Leases
    sessions: Sessions
    sync: Sync
    forgetting: Forgetting


@dataclass(frozen=True, slots=True)
class Core:
    """What answers questions, whichever door they come through."""

    settings: Settings
    clock: Clock
    database: Database
    exec_client: ExecClient
    budget: Budget
    catalogue: Catalogue
    practice: Practice
    people: People
    pipeline: Pipeline
    commands: Commands
    messages: Messages
    digests: Digests
    coachings: Coachings
    stored: StoredCommands
    answers: StoredAnswers
    awaited: AwaitedQuestions
    telemetry: Telemetry


@dataclass(frozen=True, slots=True)
class Bot:
    """The whole bot in Slack."""

    core: Core
    slack: SlackWeb
    app: AsyncApp
    work: Work
    payloads: Payloads
    health: Health
    tonight: Tonight
    alarm: Alarm
    delivering: Delivering


@asynccontextmanager
async def build_core(
    settings: Settings,
    *,
    slack: SlackSide | None = None,
    clock: Clock = utc_now,
    note: Callable[[str], None] | None = None,
) -> AsyncIterator[Core]:
    """The core, with the schema brought up; `note` is told how each request to Exec ended.

    Raises StorageError and WrongKey.
    """
    telemetry = Telemetry()

    def observe(path: str, outcome: str, seconds: float) -> None:
        telemetry.exec_request(path, outcome, seconds)
        if note is not None:
            note(outcome)

    async with (
        Database(settings.database_url) as database,
        exec_http(settings.exec_api_url, secret(settings.exec_api_key)) as http,
    ):
        await database.upgrade()
        budget = Budget(
            database,
            clock=clock,
            per_minute=settings.exec_requests_per_minute,
            per_day=settings.exec_requests_per_day,
        )
        client = ExecClient(
            http,
            budget,
            clock=clock,
            sleep=asyncio.sleep,
            random=random.random,
            observe=observe,
        )
        yield _join(settings, database, client, budget, slack or NoSlack(), clock, telemetry)


def _join(
    settings: Settings,
    database: Database,
    client: ExecClient,
    budget: Budget,
    slack: SlackSide,
    clock: Clock,
    telemetry: Telemetry,
) -> Core:
    catalogue = Catalogue(database, client, clock)
    practice = _practice(settings, database, client, catalogue, budget, clock)
    people = People(database, catalogue, slack, clock, settings.execbot_admins)
    stored = StoredCommands(database, clock, new_id)
    answers = StoredAnswers(database, clock, new_id)
    awaited = AwaitedQuestions(database, clock, new_id)
    renderer = Renderer(settings.execbot_templates)
    messages = Messages(renderer)
    digests = join_digests(
        database=database,
        catalogue=catalogue,
        people=people,
        rosters=practice.rosters,
        sessions=practice.sessions,
        held=practice.held,
        client=client,
        rooms=slack,
        stored=stored,
        messages=messages,
        renderer=renderer,
        command=settings.execbot_command,
        clock=clock,
        new_id=new_id,
    )
    pipeline = Pipeline(
        catalogue=catalogue,
        coaching=digests.coaching,
        resolver=Resolver(catalogue, people),
        sessions=practice.sessions,
        answers=answers,
        commands=stored,
        budget=budget,
        requests_per_day=settings.exec_requests_per_day,
        command=settings.execbot_command,
        clock=clock,
    )
    coachings = join_coaching(
        digests=digests,
        database=database,
        catalogue=catalogue,
        people=people,
        sessions=practice.sessions,
        held=practice.held,
        client=client,
        pipeline=pipeline,
        slack=slack,
        stored=stored,
        messages=messages,
        command=settings.execbot_command,
        clock=clock,
        new_id=new_id,
    )
    commands = Commands(
        pipeline=pipeline,
        people=people,
        catalogue=catalogue,
        commands=stored,
        messages=messages,
        status=_status(settings, database, budget, catalogue, practice, clock),
        awaited=awaited,
        digests=digests.commands,
        coach=coachings.commands,
        command=settings.execbot_command,
        clock=clock,
    )
    return Core(
        settings=settings,
        clock=clock,
        database=database,
        exec_client=client,
        budget=budget,
        catalogue=catalogue,
        practice=practice,
        people=people,
        pipeline=pipeline,
        commands=commands,
        messages=messages,
        digests=digests,
        coachings=coachings,
        stored=stored,
        answers=answers,
        awaited=awaited,
        telemetry=telemetry,
    )


def _practice(
    settings: Settings,
    database: Database,
    client: ExecClient,
    catalogue: Catalogue,
    budget: Budget,
    clock: Clock,
) -> Practice:
    held = Held(database, clock)
    mirror = Mirror(database, held, clock)
    leases = Leases(database, clock, new_id())
    fetching = Fetching(client, held, leases, asyncio.sleep, mirror.note_total)
    rosters = Rosters(database, client, clock)
    sessions = Sessions(
        questions=Questions(rosters),
        mirror=mirror,
        fetching=fetching,
        selecting=Selecting(database),
        budget=budget,
        per_day=settings.exec_requests_per_day,
        clock=clock,
    )
    sync = Sync(
        database=database,
        held=held,
        mirror=mirror,
        fetching=fetching,
        catalogue=catalogue,
        rosters=rosters,
        leases=leases,
        history_days=settings.execbot_history_days,
        asked_at=lambda: sessions.asked_at,
        clock=clock,
    )
    forgetting = Forgetting(database, held, clock)
    return Practice(held, mirror, fetching, rosters, leases, sessions, sync, forgetting)


def _status(
    settings: Settings,
    database: Database,
    budget: Budget,
    catalogue: Catalogue,
    practice: Practice,
    clock: Clock,
) -> Status:
    return Status(
        database=database,
        budget=budget,
        held=practice.held,
        catalogue=catalogue,
        sync=practice.sync,
        leases=practice.leases,
        per_minute=settings.exec_requests_per_minute,
        per_day=settings.exec_requests_per_day,
        history_days=settings.execbot_history_days,
        clock=clock,
    )


@asynccontextmanager
async def build_bot(settings: Settings, *, clock: Clock = utc_now) -> AsyncIterator[Bot]:
    """The bot, joined to Slack. Raises StorageError and WrongKey."""
    client = web_client(secret(settings.slack_bot_token), settings.slack_api_url)
    slack = SlackWeb(client)
    outcomes: list[Callable[[str], None]] = []

    def note(outcome: str) -> None:
        for listener in outcomes:
            listener(outcome)

    async with (
        build_core(settings, slack=slack, clock=clock, note=note) as core,
        httpx.AsyncClient(timeout=TIMEOUT_SECONDS, verify=trusted()) as http,
    ):
        learned = Learned(core.database, clock)
        replies = Replies(http, slack, learned, core.messages.progress, core.telemetry.reply)
        explainer = Explainer(core.messages, core.stored, core.people.zone, clock, new_reference)
        payloads = Payloads(core.database, clock)
        work = Work(payloads, replies, explainer, core.telemetry.answer)
        doors = _doors(core, slack, work)
        admins = Admins(core.settings.execbot_admins, core.catalogue.admins, slack)
        alarm = _alarm(core, slack, admins)
        outcomes.append(alarm.note)
        signing_secret = settings.slack_signing_secret
        yield Bot(
            core=core,
            slack=slack,
            app=build_app(doors, client, secret(signing_secret) if signing_secret else None),
            work=work,
            payloads=payloads,
            health=_health(core, slack),
            tonight=_tonight(core, slack, explainer),
            alarm=alarm,
            delivering=join_delivering(
                core.digests, core.coachings.builders, core.people, admins, slack, core.clock
            ),
        )


def _alarm(core: Core, slack: SlackWeb, admins: Admins) -> Alarm:
    return Alarm(
        incidents=Incidents(core.database, core.clock, new_id, "exec_key"),
        slack=slack,
        admins=admins.emails,
        messages=core.messages,
        clock=core.clock,
    )


def _tonight(core: Core, slack: SlackWeb, explainer: Explainer) -> Tonight:
    async def answer(team_id: str, user_id: str, words: str) -> Message:
        turn = Turn(
            asker=await core.people.asker(team_id, user_id),
            channel_id="",
            can_share=False,
            tell=_nobody_waits,
            wish=Wish(everything=True, purpose="tonight"),
        )
        return (await core.commands.hear(turn, words))(0)

    async def explain(error: Exception, question: Awaited) -> Message:
        payload = Payload("", question.team_id, question.user_id, "", None, question.words)
        return (await explainer.draw(error, payload, late=True))(0)

    return Tonight(
        questions=core.awaited, answer=answer, explain=explain, slack=slack, clock=core.clock
    )


async def _nobody_waits(_view: ProgressView) -> None:
    """At night nobody watches how far a question is."""


def _doors(core: Core, slack: SlackWeb, work: Work) -> Doors:
    sharing = Sharing(
        audiences=core.digests.audiences,
        coaching=core.digests.coaching,
        pipeline=core.pipeline,
        stored=core.stored,
        messages=core.messages,
    )
    forms = Forms(
        slack=slack,
        people=core.people,
        catalogue=core.catalogue,
        answers=core.answers,
        stored=core.stored,
        messages=core.messages,
        command=core.settings.execbot_command,
        clock=core.clock,
    )
    digests = core.digests
    digesting = Digesting(
        work=work,
        people=core.people,
        answers=core.answers,
        commands=digests.commands,
        forms=DigestForms(
            commands=digests.commands,
            people=core.people,
            catalogue=core.catalogue,
            stored=core.stored,
            slack=slack,
            messages=digests.subscription_messages,
            clock=core.clock,
        ),
    )
    return Doors(
        work=work,
        digesting=digesting,
        coaching=CoachButtons(
            work=work,
            people=core.people,
            snoozing=SnoozeForms(
                work=work,
                slack=slack,
                people=core.people,
                coach=core.coachings.commands,
                reports=core.coachings.reports,
                stored=core.stored,
                clock=core.clock,
            ),
            commands=core.commands,
            coach=core.coachings.commands,
            reports=core.coachings.reports,
            stored=core.stored,
            digest_messages=digests.digest_messages,
        ),
        people=core.people,
        pipeline=core.pipeline,
        commands=core.commands,
        stored=core.stored,
        sharing=sharing,
        forms=forms,
    )


def _health(core: Core, slack: SlackWeb) -> Health:
    return Health(
        {
            "database": core.database.check,
            "slack": lambda: slack.identity(fresh=True),
            "exec": lambda: core.exec_client.workspace(purpose="health"),
        },
        core.clock,
    )
