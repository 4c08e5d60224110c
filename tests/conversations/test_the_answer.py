"""The answer: its first line, its figures, its table, its small print, and its help."""

from __future__ import annotations

import pytest

from tests.conversations.truth import headline
from tests.workspace import Workspace, footer, labels, offered

pytestmark = pytest.mark.acquainted


async def test_the_small_print(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 7d")
    assert footer(answer).startswith("As of 09:59")
    assert "requests" not in footer(answer)
    assert "Exec staff" not in footer(await workspace.ask("ana", "sessions last 7d +system"))


async def test_the_place_of_a_session_says_since_when_it_counts(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "session @jane best")
    assert " on this scenario since 20 December 2025, with the best score. " in answer.text


@pytest.mark.asyncio(loop_scope="module")
async def test_a_rep_is_not_offered_to_leave_themselves_out(shared_workspace: Workspace) -> None:
    answer = await shared_workspace.ask("kofi.mensah", "sessions me last 7d")
    assert offered(answer) == ["Any date", "Refresh"]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("said", ["", "help", "?", "HELP", " \u200b "])
async def test_help(shared_workspace: Workspace, said: str) -> None:
    menu = await shared_workspace.ask("jane", said)
    assert headline(menu).startswith("*Just ask,* ")
    assert labels(menu) == ["What next?", "My week", "My last session", "All topics"]
    assert shared_workspace.paths() in ([], ["/workspace/members"])
    topics = await shared_workspace.press("jane", menu, "All topics")
    assert headline(topics) == "*Reports*"


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("said", "title"),
    [
        *(("words", "Words to be exact"), ("WORDS", "Words to be exact")),
        *(("Words to be exact", "Words to be exact"), ("numbers", "Numbers")),
        *(("status", "/exec status"), ("coach", "/exec coach")),
    ],
)
async def test_help_on_a_topic_or_a_command(
    shared_workspace: Workspace, said: str, title: str
) -> None:
    shown = await shared_workspace.ask("ana", f"help {said}")
    assert headline(shown) == f"*{title}*"


@pytest.mark.asyncio(loop_scope="module")
async def test_help_on_an_unknown_topic_lists_the_topics(shared_workspace: Workspace) -> None:
    shown = await shared_workspace.ask("jane", "help qwertz")
    assert shown.text.startswith("There is no help topic qwertz. Topics:")
    written = await shared_workspace.ask("jane", "help R&D")
    assert "no help topic `R&amp;D`." in str(written.blocks)
    # The others are for people who see somebody else's practice.
    assert labels(shown) == ["asking", "words", "numbers", "privacy", "bot"]
    near = await shared_workspace.ask("jane", "help nubmers")
    assert labels(near) == ["numbers"]
    refused = await shared_workspace.ask("jane", "help link")
    assert refused.text == "/exec link is for admins."
    await shared_workspace.ask("jane", "help qwertz")
    topic = await shared_workspace.press("jane", shown, "numbers")
    assert headline(topic) == "*Numbers*"
