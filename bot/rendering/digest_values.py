"""What the template of the details behind a digest is given. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.rendering.cut import size
from bot.rendering.digest_views import DetailsView
from bot.rendering.filters import short
from bot.rendering.pages import page, table_room
from bot.reports.each_person import PersonFigures

_AROUND = 60  # characters of a row's numbers, dates and separators


def _cost(each: PersonFigures) -> int:
    return size(short(each.person.name)) + _AROUND


def details(view: DetailsView, plain: bool) -> Mapping[str, object]:
    """Everyone with their figures, from row `view.start` on."""
    shown = page(view.people, view.start, table_room(_cost, plain=plain))
    return {
        "page": shown,
        "after": shown.held - shown.last,
        "none_since": next((each.since for each in shown.shown if each.last is None), None),
    }
