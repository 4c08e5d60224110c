"""The short form of `python -m tests.scheduled.storm`."""

from __future__ import annotations

from tests.conftest import MakeUrl
from tests.scheduled.storm import HISTORY, POST, SHORT, storm


async def test_each_message_arrives_once(postgres_urls: MakeUrl) -> None:
    outcome = await storm(postgres_urls(), messages=24, kills=3, seed=3, scale=SHORT)
    print(outcome)
    outcome.check()
    # It was a storm.
    assert any(outcome.faults[f"{POST} {kind}"] for kind in ("drop", "reset", "ratelimited"))
    assert outcome.faults[f"{HISTORY} slow"]
