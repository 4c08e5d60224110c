"""However Exec changes and fails, and whatever processes die, the mirror ends up complete."""

from __future__ import annotations

from random import Random

import pytest

from bot.exec.sessions import read_sessions
from bot.storage.database import Database
from tests.conftest import FakeClock
from tests.exec.questions import cut
from tests.exec.storm import after_a_storm


@pytest.mark.one_database
async def test_after_a_storm_the_mirror_is_like_exec(database: Database, clock: FakeClock) -> None:
    async with after_a_storm(database, clock, Random(1)) as (acme, storm):
        # Which faults come depends on the order in which requests arrive.
        assert len(storm.seen) >= 8
        refused = sum(request.status == 429 for request in acme.exec.requests)
        assert refused == storm.seen["limited"]  # by faults, and never for too many requests
        rows = await read_sessions(database, [])
        assert {row.id: (cut(row.score), row.rank) for row in rows} == {
            row.id: (cut(row.score), row.rank) for row in acme.world.sessions
        }
