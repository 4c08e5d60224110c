"""The list of sessions as a table: each with its words, and namesakes told apart."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.exec_api.models import Scenario, Session, User
from bot.reports.figures import figures
from bot.reports.report import AnyReport
from bot.reports.sessions import REPORT, SessionList
from bot.reports.table import REPORTS


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_every_report_says_whom_it_names(report: AnyReport) -> None:
    """Else everybody in question counts as looked at, in a channel as well."""
    assert report.named is not None or not report.asked


AT = datetime(2026, 3, 1, tzinfo=UTC)
CALL = Scenario(id="c1", name="Cold Call")


def session(user: User, *, rank: str | None, valid: bool, score: float | None = 80.0) -> Session:
    return Session(
        id=f"{user.id}{rank}{valid}",
        user=user,
        scenario=CALL,
        score=score,
        rank=rank,
        is_valid_attempt=valid,
        duration_seconds=300.0,
        created_at=AT,
    )


def test_a_row_says_of_a_session_what_is_known() -> None:
    one, other = (
        User(id=i, email=e, first_name="Jane") for i, e in (("u1", "j@a.com"), ("u2", ""))
    )
    kim = User(id="u3", first_name="Kim")
    rows = (
        session(one, rank="gold", valid=True),
        session(other, rank="gold", valid=False),
        session(kim, rank=None, valid=True, score=None),
        session(kim, rank=None, valid=False),
        session(one, rank="silver", valid=True),
    )
    found = SessionList(rows, len(rows), None, figures(rows))
    assert REPORT.table is not None
    assert REPORT.named is not None
    made = REPORT.table(found)
    assert [column.label for column in made.columns] == [
        "When",
        "Who",
        "Score",
        "Scenario",
        "Rank",
        "Length",
    ]
    assert made.rows == (
        (AT, "Jane (j@a.com)", 80.0, "Cold Call", "Gold", 300.0),
        (AT, "Jane (u2)", 80.0, "Cold Call", "Gold (incomplete)", 300.0),
        (AT, "Kim", None, "Cold Call", None, 300.0),
        (AT, "Kim", 80.0, "Cold Call", "Incomplete", 300.0),
        (AT, "Jane (j@a.com)", 80.0, "Cold Call", "Silver", 300.0),
    )
    assert set(REPORT.named(found)) == {"u1", "u2", "u3"}
    assert REPORT.public is not None
    assert not REPORT.named(REPORT.public(found))
