"""A scenario is called tough only where the figures carry it."""

from __future__ import annotations

from random import Random

from bot.reports.highlights import scenarios
from bot.reports.tough import is_tough
from tests.reports.given import session

FOUR = "abcd"


def rows(scores, people=FOUR):
    """Attempts of each person: the scores by their scenario."""
    return [
        session(who, 1, score, scenario)
        for who in people
        for scenario, own in scores.items()
        for score in own
    ]


BEFORE = rows({"Easy": [80, 82], "Hard": [80, 82]})
NOW = rows({"Easy": [80, 82, 81], "Hard": [50, 52]})


def test_it_is_why_the_average_fell():
    assert is_tough("hard", NOW, BEFORE)
    assert not is_tough("easy", NOW, BEFORE)
    # As hard as before, but tried more.
    assert is_tough("hard", NOW, rows({"Easy": [80, 82, 81], "Hard": [50]}))


def test_nothing_is_tough_where_the_average_did_not_fall_or_fell_without_it_too():
    assert not is_tough("hard", NOW, NOW)
    assert not is_tough("hard", NOW, [])
    everywhere = rows({"Easy": [60, 62, 61], "Hard": [50, 52]})
    assert not is_tough("hard", everywhere, BEFORE)


def test_those_who_are_lower_at_it_are_lower_at_their_others_too():
    """Only who is weaker tried it: that makes no scenario tough."""
    weak = rows({"Easy": [50, 52], "Hard": [50, 52]}, "abc")
    strong = rows({"Easy": [80, 82]}, "defg")
    assert scenarios([*weak, *strong]).weakest.name == "Hard"
    assert not is_tough("hard", [*weak, *strong], rows({"Easy": [80, 82]}, "abcdefg"))


def test_two_people_or_a_few_points_are_not_enough():
    assert not is_tough("hard", rows({"Easy": [80] * 4, "Hard": [50] * 4}, "ab"), BEFORE)
    close = rows({"Easy": [80] * 9, "Hard": [76] * 9})
    assert not is_tough("hard", close, rows({"Easy": [80], "Hard": [80]}))


def test_of_weeks_in_which_nothing_is_harder_hardly_any_has_a_tough_one():
    random, weeks = Random(1), 300

    def week():
        return [
            session(f"p{who}", 1, round(random.gauss(70, 12), 1), f"S{random.randrange(8)}")
            for who in range(12)
            for _ in range(4)
        ]

    said = 0
    for _ in range(weeks):
        before, now = week(), week()
        weakest = scenarios(now).weakest
        said += weakest is not None and is_tough(weakest.id, now, before)
    assert said <= 0.04 * weeks
