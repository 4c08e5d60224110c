"""The store of praise: what a coach would like a channel to hear of somebody, who is asked first.

    asked ─► agreed        declined

What is posted stands in the outbox from the transaction on in which the person agreed: whoever
stops in between, it arrives once. A question that nobody answers lapses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot.outbox.deliveries import DeliveryKind, new_row
from bot.rendering.views import Message
from bot.reports.praise import Feat, What
from bot.storage.database import Database
from bot.storage.tables import delivery
from bot.storage.tables import praise as table

LAPSES_AFTER = timedelta(days=7)


class State(StrEnum):
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Praise:
    """A question to a person, and what became of it.

    `coach_id` and `person_id` are Exec's ids, `asked_by` and `account_id` their Slack accounts,
    `coach_name` and `person_name` what they were called when it was asked. `place` is the channel.
    """

    id: str
    team_id: str
    coach_id: str
    asked_by: str
    person_id: str
    account_id: str
    place: str
    feat: Feat
    coach_name: str
    person_name: str
    asked_at: datetime
    state: State = State.ASKED

    @property
    def until(self) -> datetime:
        """From then on a yes comes too late."""
        return self.asked_at + LAPSES_AFTER

    def is_open(self, now: datetime) -> bool:
        """Whether it waits for an answer."""
        return self.state is State.ASKED and now < self.until


class Praises:
    """All methods raise StorageError."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def ask(self, new: Praise) -> Praise:
        """Note a question; the one that is there already if the same was asked before."""
        row = asdict(new)
        row |= row.pop("feat")
        same = [table.c.team_id, table.c.person_id, table.c.key]
        insert = self._database.insert(table).values(row)
        await self._database.write(insert.on_conflict_do_nothing(index_elements=same))
        is_same = (column == row[column.name] for column in same)
        found = await self._database.row(sa.select(table).where(*is_same))
        return new if found is None else _praise_of(found)

    async def find(self, id_: str) -> Praise | None:
        row = await self._database.row(sa.select(table).where(table.c.id == id_))
        return None if row is None else _praise_of(row)

    async def of_post(self, post_id: str) -> Praise | None:
        """What somebody agreed to, by the message that is posted for it."""
        row = await self._database.row(sa.select(table).where(table.c.post_id == post_id))
        return None if row is None else _praise_of(row)

    async def not_asked(self, id_: str) -> None:
        """The person surely did not get the question."""
        await self._database.write(sa.delete(table).where(table.c.id == id_))

    async def agree(self, id_: str, message: Message) -> bool:
        """They said yes: `message` is posted, or they hear that it could not be. False if it was
        answered before, or lapsed."""
        now, post_id = self._clock(), self._new_id()
        change = self._answered(id_, State.AGREED, post_id=post_id)
        in_time = table.c.asked_at > now - LAPSES_AFTER
        async with self._database.transaction() as connection:
            agreed = (await connection.execute(change.where(in_time))).first()
            if agreed is None:
                return False
            row = new_row(
                *(post_id, "", post_id, DeliveryKind.PRAISE, agreed.place, now),
                message=message,
                asked_by=agreed.account_id,
            )
            await connection.execute(sa.insert(delivery).values(row))
        return True

    async def decline(self, id_: str) -> bool:
        """They said no, or it may not be posted any more. False if it was answered before."""
        return await self._database.returned(self._answered(id_, State.DECLINED)) is not None

    def _answered(self, id_: str, state: State, **more: str) -> sa.sql.dml.ReturningUpdate[Any]:
        return (
            sa.update(table)
            .where(table.c.id == id_, table.c.state == State.ASKED)
            .values(state=state, **more)
            .returning(table.c.place, table.c.account_id)
        )


def _praise_of(row: sa.Row[Any]) -> Praise:
    held = row._asdict()
    held.pop("post_id")
    feat = Feat(What(held.pop("what")), held.pop("scenario"), held.pop("number"), held.pop("key"))
    return Praise(**held | {"feat": feat, "state": State(row.state)})
