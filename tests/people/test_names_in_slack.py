"""People are called by their name in Exec, whatever their name in Slack is."""

from __future__ import annotations

import json

from bot.demo.story import MANAGER
from tests.office import Office, berlin
from tests.shown import table

MONDAY_8_30 = berlin("2026-03-23 8:30")


async def test_nobody_passes_for_another_by_their_name_in_slack(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    office.slack.team.users[office.user("bob")].real_name = "Ana Costa"
    office.slack.team.users[office.user(MANAGER)].real_name = "Jane Smith"
    office.clock.tick(3601)
    await office.ask("bob", "sessions @jane last 7d")
    assert [*table(await office.ask("jane", "audit"))[0].values()][1] == "Bob Jones"
    (look,) = table(await office.ask("ana", "audit @jane"))
    assert [*look.values()][1] == "Bob Jones (bob@acme.com)"
    answer = await office.ask("bob", 'trend group:"West Coast"', "west-coast")
    post = await office.share("bob", answer)
    assert post is not None
    assert "Bob Jones" in post.text
    assert "Ana Costa" not in post.text
    await office.ask("bob", 'digest "West Coast" every monday 8:30', "west-coast")
    assert "Bob Jones" in (await office.ask("ana", "digest list", "west-coast")).text
    await office.at(MONDAY_8_30)
    person = await office.choose("bob", office.dms("bob")[-1], "Sam Lee")
    form = await office.form("bob", person, "Nudge")
    assert "a note from *Bob Jones*" in json.dumps(form.view)
