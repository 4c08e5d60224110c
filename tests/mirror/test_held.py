"""What is written is what the pure rules say, act for act, and so what Exec held.

A history of the tiny Exec is played with the mirror of the model; each of its lessons is then
taught to the tables as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.exec_api.models import Scenario, Session, User
from bot.mirror.coverage import Coverage, Piece
from bot.mirror.held import Held
from bot.mirror.rows import moment
from bot.mirror.scope import ALL, Scope
from bot.mirror.walking import Lesson, Row
from bot.storage.database import Database
from tests.conftest import FakeClock, MakeUrl
from tests.mirror.acts import Forget, acts
from tests.mirror.mirrored import stored
from tests.mirror.model import USERS, Mirror, assert_true, checked
from tests.mirror.test_history import History

END = 1 << 60
NINE = 1_000_000
JANE = Scope(users=frozenset({"jane"}))
GROUP = Scope(groups=frozenset({"g1"}))


@dataclass(frozen=True)
class Learned:
    scope: Scope
    lesson: Lesson


@dataclass(frozen=True)
class ForgotBefore:
    instant: int


@dataclass(frozen=True)
class ForgotPerson:
    user: str


@dataclass(frozen=True)
class Snapshot:
    """What the model holds: coverage and members only where there are any."""

    known: dict[Scope, Coverage]
    rows: frozenset[Row]
    members: dict[str, frozenset[str]]


Step = tuple[Learned | ForgotBefore | ForgotPerson, Snapshot]


def whole(row: Row) -> Row:
    """The model's rows have a score only."""
    (score,) = row.content
    return replace(row, content=(None if score is None else float(score), None, None, False))


class Recording(Mirror):
    """The model's mirror, which remembers what it was taught and what it made of it."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []

    def learn(self, scope: Scope, lesson: Lesson) -> None:
        super().learn(scope, lesson)
        rows = tuple(map(whole, lesson.rows))
        self._note(Learned(scope, replace(lesson, rows=rows)))

    def forget_before(self, instant: int) -> None:
        self._drop({row for row in self.rows.values() if row.created_at < instant})
        for scope, coverage in self.known.items():
            self.known[scope] = coverage.forget(0, instant)
        self._note(ForgotBefore(instant))

    def forget_person(self, user: str) -> None:
        gone = {row for row in self.rows.values() if row.user_id == user}
        self._drop(gone)
        for row in gone:
            for scope, coverage in self.known.items():
                self.known[scope] = coverage.forget(row.created_at, row.created_at + 1)
        # What was asked about them by name says that somebody asked.
        for scope in [each for each in self.known if user in (each.users or ())]:
            del self.known[scope]
            self.members.pop(scope, None)
        self._note(ForgotPerson(user))

    def _drop(self, rows: set[Row]) -> None:
        for row in rows:
            del self.rows[row.id]
            for ids in self.members.values():
                ids.discard(row.id)

    def _note(self, act: Learned | ForgotBefore | ForgotPerson) -> None:
        members = {scope.key: frozenset(ids) for scope, ids in self.members.items() if ids}
        known = {scope: coverage for scope, coverage in self.known.items() if coverage.held}
        rows = frozenset(map(whole, self.rows.values()))
        self.steps.append((act, Snapshot(known, rows, members)))


class RecordedHistory(History):
    """Forgets as the bot does: what is old, or a person."""

    def __init__(self) -> None:
        super().__init__()
        self.recording = self.mirror = Recording()

    def act(self, act: Any) -> None:
        if not isinstance(act, Forget):
            super().act(act)
        elif act.back[1]:
            self.recording.forget_person(USERS[act.back[0] % len(USERS)])
        else:
            self.recording.forget_before(self.exec.now - act.back[0])
        assert_true(self.exec, self.mirror)


def session(row: Row) -> Session:
    return Session(
        id=row.id,
        user=User(id=row.user_id, email=f"{row.user_id}@acme.com"),
        scenario=Scenario(id=row.scenario_id, name=row.scenario_id),
        score=row.content[0],
        created_at=moment(row.created_at),
    )


async def learn(held: Held, scope: Scope, lesson: Lesson) -> None:
    await held.learn(scope, lesson, {row.id: session(row) for row in lesson.rows})


async def replayed(url: str, steps: Sequence[Step]) -> None:
    async with Database(url) as database:
        held = Held(database, FakeClock())
        for act, after in steps:
            match act:
                case Learned(scope, lesson):
                    await learn(held, scope, lesson)
                case ForgotBefore(instant):
                    await held.forget_before(instant)
                case ForgotPerson(user):
                    await held.forget_people([user])
            rows, members = await stored(database)
            assert await held.known(-END, END) == after.known
            assert frozenset(rows) == after.rows
            assert {key: frozenset(ids) for key, ids in members.items()} == after.members


def plays(make: MakeUrl, acts: Sequence[Any]) -> None:
    history = RecordedHistory()
    for act in acts:
        history.act(act)
    asyncio.run(replayed(make(), history.recording.steps))


histories = given(acts=st.lists(acts, min_size=25, max_size=60))
slowly = settings(checked, suppress_health_check=list(HealthCheck))


@settings(slowly, max_examples=8)
@histories
def test_the_tables_follow_the_rules(sqlite_urls: MakeUrl, acts: Any) -> None:
    plays(sqlite_urls, acts)


@settings(slowly, max_examples=2)
@histories
def test_the_tables_follow_the_rules_on_postgres(postgres_urls: MakeUrl, acts: Any) -> None:
    plays(postgres_urls, acts)


# Single steps


@pytest.fixture
def held(database: Database) -> Held:
    return Held(database, FakeClock())


def lesson(start: int, end: int, as_of: int, *rows: Row) -> Lesson:
    return Lesson(Piece(start, end, as_of), rows)


def row(id_: str, at: int, user: str = "jane", score: float | None = None) -> Row:
    return Row(id_, at, user, "s1", False, (score, None, None, False))


async def ids(database: Database) -> set[str]:
    return {each.id for each in (await stored(database))[0]}


async def test_only_the_coverage_that_reaches_into_an_interval_is_read(held: Held) -> None:
    for start in range(0, 100, 20):
        await learn(held, ALL, lesson(start, start + 10, NINE + start))
    found = await held.known(25, 61)
    assert found == {ALL: Coverage.of([Piece(n, n + 10, NINE + n) for n in (20, 40, 60)])}
    assert await held.known(30, 40) == {}


async def test_neighbours_of_one_look_are_stored_as_one(held: Held) -> None:
    await learn(held, ALL, lesson(50, 60, NINE))
    await learn(held, ALL, lesson(40, 50, NINE))
    await learn(held, ALL, lesson(60, 70, NINE))
    assert await held.known(0, 100) == {ALL: Coverage((Piece(40, 70, NINE),))}


async def test_an_answer_that_is_late_changes_nothing(held: Held, database: Database) -> None:
    await learn(held, ALL, lesson(0, 100, NINE, row("new", 50, score=80)))
    await learn(held, ALL, lesson(0, 100, NINE - 1, row("gone", 60), row("new", 50)))
    rows, _ = await stored(database)
    assert [(each.id, each.content[0]) for each in rows] == [("new", 80.0)]


async def test_a_late_answer_is_taken_in_but_where_a_newer_look_contradicts_it(
    held: Held, database: Database
) -> None:
    member, hers = row("member", 20, "bob", score=70), row("hers", 40, score=80)
    await learn(held, GROUP, lesson(0, 100, NINE + 1, member))
    await learn(held, JANE, lesson(0, 100, NINE + 2, hers))
    late = [row("other", 60, "bob"), row("hers", 40), row("member", 20, "bob")]
    await learn(held, ALL, lesson(0, 100, NINE, *late))
    rows, members = await stored(database)
    scores = {each.id: each.content[0] for each in rows}
    assert scores == {"member": 70.0, "hers": 80.0, "other": None}
    assert members == {GROUP.key: {"member"}}
    assert await held.known(0, 100) == {
        ALL: Coverage((Piece(0, 20, NINE), Piece(21, 40, NINE), Piece(41, 100, NINE))),
        GROUP: Coverage((Piece(0, 100, NINE + 1),)),
        JANE: Coverage((Piece(0, 100, NINE + 2),)),
    }


async def test_a_long_lesson_fits_into_statements(held: Held, database: Database) -> None:
    rows = [row(f"r{number:04}", 5000 - number) for number in range(1600)]
    await learn(held, GROUP, lesson(0, 6000, NINE, *rows))
    assert len(await ids(database)) == 1600
    await learn(held, ALL, lesson(0, 6000, NINE + 1, *rows[:100]))
    assert len(await ids(database)) == 100
    assert {key: len(each) for key, each in (await stored(database))[1].items()} == {GROUP.key: 100}


async def test_two_who_learn_at_once_take_turns(held: Held, database: Database) -> None:
    lessons = [lesson(n * 10, n * 10 + 10, NINE + n, row(f"r{n}", n * 10)) for n in range(12)]
    await asyncio.gather(*(learn(held, [ALL, JANE][n % 2], each) for n, each in enumerate(lessons)))
    known = await held.known(0, 200)
    assert sum(len(each.held) for each in known.values()) == 12
    assert await ids(database) == {f"r{n}" for n in range(12)}


async def test_scopes_that_were_not_read_or_without_content_are_dropped(
    database: Database,
) -> None:
    held = Held(database, FakeClock())
    await learn(held, ALL, lesson(0, 10, NINE))
    await learn(held, GROUP, lesson(20, 30, NINE, row("a", 25)))
    await learn(held, JANE, lesson(40, 50, NINE + 1))
    await held.forget_scopes(NINE + 1)
    assert set(await held.known(0, 100)) == {ALL, JANE}
    assert (await stored(database))[1] == {}
    await held.forget_before(60)
    await held.forget_scopes(0)
    await learn(held, GROUP, lesson(70, 80, NINE, row("b", 75)))
    assert await held.known(0, 100) == {GROUP: Coverage((Piece(70, 80, NINE),))}
