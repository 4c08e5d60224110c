"""Example messages as Slack gets them, a file for each template. `python -m tests.golden` writes
them.

A file holds up to three variants: a heading, the `text` of a message or the head of a view, and a
line for each block and each row of a table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bot.language.locale import Locale, written_for
from bot.messages.blocks import Message
from tests.golden.drawings import drawn, everything
from tests.golden.examples import examples
from tests.golden.report_samples import company

FOLDER = Path(__file__).parent


def documents() -> dict[str, dict[str, object]]:
    """The variants of every message, dialog and Home tab, by template and name."""
    found: dict[str, dict[str, object]] = {}
    for name, view in everything(company()).items():
        found.setdefault(_template(view), {})[name] = view
    sampled = set(found)
    for view in examples():
        if (template := _template(view)) not in sampled:
            variants = found.setdefault(template, {})
            variants[f"{template}-{len(variants) + 1}"] = view
    return found


def written(variants: dict[str, object]) -> str:
    """The file of a template, as British readers get it."""
    with written_for(Locale.UK):
        return "\n".join(line for name, view in variants.items() for line in _lines(name, view))


def write() -> None:
    """Write the file of every template, and remove all others."""
    for path in FOLDER.glob("*.txt"):
        path.unlink()
    for template, variants in documents().items():
        (FOLDER / f"{template}.txt").write_text(written(variants), encoding="utf-8")


def _template(view: object) -> str:
    """The template of a view; that of its report for an answer."""
    return view.report if view.template == "answer" else view.template


def _lines(name: str, view: object) -> Iterator[str]:
    made = drawn(view)
    yield f"# {name}"
    if isinstance(made, Message):
        yield _json({"text": made.text})
        blocks = made.blocks
    else:
        blocks = made.pop("blocks")
        yield _json(made)
    for block in blocks:
        rows = block.get("rows", ())
        yield _json({key: part for key, part in block.items() if key != "rows"})
        yield from (f"  {_json(row)}" for row in rows)
    yield ""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
