"""The pages of an answer, and what of it stands in a channel."""

from __future__ import annotations

from dataclasses import replace

from bot.rendering.messages import Messages
from bot.rendering.views import Cost
from tests.rendering import samples
from tests.rendering.checker import assert_fits, buttons, texts

MESSAGES = Messages()


def test_text_counts_the_rows_it_has_no_room_for():
    message = MESSAGES.draw(samples.answer(312))
    assert 3_800 < len(message.text) <= 4_000
    rows = sum(line.count(", ") > 4 for line in message.text.split("\n")) - 1
    assert f"\nand {100 - rows} more rows\n" in message.text
    assert "\nRows 1–100 of 312\nAs of " in message.text


def test_shared_has_no_private_buttons():
    view = samples.shared(4)
    answer = replace(view.answer, runs_short=True, narrowed_to_self=True)
    answer = replace(answer, cost=Cost(3, 3), stored_since=samples.AS_OF)
    message = MESSAGES.draw(replace(view, answer=answer, shared_by="<@U1> Ana_"))
    assert_fits(message)
    assert buttons(message) == {"share.remove": "s_1"}
    assert texts(message)[-2] == (
        "Shared by &lt;@U1&gt; Anaˍ  ·  As of Fri 20 Mar 10:00"
        "  ·  1 incomplete attempt isn't in the average  ·  Central European time"
    )
    assert "confirm" in message.blocks[-1]["elements"][0]
