"""Joins what is sent by the clock: whom somebody coaches, subscriptions, and their deliveries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.commands.digest import DigestCommands
from bot.commands.questions import PUBLIC, ChannelAnswers, StoredQuestions
from bot.exec_api.client import ExecClient
from bot.gather.assignments import Assignments
from bot.gather.digest import GroupReports
from bot.mirror.held import Held
from bot.mirror.sessions import Sessions
from bot.outbox.claims import Claims
from bot.outbox.deliver import Admins, Build, Delivering, Makers
from bot.outbox.deliveries import Deliveries
from bot.outbox.describe import Subscribed
from bot.outbox.due import Looking
from bot.outbox.lookahead import Lookahead
from bot.outbox.plans import TEAM
from bot.outbox.rights import Owners, Questions
from bot.outbox.subscriptions import Subscriptions
from bot.people.account_types import AccountTypes
from bot.people.audience import Audiences, Rooms
from bot.people.catalogue import Catalogue
from bot.people.coaching import Coaching
from bot.people.people import People
from bot.people.rosters import Rosters
from bot.pipeline import Pipeline
from bot.rendering.draw import Messages
from bot.slack.send import Posting
from bot.storage.coaches import Coaches
from bot.storage.commands import StoredCommands
from bot.storage.database import Database
from bot.storage.leases import Leases


@dataclass(frozen=True, slots=True)
class Digests:
    """What every door shares of coaches and subscriptions."""

    coaches: Coaches
    coaching: Coaching
    subscriptions: Subscriptions
    deliveries: Deliveries
    claims: Claims
    looking: Looking
    lookahead: Lookahead
    assignments: Assignments
    groups: GroupReports
    answers: ChannelAnswers
    questions: Questions
    subscribed: Subscribed
    audiences: Audiences
    commands: DigestCommands
    messages: Messages


def join_digests(
    *,
    database: Database,
    catalogue: Catalogue,
    people: People,
    rosters: Rosters,
    coaches: Coaches,
    coaching: Coaching,
    pipeline: Pipeline,
    sessions: Sessions,
    held: Held,
    client: ExecClient,
    rooms: Rooms,
    leases: Leases,
    stored: StoredCommands,
    messages: Messages,
    command: str,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
) -> Digests:
    async def zone_of(team_id: str, user_id: str) -> str | None:
        return (await people.slack_user(team_id, user_id)).tz

    subscriptions = Subscriptions(database, clock, new_id)
    deliveries = Deliveries(database, clock, new_id)
    assignments = Assignments(client, clock)
    account_types = AccountTypes(database, people, leases, clock)
    audiences = Audiences(rooms, people, account_types, clock)
    groups = GroupReports(
        catalogue=catalogue,
        rosters=rosters,
        sessions=sessions,
        held=held,
        coaches=coaches,
        deliveries=deliveries,
        assignments=assignments,
        people=people,
        clock=clock,
    )
    stored_questions = StoredQuestions(pipeline)
    questions = Questions(stored_questions.resolve, PUBLIC.__contains__)
    answers = ChannelAnswers(pipeline, people, stored)
    subscribed = Subscribed(
        catalogue=catalogue,
        people=people,
        audiences=audiences,
        deliveries=deliveries,
        questions=questions,
        command=command,
        clock=clock,
    )
    commands = DigestCommands(
        catalogue=catalogue,
        coaching=coaching,
        subscriptions=subscriptions,
        deliveries=deliveries,
        reports=groups,
        answer=answers.build,
        stored_questions=stored_questions,
        questions=questions,
        subscribed=subscribed,
        audiences=audiences,
        stored=stored,
        command=command,
        clock=clock,
    )
    return Digests(
        coaches=coaches,
        coaching=coaching,
        subscriptions=subscriptions,
        deliveries=deliveries,
        claims=Claims(database, clock, new_id),
        looking=Looking(subscriptions, deliveries, zone_of, clock),
        lookahead=Lookahead(subscriptions, rooms, account_types, leases, clock),
        assignments=assignments,
        groups=groups,
        answers=answers,
        questions=questions,
        subscribed=subscribed,
        audiences=audiences,
        commands=commands,
        messages=messages,
    )


def join_delivering(
    digests: Digests,
    personal: Mapping[str, Build],
    people: People,
    admins: Admins,
    slack: Posting,
    clock: Callable[[], datetime],
) -> Delivering:
    """What sends by the clock; `personal` build what goes to people themselves."""
    owners = Owners(people, digests.coaching, digests.audiences, digests.questions)
    return Delivering(
        looking=digests.looking,
        subscriptions=digests.subscriptions,
        deliveries=digests.deliveries,
        claims=digests.claims,
        makers=Makers(
            judge=owners.judge,
            build={TEAM: digests.groups.build, **personal},
            other=digests.answers.build,
            tell=digests.subscribed.tell,
            admins=admins,
            draw=digests.messages.draw,
        ),
        slack=slack,
        clock=clock,
    )
