"""Who looked at whose practice: noted at every door, and told to who was looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.people.audit import Door, Look
from bot.sandbox.demo import MANAGER
from bot.sandbox.slack_records import Message
from bot.sandbox.slack_team import SlackUser
from tests.cli import Cli
from tests.conversations.test_sharing import is_told
from tests.workspace import Workspace, button, labels, table, workspace_apart

pytestmark = pytest.mark.acquainted
GROUPS = ("New Hires", "West Coast")
MONDAY = datetime(2026, 3, 23, 7, 30, tzinfo=UTC)  # 8:30 in Berlin


async def looks(workspace: Workspace, who: str) -> list[list[str]]:
    """Who looked at somebody, at what and how, as an admin is told, without addresses."""
    rows = table(await workspace.ask("ana", f"audit {who}"))[1:]
    return [[row[1].partition(" (")[0], *row[2:]] for row in rows]


async def noted(workspace: Workspace, email: str) -> list[tuple[str, str, Door]]:
    """The same as it is kept, which costs no question for each of many."""
    found = await workspace.bot.core.audit.at(workspace.world.person(email).id)
    return [(each.name, each.report, each.door) for each in found]


async def due(workspace: Workspace, at: datetime) -> None:
    workspace.clock.now = at
    for _ in range(3):
        await workspace.bot.core.delivering.run_due()
        workspace.clock.tick(2)


async def chosen(workspace: Workspace, message: Message, action: str) -> Message:
    """What the first entry of a select menu leads to."""
    (select,) = [
        element
        for block in message.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == action
    ]
    value = select["options"][0]["value"]
    ack = await workspace.slack.click(workspace.user("bob"), message, action, value)
    return await workspace.heard("bob", message.channel, after=ack)


async def test_people_hear_who_looked_at_them(workspace: Workspace) -> None:
    assert (await workspace.ask("jane", "audit me")).text.startswith(
        "Nobody else has looked at your"
    )
    answer = await workspace.ask("ana", "sessions @jane last 7d")
    await workspace.ask("ana", "sessions @jane today")
    workspace.clock.tick(1)
    await workspace.press("ana", answer, "Refresh")
    for own in ("sessions", "sessions @jane last 7d", "me"):
        await workspace.ask("jane", own)
    told = await workspace.ask("jane", "audit")
    assert "1 person looked at your practice in the last 90 days" in told.text
    # Oneself learns the day, and each day once.
    assert table(told) == [["Day", "Who", "Report"], ["20 March", "Ana Costa", "sessions"]]
    workspace.clock.tick(timedelta(days=1).total_seconds())
    await workspace.ask("ana", "scenarios @jane")
    assert table(await workspace.ask("jane", "audit me"))[1] == [
        "21 March",
        "Ana Costa",
        "scenarios",
    ]
    assert await looks(workspace, "@jane") == [
        ["Ana Costa", "scenarios", "command"],
        ["Ana Costa", "sessions", "button"],
        ["Ana Costa", "sessions", "command"],
        ["Ana Costa", "sessions", "command"],
    ]


async def test_nobody_is_named_as_they_call_themselves_in_slack(workspace: Workspace) -> None:
    """Their name in Exec stands in the audit, before a nudge, under what was shared, among those
    who will read it, and beside a digest; an admin reads their address as well. Who is not in Exec
    goes by their address without its domain."""
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    workspace.slack.team.users[workspace.user("bob")].real_name = "Ana Costa"
    workspace.slack.team.users[workspace.user(MANAGER)].real_name = "Jane Smith"
    others = (
        SlackUser("U9001", "one", "Jane Smith", "not.in.exec@acme.com"),
        SlackUser("U9002", "two", "Jane Smith", None),
    )
    ids = [workspace.slack.team.add_user(each).id for each in others]
    workspace.slack.team.channel_called("west-coast").members += [workspace.user("bob"), *ids]
    workspace.clock.tick(3601)
    await workspace.ask("bob", "sessions @jane last 7d")
    answer = await workspace.ask("bob", 'trend group:"West Coast"', "west-coast")
    assert table(await workspace.ask("jane", "audit"))[1][1] == "Bob Jones"
    assert table(await workspace.ask("ana", "audit @jane"))[1][1] == "Bob Jones (bob@acme.com)"
    confirm = await workspace.press("bob", answer, "Share in channel")
    readers = confirm.text.partition("\n")[0]
    assert "Bob Jones" in readers
    assert "not.in.exec" in readers
    assert "somebody who is not in Exec" in readers
    await workspace.press("bob", confirm, "Post it")
    await workspace.until(lambda: is_told(workspace, "bob", "west-coast"))
    await workspace.ask("bob", 'digest "West Coast" every monday 8:30', "west-coast")
    assert "set up by Bob Jones" in (await workspace.ask("priya", "digest list", "west-coast")).text
    posted = workspace.seen("priya", "west-coast")[-1].text
    assert "Bob Jones" in posted
    assert "Ana Costa" not in posted
    await due(workspace, MONDAY)
    everyone = await workspace.press(
        "bob", workspace.seen("bob", workspace.dm("bob"))[-1], "See everyone"
    )
    preview = await workspace.press(
        "bob", await chosen(workspace, everyone, "coach.choose"), "Send a friendly nudge"
    )
    assert "Bob Jones asked me to pass this on" in preview.text


async def test_a_look_at_one_or_two_is_one_at_each(workspace: Workspace) -> None:
    """Though the answer names nobody: they are counted, and nobody else is."""
    start = datetime(2026, 3, 19, tzinfo=ZoneInfo("Europe/Berlin"))
    counted: dict[str, set[str]] = {}
    for each in workspace.world.sessions:
        if each.created_at >= start and not workspace.world.people[each.user_id].is_system:
            counted.setdefault(each.scenario_id, set()).add(each.user_id)
    few = next(id_ for id_, people in counted.items() if len(people) < 3)
    many = next(id_ for id_, people in counted.items() if len(people) > 2)
    for report in ("trend", "scenarios"):
        for id_ in (few, many):
            name = workspace.world.scenarios[id_].name
            await workspace.ask("ana", f'{report} scenario:"{name}" since 19 mar')
    ana = workspace.world.person("ana@acme.com").id
    for person in counted[few] | counted[many]:
        email = workspace.world.people[person].email
        expected = ["scenarios", "trend"] * (person in counted[few] - {ana})
        assert sorted(report for _, report, _ in await noted(workspace, email)) == expected, email


async def test_a_row_about_a_group_of_two_is_a_look_at_each(workspace: Workspace) -> None:
    new, west = (workspace.world.rosters[workspace.world.group(name).id] for name in GROUPS)
    while len(new) > 2:
        new.pop()
    workspace.world.version += 1
    workspace.clock.tick(120)
    read = await workspace.ask("ana", 'sessions group:"New Hires" last 7d')
    await workspace.press("ana", read, "Refresh")  # which reads who is in it
    answer = await workspace.ask("ana", "team last 7d")
    assert ["New Hires", "2"] in [row[:2] for row in table(answer)]
    told = {
        id_: [report for _, report, _ in await noted(workspace, workspace.world.people[id_].email)]
        for id_ in new | west
        if workspace.world.people[id_].name not in answer.text
    }
    assert {id_ for id_, reports in told.items() if "team" in reports} == new & told.keys()
    assert told.keys() - new
    assert new & told.keys()


async def test_who_may_ask_about_whom(workspace: Workspace) -> None:
    assert "Only an admin can do that" in (await workspace.ask("jane", "audit @priya")).text
    assert "Only an admin can do that" in (await workspace.ask("bob", "audit @jane")).text
    for text in ("audit @jane @priya", "audit @jane last 7d", 'audit group:"West Coast"'):
        assert "Name one person" in (await workspace.ask("ana", text)).text
    assert (
        "Nobody else has looked at the practice of Jane Smith"
        in (await workspace.ask("ana", "audit @jane")).text
    )
    assert "Guests can't see" in (await workspace.ask("gina.guest", "audit me")).text


async def test_a_wide_question_looks_at_those_whom_it_names(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 20d")
    first = {row[1] for row in table(answer)[1:]}
    assert "Jane Smith" in first
    await workspace.press("ana", answer, "Next")
    assert await looks(workspace, "@jane") == [["Ana Costa", "sessions", "command"]]
    # It counts her in, and names nobody.
    await workspace.ask("ana", "scenarios last 20d")
    await workspace.ask("ana", "sessions @priya last 7d")
    assert len(await looks(workspace, "@jane")) == 1


async def test_rows_that_are_read_on_for_are_looks_as_well(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions oldest")
    if "Read further back" in labels(answer):
        answer = await workspace.press("ana", answer, "Read further back")
    seen = {row[1] for row in table(answer)[1:]}
    for _ in range(6):
        answer = await workspace.press("ana", answer, "Next")
        seen |= {row[1] for row in table(answer)[1:]}
    for person in workspace.world.people.values():
        name = f"{person.first_name} {person.last_name}"
        if name in seen and name != "Ana Costa":
            assert await noted(workspace, person.email), name
    assert await looks(workspace, "@jane")


async def test_a_coach_looks_at_all_their_people(workspace: Workspace) -> None:
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    await due(workspace, MONDAY)
    message = workspace.seen("bob", workspace.dm("bob"))[-1]
    assert await looks(workspace, "@jane") == [["Bob Jones", "coach", "scheduled message"]]
    workspace.clock.tick(1)
    everyone = await workspace.press("bob", message, "See everyone")
    await workspace.press("bob", message, "See everyone")
    person = await chosen(workspace, everyone, "coach.choose")
    name = table(everyone)[1][0]
    assert name in person.text
    email = next(
        each.email
        for each in workspace.world.people.values()
        if f"{each.first_name} {each.last_name}" == name
    )
    assert await looks(workspace, email) == [
        ["Bob Jones", "coach", "button"],
        ["Bob Jones", "coach", "button"],
        ["Bob Jones", "coach", "scheduled message"],
    ]


async def test_a_digest_looks_at_those_whom_it_praises(workspace: Workspace) -> None:
    await workspace.ask("ana", 'digest "West Coast" every monday 8:30', "west-coast")
    people = {
        f"{p.first_name} {p.last_name}": p.email for p in workspace.world.roster("West Coast")
    }
    # Who set it up saw a preview.
    before = {name: len(await noted(workspace, email)) for name, email in people.items()}
    await due(workspace, MONDAY)
    post = workspace.seen("ana", "west-coast")[-1]
    praised = {name for name in people if name in post.text}
    assert praised
    for name, email in people.items():
        found = await noted(workspace, email)
        expected = [("Ana Costa", "team", Door.CLOCK)] * (name in praised)
        assert found[: len(found) - before[name]] == expected, name
    by_clock = (await looks(workspace, people[min(praised)]))[0]
    assert by_clock == ["Ana Costa", "team", "scheduled message"]
    await workspace.press("ana", post, "See details")
    for email in people.values():
        assert (await noted(workspace, email))[0] == ("Ana Costa", "team", Door.BUTTON)


async def test_a_long_list_is_turned_page_by_page(workspace: Workspace) -> None:
    core, team = workspace.bot.core, workspace.slack.team.id
    jane = await core.people.asker(team, workspace.user("jane"))
    ana = await core.people.asker(team, workspace.user("ana"))
    assert jane.member is not None
    for number in range(130):
        workspace.clock.tick(1)
        people = frozenset((jane.member.id,))
        await core.audit.note(Look(f"a{number}", ana, f"report {number}", Door.COMMAND, people))
    first = await workspace.ask("ana", "audit @jane")
    second = await workspace.press("ana", first, "Next")
    found = [row[2] for page in (first, second) for row in table(page)[1:]]
    assert found == [f"report {number}" for number in reversed(range(130))]
    assert "Rows 100–130 of 130" in second.text
    assert table(await workspace.press("ana", second, "Previous")) == table(first)
    # Of the one who was looked at, too; and nobody turns the pages of another's list.
    mine = await workspace.ask("jane", "audit me")
    assert len(table(await workspace.press("jane", mine, "Next"))) == 31
    value = button(first, "Next")["value"]
    ack = await workspace.act(workspace.press_of("jane", mine, "audit.next", value))
    assert "too old" in (await workspace.heard("jane", after=ack)).text


async def test_what_is_shared_is_a_look_and_what_is_posted_if_it_names_somebody(
    workspace: Workspace,
) -> None:
    answer = await workspace.ask("ana", "sessions @jane @bob @priya last 7d", "west-coast")
    workspace.clock.tick(1)
    confirm = await workspace.press("ana", answer, "Share in channel")
    await workspace.press("ana", confirm, "Post it")
    await workspace.until(lambda: is_told(workspace, "ana", "west-coast"))
    await workspace.ask(
        "ana", "digest sessions group:west last week every monday 8:30", "west-coast"
    )
    before = len(workspace.seen("priya", "west-coast"))
    await due(workspace, MONDAY)
    assert len(workspace.seen("priya", "west-coast")) == before + 1
    assert await looks(workspace, "@jane") == [
        ["Ana Costa", "sessions", "shared in a channel"],
        ["Ana Costa", "sessions", "command"],
    ]


async def test_who_is_forgotten_stands_nowhere_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with workspace_apart(tmp_path) as place:
        cli = Cli(place, capsys)
        await cli.ask("ana@acme.com", "sessions jane@acme.com last 7d")
        await cli.ask("jane@acme.com", "sessions last 7d")
        told = await cli.ask("jane@acme.com", "audit me")
        assert "Ana Costa" in told
        assert "terminal" in await cli.ask("ana@acme.com", "audit jane@acme.com")
        await cli.forget("ana@acme.com")
        told = await cli.ask("jane@acme.com", "audit me")
        assert "Ana Costa" not in told
        assert "Someone who was removed since" in told
        await cli.forget("jane@acme.com")
        assert "Nobody else has looked" in await cli.ask("jane@acme.com", "audit me")
