"""Who somebody is, by their e-mail address: only by one that is surely theirs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.sandbox.slack_team import SlackUser
from tests.office import MakeOffice, Office, table, whose

pytestmark = pytest.mark.acquainted

KELVIN = "\u212a"  # its lower case is a plain k
REFUSED = "Your Slack account shows me no confirmed e-mail address"


def joins(office: Office, user: SlackUser) -> None:
    office.slack.team.channel_called("sales-practice").members.append(
        office.slack.team.add_user(user).id
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
    open_office: MakeOffice, email: str, confirmed: bool | None
) -> None:
    async with open_office(EXECBOT_ADMINS="kim@acme.com") as office:
        joins(
            office,
            SlackUser("U7001", "mallory", "Mallory", email, is_email_confirmed=confirmed),
        )
        for said in ("sessions me", "sessions last 7d", "coach list"):
            ack = await office.act(office.command_of("mallory", said))
            assert (await office.heard("mallory", after=ack)).text.startswith(REFUSED), said
        joins(office, SlackUser("U7002", "kim", "Kim", "Kim@acme.com", is_email_confirmed=True))
        assert table(await office.ask("kim", "sessions last 7d"))[1:]


async def test_nor_is_somebody_in_exec_known_by_such_an_address(office: Office) -> None:
    office.world.add_member("Mallory", "Mint", f"mi{KELVIN}e@acme.com")
    joins(office, SlackUser("U7003", "mike", "Mike", "mike@acme.com"))
    heard = await office.ask("mike", "sessions me")
    assert heard.text.startswith("I can't find you in Exec")
    told = await office.ask("ana", '"Mallory Mint" last 7d')
    assert "Mallory Mint" in told.text


async def test_an_address_of_somebody_who_left_is_nobodys_until_an_admin_links_it(
    office: Office,
) -> None:
    """Whoever has it now: the bot can't tell whether that is the same person."""
    bob, refused = office.world.person("bob@acme.com"), "I can't find you in Exec"
    office.world.remove_member(bob)
    office.clock.tick(7 * 3600)
    await office.ask("ana", "sessions top 1")
    office.slack.team.users[office.user("bob")].email = None
    joins(office, SlackUser("U7004", "bobby", "Bobby New", "bob@acme.com"))
    for said in ("sessions last 30d", "me", "leaderboard"):
        assert (await office.ask("bobby", said)).text.startswith(refused), said
    about = await office.ask("ana", "sessions @bobby last 30d")
    assert about.text.startswith("Exec has nobody with the e-mail address of Bobby New")
    linked = await office.ask("ana", "link @bobby bob@acme.com")
    assert linked.text.startswith("Done: Bobby New in Slack is now Bob Jones")
    assert whose(await office.ask("bobby", "sessions last 30d")) == {"Bob Jones"}

    # Who is in Exec with it is identified, and inherits nothing.
    priya = office.world.person("priya@acme.com")
    office.world.remove_member(priya)
    new = replace(priya, id="new", last_name="Novak", created_at=office.clock())
    office.world.people["new"] = office.world.members["new"] = new
    office.clock.tick(7 * 3600)
    for said in ("sessions last 60d", "sessions skill:negotiation last 60d", "trend last 60d"):
        heard = await office.ask("priya", said)
        assert heard.text.startswith("No sessions"), heard.text
