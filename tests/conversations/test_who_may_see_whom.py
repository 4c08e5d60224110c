"""Who may see whose practice, at every door: what each hears, and that Exec is not asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
import pytest_asyncio

from bot.sandbox.slack_records import Message
from bot.sandbox.slack_team import SlackUser
from tests.conftest import FakeClock, MakeUrl
from tests.conversations.conftest import well_behaved
from tests.conversations.truth import STAFF_OUT, assert_tells, truth
from tests.office import NOW, MakeOffice, Office, footer, labels, table, whose

pytestmark = pytest.mark.acquainted

Door = Callable[[Office, str], Awaitable[Message]]

SEE_ALL = ["ana", "root"]
LAST_30D_OF_JANE = {
    "user_emails": "jane@acme.com",
    "start_date": "2026-02-18T09:00:00Z",
    **STAFF_OUT,
}
REFUSED = {
    "gina.guest": "Guests can't see practice results.",
    "gus.globex": "your account belongs to another workspace",
    "nora.new": "I can't find you in Exec",
    "robo": "Practice results are for people, not for apps.",
    "gone": "This Slack account is switched off",
    "silent": "Your Slack account shows me no confirmed e-mail address",
}


@asynccontextmanager
async def filled(opened: AbstractAsyncContextManager[Office]) -> AsyncIterator[Office]:
    """An office with everybody in it."""
    async with opened as office:
        team = office.slack.team
        here = team.channel_called("sales-practice").members
        for user in (
            SlackUser("U8001", "root", "Root Admin", "root@acme.com"),
            SlackUser("U8002", "nora.new", "Nora New", "nora.new@acme.com"),
            SlackUser("U8003", "robo", "Robo", "bob@acme.com", is_bot=True),
            SlackUser("U8004", "gone", "Greta Gone", "jane@acme.com", deleted=True),
            SlackUser("U8005", "silent", "Silent Sue", None),
        ):
            here.append(team.add_user(user).id)
        yield office


async def west_is_known(office: Office) -> None:
    await office.ask("ana", "sessions top 1 last 7d")
    await office.ask("ana", 'sessions group:"West Coast" top 1 last 7d')


ROOT = {"EXECBOT_ADMINS": "root@acme.com"}


@pytest.fixture
async def full_office(open_office: MakeOffice) -> AsyncIterator[Office]:
    async with filled(open_office(**ROOT)) as office:
        yield office


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened_with_everybody(acquainted_urls: MakeUrl) -> AsyncIterator[Office]:
    opened = well_behaved(FakeClock(NOW), DATABASE_URL=acquainted_urls(), **ROOT)
    async with filled(opened) as office:
        await office.ask("nora.new", "sessions")  # from now on it is known that Exec knows her not
        yield office


@pytest.fixture
def shared_full_office(opened_with_everybody: Office) -> Office:
    """For rows of tables; time stands still, as whoever is unknown is looked for every minute."""
    opened_with_everybody.forget()
    return opened_with_everybody


async def by_command(office: Office, who: str) -> Message:
    ack = await office.act(office.command_of(who, f"sessions <@{office.user('bob')}> last 30d"))
    return await office.heard(who, after=ack)


async def by_explain(office: Office, who: str) -> Message:
    ack = await office.act(office.command_of(who, f"explain <@{office.user('bob')}> last 30d"))
    return await office.heard(who, after=ack)


async def by_everyone(office: Office, who: str) -> Message:
    ack = await office.act(office.command_of(who, 'sessions group:"West Coast" bob@acme.com'))
    return await office.heard(who, after=ack)


COMMANDS = [
    pytest.param(by_command, id="command"),
    pytest.param(by_explain, id="explain"),
    pytest.param(by_everyone, id="e-mail"),
]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("door", COMMANDS)
async def test_a_rep_is_refused_others_by_name(shared_full_office: Office, door: Door) -> None:
    refusal = await door(shared_full_office, "jane")
    assert refusal.text.startswith("I can't show you ")
    assert "Bob Jones" in refusal.text or "bob@acme.com" in refusal.text
    assert shared_full_office.paths() == []


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("door", COMMANDS)
@pytest.mark.parametrize("who", SEE_ALL)
async def test_admins_see_everybody(shared_full_office: Office, who: str, door: Door) -> None:
    answer = await door(shared_full_office, who)
    assert "Bob Jones" in answer.text or "bob@acme.com" in answer.text
    assert "You see your own practice" not in answer.text


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("door", COMMANDS)
@pytest.mark.parametrize(("who", "heard"), REFUSED.items())
async def test_those_who_see_nothing_are_told_why(
    shared_full_office: Office, who: str, heard: str, door: Door
) -> None:
    refusal = await door(shared_full_office, who)
    assert heard in refusal.text
    assert refusal.text.count(".") <= 2
    assert refusal.visible_to == shared_full_office.user(who)
    assert shared_full_office.paths() == []


@pytest.mark.parametrize("who", ["jane", "gina.guest", "gus.globex", "nora.new"])
async def test_with_nothing_held_a_refusal_asks_for_the_members_at_most(
    office: Office, who: str
) -> None:
    office.slack.team.add_user(SlackUser("U8002", "nora.new", "Nora New", "nora.new@acme.com"))
    bob = office.user("bob")
    ack = await office.act(office.command_of(who, f"sessions group:West Coast <@{bob}>"))
    await office.heard(who, after=ack)
    assert set(office.paths()) <= {"/workspace/members"}


ONESELF = ["", "me", "my", "@jane", "jane@acme.com", '"Jane Smith"', '"jane smith"', '"Jane"']


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("said", [*ONESELF, "id:{id}", "@JANE", "me @jane"])
async def test_a_rep_sees_own_practice_however_named(shared_full_office: Office, said: str) -> None:
    office = shared_full_office
    person = office.world.person("jane@acme.com")
    answer = await office.ask("jane", f"sessions {said.format(id=person.id)} last 30d")
    assert whose(answer) == {"Jane Smith"}
    assert_tells(office, answer, truth(office, LAST_30D_OF_JANE))
    assert "You see your own practice." in footer(answer)


async def test_a_name_with_accents_is_ones_own_without_them(full_office: Office) -> None:
    answer = await full_office.ask("jose.munoz", 'sessions "jose munoz" last 30d')
    assert whose(answer) == {"José Muñoz"}


async def test_a_rep_who_names_a_group_sees_own_sessions_in_it(full_office: Office) -> None:
    answer = await full_office.ask("jane", "sessions group:west-coast last 30d")
    west = {"group_ids": full_office.world.group("West Coast").id}
    assert_tells(full_office, answer, truth(full_office, {**LAST_30D_OF_JANE, **west}))
    assert whose(answer) == {"Jane Smith"}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("said", ["@bob", "@jane @bob", "@closers", "bob@acme.com", '"Bob Jones"'])
async def test_a_rep_is_refused_others_however_named(shared_full_office: Office, said: str) -> None:
    refusal = await shared_full_office.ask("jane", f"sessions {said}")
    assert refusal.text.startswith("I can't show you ")
    assert shared_full_office.paths() == []


async def test_an_admin_without_an_exec_account_has_no_sessions_of_their_own(
    full_office: Office,
) -> None:
    refusal = await full_office.ask("root", "sessions me")
    assert refusal.text.startswith("You are not in Exec yourself")
    assert table(await full_office.ask("root", "sessions last 7d"))


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
    full_office: Office, label: str
) -> None:
    """Nora sees everybody by her link to an admin, until that is undone."""
    await full_office.ask("ana", "link @nora.new miguel.ruiz@acme.com")
    asked = "sessions" if label == "Read further back" else "sessions last 20d"
    answer = await full_office.ask("nora.new", asked)
    await full_office.ask("ana", "link @nora.new jane@acme.com")
    full_office.forget()
    told = await full_office.press("nora.new", answer, label)
    if label in ("Refresh", "Read further back"):  # asked again, about oneself
        assert whose(told) == {"Jane Smith"}
        start = {} if label == "Read further back" else {"start_date": "2026-02-28T09:00:00Z"}
        asked_now = {"user_emails": "jane@acme.com", **start, **STAFF_OUT}
        assert_tells(full_office, told, truth(full_office, asked_now))
    else:
        assert told.text.startswith("I can't show you")
        assert full_office.paths() == []


async def test_an_admin_no_more_sees_no_more(full_office: Office) -> None:
    answer = await full_office.ask("miguel.ruiz", "sessions last 30d")
    person = full_office.world.person("miguel.ruiz@acme.com")
    full_office.world.remove_member(person)
    full_office.world.add_member("Miguel", "Ángel Ruiz", person.email, role="member")
    full_office.clock.tick(7 * 3600)
    told = await full_office.press("miguel.ruiz", answer, "Next")
    assert told.text.startswith("I can't show you")


async def test_a_guest_since_then_sees_no_more(full_office: Office) -> None:
    answer = await full_office.ask("jane", "sessions")
    full_office.slack.team.user_called("jane@acme.com").is_restricted = True
    full_office.clock.tick(3601)
    full_office.forget()
    told = await full_office.press("jane", answer, "Refresh")
    assert told.text.startswith("Guests can't see practice results.")
    assert full_office.paths() == []


async def test_a_form_does_not_widen_what_one_sees(full_office: Office) -> None:
    answer = await full_office.ask("jane", "sessions last 30d")
    view = await full_office.open_form("jane", answer, "Edit filters")
    await full_office.bot.work.drain()  # the names for its menus are read meanwhile
    full_office.forget()
    ack = await full_office.slack.submit(
        full_office.user("jane"), view.id, {"people": [full_office.user("bob")]}
    )
    refusal = await full_office.heard("jane", after=ack)
    assert refusal.text.startswith("I can't show you Bob Jones")
    assert full_office.paths() == []


@pytest.mark.begins(after=west_is_known)
@pytest.mark.new_here
async def test_who_asks_about_a_group_is_in_it_as_soon_as_its_people_are_known(
    full_office: Office,
) -> None:
    """Nobody asked about it for long. Until then, and to others, it is as good as not there."""
    asked = 'sessions group:"Customer Success" last 30d'
    unknown = "I don't know a group of yours called Customer Success."
    for who in ("priya", "jane"):
        assert (await full_office.ask(who, asked)).text.startswith(unknown)
    assert full_office.paths() == []
    await full_office.bot.core.sync.run()
    assert (await full_office.ask("jane", asked)).text.startswith(unknown)
    own = await full_office.ask("priya", asked)
    assert whose(own) == {"Priya Nair"}


async def test_a_rep_in_the_group_sees_own_practice_only(full_office: Office) -> None:
    nothing = await full_office.ask("jane", 'sessions group:"West Coast" score>=100 last 24h')
    assert "No sessions" in nothing.text
    assert "No sessions match. Try:" in str(nothing.blocks)


@pytest.mark.parametrize("coached", ['"West Coast"', "@jane @priya"])
async def test_a_coach_who_names_nobody_means_their_people(
    full_office: Office, coached: str
) -> None:
    await full_office.ask("ana", f"coach add @bob {coached}")
    for report in ("sessions", "trend", "scenarios", "progress", "leaderboard", "assignments"):
        theirs = await full_office.ask("bob", report)
        people = await full_office.ask("bob", f"{report} my people")
        assert theirs.text.partition(". ")[0] == people.text.partition(". ")[0]
        full_office.clock.tick(61)
    theirs = await full_office.ask("bob", "sessions last 7d")
    assert "Bob Jones" not in whose(theirs)
    assert "our own practice" not in theirs.text
    own = await full_office.press("bob", theirs, "Mine only")
    assert whose(own) == {"Bob Jones"}
    for said in ("sessions me last 7d", "sessions @jane last 7d", "team"):
        assert "Mine only" not in labels(await full_office.ask("bob", said))


async def test_a_coach_who_sees_a_group_is_told_nothing_of_their_own(full_office: Office) -> None:
    await full_office.ask("ana", 'coach add @bob "West Coast"')
    west = await full_office.ask("bob", 'sessions group:"West Coast" last 7d')
    assert "our own practice" not in west.text
    await full_office.ask("ana", 'sessions group:"East Coast" last 7d')
    east = await full_office.ask("bob", 'sessions group:"East Coast" last 7d')
    assert "You see your own practice." in east.text


async def test_namesakes_are_told_apart_to_those_who_see_both(full_office: Office) -> None:
    await full_office.ask("ana", "coach add @bob @alex.kim")
    for who, said, shown in (
        ("ana", "alex.kim@acme.com", "Alex Kim (alex.kim@acme.com)"),
        ("ana", "alex.kim@acme.com @jane", "Alex Kim (alex.kim@acme.com) and Jane Smith"),
        ("ana", "@jane", "Jane Smith"),
        ("bob", '"Alex Kim"', "Alex Kim"),
        ("alex.kim2", "me", "Alex Kim"),
    ):
        answer = await full_office.ask(who, f"sessions {said} last 30d")
        assert f": {shown}," in answer.text, who
        explained = await full_office.ask(who, f"explain sessions {said} last 30d")
        assert f"Understood: {shown}," in explained.text, who
