"""The parts of the README that come from the code. `python -m tests.readme` writes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from pydantic_core import PydanticUndefined

from bot.commands.table import help_topics
from bot.config import Settings
from bot.manifest import SCOPES

README = Path(__file__).parent.parent / "README.md"


def language() -> str:
    """What people can ask: the filter table and the table of subcommands."""
    parts = []
    for topic in help_topics():
        rows = [
            f"| {' · '.join(f'`{_cell(form)}`' for form in line.forms)} | {_cell(line.help)} |"
            for line in topic.lines
        ]
        parts.append(f"**{topic.title}**\n\n| you type | it means |\n|---|---|\n" + "\n".join(rows))
    return "\n\n".join(parts)


def settings() -> str:
    """Every environment variable with its default."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "" if default in (None, (), PydanticUndefined) else f"`{default}`"
        rows.append(f"| `{name.upper()}` | {shown} | {field.description} |")
    return "| variable | default | meaning |\n|---|---|---|\n" + "\n".join(rows)


def scopes() -> str:
    """The scopes the app asks for, and why."""
    rows = [f"| `{scope}` | {why} |" for scope, why in SCOPES.items()]
    return "| scope | needed for |\n|---|---|\n" + "\n".join(rows)


PARTS: dict[str, Callable[[], str]] = {
    "language": language,
    "settings": settings,
    "scopes": scopes,
}


def filled(text: str) -> str:
    """The README with its generated parts as they should be."""
    for name, make in PARTS.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        part = make()
        text, found = pattern.subn(lambda m, p=part: f"{m[1]}{p}\n{m[2]}", text)
        if found != 1:
            raise ValueError(f"the README has {found} places for {name}")
    return text


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
