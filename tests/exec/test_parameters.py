"""A question's filters as Exec reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from bot.demo.exec_lists import ORDERS, SESSION_PARAMS, parse
from bot.language.filters import parameters
from bot.language.query import Kind, Member, Period, Rank, ResolvedName, ResolvedQuery, Sort
from tests.conftest import START

ZOE = Member("u1", "zoe.mueller+west@acme.com", "Zoë Müller")
NOBODY = Member("u2", "", "Someone")
HOUR, MS = timedelta(hours=1), timedelta(milliseconds=1)


def sent(query: ResolvedQuery) -> dict[str, object]:
    """The filters as Exec understands them. Raises BadRequest for one that it refuses."""
    return parse(parameters(query, now=START), SESSION_PARAMS)


def test_every_filter_of_exec_is_reached() -> None:
    kinds = tuple(ResolvedName(kind, f"{kind}-{n}", "") for kind in Kind for n in (1, 2))
    period = Period("", "UTC", START - 2 * HOUR, START - HOUR)
    whole = ResolvedQuery((ZOE, ZOE), kinds, ranks=(Rank.GOLD, Rank.BRONZE), period=period)
    things = {f"{kind}_ids": (f"{kind}-1", f"{kind}-2") for kind in Kind}
    assert sent(whole) == things | {
        "user_emails": (ZOE.email, ZOE.email),
        "rank": ("gold", "bronze"),
        "start_date": START - 2 * HOUR,
        "end_date": START - HOUR - MS,
        "exclude_system_users": True,
    }
    assert sent(ResolvedQuery((ZOE, NOBODY)))["user_ids"] == ("u1", "u2")
    many = tuple(Member(f"u{n}", f"u{n}@acme.com", "") for n in range(21))
    few = many[:20]
    assert sent(ResolvedQuery(few))["user_emails"] == tuple(person.email for person in few)
    assert sent(ResolvedQuery(many))["user_ids"] == tuple(person.id for person in many)
    assert sent(ResolvedQuery(None, include_system=True)) == {}
    orders = {sent(ResolvedQuery(None, sort=sort)).get("sorting", "-created_at") for sort in Sort}
    assert orders == ORDERS.keys()
    reached = {*sent(whole), "user_ids", "sorting"}
    assert reached == SESSION_PARAMS.keys()


def test_neighboring_periods_share_no_moment() -> None:
    edges = [datetime(2026, 3, 14, 23, 59, 59, 999999, tzinfo=UTC), START - HOUR, START]
    earlier, later = (
        sent(ResolvedQuery(None, period=Period("", "UTC", *x))) for x in pairwise(edges)
    )
    end, start = earlier["end_date"], later["start_date"]
    assert isinstance(end, datetime)
    assert end + MS == start
    ahead = Period("", "UTC", START - HOUR, START + HOUR)
    assert sent(ResolvedQuery(None, period=ahead))["end_date"] == START
    rolling = Period("", "UTC", START - HOUR, START, closed=True)
    assert sent(ResolvedQuery(None, period=rolling))["end_date"] == START
