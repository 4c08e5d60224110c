"""Example messages, one file for each template. `python -m tests.golden` writes them.

A file holds what people read: the text of each example, which says the same as its blocks.
"""

from __future__ import annotations

from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

from bot.language.locale import Locale, written_for
from bot.messages import blocks
from bot.messages.blocks import Message
from bot.messages.render import Messages, View, draft
from bot.reports.table import REPORTS
from bot.storage.database import Database
from tests.golden import reports
from tests.golden.samples import samples
from tests.reports.company import open_company

FOLDER = Path(__file__).parent
MESSAGES = Messages()
MODALS = ("digest_form", "nudge_form", "share_form")
# A message, or the payload of a modal.
Made: TypeAlias = Message | dict[str, Any]


async def examples(url: str) -> dict[str, dict[str, View]]:
    """The examples of each template by name, from an SQLite database that has the schema; an
    answer's template is that of its report."""
    with written_for(Locale.US):
        async with open_company(url) as company:
            reports.practice(company)
            asked = [
                report for report in REPORTS if report.has_command or report.name == "what-next"
            ]
            views = {report.name: await reports.answers(company, report) for report in asked}
            views["digest"] = await reports.digests(company)
            views["me"] = await reports.own_weeks(company)
            views["coach"] = await reports.people(company)
            views["coach_person"] = await reports.one_of_the_people(company)
            parts = (views["coach"]["coach"], views["me"]["home"])
            views["home"] = await reports.homes(company, *parts)
    exported = draft("exported", a=views["sessions"]["since"], rows=25, total=30)
    return {**views, "exported": {"cut": exported}, **samples(views["digest"]["preview"])}


def templates(view: View) -> set[str]:
    """The templates that render a view."""
    parts = view if isinstance(view, tuple) else (view,)
    values = (getattr(part, "values", {}) for part in parts)
    answers = [own["a"] for own in values if "a" in own]
    return {part.template for part in parts} | {answer.report.name for answer in answers}


def rendered(view: View) -> Made:
    """The message or modal, in American English."""
    first = view[0] if isinstance(view, tuple) else view
    with written_for(Locale.US):
        if first.template.startswith("home"):
            return MESSAGES.home(view)
        return MESSAGES.modal(view) if first.template in MODALS else MESSAGES.message(view)


def text_of(made: Made) -> str:
    """The text of a message as people read it; for a modal, its labels and paragraphs."""
    if isinstance(made, Message):
        return unescape(made.text)
    labels = (block["label"]["text"] for block in made["blocks"] if "label" in block)
    title = made["title"]["text"] if "title" in made else "Home"
    return "\n".join((title, *labels, unescape(blocks.fallback(made["blocks"]))))


def file_of(made: dict[str, Made]) -> str:
    """The content of a template's golden file."""
    return "\n".join(f"# {name}\n{text_of(example)}\n" for name, example in made.items())


async def write() -> None:
    """Write the file of every template, and delete all others."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/golden.db"
        async with Database(url) as db:
            await db.upgrade()
        by_template = await examples(url)
    for path in FOLDER.glob("*.txt"):
        path.unlink()
    for template, views in by_template.items():
        made = {name: rendered(view) for name, view in views.items()}
        (FOLDER / f"{template}.txt").write_text(file_of(made), encoding="utf-8")
