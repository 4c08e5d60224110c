"""Who looks after the bot, and which Slack accounts those are."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bot.errors import RateLimited, SlackError, Unreached, Unsure
from bot.people.accounts import People
from bot.storage.database import Database
from tests.conftest import START


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


class Directory:
    """Knows Exec's admins."""

    def __init__(self, *admins: str) -> None:
        self._admins = admins

    async def admins(self) -> tuple[str, ...]:
        return self._admins


async def accounts(named: tuple[str, ...], slack: Slack) -> tuple[str, ...]:
    exec_admins = Directory("ada@acme.test", "bob@acme.test")
    people = People(Database("sqlite:///nobody.db"), exec_admins, None, slack, lambda: START, named)
    return await people.admin_accounts()


async def test_they_are_whom_the_operator_named_and_who_is_an_admin_in_exec() -> None:
    for named in (("eve@acme.test", "bob@acme.test"), ()):
        slack = Slack()
        await accounts(named, slack)
        assert slack.asked == list(dict.fromkeys((*named, "ada@acme.test", "bob@acme.test")))


async def test_who_has_no_account_is_left_out() -> None:
    slack = Slack({"ada@acme.test": SlackError("invalid_email"), "bob@acme.test": "U2"})
    named = ("ada@acme.test", "bob@acme.test", "gone@acme.test", "bob@acme.test")
    assert await accounts(named, slack) == ("U2",)
    assert slack.asked == ["ada@acme.test", "bob@acme.test", "gone@acme.test"]


@pytest.mark.parametrize("error", [RateLimited(3), Unreached("x"), Unsure("x")], ids=repr)
async def test_what_slack_may_tell_another_time_is_not_left_out(error: SlackError) -> None:
    slack = Slack({"ada@acme.test": "U1", "bob@acme.test": error})
    with pytest.raises(type(error)):
        await accounts((), slack)
