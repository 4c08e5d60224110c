"""The view of `/exec audit`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.messages.tables import page
from bot.rendering.views import TemplateView


@dataclass(frozen=True, slots=True)
class AuditLine:
    """That somebody looked at a report on `day`, its local midnight (aware). `email` tells
    namesakes apart for an admin, "" for anybody else."""

    day: datetime
    name: str
    email: str
    report: str


@dataclass(frozen=True, slots=True)
class AuditView(TemplateView):
    """The looks of so many `people` at somebody's practice, newest first, from line `start` on.

    `person` is their name, None for the reader themselves. `id` is opaque: what the buttons that
    turn pages carry. Looks are kept for `kept_days`; those of a `period` are shown, where one is
    said.
    """

    template = "audit"
    id: str
    person: str | None
    lines: tuple[AuditLine, ...]
    people: int
    zone: str
    now: datetime
    kept_days: int
    period: str = ""
    start: int = 0


def audit(view: AuditView) -> Mapping[str, object]:
    """The lines of one page."""
    return {"page": page(view.lines, view.start)}
