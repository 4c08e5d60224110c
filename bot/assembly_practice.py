"""Joins what holds Exec's sessions and keeps them true."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.config import Settings
from bot.exec_api.budget import Budget
from bot.exec_api.client import ExecClient
from bot.mirror.fetching import Fetching
from bot.mirror.forgetting import Forgetting
from bot.mirror.held import Held
from bot.mirror.mirror import Mirror
from bot.mirror.revalidating import Revalidating
from bot.mirror.scenario_sets import ScenarioSets
from bot.mirror.selecting import Selecting
from bot.mirror.sessions import Questions, Sessions
from bot.mirror.sync import Sync
from bot.outbox.reported import reported_soon
from bot.outbox.subscriptions import Subscriptions
from bot.people.catalogue import Catalogue
from bot.people.rosters import Rosters
from bot.storage.database import Database
from bot.storage.leases import Leases

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Practice:
    """What is held of Exec's sessions, and what keeps it true."""

    held: Held
    mirror: Mirror
    fetching: Fetching
    rosters: Rosters
    sets: ScenarioSets
    leases: Leases
    sessions: Sessions
    sync: Sync
    forgetting: Forgetting


def join_practice(
    settings: Settings,
    database: Database,
    client: ExecClient,
    catalogue: Catalogue,
    budget: Budget,
    clock: Clock,
    new_id: Callable[[], str],
) -> Practice:
    held = Held(database, clock)
    mirror = Mirror(held, clock)
    leases = Leases(database, clock, new_id())
    fetching = Fetching(client, held, leases, asyncio.sleep, mirror.note_total)
    rosters = Rosters(database, client, clock)
    sets = ScenarioSets(database, client, held, clock)
    sessions = Sessions(
        questions=Questions(rosters, sets),
        mirror=mirror,
        fetching=fetching,
        selecting=Selecting(database),
        budget=budget,
        per_day=settings.exec_requests_per_day,
        clock=clock,
    )
    revalidating = Revalidating(
        database=database,
        held=held,
        mirror=mirror,
        fetching=fetching,
        client=client,
        budget=budget,
        leases=leases,
        windows=partial(reported_soon, Subscriptions(database, clock, new_id)),
        per_day=settings.exec_requests_per_day,
        clock=clock,
    )
    sync = Sync(
        database=database,
        held=held,
        fetching=fetching,
        catalogue=catalogue,
        rosters=rosters,
        sets=sets,
        leases=leases,
        revalidating=revalidating,
        history_days=settings.execbot_history_days,
        asked_at=lambda: sessions.asked_at,
        clock=clock,
    )
    forgetting = Forgetting(database, held, clock)
    return Practice(held, mirror, fetching, rosters, sets, leases, sessions, sync, forgetting)
