"""A few people and things, and how words about them are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import settings

from bot.errors import UserError
from bot.language.account import MINE
from bot.language.name_index import NameIndex
from bot.language.query import Kind, Member, Period, Query, ResolvedName, ResolvedQuery
from bot.language.reader import Reader
from bot.language.times import Clock
from bot.people.names import INTENTS, understood

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 20, 10, 0, tzinfo=BERLIN)
LATER = datetime(2026, 4, 2, 8, 0, tzinfo=UTC)

THINGS = (
    ResolvedName(Kind.GROUP, "g1", "West Coast", "west-coast"),
    ResolvedName(Kind.GROUP, "g2", "West", "west"),
    ResolvedName(Kind.GROUP, "g3", "R&D, Munich", "rd"),
    ResolvedName(Kind.SCENARIO, "s1", "Procurement Discovery", "procurement-discovery"),
    ResolvedName(Kind.SKILL, "k1", "Active Listening", "active-listening"),
    ResolvedName(Kind.PROGRAM, "p1", "Onboarding", "onboarding"),
    ResolvedName(Kind.COLLECTION, "c1", "First Calls", "first-calls"),
)
JANE = Member("u1", "jane@acme.com", "Jane Smith")
INDEX = NameIndex(THINGS, [JANE, Member("u2", "bob@acme.com", "Bob Jones")])

checked = settings(database=None, deadline=None, max_examples=25)


def reader(now: datetime = NOW, zone: ZoneInfo = BERLIN) -> Reader:
    names = INDEX.seen_by(lambda _: True)
    return Reader(INTENTS, Clock(now, zone), "everybody", names, ours=(MINE,))


def query_of(
    text: str, now: datetime = NOW, zone: ZoneInfo = BERLIN, report: str = "sessions"
) -> Query:
    """The query of the words after a report's name."""
    return understood(reader(now, zone).command(report, text)).query


def refused(text: str, now: datetime = NOW) -> UserError:
    try:
        query = query_of(text, now)
    except UserError as error:
        return error
    raise AssertionError(f"{text!r} was understood: {query}")


def resolved(query: Query) -> ResolvedQuery:
    """A query in ids: everyone is Jane, and things are those above."""
    things = {
        (thing.kind, name.casefold()): thing
        for thing in THINGS
        for name in (thing.id, thing.name, thing.slug)
    }
    return ResolvedQuery(
        people=(JANE,) if query.people else None,
        names=tuple(things[name.kind, name.value.casefold()] for name in query.names),
        ranks=query.ranks,
        valid=query.valid,
        score=query.score,
        length=query.length,
        period=query.period,
        sort=query.sort,
        limit=query.limit,
        by=query.by,
        page=query.page,
        include_system=query.include_system,
    )


def parse_period(words: Sequence[str], now: datetime, zone: ZoneInfo) -> Period:
    """The period that these words mean."""
    period = query_of(" ".join(words), now, zone).period
    assert period is not None
    return period
