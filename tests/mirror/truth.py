"""What an answer should have been, worked out from the world's own history."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from bot.exec_api.models import Session
from bot.exec_api.wire import item_of
from bot.language.query import Kind, Member, Named, Period, ResolvedQuery, Sort
from bot.mirror.answers import Reading
from bot.mirror.planning import Part
from bot.mirror.scope import Scope
from bot.mirror.sessions import KEEP_ROWS
from bot.mirror.walking import Row
from bot.reports.figures import figures
from bot.sandbox import exec_shapes as shapes
from tests.mirror.mirrored import Mirrored, milliseconds, when

# No answer misses a session older than this: a minute, and the second in which it may come in.
NEW = 61_000


def question(company: Mirrored, *who: str, group: str = "", skill: str = "", **values: Any) -> Any:
    """A ResolvedQuery about these people (e-mails) of the world, a group and a skill by name."""
    world = company.world
    names = []
    if group:
        names.append(Named(Kind.GROUP, world.group(group).id, group))
    if skill:
        names.append(Named(Kind.SKILL, world.skill(skill).id, skill))
    people = [world.person(each) for each in who]
    members = tuple(Member(each.id, each.email, each.name) for each in people)
    values.setdefault("names", tuple(names))
    return ResolvedQuery(people=members or None, **values)


def last(company: Mirrored, *, until: float = 0.0, **times: float) -> Period:
    """A rolling period that ends now, or one that ended `until` seconds ago."""
    end = company.clock() - timedelta(seconds=until)
    return Period("", "UTC", end - timedelta(**times), end, closed=until == 0.0)


def bounds(period: Period | None, now: datetime) -> tuple[int, int]:
    """[start, end) in milliseconds, as the words of the question mean it."""
    start = 0 if period is None or period.start is None else milliseconds(period.start)
    if period is None or period.end is None:
        return start, milliseconds(now)
    return start, min(milliseconds(now), milliseconds(period.end) + int(period.closed))


def matching(company: Mirrored, query: ResolvedQuery, parts: tuple[Part, ...]) -> list[Row]:
    """The rows of these parts as Exec held them then, in the order asked for."""
    rows = [
        row
        for part in parts
        for row in company.past.listed(part.narrow, part.start, part.end, part.as_of)
        if _matches(query, row)
    ]
    return sorted(rows, key=lambda row: _order(query.sort, row))


def keeps(query: ResolvedQuery, *, score: float | None, seconds: float | None, valid: bool) -> bool:
    """Whether a session passes the filters that Exec does not know."""
    return (
        (query.valid is None or valid is query.valid)
        and (query.score is None or (score is not None and score in query.score))
        and (query.length is None or (seconds is not None and seconds in query.length))
    )


def _matches(query: ResolvedQuery, row: Row) -> bool:
    score, rank, seconds, valid = row.content
    ranks = [each.value for each in query.ranks]
    return (not ranks or rank in ranks) and keeps(query, score=score, seconds=seconds, valid=valid)


def _order(sort: Sort, row: Row) -> tuple[Any, ...]:
    score, _, seconds, _ = row.content
    number = score if sort in (Sort.BEST, Sort.WORST) else seconds
    match sort:
        case Sort.NEWEST:
            return (-row.created_at, row.id)
        case Sort.OLDEST:
            return (row.created_at, row.id)
        case Sort.BEST | Sort.LONGEST:
            return (number is None, -(number or 0), row.id)
        case _:
            return (number is None, number or 0, row.id)


def as_sent(company: Mirrored, row: Row) -> Session:
    """The session as Exec would have sent it while it was so."""
    stored = next(
        moment.rows[row.id]
        for moment in company.past.moments
        if row.id in moment.rows and _content(moment.rows[row.id]) == row.content
    )
    session = item_of(shapes.session(company.world, stored), Session)
    return replace(session, created_at=when(row.created_at))


def _content(session: Any) -> tuple[Any, ...]:
    return (session.score, session.rank, session.duration_seconds, session.is_valid_attempt)


def assert_right(
    company: Mirrored, query: ResolvedQuery, reading: Reading, asked_at: datetime
) -> None:
    """Each part of the answer is the truth at its as-of time, and together they are all of it."""
    parts = company.selecting.parts
    expected = [as_sent(company, row) for row in matching(company, query, parts)]
    kept = max(KEEP_ROWS, query.limit or 0)
    assert list(reading.rows) == expected[:kept]
    assert reading.total == len(expected)
    assert reading.figures == figures(expected)
    for part in parts:
        assert part.narrow in meanings(company, query, reading)
    for one, other in pairwise(parts):
        assert one.end == other.start
    _assert_reaches(company, query, reading, asked_at)


def _assert_reaches(
    company: Mirrored, query: ResolvedQuery, reading: Reading, asked_at: datetime
) -> None:
    """The parts go from the beginning of the question to its end, or nearly."""
    parts = company.selecting.parts
    start, end = bounds(query.period, asked_at)
    if reading.cost is not None:
        assert parts == () or reading.held_since == when(parts[0].start)
        return
    if start >= end or any(each.nothing for each in meanings(company, query, reading)):
        return
    oldest = milliseconds(asked_at) - NEW
    if reading.looks_every is not None:
        oldest -= reading.looks_every * 60_000
    if reading.away is not None:
        oldest = 0
    if parts:
        assert parts[0].start == start
        assert parts[-1].end >= min(end, oldest)
    else:
        # All of it is so new that it may be missing.
        assert start >= oldest


def meanings(company: Mirrored, query: ResolvedQuery, reading: Reading) -> list[Scope]:
    """The scopes that the question may mean: groups as such, or as the people in them then; skills
    as such, or as the scenarios that were in them at any time."""

    def ids(kind: Kind) -> frozenset[str] | None:
        return frozenset(each.id for each in query.names if each.kind is kind) or None

    plain = Scope(
        users=None if query.people is None else frozenset(each.id for each in query.people),
        scenarios=ids(Kind.SCENARIO),
        skills=ids(Kind.SKILL),
        groups=ids(Kind.GROUP),
        system=query.include_system,
    )
    found = {plain}
    if plain.groups is not None and reading.roster_as_of is not None:
        rosters = company.past.at(milliseconds(reading.roster_as_of)).rosters
        found.add(_inside(plain, "groups", "users", rosters))
    if plain.skills is not None:
        skills = {frozenset(each.skills.items()) for each in company.past.moments}
        found |= {
            _inside(each, "skills", "scenarios", dict(some)) for each in found for some in skills
        }
    return list(found)


def _inside(scope: Scope, name: str, inside: str, members: dict[str, frozenset[str]]) -> Scope:
    """The scope with the people or scenarios that belong to what it names."""
    if scope.nothing:
        return scope
    belonging = frozenset(one for id_ in getattr(scope, name) for one in members[id_])
    within = getattr(scope, inside)
    both = belonging if within is None else belonging & within
    changed: dict[str, Any] = {name: None, inside: both}
    return replace(scope, **changed) if both else Scope(nothing=True)
