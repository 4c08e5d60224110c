"""Every sample, with nobody, a few and very many people, and with names that are no names."""

from __future__ import annotations

import pytest

from bot.rendering.views import Message
from tests.rendering import report_samples as made
from tests.rendering.checker import assert_fits
from tests.rendering.drawings import about, assert_taken, drawn, everything


@pytest.mark.parametrize(
    ("people", "hostile"),
    [(0, False), (7, False), (200, True)],
)
def test_slack_takes_every_sample(people, hostile):
    views = everything(made.company(people, hostile=hostile))
    for name, view in views.items():
        assert_taken(name, view)


def test_text_ends_with_its_last_words_and_is_not_cut():
    # 200 people are too many to be told one by one; what is said is still said whole.
    for name, view in about(made.company(200)).items():
        message = drawn(view)
        if isinstance(message, Message):
            assert_fits(message)
            assert not message.text.endswith("…"), name
