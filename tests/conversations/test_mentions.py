"""Mentions of the bot in channels: who asks is answered alone, and may share the answer."""

from __future__ import annotations

import pytest

from bot.people.audit import Door
from tests.office import MakeOffice, Office, labels, table

pytestmark = pytest.mark.acquainted
WEST = "west-coast"


def public(office: Office, channel: str = WEST) -> list[str]:
    """What the bot said to everybody in a channel."""
    bot = office.slack.team.bot_user_id
    return [
        message.text
        for message in office.slack.messages
        if (message.user, message.visible_to, message.channel)
        == (bot, None, office.channel(channel))
    ]


async def test_a_mention_is_answered_to_who_asks_alone(office: Office) -> None:
    answer = await office.tell("ana", "@exec how is west coast doing", WEST)
    assert (answer.via, answer.visible_to) == ("chat.postEphemeral", office.user("ana"))
    assert "West Coast" in answer.text
    assert public(office) == []
    again = await office.press("ana", answer, "Refresh")
    assert (again.ts, again.visible_to) == (answer.ts, office.user("ana"))

    asked = await office.press("ana", again, "Share in channel")
    for _ in range(2):
        ack = await office.press_only("ana", asked, "Post it")
        await office.slack.redeliver(ack)
    await office.bot.work.drain()
    assert len(public(office)) == 1

    # In a thread, anywhere in a sentence, and alone.
    root = await office.slack.said(office.user("ana"), office.channel(WEST), "a thread")
    inside = await office.tell("ana", "@exec help", WEST, thread_ts=root)
    assert (inside.thread_ts, inside.visible_to) == (root, office.user("ana"))
    assert inside.text.startswith("Ask about practice")
    rows = await office.tell("ana", "sessions last 20d @exec", WEST, thread_ts=root)
    shown = await office.press("ana", rows, "Share in channel")
    assert (shown.thread_ts, shown.visible_to) == (root, office.user("ana"))
    assert (await office.tell("jane", "@exec", WEST)).text.startswith("Ask about practice")
    offered = await office.tell("ana", '@exec: digest "West Coast"', WEST)
    view = await office.open_form("ana", offered, "Set up a digest")
    assert office.channel(WEST) in str(view.view)
    saved = await office.tell("ana", '@exec digest "West Coast" every monday 9:00', WEST)
    assert saved.text.startswith("Saved")

    looks = await office.tell("ana", "audit @jane")
    assert str(Door.MENTION) in looks.text
    assert len(public(office)) == 1


@pytest.mark.parametrize("code", ["not_in_channel", "is_archived", "channel_not_found"])
async def test_where_the_bot_cannot_post_it_answers_by_direct_message(
    office: Office, code: str
) -> None:
    office.slack.fault("chat.postEphemeral", code)
    ack = await office.act(office.message_of("ana", "sessions last 20d", WEST))
    answer = await office.heard("ana", office.dm("ana"), after=ack)
    assert table(answer)
    shared = await office.press("ana", answer, "Share in channel")
    assert shared.text.startswith("Nobody else is here.")
    told = await office.press("ana", answer, "Refresh")
    assert told.ts == answer.ts
    assert "Share in channel" not in labels(told)
    assert office.seen("ana", WEST) == []


async def test_a_deleted_channel_and_one_of_others(office: Office) -> None:
    """A channel that is gone by then; one with guests, who hear one sentence for each question."""
    gone = office.message_of("jane", "help", WEST, channel="C0DELETED")
    ack = await office.act(gone)
    told = await office.heard("jane", office.dm("jane"), after=ack)
    assert told.text.startswith("Ask about practice")

    delivery = office.message_of("gina.guest", "sessions last 7d", "with-our-agency")
    for _ in range(3):
        await office.act(delivery)
    await office.bot.work.drain()
    (refused,) = office.seen("gina.guest", "with-our-agency")
    assert "Guests can't see practice results." in refused.text
    assert refused.visible_to == office.user("gina.guest")
    await office.act(office.message_of("gus.globex", "sessions last 7d", "with-globex"))
    await office.bot.work.drain()
    (away,) = office.seen("gus.globex", "with-globex")
    assert "your account belongs to another workspace." in away.text

    answer = await office.tell("ana", "@exec how is west coast doing", "with-our-agency")
    shared = await office.press("ana", answer, "Share in channel")
    assert "guests can't see practice results" in shared.text
    assert public(office, "with-our-agency") == []


async def test_slack_in_trouble(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """A limit is waited out, and what may have been shown is not shown twice."""
    office.slack.fault("chat.postEphemeral", "ratelimited", seconds=1)
    assert table(await office.tell("ana", "@exec sessions @jane last 20d", WEST))
    assert "slack: no more for 1 s (reference " in caplog.text
    office.slack.fault("chat.postEphemeral", "drop")
    await office.slack.said(office.user("ana"), office.channel(WEST), "@exec help")
    await office.bot.work.drain()
    told = [message.text.partition(".")[0] for message in office.seen("ana", WEST)[1:]]
    assert len(told) == 2
    assert told[1] == "Slack broke off while I was answering"
    assert office.seen("ana", office.dm("ana")) == []


async def test_without_the_scopes_nothing_is_heard_and_the_rest_works(
    open_office: MakeOffice,
) -> None:
    async with open_office() as office:
        office.slack.scopes -= {
            "app_mentions:read",
            "im:history",
            "channels:history",
            "groups:history",
        }
        await office.slack.said(office.user("ana"), office.channel(WEST), "@exec help")
        await office.slack.said(office.user("ana"), office.dm("ana"), "help")
        assert office.slack.acks == []
        answer = await office.ask("ana", "sessions last 20d", WEST)
        assert {"Refresh", "Share in channel"} <= set(labels(answer))
