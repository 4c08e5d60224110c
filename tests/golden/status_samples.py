"""What `/exec status` may have to say, to try its template on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.errors import Sentence
from bot.rendering.status_views import StatusView
from tests.golden.samples import AS_OF


def statuses() -> tuple[StatusView, ...]:
    """The state of a bot that runs well, of one in trouble, and of one that was just started."""
    well = StatusView(
        zone="Europe/Berlin",
        now=AS_OF,
        used=(("New sessions", 164), ("Questions people asked", 98), ("People and groups", 50)),
        used_total=312,
        per_day=1000,
        left=688,
        left_for_questions=355,
        left_minute=57,
        per_minute=60,
        blocked_until=None,
        sessions=18204,
        stored_since=AS_OF - timedelta(days=90),
        history_days=90,
        named_ranking="coach",
        filled_percent=100.0,
        gaps=0,
        last_sync=AS_OF - timedelta(minutes=2),
        oldest_unsettled=AS_OF - timedelta(minutes=48),
        unsettled=12,
        people=5000,
        people_as_of=AS_OF - timedelta(hours=4),
        syncing=False,
        trouble=None,
    )
    trouble = replace(
        well,
        left=3,
        left_minute=0,
        blocked_until=AS_OF + timedelta(hours=1),
        stored_since=AS_OF - timedelta(days=80, hours=2),
        filled_percent=98.4,
        gaps=2,
        last_sync=AS_OF - timedelta(days=1),
        trouble=Sentence(
            "*Exec has not accepted my key since {near}.* Make a new one.", {"near": "09:12"}
        ),
    )
    started = replace(
        well,
        used=(),
        used_total=0,
        left=1000,
        left_minute=60,
        sessions=0,
        stored_since=None,
        filled_percent=0.0,
        last_sync=None,
        oldest_unsettled=None,
        unsettled=0,
        people=0,
        people_as_of=None,
        syncing=True,
    )
    return (well, trouble, started)
