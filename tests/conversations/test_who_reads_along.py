"""Nothing is posted where guests read along: who is one is told by Slack's list of the day."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.sandbox.slack_team import SlackUser
from bot.storage.tables import slack_user
from tests.conversations.test_digests import (
    MONDAY_9,
    deliver,
    digest_of_west,
    kept,
    posts,
    told,
)
from tests.office import Office

pytestmark = pytest.mark.acquainted

GUESTS = "guests or people of another company in #west-coast"


async def read_list(office: Office) -> None:
    await office.bot.core.people.list_accounts(office.slack.team.id)


def calls(office: Office, method: str) -> list[str]:
    """What calls of a method were about: a person, or a page."""
    found = [call.args for call in office.slack.calls if call.method == method]
    return [str(args.get("user") or args.get("cursor") or "") for args in found]


def join(office: Office, count: int, **kind: bool) -> list[str]:
    """Let so many people of Slack, whom nobody looked at, join the channel of the digest."""
    users = [SlackUser(f"U8{n:04}", f"new{n}", f"New {n}", None, **kind) for n in range(count)]
    ids = [office.slack.team.add_user(user).id for user in users]
    office.slack.team.channel_called("west-coast").members += ids
    return ids


@pytest.mark.begins(after=digest_of_west)
async def test_the_list_of_the_day_tells_all_and_it_is_read_once(office: Office) -> None:
    join(office, 150)
    for number in range(250):
        office.slack.team.add_user(SlackUser(f"U7{number:04}", f"n{number}", f"N {number}", None))
    office.clock.now = MONDAY_9 - timedelta(hours=12)
    office.slack.calls.clear()
    await read_list(office)
    pages = calls(office, "users.list")
    assert len(pages) == -(-len(office.slack.team.users) // 200)
    await read_list(office)
    await deliver(office, MONDAY_9 + timedelta(seconds=1))
    assert len(posts(office)) == 1
    assert calls(office, "users.list") == pages
    # The owner's rights are judged by what Slack says now.
    assert calls(office, "users.info") == [office.user("ana")]
    office.clock.now += timedelta(hours=12)
    await read_list(office)
    assert len(calls(office, "users.list")) == 2 * len(pages)


@pytest.mark.begins(after=digest_of_west)
@pytest.mark.parametrize("became", ["is_restricted", "is_ultra_restricted", "is_stranger"])
async def test_who_was_made_a_guest_before_the_list_was_read_reads_none(
    office: Office, became: str
) -> None:
    setattr(office.slack.team.user_called("jane@acme.com"), became, True)
    office.clock.now = MONDAY_9 - timedelta(hours=2)
    await read_list(office)
    await deliver(office, MONDAY_9 + timedelta(seconds=1))
    assert posts(office) == []
    (notice,) = told(office, "ana")
    assert GUESTS in notice.text
    assert [one.paused for one in await kept(office)] == ["guests_in_channel"]


@pytest.mark.begins(after=digest_of_west)
async def test_who_came_after_it_is_looked_up_alone(office: Office) -> None:
    office.clock.now = MONDAY_9 - timedelta(hours=2)
    await read_list(office)
    new = join(office, 2)
    office.slack.calls.clear()
    await deliver(office, MONDAY_9 + timedelta(seconds=1))
    assert len(posts(office)) == 1
    assert sorted(set(calls(office, "users.info")) - {office.user("ana")}) == new


@pytest.mark.begins(after=digest_of_west)
async def test_a_guest_who_came_after_it_is_seen_too(office: Office) -> None:
    office.clock.now = MONDAY_9 - timedelta(hours=2)
    await read_list(office)
    join(office, 1, is_restricted=True)
    await deliver(office, MONDAY_9 + timedelta(seconds=1))
    assert posts(office) == []
    assert GUESTS in told(office, "ana")[0].text


@pytest.mark.begins(after=digest_of_west)
async def test_without_a_list_people_are_looked_up_slowly_and_it_is_posted_late(
    office: Office,
) -> None:
    join(office, 150)
    office.clock.now = MONDAY_9 - timedelta(hours=2)
    office.slack.fault("users.list", "internal_error", times=9)
    with pytest.raises(Exception, match="internal_error"):
        await read_list(office)
    now = MONDAY_9 + timedelta(seconds=1)
    looks, per_minute = 0, []
    while not posts(office):
        await deliver(office, now)
        looks, before = len(calls(office, "users.info")), looks
        per_minute.append(looks - before)
        now += timedelta(minutes=1)
    assert len(per_minute) == 2
    assert max(per_minute) <= 80
    assert told(office, "ana") == []


@pytest.mark.begins(after=digest_of_west)
async def test_while_slack_tells_nothing_nothing_is_posted_and_the_owner_is_told(
    office: Office,
) -> None:
    """The list is older than a day, and nobody can be looked up."""
    office.clock.now = MONDAY_9 - timedelta(hours=30)
    await read_list(office)
    now = MONDAY_9 + timedelta(seconds=1)
    office.slack.fault("users.info", "internal_error", times=10_000)
    while not told(office, "ana"):
        await deliver(office, now)
        now += timedelta(minutes=30)
        assert now < MONDAY_9 + timedelta(days=2)
    assert posts(office) == []
    assert "Slack" in told(office, "ana")[0].text


async def test_of_who_is_only_listed_no_more_than_the_kind_of_account_is_stored(
    office: Office,
) -> None:
    ids = join(office, 1)
    await read_list(office)
    query = sa.select(slack_user).where(slack_user.c.user_id == ids[0])
    (row,) = await office.bot.core.database.rows(query)
    assert (row.account_type, row.email, row.name, row.handle, row.tz) == ("full", "", "", "", "")
    assert row.fetched_at is None
