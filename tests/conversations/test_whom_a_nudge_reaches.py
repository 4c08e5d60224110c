"""Whom the bot writes to for somebody: the account that is theirs, if it may hear of practice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conversations.test_coaches import last_to_bob, monday_came, one_of
from tests.workspace import Workspace

pytestmark = pytest.mark.acquainted


async def one_is_chosen(workspace: Workspace) -> None:
    """Bob chose Jane out of the menu of his message."""
    await monday_came(workspace)
    await one_of(workspace, last_to_bob(workspace), "Jane Smith")


def told(workspace: Workspace, who: str) -> list[str]:
    return [message.text for message in workspace.seen(who, workspace.dm(who))]


@pytest.mark.begins(after=one_is_chosen)
async def test_who_was_linked_to_somebody_else_gets_no_nudge_for_them(workspace: Workspace) -> None:
    jane = last_to_bob(workspace)
    await workspace.ask("ana", "link @jane raj.patel@acme.com")
    refused = await workspace.press("bob", jane, "Nudge Jane")
    assert refused.text == "I found no Slack account of Jane Smith."
    assert told(workspace, "jane") == []


NO_NUDGE = (
    "I can't write to Jane Smith for you: that takes a full Slack account that is switched on."
)


def make_guest(workspace: Workspace) -> None:
    workspace.slack.team.users[workspace.user("jane")].is_restricted = True


def switch_off(workspace: Workspace) -> None:
    """Slack finds no account that is off by its e-mail address: only a link leads there."""
    workspace.slack.team.users[workspace.user("jane")].deleted = True


@pytest.mark.begins(after=one_is_chosen)
@pytest.mark.parametrize("change", [make_guest, switch_off])
async def test_who_may_not_hear_of_practice_gets_no_nudge(
    workspace: Workspace, change: Callable[[Workspace], None]
) -> None:
    """The coach hears it before they are shown one, and after, if it came about meanwhile."""
    await workspace.ask("ana", "link @jane jane@acme.com")
    jane = last_to_bob(workspace)
    preview = await workspace.press("bob", jane, "Nudge Jane")
    change(workspace)
    workspace.clock.tick(3601)
    assert (await workspace.press("bob", preview, "Send")).text == NO_NUDGE
    assert (await workspace.press("bob", jane, "Nudge Jane")).text == NO_NUDGE
    assert told(workspace, "jane") == []


@pytest.mark.begins(after=one_is_chosen)
async def test_somebody_of_another_company_who_was_linked_gets_no_nudge(
    workspace: Workspace,
) -> None:
    """A link may lead there that was made by another way than the command."""
    jane = last_to_bob(workspace)
    core, team = workspace.bot, workspace.slack.team.id
    member = await core.directory.member(email="jane@acme.com")
    assert member is not None
    await core.people.link(team, workspace.user("gus.globex"), member)
    assert (await workspace.press("bob", jane, "Nudge Jane")).text == NO_NUDGE
    assert told(workspace, "gus.globex") == []


async def test_a_guest_is_linked_so_that_admins_can_ask_about_them(workspace: Workspace) -> None:
    done = await workspace.ask("ana", "link @gina.guest bob@acme.com")
    assert done.text.startswith("Done: Gina Guest in Slack is now Bob Jones (bob@acme.com)")
    refused = await workspace.ask("gina.guest", "sessions")
    assert refused.text.startswith("Guests can't see practice results.")
