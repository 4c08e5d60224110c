"""Every sample, with nobody, a few and very many people, and with names that are no names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rendering.blocks import LEVELS
from bot.rendering.views import Message
from tests.rendering import report_samples as made
from tests.rendering.checker import assert_fits, assert_sendable, assert_text_says
from tests.rendering.drawings import about, drawn, everything
from tests.rendering.strategies import NASTY, names

HOSTILE = (*NASTY, "]]>", "<![CDATA[ &nbsp; &#8; <!here>", "\x1b[31m", "x" * 10_000, "ü" * 10_000)


def assert_taken(name, view, level=0):
    """Slack takes it, nobody is pinged, and its text says what its blocks show."""
    message = drawn(view, level)
    if not isinstance(message, Message):
        assert_sendable(message)
        return
    assert_fits(message)
    if level < 2:
        assert_text_says(message, name)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("people", "hostile"), [(0, False), (1, False), (7, False), (7, True), (200, True)]
)
def test_slack_takes_every_sample(people, hostile, level):
    views = everything(made.company(people, hostile=hostile))
    assert len(views) > 80
    for name, view in views.items():
        assert_taken(name, view, level)


def test_text_ends_with_its_last_words_and_is_not_cut():
    # 200 people are too many to be told one by one; what is said is still said whole.
    for name, view in about(made.company(200)).items():
        message = drawn(view)
        if isinstance(message, Message):
            assert_fits(message)
            assert not message.text.endswith("…"), name


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(HOSTILE) | names, min_size=4, max_size=4), st.sampled_from(LEVELS))
def test_every_message_with_any_names(called, level):
    for name, view in everything(renamed(made.company(4), called)).items():
        assert_taken(name, view, level)


def renamed(company, called):
    """The same people and scenarios under other names."""
    people = [replace(p, name=called[at]) for at, p in enumerate(company.people)]
    by_scenario = {f"c{at}": name for at, name in enumerate(reversed(called))}
    sessions = [
        row.model_copy(
            update={
                "scenario": row.scenario.model_copy(update={"name": by_scenario[row.scenario.id]})
            }
        )
        for row in company.sessions
    ]
    return replace(company, people=tuple(people), sessions=tuple(sessions))
