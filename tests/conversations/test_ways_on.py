"""What a wrong command offers can be pressed: a bare name, a slip, a date."""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.demo.slack_workspace import Message
from tests.conftest import FakeClock, MakeUrl
from tests.workspace import NOW, Workspace, a_workspace, labels, offered

pytestmark = pytest.mark.acquainted

REFUSED = "You can see only your own practice."


def is_answered(message: Message) -> bool:
    """Rows, "No sessions" or the help; not a second problem."""
    return bool({"Refresh", "All topics"} & {*labels(message), *offered(message)})


BARE_NAMES = [
    pytest.param("jane last week", "Jane Smith", id="first name like a month"),
    pytest.param("priya", "Priya Nair", id="first name"),
    pytest.param("SMITH gold", "Jane Smith", id="last name"),
    pytest.param("nair priya last 7d", "Priya Nair", id="last name first"),
    pytest.param("jane's last 30d", "Jane Smith", id="possessive"),
    pytest.param("zoe", "Zoë Müller", id="without its accents"),
    pytest.param("Zoë last 7d", "Zoë Müller", id="with its accents"),
    pytest.param("alex.kim2", "Alex Kim (alex.kim2@acme.com)", id="user name"),
]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("said", "name"), BARE_NAMES)
async def test_a_bare_name_is_understood(shared_workspace: Workspace, said: str, name: str) -> None:
    answer = await shared_workspace.ask("ana", f"sessions {said}")
    assert is_answered(answer)
    assert f", {name}, " in answer.text


@pytest.mark.asyncio(loop_scope="module")
async def test_it_is_asked_which_of_two_namesakes_is_meant(shared_workspace: Workspace) -> None:
    workspace = shared_workspace
    asked = await workspace.ask("ana", "sessions alex kim gold")
    offered = ["Alex Kim (alex.kim@acme.com)", "Alex Kim (alex.kim2@acme.com)"]
    assert labels(asked) == offered
    assert workspace.paths() == []
    answer = await workspace.press("ana", asked, offered[1])
    assert f", {offered[1]}, all time\ngold\n" in answer.text


async def test_only_people_whom_the_asker_sees_are_found(workspace: Workspace) -> None:
    await workspace.ask("ana", "coach add @kofi.mensah @priya")
    workspace.forget()
    theirs = await workspace.ask("kofi.mensah", "sessions priya last 7d")
    assert "Priya Nair" in theirs.text
    for who in ("bob", "jane"):
        for word in ("priya", "zorblax"):
            problem = await workspace.ask(who, f"sessions {word} last 7d")
            assert word in problem.text, who
            assert "Priya" not in f"{problem.text}{labels(problem)}"
            assert labels(problem)
    assert "Bob Jones" in (await workspace.ask("bob", "sessions bob last 7d")).text
    assert "/workspace/members" not in workspace.paths()


TOLD = [
    ("prep me", "prep is for a conversation with somebody you coach."),
    ("status now", "/exec status takes no other words."),
    ("sessions <!subteam^S999|@nobody>", "I can't find @nobody in Exec."),
    ("sessions <@U9001>", "I can't find Gina Guest in Exec."),
    ("coach add @closers @bob", "Name one coach first, then who they coach."),
    ("coach add @bob skill:negotiation", "skill:negotiation"),
    ('coach remove @bob "West"', "There is nothing to remove."),
]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("said", "told"), TOLD)
async def test_what_is_asked_in_vain_is_told_why(
    shared_workspace: Workspace, said: str, told: str
) -> None:
    assert told in (await shared_workspace.ask("ana", said)).text


DATES = [
    pytest.param("13.11.2025", "13 Nov 2025", id="full stops"),
    pytest.param("11/13/2025", "13 Nov 2025", id="slashes"),
    pytest.param("since 13.11.", "13 Nov 2025", id="no year"),
    pytest.param("since 13/1", "13 Jan", id="no year, slash"),
]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("said", "understood"), DATES)
async def test_a_date_of_one_reading_is_understood(
    shared_workspace: Workspace, said: str, understood: str
) -> None:
    answer = await shared_workspace.ask("ana", f"sessions @jane {said}")
    assert is_answered(answer)
    assert understood in answer.text


WRONG = [
    "alex kim last 7d",
    "glod",
    "platinum last week",
    "gold last 7d help",
    "today yesterday",
    "score 80",
    "rank:golden",
    "best worst",
    "@here last 7d",
    'group:"West Coast last 7d',
    '"West Coast" last 7d',
    '"Renewal Save" last 7d',
    '"Jone Smith" best',
    "group:wst last 7d",
    "@bob platinum",
    "group:zzz platinum",
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def busy_workspace(acquainted_urls: MakeUrl) -> AsyncIterator[Workspace]:
    """One for many tests, with a coach in it."""
    clock = FakeClock(NOW)
    async with a_workspace(clock, DATABASE_URL=acquainted_urls()) as workspace:
        await workspace.ask("ana", 'coach add @kofi.mensah "West Coast"')
        yield workspace
        assert workspace.slack.problems == []


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("who", "said"), list(zip(itertools.cycle(("ana", "priya", "kofi.mensah")), WRONG))
)
async def test_no_button_leads_to_a_second_problem(
    busy_workspace: Workspace, who: str, said: str
) -> None:
    """For an admin, a rep and a coach in turn."""
    workspace = busy_workspace
    workspace.clock.tick(61)  # Exec counts requests by the minute
    problem = await workspace.ask(who, f"sessions {said}")
    for label in [] if is_answered(problem) else labels(problem):
        answer = await workspace.press_still(who, problem, label)
        is_refused = who == "priya" and answer.text.startswith((REFUSED, "Your practice"))
        assert is_answered(answer) or is_refused, (label, answer.text)


@pytest.mark.new_here
async def test_a_group_or_scenario_in_quotes_is_found_like_a_person(workspace: Workspace) -> None:
    for said, understood in (
        ('"West Coast"', "West Coast, last 7 days"),
        ('"Cold Call Opener"', "Everyone, last 7 days\nscenario Cold Call Opener"),
        ('"Jane Smith" "West Coast"', "Jane Smith, last 7 days\ngroup West Coast"),
        ('without "West Coast"', "Everyone, last 7 days\nwithout group West Coast"),
    ):
        answer = await workspace.ask("ana", f"sessions {said} last 7d")
        assert understood in answer.text, said
    refused = await workspace.ask("bob", 'sessions "West Coast" last 7d')
    assert refused.text.startswith(REFUSED)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("said", ["@jane last 7d", "last 7d", "@closers gold"])
async def test_a_question_without_its_first_word(shared_workspace: Workspace, said: str) -> None:
    answer = await shared_workspace.ask("ana", said)
    assert answer.text == (await shared_workspace.ask("ana", f"sessions {said}")).text
    assert is_answered(answer)


NO_IDS = [
    "@jane xyzzy",
    "@jane",
    "help @jane",
    "digest @bob every monday",
    "digest @closers every monday",
    "sessions @jane glod @bob",
    "sessions group:@jane",
    "coach add @bob skill:negotiation",
]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("said", NO_IDS)
async def test_ids_of_slack_are_never_shown(shared_workspace: Workspace, said: str) -> None:
    problem = await shared_workspace.ask("ana", said)
    shown = f"{problem.text}{labels(problem)}"
    assert not re.search(r"<@|U100\d|S3001|&lt;|Something went wrong", shown), shown


@pytest.mark.asyncio(loop_scope="module")
async def test_a_digest_of_a_person_says_what_to_ask_about_instead(
    shared_workspace: Workspace,
) -> None:
    problem = await shared_workspace.ask("ana", "digest @bob every monday 9:00")
    assert "three people or more" in problem.text
