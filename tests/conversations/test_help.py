"""Help: short, for whoever asks, and every example in it works."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from bot.sandbox.slack_workspace import Message, SlackUser
from tests.workspace import Workspace, labels

pytestmark = pytest.mark.acquainted

EXAMPLE = re.compile("For example: `/exec ([^`]+)`")
TOPICS = ("who", "where", "what", "when", "how", "numbers", "commands")
# How what is no report answers.
DONE = (
    *("Understood: ", "Saved. ", "Changed. ", "Alert set. ", "Done: ", "You get ", "When\n"),
    *("1 coach", "1 person looked", "Nobody else has"),
)


def examples(message: Message) -> list[str]:
    texts = [block["text"]["text"] for block in message.blocks if block["type"] == "section"]
    return [example for text in texts for example in EXAMPLE.findall(unescape(text))]


# A rep, a coach and an admin: the examples they are shown, and words that they do not read.
READERS = {
    "jane": (
        ["What next?", "My week", "My last session"],
        ("dmin", "oach", "team [", "inactive", "prep", "exec digest", "link", "status", "@jane"),
    ),
    "bob": (
        ["Who should I talk to?", "How is my team doing?", "Who hasn't practiced this week?"],
        ("Admins:", "link @", "`status`"),
    ),
    "ana": (
        [
            "Compare the groups",
            "Who hasn't practiced this week?",
            "Top performers last month",
        ],
        ("@jane last", "East-Coast"),
    ),
}


async def test_help_is_short_for_its_reader_and_all_of_it_works(workspace: Workspace) -> None:
    """What works for who sees least works for the others; each tries what is new to them."""
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    tried = set[str]()
    for who, (tries, hidden) in READERS.items():
        short = await workspace.ask(who, "")
        assert labels(short) == [*tries, "All commands"]
        assert "Add a person, scenario or time" in short.text
        assert len(short.text) < 250
        topics = [await workspace.ask(who, f"help {topic}") for topic in TOPICS]
        for message in (short, *topics):
            for word in hidden:
                assert word not in message.text, message.text
        for label in tries:
            pressed = await workspace.press(who, short, label)
            assert "as of " in pressed.text.lower()
            assert (await workspace.ask(who, label)).text == pressed.text
            assert short in workspace.seen(who)
        said = list(dict.fromkeys(example for topic in topics for example in examples(topic)))
        assert len(said) > 10
        for example in said:
            if example not in tried:
                told = (await workspace.ask(who, example)).text
                assert "as of " in told.lower() or told.startswith(DONE), f"{example}: {told}"
                workspace.clock.tick(20)
        tried |= {*said}


async def test_an_empty_message_or_mention_shows_the_same_examples(workspace: Workspace) -> None:
    tries = [*READERS["jane"][0], "All commands"]
    for said, channel in (("@exec", "west-coast"), ("help", None), ("?", None)):
        told = await workspace.tell("jane", said, channel)
        assert labels(told) == tries
        assert "as of " in (await workspace.press("jane", told, tries[0])).text.lower()


@pytest.mark.parametrize("who", ["gina.guest", "nora.new"])
async def test_who_is_not_let_in_hears_no_name(workspace: Workspace, who: str) -> None:
    """Of nothing that there is in this workspace, in help that is open to them."""
    workspace.slack.team.add_user(SlackUser("U8002", "nora.new", "Nora New", "nora.new@acme.com"))
    world = workspace.world
    things = (world.groups, world.scenarios, world.skills, world.collections, world.programs)
    names = {each.name for stored in (*things, world.people) for each in stored.values()}
    for topic in ("", *(f"help {topic}" for topic in (*TOPICS, "bot"))):
        told = await workspace.ask(who, topic)
        said = f"{told.text} {told.blocks}"
        assert [name for name in names if name in said] == [], topic


async def test_a_scenario_that_is_not_for_all_is_an_example_for_those_who_practised_it(
    workspace: Workspace,
) -> None:
    workspace.slack.team.add_user(SlackUser("U8002", "nora.new", "Nora New", "nora.new@acme.com"))
    workspace.world.add_member("Nora", "New", "nora.new@acme.com")
    scenario = workspace.world.scenario("Cold Call Opener")
    workspace.world.scenarios[scenario.id] = replace(scenario, visibility="private")
    workspace.clock.tick(25 * 3600)
    await workspace.ask("ana", "sessions scenario:cold-call last 1d")
    await workspace.bot.drain()
    for who in ("jane", "ana", "nora.new"):
        told = [(await workspace.ask(who, topic)).text for topic in ("", "help where", "help what")]
        assert ("Cold Call Opener" in str(told)) == (who != "nora.new"), told


async def test_the_bot_tells_about_itself(workspace: Workspace) -> None:
    told = await workspace.ask("jane", "help bot")
    texts = [block["text"]["text"] for block in told.blocks if block["type"] == "section"]
    assert len(texts) == 11  # a title, and ten sentences
    assert len(told.text) < 2_000
    for word in ("admins", "low score", "recordings", "delete", "audit me", "nudge", "reminders"):
        assert word in told.text


async def test_who_sees_my_practice_and_hiding_my_name_are_understood(workspace: Workspace) -> None:
    for asked in ("who can see my sessions", "can my manager see my scores?"):
        told = await workspace.ask("jane", asked)
        assert "coaches and admins can see" in told.text
        for label in labels(told):
            assert "understand" not in (await workspace.press_still("jane", told, label)).text
    hidden = await workspace.press(
        "jane", await workspace.ask("jane", "hide my name"), "Hide my name"
    )
    assert "me named" in hidden.text
