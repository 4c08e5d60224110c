"""For admins: the state of the bot, the access log, linked accounts, and an alarm if Exec refuses
the key. Everybody can read the log about their own practice."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.app import App, ExecRoom, PeopleRoom, ScheduledRoom, SlackRoom, StorageRoom
from bot.ask.answer import Request
from bot.clock import Now
from bot.errors import (
    Broken,
    ExecError,
    NotFound,
    Sentence,
    SlackError,
    Suggestion,
    UserError,
    WorkspaceInactive,
    WrongKey,
)
from bot.exec.lists import MEMBERS
from bot.jobs import Job
from bot.language.days import day_start
from bot.language.query import Member, Query, ResolvedName
from bot.language.text import first_word
from bot.language.tokens import TokenForm, tokenize
from bot.messages.render import Draft, Messages, View, draft, notice
from bot.messages.tables import page
from bot.people import access
from bot.people.access import AccountType, Asker
from bot.people.coach_names import name_of
from bot.scheduled.delivery import delivery_id, one_time
from bot.settings import Settings
from bot.slack.commands import ADMINS, Command, HelpLine
from bot.slack.turn import Turn
from bot.storage.buttons import StoredCommand
from bot.storage.leases import FOREVER
from bot.storage.sessions import read_window
from bot.storage.tables import session

log = logging.getLogger(__name__)

STATUS = HelpLine(
    ("status",),
    Sentence("Admins: requests to Exec in the last 24 hours, and what is stored."),
    "status",
    ADMINS,
)
OWN_AUDIT = HelpLine(
    ("audit me",), Sentence("Who has looked at your practice, day by day."), "audit me"
)
AUDIT = HelpLine(
    ("audit @jane", 'audit "West Coast"'),
    Sentence("Admins: who has looked at the practice of a person or a group, day by day."),
    only=ADMINS,
)
LINK = HelpLine(
    ("link @person e-mail",),
    Sentence("Admins: link a Slack account to a person in Exec whose e-mail address differs."),
    only=ADMINS,
)
UNLINK = HelpLine(("unlink @person",), Sentence("Admins: remove a link."), only=ADMINS)
TROUBLE: Mapping[type[ExecError], str] = {
    WrongKey: "*Exec doesn't accept my key.* Make a new one in Exec under *Settings › "
    "API*, set `EXEC_API_KEY` to it, and restart me.",
    WorkspaceInactive: "*Your Exec workspace is inactive.* An Exec admin can reactivate it.",
    Broken: "*I can't reach Exec.* I keep trying.",
}
ALARMING = (WrongKey, WorkspaceInactive)
MEANWHILE = (
    " Until then I answer from stored data and show how old it is. I send this message only once."
)
ALARM_EVERY = 15  # seconds
ALARM = "exec_key"  # the lease
# If Exec alternates between refusing and accepting the key, admins get one message an hour.
QUIET = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Administration:
    """Answers admins, and alarms them."""

    clock: Now
    exec: ExecRoom
    jobs: dict[str, Job]
    messages: Messages
    people: PeopleRoom
    scheduled: ScheduledRoom
    settings: Settings
    slack: SlackRoom
    storage: StorageRoom

    def register(self) -> None:
        """Add the subcommands, the listeners and the job."""
        self.slack.commands.add(Command("status", self.show_status, (STATUS,)))
        self.slack.commands.add(Command("audit", self.show_audit, (OWN_AUDIT, AUDIT)))
        self.slack.commands.add(Command("link", self.link, (LINK,), takes=_names_an_account))
        self.slack.commands.add(Command("unlink", self.unlink, (UNLINK,)))
        self.jobs["alarm"] = Job(self.check_key, ALARM_EVERY)

        @self.slack.listeners.answering("status.refresh")
        async def refresh_status(turn: Turn) -> View:
            turn.retry_words = "status"
            return await self.show_status(await turn.request(), "")

        @self.slack.listeners.answering("audit.next")
        @self.slack.listeners.answering("audit.previous")
        async def turn_page(turn: Turn) -> View:
            stored, start = await turn.stored(StoredCommand)
            rest = first_word(stored.meaning.words)[1]
            return await self.show_audit(await turn.request(), rest, start)

    # The state of the bot

    async def show_status(self, request: Request, rest: str) -> Draft:
        """Answer `status`: trouble with Exec, the sessions and people that are stored, and
        requests."""
        access.require_admin(request.asker)
        if rest:
            raise UserError(
                "`{command} status` takes no other words.",
                (Suggestion("Show the status", "status"),),
            )
        now, zone, failing = self.clock(), str(request.asker.zone), self.exec.client.failing
        listed = await self.scheduled.subscriptions.listed(request.asker.team_id)
        return draft(
            "status",
            zone=zone,
            now=now,
            trouble=None if failing is None else Sentence(TROUBLE[failing.error]),
            failing=failing,
            window=await read_window(self.storage.db),
            sessions=await self.storage.db.count(session),
            people=await read_window(self.storage.db, MEMBERS),
            left=await self.exec.budget.left(),
            per_minute=self.exec.budget.per_minute,
            per_day=self.exec.budget.per_day,
            paused=sum(bool(subscription.reason) for subscription in listed),
        )

    # The access log

    async def show_audit(self, request: Request, rest: str, start: int = 0) -> Draft:
        """Answer `audit`: the looks at somebody's practice, newest first, from row `start` on.
        Raises UserError, SlackError, ExecError and StorageError."""
        asker = request.asker
        person = await self.read_audited(asker, rest)
        words = f"audit {rest}".strip()
        (id_,) = await self.storage.buttons.add_commands(asker.team_id, asker.user_id, (words,))
        looks = [
            (day_start(look.day, asker.zone), look.name, look.email, look.report)
            for look in await self.people.audit.at(person.id)
        ]
        return draft(
            "audit",
            id=id_,
            person=None if person == asker.member else await self.name_audited(person),
            page=page(looks, start),
            people=len({(name, email) for _, name, email, _ in looks}),
            zone=str(asker.zone),
            now=self.clock(),
            kept_days=self.settings.execbot_audit_days,
        )

    async def name_audited(self, audited: Member | ResolvedName) -> str:
        """The name of a person, told apart from others, or of a group."""
        if isinstance(audited, ResolvedName):
            return audited.name
        return await name_of(self.people.directory, audited.id)

    async def read_audited(self, asker: Asker, rest: str) -> Member | ResolvedName:
        """The person whose log is asked for: the asker or, for admins, anybody or a group. Raises
        UserError."""
        seen = await self.people.coaching.visibility(asker)
        query = await self.people.resolver.query_of(rest, asker, seen, lead="audit")
        if query == Query(period=query.period):  # all days are shown
            if asker.member is None:
                raise NotFound("You aren't in Exec yourself, so you have no practice to look at.")
            return asker.member
        access.require_admin(asker)
        if query == Query(people=query.people, names=query.groups, period=query.period):
            resolved = await self.people.resolver.resolve(query, asker, seen, lead="audit")
            named: list[Member | ResolvedName] = [*(resolved.people or ()), *resolved.names]
            if len(named) == 1:
                return named[0]
        raise UserError(
            "Name one person or group: `{command} audit @jane`. `{command} audit me` shows who has "
            "looked at your own practice."
        )

    # Linked accounts: both raise UserError, ExecError, SlackError and StorageError

    async def link(self, request: Request, rest: str) -> Draft:
        """Answer `link @jane jane.smith@acme.com`. Guests and deactivated accounts can be linked:
        they still see nothing, and admins can ask about them."""
        access.require_admin(request.asker)
        team_id, tokens = request.asker.team_id, tokenize(rest)
        words = {token.form: token.word for token in tokens}
        if len(tokens) != 2 or words.keys() != {TokenForm.MENTION, TokenForm.EMAIL}:
            raise _usage("link @jane jane.smith@company.com")
        account, email = words[TokenForm.MENTION], words[TokenForm.EMAIL]
        member = await self.people.directory.person(email=email)
        if member is None:
            raise NotFound(
                "Exec has nobody with the e-mail address {email}. Check it in Exec under "
                "Settings › Members.",
                email=email,
            )
        user = (await self.people.accounts.account(team_id, account)).user
        if user.account_type in (AccountType.BOT, AccountType.STRANGER):
            raise NotFound(
                "*{name}* is an app or belongs to another company, so I can't link them to anyone "
                "in Exec.",
                name=user.name,
            )
        await self.people.accounts.link(team_id, account, member)
        pattern = "Done: *{account}* in Slack is now *{member}* in Exec."
        fields = {"account": user.name, "member": _with_address(member)}
        coach = await self.people.coaches.of(member.id)
        if user.account_type is AccountType.FULL and (coach.groups or coach.people):
            # Somebody who became a coach before their account was known.
            await self.scheduled.coach_lists.begin_message(team_id, user)
            pattern += " They coach people, and get a message about them every week."
        return notice(pattern, **fields)

    async def unlink(self, request: Request, rest: str) -> Draft:
        """Answer `unlink @jane`."""
        access.require_admin(request.asker)
        team_id, tokens = request.asker.team_id, tokenize(rest)
        if [token.form for token in tokens] != [TokenForm.MENTION]:
            raise _usage("unlink @jane")
        account = await self.people.accounts.account(team_id, tokens[0].word)
        if account.linked is None:
            raise NotFound(
                "*{account}* wasn't linked to anyone. I recognize them by their e-mail address.",
                account=account.user.name,
            )
        await self.people.accounts.link(team_id, account.user.id, None)
        return notice(
            "Done: *{account}* is no longer linked. From now on I recognize them by their e-mail "
            "address.",
            account=account.user.name,
        )

    # A key that Exec refuses

    async def check_key(self) -> None:
        """Tell the admins once, across all processes, that Exec refuses the key.

        The lease and the messages are stored in one transaction. The lease ends when Exec accepts
        the key again. Raises StorageError.
        """
        failing, is_told = (
            self.exec.client.failing,
            await self.storage.leases.held_until(ALARM) is not None,
        )
        if self.exec.client.is_well and is_told:
            await self.storage.leases.shorten(ALARM, QUIET)
        if failing is None or failing.error not in ALARMING or is_told:
            return
        try:
            accounts = await self.people.accounts.admin_accounts()
        except SlackError as error:
            log.warning("the admins can't be looked up: %s", error.code)
            return
        message = self.messages.message(notice(TROUBLE[failing.error] + MEANWHILE))
        now = self.clock()
        alarms = [
            one_time("", account, message, now, id=delivery_id(ALARM, account, now.isoformat()))
            for account in accounts
        ]
        async with self.storage.db.transaction() as connection:
            length = FOREVER if alarms else QUIET
            if await self.storage.leases.claim(ALARM, length, connection):
                log.error("Exec refuses the key: %s", failing.error.__name__)
                await self.scheduled.deliveries.insert(connection, *alarms)


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


def register(app: App) -> None:
    """Add what people can do."""
    Administration(
        app.clock,
        app.exec,
        app.jobs,
        app.messages,
        app.people,
        app.scheduled,
        app.settings,
        app.slack,
        app.storage,
    ).register()
