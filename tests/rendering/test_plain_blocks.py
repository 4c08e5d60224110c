"""The same message for workspaces that do not know the newer blocks yet."""

from __future__ import annotations

from bot.rendering import blocks
from bot.rendering.markup import parse_markup
from tests.rendering.checker import assert_fits

CHART = """
<chart title="Sessions per *week*" x="Week" y="n">
  <series name="Sessions">
    <point label="3 Mar" value="41"/><point label="10 Mar" value="56"/>
  </series>
</chart>
"""
HEAD = "<tr><th>Who</th><th>Score</th><th>Note</th></tr>"


def table(rows, head=HEAD):
    return f'<table caption="Rows">{head}{rows}</table>'


def rich_and_plain(inside):
    rich = blocks.message(parse_markup(f"<message>{inside}</message>"))
    plain = blocks.in_plain_blocks(rich)
    for message in (rich, plain):
        assert_fits(message)
    return rich.blocks, plain.blocks


def test_a_menu_stands_for_the_buttons_in_rows():
    head = HEAD.replace("<th>Score", "<th names='yes'>Score").replace("</tr>", "<th/></tr>")
    rows = "".join(
        f"<tr><td>{who}</td><td value='9'>9</td><td/>"
        f"<td><button action='row.open.{at}' value='v{at}'>Show</button></td></tr>"
        for at, who in enumerate(("Ana", "&lt;Bob>"))
    )
    rich, plain = rich_and_plain(table(f"{rows}<tr><td>Cy</td><td/><td/><td/></tr>", head))
    last = [row[-1] for row in rich[0]["rows"]]
    assert [cell["type"] for cell in last] == ["raw_text", "action_cell", "action_cell", "raw_text"]
    assert last[2]["element"]["value"] == "v1"
    assert last[2]["fallback"] == {"type": "raw_text", "text": "Show"}
    _caption, lines, actions = plain
    assert "Show" not in lines["text"]["text"]
    (menu,) = actions["elements"]
    assert menu["action_id"] == "row.open"
    assert [(each["text"]["text"], each["value"]) for each in menu["options"]] == [
        ("Ana  ·  9", "v0"),
        ("<Bob>  ·  9", "v1"),
    ]


def test_tables_and_charts_are_lines():
    rows = "<tr><td>&lt;b> &amp; *c*</td><td value='9'>9</td><td/></tr>"
    rows += "<tr><td><b>Ana</b></td><td value='8'>8</td><td>new</td></tr>"
    button = "<actions><button action='a'>Next</button></actions>"
    _rich, (caption, lines, chart, actions) = rich_and_plain(table(rows) + CHART + button)
    assert (caption["type"], actions["type"]) == ("context", "actions")
    assert lines["text"]["text"] == (
        "*Who  ·  Score  ·  Note*\n&lt;b&gt; &amp; ∗c∗  ·  9  ·  –\n*Ana*  ·  8  ·  new"
    )
    assert chart["text"]["text"] == "*Sessions per ∗week∗*\n3 Mar: 41, 10 Mar: 56"
