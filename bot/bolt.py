"""The Bolt app: every listener acks at once and hands the work on."""

from __future__ import annotations

import logging
import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.router import Router
from bot.slack import payloads

log = logging.getLogger(__name__)

ANYTHING = re.compile(".*", re.DOTALL)


def build_app(router: Router, client: AsyncWebClient) -> AsyncApp:
    """The app, for payloads that are verified already (by HTTP: see bot/slack/http.py)."""

    async def authorize(**_: Any) -> AuthorizeResult:
        # One workspace, one token: known without asking Slack, so that no ack waits for it.
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=client.token)

    app = AsyncApp(
        # Without a name Bolt looks for one in the files of the whole call stack.
        name="execbot",
        client=client,
        authorize=authorize,
        request_verification_enabled=False,
        # Listeners return at once and leave the work to a task. Without this, Bolt polls for the
        # ack every 10 ms, which was most of the time an ack took.
        process_before_response=True,
    )

    @app.command(ANYTHING)
    async def command(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        router.command(
            payloads.of_command(body), payloads.conversation(body), body.get("trigger_id")
        )

    @app.action({"action_id": ANYTHING})
    async def action(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        router.action(body, action)

    @app.view(ANYTHING)
    async def view(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        payload = payloads.of_interaction(body, detail=f"view {view.get('callback_id')}")
        errors = await router.form(payload, view)
        if errors:
            await ack(response_action="errors", errors=errors)
        else:
            await ack()

    @app.view_closed(ANYTHING)
    async def view_closed(ack: AsyncAck) -> None:
        await ack()

    @app.event(ANYTHING)
    async def event(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        router.event(body)

    @app.error
    async def error(error: Exception, context: AsyncBoltContext) -> None:
        # Only what goes wrong before the work starts comes here; Bolt then answers 500, and
        # Slack tells the person that the command failed.
        log.error("a payload could not be read: %s", type(error).__name__)

    return app
