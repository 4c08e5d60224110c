"""Whom the bot writes to for somebody: the account that is theirs, if it may hear of practice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.conversations.test_coaches import MONDAY, last_to_bob, monday_came, one_of
from tests.office import Office

pytestmark = pytest.mark.acquainted


async def one_is_chosen(office: Office) -> None:
    """Bob chose Jane out of all his people."""
    await monday_came(office)
    everyone = await office.press("bob", last_to_bob(office), "See everyone")
    await one_of(office, everyone, "Jane Smith")


def told(office: Office, who: str) -> list[str]:
    return [message.text for message in office.seen(who, office.dm(who))]


@pytest.mark.begins(after=one_is_chosen)
async def test_who_was_linked_to_somebody_else_gets_no_nudge_for_them(office: Office) -> None:
    jane = last_to_bob(office)
    await office.ask("ana", "link @jane raj.patel@acme.com")
    refused = await office.press("bob", jane, "Send a friendly nudge")
    assert refused.text == "I found no Slack account of Jane Smith."
    assert told(office, "jane") == []


@pytest.mark.begins(after=one_is_chosen)
async def test_linked_between_preview_and_sending_they_get_none_either(office: Office) -> None:
    jane = last_to_bob(office)
    preview = await office.press("bob", jane, "Send a friendly nudge")
    await office.ask("ana", "link @jane raj.patel@acme.com")
    refused = await office.press("bob", preview, "Send it")
    assert refused.text == "I found no Slack account of Jane Smith."
    assert told(office, "jane") == []


async def test_who_was_linked_to_somebody_else_does_not_hear_that_they_coach(
    office: Office,
) -> None:
    await office.ask("ana", "link @jane raj.patel@acme.com")
    done = await office.ask("ana", 'coach add jane@acme.com "East Coast"')
    assert "I found no Slack account of theirs" in done.text
    assert told(office, "jane") == []


@pytest.mark.begins(after=one_is_chosen)
async def test_with_a_link_of_their_own_they_are_reached_again(office: Office) -> None:
    jane = last_to_bob(office)
    await office.ask("ana", "link @jane raj.patel@acme.com")
    await office.ask("ana", "link @priya jane@acme.com")
    preview = await office.press("bob", jane, "Send a friendly nudge")
    assert (await office.press("bob", preview, "Send it")).text == "Sent to Jane Smith."
    assert told(office, "jane") == []
    (nudge,) = told(office, "priya")
    assert nudge.startswith("Bob Jones asked me to pass this on: ")


NO_NUDGE = (
    "I can't write to Jane Smith for you: that takes a full Slack account that is switched on."
)


def make_guest(office: Office) -> None:
    office.slack.team.users[office.user("jane")].is_restricted = True


def switch_off(office: Office) -> None:
    """Slack finds no account that is off by its e-mail address: only a link leads there."""
    office.slack.team.users[office.user("jane")].deleted = True


@pytest.mark.begins(after=one_is_chosen)
@pytest.mark.parametrize("change", [make_guest, switch_off])
async def test_who_may_not_hear_of_practice_gets_no_nudge(
    office: Office, change: Callable[[Office], None]
) -> None:
    """The coach hears it before they are shown one, and after, if it came about meanwhile."""
    await office.ask("ana", "link @jane jane@acme.com")
    jane = last_to_bob(office)
    preview = await office.press("bob", jane, "Send a friendly nudge")
    change(office)
    office.clock.tick(3601)
    assert (await office.press("bob", preview, "Send it")).text == NO_NUDGE
    assert (await office.press("bob", jane, "Send a friendly nudge")).text == NO_NUDGE
    assert told(office, "jane") == []


@pytest.mark.begins(after=one_is_chosen)
async def test_somebody_of_another_company_who_was_linked_gets_no_nudge(office: Office) -> None:
    """A link may lead there that was made by another way than the command."""
    jane = last_to_bob(office)
    core, team = office.bot.core, office.slack.team.id
    member = await core.catalogue.member(email="jane@acme.com")
    assert member is not None
    await core.people.link(team, office.user("gus.globex"), member, by=office.user("ana"))
    assert (await office.press("bob", jane, "Send a friendly nudge")).text == NO_NUDGE
    assert told(office, "gus.globex") == []


async def test_an_account_of_another_company_is_not_linked(office: Office) -> None:
    gus = office.user("gus.globex")
    ack = await office.act(office.command_of("ana", f"link <@{gus}> bob@acme.com"))
    refused = await office.heard("ana", after=ack)
    assert refused.text == (
        "Gus Globex belongs to another company's workspace, so I can't link them to anyone in Exec."
    )


async def test_a_guest_is_linked_so_that_admins_can_ask_about_them(office: Office) -> None:
    done = await office.ask("ana", "link @gina.guest bob@acme.com")
    assert done.text.startswith("Done: Gina Guest in Slack is now Bob Jones (bob@acme.com)")
    refused = await office.ask("gina.guest", "sessions")
    assert refused.text.startswith("Guests can't see practice results.")


async def test_a_coach_who_is_linked_later_gets_messages_from_then_on(office: Office) -> None:
    sam, exec_email = office.slack.team.user_called(office.user("sam")), "sam@acme.com"
    office.slack.team.users[sam.id].email = "sam@elsewhere.com"
    added = await office.ask("ana", f'coach add {exec_email} "West Coast"')
    assert "no message until you link one" in added.text
    linked = await office.ask("ana", f"link <@{sam.id}> {exec_email}")
    assert "They coach people, and get a message about them every Monday at 8:30" in linked.text
    office.clock.now = MONDAY + timedelta(minutes=1)
    await office.bot.core.delivering.run_due()
    (message,) = told(office, sam.id)
    assert message.startswith("Your people")
