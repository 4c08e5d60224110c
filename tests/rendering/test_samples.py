"""Every sample, with nobody, a few and very many people, and with names that are no names."""

from __future__ import annotations

import pytest

from bot.rendering import report_samples as made
from bot.rendering.drawings import drawings
from bot.rendering.environment import Renderer
from bot.rendering.views import Message
from tests.rendering.checker import assert_fits, assert_sendable

RENDERER = Renderer()


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize(
    ("people", "hostile"),
    [(0, False), (1, False), (7, False), (200, False), (7, True), (200, True)],
)
def test_slack_takes_every_sample(people, hostile, level):
    drawn = drawings(RENDERER, made.company(people, hostile=hostile), level)
    assert len(drawn) >= 50
    for draw in drawn.values():
        made_ = draw()
        if isinstance(made_, Message):
            assert_fits(made_)
        else:
            assert_sendable(made_)


def test_text_ends_with_its_last_words_and_is_not_cut():
    # 200 people are too many to be told one by one; what is said is still said whole.
    for name, draw in drawings(RENDERER, made.company(200)).items():
        drawn = draw()
        if isinstance(drawn, Message):
            assert not drawn.text.endswith("…"), name
