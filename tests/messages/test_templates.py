"""Templates as files: ours, and those that an operator puts in front of them."""

from __future__ import annotations

import logging
from pathlib import Path
from xml.etree.ElementTree import ParseError

import pytest
from jinja2.exceptions import UndefinedError

from bot.messages.jinja import TemplateProblem, our_folder
from bot.messages.render import Messages
from bot.rendering.views import LookingView
from bot.reports.table import REPORTS
from tests.golden import documents, samples
from tests.golden.drawings import about, assert_taken
from tests.golden.examples import examples, kinds
from tests.golden.report_samples import company


def override(folder: Path, text: str, name: str = "looking") -> Messages:
    (folder / f"{name}.xml.j2").write_text(text, encoding="utf-8")
    return Messages(folder)


def test_every_view_has_a_template_and_every_template_a_view() -> None:
    names = {path.name.removesuffix(".xml.j2") for path in our_folder().glob("*.j2")}
    # A coach's quiet week is a file that the coach's message includes.
    used = {kind.template for kind in kinds()} | {"coach_quiet"}
    used |= {report.name for report in REPORTS if report.asked}
    assert {name for name in names if not name.startswith("_")} == used


@pytest.mark.parametrize("template", documents())
def test_slack_takes_every_message(template: str) -> None:
    for name, view in documents()[template].items():
        assert_taken(name, view)


def test_slack_takes_every_example() -> None:
    for view in examples():
        assert_taken(type(view).__name__, view)


def test_hostile_names_stay_text_in_every_message() -> None:
    for size in (0, 1, 7):
        for name, view in about(company(size, hostile=size == 7)).items():
            assert_taken(name, view)


@pytest.mark.parametrize(("count", "shown"), [(1, 1), (25, 25), (26, 25), (10_000, 25)])
def test_an_answer_shows_25_rows(count: int, shown: int) -> None:
    view = samples.answer(count)
    assert_taken("answer", view)
    message = Messages().message(view)
    (table,) = (each for each in message.blocks if each["type"] == "data_table")
    assert len(table["rows"]) == 1 + shown
    assert ("Rows 1–25 of" in message.text) is (count > 25)


def test_a_template_replaces_ours_and_the_others_stay(tmp_path: Path) -> None:
    messages = override(tmp_path, "<message><section>Hm…</section></message>")
    assert messages.message(LookingView()).text == "Hm…"
    assert messages.message(samples.notice()).text.startswith("Linked")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<message>\n<section>\n{% if %}\n", "looking.xml.j2, line 3: "),
        ("<message>\n{{ view.zone | nothing }}", "looking.xml.j2, line 2: No filter named"),
        ("\udcff", "looking.xml.j2: not UTF-8"),
    ],
)
def test_a_template_that_does_not_compile_is_named_with_its_line(
    tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "looking.xml.j2"
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(TemplateProblem) as problem:
        Messages(tmp_path)
    assert str(problem.value).startswith(says)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("<message><section>{{ view.nothing }}</section></message>", UndefinedError),
        ("<message><section>{{ view is none }}</section></message>", TypeError),
        ("<message><section>{{ command }}</message>", ParseError),
        ("<message><h1>x</h1></message>", ValueError),
    ],
)
def test_a_template_that_fails_is_an_error_that_names_it(
    tmp_path: Path, text: str, error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    messages = override(tmp_path, text)
    with caplog.at_level(logging.ERROR), pytest.raises(error):
        messages.message(LookingView())
    assert "looking.xml.j2" in caplog.text or error in (UndefinedError, TypeError)
