"""Direct messages to the bot: any text is a question, and the conversation keeps the answers."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.slack_payloads import event
from bot.demo.slack_workspace import Message
from tests.conversations.acts import dms
from tests.workspace import Workspace, button, in_rows, labels, offered, table


def texts(workspace: Workspace, who: str) -> list[str]:
    """The bot's direct messages to somebody, as they are now."""
    return [message.text for message in dms(workspace, who)]


async def press_in_first_row(workspace: Workspace, who: str, answer: Message) -> Message:
    show = in_rows(answer)[0]
    ack = await workspace.act(workspace.press_of(who, answer, show["action_id"], show["value"]))
    return await workspace.answer_to(who, answer.channel, after=ack)


async def test_an_answer_stays_and_its_buttons_change_it_in_place(workspace: Workspace) -> None:
    answer = await workspace.tell("ana", "sessions last 20d")
    assert (answer.channel, answer.visible_to) == (workspace.dm("ana"), None)
    assert answer.thread_ts is None
    assert {"Refresh", "Export CSV"} <= set(offered(answer))
    assert "Share in channel" not in labels(answer)

    following = await workspace.press("ana", answer, "Next")
    assert (following.ts, "Rows 26–" in following.text) == (answer.ts, True)
    again = await workspace.press("ana", following, "Previous")
    assert (again.ts, table(again)) == (answer.ts, table(answer))
    for _ in range(5):  # more often than a response_url can be used
        workspace.clock.tick(61)
        workspace.forget()
        again = await workspace.press("ana", again, "Refresh")
        assert again.ts == answer.ts
        assert workspace.paths() == ["/sessions"]

    # A row opens in a message of its own.
    row = await press_in_first_row(workspace, "ana", again)
    assert row.ts != answer.ts
    assert workspace.slack.message(answer.ts) == again
    assert len(texts(workspace, "ana")) == 2


async def test_threads_plain_words_names_files_and_long_texts(workspace: Workspace) -> None:
    hello = await workspace.slack.said(workspace.user("jane"), workspace.dm("jane"), "hi")
    await workspace.answer_to("jane", workspace.dm("jane"), after=hello)
    root = hello.ts
    own = await workspace.tell("jane", "*my* last session, please", thread_ts=root)
    assert (own.thread_ts, "Last session: " in own.text) == (root, True)
    answer = await workspace.tell("jane", "sessions last 20d", thread_ts=root)
    row = await press_in_first_row(workspace, "jane", answer)
    assert (answer.thread_ts, row.thread_ts) == (root, root)
    assert (await workspace.tell("jane", "@exec: help")).text.startswith("Just ask, ")
    # Slack's notation of names and special characters.
    refused = await workspace.tell("jane", "sessions @bob last 7d")
    assert "You can see only your own practice" in refused.text
    strange = await workspace.tell("jane", 'sessions scenario:"R&D <x>"')
    assert "R&amp;D &lt;x&gt;" in strange.text

    file: dict[str, Any] = {"subtype": "file_share", "files": [{"id": "F1", "name": "notes.pdf"}]}
    for text, shown in (("", "I read words, not files."), ("sessions last 7d", " sessions")):
        ack = await workspace.act(workspace.message_of("jane", text, **file))
        assert shown in (await workspace.answer_to("jane", workspace.dm("jane"), after=ack)).text
    long = await workspace.tell("jane", "x" * 2_001)
    assert long.text.startswith("That question is too long.")


async def test_messages_that_are_not_for_the_bot_are_ignored(workspace: Workspace) -> None:
    """Its own words, those of other bots, and messages that were edited or deleted."""
    jane, dm, bot = workspace.user("jane"), workspace.dm("jane"), workspace.slack.team.bot_user_id
    asked = await workspace.slack.said(jane, dm, "help")
    await workspace.answer_to("jane", dm, after=asked)
    for more in (
        {"user": bot},
        {"user": "USLACKBOT"},
        {"user": None},
        {"user": None, "subtype": "bot_message", "bot_id": "B1"},
        {"bot_id": "B1"},
        {"subtype": "channel_topic"},
        {"subtype": "message_changed", "hidden": True},
        {"edited": {"user": jane, "ts": asked.ts}},
        {"channel": "C0GONE", "channel_type": "channel"},
    ):
        assert (await workspace.act(workspace.message_of("jane", "help", **more))).ok
    unknown = event(workspace.slack, jane, {"type": "channel_rename", "channel": {"id": "C1"}})
    await workspace.act(unknown)
    await workspace.bot.drain()
    assert len(texts(workspace, "jane")) == 1


async def test_an_answer_that_may_have_arrived_is_not_sent_twice(workspace: Workspace) -> None:
    slack, dm = workspace.slack, workspace.dm("jane")
    answer = await workspace.tell("jane", "sessions last 7d")
    slack.fault("chat.postMessage", "drop")
    await slack.said(workspace.user("jane"), dm, "sessions last 6d")
    await workspace.bot.drain()
    _, arrived, notice = texts(workspace, "jane")
    assert "sessions" in arrived
    assert notice.startswith("Slack's connection dropped while I was answering")
    # If the thread or the message to change is gone, the answer is a new message.
    ack = await workspace.act(workspace.message_of("jane", "help", thread_ts="1700000000.000100"))
    assert (await workspace.answer_to("jane", dm, after=ack)).thread_ts is None
    refresh = button(answer, "Refresh")["value"]
    pressed = workspace.press_of("jane", answer, "sessions.refresh", refresh, "sessions.more")
    slack.remove(answer)
    ack = await workspace.act(pressed)
    assert "sessions" in (await workspace.answer_to("jane", dm, after=ack)).text


@pytest.mark.new_here
async def test_progress_answer_and_interruption_share_one_message(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.handlers.LOOKING_AFTER", 0.0)
    jane, dm = workspace.user("jane"), workspace.dm("jane")
    with workspace.exec_held("/sessions"):
        asked = await workspace.slack.said(jane, dm, "sessions last 1d")
        looking = await workspace.next_message("jane", dm, after=asked)
        assert looking.text.startswith("Looking…")
    answer = await workspace.answer_to("jane", dm, after=looking)
    assert (answer.ts, answer.edited) == (looking.ts, True)

    with workspace.exec_held("/sessions"):
        asked = await workspace.slack.said(jane, dm, "sessions last 60d")
        looking = await workspace.next_message("jane", dm, after=asked)
        await workspace.bot.drain(seconds=0.1)  # this process ends
        notice = await workspace.answer_to("jane", dm, after=looking)
        assert notice.ts == looking.ts
        assert notice.text.startswith("I was interrupted before I could answer.")
