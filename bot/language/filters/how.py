"""The order and amount of the rows: `by week`, `best`, `top 5`, `page 2`, `+system`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from bot.language.cursor import QueryCursor
from bot.language.filters.row import AnyQuery, Aspect, Filter, Pairs
from bot.language.period import LAST
from bot.language.query import By, Query, ResolvedQuery, Sort

MOST_ROWS, MOST_PAGES = 1000, 10_000
SYSTEM_WORDS = ("+system", "+staff")
_SORTS = {
    **{sort.value: sort for sort in Sort},
    "latest": Sort.NEWEST,
    "earliest": Sort.OLDEST,
    "strongest": Sort.BEST,
    "weakest": Sort.WORST,
    "quickest": Sort.SHORTEST,
    "fastest": Sort.SHORTEST,
    "highest": Sort.BEST,
    "lowest": Sort.WORST,
}
_BY = {
    **{by.value: by for by in By},
    **{f"{by}s": by for by in (By.DAY, By.WEEK, By.MONTH)},
    "score": By.AVERAGE,
    "scores": By.AVERAGE,
    "improvement": By.LIFT,
    "golds": By.GOLD,
}
_ALONE = re.compile(r"\d{1,9}", re.ASCII)
_SORTING = {  # Exec's own order is the newest first
    Sort.OLDEST: "created_at",
    Sort.BEST: "-score",
    Sort.WORST: "score",
    Sort.LONGEST: "-duration",
    Sort.SHORTEST: "duration",
}


def _read_by(cursor: QueryCursor) -> bool:
    by = _BY.get(cursor.word(1)) if cursor.word() == "by" else None
    if by is None:
        return False
    cursor.once("by", by, 2)
    return True


def _by_words(query: AnyQuery) -> str:
    return f"by {query.by}" if query.by is not None else ""


def _read_sort(cursor: QueryCursor) -> bool:
    sort = _SORTS.get(cursor.word().removeprefix("sort:"))
    if cursor.word() == LAST:
        # The words for a time that begin with it were read before.
        sort = Sort.NEWEST
    if sort is None:
        return False
    cursor.once("sort", sort, 2 if cursor.word(1) == "first" else 1)
    return True


def _sort_phrase(query: AnyQuery, now: datetime | None) -> str:
    """ "best first"; the usual order goes without saying."""
    return f"{query.sort.value} first" if query.sort is not Query().sort else ""


def _write_sort(query: Query) -> tuple[str, ...]:
    return (query.sort.value,) if query.sort is not Query().sort else ()


def _send_sort(query: ResolvedQuery, now: datetime) -> Pairs:
    return (("sorting", _SORTING[query.sort]),) if query.sort in _SORTING else ()


def _reader_of_count(slot: str, leads: tuple[str, ...], most: int) -> Callable[[QueryCursor], bool]:
    """The reader of "top 5" and its like: a number from 1 to `most` after one of `leads`."""
    pattern = re.compile(rf"(?:{'|'.join(leads)}) ?[:=]? ?(\d{{1,9}})", re.ASCII | re.IGNORECASE)

    def read(cursor: QueryCursor) -> bool:
        found = cursor.match(pattern)
        if not found:
            if re.split(r"[:=\d]", cursor.word())[0] in leads:
                raise cursor.problem(f"Write a number after `{{word}}`, such as `{leads[0]} 5`.")
            return False
        value = int(found[0][1])
        if not 1 <= value <= most:
            raise cursor.problem(
                "`{word}` does not work. Use a number from 1 to {most}.",
                count=found[1],
                most=f"{most:,}",
            )
        cursor.once(slot, value, found[1])
        return True

    return read


_read_top = _reader_of_count("limit", ("top", "limit"), MOST_ROWS)


def _read_limit(cursor: QueryCursor) -> bool:
    """ "top 5"; behind an order the number alone: "best 5"."""
    before = cursor.tokens[cursor.at - 1].folded if cursor.at else ""
    if before in _SORTS and (found := cursor.match(_ALONE)):
        value = int(found[0][0])
        if 1 <= value <= MOST_ROWS:
            cursor.once("limit", value, 1)
            return True
    return _read_top(cursor)


def _limit_words(query: AnyQuery) -> str:
    return f"top {query.limit}" if query.limit is not None else ""


def _page_words(query: AnyQuery) -> str:
    return f"page {query.page}" if query.page != 1 else ""


def _read_system(cursor: QueryCursor) -> bool:
    if cursor.word() not in SYSTEM_WORDS:
        return False
    cursor.once("include_system", True, 1)
    return True


def _send_system(query: ResolvedQuery, now: datetime) -> Pairs:
    return () if query.include_system else (("exclude_system_users", "true"),)


BY = Filter(
    key="by",
    field="by",
    aspect=Aspect.HOW,
    forms=tuple(f"by {by}" for by in By),
    help="What a ranking goes by, or the parts of a trend.",
    example="by week this quarter",
    words=("by",),
    read=_read_by,
    phrase=lambda query, now: _by_words(query),
    write=lambda query: tuple(filter(None, (_by_words(query),))),
    lead="trend",
)
SORT = Filter(
    key="sort",
    field="sort",
    aspect=Aspect.HOW,
    forms=tuple(Sort),
    help="The order of the rows; newest first unless you say so.",
    example="best last month",
    words=tuple(_SORTS),
    read=_read_sort,
    phrase=_sort_phrase,
    write=_write_sort,
    send=_send_sort,
)
LIMIT = Filter(
    key="limit",
    field="limit",
    aspect=Aspect.HOW,
    forms=("top 5", "best 5", "limit 20"),
    help="Only the first few rows of that order.",
    example="best top 5",
    words=("top", "limit"),
    read=_read_limit,
    phrase=lambda query, now: _limit_words(query),
    write=lambda query: tuple(filter(None, (_limit_words(query),))),
)
PAGE = Filter(
    key="page",
    field="page",
    aspect=Aspect.HOW,
    forms=("page 2",),
    help="Further rows of a long answer.",
    example="last month page 2",
    words=("page",),
    read=_reader_of_count("page", ("page",), MOST_PAGES),
    phrase=lambda query, now: _page_words(query),
    write=lambda query: tuple(filter(None, (_page_words(query),))),
)
SYSTEM = Filter(
    key="system",
    field="include_system",
    aspect=Aspect.HOW,
    forms=("+system",),
    help="Count Exec's own staff too; they are left out otherwise.",
    example="yesterday +system",
    words=SYSTEM_WORDS,
    read=_read_system,
    phrase=lambda query, now: "with Exec's own staff" if query.include_system else "",
    write=lambda query: ("+system",) if query.include_system else (),
    send=_send_system,
)
