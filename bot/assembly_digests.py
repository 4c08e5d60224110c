"""Joins what is sent by the clock: whom somebody coaches, subscriptions, and their deliveries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.commands.digest import DigestCommands
from bot.exec_api.client import ExecClient
from bot.gather.assignments import Assignments
from bot.gather.digest import GroupReports
from bot.mirror.held import Held
from bot.mirror.sessions import Sessions
from bot.outbox.claims import Claims
from bot.outbox.deliver import Delivering, Makers
from bot.outbox.deliveries import Deliveries
from bot.outbox.describe import Subscribed
from bot.outbox.due import Looking
from bot.outbox.ledger import Delivery
from bot.outbox.lookahead import Lookahead
from bot.outbox.owners import Owners
from bot.outbox.plans import Kind, Subscription
from bot.outbox.reasons import Why
from bot.outbox.subscriptions import Subscriptions
from bot.people.account_types import AccountTypes
from bot.people.admins import Admins
from bot.people.audience import Audiences, Rooms
from bot.people.catalogue import Catalogue
from bot.people.coaching import Coaching
from bot.people.people import People
from bot.people.rosters import Rosters
from bot.rendering.draw import Messages, View
from bot.rendering.views import Message
from bot.slack.web import SlackWeb
from bot.storage.coaches import Coaches
from bot.storage.commands import StoredCommands
from bot.storage.database import Database
from bot.storage.leases import Leases

# What a delivery shows, or why there is nothing to send.
BuildView = Callable[[Subscription, Delivery], Awaitable[View | Why]]


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

    coaches = Coaches(database, clock)
    subscriptions = Subscriptions(database, clock, new_id)
    deliveries = Deliveries(database, clock, new_id)
    coaching = Coaching(coaches, rosters)
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
    subscribed = Subscribed(
        catalogue=catalogue,
        people=people,
        audiences=audiences,
        deliveries=deliveries,
        messages=messages,
        command=command,
        clock=clock,
    )
    commands = DigestCommands(
        catalogue=catalogue,
        coaching=coaching,
        subscriptions=subscriptions,
        deliveries=deliveries,
        reports=groups,
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
        subscribed=subscribed,
        audiences=audiences,
        commands=commands,
        messages=messages,
    )


def join_delivering(
    digests: Digests,
    others: Mapping[Kind, BuildView],
    people: People,
    admins: Admins,
    slack: SlackWeb,
    clock: Callable[[], datetime],
) -> Delivering:
    """What sends by the clock; `others` build what is no group's digest."""
    builders: dict[Kind, BuildView] = {Kind.GROUP: digests.groups.build, **others}

    async def build(one: Subscription, delivery: Delivery) -> Message | Why:
        view = await builders[one.kind](one, delivery)
        return view if isinstance(view, Why) else digests.messages.draw(view)

    owners = Owners(people, digests.coaching, digests.audiences)
    return Delivering(
        looking=digests.looking,
        subscriptions=digests.subscriptions,
        claims=digests.claims,
        makers=Makers(owners.judge, build, digests.subscribed.tell, admins.accounts),
        slack=slack,
        clock=clock,
    )
