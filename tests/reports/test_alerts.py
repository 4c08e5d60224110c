"""What alerts wait for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.language.alert_words import AlertKind, AlertRule
from bot.reports.alerts import AlertFigures, news, report_on
from tests.reports.company import DAY, MONDAY, NOW, Company

GOLD, OVERDUE = AlertRule(AlertKind.GOLD), AlertRule(AlertKind.OVERDUE)
SILENT, LOW = AlertRule(AlertKind.INACTIVE, 14), AlertRule(AlertKind.BELOW, 70)


async def evaluated(company: Company, rule: AlertRule, **asked: Any) -> AlertFigures:
    return await report_on(rule).figures(company.prepared(None, **asked))


def days(count: float) -> datetime:
    return MONDAY - count * DAY


async def test_the_first_gold_of_each_person_in_each_scenario(company: Company) -> None:
    company.hire("ann", "ben", "cat")
    for days_ago in (5, 3):
        company.session("ann", days_ago, 95, rank="gold")
    company.session("ann", 4, 95, on="Renewal", rank="gold")
    company.session("ben", 2, 80, rank="silver")
    company.session("ben", 1, 95, rank="gold", valid=False)
    company.session("cat", 1, 95, rank="gold")
    evaluation = await evaluated(company, GOLD, coaches=["cat"])
    assert [(row.who, row.scenario, row.at) for row in evaluation.rows] == [
        ("Ann", "Cold Call", days(5)),
        ("Ann", "Renewal", days(4)),
    ]


async def test_people_are_silent_after_so_many_days(company: Company) -> None:
    company.hire("ann", "ben", "cat", "dan", "fay")
    company.hire("eve", joined_at=days(3))
    company.hire("gus", role="removed")
    fourteen = (MONDAY - NOW) / DAY + 14
    for who, days_ago in (("ann", fourteen - 0.1), ("ben", fourteen), ("cat", 40), ("dan", 50)):
        company.session(who, days_ago)
    evaluation = await evaluated(company, SILENT, coaches=["dan"])
    assert [(row.who, row.last) for row in evaluation.rows] == [
        ("Fay", None),
        ("Cat", days(40)),
        ("Ben", NOW - 14 * DAY),
    ]
    assert evaluation.cleared == {"inactive ann"}


async def test_nobody_is_silent_if_not_all_sessions_are_stored(company: Company) -> None:
    company.hire("ann", "ben")
    company.session("ann", 1)
    with company.known(since=days(10)):
        evaluation = await evaluated(company, SILENT)
    assert not evaluation.rows
    assert evaluation.cleared == {"inactive ann"}
    # A sync that lags behind doesn't make anybody silent, either.
    with company.known(days(100), days(0)):
        evaluation = await evaluated(company, SILENT, now=NOW + 20 * DAY)
    assert [row.who for row in evaluation.rows] == ["Ben"]


@pytest.mark.parametrize(
    ("scores", "is_low", "is_cleared"),
    [
        pytest.param([10] * 2, False, False, id="two sessions are too few"),
        pytest.param([60] * 3 + [85] * 3, False, False, id="three in a row, not the month"),
        pytest.param([75] * 3 + [10] * 3, False, False, id="the month, not the last three"),
        pytest.param([69.94] * 5, True, False, id="both read as below"),
        pytest.param([69.95] * 5, False, False, id="both read as the limit itself"),
        pytest.param([72.94] * 3, False, False, id="above, but not by three points"),
        pytest.param([72.95] * 3, False, True, id="above by three points, as it reads"),
    ],
)
async def test_an_average_is_low(
    company: Company, scores: list[float], is_low: bool, is_cleared: bool
) -> None:
    company.hire("ann")
    company.sessions("ann", {40: 100.0, **dict(enumerate(scores, start=1))})
    evaluation = await evaluated(company, LOW)
    assert [row.key for row in evaluation.rows] == ["below ann"] * is_low
    assert evaluation.cleared == frozenset(["below ann"] * is_cleared)


async def test_a_low_average_says_of_how_many(company: Company) -> None:
    company.hire("ann", "ben")
    company.sessions("ann", {4: 60, 3: 62, 2: 61, 1: 50.5})
    company.sessions("ben", dict.fromkeys(range(5), 90.0))
    (low,) = (await evaluated(company, LOW)).rows
    assert (low.who, low.n, low.average, low.recent) == ("Ann", 4, Decimal("58.4"), Decimal("57.8"))
    with company.known(since=days(20)):
        assert not (await evaluated(company, LOW)).rows


async def test_an_assignment_is_overdue_once_its_day_is_over(company: Company) -> None:
    """An alert that was set in the afternoon of that day reports it, too."""
    company.hire("ann", "ben")
    noon = datetime(2026, 3, 15, 11, tzinfo=UTC)  # a Sunday
    company.assign("ann", due=noon)
    company.assign("ann", "Renewal", due=noon, status="completed")
    company.assign("ben", due=NOW)
    set_at = noon + timedelta(hours=3)
    assert not (await evaluated(company, OVERDUE, now=set_at)).rows
    evaluation = await evaluated(company, OVERDUE)
    assert [(row.who, row.due, row.at) for row in evaluation.rows] == [("Ann", noon.date(), MONDAY)]
    assert len(news(evaluation, (), set_at)) == 1
    assert not (await evaluated(company, OVERDUE, tasks_at=None)).rows


async def test_news_is_unknown_and_did_not_happen_before_the_alert_was_set(
    company: Company,
) -> None:
    company.hire("ann", "ben")
    company.session("ann", 9, 95, rank="gold")
    company.session("ann", 1, 95, on="Renewal", rank="gold")
    evaluation = await evaluated(company, GOLD)
    # It may be graded or stored a little after the alert was set.
    (event,) = news(evaluation, (), days(0.5))
    assert event.scenario == "Renewal"
    assert news(evaluation, {event.key}, days(0.5)) == ()
    # Silence that began before the alert was set counts.
    assert [row.who for row in news(await evaluated(company, SILENT), (), NOW)] == ["Ben"]
