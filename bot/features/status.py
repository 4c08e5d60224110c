"""`/exec status`, for admins: requests to Exec, what is stored of it, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from bot import access
from bot.access import Asker
from bot.answer import Request
from bot.button_values import ButtonCommand
from bot.env import Env
from bot.errors import Pattern, Sentence, Suggestion, UserError
from bot.exec_api.budget import Budget
from bot.exec_api.status import ExecStatus, Failing, Trouble
from bot.features import ADMINS, Button, Command, Feature, HelpLine, Press
from bot.messages.render import Draft, draft
from bot.messages.words import clock
from bot.mirror.lists import MEMBERS, Lists
from bot.mirror.query import read_window
from bot.mirror.sync import Mirror
from bot.settings import NamedRanking
from bot.slack.payloads import Payload
from bot.storage.tables import session, to_ms

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
    """The state of the bot: its requests to Exec, and what is stored.

    `used` of `per_day` requests were sent in the last 24 hours, and `left_minute` of `per_minute`
    can be sent in this minute; none before `blocked_until`. All `sessions` from `start` to `end`
    are stored (both are None before the first page), and `waiting` of them have no grade yet. The
    last `again_days` were read again since `again_at`. The list of `people_at` has so many
    `people`. `trouble` is a problem that somebody has to fix. `named_ranking` is the setting of
    that name.
    """

    zone: str
    now: datetime
    used: int
    per_day: int
    left_minute: int
    per_minute: int
    blocked_until: datetime | None
    sessions: int
    start: datetime | None
    end: datetime | None
    waiting: int
    again_at: datetime | None
    again_days: int
    people: int
    people_at: datetime | None
    named_ranking: str
    trouble: Sentence | None


@dataclass(frozen=True, slots=True)
class StatusFeature:
    """Answers `status`, for admins."""

    env: Env
    budget: Budget
    mirror: Mirror
    lists: Lists
    exec_status: ExecStatus
    named_ranking: NamedRanking

    @property
    def feature(self) -> Feature:
        return Feature(
            commands=(Command("status", self.run, LINES),),
            buttons={"status.refresh": Button(_again, self.refresh)},
        )

    async def run(self, request: Request, rest: str) -> Draft:
        """Answer `status`."""
        if rest:
            raise UserError(
                "`{command} status` stands alone: it shows requests and what is stored of Exec.",
                (Suggestion("Show the status", "status"),),
            )
        return await self._message(request.asker)

    async def refresh(self, press: Press[ButtonCommand]) -> Draft:
        return await self._message(press.asker)

    async def _message(self, asker: Asker) -> Draft:
        return draft("status", status=await self.read(asker))

    async def read(self, asker: Asker) -> Status:
        """The figures of now. Raises NotAllowed for others than admins, and StorageError."""
        access.require_admin(asker)
        now, database = self.env.clock(), self.env.database
        left, window = await self.budget.left(), await read_window(database)
        again_at, reached = await self.mirror.read_again_from()
        people = await self.lists.read(MEMBERS)
        waiting = session.c.rank.is_(None) & session.c.score.is_(None)
        a_day_ago = to_ms(now - timedelta(days=1))
        return Status(
            zone=str(asker.zone),
            now=now,
            used=self.budget.per_day - left.day,
            per_day=self.budget.per_day,
            left_minute=left.minute,
            per_minute=self.budget.per_minute,
            blocked_until=left.blocked_until,
            sessions=await database.count(session),
            start=window.start if window else None,
            end=window.end if window else None,
            waiting=await database.count(session, session.c.created_at > a_day_ago, waiting),
            again_at=again_at,
            again_days=(now - reached).days if reached else 0,
            people=people.rows if people else 0,
            people_at=people.at if people else None,
            named_ranking=self.named_ranking,
            trouble=_said(self.exec_status.failing, str(asker.zone), now),
        )


async def _again(_payload: Payload, _value: str) -> ButtonCommand:
    return ButtonCommand("status")


def _said(failing: Failing | None, zone: str, now: datetime) -> Sentence | None:
    if failing is None:
        return None
    return Sentence(TROUBLE[failing.trouble], {"since": clock(failing.since, zone, now)})
