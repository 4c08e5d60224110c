"""Since when people are in the workspace and in their groups, as far as that was seen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.storage.database import Database
from bot.storage.tables import member, roster_member


@dataclass(frozen=True, slots=True)
class Joining:
    database: Database

    async def since(
        self, moment: datetime, *, groups: Collection[str], named: Collection[str]
    ) -> frozenset[str]:
        """The Exec ids of those who came into the workspace, or into the first of these groups
        that they are in, at that moment or later.

        Those who are `named` belong here whatever their groups. Who was there when we first
        looked came before. Raises StorageError.
        """
        new = sa.select(member.c.id).where(member.c.since >= moment)
        longest = sa.select(roster_member.c.user_id).where(roster_member.c.group_id.in_(groups))
        settled = longest.where(
            sa.or_(roster_member.c.since.is_(None), roster_member.c.since < moment)
        )
        late = longest.where(
            roster_member.c.since >= moment, roster_member.c.user_id.not_in(settled)
        )
        came = frozenset(await self.database.scalars(new))
        came_in = frozenset(await self.database.scalars(late))
        return came | (came_in - frozenset(named))
