"""What somebody asked last in a conversation, for the half hour in which they may go on with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.errors import Suggestion
from bot.storage.database import Database
from bot.storage.tables import last_question as table

GOES_ON_FOR = timedelta(minutes=30)
NOBODY_SEEN = "-"


@dataclass(frozen=True, slots=True)
class LastQuestion:
    """The last question of somebody in a conversation.

    `words` are a whole command that says it, "" where they were only asked which of several they
    mean, and `before` those of another one that they asked before it. `answer_id` is the stored
    answer whose rows one goes through, `start` the first row on the page that was shown, and
    `opened` the one that was opened last. `choices` are what they were asked to choose from.
    `refused` names the person, or group, in words of a question, that a text was about which was
    not answered since; it is `NOBODY_SEEN` where they may not see them.
    """

    words: str = ""
    before: str = ""
    answer_id: str = ""
    start: int = 0
    opened: int | None = None
    choices: tuple[Suggestion, ...] = ()
    refused: str = ""


class LastQuestions:
    """Last questions, by who asks and the `place`: a channel, or a thread in it as
    "channel:thread". All methods raise StorageError."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def last(self, team_id: str, user_id: str, place: str) -> LastQuestion | None:
        """Their last question there; in a thread without one, that in the channel around it."""
        ids = [_id(team_id, user_id, each) for each in dict.fromkeys((place, place.split(":")[0]))]
        query = sa.select(table).where(
            table.c.id.in_(ids), table.c.at > self._clock() - GOES_ON_FOR
        )
        rows = {row.id: row for row in await self._database.rows(query)}
        row = next((rows[id_] for id_ in ids if id_ in rows), None)
        if row is None:
            return None
        choices = tuple(Suggestion(label, words) for label, words in json.loads(row.choices))
        return LastQuestion(
            row.words, row.before, row.answer_id, row.start, row.opened, choices, row.refused
        )

    async def keep(self, team_id: str, user_id: str, place: str, last: LastQuestion) -> None:
        """Store it in place of the one before, whose words stay beside it if it is another."""
        stored = await self.last(team_id, user_id, place) or LastQuestion()
        before = stored.before if stored.words == last.words else stored.words
        row = {
            "id": _id(team_id, user_id, place),
            "team_id": team_id,
            "user_id": user_id,
            "words": last.words,
            "before": before,
            "answer_id": last.answer_id,
            "start": last.start,
            "opened": last.opened,
            "choices": json.dumps(
                [(each.label, each.words) for each in last.choices], ensure_ascii=False
            ),
            "refused": last.refused,
            "at": self._clock(),
        }
        async with self._database.transaction() as connection:
            await self._database.put(connection, table, [row])

    async def keep_choices(
        self, team_id: str, user_id: str, place: str, choices: tuple[Suggestion, ...]
    ) -> None:
        """Store what they are asked to choose from; their last question stays."""
        last = await self.last(team_id, user_id, place) or LastQuestion()
        await self.keep(team_id, user_id, place, replace(last, choices=choices))


def _id(team_id: str, user_id: str, place: str) -> str:
    return f"{team_id} {user_id} {place}"
