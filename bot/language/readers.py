"""How each filter is read: a reader takes its words from the cursor, or leaves them alone.

A reader returns whether the words here were its own, and raises ParseError for words that are
its own and wrong.
"""

from __future__ import annotations

from bot.errors import ParseError
from bot.language.cursor import Cursor
from bot.language.name_readers import KEYED
from bot.language.near import nearest
from bot.language.period import interval
from bot.language.points import CALENDAR, WhenProblem
from bot.language.query import Period, Rank, Sort
from bot.language.when import LEADS, LONGEST, When, combined, find

UNKNOWN = "I don't know `{word}`. Did you mean *{near}*?"
SORTS = {
    **{sort.value: sort for sort in Sort},
    "latest": Sort.NEWEST,
    "highest": Sort.BEST,
    "lowest": Sort.WORST,
}
VALID = {"valid": True, "invalid": False}
SYSTEM = ("+system", "+staff")
RANKS = {
    **{rank.value: (rank,) for rank in Rank},
    **{f"{rank.value}+": tuple(Rank)[: place + 1] for place, rank in enumerate(Rank)},
}
PERIODS = tuple(f"{lead} {unit}" for unit in CALENDAR for lead in ("last", "this"))


def read_ranks(cursor: Cursor) -> bool:
    """Ranks, `silver+`, `not gold`, `rank:gold`."""
    if cursor.word() == "not":
        return _read_not(cursor)
    ahead = 0
    word = cursor.word()
    keyed = KEYED.fullmatch(word)
    if keyed and keyed[1] in ("rank", "ranks"):
        ahead = 0 if keyed[2] else 1
        word = keyed[2] or cursor.word(1)
        if word not in RANKS:
            unknown = "I don't know the rank `{rank}`. " if word else ""
            raise cursor.problem(
                unknown + "Choose a rank: gold, silver, bronze or unranked.",
                count=min(ahead + 1, len(cursor.rest)),
                instead=[f"rank:{rank}" for rank in nearest(word, Rank) or Rank],
                rank=word,
            )
    elif word in ("rank", "ranks") and cursor.word(1) in RANKS:
        ahead, word = 1, cursor.word(1)
    if word not in RANKS:
        return False
    cursor.ranks_in.update(RANKS[word])
    return _set_ranks(cursor, ahead + 1)


def read_valid(cursor: Cursor) -> bool:
    """`valid` or `invalid`."""
    if cursor.word() not in VALID:
        return False
    cursor.once("valid", VALID[cursor.word()], 1)
    return True


def read_period(cursor: Cursor) -> bool:
    """One period; "since …" and "until …" are one together."""
    try:
        found = find([token.folded for token in cursor.rest[:LONGEST]])
    except WhenProblem as problem:
        raise _about_time(cursor, problem, problem.skip, problem.count) from None
    if found is None:
        return _refuse_half_period(cursor)
    when, count = found
    try:
        period = interval(when, cursor.now, cursor.zone)
    except WhenProblem as problem:
        raise _about_time(cursor, problem, 0, count) from None
    if cursor.when and cursor.when != when:
        when, period = _both(cursor, cursor.when, when, count)
    cursor.said["period"] = cursor.take(count)
    cursor.when = when
    cursor.fill("period", period)
    return True


def read_sort(cursor: Cursor) -> bool:
    """The order of the rows: `best`, `newest first`."""
    sort = SORTS.get(cursor.word().removeprefix("sort:"))
    if sort is None:
        return False
    cursor.once("sort", sort, 2 if cursor.word(1) == "first" else 1)
    return True


def read_system(cursor: Cursor) -> bool:
    """`+system`."""
    if cursor.word() not in SYSTEM:
        return False
    cursor.once("include_system", True, 1)
    return True


def _set_ranks(cursor: Cursor, count: int) -> bool:
    place = cursor.place(count)
    chosen = (cursor.ranks_in or set(Rank)) - cursor.ranks_out
    if not chosen and cursor.ranks_in:
        raise cursor.conflict(cursor.said["rank"], place)
    if not chosen:
        raise cursor.problem("That leaves no rank. Name the ranks to see, such as `gold`.")
    cursor.said.setdefault("rank", place)
    cursor.at += count
    cursor.fill("ranks", tuple(rank for rank in Rank if rank in chosen))
    return True


def _read_not(cursor: Cursor) -> bool:
    """ "not gold", "not gold,silver", "not gold or silver": all of them are left out."""
    taken = 1
    while cursor.word(taken) in RANKS:
        cursor.ranks_out.update(RANKS[cursor.word(taken)])
        taken += 1
        joined = cursor.word(taken) in ("or", "nor") and cursor.word(taken + 1) in RANKS
        if not joined and not (cursor.word(taken) and cursor.rest[taken].comma):
            break
        taken += joined
    if taken == 1:
        opposite = {"valid": "invalid", "invalid": "valid"}.get(cursor.word(1), "")
        raise cursor.problem(
            "I can only leave out ranks, such as `not gold`.",
            count=2 if opposite else 1,
            instead=[opposite] if opposite else [],
        )
    return _set_ranks(cursor, taken)


def _both(cursor: Cursor, first: When, second: When, count: int) -> tuple[When, Period]:
    """The period of "since …" and "until …", which may stand apart."""
    places = (cursor.said["period"], cursor.place(count))
    joined = combined(first, second)
    if joined is None:
        raise cursor.conflict(*places, "two periods: `{first}` and `{second}`")
    try:
        return joined, interval(joined, cursor.now, cursor.zone)
    except WhenProblem:
        raise cursor.conflict(
            *places, "`{first}` and `{second}` leave no time between them. Keep one of them."
        ) from None


def _about_time(cursor: Cursor, problem: WhenProblem, skip: int, count: int) -> ParseError:
    return cursor.problem(
        problem.pattern, skip=skip, count=count, instead=problem.instead, **problem.fields
    )


def _refuse_half_period(cursor: Cursor) -> bool:
    """ "last wek" is about a time all the same."""
    if cursor.word() not in LEADS:
        return False
    count = 2 if cursor.word(1) else 1
    said = f"{cursor.word()} {cursor.word(1)}".strip()
    near = nearest(said, PERIODS)
    if near:
        raise cursor.problem(UNKNOWN, count=count, instead=near, near=near[0])
    raise cursor.problem(
        "I don't know the time `{word}`. Try `last week`, `last 7d` or `since 2026-03-01`.",
        count=count,
    )
