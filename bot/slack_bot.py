"""The whole bot: the core, and what joins it to Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from slack_bolt.async_app import AsyncApp

from bot.app import Clock, Core, build_core
from bot.bolt import build_app
from bot.config import Settings, secret
from bot.features.key_alarm import KeyAlarm
from bot.observe.health import Check, Health
from bot.outbox.deliver import Delivering
from bot.router import Router
from bot.slack.plain_teams import PlainTeams
from bot.slack.reply import Replies
from bot.slack.response_url import session
from bot.slack.web import SlackWeb, web_client
from bot.slack.work import Work
from bot.storage.payloads import Payloads
from bot.storage.server_clock import ServerClock


@dataclass(frozen=True, slots=True)
class Bot:
    """The whole bot in Slack."""

    core: Core
    slack: SlackWeb
    app: AsyncApp
    router: Router
    work: Work
    payloads: Payloads
    health: Health
    alarm: KeyAlarm
    delivering: Delivering


@asynccontextmanager
async def build_bot(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Bot]:
    """The bot, joined to Slack. Raises StorageError and WrongKey."""
    client = web_client(secret(settings.slack_bot_token), settings.slack_api_url)
    slack = SlackWeb(client)
    async with (
        build_core(settings, slack=slack, clock=clock) as core,
        session() as http,
    ):
        database, env, clock = core.database, core.env, core.env.clock
        payloads = Payloads(database, clock)
        plain, observe = PlainTeams(core.learned, clock), core.telemetry.reply
        replies = Replies(http, slack, plain, payloads, env.messages, observe, core.tabs)
        explainer = core.explainer
        work = Work(payloads, replies, explainer, core.people.locale, core.telemetry.answer)
        router = Router(
            features=core.features,
            work=work,
            people=core.people,
            answer=core.asking.answer,
            modals=core.modals,
            explainer=explainer,
            tell_at_home=core.home.tell,
            slack=slack,
        )
        checks: dict[str, Check] = {
            "database": database.check,
            "slack": partial(slack.identity, fresh=True),
            "exec": partial(core.exec_client.workspace, purpose="health"),
            "answers": core.exec_client.check,
        }
        remarks = partial(_of_the_clock, clock)
        async with Health(checks, clock, remarks) as health:
            yield Bot(
                core=core,
                slack=slack,
                app=build_app(router, client),
                router=router,
                work=work,
                payloads=payloads,
                health=health,
                alarm=core.key_alarm,
                delivering=core.delivering,
            )


def _of_the_clock(clock: Clock) -> dict[str, str]:
    """What /readyz says of a machine's clock that is off; it works all the same."""
    if isinstance(clock, ServerClock) and clock.trouble:
        return {"clock": clock.trouble}
    return {}
