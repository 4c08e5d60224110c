"""Joins the core to Slack. The only module that knows all parts."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from slack_bolt.async_app import AsyncApp

from bot.assembly_core import Clock, Core, build_core, new_id, secret, utc_now
from bot.assembly_digests import join_delivering
from bot.config import Settings
from bot.doors.answer_buttons import AnswerButtons
from bot.doors.bolt import build_app
from bot.doors.buttons import buttons
from bot.doors.coach_buttons import CoachButtons
from bot.doors.digest_buttons import DigestButtons
from bot.doors.digest_form import DigestForm
from bot.doors.handles import Readers
from bot.doors.modals import Modals
from bot.doors.query_form import QueryForm
from bot.doors.refreshing import Refreshing
from bot.doors.router import Router
from bot.doors.sharing import Sharing
from bot.doors.snooze_form import SnoozeForm
from bot.health import Health
from bot.mirror.finding import ReadOptions
from bot.outbox.alarm import Alarm
from bot.outbox.deliver import Delivering
from bot.outbox.incidents import EXEC_KEY, Incidents
from bot.people.admins import Admins
from bot.people.parsing import Parser
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
        explainer = Explainer(core.handles, core.people.zone, clock, new_reference)
        payloads = Payloads(core.database, clock)
        work = Work(payloads, replies, explainer, core.telemetry.answer)
        router = _router(core, slack, work, explainer)
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
            delivering=join_delivering(
                core.digests, core.coachings.builders, core.people, admins, slack, core.clock
            ),
        )


def _alarm(core: Core, slack: SlackWeb, admins: Admins) -> Alarm:
    return Alarm(
        incidents=Incidents(core.database, core.clock, new_id, EXEC_KEY),
        slack=slack,
        admins=admins.emails,
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


def _router(core: Core, slack: SlackWeb, work: Work, explainer: Explainer) -> Router:
    modals = Modals(slack, core.handles, core.messages)
    coach, reports, digests = core.coachings.commands, core.coachings.reports, core.digests
    read = Readers(core.handles, core.answers, digests.subscriptions, digests.deliveries, coach.own)
    query_form = QueryForm(
        modals=modals,
        commands=core.commands,
        people=core.people,
        catalogue=core.catalogue,
        coaching=digests.coaching,
        answers=core.answers,
        parser=Parser(core.catalogue, core.settings.execbot_command, core.clock),
    )
    digest_form = DigestForm(
        modals, digests.commands, core.people, core.catalogue, core.answers, core.clock
    )
    snooze_form = SnoozeForm(modals, read, core.people, coach, reports, core.clock)
    return Router(
        work=work,
        people=core.people,
        commands=core.commands,
        modals=modals,
        explainer=explainer,
        digest_form=digest_form,
        buttons=buttons(
            read=read,
            answers=AnswerButtons(
                core.commands, Refreshing(core.refreshes, core.budget, core.clock)
            ),
            sharing=Sharing(digests.audiences, digests.coaching, core.pipeline, core.handles),
            digests=DigestButtons(digests.commands),
            coaches=CoachButtons(core.commands, coach, reports, core.handles),
            query_form=query_form,
            digest_form=digest_form,
            snooze_form=snooze_form,
        ),
        forms={
            "query.form": query_form.row,
            "digest.form": digest_form.row,
            "coach.snooze_form": snooze_form.row,
        },
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
