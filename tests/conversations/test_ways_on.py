"""What a wrong command offers leads on: a bare name, a slip, a date, an open quotation mark."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.sandbox.slack_records import Message
from tests.conftest import FakeClock, MakeUrl
from tests.office import NOW, Office, an_office, labels, table

pytestmark = pytest.mark.acquainted

HELP = "Show the help"
REFUSED = "You can see your own practice, but not that of"


def is_answered(message: Message) -> bool:
    """Rows, "No sessions" or the help; not a second problem."""
    return bool({"Edit filters", "Open the query form", "Narrow it"} & set(labels(message)))


async def hold_names(office: Office) -> None:
    """The names that a workspace in use has held long since."""
    await office.ask("ana", "sessions group:west scenario:renewal skill:negotiation last 7d")
    office.forget()


BARE_NAMES = [
    pytest.param("jane last week", "@jane", ["Jane Smith"], id="first name like a month"),
    pytest.param("priya", "@priya", ["Priya Nair"], id="first name"),
    pytest.param("SMITH gold", "@smith", ["Jane Smith"], id="last name"),
    pytest.param("nair priya last 7d", "@nair", ["Priya Nair"], id="last name first"),
    pytest.param("jane's last 30d", "@jane", ["Jane Smith"], id="possessive"),
    pytest.param("zoe", "@zoe", ["Zoë Müller"], id="without its accents"),
    pytest.param("Zoë last 7d", "@zoë", ["Zoë Müller"], id="with its accents"),
    pytest.param("alex.kim2", "@alex.kim2", ["Alex Kim (alex.kim2@acme.com)"], id="user name"),
    pytest.param(
        "alex kim",
        "@alex",
        ["Alex Kim (alex.kim@acme.com)", "Alex Kim (alex.kim2@acme.com)"],
        id="namesakes",
    ),
]


@pytest.mark.parametrize(("said", "mention", "offered"), BARE_NAMES)
async def test_a_bare_name_offers_the_people_of_that_name(
    office: Office, said: str, mention: str, offered: list[str]
) -> None:
    await hold_names(office)
    problem = await office.ask("ana", f"sessions {said}")
    assert f"Do you mean a person? Write {mention}, or choose:" in problem.text
    assert labels(problem)[: len(offered)] == offered
    assert office.paths() == []
    answer = await office.press("ana", problem, offered[0])
    assert is_answered(answer)
    assert f": {offered[0].partition(' (')[0]}" in answer.text


async def test_a_name_in_another_script(office: Office) -> None:
    problem = await office.ask("ana", "sessions さくら")
    assert labels(problem) == ["さくら 田中"]
    assert is_answered(await office.press("ana", problem, "さくら 田中"))


async def test_only_people_whom_the_asker_sees_are_suggested(office: Office) -> None:
    await office.ask("ana", "coach add @kofi.mensah @priya")
    await hold_names(office)
    for who, offered in (("kofi.mensah", ["Priya Nair"]), ("bob", [HELP]), ("jane", [HELP])):
        problem = await office.ask(who, "sessions priya last 7d")
        assert labels(problem) == offered, who
        assert ("Do you mean a person" in problem.text) == (who == "kofi.mensah")
    own = await office.ask("bob", "sessions bob last 7d")
    assert labels(own) == ["Bob Jones"]
    assert is_answered(await office.press("bob", own, "Bob Jones"))
    assert "/workspace/members" not in office.paths()


NO_WORDS = ["without", "all of it", "platinum", "please", "vs", "🎉", "gold last 7d help"]


@pytest.mark.parametrize("said", NO_WORDS)
async def test_a_word_like_none_gets_a_button(office: Office, said: str) -> None:
    problem = await office.ask("ana", f"sessions {said}")
    assert labels(problem)
    for label in labels(problem):
        assert is_answered(await office.press("ana", problem, label)) or said == "all of it"


@pytest.mark.parametrize("word", ["everyone", "all", "Everybody"])
@pytest.mark.parametrize("who", ["ana", "bob"])
async def test_everyone_is_left_out(office: Office, who: str, word: str) -> None:
    problem = await office.ask(who, f"sessions {word} last 7d")
    assert "Leave it out to ask about everyone you may see." in problem.text
    answer = await office.press(who, problem, "Leave it out")
    assert ("Everyone" in answer.text) == (who == "ana")
    assert is_answered(answer)


@pytest.mark.parametrize("said", ["sessions help", "sessions help when", "Sessions Help"])
async def test_help_on_sessions(office: Office, said: str) -> None:
    assert is_answered(await office.ask("bob", said))


@pytest.mark.parametrize("who", ["ana", "bob"])
@pytest.mark.parametrize("said", ["who has not practised", "sessions who hasn't practised", "who"])
async def test_who_has_not_practised(office: Office, who: str, said: str) -> None:
    told = await office.ask(who, said)
    assert "coach" in told.text
    assert "See details" in told.text
    assert labels(told)
    for label in labels(told):
        told = await office.ask(who, said)
        assert is_answered(await office.press(who, told, label))


DATES = [
    pytest.param("13.11.2025", "13 Nov 2025", id="full stops"),
    pytest.param("11/13/2025", "13 Nov 2025", id="slashes"),
    pytest.param("since 13.11.", "13 Nov 2025", id="no year"),
    pytest.param("since 13/1", "13 Jan", id="no year, slash"),
]


@pytest.mark.parametrize(("said", "understood"), DATES)
async def test_a_date_of_one_reading_is_understood(
    office: Office, said: str, understood: str
) -> None:
    answer = await office.ask("ana", f"sessions @jane {said}")
    assert is_answered(answer)
    assert understood in answer.text


WRONG = [
    "jane last week",
    "alex kim last 7d",
    "glod",
    "everyone gold",
    "please",
    "platinum last week",
    "3/2 gold",
    "since 3/2",
    "3/4/2026",
    "last 5m",
    "last wek",
    "2026-02-30",
    "today yesterday",
    "not valid",
    "score 80",
    "rank:golden",
    "best worst",
    "@here last 7d",
    '"Jane Smith last 7d',
    '"Jane last 7d',
    'group:"West Coast last 7d',
    'scenario:"Renewal Save gold',
    "my team last 7d",
    "team last 7d",
    "West Coast last 7d",
    '"West Coast" last 7d',
    '"Renewal Save" last 7d',
    '"Jone Smith" best',
    "group:wst last 7d",
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def busy_office(acquainted_urls: MakeUrl) -> AsyncIterator[Office]:
    """One for many tests, with a coach in it."""
    clock = FakeClock(NOW)
    async with an_office(clock, DATABASE_URL=acquainted_urls()) as office:
        await office.ask("ana", 'coach add @kofi.mensah "West Coast"')
        await hold_names(office)
        await office.ask("ana", 'sessions group:"West Coast" last 7d')
        yield office
        assert office.slack.problems == []


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("said", WRONG)
async def test_no_button_leads_to_a_second_problem(busy_office: Office, said: str) -> None:
    """For an admin, a rep and a coach."""
    office = busy_office
    office.clock.tick(61)  # Exec counts requests by the minute
    for who in ("ana", "priya", "kofi.mensah"):
        problem = await office.ask(who, f"sessions {said}")
        for number, label in enumerate(labels(problem)):
            if number:
                problem = await office.ask(who, f"sessions {said}")
            answer = await office.press(who, problem, label)
            is_refused = who == "priya" and answer.text.startswith(REFUSED)
            assert is_answered(answer) or is_refused, (who, label, answer.text)


@pytest.mark.parametrize(
    ("said", "offered"),
    [
        ('"Jane Smith last 7d', '"Jane Smith" last 7d'),
        ('"Jane last 7d gold', '"Jane" last 7d gold'),
        ('group:"West Coast last 7d', '"West Coast" last 7d'),
        ('scenario:"Cold Call Opener', '"Cold Call Opener"'),
    ],
)
async def test_an_open_quotation_mark_is_closed_after_the_name(
    office: Office, said: str, offered: str
) -> None:
    assert labels(await office.ask("ana", f"sessions {said}")) == [offered]


@pytest.mark.new_here
async def test_my_team_offers_the_groups_that_one_may_ask_about(office: Office) -> None:
    await office.ask("ana", 'coach add @kofi.mensah "West Coast"')
    await hold_names(office)
    everybody = await office.ask("ana", "sessions my team last 7d")
    assert len(labels(everybody)) == 4
    assert all(label.startswith('group:"') for label in labels(everybody))
    theirs = await office.ask("kofi.mensah", "sessions my team last 7d")
    assert labels(theirs) == ['group:"West Coast"']
    answer = await office.press("kofi.mensah", theirs, 'group:"West Coast"')
    assert len({row[1] for row in table(answer)[1:]}) > 1
    assert labels(await office.ask("bob", "sessions my team last 7d")) == [HELP]


async def test_a_group_in_quotes_is_told_from_a_person(office: Office) -> None:
    await hold_names(office)
    problem = await office.ask("ana", 'sessions "West Coast" last 7d')
    assert "a group is" in problem.text
    assert labels(problem) == ['group:"West Coast"']
    assert office.paths() == []
    assert "group West Coast" in (await office.press("ana", problem, labels(problem)[0])).text
    refused = await office.ask("bob", 'sessions "West Coast" last 7d')
    assert refused.text.startswith(REFUSED)


UNSTARTED = [
    pytest.param("@jane last 7d", "sessions @jane last 7d", id="a mention"),
    pytest.param("last 7d", "sessions last 7d", id="a time"),
    pytest.param("top 5", "sessions top 5", id="an amount"),
    pytest.param("@closers gold", "sessions @closers gold", id="a user group"),
]


@pytest.mark.parametrize(("said", "started"), UNSTARTED)
async def test_a_question_without_its_first_word(office: Office, said: str, started: str) -> None:
    problem = await office.ask("ana", said)
    assert problem.text.startswith(f"Start with sessions: /exec {started}")
    assert labels(problem)[0] == "Ask about sessions"
    assert is_answered(await office.press("ana", problem, "Ask about sessions"))


NO_IDS = [
    "@jane xyzzy",
    "@jane",
    "help @jane",
    "digest @bob every monday",
    "digest @closers every monday",
    "sessions @jane glod @bob",
    'sessions "@jane last 7d',
    "sessions group:@jane",
]


@pytest.mark.parametrize("said", NO_IDS)
async def test_ids_of_slack_are_never_shown(office: Office, said: str) -> None:
    problem = await office.ask("ana", said)
    shown = f"{problem.text}{labels(problem)}"
    assert not re.search(r"<@|U100\d|S3001|&lt;|Something went wrong", shown), shown


async def test_a_digest_of_a_person_says_what_to_ask_about_instead(office: Office) -> None:
    await hold_names(office)
    problem = await office.ask("ana", "digest @bob every monday 9:00")
    assert problem.text == (
        "Results of fewer than three people are nothing for a whole channel. Ask about a group or "
        "about more people, or ask this for yourself whenever you like."
    )
