"""What the template of the details behind a digest is given. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.rendering.cut import size
from bot.rendering.digest_views import DetailsView
from bot.rendering.filters import short
from bot.rendering.pages import page, rooms
from bot.reports.each_person import PersonFigures

_AROUND = 60  # characters of a row's numbers, dates and separators


def _cost(each: PersonFigures) -> int:
    return size(short(each.person.name)) + _AROUND


# By fallback level, as for the rows of an answer.
_ROOM = rooms(_cost)


def details(view: DetailsView, level: int) -> Mapping[str, object]:
    """Everyone with their figures, from row `view.start` on."""
    shown = page(view.people, view.start, _ROOM[level])
    return {
        "page": shown,
        "after": shown.held - shown.last,
        "none_since": next((each.since for each in shown.shown if each.last is None), None),
    }
