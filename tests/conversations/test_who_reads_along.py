"""Nothing is posted where guests read along: who is one is told by Slack's list of the day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.demo.slack_workspace import SlackUser
from tests.conversations.test_digests import (
    MONDAY_9,
    deliver,
    digest_of_west,
    kept,
    posts,
    told,
)
from tests.workspace import Workspace

pytestmark = pytest.mark.acquainted


async def read_list(workspace: Workspace) -> None:
    await workspace.bot.guests.list_accounts(workspace.slack.team.id)


def join(workspace: Workspace, count: int, **kind: bool) -> list[str]:
    """Let so many people of Slack, whom nobody looked at, join the channel of the digest."""
    users = [SlackUser(f"U8{n:04}", f"new{n}", f"New {n}", None, **kind) for n in range(count)]
    ids = [workspace.slack.team.add_user(user).id for user in users]
    workspace.slack.team.channel_called("west-coast").members += ids
    return ids


@pytest.mark.begins(after=digest_of_west)
@pytest.mark.parametrize("became", ["is_restricted", "is_ultra_restricted", "is_stranger"])
async def test_who_was_made_a_guest_before_the_list_was_read_reads_none(
    workspace: Workspace, became: str
) -> None:
    setattr(workspace.slack.team.user_called("jane@acme.com"), became, True)
    workspace.clock.now = MONDAY_9 - timedelta(hours=2)
    await read_list(workspace)
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    assert posts(workspace) == []
    (notice,) = told(workspace, "ana")
    assert "#west-coast" in notice.text
    assert [one.reason for one in await kept(workspace)] == ["readers"]


@pytest.mark.begins(after=digest_of_west)
async def test_a_guest_who_came_after_it_is_seen_too(workspace: Workspace) -> None:
    workspace.clock.now = MONDAY_9 - timedelta(hours=2)
    await read_list(workspace)
    join(workspace, 1, is_restricted=True)
    await deliver(workspace, MONDAY_9 + timedelta(seconds=1))
    assert posts(workspace) == []
    assert [one.reason for one in await kept(workspace)] == ["readers"]


@pytest.mark.begins(after=digest_of_west)
async def test_while_slack_tells_nothing_nothing_is_posted_and_the_owner_is_told(
    workspace: Workspace,
) -> None:
    """The list is older than a day, and nobody can be looked up."""
    workspace.clock.now = MONDAY_9 - timedelta(hours=30)
    await read_list(workspace)
    now = MONDAY_9 + timedelta(seconds=1)
    workspace.slack.fault("users.info", "internal_error", times=10_000)
    while not told(workspace, "ana"):
        await deliver(workspace, now)
        now += timedelta(minutes=30)
        assert now < MONDAY_9 + timedelta(days=2)
    assert posts(workspace) == []
    assert "Slack" in told(workspace, "ana")[0].text
