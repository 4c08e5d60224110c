"""Thirty digests due in a minute, a Slack in trouble, and processes killed with -9 at random: each
arrives in its channel, once. `python -m tests.outbox.chaos` does the same for longer."""

from __future__ import annotations

from tests.conftest import MakeUrl
from tests.outbox.chaos import HISTORY, POST, chaos


async def test_each_arrives_once(postgres_urls: MakeUrl) -> None:
    outcome = await chaos(postgres_urls(), digests=30, processes=2, kills=3, seed=3)
    print(outcome)
    outcome.check()
    # It was chaos.
    assert any(outcome.faults[f"{POST} {kind}"] for kind in ("drop", "reset", "ratelimited"))
    assert outcome.faults[f"{HISTORY} slow"]
