"""The parts of the documents that come from the code. `python -m tests.readme` writes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from pydantic_core import PydanticUndefined

from bot.app import described
from bot.config import Settings
from bot.features.help import COMMANDS, help_topics
from bot.language.locale import Locale, spelt, written_for
from bot.manifest import OPTIONAL, SCOPES

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
DOCS = ROOT / "docs"


def language() -> str:
    """The words of a question, in American English; the commands have pages of their own."""
    parts = []
    for topic in help_topics(described().each()):
        if topic.key == COMMANDS:
            continue
        rows = [
            f"| {' · '.join(f'`{_cell(form)}`' for form in line.forms)} | {_cell(line.help)} |"
            for line in topic.lines
        ]
        parts.append(f"### {topic.title}\n\n| you type | it means |\n|---|---|\n" + "\n".join(rows))
    with written_for(Locale.US):
        return spelt("\n\n".join(parts))


def settings() -> str:
    """Every environment variable with its default."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "" if default in (None, (), PydanticUndefined) else f"`{default}`"
        rows.append(f"| `{name.upper()}` | {shown} | {field.description} |")
    return "| variable | default | meaning |\n|---|---|---|\n" + "\n".join(rows)


def scopes() -> str:
    """The scopes and the events the app asks for, and why."""
    optional = {scope: " (optional)" if scope in OPTIONAL else "" for scope in SCOPES}
    rows = [f"| `{scope}`{optional[scope]} | {why} |" for scope, why in SCOPES.items()]
    heard = described().events.items()
    told = [f"| `{name}` | {'; '.join(one.why for one in each)} |" for name, each in heard]
    return "\n".join(
        (
            "| scope | needed for |\n|---|---|",
            *rows,
            "\n| event | what the bot does then |\n|---|---|",
            *told,
        )
    )


# Each page with the part of it that is generated, between `<!-- name -->` and `<!-- end -->`.
PARTS: dict[Path, Callable[[], str]] = {
    DOCS / "ask.md": language,
    DOCS / "settings.md": settings,
    DOCS / "who-sees-what.md": scopes,
}


def filled(text: str, make: Callable[[], str]) -> str:
    """A page with its part as it should be. Raises ValueError unless there is one place for it."""
    pattern = re.compile(rf"(<!-- {make.__name__} -->\n).*?(<!-- end -->)", re.DOTALL)
    part = make()
    text, found = pattern.subn(lambda m: f"{m[1]}{part}\n{m[2]}", text)
    if found != 1:
        raise ValueError(f"{found} places for {make.__name__}")
    return text


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    for page, make in PARTS.items():
        page.write_text(filled(page.read_text(encoding="utf-8"), make), encoding="utf-8")
