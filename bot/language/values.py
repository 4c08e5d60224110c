"""What each filter sends to GET /sessions: pairs of parameter and value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.language.query import Kind, ResolvedQuery, Sort

Pairs = tuple[tuple[str, str], ...]

_MOST_EMAILS = 20  # a longer list of addresses makes a longer URL than of ids
_SORTING = {
    Sort.OLDEST: "created_at",
    Sort.BEST: "-score",
    Sort.WORST: "score",
    Sort.LONGEST: "-duration",
    Sort.SHORTEST: "duration",
}


def people_values(query: ResolvedQuery, now: datetime) -> Pairs:
    """E-mail addresses of a few people who all have one; ids otherwise."""
    if query.people is None:
        return ()
    emails = [person.email for person in query.people]
    if len(emails) <= _MOST_EMAILS and all(emails):
        return (("user_emails", ",".join(emails)),)
    return (("user_ids", ",".join(person.id for person in query.people)),)


def ids(query: ResolvedQuery, kind: Kind) -> Pairs:
    """The ids of the things of one kind."""
    found = [thing.id for thing in query.names if thing.kind is kind]
    return ((f"{kind.value}_ids", ",".join(found)),) if found else ()


def rank_values(query: ResolvedQuery, now: datetime) -> Pairs:
    """The ranks, best first."""
    return (("rank", ",".join(query.ranks)),) if query.ranks else ()


def period_values(query: ResolvedQuery, now: datetime) -> Pairs:
    """The interval, of which Exec takes both ends in: [a, b) is sent as a … b − 1 ms.

    What is still to come is left out, so that the same question reads the same rows twice.
    """
    period = query.period
    if period is None:
        return ()
    pairs = []
    if period.start is not None:
        pairs.append(("start_date", _instant(period.start)))
    if period.end is not None:
        end = period.end.astimezone(UTC)
        if not period.closed:
            end = now.astimezone(UTC) if end > now else end - timedelta(milliseconds=1)
        pairs.append(("end_date", _instant(end)))
    return tuple(pairs)


def sort_values(query: ResolvedQuery, now: datetime) -> Pairs:
    """The order, unless it is Exec's own."""
    return (("sorting", _SORTING[query.sort]),) if query.sort in _SORTING else ()


def system_values(query: ResolvedQuery, now: datetime) -> Pairs:
    """Exec's own staff are left out unless asked for."""
    return () if query.include_system else (("exclude_system_users", "true"),)


def nothing(query: ResolvedQuery, now: datetime) -> Pairs:
    """For filters that Exec does not know: they are applied to the rows here."""
    return ()


def _instant(moment: datetime) -> str:
    """In UTC with Z; milliseconds, cut and not rounded, only where there are any."""
    utc = moment.astimezone(UTC)
    thousandths = utc.microsecond // 1000
    return f"{utc:%Y-%m-%dT%H:%M:%S}{f'.{thousandths:03}' if thousandths else ''}Z"
