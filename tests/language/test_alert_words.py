"""What an alert waits for, as people write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.language.alert_words import AlertKind, Rule, read_rule
from tests.language.world import checked

RULES = st.one_of(
    st.sampled_from([Rule(AlertKind.GOLD), Rule(AlertKind.OVERDUE)]),
    st.builds(Rule, st.just(AlertKind.INACTIVE), st.integers(1, 365).map(float)),
    st.builds(Rule, st.just(AlertKind.BELOW), st.integers(1, 1000).map(lambda tenths: tenths / 10)),
)
WHO = ("@jane", '"West Coast"', 'group:"Groß İ"', "my people", "<@U123|jane>", "")


@checked
@given(st.sampled_from(WHO), RULES)
def test_a_rule_reads_as_it_is_written(who: str, rule: Rule) -> None:
    assert read_rule(f"{who} {rule.words}") == (who, rule)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("@jane First Gold", Rule(AlertKind.GOLD)),
        ("@jane inactive for 2 weeks", Rule(AlertKind.INACTIVE, 14)),
        ("@jane inactive 14", Rule(AlertKind.INACTIVE, 14)),
        ("@jane average below 72.5", Rule(AlertKind.BELOW, 72.5)),
        ("@jane under 70", Rule(AlertKind.BELOW, 70)),
    ],
)
def test_other_ways_to_write_it(text: str, rule: Rule) -> None:
    assert read_rule(text) == ("@jane", rule)


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("@jane glod", "alert @jane gold"),
        ("@jane inactve", "alert @jane inactive 14d"),
        ("@jane average below", "alert @jane average below 70"),
        ("@jane inactive 0d", "alert @jane inactive 14d"),
        ("@jane below 101", "alert @jane below 70"),
        ("@jane", "alert list"),
    ],
)
def test_other_words_are_refused_with_a_way_on(text: str, way: str) -> None:
    with pytest.raises(UserError) as refused:
        read_rule(text)
    assert [each.words for each in refused.value.suggestions] == [way]


@checked
@given(st.text(max_size=40) | st.text("goldinactvebw 0123456789<>\"'", max_size=30))
def test_any_words_are_read_or_refused(text: str) -> None:
    try:
        _, rule = read_rule(text)
    except UserError:
        return
    assert read_rule(rule.words) == ("", rule)
