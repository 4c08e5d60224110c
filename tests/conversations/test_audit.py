"""Who looked at whose practice: logged however they asked, and listed for the people themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.demo import MANAGER
from bot.sandbox.slack_workspace import Message
from tests.conversations.test_sharing import is_told
from tests.workspace import Workspace, table

pytestmark = pytest.mark.acquainted
MONDAY = datetime(2026, 3, 23, 7, 30, tzinfo=UTC)  # 8:30 in Berlin


async def looks(workspace: Workspace, who: str) -> list[list[str]]:
    """Who looked at somebody in which report, as an admin reads it, without addresses."""
    rows = table(await workspace.ask("ana", f"audit {who}"))[1:]
    return [[row[1].partition(" (")[0], *row[2:]] for row in rows]


async def noted(workspace: Workspace, email: str) -> list[tuple[str, str]]:
    """The same as it is kept, which costs no question for each of many."""
    found = await workspace.bot.core.audit.at(workspace.world.person(email).id)
    return [(each.name, each.report) for each in found]


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
    # Each day once.
    assert table(told) == [["Day", "Who", "Report"], ["20 March", "Ana Costa", "sessions"]]
    workspace.clock.tick(timedelta(days=1).total_seconds())
    await workspace.ask("ana", "scenarios @jane")
    assert table(await workspace.ask("jane", "audit me"))[1] == [
        "21 March",
        "Ana Costa",
        "scenarios",
    ]
    assert await looks(workspace, "@jane") == [
        ["Ana Costa", "scenarios"],
        ["Ana Costa", "sessions"],
    ]


async def test_nobody_is_named_as_they_call_themselves_in_slack(workspace: Workspace) -> None:
    """Their name in Exec stands in the audit, before a nudge, under what was shared and beside a
    digest; an admin reads their address as well."""
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    workspace.slack.team.users[workspace.user("bob")].real_name = "Ana Costa"
    workspace.slack.team.users[workspace.user(MANAGER)].real_name = "Jane Smith"
    workspace.slack.team.channel_called("west-coast").members.append(workspace.user("bob"))
    workspace.clock.tick(3601)
    await workspace.ask("bob", "sessions @jane last 7d")
    answer = await workspace.ask("bob", 'trend group:"West Coast"', "west-coast")
    assert table(await workspace.ask("jane", "audit"))[1][1] == "Bob Jones"
    assert table(await workspace.ask("ana", "audit @jane"))[1][1] == "Bob Jones (bob@acme.com)"
    confirm = await workspace.press("bob", answer, "Share in channel")
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
        "bob", await chosen(workspace, everyone, "coach.choose"), "Nudge Jane"
    )
    assert "a note from Bob Jones" in preview.text


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
        assert sorted(report for _, report in await noted(workspace, email)) == expected, email


async def test_who_may_ask_about_whom(workspace: Workspace) -> None:
    assert "Only an admin can do that" in (await workspace.ask("jane", "audit @priya")).text
    assert "Only an admin can do that" in (await workspace.ask("bob", "audit @jane")).text
    for text in (
        "audit @closers",
        "audit @jane @priya",
        "audit @jane gold",
        'audit group:"West Coast"',
    ):
        assert "Name one person" in (await workspace.ask("ana", text)).text
    assert (
        "Nobody else has looked at the practice of Jane Smith"
        in (await workspace.ask("ana", "audit @jane")).text
    )
    assert (
        "Nobody else has looked at the practice of Jane Smith (last 7d)"
        in (await workspace.ask("ana", "audit @jane last 7d")).text
    )
    assert "Guests can't see" in (await workspace.ask("gina.guest", "audit me")).text


async def test_a_wide_question_looks_at_those_whom_it_names(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 20d")
    first = {row[1] for row in table(answer)[1:]}
    assert "Jane Smith" in first
    await workspace.press("ana", answer, "Next")
    assert await looks(workspace, "@jane") == [["Ana Costa", "sessions"]]
    # It counts her in, and names nobody.
    await workspace.ask("ana", "scenarios last 20d")
    await workspace.ask("ana", "sessions @priya last 7d")
    assert len(await looks(workspace, "@jane")) == 1


async def test_a_coach_looks_at_all_their_people(workspace: Workspace) -> None:
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    await due(workspace, MONDAY)
    message = workspace.seen("bob", workspace.dm("bob"))[-1]
    assert await looks(workspace, "@jane") == [["Bob Jones", "coach"]]
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
    assert await looks(workspace, email) == [["Bob Jones", "coach"]]


async def test_a_digest_looks_at_those_whom_it_praises(workspace: Workspace) -> None:
    await workspace.ask("ana", 'digest "West Coast" every monday 8:30', "west-coast")
    people = {
        f"{p.first_name} {p.last_name}": p.email for p in workspace.world.roster("West Coast")
    }
    await due(workspace, MONDAY)
    post = workspace.seen("ana", "west-coast")[-1]
    praised = {name for name in people if name in post.text}
    assert praised
    for name, email in people.items():
        on_monday = [
            each
            for each in await workspace.bot.core.audit.at(workspace.world.person(email).id)
            if each.day == MONDAY.date()
        ]
        assert len(on_monday) == (name in praised), name
    await workspace.press("ana", post, "See details")
    for email in people.values():
        assert ("Ana Costa", "team") in await noted(workspace, email)


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
        ["Ana Costa", "sessions"],
    ]
