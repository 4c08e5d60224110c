"""How each filter reads in the first line of an answer, in plain text.

A phrase of a Query speaks of names as typed; one of a ResolvedQuery, of things as Exec names
them. "" stands for a filter that is not used. `now` is None where no interval is to be shown,
only the words of the period.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.language.numbers import length, number
from bot.language.query import (
    Kind,
    NameRef,
    Period,
    PersonKind,
    PersonRef,
    Query,
    Range,
    ResolvedQuery,
)

Asked = Query | ResolvedQuery

EVERYONE = "Everyone"
MOST_PEOPLE = 3
_PERSON_FORMS = {
    PersonKind.ME: "me",
    PersonKind.SLACK: "@{label}",
    PersonKind.USERGROUP: "@{label}",
    PersonKind.HANDLE: "@{value}",
    PersonKind.EMAIL: "{value}",
    PersonKind.NAME: "{value}",
    PersonKind.PERSON: "{value}",
}


def people_phrase(query: Asked, now: datetime | None) -> str:
    """ "Jane Smith", "Jane Smith and Bob Jones", "Jane Smith, Bob Jones and 5 more"."""
    if isinstance(query, Query):
        names = [_person(person) for person in query.people]
    else:
        names = [person.name or person.email or person.id for person in query.people or ()]
    if len(names) > MOST_PEOPLE:
        names = [*names[:2], f"{len(names) - 2} more"]
    return _listed(names, "and")


def names_phrase(query: Asked, kind: Kind) -> str:
    """ "group West Coast", "scenario Cold Call or Renewal"."""
    names = [
        thing.value if isinstance(thing, NameRef) else thing.name or thing.id
        for thing in query.names
        if thing.kind is kind
    ]
    return f"{kind.value} {_listed(names, 'or')}" if names else ""


def ranks_phrase(query: Asked, now: datetime | None) -> str:
    """ "gold or silver"."""
    return _listed([rank.value for rank in query.ranks], "or")


def valid_phrase(query: Asked, now: datetime | None) -> str:
    """ "valid attempts"."""
    return {True: "valid attempts", False: "invalid attempts", None: ""}[query.valid]


def score_phrase(query: Asked, now: datetime | None) -> str:
    """ "score 80 or more", "score 70–85"."""
    score = query.score
    if score is None:
        return ""
    if score.low is not None and score.low == score.high:
        return f"score {number(score.low)}"
    if None not in (score.low, score.high) and not (score.low_open or score.high_open):
        return f"score {number(score.low or 0)}–{number(score.high or 0)}"
    bounds = _bounds(score, "over {}", "{} or more", "under {}", "{} or less", number)
    return f"score {bounds}"


def length_phrase(query: Asked, now: datetime | None) -> str:
    """ "longer than 5 min"."""
    if query.length is None:
        return ""
    return _bounds(
        query.length,
        "longer than {}",
        "at least {} long",
        "shorter than {}",
        "at most {} long",
        lambda seconds: length(seconds, " h", " min", " s"),
    )


def period_phrase(query: Asked, now: datetime | None) -> str:
    """ "Mon 16 – Sun 22 Mar, Europe/Berlin"."""
    period = query.period
    if period is None or now is None:
        return period.words if period else ""
    year = now.astimezone(ZoneInfo(period.zone)).year
    return f"{_interval(period, year)}, {period.zone}"


def sort_phrase(query: Asked, now: datetime | None) -> str:
    """ "best first"; the usual order goes without saying."""
    return f"{query.sort.value} first" if query.sort is not Query().sort else ""


def limit_phrase(query: Asked, now: datetime | None) -> str:
    """ "top 5"."""
    return f"top {query.limit}" if query.limit is not None else ""


def page_phrase(query: Asked, now: datetime | None) -> str:
    """ "page 2"; the first one goes without saying."""
    return f"page {query.page}" if query.page != 1 else ""


def system_phrase(query: Asked, now: datetime | None) -> str:
    """ "with Exec's own staff"."""
    return "with Exec's own staff" if query.include_system else ""


def _person(person: PersonRef) -> str:
    label = person.label.removeprefix("@") or person.value
    return _PERSON_FORMS[person.kind].format(label=label, value=person.value)


def _listed(names: Sequence[str], joint: str) -> str:
    head, last = ", ".join(names[:-1]), "".join(names[-1:])
    return f"{head} {joint} {last}" if head else last


def _bounds(
    bounds: Range, over: str, least: str, under: str, most: str, write: Callable[[float], str]
) -> str:
    parts = []
    if bounds.low is not None:
        parts.append((over if bounds.low_open else least).format(write(bounds.low)))
    if bounds.high is not None:
        parts.append((under if bounds.high_open else most).format(write(bounds.high)))
    return " and ".join(parts)


def _interval(period: Period, year: int) -> str:
    """The interval in local days, or in local times for a rolling period."""
    zone = ZoneInfo(period.zone)
    start = period.start and period.start.astimezone(UTC).astimezone(zone)
    end = period.end and period.end.astimezone(UTC)
    if end and not period.closed:
        end -= timedelta(microseconds=1)  # the last day that the period holds
    end = end and end.astimezone(zone)
    clock = " %H:%M" if period.closed else ""
    if start and end:
        return _from_to(start, end, year, clock)
    if start:
        return f"since {_day(start, year)}{start:{clock or ' '}}".rstrip()
    return f"until {_day(end, year)}{end:{clock or ' '}}".rstrip() if end else "any time"


def _from_to(start: datetime, end: datetime, year: int, clock: str) -> str:
    if start.date() == end.date():
        times = f"{start: %H:%M} – {end:%H:%M}" if clock else ""
        return _day(start, year) + times
    if start.year != end.year:
        year = 0  # then both show theirs
    if clock:
        return f"{_day(start, year)}{start:{clock}} – {_day(end, year)}{end:{clock}}"
    if start.year == end.year:
        month = "" if start.month == end.month else f" {start:%b}"
        return f"{start:%a} {start.day}{month} – {_day(end, year)}"
    return f"{_day(start, year)} – {_day(end, year)}"


def _day(moment: datetime, year: int) -> str:
    """ "Fri 13 Mar"; with the year unless it is `year`."""
    return f"{moment:%a} {moment.day} {moment:%b}{'' if moment.year == year else f' {moment.year}'}"
