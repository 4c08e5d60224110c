"""People are named as Exec names them, whatever they call themselves in Slack."""

from __future__ import annotations

import json

import pytest

from bot.demo.run import MANAGER
from tests.conversations.test_coaches import nudge_form, one_of, sent_on_monday
from tests.workspace import Workspace, table

pytestmark = pytest.mark.acquainted


async def test_nobody_passes_for_another_by_their_name_in_slack(workspace: Workspace) -> None:
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    workspace.slack.team.users[workspace.user("bob")].real_name = "Ana Costa"
    workspace.slack.team.users[workspace.user(MANAGER)].real_name = "Jane Smith"
    workspace.slack.team.channel_called("west-coast").members.append(workspace.user("bob"))
    workspace.clock.tick(3601)
    await workspace.ask("bob", "sessions @jane last 7d")
    assert table(await workspace.ask("jane", "audit"))[1][1] == "Bob Jones"
    assert table(await workspace.ask("ana", "audit @jane"))[1][1] == "Bob Jones (bob@acme.com)"
    answer = await workspace.ask("bob", 'trend group:"West Coast"', "west-coast")
    preview = await workspace.press("bob", answer, "Share in channel")
    await workspace.press("bob", preview, "Post it")
    await workspace.bot.drain()
    posted = workspace.seen("priya", "west-coast")[-1].text
    assert "Bob Jones" in posted
    assert "Ana Costa" not in posted
    await workspace.ask("bob", 'digest "West Coast" every monday 8:30', "west-coast")
    assert "Bob Jones" in (await workspace.ask("ana", "digest list", "west-coast")).text
    person = await one_of(workspace, await sent_on_monday(workspace), "Sam Lee")
    form = await nudge_form(workspace, person)
    assert "a note from *Bob Jones*" in json.dumps(form.view)
