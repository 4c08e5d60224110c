"""Who somebody is, by their e-mail address: only by one that is surely theirs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.sandbox.slack_workspace import SlackUser
from tests.workspace import MakeOffice, Workspace, table, whose

pytestmark = pytest.mark.acquainted

KELVIN = "\u212a"  # its lower case is a plain k
REFUSED = "Your Slack account shows me no confirmed e-mail address"


def joins(workspace: Workspace, user: SlackUser) -> None:
    workspace.slack.team.channel_called("sales-practice").members.append(
        workspace.slack.team.add_user(user).id
    )


@pytest.mark.parametrize(
    ("email", "confirmed"),
    [
        pytest.param("ana@acme.com", False, id="an admin's, not confirmed"),
        pytest.param(f"{KELVIN}ofi.mensah@acme.com", None, id="a rep's, with another character"),
        pytest.param(f"{KELVIN}im@acme.com", True, id="that of whom the operator named, likewise"),
    ],
)
async def test_an_address_that_may_be_anybodys_lets_nobody_in(
    open_workspace: MakeOffice, email: str, confirmed: bool | None
) -> None:
    async with open_workspace(EXECBOT_ADMINS="kim@acme.com") as workspace:
        joins(
            workspace,
            SlackUser("U7001", "mallory", "Mallory", email, is_email_confirmed=confirmed),
        )
        for said in ("sessions me", "sessions last 7d", "coach list"):
            ack = await workspace.act(workspace.command_of("mallory", said))
            assert (await workspace.heard("mallory", after=ack)).text.startswith(REFUSED), said
        joins(workspace, SlackUser("U7002", "kim", "Kim", "Kim@acme.com", is_email_confirmed=True))
        assert table(await workspace.ask("kim", "sessions last 7d"))[1:]


async def test_an_address_of_somebody_who_left_is_nobodys_until_an_admin_links_it(
    workspace: Workspace,
) -> None:
    """Whoever has it now: the bot can't tell whether that is the same person."""
    bob, refused = workspace.world.person("bob@acme.com"), "I can't find you in Exec"
    workspace.world.remove_member(bob)
    workspace.clock.tick(7 * 3600)
    await workspace.ask("ana", "sessions top 1")
    workspace.slack.team.users[workspace.user("bob")].email = None
    joins(workspace, SlackUser("U7004", "bobby", "Bobby New", "bob@acme.com"))
    for said in ("sessions last 30d", "me", "leaderboard"):
        assert (await workspace.ask("bobby", said)).text.startswith(refused), said
    about = await workspace.ask("ana", "sessions @bobby last 30d")
    assert about.text.startswith("Exec has nobody with the e-mail address of Bobby New")
    linked = await workspace.ask("ana", "link @bobby bob@acme.com")
    assert linked.text.startswith("Done: Bobby New in Slack is now Bob Jones")
    assert whose(await workspace.ask("bobby", "sessions last 30d")) == {"Bob Jones"}

    # Who is in Exec with it is identified, and inherits nothing.
    priya = workspace.world.person("priya@acme.com")
    workspace.world.remove_member(priya)
    new = replace(priya, id="new", last_name="Novak", created_at=workspace.clock())
    workspace.world.people["new"] = workspace.world.members["new"] = new
    workspace.clock.tick(7 * 3600)
    for said in ("sessions last 60d", "sessions skill:negotiation last 60d", "trend last 60d"):
        heard = await workspace.ask("priya", said)
        assert heard.text.startswith("No sessions"), heard.text
