"""What messages say of what is typed and installed."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import Sentence
from bot.language.query import Kind
from bot.rendering.messages import Messages
from bot.rendering.views import Choice, ProblemView
from tests.rendering import samples
from tests.rendering.checker import assert_sendable

MESSAGES = Messages()


def test_the_command_is_named_as_it_is_installed():
    messages = Messages(command="/practice")
    unknown = Sentence("`{command} help` shows what you can ask.")
    assert messages.draw(ProblemView(unknown)).text == "/practice help shows what you can ask."
    assert messages.plain(unknown) == "/practice help shows what you can ask."
    assert "after /practice or" in messages.draw(samples.help_view()).text


def test_a_kind_with_too_many_choices_is_typed():
    many = tuple(Choice(f"Group {n}", f"g{n}") for n in range(101))
    view = MESSAGES.form(replace(samples.form(), choices={Kind.GROUP: many}))
    assert_sendable(view)
    group = view["blocks"][2]["element"]
    assert (group["type"], group["initial_value"]) == ("plain_text_input", "g1")
