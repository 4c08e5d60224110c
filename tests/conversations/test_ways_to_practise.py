"""Where something is to be practiced, its name leads there in Exec."""

from __future__ import annotations

import re
from html import unescape

import pytest

from bot.demo.slack_workspace import Message
from tests.conversations.test_coaches import WEST, first_person, nudge_form, send, sent_on_monday
from tests.workspace import Workspace, button

pytestmark = pytest.mark.acquainted


def links(message: Message) -> dict[str, str]:
    """The addresses that a message leads to, by the words that lead there."""
    found = re.findall(r"<(https?://[^|>]+)\|([^>]+)>", str(message.blocks))
    return {unescape(name): url for url, name in found}


async def test_what_is_due_leads_to_exec(workspace: Workspace) -> None:
    known = {each.name: each.url for each in workspace.world.scenarios.values()}
    for who, text in (
        ("jane", "me"),
        ("jane", "assignments"),
        ("jane", "progress"),
        ("ana", "prep @jane"),
    ):
        found = links(await workspace.ask(who, text))
        assert found, text
        assert found.items() <= known.items()
    (again,) = links(await workspace.ask("jane", "session last gold")).items()
    name = again[0].removeprefix("Practice ").removesuffix(" again")
    assert known[name] == again[1]
    # Of many people there is nothing that one could practice.
    assert links(await workspace.ask("ana", "assignments")) == {}


async def test_a_nudge_leads_to_exec(workspace: Workspace) -> None:
    await workspace.ask("ana", WEST)
    message = await sent_on_monday(workspace)
    known = {each.url for each in workspace.world.scenarios.values()}
    person = first_person(message)
    await send(workspace, await nudge_form(workspace, message))
    (nudge,) = workspace.seen(person, workspace.dm(person))
    assert button(nudge, "Start one")["url"] in known
