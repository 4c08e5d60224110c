"""Sessions as rows: as Exec sends them, as they are compared, and as they are stored. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.exec_api.models import Scenario, Session, User
from bot.language.query import is_system
from bot.mirror.scope import Ids, Scope
from bot.mirror.walking import Row
from bot.storage.tables import EPOCH, MILLISECOND, practice_session

COLUMNS = tuple(practice_session.c)

session = practice_session.c


def instant(moment: datetime) -> int:
    """An aware moment in milliseconds since 1970, cut and not rounded."""
    return (moment - EPOCH) // MILLISECOND


def moment(milliseconds: int) -> datetime:
    """Milliseconds since 1970 as an aware moment in UTC."""
    return EPOCH + milliseconds * MILLISECOND


def row_of(session: Session) -> Row:
    """What the algebra needs to know of a session that Exec sent."""
    return Row(
        id=session.id,
        created_at=instant(session.created_at),
        user_id=session.user.id,
        scenario_id=session.scenario.id,
        is_system=is_system(session.user.email),
        content=(
            session.score,
            session.rank,
            session.duration_seconds,
            session.is_valid_attempt,
        ),
    )


def stored_row(row: Sequence[Any]) -> Row:
    """The same of a row of `practice_session`, whose COLUMNS were selected."""
    return Row(row[0], row[1], row[2], row[3], row[4], tuple(row[5:]))


def values_of(row: Row) -> dict[str, Any]:
    """A row as it is stored."""
    values = (row.id, row.created_at, row.user_id, row.scenario_id, row.is_system, *row.content)
    return dict(zip((column.name for column in COLUMNS), values, strict=True))


def sessions_of(
    rows: Iterable[Sequence[Any]], people: Mapping[str, User], scenarios: Mapping[str, Scenario]
) -> list[Session]:
    """Rows of `practice_session`, whose COLUMNS were selected, as Exec would send them."""
    return [
        Session(
            id=id_,
            user=people.get(user_id) or User(id=user_id),
            scenario=scenarios.get(scenario_id) or Scenario(id=scenario_id),
            score=score,
            rank=rank,
            duration_seconds=seconds,
            is_valid_attempt=is_valid,
            created_at=EPOCH + created_at * MILLISECOND,
        )
        for id_, created_at, user_id, scenario_id, _, score, rank, seconds, is_valid in rows
    ]


def local_filters(scope: Scope) -> Iterable[sa.ColumnElement[bool]]:
    """The local filters of a scope as conditions on `practice_session`."""
    yield from _among(session.user_id, scope.users)
    yield from _among(session.scenario_id, scope.scenarios)
    if not scope.system:
        yield session.is_system.is_(False)


def _among(column: sa.Column[str], ids: Ids) -> Iterable[sa.ColumnElement[bool]]:
    if ids is not None:
        yield column.in_(sorted(ids))
