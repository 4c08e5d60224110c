"""Sessions as rows of the database, mapped by the names of the columns. Pure.

A column of `practice_session` that is called like a field of Session holds that field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from operator import itemgetter
from typing import Any

from bot.exec_api.models import Scenario, Session, User
from bot.language.query import is_system
from bot.storage.tables import EPOCH, MILLISECOND, practice_session

COLUMNS = tuple(practice_session.c)
_PLACES = {column.name: place for place, column in enumerate(COLUMNS)}
_OWN = {"id", "created_at", "user_id", "scenario_id", "is_system"}
# What Exec may change of a session.
CONTENT = tuple(
    name for name in _PLACES if name not in _OWN and name in {each.name for each in fields(Session)}
)


def to_ms(moment: datetime) -> int:
    """An aware moment in milliseconds since 1970, cut and not rounded."""
    return (moment - EPOCH) // MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """Milliseconds since 1970 as an aware moment in UTC."""
    return EPOCH + milliseconds * MILLISECOND


def column(*names: str) -> Callable[[Sequence[Any]], Any]:
    """A function that takes these columns from a row of COLUMNS: a value, or a tuple of several."""
    return itemgetter(*(_PLACES[name] for name in names))


_content = column(*CONTENT)
_named = column("id", "created_at", "user_id", "scenario_id")


def row_of(session: Session) -> dict[str, Any]:
    """A session that Exec sent, as it is stored."""
    return {
        "id": session.id,
        "created_at": to_ms(session.created_at),
        "user_id": session.user.id,
        "scenario_id": session.scenario.id,
        "is_system": is_system(session.user.email),
        **{name: getattr(session, name) for name in CONTENT},
    }


def sessions_of(
    rows: Iterable[Sequence[Any]], people: Mapping[str, User], scenarios: Mapping[str, Scenario]
) -> list[Session]:
    """Rows of COLUMNS as Exec would send them."""
    found = []
    for row in rows:
        id_, created_at, user_id, scenario_id = _named(row)
        found.append(
            Session(
                id=id_,
                user=people.get(user_id) or User(id=user_id),
                scenario=scenarios.get(scenario_id) or Scenario(id=scenario_id),
                created_at=from_ms(created_at),
                **dict(zip(CONTENT, _content(row), strict=True)),
            )
        )
    return found
