"""The same message for workspaces that do not know the newer blocks yet."""

from __future__ import annotations

import pytest

from bot.rendering import blocks
from bot.rendering.markup import read
from bot.rendering.messages import Messages
from bot.rendering.views import Message
from tests.rendering import samples
from tests.rendering.checker import assert_fits, table_rows

CHART = """
<chart title="Sessions per *week*" x="Week" y="n">
  <series name="Sessions">
    <point label="3 Mar" value="41"/><point label="10 Mar" value="56"/>
  </series>
</chart>
"""
HEAD = "<tr><th>Who</th><th>Score</th><th>Note</th></tr>"


def table(rows):
    return f'<table caption="Rows">{HEAD}{rows}</table>'


def drawn(inside, level):
    message = blocks.message(read(f"<message>{inside}</message>"), level)
    assert_fits(message)
    return message


def test_a_message_whose_document_is_not_known_stays_as_it_is():
    message = Message("t", [{"type": "divider"}])
    assert blocks.at_level(message, 2) is message


@pytest.mark.parametrize("level", blocks.LEVELS)
def test_plainer_blocks_come_from_the_same_document(level):
    inside = table("<tr><td>Ana</td><td value='9'>9</td><td/></tr>") + CHART
    assert blocks.at_level(drawn(inside, 0), level) == drawn(inside, level)


def test_level_1_has_one_table_and_lines_for_charts():
    rows = "<tr><td>Ana</td><td value='9'>9</td><td/></tr>"
    message = drawn(table(rows) + table(rows) + CHART, 1)
    kinds = [block["type"] for block in message.blocks]
    assert kinds == ["context", "table", "context", "section", "section"]
    assert set(message.blocks[1]) == {"type", "rows", "column_settings"}
    assert message.blocks[-1]["text"]["text"] == "*Sessions per ∗week∗*\n3 Mar: 41, 10 Mar: 56"


def test_level_1_says_how_many_rows_a_table_has_no_room_for():
    message = drawn(table("<tr><td>Ana</td><td value='9'>9</td><td/></tr>" * 100), 1)
    assert len(table_rows(message)) == 100
    assert message.blocks[-1]["elements"][0]["text"] == "and 1 more row"


def test_level_1_sets_numbers_to_the_right_even_where_the_last_is_missing():
    rows = "<tr><td>a</td><td value='5'>5</td><td/></tr><tr><td/><td value=''>–</td><td/></tr>"
    _, shown = drawn(table(rows), 1).blocks
    assert [each["align"] for each in shown["column_settings"]] == ["left", "right", "left"]


def test_level_2_is_text_and_buttons():
    rows = "<tr><td>&lt;b> &amp; *c*</td><td value='9'>9</td><td/></tr>"
    rows += "<tr><td><b>Ana</b></td><td value='8'>8</td><td>new</td></tr>"
    button = "<actions><button action='a'>Next</button></actions>"
    message = drawn(table(rows) + button, 2)
    assert [block["type"] for block in message.blocks] == ["context", "section", "actions"]
    assert message.blocks[1]["text"]["text"] == (
        "*Who  ·  Score  ·  Note*\n&lt;b&gt; &amp; ∗c∗  ·  9  ·  –\n*Ana*  ·  8  ·  new"
    )


@pytest.mark.parametrize("level", blocks.LEVELS)
def test_several_views_are_one_message_below_each_other(level):
    messages = Messages()
    one, other = samples.notice(), samples.answer(4)
    first, second = messages.draw(one, level), messages.draw(other, level)
    both = messages.draw((one, other), level)
    assert_fits(both)
    assert both.text == f"{first.text} {second.text}"
    at = len(first.blocks)
    kinds = [block["type"] for block in both.blocks]
    assert kinds[:at] == [block["type"] for block in first.blocks]
    assert kinds[at:] == ["divider", *(block["type"] for block in second.blocks)]
    assert blocks.at_level(messages.draw((one, other)), level).blocks[at] == {"type": "divider"}
