"""Lets a bot store the sessions that tests add to Exec's past."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from bot.demo import exec_shapes
from bot.demo.world import World
from bot.exec.client import read_row
from bot.exec.models import Session
from bot.exec.sync import store_sessions
from bot.storage.database import Database
from bot.storage.sessions import read_window
from bot.storage.tables import session


async def catch_up(
    database: Database, world: World, added: Collection[str], gone: Collection[str] = ()
) -> None:
    """Store Exec's sessions that lie in the window, and delete those that are gone."""
    window = await read_window(database)
    if window is None:
        return
    rows = []
    for id_ in added:
        row = read_row(exec_shapes.session(world, world.sessions[id_]), Session)
        assert isinstance(row, Session)
        if window.start <= row.created_at <= window.end:
            rows.append(row)
    async with database.transaction() as connection:
        await store_sessions(connection, database, rows)
        await connection.execute(sa.delete(session).where(session.c.id.in_(gone)))
