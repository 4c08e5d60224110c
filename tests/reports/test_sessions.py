"""The list of sessions."""

from __future__ import annotations

from decimal import Decimal

from bot.language.query import Rank
from bot.reports.sessions import REPORT, figures
from bot.reports.table import REPORTS
from tests.reports.company import Company, in_channel


def test_every_report_says_who_it_names() -> None:
    """Otherwise, everybody in the question counts as looked at, in a channel, too."""
    assert [report.name for report in REPORTS if report.has_command and report.named is None] == []


async def test_a_row_shows_what_is_known_of_a_session(company: Company) -> None:
    company.hire("jane", "jane2", name="Jane")
    company.hire("kim")
    company.session("jane", 1, 80.25, rank="gold", seconds=61)
    company.session("jane2", 2, 80.0, rank="gold", valid=False)
    company.session("kim", 3, valid=True)
    company.session("kim", 4, seconds=None)
    rows = (await figures(company.prepared())).rows
    assert [(row.who, row.score, row.result, row.seconds) for row in rows] == [
        ("Jane (jane@acme.com)", Decimal("80.3"), "Gold", 61),
        ("Jane (jane2@acme.com)", Decimal("80.0"), "Gold (incomplete)", 300),
        ("Kim", None, "", 300),
        ("Kim", None, "Incomplete", None),
    ]


async def test_sums_never_depend_on_the_page_or_the_limit(company: Company) -> None:
    company.hire("ann", "ben", "cat")
    for n, who in enumerate(("ann", "ben", "cat") * 10):
        company.session(who, 1 + n / 100, 60.0 + n, rank="bronze")
    company.session("ann", 1, valid=False)
    bronze = (Rank.BRONZE,)
    whole = await figures(company.prepared(ranks=bronze))
    page = await figures(company.prepared(ranks=bronze, rows=range(25, 50)))
    few = await figures(company.prepared(ranks=bronze, limit=5))
    counts = [(len(part.rows), part.total, part.matching) for part in (whole, page, few)]
    assert counts == [(25, 30, 30), (5, 30, 30), (5, 5, 30)]
    assert whole.sums == page.sums == few.sums
    assert whole.sums.average == Decimal("74.5")
    assert REPORT.named is not None
    assert REPORT.named(few) == {"ann", "ben", "cat"}


async def test_a_channel_sees_sums_of_three_people_or_more(company: Company) -> None:
    company.hire("ann", "ben", "cat")
    company.session("ann", 1, 80)
    company.session("ben", 1, 80)
    assert REPORT.in_channel(await figures(company.prepared()), own=False) is None
    company.session("cat", 1, 92)
    seen = in_channel(REPORT, await figures(company.prepared()))
    assert (seen.sums.average, seen.rows, seen.best) == (Decimal("84.0"), (), None)
