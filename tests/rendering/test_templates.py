"""The templates as files: what may stand in them, and what happens when one is broken."""

from __future__ import annotations

import logging
import re
from collections import Counter
from dataclasses import replace

import pytest
from jinja2 import DictLoader

from bot.rendering import templates
from bot.rendering.examples import kinds
from bot.rendering.jinja import template_environment
from bot.rendering.messages import Messages, check
from bot.rendering.templates import TemplateProblem, Templates, our_folder
from bot.reports.table import REPORTS
from tests.rendering import samples
from tests.rendering.checker import assert_fits

MODAL = '<modal name="m" private="p" title="t" submit="s" close="c"><divider/></modal>'
HM = "<message><section>Hm…</section></message>"
LOOKING, *_ = samples.progress()


def override(folder, text, name="looking"):
    (folder / f"{name}.xml.j2").write_text(text, encoding="utf-8")
    return Messages(folder)


def ours(name):
    return (our_folder() / f"{name}.xml.j2").read_text(encoding="utf-8")


def test_all_our_templates_are_sound():
    assert check() == []


def test_every_view_has_a_template_and_every_template_an_example():
    names = {path.name.removesuffix(".xml.j2") for path in our_folder().glob("*.j2")}
    messages = {name for name in names if not name.startswith("_")}
    drawn = {kind.template for kind in kinds()}
    # A coach's message with nothing to say is a file that the other one includes; an answer is
    # told by the template of its report.
    asked = {report.name for report in REPORTS if report.asked}
    assert messages == drawn | asked | {"coach_quiet"}


def test_a_fault_in_any_template_is_found_by_its_example(tmp_path):
    left = {path.name for path in our_folder().glob("[a-z]*.j2")}
    # One that others include is reached where those are sound.
    for folder in (tmp_path / "first", tmp_path / "second"):
        folder.mkdir()
        for name in left:
            (folder / name).write_text("<nothing/>", encoding="utf-8")
        left -= {problem.file for problem in check(folder)}
    assert left == set()


def test_no_sentence_is_written_twice():
    markup = "".join(path.read_text(encoding="utf-8") for path in our_folder().glob("*.j2"))
    said = re.sub(r"(?s)\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", "\n", markup)
    sentences = Counter(re.findall(r"(?m)^ *([A-Z]\S*(?: \S+){4,})", said))
    assert len(sentences) > 50
    assert [sentence for sentence, times in sentences.items() if times > 1] == []


def test_an_override_goes_before_ours_and_the_others_stay(tmp_path):
    messages = override(tmp_path, HM)
    assert messages.draw(LOOKING).text == "Hm…"
    assert messages.draw(samples.notice()).text.startswith("Linked")
    assert check(tmp_path) == []


def test_a_piece_can_be_overridden_alone(tmp_path):
    changed = ours("sessions").replace("No sessions", "Nobody practiced")
    messages = override(tmp_path, changed, "sessions")
    assert messages.draw(samples.answer(0)).text.startswith("Nobody practiced: ")
    assert check(tmp_path) == []


def test_values_in_an_override_are_escaped_without_its_doing(tmp_path):
    text = "<message><section><b>{{ view.reference }}</b></section></message>"
    messages = override(tmp_path, text, "problem")
    message = messages.draw(replace(samples.problem(), reference='<!channel> "*x*'))
    assert_fits(message)
    assert message.text == '&lt;!channel&gt; "∗x∗.'
    assert message.blocks[0]["text"]["text"] == '*&lt;!channel&gt; "∗x∗*'


def in_message(inside):
    return f"<message>\n<section>\n{inside}\n</section>\n</message>"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (in_message("{{ view.nothing }}"), 3, "has no attribute 'nothing'"),
        (in_message("{{ nothing | number }}"), 3, "'nothing' is undefined"),
        (in_message("{{ 1 + 2 }}"), 3, "a template computes nothing"),
        (in_message("\n{{ view.zone ~ view.zone }}"), 4, "a template computes nothing"),
        ("{% autoescape false %}{% endautoescape %}", 1, "escaping cannot be switched off"),
        (in_message("{{ view.zone | safe }}"), 3, "No filter named 'safe'"),
        (in_message("{{ view.slow }}"), 3, "cannot print bool"),
        (in_message("{{ lipsum.__globals__ }}"), 3, "'lipsum' is undefined"),
        (in_message("{{ view.__class__.__mro__ }}"), 3, "unsafe"),
        (in_message("{% if true %}\n<b>x\n{% endif %}"), 6, "mismatched tag"),
        (in_message("{% if %}"), 3, "Expected an expression"),
        (in_message("&nbsp;"), 3, "write the character itself"),
        ("<message>\n<section>x</section>\n<sektion/>\n</message>", 3, "there is no <sektion>"),
        ("<message>\n<section/>\n</message>", 3, "<message> is empty"),
        ('{"text": "x", "blocks": []}', 1, "not well-formed"),
        (MODAL, None, "has to stand in one <message>"),
        ('{% import "gone.xml.j2" as g %}', None, "no such template"),
    ],
)
def test_what_is_broken_in_an_override_is_named_with_its_line(tmp_path, text, line, reason):
    (tmp_path / "looking.xml.j2").write_text(text, encoding="utf-8")
    with pytest.raises(TemplateProblem) as caught:
        Messages(tmp_path, strict=True).draw(LOOKING)
    assert reason in caught.value.reason
    assert caught.value.line == line
    assert caught.value.file == "looking.xml.j2" or "gone" in text


def test_a_broken_override_is_named_at_the_start_and_replaced(tmp_path, caplog):
    with caplog.at_level(logging.WARNING):
        messages = override(tmp_path, in_message("{{ view.nothing }}"))
        (problem,) = check(tmp_path)
        for _ in range(3):
            assert messages.draw(LOOKING).text == "Looking…"
    started, *drawn = (record.getMessage() for record in caplog.records)
    assert started == f"a template cannot be used, so the built-in one is: {problem}"
    assert drawn == [f"a template failed, so the built-in one is used: {problem.where}"]


def test_a_value_of_an_error_is_not_logged(tmp_path, caplog):
    messages = override(tmp_path, in_message("{% if view.page %}{{ {}[view.zone] }}{% endif %}a"))
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        for zone in ("Secret/One", "Secret/Two"):
            messages.draw(replace(LOOKING, zone=zone, page=3))
    assert len(caplog.records) == 1
    assert "Secret" not in caplog.text


def test_our_own_template_failing_is_an_error(monkeypatch):
    with pytest.raises(TemplateProblem, match=r"looking\.xml\.j2, line \d+: 'view' is undefined"):
        Templates().draw("message", "looking", {})
    broken = template_environment(DictLoader({"looking.xml.j2": "<message/>"}))
    with pytest.raises(TemplateProblem, match=r"looking\.xml\.j2, line 1: <message> is empty"):
        templates.render(broken, "message", "looking", {})
