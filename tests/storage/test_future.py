"""What a clock that was ahead left in the database holds nothing up after a restart."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.exec_api.budget import MINUTE_WINDOW, Budget
from bot.mirror.sync import LEASE as OF_THE_SYNC
from bot.outbox.claims import LEASES
from bot.outbox.future import LEASE, MOMENTS, forget_future
from bot.storage.database import Database
from bot.storage.leases import Leases
from bot.storage.tables import (
    MILLISECOND,
    Instant,
    delivery,
    metadata,
    practice_coverage,
    practice_total,
)
from tests.conftest import START, FakeClock
from tests.exec_api.spending import granted, left, limit_of, seconds

FAR = timedelta(days=30)
# What somebody planned or is told, or what says only when a row is forgotten.
LEFT = {
    *("member.since", "member.gone_at", "roster_member.since", "roster_member.unlisted_at"),
    *("roster_past.listed_at", "roster_past.unlisted_at", "coaching.added_at", "opt_out.at"),
    *("snoozed_person.until", "person_link.linked_at", "stored_command.at", "stored_answer.at"),
    *("subscription.created_at", "subscription.snoozed_until", "subscription.removed_at"),
    *("delivery.at", "delivery.about_start", "delivery.about_end"),
    "session_feedback.created_at",
}


def test_every_moment_is_thought_of() -> None:
    every = {
        str(column)
        for table in metadata.tables.values()
        for column in table.c
        if isinstance(column.type, Instant)
    }
    mended = {str(column) for columns in MOMENTS.values() for column in columns}
    assert every - mended == LEFT


async def test_the_account_is_as_good_as_used_now(database: Database, clock: FakeClock) -> None:
    budget = Budget(database, clock=clock)
    clock.now = START + FAR
    await granted(budget, 30)
    await budget.block(clock.now + timedelta(hours=3))
    clock.now = START
    await forget_future(database, START)
    assert await budget.left() == left(970, 30)
    assert await granted(budget, 40) == 30
    assert (await limit_of(budget)).until == START + MINUTE_WINDOW + MILLISECOND


async def test_a_lease_is_over_and_one_of_another_process_is_not(
    database: Database, clock: FakeClock
) -> None:
    one, two = (Leases(database, clock, holder) for holder in ("one", "two"))
    await one.take("now", timedelta(minutes=3))
    await one.take("then", FAR)
    await forget_future(database, START)
    assert await two.take("then", timedelta(minutes=3))
    assert not await two.take("now", timedelta(minutes=3))


async def test_looks_of_the_future_are_forgotten_and_others_stay(database: Database) -> None:
    now = int(START.timestamp() * 1000)
    looks = [now - 5, now + 5_000, now + 120_000]
    async with database.transaction() as connection:
        for number, as_of in enumerate(looks):
            piece = {"start_at": number, "end_at": number + 1, "as_of": as_of}
            await connection.execute(sa.insert(practice_coverage).values(scope_id=1, **piece))
            await connection.execute(sa.insert(practice_total).values(**piece))
    await forget_future(database, START)
    async with database.transaction(reads=True) as connection:
        for table in (practice_coverage, practice_total):
            kept = (await connection.execute(sa.select(table.c.as_of))).scalars()
            assert sorted(kept) == looks[:2]


@pytest.mark.parametrize(
    ("column", "allowed"),
    [(column, length) for length, columns in MOMENTS.items() for column in columns],
    ids=str,
)
@pytest.mark.one_database
async def test_a_moment_of_the_future_becomes_the_present(
    database: Database, column: sa.Column[object], allowed: timedelta
) -> None:
    row: dict[str, object] = {}
    for each in column.table.c:
        if each.autoincrement is not True and not each.nullable:
            row[each.key] = START if isinstance(each.type, Instant) else _any(each)
    if column.table is delivery:
        row |= {"kind": "now", "state": "sent"}
    query = sa.select(column)
    for ahead, after in ((allowed, START + allowed), (allowed + seconds(1), START)):
        async with database.transaction() as connection:
            await connection.execute(sa.delete(column.table))
            await connection.execute(
                sa.insert(column.table).values(row | {column.key: START + ahead})
            )
        await forget_future(database, START)
        async with database.transaction(reads=True) as connection:
            assert (await connection.execute(query)).scalar_one() == after


def _any(column: sa.Column[object]) -> object:
    return {int: 1, float: 1.0, bool: False, bytes: b"x"}.get(column.type.python_type, "x")


def test_leases_end_before_they_are_taken_for_wrong() -> None:
    assert max(OF_THE_SYNC, *LEASES.values()) < LEASE
