"""How fresh a report is: it says its oldest look, wherever its figures are read."""

from __future__ import annotations

from datetime import timedelta

from tests.conversations.test_coaches import WEST
from tests.conversations.test_digests import LINE, MONDAY_9, deliver, posts, told
from tests.office import NOW, Office, footer

OLDEST = "older sessions last checked Fri 20 Mar 10:00"


async def test_a_report_says_its_oldest_look_where_that_is_older_than_the_rest(
    office: Office,
) -> None:
    saved = await office.ask("ana", LINE, "west-coast")
    await office.press("ana", saved, "Send now")
    await deliver(office, NOW + timedelta(seconds=2))
    (post,) = posts(office)
    counted = await office.press("ana", post, "How was this counted?")
    assert "Everything up to 10:00 is counted; an attempt that is graded later is not." in (
        counted.text
    )
    for message in (post, await office.press("ana", post, "See details")):
        assert "last checked" not in message.text + str(message.blocks)

    await office.ask("ana", WEST)
    office.clock.now = MONDAY_9 - timedelta(hours=4)
    await office.ask("ana", 'sessions group:"West Coast" today')  # the group is looked at
    await deliver(office, MONDAY_9 + timedelta(seconds=1))
    _, post = posts(office)
    coach = told(office, "bob")[-1]
    own = await office.ask("jane", "me")
    for message in (post, await office.press("ana", post, "See details"), coach, own):
        assert OLDEST in message.text
        assert OLDEST in footer(message)
    for said in (coach.text, footer(coach)):
        assert "group members updated at 05:00" in said
    counted = await office.press("ana", post, "How was this counted?")
    for shown in (counted.text, str(counted.blocks)):
        assert "Sessions up to 09:00 are counted, but older sessions last checked Fri 20" in shown
        assert "Everything up to" not in shown
