"""Who may see whose practice, at every door: what each hears, and that Exec is not asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
import pytest_asyncio

from bot.sandbox.slack_workspace import Message, SlackUser
from tests.conftest import FakeClock, MakeUrl
from tests.conversations.conftest import well_behaved
from tests.conversations.truth import STAFF_OUT, assert_tells, truth
from tests.workspace import NOW, MakeOffice, Workspace, footer, labels, table, whose

pytestmark = pytest.mark.acquainted

Door = Callable[[Workspace, str], Awaitable[Message]]

LAST_30D_OF_JANE = {
    "user_emails": "jane@acme.com",
    "start_date": "2026-02-18T09:00:00Z",
    **STAFF_OUT,
}


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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened_with_everybody(acquainted_urls: MakeUrl) -> AsyncIterator[Workspace]:
    opened = well_behaved(FakeClock(NOW), DATABASE_URL=acquainted_urls(), **ROOT)
    async with filled(opened) as workspace:
        await workspace.ask(
            "nora.new", "sessions"
        )  # from now on it is known that Exec knows her not
        yield workspace


@pytest.fixture
def shared_full_workspace(opened_with_everybody: Workspace) -> Workspace:
    """For rows of tables; time stands still, as whoever is unknown is looked for every minute."""
    opened_with_everybody.forget()
    return opened_with_everybody


async def by_command(workspace: Workspace, who: str) -> Message:
    ack = await workspace.act(
        workspace.command_of(who, f"sessions <@{workspace.user('bob')}> last 30d")
    )
    return await workspace.heard(who, after=ack)


async def by_everyone(workspace: Workspace, who: str) -> Message:
    ack = await workspace.act(workspace.command_of(who, 'sessions group:"West Coast" bob@acme.com'))
    return await workspace.heard(who, after=ack)


COMMANDS = [
    pytest.param(by_command, id="command"),
    pytest.param(by_everyone, id="e-mail"),
]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("door", COMMANDS)
async def test_a_rep_is_refused_others_by_name(
    shared_full_workspace: Workspace, door: Door
) -> None:
    refusal = await door(shared_full_workspace, "jane")
    assert refusal.text.startswith("I can't show you ")
    assert "Bob Jones" in refusal.text or "bob@acme.com" in refusal.text
    assert shared_full_workspace.paths() == []


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("door", COMMANDS)
async def test_a_named_admin_sees_everybody(shared_full_workspace: Workspace, door: Door) -> None:
    answer = await door(shared_full_workspace, "root")
    assert "Bob Jones" in answer.text or "bob@acme.com" in answer.text
    assert "You see your own practice" not in answer.text


ONESELF = ["", "me", "my", "@jane", "jane@acme.com", '"Jane Smith"', '"jane smith"', '"Jane"']


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("said", [*ONESELF, "id:{id}", "@JANE", "me @jane"])
async def test_a_rep_sees_own_practice_however_named(
    shared_full_workspace: Workspace, said: str
) -> None:
    workspace = shared_full_workspace
    person = workspace.world.person("jane@acme.com")
    answer = await workspace.ask("jane", f"sessions {said.format(id=person.id)} last 30d")
    assert whose(answer) == {"Jane Smith"}
    assert_tells(workspace, answer, truth(workspace, LAST_30D_OF_JANE))
    assert "You see your own practice." in footer(answer)


async def test_an_admin_without_an_exec_account_has_no_sessions_of_their_own(
    full_workspace: Workspace,
) -> None:
    refusal = await full_workspace.ask("root", "sessions me")
    assert refusal.text.startswith("You are not in Exec yourself")
    assert table(await full_workspace.ask("root", "sessions last 7d"))


LATER = [
    pytest.param("Refresh", id="Refresh"),
    pytest.param("Next", id="Next"),
    pytest.param("Share in channel", id="Share"),
    pytest.param("Read further back", id="Read further back"),
]


@pytest.mark.begins(after=west_is_known)
@pytest.mark.parametrize("label", LATER)
@pytest.mark.new_here
async def test_rights_taken_away_are_gone_when_a_button_is_pressed(
    full_workspace: Workspace, label: str
) -> None:
    """Nora sees everybody by her link to an admin, until that is undone."""
    await full_workspace.ask("ana", "link @nora.new miguel.ruiz@acme.com")
    asked = "sessions" if label == "Read further back" else "sessions last 20d"
    answer = await full_workspace.ask("nora.new", asked)
    await full_workspace.ask("ana", "link @nora.new jane@acme.com")
    full_workspace.forget()
    told = await full_workspace.press("nora.new", answer, label)
    if label in ("Refresh", "Read further back"):  # asked again, about oneself
        assert whose(told) == {"Jane Smith"}
        start = {} if label == "Read further back" else {"start_date": "2026-02-28T09:00:00Z"}
        asked_now = {"user_emails": "jane@acme.com", **start, **STAFF_OUT}
        assert_tells(full_workspace, told, truth(full_workspace, asked_now))
    else:
        assert told.text.startswith("I can't show you")
        assert full_workspace.paths() == []


@pytest.mark.begins(after=west_is_known)
@pytest.mark.new_here
async def test_who_asks_about_a_group_is_in_it_as_soon_as_its_people_are_known(
    full_workspace: Workspace,
) -> None:
    """Nobody asked about it for long. Until then, and to others, it is as good as not there."""
    asked = 'sessions group:"Customer Success" last 30d'
    unknown = "I don't know a group of yours called Customer Success."
    for who in ("priya", "jane"):
        assert (await full_workspace.ask(who, asked)).text.startswith(unknown)
    assert full_workspace.paths() == []
    await full_workspace.bot.core.sync.run()
    assert (await full_workspace.ask("jane", asked)).text.startswith(unknown)
    own = await full_workspace.ask("priya", asked)
    assert whose(own) == {"Priya Nair"}


@pytest.mark.parametrize("coached", ['"West Coast"', "@jane @priya"])
async def test_a_coach_who_names_nobody_means_their_people(
    full_workspace: Workspace, coached: str
) -> None:
    await full_workspace.ask("ana", f"coach add @bob {coached}")
    for report in ("sessions", "trend", "scenarios", "progress", "leaderboard", "assignments"):
        theirs = await full_workspace.ask("bob", report)
        people = await full_workspace.ask("bob", f"{report} my people")
        assert theirs.text.partition("\n")[0] == people.text.partition("\n")[0]
        full_workspace.clock.tick(61)
    theirs = await full_workspace.ask("bob", "sessions last 7d")
    assert "Bob Jones" not in whose(theirs)
    assert "our own practice" not in theirs.text
    own = await full_workspace.press("bob", theirs, "Mine only")
    assert whose(own) == {"Bob Jones"}
    for said in ("sessions me last 7d", "sessions @jane last 7d", "team"):
        assert "Mine only" not in labels(await full_workspace.ask("bob", said))


async def test_a_coach_who_sees_a_group_is_told_nothing_of_their_own(
    full_workspace: Workspace,
) -> None:
    await full_workspace.ask("ana", 'coach add @bob "West Coast"')
    west = await full_workspace.ask("bob", 'sessions group:"West Coast" last 7d')
    assert "our own practice" not in west.text
    await full_workspace.ask("ana", 'sessions group:"East Coast" last 7d')
    east = await full_workspace.ask("bob", 'sessions group:"East Coast" last 7d')
    assert "You see your own practice." in east.text


async def test_namesakes_are_told_apart_to_those_who_see_both(full_workspace: Workspace) -> None:
    await full_workspace.ask("ana", "coach add @bob @alex.kim")
    for who, said, shown in (
        ("ana", "alex.kim@acme.com", "Alex Kim (alex.kim@acme.com)"),
        ("ana", "alex.kim@acme.com @jane", "Alex Kim (alex.kim@acme.com) and Jane Smith"),
        ("ana", "@jane", "Jane Smith"),
        ("bob", '"Alex Kim"', "Alex Kim"),
        ("alex.kim2", "me", "Alex Kim"),
    ):
        answer = await full_workspace.ask(who, f"sessions {said} last 30d")
        assert f": {shown}," in answer.text, who
