"""What is left out stays out: negations as people type them, beside names, ranks, scores, times."""

from __future__ import annotations

import pytest

from bot.errors import UserError
from bot.language.parse import parse
from bot.language.running_text import Unclear
from bot.language.filters import query_words
from tests.language.test_plain_words import COACH, GROUP_EAST, GROUP_WEST, READER
from tests.language.world import BERLIN, NOW, heard, refused

SAM, JANE = "sam@acme.com", "jane@acme.com"
OPENER, PRICING = 'scenario:"Cold Call Opener"', 'scenario:"Pricing Push-back"'

HEARD = {
    "everyone but west coast last month": f"team -{GROUP_WEST} last month",
    "all but sam last month": f"team -{SAM} last month",
    "team -sam last month": f"team -{SAM} last month",
    "sessions last week without the cold call opener": f"sessions -{OPENER} last week",
    "who isn't in west coast": f"team -{GROUP_WEST}",
    "people not in west coast or east coast": f"team -{GROUP_WEST} -{GROUP_EAST}",
    "compare west coast and east coast without sam": f"compare {GROUP_WEST} {GROUP_EAST} -{SAM}",
    "show sessions last week except mine": "sessions -me last week",
    "no gold this month": "sessions silver bronze unranked this month",
    "neither gold nor silver this week": "sessions bronze unranked this week",
    "non-gold sessions this week": "sessions silver bronze unranked this week",
    "how is west coast doing compared to last week": (
        f"compare this week vs last week {GROUP_WEST}"
    ),
    "no less than 80 last week": "sessions score>=80 last week",
    "without incomplete ones this week": "sessions valid this week",
    "sessions last week not jane but sam": f"sessions {SAM} -{JANE} last week",
    "everyone except jane sam last week": f"sessions {SAM} -{JANE} last week",
    "west coast - cold call opener": f"sessions {GROUP_WEST} {OPENER}",
    "only gold last week": "sessions gold last week",
}


@pytest.mark.parametrize(("said", "command"), HEARD.items(), ids=HEARD)
def test_what_is_left_out(said: str, command: str) -> None:
    reader = COACH if "my" in said.split() else READER
    meaning = reader.understand(said)
    assert (meaning.command, meaning.unused) == (command, ())
    if not command.startswith("compare"):
        again = parse(meaning.words, now=NOW, zone=BERLIN)
        assert query_words(again) == meaning.words


OFFERED = {
    "who didn't get gold this week": "sessions silver bronze unranked this week",
    "who didn't reach silver this week": "sessions bronze unranked this week",
    "leaderboard below 60": "leaderboard",
    "sessions and skills of sam": f"skills {SAM}",
    "will sam get gold this week": f"sessions {SAM} gold this week",
    "her sessions last week": "sessions last week",
    "the team and also sam": f"team {SAM}",
}


@pytest.mark.parametrize(("said", "command"), OFFERED.items(), ids=OFFERED)
def test_what_is_only_like_a_question_is_offered(said: str, command: str) -> None:
    """People without a gold are no sessions of another rank, nor those who improved such scores."""
    meaning = READER.understand(said)
    assert meaning.command.removesuffix(" last 30d") == command
    assert meaning.unused


REFUSED = (
    "sessions not last week",
    "everyone except last week",
    "not sam's best session but jane's worst",
    "sam never got gold",
    "who never got gold",
    "not by average",
    "how is sam doing, not in pricing, not in march",
    "except",
    "who isn't sam",
    "don't count on sam",
    "why didn't sam practise",
    "skills except negotiation",
    "sam not unranked+ last week",
    "everyone except zebulon last week",
    "who is not zebulon",
    "not the negotiation skill this week",
    "sessions since labor day",
    "sessions before the offsite",
    "sessions between easter and christmas",
    "who practised the week before the last one",
    "nobody but sam",
)
# What is offered instead says whom and when, and nothing that was denied.
STILL_SAID = {
    "sam never got gold": SAM,
    "how is sam doing, not in pricing, not in march": SAM,
    "not the negotiation skill this week": "this week",
}


@pytest.mark.parametrize("said", REFUSED)
def test_what_narrows_and_is_not_understood_stops_a_question(said: str) -> None:
    try:
        meaning = READER.understand(said)
    except (UserError, Unclear):
        return
    assert not meaning.report, meaning
    assert meaning.words == STILL_SAID.get(said, "")


def test_the_minus_of_the_language() -> None:
    said = '-@jane -jane@acme.com -"Bob Jones" -<@U1|jane> -me -group:West Coast -scenario:s1'
    written = (
        '-@"jane" -jane@acme.com -"Bob Jones" -<@U1|jane> -me -group:"West Coast" -scenario:"s1"'
    )
    assert query_words(heard(said)) == written
    assert heard(written) == heard(said)
    assert query_words(heard("without @jane, @bob and group:west gold")) == (
        '-@"jane" -@"bob" -group:"west" gold'
    )
    assert query_words(heard("gold but not @jane")) == '-@"jane" gold'


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("-skill:x gold", "people, groups, scenarios and ranks, but not a skill"),
        ("without skill:x gold", "but not a skill"),
        ("-last week", "After - I need a person"),
        ("not last week", "After not I need a person"),
        ("gold except", "After except I need a person"),
        ("-my people", "but not your people"),
    ],
)
def test_what_cannot_be_left_out(said: str, told: str) -> None:
    """Nothing is offered: the rest would be about what was denied."""
    problem = refused(said)
    assert told in problem.sentence.plain()
    assert problem.suggestions == ()
