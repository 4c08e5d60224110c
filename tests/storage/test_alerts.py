"""The store of alerts, on both databases: one of each, and what was told is noted once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.access import AccountType, Asker
from bot.features.alerts import AlertChange, AlertStore
from bot.language.alert_words import AlertKind, Rule
from bot.messages.blocks import Message
from bot.people.audit import Audit, Look
from bot.reports.alerts import Event
from bot.storage.database import Database
from bot.storage.tables import delivery
from tests.conftest import START, FakeClock

GOLD = Rule(AlertKind.GOLD)
OWNER = ("T1", "U1")
A = Event("a", "u1", "Ann", GOLD)


@pytest.fixture
def alerts(database: Database, clock: FakeClock) -> AlertStore:
    return AlertStore(database, clock)


async def test_two_processes_that_found_the_same_note_it_once(
    alerts: AlertStore, database: Database, clock: FakeClock
) -> None:
    await alerts.keep(*OWNER, "my people", GOLD, ())
    ((one,),) = (await alerts.on()).values()
    asker = Asker(*OWNER, "Bob", "", AccountType.FULL, ZoneInfo("UTC"), None)
    clock.tick(60)

    def said(id_: str) -> tuple[str, Message, Look]:
        return id_, Message("news", []), Look(asker, "alert", frozenset({"u1"}))

    noted = await asyncio.gather(
        *(alerts.note([AlertChange(one, (A,))], said(id_)) for id_ in ("d1", "d2", "d3"))
    )
    assert sorted(noted) == [False, False, True]
    (row,) = await database.rows(sa.select(delivery))
    assert (row.place, row.kind, row.state) == ("U1", "alert", "due")
    assert len(await Audit(database, clock).at("u1")) == 1
    assert await alerts.told([one.id]) == {one.id: {"a"}}
    assert await alerts.told_since("U1", START - timedelta(seconds=1))
    # What surely did not arrive is not known.
    for state, why, known in (("failed", "", False), ("failed", "unsettled", True)):
        await database.write(sa.update(delivery).values(state=state, why=why))
        assert await alerts.told([one.id]) == {one.id: {"a"} if known else set()}
        assert not await alerts.told_since("U1", START - timedelta(seconds=1))
