"""Example sentences: enough of each command, and near enough to rank offers."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.language.examples import Examples, read_examples, shipped
from bot.people.names import INTENTS
from tests.bench.examples import ranks


def test_each_command_has_enough_examples() -> None:
    assert len(shipped()) >= 1000
    assert {example.role for example in shipped()} == {"rep", "coach", "admin", "any"}
    assert len({example.text for example in shipped()}) == len(shipped())
    counts = Counter(Examples(shipped(), [*INTENTS]).names)
    # The coach's list is asked for as "talk", and a digest as "post".
    assert counts.keys() == INTENTS.keys() - {"coach", "digest"}
    assert min(counts.values()) >= 15


def test_the_right_command_is_among_the_nearest_three() -> None:
    """Sentences of a fixed fifth, ranked by the others."""
    places, _, _ = ranks()
    every = [place for own in places.values() for place in own]
    assert sum(place <= 3 for place in every) >= 0.9 * len(every)
    assert sum(place <= 1 for place in every) >= 0.6 * len(every)


@pytest.mark.parametrize("line", ["any\thow is my team", "how is my team", "any\t\tteam"])
def test_a_line_without_three_columns_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="line 2: write a role"):
        read_examples(f"any\thello\thello\n{line}")
