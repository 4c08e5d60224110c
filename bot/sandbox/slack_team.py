"""The people, channels and user groups of a stand-in Slack workspace."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

OTHER_TEAM = "T0ELSEWHERE"


@dataclass(slots=True)
class SlackUser:
    """A person or a bot. `role` is what the page calls them; Slack knows nothing of it."""

    id: str
    name: str
    real_name: str
    email: str | None = None
    tz: str = "Europe/Berlin"
    role: str = "rep"
    is_bot: bool = False
    is_admin: bool = False
    deleted: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    """Belongs to another workspace (Slack Connect)."""
    is_email_confirmed: bool | None = None
    """What Slack says of it; nothing where it is None."""
    locale: str = ""
    """As they chose; that of the workspace where it is ""."""


@dataclass(slots=True)
class SlackChannel:
    """A channel, public or private, or a direct conversation (`is_im`)."""

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    """The people in it; the bot is not listed here, see `has_bot`."""
    has_bot: bool = True
    is_private: bool = False
    is_im: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False


@dataclass(slots=True)
class SlackUserGroup:
    """A user group; `handle` is what people type after the @."""

    id: str
    handle: str
    users: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SlackTeam:
    """A workspace with one installed app, our bot."""

    id: str = "T0EXECDEMO"
    domain: str = "exec-demo"
    name: str = "Exec Demo"
    app_id: str = "A0EXECBOT"
    bot_id: str = "B0EXECBOT"
    bot_user_id: str = "U0EXECBOT"
    bot_name: str = "Exec"
    locale: str = "en-US"
    home_tab: bool = True
    """Whether the app has its Home tab switched on."""
    cast: tuple[str, ...] = ()
    """The ids of those whom the page offers first."""
    users: dict[str, SlackUser] = field(default_factory=dict)
    channels: dict[str, SlackChannel] = field(default_factory=dict)
    usergroups: dict[str, SlackUserGroup] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.users.setdefault(
            self.bot_user_id,
            SlackUser(self.bot_user_id, "exec", self.bot_name, role="bot", is_bot=True),
        )

    @classmethod
    def from_people(
        cls,
        people: Iterable[tuple[str, str | None, str]],
        *,
        channels: Mapping[str, Sequence[str] | None] | None = None,
        usergroups: Mapping[str, Sequence[str]] | None = None,
        tz: str = "Europe/Berlin",
    ) -> SlackTeam:
        """A team of (full name, e-mail, role) triples.

        `channels` and `usergroups` map a name to members by full name, e-mail or
        user name; a channel mapped to None has everybody in it.
        """
        team = cls()
        for index, (real_name, email, role) in enumerate(people, start=1):
            name = _user_name(email or real_name, {user.name for user in team.users.values()})
            user = SlackUser(f"U{1000 + index}", name, real_name, email, tz, role)
            user.is_admin = role == "admin"
            team.add_user(user)
        everyone = [user.id for user in team.users.values() if not user.is_bot]
        for name, members in (channels or {"sales-practice": None}).items():
            ids = everyone if members is None else [team.user_called(who).id for who in members]
            team.add_channel(name, list(ids))
        for handle, members in (usergroups or {}).items():
            team.add_usergroup(handle, [team.user_called(who).id for who in members])
        return team

    def add_user(self, user: SlackUser) -> SlackUser:
        """Put a user into the workspace."""
        self.users[user.id] = user
        return user

    def add_channel(
        self,
        name: str,
        members: list[str],
        *,
        private: bool = False,
        has_bot: bool = True,
        is_ext_shared: bool = False,
    ) -> SlackChannel:
        """Make a channel; its id is the next free one."""
        channel = SlackChannel(f"C{2000 + len(self.channels) + 1}", name, members)
        channel.is_private, channel.has_bot = private, has_bot
        channel.is_ext_shared = is_ext_shared
        self.channels[channel.id] = channel
        return channel

    def add_usergroup(self, handle: str, users: list[str]) -> SlackUserGroup:
        """Make a user group; its id is the next free one."""
        group = SlackUserGroup(f"S{3000 + len(self.usergroups) + 1}", handle, users)
        self.usergroups[group.id] = group
        return group

    def user_called(self, who: str) -> SlackUser:
        """The user with this id, user name, full name or e-mail; KeyError if there is none."""
        for user in self.users.values():
            if who in (user.id, user.name, user.real_name, user.email):
                return user
        raise KeyError(who)

    def channel_called(self, name: str) -> SlackChannel:
        """The channel with this id or name; KeyError if there is none."""
        for channel in self.channels.values():
            if name.removeprefix("#") in (channel.id, channel.name):
                return channel
        raise KeyError(name)

    def dm_of(self, user_id: str) -> SlackChannel:
        """The bot's direct conversation with a person, opened when it is not there yet."""
        for channel in self.channels.values():
            if channel.is_im and channel.has_bot and channel.members == [user_id]:
                return channel
        channel = SlackChannel(f"D{4000 + len(self.channels) + 1}", "", [user_id], is_im=True)
        self.channels[channel.id] = channel
        return channel

    def can_see(self, user_id: str, channel_id: str) -> bool:
        """Whether a person can open the channel: all public ones, else the ones they are in."""
        channel = self.channels.get(channel_id)
        if channel is None:
            return False
        return user_id in channel.members or not (channel.is_private or channel.is_im)


def _user_name(source: str, taken: set[str]) -> str:
    name = re.sub(r"[^a-z0-9._-]+", ".", source.split("@")[0].lower()).strip(".")
    number, free = 2, name
    while free in taken:
        free, number = f"{name}{number}", number + 1
    return free
