"""A person's own week: the answer, and the Monday message with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.ask.prepare import Mode, Preparer
from bot.clock import Now
from bot.errors import NotFound
from bot.language.query import Member, ResolvedQuery
from bot.messages.render import Draft, draft
from bot.people import access
from bot.people.access import Asker
from bot.people.coaches import Coaches
from bot.reports._prepared import PreparedQuestion
from bot.reports.intervals import Periods
from bot.reports.me import REPORT, MeFigures
from bot.reports.what_next import easy_scenario
from bot.scheduled.delivery import Delivery, Reason, Unsent
from bot.scheduled.draw import Drawing, prepare
from bot.scheduled.subscriptions import Subscriptions
from bot.storage.database import Database

ME = REPORT.name
NOT_IN_EXEC = "You aren't in Exec yourself, so you have no practice to show."


def own_person(asker: Asker) -> Member:
    """The asker's Exec person. Raises NotFound, and NotAllowed for people who see nothing."""
    access.visibility(asker)
    if asker.member is None:
        raise NotFound(NOT_IN_EXEC)
    return asker.member


@dataclass(frozen=True, slots=True)
class OwnDigests:
    """Draws a person's own week."""

    clock: Now
    coaches: Coaches
    db: Database
    preparer: Preparer
    subscriptions: Subscriptions

    async def ask(self, asker: Asker, periods: Periods, mode: Mode) -> PreparedQuestion:
        """The question about the asker's own practice."""
        return await prepare(
            self.preparer, ResolvedQuery((own_person(asker),)), REPORT, periods, mode
        )

    async def draw_week(self, asker: Asker, row: Delivery, mode: Mode) -> Drawing:
        """The Monday message. It waits while Exec is away, rather than show stored data."""
        if asker.member is None or asker.member.is_removed:
            raise Unsent(Reason.OWNER)
        now = self.clock()
        q = await self.ask(asker, row.periods(now), mode)
        return await self.draw(asker, q, row.late(now)), None

    async def draw(
        self,
        asker: Asker,
        q: PreparedQuestion,
        late: datetime | None = None,
        *,
        in_home: bool = False,
    ) -> Draft:
        """The message about the asker's week. People who never practiced get a link to a
        scenario."""
        figures: MeFigures = await REPORT.figures(q)
        start = ""
        if not figures.has_begun:
            easy = await easy_scenario(self.db)
            links = (task.link for task in figures.tasks or () if task.link)
            start = next(links, easy.link if easy else "")
        monday = await self.subscriptions.own(asker.team_id, asker.user_id, ME)
        settings = await self.coaches.person_settings(own_person(asker).id)
        return draft(
            "me",
            f=figures,
            q=q,
            late=late,
            start=start,
            in_home=in_home,
            monday="" if monday is None or monday.is_paused else monday.id,
            muted=settings.mutes_nudges,
        )
