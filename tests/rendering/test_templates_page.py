"""The page that says how to change a message: its example works, and what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import BaseLoader

from bot.rendering.inline import INLINE
from bot.rendering.jinja import template_environment
from bot.rendering.messages import Messages
from tests.rendering import samples
from tests.rendering.checker import assert_fits, buttons, texts

PAGE = (Path(__file__).parents[2] / "docs" / "change-the-words.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```xml\n(.*?)```", PAGE, re.DOTALL)[1]


def test_the_example_replaces_ours_and_its_text_is_as_the_page_says(tmp_path):
    (tmp_path / "share_confirm.xml.j2").write_text(EXAMPLE, encoding="utf-8")
    message = Messages(tmp_path).draw(samples.share_confirm())
    assert_fits(message)
    assert message.text == re.search(r'plain lines: "(.*?)"', PAGE, re.DOTALL)[1]
    assert (
        "*Show this to everyone?*\n12 colleagues will see it in *#west-coast*." in texts(message)[0]
    )
    assert buttons(message) == {"share.post": "q_7f3a", "share.cancel": "q_7f3a"}


def test_every_inline_element_is_on_the_page_and_every_filter_that_is_there():
    assert all(f"<{tag}" in PAGE for tag in INLINE)
    named = re.findall(r"`(\w+)(?:\(.*?\))?`", PAGE.partition("Filters are used")[2])
    assert len(named) > 5
    assert set(named) <= set(template_environment(BaseLoader()).filters)
