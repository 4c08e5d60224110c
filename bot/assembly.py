"""Builds the parts from Settings and joins them. The only module that knows them all."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp

from bot.commands import Commands
from bot.config import Settings
from bot.exec_api.budget import Budget
from bot.exec_api.client import ExecClient, exec_http
from bot.health import Health
from bot.listeners.app import build_app
from bot.listeners.doors import Doors
from bot.listeners.explaining import Explainer
from bot.listeners.form import Forms
from bot.listeners.reply import Replies
from bot.listeners.response_url import TIMEOUT_SECONDS
from bot.listeners.sharing import Sharing
from bot.listeners.work import Work
from bot.no_slack import NoSlack
from bot.pipeline import Pipeline
from bot.practice.answers import StoredAnswers
from bot.practice.catalogue import Catalogue
from bot.practice.people import People, SlackPeople
from bot.practice.resolve import Resolver
from bot.practice.sessions import Sessions
from bot.rendering.environment import Renderer
from bot.rendering.messages import Messages
from bot.slack_web import SlackWeb, web_client
from bot.storage.commands import StoredCommands
from bot.storage.database import Database
from bot.storage.learned import Learned
from bot.storage.payloads import Payloads
from bot.telemetry import Telemetry

Clock = Callable[[], datetime]

REQUESTS_PER_MINUTE = 60
REQUESTS_PER_DAY = 1000


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
class Core:
    """What answers questions, whichever door they come through."""

    settings: Settings
    clock: Clock
    database: Database
    exec_client: ExecClient
    budget: Budget
    catalogue: Catalogue
    people: People
    pipeline: Pipeline
    commands: Commands
    messages: Messages
    stored: StoredCommands
    answers: StoredAnswers
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


@asynccontextmanager
async def build_core(
    settings: Settings,
    *,
    slack: SlackPeople | None = None,
    clock: Clock = utc_now,
    telemetry: Telemetry | None = None,
) -> AsyncIterator[Core]:
    """The core, with the schema brought up. Raises StorageError and WrongKey."""
    telemetry = telemetry or Telemetry()
    async with (
        Database(settings.database_url) as database,
        exec_http(settings.exec_api_url, secret(settings.exec_api_key)) as http,
    ):
        await database.upgrade()
        budget = Budget(
            database, clock=clock, per_minute=REQUESTS_PER_MINUTE, per_day=REQUESTS_PER_DAY
        )
        client = ExecClient(
            http,
            budget,
            clock=clock,
            sleep=asyncio.sleep,
            random=random.random,
            observe=telemetry.exec_request,
        )
        yield _join(settings, database, client, budget, slack or NoSlack(), clock, telemetry)


def _join(
    settings: Settings,
    database: Database,
    client: ExecClient,
    budget: Budget,
    slack: SlackPeople,
    clock: Clock,
    telemetry: Telemetry,
) -> Core:
    catalogue = Catalogue(database, client, clock)
    people = People(database, catalogue, slack, clock, settings.execbot_admins)
    stored = StoredCommands(database, clock, new_id)
    answers = StoredAnswers(database, clock, new_id)
    messages = Messages(Renderer(settings.execbot_templates))
    pipeline = Pipeline(
        catalogue=catalogue,
        resolver=Resolver(catalogue, people),
        sessions=Sessions(client, clock),
        answers=answers,
        commands=stored,
        budget=budget,
        requests_per_day=REQUESTS_PER_DAY,
        command=settings.execbot_command,
        clock=clock,
    )
    commands = Commands(
        pipeline=pipeline,
        people=people,
        catalogue=catalogue,
        commands=stored,
        messages=messages,
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
        people=people,
        pipeline=pipeline,
        commands=commands,
        messages=messages,
        stored=stored,
        answers=answers,
        telemetry=telemetry,
    )


@asynccontextmanager
async def build_bot(settings: Settings, *, clock: Clock = utc_now) -> AsyncIterator[Bot]:
    """The bot, joined to Slack. Raises StorageError and WrongKey."""
    client = web_client(secret(settings.slack_bot_token), settings.slack_api_url)
    slack = SlackWeb(client)
    async with (
        build_core(settings, slack=slack, clock=clock) as core,
        httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as http,
    ):
        learned = Learned(core.database, clock)
        replies = Replies(http, slack, learned, core.messages.progress, core.telemetry.reply)
        explainer = Explainer(core.messages, core.stored, core.people.zone, clock, new_reference)
        payloads = Payloads(core.database, clock)
        work = Work(payloads, replies, explainer, core.telemetry.answer)
        doors = _doors(core, slack, work)
        signing_secret = settings.slack_signing_secret
        yield Bot(
            core=core,
            slack=slack,
            app=build_app(doors, client, secret(signing_secret) if signing_secret else None),
            work=work,
            payloads=payloads,
            health=_health(core, slack),
        )


def _doors(core: Core, slack: SlackWeb, work: Work) -> Doors:
    sharing = Sharing(
        slack=slack,
        people=core.people,
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
    return Doors(
        work=work,
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
