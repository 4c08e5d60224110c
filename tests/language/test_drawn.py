"""Questions drawn from the rows of filters and reports, so that a new row is tested, too."""

from __future__ import annotations

from random import Random

from bot.language.filters import FILTERS, Filter, used
from bot.language.query import By
from bot.reports._report import AnyReport
from bot.reports.table import REPORTS
from tests.language.world import JANE, query_of

SAMPLES = {
    "who": JANE.email,
    "group": 'group:"West Coast"',
    "scenario": "scenario:procurement-discovery",
    "skill": 'skill:"Active Listening"',
    "program": "program:onboarding",
    "collection": 'collection:"First Calls"',
    "without": "-group:west",
}
# Filters that need a sentence of their own.
ALONE = frozenset(("versus", "session", "limit", "sort"))
# "Under 60 gold" could count golds, and what is finished has no date.
AMBIGUOUS = frozenset(("under 60", "finished"))
# What words imply: "inactive onboarding" is about all time, golds rank people by gold, and "prep
# today" has the time of a meeting.
IMPLIED = {"inactive": {"period"}, "leaderboard": {"by", "rank"}, "prep": {"period"}}


def drawn_words(report: AnyReport, row: Filter, pick: Random) -> str:
    if row.key == "by":
        return f"by {pick.choice([by for by in report.by if by is not By.LIFT])}"
    return SAMPLES.get(row.key) or pick.choice(
        [form for form in row.forms if form not in AMBIGUOUS]
    )


def test_a_report_reads_each_of_its_filters_beside_any_others() -> None:
    pick = Random(3)
    for report in REPORTS:
        rows = [row for row in FILTERS if row.key in report.takes - ALONE]
        for _ in range(0 if report.sides else 30):
            drawn = pick.sample(rows, pick.randint(1, min(4, len(rows))))
            text = " ".join(drawn_words(report, row, pick) for row in drawn)
            query, keys = query_of(text, report=report.name), {row.key for row in drawn}
            assert {*used(query)} ^ keys <= IMPLIED.get(report.name, set()), (report.name, text)
