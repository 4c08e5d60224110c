"""The page that says how to change a message: its example works, and it names everything."""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path

import pytest
from jinja2 import BaseLoader

from bot.rendering import blocks, samples
from bot.rendering.elements import ELEMENTS, INLINE
from bot.rendering.environment import TemplateProblem
from bot.rendering.messages import Messages
from bot.rendering.templates import Templates, environment
from tests.rendering.checker import assert_fits, buttons, texts
from tests.rendering.ported import FOLDER, Ported

PAGE = (Path(__file__).parents[2] / "docs" / "templates.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```xml\n(.*?)```", PAGE, re.DOTALL)[1]


def overridden(folder, text):
    """Templates of which the one that asks before sharing is `text`, and what it is given."""
    (folder / "share_confirm.xml.j2").write_text(text, encoding="utf-8")
    ported = Ported()
    Messages(ported).share_confirm(samples.share_confirm())
    return Templates(FOLDER, folder), ported.values


def test_the_example_goes_before_ours_and_is_heard_as_the_page_says(tmp_path):
    templates, values = overridden(tmp_path, EXAMPLE)
    message = blocks.message(templates.draw_strictly("share_confirm", values))
    assert_fits(message)
    heard = re.search(r'Aloud it is: "(.*?)"', PAGE, re.DOTALL)[1].replace("\n", " ")
    assert message.text == heard
    assert (
        "*Show this to everyone?*\n12 colleagues will see it in *#west-coast*." in texts(message)[0]
    )
    assert buttons(message) == {"share.post": "q_7f3a", "share.cancel": "q_7f3a"}


@pytest.mark.parametrize(
    ("broken", "line", "reason"),
    [
        (EXAMPLE.replace("<section ", "<sektion "), 2, "there is no <sektion>; did you mean"),
        (EXAMPLE.replace("view.people", "view.folks"), 3, "has no attribute 'folks'"),
        ("<message>\n{% if false %}<divider/>{% endif %}\n</message>", 3, "<message> is empty"),
    ],
)
def test_a_broken_file_is_replaced_by_ours_and_logged_once(tmp_path, caplog, broken, line, reason):
    templates, values = overridden(tmp_path, broken)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            drawn = templates.draw("share_confirm", values)
    assert texts(blocks.message(drawn))[0].startswith("12 people in #west-coast will see this: Ana")
    assert len(caplog.records) == 1
    with pytest.raises(TemplateProblem) as caught:
        templates.draw_strictly("share_confirm", values)
    assert caught.value.line == line
    assert caught.value.where == f"share_confirm.xml.j2, line {line}"
    assert reason in caught.value.reason


def test_an_edited_file_is_seen_at_once(tmp_path):
    templates, values = overridden(tmp_path, EXAMPLE)
    templates.draw("share_confirm", values)
    path = tmp_path / "share_confirm.xml.j2"
    path.write_text(EXAMPLE.replace("will see it", "get to see it"), encoding="utf-8")
    later = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(later, later))
    assert "get to see it" in blocks.message(templates.draw("share_confirm", values)).text


def test_a_piece_can_be_overridden_alone(tmp_path):
    ours = (FOLDER / "_answer.xml.j2").read_text(encoding="utf-8")
    changed = ours.replace("No sessions", "Nobody practised")
    (tmp_path / "_answer.xml.j2").write_text(changed, encoding="utf-8")
    ported = Ported()
    Messages(ported).answer(samples.answer(0))
    drawn = Templates(FOLDER, tmp_path).draw_strictly("answer", ported.values)
    assert blocks.message(drawn).text.startswith("Nobody practised: ")


def test_our_own_file_failing_is_an_error():
    with pytest.raises(TemplateProblem, match=r"share_confirm\.xml\.j2, line \d+: 'view' is undef"):
        Templates(FOLDER).draw("share_confirm", {})


def test_the_page_names_every_element_attribute_and_filter():
    for tag, element in ELEMENTS.items():
        assert re.search(f"<{tag}[> ]", PAGE), tag
        for name in element.attributes:
            assert re.search(rf"`{name}[`=]| {name}=\"", PAGE), (tag, name)
    assert all(f"<{tag}" in PAGE for tag in INLINE)
    filters = environment(BaseLoader(), auto_reload=False).filters
    assert [name for name in filters if not re.search(rf"`{name}[`(]", PAGE)] == []
