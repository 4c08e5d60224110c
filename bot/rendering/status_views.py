"""The view of `/exec status`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.errors import Sentence
from bot.rendering.views import TemplateView


@dataclass(frozen=True, slots=True)
class StatusView(TemplateView):
    """The state of the bot for admins: its requests to Exec, and what is stored.

    `used` of `per_day` requests were sent in the last 24 hours, and `left_minute` of `per_minute`
    fit into this minute; none before `blocked_until`. All `sessions` from `start` to `end` are
    stored, `waiting` of them for a grade; None before the first page. Since `again_at` the last
    `again_days` were read again. `people` are in Exec by the list of `people_at`. `trouble` says
    what needs somebody's hand. `named_ranking` is the setting of that name.
    """

    template = "status"
    zone: str
    now: datetime
    used: int
    per_day: int
    left_minute: int
    per_minute: int
    blocked_until: datetime | None
    sessions: int
    start: datetime | None
    end: datetime | None
    waiting: int
    again_at: datetime | None
    again_days: int
    people: int
    people_at: datetime | None
    named_ranking: str
    trouble: Sentence | None
