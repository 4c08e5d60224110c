"""Template files: ours, and an operator's that replace them."""

from __future__ import annotations

import ast
import logging
import re
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import ParseError

import pytest
from jinja2.exceptions import UndefinedError
from jinja2.meta import find_undeclared_variables
from jinja2.nodes import Assign, Name

import bot
from bot.messages.jinja import SUFFIX, load_templates, our_folder
from bot.messages.render import Messages, draft, notice
from bot.settings import SettingsProblem


def override(folder: Path, text: str) -> Messages:
    """Messages whose "Looking…" is replaced."""
    (folder / f"looking{SUFFIX}").write_text(text, encoding="utf-8")
    return Messages(folder)


@cache
def reads(template: str) -> set[str]:
    """The values that a template reads."""
    text = (our_folder() / f"{template}{SUFFIX}").read_text(encoding="utf-8")
    tree = load_templates().parse(text)
    # Jinja considers a variable that is set conditionally undeclared.
    own = {
        name.name
        for node in tree.find_all(Assign)
        for name in ([node.target] if isinstance(node.target, Name) else node.target.find_all(Name))
    }
    return find_undeclared_variables(tree) - own - {"command"}


def test_every_draft_gives_exactly_what_its_template_reads() -> None:
    """As a type checker would check the fields of a class. Values after `**` aren't known."""
    paths = Path(bot.__file__).parent.rglob("*.py")
    texts = {path: text for path in paths if "draft(" in (text := path.read_text("utf-8"))}
    for path, text in texts.items():
        for call in ast.walk(ast.parse(text)):
            match call:
                case ast.Call(ast.Name("draft"), [ast.Constant(str(template))], keywords):
                    given = {keyword.arg for keyword in keywords if keyword.arg is not None}
                    is_part = len(given) < len(keywords)
                    read = reads(template)
                    assert given <= read if is_part else given == read, f"{path}: {template}"


def test_a_template_replaces_ours_and_the_others_stay(tmp_path: Path) -> None:
    messages = override(tmp_path, "<message><section>Hm…</section></message>")
    assert messages.message(draft("looking")).text == "Hm…"
    assert messages.message(notice("Linked to *{near}*.", near="Jo")).text == "Linked to Jo."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<message>\n<section>\n{% if %}\n", "looking.xml.j2, line 3: "),
        ("<message>\n{{ zone | nothing }}", "looking.xml.j2, line 2: No filter named"),
        ("\udcff", "looking.xml.j2: not UTF-8"),
    ],
)
def test_a_template_that_does_not_compile_is_named_with_its_line(
    tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "looking.xml.j2"
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(SettingsProblem, match=re.escape(says)):
        Messages(tmp_path)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("<message><section>{{ nothing }}</section></message>", UndefinedError),
        ("<message><section>{{ command is none }}</section></message>", TypeError),
        ("<message><section>{{ command }}</message>", ParseError),
        ("<message><h1>x</h1></message>", ValueError),
        ("<message><section><u>x</u></section></message>", ValueError),
    ],
)
def test_a_template_that_fails_is_an_error_that_names_it(
    tmp_path: Path, text: str, error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    messages = override(tmp_path, text)
    with caplog.at_level(logging.ERROR), pytest.raises(error):
        messages.message(draft("looking"))
    assert "looking.xml.j2" in caplog.text or error in (UndefinedError, TypeError)
