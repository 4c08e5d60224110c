"""Example messages as Slack gets them, one file each. `python -m tests.golden` writes them anew.

A file holds `text`, a line for each sentence, and the blocks of a message; or the view of a dialog
or of the Home tab; or of several variants of a message the `text` alone.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from bot.language.locale import Locale, written_for
from bot.rendering.blocks import in_plain_blocks
from bot.rendering.examples import examples
from bot.rendering.views import AnswerView, Message
from bot.reports.table import SESSIONS
from tests.golden.variants import variants
from tests.rendering import samples
from tests.rendering.drawings import drawn, everything
from tests.rendering.report_samples import company

FOLDER = Path(__file__).parent
_WIDTH = 160
_SENTENCES = re.compile(r"(?<=[.!?]) ")


def documents() -> dict[str, object]:
    """Every example message, dialog and Home tab by its name."""
    views = everything(company())
    # Nobody reads a hundred rows in a diff.
    for name in ("answer-150", "shared-150", "posted-many"):
        del views[name]
    views["answer-page"] = replace(samples.answer(104), start=100)
    kinds = {type(view) for view in views.values()}
    for view in examples():
        if isinstance(view, AnswerView) and view.report != SESSIONS.name:
            _add(views, f"report-{view.report}", view)
        elif type(view) not in kinds:
            _add(views, view.template.replace("_", "-"), view)
    return {**views, **variants()}


def written(view: object) -> str:
    """The file of a document or of its variants, as the British read it."""
    with written_for(Locale.UK):
        if isinstance(view, dict):
            said = {name: _SENTENCES.split(drawn(each).text) for name, each in view.items()}
            return f"{pretty(said)}\n"
        made = drawn(view)
    if not isinstance(made, Message):
        return f"{pretty(made)}\n"
    parts = {"text": _SENTENCES.split(made.text), "blocks": made.blocks}
    plain = in_plain_blocks(made).blocks
    if plain != made.blocks:
        parts["plain_blocks"] = plain
    return f"{pretty(parts)}\n"


def write() -> None:
    """Write the file of every document, and remove those of others."""
    views = documents()
    for path in FOLDER.glob("*.json"):
        if path.stem not in views:
            path.unlink()
    for name, view in views.items():
        (FOLDER / f"{name}.json").write_text(written(view), encoding="utf-8")


def pretty(value: object, indent: str = "") -> str:
    """JSON of which each part stands on one line where it has room there."""
    line = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(line) <= _WIDTH or not isinstance(value, dict | list):
        return line
    inner = f"{indent}  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {pretty(part, inner)}" for key, part in value.items()]
    else:
        parts = [pretty(part, inner) for part in value]
    start, end = "{}" if isinstance(value, dict) else "[]"
    return f"{start}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{end}"


def _add(views: dict[str, object], name: str, view: object) -> None:
    """Add a view under a name that is not taken yet."""
    number = sum(taken.rpartition("-")[0] == name for taken in views) + 1
    views[f"{name}-{number}"] = view
