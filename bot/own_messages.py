"""Scheduled direct messages: a coach's list, and one's own week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.language.days import zone_of
from bot.language.query import Member, ResolvedQuery
from bot.language.schedule_words import read_schedule
from bot.prepare import Mode
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import AnyReport
from bot.reports.intervals import Periods, period_of
from bot.subscriptions import Subscription, new_subscription

if TYPE_CHECKING:
    from bot.app import App

USUAL = "every monday 8:30"  # before the week's first meeting


async def begin(app: App, team_id: str, user_id: str, words: str, zone: str) -> Subscription:
    """Somebody's subscription to a direct message, perhaps paused; a new one if there is none."""
    if (one := await app.subscriptions.own(team_id, user_id, words)) is not None:
        return one
    schedule = read_schedule(USUAL, now=app.clock(), zone=str(zone_of(zone))).schedule
    new = new_subscription(team_id, user_id, words, user_id, schedule, follows=True)
    one, _ = await app.subscriptions.add(new)
    return one


async def ask_about(
    app: App, people: tuple[Member, ...], report: AnyReport, periods: Periods, mode: Mode
) -> PreparedQuestion:
    """A report's question about these people, prepared."""
    query = ResolvedQuery(people, period=period_of(periods.interval, periods.zone))
    return await app.preparer.prepare(
        query, periods.zone, needs=report.needs, mode=mode, now=periods.now, periods=periods
    )
