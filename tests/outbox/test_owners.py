"""Whether what falls due may still be sent: for its owner, or whoever pressed, as they are now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot import access
from bot.access import AccountType, Asker, Visibility
from bot.errors import Broken, NotFound, SlackError
from bot.language.query import Member
from bot.outbox.ledger import Delivery, DeliveryKind, State
from bot.outbox.owners import Owners
from bot.outbox.plans import Kind, Plan, Subscription
from bot.outbox.reasons import Why
from bot.outbox.rights import OPEN
from bot.people.audience import Place

THEN = datetime(2026, 3, 16, tzinfo=UTC)
DIGEST = Subscription(
    "s1", "T1", Kind.GROUP, "ANA", Plan("C1", "daily 9:00", "UTC", "west"), THEN, THEN
)


@dataclass
class World:
    """People by account, their groups, and who is in the channel."""

    account_type: dict[str, AccountType] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=lambda: {"ANA": "west", "OLE": "east"})
    there: Place = OPEN
    error: Exception | None = None
    looked_at: list[str] = field(default_factory=list)

    async def asker(self, team_id: str, user_id: str) -> Asker:
        if user_id == "GONE":
            raise NotFound("Slack doesn't show me this account.")
        account_type = self.account_type.get(user_id, AccountType.FULL)
        member = Member(user_id.lower(), "", user_id) if account_type is AccountType.FULL else None
        return Asker(team_id, user_id, user_id, "x@y", account_type, ZoneInfo("UTC"), member)

    async def visibility(self, asker: Asker, *, purpose: str = "question") -> Visibility:
        assert purpose == "digest"
        groups = {self.groups[asker.user_id]} if asker.user_id in self.groups else set()
        return access.visibility(asker, frozenset(), frozenset(groups))

    async def place(self, team_id: str, channel_id: str) -> Place:
        self.looked_at.append(channel_id)
        if self.error is not None:
            raise self.error
        return self.there

    async def judge(
        self,
        kind: DeliveryKind = DeliveryKind.SCHEDULED,
        *,
        by: str = "",
        one: Subscription = DIGEST,
    ) -> Why | None:
        due = Delivery(
            *("d1", "s1", "2026-03-16", kind, "C1", by),
            *(THEN, THEN, THEN, State.WORKING, THEN, "", "", None),
        )
        return await Owners(self, self, self).judge(one, due)


async def test_a_coach_of_the_group_may() -> None:
    world = World()
    assert await world.judge() is None
    assert world.looked_at == ["C1"]


@pytest.mark.parametrize(
    ("world", "why"),
    [
        (World(groups={}), Why.NO_RIGHT),
        (World(groups={"ANA": "east"}), Why.NO_RIGHT),
        (World({"ANA": AccountType.GUEST}), Why.OWNER_IS_GUEST),
        (World({"ANA": AccountType.DEACTIVATED}), Why.OWNER_LEFT),
        (World(there=Place(shared=True)), Why.SHARED_CHANNEL),
        (World(there=Place(shared=False, guests=1)), Why.GUESTS),
        (World(there=Place(shared=False, crowded=True)), Why.CROWDED),
        (World(error=SlackError("channel_not_found")), Why.NO_CHANNEL),
    ],
    ids=[
        *("no coach", "another group's", "guest", "left Slack"),
        *("shared", "guests in it", "crowded", "no channel"),
    ],
)
async def test_what_is_gone_is_seen(world: World, why: Why) -> None:
    assert await world.judge() is why


async def test_without_the_right_nobody_there_is_looked_at() -> None:
    world = World(groups={})
    assert await world.judge() is Why.NO_RIGHT
    assert world.looked_at == []


async def test_an_account_that_slack_does_not_show_has_left() -> None:
    one = Subscription("s1", "T1", Kind.OWN, "GONE", Plan("GONE", "daily 9:00", "UTC"), THEN, THEN)
    assert await World().judge(one=one) is Why.OWNER_LEFT


@pytest.mark.parametrize("error", [SlackError("fatal_error"), Broken("reset")])
async def test_what_passes_is_no_reason(error: Exception) -> None:
    with pytest.raises(type(error)):
        await World(error=error).judge()


async def test_whoever_presses_is_judged_and_not_the_owner() -> None:
    assert await World().judge(DeliveryKind.NOW, by="OLE") is Why.NO_RIGHT
    assert await World(groups={"OLE": "west"}).judge(DeliveryKind.NOW, by="OLE") is None


async def test_a_message_to_oneself_needs_no_channel() -> None:
    world = World()
    one = Subscription("s1", "T1", Kind.OWN, "BOB", Plan("BOB", "daily 9:00", "UTC"), THEN, THEN)
    assert await world.judge(one=one) is None
    assert world.looked_at == []
