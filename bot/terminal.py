"""The same answers in a terminal: `python -m bot ask`."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import access
from bot.access import Asker
from bot.assembly_core import Core, utc_now
from bot.commands.table import BY_NAME, help_topics
from bot.config import Settings
from bot.errors import Ambiguous, BotError, Broken, NotAllowed, Rejected, UserError
from bot.language.describe import narrowed_here, parameters
from bot.language.query import ResolvedQuery
from bot.pipeline import Request
from bot.rendering.pages import page
from bot.rendering.views import AnswerView, CostView, ExplainView, Message, ProgressView
from bot.slack.problems import sentence_for

# A pipe has no width. Wide enough that no row is folded, so that grep finds whole rows.
PIPE_WIDTH = 240
MAY_FOLD = ("Who", "Scenario")
IN_SLACK_ONLY = {
    "explain": "Here `explain` is an option: put --explain after the question.",
    "link": "`link` joins Slack accounts to people in Exec, so it works in Slack only.",
    "unlink": "`unlink` is about Slack accounts, so it works in Slack only.",
    "coach": "`coach` sends messages in Slack, so it works there only.",
    "digest": "`digest` posts in Slack's channels, so it works there only.",
    "me": "`me` is about your own Slack account, so it works in Slack only.",
}


async def _quiet(_progress: ProgressView) -> None:
    """Nobody reads progress in a pipe."""


async def ask(
    core: Core, email: str, text: str, *, zone: ZoneInfo, explain: bool, as_json: bool
) -> None:
    """Print the answer to `text` ("sessions last 7d gold") as `email` would see it.

    Raises UserError, ExecError, StorageError.
    """
    asker = await _asker(core, email, zone)
    request = Request(asker, channel_id="", can_share=False, tell=_quiet)
    first, *rest = text.split(maxsplit=1) or [""]
    question = "".join(rest)
    known = BY_NAME.get(first.casefold())
    if known is not None and known.name in IN_SLACK_ONLY:
        raise UserError(IN_SLACK_ONLY[known.name])
    if known is None or known.name != "sessions":
        # Words that nobody knows are refused in there, with ways on.
        view = await core.commands.hear(request, text)
        if as_json or explain:
            raise UserError("--json and --explain are for questions that begin with `sessions`.")
        await _print(core, asker, core.messages.draw(view))
    elif explain:
        _print_explained(await core.pipeline.explain(asker, question))
    else:
        await _answer(core, request, text, question, as_json=as_json)


async def _asker(core: Core, email: str, zone: ZoneInfo) -> Asker:
    asker = await core.people.asker_by_email(email, zone)
    try:
        access.visibility(asker)
    except NotAllowed:
        # The refusal in there is about Slack accounts.
        raise NotAllowed(
            "Nobody in Exec has the e-mail address {email}. Check what --as says.", email=email
        ) from None
    return asker


async def _answer(core: Core, request: Request, text: str, question: str, *, as_json: bool) -> None:
    answer = await core.pipeline.ask(request, question)
    if isinstance(answer, CostView):
        raise UserError(
            f"This needs about {answer.cost.requests} of today's {answer.cost.left} requests to "
            "Exec. Ask about a shorter period, or let `sync --since` read what is missing."
        )
    # Its buttons are not here to be pressed.
    drawn = core.messages.draw(replace(answer, cost=None))
    query = (await core.pipeline.recall(request.asker, answer.id)).query
    if as_json:
        made = _answered(text, query, answer, drawn)
        print(json.dumps(made, ensure_ascii=False, indent=2))
        return
    await _print(core, request.asker, drawn)
    if answer.cost is not None:
        print(
            f"Counting all takes about {answer.cost.requests} of today's {answer.cost.left} "
            "requests: `sync --since` reads what is missing."
        )
    if page(answer).next_start is not None:
        print(f"For the rows after these, ask for page {query.page + 1}.")


def _print_explained(view: ExplainView) -> None:
    """What would be asked, with the request on a line of its own that can be copied."""
    print("  ·  ".join(view.understood))
    print(view.request)
    if view.narrowed_here:
        print(f"Applied here, because Exec has no filter for it: {', '.join(view.narrowed_here)}")


def _answered(
    text: str, query: ResolvedQuery, answer: AnswerView, message: Message
) -> dict[str, Any]:
    return {
        "query": text,
        "understood": list(answer.understood),
        "filters": dict(parameters(query, now=answer.as_of)),
        "narrowed_here": list(narrowed_here(query)),
        "count": answer.total,
        "as_of": answer.as_of.isoformat(),
        "rows": [row.model_dump(mode="json") for row in answer.rows],
        "message": asdict(message),
    }


async def _print(core: Core, asker: Asker, message: Message) -> None:
    """The message: a data_table as a table, buttons as what they ask, the rest as its text."""
    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    for block in message.blocks:
        if block["type"] == "data_table":
            console.print(_table(block["rows"]))
        elif block["type"] == "actions":
            async for words in _questions(core, asker, block):
                print(f"  {words}")
        else:
            for text in _texts(block):
                console.print(
                    said_here(text, core.settings.execbot_command), markup=False, highlight=False
                )


def _table(rows: list[list[dict[str, Any]]]) -> Table:
    # No caption: it repeats the message's first line.
    table = Table()
    header, *body = rows
    for cell in header:
        name = cell["text"]
        table.add_column(
            escape(name),
            no_wrap=name not in MAY_FOLD,
            justify="right" if name == "Score" else "left",
        )
    for row in body:
        table.add_row(*(escape(cell["text"]) for cell in row))
    return table


async def _questions(core: Core, asker: Asker, block: dict[str, Any]) -> AsyncIterator[str]:
    """The commands behind the buttons that run one."""
    for button in block["elements"]:
        if button["action_id"].startswith("query.run"):
            command = await core.stored.find(
                button["value"], team_id=asker.team_id, user_id=asker.user_id
            )
            if command is not None:
                yield command.words


def _texts(block: dict[str, Any]) -> list[str]:
    whole = [block["text"]] if "text" in block else []
    lines = [_plain(part) for part in (*whole, *block.get("elements", ()))]
    # A field is its name and, below, its value.
    return [*lines, *(_plain(field).replace("\n", "  ") for field in block.get("fields", ()))]


def _plain(part: dict[str, Any]) -> str:
    """The words of a text object without Slack's marks."""
    text: str = part["text"]
    text = re.sub("[*`ˋ]", "", text)
    for mark, plain in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(mark, plain)
    for name, medal in (("first", "🥇"), ("second", "🥈"), ("third", "🥉")):
        text = text.replace(f":{name}_place_medal:", medal)
    return text


def said_here(text: str, command: str) -> str:
    """What a message says to type in Slack, as it is typed here."""
    topics = "|".join(topic.key for topic in help_topics())
    text = re.sub(rf"{re.escape(command)} (help(?: (?:{topics})\b)?)", r'ask "\1"', text)
    text = text.replace(f"{command} explain", "--explain")
    return text.replace(f"{command} ", "")


def trouble(error: BotError, settings: Settings, zone: ZoneInfo) -> str:
    """What went wrong and, line by line below it, ways on."""
    if isinstance(error, Rejected):
        return f"Exec didn't accept this question ({error}). Try it in other words."
    sentence = sentence_for(error, now=utc_now(), zone=zone).plain()
    lines = [said_here(sentence, settings.execbot_command)]
    if isinstance(error, Broken):
        lines.append("If it goes on, `doctor` says what does not work.")
    for way in error.suggestions if isinstance(error, UserError) else ():
        label = f"   ({way.label})" if isinstance(error, Ambiguous) else ""
        lines.append(f"  {way.words}{label}")
    return "\n".join(lines)
