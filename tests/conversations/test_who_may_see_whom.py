"""Who may see whose practice, at every door: what each hears, and that Exec is not asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from bot.demo.slack_workspace import SlackUser
from tests.workspace import MakeOffice, Workspace, table, whose

pytestmark = pytest.mark.acquainted


@asynccontextmanager
async def filled(opened: AbstractAsyncContextManager[Workspace]) -> AsyncIterator[Workspace]:
    """A workspace with everybody in it."""
    async with opened as workspace:
        team = workspace.slack.team
        here = team.channel_called("sales-practice").members
        for user in (
            SlackUser("U8001", "root", "Root Admin", "root@acme.com"),
            SlackUser("U8002", "nora.new", "Nora New", "nora.new@acme.com"),
        ):
            here.append(team.add_user(user).id)
        yield workspace


async def west_is_known(workspace: Workspace) -> None:
    await workspace.ask("ana", "sessions top 1 last 7d")
    await workspace.ask("ana", 'sessions group:"West Coast" top 1 last 7d')


ROOT = {"EXECBOT_ADMINS": "root@acme.com"}


@pytest.fixture
async def full_workspace(open_workspace: MakeOffice) -> AsyncIterator[Workspace]:
    async with filled(open_workspace(**ROOT)) as workspace:
        yield workspace


async def test_an_admin_without_an_exec_account_has_no_sessions_of_their_own(
    full_workspace: Workspace,
) -> None:
    refusal = await full_workspace.ask("root", "sessions me")
    assert refusal.text.startswith("You are not in Exec yourself")
    assert table(await full_workspace.ask("root", "sessions last 7d"))


@pytest.mark.begins(after=west_is_known)
@pytest.mark.new_here
async def test_who_asks_about_a_group_is_in_it_as_soon_as_its_people_are_known(
    full_workspace: Workspace,
) -> None:
    """Nobody asked about it for long. Until then, and to others, it is as good as not there."""
    asked = 'sessions group:"Customer Success" last 30d'
    unknown = "I can't find a group called Customer Success among those you can see."
    for who in ("priya", "jane"):
        assert (await full_workspace.ask(who, asked)).text.startswith(unknown)
    assert full_workspace.paths() == []
    await full_workspace.bot.lists.sync()
    assert (await full_workspace.ask("jane", asked)).text.startswith(unknown)
    own = await full_workspace.ask("priya", asked)
    assert whose(own) == {"Priya Nair"}


async def test_a_coach_who_sees_a_group_is_told_nothing_of_their_own(
    full_workspace: Workspace,
) -> None:
    await full_workspace.ask("ana", 'coach add @bob "West Coast"')
    west = await full_workspace.ask("bob", 'sessions group:"West Coast" last 7d')
    assert "our own practice" not in west.text
    await full_workspace.ask("ana", 'sessions group:"East Coast" last 7d')
    east = await full_workspace.ask("bob", 'sessions group:"East Coast" last 7d')
    assert whose(east) == {"Bob Jones"}


async def test_a_user_group_is_refused_unless_all_of_its_people_are_the_coachs(
    workspace: Workspace,
) -> None:
    """Jane, Bob and Priya are the closers."""
    await workspace.ask("ana", "coach add @kofi.mensah @jane @priya")
    refused = await workspace.ask("kofi.mensah", "sessions @closers last 30d")
    assert refused.text.startswith("I can't find @closers among the people you can see.")
    assert table(refused) == []
    left_out = await workspace.ask("kofi.mensah", "sessions -@closers last 30d")
    assert left_out.text.startswith("I can't find @closers")
    await workspace.ask("ana", "coach add @kofi.mensah @bob")
    answer = await workspace.ask("kofi.mensah", "sessions @closers last 30d")
    assert whose(answer) == {"Jane Smith", "Bob Jones", "Priya Nair"}
    workspace.slack.team.usergroups["S3001"].users.append(workspace.user("gina.guest"))
    refused = await workspace.ask("kofi.mensah", "sessions @closers last 30d")
    assert refused.text.startswith("I can't find @closers")
