from __future__ import annotations

import pytest

from bot.errors import ParseError
from bot.language.query import (
    By,
    Kind,
    NameRef,
    PersonKind,
    PersonRef,
    Query,
    Range,
    Rank,
    Sort,
)
from tests.language.world import BERLIN, NOW, heard, refused

JANE = PersonRef(PersonKind.SLACK, "U12", "jane")
G, S, B, U = Rank
GROUPS = ("West Coast", "West", "R&D, Munich")
WEST_COAST = NameRef(Kind.GROUP, "West Coast")


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ("<@U12|jane>", [JANE]),
        ("<@U12|jane> <@W3>", [JANE, PersonRef(PersonKind.SLACK, "W3")]),
        ("<@U12|jane>,<@U12|jane> and <@U12|jane>", [JANE]),
        ("me", [PersonRef(PersonKind.ME)]),
        ("myself", [PersonRef(PersonKind.ME)]),
        ("jane@acme.com,", [PersonRef(PersonKind.EMAIL, "jane@acme.com")]),
        ("<mailto:j.o'b@acme.com|j.o'b@acme.com>", [PersonRef(PersonKind.EMAIL, "j.o'b@acme.com")]),
        ("“Jane O’Brien”", [PersonRef(PersonKind.NAME, "Jane O'Brien")]),
        ("<!subteam^S1|@closers>", [PersonRef(PersonKind.USERGROUP, "S1", "@closers")]),
        ("@jane", [PersonRef(PersonKind.HANDLE, "jane")]),
        ("@Jane Smith last 7d", [PersonRef(PersonKind.HANDLE, "Jane Smith")]),
        ("id:u1", [PersonRef(PersonKind.PERSON, "u1")]),
    ],
)
def test_who(said: str, people: list[PersonRef]) -> None:
    assert list(heard(said).people) == people


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ('group:"West Coast"', [WEST_COAST]),
        ("team:west", [NameRef(Kind.GROUP, "west")]),
        ("group:West Coast last 7d", [WEST_COAST]),
        ("group: “West Coast”", [WEST_COAST]),
        ("group: nowhere last 7d", [NameRef(Kind.GROUP, "nowhere")]),
        ("group:R&amp;D, Munich gold", [NameRef(Kind.GROUP, "R&D, Munich")]),
        ("group:a, gold", [NameRef(Kind.GROUP, "a")]),
        ('group:a, "West Coast"', [NameRef(Kind.GROUP, "a"), WEST_COAST]),
        ("group:a,b", [NameRef(Kind.GROUP, "a"), NameRef(Kind.GROUP, "b")]),
        ("group:a team:b group:a", [NameRef(Kind.GROUP, "a"), NameRef(Kind.GROUP, "b")]),
        ("programme:x", [NameRef(Kind.PROGRAM, "x")]),
        ("skill:x group:y", [NameRef(Kind.GROUP, "y"), NameRef(Kind.SKILL, "x")]),
    ],
)
def test_names(said: str, names: list[NameRef]) -> None:
    assert list(heard(said).names) == names


@pytest.mark.parametrize(
    ("said", "ranks"),
    [
        ("gold silver", (G, S)),
        ("gold, silver.", (G, S)),
        ("gold or silver", (G, S)),
        ("silver+", (G, S)),
        ("silver or unranked+", (G, S, B, U)),
        ("not gold", (S, B, U)),
        ("not gold,silver", (B, U)),
        ("not silver+", (B, U)),
        ("silver+ not gold", (S,)),
        ("rank:silver+", (G, S)),
        ("rank gold", (G,)),
        ("ｇｏｌｄ", (G,)),
    ],
)
def test_ranks(said: str, ranks: tuple[Rank, ...]) -> None:
    assert heard(said).ranks == ranks


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("valid", Query(valid=True)),
        ("invalid invalid", Query(valid=False)),
        ("score>=80", Query(score=Range(low=80))),
        ("score&gt;=80", Query(score=Range(low=80))),
        ("score > 80", Query(score=Range(low=80, low_open=True))),
        ("score<=50.5%", Query(score=Range(high=50.5))),
        ("score=80", Query(score=Range(80, 80))),
        ("score:70-85", Query(score=Range(70, 85))),
        ("score between 70 and 85", Query(score=Range(70, 85))),
        ("score>=50 score<80", Query(score=Range(50, 80, high_open=True))),
        ("longer 5m", Query(length=Range(low=300, low_open=True))),
        ("longer 1h30m", Query(length=Range(low=5400, low_open=True))),
        ("longer 5m shorter 1h", Query(length=Range(300, 3600, True, True))),
        ("newest", Query()),
        ("best first", Query(sort=Sort.BEST)),
        ("sort:shortest", Query(sort=Sort.SHORTEST)),
        ("top 5", Query(limit=5)),
        ("group west coast", Query(names=(NameRef(Kind.GROUP, "west coast"),))),
        ("best 5", Query(sort=Sort.BEST, limit=5)),
        ("longest 3 by average", Query(sort=Sort.LONGEST, limit=3, by=By.AVERAGE)),
        ("by weeks by @jane", Query(by=By.WEEK, people=(PersonRef(PersonKind.HANDLE, "jane"),))),
        ("page 2", Query(page=2)),
        ("+system", Query(include_system=True)),
        (" ?! ", Query()),
    ],
)
def test_what_and_how(said: str, expected: Query) -> None:
    assert heard(said) == expected


def test_words_come_in_any_order() -> None:
    one = heard('<@U12> group:"West Coast" gold score>=80 last 7d best top 5')
    other = heard('top 5 last 7d best score>=80 gold group:"West Coast" <@U12>')
    assert one == other


REFUSALS = [
    # said, the words it is about, part of the sentence, words of the ways on
    ("last 7d glod", "glod", "Did you mean", ["last 7d gold"]),
    ("scroe&gt;=80", "scroe>=80", "Did you mean", ["score>=80"]),
    ("gold <@U1|jane> xyzzyx", "xyzzyx", "/exec help", ["help"]),
    ("@jane 5", "5", "part of a name", ['@"jane 5"']),
    ("west coast gold", "west coast", "Did you mean", ['group:"West Coast" gold']),
    ("jane smith", "jane smith", "Did you mean", ['"Jane Smith"']),
    ("bob's last 7d", "bob's", "Do you mean a person?", ['"Bob Jones" last 7d']),
    ("jume last week", "jume", "help` shows what you can ask.", ["help"]),
    ("jume", "jume", "Did you mean", ["june"]),
    ("all gold", "all", "everyone you may see", ["gold"]),
    ("valid invalid", "invalid", "do not go together", ["valid", "invalid"]),
    ("gold not gold", "not gold", "do not go together", ["gold", "not gold"]),
    ("rank:golden", "rank:golden", "I don't know the rank", ["rank:gold"]),
    ("rank:", "rank:", "Choose a rank", [f"rank:{r}" for r in Rank]),
    ("score>=50 score>=60", "score>=60", "go together", ["score>=50", "score>=60"]),
    ("score>80 score<20", "score<20", "go together", ["score>80", "score<20"]),
    ("score>101", "score>101", "from 0 to 100", []),
    ("score:85-70", "score:85-70", "lower score first", ["score:70-85"]),
    ("score 80", "score 80", "at least or at most", ["score>=80", "score<=80"]),
    ("longer 5", "longer", "with a unit", []),
    ("longer 5parsecs", "longer", "with a unit", []),
    ("shorter 0s", "shorter", "with a unit", []),
    ("session:abcdefgh,bcdefghi", "session:abcdefgh,bcdefghi", "one session at a time", []),
    ("best worst", "worst", "go together", ["best", "worst"]),
    ("top 0", "top 0", "from 1 to", []),
    ("top", "top", "Write a number", []),
    ("top 99999999999999999999", "top", "Write a number", []),
    ("group", "group", "Write a colon", [f'group:"{g}"' for g in GROUPS]),
    ("gold score:", "score:", "Left empty it narrows nothing", ["gold"]),
    ("group:<@U1>", "group:", "name of the group", []),
    ('""', '""', "no name between", []),
    ('gold "Jane Smith', '"Jane Smith', "quotation mark", ['gold "Jane Smith"']),
    ('group:"First Calls gold', '"First Calls gold', "quotation", ['group:"First Calls" gold']),
    ("<#C1|general> gold", "<#C1|general>", "channel", ["gold"]),
    ("gold <!channel>", "<!channel>", "everyone", ["gold"]),
    ("gold or last week", "or", "between things of one kind", []),
    ("or gold", "or", "/exec help", ["help"]),
    ("last week vs last week", "vs", "/exec help", ["help"]),
    ("today yesterday", "yesterday", "two periods", ["today", "yesterday"]),
    ("gold, glod last wek", "glod", "Did you mean", ["gold, gold last wek"]),
]


@pytest.mark.parametrize(
    ("said", "about", "part", "ways_on"),
    [pytest.param(*row, id=row[0]) for row in REFUSALS],
)
def test_refusals(said: str, about: str, part: str, ways_on: list[str]) -> None:
    error = refused(said)
    cleaned = said.replace("&gt;", ">")
    assert cleaned[error.start : error.end] == about
    assert part in error.sentence.plain() or part in error.sentence.pattern
    ways = [way.words.removeprefix("sessions").strip() for way in error.suggestions]
    assert ways == ways_on


def test_suggestions_keep_mentions_and_escape_what_would_be_undone() -> None:
    error = refused("<@U1|jane> glod group:&amp;amp;")
    assert [way.words for way in error.suggestions] == ["sessions <@U1|jane> gold group:&amp;amp;"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("", set()),
        ("gold last 7d", set()),
        ("Team:west glod", {Kind.GROUP}),
        ('group: "x" scenario:y skill=z', {Kind.GROUP, Kind.SCENARIO, Kind.SKILL}),
        ("program:x collection:y", {Kind.PROGRAM, Kind.COLLECTION}),
        ("x" * 3000, set()),
        ('"group:x"', set()),
    ],
)
def test_kinds_needed(text: str, kinds: set[Kind]) -> None:
    assert kinds_needed(text) == kinds


def test_a_kind_without_known_names_leads_to_the_help() -> None:
    with pytest.raises(ParseError) as caught:
        parse("team", now=NOW, zone=BERLIN)
    assert [way.words for way in caught.value.suggestions] == ["help"]


def test_suggestions_are_whole_commands_of_the_one_that_was_typed() -> None:
    with pytest.raises(ParseError) as caught:
        parse("gold gold last wek", now=NOW, zone=BERLIN, lead="coach add")
    assert [way.words for way in caught.value.suggestions] == ["coach add gold gold last week"]
