"""The rows and figures of an answer are what the words of the question describe, in their order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.exec_api.models import Scenario, Session, User
from bot.language.query import Kind, Member, Named, Range, Rank, ResolvedQuery, Sort
from bot.mirror.asked import Asked, Questions
from bot.mirror.rows import from_ms
from bot.mirror.select import BATCH, Selecting
from bot.mirror.store import SessionStore
from bot.mirror.stretches import Stretch
from bot.people.groups import Rosters
from bot.reports.figures import figures
from bot.sandbox import exec_lists, world_things
from bot.storage.database import Database
from tests.conftest import FakeClock, MakeUrl

AS_OF = 1_000_000
PARAMETERS = {
    Sort.NEWEST: "-created_at",
    Sort.OLDEST: "created_at",
    Sort.BEST: "-score",
    Sort.WORST: "score",
    Sort.LONGEST: "-duration",
    Sort.SHORTEST: "duration",
}
PEOPLE = {
    "u1": User(id="u1", email="jane@acme.com", first_name="Jane", last_name="Smith"),
    "u2": User(id="u2", email="bob@acme.com", first_name="Bob"),
    "x1": User(id="x1", email="taylor@exec.com", first_name="Taylor"),
}
SCENARIOS = {id_: Scenario(id=id_, name=f"{id_} & <more>", slug=id_) for id_ in ("s1", "s2")}

sessions = st.builds(
    lambda user, scenario, score, rank, seconds, valid, at: Session(
        id="?",
        user=PEOPLE[user],
        scenario=SCENARIOS[scenario],
        score=score,
        rank=rank,
        duration_seconds=seconds,
        is_valid_attempt=valid,
        created_at=from_ms(at),
    ),
    st.sampled_from(sorted(PEOPLE)),
    st.sampled_from(sorted(SCENARIOS)),
    st.none() | st.sampled_from([0.0, 49.9, 50.0, 82.1, 82.2, 100.0]),
    st.sampled_from([None, "gold", "silver", "unranked", "platinum"]),
    st.none() | st.sampled_from([0.0, 59.5, 60.0, 300.0]),
    st.booleans(),
    st.integers(0, 9),
)
several = st.lists(sessions, max_size=30).map(
    lambda found: [
        replace(each, id=f"r{number * 7919 % 101:03}") for number, each in enumerate(found)
    ]
)
numbers = st.none() | st.sampled_from([0.0, 50.0, 60.0, 82.1, 100.0, 300.0])
ranges = st.none() | st.builds(Range, numbers, numbers, st.booleans(), st.booleans())
JANE = (Member("u1", "", ""),)
queries = st.builds(
    ResolvedQuery,
    people=st.sampled_from([None, JANE, (*JANE, Member("x1", "", ""))]),
    names=st.sampled_from([(), (Named(Kind.SCENARIO, "s2", "s2"),)]),
    absent=st.sampled_from([(), ("u2",)]),
    include_system=st.booleans(),
    ranks=st.lists(st.sampled_from(Rank), unique=True, max_size=3).map(tuple),
    valid=st.sampled_from([None, True, False]),
    score=ranges,
    length=ranges,
    sort=st.sampled_from(Sort),
)


async def asked_about(database: Database, query: ResolvedQuery) -> Asked:
    rosters = Rosters(database, None, FakeClock())  # type: ignore[arg-type]
    return await Questions(rosters).asked(query, now=AS_OF)


async def store(database: Database, stretch: Stretch, rows: Sequence[Session]) -> None:
    await SessionStore(database, FakeClock()).put(stretch, rows)


def as_in_exec(session: Session) -> Any:
    """What the stand-in's orders look at."""
    return world_things.Session(
        session.id,
        session.user.id,
        session.scenario.id,
        session.score,
        session.rank,
        session.duration_seconds,  # type: ignore[arg-type]
        session.is_valid_attempt,
        session.created_at,
    )


def is_in(number: float | None, bounds: Range | None) -> bool:
    return bounds is None or (number is not None and number in bounds)


def expected(rows: Sequence[Session], query: ResolvedQuery) -> list[Session]:
    """By the words of the question, in the stand-in's order."""
    users = None if query.people is None else {each.id for each in query.people}
    scenarios = {each.id for each in query.names}
    found = [
        row
        for row in rows
        if (users is None or row.user.id in users)
        and (not scenarios or row.scenario.id in scenarios)
        and row.user.id not in query.absent
        and (query.include_system or not row.user.email.endswith("@exec.com"))
        and (not query.ranks or row.rank in [rank.value for rank in query.ranks])
        and (query.valid is None or row.is_valid_attempt is query.valid)
        and is_in(row.score, query.score)
        and is_in(row.duration_seconds, query.length)
    ]
    order = exec_lists.ORDERS[PARAMETERS[query.sort]]
    return sorted(found, key=lambda row: order(as_in_exec(row)))


async def selected(
    url: str, rows: Sequence[Session], query: ResolvedQuery, told: int, skip: int, keep: int
) -> None:
    """Rows from `told` (ms) on were asked of Exec directly; what is stored of that time is not
    theirs."""
    wanted = expected(rows, query)
    async with Database(url) as database:
        await store(database, Stretch(0, 10, AS_OF), rows if told == 10 else rows[:-1])
        parts = [Stretch(0, told, AS_OF)] if told else []
        if told < 10:
            await store(
                database,
                Stretch(0, told or 1, AS_OF),
                [row for row in rows if row.created_at < from_ms(told or 1)],
            )
            parts.append(Stretch(told, 10, AS_OF - 1, tuple(rows)))
        found = await Selecting(database).select(
            parts, await asked_about(database, query), skip=skip, keep=keep
        )
    assert list(found.rows) == wanted[skip : skip + keep]
    assert found.total == len(wanted)
    assert found.figures == figures(wanted)


def selects(make: MakeUrl, *given: Any) -> None:
    asyncio.run(selected(make(), *given))


cases = given(
    rows=several,
    query=queries,
    told=st.sampled_from([0, 4, 10]),
    skip=st.integers(0, 5),
    keep=st.integers(0, 30),
)
slowly = settings(deadline=None, suppress_health_check=list(HealthCheck))


@settings(slowly, max_examples=40)
@cases
def test_what_the_words_say(
    sqlite_urls: MakeUrl, rows: Any, query: Any, told: int, skip: int, keep: int
) -> None:
    selects(sqlite_urls, rows, query, told, skip, keep)


@settings(slowly, max_examples=5)
@cases
def test_what_the_words_say_on_postgres(
    postgres_urls: MakeUrl, rows: Any, query: Any, told: int, skip: int, keep: int
) -> None:
    selects(postgres_urls, rows, query, told, skip, keep)


async def test_many_rows(database: Database) -> None:
    rows = [
        Session(
            id=f"r{number:05}",
            user=PEOPLE["u1"],
            scenario=SCENARIOS["s1"],
            score=float(number * 31 % 101),
            rank="gold",
            duration_seconds=60,
            is_valid_attempt=True,
            created_at=from_ms(number // 3),
        )
        for number in range(5 * BATCH)
    ]
    await store(database, Stretch(0, 10_000, AS_OF), rows)
    for sort in Sort:
        asked = await asked_about(database, ResolvedQuery(people=None, sort=sort))
        found = await Selecting(database).select(
            [Stretch(0, 10_000, AS_OF)], asked, skip=700, keep=50
        )
        wanted = expected(rows, asked.query)
        assert [row.id for row in found.rows] == [row.id for row in wanted[700:750]]
        assert found.figures == figures(wanted)
