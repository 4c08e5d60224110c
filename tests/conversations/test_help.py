"""Help: short, for whoever asks, and every example in it works."""

from __future__ import annotations

import re
from html import unescape

import pytest

from bot.demo.slack_workspace import Message, SlackUser
from tests.workspace import Workspace, labels, offered

pytestmark = pytest.mark.acquainted

EXAMPLE = re.compile("For example: `/exec ([^`]+)`")
TOPICS = ("asking", "words", "numbers", "privacy")
FOR_COACHES = ("asking", "words", "numbers", "digests", "coaching", "alerts", "privacy")
# How answers begin that are no report.
DONE = ("Changed. ", "1 coach", "Nobody else has")


def examples(message: Message) -> list[str]:
    texts = [block["text"]["text"] for block in message.blocks if block["type"] == "section"]
    return [example for text in texts for example in EXAMPLE.findall(unescape(text))]


# A rep, a coach and an admin: the questions and topics they are shown, and words they don't read.
READERS = {
    "jane": (
        ["What next?", "My week", "My last session"],
        TOPICS,
        ("dmin", "oach", "team [", "inactive", "prep", "exec digest", "link", "status", "@jane"),
    ),
    "bob": (
        ["Who should I talk to?", "How is my team doing?", "Who hasn't practiced this week?"],
        FOR_COACHES,
        ("Admins:", "link @", "`status`"),
    ),
    "ana": (
        [
            "Compare the groups",
            "Who hasn't practiced this week?",
            "Top performers last month",
        ],
        FOR_COACHES,
        (),
    ),
}


async def test_help_is_short_for_its_reader_and_all_of_it_works(workspace: Workspace) -> None:
    """What works for a rep works for the others; each tries what is new to them."""
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    tried = set[str]()
    for who, (tries, topics, hidden) in READERS.items():
        short = await workspace.ask(who, "")
        assert labels(short) == [*tries, "All topics"]
        assert "Add a person, scenario or time" in short.text
        assert len(short.text) < 250
        shown = [await workspace.ask(who, f"help {topic}") for topic in topics]
        for message in (short, *shown):
            for word in hidden:
                assert word not in message.text, message.text
        for other in (*topics[1:], "bot"):
            assert f"/exec help {other}" in shown[0].text
        for label in tries:
            pressed = await workspace.press(who, short, label)
            assert "as of " in pressed.text.lower()
            assert (await workspace.ask(who, label)).text == pressed.text
            assert short in workspace.seen(who)
        assert (await workspace.press(who, short, "All topics")).text == shown[0].text
        said = list(dict.fromkeys(example for message in shown for example in examples(message)))
        assert said
        for example in said:
            assert not {'"', "@"} & {*example}, example
            if example not in tried:
                told = (await workspace.ask(who, example)).text
                assert "as of " in told.lower() or told.startswith(DONE), f"{example}: {told}"
                workspace.clock.tick(20)
        tried |= {*said}


async def test_an_empty_message_or_mention_shows_the_same_examples(workspace: Workspace) -> None:
    tries = [*READERS["jane"][0], "All topics"]
    for said, channel in (("@exec", "west-coast"), ("help", None), ("?", None)):
        told = await workspace.tell("jane", said, channel)
        assert labels(told) == tries
        assert "as of " in (await workspace.press("jane", told, tries[0])).text.lower()


@pytest.mark.parametrize("who", ["gina.guest", "nora.new", "jane"])
async def test_help_names_nothing_of_the_workspace(workspace: Workspace, who: str) -> None:
    workspace.slack.team.add_user(SlackUser("U8002", "nora.new", "Nora New", "nora.new@acme.com"))
    world = workspace.world
    things = (world.groups, world.scenarios, world.skills, world.collections, world.programs)
    names = {each.name for stored in (*things, world.people) for each in stored.values()}
    for topic in ("", *(f"help {topic}" for topic in (*FOR_COACHES, "bot", "qwertz"))):
        told = await workspace.ask(who, topic)
        said = f"{told.text} {told.blocks}"
        assert [name for name in names if name in said] == [], topic


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
    asked = await workspace.ask("jane", "hide my name")
    assert "Your coaches and admins still see your practice." in asked.text
    hidden = await workspace.press("jane", asked, "Hide my name")
    assert "Your name won't appear in channel posts" in hidden.text
    assert "Show my name in channel digests" in offered(await workspace.ask("jane", "me"))
