"""The members of a channel, which decide whether practice can be posted in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NoReturn

from bot.access import AccountType
from bot.errors import NotAllowed, SlackError, UserError
from bot.people.accounts import People, name_of
from bot.people.guests import OUTSIDERS, Guests
from bot.slack.web import SlackWeb

# Looking up the members of larger channels would take too many requests to Slack.
MAX_PEOPLE = 200
NAMED = 10
BARRED_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Audience:
    """The members of a channel: the number of `people` without apps, the `names` of the first few,
    and the number of `guests`. `shared`: people from other companies are in it. `crowded`: it has
    too many members to look them up."""

    people: int = 0
    names: tuple[str, ...] = ()
    guests: int = 0
    shared: bool = False
    crowded: bool = False


@dataclass(frozen=True, slots=True)
class ChannelAudience:
    """A channel and its members; `ids` are their Slack ids, none if it is crowded."""

    name: str
    audience: Audience
    ids: frozenset[str] = frozenset()

    @property
    def is_barred(self) -> bool:
        """Whether practice can't be posted in the channel, regardless of its members."""
        return self.audience.shared or self.audience.crowded


@dataclass(frozen=True, slots=True)
class Audiences:
    """Looks up channels."""

    slack: SlackWeb
    people: People
    guests: Guests
    clock: Callable[[], datetime]
    # By channel id: when it was looked up, and whether it is barred.
    _barred: dict[str, tuple[datetime, bool]] = field(default_factory=dict, init=False)

    async def is_barred(self, channel_id: str) -> bool:
        """Whether practice can't be posted in a channel, regardless of its members, as of the last
        hour; False if the bot can't look it up."""
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
        """The name of a channel, or "a channel I can't see"."""
        name = ""
        with suppress(SlackError):
            name = (await self.slack.channel(channel_id)).name
        return f"#{name}" if name else "a channel I can't see"

    async def look_up_limited(self, team_id: str, channel_id: str) -> ChannelAudience:
        """As `look_up`, but raises NotAllowed if the channel has too many members."""
        seen = await self.look_up(team_id, channel_id)
        if seen.audience.crowded:
            raise NotAllowed(
                f"*{{channel}}* has {seen.audience.people} members. I post practice results only "
                f"in channels of up to {MAX_PEOPLE}, where I can make sure that no guests see "
                "them.",
                channel=seen.name,
            )
        return seen

    async def look_up(self, team_id: str, channel_id: str) -> ChannelAudience:
        """A channel and its members. The reader may not be one of them: see `ids`.

        Raises UserError if the bot can't see the channel, and SlackError.
        """
        try:
            return await self._look_up(team_id, channel_id)
        except SlackError as error:
            _explain(error)

    async def count(self, team_id: str, channel_id: str) -> Audience:
        """The members of a channel, counted from the stored list of accounts, because many channels
        can be due at once. Raises SlackError, RateLimited too."""
        channel = await self._members(channel_id)
        if channel.is_barred:
            return channel.audience
        guests = await self.guests.count(team_id, sorted(channel.ids))
        return replace(channel.audience, guests=guests)

    async def _look_up(self, team_id: str, channel_id: str) -> ChannelAudience:
        channel = await self._members(channel_id)
        if channel.is_barred:
            return channel
        accounts = (await self.people.accounts(team_id, sorted(channel.ids))).values()
        full = [each for each in accounts if each.user.account_type is AccountType.FULL]
        # Members that Slack doesn't show are from another company.
        guests = len(channel.ids) - len(accounts)
        guests += sum(each.user.account_type in OUTSIDERS for each in accounts)
        first = sorted(full, key=lambda each: each.user.name)[:NAMED]
        names = tuple(sorted(map(name_of, first)))
        return replace(channel, audience=Audience(len(full) + guests, names, guests=guests))

    async def _members(self, channel_id: str) -> ChannelAudience:
        """A channel with the ids of its members, before their accounts are looked up."""
        channel = await self.slack.channel(channel_id)
        ids: list[str] = []
        # The count may lag behind, so both are checked.
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
            "I can't see who is in this channel, so I can't post practice results there. Invite me "
            "to the channel with `/invite`, then try again."
        ) from None
    raise error
