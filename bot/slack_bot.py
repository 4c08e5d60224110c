"""The whole bot: the core, and what joins it to Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from slack_bolt.async_app import AsyncApp

from bot.app import Clock, Core, build_core
from bot.config import Settings, secret
from bot.doors.answer_buttons import AnswerButtons
from bot.doors.asking import Asking
from bot.doors.bolt import build_app
from bot.doors.buttons import buttons
from bot.doors.coach_buttons import CoachButtons
from bot.doors.digest_buttons import DigestButtons
from bot.doors.digest_form import DigestForm
from bot.doors.exporting import Exporting
from bot.doors.handles import Readers
from bot.doors.home import HomeButtons, HomeDoor
from bot.doors.links import Links
from bot.doors.messages import MessageEvents
from bot.doors.modals import Modals
from bot.doors.nudging import Nudging
from bot.doors.praising import PraiseButtons
from bot.doors.query_form import QueryForm
from bot.doors.refreshing import Refreshing
from bot.doors.router import Router
from bot.doors.sharing import Sharing
from bot.doors.snooze_form import SnoozeForm
from bot.observe.health import Check, Health
from bot.outbox.alarm import Alarm
from bot.outbox.deliver import Delivering
from bot.slack.home import HomeTabs
from bot.slack.plain_teams import PlainTeams
from bot.slack.problems import Explainer
from bot.slack.reply import Replies
from bot.slack.response_url import session
from bot.slack.web import SlackWeb, web_client
from bot.slack.work import Work
from bot.storage.learned import Learned
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
    alarm: Alarm
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
        learned = Learned(database, clock)
        tabs = HomeTabs(slack, learned, env.messages, clock)
        plain = PlainTeams(learned, clock)
        replies = Replies(http, slack, plain, payloads, env.messages, core.telemetry.reply, tabs)
        explainer = Explainer(core.handles, core.people.zone, clock)
        work = Work(payloads, replies, explainer, core.telemetry.answer)
        alarm = Alarm(
            env,
            contact=core.contact,
            incidents=core.incidents,
            deliveries=core.deliveries,
            slack=slack,
            admins=core.admins.accounts,
        )
        home = HomeDoor(core.people, core.homes, tabs, explainer)
        router = _router(core, slack, work, explainer, home)
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
                alarm=alarm,
                delivering=core.delivering,
            )


def _of_the_clock(clock: Clock) -> dict[str, str]:
    """What /readyz says of a machine's clock that is off; it works all the same."""
    if isinstance(clock, ServerClock) and clock.trouble:
        return {"clock": clock.trouble}
    return {}


def _router(
    core: Core, slack: SlackWeb, work: Work, explainer: Explainer, home: HomeDoor
) -> Router:
    env, people, catalogue, handles = core.env, core.people, core.catalogue, core.handles
    coach, reports = core.coach_commands, core.coach_reports
    asking = Asking(people, core.commands)
    modals = Modals(slack, handles, env.messages)
    read = Readers(
        handles, core.answers, core.subscriptions, core.deliveries, coach.own, core.praises
    )
    query_form = QueryForm(
        modals, core.commands, people, catalogue, core.coaching, core.answers, core.parser
    )
    digest_form = DigestForm(env, modals, core.digest_commands, people, catalogue)
    snooze_form = SnoozeForm(env, modals, read, people, coach, reports)
    nudging = Nudging(modals, read, people, core.coaches, coach.telling, reports)
    praise = PraiseButtons(modals, read, people, reports, core.praising)
    links = Links(people, core.audiences, catalogue, core.commands, slack, env.messages)
    refreshing = Refreshing(core.leases, env.clock)
    return Router(
        work=work,
        people=people,
        asking=asking,
        modals=modals,
        explainer=explainer,
        digest_form=digest_form,
        slack=slack,
        events={
            **MessageEvents(asking, core.digest_commands, handles).rows,
            "app_home_opened": home.row,
            "link_shared": links.row,
        },
        home=home,
        buttons=buttons(
            read=read,
            answers=AnswerButtons(core.commands, refreshing),
            sharing=Sharing(core.audiences, core.coaching, core.pipeline, handles),
            exporting=Exporting(core.exports, slack, core.leases, env.messages),
            digests=DigestButtons(core.digest_commands),
            alerts=core.alert_commands,
            coaches=CoachButtons(core.commands, coach, reports),
            links=links,
            nudging=nudging,
            praise=praise,
            query_form=query_form,
            digest_form=digest_form,
            snooze_form=snooze_form,
            homes=HomeButtons(core.homes, core.digest_commands, refreshing),
        ),
        forms={
            "query.form": query_form.row,
            "digest.form": digest_form.row,
            "coach.snooze_form": snooze_form.row,
            "nudge.form": nudging.row,
            "praise.form": praise.row,
        },
    )
