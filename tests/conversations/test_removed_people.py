"""People who were removed from Exec: their sessions stay, their rights do not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.conftest import FakeClock, MakeUrl
from tests.conversations.conftest import well_behaved
from tests.conversations.truth import STAFF_OUT, assert_tells, truth
from tests.workspace import NOW, MakeOffice, Workspace, whose

pytestmark = pytest.mark.acquainted

LEFT = ("bob", "ana")  # a rep, and an admin
LAST_30D_OF_BOB = {
    "user_emails": "bob@acme.com",
    "start_date": "2026-02-18T16:00:00Z",
    **STAFF_OUT,
}


def leave(workspace: Workspace) -> None:
    for who in LEFT:
        workspace.world.remove_member(f"{who}@acme.com")


async def they_left(workspace: Workspace) -> None:
    """Since the bot first looked, and an admin linked them."""
    for who in LEFT:
        await workspace.ask("ana", f"link @{who} {who}@acme.com")
    await workspace.ask("ana", "sessions top 1")
    leave(workspace)
    workspace.clock.tick(7 * 3600)
    await workspace.bot.lists.sync()


ADMIN = {"EXECBOT_ADMINS": "priya@acme.com"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def later(acquainted_urls: MakeUrl) -> AsyncIterator[Workspace]:
    async with well_behaved(FakeClock(NOW), DATABASE_URL=acquainted_urls(), **ADMIN) as workspace:
        await they_left(workspace)
        yield workspace


async def test_what_somebody_who_left_would_be_needed_for_says_so(
    open_workspace: MakeOffice,
) -> None:
    """Priya is an admin by her account, though not in Exec; nor are Emma, whose account is off, and
    Bob."""
    async with open_workspace(EXECBOT_ADMINS="ana@acme.com,priya@acme.com") as workspace:
        for who in ("priya", "emma.johansson", "bob"):
            workspace.world.remove_member(f"{who}@acme.com")
        emma = workspace.user("emma.johansson")
        workspace.slack.team.users[emma].deleted = True
        workspace.slack.team.usergroups["S3001"].users[:] = [emma]
        workspace.clock.tick(7 * 3600)
        await workspace.bot.lists.sync()
        for who, said, told in (
            ("priya", "audit me", "You are not in Exec yourself, so there is no practice of yours"),
            (
                "priya",
                "what next",
                "You are not in Exec yourself, so there is no practice of yours",
            ),
            ("ana", "coach add bob@acme.com @jane", "Bob Jones can't coach"),
            ("ana", f"sessions <@{emma}>", "I can't find Emma Johansson in Exec."),
            ("ana", "sessions @closers", "I can't find @closers in Exec."),
        ):
            assert (await workspace.ask(who, said)).text.startswith(told), said
        home = await workspace.open_home("priya")
        assert "Assign coaches" in str(home.blocks)
        assert "Your practice" not in str(home.blocks)


@pytest.mark.begins(after=they_left)
@pytest.mark.new_here
@pytest.mark.parametrize("said", ["bob@acme.com", '"Bob Jones"', "@bob", "id:{id}"])
async def test_an_admin_finds_them(open_workspace: MakeOffice, said: str) -> None:
    async with open_workspace(**ADMIN) as workspace:
        leave(workspace)
        id_ = workspace.world.person("bob@acme.com").id
        answer = await workspace.ask("priya", f"sessions {said.format(id=id_)} last 30d")
        assert_tells(workspace, answer, truth(workspace, LAST_30D_OF_BOB))
        assert whose(answer) == {"Bob Jones"}
        # What is new, and then what the window doesn't cover.
        assert workspace.paths() == ["/sessions"] * 2


@pytest.mark.asyncio(loop_scope="module")
async def test_they_see_their_own_practice(later: Workspace) -> None:
    answer = await later.ask("bob", "sessions last 30d")
    assert_tells(later, answer, truth(later, LAST_30D_OF_BOB))
    assert whose(answer) == {"Bob Jones"}


@pytest.mark.asyncio(loop_scope="module")
async def test_an_admin_who_left_sees_nobody_else(later: Workspace) -> None:
    workspace = later
    workspace.forget()
    for said in ("@jane", "jane@acme.com", '"Jane Smith"'):
        refusal = await workspace.ask("ana", f"sessions {said} last 30d")
        assert refusal.text.startswith("You can see only your own practice")
        assert workspace.asked() == []
    answer = await workspace.ask("ana", "sessions last 30d")
    assert whose(answer) <= {"Ana Costa"}
    assert (await workspace.ask("ana", "link @jane bob@acme.com")).text.startswith("Only an admin")


@pytest.mark.asyncio(loop_scope="module")
async def test_a_rep_does_not_see_them(later: Workspace) -> None:
    later.forget()
    refusal = await later.ask("jane", "sessions bob@acme.com")
    assert refusal.text.startswith("You can see only your own practice")
    assert later.asked() == []
