"""What people type without knowing the language, and the command that it means."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.language.parse import parse
from bot.language.plain_words import Meaning, Reader, Unknown, corrected, requests
from bot.language.query import Kind, Member, Named
from bot.language.running_text import Names, Unclear, own_words
from bot.reports.table import BY_WORD
from tests.language.test_hostile import SCRAPS
from tests.language.world import BERLIN, NOW, checked
from tests.readme import DOCS
from tests.watch import calls_of

WEST = Named(Kind.GROUP, "g1", "West Coast", "west-coast")
THINGS = (
    WEST,
    Named(Kind.GROUP, "g2", "East Coast", "east-coast"),
    Named(Kind.GROUP, "g3", "New Hires", "new-hires"),
    Named(Kind.SCENARIO, "s1", "Cold Call Opener", "cold-call-opener"),
    Named(Kind.SCENARIO, "s2", "Pricing Push-back", "pricing-push-back"),
    Named(Kind.SCENARIO, "s3", "Renewal Save", "renewal-save"),
    Named(Kind.SKILL, "k1", "Negotiation", "negotiation"),
)
PEOPLE = (
    Member("u1", "jane@acme.com", "Jane Smith"),
    Member("u2", "bob@acme.com", "Bob Jones"),
    Member("u3", "sam@acme.com", "Sam Lee"),
    Member("u4", "alex.kim@acme.com", "Alex Kim"),
    Member("u5", "alex.kim2@acme.com", "Alex Kim"),
    Member("u6", "june@acme.com", "June Park"),
    Member("u7", "siobhan@acme.com", "Siobhán O'Brien"),
    Member("u8", "", "Will Stone"),
)
NAMES = Names.of(THINGS, PEOPLE)
READER = Reader(NOW, BERLIN, NAMES)
COACH = Reader(NOW, BERLIN, NAMES, coaches=True)
GROUP_WEST, GROUP_EAST = 'group:"West Coast"', 'group:"East Coast"'

# The contract: every row of the design, and what it means.
CONTRACT = {
    "how is my team doing": "team my people",
    "how is west coast doing this month": f"team {GROUP_WEST} this month",
    "who hasn't practiced this week?": "inactive this week",
    "top performers last month": "leaderboard last month",
    "best 5 by average in q1": "leaderboard q1 by average top 5",
    "jane's last session": "session jane@acme.com",
    "show me the feedback for @jane's last cold call": (
        'session @"jane" scenario:"Cold Call Opener"'
    ),
    "what's overdue": "assignments overdue",
    "did bob practise yesterday?": "sessions bob@acme.com yesterday",
    "how many sessions did we have last week": "sessions last week",
    "how did sam do on pricing push-back": 'progress sam@acme.com scenario:"Pricing Push-back"',
    "is jane improving": "progress jane@acme.com",
    "compare east and west coast": f"compare {GROUP_EAST} {GROUP_WEST}",
    "hardest scenarios for new hires": 'scenarios group:"New Hires"',
    '"West Coast" last week': f"team {GROUP_WEST} last week",
    "today": "sessions today",
    "export last month": "sessions last month",
    "my week": "me",
    "help me": "help",
    "thanks": "thanks",
}

# Spellings of names.
SAID = {
    "session jane@acme.com": ["janes last session", "JANE'S LATEST CALL", "feedback for smith"],
    "sessions jane@acme.com": ["jane", "jane smith", "smith jane"],
    "sessions siobhan@acme.com": ["siobhan o'brien", "o’brien's sessions", "SIOBHÁN", "obrien"],
    'sessions id:"u8"': ["will stone", "stone"],
    f"team {GROUP_WEST}": ["West-Coast?", "and west?"],
}


@pytest.mark.parametrize(("said", "command"), CONTRACT.items(), ids=CONTRACT)
def test_the_contract(said: str, command: str) -> None:
    meaning = READER.understand(said)
    assert (meaning.command, meaning.unused) == (command, ())
    assert meaning.export == said.startswith("export")


@pytest.mark.parametrize(("command", "sayings"), SAID.items(), ids=SAID)
def test_spellings_of_names(command: str, sayings: list[str]) -> None:
    assert {said: READER.understand(said).command for said in sayings} == dict.fromkeys(
        sayings, command
    )
    assert [READER.understand(said).unused for said in sayings] == [()] * len(sayings)


@pytest.mark.parametrize(
    "said",
    [
        "give me a csv of last week",
        "download last week as csv",
        "last week as a spreadsheet",
        "export everything last week",
    ],
)
def test_as_a_file(said: str) -> None:
    assert READER.understand(said) == Meaning(
        "sessions", "last week", READER.understand("last week").query, export=True
    )


@pytest.mark.parametrize(
    ("said", "command", "unused"),
    [
        ("top performers with acme", "leaderboard", ("acme",)),
        ("how is jane doing with her new accent", "progress jane@acme.com", ("new accent",)),
        ("blah last week", "sessions last week", ("blah",)),
        (
            "sessions last week as a pie chart per hour",
            "trend last week",
            ("as", "pie", "per hour"),
        ),
        ("who failed cold call", 'sessions scenario:"Cold Call Opener"', ("failed",)),
        ("gold more than twice last week", "sessions gold last week", ("more than twice",)),
        ("who practised only once last week", "sessions last week", ("once",)),
        ("what's the weather", "", ("weather",)),
        ("please", "", ()),
        ("", "", ()),
    ],
)
def test_what_is_left_over_is_named(said: str, command: str, unused: tuple[str, ...]) -> None:
    """A report is guessed neither from nothing, nor where the rest may mean the opposite."""
    meaning = READER.understand(said)
    assert (meaning.command, meaning.unused) == (command, unused)


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("how is zorblax doing", "zorblax"),
        ("zorblax's last session", "zorblax"),
        ("top performers for the blue whales", "blue whales"),
        ("is dr zorblax improving", "dr zorblax"),
        ("did zorblax practise yesterday", "zorblax"),
        ("compare zorblax and jane", "zorblax"),
    ],
)
def test_whose_practice_is_meant_is_never_guessed(said: str, typed: str) -> None:
    with pytest.raises(Unknown) as caught:
        READER.understand(said)
    assert caught.value.typed == typed
    start, end = caught.value.span
    assert caught.value.text[start:end] == typed


@pytest.mark.parametrize(
    "said", ["alex", "alex kim's last session", "compare jane and Alex", '"Alex Kim"']
)
def test_of_two_alike_it_is_asked_which(said: str) -> None:
    with pytest.raises(Unclear) as caught:
        READER.understand(said)
    assert {known.id for known in caught.value.found} == {"u4", "u5"}
    chosen = caught.value.instead(NAMES.reference(caught.value.found[1]))
    assert "alex.kim2@acme.com" in READER.understand(chosen).words


@pytest.mark.parametrize("said", ["june", "sessions june", "hardest scenarios for june"])
def test_of_somebody_and_a_month_it_is_asked_which(said: str) -> None:
    with pytest.raises(Unclear) as caught:
        READER.understand(said)
    assert [known.id for known in caught.value.found] == ["u6"]
    assert READER.understand(caught.value.instead("in june")).words == "in june"


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("how is june doing in june", "progress june@acme.com in june"),
        ("june's sessions", "sessions june@acme.com"),
        ("junes last session", "session june@acme.com"),
        ("june vs jane", "compare june@acme.com jane@acme.com"),
        ("june last week", "sessions june@acme.com last week"),
        ("since june", "sessions since june"),
        ("june to august", "sessions from june to august"),
        ("june 2025", "sessions june 2025"),
        ("how is will doing", 'progress id:"u8"'),
        ("will will improve", 'progress id:"u8"'),
        ("will we improve", "progress"),
    ],
)
def test_grammar_tells_people_from_months_and_verbs(said: str, command: str) -> None:
    assert READER.understand(said).command == command


def test_only_names_that_may_be_seen_are_found() -> None:
    alone = Reader(NOW, BERLIN, NAMES, seen=lambda known: known.id in ("u1", "u4"))
    assert alone.understand("alex").command == "sessions alex.kim@acme.com"
    for said in ("bob's last session", "how is west coast doing", "is bob improving"):
        with pytest.raises(Unknown):
            alone.understand(said)
    assert alone.understand("bob").command == ""


def test_words_that_are_names_as_well() -> None:
    assert READER.understand("will jane improve").command == "progress jane@acme.com"
    assert READER.understand("will's sessions").command == 'sessions id:"u8"'
    assert READER.understand("anything new").command == "sessions"


def test_a_text_of_many_parts_is_not_read_part_by_part() -> None:
    assert len(requests("how is jane, sam. who is overdue")) == 3
    assert requests(". ".join(f"how is x{number}" for number in range(99))) == ()


def test_the_opposite_of_a_word_is_no_misspelt_one() -> None:
    assert list(corrected("any unassigned reps")) == []


def test_what_the_documents_say_is_so() -> None:
    page = (DOCS / "ask.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z][^|`]+) \| `(.+)` \|$", page, re.MULTILINE)
    assert len(rows) >= 8
    assert [READER.understand(said).command for said, _ in rows] == [means for _, means in rows]


def survives(text: str) -> None:
    try:
        meaning = READER.understand(text)
    except (Unclear, UserError):
        return
    if meaning.report not in BY_WORD or meaning.report == "compare":
        return
    again = parse(meaning.words, now=NOW, zone=BERLIN, lead=meaning.report)
    assert again == (again if meaning.words.startswith("me ") else meaning.query)
    assert len(list(corrected(text))) <= 8


PLAIN = st.sampled_from(
    [*CONTRACT, *(said for sayings in SAID.values() for said in sayings), *own_words()]
)


@checked
@given(st.text())
@example("'s 's")
@example("group: @x: my")
def test_any_text(text: str) -> None:
    survives(text)


@checked
@given(st.lists(PLAIN | SCRAPS, max_size=6), st.sampled_from([" ", ", ", ""]))
def test_scraps_of_plain_words(scraps: list[str], between: str) -> None:
    survives(between.join(scraps))


HEAVY = ["is ", "x ", "my ", "how is ", "compare a and ", "who has not ", "1 ", "'s ", "🎉 ", "x"]
HEAVY += ["<@", "an,"]


def test_a_text_twice_as_long_takes_no_more_than_twice_as_much() -> None:
    for scrap in HEAVY:
        texts = (scrap * (size // len(scrap)) for size in (1000, 2000))
        one, two = (calls_of(partial(heard_out, text)) for text in texts)
        assert two < 2.5 * one + 5_000, scrap


def heard_out(text: str) -> None:
    with suppress(Unclear, UserError):
        READER.understand(text)
