"""The templates as files: what may stand in them, and what happens if one is broken."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

import pytest
from jinja2.exceptions import TemplateError, UndefinedError

from bot.rendering.markup import MarkupError
from bot.rendering.messages import Messages
from bot.rendering.templates import TemplateProblem, our_folder
from bot.rendering.views import LookingView
from bot.reports.table import REPORTS
from tests.rendering import samples
from tests.rendering.checker import assert_fits
from tests.rendering.examples import kinds

HM = "<message><section>Hm…</section></message>"
LOOKING = LookingView()


def override(folder, text, name="looking"):
    (folder / f"{name}.xml.j2").write_text(text, encoding="utf-8")
    return Messages(folder)


def ours(name):
    return (our_folder() / f"{name}.xml.j2").read_text(encoding="utf-8")


def test_all_our_templates_compile():
    Messages(our_folder())


def test_every_view_has_a_template_and_every_template_an_example():
    names = {path.name.removesuffix(".xml.j2") for path in our_folder().glob("*.j2")}
    messages = {name for name in names if not name.startswith("_")}
    drawn = {kind.template for kind in kinds()}
    # A coach's message with nothing to say is a file that the other one includes; an answer is
    # told by the template of its report.
    asked = {report.name for report in REPORTS if report.asked}
    assert messages == drawn | asked | {"coach_quiet"}


def test_an_override_goes_before_ours_and_the_others_stay(tmp_path):
    messages = override(tmp_path, HM)
    assert messages.draw(LOOKING).text == "Hm…"
    assert messages.draw(samples.notice()).text.startswith("Linked")


def test_a_piece_can_be_overridden_alone(tmp_path):
    changed = ours("sessions").replace("No sessions", "Nobody practiced")
    messages = override(tmp_path, changed, "sessions")
    assert messages.draw(samples.answer(0)).text.startswith("Nobody practiced: ")


def test_values_in_an_override_are_escaped_without_its_doing(tmp_path):
    text = "<message><section><b>{{ view.reference }}</b></section></message>"
    messages = override(tmp_path, text, "problem")
    message = messages.draw(replace(samples.problem(), reference='<!channel> "*x*'))
    assert_fits(message)
    assert message.text == '&lt;!channel&gt; "∗x∗'
    assert message.blocks[0]["text"]["text"] == '*&lt;!channel&gt; "∗x∗*'


def in_message(inside):
    return f"<message>\n<section>\n{inside}\n</section>\n</message>"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (in_message("{{ 1 + 2 }}"), "line 3: a template computes nothing, so no +"),
        (in_message("\n{{ view.zone ~ view.zone }}"), "line 4: a template computes nothing"),
        ("{% autoescape false %}{% endautoescape %}", "line 1: escaping cannot be switched off"),
        (in_message("{{ view.zone | safe }}"), "line 3: No filter named 'safe'"),
        (in_message("{% if %}"), "line 3: Expected an expression"),
        ("\udcff", "not UTF-8"),
    ],
)
def test_an_override_that_does_not_compile_is_refused_with_its_line(tmp_path, text, says):
    file = tmp_path / "looking.xml.j2"
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(TemplateProblem, match=rf"^looking\.xml\.j2.*{re.escape(says)}"):
        Messages(tmp_path)


@pytest.mark.parametrize(
    ("text", "error", "reason"),
    [
        (in_message("{{ view.nothing }}"), UndefinedError, "has no attribute 'nothing'"),
        (in_message("{{ view is none }}"), TypeError, "cannot print bool"),
        (in_message("{{ view.__class__.__mro__ }}"), TemplateError, "unsafe"),
        ('{% import "gone.xml.j2" as g %}', TemplateError, "gone.xml.j2"),
        ('<modal name="m" private="p" title="t" submit="s" close="c"><divider/></modal>',
         MarkupError, "everything has to stand in one <message>"),
    ],
)  # fmt: skip
def test_an_override_that_fails_while_rendering_is_an_error(tmp_path, text, error, reason):
    messages = override(tmp_path, text)
    with pytest.raises(error, match=re.escape(reason)):
        messages.draw(LOOKING)


def test_markup_that_is_not_valid_is_logged_with_its_file(tmp_path, caplog):
    messages = override(tmp_path, "<message><section>{{ view.reference }}</message>", "problem")
    with caplog.at_level(logging.WARNING), pytest.raises(MarkupError):
        messages.draw(replace(samples.problem(), reference="secret"))
    (logged,) = caplog.messages
    assert logged == "problem.xml.j2: mismatched tag: <section> is open here"
