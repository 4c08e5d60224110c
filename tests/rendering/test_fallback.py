"""The `text` of a message: its blocks as lines."""

from __future__ import annotations

import re

import pytest

from bot.rendering import blocks
from bot.rendering.markup import parse_markup
from tests.rendering.checker import assert_fits


def text(inside):
    made = blocks.message(parse_markup(f"<message>{inside}</message>"))
    assert_fits(made)
    return made.text


@pytest.mark.parametrize(
    ("inside", "reads"),
    [
        ("<header>R&amp;D<dot/>May</header>", "R&amp;D, May"),
        ("<section><b>4 sessions</b><gap/>a<dot/>b.<dot/>c</section>", "4 sessions: a, b. c"),
        ("<section title='Best'>a<br/>*b* <code>c*</code></section>", "Best\na\n∗b∗ c∗"),
        ("<section><a href='https://x.io'>x</a> https://y.io</section>", "x https:\u2060//y.io"),
        ("<section>&lt;!here> &lt;@U1></section>", "&lt;!here&gt; &lt;@U1&gt;"),
        ("<fields><field label='a'>1<br/>up 2</field><field label='b'>3</field></fields>",
         "a: 1, up 2\nb: 3"),
        ("<table caption='c'><tr><th>Who</th><th>Show</th></tr><tr><td><b>A</b> &lt;3</td>"
         "<td><button action='a'>Show</button></td></tr></table>", "Who, Show\nA &lt;3"),
        ("<chart title='Per week' x='x' y='y'><series name='Mine'><point label='2 Mar' value='3'/>"
         "<point label='9 Mar' value='1204'/></series></chart>", "Per week: 2 Mar 3, 9 Mar 1,204"),
        ("<divider/><actions><button action='a'>b</button></actions><context>As of 9</context>",
         "As of 9"),
        ("<divider/>", "–"),
    ],
)  # fmt: skip
def test_each_block_is_a_line_or_several(inside, reads):
    assert text(inside) == reads


def test_rows_without_room_are_counted_and_what_follows_is_kept():
    rows = "".join(f"<tr><td>A person with the number {n}</td></tr>" for n in range(100))
    table = f'<table caption="c"><tr><th>Who</th></tr>{rows}</table>'
    long = text(f"<section>First.</section>{table}<context>{'Last words. ' * 160}</context>")
    assert len(long) <= 4_000
    assert long.startswith("First.\nWho\nA person with the number 0\n")
    assert long.endswith("Last words.")
    shown, left_out = re.search(r"number (\d+)\nand (\d+) more rows\n", long).groups()
    assert int(shown) + 1 + int(left_out) == 100
    assert int(shown) > 65
