from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from bot.exec_api.models import Scenario, Session, User
from bot.language.query import Rank
from bot.reports.figures import figures


def session(score=None, rank=None, seconds=None, valid=True, scenario="Cold Call"):
    return Session(
        id="s",
        user=User(id="u"),
        scenario=Scenario(id="c", name=scenario, slug="slug"),
        score=score,
        rank=rank,
        duration_seconds=seconds,
        is_valid_attempt=valid,
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
    )


def test_only_valid_attempts_count_for_score_and_rank_but_all_for_time():
    found = figures(
        [
            session(90, "gold", 60),
            session(80, "silver", None),
            session(100, "gold", 30, valid=False),
            session(None, None, 10, valid=False),
        ]
    )
    assert (found.sessions, found.valid, found.invalid) == (4, 2, 2)
    assert found.average == 85
    assert found.ranks == {Rank.GOLD: 1, Rank.SILVER: 1}
    assert found.practice_seconds == 100
    assert found.best == (90, "Cold Call")


def test_average_is_that_of_the_decimals_people_see():
    assert figures([session(82.1), session(82.2)]).average == 82.15


def test_numbers_that_are_none_are_left_out():
    found = figures(
        [session(float("nan"), seconds=float("inf")), session(50, seconds=-4), session(None)]
    )
    assert (found.valid, found.scored, found.average) == (3, 1, 50)
    assert found.practice_seconds == 0


def test_of_several_best_attempts_the_newest_is_named_in_any_order():
    older = session(90, scenario="Older")
    later = older.created_at + timedelta(days=1)
    newest = replace(session(90, scenario="Newest"), created_at=later)
    for rows in permutations((newest, older, session(50))):
        assert figures(rows).best == (90, "Newest")
