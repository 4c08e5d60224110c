"""Every message as markup is, block for block, what its template of today makes of each sample.

It falls with those templates; until then it finds what was changed in one of the two only.
"""

from __future__ import annotations

import pytest

from bot.rendering import report_samples as made
from bot.rendering.environment import Renderer
from bot.rendering.views import Message
from tests.rendering.ported import Ported, answers, drawings, figures, same

TODAY, MARKUP = Renderer(), Ported()


def test_answers_are_what_they_were():
    assert_all_same(answers(TODAY), answers(MARKUP))


@pytest.mark.parametrize("level", [1, 2])
def test_plainer_blocks_are_what_they_were(level):
    company = made.company(7)
    assert_all_same(drawings(TODAY, company, level), drawings(Ported(level), company))


@pytest.mark.parametrize(
    ("people", "hostile"), [(0, False), (1, False), (7, False), (30, False), (7, True)]
)
def test_messages_around_digests_and_coaches_are_what_they_were(people, hostile):
    company = made.company(people, hostile=hostile)
    assert_all_same(drawings(TODAY, company), drawings(MARKUP, company))


def assert_all_same(before, after):
    assert before.keys() == after.keys()
    for name, draw in before.items():
        then, now = draw(), after[name]()
        if isinstance(then, Message):
            assert same(now.blocks) == same(then.blocks), name
            if "more" not in then.text and len(then.text) < 3_000:
                assert figures(then.text) <= figures(now.text), name
        else:
            assert same(now) == same(then), name
