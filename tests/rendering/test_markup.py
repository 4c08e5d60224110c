"""Markup: how it is read, what it makes in each place, and what is said of one that is broken."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2 import DictLoader

from bot.errors import Pattern, Sentence
from bot.rendering import blocks
from bot.rendering.escaping import tidy
from bot.rendering.inline import in_html, unstyled
from bot.rendering.jinja import template_environment
from bot.rendering.markup import MarkupError, parse_markup
from bot.rendering.templates import render
from tests.rendering.checker import assert_fits, texts
from tests.rendering.strategies import names


def message(inside):
    """The message with these parts: its blocks and its text."""
    made = blocks.message(parse_markup(f"<message>{inside}</message>"))
    assert_fits(made)
    return made


def section(words):
    return texts(message(f"<section>{words}</section>"))[0]


def template(text, values):
    loader = DictLoader({"it.xml.j2": text})
    return render(template_environment(loader), "message", "it", values)


@pytest.mark.parametrize(
    ("words", "seen", "heard"),
    [
        pytest.param(" a \n  b ", "a b", "a b.", id="white space is one blank"),
        pytest.param(
            "a <b>b</b> , c (d ) . e .f :)",
            "a *b*, c (d). e .f :)",
            "a b, c (d). e .f :).",
            id="no blank before a stop",
        ),
        pytest.param("<b> 5 </b>of 8", "*5* of 8", "5 of 8.", id="no blank inside a mark"),
        pytest.param("<code>a*b_</code>", "`a*b_`", "a*b∗.".replace("∗", "ˍ"), id="code"),
        pytest.param("a *b* :tada: `c`", "a ∗b∗ ∶tada: ˋcˋ", "a ∗b∗ ∶tada: ˋcˋ.", id="mrkdwn"),
        pytest.param("<dot/>a<dot/><dot/>b<dot/>", "a  ·  b", "a, b.", id="dots between"),
        pytest.param("<gap/><b>a</b><gap/><dot/> b", "*a*   b", "a: b.", id="the wider gap"),
        pytest.param("a.<br/>b<br/><dot/>c", "a.\nb\nc", "a. b; c.", id="line breaks"),
        pytest.param('<span aloud="gold">🥇</span> 3', "🥇 3", "gold 3.", id="heard instead"),
        pytest.param('a<span aloud=" small"/> b', "a b", "a small b.", id="only heard"),
        pytest.param(
            "x:<ol><li>a</li><li>b</li></ol>y", "x:\n1. a\n2. b\ny", "x: a; b; y.", id="ol"
        ),
        pytest.param("x:<ul><li>a</li><li>b</li></ul>y", "x:\na\nb\ny", "x: a; b; y.", id="lines"),
        pytest.param(
            '<a href="https://x.io/?a=1&amp;b">the <b>x</b></a>',
            "<https://x.io/?a=1&amp;b|the> *<https://x.io/?a=1&amp;b|x>*",
            "the x.",
            id="a link",
        ),
        pytest.param('<a href="!channel">a</a>', "a", "a.", id="a link that is none"),
    ],
)
def test_words_as_they_are_seen_and_heard(words, seen, heard):
    made = blocks.message(parse_markup(f"<message><section>{words}</section></message>"))
    assert made.blocks[0]["text"]["text"] == seen
    assert made.text == heard


def test_a_table_is_a_table_lines_and_sentences():
    table = """
    <table caption="Who practiced" page="5" more="7" open="yes" aloud="Everyone">
      <tr><th>Sessions</th><th names="yes">Who</th><th aloud="average">Average</th></tr>
      <tr><td value="3">3</td><td><b>Ana</b> &lt;3</td><td value="80.5">80.5</td></tr>
      <tr><td/><td><a href="https://x.io">Bob</a></td><td value="">–</td></tr>
    </table>"""
    made = message(table)
    (block,) = made.blocks
    assert block["caption"] == "Who practiced"
    assert (block["page_size"], block["row_header_column_index"]) == (5, 1)
    assert [cell["text"] for cell in block["rows"][0]] == ["Sessions", "Who", "Average"]
    number, who, average = block["rows"][1]
    assert number == {"type": "raw_number", "value": 3, "text": "3"}
    assert average["value"] == 80.5
    assert who["elements"][0]["elements"] == [
        {"type": "text", "text": "Ana", "style": {"bold": True}},
        {"type": "text", "text": " <3"},
    ]
    assert block["rows"][2][0] == {"type": "raw_text", "text": "–"}
    assert block["rows"][2][1]["elements"][0]["elements"][0]["type"] == "link"
    assert made.text == ("Everyone: 3, Ana &lt;3, average 80.5; Bob – and at least 7 more.")
    lines = blocks.message(parse_markup(f"<message>{table}</message>"), plain=True)
    assert texts(lines)[1].split("\n")[1] == "3  ·  *Ana* &lt;3  ·  80.5"


def test_rows_are_told_as_long_as_there_is_room_and_the_rest_is_counted():
    rows = "".join(f"<tr><td>Person number {n}</td></tr>" for n in range(100))
    made = message(
        f'<section>First.</section><table caption="c" more="20"><tr><th>Who</th></tr>{rows}</table>'
        f"<context>{'Last words. ' * 100}</context>"
    )
    assert len(made.text) <= 4_000
    assert made.text.endswith("Last words.")
    told, untold = re.search(r"number (\d+) – and (\d+) more\.", made.text).groups()
    assert int(told) + 1 + int(untold) == 120
    assert int(told) > 90


def test_a_chart_stands_in_the_text_with_every_number():
    made = message(
        '<chart title="Sessions per week" x="Week" y="Sessions"><series name="Mine">'
        '<point label="2 Mar" value="3"/><point label="9 Mar" value="1204"/></series>'
        '<series name="Others"><point label="2 Mar" value="1.5"/><point label="9 Mar" value="0"/>'
        "</series></chart>"
    )
    assert made.text == "Sessions per week: Mine 2 Mar 3, 9 Mar 1,204; Others 2 Mar 1.5, 9 Mar 0."
    chart = made.blocks[0]["chart"]
    assert chart["axis_config"]["categories"] == ["2 Mar", "9 Mar"]
    assert [point["value"] for point in chart["series"][1]["data"]] == [1.5, 0]


def test_buttons_come_in_rows_of_four_and_are_heard_where_they_are_the_point():
    many = "".join(f'<button action="run.{n}" value="o_{n}">Way {n}</button>' for n in range(6))
    made = message(f'<section>You can:</section><actions id="ways" aloud="Ways">{many}</actions>')
    assert [len(block["elements"]) for block in made.blocks[1:]] == [4, 2]
    assert made.text == "You can: Way 0; Way 1; Way 2; Way 3; Way 4; Way 5."
    alone = message(f'<section>Pick one.</section><actions aloud="Ways">{many}</actions>')
    assert alone.text.startswith("Pick one. Ways: Way 0; ")
    silent = message(f"<section>Pick one.</section><actions>{many}</actions>")
    assert silent.text == "Pick one."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<message>\n<buton/></message>", "there is no <buton>"),
        ("<message><section>a</section>\n<section titel='x'>", "<section> has no titel"),
        ("<message>\n\n<actions>words</actions></message>", "words cannot stand in <actions>"),
        ("<message><section><b>a\n<divider/></b>", "<divider> cannot stand in <b>"),
        ("<message>\n<actions>\n<button>x</button>", "<button> needs action"),
        ("<message>\n<section>a</sektion></message>", "mismatched tag: <section> is open here"),
        ("<message>\n<section>a &nbsp; b</section></message>", "write the character itself"),
        ("<message>\n<section>a < b</section></message>", "not well-formed"),
        ("<message>\n</message>", "<message> is empty"),
        ("<section>a</section>", "<section> cannot stand on its own"),
        ("<message><divider/></message>\nmore", "junk after document element"),
        ("<!DOCTYPE x><message/>", "a template has no DOCTYPE"),
        ("<message>\n<table caption='c' page='many'/></message>", "must be a whole number"),
        ("<message>\n<section quote='1'>a</section></message>", "must be yes or no"),
        ("<message><actions>\n<button action='a' style='x'>", "must be primary or danger"),
        (
            "<message><table caption='c'><tr><th>a</th></tr>\n<tr><td/><td/></tr></table>",
            "this row has 2 cells, the first 1",
        ),
        ("<message><table caption='c'>\n<tr><td/></tr></table></message>", "<th> only"),
        ("<message>\n<section>a<overflow action='a'><option value='v'>o</option></overflow>"
         "<overflow action='b'><option value='v'>o</option></overflow></section></message>",
         "only one element can stand in <section>"),
        ("", "no element found"),
    ],
)  # fmt: skip
def test_markup_that_is_not_valid_is_refused_with_its_reason(text, reason):
    with pytest.raises(MarkupError, match=re.escape(reason)):
        parse_markup(text)


TAGS = ("message", "section", "b", "table", "tr", "td", "th", "ol", "li", "actions", "fields")
PIECES = [*(f"<{tag}>" for tag in TAGS), *(f"</{tag}>" for tag in TAGS), "<br/>", "é&amp;", "\n"]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_any_heap_of_markup_is_read_or_refused(heap):
    text = f"<message>{heap}</message>"
    error = refusal(text)
    if error is None:
        assert_fits(blocks.message(parse_markup(text)))
    else:
        assert str(error)


def refusal(text):
    try:
        parse_markup(text)
    except MarkupError as error:
        return error
    return None


EVERYWHERE = """<message>
  <header>{{ v }}</header>
  <section title="{{ v }}">
    a {{ v }} <b>{{ v }}</b> <code>{{ v }}</code> <a href="{{ v }}">{{ v }}</a>
    <overflow action="more"><option value="{{ v | exact }}">{{ v }}</option></overflow></section>
  <fields><field label="{{ v }}">{{ v }}</field></fields>
  <table caption="{{ v }}" aloud="{{ v }}">
    <tr><th>{{ v }}</th></tr><tr><td>{{ v }}</td></tr></table>
  <chart title="{{ v }}" x="{{ v }}" y="{{ v }}">
    <series name="{{ v }}"><point label="{{ v }}" value="1"/></series></chart>
  <actions id="{{ v | exact }}" aloud="{{ v }}">
    <button action="a" value="{{ v | exact }}">{{ v }}</button></actions>
  <context>{{ v }}<dot/>{{ said | say }}</context>
</message>"""


def everywhere(value):
    return template(EVERYWHERE, {"v": value, "said": Sentence("*No* {v}, `{v}`.", {"v": value})})


@given(names.filter(lambda name: in_html(tidy(name))))
@example("]]>")
@example("<![CDATA[ &nbsp; &#8; <!channel> \x1b[31m")
@example("x" * 10_000)
@example("ü" * 10_000)
def test_a_value_is_text_wherever_it_comes_to_and_loses_what_xml_forbids_only(value):
    made = everywhere(value)
    assert_fits(blocks.message(made))
    header, section, fields, table, chart, actions, context = made.children
    shown = in_html(tidy(value))
    assert unstyled(header.text) == unstyled(fields.children[0].text) == shown
    assert unstyled(table.children[1].children[0].text) == table["caption"] == shown
    assert section["title"] == chart["title"] == chart.children[0].children[0]["label"] == shown
    ink = shown.replace(" ", "")
    assert unstyled(section.text).replace(" ", "") == f"a{ink * 4}"
    assert unstyled(context.text).replace(" ", "") == f"{ink}·No{ink},{ink}."
    exact = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", value)
    # XML reads the end of a line as one character, and any blank of an attribute as a space.
    assert actions.children[0]["value"] == re.sub("\r\n|[\t\n\r]", " ", exact)


def test_a_sentence_of_ours_keeps_its_marks_and_a_value_has_none():
    said = template(
        "<message><section>{{ s | say }} {{ p | fill(n='*3*') }} {{ v | fill }}</section>"
        "</message>",
        {
            "s": Sentence("Did you mean *{a}*? Say `{a}` {b}.", {"a": "<b>*x*"}),
            "p": Pattern("{n} of {m}"),
            "v": "*{n}*",
        },
    )
    assert texts(blocks.message(said)) == [
        "Did you mean *&lt;b&gt;∗x∗*? Say `&lt;b&gt;*x*` {b}. ∗3∗ of {m} ∗{n}∗"
    ]
