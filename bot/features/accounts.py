"""`/exec link`, for admins: joins a Slack account to an Exec person whose e-mail differs."""

from __future__ import annotations

from dataclasses import dataclass

from bot import access
from bot.answer import Request
from bot.env import Env
from bot.errors import NotFound, Pattern, UserError
from bot.features import ADMINS, Command, Feature, HelpLine
from bot.language.query import Member
from bot.language.schedule_words import spoken_schedule
from bot.language.text import first_word
from bot.language.tokens import Form, tokenize
from bot.messages.render import Draft, notice
from bot.outbox.due import schedule_of
from bot.outbox.own_messages import OwnMessages
from bot.outbox.plans import COACH
from bot.people.accounts import People
from bot.people.coaches import Coaches
from bot.people.directory import Directory
from bot.slack.web import SlackUser

DONE = "Done: *{account}* in Slack is now *{member}* in Exec."


LINK = (
    HelpLine(
        ("link @person e-mail",),
        Pattern("Admins: join a Slack account to an Exec person whose e-mail differs."),
        "",  # somebody has to be picked from Slack's list
        ADMINS,
    ),
)
UNLINK = (HelpLine(("unlink @person",), Pattern("Admins: remove a link."), "", ADMINS),)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Raises UserError with what to do instead, ExecError, SlackError and StorageError."""

    env: Env
    people: People
    directory: Directory
    coaches: Coaches
    own: OwnMessages

    @property
    def feature(self) -> Feature:
        return Feature(
            commands=(
                Command("link", self.link, LINK, takes=_names_an_account),
                Command("unlink", self.unlink, UNLINK),
            )
        )

    async def link(self, request: Request, rest: str) -> Draft:
        """`link @jane jane.smith@acme.com`."""
        access.require_admin(request.asker)
        account, email = self._account_and_email(rest)
        member = await self.directory.person(email=email)
        if member is None:
            raise NotFound(
                "Exec has nobody with the e-mail address {email}. Check it in Exec under "
                "Settings › Members.",
                email=email,
            )
        user = await self.people.slack_user(request.asker.team_id, account)
        if user.account_type is access.AccountType.BOT:
            raise NotFound("*{name}* is an app, and apps don't practice.", name=user.name)
        if user.account_type is access.AccountType.STRANGER:
            # Guests and accounts that are switched off may be linked: they see nothing by it, and
            # admins ask about them.
            raise NotFound(
                "*{name}* belongs to another company's workspace, so I can't link them to "
                "anyone in Exec.",
                name=user.name,
            )
        replaced = await self.people.link(request.asker.team_id, account, member)
        pattern, fields = DONE, {"account": user.name, "member": _both(member)}
        if replaced not in (None, member.id):
            earlier = await self.directory.person(id_=replaced)
            fields["earlier"] = _both(earlier) if earlier else "somebody I don't know any more"
            pattern += " Before, it was *{earlier}*."
        if when := await self._coaching_message(request.asker.team_id, user, member):
            pattern += " They coach people, and get a message about them {when}."
            fields["when"] = when
        return notice(pattern, **fields)

    async def _coaching_message(self, team_id: str, user: SlackUser, member: Member) -> str:
        """When somebody gets a message about the people whom they were given before their account
        was known; "" if they get none."""
        coach = await self.coaches.of(member.id)
        if user.account_type is not access.AccountType.FULL or not (coach.groups or coach.people):
            return ""
        one = await self.own.begin(team_id, user.id, COACH, user.tz)
        return spoken_schedule(schedule_of(one.plan)) if one is not None and one.is_on else ""

    async def unlink(self, request: Request, rest: str) -> Draft:
        """`unlink @jane`."""
        access.require_admin(request.asker)
        account = self._account(rest)
        user = await self.people.slack_user(request.asker.team_id, account)
        gone = await self.people.link(request.asker.team_id, account, None)
        if gone is None:
            raise NotFound(
                "*{account}* was not linked to anyone: I know them by their e-mail address.",
                account=user.name,
            )
        return notice(
            "Done: *{account}* is no longer linked. From now on I know them by their e-mail "
            "address.",
            account=user.name,
        )

    def _account_and_email(self, rest: str) -> tuple[str, str]:
        tokens = tokenize(rest)
        accounts = [token.word for token in tokens if token.form is Form.MENTION]
        emails = [token.word for token in tokens if token.form is Form.EMAIL]
        if len(tokens) != 2 or len(accounts) != 1 or len(emails) != 1:
            raise self._usage("link @jane jane.smith@company.com")
        return accounts[0], emails[0]

    def _account(self, rest: str) -> str:
        tokens = tokenize(rest)
        if len(tokens) != 1 or tokens[0].form is not Form.MENTION:
            raise self._usage("unlink @jane")
        return tokens[0].word

    def _usage(self, usage: str) -> UserError:
        return UserError(
            "Write it like this: `{usage}`. Pick the person from Slack's list as you type the @.",
            usage=f"{self.env.command} {usage}",
        )


def _names_an_account(rest: str) -> bool:
    """Not "link to a scenario", which asks for where that is practiced."""
    return first_word(rest)[0] not in ("to", "for")


def _both(member: Member) -> str:
    if member.email in ("", member.name):
        return member.name
    return f"{member.name} ({member.email})"
