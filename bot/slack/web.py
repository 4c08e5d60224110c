"""Slack's Web API as typed calls. All raise SlackError."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.errors import RateLimited, SlackError, Unreached, Unsure
from bot.language.text import identifying, without_address
from bot.messages.blocks import Message
from bot.people.access import AccountType
from bot.people.accounts import Channel, SlackUser

T = TypeVar("T")

TIMEOUT_SECONDS = 5
UPLOAD_SECONDS = 60
# Marks a message that the bot sent on its own. Every app in the workspace can read it.
DELIVERY = "execbot_delivery"
HISTORY_PAGES = 20
SKEW = timedelta(hours=1)  # between Slack's clock and ours
UNFURL_NOTHING: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}

# Slack may have done part of the work, according to its documentation; the last two aren't Slack's
# codes, but the page of a proxy, or half an answer.
PERHAPS_DONE = frozenset({"internal_error", "fatal_error", "unknown", "not_json"})


@dataclass(frozen=True, slots=True)
class Identity:
    """The bot's workspace, its organization on Enterprise Grid, and its own account. `answered_at`
    is Slack's time, in whole seconds; None if a proxy removed it."""

    team_id: str
    team_name: str
    team_url: str
    user_id: str
    enterprise_id: str | None
    scopes: frozenset[str]
    answered_at: datetime | None


class SlackWeb:
    """The Web API with our typed errors. All methods raise SlackError.

    Posts aren't retried after a connection error: Slack may have accepted the message, and would
    show it twice.
    """

    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client
        # No retry on 429: a long wait could outlast the mark of the delivery, and another process
        # would send the same message.
        self._sender_client = AsyncWebClient(
            token=client.token,
            base_url=client.base_url,
            timeout=client.timeout,
            session=client.session,
            retry_handlers=[],
        )
        self._identity: Identity | None = None

    async def identity(self, *, fresh: bool = False) -> Identity:
        """The bot's own account, cached unless `fresh`."""
        if self._identity is None or fresh:
            answer = await _call(self.client.auth_test())
            scopes, date = str(answer.headers.get("x-oauth-scopes", "")), answer.headers.get("Date")
            self._identity = Identity(
                team_id=answer["team_id"],
                team_name=str(answer.get("team", "")),
                team_url=str(answer.get("url", "")),
                user_id=answer["user_id"],
                enterprise_id=answer.get("enterprise_id"),
                scopes=frozenset(scope.strip() for scope in scopes.split(",") if scope.strip()),
                answered_at=parsedate_to_datetime(date) if date else None,
            )
        return self._identity

    async def socket_url(self, app_token: str) -> str:
        """The address for a Socket Mode connection."""
        return str((await _call(self.client.apps_connections_open(app_token=app_token)))["url"])

    async def user(self, user_id: str) -> SlackUser:
        """The account with this id."""
        identity = await self.identity()
        answer = await _call(self.client.users_info(user=user_id, include_locale=True))
        return _slack_user(answer["user"], identity)

    async def users(self) -> AsyncIterator[tuple[SlackUser, ...]]:
        """Every account of the workspace, page by page, without locales; accounts of other
        workspaces may be missing."""
        identity = await self.identity()
        # An organization's token has to name the workspace.
        async for page in _pages(self.client.users_list(limit=200, team_id=identity.team_id)):
            yield tuple(_slack_user(user, identity) for user in page["members"])

    async def usergroup_members(self, usergroup_id: str) -> tuple[str, ...]:
        """The user ids in a user group."""
        answer = await _call(self.client.usergroups_users_list(usergroup=usergroup_id))
        return tuple(answer["users"])

    async def usergroup_by_handle(self, handle: str) -> str | None:
        """The id of the user group with this handle."""
        answer = await _call(self.client.usergroups_list())
        for group in answer["usergroups"]:
            if str(group.get("handle", "")).casefold() == handle.casefold():
                return str(group["id"])
        return None

    async def channel(self, channel_id: str) -> Channel:
        """A channel's name and size."""
        answer = await _call(
            self.client.conversations_info(channel=channel_id, include_num_members=True)
        )
        channel = answer["channel"]
        return Channel(
            id=channel_id,
            name=str(channel.get("name", "")),
            shared=bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared")),
            people=int(channel.get("num_members") or 0),
            has_bot=bool(channel.get("is_member")),
        )

    async def channel_members(self, channel_id: str) -> AsyncIterator[str]:
        """The user ids of everyone in a channel."""
        first = self.client.conversations_members(channel=channel_id, limit=200)
        async for page in _pages(first):
            for user_id in page["members"]:
                yield user_id

    async def show(
        self, channel_id: str, user_id: str, message: Message, thread_ts: str | None = None
    ) -> None:
        """Show a message to one person in a channel, at most once.

        Raises Unsure if Slack may have shown it, and RateLimited or SlackError if it hasn't.
        """
        await _in_either_form(
            message,
            lambda form: _call(
                self.client.chat_postEphemeral(
                    channel=channel_id, user=user_id, thread_ts=thread_ts, **form.body
                )
            ),
        )

    async def say(self, to: str, message: Message, thread_ts: str | None = None) -> str:
        """Post in the conversation `to`, or to a person by their user id, at most once.

        Returns the ts. Raises as `show`.
        """
        answer = await _in_either_form(
            message,
            lambda form: _call(
                self.client.chat_postMessage(
                    channel=to, thread_ts=thread_ts, **form.body, **UNFURL_NOTHING
                )
            ),
        )
        return str(answer["ts"])

    async def change(self, channel_id: str, ts: str, message: Message) -> None:
        """Replace one of the bot's own messages. Raises as `show`."""
        await _in_either_form(
            message,
            lambda form: _call(self.client.chat_update(channel=channel_id, ts=ts, **form.body)),
        )

    async def respond(self, url: str, message: Message, **how: Any) -> None:
        """Answer by a response_url, at most once. Raises as `show`."""
        await _in_either_form(message, lambda form: self._webhook(url, form.body | how))

    async def delete_by(self, url: str) -> None:
        """Delete the message that a response_url belongs to. Raises as `show`."""
        await self._webhook(url, {"delete_original": True})

    async def _webhook(self, url: str, body: dict[str, Any]) -> None:
        with _typed_errors():
            client = AsyncWebhookClient(
                url, TIMEOUT_SECONDS, session=self.client.session, retry_handlers=[]
            )
            response = await client.send_dict(body)
        if "invalid_blocks" in response.body[:200]:
            raise SlackError("invalid_blocks")
        if response.status_code != 200:
            code = f"response_url: {response.status_code}"
            raise Unsure(code) if response.status_code >= 500 else SlackError(code)

    async def delete(self, channel_id: str, ts: str) -> None:
        """Delete a message of the bot's own."""
        await _call(self.client.chat_delete(channel=channel_id, ts=ts))

    async def post(self, to: str, message: Message, *, delivery_id: str) -> str:
        """Post to a channel, or to a person by their user id, at most once.

        Returns the ts. `find_post` finds the message by its opaque `delivery_id`. Raises as `show`.
        Takes no longer than the client's timeout.
        """
        answer = await _call(
            self._sender_client.chat_postMessage(
                metadata={"event_type": DELIVERY, "event_payload": {"id": delivery_id}},
                channel=to,
                **message.body,
                **UNFURL_NOTHING,
            )
        )
        return str(answer["ts"])

    async def find_post(self, channel_id: str, delivery_id: str, since: datetime) -> str | None:
        """The ts of the message posted with `delivery_id` after `since`; None if there is none.

        Raises SlackError if the history can't be read, or not far enough.
        """
        first = self.client.conversations_history(
            channel=channel_id,
            oldest=f"{(since - SKEW).timestamp():.6f}",
            limit=200,
            include_all_metadata=True,
        )
        pages = 0
        async for page in _pages(first):
            for message in page["messages"]:
                if _delivery_id(message) == delivery_id:
                    return str(message["ts"])
            pages += 1
            if pages > HISTORY_PAGES:
                raise SlackError("history_too_long")
        return None

    async def send_file(self, user_id: str, name: str, content: bytes, message: Message) -> None:
        """Send a person a file with the text of a message, once.

        Raises Unsure if it may have arrived, and SlackError if it hasn't.
        """
        channel_id = await self.open_dm(user_id)
        client = AsyncWebClient(
            token=self.client.token,
            base_url=self.client.base_url,
            timeout=UPLOAD_SECONDS,
            retry_handlers=[],
        )
        await _call(
            client.files_upload_v2(
                channel=channel_id,
                filename=name,
                title=name,
                content=content,
                initial_comment=message.text,
                request_file_info=False,
            )
        )

    async def open_dm(self, user_id: str) -> str:
        """The channel id of the bot's direct conversation with a person."""
        answer = await _call(self.client.conversations_open(users=[user_id]))
        return str(answer["channel"]["id"])

    async def user_by_email(self, email: str) -> str | None:
        """The user id of the active account with this e-mail address."""
        if not identifying(email):
            return None
        try:
            answer = await _call(self.client.users_lookupByEmail(email=email))
        except SlackError as error:
            if error.code == "users_not_found":
                return None
            raise
        user = answer["user"]
        return str(user["id"]) if _email(user) == identifying(email) else None

    async def open_view(self, trigger_id: str, view: dict[str, Any]) -> str:
        """Open a modal. Returns its id. A trigger works once, within three seconds."""
        answer = await _call(self.client.views_open(trigger_id=trigger_id, view=view))
        return str(answer["view"]["id"])

    async def publish_home(self, user_id: str, view: dict[str, Any]) -> None:
        """Publish somebody's Home tab."""
        await _call(self.client.views_publish(user_id=user_id, view=view))

    async def update_view(self, view_id: str, view: dict[str, Any]) -> None:
        """Replace the view in an open modal."""
        await _call(self.client.views_update(view_id=view_id, view=view))


def slack_http() -> aiohttp.ClientSession:
    """The connections to Slack, kept open between calls; the caller closes it."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(TIMEOUT_SECONDS), cookie_jar=aiohttp.DummyCookieJar()
    )


def web_client(
    token: str, base_url: str, http: aiohttp.ClientSession | None = None
) -> AsyncWebClient:
    """A client that retries only after a rate limit. Without `http`, each call connects."""
    return AsyncWebClient(
        token=token,
        base_url=base_url if base_url.endswith("/") else base_url + "/",
        timeout=TIMEOUT_SECONDS,
        session=http,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=2)],
    )


async def _in_either_form(message: Message, send: Callable[[Message], Awaitable[T]]) -> T:
    """Send a message; in its plain form if Slack refuses the blocks."""
    try:
        return await send(message)
    except SlackError as error:
        if error.code != "invalid_blocks":
            raise
    return await send(message.plain())


def _delivery_id(message: dict[str, Any]) -> object:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != DELIVERY:
        return None
    return (metadata.get("event_payload") or {}).get("id")


def _slack_user(user: dict[str, Any], identity: Identity) -> SlackUser:
    profile = user.get("profile") or {}
    return SlackUser(
        team_id=identity.team_id,
        id=str(user["id"]),
        email=_email(user),
        name=without_address(
            str(profile.get("real_name") or profile.get("display_name") or user.get("name") or "")
        )
        or "Someone",
        handle=str(user.get("name") or ""),
        tz=str(user.get("tz") or "UTC"),
        account_type=_account_type(user, identity),
        locale=str(user.get("locale") or ""),
    )


def _email(user: dict[str, Any]) -> str:
    """The address of an account, "" if Slack says that it is unconfirmed."""
    if user.get("is_email_confirmed") is False:
        return ""
    return identifying(str((user.get("profile") or {}).get("email") or ""))


def _account_type(user: dict[str, Any], identity: Identity) -> AccountType:
    enterprise = (user.get("enterprise_user") or {}).get("enterprise_id")
    same_enterprise = identity.enterprise_id is not None and enterprise == identity.enterprise_id
    if user.get("is_stranger") or (
        user.get("team_id") not in (None, identity.team_id) and not same_enterprise
    ):
        return AccountType.STRANGER
    if user.get("deleted"):
        return AccountType.DEACTIVATED
    if user.get("is_bot"):
        return AccountType.BOT
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return AccountType.GUEST
    return AccountType.FULL


async def _call(request: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """The answer to a request. Raises SlackError or one of its subclasses."""
    with _typed_errors():
        return await request


async def _pages(request: Awaitable[AsyncSlackResponse]) -> AsyncIterator[AsyncSlackResponse]:
    """The answer to a request for a list, page by page. Raises as `_call`."""
    with _typed_errors():
        async for page in await request:
            yield page


@contextmanager
def _typed_errors() -> Iterator[None]:
    try:
        yield
    except SlackApiError as error:
        raise _refusal(error.response) from None
    except aiohttp.ClientConnectorError as error:
        raise Unreached(type(error).__name__) from None
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError) as error:
        # slack_sdk raises ValueError and AttributeError for an answer that isn't JSON.
        raise Unsure(type(error).__name__) from None
    except SlackRequestError:  # an upload was refused
        raise SlackError("upload_failed") from None


def _refusal(response: Any) -> SlackError:
    # A dict, slack_sdk's response, or aiohttp's if the body couldn't be read.
    data = response if isinstance(response, dict) else getattr(response, "data", None)
    status = getattr(response, "status_code", None) or getattr(response, "status", None) or 200
    code = str(data.get("error", "unknown")) if isinstance(data, dict) else "not_json"
    if status == 429 or code == "ratelimited":
        return RateLimited(float(getattr(response, "headers", {}).get("Retry-After", 1)))
    return Unsure(code) if status >= 500 or code in PERHAPS_DONE else SlackError(code)
