"""100 digests due in one minute, a Slack in trouble, and processes killed with -9 at random: each
arrives in its channel, once. `python -m tests.outbox.chaos` does the same for longer."""

from __future__ import annotations

from tests.conftest import MakeUrl
from tests.outbox.chaos import HISTORY, POST, chaos


async def test_each_arrives_once(postgres_urls: MakeUrl) -> None:
    outcome = await chaos(postgres_urls(), digests=100, processes=3, seconds=8, seed=3)
    print(outcome)
    outcome.check()
    # It was chaos.
    assert outcome.kills >= 3
    for kind in (f"{POST} drop", f"{POST} reset", f"{POST} ratelimited", f"{HISTORY} slow"):
        assert outcome.faults[kind] > 0, kind
