"""Plain words through the bot's doors: what is typed gets a report, or the nearest ones."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.sandbox.slack_workspace import Message
from tests.cli import Cli
from tests.conftest import FakeClock, MakeUrl
from tests.language.test_plain_words import CONTRACT
from tests.workspace import NOW, Workspace, a_workspace, button, labels, table, workspace_apart

pytestmark = [pytest.mark.acquainted, pytest.mark.asyncio(loop_scope="module")]

REFUSED = "You can see only your own practice."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(acquainted_urls: MakeUrl) -> AsyncIterator[Workspace]:
    """One for all of them, with a coach in it."""
    async with a_workspace(FakeClock(NOW), DATABASE_URL=acquainted_urls()) as workspace:
        await workspace.ask("ana", 'coach add @kofi.mensah "West Coast"')
        yield workspace
        assert workspace.slack.problems == []


@pytest.mark.parametrize(
    ("said", "command"),
    [row for row in CONTRACT.items() if row[0] != "thanks"],
    ids=[said for said in CONTRACT if said != "thanks"],
)
async def test_what_is_said_is_answered_as_what_it_means(
    place: Workspace, said: str, command: str
) -> None:
    """To an admin; a coach and a rep are told as much as they may hear, or refused."""
    place.clock.tick(61)
    plainly, strictly = await place.ask("ana", said), await place.ask("ana", command)
    assert headline(plainly) == headline(strictly)
    for who in ("kofi.mensah", "bob"):
        answer = await place.ask(who, said)
        assert "I didn't understand" not in answer.text
        assert "Something went wrong" not in answer.text


def headline(message: Message) -> str:
    """How many were found, and what was understood."""
    return message.text.partition("\n")[0]


async def test_friendly_words(place: Workspace) -> None:
    for who, first in (("ana", "My team this week"), ("bob", "My week")):
        thanked = await place.ask(who, "Thanks!")
        assert thanked.text.startswith("Glad to help! Two things to try next:")
        assert labels(thanked)[0] == first
        assert len(labels(thanked)) == 2
    assert (await place.ask("bob", "hi there")).text.startswith("Hello! Two things to try:")


OTHERS = [
    (
        "ana",
        "can you please show me JANE'S sessions from last week?",
        "Jane Smith, last week",
    ),
    ("ana", "how often did Zoe practice this month", "Zoë Müller, this month"),
    (
        "ana",
        "what did siobhan o'brien do last week",
        "Siobhán O'Brien, last week",
    ),
    ("ana", "sessions in the last two weeks for east coast", "East Coast, last 2 weeks"),
    ("ana", "did anyone score above 90 last week", "last week\nscore over 90"),
    ("ana", "who got gold this week", "this week\ngold"),
    ("ana", "and west coast?", "West Coast"),
    ("ana", "pricing pushback last week", "scenario Pricing Push-back"),
    ("ana", "last 5 sessions of bob", "Bob Jones"),
    ("ana", "worst three scores last week", "worst first, top 3"),
    ("ana", "which scenarios are toughest this month?", "Everyone, this month"),
    ("ana", "what do people struggle with in west coast", "West Coast"),
    ("ana", "practice week by week this quarter", "Sessions per week"),
    ("ana", "Who's missing on West Coast this week", "West Coast"),
    ("ana", "whats due this week", "No assignments, Everyone, this week"),
    ("ana", "new hires", "New Hires"),
    ("ana", "let me see the sessions of sam and bob yesterday", "Sam Lee and Bob Jones"),
    ("ana", "how is derek olsen doing", "Derek Olsen"),
    (
        "kofi.mensah",
        "how many sessions did we have last week",
        "West Coast, last week",
    ),
    ("kofi.mensah", "hardest scenarios for my team", "West Coast"),
    ("kofi.mensah", "how are we doing", "9 of 11 practiced"),
    ("kofi.mensah", "did priya practice yesterday", "Priya Nair"),
    ("jane", "my last session", "Jane Smith"),
    ("jane", "how did I do on cold call", "Jane Smith, last 30 days\nscenario Cold Call Opener"),
    ("jane", "what have i been up to this week", "Jane Smith, this week"),
    ("jane", "jane", "Jane Smith"),
    ("jane", "is jane improving", "Jane Smith"),
    ("jane", "how am I doing this month", "Jane Smith, this month"),
    ("jane", "how is east coast doing", REFUSED),
    ("jane", "bob's last session", REFUSED),
    ("jane", "is bob improving", REFUSED),
    ("jane", "did zorblax practice", REFUSED),
    ("jane", "compare me and bob", REFUSED),
    ("jane", "who hasn't practiced this week", "You coach nobody yet"),
    (
        "zoe.mueller+west",
        "how is west coast doing",
        "9 of 11 practiced, average 82.6 (up 3.9), West Coast, last week",
    ),
    ("zoe.mueller+west", "west coast last week", "You: "),
    ("zoe.mueller+west", 'team group:"West Coast" gold', "You can see only the last complete week"),
    ("jane", "who needs help", "You coach nobody yet"),
    ("kofi.mensah", "show bob", "I can't find bob among the people you can see."),
    ("kofi.mensah", "show zorblax", "I can't find zorblax among the people you can see."),
    ("kofi.mensah", "who should i talk to", " first: "),
    ("kofi.mensah", "gold last week", "West Coast, last week\ngold"),
    ("kofi.mensah", "whats due by monday", "West Coast, until Mon 23 Mar"),
    ("kofi.mensah", "prep for my 1on1 with priya in 10 mins", "Priya Nair, last 4 weeks"),
    (
        "kofi.mensah",
        "me vs last week",
        "this week against last week",
    ),
    ("ana", "who needs help", "You coach nobody yourself"),
    ("ana", "worst average last month", "I rank nobody from the bottom."),
    ("ana", "who has never practiced in west coast", "West Coast, all time"),
    ("ana", "who are the coaches", "Kofi Mensah, West Coast"),
    ("ana", "is zorblax improving", "I can't find zorblax in Exec."),
    ("ana", "how is wset coats doing", "I don't know wset coats. Did you mean"),
    ("ana", "top performers with acme", "I didn't understand acme in"),
    ("ana", "what are the strengths of west coast in acme", "I didn't understand acme in"),
    ("ana", "what's the weather like", "I didn't understand"),
    ("ana", "how did we do last week this month", "two periods: last week and this month"),
    ("ana", "how is alex kim doing", "Which person do you mean by alex kim?"),
]


@pytest.mark.parametrize("at", range(0, len(OTHERS), 7))
async def test_what_else_people_say(place: Workspace, at: int) -> None:
    for who, said, heard in OTHERS[at : at + 7]:
        place.clock.tick(30)
        answer = await place.ask(who, said)
        assert heard in answer.text, (who, said, answer.text)


async def test_no_button_under_what_was_not_understood_leads_nowhere(place: Workspace) -> None:
    for who, said, first in (
        ("ana", "hwo is my taem doing", "how is my team doing"),
        ("ana", "digset list", "digest list"),
        ("ana", "coahc list", "coach list"),
        ("ana", "blah last week", "Sessions · last week"),
        ("ana", "I am worried about jane", "Prep · Jane Smith"),
        ("ana", "top performers with acme last week", "Top performers · last week"),
        (
            "ana",
            "west coast against new hires on zyzzy",
            'Compare · group:"West Coast" group:"New Hires"',
        ),
        ("kofi.mensah", "who should i talk to about zyzzy", "Who to talk to"),
        ("kofi.mensah", "what zyzzy gives", "My team this week"),
        ("bob", "what zyzzy gives", "My week"),
        ("bob", "🎉", "My week"),
    ):
        place.clock.tick(61)
        told = await place.ask(who, said)
        refused = rf"I didn't understand (\w+( gives)? in )?\"{said}\"\.( I can show you .*)? Try:"
        assert re.match(refused, told.text), told.text
        assert labels(told)[0] == first, (who, said, labels(told))
        assert 2 <= len(labels(told)) <= 3
        for label in labels(told):
            answer = await place.press_still(who, told, label)
            assert "I didn't understand" not in answer.text
            assert not answer.text.startswith(REFUSED)


async def test_which_of_two_is_meant_is_asked_and_then_answered(place: Workspace) -> None:
    asked = await place.ask("ana", "show me alex's sessions last week")
    offered = ["Alex Kim (alex.kim@acme.com)", "Alex Kim (alex.kim2@acme.com)"]
    assert labels(asked) == offered
    answer = await place.press("ana", asked, offered[1])
    assert f"{offered[1]}, last week" in answer.text


async def test_whose_people_are_meant_is_asked_of_a_coach_of_groups_and_of_people(
    place: Workspace,
) -> None:
    await place.ask("ana", 'coach add @priya "East Coast" @zoe')
    asked = await place.ask("ana", "how is priya's team doing")
    assert labels(asked) == ["East Coast", "Zoë Müller"]
    assert "East Coast, last 30 days" in (await place.press("ana", asked, "East Coast")).text
    await place.confirm("ana", "coach remove @priya")


async def test_no_name_comes_out_of_what_is_suggested(place: Workspace) -> None:
    """To a rep, names that exist and names that don't are alike."""
    for pattern in ("how is {} doing", "{}'s last session", "{}", "sessions {}", "top reps for {}"):
        told = []
        for name in ("priya", "prixa", "new hires", "liam murphy"):
            answer = await place.ask("jane", pattern.format(name))
            shown = f"{answer.text}{labels(answer)}"
            told.append(shown.replace(name, "…"))
            assert not re.search("Priya|Nair|East|Hires|Liam|Murphy", shown.replace(name, ""))
        assert len(set(told)) == 1, told


@pytest.mark.parametrize(
    "asked", ["what next for {}", "what zyzzy gives {}", "sessions last week zyzzy for {}"]
)
async def test_an_address_does_not_reveal_its_owner_s_name(place: Workspace, asked: str) -> None:
    """Priya is neither Jane's to see nor on the team of a coach of East Coast."""
    await place.ask("ana", 'coach add @bob "East Coast"')
    for who in ("jane", "bob"):
        told = []
        for address in ("priya@acme.com", "prixa@acme.com"):
            answer = await place.ask(who, asked.format(address))
            shown = f"{answer.text} {labels(answer)}"
            assert "Nair" not in shown
            told.append(shown.replace(address, "…"))
        assert told[0] == told[1]
    await place.confirm("ana", "coach remove @bob")


@pytest.mark.parametrize(
    ("hidden", "misspelt", "made_up"),
    [
        ("Priya Nair", "last sesion of priya nairr", "last sesion of prexo nofrr"),
        ("Siobhán O'Brien", "sesions of siobhann last week", "sesions of qiobkann last week"),
        ("New Hires", "how is new hirez doign", "how is new hobez doign"),
        ("Quarterly Business Review", "last sesion of bussines", "last sesion of bogxines"),
    ],
)
async def test_spelling_help_does_not_reveal_hidden_names(
    place: Workspace, hidden: str, misspelt: str, made_up: str
) -> None:
    """Jane may see neither the people nor the group, and the scenario is private."""
    await place.ask("jane", "sessions last 7d")
    typed = set(misspelt.split()) | set(made_up.split())
    told = []
    for text in (misspelt, made_up):
        answer = await place.ask("jane", text)
        shown = re.split(r"(\w+)", f"{answer.text} {labels(answer)}".casefold())
        named = {word for word in shown if word in hidden.casefold().split()} - typed
        assert named == set(), (text, shown)
        told.append("".join("…" if word in typed else word for word in shown))
    assert told[0] == told[1]


async def test_what_was_meant_can_be_refreshed_and_shared(place: Workspace) -> None:
    answer = await place.ask("ana", "how did west coast do last week")
    assert "West Coast, last week" in answer.text
    assert button(answer, "Share in channel")
    again = await place.press("ana", answer, "Refresh")
    assert "West Coast, last week" in again.text


async def test_a_file_is_a_press_away(place: Workspace) -> None:
    """What was understood is seen before anything is sent."""
    answer = await place.ask("ana", "export last week as csv please")
    assert "Everyone, last week" in answer.text
    assert "Export CSV below sends you this as a file." in answer.text
    assert "Sent: " in (await place.press("ana", answer, "Export CSV")).text
    own = await place.ask("bob", "export last week")
    assert "Bob Jones, last week" in own.text
    assert "Files are for admins" in own.text


async def test_a_digest_is_told_in_plain_words(place: Workspace) -> None:
    said = "digest which scenarios are hardest for west coast last week every monday 9:00"
    saved = await place.ask("ana", said, "west-coast")
    assert saved.text.startswith("Saved.")
    listed = await place.ask("ana", "digest list", "west-coast")
    assert "West Coast" in listed.text


async def test_plain_words_in_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with workspace_apart(tmp_path) as workspace:
        cli = Cli(workspace, capsys)
        plainly = await cli.ask("ana@acme.com", "how is west coast doing this month")
        assert plainly == await cli.ask("ana@acme.com", 'team group:"West Coast" this month')
        assert "Hello!" in await cli.ask("ana@acme.com", "hello")
        refused = await cli.refused("bob@acme.com", "is jane improving")
        assert refused[0].startswith(REFUSED)


async def test_names_are_found_before_any_list_was_read(place: Workspace) -> None:
    assert table(await place.ask("ana", "jane last week"))
