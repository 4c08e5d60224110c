"""The list of sessions: its rows, its sums, and what a channel sees of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.language.query import Rank
from bot.reports._asked import Slice
from bot.reports._report import AnyReport
from bot.reports.sessions import REPORT, figures
from bot.reports.table import REPORTS
from tests.reports.company import Company


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_every_report_says_whom_it_names(report: AnyReport) -> None:
    """Otherwise everybody in question counts as looked at, in a channel too."""
    assert report.named is not None or not report.asked


async def test_a_row_says_of_a_session_what_is_known(company: Company) -> None:
    await company.hire("jane", "jane2", name="Jane")
    await company.hire("kim")
    await company.session("jane", 1, 80.25, rank="gold", seconds=61)
    await company.session("jane2", 2, 80.0, rank="gold", valid=False)
    await company.session("kim", 3, valid=True)
    await company.session("kim", 4, seconds=None)
    rows = (await figures(company.asked())).rows
    assert [(row.who, row.score, row.rank, row.seconds) for row in rows] == [
        ("Jane (jane@acme.com)", Decimal("80.3"), "Gold", 61),
        ("Jane (jane2@acme.com)", Decimal("80.0"), "Gold (incomplete)", 300),
        ("Kim", None, None, 300),
        ("Kim", None, "Incomplete", None),
    ]


async def test_sums_never_depend_on_the_page_or_the_limit(company: Company) -> None:
    await company.hire("ann", "ben", "cat")
    for n, who in enumerate(("ann", "ben", "cat") * 10):
        await company.session(who, 1 + n / 100, 60.0 + n, rank="bronze")
    await company.session("ann", 1, valid=False)
    all_ = await figures(company.asked(ranks=(Rank.BRONZE,)))
    page = await figures(company.asked(ranks=(Rank.BRONZE,), slice=Slice(25, 25)))
    few = await figures(company.asked(ranks=(Rank.BRONZE,), limit=5))
    assert [(len(x.rows), x.total, x.matching) for x in (all_, page, few)] == [
        (25, 30, 30), (5, 30, 30), (5, 5, 30)
    ]  # fmt: skip
    assert all_.sums == page.sums == few.sums
    assert all_.sums.average == Decimal("74.5")
    assert REPORT.named is not None
    assert REPORT.named(few) == {"ann", "ben", "cat"}


async def test_a_channel_sees_sums_of_three_people_or_more(company: Company) -> None:
    await company.hire("ann", "ben", "cat")
    for who in ("ann", "ben"):
        await company.session(who, 1, 80.0)
    assert REPORT.in_channel(await figures(company.asked()), own=False) is None
    await company.session("cat", 1, 92.0)
    seen = REPORT.in_channel(await figures(company.asked()), own=False)
    assert seen is not None
    assert (seen.sums.average, seen.rows, seen.best) == (Decimal("84.0"), (), None)
