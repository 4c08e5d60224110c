"""The filters of a question, as a table: their canonical words, their text in answers, and Exec's
parameters. `lexicon` and `amounts` read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.language import dates
from bot.language.query import (
    By,
    Kind,
    Member,
    NameRef,
    Period,
    PersonRef,
    Query,
    Range,
    ResolvedName,
    ResolvedQuery,
    Sort,
)
from bot.language.text import quoted, written
from bot.language.times import ALL_TIME

AnyQuery = Query | ResolvedQuery
Pairs = tuple[tuple[str, str], ...]

MOST_NAMED = 3  # people in a sentence; more are counted
EVERYONE = "Everyone"
_AGAINST = " against "  # between the two periods of a comparison
_MOST_EMAILS = 20  # for more people, ids make a shorter URL
_SORTING = {  # Exec's own order is the newest first
    Sort.OLDEST: "created_at",
    Sort.BEST: "-score",
    Sort.WORST: "score",
    Sort.LONGEST: "-duration",
    Sort.SHORTEST: "duration",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter. `field` is its field in Query; `forms` and `help` are for the help.

    `phrase` returns its text for people, "" if it isn't used. `write` returns the canonical words,
    which are read as the same filter. `send` returns the parameters of GET /sessions, and is None
    if Exec lacks the filter. `anything` is the label of the button that removes it from an empty
    answer; filters without it don't narrow.

    `of_results`: it keeps some attempts for how they ended, so figures about every attempt are
    wrong under it. `only_exec`: our copy can't tell which sessions it keeps. `excludable`: "not" or
    "without" can stand before it.
    """

    key: str
    field: str
    forms: tuple[str, ...]
    help: str
    phrase: Callable[[AnyQuery], str]
    write: Callable[[Query], str]
    send: Callable[[ResolvedQuery], Pairs] | None = None
    anything: str = ""
    of_results: bool = False
    only_exec: bool = False
    excludable: bool = False


def listed(names: Sequence[str], joint: str) -> str:
    """ "a, b and c", with `joint` for "and"."""
    head, last = ", ".join(names[:-1]), "".join(names[-1:])
    return f"{head} {joint} {last}" if head else last


# Who and what


def _few(names: Sequence[str]) -> str:
    """ "Jane Smith", "Jane Smith, Bob Jones and 5 more"."""
    cut = names if len(names) <= MOST_NAMED else [*names[:2], f"{len(names) - 2} more"]
    return listed(cut, "and")


def _send_who(query: ResolvedQuery) -> Pairs:
    """E-mail addresses of a few people who all have one; ids otherwise."""
    if query.people is None:
        return ()
    emails = [person.email for person in query.people]
    if len(emails) <= _MOST_EMAILS and all(emails):
        return (("user_emails", ",".join(emails)),)
    return (("user_ids", ",".join(person.id for person in query.people)),)


def _without(query: AnyQuery) -> str:
    refs: Sequence[PersonRef | NameRef | Member | ResolvedName] = query.left_out
    names = [
        ref.shown if isinstance(ref, (PersonRef, Member)) else f"{ref.kind} {ref.shown}"
        for ref in refs
    ]
    return f"without {_few(names)}" if names else ""


def _of_kind(
    kind: Kind, help: str, *forms: str, only_exec: bool = False, excludable: bool = False
) -> Filter:
    """The filter by the name of one kind of thing."""

    def phrase(query: AnyQuery) -> str:
        names = [thing.shown for thing in query.names if thing.kind is kind]
        return f"{kind.value} {listed(names, 'or')}" if names else ""

    def send(query: ResolvedQuery) -> Pairs:
        ids = [thing.id for thing in query.names if thing.kind is kind]
        return ((f"{kind.value}_ids", ",".join(ids)),) if ids else ()

    def write(query: Query) -> str:
        return " ".join(thing.words for thing in query.names if thing.kind is kind)

    return Filter(
        kind.value, "names", forms, help, phrase, write, send,
        anything=f"Any {kind.value}", only_exec=only_exec, excludable=excludable,
    )  # fmt: skip


def _of_numbers(
    key: Literal["score", "length"], help: str, *forms: str, unit: Callable[[float], str]
) -> Filter:
    """The filter by a range of numbers. `unit` writes a number as an answer shows it."""
    signs = {">": "over", ">=": "at least", "<": "under", "<=": "at most"}

    def bounds(query: AnyQuery) -> list[tuple[str, str]]:
        limits, ends = getattr(query, key) or Range(), []
        if limits.low is not None:
            ends.append((">" if limits.low_open else ">=", unit(limits.low)))
        if limits.high is not None:
            ends.append(("<" if limits.high_open else "<=", unit(limits.high)))
        return ends

    def phrase(query: AnyQuery) -> str:
        said = " and ".join(f"{signs[sign]} {number}" for sign, number in bounds(query))
        return f"{key} {said}" if said else ""

    def write(query: Query) -> str:
        return " ".join(f"{key}{sign}{number.replace(' ', '')}" for sign, number in bounds(query))

    return Filter(
        key, key, forms, help, phrase, write, anything=f"Any {key}", of_results=True
    )  # fmt: skip


def _minutes(seconds: float) -> str:
    """A length of time in minutes if it has whole ones."""
    return f"{seconds:.10g} s" if seconds % 60 else f"{seconds / 60:.10g} min"


# When


def _periods(query: AnyQuery) -> list[Period]:
    return [range_ for range_ in (query.period, query.versus) if range_]


def period_phrase(query: AnyQuery, now: datetime) -> str:
    """The period in an answer: "last 30 days", "last week", "since Mon, Mar 2"; "" without one."""
    return _AGAINST.join(_in_words(range_, now) for range_ in _periods(query))


def _in_words(period: Period, now: datetime) -> str:
    if period.words.split(" ")[0] in ("last", "this", "next", "today", "yesterday", "tomorrow"):
        return period.words
    return _days(period, now) or ALL_TIME


def exact_period(query: AnyQuery, now: datetime) -> str:
    """The local days of a period; "" for a rolling one or all time."""
    days = (_days(range_, now) for range_ in _periods(query) if not range_.closed)
    return _AGAINST.join(filter(None, days))


def _days(period: Period, now: datetime) -> str:
    """The local days of a period, with the year unless it is that of `now`; "" for all time."""
    zone = ZoneInfo(period.zone)
    first = period.start and period.start.astimezone(zone).date()
    # The last day that the period holds.
    last = period.end and (period.end - timedelta(microseconds=1)).astimezone(zone).date()
    this_year = now.astimezone(zone).year
    is_other_year = any(day.year != this_year for day in (first, last) if day)
    form = dates.DateForm(weekday=True, year=is_other_year)
    if first and last:
        return dates.write_days(first, last, form)
    if first:
        return f"since {dates.write_day(first, form)}"
    return f"until {dates.write_day(last, form)}" if last else ""


def _send_when(query: ResolvedQuery) -> Pairs:
    """The interval for Exec, which includes both ends: [a, b) is sent as a … b − 1 ms."""
    pairs, period = [], query.period
    if period and period.start is not None:
        pairs.append(("start_date", _instant(period.start)))
    if period and period.end is not None:
        last = period.end if period.closed else period.end - timedelta(milliseconds=1)
        pairs.append(("end_date", _instant(last)))
    return tuple(pairs)


def _instant(moment: datetime) -> str:
    """A moment in UTC with Z, with milliseconds only if there are any."""
    utc = moment.astimezone(UTC)
    thousandths = utc.microsecond // 1000
    return f"{utc:%Y-%m-%dT%H:%M:%S}{f'.{thousandths:03}' if thousandths else ''}Z"


FILTERS = (
    Filter(
        "who", "people", ("@jane", "me", "my people", "jane@acme.com", '"Jane Smith"', "@closers"),
        "One person, several, or everyone in a Slack user group.",
        lambda query: _few([person.shown for person in query.people or ()]),
        lambda query: " ".join(person.words for person in query.people), _send_who,
        anything="Anyone", excludable=True,
    ),
    _of_kind(
        Kind.GROUP, "People of a group in Exec, by its name or id.",
        "team:west", "group:west-coast", 'group:"West Coast"', excludable=True,
    ),
    _of_kind(
        Kind.SCENARIO, "Attempts at a scenario, by its name, short name or id.",
        'scenario:"Cold Call"', "scenario:procurement-discovery", excludable=True,
    ),
    _of_kind(
        Kind.SKILL, "Scenarios that practice a skill.",
        'skill:"Active Listening"', "skill:discovery",
    ),
    _of_kind(
        Kind.PROGRAM, "Scenarios of a program.", "program:onboarding", 'program:"Sales Basics"',
        only_exec=True,
    ),
    _of_kind(
        Kind.COLLECTION, "Scenarios of a collection.",
        'collection:"First Calls"', "collection:first-calls",
    ),
    Filter(
        "without", "left_out",
        ("-@jane", '-group:"West Coast"', "-scenario:cold-call", "without @jane"),
        "Everything but these people, groups or scenarios.",
        _without, lambda query: " ".join(f"-{left.words}" for left in query.left_out),
        anything="Leaving nobody out",
    ),
    Filter(
        "session", "attempt", ("session:abc123def456",), "One session, by its id in Exec.",
        lambda query: "one session" if query.attempt else "",
        lambda query: f"session:{quoted(query.attempt)}" if query.attempt else "",
        anything="Any session",
    ),
    Filter(
        "rank", "ranks", ("gold silver", "gold or silver", "silver+", "not gold", "rank:gold"),
        "Ranks: gold, silver, bronze, unranked. `silver+` is silver or better.",
        lambda query: listed([rank.value for rank in query.ranks], "or"),
        lambda query: " ".join(query.ranks),
        lambda query: (("rank", ",".join(query.ranks)),) if query.ranks else (),
        anything="Any rank", of_results=True, excludable=True,
    ),
    Filter(
        "valid", "valid", ("valid", "invalid"),
        "Attempts that were finished and graded, or those that were not.",
        lambda query: "" if query.valid is None else
            "valid attempts" if query.valid else "invalid attempts",
        lambda query: "" if query.valid is None else "valid" if query.valid else "invalid",
        anything="Graded or not", of_results=True, excludable=True,
    ),
    Filter(
        "due", "due", ("overdue", "due", "open", "finished"),
        "Assignments that are past their date, due later, not done, or done.",
        lambda query: query.due or "", lambda query: query.due or "",
        anything="Any due date", excludable=True,
    ),
    _of_numbers(
        "score", "Scores from 0 to 100.", "score>=80", "score<50", "score:70-85", "under 60",
        unit="{:.10g}".format,
    ),
    _of_numbers(
        "length", "How long the session took: s for seconds, m for minutes, h for hours.",
        "longer 5m", "over 20 minutes", "shorter 90s", unit=_minutes,
    ),
    Filter(
        "period", "period",
        (
            "last 7d", "past 2 weeks", "today", "last week", "this month", "march 2026", "q1 2026",
            "since 2026-03-01", "2026-03-01..2026-03-15",
        ),
        "A time, in your time zone. `last 7d` ends now; `last week` is Monday to Sunday.",
        lambda query: _AGAINST.join(range_.words for range_ in _periods(query)),
        lambda query: query.period.words if query.period else "", _send_when,
        anything="Any date",
    ),
    # After the period, because "vs today until february" would be one period.
    Filter(
        "versus", "versus", ("last month vs this month",),
        "Another period, to compare with the first one.",
        lambda query: "",  # the phrase of the period has both
        lambda query: f"vs {query.versus.words}" if query.versus else "",
    ),
    Filter(
        "by", "by", tuple(f"by {by}" for by in By),
        "The metric of a ranking, or the parts of a trend.",
        lambda query: f"by {query.by}" if query.by else "",
        lambda query: f"by {query.by}" if query.by else "",
    ),
    Filter(
        "sort", "sort", tuple(Sort),
        "The order of the rows; newest first unless you say otherwise.",
        lambda query: f"{query.sort} first" if query.sort is not Sort.NEWEST else "",
        lambda query: query.sort if query.sort is not Sort.NEWEST else "",
        lambda query: (("sorting", _SORTING[query.sort]),) if query.sort in _SORTING else (),
    ),
    Filter(
        "limit", "limit", ("top 5", "best 5", "limit 20"), "Only the first few rows of that order.",
        lambda query: f"top {query.limit}" if query.limit else "",
        lambda query: f"top {query.limit}" if query.limit else "",
    ),
    Filter(
        "page", "page", ("page:2",), "More rows of a long answer.",
        lambda query: f"page {query.page}" if query.page != 1 else "",
        lambda query: f"page:{query.page}" if query.page != 1 else "",
    ),
    Filter(
        "system", "include_system", ("+system",),
        "Count Exec's own staff too; they are left out otherwise.",
        lambda query: "with Exec's own staff" if query.include_system else "",
        lambda query: "+system" if query.include_system else "",
        lambda query: () if query.include_system else (("exclude_system_users", "true"),),
    ),
)  # fmt: skip
BY_KEY = {row.key: row for row in FILTERS}
BY_FIELD = {row.field: row for row in FILTERS}  # for "names", any of its kinds
KEYS = frozenset(BY_KEY)
RESULTS = frozenset(row.key for row in FILTERS if row.of_results)


# A question as words


def query_words(query: Query) -> str:
    """The question in canonical words, which are read as the same question."""
    return written(" ".join(filter(None, (row.write(query) for row in FILTERS))))


def used(query: Query) -> tuple[str, ...]:
    """The keys of all filters in a question."""
    return tuple(row.key for row in FILTERS if row.write(query))


def is_of_results(query: AnyQuery) -> bool:
    """Whether a question is about some attempts only, chosen by their results."""
    return any(row.of_results and row.phrase(query) for row in FILTERS)


def needs_exec(query: AnyQuery) -> bool:
    """Whether only Exec can tell which sessions a question is about."""
    return any(row.only_exec and row.phrase(query) for row in FILTERS)


def removable(query: Query) -> tuple[str, ...]:
    """The keys of the filters that narrow the question."""
    return tuple(row.key for row in FILTERS if row.anything and row.write(query))


def without(query: Query, *keys: str) -> Query:
    """The question without these filters."""
    for key in keys:
        field = BY_KEY[key].field
        left: Any = getattr(Query(), field)
        if field == "names":
            left = tuple(name for name in query.names if name.kind != key)
        query = replace(query, **{field: left})
    return query


def phrase_of(key: str, query: AnyQuery) -> str:
    """The text of one filter of a question."""
    return BY_KEY[key].phrase(query)


def query_phrases(query: AnyQuery) -> tuple[str, ...]:
    """The parts of a question in words: "Raj Patel", "group West Coast", "gold"."""
    return tuple(phrase for row in FILTERS if (phrase := row.phrase(query)))


def understood(query: ResolvedQuery, *, now: datetime) -> tuple[str, ...]:
    """The parts of a question for an answer, in plain text: people, filters, period, order."""
    parts = {row.key: phrase for row in FILTERS if (phrase := row.phrase(query))}
    if query.period:
        parts["period"] = period_phrase(query, now)
    if query.people:
        return tuple(parts.values())
    groups = [thing.shown for thing in query.names if thing.kind is Kind.GROUP]
    parts.pop(Kind.GROUP.value, None)
    return (listed(groups, "and") if groups else EVERYONE, *parts.values())


def parameters(query: ResolvedQuery, *, now: datetime) -> tuple[tuple[str, str], ...]:
    """The filters of GET /sessions, without page and page size. A period ends `now` at the latest,
    so that a question asked again gets the same rows."""
    period = query.period
    if period and period.end and not period.closed and period.end > now:
        query = replace(query, period=replace(period, end=now, closed=True))
    return tuple(pair for row in FILTERS if row.send for pair in row.send(query))
