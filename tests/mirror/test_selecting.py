"""The rows and figures of an answer are what the words of the question describe, in their order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.exec_api.models import Scenario, Session, User
from bot.language.query import Range, Rank, ResolvedQuery, Sort
from bot.mirror.coverage import Piece
from bot.mirror.held import Held
from bot.mirror.planning import Part
from bot.mirror.rows import moment, row_of
from bot.mirror.scope import ALL, Scope
from bot.mirror.selecting import BATCH, Selecting, joined
from bot.mirror.walking import Lesson
from bot.reports.figures import figures
from bot.sandbox import exec_select, world_things
from bot.storage.database import Database
from tests.conftest import FakeClock, MakeUrl
from tests.mirror.model import checked
from tests.mirror.truth import keeps

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
        created_at=moment(at),
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
queries = st.builds(
    ResolvedQuery,
    people=st.none(),
    ranks=st.lists(st.sampled_from(Rank), unique=True, max_size=3).map(tuple),
    valid=st.sampled_from([None, True, False]),
    score=ranges,
    length=ranges,
    sort=st.sampled_from(Sort),
)
narrows = st.sampled_from(
    [
        ALL,
        Scope(system=False),
        Scope(users=frozenset({"u1"})),
        Scope(users=frozenset({"u1", "x1"}), scenarios=frozenset({"s2"}), system=False),
    ]
)


async def hold(database: Database, scope: Scope, rows: Sequence[Session]) -> None:
    ordered = sorted(rows, key=lambda row: row.created_at, reverse=True)
    lesson = Lesson(Piece(0, 100_000, AS_OF), tuple(map(row_of, ordered)))
    await Held(database, FakeClock()).learn(scope, lesson, {row.id: row for row in rows})


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


def expected(rows: Sequence[Session], query: ResolvedQuery, narrow: Scope) -> list[Session]:
    """By the words of the question, in the stand-in's order."""
    found = [
        row
        for row in rows
        if (narrow.users is None or row.user.id in narrow.users)
        and (narrow.scenarios is None or row.scenario.id in narrow.scenarios)
        and (narrow.system or not row.user.email.endswith("@exec.com"))
        and (not query.ranks or row.rank in [rank.value for rank in query.ranks])
        and keeps(query, score=row.score, seconds=row.duration_seconds, valid=row.is_valid_attempt)
    ]
    order = exec_select.ORDERS[PARAMETERS[query.sort]]
    return sorted(found, key=lambda row: order(as_in_exec(row)))


async def selected(
    url: str, rows: Sequence[Session], query: ResolvedQuery, narrow: Scope, skip: int, keep: int
) -> None:
    wanted = expected(rows, query, narrow)
    async with Database(url) as database:
        await hold(database, ALL, rows)
        parts = [Part(0, 4, AS_OF, ALL, narrow), Part(4, 10, AS_OF - 1, ALL, narrow)]
        found = await Selecting(database).select(parts, query, skip=skip, keep=keep)
    assert list(found.rows) == wanted[skip : skip + keep]
    assert found.total == len(wanted)
    assert found.figures == figures(wanted)


def selects(make: MakeUrl, *given: Any) -> None:
    asyncio.run(selected(make(), *given))


cases = given(
    rows=several, query=queries, narrow=narrows, skip=st.integers(0, 5), keep=st.integers(0, 30)
)
slowly = settings(checked, suppress_health_check=list(HealthCheck))


@settings(slowly, max_examples=40)
@cases
def test_what_the_words_say(
    sqlite_urls: MakeUrl, rows: Any, query: Any, narrow: Any, skip: int, keep: int
) -> None:
    selects(sqlite_urls, rows, query, narrow, skip, keep)


@settings(slowly, max_examples=5)
@cases
def test_what_the_words_say_on_postgres(
    postgres_urls: MakeUrl, rows: Any, query: Any, narrow: Any, skip: int, keep: int
) -> None:
    selects(postgres_urls, rows, query, narrow, skip, keep)


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
            created_at=moment(number // 3),
        )
        for number in range(5 * BATCH)
    ]
    await hold(database, ALL, rows)
    parts = [Part(0, 10_000, AS_OF, ALL, ALL)]
    for sort in Sort:
        query = ResolvedQuery(people=None, sort=sort)
        found = await Selecting(database).select(parts, query, skip=700, keep=50)
        wanted = expected(rows, query, ALL)
        assert [row.id for row in found.rows] == [row.id for row in wanted[700:750]]
        assert found.figures == figures(wanted)


async def test_of_a_dark_scope_only_its_members_count(database: Database) -> None:
    skill = Scope(skills=frozenset({"k1"}))
    mine = Scope(skills=frozenset({"k1"}), users=frozenset({"u1"}))
    rows = [
        Session(id=id_, user=PEOPLE[user], scenario=SCENARIOS["s1"], created_at=moment(at))
        for id_, user, at in [("a", "u1", 1), ("b", "u2", 2), ("c", "u1", 3), ("d", "u1", 4)]
    ]
    await hold(database, skill, rows[:3])
    await hold(database, Scope(users=frozenset({"u1"})), [rows[0], rows[2], rows[3]])

    async def ids(part: Part) -> list[str]:
        query = ResolvedQuery(people=None)
        found = await Selecting(database).select([part], query, keep=9)
        return [row.id for row in found.rows]

    assert await ids(Part(0, 10, AS_OF, skill, skill)) == ["c", "b", "a"]
    assert await ids(Part(0, 10, AS_OF, skill, mine)) == ["c", "a"]
    assert await ids(Part(0, 3, AS_OF, skill, mine)) == ["a"]


async def test_without_parts_there_is_nothing(database: Database) -> None:
    found = await Selecting(database).select([], ResolvedQuery(people=None), keep=9)
    assert (found.rows, found.total) == ((), 0)
    assert found.figures == figures(())


PEOPLE_ONLY = Scope(system=False)


@pytest.mark.parametrize(
    ("second", "together"),
    [
        (Part(5, 9, 8, ALL, PEOPLE_ONLY), True),
        (Part(6, 9, 7, ALL, PEOPLE_ONLY), False),
        (Part(5, 9, 7, PEOPLE_ONLY, PEOPLE_ONLY), True),
        (Part(5, 9, 7, ALL, ALL), False),
        (Part(5, 9, 7, Scope(groups=frozenset({"g1"})), PEOPLE_ONLY), False),
    ],
    ids=["neighbour", "apart", "held-of-fewer", "other-rows", "as-exec-tells"],
)
def test_neighbours_are_read_together(second: Part, together: bool) -> None:
    first = Part(0, 5, 7, ALL, PEOPLE_ONLY)
    whole = [replace(first, end=9)] if together else [first, second]
    assert list(joined([first, second])) == whole
