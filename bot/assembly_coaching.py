"""Joins what coaches get, and people's own weeks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.assembly_digests import Digests, join_delivering
from bot.commands.coach import CoachCommands
from bot.commands.coach_telling import CoachTelling
from bot.commands.own_messages import OwnMessages
from bot.exec_api.client import ExecClient
from bot.gather.coach import CoachReports
from bot.gather.handles import Handles
from bot.gather.me import OwnWeeks
from bot.gather.rows import Histories
from bot.mirror.sessions import Sessions
from bot.outbox.deliver import Admins, Delivering
from bot.outbox.plans import COACH, ME
from bot.people.accounts import Accounts, ByEmail
from bot.people.catalogue import Catalogue
from bot.people.coach_names import CoachNames
from bot.people.joining import Joining
from bot.people.parsing import Parser
from bot.people.people import People
from bot.people.resolve import Resolver
from bot.pipeline import Pipeline
from bot.rendering.draw import Messages
from bot.slack.send import Posting
from bot.storage.commands import StoredCommands
from bot.storage.database import Database


class SlackOfCoaches(ByEmail, Posting, Protocol):
    """What coaches need of Slack."""


@dataclass(frozen=True, slots=True)
class Coachings:
    reports: CoachReports
    weeks: OwnWeeks
    commands: CoachCommands
    delivering: Delivering


def join_coaching(
    *,
    digests: Digests,
    database: Database,
    catalogue: Catalogue,
    people: People,
    sessions: Sessions,
    client: ExecClient,
    pipeline: Pipeline,
    slack: SlackOfCoaches,
    admins: Admins,
    stored: StoredCommands,
    messages: Messages,
    command: str,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
) -> Coachings:
    histories = Histories(sessions, client)
    reports = CoachReports(
        people=people,
        catalogue=catalogue,
        coaching=digests.coaching,
        joining=Joining(database),
        histories=histories,
        assignments=digests.assignments,
        handles=Handles(stored),
        command=command,
        clock=clock,
    )
    own = OwnMessages(
        subscriptions=digests.subscriptions,
        deliveries=digests.deliveries,
        coaching=digests.coaching,
        subscribed=digests.subscribed,
        command=command,
        clock=clock,
    )
    weeks = OwnWeeks(
        people=people,
        coaches=digests.coaches,
        subscriptions=digests.subscriptions,
        histories=histories,
        command=command,
        clock=clock,
        new_id=new_id,
    )
    personal = {COACH: reports.build, ME: weeks.build}
    delivering = join_delivering(digests, personal, people, admins, slack, clock)
    telling = CoachTelling(
        people=people,
        accounts=Accounts(database, slack),
        own=own,
        delivering=delivering,
        messages=messages,
        command=command,
        clock=clock,
        new_id=new_id,
    )
    commands = CoachCommands(
        names=CoachNames(
            Parser(catalogue, command, clock),
            Resolver(catalogue, people, digests.coaching.rosters),
            catalogue,
        ),
        coaches=digests.coaches,
        people=people,
        telling=telling,
        own=own,
        weeks=weeks,
        pipeline=pipeline,
        command=command,
        clock=clock,
    )
    return Coachings(reports, weeks, commands, delivering)
