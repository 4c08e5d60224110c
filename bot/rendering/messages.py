"""One function per message: a view in, what to send to Slack out. Pure but for the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.language.query import Kind, Rank
from bot.rendering import pages
from bot.rendering.cut import size
from bot.rendering.environment import Renderer
from bot.rendering.fallback import degrade
from bot.rendering.limits import TEXT, enforce, enforce_view
from bot.rendering.pages import Page, Row
from bot.rendering.status import StatusView
from bot.rendering.values import escape
from bot.rendering.views import (
    AnswerView,
    CostView,
    ExplainView,
    FormView,
    HelpView,
    Message,
    NoticeView,
    Offer,
    ProblemView,
    ProgressView,
    ShareConfirmView,
    SharedView,
)
from bot.reports.metrics import measure

_BUTTONS_IN_A_ROW = 4
_SELECT = 100  # entries of a select menu
_AROUND_ROWS = 60  # characters of `text` for "and 1,204 more sessions."
_AROUND_ROW = 12  # characters between the cells of a row and after it
_INCOMPLETE = {True: 13, False: 10}  # " (incomplete)" behind a rank, and instead of one


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message of a page of rows. The starts are row numbers from 0, None where there is none."""

    message: Message
    next_start: int | None
    previous_start: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """How the number of sessions reads: "5 of 128", "128", "500+" (`open`: there may be more)."""

    shown: int
    of: int | None
    open: bool


class Messages:
    """Draws every view. Raises TemplateProblem only if a template of ours is broken."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    def answer(self, view: AnswerView, level: int = 0) -> Rendered:
        """The answer to a question, from row `view.start` on, in the blocks of `level`."""
        return self._rows("answer", view, {}, level)

    def shared(self, view: SharedView, level: int = 0) -> Rendered:
        """An answer as it stands in a channel."""
        more = {"shared_by": view.shared_by, "share_id": view.share_id}
        return self._rows("shared", view.answer, more, level)

    def cost(self, view: CostView) -> Message:
        """What a question would cost, before it is run."""
        values = {"view": view, "zone": _zone(view), "offers": in_rows(view.offers)}
        return self._message("cost", values)

    def status(self, view: StatusView, level: int = 0) -> Message:
        """How the bot stands with Exec, in the blocks of `level`."""
        return degrade(self._message("status", {"view": view}), level)

    def problem(self, view: ProblemView) -> Message:
        """Why there is no answer."""
        return self._message("problem", {"view": view, "offers": in_rows(view.offers)})

    def notice(self, view: NoticeView) -> Message:
        """Something that was done."""
        return self._message("notice", {"view": view, "offers": in_rows(view.offers)})

    def progress(self, view: ProgressView) -> Message:
        """A question that takes long."""
        return self._message("progress", {"view": view})

    def help(self, view: HelpView) -> Message:
        """What can be asked; one topic in full if `view.only` is the key of one."""
        only = next((topic for topic in view.topics if topic.key == view.only), None)
        values = {"view": view, "only": only, "offers": in_rows(view.examples)}
        return self._message("help", values)

    def explain(self, view: ExplainView) -> Message:
        """What a question would ask of Exec."""
        return self._message("explain", {"view": view})

    def share_confirm(self, view: ShareConfirmView) -> Message:
        """Who will see an answer before it goes to a channel."""
        channel = f"#{view.channel.lstrip('#')}"
        others = max(view.people - len(view.names), 0)
        return self._message("share_confirm", {"view": view, "channel": channel, "others": others})

    def form(self, view: FormView) -> dict[str, Any]:
        """The query form: a modal view for `views.open`."""
        values = {
            "view": view,
            "group": _field(view, Kind.GROUP),
            "scenario": _field(view, Kind.SCENARIO),
            "ranks": tuple(Rank),
        }
        return enforce_view(self._renderer.render("form", values))

    def _message(self, name: str, values: Mapping[str, object]) -> Message:
        return enforce(self._read(name, values))

    def _read(self, name: str, values: Mapping[str, object]) -> Message:
        read = self._renderer.render(name, values)
        return Message(read["text"], read["blocks"])

    def _rows(
        self, name: str, view: AnswerView, more: Mapping[str, object], level: int
    ) -> Rendered:
        page = pages.page(view, level)
        values = {**_answer_values(view, page), **more}
        message = self._telling(name, values, page.rows) if _are_few(page.rows) else None
        if message is None or size(message.text) > TEXT:
            # A drawing without rows tells how much room `text` leaves for them.
            empty = {**values, "page": replace(page, rows=())}
            room = TEXT - size(self._telling(name, empty, ()).text) - _AROUND_ROWS
            message = self._telling(name, values, _as_many_as_fit(page.rows, room))
        drawn = degrade(enforce(message), level)
        return Rendered(drawn, page.next_start, page.previous_start)

    def _telling(self, name: str, values: Mapping[str, Any], told: tuple[Row, ...]) -> Message:
        """A message of a page of rows that names those `told` in its `text`, too."""
        page, view = values["page"], values["view"]
        untold = max(_in_all(view) - page.first + 1 - len(told), 0) if page.rows else 0
        return self._read(name, {**values, "told": told, "untold": untold})


def in_rows(offers: Sequence[Offer]) -> list[list[tuple[int, Offer]]]:
    """Offers four to a row, each with its number among all."""
    numbered = list(enumerate(offers))
    return [
        numbered[start : start + _BUTTONS_IN_A_ROW]
        for start in range(0, len(numbered), _BUTTONS_IN_A_ROW)
    ]


def _answer_values(view: AnswerView, page: Page) -> dict[str, object]:
    return {
        "view": view,
        "page": page,
        "counted": _counted(view),
        "zone": _zone(view),
        "measures": measure(view.figures),
        "offers": in_rows(view.loosen),
        # A limit ends the rows on purpose; otherwise more may match than are held.
        "all_held": view.limit is not None or view.total == page.held or view.figures_complete,
        "rest_unknown": view.total is None and view.limit is None and not view.figures_complete,
    }


def _zone(view: AnswerView | CostView) -> str | None:
    """The zone, where no part of what was understood names it."""
    return None if any(view.zone in part for part in view.understood) else view.zone


def _counted(view: AnswerView) -> Counted:
    rows = len(view.rows)
    if view.total is None:
        if view.limit is None:
            return Counted(rows, None, not view.figures_complete)
        more = view.figures_over if view.figures_over > rows else None
        return Counted(rows, more, not view.figures_complete)
    if view.limit is not None and rows < view.total:
        return Counted(rows, view.total, False)
    return Counted(max(rows, view.total), None, view.held_since is not None)


def _in_all(view: AnswerView) -> int:
    rows = len(view.rows)
    return rows if view.limit is not None or view.total is None else max(rows, view.total)


def _as_many_as_fit(rows: tuple[Row, ...], room: int) -> tuple[Row, ...]:
    for index, row in enumerate(rows):
        room -= sum(size(escape(cell)) for cell in row.cells) + _AROUND_ROW
        room -= 0 if row.valid else _INCOMPLETE[bool(row.rank)]
        if room < 0:
            return rows[:index]
    return rows


def _are_few(rows: tuple[Row, ...]) -> bool:
    """Are they likely to fit into `text`, whatever stands around them?"""
    return _as_many_as_fit(rows, TEXT // 2) == rows


def _field(view: FormView, kind: Kind) -> dict[str, object]:
    """A menu where all choices fit in one and the chosen one is among them; else a text field."""
    choices = view.choices.get(kind, ())
    selected = view.selected.get(kind)
    chosen = next((choice for choice in choices if choice.value == selected), None)
    is_menu = 1 <= len(choices) <= _SELECT and (not selected or chosen is not None)
    return {"choices": choices if is_menu else (), "chosen": chosen, "typed": selected}
