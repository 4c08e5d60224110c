"""The same answers in a terminal: `python -m bot ask`."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from pydantic_core import to_jsonable_python
from rich.console import Console

from bot import access
from bot.access import Asker
from bot.answer import Request
from bot.app import Core
from bot.clock import utc_now
from bot.config import Settings
from bot.errors import Ambiguous, BotError, Broken, NotAllowed, Rejected, UserError
from bot.features.help import TOPICS
from bot.language.dates import zone_name
from bot.language.query import ResolvedQuery
from bot.language.words import narrowed_here, parameters
from bot.people.audit import Door
from bot.rendering.markup import Element, with_text
from bot.rendering.numbers import count
from bot.rendering.tables import next_row
from bot.rendering.terminal import printed
from bot.rendering.views import AnswerView, Message
from bot.reports.report import Amount, AnyReport, Cell, Part
from bot.reports.sessions import SessionList
from bot.reports.table import BY_WORD
from bot.reports.table import report as report_called
from bot.slack.problems import sentence_for
from bot.storage.handles import StoredCommand

# A pipe has no width. Wide enough that no row is folded, so that grep finds whole rows.
PIPE_WIDTH = 240
IN_SLACK_ONLY = {
    "link": "`link` joins Slack accounts to people in Exec, so it works in Slack only.",
    "unlink": "`unlink` is about Slack accounts, so it works in Slack only.",
    "coach": "`coach` sends messages in Slack, so it works there only.",
    "alert": "`alert` tells people in Slack, so it works there only.",
    "digest": "`digest` posts in Slack's channels, so it works there only.",
    "me": "`me` is about your own Slack account, so it works in Slack only.",
}


async def ask(
    core: Core,
    email: str,
    text: str,
    *,
    zone: ZoneInfo,
    as_json: bool = False,
    as_csv: bool = False,
) -> None:
    """Print the answer to `text` ("sessions last 7d gold") as `email` would see it.

    Raises UserError, ExecError, StorageError.
    """
    asker = await _asker(core, email, zone)
    request = Request(asker, door=Door.TERMINAL)
    first, *rest = text.split(maxsplit=1) or [""]
    question = "".join(rest)
    known = core.features.commands.get(first.casefold())
    if known is not None and known.name in IN_SLACK_ONLY:
        raise UserError(IN_SLACK_ONLY[known.name])
    report = BY_WORD.get(first.casefold())
    if known is None:
        meant = await core.plain.interpret(asker, text)
        if meant.report in IN_SLACK_ONLY:
            raise UserError(IN_SLACK_ONLY[meant.report])
        report, question = BY_WORD.get(meant.report), meant.words
        as_csv = as_csv or meant.export
    if report is None or not report.asked:
        if as_json or as_csv:
            raise UserError("--json and --csv are for questions, such as `sessions`.")
        await _print(core, asker, core.messages.draw(await core.answers.ask(request, text)))
        return

    async def ask(report: AnyReport, words: str) -> None:
        if as_csv:
            await _export(core, request, report, words)
        else:
            await _answer(core, request, report, words, as_json=as_json)

    await core.plain.as_typed_or_meant(asker, question, report, ask)


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


async def _answer(
    core: Core, request: Request, report: AnyReport, question: str, *, as_json: bool
) -> None:
    answer = await core.answerer.answer(request, report, question)
    if answer.cost is not None and not answer.is_told:
        raise UserError(
            f"Reading this takes about {answer.cost.requests} of the {answer.cost.left} requests "
            "left today. Ask about less, or let `sync --since` read what is missing."
        )
    # Its buttons are not here to be pressed.
    message = core.messages.draw(replace(answer, cost=None))
    query = (await core.answerer.recall(request.asker, answer.id)).query
    if as_json:
        made = _answered(f"{report.name} {question}".strip(), query, answer, message)
        print(json.dumps(made, ensure_ascii=False, indent=2))
        return
    await _print(core, request.asker, message)
    # A terminal has no zone of its own, as a Slack profile has.
    print(f"Times in {zone_name(str(request.asker.zone))}")
    if answer.cost is not None:
        print(
            f"Reading further back takes about {answer.cost.requests} of the {answer.cost.left} "
            "requests left today: `sync --since` does it."
        )
    if next_row(answer) is not None:
        print(f"For the rows after these, ask for page {query.page + 1}.")


async def _export(core: Core, request: Request, report: AnyReport, question: str) -> None:
    """The file goes to standard output, what is said of it beside that."""

    async def tell(rows: int) -> None:
        print(f"Writing {count(rows, 'row')}…", file=sys.stderr)

    made = await core.exports.of_words(request, report, question, tell)
    sys.stdout.buffer.write(made.content)
    sys.stdout.flush()
    print(core.messages.draw(made.view).text, file=sys.stderr)


def _answered(
    text: str, query: ResolvedQuery, answer: AnswerView, message: Message
) -> dict[str, Any]:
    return {
        "query": text,
        "understood": list(answer.understood),
        "filters": dict(parameters(query, now=answer.as_of)),
        "narrowed_here": list(narrowed_here(query)),
        **_found(answer),
        "as_of": answer.as_of.isoformat(),
        "message": {"text": message.text, "blocks": message.blocks},
    }


def _found(answer: AnswerView) -> dict[str, Any]:
    """The figures of a report: sessions as Exec has them, else the cells of its table."""
    found = answer.found
    if isinstance(found, SessionList):
        return {
            "count": found.total,
            "rows": to_jsonable_python(found.rows),
        }
    table = report_called(answer.report).rows(found, answer.limit)
    labels = [column.label for column in table.columns]
    rows = [to_jsonable_python([_plain(cell) for cell in row]) for row in table.rows]
    return {"count": len(rows), "rows": [dict(zip(labels, row, strict=True)) for row in rows]}


def _plain(cell: Cell) -> Cell | date:
    """A cell as a program reads it."""
    if isinstance(cell, Amount):
        return cell.value
    return cell.first if isinstance(cell, Part) else cell


async def _print(core: Core, asker: Asker, message: Message) -> None:
    document = message.document
    if document is None:
        print(message.text)
        return
    command = core.settings.execbot_command
    here = with_text(document, lambda words: said_here(words, command))
    commands = await _commands(core, asker, document)
    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    for part in printed(here, commands):
        console.print(part, highlight=False)


async def _commands(core: Core, asker: Asker, document: Element) -> dict[str, str]:
    """What to type in place of a button that runs a command, by the value of the button."""
    found: dict[str, str] = {}
    rows = [part for part in document.children if part.tag == "actions"]
    pressed = [each for row in rows for each in row.children]
    for button in pressed:
        if button.tag == "button" and button["action"].startswith("query.run"):
            owner = {"team_id": asker.team_id, "user_id": asker.user_id}
            if (
                stored := await core.handles.find(button["value"], StoredCommand, **owner)
            ) is not None:
                found[button["value"]] = stored.handle.words
    return found


def said_here(text: str, command: str) -> str:
    """What a message says to type in Slack, as it is typed here."""
    if command not in text:
        return text
    topics = "|".join(TOPICS)
    text = re.sub(rf"{re.escape(command)} (help(?: (?:{topics})\b)?)", r'ask "\1"', text)
    return text.replace(f"{command} ", "")


def trouble(error: BotError, settings: Settings, zone: ZoneInfo) -> str:
    """What went wrong and, line by line below it, ways on."""
    if isinstance(error, Rejected):
        return f"Exec didn't accept this question ({error}). Try it in other words."
    sentence = sentence_for(error, now=utc_now(), zone=zone)
    command = settings.execbot_command
    lines = [said_here(sentence.plain(command), command)]
    if isinstance(error, Broken):
        lines.append("If it goes on, `doctor` says what does not work.")
    for way in error.suggestions if isinstance(error, UserError) else ():
        label = f"   ({way.label})" if isinstance(error, Ambiguous) else ""
        lines.append(f"  {way.words}{label}")
    return "\n".join(lines)
