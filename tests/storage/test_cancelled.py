"""Work that is canceled in the middle of a transaction leaves the database usable."""

from __future__ import annotations

import asyncio
from itertools import count

import pytest
import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.tables import lease

pytestmark = pytest.mark.usefixtures("sqlite_threads")


async def change(database: Database) -> None:
    async with database.transaction() as connection:
        changed = sa.update(lease).values(holder="y").returning(lease.c.name)
        assert len((await connection.execute(changed)).all()) == 2


async def test_a_writer_that_is_cancelled_anywhere_leaves_nothing_locked(
    database: Database,
) -> None:
    rows = [{"name": name, "holder": "x", "expires_at": sa.text("0")} for name in ("a", "b")]
    for row in rows:
        await database.write(sa.insert(lease).values(row))
    # Errors keep alive what the canceled work held, like a log that keeps errors.
    cancelled: list[asyncio.CancelledError] = []
    for turns in count():
        work = asyncio.create_task(change(database))
        for _ in range(turns):
            await asyncio.sleep(0)
        if work.done():
            break
        work.cancel()
        try:
            await work
        except asyncio.CancelledError as error:
            cancelled.append(error)
        async with asyncio.timeout(100):
            await change(database)
    assert len(cancelled) > 3
