"""The Home tab: what each person finds there, and what comes of a press in it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.demo.slack_payloads import view_action
from bot.demo.slack_workspace import View
from bot.people.coaches import Coach
from tests.conversations.test_own_trouble import database_away
from tests.workspace import Workspace, button, offered, table

pytestmark = pytest.mark.acquainted


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


def shown(workspace: Workspace, who: str) -> View:
    """The modal in front of somebody, which they close."""
    view = workspace.slack.open_view(workspace.user(who))
    assert view is not None
    workspace.slack.close(workspace.user(who), view.id)
    return view


async def ask_in_home(workspace: Workspace, who: str, label: str, at: int = 0) -> str:
    """What the modal says that a button of the Home tab opens."""
    await workspace.press_home(who, label, at)
    return said(shown(workspace, who))


async def coach_west(workspace: Workspace, who: str = "bob") -> Coach:
    """Somebody coaches West Coast, whose sessions of the last weeks are stored."""
    west = next(id_ for id_, each in workspace.world.groups.items() if each.name == "West Coast")
    coach = Coach(workspace.world.person(f"{who}@acme.com").id, frozenset({west}))
    await workspace.bot.coaches.add(coach, by="ana")
    await workspace.ask(who, "team last 60d")
    workspace.forget()
    return coach


async def choose(workspace: Workspace, label: str) -> None:
    """Bob chooses the first of his people in the Home tab, and then what to do."""
    bob = workspace.user("bob")
    view = workspace.slack.homes[bob]
    (menu,) = [
        element
        for block in view.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == "coach.choose"
    ]
    await workspace.slack.click(bob, view.id, "coach.choose", menu["options"][0]["value"])
    await workspace.bot.drain(30)
    await press_in_modal(workspace, "bob", label)


async def press_in_modal(workspace: Workspace, who: str, label: str) -> None:
    """Press a button of the modal in front of somebody."""
    view = workspace.slack.open_view(workspace.user(who))
    assert view is not None
    pressed = button(view, label)
    place, entry = pressed.get("menu", pressed["action_id"]), None
    if "menu" in pressed:
        entry = pressed["text"]["text"]
    ack = await workspace.slack.click(workspace.user(who), view.id, place, entry)
    assert ack.ok
    await workspace.bot.drain(30)


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
    coaches, jane = workspace.bot.coaches, workspace.world.person("jane@acme.com").id
    before = len(workspace.seen("jane", workspace.dm("jane")))
    await workspace.open_home("jane")
    told = await ask_in_home(workspace, "jane", "Hide my name")
    assert told.startswith("Done. Your name won't appear in channel posts")
    assert "*Name in channel digests*\nHidden." in said(await workspace.home("jane"))
    assert (await coaches.person_settings(jane)).hides_name
    await ask_in_home(workspace, "jane", "Show my name")
    assert "*Name in channel digests*\nShown" in said(await workspace.home("jane"))
    assert not (await coaches.person_settings(jane)).hides_name

    await ask_in_home(workspace, "jane", "Mute nudges")
    assert "*Nudges from your coaches*\nMuted." in said(await workspace.home("jane"))
    assert (await coaches.person_settings(jane)).mutes_nudges
    await ask_in_home(workspace, "jane", "Unmute nudges")
    assert not (await coaches.person_settings(jane)).mutes_nudges

    told = await ask_in_home(workspace, "jane", "Send it every Monday")
    assert "every Monday at 8:30" in told
    assert "*Your own week by direct message*\nEvery Monday." in said(await workspace.home("jane"))
    await ask_in_home(workspace, "jane", "Stop it")
    assert "*Your own week by direct message*\nOff." in said(await workspace.home("jane"))
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
    form = workspace.slack.open_view(workspace.user("bob"))
    assert form is not None
    ack = await workspace.slack.submit(workspace.user("bob"), form.id, {"text": "Call me, Sam"})
    assert ack.view_errors == {}
    await workspace.home("bob")
    (sent,) = workspace.seen("bob", workspace.dm("bob"))
    assert sent.text.startswith("Sent to Sam Lee.")
    assert workspace.seen("sam", workspace.dm("sam"))
    await choose(workspace, "See sessions")
    assert "session" in said(shown(workspace, "bob"))

    await ask_in_home(workspace, "bob", "Send it every Monday at 8:30")
    text = said(await workspace.home("bob"))
    assert "*Your message about them*\nEvery Monday at 8:30 (Central European time)" in text
    await ask_in_home(workspace, "bob", "Pause")
    text = said(await workspace.home("bob"))
    assert "paused" in text.partition("*Your message about them*")[2]
    assert (await ask_in_home(workspace, "bob", "Resume")).startswith("*Resumed.*")
    assert "practiced" in await ask_in_home(workspace, "bob", "Preview")
    assert "9 of 11" in await ask_in_home(workspace, "bob", "See everyone")
    assert workspace.seen("bob", workspace.dm("bob")) == [sent]

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
    await workspace.press_home("ana", "Manage")
    listed = workspace.slack.open_view(workspace.user("ana"))
    assert listed is not None
    assert {"Preview", "Send now", "Edit", "Pause"} <= set(offered(listed))
    await press_in_modal(workspace, "ana", "Pause")
    assert "paused" in said(await workspace.home("ana"))
    assert "paused" in said(shown(workspace, "ana"))
    told = await ask_in_home(workspace, "ana", "Show status")
    assert "requests used in the last 24 hours" in told


async def test_an_admin_s_home_opens_with_what_is_left_to_do(workspace: Workspace) -> None:
    view = await workspace.open_home("ana")
    text = said(view)
    order = ["Left to do", "Assign coaches", "Post a digest", "Groups  ·", "Your practice"]
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)
    assert "Read the history" not in text
    assert "coach add" in await ask_in_home(workspace, "ana", "Show how")

    await workspace.press_home("ana", "Set up a digest")
    form = workspace.slack.open_view(workspace.user("ana"))
    assert form is not None
    values = {"group": workspace.world.group("West Coast").id, "zone": "Europe/Berlin"}
    channel = {"channel": workspace.channel("west-coast")}
    ack = await workspace.slack.submit(workspace.user("ana"), form.id, {**values, **channel})
    assert ack.view_errors == {}
    text = said(await workspace.home("ana"))
    assert "Saved" in workspace.seen("ana", workspace.dm("ana"))[-1].text
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
    assert said(shown(workspace, "jane")).startswith("This button is too old")
    assert "Your practice" in said(view)
    assert workspace.seen("jane", workspace.dm("jane")) == []
