"""From XML to Block Kit: what people see, and Slack's limits for any data."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader

from bot.demo.block_rules import problems
from bot.messages import blocks
from bot.messages.blocks import Message
from bot.messages.jinja import environment
from bot.messages.text import cut, size
from tests.golden.checker import assert_fits

HOSTILE = (
    "<!channel> <@U123>",
    "*b* _i_ ~s~ `c` :wave: snake_case",
    "> quote & <b>",
    "{{ x }}\u202eevil\x07",
    "نور حداد",
    "👩‍👩‍👧" * 40,
    "e" + "\u0301" * 300,
    "<" * 1_000,
    "x" * 4_000,
    "\ud800",
    "\n\n",
    "",
)
NAMES = st.sampled_from(HOSTILE) | st.text(max_size=80)
few = settings(max_examples=10)
TABLE = """<table caption="{{ names[0] }}">
  <tr><th>Who</th><th>Scenario</th><th>Score</th><th>Details</th></tr>
  {% for name in names %}<tr>
    <td>{{ name }}</td><td>{{ name }}</td><td value="82.5">82.5</td>
    <td><button action="row" value="id">Show</button></td>
  </tr>{% endfor %}
</table>"""


def render(template: str, **values: Any) -> Message:
    text = environment(DictLoader({"t": f"<message>{template}</message>"})).get_template("t")
    made = blocks.message(text.render(values))
    for sent in (made, made.plain()):
        assert_fits(sent)
    return made


def seen(template: str, **values: Any) -> str:
    """The mrkdwn of a section."""
    (block,) = render(f"<section>{template}</section>", **values).blocks
    text: str = block["text"]["text"]
    return text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("*bold* _it_ ~no~ `code`", "∗bold∗ ˍitˍ ∼no∼ ˋcodeˋ"),
        ("snake_case 2*3", "snake_case 2*3"),
        ("at 12:30: :wave: x", "at 12:30: ∶wave: x"),
        ("> no quote", "\u2060&gt; no quote"),
        ("a\nb\tc\x07", "a b c"),
        ("\u202eevil", "evil"),
        ("نور", "\u2068نور\u2069"),
        ("x" * 600, "x" * 498 + "…"),
    ],
)
def test_a_value_is_shown_as_typed(name: str, shown: str) -> None:
    assert seen("{{ name }}", name=name) == shown


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("  a\n  b  ", "a b"),
        ("<b>a</b><i>b</i><code>c_d</code>", "*a*_b_`c_d`"),
        ("<b>x <b>y</b> </b>z", "*x y* z"),
        ("a{% if x %} b{% endif %} .", "a."),
        ("<dot/>a <dot/> <dot/> b<dot/>", "a · b"),
        ("a<dot/><br/> <dot/>b", "a\nb"),
        ("x <ul><li>a<dot/></li> <li>b</li></ul> y", "x\na\nb\ny"),
        ("<ul><li>a</li></ul>", "a"),
        ('<a href="https://x.test/?a=1&amp;b=2">to</a>', "<https://x.test/?a=1&amp;b=2|to>"),
        ('<a href="javascript:x">to</a>', "to"),
        ('<a href="https://x|@U1>">to</a>', "to"),
        ("<emoji>:wave:</emoji>", ":wave:"),
    ],
)
def test_marks_and_gaps(template: str, shown: str) -> None:
    assert seen(template, x=False) == shown


def test_an_element_without_content_is_no_block() -> None:
    made = render(
        "<header> </header><section><dot/></section><fields><field label='l'> </field></fields>"
        "<actions><overflow action='o'></overflow><button action='a' href='no'>x</button></actions>"
        "<table caption='c'><tr><th>t</th></tr></table><context> </context><divider/>"
    )
    assert [block["type"] for block in made.blocks] == ["divider"]


@few
@given(st.lists(NAMES, min_size=1, max_size=3), st.sampled_from([1, 25, 60]))
def test_any_table_fits_and_says_what_was_cut(some: list[str], rows: int) -> None:
    names = [some[at % len(some)] for at in range(rows)]
    made = render(TABLE, names=names)
    shown = len(made.blocks[0]["rows"]) - 1
    said = [block["elements"][0]["text"] for block in made.blocks if block["type"] == "context"]
    assert shown == rows or any("more row" in text for text in said)


@few
@given(st.lists(NAMES, max_size=70))
def test_any_text_fits_and_says_what_was_cut(names: list[str]) -> None:
    made = render(
        "<divider/>{% for name in names %}<section title='{{ name }}'>{{ name | in_full }}"
        "<button action='a' value='{{ name | exact }}'>{{ name }}</button></section>{% endfor %}",
        names=names,
    )
    sections = sum(block["type"] == "section" for block in made.blocks)
    assert sections == len(names) or "fit" in made.blocks[-1]["elements"][0]["text"]


def test_without_tables_rows_are_lines_and_buttons_a_menu() -> None:
    made = render(TABLE, names=["Jane & Co", "Bob"]).plain()
    lines, menu = made.blocks
    assert lines["text"]["text"].split("\n")[1:] == [
        "Jane &amp; Co · Jane &amp; Co · 82.5",
        "Bob · Bob · 82.5",
    ]
    (select,) = menu["elements"]
    assert select["action_id"] == "row"
    assert [option["text"]["text"] for option in select["options"]] == ["Jane & Co", "Bob"]


def test_a_form_is_cut_to_what_slack_takes() -> None:
    long = "t" * 4_000
    view = blocks.modal(
        f'<modal name="n" private="p" title="{long}" submit="{long}" close="x"><input name="i" '
        f'label="{long}" live="yes"><entry value="{long}" placeholder="{long}" '
        'most="3000"/></input></modal>',
        "<message><section>below</section><actions><button action='a'>x</button></actions>"
        "</message>",
    )
    assert problems(view) == []
    field, _, below = view["blocks"]
    assert field["dispatch_action"] is True
    assert len(field["element"]["initial_value"]) == 3_000
    assert below["text"]["text"] == "below"


def test_home_has_100_blocks_and_no_tables() -> None:
    table = "<table caption='c'><tr><th>a</th></tr><tr><td>b</td></tr></table>"
    home = blocks.home(f"<message>{table}{'<section>x</section>' * 90}</message>")
    assert problems(home) == []
    assert [block["type"] for block in home["blocks"]] == ["section"] * 91
    assert len(render("<section>x</section>" * 90).blocks) == 50


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("abc", 3, "abc"),
        ("abcdef", 4, "ab…"),
        ("ab👩👩👧cd", 8, "ab👩👩…"),
        ("a &amp; b and more", 8, "a …"),
        ("see <https://x.test|this>", 12, "see …"),
        ("\u2068نورحداد\u2069", 6, "\u2068نور…\u2069"),
    ],
)
def test_a_cut_breaks_no_entity_and_no_link(text: str, limit: int, kept: str) -> None:
    assert cut(text, limit) == kept
    assert size(cut(text, limit)) <= limit
