"""What messages say of what is typed and installed."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import Sentence
from bot.rendering.messages import Messages
from bot.rendering.views import Choice, ProblemView
from tests.rendering import report_samples as made
from tests.rendering import samples
from tests.rendering.checker import assert_sendable
from tests.rendering.subscription_samples import forms

MESSAGES = Messages()


def test_the_command_is_named_as_it_is_installed():
    messages = Messages(command="/practice")
    unknown = Sentence("`{command} help` shows what you can ask.")
    assert messages.draw(ProblemView(unknown)).text == "/practice help shows what you can ask."
    assert messages.plain(unknown) == "/practice help shows what you can ask."
    assert "after /practice or" in messages.draw(samples.help_view()).text


def test_a_group_among_too_many_is_typed():
    many = tuple(Choice(f"Group {n}", f"g{n}") for n in range(101))
    form = next(iter(forms(made.company(6)).values()))
    view = MESSAGES.form(replace(form, groups=many))
    assert_sendable(view)
    group = next(block["element"] for block in view["blocks"] if block["block_id"] == "group")
    assert (group["type"], group["initial_value"]) == ("plain_text_input", "g1")
