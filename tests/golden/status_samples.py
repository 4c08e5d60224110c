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
        used=312,
        per_day=1000,
        left_minute=57,
        per_minute=60,
        blocked_until=None,
        sessions=18204,
        start=AS_OF - timedelta(days=90),
        end=AS_OF - timedelta(minutes=2),
        waiting=12,
        again_at=AS_OF - timedelta(hours=7),
        again_days=8,
        people=5000,
        people_at=AS_OF - timedelta(hours=4),
        named_ranking="coach",
        trouble=None,
    )
    trouble = replace(
        well,
        used=997,
        left_minute=0,
        blocked_until=AS_OF + timedelta(hours=1),
        start=AS_OF - timedelta(days=80, hours=2),
        end=AS_OF - timedelta(days=1),
        trouble=Sentence(
            "*Exec has not accepted my key since {near}.* Make a new one.", {"near": "09:12"}
        ),
    )
    started = replace(
        well,
        used=0,
        left_minute=60,
        sessions=0,
        start=None,
        end=None,
        waiting=0,
        again_at=None,
        again_days=0,
        people=0,
        people_at=None,
    )
    return (well, trouble, started)
