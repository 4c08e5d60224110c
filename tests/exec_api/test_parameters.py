"""A question's filters as Exec reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.demo.exec_lists import ORDERS, SESSION_PARAMS, parse
from bot.exec_api.budget import Job
from bot.exec_api.models import Session
from bot.language.filters import parameters
from bot.language.query import Kind, Member, Named, Period, Rank, ResolvedQuery, Sort
from bot.storage.database import Database
from tests.conftest import START, FakeClock
from tests.mirror.company import company

ZOE = Member("u1", "zoe.mueller+west@acme.com", "Zoë Müller")
NOBODY = Member("u2", "", "Someone")
HOUR, MS = timedelta(hours=1), timedelta(milliseconds=1)


def sent(query: ResolvedQuery) -> dict[str, object]:
    """What Exec understands; raises BadRequest for what it refuses."""
    return parse(parameters(query, now=START), SESSION_PARAMS)


def test_every_filter_of_exec_is_reached() -> None:
    kinds = tuple(Named(kind, f"{kind}-{n}", "") for kind in Kind for n in (1, 2))
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
    many = tuple(Member(f"u{n}", f"u{n}@acme.com", "") for n in range(400))
    assert sent(ResolvedQuery(many))["user_ids"] == tuple(each.id for each in many)
    assert sent(ResolvedQuery(None, include_system=True)) == {}
    orders = {sent(ResolvedQuery(None, sort=sort)).get("sorting", "-created_at") for sort in Sort}
    assert orders == ORDERS.keys()
    reached = {*sent(whole), "user_ids", "sorting"}
    assert reached == SESSION_PARAMS.keys()


def test_neighboring_periods_share_no_moment() -> None:
    edges = [datetime(2026, 3, 14, 23, 59, 59, 999999, tzinfo=UTC), START - HOUR, START]
    spans = [sent(ResolvedQuery(None, period=Period("", "UTC", *each))) for each in pairwise(edges)]
    assert spans[0]["end_date"] + MS == spans[1]["start_date"]  # type: ignore[operator]
    ahead = Period("", "UTC", START - HOUR, START + HOUR)
    assert sent(ResolvedQuery(None, period=ahead))["end_date"] == START
    rolling = Period("", "UTC", START - HOUR, START, closed=True)
    assert sent(ResolvedQuery(None, period=rolling))["end_date"] == START


@pytest.mark.one_database
async def test_a_page_of_them(database: Database, clock: FakeClock) -> None:
    async with company(clock, sessions=250) as acme:
        one = await acme.start(database)
        jane = acme.world.person("jane@acme.com")
        query = ResolvedQuery((Member(jane.id, jane.email, ""),), sort=Sort.BEST)
        filters = dict(parameters(query, now=clock()))
        page = await one.client.page("/sessions", Session, Job.PEOPLE, filters)
        ordered = sorted(acme.world.sessions.by_user[jane.id], key=ORDERS["-score"])
        assert [each.id for each in page.items] == [each.id for each in ordered]
        page = await one.client.page("/sessions", Session, Job.PEOPLE, number=3)
        assert (len(page.items), page.total) == (50, 250)
        assert acme.exec.requests[-1].params == {"page": "3", "page_size": "100"}
