"""Builds from Settings what answers questions, with Slack or without."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from pydantic import SecretStr

from bot.assembly_coaching import Coachings, SlackOfCoaches, join_coaching
from bot.assembly_digests import Digests, join_digests
from bot.assembly_practice import Practice, join_practice
from bot.commands.status import Status
from bot.commands.table import Commands
from bot.config import Settings
from bot.exec_api.budget import Budget
from bot.exec_api.client import ExecClient, exec_http
from bot.exec_api.contact import Contact
from bot.mirror.answers import StoredAnswers
from bot.outbox.incidents import EXEC_KEY, Incidents
from bot.people.admins import Admins
from bot.people.audience import Rooms
from bot.people.catalogue import Catalogue
from bot.people.coaching import Coaching
from bot.people.people import People, SlackPeople
from bot.people.resolve import Resolver
from bot.pipeline import Pipeline
from bot.rendering.draw import Messages
from bot.slack.absent import NoSlack
from bot.storage.awaited import AwaitedQuestions
from bot.storage.coaches import Coaches
from bot.storage.commands import StoredCommands
from bot.storage.database import Database
from bot.storage.refreshes import Refreshes
from bot.telemetry import Telemetry

Clock = Callable[[], datetime]


class SlackSide(SlackPeople, Rooms, SlackOfCoaches, Protocol):
    """What the core needs of Slack."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    """An opaque id, too long to guess, that fits wherever Slack carries one."""
    return secrets.token_urlsafe(15)


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
    refreshes: Refreshes
    telemetry: Telemetry


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
    telemetry, contact = Telemetry(), Contact(clock)

    def observe(path: str, outcome: str, seconds: float) -> None:
        telemetry.exec_request(path, outcome, seconds)
        contact.note(outcome)
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
        yield _join(
            settings, database, client, budget, slack or NoSlack(), clock, telemetry, contact
        )


def _join(
    settings: Settings,
    database: Database,
    client: ExecClient,
    budget: Budget,
    slack: SlackSide,
    clock: Clock,
    telemetry: Telemetry,
    contact: Contact,
) -> Core:
    catalogue = Catalogue(database, client, clock)
    practice = join_practice(settings, database, client, catalogue, budget, clock, new_id)
    people = People(database, catalogue, slack, clock, settings.execbot_admins)
    stored = StoredCommands(database, clock, new_id)
    answers = StoredAnswers(database, clock, new_id)
    awaited = AwaitedQuestions(database, clock, new_id)
    messages = Messages(settings.execbot_templates)
    coaches = Coaches(database, clock)
    coaching = Coaching(coaches, practice.rosters)
    pipeline = Pipeline(
        catalogue=catalogue,
        coaching=coaching,
        resolver=Resolver(catalogue, people, practice.rosters),
        sessions=practice.sessions,
        answers=answers,
        commands=stored,
        budget=budget,
        requests_per_day=settings.exec_requests_per_day,
        command=settings.execbot_command,
        clock=clock,
    )
    digests = join_digests(
        database=database,
        catalogue=catalogue,
        people=people,
        rosters=practice.rosters,
        coaches=coaches,
        coaching=coaching,
        pipeline=pipeline,
        sessions=practice.sessions,
        held=practice.held,
        client=client,
        rooms=slack,
        leases=practice.leases,
        stored=stored,
        messages=messages,
        command=settings.execbot_command,
        clock=clock,
        new_id=new_id,
    )
    coachings = join_coaching(
        digests=digests,
        database=database,
        catalogue=catalogue,
        people=people,
        sessions=practice.sessions,
        client=client,
        pipeline=pipeline,
        slack=slack,
        admins=Admins(settings.execbot_admins, catalogue.admins, slack).accounts,
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
        status=_status(settings, database, budget, catalogue, practice, contact, clock),
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
        refreshes=Refreshes(database, clock),
        telemetry=telemetry,
    )


def _status(
    settings: Settings,
    database: Database,
    budget: Budget,
    catalogue: Catalogue,
    practice: Practice,
    contact: Contact,
    clock: Clock,
) -> Status:
    return Status(
        database=database,
        budget=budget,
        held=practice.held,
        catalogue=catalogue,
        sync=practice.sync,
        leases=practice.leases,
        contact=contact,
        incidents=Incidents(database, clock, new_id, EXEC_KEY),
        per_minute=settings.exec_requests_per_minute,
        per_day=settings.exec_requests_per_day,
        history_days=settings.execbot_history_days,
        clock=clock,
    )
