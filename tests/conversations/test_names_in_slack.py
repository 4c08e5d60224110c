"""People are named as Exec names them, whatever they call themselves in Slack."""

from __future__ import annotations

import json

from bot.demo.run import MANAGER
from tests.conversations.acts import (
    choose_person,
    make_bob_coach,
    monday_message,
    nudge_form,
    share,
)
from tests.workspace import Workspace, table


async def test_nobody_passes_for_another_by_their_name_in_slack(workspace: Workspace) -> None:
    await make_bob_coach(workspace)
    workspace.slack.team.users[workspace.user("bob")].real_name = "Ana Costa"
    workspace.slack.team.users[workspace.user(MANAGER)].real_name = "Jane Smith"
    workspace.slack.team.channel_called("west-coast").members.append(workspace.user("bob"))
    workspace.clock.tick(3601)
    await workspace.ask("bob", "sessions @jane last 7d")
    assert table(await workspace.ask("jane", "audit"))[1][1] == "Bob Jones"
    assert table(await workspace.ask("ana", "audit @jane"))[1][1] == "Bob Jones (bob@acme.com)"
    answer = await workspace.ask("bob", 'trend group:"West Coast"', "west-coast")
    post = await share(workspace, "bob", answer)
    assert "Bob Jones" in post.text
    assert "Ana Costa" not in post.text
    await workspace.ask("bob", 'digest "West Coast" every monday 8:30', "west-coast")
    assert "Bob Jones" in (await workspace.ask("ana", "digest list", "west-coast")).text
    person = await choose_person(workspace, await monday_message(workspace), "Sam Lee")
    form = await nudge_form(workspace, person)
    assert "a note from *Bob Jones*" in json.dumps(form.view)
