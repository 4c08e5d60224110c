"""Presses of buttons that a message doesn't have, which people can forge."""

from __future__ import annotations

from bot.demo.slack_workspace import SlackMessage
from tests.office import Office
from tests.shown import value_of

MENU = "sessions.more"


async def share_own(office: Office, who: str, channel: str) -> SlackMessage:
    """Somebody's own sessions, which they shared in a channel."""
    answer = await office.ask(who, "sessions me last 30d", channel)
    post = await office.share(who, answer)
    assert post is not None
    return post


async def forge(
    office: Office, who: str, message: SlackMessage, action: str, value: str, menu: str = ""
) -> SlackMessage:
    """The answer to a forged press, which only that person sees."""
    ack = await office.forge(who, message, action, value, menu)
    answer = await office.answer_to(who, message.channel, ack)
    assert answer.visible_to == office.user(who)
    return answer


async def test_a_post_is_neither_removed_nor_replaced(office: Office) -> None:
    post = await share_own(office, "jane", "west-coast")
    for who in ("priya", "ana"):
        answer = await forge(office, who, post, "confirm.cancel", "x")
        assert answer.text == "Other people can see this message, so I can't remove it."
    own = await office.ask("priya", "sessions me last 30d", "west-coast")
    refresh = value_of(own, "Refresh")
    for action, menu in (("sessions.refresh", MENU), ("sessions.next", ""), ("query.run", "")):
        answer = await forge(office, "priya", post, action, refresh, menu)
        assert answer.ts != post.ts
    # Neither another button's value nor that of another post removes it.
    elsewhere = await share_own(office, "priya", "sales-practice")
    for value in (refresh, value_of(elsewhere, "Remove")):
        answer = await forge(office, "priya", post, "share.remove", value)
        assert answer.text == "Only the person who shared this, or an admin, can remove it."
    assert office.posts("west-coast") == [post]


async def test_a_form_opened_from_a_post_leaves_it(office: Office) -> None:
    post = await share_own(office, "jane", "west-coast")
    answer = await office.ask("ana", "sessions last 30d", "west-coast")
    refresh = value_of(answer, "Refresh")
    await office.forge("ana", post, "digest.from_answer", refresh, MENU)
    view = office.form_of("ana")
    ack = await office.submit("ana", view, {})
    saved = await office.answer_to("ana", "west-coast", ack)
    assert saved.visible_to == office.user("ana")
    assert office.posts("west-coast") == [post]


async def test_in_a_direct_message_an_answer_is_replaced(office: Office) -> None:
    """Nobody else sees it, though Slack shows it as a message like any other."""
    place = office.place("jane")
    answer = await office.ask("jane", "sessions me last 30d", place)
    plain = office.slack.post(place, {"text": answer.text, "blocks": answer.blocks})
    fresh = await office.press("jane", plain, "Refresh")
    assert fresh.ts == plain.ts
    await office.forge("jane", fresh, "confirm.cancel", "x")
    assert office.slack.message(plain.ts) is None
