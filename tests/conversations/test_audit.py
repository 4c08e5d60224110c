"""Who looked at whose practice: logged however they asked, and listed for the people themselves."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.demo.run import MANAGER
from bot.demo.slack_workspace import Message
from tests.conversations.test_coaches import nudge_form
from tests.conversations.test_sharing import is_told
from tests.workspace import Workspace, table

pytestmark = pytest.mark.acquainted
MONDAY = datetime(2026, 3, 23, 7, 30, tzinfo=UTC)  # 8:30 in Berlin


async def looks(workspace: Workspace, who: str) -> list[list[str]]:
    """Who looked at somebody in which report, as an admin reads it, without addresses."""
    rows = table(await workspace.ask("ana", f"audit {who}"))[1:]
    return [[row[1].partition(" (")[0], *row[2:]] for row in rows]


async def noted(workspace: Workspace, email: str) -> list[tuple[str, str]]:
    """The same as it is kept, which costs no question for each of many."""
    found = await workspace.bot.audit.at(workspace.world.person(email).id)
    return [(each.name, each.report) for each in found]


async def due(workspace: Workspace, at: datetime) -> None:
    workspace.clock.now = at
    for _ in range(3):
        await workspace.deliver()
        workspace.clock.tick(2)


async def chosen(workspace: Workspace, message: Message, action: str) -> Message:
    """What the first entry of a select menu leads to."""
    (select,) = [
        element
        for block in message.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == action
    ]
    value = select["options"][0]["value"]
    ack = await workspace.slack.click(workspace.user("bob"), message, action, value)
    return await workspace.heard("bob", message.channel, after=ack)


async def test_nobody_is_named_as_they_call_themselves_in_slack(workspace: Workspace) -> None:
    """Their name in Exec stands in the audit, before a nudge, under what was shared and beside a
    digest; an admin reads their address as well."""
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    workspace.slack.team.users[workspace.user("bob")].real_name = "Ana Costa"
    workspace.slack.team.users[workspace.user(MANAGER)].real_name = "Jane Smith"
    workspace.slack.team.channel_called("west-coast").members.append(workspace.user("bob"))
    workspace.clock.tick(3601)
    await workspace.ask("bob", "sessions @jane last 7d")
    answer = await workspace.ask("bob", 'trend group:"West Coast"', "west-coast")
    assert table(await workspace.ask("jane", "audit"))[1][1] == "Bob Jones"
    assert table(await workspace.ask("ana", "audit @jane"))[1][1] == "Bob Jones (bob@acme.com)"
    confirm = await workspace.press("bob", answer, "Share in channel")
    await workspace.press("bob", confirm, "Post it")
    await workspace.until(lambda: is_told(workspace, "bob", "west-coast"))
    await workspace.ask("bob", 'digest "West Coast" every monday 8:30', "west-coast")
    assert "Bob Jones" in (await workspace.ask("ana", "digest list", "west-coast")).text
    posted = workspace.seen("priya", "west-coast")[-1].text
    assert "Bob Jones" in posted
    assert "Ana Costa" not in posted
    await due(workspace, MONDAY)
    message = workspace.seen("bob", workspace.dm("bob"))[-1]
    one = await chosen(workspace, message, "coach.choose")
    form = await nudge_form(workspace, one)
    assert "a note from *Bob Jones*" in json.dumps(form.view)


async def test_a_digest_looks_at_those_whom_it_praises(workspace: Workspace) -> None:
    await workspace.ask("ana", 'digest "West Coast" every monday 8:30', "west-coast")
    people = {
        f"{p.first_name} {p.last_name}": p.email for p in workspace.world.roster("West Coast")
    }
    await due(workspace, MONDAY)
    post = workspace.seen("ana", "west-coast")[-1]
    praised = {name for name in people if name in post.text}
    assert praised
    for name, email in people.items():
        on_monday = [
            each
            for each in await workspace.bot.audit.at(workspace.world.person(email).id)
            if each.day == MONDAY.date()
        ]
        assert len(on_monday) == (name in praised), name
    await workspace.press("ana", post, "See details")
    for email in people.values():
        assert ("Ana Costa", "team") in await noted(workspace, email)


async def test_what_is_shared_is_a_look_and_what_is_posted_if_it_names_somebody(
    workspace: Workspace,
) -> None:
    answer = await workspace.ask("ana", "sessions @jane @bob @priya last 7d", "west-coast")
    workspace.clock.tick(1)
    confirm = await workspace.press("ana", answer, "Share in channel")
    await workspace.press("ana", confirm, "Post it")
    await workspace.until(lambda: is_told(workspace, "ana", "west-coast"))
    await workspace.ask(
        "ana", "digest sessions group:west last week every monday 8:30", "west-coast"
    )
    before = len(workspace.seen("priya", "west-coast"))
    await due(workspace, MONDAY)
    assert len(workspace.seen("priya", "west-coast")) == before + 1
    assert await looks(workspace, "@jane") == [
        ["Ana Costa", "sessions"],
    ]
