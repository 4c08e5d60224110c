"""Dates and words as their reader writes them: American or British, as their Slack says."""

from __future__ import annotations

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
        assert any(row[5].startswith("Thu 19 Mar ") for row in table(team)[1:])


async def test_americans_read_american(workspace: Workspace) -> None:
    await speaks(workspace, "ana", US)
    team = await workspace.ask("ana", TEAM)
    assert any(row[5].startswith("Thu, Mar 19, ") for row in table(team)[1:])

    when = [row[0] for row in table(await workspace.ask("ana", "sessions me last 30d"))[1:]]
    assert when
    assert all(each.endswith((" AM", " PM")) for each in when)

    home = await workspace.open_home("ana")
    assert "March 13 – 19" in str(home.blocks)


@pytest.mark.parametrize(
    ("setting", "week", "as_of"),
    [
        pytest.param("", "March 16 – 22", "Fri, Mar 20, 10:00 AM", id="American"),
        pytest.param(UK, "16 – 22 March", "Fri 20 Mar 10:00", id="British"),
    ],
)
async def test_a_channel_reads_as_the_settings_say(
    open_workspace: MakeOffice, setting: str, week: str, as_of: str
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
        (message,) = workspace.seen("ana", workspace.dm("ana"))
        theirs = "March 16 – 22" if own == US else "16 – 22 March"
        assert message.text.startswith(f"Your practice, {theirs}\n")


def posts(workspace: Workspace, channel: str) -> list[Message]:
    """What the bot has posted for everybody in a channel."""
    return [each for each in workspace.seen("jane", channel) if each.visible_to is None]
