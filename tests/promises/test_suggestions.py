"""The bot understands everything that it or its docs suggest typing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.office import Office, SlackMessage, View
from tests.shown import everything, first_line, labels, numbers, table

DOCS = Path(__file__).parents[2] / "docs"
NOT_UNDERSTOOD = ("I don't understand", "There is no help topic", "I know", "can't answer")
FAILED = (*NOT_UNDERSTOOD, "Something went wrong")
# Buttons that do something, and ask nothing.
DOING = re.compile(
    r"Nudge|Preview|Pause|Resume|Stop|Send me|Hide|Show my name|Mute|Feedback|Practice|Start one|"
    r"Refresh|Look now|Manage|Show who|Set up|Share|Show status|All topics"
)


def is_answered(message: SlackMessage) -> bool:
    return bool(table(message) or numbers(message.text))


def asked_by(shown: SlackMessage | View) -> list[str]:
    """The labels of the buttons that ask a question."""
    return [label for label in dict.fromkeys(labels(shown)) if not DOING.match(label)]


@pytest.mark.parametrize("who", ["jane", "bob", "ana"])
async def test_what_the_greeting_help_and_home_offer_can_be_typed(office: Office, who: str) -> None:
    """The greeting comes once."""
    await office.ask("ana", 'coach add @bob "West Coast"')
    before = len(office.dms(who))
    for _ in range(2):
        await office.open_home(who, "messages")
    (hello,) = office.dms(who)[before:]
    assert 3 <= len(labels(hello)) <= 4
    home = await office.open_home(who)
    assert home is not None
    offered = [*asked_by(hello), *asked_by(await office.ask(who, "")), *asked_by(home)]
    assert len(offered) > 5
    for label in dict.fromkeys(offered):
        office.wait(minutes=31)  # so that nothing is a follow-up
        reply = await office.tell(who, label)
        assert is_answered(reply), (label, reply.text)
        if label in labels(hello):
            assert first_line(await office.press(who, hello, label)) == first_line(reply), label


async def test_what_help_names_can_be_typed(office: Office) -> None:
    unknown = await office.ask("ana", "help qwertz")
    for topic in labels(unknown):
        page = await office.ask("ana", f"help {topic}")
        for example in re.findall(r"For example: `/exec ([^`]+)`", everything(page)):
            office.wait(minutes=31)
            reply = await office.ask("ana", example)
            assert not reply.text.startswith(NOT_UNDERSTOOD), (example, reply.text)


async def test_questions_in_the_docs_are_read_as_they_say(office: Office) -> None:
    await office.ask("ana", 'coach add @ana "West Coast"')
    _, _, after = (DOCS / "ask.md").read_text().partition("| you type |")
    rows = after.partition("\n\n")[0]
    asked = re.findall(r"^\| (.+?) \| `(.+?)` \|$", rows, re.MULTILINE)
    assert len(asked) > 5
    for typed, exact in asked:
        office.wait(minutes=31)
        answer = await office.ask("ana", exact)
        assert not answer.text.startswith(NOT_UNDERSTOOD), (exact, answer.text)
        assert first_line(await office.tell("ana", typed)) == first_line(answer), typed


async def test_commands_in_the_docs_are_understood_by_a_new_bot(new_office: Office) -> None:
    office = new_office
    pages = "\n".join(page.read_text() for page in (DOCS.parent / "README.md", *DOCS.glob("*.md")))
    lines = re.findall(r"^/exec (.+?)(?: {2,}.*)?$", pages, re.MULTILINE)
    commands = dict.fromkeys((*lines, *re.findall(r"`/exec ([^`]+)`", pages)))
    assert len(commands) > 25
    for command in commands:
        office.wait(minutes=31)
        if command == "digest":  # opens a form
            await office.ask_only("ana", command, "west-coast")
            assert office.form_of("ana")
            continue
        answer = await office.ask("ana", command, "west-coast")
        assert not answer.text.startswith(FAILED), (command, answer.text)


async def test_sentences_in_the_docs_are_understood(office: Office) -> None:
    await office.ask("ana", 'coach add @ana "West Coast"')
    before, _, follow_ups = (DOCS / "ask.md").read_text().partition("## Follow up")
    follow_ups, _, after = follow_ups.partition("## Reports")
    for said in re.findall(r'"([a-z][^"]+)"', f"{before}{after.partition('```')[0]}"):
        office.wait(minutes=31)
        answer = await office.tell("ana", " ".join(said.split()))
        assert not answer.text.startswith(FAILED), (said, answer.text)
    for said in re.findall(r'"([^"]+)"', follow_ups):
        await office.tell("ana", "leaderboard west coast last week")
        answer = await office.tell("ana", " ".join(said.split()))
        assert not answer.text.startswith(FAILED), (said, answer.text)


@pytest.mark.parametrize("who", ["jane", "bob", "ana"])
async def test_what_a_refusal_offers_is_answered(office: Office, who: str) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    for said in ("zorblax last week", "why do deals slip", "thanks!"):
        reply = await office.tell(who, said)
        assert 0 < len(labels(reply)) <= 3, said
        for label in labels(reply):
            office.wait(minutes=2)
            assert is_answered(await office.press(who, reply, label)), (said, label)
