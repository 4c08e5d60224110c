"""The last question of each person in a conversation, for half an hour of follow-ups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Suggestion
from bot.storage.database import Database
from bot.storage.tables import last_question

FOLLOW_UP_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class LastQuestion:
    """The last question of somebody in a conversation.

    `words` are its command, "" if the bot only asked which of several is meant. `answer_id` is the
    stored answer. `choices` are the options that the bot offered.
    """

    words: str = ""
    answer_id: str = ""
    choices: tuple[Suggestion, ...] = ()


class LastQuestions:
    """Last questions by asker and place: a channel, or a thread in it as "channel:thread".

    All methods raise StorageError.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def last(self, team_id: str, user_id: str, place: str) -> LastQuestion:
        """The last question in a place; for a thread without one, that of its channel."""
        ids = [
            _id(team_id, user_id, where) for where in dict.fromkeys((place, place.split(":")[0]))
        ]
        query = sa.select(last_question).where(
            last_question.c.id.in_(ids), last_question.c.at > self._clock() - FOLLOW_UP_WITHIN
        )
        rows = {row.id: row.data for row in await self._database.rows(query)}
        return next((_read(rows[id_]) for id_ in ids if id_ in rows), LastQuestion())

    async def keep(self, team_id: str, user_id: str, place: str, last: LastQuestion) -> None:
        """Store the last question."""
        async with self._database.transaction() as connection:
            await self.write(connection, team_id, user_id, place, last)

    async def write(
        self,
        connection: AsyncConnection,
        team_id: str,
        user_id: str,
        place: str,
        last: LastQuestion,
    ) -> None:
        """As `keep`, in the transaction of `connection`."""
        row = {
            "id": _id(team_id, user_id, place),
            "team_id": team_id,
            "user_id": user_id,
            "data": asdict(last),
            "at": self._clock(),
        }
        await self._database.put(connection, last_question, [row])


def _id(team_id: str, user_id: str, place: str) -> str:
    return f"{team_id} {user_id} {place}"


def _read(data: dict[str, Any]) -> LastQuestion:
    choices = tuple(Suggestion(**choice) for choice in data["choices"])
    return LastQuestion(data["words"], data["answer_id"], choices)
