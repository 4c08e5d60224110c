from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ParseError
from bot.language.cursor import Vocabulary
from bot.language.filters import FILTERS
from bot.language.parse import parse
from bot.language.query import (
    By,
    Kind,
    Named,
    NameRef,
    PersonKind,
    PersonRef,
    Query,
    Range,
    Rank,
    Sort,
)
from bot.language.text import plain_text
from bot.language.filters import query_words, removable, without
from tests.language.test_period import ALL_FORMS
from tests.language.world import BERLIN, NOW, VOCABULARY, checked, heard, parse_period

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
    def ordered(one: float, other: float, low_open: bool, high_open: bool, ends: str) -> Range:
        low, high = sorted((one, other))
        if low == high:
            low_open = high_open = False
        return {
            "low": Range(low=low, low_open=low_open),
            "high": Range(high=high, high_open=high_open),
            "both": Range(low, high, low_open, high_open),
        }[ends]

    ends = st.sampled_from(["low", "high", "both"])
    return st.none() | st.builds(ordered, numbers, numbers, st.booleans(), st.booleans(), ends)


periods = st.sampled_from([row[1] for row in ALL_FORMS]).map(
    lambda said: parse_period(said.replace("..", " .. ").split(), NOW, BERLIN)
)
# "since … before …" are two words of time, and a comparison is with one.
others = periods.filter(lambda period: " before " not in period.words)
queries = st.builds(
    Query,
    people=st.lists(people, max_size=4, unique=True).map(tuple),
    names=st.lists(things, max_size=4, unique=True).map(
        lambda found: tuple(sorted(found, key=lambda name: list(Kind).index(name.kind)))
    ),
    ranks=st.sets(st.sampled_from(Rank)).map(lambda found: tuple(r for r in Rank if r in found)),
    valid=st.sampled_from([None, True, False]),
    score=ranges(st.integers(0, 10_000).map(lambda number: number / 100)),
    length=ranges(st.integers(1, 100_000).map(float) | st.integers(1, 999).map(lambda n: n / 10)),
    period=st.none() | periods,
    versus=st.none() | others,
    sort=st.sampled_from(Sort),
    limit=st.none() | st.integers(1, 1000),
    by=st.none() | st.sampled_from(By),
    page=st.integers(1, 10_000),
    include_system=st.booleans(),
).filter(lambda query: query.versus is None or query.versus != query.period)


@checked
@given(queries, st.sampled_from([Vocabulary(), VOCABULARY]))
def test_words_give_the_question_again(query: Query, vocabulary: Vocabulary) -> None:
    assert parse(query_words(query), now=NOW, zone=BERLIN, names=vocabulary) == query


@checked
@given(queries)
def test_no_known_name_can_change_canonical_words(query: Query) -> None:
    said = query_words(query)
    if len(said) > 1500:
        return
    pieces = said.replace('"', " ").split()
    runs = {" ".join(pieces[at : at + 2]) for at in range(len(pieces))}
    vocabulary = Vocabulary.of(Named(kind, run, run) for kind in Kind for run in runs)
    assert parse(said, now=NOW, zone=BERLIN, names=vocabulary) == query


@pytest.mark.parametrize(
    ("said", "canonical"),
    [
        ("", ""),
        (
            "top 5 best LAST 7 days gold,silver group:West Coast me",
            'me group:"West Coast" gold silver last 7d best top 5',
        ),
        ("<@U12|jane> score &gt; 80 longer than 90 minutes", "<@U12|jane> score>80 longer 90m"),
        ("longer than 120 minutes", "longer 2h"),
        ("jane@acme.com page 2 +system valid", "jane@acme.com valid page 2 +system"),
        ('"Jane ""JJ"" Smith"', '"Jane ""JJ"" Smith"'),
        ("group:R&amp;D", 'group:"R&D"'),
        ('group:"&amp;lt;"', 'group:"&amp;lt;"'),
        ("newest page 1", ""),
        # The other way round, "today until february" would be one period.
        ("until february vs today", "until february vs today"),
    ],
)
def test_canonical_words(said: str, canonical: str) -> None:
    assert query_words(heard(said)) == canonical


def test_a_filter_can_be_dropped() -> None:
    query = heard('<@U1|jane> group:"West Coast" skill:x gold valid score>=80 last 7d best top 5')
    assert removable(query) == ("who", "group", "skill", "rank", "valid", "score", "period")
    assert query_words(without(query, "group")) == (
        '<@U1|jane> skill:"x" gold valid score>=80 last 7d best top 5'
    )
    for key in removable(query):
        query = without(query, key)
    assert query_words(query) == "best top 5"


UNKNOWN = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12).map("zq".__add__)


@checked
@given(queries, UNKNOWN)
def test_an_unknown_word_anywhere_is_refused(query: Query, unknown: str) -> None:
    pieces = [word for row in FILTERS for word in row.write(query)]
    for place in range(len(pieces) + 1):
        said = " ".join([*pieces[:place], unknown, *pieces[place:]])
        if len(said) > 2000:
            continue
        with pytest.raises(ParseError):
            parse(said, now=datetime(2026, 3, 20, 9, tzinfo=UTC), zone=BERLIN)
