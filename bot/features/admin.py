"""For admins: the state of the bot, the access log, linked accounts, and an alarm if Exec refuses
the key. Everybody can read the log about their own practice."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot import access
from bot.access import AccountType, Asker
from bot.answer import Request
from bot.commands import ADMINS, Command, HelpLine
from bot.errors import NotFound, Pattern, Sentence, SlackError, Suggestion, UserError
from bot.exec_api.budget import Purpose
from bot.exec_api.status import Failing, Trouble
from bot.features.coach import begin_message
from bot.handlers import Turn, handler
from bot.jobs import Job
from bot.language.dates import zone_name
from bot.language.days import day_start
from bot.language.filters import PERIOD, query_words
from bot.language.locale import of_profile, written_for
from bot.language.query import Member, Period, PersonKind, Query
from bot.language.schedule_words import spoken_schedule
from bot.language.text import first_word, plain_text
from bot.language.tokens import Form, tokenize
from bot.messages.blocks import Message
from bot.messages.render import Draft, draft, notice
from bot.messages.tables import page
from bot.messages.words import clock, moment
from bot.mirror.lists import MEMBERS
from bot.mirror.query import read_window
from bot.outbox import Delivery, DeliveryKind, State, delivery_id
from bot.people.names import rewording
from bot.slack.web import SlackUser
from bot.storage.claims import FOREVER
from bot.storage.tables import delivery, session, to_ms

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger(__name__)

STATUS = HelpLine(
    ("status",),
    Pattern(
        "Admins: requests to Exec in the last 24 hours, what is stored, and when it was updated."
    ),
    "status",
    ADMINS,
)
OWN_AUDIT = HelpLine(
    ("audit me",), Pattern("Who has looked at your practice, day by day."), "audit me"
)
AUDIT = HelpLine(
    ("audit @jane",),
    Pattern("Admins: who has looked at someone's practice, day by day."),
    "audit @jane",
    ADMINS,
)
LINK = HelpLine(
    ("link @person e-mail",),
    Pattern("Admins: link a Slack account to a person in Exec whose e-mail address differs."),
    "",  # the person has to be picked from Slack's list
    ADMINS,
)
UNLINK = HelpLine(("unlink @person",), Pattern("Admins: remove a link."), "", ADMINS)
TROUBLE = {
    Trouble.WRONG_KEY: "*Exec has not accepted my key since {since}.* Put a new one in "
    "`EXEC_API_KEY` and restart me.",
    Trouble.INACTIVE: "*Your Exec workspace has been inactive since {since}.* An Exec admin "
    "can reactivate it.",
    Trouble.AWAY: "*I haven't been able to reach Exec since {since}.* I keep trying.",
}
ME = "me"
ALARM_EVERY = 15  # seconds
ALARM = "exec_key"  # the claim, and the source of the messages
# If Exec alternates between refusing and accepting the key, admins get one message an hour.
QUIET = timedelta(hours=1)
_MEANWHILE = (
    "Until then I answer from stored data and show how old it is. Questions that need Exec have to "
    "wait. I send this message only once, and I'll pick up again as soon as Exec lets me in."
)
ALARMS = {
    Trouble.WRONG_KEY: "Exec has not accepted my key since {since}. To fix this, make a new key in "
    f"Exec under *Settings › API*, set `EXEC_API_KEY` to it, and restart me. {_MEANWHILE}",
    Trouble.INACTIVE: "Your Exec workspace has been inactive since {since}. To fix this, ask an "
    "Exec admin to reactivate it. Or make a key in another workspace under *Settings › API*, set "
    f"`EXEC_API_KEY` to it, and restart me. {_MEANWHILE}",
}


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the bot: its requests to Exec, and what is stored.

    `used` of `per_day` requests were sent in the last 24 hours, and `left_minute` of `per_minute`
    are left in this minute; none can be sent before `blocked_until`. All `sessions` from `start` to
    `end` are stored (both are None before the first page), and `waiting` of them have no grade yet.
    The last `rechecked_days` were read again since `rechecked_at`. The list read at `people_at`
    has so many `people`. `trouble` is a problem that somebody has to fix. `named_ranking` is the
    setting of that name.
    """

    zone: str
    now: datetime
    used: int
    per_day: int
    left_minute: int
    per_minute: int
    blocked_until: datetime | None
    sessions: int
    start: datetime | None
    end: datetime | None
    waiting: int
    rechecked_at: datetime | None
    rechecked_days: int
    people: int
    people_at: datetime | None
    named_ranking: str
    trouble: Sentence | None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A line of the access log: who looked, in which report, on which day (its local midnight).

    `email` is "" unless the reader is an admin.
    """

    day: datetime
    name: str
    email: str
    report: str


@dataclass(slots=True)
class Alarm:
    """The state of the alarm in this process; `is_over` once it has ended the last one."""

    is_over: bool = False


def register(app: App) -> None:
    """Add the subcommands, the listeners and the job."""
    app.commands.add(Command("status", partial(show_status, app), (STATUS,)))
    app.commands.add(Command("audit", partial(show_audit, app), (OWN_AUDIT, AUDIT)))
    app.commands.add(Command("link", partial(link, app), (LINK,), takes=_names_an_account))
    app.commands.add(Command("unlink", partial(unlink, app), (UNLINK,)))
    app.jobs["alarm"] = Job(partial(check_key, app, Alarm()), ALARM_EVERY)

    @app.bolt.action("status.refresh")
    @handler(app)
    async def refresh_status(ack: Any, turn: Turn) -> None:
        await ack()
        turn.retry_words = "status"
        await turn.answer(await show_status(app, await turn.request(), ""))

    @app.bolt.action(re.compile(r"audit\.(?:next|previous)"))
    @handler(app)
    async def turn_page(ack: Any, turn: Turn) -> None:
        await ack()
        words, start = await turn.command()
        _, rest = first_word(words)
        await turn.answer(await show_audit(app, await turn.request(), rest, start))


# The state of the bot


async def show_status(app: App, request: Request, rest: str) -> Draft:
    """Answer `status`. Raises as `read_status`."""
    if rest:
        raise UserError(
            "`{command} status` takes no other words. It shows the requests to Exec and what is "
            "stored.",
            (Suggestion("Show the status", "status"),),
        )
    return draft("status", status=await read_status(app, request.asker))


async def read_status(app: App, asker: Asker) -> Status:
    """The state of the bot now. Raises NotAllowed for anyone but admins, and StorageError."""
    access.require_admin(asker)
    now, zone = app.clock(), str(asker.zone)
    left, window = await app.budget.left(), await read_window(app.db)
    rechecked = await read_window(app.db, Purpose.AGAIN)
    people = await app.lists.read(MEMBERS)
    is_new = session.c.created_at > to_ms(now - timedelta(days=1))
    is_waiting = session.c.rank.is_(None) & session.c.score.is_(None)
    failing = app.exec_status.failing
    return Status(
        zone=zone,
        now=now,
        used=app.budget.per_day - left.day,
        per_day=app.budget.per_day,
        left_minute=left.minute,
        per_minute=app.budget.per_minute,
        blocked_until=left.blocked_until,
        sessions=await app.db.count(session),
        start=window.start if window else None,
        end=window.end if window else None,
        waiting=await app.db.count(session, is_new, is_waiting),
        rechecked_at=rechecked.end if rechecked else None,
        rechecked_days=(now - rechecked.start).days if rechecked else 0,
        people=people.rows if people else 0,
        people_at=people.end_at if people else None,
        named_ranking=app.settings.execbot_named_ranking,
        trouble=None if failing is None else _trouble(failing, zone, now),
    )


def _trouble(failing: Failing, zone: str, now: datetime) -> Sentence:
    return Sentence(TROUBLE[failing.trouble], {"since": clock(failing.since, zone, now)})


# The access log


async def show_audit(app: App, request: Request, rest: str, start: int = 0) -> Draft:
    """Answer `audit`: the looks at somebody's practice, newest first, from row `start` on. Raises
    UserError, SlackError, ExecError and StorageError."""
    asker, zone = request.asker, request.asker.zone
    query, person = await read_audit_question(app, asker, rest)
    is_own, period = person == asker.member, query.period
    looks = [each for each in await app.audit.at(person.id) if _is_in(each.day, period, zone)]
    (id_,) = await app.buttons.add_commands(
        asker.team_id, asker.user_id, (f"audit {rest}".strip(),)
    )
    lines = [
        AuditLine(day_start(each.day, zone), each.name, "" if is_own else each.email, each.report)
        for each in looks
    ]
    return draft(
        "audit",
        id=id_,
        person=None if is_own else person.name,
        page=page(lines, start),
        people=len({(each.name, each.email) for each in looks}),
        zone=str(zone),
        now=app.clock(),
        kept_days=app.settings.execbot_audit_days,
        period=PERIOD.phrase(query, None) if period else "",
    )


async def read_audit_question(app: App, asker: Asker, rest: str) -> tuple[Query, Member]:
    """The period, and the person whose log is asked for: the asker or, for admins, anybody. Raises
    UserError."""
    seen = await app.coaching.reach(asker)
    query = await app.resolver.read(rest, asker, seen, lead="audit")
    if query == Query(people=query.people[:1], period=query.period):
        if _is_own(query, rest):
            if asker.member is None:
                raise NotFound("You aren't in Exec yourself, so you have no practice to look at.")
            return query, asker.member
        access.require_admin(asker)
        lookup = app.resolver.lookup(asker, seen, rewording(query, "audit"))
        found = [each for ref in query.people for each in await lookup.find_people(ref)]
        if len(found) == 1:
            return query, found[0]
    raise UserError(
        "Name one person, and a time if you like: `{command} audit @jane last week`. "
        "`{command} audit me` shows who has looked at your own practice."
    )


def _is_own(query: Query, rest: str) -> bool:
    """Whether a question names its asker, or nobody: "last week", but not "everyone last week"."""
    if query.people:
        return query.people[0].kind is PersonKind.ME
    words = plain_text(rest).casefold()
    return first_word(words)[0] == ME or words == query_words(query)


def _is_in(day: date, period: Period | None, zone: ZoneInfo) -> bool:
    if period is None:
        return True
    if period.start is not None and day < period.start.astimezone(zone).date():
        return False
    return period.end is None or day_start(day, zone) < period.end


# Linked accounts: both raise UserError, ExecError, SlackError and StorageError


async def link(app: App, request: Request, rest: str) -> Draft:
    """Answer `link @jane jane.smith@acme.com`."""
    access.require_admin(request.asker)
    team_id, tokens = request.asker.team_id, tokenize(rest)
    words = {token.form: token.word for token in tokens}
    if len(tokens) != 2 or words.keys() != {Form.MENTION, Form.EMAIL}:
        raise _usage("link @jane jane.smith@company.com")
    account, email = words[Form.MENTION], words[Form.EMAIL]
    member = await app.directory.person(email=email)
    if member is None:
        raise NotFound(
            "Exec has nobody with the e-mail address {email}. Check it in Exec under "
            "Settings › Members.",
            email=email,
        )
    user = await app.people.slack_user(team_id, account)
    _require_person(user)
    replaced = await app.people.link(team_id, account, member)
    pattern = "Done: *{account}* in Slack is now *{member}* in Exec."
    fields = {"account": user.name, "member": _with_address(member)}
    if replaced not in (None, member.id):
        earlier = await app.directory.person(id_=replaced)
        pattern += " Before, it was *{earlier}*."
        fields["earlier"] = _with_address(earlier) if earlier else "someone I no longer know"
    if when := await _begin_coach_message(app, team_id, user, member):
        pattern += " They coach people and get a message about them {when}."
        fields["when"] = when
    return notice(pattern, **fields)


def _require_person(user: SlackUser) -> None:
    """Raises NotFound for apps and for people from other companies.

    Guests and deactivated accounts can be linked: they still see nothing, and admins can ask about
    them.
    """
    if user.account_type is AccountType.BOT:
        raise NotFound("*{name}* is an app, and apps don't practice.", name=user.name)
    if user.account_type is AccountType.STRANGER:
        raise NotFound(
            "*{name}* belongs to another company's workspace, so I can't link them to anyone in "
            "Exec.",
            name=user.name,
        )


async def _begin_coach_message(app: App, team_id: str, user: SlackUser, member: Member) -> str:
    """The schedule of the message to somebody who became a coach before their account was known; ""
    if they get none."""
    coach = await app.coaches.of(member.id)
    if user.account_type is not AccountType.FULL or not (coach.groups or coach.people):
        return ""
    one = await begin_message(app, team_id, user)
    return "" if one.is_paused else spoken_schedule(one.timing)


async def unlink(app: App, request: Request, rest: str) -> Draft:
    """Answer `unlink @jane`."""
    access.require_admin(request.asker)
    team_id, tokens = request.asker.team_id, tokenize(rest)
    if [token.form for token in tokens] != [Form.MENTION]:
        raise _usage("unlink @jane")
    user = await app.people.slack_user(team_id, tokens[0].word)
    if await app.people.link(team_id, user.id, None) is None:
        raise NotFound(
            "*{account}* wasn't linked to anyone. I recognize them by their e-mail address.",
            account=user.name,
        )
    return notice(
        "Done: *{account}* is no longer linked. From now on I recognize them by their e-mail "
        "address.",
        account=user.name,
    )


def _usage(words: str) -> UserError:
    return UserError(
        "Write it like this: `{command} {words}`. Pick the person from Slack's list when you type "
        "the @.",
        words=words,
    )


def _names_an_account(rest: str) -> bool:
    """False for "link to a scenario", which asks where to practice it."""
    return first_word(rest)[0] not in ("to", "for")


def _with_address(member: Member) -> str:
    if member.email in ("", member.name):
        return member.name
    return f"{member.name} ({member.email})"


# A key that Exec refuses


async def check_key(app: App, alarm: Alarm) -> None:
    """Tell the admins once, across all processes, that Exec refuses the key.

    The claim and the messages are stored in one transaction. The claim ends when Exec accepts the
    key again. Raises StorageError.
    """
    failing = app.exec_status.failing
    if app.exec_status.is_well and not alarm.is_over:
        c = delivery.c
        await app.db.write(
            sa.delete(delivery).where(c.kind == DeliveryKind.ALARM, c.state == State.DUE)
        )
        await app.claims.end(ALARM, QUIET)
        alarm.is_over = True
    if failing is None or failing.trouble not in ALARMS:
        return
    alarm.is_over = False
    if await app.claims.is_claimed(ALARM):
        return
    try:
        accounts = await app.people.admin_accounts()
    except SlackError as error:
        log.warning("the admins can't be looked up: %s", error.code)
        return
    messages = {account: await _alarm_for(app, failing, account) for account in accounts}
    async with app.db.transaction() as connection:
        length = FOREVER if messages else QUIET
        if await app.claims.claim(ALARM, length, connection):
            log.error("Exec refuses the key: %s", failing.trouble)
            await app.outbox.insert(connection, *_alarms(app, messages))


def _alarms(app: App, messages: Mapping[str, Message]) -> list[Delivery]:
    """A delivery for each account."""
    now = app.clock()
    return [
        Delivery(
            id=delivery_id(ALARM, account, now.isoformat()),
            kind=DeliveryKind.ALARM,
            team_id="",
            owner_id=account,
            place=account,
            planned_at=now,
            try_at=now,
            message=message.body,
        )
        for account, message in messages.items()
    ]


async def _alarm_for(app: App, failing: Failing, account: str) -> Message:
    """The message in an admin's time zone and locale."""
    zone, locale = "UTC", app.locale
    with suppress(SlackError):
        user = await app.web.user(account)
        zone, locale = user.tz, of_profile(user.locale, locale)
    with written_for(locale):
        since = f"{moment(failing.since, zone, app.clock())} ({zone_name(zone)})"
        return app.messages.message(notice(ALARMS[failing.trouble], since=since))
