"""Rows that several processes write at once."""

from __future__ import annotations

import asyncio

from bot.storage.database import Database
from bot.storage.tables import scenario

ROWS = [{"id": f"s{number:03}", "name": "Cold Call"} for number in range(200)]


async def test_processes_that_store_the_same_rows_wait_for_each_other(database_url: str) -> None:
    async with Database(database_url) as one, Database(database_url) as two:

        async def put(database: Database, rows: list[dict[str, str]]) -> None:
            async with database.transaction() as connection:
                await database.put(connection, scenario, rows)

        for _ in range(5):
            await asyncio.gather(put(one, ROWS), put(two, ROWS[::-1]))
        assert await one.count(scenario) == len(ROWS)
