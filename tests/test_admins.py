"""Who looks after the bot, and which Slack accounts those are."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bot.errors import RateLimited, SlackError, Unreached, Unsure
from bot.people.admins import Admins


@dataclass
class Slack:
    """Accounts by e-mail; an error is raised instead."""

    accounts: dict[str, str | SlackError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def user_by_email(self, email: str) -> str | None:
        self.asked.append(email)
        found = self.accounts.get(email)
        if isinstance(found, SlackError):
            raise found
        return found


async def of_exec() -> tuple[str, ...]:
    return ("ada@acme.test", "bob@acme.test")


async def test_they_are_whom_the_operator_named_and_who_is_an_admin_in_exec() -> None:
    for named in (("eve@acme.test", "bob@acme.test"), ()):
        slack = Slack()
        await Admins(named, of_exec, slack).accounts()
        assert slack.asked == list(dict.fromkeys((*named, "ada@acme.test", "bob@acme.test")))


async def test_who_has_no_account_is_left_out() -> None:
    slack = Slack({"ada@acme.test": SlackError("invalid_email"), "bob@acme.test": "U2"})
    named = ("ada@acme.test", "bob@acme.test", "gone@acme.test", "bob@acme.test")
    assert await Admins(named, of_exec, slack).accounts() == ("U2",)
    assert slack.asked == ["ada@acme.test", "bob@acme.test", "gone@acme.test"]


@pytest.mark.parametrize("error", [RateLimited(3), Unreached("x"), Unsure("x")], ids=repr)
async def test_what_slack_may_tell_another_time_is_not_left_out(error: SlackError) -> None:
    slack = Slack({"ada@acme.test": "U1", "bob@acme.test": error})
    with pytest.raises(type(error)):
        await Admins((), of_exec, slack).accounts()
