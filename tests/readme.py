"""The generated parts of the docs. `python -m tests.readme` writes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from bot.cli.manifest import OPTIONAL, SCOPES
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
DOCS = ROOT / "docs"


def settings() -> str:
    """Every environment variable, with its default if it has one."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, ()) else f"={field.default}"
        rows.append(f"| `{name.upper()}{default}` | {field.description} |")
    return "| variable and default | meaning |\n|---|---|\n" + "\n".join(rows)


def scopes() -> str:
    """The scopes that the app asks for, and why."""
    rows = []
    for why in dict.fromkeys(SCOPES.values()):
        names = [scope for scope in SCOPES if SCOPES[scope] == why]
        optional = " (optional)" if OPTIONAL.issuperset(names) else ""
        rows.append(f"| {', '.join(f'`{name}`' for name in names)}{optional} | {why} |")
    return "| scope | needed for |\n|---|---|\n" + "\n".join(rows)


# Each page with the part of it that is generated, between `<!-- name -->` and `<!-- end -->`.
PARTS: dict[Path, Callable[[], str]] = {
    DOCS / "settings.md": settings,
    DOCS / "who-sees-what.md": scopes,
}


def filled(text: str, make: Callable[[], str]) -> str:
    """A page with its generated part. Raises ValueError unless the page has one place for it."""
    pattern = re.compile(rf"(<!-- {make.__name__} -->\n).*?(<!-- end -->)", re.DOTALL)
    part = make()
    text, count = pattern.subn(lambda m: f"{m[1]}{part}\n{m[2]}", text)
    if count != 1:
        raise ValueError(f"{count} places for {make.__name__}")
    return text


if __name__ == "__main__":
    for page, make in PARTS.items():
        page.write_text(filled(page.read_text(encoding="utf-8"), make), encoding="utf-8")
