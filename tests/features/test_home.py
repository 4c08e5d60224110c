"""The Home tab: what each role sees in it, and what its buttons do."""

from __future__ import annotations

from bot.demo.slack_payloads import view_action
from bot.demo.slack_workspace import View
from tests.office import Office
from tests.shown import find_button, labels


def text_of(view: View) -> str:
    """All text of a Home tab or a modal, without its buttons."""
    lines = []
    for block in view.blocks:
        texts = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
        lines += [
            str(text["text"])
            for text in texts
            if text and "text" in text and text.get("type") != "button"
        ]
    return "\n".join(lines)


async def opened(office: Office, who: str) -> View:
    view = await office.open_home(who)
    assert view is not None
    return view


async def test_an_admin_looks_after_digests(office: Office) -> None:
    await office.ask("ana", 'digest "West Coast" every monday 9:00', "west-coast")
    await office.ask("ana", "digest sessions scenario:renewal every monday 9:00", "west-coast")
    office.clock.tick(7 * 3600)
    office.forget_requests()
    text = text_of(await opened(office, "ana"))
    assert office.exec.requests == []  # though all stored lists are old by now
    assert "Groups ·" in text
    await office.press_home("ana", "Manage digests")
    text = text_of(office.form_of("ana"))
    assert "*West Coast* in #west-coast, every Monday at 9:00 AM (Central European time)" in text
    assert "*sessions: scenario Renewal Save* in #west-coast" in text
    assert {"Preview", "Send now", "Edit", "Pause"} <= set(labels(office.form_of("ana")))
    form = office.form_of("ana")
    pressed = find_button(form, "Pause")
    await office.slack.click(office.user("ana"), form.id, pressed["action_id"], "Pause")
    await office.drain()
    assert "*Paused.*" in text_of(office.form_of("ana"))


async def test_an_admin_starts_with_what_is_left_to_do(office: Office) -> None:
    text = text_of(await opened(office, "ana"))
    order = ["Left to do", "Assign coaches", "Post a digest", "Groups ·", "Your practice"]
    places = [text.index(section) for section in order]
    assert places == sorted(places)
    await office.press_home("ana", "Show how")
    assert "coach add" in text_of(office.form_of("ana"))
    office.slack.close(office.user("ana"), office.form_of("ana").id)

    await office.press_home("ana", "Set up a digest")
    values = {
        "group": office.world.group("West Coast").id,
        "zone": "Europe/Berlin",
        "channel": office.channel("west-coast"),
    }
    form = office.form_of("ana")
    ack = await office.submit("ana", form, values)
    assert ack.view_errors == {}
    text = text_of(office.slack.homes[office.user("ana")])
    assert "Left to do" in text
    assert "Post a digest" not in text
    await office.ask("ana", 'coach add @bob "West Coast"')
    for who in ("ana", "bob"):
        assert "Left to do" not in text_of(await opened(office, who))


async def test_an_old_or_forged_button_is_refused(office: Office) -> None:
    view = await opened(office, "jane")
    old = {"type": "button", "action_id": "coach.choose", "block_id": "b", "value": "x"}
    await office.act(view_action(office.slack, office.user("jane"), view, old, {}))
    view = office.slack.homes[office.user("jane")]
    assert text_of(office.form_of("jane")).startswith("This button is too old")
    assert "Your practice" in text_of(view)
    assert office.dms("jane") == []
