"""Dates as their reader writes them: what Slack says of them, or what they chose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.slack_records import Message
from bot.storage.tables import slack_user
from tests.office import Office, labels, table

pytestmark = pytest.mark.acquainted

CHOICES = ["English (US)", "Deutsch", "Español", "Français", "Italiano", "Português (Brasil)"]
MONDAY = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)  # 9:00 in Berlin


async def speaks(office: Office, who: str, locale: str) -> None:
    """Slack says so of them, whom the bot has not met yet."""
    user_id = office.user(who)
    office.slack.team.users[user_id].locale = locale
    async with office.bot.core.database.transaction() as connection:
        await connection.execute(slack_user.delete().where(slack_user.c.user_id == user_id))


async def test_somebody_reads_dates_as_in_slack_until_they_choose(office: Office) -> None:
    asked = "sessions me last 30d"
    await speaks(office, "ana", "en-US")
    american = await office.ask("ana", asked)  # the first that the bot hears of them
    assert "last 30 days" in american.text
    when = [row[0] for row in table(american)[1:]]
    assert when
    assert all(each.endswith((" AM", " PM")) for each in when)

    shared = await office.press("ana", american, "Share in channel")
    await office.press("ana", shared, "Post it")
    await office.until(lambda: "Posted in #sales-practice." in str(office.seen("ana")))
    (post,) = posts(office)
    assert "As of Fri 20 Mar 10:00" in post.text

    team = await office.ask("ana", 'team "West Coast"')
    assert " people practiced: " in team.text
    assert "Most practiced: " in team.text
    assert table(team)[0][5] == "Last practised"  # what columns are called is the same for all
    help_ = await office.ask("ana", "help")
    assert "Who hasn't practiced this week" in labels(help_)

    told = await office.ask("ana", "me dates")
    assert told.text.startswith("Dates come to you like Fri, Mar 20 10:00 AM (English (US)).")
    assert labels(told) == ["English (UK)", *CHOICES[1:], "As in Slack"]
    done = await office.press("ana", told, "Deutsch")
    assert done.text.startswith("Done: dates now come to you like Fr., 20. März 10:00 (Deutsch).")
    assert "Fr., 20. März 10:00" in (await office.ask("ana", asked)).text
    unknown = await office.ask("ana", "me dates klingon")
    assert unknown.text.startswith("I can't write dates in klingon. Choose one of these:")
    await office.ask("ana", "me dates slack")
    assert "Fri, Mar 20" in (await office.ask("ana", asked)).text
    assert "Fri 20 Mar" in (await office.ask("jane", asked)).text  # hers stay hers


async def test_messages_of_the_clock_are_written_for_whom_they_go_to(office: Office) -> None:
    """A digest in a channel has one language, whoever set it up."""
    await speaks(office, "ana", "en-US")
    form = await office.ask("ana", 'digest "West Coast" every monday 9:00', "west-coast")
    assert "Mon, March 23 at 9:00 AM" in form.text
    monday = await office.press("ana", await office.ask("ana", "me"), "Send me this every Monday")
    assert "every Monday at 8:30" in monday.text
    office.clock.now = MONDAY + timedelta(seconds=1)
    await office.bot.delivering.run_due()
    (own,) = office.seen("ana", office.dm("ana"))
    assert own.text.startswith("Your practice, March 16 – 22.")
    posted = [each for each in office.seen("jane", "west-coast") if each.visible_to is None]
    assert "practice 16 – 22 March" in posted[0].text


def posts(office: Office) -> list[Message]:
    """What the bot has posted for everybody."""
    bot = office.slack.team.bot_user_id
    return [each for each in office.slack.messages if each.visible_to is None and each.user == bot]
