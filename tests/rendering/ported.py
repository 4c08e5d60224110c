"""Every message drawn by its markup, from the same values as by the template of today."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.errors import Sentence
from bot.rendering import blocks, samples, status_samples
from bot.rendering.document import Modal
from bot.rendering.drawings import drawings
from bot.rendering.environment import Renderer
from bot.rendering.messages import Messages
from bot.rendering.templates import Templates

FOLDER = Path(__file__).parent / "markup"
_MARKUP = Templates(FOLDER)
_MEDALS = {"first": "🥇", "second": "🥈", "third": "🥉"}


class Ported(Renderer):
    """A renderer of markup in the blocks of a level; `values` are those of the last message."""

    def __init__(self, level=0):
        super().__init__()
        self.level = level

    def render(self, name, values):
        self.values = {**values, "after": rows_after(values)}
        document = _MARKUP.draw(name, self.values)
        if isinstance(document, Modal):
            return blocks.modal(document)
        message = blocks.message(document, self.level)
        return {"text": message.text, "blocks": message.blocks}


def rows_after(values):
    """How many rows come in other messages, behind those of this page."""
    if "untold" not in values:
        return 0
    page = values["page"]
    shown = page.rows if hasattr(page, "rows") else page.shown
    return max(values["untold"] + len(values["told"]) - len(shown), 0)


def answers(renderer):
    """Draws each sample of what is said to a question, and around one, by name."""
    messages = Messages(renderer)
    views = {f"{rows} rows": samples.answer(rows) for rows in (0, 1, 4, 150)}
    views |= {"second page": samples.answer(150, start=100), "part": samples.unfinished_answer()}
    note = Sentence("You are not in {group}.", {"group": "group West Coast"})
    views |= {"note": replace(samples.answer(0), note=note)}
    views |= {f"held {at}": view for at, view in enumerate(samples.held_answers())}
    return {
        **{name: lambda v=view: messages.answer(v).message for name, view in views.items()},
        **_of(lambda rows: messages.shared(samples.shared(rows)).message, 0, 4, 150),
        **_of(messages.cost, *samples.costs()),
        **_of(messages.status, *status_samples.statuses()),
        **_of(messages.progress, *samples.progress()),
        **_of(messages.problem, samples.problem()),
        **_of(messages.notice, samples.notice()),
        **_of(messages.help, samples.help_view(), samples.help_view("who")),
        **_of(messages.explain, samples.explain()),
        **_of(messages.share_confirm, samples.share_confirm()),
        **_of(messages.form, samples.form(menus=True), samples.form(menus=False)),
    }


def _of(draw, *views):
    named = getattr(draw, "__name__", "")
    return {f"{named} {at}": partial(draw, view) for at, view in enumerate(views)}


def everything(renderer, company):
    """Draws each sample there is, by name."""
    return {**answers(renderer), **drawings(renderer, company)}


def same(node):
    """Blocks without what may differ: medals by name, double blanks, bold, folding."""
    if isinstance(node, dict):
        kept = {key: same(value) for key, value in node.items() if key != "expand"}
        if isinstance(node.get("text"), str):
            kept["text"] = words(node["text"])
        return kept
    return [same(each) for each in node] if isinstance(node, list) else node


def words(text):
    """A text by its words."""
    text = re.sub(r":(\w+)_place_medal:", lambda found: _MEDALS[found[1]], text)
    return re.sub(" +", " ", text.replace("*", "")).strip()


def figures(text):
    """All that is a number, a time or a date in a text."""
    return set(re.findall(r"\d[\d,.:]*\d|\d", text))
