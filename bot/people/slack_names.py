"""People as Slack marks them, accounts and user groups, as the people of Exec.

Who does not see everyone learns of nobody here whether Exec knows them: they get nobody, and the
same refusal as for somebody who is not theirs to see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.access import AccountType, Asker, Visibility
from bot.errors import NotFound, SlackError
from bot.language.query import Member
from bot.people.people import People

# As many ids as fit into the 8,190 bytes of a request line that servers commonly take.
MAX_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class SlackNames:
    people: People

    async def person(self, user_id: str, asker: Asker, visibility: Visibility) -> Sequence[Member]:
        """The Exec person of a Slack account. Raises NotFound, ExecError and SlackError."""
        account = await self.people.account(asker.team_id, user_id)
        user = account.user
        if user.account_type is AccountType.BOT:
            raise NotFound("*{name}* is an app, and apps don't practise.", name=user.name)
        member = await self.people.member_of(account, ask_exec=visibility.everyone)
        if member is not None:
            return (member,)
        if not visibility.everyone:
            return ()
        if user.account_type is AccountType.DEACTIVATED:
            raise NotFound(
                "The Slack account of *{name}* is switched off and Exec doesn't know them. "
                "Try their e-mail address.",
                name=user.name,
            )
        if not user.email:
            raise NotFound(
                "Slack shows me no confirmed e-mail address for *{name}*, so I can't find them in "
                "Exec. "
                "Try their e-mail address, or ask an admin to link them.",
                name=user.name,
            )
        raise NotFound(
            "Exec has nobody with the e-mail address of *{name}*. If they have another one there, "
            "an admin can link the two: `help commands` shows how.",
            name=user.name,
        )

    async def usergroup(
        self, group_id: str, label: str, asker: Asker, visibility: Visibility
    ) -> Sequence[Member]:
        """The people of a user group whom Exec knows. Raises as `person`."""
        found = []
        name = label or "that user group"
        try:
            ids = await self.people.usergroup_members(group_id)
        except SlackError as error:
            if error.code != "no_such_subteam":
                raise
            raise NotFound("Slack has no user group *{name}*.", name=name) from None
        if len(ids) > MAX_AT_ONCE:
            raise NotFound(
                f"*{{name}}* has {len(ids)} people, and I can ask about {MAX_AT_ONCE} at once. Use "
                "a group in Exec: `group:` and its name.",
                name=name,
            )
        for user_id in ids:
            account = await self.people.account(asker.team_id, user_id)
            # Members of a user group whom Exec doesn't know are common; they have no practice.
            if member := await self.people.member_of(account, ask_exec=False):
                found.append(member)
            elif not visibility.everyone and account.user.account_type is not AccountType.BOT:
                return ()
        if not found and visibility.everyone:
            raise NotFound("Nobody in *{name}* is in Exec.", name=name)
        return found
