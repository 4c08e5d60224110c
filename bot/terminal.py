"""The same answers in a terminal: `python -m bot ask`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.assembly import Core
from bot.errors import UserError
from bot.pipeline import Turn
from bot.query.describe import parameters
from bot.rendering.views import AnswerView, ExplainView, Message, ProgressView


async def _quiet(_progress: ProgressView) -> None:
    """Nobody reads progress in a pipe."""


async def ask(
    core: Core, email: str, text: str, *, zone: ZoneInfo, explain: bool, as_json: bool
) -> None:
    """Print the answer to `text` ("sessions last 7d gold") as `email` would see it.

    Raises UserError, ExecError, StorageError.
    """
    asker = await core.people.asker_by_email(email, zone)
    turn = Turn(asker, channel_id="", can_share=False, tell=_quiet)
    question = _question(text)
    console = Console()
    if explain:
        view = await core.pipeline.explain(asker, question)
        if as_json:
            print(json.dumps(_explained(view), ensure_ascii=False, indent=2))
        else:
            console.print(core.messages.explain(view).text, markup=False)
        return
    answer = await core.pipeline.ask(turn, question)
    message = core.messages.answer(answer, 0).message
    if as_json:
        resolved = (await core.pipeline.recall(asker, answer.id)).query
        sent = dict(parameters(resolved, now=answer.as_of))
        print(json.dumps(_answered(text, sent, answer, message), ensure_ascii=False, indent=2))
    else:
        _print_table(console, answer, message)


def _question(text: str) -> str:
    first, _, rest = text.strip().partition(" ")
    if first.casefold() not in ("sessions", "session"):
        raise UserError(
            'In the terminal I answer questions about sessions: ask "sessions {text}".', text=text
        )
    return rest


def _explained(view: ExplainView) -> dict[str, Any]:
    return {
        "understood": list(view.understood),
        "filters": dict(view.parameters),
        "narrowed_here": list(view.narrowed_here),
    }


def _answered(
    text: str, sent: dict[str, str], answer: AnswerView, message: Message
) -> dict[str, Any]:
    return {
        "query": text,
        "understood": list(answer.understood),
        "filters": sent,
        "count": answer.total,
        "as_of": answer.as_of.isoformat(),
        "rows": [row.model_dump(mode="json") for row in answer.rows],
        "message": asdict(message),
    }


def _print_table(console: Console, answer: AnswerView, message: Message) -> None:
    """The message: its data_table as a table, everything else as its text."""
    for block in message.blocks:
        if block["type"] == "data_table":
            header, *rows = block["rows"]
            table = Table(title=escape(block["caption"]), title_justify="left")
            for cell in header:
                table.add_column(escape(cell["text"]))
            for row in rows:
                table.add_row(*(escape(cell["text"]) for cell in row))
            console.print(table)
        elif block["type"] != "actions":
            for line in _texts(block):
                console.print(line, markup=False, highlight=False)


def _texts(block: Any) -> list[str]:
    parts = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
    return [_plain(part["text"]) for part in parts if isinstance(part, dict) and "text" in part]


def _plain(text: str) -> str:
    for mark, plain in (("*", ""), ("`", ""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(mark, plain)
    for name, medal in (("first", "🥇"), ("second", "🥈"), ("third", "🥉")):
        text = text.replace(f":{name}_place_medal:", medal)
    return text.replace("\n", "  ")
