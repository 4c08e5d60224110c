"""The names of the people and scenarios in sessions, as last seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.exec_api.models import Scenario, Session, User
from bot.language.text import kept_address
from bot.storage.database import Database
from bot.storage.tables import practice_person, practice_scenario

M = TypeVar("M", User, Scenario)
_WITH_IDS = {
    table: sa.select(table).where(table.c.id.in_(sa.bindparam("ids", expanding=True)))
    for table in (practice_person, practice_scenario)
}


async def learn_names(
    connection: AsyncConnection, database: Database, sessions: Iterable[Session]
) -> None:
    """Store the names in these sessions, which are newest first; unchanged rows are not written."""
    people: dict[str, tuple[str, ...]] = {}
    scenarios: dict[str, tuple[str, ...]] = {}
    for session in sessions:
        user, scenario = session.user, session.scenario
        people.setdefault(user.id, (kept_address(user.email), user.first_name, user.last_name))
        scenarios.setdefault(scenario.id, (scenario.name, scenario.slug))
    for table, names in ((practice_person, people), (practice_scenario, scenarios)):
        # Without an id nothing distinguishes them.
        names.pop("", None)
        await _keep(connection, database, table, names)


async def names_of(
    connection: AsyncConnection, user_ids: Sequence[str], scenario_ids: Sequence[str]
) -> tuple[dict[str, User], dict[str, Scenario]]:
    """The people and scenarios with these ids, by id."""
    return (
        await _named(connection, practice_person, user_ids, User),
        await _named(connection, practice_scenario, scenario_ids, Scenario),
    )


async def _named(
    connection: AsyncConnection, table: sa.Table, ids: Sequence[str], model: type[M]
) -> dict[str, M]:
    rows, names = await _select(connection, table, ids), table.c.keys()
    found = [model(**dict(zip(names, row, strict=True))) for row in rows]
    return {each.id: each for each in found}


async def _keep(
    connection: AsyncConnection, database: Database, table: sa.Table, names: dict[str, Any]
) -> None:
    rows = await _select(connection, table, list(names))
    stored: dict[str, tuple[Any, ...]] = {row.id: tuple(row[1:]) for row in rows}
    columns = [column.name for column in table.c if column.name != "id"]
    new = [
        {"id": id_, **dict(zip(columns, values, strict=True))}
        for id_, values in names.items()
        if stored.get(id_) != values
    ]
    await database.put(connection, table, new)


async def _select(
    connection: AsyncConnection, table: sa.Table, ids: Sequence[str]
) -> Sequence[sa.Row[Any]]:
    if not ids:
        return ()
    return (await connection.execute(_WITH_IDS[table], {"ids": ids})).all()
