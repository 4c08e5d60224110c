"""What to practice next: for oneself, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass

from bot import access
from bot.answer import Request
from bot.env import Env
from bot.errors import NotFound, Pattern
from bot.facts import ReadFacts, Sources
from bot.features import Command, Feature
from bot.language.phrases import NEXT
from bot.language.query import ResolvedQuery
from bot.people.directory import Directory
from bot.rendering.home_views import NextView
from bot.rendering.views import HelpLine
from bot.reports.intervals import Interval, last_days, period_of, today
from bot.reports.what_next import what_next

LINES = (
    HelpLine(
        ("what next",),
        Pattern("What you might practice next, why, and the result to beat."),
        "what next",
    ),
)


@dataclass(frozen=True, slots=True)
class WhatNextFeature:
    """All raise NotAllowed and NotFound for who has no practice of their own, ExecError when Exec
    is needed and away, and StorageError."""

    env: Env
    sources: Sources
    directory: Directory

    @property
    def feature(self) -> Feature:
        return Feature(commands=(Command("what-next", self.run, LINES),), phrases={NEXT: self.run})

    async def run(self, request: Request, _rest: str) -> NextView:
        """What the asker practices next, from their own practice and tasks alone."""
        asker, now = request.asker, self.env.clock()
        access.visibility(asker)  # those who see nothing are told why
        if asker.member is None:
            raise NotFound(
                "You are not in Exec yourself, so there is nothing of yours to practice."
            )
        zone = str(asker.zone)
        week, day = last_days(zone, now), today(zone, now)
        period = period_of(Interval(week.interval.start, day.end), zone)
        query = ResolvedQuery((asker.member,), period=period)
        facts = ReadFacts(self.sources, query, zone, now=now)
        found = await what_next(facts)
        is_new = found.next is None and not found.graded
        easy = await self.directory.easy() if is_new else None
        return NextView(found, easy, facts.freshness, zone, now)
