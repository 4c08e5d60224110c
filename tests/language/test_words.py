"""A question as words: reading them gives the same question, whatever names contain."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.language.account import Intent, Reading
from bot.language.filters import KEYS, query_words, removable, without
from bot.language.name_index import NO_NAMES, NameIndex
from bot.language.query import (
    By,
    Kind,
    NameRef,
    PersonKind,
    PersonRef,
    Query,
    Range,
    Rank,
    ResolvedName,
    Sort,
)
from bot.language.text import plain_text
from bot.language.tokens import MAX_TOKENS, tokenize
from tests.language.tables import rows
from tests.language.world import BERLIN, NOW, checked, parse_period, query_of, reader

# Without lift, which makes a ranking of it.
BYS = tuple(by for by in By if by is not By.LIFT)
EVERYTHING = Intent("everything", takes=(KEYS - {"due", "versus"}) | {"mine"}, by=BYS)
MENTIONS = ("<@", "<!", "<#")  # in quotes too, Slack's own forms stay what they are
names = (
    st.text(min_size=1, max_size=30)
    .map(plain_text)
    .filter(lambda name: name and not name.startswith(MENTIONS))
)
slack_ids = st.from_regex(r"[UW][A-Z0-9]{1,10}", fullmatch=True)
labels = names.filter(lambda name: not set(name) & set('<>|"'))
people = st.one_of(
    st.just(PersonRef(PersonKind.ME)),
    st.builds(PersonRef, st.just(PersonKind.SLACK), slack_ids, st.just("") | labels),
    st.builds(PersonRef, st.just(PersonKind.USERGROUP), slack_ids.map("S".__add__)),
    st.builds(PersonRef, st.just(PersonKind.EMAIL), st.emails().map(plain_text) | names),
    st.builds(PersonRef, st.sampled_from(["name", "handle", "person"]).map(PersonKind), names),
)
things = st.builds(NameRef, st.sampled_from(Kind), names)


def ranges(numbers: st.SearchStrategy[float]) -> st.SearchStrategy[Range | None]:
    def ordered(first: float, second: float, low_open: bool, high_open: bool, ends: str) -> Range:
        low, high = sorted((first, second))
        if low == high:
            low_open = high_open = False
        return {
            "low": Range(low=low, low_open=low_open),
            "high": Range(high=high, high_open=high_open),
            "both": Range(low, high, low_open, high_open),
        }[ends]

    ends = st.sampled_from(["low", "high", "both"])
    return st.none() | st.builds(ordered, numbers, numbers, st.booleans(), st.booleans(), ends)


periods = st.sampled_from([words for _, words, *_ in rows("periods.tsv")]).map(
    lambda said: parse_period(said.replace("..", " .. ").split(), NOW, BERLIN)
)
queries = st.builds(
    Query,
    people=st.lists(people, max_size=4, unique=True).map(tuple),
    names=st.lists(things, max_size=4, unique=True).map(
        lambda chosen: tuple(sorted(chosen, key=lambda name: list(Kind).index(name.kind)))
    ),
    ranks=st.sets(st.sampled_from(Rank)).map(lambda ranks: tuple(r for r in Rank if r in ranks)),
    valid=st.sampled_from([None, True, False]),
    score=ranges(st.integers(0, 10_000).map(lambda number: number / 100)),
    length=ranges(st.integers(1, 100_000).map(float)),
    period=st.none() | periods,
    sort=st.sampled_from(Sort),
    limit=st.none() | st.integers(1, 1000),
    by=st.none() | st.sampled_from(BYS),
    page=st.integers(1, 9_999),
    include_system=st.booleans(),
).filter(lambda query: len(tokenize(query_words(query))) < MAX_TOKENS)


def again(query: Query, index: NameIndex | None = None) -> Query:
    names = NO_NAMES if index is None else index.seen_by(lambda _: True)
    made = replace(reader(), intents={"everything": EVERYTHING}, names=names)
    reading = made.command("everything", query_words(query))
    assert isinstance(reading, Reading), reading
    return reading.query


@checked
@given(queries)
def test_words_give_the_question_again(query: Query) -> None:
    assert again(query) == query


@settings(checked, max_examples=10, phases=[Phase.generate])
@given(queries)
def test_no_known_name_changes_a_keyed_one(query: Query) -> None:
    """It may only be completed, as from "cold call" to "cold call opener"."""
    query = replace(query, people=())
    pieces = query_words(query).replace('"', " ").split()
    runs = {" ".join(pieces[at : at + 2]) for at in range(len(pieces))}
    reread = again(query, NameIndex(ResolvedName(kind, run, run) for kind in Kind for run in runs))
    assert replace(reread, names=()) == replace(query, names=())
    assert [name.kind for name in reread.names] == [name.kind for name in query.names]


def test_a_filter_can_be_dropped() -> None:
    query = query_of(
        '<@U1|jane> group:"West Coast" skill:x gold valid score>=80 last 7d best top 5'
    )
    assert removable(query) == ("who", "group", "skill", "rank", "valid", "score", "period")
    assert query_words(without(query, "group")) == (
        '<@U1|jane> skill:"x" gold valid score>=80 last 7 days best top 5'
    )
    assert query_words(without(query, *removable(query))) == "best top 5"
