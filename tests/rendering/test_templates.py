"""The templates as files: what may stand in them, and what happens when one is broken."""

from __future__ import annotations

import logging
import os
from dataclasses import replace

import pytest

from bot.errors import BotError
from bot.rendering import samples
from bot.rendering.check import check
from bot.rendering.environment import Renderer, TemplateProblem, our_folder
from bot.rendering.messages import Messages
from tests.rendering.checker import assert_fits

PROGRESS = '{"text": "Hm…", "blocks": [{"type": "section", "text": %s}]}'
HM = '{"type": "mrkdwn", "text": "Hm…"}'


def override(folder, text, name="progress"):
    (folder / f"{name}.json.j2").write_text(text, encoding="utf-8")
    return Messages(Renderer(folder))


def test_all_our_templates_are_sound():
    assert check() == []


def test_a_view_of_each_kind_has_a_template():
    names = {path.name.removesuffix(".json.j2") for path in our_folder().glob("*.json.j2")}
    assert names == {
        "_coach",
        "_macros",
        "_nudge",
        "_reports",
        "_subscriptions",
        "answer",
        "coach",
        "coach_added",
        "coach_person",
        "coach_quiet",
        "coaches",
        "cost",
        "digest",
        "digest_counted",
        "digest_details",
        "digest_form",
        "digest_own",
        "explain",
        "form",
        "help",
        "me",
        "notice",
        "nudge",
        "nudge_preview",
        "problem",
        "progress",
        "share_confirm",
        "shared",
        "snooze",
        "status",
        "subscribed",
        "subscription_another",
        "subscription_remove",
        "subscription_removed",
        "subscription_trouble",
        "subscriptions",
    }


def test_an_override_goes_before_ours_and_the_others_stay(tmp_path):
    messages = override(tmp_path, PROGRESS % HM)
    assert messages.progress(samples.progress()[0]).text == "Hm…"
    assert messages.notice(samples.notice()).text.startswith("Linked")
    assert check(tmp_path) == []


def test_a_piece_can_be_overridden_alone(tmp_path):
    ours = (our_folder() / "_macros.json.j2").read_text(encoding="utf-8")
    messages = override(tmp_path, ours.replace("No sessions", "Nobody practised"), "_macros")
    message = messages.answer(samples.answer(0)).message
    assert message.text.startswith("Nobody practised: ")
    assert check(tmp_path) == []


def test_an_edited_template_is_seen_at_once(tmp_path):
    messages = override(tmp_path, PROGRESS % HM)
    messages.progress(samples.progress()[0])
    path = tmp_path / "progress.json.j2"
    path.write_text((PROGRESS % HM).replace("Hm…", "Moment…"), encoding="utf-8")
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000_000))
    assert messages.progress(samples.progress()[0]).text == "Moment…"


def test_values_in_an_override_are_escaped_without_its_doing(tmp_path):
    words = '{"text": "{{ view.reference }}", "blocks": [{"type": "section", "text": '
    words += '{"type": "mrkdwn", "text": "*{{ view.reference }}*"}}]}'
    messages = override(tmp_path, words, "problem")
    view = samples.problem()
    message = messages.problem(type(view)(view.sentence, (), '<!channel> "*x*'))
    assert_fits(message)
    assert message.text == '&lt;!channel&gt; "∗x∗'
    assert message.blocks[0]["text"]["text"] == '*&lt;!channel&gt; "∗x∗*'


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('{\n"text": "{{ view.nothing }}",\n"blocks": []}', 2, "has no attribute 'nothing'"),
        ('{\n"text": "{{ 1 + 2 }}",\n"blocks": []}', 2, "a template computes nothing"),
        ('{\n\n"text": "{{ view.zone ~ view.zone }}"}', 3, "a template computes nothing"),
        ("{% autoescape false %}{% endautoescape %}", 1, "escaping cannot be switched off"),
        ('{"text": "{{ view.zone | safe }}"}', 1, "No filter named 'safe'"),
        ('{"text": "{{ view.slow }}"}', 1, "cannot print bool"),
        ('{\n"text": "x",\n{% if true %}\n"blocks": [}\n{% endif %}', 4, "not valid JSON"),
        ('{\n"text": "x",\n"blocks": [\n{"type": "divider"}\n{"type": "divider"}]}', 5, "','"),
        ('{\n"text": "{% if %}"}', 2, "Expected an expression"),
        ("[]", None, "must be an object"),
        ('{"blocks": [{"type": "divider"}]}', None, "a message needs a text"),
        ('{"text": "x", "blocks": []}', None, "needs a list of blocks"),
        ('{"text": "x", "blocks": [{}]}', None, "every block needs a type"),
        ('{% import "gone.json.j2" as g %}', None, "no such template"),
    ],
)
def test_a_broken_override_is_named_logged_once_and_replaced(tmp_path, caplog, text, line, reason):
    messages = override(tmp_path, text)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert messages.progress(samples.progress()[0]).text == "Looking…"
    assert len(caplog.records) == 1
    found = check(tmp_path)
    assert found
    assert isinstance(found[0], BotError)
    assert reason in found[0].reason
    assert found[0].line == line
    told = found[0].where if found[0].quotes else str(found[0])
    assert caplog.records[0].getMessage().endswith(told)
    if "gone" not in text:
        assert found[0].file == "progress.json.j2"


@pytest.mark.parametrize(
    "text",
    [
        '{"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": null}}]}',
        '{"text": "x", "blocks": [{"type": "section", "text": "bare"}]}',
        '{"text": "x", "blocks": [{"type": "nonsense"}]}',
        '{"text": "x", "blocks": [{"type": "context", "elements": [null]}]}',
        '{"text": "x", "blocks": [{"type": "data_table", "caption": "c", "rows": null}]}',
        '{"text": "x", "blocks": [{"type": "data_table", "caption": "c", "rows": [[{"a": 1}]]}]}',
        '{"text": "x", "blocks": [{"type": "image", "alt_text": "a", "image_url": "'
        + "u" * 9000
        + '"}]}',
        "{{ lipsum.__globals__ }}",
        "{{ view.__class__.__mro__ }}",
    ],
)
def test_an_override_of_the_wrong_shape_is_replaced_and_found(tmp_path, text):
    messages = override(tmp_path, text)
    assert messages.progress(samples.progress()[0]).text == "Looking…"
    assert check(tmp_path)


def test_a_value_of_an_error_is_not_logged(tmp_path, caplog):
    messages = override(tmp_path, '{"text": "{{ {}[view.zone] }}", "blocks": []}')
    with caplog.at_level(logging.WARNING):
        for zone in ("Secret/One", "Secret/Two"):
            messages.progress(replace(samples.progress()[0], zone=zone))
    assert len(caplog.records) == 1
    assert "Secret" not in caplog.text


def test_a_fault_in_a_piece_is_found_in_the_piece(tmp_path):
    ours = (our_folder() / "_macros.json.j2").read_text(encoding="utf-8")
    broken = ours.replace('"type": "data_table", "caption"', '"type": "data_table" "caption"')
    override(tmp_path, broken, "_macros")
    (problem, *_) = check(tmp_path)
    assert problem.file == "_macros.json.j2"
    assert '"data_table" "caption"' in broken.splitlines()[problem.line - 1]


def test_check_names_files_that_nothing_uses_and_folders_that_are_not_there(tmp_path):
    override(tmp_path, "{}", "anwser")
    assert [str(problem) for problem in check(tmp_path)] == [
        "anwser.json.j2: no message is drawn from this file"
    ]
    assert "no such folder" in str(check(tmp_path / "none")[0])


def test_our_own_template_failing_is_an_error():
    with pytest.raises(TemplateProblem, match=r"progress\.json\.j2, line \d+: 'view' is undefined"):
        Renderer().render("progress", {})
