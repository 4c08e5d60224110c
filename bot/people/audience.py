"""Who is in a channel, before anything about people is posted there on its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NoReturn

from bot.access import AccountType
from bot.errors import NotAllowed, SlackError, UserError
from bot.people.accounts import People
from bot.people.guests import OUTSIDERS, Guests
from bot.slack.web import SlackWeb

# In larger channels guests could not be ruled out for a reasonable number of requests to Slack.
MAX_PEOPLE = 200
NAMED = 10
BARRED_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Audience:
    """The members of a channel: how many `people` without apps, the `names` in Exec of the first
    few, how many `guests` as far as known. `crowded`: too many members to look each of them up."""

    people: int = 0
    names: tuple[str, ...] = ()
    guests: int = 0
    shared: bool = False
    crowded: bool = False


@dataclass(frozen=True, slots=True)
class ChannelAudience:
    """A channel by name, and who is in it; `ids` are their Slack ids, of nobody where it is
    crowded."""

    channel: str
    audience: Audience
    ids: frozenset[str] = frozenset()

    @property
    def is_barred(self) -> bool:
        """Whether nothing is posted there whoever is in it."""
        return self.audience.shared or self.audience.crowded


@dataclass(frozen=True, slots=True)
class Audiences:
    slack: SlackWeb
    people: People
    guests: Guests
    clock: Callable[[], datetime]
    # Whether nothing is posted in a channel, by its id, and when that was looked up.
    _barred: dict[str, tuple[datetime, bool]] = field(default_factory=dict, init=False)

    async def is_barred(self, channel_id: str) -> bool:
        """Whether nothing is posted in a channel whoever is in it, as of the last hour; False if
        the bot can't see that."""
        at, is_barred = self._barred.get(channel_id, (None, False))
        if at is None or self.clock() - at > BARRED_FOR:
            try:
                channel = await self.slack.channel(channel_id)
            except SlackError:
                return False
            is_barred = channel.shared or channel.people > MAX_PEOPLE
            self._barred[channel_id] = (self.clock(), is_barred)
        return is_barred

    async def name(self, channel_id: str) -> str:
        """What a channel is called; a way of saying so where the bot can't see it."""
        return await self.seen_name(channel_id) or "a channel I can't see"

    async def seen_name(self, channel_id: str) -> str:
        """What a channel is called; "" where the bot can't see it."""
        try:
            name = (await self.slack.channel(channel_id)).name
        except SlackError:
            name = ""
        return f"#{name}" if name else ""

    async def of(self, team_id: str, channel_id: str) -> ChannelAudience:
        """Who would see a post in this channel, which the asker is in.

        Raises UserError where that can't be known, NotAllowed for too many people, SlackError.
        """
        seen = await self.seen(team_id, channel_id)
        if seen.audience.crowded:
            raise NotAllowed(
                f"*{{channel}}* has {seen.audience.people} members. I post practice results only "
                f"in channels of up to {MAX_PEOPLE}, where I can make sure that no guests see "
                "them.",
                channel=seen.channel,
            )
        return seen

    async def seen(self, team_id: str, channel_id: str) -> ChannelAudience:
        """The same of any channel, and however many are in it: it is news to who is not among
        `ids`. Raises UserError where that can't be known, and SlackError."""
        try:
            return await self._seen(team_id, channel_id)
        except SlackError as error:
            _explain(error)

    async def place(self, team_id: str, channel_id: str) -> Audience:
        """The same, as far as it says what may be posted there by the clock: then many channels
        may be due at once. Raises SlackError, and RateLimited where Slack needs more time."""
        there = await self._there(channel_id)
        if there.is_barred:
            return there.audience
        guests = await self.guests.count(team_id, sorted(there.ids))
        return replace(there.audience, guests=guests)

    async def _seen(self, team_id: str, channel_id: str) -> ChannelAudience:
        there = await self._there(channel_id)
        if there.is_barred:
            return there
        accounts = (await self.people.accounts(team_id, sorted(there.ids))).values()
        full = [each for each in accounts if each.user.account_type is AccountType.FULL]
        # In the channel, but Slack does not show who they are: none of ours.
        guests = len(there.ids) - len(accounts)
        guests += sum(each.user.account_type in OUTSIDERS for each in accounts)
        first = sorted(full, key=lambda each: each.user.name)[:NAMED]
        names = sorted([await self.people.name(each) for each in first])
        return replace(there, audience=Audience(len(full) + guests, tuple(names), guests=guests))

    async def _there(self, channel_id: str) -> ChannelAudience:
        """A channel before it is known who those in it are."""
        channel = await self.slack.channel(channel_id)
        ids: list[str] = []
        # One who has just joined may be missing from the count, so both are looked at.
        if channel.people <= MAX_PEOPLE:
            ids = [user_id async for user_id in self.slack.channel_members(channel_id)]
        count = max(channel.people, len(ids))
        crowded = count > MAX_PEOPLE
        audience = Audience(count, shared=channel.shared, crowded=crowded)
        known = frozenset(() if crowded else ids)
        return ChannelAudience(f"#{channel.name}", audience, known)


def _explain(error: SlackError) -> NoReturn:
    if error.code in ("channel_not_found", "not_in_channel", "missing_scope"):
        raise UserError(
            "I can't see who is in this channel, so I post no practice results there. Invite me "
            "to the channel with `/invite`, then try again."
        ) from None
    raise error
