"""The filter by rank: `gold silver`, `silver+`, `not gold`, `rank:gold`."""

from __future__ import annotations

from datetime import datetime

from bot.language.cursor import QueryCursor
from bot.language.filters.names import KEYED
from bot.language.filters.row import Asked, Aspect, Filter, Pairs, listed
from bot.language.filters.valid import WORDS as VALID_WORDS
from bot.language.query import Query, Rank, ResolvedQuery
from bot.language.text import nearest

RANKS = {
    **{rank.value: (rank,) for rank in Rank},
    **{f"{rank.value}+": tuple(Rank)[: place + 1] for place, rank in enumerate(Rank)},
}


def _read(cursor: QueryCursor) -> bool:
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
    return _narrow(cursor, ahead + 1, included=RANKS[word])


def read_not(cursor: QueryCursor) -> bool:
    """ "not gold", "not gold,silver", "not gold or silver": all are left out; or "not valid"."""
    taken = 1
    excluded: list[Rank] = []
    while cursor.word(taken) in RANKS:
        excluded += RANKS[cursor.word(taken)]
        taken += 1
        joined = cursor.word(taken) in ("or", "nor") and cursor.word(taken + 1) in RANKS
        if not joined and not (cursor.word(taken) and cursor.rest[taken].comma):
            break
        taken += joined
    if taken == 1:
        cursor.once("valid", not VALID_WORDS[cursor.word(1)], 2)
        return True
    return _narrow(cursor, taken, excluded=tuple(excluded))


def _narrow(
    cursor: QueryCursor,
    count: int,
    included: tuple[Rank, ...] = (),
    excluded: tuple[Rank, ...] = (),
) -> bool:
    before: tuple[frozenset[Rank], frozenset[Rank]]
    before = cursor.notes.get("rank", (frozenset(), frozenset()))
    within, without = before[0].union(included), before[1].union(excluded)
    span = cursor.span(count)
    chosen = (within or frozenset(Rank)) - without
    if not chosen and within:
        raise cursor.conflict(cursor.spans["ranks"], span)
    if not chosen:
        raise cursor.problem("That leaves no rank. Name the ranks to see, such as `gold`.")
    cursor.notes["rank"] = (within, without)
    cursor.spans.setdefault("ranks", span)
    cursor.at += count
    cursor.values["ranks"] = tuple(rank for rank in Rank if rank in chosen)
    return True


def _phrase(query: Asked, now: datetime | None) -> str:
    """ "gold or silver"."""
    return listed([rank.value for rank in query.ranks], "or")


def _write(query: Query) -> tuple[str, ...]:
    return tuple(rank.value for rank in query.ranks)


def _send(query: ResolvedQuery, now: datetime) -> Pairs:
    return (("rank", ",".join(query.ranks)),) if query.ranks else ()


RANK = Filter(
    key="rank",
    field="ranks",
    aspect=Aspect.WHAT,
    forms=("gold silver", "gold or silver", "silver+", "not gold", "rank:gold"),
    help="Ranks: gold, silver, bronze, unranked. `silver+` is silver or better.",
    example="silver+ this week",
    words=(*(rank.value for rank in Rank), *RANKS, "not", "rank:"),
    read=_read,
    phrase=_phrase,
    write=_write,
    send=_send,
    column="rank",
    anything="Any rank",
    many=True,
)
