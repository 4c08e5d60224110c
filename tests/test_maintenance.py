"""`python -m bot sync` and `forget`: what the person who runs the bot does by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot import maintenance
from bot.__main__ import ANEW
from bot.app import Core, build_core
from bot.config import load
from bot.errors import UserError
from bot.sandbox.exec_server import DEMO_KEY, ExecServer, Fault
from bot.sandbox.world import World
from tests.cli import Cli
from tests.conftest import START, FakeClock
from tests.workspace import workspace_apart


@pytest.fixture
async def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Cli]:
    async with workspace_apart(tmp_path) as place:
        yield Cli(place, capsys)


def stored(folder: Path, table: str = "practice_session", where: str = "1") -> int:
    with closing(sqlite3.connect(next(folder.glob("*.db")))) as connection:
        count: int = connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]
    return count


async def test_sync_reads_the_past_once(cli: Cli, tmp_path: Path) -> None:
    ended = await cli.run("sync", "--since", "30d")

    assert (ended.code, ended.err) == (0, "")
    assert "100%" in ended.out
    assert f"{len(cli.asked())} requests used" in ended.out
    assert "Done: every session since" in ended.out
    asked = len(cli.asked())
    assert asked <= stored(tmp_path) / 99 + 2

    again = await cli.run("sync", "--since", "30d")
    assert "0 requests used" in again.out
    assert len(cli.asked()) == asked

    await cli.ask("ana@acme.com", "sessions last 20d")
    assert len(cli.asked()) <= asked + 1, "only what is new"


@dataclass(frozen=True)
class Operator:
    """Somebody at a terminal, in this process and on the test's clock."""

    core: Core
    exec: ExecServer
    clock: FakeClock

    async def syncs(self, since: str) -> int:
        """How many requests arrived at Exec."""
        before = len(self.exec.requests)
        start = maintenance.since_of(since, now=self.clock(), retention=timedelta(days=400))
        assert await maintenance.sync(self.core, start)
        return len(self.exec.requests) - before

    def practices(self, who: str, ago: timedelta) -> None:
        world = self.exec.world
        world.add_session(who, next(iter(world.scenarios)), self.clock() - ago, score=50.0)


@asynccontextmanager
async def operator(folder: Path, clock: FakeClock) -> AsyncIterator[Operator]:
    world = World.build(START, people=12, sessions=400)
    async with ExecServer(world, clock=clock) as server:
        database = f"sqlite:///{folder}/execbot.db"
        variables = {
            "EXEC_API_KEY": DEMO_KEY,
            "EXEC_API_URL": server.url,
            "DATABASE_URL": database,
        }
        async with build_core(load(variables, exec_api=True), clock=clock) as core:
            yield Operator(core, server, clock)


async def test_sync_reads_what_came_while_the_bot_was_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with operator(tmp_path, FakeClock(START)) as here:
        await here.syncs("60d")
        before = stored(tmp_path)
        here.clock.now += timedelta(days=10)
        for number in range(450):
            here.practices("jane@acme.com", timedelta(minutes=30 * number + 5))

        capsys.readouterr()
        asked = await here.syncs("60d")

        assert stored(tmp_path) == before + 450
        assert asked == 5, "each page once"
        out = capsys.readouterr().out
        assert "5 requests used" in out
        assert "Done: every session since" in out
        assert await here.syncs("60d") == 0


async def test_sync_again_reads_anew_what_is_held(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once; and where it was cut short, what was read is kept and the rest can follow."""
    async with operator(tmp_path, FakeClock(START)) as here:
        first = await here.syncs("60d")
        rows = sorted(here.exec.world.sessions, key=lambda row: row.created_at)
        gone = [row.id for row in rows if row.created_at > START - timedelta(days=50)][:3]
        for each in gone:
            here.exec.world.delete(each)
        here.clock.now += timedelta(hours=2)
        assert await here.syncs("60d") <= 1
        assert stored(tmp_path, where=f"id = '{gone[0]}'") == 1
        capsys.readouterr()

        began = here.clock()
        here.exec.before_page = lambda _request: here.clock.tick(60)
        here.exec.faults.append(Fault("limited", 1, seconds=7200, skip=first // 2))
        start = maintenance.since_of("60d", now=began, retention=timedelta(days=400))
        assert not await maintenance.sync(here.core, start, ANEW)
        told = " ".join(capsys.readouterr().out.split())
        assert f"run this again then with --again {began:%Y-%m-%dT%H:%M:%SZ}." in told
        half = len(here.exec.requests)

        here.clock.now += timedelta(hours=3)
        assert await maintenance.sync(here.core, start, began)
        assert len(here.exec.requests) - half <= first // 2 + 3
        assert stored(tmp_path, where=f"id IN {tuple(gone)}") == 0
        assert "was read since" in capsys.readouterr().out
        here.exec.before_page = None
        assert await maintenance.sync(here.core, start, ANEW)
        assert len(here.exec.requests) - half > first


async def test_sync_stops_where_the_day_belongs_to_people_and_goes_on_later(
    cli: Cli, tmp_path: Path
) -> None:
    ended = await cli.run("sync", "--since", "60d", EXEC_REQUESTS_PER_DAY="10")

    assert ended.code == 1
    assert len(cli.asked()) == 6
    assert "6 requests used. No more may be sent before" in ended.out
    assert "What was read is kept; run this again then." in " ".join(ended.out.split())
    kept = stored(tmp_path)
    assert kept > 500

    ended = await cli.run("sync", "--since", "60d")
    assert ended.code == 0
    assert stored(tmp_path) > kept
    assert len(cli.asked()) <= stored(tmp_path) / 99 + 3, "nothing was read again"


@pytest.mark.parametrize(
    ("since", "says"),
    [
        ("500d", "Sessions older than 400 days are not kept (EXECBOT_RETENTION_DAYS)"),
        ("7d gold", "--since takes a length like 90d, or a date like 2026-01-31, and nothing else"),
    ],
)
def test_sync_refuses_what_makes_no_sense(since: str, says: str) -> None:
    with pytest.raises(UserError) as refused:
        maintenance.since_of(since, now=START, retention=timedelta(days=400))
    assert says in str(refused.value)


async def test_forget_asks_first_and_says_what_it_removed(cli: Cli, tmp_path: Path) -> None:
    await cli.run("sync", "--since", "30d")
    await cli.ask("jane@acme.com", "sessions last 30d")
    jane = cli.workspace.exec.world.person("jane@acme.com").id
    hers = stored(tmp_path, where=f"user_id = '{jane}'")
    assert hers > 3

    questions: list[str] = []
    said = await cli.forget(
        "JANE@acme.com", agreed=lambda question: bool(questions.append(question))
    )
    assert f"{hers} sessions" in questions[0]
    assert "It cannot be undone" in questions[0]
    assert said == "Nothing was removed."
    assert stored(tmp_path, where=f"user_id = '{jane}'") == hers

    assert stored(tmp_path, "stored_answer", f"body LIKE '%{jane}%'") == 1
    ended = await cli.run("forget", "--yes", "jane@acme.com")
    assert ended.code == 0
    assert f"Removed: {hers} sessions of Jane Smith" in ended.out
    assert stored(tmp_path, where=f"user_id = '{jane}'") == 0
    assert stored(tmp_path, "practice_person", f"id = '{jane}'") == 0
    assert "They are still in Exec" in ended.out
    assert stored(tmp_path, "stored_answer", f"body LIKE '%{jane}%'") == 0

    assert await cli.forget("nobody@acme.com") == "Nothing is stored of nobody@acme.com."
