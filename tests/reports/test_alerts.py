"""What alerts wait for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from bot.language.alert_words import AlertKind, Rule
from bot.mirror.query import Window
from bot.reports.alerts import Evaluation, news, report_on
from bot.storage.tables import member
from tests.reports.company import MONDAY, NOW, Company

GOLD, OVERDUE = Rule(AlertKind.GOLD), Rule(AlertKind.OVERDUE)
SILENT, LOW = Rule(AlertKind.INACTIVE, 14), Rule(AlertKind.BELOW, 70)


async def evaluated(company: Company, rule: Rule, **asked: Any) -> Evaluation:
    return await report_on(rule).figures(company.asked(None, **asked))


def days(count: float) -> datetime:
    return MONDAY - timedelta(days=count)


async def practiced(company: Company, *scores: float) -> None:
    """Graded sessions of Ann on days in a row, the last one yesterday."""
    for ago, score in enumerate(reversed(scores), start=1):
        await company.session("ann", ago, score)


async def test_the_first_gold_of_each_person_in_each_scenario(company: Company) -> None:
    await company.hire("ann", "ben", "cat")
    for ago in (5, 3):
        await company.session("ann", ago, 95, rank="gold")
    await company.session("ann", 4, 95, on="Renewal", rank="gold")
    await company.session("ben", 2, 80, rank="silver")
    await company.session("ben", 1, 95, rank="gold", valid=False)
    await company.session("cat", 1, 95, rank="gold")

    found = await evaluated(company, GOLD, coaches=["cat"])

    assert [(each.who, each.scenario, each.at) for each in found.rows] == [
        ("Ann", "Cold Call", days(5)),
        ("Ann", "Renewal", days(4)),
    ]
    assert all(each.is_first for each in found.rows)


async def test_a_gold_is_a_first_one_only_if_no_older_session_can_be_missing(
    company: Company,
) -> None:
    await company.hire("ann", "ben")
    company.stored = Window(days(20), NOW)
    await company.session("ann", 19, 50)
    await company.session("ben", 12, 50)
    for who in ("ann", "ben"):
        await company.session(who, 1, 95, rank="gold")

    found = await evaluated(company, GOLD)

    assert {each.who: each.is_first for each in found.rows} == {"Ann": False, "Ben": True}


async def test_people_are_silent_after_so_many_days(company: Company) -> None:
    await company.hire("ann", "ben", "cat", "dan", "eve", "fay")
    await company.hire("gus", role="removed")
    fourteen = (MONDAY - NOW) / timedelta(days=1) + 14
    await company.session("ann", fourteen - 0.1)
    await company.session("ben", fourteen)
    await company.session("cat", 40)
    await company.session("dan", 50)
    joined = sa.update(member).where(member.c.id == "eve").values(joined_at=days(3))
    await company.db.write(joined)

    found = await evaluated(company, SILENT, coaches=["dan"])

    assert [(each.who, each.last) for each in found.rows] == [
        ("Fay", None),
        ("Cat", days(40)),
        ("Ben", NOW - timedelta(days=14)),
    ]
    assert found.cleared == {"inactive ann"}


async def test_nobody_is_silent_if_not_all_is_known(company: Company) -> None:
    await company.hire("ann", "ben")
    await company.session("ann", 1)
    company.stored = Window(days(10), NOW)
    found = await evaluated(company, SILENT)
    assert (found.rows, found.cleared) == ((), {"inactive ann"})
    # A sync that lags behind makes nobody silent either.
    company.stored = Window(days(100), days(0))
    found = await evaluated(company, SILENT, now=NOW + timedelta(days=20))
    assert [each.who for each in found.rows] == ["Ben"]


@pytest.mark.parametrize(
    ("scores", "low", "cleared"),
    [
        ([10, 10], False, False),
        ([85, 85, 85, 60, 60, 60], False, False),
        ([10, 10, 10, 75, 75, 75], False, False),
        ([69.94] * 5, True, False),
        ([69.95] * 5, False, False),
        ([72.94] * 3, False, False),
        ([72.95] * 3, False, True),
    ],
    ids=[
        "two sessions are too few",
        "three in a row, though not the month",
        "the month, though not the last three",
        "both read as below",
        "both read as the limit itself",
        "above, though not by three points",
        "above by three points, as it reads",
    ],
)
async def test_an_average_is_low(
    company: Company, scores: Iterable[float], low: bool, cleared: bool
) -> None:
    await company.hire("ann")
    await practiced(company, *scores)
    await company.session("ann", 40, 100)
    found = await evaluated(company, LOW)
    assert [each.key for each in found.rows] == ["below ann"] * low
    assert found.cleared == frozenset(["below ann"] * cleared)


async def test_a_low_average_names_its_scores_and_each_person_has_their_own(
    company: Company,
) -> None:
    await company.hire("ann", "ben")
    await practiced(company, 60, 62, 61, 50.5)
    for ago in range(5):
        await company.session("ben", ago, 90)

    (low,) = (await evaluated(company, LOW)).rows

    assert (low.who, low.n, low.average, low.recent) == ("Ann", 4, Decimal("58.4"), Decimal("57.8"))
    assert low.scores == (62, 61, Decimal("50.5"))
    company.stored = Window(days(20), NOW)
    assert (await evaluated(company, LOW)).rows == ()


async def test_an_assignment_is_overdue_once_its_day_is_over(company: Company) -> None:
    """Set in the afternoon of the day, the alert tells it too."""
    await company.hire("ann", "ben")
    noon = datetime(2026, 3, 15, 11, tzinfo=UTC)  # a Sunday
    await company.assign("ann", due=noon)
    await company.assign("ann", "Renewal", due=noon, status="completed")
    await company.assign("ben", due=NOW)
    set_at = noon + timedelta(hours=3)

    assert (await evaluated(company, OVERDUE, now=set_at)).rows == []
    found = await evaluated(company, OVERDUE)

    assert [(each.who, each.due, each.at) for each in found.rows] == [("Ann", noon.date(), MONDAY)]
    assert len(news(found, (), set_at)) == 1
    assert (await evaluated(company, OVERDUE, tasks_at=None)).rows == []


async def test_news_is_what_is_not_known_and_did_not_happen_before_the_alert_was_set(
    company: Company,
) -> None:
    await company.hire("ann", "ben")
    await company.session("ann", 9, 95, rank="gold")
    await company.session("ann", 1, 95, on="Renewal", rank="gold")
    found = await evaluated(company, GOLD)

    # It was graded, or stored, a little after the alert was set.
    (told,) = news(found, (), days(0.5))

    assert told.scenario == "Renewal"
    assert news(found, {told.key}, days(0.5)) == ()
    # Silence began before, whenever the alert was set.
    assert [each.who for each in news(await evaluated(company, SILENT), (), NOW)] == ["Ben"]
