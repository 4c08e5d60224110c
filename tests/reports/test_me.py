"""A person's own week."""

from __future__ import annotations

from bot.reports.me import ScoreRange, figures
from tests.reports.company import DAY, MONDAY, Company


async def test_figures_are_of_whole_days_and_today_is_counted_separately(company: Company) -> None:
    company.hire("ann", "ben")
    sessions = ((1, 80.0, "Renewal"), (2, 70.0, "Cold Call"), (10, 60.0, "Cold Call"))
    for days_ago, score, on in (*sessions, (11, 90.0, "Pricing"), (12, 75.0, "Pricing")):
        company.session("ann", days_ago, score, on)
    company.session("ann", 3, 20.0, valid=False)
    company.sessions("ann", {-0.1: 90, -0.2: 85}, on="Renewal")
    company.session("ben", 1, 99)
    computed = await figures(company.prepared(people=["ann"], unnamed=frozenset(("ann",))))
    assert (computed.sums.sessions, str(computed.sums.average), computed.today) == (3, "75.0", 2)
    assert computed.before is not None
    assert (computed.before.sessions, computed.best and computed.best.scenario) == (3, "Renewal")
    assert [
        (row.scenario, row.sessions, row.progress.attempts, str(row.progress.lift))
        for row in computed.rows
        if row.progress
    ] == [
        ("Cold Call", 2, 2, "10.0"),
        ("Renewal", 1, 3, "10.0"),
        ("Pricing", 0, 2, "15.0"),
    ]
    assert (computed.named, computed.has_begun, computed.tasks) == (False, True, ())
    unread = await figures(company.prepared(people=["ben"], tasks_at=None))
    assert unread.tasks is None


async def test_a_person_in_the_upper_half_of_ten_or_more_is_told_so(company: Company) -> None:
    ids = [f"p{n}" for n in range(12)]
    company.hire(*ids)
    for n, id_ in enumerate(ids):
        for attempt in range(12 - n):
            company.session(id_, 1 + attempt / 100, 50)

    async def band(place: int) -> ScoreRange | None:
        return (await figures(company.prepared(people=[ids[place - 1]]))).band

    company.group("Small", *ids[:9])
    assert await band(1) is None
    company.group("West", *ids)
    assert await band(3) == ScoreRange("upper quarter", 12, "West")
    assert await band(4) == await band(6) == ScoreRange("upper half", 12, "West")
    assert await band(7) is None
    with company.known(since=MONDAY - 6 * DAY):
        assert await band(3) is None
