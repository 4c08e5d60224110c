"""A person's own week."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.mirror.query import Window
from bot.reports.me import Band, figures
from tests.reports.company import MONDAY, NOW, WEEK, Company


async def test_the_figures_are_ones_own(company: Company) -> None:
    await company.hire("ann", "ben")
    sessions = ((1, 80.0, "Renewal"), (2, 70.0, "Cold Call"), (10, 60.0, "Cold Call"))
    for days_ago, score, on in (*sessions, (11, 90.0, "Pricing"), (12, 75.0, "Pricing")):
        await company.session("ann", days_ago, score, on)
    await company.session("ann", 3, 20.0, "Cold Call", valid=False)
    await company.session("ben", 1, 99.0)
    found = await figures(company.asked(people=["ann"], unnamed=frozenset(("ann",))))
    assert (found.sums.sessions, str(found.sums.average), found.today) == (3, "75.0", 0)
    assert found.before is not None
    assert (found.before.sessions, found.best_scenario) == (3, "Renewal")
    assert [(x.scenario, x.sessions, x.attempts, str(x.lift)) for x in found.rows] == [
        ("Cold Call", 2, 2, "10.0"),
        ("Renewal", 1, 1, "None"),
        ("Pricing", 0, 2, "15.0"),
    ]
    assert [each.score and str(each.score) for each in found.last][:2] == ["80.0", "70.0"]
    assert (found.named, found.has_begun, found.tasks) == (False, True, ())
    unread = await figures(company.asked(people=["ben"], tasks_at=None))
    assert unread.tasks is None


async def test_today_stands_beside_the_whole_days(company: Company) -> None:
    await company.hire("ann")
    for days_ago, score in ((1, 80.0), (-0.1, 90.0), (-0.2, 85.0)):
        await company.session("ann", days_ago, score)
    found = await figures(company.asked(people=["ann"]))
    assert (found.today, found.sums.sessions) == (2, 1)
    (row,) = found.rows
    assert (row.sessions, row.attempts, str(row.best)) == (1, 3, "90.0")


@pytest.mark.parametrize(
    ("weeks_ago", "stored", "row", "perhaps"),
    [
        pytest.param((1, 2, 3, 5), 60, 3, False, id="up to the week without one"),
        pytest.param((0, 1), 60, 2, False, id="this week counts if it has one"),
        pytest.param((2, 3), 60, 0, False, id="last week had none"),
        pytest.param((1, 2), 2, 2, True, id="more may lie before what is stored"),
    ],
)
async def test_weeks_in_a_row_have_a_session_each(
    company: Company, weeks_ago: tuple[int, ...], stored: int, row: int, perhaps: bool
) -> None:
    await company.hire("ann")
    for weeks in weeks_ago:
        await company.session("ann", 7 * weeks - 0.2)
    company.stored = Window(MONDAY - stored * WEEK, NOW)
    found = await figures(company.asked(people=["ann"]))
    assert (found.weeks_in_a_row, found.is_longer_perhaps) == (row, perhaps)


@pytest.mark.parametrize(
    ("people", "place", "part"),
    [
        (12, 3, "upper quarter"),
        (12, 4, "upper half"),
        (12, 6, "upper half"),
        (12, 7, None),
        (10, 1, "upper quarter"),
        (9, 1, None),
    ],
)
async def test_the_upper_half_of_ten_people_or_more_is_told(
    company: Company, people: int, place: int, part: Any
) -> None:
    ids = [f"p{n}" for n in range(people)]
    await company.hire(*ids)
    await company.group("West", *ids)
    await company.group("Small", *ids[:3])
    for n, id_ in enumerate(ids):
        for nth in range(people - n - 1):
            await company.session(id_, 1 + nth / 100, 50.0)
    asked = company.asked(people=[ids[place - 1]])
    found = await figures(asked)
    assert found.band == (part and Band(part, people, "West"))
    company.stored = Window(MONDAY - timedelta(days=6), NOW)
    assert (await figures(company.asked(people=[ids[place - 1]]))).band is None
