"""Markup: how it is read, what it makes in each place, and what is said of one that is broken."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
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
    ("words", "seen"),
    [
        pytest.param(" a \n  b ", "a b", id="white space is one blank"),
        pytest.param(
            "a <b>b</b> , c (d ) . e .f :)", "a *b*, c (d). e .f :)", id="no blank before a stop"
        ),
        pytest.param("<b> 5 </b>of 8", "*5* of 8", id="no blank inside a mark"),
        pytest.param("<code>a*b_</code>", "`a*b_`", id="code"),
        pytest.param("a *b* :tada: `c`", "a ∗b∗ ∶tada: ˋcˋ", id="mrkdwn"),
        pytest.param("<dot/>a<dot/><dot/>b<dot/>", "a  ·  b", id="dots between"),
        pytest.param("<gap/><b>a</b><gap/><dot/> b", "*a*   b", id="the wider gap"),
        pytest.param("a.<br/>b<br/><dot/>c", "a.\nb\nc", id="line breaks"),
        pytest.param("x:<ol><li>a</li><li>b</li></ol>y", "x:\n1. a\n2. b\ny", id="ol"),
        pytest.param("x:<ul><li>a</li><li>b</li></ul>y", "x:\na\nb\ny", id="lines"),
        pytest.param("x:<br/>&gt; y", "x:\n\u2060&gt; y", id="no quotation"),
        pytest.param(
            '<a href="https://x.io/?a=1&amp;b">the <b>x</b></a>',
            "<https://x.io/?a=1&amp;b|the> *<https://x.io/?a=1&amp;b|x>*",
            id="a link",
        ),
        pytest.param('<a href="!channel">a</a>', "a", id="a link that is none"),
    ],
)
def test_words_become_mrkdwn(words, seen):
    assert section(words) == seen


def test_a_table_is_a_table_or_lines():
    table = """
    <table caption="Who practiced" page="5">
      <tr><th>Sessions</th><th names="yes">Who</th><th>Average</th></tr>
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
    assert made.text == "Sessions, Who, Average\n3, Ana &lt;3, 80.5\n–, Bob, –"
    lines = blocks.message(parse_markup(f"<message>{table}</message>"), plain=True)
    assert texts(lines)[1].split("\n")[1] == "3  ·  *Ana* &lt;3  ·  80.5"


def test_buttons_come_in_rows_of_four():
    many = "".join(f'<button action="run.{n}" value="o_{n}">Way {n}</button>' for n in range(6))
    made = message(f'<section>You can:</section><actions id="ways">{many}</actions>')
    assert [len(block["elements"]) for block in made.blocks[1:]] == [4, 2]
    assert made.text == "You can:"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<message><buton/></message>", "there is no <buton>"),
        ("<message><section titel='x'>", "<section> has no titel"),
        ("<message><actions>words</actions></message>", "words cannot stand in <actions>"),
        ("<message><section><b>a<divider/></b>", "<divider> cannot stand in <b>"),
        ("<message><actions><button>x</button>", "<button> needs action"),
        ("<message><section>a</sektion></message>", "mismatched tag: <section> is open here"),
        ("<message><section>a &nbsp; b</section></message>", "write the character itself"),
        ("<message></message>", "<message> is empty"),
        ("<!DOCTYPE x><message/>", "a template has no DOCTYPE"),
        ("<message><table caption='c' page='many'/></message>", "must be a whole number"),
        ("<message><table caption='c'><tr><td/></tr></table></message>", "<th> only"),
    ],
)
def test_markup_that_is_not_valid_is_refused_with_its_reason(text, reason):
    with pytest.raises(MarkupError, match=re.escape(reason)):
        parse_markup(text)


EVERYWHERE = """<message>
  <header>{{ v }}</header>
  <section title="{{ v }}">
    a {{ v }} <b>{{ v }}</b> <code>{{ v }}</code> <a href="{{ v }}">{{ v }}</a>
    <overflow action="more"><option value="{{ v | exact }}">{{ v }}</option></overflow></section>
  <fields><field label="{{ v }}">{{ v }}</field></fields>
  <table caption="{{ v }}">
    <tr><th>{{ v }}</th></tr><tr><td>{{ v }}</td></tr></table>
  <chart title="{{ v }}" x="{{ v }}" y="{{ v }}">
    <series name="{{ v }}"><point label="{{ v }}" value="1"/></series></chart>
  <actions id="{{ v | exact }}">
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
