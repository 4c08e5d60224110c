"""What a question found, and how it is kept behind the buttons of its answer."""

from __future__ import annotations

import asyncio
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Annotated, Any, TypeVar

import sqlalchemy as sa
from pydantic import PlainSerializer, PlainValidator, TypeAdapter

from bot.exec_api.models import Scenario, Session, User
from bot.language.query import ResolvedQuery
from bot.mirror.rows import CONTENT
from bot.people.audit import Audit, Look
from bot.reports.figures import Figures
from bot.reports.freshness import Freshness
from bot.storage.database import Database
from bot.storage.keeping import KEEP_ROWS
from bot.storage.tables import stored_answer as table

_whose = attrgetter(
    *("id", "created_at", "user.id", "user.email", "user.first_name", "user.last_name"),
    *("scenario.id", "scenario.name", "scenario.slug"),
)
_content = attrgetter(*CONTENT)


def _values(row: Session) -> list[Any]:
    return [*_whose(row), *_content(row)]


def _session(values: list[Any]) -> Session:
    id_, at, user, email, first, last, scenario, name, slug, *content = values
    return Session(
        id=id_,
        user=User(id=user, email=email, first_name=first, last_name=last),
        scenario=Scenario(id=scenario, name=name, slug=slug),
        created_at=datetime.fromisoformat(at),
        **dict(zip(CONTENT, content, strict=True)),
    )


# Kept as lists of values: as objects, checked like Exec's, five hundred take ten times as long.
StoredSessions = Annotated[
    tuple[Session, ...],
    PlainSerializer(lambda rows: list(map(_values, rows))),
    PlainValidator(lambda rows: tuple(map(_session, rows))),
]


@dataclass(frozen=True, slots=True)
class Reading:
    """Sessions that match a question, in the order asked for, each once.

    `rows` are the first of `total`, and `figures` run over all of these; over none where all rows
    were asked for. `stored_since`: only sessions created since then were counted; the rest is not
    stored, and costs about `cost` requests; with a `cost` and no `stored_since` nothing of it is.
    `requests` is what the reading cost. `again` is set where it was to look at all of this once
    more, and only looked for what is new: the requests that the rest takes.
    """

    rows: StoredSessions
    total: int
    figures: Figures
    freshness: Freshness
    requests: int = 0
    stored_since: datetime | None = None
    cost: int | None = None
    again: int | None = None

    def beside(self, other: Reading) -> Reading:
        """Both readings as one, without rows; as fresh and as complete as the lesser of the two."""
        told = self.is_told and other.is_told
        costs = [cost for cost in (self.cost, other.cost) if cost is not None]
        since = (self.stored_since, other.stored_since)
        again = [cost for cost in (self.again, other.again) if cost is not None]
        return Reading(
            rows=(),
            total=self.total + other.total,
            figures=self.figures,
            freshness=self.freshness.beside(other.freshness),
            requests=self.requests + other.requests,
            stored_since=max(filter(None, since), default=None) if told else None,
            cost=sum(costs) if costs else None,
            again=sum(again) if again else None,
        )

    @property
    def as_of(self) -> datetime:
        """Everything that was created up to then is counted."""
        return self.freshness.as_of

    @property
    def complete(self) -> bool:
        """Everything that matches was counted."""
        return self.cost is None

    @property
    def is_told(self) -> bool:
        """At least a part of what matches was counted."""
        return self.complete or self.stored_since is not None


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """`words` is the whole command, `query` what it meant then, `reading` what was found.

    `figures` are those of its report, as JSON holds them, where they are not the rows and sums of
    the reading; they tell of what is known from `since` on. `people` are the ids of those who have
    a part in them, `few` those of fewer than three whom a part of it is about: a look at each.
    """

    words: str
    zone: str
    query: ResolvedQuery
    reading: Reading
    figures: Any = None
    since: datetime | None = None
    people: tuple[str, ...] = ()
    few: tuple[str, ...] = ()


_FORM = TypeAdapter(StoredAnswer)
# The rows of an answer are stored once it has left, which takes milliseconds. Whoever presses one
# of its buttons before that waits for them, in steps; not for those of a process that died.
STORED_WITHIN = timedelta(seconds=5)
STEP_SECONDS, MOST_STEPS = 0.02, 100


class StoredAnswers:
    """All methods raise StorageError."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        audit: Audit,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id
        self._audit = audit
        self._sleep = sleep

    async def keep(
        self, answer: StoredAnswer, *, team_id: str, user_id: str, look: Look | None = None
    ) -> str:
        """Store an answer without its rows, which `keep_rows` adds, and return its id.

        `look` says whose practice the answer shows; it is logged with it.
        """
        id_ = self._new_id()
        row = {
            "id": id_,
            "team_id": team_id,
            "user_id": user_id,
            "words": answer.words,
            "body": _people_line(answer),
            "at": self._clock(),
        }
        async with self._database.transaction() as connection:
            await connection.execute(sa.insert(table), row)
            if look is not None:
                await self._audit.write(connection, look)
        return id_

    async def keep_rows(self, id_: str, answer: StoredAnswer, look: Look | None = None) -> None:
        """Store the rows of an answer, or more of them; `look` audits the further people shown.

        An answer whose rows were removed meanwhile, for its age or because somebody in it was
        forgotten, stays without rows.
        """
        is_there = sa.and_(table.c.id == id_, table.c.body.is_not(None))
        update = sa.update(table).where(is_there).values(body=_packed(answer))
        async with self._database.transaction() as connection:
            await connection.execute(update)
            if look is not None:
                await self._audit.write(connection, look)

    async def find(self, id_: str, *, team_id: str, user_id: str) -> StoredAnswer | None:
        """The answer behind `id_`, if it is this person's own and its rows are still stored."""
        fresh = table.c.at > self._clock() - KEEP_ROWS
        for _ in range(MOST_STEPS):
            body = await self._one(table.c.body, team_id, user_id, table.c.id == id_, fresh)
            if body is None:
                return None
            if "\n" in body:
                return _unpacked(body)
            at = await self.kept_at(id_, team_id=team_id, user_id=user_id)
            if at is None or self._clock() - at > STORED_WITHIN:
                return None
            await self._sleep(STEP_SECONDS)
        return None

    async def words(self, id_: str, *, team_id: str, user_id: str) -> str | None:
        """The command that was answered, if it is this person's own; stored longer than rows."""
        return await self._one(table.c.words, team_id, user_id, table.c.id == id_)

    async def kept_at(self, id_: str, *, team_id: str, user_id: str) -> datetime | None:
        """When this person was answered (aware, UTC); None if it is not their own answer."""
        return await self._one(table.c.at, team_id, user_id, table.c.id == id_)

    async def _one(
        self, column: sa.Column[T], team_id: str, user_id: str, *among: sa.ColumnElement[bool]
    ) -> T | None:
        """A column of the newest of somebody's answers among these."""
        theirs = (table.c.team_id == team_id, table.c.user_id == user_id)
        query = sa.select(column).where(*theirs, *among).order_by(table.c.at.desc()).limit(1)
        return await self._database.scalar(query)


def _people_line(answer: StoredAnswer) -> str:
    """The ids of everybody in an answer, by which it is found when one of them is forgotten."""
    people = {row.user.id for row in answer.reading.rows} | set(answer.people)
    people |= {person.id for person in answer.query.people or ()}
    return json.dumps(sorted(people), ensure_ascii=False)


def _packed(answer: StoredAnswer) -> str:
    """An answer as it is kept: the line of its people, and all of it in an eighth of its size."""
    whole = b64encode(zlib.compress(_FORM.dump_json(answer))).decode()
    return f"{_people_line(answer)}\n{whole}"


def _unpacked(body: str) -> StoredAnswer | None:
    """The answer in a stored body; None where another version stored it in a different form."""
    try:
        return _FORM.validate_json(zlib.decompress(b64decode(body.partition("\n")[2])))
    except (ValueError, zlib.error):
        return None
