"""The Home tab: what each role sees in it, and what its buttons do."""

from __future__ import annotations

import json

from bot.demo.slack_payloads import view_action
from bot.demo.slack_workspace import View
from tests.conversations.acts import dms
from tests.workspace import Workspace, button, offered, table


def text_of(view: View) -> str:
    """All text of a Home tab or a modal, without its buttons."""
    found = []
    for block in view.blocks:
        texts = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
        found += [
            str(each["text"])
            for each in texts
            if each and "text" in each and each.get("type") != "button"
        ]
    return "\n".join(found)


def modal(workspace: Workspace, who: str) -> View:
    """The modal that somebody has open."""
    view = workspace.slack.views.get(workspace.user(who))
    assert view is not None
    return view


async def press(workspace: Workspace, who: str, label: str) -> str:
    """The text of the modal that a button of the Home tab opens; it is closed again."""
    await workspace.press_home(who, label)
    view = modal(workspace, who)
    workspace.slack.close(workspace.user(who), view.id)
    return text_of(view)


async def press_in_modal(workspace: Workspace, who: str, label: str) -> None:
    view = modal(workspace, who)
    pressed = button(view, label)
    entry = pressed["text"]["text"] if "menu" in pressed else None
    place = pressed.get("menu", pressed["action_id"])
    assert (await workspace.slack.click(workspace.user(who), view.id, place, entry)).ok
    await workspace.bot.drain(30)


async def test_a_coach_nudges_and_looks_after_the_monday_message(workspace: Workspace) -> None:
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    (welcome,) = dms(workspace, "bob")
    workspace.forget()
    text = text_of(await workspace.open_home("bob"))
    assert workspace.paths() == []
    assert "Your people, 13 – 19 March · 9 of 11 practiced" in text
    assert "*Sam Lee*: no practice since" in text
    # Names in it are looks, logged once a day.
    await workspace.open_home("bob")
    looks = table(await workspace.ask("ana", "audit sam@acme.com"))[1:]
    assert [row[1] for row in looks if row[2] == "coach"] == ["Bob Jones (bob@acme.com)"]

    view = await workspace.home("bob")
    (menu,) = [
        element
        for block in view.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == "coach.choose"
    ]
    sam = menu["options"][0]["value"]
    await workspace.slack.click(workspace.user("bob"), view.id, "coach.choose", sam)
    await workspace.bot.drain(30)
    await press_in_modal(workspace, "bob", "Nudge Sam")
    form = modal(workspace, "bob")
    await workspace.slack.submit(workspace.user("bob"), form.id, {"text": "Call me, Sam"})
    await workspace.home("bob")
    *_, sent = dms(workspace, "bob")
    assert sent.text.startswith("Sent to Sam Lee.")
    assert dms(workspace, "sam")

    await press(workspace, "bob", "Pause")
    text = text_of(await workspace.home("bob"))
    assert "won't be sent until you resume it" in text.partition("Your message about")[2]
    assert (await press(workspace, "bob", "Resume")).startswith("*Resumed.*")
    assert dms(workspace, "bob") == [welcome, sent]

    await workspace.confirm("ana", "coach remove @bob")
    view = await workspace.open_home("bob")
    assert "Your people" not in text_of(view)
    assert "Sam Lee" not in json.dumps(view.blocks)


async def test_an_admin_looks_after_digests(workspace: Workspace) -> None:
    await workspace.ask("ana", 'digest "West Coast" every monday 9:00', "west-coast")
    await workspace.ask("ana", "digest sessions scenario:renewal every monday 9:00", "west-coast")
    workspace.clock.tick(7 * 3600)
    workspace.forget()
    text = text_of(await workspace.open_home("ana"))
    assert workspace.paths() == []  # though all stored lists are old by now
    assert "Groups ·" in text
    await workspace.press_home("ana", "Manage digests")
    text = text_of(modal(workspace, "ana"))
    assert "*West Coast* in #west-coast, every Monday at 9:00 (Central European time)" in text
    assert "*sessions: scenario Renewal Save* in #west-coast" in text
    assert {"Preview", "Send now", "Edit", "Pause"} <= set(offered(modal(workspace, "ana")))
    await press_in_modal(workspace, "ana", "Pause")
    assert "*Paused.*" in text_of(modal(workspace, "ana"))


async def test_an_admin_starts_with_what_is_left_to_do(workspace: Workspace) -> None:
    text = text_of(await workspace.open_home("ana"))
    order = ["Left to do", "Assign coaches", "Post a digest", "Groups ·", "Your practice"]
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)
    assert "coach add" in await press(workspace, "ana", "Show how")

    await workspace.press_home("ana", "Set up a digest")
    values = {
        "group": workspace.world.group("West Coast").id,
        "zone": "Europe/Berlin",
        "channel": workspace.channel("west-coast"),
    }
    form = modal(workspace, "ana")
    ack = await workspace.slack.submit(workspace.user("ana"), form.id, values)
    assert ack.view_errors == {}
    text = text_of(await workspace.home("ana"))
    assert "Left to do" in text
    assert "Post a digest" not in text
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    for who in ("ana", "bob"):
        assert "Left to do" not in text_of(await workspace.open_home(who))


async def test_an_old_or_forged_button_is_refused(workspace: Workspace) -> None:
    view = await workspace.open_home("jane")
    old = {"type": "button", "action_id": "coach.choose", "block_id": "b", "value": "x"}
    await workspace.act(view_action(workspace.slack, workspace.user("jane"), view, old, {}))
    view = await workspace.home("jane")
    assert text_of(modal(workspace, "jane")).startswith("This button is too old")
    assert "Your practice" in text_of(view)
    assert dms(workspace, "jane") == []
