"""The view of `/exec status`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.errors import Sentence
from bot.rendering.views import TemplateView


@dataclass(frozen=True, slots=True)
class StatusView(TemplateView):
    """The state of the bot for admins: its requests to Exec, and what it has stored.

    `used` are requests of the last 24 hours by purpose, in people's words, most first;
    `used_total` is their sum. `left` and `left_minute` may be sent now, of `per_day` and
    `per_minute`, of the day's `left_for_questions` by questions; none before `blocked_until`.
    All `sessions` since `stored_since` are stored, None if no stretch up to now is complete;
    `filled_percent` (0 to 100) of the last `history_days` are, with `gaps` missing stretches.
    `unsettled` sessions wait for a grade, the oldest since `oldest_unsettled`. `trouble` says
    what needs somebody's hand. `named_ranking` is the setting of that name.
    """

    template = "status"
    zone: str
    now: datetime
    used: tuple[tuple[str, int], ...]
    used_total: int
    per_day: int
    left: int
    left_for_questions: int
    left_minute: int
    per_minute: int
    blocked_until: datetime | None
    sessions: int
    stored_since: datetime | None
    history_days: int
    named_ranking: str
    filled_percent: float
    gaps: int
    last_sync: datetime | None
    oldest_unsettled: datetime | None
    unsettled: int
    people: int
    people_as_of: datetime | None
    syncing: bool
    trouble: Sentence | None
