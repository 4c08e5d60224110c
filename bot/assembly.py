"""Joins the core to Slack. The only module that knows all parts."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from slack_bolt.async_app import AsyncApp

from bot.assembly_core import Clock, Core, build_core, new_id, secret, utc_now
from bot.config import Settings
from bot.doors.bolt import build_app
from bot.doors.coach_buttons import CoachButtons
from bot.doors.digest_buttons import Digesting
from bot.doors.digest_form import DigestForms
from bot.doors.query_form import Forms
from bot.doors.refreshing import Refreshing
from bot.doors.router import Router
from bot.doors.sharing import Sharing
from bot.doors.snooze_form import SnoozeForms
from bot.health import Health
from bot.mirror.finding import ReadOptions
from bot.outbox.alarm import Alarm
from bot.outbox.deliver import Delivering
from bot.outbox.incidents import EXEC_KEY, Incidents
from bot.people.admins import Admins
from bot.pipeline import Request
from bot.rendering.views import Message, ProgressView
from bot.slack.problems import Explainer
from bot.slack.reply import Replies
from bot.slack.response_url import TIMEOUT_SECONDS
from bot.slack.web import SlackWeb, web_client
from bot.slack.work import Work
from bot.storage.awaited import Awaited
from bot.storage.learned import Learned
from bot.storage.payloads import Payload, Payloads
from bot.tls import trusted
from bot.tonight import Tonight


def new_reference() -> str:
    """A short id that a person can read out."""
    return secrets.token_hex(4)


@dataclass(frozen=True, slots=True)
class Bot:
    """The whole bot in Slack."""

    core: Core
    slack: SlackWeb
    app: AsyncApp
    work: Work
    payloads: Payloads
    health: Health
    tonight: Tonight
    alarm: Alarm
    delivering: Delivering


@asynccontextmanager
async def build_bot(settings: Settings, *, clock: Clock = utc_now) -> AsyncIterator[Bot]:
    """The bot, joined to Slack. Raises StorageError and WrongKey."""
    client = web_client(secret(settings.slack_bot_token), settings.slack_api_url)
    slack = SlackWeb(client)
    outcomes: list[Callable[[str], None]] = []

    def note(outcome: str) -> None:
        for listener in outcomes:
            listener(outcome)

    async with (
        build_core(settings, slack=slack, clock=clock, note=note) as core,
        httpx.AsyncClient(timeout=TIMEOUT_SECONDS, verify=trusted()) as http,
    ):
        learned = Learned(core.database, clock)
        replies = Replies(http, slack, learned, core.messages, core.telemetry.reply)
        explainer = Explainer(core.stored, core.people.zone, clock, new_reference)
        payloads = Payloads(core.database, clock)
        work = Work(payloads, replies, explainer, core.telemetry.answer)
        router = _router(core, slack, work)
        admins = Admins(core.settings.execbot_admins, core.catalogue.admins, slack)
        alarm = _alarm(core, slack, admins)
        outcomes.append(alarm.note)
        yield Bot(
            core=core,
            slack=slack,
            app=build_app(router, client),
            work=work,
            payloads=payloads,
            health=_health(core, slack),
            tonight=_tonight(core, slack, explainer),
            alarm=alarm,
            delivering=core.coachings.delivering,
        )


def _alarm(core: Core, slack: SlackWeb, admins: Admins) -> Alarm:
    return Alarm(
        incidents=Incidents(core.database, core.clock, new_id, EXEC_KEY),
        deliveries=core.digests.deliveries,
        slack=slack,
        admins=admins.accounts,
        messages=core.messages,
        clock=core.clock,
    )


def _tonight(core: Core, slack: SlackWeb, explainer: Explainer) -> Tonight:
    async def answer(team_id: str, user_id: str, words: str) -> Message:
        request = Request(
            asker=await core.people.asker(team_id, user_id),
            channel_id="",
            can_share=False,
            tell=_nobody_waits,
            options=ReadOptions(everything=True, purpose="tonight"),
        )
        return core.messages.draw(await core.commands.hear(request, words))

    async def explain(error: Exception, question: Awaited) -> Message:
        payload = Payload("", question.team_id, question.user_id, "", None, question.words)
        return core.messages.draw(await explainer.explain(error, payload, late=True))

    return Tonight(
        questions=core.awaited, answer=answer, explain=explain, slack=slack, clock=core.clock
    )


async def _nobody_waits(_view: ProgressView) -> None:
    """At night nobody watches how far a question is."""


def _router(core: Core, slack: SlackWeb, work: Work) -> Router:
    sharing = Sharing(
        audiences=core.digests.audiences,
        coaching=core.digests.coaching,
        pipeline=core.pipeline,
        stored=core.stored,
    )
    forms = Forms(
        slack=slack,
        people=core.people,
        catalogue=core.catalogue,
        coaching=core.digests.coaching,
        answers=core.answers,
        stored=core.stored,
        messages=core.messages,
        command=core.settings.execbot_command,
        clock=core.clock,
    )
    digests = core.digests
    digesting = Digesting(
        work=work,
        people=core.people,
        answers=core.answers,
        commands=digests.commands,
        forms=DigestForms(
            commands=digests.commands,
            people=core.people,
            catalogue=core.catalogue,
            stored=core.stored,
            slack=slack,
            messages=core.messages,
            clock=core.clock,
        ),
    )
    return Router(
        work=work,
        digesting=digesting,
        coaching=CoachButtons(
            work=work,
            people=core.people,
            snoozing=SnoozeForms(
                work=work,
                slack=slack,
                people=core.people,
                coach=core.coachings.commands,
                reports=core.coachings.reports,
                stored=core.stored,
                messages=core.messages,
                clock=core.clock,
            ),
            commands=core.commands,
            coach=core.coachings.commands,
            reports=core.coachings.reports,
            stored=core.stored,
        ),
        people=core.people,
        pipeline=core.pipeline,
        commands=core.commands,
        stored=core.stored,
        sharing=sharing,
        forms=forms,
        refreshing=Refreshing(core.refreshes, core.budget, core.clock),
    )


def _health(core: Core, slack: SlackWeb) -> Health:
    return Health(
        {
            "database": core.database.check,
            "slack": lambda: slack.identity(fresh=True),
            "exec": lambda: core.exec_client.workspace(purpose="health"),
        },
        core.clock,
    )
