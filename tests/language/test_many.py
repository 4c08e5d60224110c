from __future__ import annotations

from tests.language.many import ask


def test_random_questions_break_nothing() -> None:
    """A few of those that `python -m tests.language.many` draws."""
    outcome = ask(300, seed=7)
    assert (outcome.asked, outcome.failures) == (300, [])
    assert outcome.understood > 50
