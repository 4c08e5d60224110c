"""While nobody can tell who is in a group, its coach sees nothing of it; who sees all, does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.sandbox.exec_server import Fault
from tests.conversations.test_a_group_that_changed import leave
from tests.conversations.test_coaches import WEST
from tests.conversations.test_digests import deliver, kept, posts
from tests.conversations.test_sharing import public
from tests.office import Office, footer, labels, table, whose

ASK = 'sessions group:"West Coast" last 60d'
UNSURE = "just now: I last saw who is in your groups on Fri 20 March, and can't ask Exec again yet."
HOUR = 3600


async def away(office: Office) -> None:
    office.exec.faults.append(Fault("reset", times=None))


async def used_up(office: Office) -> None:
    await office.leave(0)


WHY = pytest.mark.parametrize("why", [away, used_up])


async def answered(office: Office) -> None:
    """Bob asked about his people, once more a day after it was read who they are."""
    await office.bot.core.sync.run()
    await office.ask("ana", WEST)
    await office.ask("bob", ASK, "west-coast")
    await office.ask("bob", "sessions me last 60d")
    office.clock.tick(25 * HOUR)
    answer = await office.ask("bob", ASK, "west-coast")
    assert "Jane Smith" in str(answer.blocks)


@pytest.mark.begins(after=answered)
@WHY
async def test_a_coach_is_told_so_at_every_door(office: Office, why: object) -> None:
    answer = office.seen("bob", "west-coast")[-1]
    other = await office.ask("bob", ASK, "west-coast")
    leave(office, "jane@acme.com")
    asked = await office.press("bob", answer, "Share in channel")
    office.clock.tick(2 * HOUR)
    await (away if why is away else used_up)(office)
    heard = [await office.press("bob", asked, "Post it")]
    for message, label in ((answer, "Share in channel"), (answer, "Next"), (other, "Refresh")):
        heard.append(await office.press("bob", message, label))
    heard.append(await office.ask("bob", ASK, "west-coast"))
    heard.append(await office.ask("bob", "sessions @jane last 60d", "west-coast"))
    for told in heard:
        assert UNSURE in told.text
        assert labels(told) == ["My last 7 days"]
        assert table(told) == []
    assert [message for message in public(office) if message.channel == answer.channel] == []
    own = await office.press("bob", heard[-1], "My last 7 days")
    assert whose(own) == {"Bob Jones"}


@pytest.mark.begins(after=answered)
@WHY
async def test_who_sees_everybody_gets_what_is_held_and_how_old_it_is(
    office: Office, why: object
) -> None:
    await office.ask("ana", ASK, "west-coast")
    office.clock.tick(2 * HOUR)
    await (away if why is away else used_up)(office)
    told = await office.ask("ana", ASK, "west-coast")
    assert len(table(told)) > 1
    assert "group members updated Fri 20 Mar" in footer(told)


async def test_a_coach_whose_people_nobody_has_seen_yet(office: Office) -> None:
    await office.ask("ana", WEST)
    office.clock.tick(9 * 24 * HOUR)
    await away(office)
    told = await office.ask("bob", ASK)
    assert told.text.startswith("I can't show West Coast just now: ")


async def test_a_digest_waits_until_its_people_are_known(office: Office) -> None:
    await office.ask("ana", WEST)
    office.slack.team.channel_called("west-coast").members.append(office.user("bob"))
    await office.ask("bob", 'digest "West Coast" every monday 9:00', "west-coast")
    leave(office, "jane@acme.com")
    await away(office)
    await deliver(office, datetime(2026, 3, 23, 8, 1, tzinfo=UTC))
    assert posts(office) == []
    assert [one.paused for one in await kept(office)] == [""]
    office.exec.faults.clear()
    await deliver(office, datetime(2026, 3, 23, 9, 0, tzinfo=UTC))
    (post,) = posts(office)
    assert f"of {len(office.world.roster('West Coast'))} people practised" in post.text
