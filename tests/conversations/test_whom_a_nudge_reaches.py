"""Who gets a nudge: the person's own, full Slack account, if they haven't muted nudges."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.demo.slack_workspace import Message
from tests.conversations.test_coaches import (
    last_to_bob,
    monday_came,
    nudge_form,
    one_of,
    send,
    text_of,
)
from tests.workspace import Workspace

pytestmark = pytest.mark.acquainted


async def one_is_chosen(workspace: Workspace) -> None:
    """Bob chose Jane out of the menu of his message."""
    await monday_came(workspace)
    await one_of(workspace, last_to_bob(workspace), "Jane Smith")


def told(workspace: Workspace, who: str) -> list[str]:
    return [message.text for message in workspace.seen(who, workspace.dm(who))]


async def refused(workspace: Workspace, message: Message) -> str:
    """What the form says of a nudge that can't be sent, in place of its field."""
    form = await nudge_form(workspace, message, "Nudge Jane")
    assert "input" not in {block["type"] for block in form.blocks}
    workspace.slack.close(workspace.user("bob"), form.id)
    return text_of(form)


@pytest.mark.begins(after=one_is_chosen)
async def test_a_person_whose_account_is_linked_to_another_gets_no_nudge(
    workspace: Workspace,
) -> None:
    jane = last_to_bob(workspace)
    await workspace.ask("ana", "link @jane raj.patel@acme.com")
    assert await refused(workspace, jane) == (
        "I can't find a Slack account for Jane Smith. An admin can link one: /exec link"
    )
    assert told(workspace, "jane") == []


NO_NUDGE = "I can't message Jane Smith for you: they need a full, active Slack account."


async def make_guest(workspace: Workspace) -> str:
    workspace.slack.team.users[workspace.user("jane")].is_restricted = True
    return NO_NUDGE


async def switch_off(workspace: Workspace) -> str:
    """Slack finds no account that is off by its e-mail address: only a link leads there."""
    workspace.slack.team.users[workspace.user("jane")].deleted = True
    return NO_NUDGE


async def mute(workspace: Workspace) -> str:
    await workspace.ask("jane", "me muted")
    return "Jane Smith has muted nudges. Send them a message yourself instead."


@pytest.mark.begins(after=one_is_chosen)
@pytest.mark.parametrize("change", [make_guest, switch_off, mute])
async def test_a_person_who_must_not_be_messaged_gets_no_nudge(
    workspace: Workspace, change: Callable[[Workspace], Awaitable[str]]
) -> None:
    """The coach reads it in place of the form, and also if it changed while the form was open."""
    await workspace.ask("ana", "link @jane jane@acme.com")
    jane = last_to_bob(workspace)
    form, before = await nudge_form(workspace, jane, "Nudge Jane"), told(workspace, "jane")
    why = await change(workspace)
    workspace.clock.tick(3601)
    assert (await send(workspace, form)).text == why
    assert await refused(workspace, jane) == why
    assert told(workspace, "jane") == before


@pytest.mark.begins(after=one_is_chosen)
async def test_an_account_of_another_company_that_was_linked_gets_no_nudge(
    workspace: Workspace,
) -> None:
    """The link may have been made some other way than by the command."""
    jane = last_to_bob(workspace)
    app, team = workspace.bot, workspace.slack.team.id
    member = await app.directory.member(email="jane@acme.com")
    assert member is not None
    await app.people.link(team, workspace.user("gus.globex"), member)
    assert await refused(workspace, jane) == NO_NUDGE
    assert told(workspace, "gus.globex") == []


async def test_a_guest_is_linked_so_that_admins_can_ask_about_them(workspace: Workspace) -> None:
    done = await workspace.ask("ana", "link @gina.guest bob@acme.com")
    assert done.text.startswith("Done: Gina Guest in Slack is now Bob Jones (bob@acme.com)")
    answer = await workspace.ask("gina.guest", "sessions")
    assert answer.text.startswith("Guests can't see practice results.")
