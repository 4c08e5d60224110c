"""`/exec status`, for admins: requests to Exec, what is stored of it, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import sqlalchemy as sa

from bot import access
from bot.access import Asker
from bot.answer import Request
from bot.button_values import ButtonCommand
from bot.env import Env
from bot.errors import Pattern, Sentence, Suggestion, UserError
from bot.exec_api.budget import PURPOSES, Budget
from bot.exec_api.status import ExecStatus, Failing, Trouble
from bot.features import Button, Command, Feature, Press
from bot.messages.words import clock
from bot.mirror.reader import LEASE_NAME
from bot.mirror.rows import from_ms, to_ms
from bot.mirror.store import SessionStore
from bot.mirror.stretches import DAY, gaps
from bot.mirror.sync import Sync
from bot.people.catalogue import Catalogue
from bot.rendering.status_views import StatusView
from bot.rendering.views import ADMINS, HelpLine
from bot.settings import NamedRanking
from bot.slack.payloads import Payload
from bot.storage.leases import Leases
from bot.storage.tables import member, practice_session

TROUBLE = MappingProxyType(
    {
        Trouble.WRONG_KEY: "*Exec has not accepted my key since {since}.* Put a new one in "
        "`EXEC_API_KEY` and restart me.",
        Trouble.INACTIVE: "*Your Exec workspace has been inactive since {since}.* An Exec admin "
        "can reactivate it.",
        Trouble.AWAY: "*Exec can't be reached since {since}.* I keep trying.",
    }
)


LINES = (
    HelpLine(
        ("status",),
        Pattern("Admins: today's requests to Exec, what is stored of it, and when I last looked."),
        "status",
        ADMINS,
    ),
)


@dataclass(frozen=True, slots=True)
class Status:
    env: Env
    budget: Budget
    store: SessionStore
    catalogue: Catalogue
    sync: Sync
    leases: Leases
    exec_status: ExecStatus
    per_minute: int
    per_day: int
    history_days: int
    named_ranking: NamedRanking

    @property
    def feature(self) -> Feature:
        return Feature(
            commands=(Command("status", self.run, LINES),),
            buttons={"status.refresh": Button(_again, self.refresh)},
        )

    async def run(self, request: Request, rest: str) -> StatusView:
        """Answer `status`."""
        if rest:
            raise UserError(
                "`{command} status` stands alone: it shows requests and what is stored of Exec.",
                (Suggestion("Show the status", "status"),),
            )
        return await self.view(request.asker)

    async def refresh(self, press: Press[ButtonCommand]) -> StatusView:
        return await self.view(press.asker)

    async def view(self, asker: Asker) -> StatusView:
        """The status. Raises NotAllowed for others than admins, and StorageError."""
        access.require_admin(asker)
        now = self.env.clock()
        left, used = await self.budget.left(), await self.budget.used()
        end = to_ms(now)
        since = end - self.history_days * DAY
        known = await self.store.stretches(min(since, end - DAY))
        ungraded = await self.sync.ungraded(end - DAY, end)
        sessions, people = await self._counts()
        newest = known[-1] if known else None
        whole = end - since
        unread = gaps(known, since, newest.end) if newest and whole else []
        missing = sum(stop - start for start, stop in unread) if newest else whole
        read_since = unread[-1][1] if unread else since
        return StatusView(
            zone=str(asker.zone),
            now=now,
            used=tuple((_meaning(word), count) for word, count in used.items()),
            used_total=sum(used.values()),
            per_day=self.per_day,
            left=left.day,
            left_for_questions=left.questions,
            left_minute=left.minute,
            per_minute=self.per_minute,
            blocked_until=left.blocked_until,
            sessions=sessions,
            stored_since=from_ms(read_since) if newest and whole else None,
            history_days=self.history_days,
            named_ranking=self.named_ranking,
            filled_percent=100.0 if whole == 0 else 100 * (1 - missing / whole),
            gaps=len(unread),
            last_sync=from_ms(newest.as_of) if newest else None,
            oldest_unsettled=from_ms(ungraded[0][0]) if ungraded else None,
            unsettled=len(ungraded),
            people=people,
            people_as_of=(await self.catalogue.age("member")).fetched_at,
            syncing=await self.leases.is_taken(LEASE_NAME),
            trouble=_said(self.exec_status.failing, str(asker.zone), now),
        )

    async def _counts(self) -> tuple[int, int]:
        """The sessions stored, and the members."""
        sessions = sa.select(sa.func.count()).select_from(practice_session).scalar_subquery()
        present = sa.select(sa.func.count()).where(member.c.gone_at.is_(None)).scalar_subquery()
        async with self.env.database.transaction(reads=True) as connection:
            query = sa.select(sessions.label("sessions"), present.label("members"))
            row = (await connection.execute(query)).one()
        return row.sessions, row.members


async def _again(_payload: Payload, _value: str) -> ButtonCommand:
    return ButtonCommand("status")


def _meaning(word: str) -> str:
    row = PURPOSES.get(word)
    return word if row is None else row.meaning


def _said(failing: Failing | None, zone: str, now: datetime) -> Sentence | None:
    if failing is None:
        return None
    return Sentence(TROUBLE[failing.trouble], {"since": clock(failing.since, zone, now)})
