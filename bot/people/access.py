"""Decides who can see whose practice; every feature asks here.

The Exec key can read everything, so these rules protect the data, not Exec. They mirror Exec's own:
people see their own sessions, and workspace admins see everybody's. Coaches also see the people
that an admin assigned to them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.errors import NotAllowed, Suggestion
from bot.language.locale import DEFAULT, Locale
from bot.language.query import Kind, Member, ResolvedName, ResolvedQuery, Sees


class AccountType(StrEnum):
    """The relation of a Slack account to the bot's workspace."""

    FULL = "full"
    GUEST = "guest"
    STRANGER = "stranger"  # from another workspace, in a shared channel
    BOT = "bot"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, slots=True)
class Asker:
    """The person who asks.

    `member` is their Exec person, None if Exec doesn't know them. `name` is shown to others: their
    name in Exec, because people can change the one in Slack; or else the address without its
    domain.
    """

    team_id: str
    user_id: str
    name: str
    email: str
    account_type: AccountType
    zone: ZoneInfo
    member: Member | None
    named_admin: bool = False  # listed in EXECBOT_ADMINS
    locale: Locale = DEFAULT

    @property
    def is_admin(self) -> bool:
        """Whether they are an admin in Exec, or listed in EXECBOT_ADMINS."""
        return self.named_admin or (self.member is not None and self.member.role == "admin")


@dataclass(frozen=True, slots=True)
class Visibility:
    """The people whose practice somebody can see: everyone, or the `members` with these Exec ids.

    `coached` are the people they coach: the members of `groups`, including those who join later,
    and the `people` assigned one by one. `own_groups` are the groups they are in; they see these by
    name, but not the people. `unsure` are groups they coach whose members aren't known right now.
    `hidden` are private scenarios whose sessions they can't see.
    """

    everyone: bool
    members: frozenset[str] = frozenset()
    coached: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    own_groups: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()

    @property
    def sees(self) -> Sees:
        """Whose practice they can see; it decides which questions are suggested."""
        if self.everyone:
            return "everybody"
        return "people" if self.coaches else "own"

    @property
    def coaches(self) -> bool:
        """Whether they coach anybody, or a group that may be empty."""
        return bool(self.people or self.groups or self.unsure)

    def covers(
        self, people: tuple[Member, ...] | None, groups: frozenset[str] = frozenset()
    ) -> bool:
        """Whether they can see all of `people`; None means everyone, or everyone in `groups`."""
        if self.everyone:
            return True
        if people is None:
            return bool(groups) and groups <= self.groups
        return all(person.id in self.members for person in people)

    def is_unsure_of(self, groups: frozenset[str]) -> bool:
        """Whether they coach all of these groups, but the members of some aren't known right
        now."""
        return bool(groups & self.unsure) and groups <= self.groups | self.unsure

    def covers_group(self, group_id: str) -> bool:
        """Whether they coach this group."""
        return self.everyone or group_id in self.groups | self.unsure

    @property
    def covers_groups(self) -> bool:
        """Whether they can set up a digest of any group."""
        return self.everyone or bool(self.groups or self.unsure)

    def knows(self, thing: Member | ResolvedName) -> bool:
        """Whether they can see the name of somebody or something: people whose practice they can
        see, groups they coach or are in, and scenarios that aren't hidden from them."""
        if isinstance(thing, Member):
            return self.everyone or thing.id in self.members
        if thing.kind is Kind.GROUP:
            return self.covers_group(thing.id) or thing.id in self.own_groups
        return thing.id not in self.hidden


NOBODY = Visibility(everyone=False)
TURNED_AWAY = {
    AccountType.GUEST: "Guests can't see practice results. Ask a colleague with a full account.",
    AccountType.STRANGER: (
        "Practice results stay inside the company that owns them, and your account belongs to "
        "another workspace."
    ),
    AccountType.BOT: "Practice results are for people, not for apps.",
    AccountType.DEACTIVATED: "This Slack account is deactivated, so I can't show it anything.",
}


def admit(account_type: AccountType) -> None:
    """Raises NotAllowed for accounts that can't see anything, not even names."""
    if account_type is not AccountType.FULL:
        raise NotAllowed(TURNED_AWAY[account_type])


def visibility(asker: Asker, stored: Visibility = NOBODY) -> Visibility:
    """What `asker` can see; `stored` is what they coach and the groups they are in.

    Raises NotAllowed for people who see nothing: guests, strangers, and people unknown to Exec.
    """
    admit(asker.account_type)
    if asker.member is None or asker.member.is_removed:
        stored = NOBODY  # people who left Exec coach nobody
    if asker.is_admin:
        return replace(stored, everyone=True)
    if asker.member is None:
        if not asker.email:
            raise NotAllowed(
                "Your Slack account shows me no confirmed e-mail address, so I can't tell who "
                "you are in Exec. Ask an admin to link you."
            )
        raise NotAllowed(
            "I can't find you in Exec: nobody there has the e-mail address of your Slack account. "
            "Ask an admin to link you."
        )
    return replace(stored, members=stored.coached | {asker.member.id})


def is_own(query: ResolvedQuery, asker: Asker) -> bool:
    """Whether a question is about its asker alone."""
    ids = [person.id for person in query.people or ()]
    return asker.member is not None and ids == [asker.member.id]


def require_admin(asker: Asker) -> None:
    """Raises NotAllowed unless `asker` is an admin."""
    if not visibility(asker).everyone:
        raise NotAllowed("Only an admin can do that. Ask someone who is an admin in Exec.")


def refuse(name: str, visibility: Visibility) -> NotAllowed:
    """The refusal of a question about `name`: the same whether they are hidden or don't exist."""
    if visibility.unsure:
        return NotAllowed(
            "I can't show *{name}* right now: my list of the people in your groups is missing or "
            "more than a day old. You can still see your own practice.",
            (Suggestion("My last 7 days", "sessions me last 7d"),),
            name=name,
        )
    if not visibility.coaches:
        return NotAllowed("You can see only your own practice.")
    return NotAllowed(
        "I can't find *{name}* among the people you can see. Check the spelling, or ask an admin "
        "to add you as their coach.",
        name=name,
    )
