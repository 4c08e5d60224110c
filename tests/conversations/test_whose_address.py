"""Who somebody is, by their e-mail address: only by one that is surely theirs."""

from __future__ import annotations

import pytest

from bot.sandbox.slack_team import SlackUser
from tests.office import MakeOffice, Office, table

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
