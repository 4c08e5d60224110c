"""Who may see whose practice. The one judge, asked by every door.

The Exec key is all-powerful, so Exec enforces nothing on our behalf: these rules do. They mirror
Exec's own: people see their own sessions, workspace admins see everybody's. Coaches also see those
of the people whom an admin gave them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from bot.errors import NotAllowed, Suggestion
from bot.language import dates
from bot.language.dates import DateForm
from bot.language.locale import DEFAULT, Locale
from bot.language.query import Kind, Member, Named

# Whose practice somebody sees.
Sees: TypeAlias = Literal["own", "people", "everybody"]


class AccountType(StrEnum):
    """What a Slack account is to the workspace that the bot lives in."""

    FULL = "full"
    GUEST = "guest"
    STRANGER = "stranger"  # of another workspace, met in a shared channel
    BOT = "bot"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who is asking. `member` is their Exec person, None when Exec does not know them. `name` is
    what others are told: that of Exec, which nobody changes for themselves as they can in Slack, or
    the address without its domain."""

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
        """An Exec admin, or someone the person who runs the bot named as one."""
        return self.named_admin or (self.member is not None and self.member.role == "admin")


@dataclass(frozen=True, slots=True)
class Visibility:
    """Whose practice someone may see: everyone's, or that of the people with these Exec ids.

    `coached` are those whom they coach. `groups` are groups of which they see everybody, also who
    joins later; `own_groups` are those that they are in, of which they know no more than that.
    `hidden` are scenarios that Exec shows few people, of whose practice they see nothing.
    `unsure` are groups that they coach, but of which nobody can tell now who is in them: that was
    last known of them all at `seen_at` (aware, in their own zone; None for never).
    """

    everyone: bool
    members: frozenset[str] = frozenset()
    coached: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    own_groups: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    seen_at: datetime | None = None

    @property
    def sees(self) -> Sees:
        """Whose practice they see, which decides what they are offered to ask."""
        if self.everyone:
            return "everybody"
        return "people" if self.coaches else "own"

    @property
    def coaches(self) -> bool:
        """Whether they coach anybody, or a group that may have nobody in it now."""
        return bool(self.coached or self.groups or self.unsure)

    def covers(
        self, people: tuple[Member, ...] | None, groups: frozenset[str] = frozenset()
    ) -> bool:
        """May all of `people` be seen? None is everyone, or everyone in these groups."""
        if self.everyone:
            return True
        if people is None:
            return bool(groups) and groups <= self.groups
        return all(person.id in self.members for person in people)

    def is_unsure_of(self, groups: frozenset[str]) -> bool:
        """Could all in these groups be seen, if only it could be told who is in them?"""
        return bool(groups & self.unsure) and groups <= self.groups | self.unsure

    def covers_group(self, group_id: str) -> bool:
        """Is this group theirs, whoever is in it?"""
        return self.everyone or group_id in self.groups | self.unsure

    @property
    def covers_groups(self) -> bool:
        """Whether there is any group whose digest could be theirs."""
        return self.everyone or bool(self.groups or self.unsure)

    def knows(self, thing: Named) -> bool:
        """Whether they may hear that there is such a thing: of groups only theirs and their own, of
        scenarios none that is hidden."""
        if thing.kind is Kind.GROUP:
            return self.knows_group(thing.id)
        return thing.kind is not Kind.SCENARIO or thing.id not in self.hidden

    def knows_group(self, group_id: str) -> bool:
        """Whether they may hear that there is such a group: it is theirs, or they are in it."""
        return self.covers_group(group_id) or group_id in self.own_groups


TURNED_AWAY = {
    AccountType.GUEST: "Guests can't see practice results. Ask a colleague with a full account.",
    AccountType.STRANGER: (
        "Practice results stay inside the company that owns them, and your account belongs to "
        "another workspace."
    ),
    AccountType.BOT: "Practice results are for people, not for apps.",
    AccountType.DEACTIVATED: "This Slack account is switched off, so I can't show it anything.",
}


def admit(account_type: AccountType) -> None:
    """Raises NotAllowed for accounts that see nothing at all, not even names."""
    if account_type is not AccountType.FULL:
        raise NotAllowed(TURNED_AWAY[account_type])


def may_export(visibility: Visibility) -> bool:
    """Whether answers may leave Slack as files: for admins, and for coaches of their people."""
    return visibility.everyone or visibility.coaches


def is_present(member: Member) -> bool:
    """Whether they are in the Exec workspace now."""
    return not member.is_removed


def may_coach(asker: Asker) -> bool:
    """Whether somebody whom an admin made a coach still is one: not as a guest, nor after they
    left Slack or Exec."""
    return (
        asker.account_type is AccountType.FULL
        and asker.member is not None
        and is_present(asker.member)
    )


def visibility(
    asker: Asker,
    coached: frozenset[str] = frozenset(),
    groups: frozenset[str] = frozenset(),
    own_groups: frozenset[str] = frozenset(),
) -> Visibility:
    """What `asker` may see; `coached` are the Exec ids of the people they coach, `groups` those
    of the groups, whose people are among them, and `own_groups` those that they are in themselves.

    Raises NotAllowed for those who see nothing: guests, strangers, and people unknown to Exec.
    """
    admit(asker.account_type)
    if not may_coach(asker):
        coached = groups = frozenset()
    if asker.is_admin:
        return Visibility(everyone=True, coached=coached, groups=groups)
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
    members = coached | {asker.member.id}
    if not is_present(asker.member):
        own_groups = frozenset()
    return Visibility(False, members, coached, groups, own_groups)


def require_admin(asker: Asker) -> None:
    """Raises NotAllowed unless `asker` may change things for others."""
    if not visibility(asker).everyone:
        raise NotAllowed("Only an admin can do that. Ask someone who is an admin in Exec.")


def refuse(name: str, visibility: Visibility) -> NotAllowed:
    """The refusal of a question about `name`: the same if they aren't the asker's to see and if
    they don't exist."""
    if visibility.unsure:
        return _refuse_unsure(name, visibility.seen_at)
    if not visibility.coaches:
        return NotAllowed("You can see only your own practice.")
    return NotAllowed(
        "I can't find *{name}* among the people you can see. Check the spelling, or ask an admin "
        "to add you as their coach.",
        name=name,
    )


def _refuse_unsure(name: str, seen_at: datetime | None) -> NotAllowed:
    last = "I have not seen yet who is in your groups"
    if seen_at is not None:
        day = dates.write_day(seen_at, DateForm(full=True, weekday=True))
        last = f"I last saw who is in your groups on {day}"
    return NotAllowed(
        f"I can't show *{{name}}* just now: {last}, and can't ask Exec again yet. Your own "
        "practice is still there.",
        (Suggestion("My last 7 days", "sessions me last 7d"),),
        name=name,
    )
