"""What the program asks of Slack. `web.py` is the real one; `absent.py` stands for none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.access import AccountType
from bot.rendering.views import Message


@dataclass(frozen=True, slots=True)
class SlackUser:
    """A Slack account. `tz` is an IANA name, "UTC" where Slack tells none. `email` is "" where
    none is there by which they are known, and so is `locale`, such as "en-US", where Slack tells
    none."""

    team_id: str
    id: str
    email: str
    name: str
    handle: str
    tz: str
    account_type: AccountType
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation; `shared` with people outside the workspace. `has_bot`: the bot is in it."""

    id: str
    name: str
    shared: bool
    people: int
    has_bot: bool = True


class Slack(Protocol):
    """All raise SlackError, or NotFound where there is no Slack."""

    async def user(self, user_id: str) -> SlackUser:
        """The account with this id, seen from the bot's workspace."""

    def users(self) -> AsyncIterator[tuple[SlackUser, ...]]:
        """Every account of the workspace, page by page; people of other workspaces may be left
        out, and locales are."""

    async def usergroup_members(self, usergroup_id: str) -> tuple[str, ...]:
        """The user ids in a user group."""

    async def usergroup_by_handle(self, handle: str) -> str | None:
        """The id of the user group that is called `@handle`."""

    async def channel(self, channel_id: str) -> Channel:
        """A channel's name and size."""

    def channel_members(self, channel_id: str) -> AsyncIterator[str]:
        """The user ids of everyone in a channel, page by page."""

    async def user_by_email(self, email: str) -> str | None:
        """The user id of the active account that is known by this e-mail address."""

    async def open_dm(self, user_id: str) -> str:
        """The channel id of the bot's direct conversation with a person."""

    async def send_file(self, user_id: str, name: str, content: bytes, said: Message) -> None:
        """Send a person a file with a message, of which the text alone is shown; once.

        Raises Unsure when it may have arrived all the same, and SlackError when it has not.
        """

    async def post(self, to: str, message: Message, *, delivery_id: str) -> str:
        """Send `message` to a channel, or to a person by their user id; its ts.

        `delivery_id` is an opaque id by which `find_post` finds it again. Sent at most once:
        raises Unsure when Slack may have taken it, RateLimited, and SlackError or Unreached when
        it definitely has not. Takes no longer than the client's time-out.
        """

    async def publish_home(self, user_id: str, view: dict[str, Any]) -> None:
        """Make `view` somebody's Home tab."""

    async def open_view(self, trigger_id: str, view: dict[str, Any]) -> str:
        """Open a modal; its id. The trigger is good for three seconds and once."""

    async def update_view(self, view_id: str, view: dict[str, Any]) -> None:
        """Show something else in an open modal."""

    async def unfurl(
        self, channel_id: str, event: Mapping[str, Any], cards: Mapping[str, Message]
    ) -> None:
        """Show cards below the links of a `link_shared` event, by the links.

        Once more where nobody knows whether that worked: cards take the place of those that are
        there.
        """

    async def find_post(self, channel_id: str, delivery_id: str, since: datetime) -> str | None:
        """The ts of what was posted with `delivery_id` after `since`; None if it is not there.

        Raises SlackError when the history cannot be read, or not far enough.
        """
