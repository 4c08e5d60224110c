"""The pages of an answer, and what of it stands in a channel."""

from __future__ import annotations

import time
from dataclasses import replace

from bot.rendering.messages import Messages
from bot.rendering.tables import starts_of_pages
from bot.rendering.views import Cost
from tests.rendering import samples
from tests.rendering.checker import assert_fits, buttons, texts, turns

MESSAGES = Messages()


def test_pages_go_forth_and_back():
    view = samples.answer(312)
    second = MESSAGES.draw(replace(view, start=100))
    assert "Rows 101–200 of 312" in texts(second)
    assert buttons(second)["sessions.previous"] == "q_7f3a:0"
    assert buttons(second)["sessions.next"] == "q_7f3a:200"
    assert turns(second) == (200, 0)
    last = MESSAGES.draw(replace(view, start=300))
    assert "Rows 301–312 of 312" in texts(last)
    assert "sessions.next" not in buttons(last)
    assert " Rows 301–312 of 312. " in last.text


def test_each_page_begins_behind_the_one_before():
    assert starts_of_pages(samples.answer(312)) == [0, 100, 200, 300]
    assert starts_of_pages(samples.answer(0)) == [0]


def test_rows_that_have_gone_lead_to_the_last_page():
    rendered = MESSAGES.draw(replace(samples.answer(150), start=400))
    assert "Rows 101–150 of 150" in texts(rendered)


def test_text_tells_how_many_rows_it_has_no_room_for():
    message = MESSAGES.draw(samples.answer(312))
    assert 3_800 < len(message.text) <= 4_000
    told = message.text.count(", Procurement Discovery, ") + message.text.count("call, ")
    told += message.text.count("opener, ")
    assert f" – and {312 - told} more. Rows 1–100 of 312. As of " in message.text


def test_of_what_is_not_read_at_all_nothing_is_told():
    message = MESSAGES.draw(replace(samples.answer(4), cost=Cost(40, 310)))
    assert_fits(message)
    assert texts(message)[0].startswith("*Not read yet*   Jane Smith")
    assert texts(message)[1] == "Read it now"
    assert "Jane Smith" not in str(message.blocks[1:])


def test_shared_has_no_private_buttons():
    view = samples.shared(4)
    answer = replace(view.answer, requests_left=3, narrowed_to_self=True)
    answer = replace(answer, cost=Cost(3, 3), stored_since=samples.AS_OF)
    message = MESSAGES.draw(replace(view, answer=answer, shared_by="<@U1> Ana_"))
    assert_fits(message)
    assert buttons(message) == {"share.remove": "s_1"}
    assert texts(message)[-2] == (
        "Shared by &lt;@U1&gt; Anaˍ  ·  As of Fri 20 Mar 10:00"
        "  ·  1 incomplete attempt isn't in the average  ·  Central European time"
    )
    assert "confirm" in message.blocks[-1]["elements"][0]


def test_a_hundred_rows_are_drawn_quickly():
    view = samples.answer(100)
    MESSAGES.draw(view)
    took = []
    for _ in range(10):
        before = time.process_time()
        MESSAGES.draw(view)
        took.append(time.process_time() - before)
    # About 10 ms; the event loop waits for it, so a tenfold slip should not pass unseen.
    assert min(took) < 0.1
