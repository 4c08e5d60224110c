"""The conditions of alerts, as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.language.alert_words import AlertKind, AlertRule, rule_of
from tests.language.world import checked, query_of

RULES = st.one_of(
    st.sampled_from([AlertRule(AlertKind.GOLD), AlertRule(AlertKind.OVERDUE)]),
    st.builds(AlertRule, st.just(AlertKind.INACTIVE), st.integers(1, 365)),
    st.builds(
        AlertRule, st.just(AlertKind.BELOW), st.integers(1, 1000).map(lambda tenths: tenths / 10)
    ),
)
WHO = ("@jane", '"West Coast"', 'group:"Groß İ"', "my people", "<@U123|jane>", 'id:"u1"', "")


def rule(text: str) -> AlertRule:
    return rule_of(query_of(text, report="alert"), text)


@checked
@given(st.sampled_from(WHO), RULES)
def test_a_rule_reads_as_it_is_written(who: str, meant: AlertRule) -> None:
    assert rule(f"{who} {meant.words}") == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@jane gold", AlertRule(AlertKind.GOLD)),
        ("@jane inactive for 2 weeks", AlertRule(AlertKind.INACTIVE, 14)),
        ("me if @jane hasn't practiced for 10 days", AlertRule(AlertKind.INACTIVE, 10)),
        ("@jane inactive", AlertRule(AlertKind.INACTIVE, 14)),
        ("@jane average below 72.5", AlertRule(AlertKind.BELOW, 72.5)),
        ("@jane under 70", AlertRule(AlertKind.BELOW, 70)),
        ("me when @jane is late", AlertRule(AlertKind.OVERDUE)),
    ],
)
def test_other_ways_to_write_it(text: str, meant: AlertRule) -> None:
    assert rule(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        *("@jane", "@jane glod", "@jane silver", "@jane not gold", "@jane gold last week"),
        *("@jane inactive 0d", "@jane inactive 400d", "@jane inactive this week", "@jane 14d"),
        *("@jane below 101", "@jane 70 or less", "@jane above 70", "@jane overdue gold"),
    ],
)
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(UserError):
        rule(text)
