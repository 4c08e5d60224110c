"""Dates and words as their reader writes them: American or British, as their Slack says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.slack_workspace import Message
from bot.storage.tables import slack_user
from tests.workspace import MakeOffice, Workspace, table

pytestmark = pytest.mark.acquainted

MONDAY = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)  # 9:00 in Berlin
TEAM = 'team "West Coast"'
US, UK = "en-US", "en-GB"


async def speaks(workspace: Workspace, who: str, locale: str) -> None:
    """Slack says so of them, whom the bot has not met yet."""
    user_id = workspace.user(who)
    workspace.slack.team.users[user_id].locale = locale
    async with workspace.bot.core.database.transaction() as connection:
        await connection.execute(slack_user.delete().where(slack_user.c.user_id == user_id))


@pytest.mark.parametrize("locale", [UK, "de-DE"])
async def test_others_than_americans_read_british(open_workspace: MakeOffice, locale: str) -> None:
    async with open_workspace(EXECBOT_LOCALE=US) as workspace:
        await speaks(workspace, "ana", locale)
        team = await workspace.ask("ana", TEAM)  # the first that the bot hears of them
        assert " practised. " in team.text
        assert "Most practised: " in team.text
        assert table(team)[0][5] == "Last practised"
        assert any(row[5].startswith("Thu 19 Mar ") for row in table(team)[1:])


async def test_americans_read_american(workspace: Workspace) -> None:
    await speaks(workspace, "ana", US)
    team = await workspace.ask("ana", TEAM)
    assert " practiced. " in team.text
    assert "Most practiced: " in team.text
    assert table(team)[0][5] == "Last practiced"
    assert any(row[5].startswith("Thu, Mar 19, ") for row in table(team)[1:])
    assert "practis" not in str(team.blocks)

    when = [row[0] for row in table(await workspace.ask("ana", "sessions me last 30d"))[1:]]
    assert when
    assert all(each.endswith((" AM", " PM")) for each in when)

    assert "practis" not in (await workspace.ask("ana", "help")).text
    assert "who practiced" in (await workspace.ask("ana", "help team")).text
    refused = await workspace.ask("ana", "sessions 31 feb")
    assert "practis" not in refused.text
    home = await workspace.open_home("ana")
    assert "March 13 – 19" in str(home.blocks)
    assert "practis" not in str(home.blocks).replace("home.practise", "")


@pytest.mark.parametrize(("setting", "did"), [("", "practiced"), (UK, "practised")])
async def test_who_names_no_language_reads_as_the_settings_say(
    open_workspace: MakeOffice, setting: str, did: str
) -> None:
    async with open_workspace(EXECBOT_LOCALE=setting) as workspace:
        workspace.slack.team.locale = ""
        await speaks(workspace, "ana", "")
        assert f" {did}. " in (await workspace.ask("ana", TEAM)).text


@pytest.mark.parametrize(
    ("setting", "week", "did", "as_of"),
    [
        pytest.param("", "March 16 – 22", "practiced", "Fri, Mar 20, 10:00 AM", id="American"),
        pytest.param(UK, "16 – 22 March", "practised", "Fri 20 Mar 10:00", id="British"),
    ],
)
async def test_a_channel_reads_as_the_settings_say(
    open_workspace: MakeOffice, setting: str, week: str, did: str, as_of: str
) -> None:
    """Whoever set up a digest, or shares an answer: here each reads the other English."""
    async with open_workspace(EXECBOT_LOCALE=setting) as workspace:
        own = US if setting else UK
        await speaks(workspace, "ana", own)
        team = await workspace.ask("ana", TEAM)
        shared = await workspace.press("ana", team, "Share in channel")
        assert as_of in shared.text
        await workspace.press("ana", shared, "Post it")
        await workspace.until(lambda: "Posted in #sales-practice." in str(workspace.seen("ana")))
        (post,) = posts(workspace, "sales-practice")
        assert as_of in post.text
        assert f" {did}. " in post.text

        link = next(
            s.url for s in workspace.world.scenarios.values() if s.visibility == "workspace"
        )
        await workspace.slack.said(workspace.user("ana"), workspace.channel(), link)
        await workspace.slack.all_told()
        await workspace.bot.work.drain()
        (unfurled,) = (call for call in workspace.slack.calls if call.method == "chat.unfurl")
        assert ("Practise" if setting else "Practice") in str(unfurled)

        form = await workspace.ask("ana", 'digest "West Coast" every monday 9:00', "west-coast")
        at = "Mon, March 23 at 9:00 AM" if own == US else "Mon 23 March at 9:00"
        assert at in form.text
        mine = await workspace.press(
            "ana", await workspace.ask("ana", "me"), "Send me this every Monday"
        )
        assert f"every Monday at {'8:30 AM' if own == US else '8:30'}" in mine.text
        workspace.clock.now = MONDAY + timedelta(seconds=1)
        await workspace.bot.core.delivering.run_due()
        (digest,) = posts(workspace, "west-coast")
        assert f"practice {week}" in digest.text
        assert f" {did}, " in digest.text
        (message,) = workspace.seen("ana", workspace.dm("ana"))
        theirs = "March 16 – 22" if own == US else "16 – 22 March"
        assert message.text.startswith(f"Your practice, {theirs}.")


async def test_what_a_scenario_is_called_is_never_respelt(open_workspace: MakeOffice) -> None:
    name = "Practised Pitch: practising"
    async with open_workspace(EXECBOT_LOCALE=US) as workspace:
        await speaks(workspace, "jane", US)
        world, jane = workspace.world, workspace.world.person("jane@acme.com")
        scenario = next(iter(world.scenarios.values()))
        world.scenarios[scenario.id] = replace(scenario, name=name)
        at = workspace.clock() - timedelta(hours=2)
        attempt = world.add_session(jane, world.scenario(name), at, score=99.9, rank="gold")
        workspace.clock.tick(25 * 3600)
        for question in ("sessions me last 2d", "progress me", f"session {attempt.id}"):
            answer = await workspace.ask("jane", question)
            assert name in str(answer.blocks), question
            assert "racticed Pitch" not in str(answer.blocks)
        assert f"Practice {name} again" in str(answer.blocks)


def posts(workspace: Workspace, channel: str) -> list[Message]:
    """What the bot has posted for everybody in a channel."""
    return [each for each in workspace.seen("jane", channel) if each.visible_to is None]
