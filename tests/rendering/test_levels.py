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


def test_level_1_has_a_menu_for_the_buttons_in_rows():
    head = HEAD.replace("<th>Score", "<th names='yes'>Score").replace("</tr>", "<th/></tr>")
    rows = "".join(
        f"<tr><td>{who}</td><td value='9'>9</td><td/>"
        f"<td><button action='row.open.{at}' value='v{at}'>Show</button></td></tr>"
        for at, who in enumerate(("Ana", "&lt;Bob>"))
    )
    inside = f'<table caption="Rows">{head}{rows}<tr><td>Cy</td><td/><td/><td/></tr></table>'
    whole, plainer = drawn(inside, 0), drawn(inside, 1)
    last = [row[-1] for row in whole.blocks[0]["rows"]]
    assert [cell["type"] for cell in last] == ["raw_text", "action_cell", "action_cell", "raw_text"]
    assert last[2]["element"]["value"] == "v1"
    assert last[2]["fallback"] == {"type": "raw_text", "text": "Show"}
    shown, actions = plainer.blocks
    assert {len(row) for row in shown["rows"]} == {3}
    (menu,) = actions["elements"]
    assert menu["action_id"] == "row.open"
    assert [(each["text"]["text"], each["value"]) for each in menu["options"]] == [
        ("Ana  ·  9", "v0"),
        ("<Bob>  ·  9", "v1"),
    ]
    assert "Show" not in whole.text
    kinds = [block["type"] for block in drawn(inside, 2).blocks]
    assert kinds == ["context", "table", "actions"]


def test_level_2_has_one_table_and_lines_for_charts():
    rows = "<tr><td>Ana</td><td value='9'>9</td><td/></tr>"
    message = drawn(table(rows) + table(rows) + CHART, 2)
    kinds = [block["type"] for block in message.blocks]
    assert kinds == ["context", "table", "context", "section", "section"]
    assert set(message.blocks[1]) == {"type", "rows", "column_settings"}
    assert message.blocks[-1]["text"]["text"] == "*Sessions per ∗week∗*\n3 Mar: 41, 10 Mar: 56"


def test_level_2_says_how_many_rows_a_table_has_no_room_for():
    message = drawn(table("<tr><td>Ana</td><td value='9'>9</td><td/></tr>" * 100), 2)
    assert len(table_rows(message)) == 100
    assert message.blocks[-1]["elements"][0]["text"] == "and 1 more row"


def test_level_2_sets_numbers_to_the_right_even_where_the_last_is_missing():
    rows = "<tr><td>a</td><td value='5'>5</td><td/></tr><tr><td/><td value=''>–</td><td/></tr>"
    _, shown = drawn(table(rows), 2).blocks
    assert [each["align"] for each in shown["column_settings"]] == ["left", "right", "left"]


def test_level_3_is_text_and_buttons():
    rows = "<tr><td>&lt;b> &amp; *c*</td><td value='9'>9</td><td/></tr>"
    rows += "<tr><td><b>Ana</b></td><td value='8'>8</td><td>new</td></tr>"
    button = "<actions><button action='a'>Next</button></actions>"
    message = drawn(table(rows) + button, 3)
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
