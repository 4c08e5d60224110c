"""Direct messages to the bot: any text is a question, and the conversation keeps the answers."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.slack_payloads import event
from tests.office import Office
from tests.shown import labels, table


def texts(office: Office, who: str) -> list[str]:
    """The bot's direct messages to somebody, as they are now."""
    return [message.text for message in office.dms(who)]


async def test_an_answer_stays_and_its_buttons_change_it_in_place(office: Office) -> None:
    answer = await office.tell("ana", "sessions last 20d")
    assert (answer.channel, answer.visible_to) == (office.place("ana"), None)
    assert answer.thread_ts is None
    assert {"Refresh", "Export CSV"} <= set(labels(answer))
    assert "Share in channel" not in labels(answer)

    following = await office.press("ana", answer, "Next")
    assert (following.ts, "Rows 26–" in following.text) == (answer.ts, True)
    again = await office.press("ana", following, "Previous")
    assert (again.ts, table(again)) == (answer.ts, table(answer))
    for _ in range(5):  # more often than a response_url can be used
        office.clock.tick(61)
        office.forget_requests()
        again = await office.press("ana", again, "Refresh")
        assert again.ts == answer.ts
        assert [request.path for request in office.exec.requests] == ["/sessions"]

    # A row opens in a message of its own.
    row = await office.press("ana", again, "Show")
    assert row.ts != answer.ts
    assert office.slack.message(answer.ts) == again
    assert len(texts(office, "ana")) == 2


async def test_threads_plain_words_names_files_and_long_texts(office: Office) -> None:
    root = (await office.slack.send_message(office.user("jane"), office.place("jane"), "hi")).ts
    await office.drain()
    own = await office.tell("jane", "*my* last session, please", thread_ts=root)
    assert (own.thread_ts, "Last session: " in own.text) == (root, True)
    answer = await office.tell("jane", "sessions last 20d", thread_ts=root)
    row = await office.press("jane", answer, "Show")
    assert (answer.thread_ts, row.thread_ts) == (root, root)
    assert (await office.tell("jane", "@exec: help")).text.startswith("Just ask, ")
    # Slack's notation of names and special characters.
    refused = await office.tell("jane", "sessions @bob last 7d")
    assert "You can see only your own practice" in refused.text
    strange = await office.tell("jane", 'sessions scenario:"R&D <x>"')
    assert "R&amp;D &lt;x&gt;" in strange.text

    file: dict[str, Any] = {"subtype": "file_share", "files": [{"id": "F1", "name": "notes.pdf"}]}
    for text, shown in (("", "I read words, not files."), ("sessions last 7d", " sessions")):
        ack = await office.act(office.message_of("jane", text, **file))
        assert shown in (await office.answer_to("jane", office.place("jane"), ack)).text
    long = await office.tell("jane", "x" * 2_001)
    assert long.text.startswith("That question is too long.")


async def test_messages_that_are_not_for_the_bot_are_ignored(office: Office) -> None:
    """Its own messages, those of other bots, edits and deletions."""
    jane, dm, bot = office.user("jane"), office.place("jane"), office.slack.team.bot_user_id
    asked = await office.slack.send_message(jane, dm, "help")
    await office.drain()
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
        assert (await office.act(office.message_of("jane", "help", **more))).ok
    unknown = event(office.slack, jane, {"type": "channel_rename", "channel": {"id": "C1"}})
    await office.act(unknown)
    assert len(texts(office, "jane")) == 1


async def test_an_answer_that_may_have_arrived_is_not_sent_twice(office: Office) -> None:
    slack, dm = office.slack, office.place("jane")
    answer = await office.tell("jane", "sessions last 7d")
    slack.fault("chat.postMessage", "drop")
    await slack.send_message(office.user("jane"), dm, "sessions last 6d")
    await office.drain()
    _, arrived, notice = texts(office, "jane")
    assert "sessions" in arrived
    assert notice.startswith("Slack's connection dropped while I was answering")
    # If the thread or the message to change is gone, the answer is a new message.
    ack = await office.act(office.message_of("jane", "help", thread_ts="1700000000.000100"))
    assert (await office.answer_to("jane", dm, ack)).thread_ts is None
    slack.remove(answer)
    assert "sessions" in (await office.press("jane", answer, "Refresh")).text


async def test_progress_answer_and_interruption_share_one_message(
    new_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = new_office
    monkeypatch.setattr("bot.slack.turn.LOOKING_AFTER", 0.0)
    jane, dm = office.user("jane"), office.place("jane")
    with office.exec_away("held", "/sessions"):
        asked = await office.slack.send_message(jane, dm, "sessions last 1d")
        looking = await office.next_message("jane", dm, after=asked)
        assert looking.text.startswith("Looking…")
    await office.drain()
    (answer,) = office.dms("jane")
    assert (answer.ts, answer.edited) == (looking.ts, True)

    with office.exec_away("held", "/sessions"):
        asked = await office.slack.send_message(jane, dm, "sessions last 60d")
        looking = await office.next_message("jane", dm, after=asked)
        await office.bot.slack.listeners.drain(seconds=0.1)  # this process ends
        notice = office.dms("jane")[-1]
        assert notice.ts == looking.ts
        assert notice.text.startswith("I was interrupted before I could answer.")
