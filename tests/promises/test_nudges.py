"""Nudges: who gets them, their words, and how often they come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.office import Ack, Office, SlackMessage, View, berlin
from tests.shown import Button, everything, find_button

MONDAY = berlin("2026-03-23 8:30")


def field_of(form: View) -> tuple[str, str]:
    """The block id of a form's field, and its text; "" without a field."""
    fields = [block for block in form.blocks if block["type"] == "input"]
    if not fields:
        return "", ""
    return fields[0]["block_id"], fields[0]["element"]["initial_value"]


def url_of(message: SlackMessage, label: str) -> str:
    return str(find_button(message, label)["url"])


async def nudge(
    office: Office, message: SlackMessage, label: str, words: str = "", fault: str = ""
) -> Ack | None:
    """Nudge with one of Bob's buttons. Returns None if there is nothing to send. The fault is
    Slack's."""
    await office.press_only("bob", message, label)
    form = office.slack.views.get(office.user("bob"))
    block, draft = field_of(form) if form else ("", "")
    if form is None or not block:
        return None
    assert draft
    if fault:
        office.slack.fault("chat.postMessage", fault)
    return await office.submit("bob", form, {block: words or draft})


async def monday_message(office: Office) -> SlackMessage:
    await office.ask("ana", 'coach add @bob "West Coast"')
    message = await office.news_at("bob", MONDAY)
    assert message is not None
    return message


async def test_a_nudge_is_in_the_words_of_the_coach(office: Office) -> None:
    message = await monday_message(office)
    refused = await nudge(office, message, "Nudge Sam", words=" \n ")
    assert refused is not None
    assert refused.view_errors
    assert office.dms("sam") == []
    office.slack.close(office.user("bob"), office.form_of("bob").id)

    await nudge(
        office, message, "Nudge Sam", "Ten *minutes* & <@U1> <!channel> https://evil.test ?"
    )

    (note,) = office.dms("sam")
    assert "Ten" in note.text
    assert "Bob" in note.text
    assert "evil.test>" not in everything(note)
    assert office.slack.mentions_of(note) == []
    assert url_of(note, Button.START) in {
        scenario.url for scenario in office.world.scenarios.values()
    }
    assert office.user("bob") in url_of(note, "Reply")


async def test_a_person_gets_one_nudge_an_hour(office: Office) -> None:
    """The form says when the last nudge was sent."""
    message = await monday_message(office)
    for minutes, expected in ((0, 1), (1, 1), (58, 1), (2, 2)):
        office.wait(minutes=minutes)
        await nudge(office, message, "Nudge Sam", f"Hello after {minutes}")
        assert len(office.dms("sam")) == expected
        if office.user("bob") in office.slack.views:
            office.slack.close(office.user("bob"), office.form_of("bob").id)
    office.wait(hours=2)
    assert "9:31" in everything(await office.form("bob", message, "Nudge Sam"))


async def test_a_nudge_whose_arrival_is_unknown_arrives_once(office: Office) -> None:
    message = await monday_message(office)
    for fault, name in (("drop", "Sam Lee"), ("reset", "Liam Murphy")):
        label = f"Nudge {name.partition(' ')[0]}"
        shown = await office.choose("bob", message, name)
        await nudge(office, shown, label, fault=fault)
    for minutes in (2, 6):
        await office.at(MONDAY + timedelta(minutes=minutes))
    assert (len(office.dms("sam")), len(office.dms("liam.murphy"))) == (1, 1)


async def test_a_nudge_that_slack_refuses_can_be_sent_again(office: Office) -> None:
    message = await monday_message(office)
    await nudge(office, message, "Nudge Sam", fault="restricted_action")
    assert office.dms("sam") == []
    await nudge(office, message, "Nudge Sam")
    assert len(office.dms("sam")) == 1


async def test_a_nudge_reaches_only_people_who_may_get_it(office: Office) -> None:
    """Not a guest, another person's account, or somebody who is no longer theirs."""
    message = await monday_message(office)
    shown = {
        who: await office.choose("bob", message, office.person(who).name)
        for who in ("sam", "liam.murphy", "jane")
    }
    office.account("sam").is_restricted = True
    office.wait(hours=2)
    await office.ask("ana", "link @liam.murphy grace.achieng@acme.com")
    await nudge(office, shown["sam"], "Nudge Sam")
    await nudge(office, shown["liam.murphy"], "Nudge Liam")
    await office.remove("coach remove @bob")
    await nudge(office, shown["jane"], "Nudge Jane")
    assert [who for who in shown if office.dms(who)] == []


async def test_the_next_message_says_what_came_of_a_nudge(office: Office) -> None:
    message = await monday_message(office)
    await nudge(office, message, "Nudge Sam")
    office.practice("sam", at=MONDAY + timedelta(days=2), score=77)
    after = await office.news_at("bob", MONDAY + timedelta(days=7))
    assert after is not None
    assert "Sam Lee" in after.text
    assert not after.text.partition("Sam Lee")[0].endswith("first: ")
    assert "nudge" in after.text.lower()


async def test_somebody_who_muted_nudges_gets_none(office: Office) -> None:
    message = await monday_message(office)
    form = await office.form("bob", message, "Nudge Sam")
    block, draft = field_of(form)
    await office.ask("sam", "me muted")
    office.wait(hours=2)
    await office.submit("bob", form, {block: draft})
    assert await nudge(office, message, "Nudge Sam") is None
    assert office.dms("sam") == []


async def test_somebody_without_practice_is_nudged_to_something_easy(office: Office) -> None:
    office.world.assignments.clear()
    easy = office.world.scenario("Quarterly Business Review")
    for scenario, visibility in (
        (easy, "workspace"),
        (office.world.scenario("Cold Call Opener"), "private"),
    ):
        office.world.scenarios[scenario.id] = replace(scenario, visibility=visibility)
    message = await monday_message(office)
    liam = await office.choose("bob", message, "Liam Murphy")
    await nudge(office, liam, "Nudge Liam")
    (note,) = office.dms("liam.murphy")
    assert url_of(note, Button.START) == easy.url


async def test_a_nudge_from_home_is_sent_once(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    await office.open_home("bob")
    await office.press_home("bob", "Nudge Sam")
    form = office.form_of("bob")
    await office.submit("bob", form, dict([field_of(form)]))
    assert "Sam Lee" in office.dms("bob")[-1].text
    assert len(office.dms("sam")) == 1
