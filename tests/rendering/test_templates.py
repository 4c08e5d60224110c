"""The templates as files: what may stand in them, and what happens when one is broken."""

from __future__ import annotations

import logging
import os
import re
from collections import Counter
from dataclasses import replace

import pytest
from jinja2 import DictLoader

from bot.errors import BotError
from bot.rendering import templates
from bot.rendering.check import check
from bot.rendering.document import Document
from bot.rendering.examples import examples, kinds
from bot.rendering.jinja import environment
from bot.rendering.messages import Messages
from bot.rendering.templates import TemplateProblem, Templates, our_folder
from bot.reports.table import REPORTS
from tests.rendering import samples
from tests.rendering.checker import assert_fits, table_rows

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


def test_no_line_of_a_template_is_longer_than_120_characters():
    for path in our_folder().glob("*.j2"):
        assert max(map(len, path.read_text(encoding="utf-8").splitlines())) <= 120, path.name


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
    changed = ours("sessions").replace("No sessions", "Nobody practised")
    messages = override(tmp_path, changed, "sessions")
    assert messages.draw(samples.answer(0)).text.startswith("Nobody practised: ")
    assert check(tmp_path) == []


@pytest.mark.parametrize(
    ("report", "row"),
    [
        ("sessions", "<td>{{ row.when }}</td><td>{{ row.scenario }}</td>"),
        ("scenarios", "{% for cell in row %}<td>{{ cell.text }}</td>{% endfor %}"),
    ],
)
def test_the_rows_that_come_ready_may_be_written_instead(tmp_path, report, row):
    view = next(each for each in examples() if getattr(each, "report", "") == report)
    ready = table_rows(Messages().draw(view))
    columns = row.count("<td>") if report == "sessions" else len(ready[0])
    head = "".join(f"<th>{label}</th>" for label in ready[0][:columns])
    rows = f"{{% for row in rows %}}<tr>{row}</tr>{{% endfor %}}"
    table = f"<table caption='c'><tr>{head}</tr>{rows}</table>"
    changed = f"{ours(report)}{{% macro table() %}}{table}{{% endmacro %}}"
    assert table_rows(override(tmp_path, changed, report).draw(view)) == [
        line[:columns] for line in ready
    ]


ROWS_OF_SESSIONS = """{% for row in rows %}<tr>
  <td>{{ row.when }}</td>
  <td>{{ row.who }}</td>
  <td value="{{ row.value | exact }}">{{ row.score }}</td>
  <td>{{ row.scenario }}</td>
  <td>
    {% if row.valid %}{{ row.rank or "–" }}
    {% elif row.rank %}{{ row.rank }} (incomplete)
    {% else %}Incomplete{% endif %}
  </td>
  <td>{{ row.length }}</td>
  {% if opens %}{{ p.opening(opens[loop.index0], loop.index0) }}{% endif %}
</tr>{% endfor %}"""


@pytest.mark.parametrize("level", range(4))
def test_rows_that_are_written_can_be_what_comes_ready(tmp_path, level):
    changed = ours("sessions").replace("<tbody/>", ROWS_OF_SESSIONS)
    view = samples.answer(7)
    assert override(tmp_path, changed, "sessions").draw(view, level) == Messages().draw(view, level)


def test_rows_that_come_ready_fit_their_head_or_are_refused(tmp_path):
    changed = ours("sessions").replace("<th>Rank</th>", "")
    override(tmp_path, changed, "sessions")
    for problem in check(tmp_path):
        assert re.search(r"this row has \d cells, the first \d", problem.reason)
        assert "<tbody/>" in changed.splitlines()[problem.line - 1]
    assert check(tmp_path)


def test_an_edited_template_is_seen_at_once(tmp_path):
    messages = override(tmp_path, HM)
    messages.draw(LOOKING)
    path = tmp_path / "looking.xml.j2"
    path.write_text(HM.replace("Hm…", "Moment…"), encoding="utf-8")
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000_000))
    assert messages.draw(LOOKING).text == "Moment…"


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
        ("<message>\n<section>x</section>\n<sektion/>\n</message>", 3, "did you mean <section>"),
        ("<message>\n<section/>\n</message>", 3, "<message> is empty"),
        ('{"text": "x", "blocks": []}', 1, "not well-formed"),
        (MODAL, None, "has to stand in one <message>"),
        ('{% import "gone.xml.j2" as g %}', None, "no such template"),
    ],
)
def test_a_broken_override_is_named_logged_once_and_replaced(tmp_path, caplog, text, line, reason):
    messages = override(tmp_path, text)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert messages.draw(LOOKING).text == "Looking…"
    assert len(caplog.records) == 1
    with pytest.raises(TemplateProblem) as found:
        Messages(tmp_path, strict=True).draw(LOOKING)
    problem = found.value
    assert isinstance(problem, BotError)
    assert reason in problem.reason
    assert problem.line == line
    told = problem.where if problem.quotes else str(problem)
    assert caplog.records[0].getMessage().endswith(told)
    if "gone" not in text:
        assert problem.file == "looking.xml.j2"


def test_a_value_of_an_error_is_not_logged(tmp_path, caplog):
    messages = override(tmp_path, in_message("{{ {}[view.zone] }}"))
    with caplog.at_level(logging.WARNING):
        for zone in ("Secret/One", "Secret/Two"):
            messages.draw(replace(LOOKING, zone=zone))
    assert len(caplog.records) == 1
    assert "Secret" not in caplog.text


def test_a_fault_in_a_piece_is_found_in_the_piece(tmp_path):
    broken = ours("sessions").replace("<th>Score</th>", "<th>Score<th>")
    override(tmp_path, broken, "sessions")
    (problem, *_) = check(tmp_path)
    assert problem.file == "sessions.xml.j2"
    assert "<th>Score<th>" in broken.splitlines()[problem.line - 1]


def test_files_that_nothing_uses_and_folders_that_are_not_there_are_named(tmp_path, caplog):
    override(tmp_path, "{}", "anwser")
    (tmp_path / "answer.json.j2").write_text("{}", encoding="utf-8")
    assert [str(problem) for problem in check(tmp_path)] == [
        "answer.json.j2: templates end in .xml.j2 now, and are written as docs/templates.md says",
        "anwser.xml.j2: no message is drawn from this file",
    ]
    assert "no such folder" in str(check(tmp_path / "none")[0])
    caplog.clear()
    Messages(tmp_path)
    assert "answer.json.j2" in caplog.text


def test_our_own_template_failing_is_an_error(monkeypatch):
    with pytest.raises(TemplateProblem, match=r"looking\.xml\.j2, line \d+: 'view' is undefined"):
        Templates().draw(Document, "looking", {})
    broken = environment(DictLoader({"looking.xml.j2": "<message/>"}), auto_reload=False)
    with pytest.raises(TemplateProblem, match=r"looking\.xml\.j2, line 1: <message> is empty"):
        templates.render(broken, Document, "looking", {})
