"""Messages to the bot alone: any text is a question, and the conversation keeps the answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.demo.slack_payloads import event
from bot.demo.slack_workspace import Message
from tests.workspace import (
    Workspace,
    button,
    goes_on,
    in_rows,
    labels,
    offered,
    table,
)

pytestmark = pytest.mark.acquainted


def said(workspace: Workspace, who: str) -> list[str]:
    """What the bot's messages to somebody say, as they stand now."""
    return [message.text for message in workspace.seen(who, workspace.dm(who))]


def posted(workspace: Workspace) -> list[str]:
    """How the bot brought its messages, in order."""
    ways = ("chat.postMessage", "chat.postEphemeral", "chat.update", "response_url")
    return [call.method for call in workspace.slack.calls if call.method in ways]


async def below_first_row(workspace: Workspace, who: str, answer: Message) -> Message:
    """What the button in the first row of an answer shows."""
    show = in_rows(answer)[0]
    ack = await workspace.act(workspace.press_of(who, answer, show["action_id"], show["value"]))
    return await workspace.heard(who, answer.channel, after=ack)


async def test_an_answer_stays_and_its_buttons_change_it_in_place(workspace: Workspace) -> None:
    answer = await workspace.tell("ana", "sessions last 20d")
    assert (answer.channel, answer.visible_to) == (workspace.dm("ana"), None)
    assert answer.thread_ts is None
    assert {"Refresh", "Export CSV"} <= set(offered(answer))
    assert goes_on(answer)
    assert "Share in channel" not in labels(answer)

    further = await workspace.press("ana", answer, "Next")
    assert (further.ts, "Rows 26–" in further.text) == (answer.ts, True)
    back = await workspace.press("ana", further, "Previous")
    assert (back.ts, table(back)) == (answer.ts, table(answer))
    # More often than any response_url is good for.
    for _ in range(6):
        workspace.clock.tick(61)
        again = await workspace.press("ana", back, "Refresh")
        assert again.ts == answer.ts
    assert posted(workspace) == ["chat.postMessage", *["chat.update"] * 8]

    # What a row opens comes below it.
    below = await below_first_row(workspace, "ana", again)
    assert below.ts != answer.ts
    assert workspace.slack.message(answer.ts) == again
    assert len(said(workspace, "ana")) == 2


async def test_what_people_say(workspace: Workspace) -> None:
    """In a thread, in plain words, with names, in a form, and with nothing to answer."""
    root = (await workspace.slack.said(workspace.user("jane"), workspace.dm("jane"), "hi")).ts
    hello = await workspace.heard("jane", workspace.dm("jane"), after=workspace.slack.message(root))
    assert hello.text.startswith("Hello!")
    own = await workspace.tell("jane", "*my* last session, please", thread_ts=root)
    assert (own.thread_ts, "Last session: " in own.text) == (root, True)
    listed = await workspace.tell("jane", "sessions last 20d", thread_ts=root)
    below = await below_first_row(workspace, "jane", listed)
    assert (listed.thread_ts, below.thread_ts) == (root, root)
    assert (await workspace.tell("jane", "help")).text.startswith("Just ask, ")
    assert (await workspace.tell("jane", "@exec: help")).text.startswith("Just ask, ")
    # Slack's forms of names and of special characters.
    refused = await workspace.tell("jane", "sessions @bob last 7d")
    assert "You can see only your own practice" in refused.text
    strange = await workspace.tell("jane", 'sessions scenario:"R&D <x>"')
    assert "R&amp;D &lt;x&gt;" in strange.text

    told = await workspace.tell("jane", "", files=["notes.pdf"])
    assert told.text.startswith("I read words, not files.")
    with_words = await workspace.tell("jane", "sessions last 7d", files=["notes.pdf"])
    assert table(with_words)
    for length in (2_001, 40_000):
        assert (await workspace.tell("jane", "x" * length)).text.startswith(
            "That question is too long. Please keep it under 2,000 characters."
        )
    # A form needs somebody's press.
    offered = await workspace.tell("ana", 'digest "West Coast"')
    view = await workspace.open_form("ana", offered, "Set up a digest")
    assert view.view["callback_id"] == "digest.form"
    assert (
        "Type this in that channel"
        in (await workspace.tell("ana", 'digest "West Coast" every monday 9:00')).text
    )
    await workspace.tell("ana", "sessions @jane last 7d")
    assert "Ana Costa" in (await workspace.tell("ana", "audit @jane")).text


async def test_whom_it_is_not_for(workspace: Workspace) -> None:
    """The bot's own words, those of other bots, and what was changed or taken back."""
    jane, dm, bot = workspace.user("jane"), workspace.dm("jane"), workspace.slack.team.bot_user_id
    ts = (await workspace.slack.said(jane, dm, "help")).ts
    await workspace.heard("jane", dm, after=workspace.slack.message(ts))
    await workspace.slack.edit(jane, ts, "sessions last 7d")
    await workspace.slack.take_back(jane, ts)
    for more in (
        {"user": bot},
        {"user": "USLACKBOT"},
        {"user": None},
        {"user": None, "subtype": "bot_message", "bot_id": "B1"},
        {"bot_id": "B1"},
        {"subtype": "channel_topic"},
        {"edited": {"user": jane, "ts": ts}},
        {"channel": "C0GONE", "channel_type": "channel"},
    ):
        assert (await workspace.act(workspace.message_of("jane", "help", **more))).ok
    elsewhere = workspace.message_of("jane", "help")
    payload = {**elsewhere.payload, "team_id": "T0ELSEWHERE"}
    await workspace.act(replace(elsewhere, payload=payload))
    unknown = event(workspace.slack, jane, {"type": "channel_rename", "channel": {"id": "C1"}})
    await workspace.act(unknown)
    await workspace.bot.drain()
    assert len(said(workspace, "jane")) == 1
    assert workspace.paths() == []

    # What is not Slack's is refused, whatever it says.
    key, workspace.slack.signing_secret = workspace.slack.signing_secret, "wrong"
    forged = await workspace.slack.deliver(workspace.message_of("jane", "help"))
    workspace.slack.signing_secret = key
    assert forged.status == 401
    for who, sentence in (
        ("gina.guest", "Guests can't see practice results."),
        ("gus.globex", "your account belongs to another workspace."),
    ):
        delivery = workspace.message_of(who, "sessions last 7d")
        for _ in range(2):
            await workspace.act(delivery)
        await workspace.bot.drain()
        (told,) = said(workspace, who)
        assert sentence in told
    assert workspace.paths() == []


async def test_slack_in_trouble(workspace: Workspace) -> None:
    """A rate limit is waited out; a message of which nobody knows is not sent twice."""
    slack, dm = workspace.slack, workspace.dm("jane")
    slack.fault("chat.postMessage", "ratelimited", seconds=1)
    answer = await workspace.tell("jane", "sessions last 7d")
    slack.fault("chat.update", "drop")
    slack.fault("chat.update", "ratelimited", seconds=1)
    again = await workspace.press("jane", answer, "Refresh")
    await workspace.bot.drain()
    assert (again.ts, len(said(workspace, "jane"))) == (answer.ts, 1)

    # It arrived, and the answer got lost on its way back.
    slack.fault("chat.postMessage", "drop")
    await slack.said(workspace.user("jane"), dm, "sessions last 6d")
    await workspace.bot.drain()
    texts = said(workspace, "jane")[1:]
    assert ["sessions" in texts[0], texts[1].partition(".")[0]] == [
        True,
        "Slack broke off while I was answering",
    ]
    assert len(texts) == 2
    # The thread is gone, or what was to be changed: the answer comes as a new message.
    gone = workspace.message_of("jane", "help", thread_ts="1700000000.000100")
    ack = await workspace.act(gone)
    told = await workspace.heard("jane", dm, after=ack)
    assert told.thread_ts is None
    pressed = workspace.press_of(
        "jane", answer, "sessions.refresh", button(answer, "Refresh")["value"], "sessions.more"
    )
    slack.remove(slack.message(answer.ts))
    ack = await workspace.act(pressed)
    assert "sessions" in (await workspace.heard("jane", dm, after=ack)).text


@pytest.mark.new_here
async def test_who_waits_is_told_how_it_goes_in_one_message(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.handlers.LOOKING_AFTER", 0.0)
    jane, dm = workspace.user("jane"), workspace.dm("jane")
    with workspace.exec_held("/sessions"):
        asked = await workspace.slack.said(jane, dm, "sessions last 1d")
        looking = await workspace.told("jane", dm, after=asked)
        assert looking.text.startswith("Looking…")
    answer = await workspace.heard("jane", dm, after=looking)
    assert (answer.ts, answer.via) == (looking.ts, "chat.update")

    # Cut short by the end of this process.
    with workspace.exec_held("/sessions"):
        asked = await workspace.slack.said(jane, dm, "sessions last 60d")
        looking = await workspace.told("jane", dm, after=asked)
        await workspace.bot.drain(seconds=0.1)
        told = await workspace.heard("jane", dm, after=looking)
        assert told.ts == looking.ts
        assert told.text.startswith("I was interrupted before I could answer.")
