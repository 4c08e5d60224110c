"""The database: its schema, what callers hear when it is away, and many who write at once."""

from __future__ import annotations

import asyncio
import itertools
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.errors import SchemaTooNew, StorageError
from bot.outbox.deliveries import delivery_of
from bot.outbox.incidents import Incidents
from bot.outbox.plans import group_of, team_ask
from bot.outbox.subscriptions import Subscriptions
from bot.storage import database as database_module
from bot.storage.database import MIGRATIONS, Database, async_url, newest_revision
from bot.storage.payloads import Payload, Payloads
from bot.storage.tables import (
    EPOCH,
    budget_account,
    catalogue_age,
    delivery,
    learned,
    metadata,
    roster_member,
)
from tests.conftest import AWAY
from tests.deliveries import Killed
from tests.nursery import PIPE, environ, python
from tests.processes import modes

# The revisions that the files of migrations are named after.
REVISIONS = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
CHILD = """
import asyncio, sys, sqlalchemy as sa
from bot.storage.database import Database
from bot.storage.tables import learned
async def upgrade(database):
    await database.upgrade()
async def write(database):
    async def add():
        async with database.transaction() as connection:
            value = sa.select(learned.c.value).with_for_update()  # which SQLite ignores
            n = int((await connection.execute(value)).scalar_one())
            await connection.execute(sa.update(learned).values(value=str(n + 1)))
    await asyncio.gather(*(add() for _ in range(20)))
async def main():
    async with Database(sys.argv[1]) as database:
        print("ready", flush=True)
        for line in sys.stdin:
            await globals()[line.strip()](database)
            print("ready", flush=True)
asyncio.run(main())
"""
Together = Callable[[str], Awaitable[None]]


@asynccontextmanager
async def processes(database: Database, count: int) -> AsyncIterator[Together]:
    """Several processes on the same database, which do something at the same moment."""
    command = ("-c", CHILD, database.url.render_as_string(hide_password=False))
    children = [await python(*command, env=environ({}), stdin=PIPE) for _ in range(count)]

    async def ready() -> None:
        for child in children:
            assert child.stdout is not None
            said = await asyncio.wait_for(child.stdout.readline(), 20)
            assert said == b"ready\n", (await child.communicate())[1].decode()

    async def together(what: str) -> None:
        for child in children:
            assert child.stdin is not None
            child.stdin.write(f"{what}\n".encode())
        await ready()

    try:
        await ready()
        yield together
        for child in children:
            _, err = await asyncio.wait_for(child.communicate(b""), 20)
            assert (child.returncode, err) == (0, b"")
    finally:
        for child in children:
            if child.returncode is None:
                child.kill()
                await child.communicate()


async def differences(database: Database) -> Any:
    """What alembic's autogenerate would write into a new migration."""

    def compare(connection: sa.Connection) -> Any:
        # Alembic cannot tell an empty default on SQLite.
        options = {"compare_type": True, "compare_server_default": not database.is_sqlite}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    async with database.engine.connect() as connection:
        return await connection.run_sync(compare)


# What there is of each table, in the database's own words.
DESCRIBED = {
    "sqlite": ("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2",),
    "postgresql": (
        """SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull,
            pg_get_expr(adbin, adrelid)
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
            WHERE relnamespace = 'public'::regnamespace AND attnum > 0 ORDER BY 1, 2""",
        "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
        """SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2""",
    ),
}
Schema = tuple[tuple[Any, ...], ...]


@pytest.fixture(scope="module")
def sound() -> set[Schema]:
    """Schemas in which alembic found no difference: to look takes it as long as an upgrade."""
    return set()


async def assert_up_to_date(database: Database, sound: set[Schema]) -> None:
    async with database.transaction(reads=True) as connection:
        found: list[Any] = []
        for query in DESCRIBED[database.engine.dialect.name]:
            found += map(tuple, await connection.execute(sa.text(query)))
    if tuple(found) not in sound:
        assert await differences(database) == []
        sound.add(tuple(found))


async def drop_all(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.drop_all, checkfirst=False)
        await connection.execute(sa.text("DROP TABLE alembic_version"))


async def test_a_table_that_no_migration_makes_is_found(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(sa.text("DROP TABLE learned"))

    assert [difference[0] for difference in await differences(database)] == ["add_table"]


def test_the_newest_revision_is_told_by_the_names_of_the_files() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [newest_revision()]


async def test_an_upgrade_of_what_is_up_to_date_leaves_everything(database: Database) -> None:
    row = {"name": "x", "value": "1", "at": datetime.now(UTC)}
    async with database.transaction() as connection:
        await connection.execute(sa.insert(learned).values(**row))
    await database.upgrade()

    async with database.transaction(reads=True) as connection:
        assert (await connection.execute(sa.select(learned.c.value))).scalars().all() == ["1"]


async def old_schema(database: Database, revision: str) -> None:
    """The tables as a program of that time left them."""

    def upgrade(connection: sa.Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    await drop_all(database)
    async with database.engine.begin() as connection:
        await connection.run_sync(upgrade)


async def shape(database: Database) -> Any:
    """The columns, keys and indexes of every table."""

    def inspect(connection: sa.Connection) -> Any:
        found = sa.inspect(connection)
        return {
            table: (
                sorted(
                    (column["name"], str(column["type"]), column["nullable"], column["default"])
                    for column in found.get_columns(table)
                ),
                found.get_pk_constraint(table),
                sorted(map(str, found.get_indexes(table))),
                sorted(map(str, found.get_unique_constraints(table))),
            )
            for table in found.get_table_names()
        }

    async with database.engine.connect() as connection:
        return await connection.run_sync(inspect)


async def test_a_new_database_is_as_the_migrations_make_it(database: Database) -> None:
    made = await shape(database)
    assert len(made) > len(metadata.tables)
    assert await differences(database) == []
    await old_schema(database, "head")
    assert await shape(database) == made


async def test_who_is_in_a_group_survives_the_upgrade_with_what_is_known_of_them(
    database: Database,
) -> None:
    await old_schema(database, "0003")
    async with database.transaction() as connection:
        for id_, email, since in (("old", "a@acme.com", None), ("new", "support@exec.com", 9)):
            row = {"id": id_, "email": email, "since": since}
            await connection.execute(
                sa.text("INSERT INTO member (id, email, name, role) VALUES (:id, :email, '', '')"),
                row,
            )
            await connection.execute(
                sa.text("INSERT INTO roster_member VALUES ('west', :id, :since)"), row
            )
    await database.upgrade()
    moment = EPOCH + timedelta(milliseconds=9)
    columns = roster_member.c
    found = sa.select(columns.user_id, columns.since, columns.unlisted_at, columns.is_system)
    async with database.transaction(reads=True) as connection:
        rows = (await connection.execute(found.order_by(columns.user_id.desc()))).all()
    assert [tuple(row) for row in rows] == [
        ("old", None, None, False),
        ("new", moment, moment, True),
    ]


@pytest.mark.parametrize("revision", REVISIONS[:-1])
async def test_every_earlier_schema_is_brought_up(
    database: Database, revision: str, sound: set[Schema]
) -> None:
    await old_schema(database, revision)
    blocked = sa.text("INSERT INTO budget_account (id, blocked_until) VALUES (1, 7)")
    async with database.transaction() as connection:
        await connection.execute(blocked)
    await database.upgrade()
    await assert_up_to_date(database, sound)
    async with database.transaction(reads=True) as connection:
        row = (await connection.execute(sa.select(budget_account))).one()
    assert tuple(row) == (1, EPOCH + timedelta(milliseconds=7))


async def test_who_waited_for_a_night_is_offered_after_the_upgrade_to_ask_again(
    database: Database,
) -> None:
    await old_schema(database, "0006")
    insert = sa.text(
        "INSERT INTO awaited_question (id, team_id, user_id, words, asked_at, due_at, state)"
        " VALUES (:state, 'T1', 'U1', 'sessions best', 1, 2, :state)"
    )
    async with database.transaction() as connection:
        for state in ("waiting", "working", "posting", "done"):
            await connection.execute(insert, {"state": state})
    await database.upgrade()
    owed = await Payloads(database, lambda: datetime.now(UTC)).orphans()
    assert sorted(owed, key=lambda each: each.key) == [
        Payload(f"night:{state}", "T1", "U1", "U1", None, "sessions best")
        for state in ("waiting", "working")
    ]


GROUPS = ["west", 'say "hi"']
SUBSCRIBED = """INSERT INTO subscription (id, team_id, kind, group_id, place, owner_id, schedule,
    zone, follows, zone_at, created_at, looked_at)
    VALUES (:id, 'T1', :kind, :group_id, :place, 'U1', 'daily 9:00', 'UTC', false, 1, 2, 3)"""
DELIVERED = """INSERT INTO delivery (id, subscription_id, occurrence, kind, place, at, created_at,
    due_at, state, about_group, about_zone, about_start, about_end)
    VALUES (:id, :of, :id, :kind, 'C1', 1, 1, 1, :state, :group_id, 'UTC', :start, :start)"""


async def before_questions(database: Database, revision: str) -> None:
    """Digests of two groups, a coach's message and one's own week, with what was sent of them."""
    await old_schema(database, revision)
    kinds = [("group", group_id, "C1") for group_id in GROUPS]
    kinds += [("coach", "", "U1"), ("own", "", "U1")]
    async with database.transaction() as connection:
        for number, (kind, group_id, place) in enumerate(kinds):
            id_ = f"s{number}"
            row = {"id": id_, "kind": kind, "group_id": group_id, "place": place}
            await connection.execute(sa.text(SUBSCRIBED), row)
            posted = {"of": id_, "kind": "scheduled", "group_id": group_id}
            for state, start in (("sent", 5), ("waiting", None)):
                more = {"id": f"{state}{number}", "state": state, "start": start}
                await connection.execute(sa.text(DELIVERED), posted | more)
        preview = {"id": "p", "of": "s0", "kind": "preview", "group_id": "", "state": "waiting"}
        await connection.execute(sa.text(DELIVERED), preview | {"start": None})


async def the_questions(database: Database) -> None:
    """What the upgrade makes of them."""
    asks = [team_ask(group_id) for group_id in GROUPS]
    assert [group_of(ask) for ask in asks] == GROUPS
    asks += ["coach", "me"]
    store = Subscriptions(database, lambda: EPOCH, str)
    ones = sorted(await store.listed("T1"), key=lambda one: one.id)
    assert [one.plan.ask for one in ones] == asks
    assert [one.is_personal for one in ones] == [False, False, True, True]
    query = sa.select(delivery).order_by(delivery.c.id)
    found = {row.id: delivery_of(row) for row in await database.rows(query)}
    assert len(found) == 8
    for number, one in enumerate(ones):
        sent, waiting = found[f"sent{number}"], found[f"waiting{number}"]
        assert sent.about is not None
        assert sent.posted_of(one) == one
        assert (sent.source_id, waiting.source_id, waiting.about) == (one.id, one.id, None)


@pytest.mark.parametrize("revision", ["0003", "0004", "0005", "0006"])
async def test_subscriptions_hold_questions_from_the_upgrade_on(
    database: Database, revision: str, sound: set[Schema]
) -> None:
    await before_questions(database, revision)
    await database.upgrade()
    await the_questions(database)
    await assert_up_to_date(database, sound)


async def test_an_upgrade_that_is_killed_at_any_statement_is_done_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await before_questions(database, "0006")
    execute = sa.engine.Connection.execute
    for steps in itertools.count():
        left = itertools.count(steps, -1)

        def dies(*args: Any, left: Iterator[int] = left, **more: Any) -> Any:
            if next(left) == 0:
                raise Killed
            return execute(*args, **more)

        with monkeypatch.context() as patch:
            patch.setattr(sa.engine.Connection, "execute", dies)
            try:
                await database.upgrade()
            except Killed:
                continue
        break
    assert steps > 8
    await the_questions(database)
    assert await differences(database) == []


@pytest.mark.parametrize("told", [True, False])
async def test_an_incident_that_was_told_is_not_told_again(database: Database, told: bool) -> None:
    await old_schema(database, "0006")
    state = "sent" if told else "refused"
    rows = {
        "exec_key:incident": "i1 wrong_key",
        "exec_key:told:0123456789abcdef01234567": f"{state} i1",
        "exec_key:told:fedcba98765432100123456": "sent i0",
    }
    async with database.transaction() as connection:
        for name, value in rows.items():
            await connection.execute(
                sa.text("INSERT INTO learned VALUES (:name, :value, 1)"),
                {"name": name, "value": value},
            )
    await database.upgrade()
    incidents = Incidents(database, lambda: datetime.now(UTC), str)
    incident = await incidents.current()
    assert incident is not None
    assert await incidents.is_to_tell(incident) is not told


async def test_several_processes_bring_up_one_schema_at_once(
    database: Database, sound: set[Schema]
) -> None:
    async with processes(database, 2) as together:
        for _ in range(5):
            await drop_all(database)
            await together("upgrade")

            await assert_up_to_date(database, sound)
            async with database.transaction(reads=True) as connection:
                versions = sa.text("SELECT count(*) FROM alembic_version")
                assert (await connection.execute(versions)).scalar_one() == 1


async def test_a_schema_newer_than_the_program_is_a_storage_error(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaTooNew, match="newer than this program"):
        await database.upgrade()


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 20, 9, 0, 0, 123_000, UTC),
        datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=45))),
        datetime(1969, 12, 31, 23, 59, 59, 999_000, UTC),
        datetime(2300, 1, 1, tzinfo=UTC),
        None,
    ],
)
async def test_an_instant_comes_back(database: Database, moment: datetime | None) -> None:
    async with database.transaction() as connection:
        await connection.execute(sa.insert(catalogue_age).values(what="x", fetched_at=moment))
        found = (await connection.execute(sa.select(catalogue_age.c.fetched_at))).scalar_one()

    assert found == moment
    assert found is None or found.utcoffset() == timedelta(0)


async def test_an_instant_is_kept_to_the_millisecond(database: Database) -> None:
    moment = datetime(2026, 3, 20, 9, 0, 0, 123_999, UTC)
    async with database.transaction() as connection:
        await connection.execute(sa.insert(catalogue_age).values(what="x", fetched_at=moment))
        found = (await connection.execute(sa.select(catalogue_age.c.fetched_at))).scalar_one()

    assert found == moment.replace(microsecond=123_000)


async def test_the_urls_that_people_have() -> None:
    for given in ("postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+psycopg2://u:p@h/d"):
        shown = async_url(given).render_as_string(hide_password=False)
        assert shown == "postgresql+psycopg://u:p@h/d"
    with pytest.raises(ValueError, match="use sqlite or postgresql"):
        async_url("mysql://u@h/d")


@pytest.mark.parametrize("url", [AWAY, "sqlite:////nowhere/at/all.db", "sqlite:////proc"])
async def test_a_database_that_is_away_is_a_storage_error(url: str) -> None:
    started = time.monotonic()
    async with Database(url) as database:
        for use in (database.upgrade, database.check):
            with pytest.raises(StorageError) as raised:
                await use()
            assert "nowhere" not in str(raised.value)

    assert time.monotonic() - started < 15


async def test_a_server_that_accepts_and_says_nothing_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert database_module.POSTGRES["connect_timeout"] <= 5
    monkeypatch.setitem(database_module.POSTGRES, "connect_timeout", 2)
    started = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://x@127.0.0.1:{silent.getsockname()[1]}/x"
        async with Database(url) as database:
            ends = await asyncio.gather(
                database.upgrade(), database.check(), return_exceptions=True
            )
    assert [type(end) for end in ends] == [StorageError] * 2
    assert time.monotonic() - started < 15


async def test_a_file_that_is_no_database_is_a_storage_error(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("these are my notes\n" * 100)
    async with Database(f"sqlite:///{path}") as database:
        with pytest.raises(StorageError):
            await database.upgrade()
        with pytest.raises(StorageError):
            await database.check()


@pytest.mark.parametrize(
    "can_change", [pytest.param(True, id="as on most"), pytest.param(False, id="not on this disk")]
)
async def test_a_file_that_others_could_read_is_closed_to_them(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    can_change: bool,
) -> None:
    path = tmp_path / "old.db"
    async with Database(f"sqlite:///{path}") as earlier:
        await earlier.upgrade()
        await earlier.check()  # it stays open: its log is there as well
        files = ("old.db", "old.db-shm", "old.db-wal")
        for file in files:
            (tmp_path / file).chmod(0o644)
        if not can_change:
            monkeypatch.setattr(Path, "chmod", lambda *_: None)
        with caplog.at_level("INFO", "bot"):
            async with Database(f"sqlite:///{path}") as database:
                await database.upgrade()
                await database.check()
        assert modes(tmp_path) == dict.fromkeys(files, 0o600 if can_change else 0o644)
    told = [record.levelname for record in caplog.records if "others" in record.message]
    assert told == ["INFO" if can_change else "WARNING"] * 3


async def test_those_who_read_and_then_write_never_meet_a_lock(database: Database) -> None:
    """Three processes with 20 tasks each: every one reads, then writes."""
    first = {"name": "n", "value": "0", "at": datetime.now(UTC)}
    async with database.transaction() as connection:
        await connection.execute(sa.insert(learned).values(**first))
    async with processes(database, 3) as together:
        await together("write")

    async with database.transaction(reads=True) as connection:
        assert (await connection.execute(sa.select(learned.c.value))).scalar_one() == "60"


async def test_a_reader_waits_for_no_writer(database: Database) -> None:
    async with database.transaction() as writing:
        await writing.execute(sa.insert(catalogue_age).values(what="x"))
        async with asyncio.timeout(30), database.transaction(reads=True) as reading:
            seen = await reading.execute(sa.select(catalogue_age.c.what))
            assert seen.scalars().all() == []


async def test_what_fails_halfway_is_undone(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as connection:
            await connection.execute(sa.insert(catalogue_age).values(what="x"))
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    async with database.transaction() as connection:
        assert (await connection.execute(sa.select(catalogue_age.c.what))).all() == []


async def _of_server(database: Database) -> int:
    """The server's number of the connection that a lone read has."""
    (row,) = await database.rows(sa.select(sa.func.pg_backend_pid()))
    return int(row[0])


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_lone_read_outlives_a_connection_that_was_kept_open(database: Database) -> None:
    before = await _of_server(database)
    assert await _of_server(database) == before
    async with database.transaction() as connection:
        await connection.execute(sa.select(sa.func.pg_terminate_backend(before)))
    after = await _of_server(database)
    assert after != before
    assert await _of_server(database) == after


async def test_no_lone_read_waits_for_another(database: Database) -> None:
    one = sa.select(sa.literal(1))
    found = await asyncio.gather(*(database.rows(one) for _ in range(8)))
    assert [rows[0][0] for rows in found] == [1] * 8


async def test_after_an_error_another_connection_is_used(database: Database) -> None:
    for _ in range(2):
        with pytest.raises((sa.exc.DBAPIError, StorageError)):
            await database.rows(sa.text("SELECT nothing_of_the_kind"))
    await database.check()
    await database.count(learned)
