"""A form that Slack delivers again is saved once, whichever process gets it."""

from __future__ import annotations

from tests.office import Office
from tests.shown import labels


async def test_a_form_that_is_delivered_again_is_saved_once(office: Office) -> None:
    """With its old signature or a new one, to this process or another."""
    await office.ask_only("ana", 'digest "West Coast"', "west-coast")
    view = office.form_of("ana")
    refused = await office.submit("ana", view, {"zone": "Atlantis"})
    values = {"rhythm": "every friday", "zone": "Europe/Berlin"}
    saved = await office.submit("ana", view, values)
    shown = len(office.slack.messages)
    first = office.slack.request_url
    async with office.second_bot():
        for url in (first, office.slack.request_url):
            office.slack.request_url = url
            for ack in (refused, saved):
                assert ack.envelope is not None
                assert (await office.act(ack.envelope)).body == ack.body
                assert (await office.slack.redeliver(ack)).body == ack.body
        await office.drain()
    assert len(office.slack.messages) == shown
    listed = await office.ask("ana", "digest list", "west-coast")
    assert labels(listed).count("Pause") == 1
