"""The Home tab: what each person finds there, and what comes of a press in it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.people.coaches import Coach
from bot.sandbox.slack_payloads import view_action
from bot.sandbox.slack_workspace import View
from tests.conversations.test_own_trouble import database_away
from tests.workspace import Workspace, offered, table

pytestmark = pytest.mark.acquainted

IN_MESSAGES = "I answered in *Messages*."


def said(view: View) -> str:
    """Everything that a Home tab says, but for its buttons."""
    found = []
    for block in view.blocks:
        texts = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
        found += [
            str(each["text"])
            for each in texts
            if each and "text" in each and each.get("type") != "button"
        ]
    return "\n".join(found)


def published(workspace: Workspace) -> int:
    """How often Slack was asked to show a Home tab."""
    return sum(call.method == "views.publish" for call in workspace.slack.calls)


def in_messages(workspace: Workspace, who: str) -> str:
    """The newest of what the bot wrote to somebody."""
    return workspace.seen(who, workspace.dm(who))[-1].text


async def coach_west(workspace: Workspace, who: str = "bob") -> Coach:
    """Somebody coaches West Coast, whose sessions of the last weeks are stored."""
    west = next(id_ for id_, each in workspace.world.groups.items() if each.name == "West Coast")
    coach = Coach(workspace.world.person(f"{who}@acme.com").id, frozenset({west}))
    await workspace.bot.coaches.add(coach, by="ana")
    await workspace.ask(who, "team last 60d")
    workspace.forget()
    return coach


async def choose(workspace: Workspace, label: str) -> View:
    """Bob chooses the first of his people in the Home tab, and then what to do."""
    bob = workspace.user("bob")
    view = workspace.slack.homes[bob]
    (menu,) = [
        element
        for block in view.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == "coach.choose"
    ]
    ack = await workspace.slack.click(bob, view.id, "coach.choose", menu["options"][0]["value"])
    assert ack.ok
    view = await workspace.home("bob")
    assert said(view).startswith(IN_MESSAGES)
    person = workspace.seen("bob", workspace.dm("bob"))[-1]
    await workspace.press("bob", person, label)
    return view


async def test_it_is_published_at_each_opening_once(workspace: Workspace) -> None:
    await workspace.ask("jane", "sessions last 60d")
    await workspace.open_home("jane")
    ack = await workspace.slack.home_opened(workspace.user("jane"), "messages")
    assert ack.ok
    ack = await workspace.slack.home_opened(workspace.user("jane"))
    await workspace.slack.redeliver(ack)
    await workspace.bot.drain()
    assert published(workspace) == 2


async def test_settings_are_changed_there(workspace: Workspace) -> None:
    core, jane = workspace.bot, workspace.world.person("jane@acme.com").id
    before = len(workspace.seen("jane", workspace.dm("jane")))
    await workspace.open_home("jane")
    view = await workspace.press_home("jane", "Hide my name")
    assert said(view).startswith("Done: your name is hidden in channel digests")
    assert "*Name in channel digests*\nHidden." in said(view)
    assert not await core.coaches.may_name(jane)
    view = await workspace.press_home("jane", "Show my name")
    assert "*Name in channel digests*\nShown" in said(view)
    assert await core.coaches.may_name(jane)

    view = await workspace.press_home("jane", "Send it every Monday")
    assert said(view).startswith("*Saved.* You get your own week every Monday at 8:30")
    assert "*Your own week by direct message*\nEvery Monday." in said(view)
    view = await workspace.press_home("jane", "Stop it")
    assert "*Your own week by direct message*\nOff." in said(view)
    assert len(workspace.seen("jane", workspace.dm("jane"))) == before


async def test_a_coach_sees_whom_to_talk_to(workspace: Workspace) -> None:
    coach = await coach_west(workspace)
    view = await workspace.open_home("bob")
    assert workspace.paths() == []
    text = said(view)
    assert "Your people  ·  13 – 19 March\n*9 of 11 practiced.*" in text
    assert " first*: " in text
    # Looks by the Home tab are logged, once a day.
    await workspace.open_home("bob")
    looks = table(await workspace.ask("ana", "audit sam@acme.com"))[1:]
    assert [row[1] for row in looks if row[2] == "coach"] == ["Bob Jones (bob@acme.com)"]

    # What can be done for each person is what the coach's message has.
    await choose(workspace, "Nudge Sam")
    preview = workspace.seen("bob", workspace.dm("bob"))[-1]
    sent = await workspace.press("bob", preview, "Send")
    assert sent.text.startswith("Sent to")
    await choose(workspace, "See sessions")
    assert "session" in in_messages(workspace, "bob")

    view = await workspace.press_home("bob", "Send it every Monday at 8:30")
    assert "*Your message about them*\nEvery Monday at 8:30 (Central European time)" in said(view)
    view = await workspace.press_home("bob", "Pause")
    assert "paused" in said(view).partition("*Your message about them*")[2]
    view = await workspace.press_home("bob", "Resume")
    assert said(view).startswith("*Resumed.*")
    await workspace.press_home("bob", "Preview")
    assert "practiced" in in_messages(workspace, "bob")
    await workspace.press_home("bob", "See everyone")
    assert "9 of 11" in in_messages(workspace, "bob")

    await workspace.bot.coaches.remove(coach)
    view = await workspace.open_home("bob")
    assert "Your people" not in said(view)
    assert "Sam Lee" not in json.dumps(view.blocks)


async def test_an_admin_sees_the_workspace(workspace: Workspace) -> None:
    await workspace.ask("ana", 'digest "West Coast" every monday 9:00', "west-coast")
    await workspace.ask("ana", "digest sessions scenario:renewal every monday 9:00", "west-coast")
    workspace.clock.tick(timedelta(hours=7).total_seconds())
    workspace.forget()
    view = await workspace.open_home("ana")
    assert workspace.paths() == []  # though all lists of names are old by now
    text = said(view)
    assert "*West Coast* in #west-coast, every Monday at 9:00 (Central European time)" in text
    assert "*sessions: scenario Renewal Save* in #west-coast" in text
    assert "of 1,000 requests used in the last 24 hours" in text
    view = await workspace.press_home("ana", "Manage")
    assert said(view).startswith(IN_MESSAGES)
    message = workspace.seen("ana", workspace.dm("ana"))[-1]
    assert {"Preview", "Send now", "Edit", "Pause"} <= set(offered(message))
    paused = await workspace.press("ana", message, "Pause")
    assert "Resume" in offered(paused)
    assert "paused" in said(await workspace.open_home("ana"))
    await workspace.press_home("ana", "Show status")
    assert "requests used in the last 24 hours" in in_messages(workspace, "ana")


async def test_an_admin_s_home_opens_with_what_is_left_to_do(workspace: Workspace) -> None:
    view = await workspace.open_home("ana")
    text = said(view)
    order = ["Left to do", "Say who coaches whom", "Post a digest", "Groups  ·", "Your practice"]
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)
    assert "Read the history" not in text
    await workspace.press_home("ana", "Show how")
    assert "coach add" in in_messages(workspace, "ana")

    await workspace.press_home("ana", "Set up a digest")
    form = workspace.slack.open_view(workspace.user("ana"))
    assert form is not None
    values = {"group": workspace.world.group("West Coast").id, "zone": "Europe/Berlin"}
    channel = {"channel": workspace.channel("west-coast")}
    ack = await workspace.slack.submit(workspace.user("ana"), form.id, {**values, **channel})
    assert ack.view_errors == {}
    text = said(await workspace.home("ana"))
    assert "Left to do" in text
    assert "Post a digest" not in text
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    assert "Left to do" not in said(await workspace.open_home("ana"))
    for who in ("bob", "jane"):
        assert "Left to do" not in said(await workspace.open_home(who))


async def test_troubles_of_the_bot_are_told_there(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    await workspace.ask("jane", "sessions last 60d")
    with database_away(workspace):
        view = await workspace.open_home("jane")
        assert said(view).startswith("I can't reach my own database right now.")
    with database_away(workspace, RuntimeError):
        view = await workspace.open_home("jane")
        reference = said(view).rpartition("Reference: ")[2].strip("`. ")
        assert reference
        assert reference in caplog.text
    view = await workspace.open_home("jane")
    assert "Your practice" in said(view)
    # A button of long ago, or of somebody else.
    old = {"type": "button", "action_id": "coach.choose", "block_id": "b", "value": "x"}
    await workspace.act(view_action(workspace.slack, workspace.user("jane"), view, old, {}))
    view = await workspace.home("jane")
    assert said(view).startswith("This button is too old, or belongs to someone else.")
    assert "Your practice" in said(view)
    assert workspace.seen("jane", workspace.dm("jane")) == []
