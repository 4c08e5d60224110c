"""Whether what falls due may still be sent: for its owner, or whoever pressed, as they are now."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot import access
from bot.access import AccountType, Asker, Visibility
from bot.channel_rules import ChannelRules
from bot.errors import Broken, NotFound, SlackError
from bot.language.query import Kind, Member, Named, Query, ResolvedQuery
from bot.outbox.deliveries import Delivery, DeliveryKind, State
from bot.outbox.plans import ME, Plan, Subscription, team_ask
from bot.outbox.questions import StoredQuestions
from bot.outbox.reasons import NotSentReason
from bot.outbox.rights import OPEN, Owners
from bot.question import Question
from bot.rendering.subscription_views import Audience
from bot.reports.report import AnyReport

THEN = datetime(2026, 3, 16, tzinfo=UTC)
DIGEST = Subscription(
    "s1", "T1", "ANA", Plan("C1", "daily 9:00", "UTC", team_ask("west")), THEN, THEN
)


QUESTION = replace(DIGEST, plan=replace(DIGEST.plan, ask='sessions group:"west" last month'))
WEST = ResolvedQuery(None, (Named(Kind.GROUP, "west", "West Coast"),))


def people(*ids: str) -> ResolvedQuery:
    return ResolvedQuery(tuple(Member(id_, "", id_) for id_ in ids))


@dataclass
class World:
    """People by account, their groups, and who is in the channel."""

    account_type: dict[str, AccountType] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=lambda: {"ANA": "west", "OLE": "east"})
    there: Audience = OPEN
    error: Exception | None = None
    asked: ResolvedQuery | Exception = WEST
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

    async def place(self, team_id: str, channel_id: str) -> Audience:
        self.looked_at.append(channel_id)
        if self.error is not None:
            raise self.error
        return self.there

    async def question(self, asker: Asker, _text: str, report: AnyReport) -> Question:
        assert asker.team_id == "T1"
        if isinstance(self.asked, Exception):
            raise self.asked
        return Question(report, Query(), self.asked, Visibility(everyone=True))

    async def judge(
        self,
        kind: DeliveryKind = DeliveryKind.SCHEDULED,
        *,
        by: str = "",
        one: Subscription = DIGEST,
    ) -> NotSentReason | None:
        due = Delivery(
            *("d1", "s1", "2026-03-16", kind, "C1", by),
            *(THEN, THEN, THEN, State.DUE, 0, "", "", None),
        )
        questions = StoredQuestions(self, None, ChannelRules("coach"))  # type: ignore[arg-type]
        return await Owners(self, self, self, questions).check(one, due)  # type: ignore[arg-type]


async def test_a_coach_of_the_group_may() -> None:
    world = World()
    assert await world.judge() is None
    assert world.looked_at == ["C1"]


@pytest.mark.parametrize(
    ("world", "why"),
    [
        (World(groups={}), NotSentReason.NO_RIGHT),
        (World(groups={"ANA": "east"}), NotSentReason.NO_RIGHT),
        (World({"ANA": AccountType.GUEST}), NotSentReason.OWNER_IS_GUEST),
        (World({"ANA": AccountType.DEACTIVATED}), NotSentReason.OWNER_LEFT),
        (World(there=Audience(shared=True)), NotSentReason.SHARED_CHANNEL),
        (World(there=Audience(shared=False, guests=1)), NotSentReason.GUESTS),
        (World(there=Audience(shared=False, crowded=True)), NotSentReason.CROWDED),
        (World(error=SlackError("channel_not_found")), NotSentReason.NO_CHANNEL),
    ],
    ids=[
        *("no coach", "another group's", "guest", "left Slack"),
        *("shared", "guests in it", "crowded", "no channel"),
    ],
)
async def test_what_is_gone_is_seen(world: World, why: NotSentReason) -> None:
    assert await world.judge() is why


async def test_without_the_right_nobody_there_is_looked_at() -> None:
    world = World(groups={})
    assert await world.judge() is NotSentReason.NO_RIGHT
    assert world.looked_at == []


async def test_an_account_that_slack_does_not_show_has_left() -> None:
    one = Subscription("s1", "T1", "GONE", Plan("GONE", "daily 9:00", "UTC", ME), THEN, THEN)
    assert await World().judge(one=one) is NotSentReason.OWNER_LEFT


@pytest.mark.parametrize("error", [SlackError("fatal_error"), Broken("reset")])
async def test_what_passes_is_no_reason(error: Exception) -> None:
    with pytest.raises(type(error)):
        await World(error=error).judge()


async def test_whoever_presses_is_judged_and_not_the_owner() -> None:
    assert await World().judge(DeliveryKind.NOW, by="OLE") is NotSentReason.NO_RIGHT
    assert await World(groups={"OLE": "west"}).judge(DeliveryKind.NOW, by="OLE") is None


QUESTIONS = {
    "their group": (World(), QUESTION.plan.ask, None),
    "another group": (
        World(groups={"ANA": "east"}),
        QUESTION.plan.ask,
        NotSentReason.NOT_ALL_THEIRS,
    ),
    "everybody": (World(asked=ResolvedQuery(None)), "sessions", NotSentReason.NOT_ALL_THEIRS),
    "three people": (
        World(asked=people("a", "b", "c")),
        'sessions id:"a"',
        NotSentReason.NOT_ALL_THEIRS,
    ),
    "two people": (World(asked=people("ana", "b")), 'sessions id:"ana"', NotSentReason.FEW_PEOPLE),
    "for one reader": (World(), "diary", NotSentReason.PRIVATE),
    "gone": (
        World(asked=NotFound("No such group.")),
        QUESTION.plan.ask,
        NotSentReason.NOT_UNDERSTOOD,
    ),
    "guests": (
        World(there=Audience(shared=False, guests=1)),
        QUESTION.plan.ask,
        NotSentReason.GUESTS,
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
async def test_of_a_question_all_that_it_is_about_must_be_theirs(name: str) -> None:
    world, ask, why = QUESTIONS[name]
    one = replace(QUESTION, plan=replace(QUESTION.plan, ask=ask))
    assert await world.judge(one=one) is why


async def test_while_exec_cannot_say_what_is_asked_nothing_is_decided() -> None:
    with pytest.raises(Broken):
        await World(asked=Broken("reset")).judge(one=QUESTION)


async def test_a_message_to_oneself_needs_no_channel() -> None:
    world = World()
    one = Subscription("s1", "T1", "BOB", Plan("BOB", "daily 9:00", "UTC", ME), THEN, THEN)
    assert await world.judge(one=one) is None
    assert world.looked_at == []
