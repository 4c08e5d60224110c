"""`/exec audit`: who has looked at one's own practice, or, for admins, at somebody's."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot import access
from bot.access import Asker, Visibility
from bot.answer import Request
from bot.button_values import ButtonCommand, ButtonValues
from bot.env import Env
from bot.errors import NotFound, Pattern, UserError
from bot.features import Button, Command, Feature, Press
from bot.language.query import Member, PersonKind, Query
from bot.language.text import first_word, plain_text
from bot.people.audit import Audit, Noted
from bot.people.names import Resolver, in_question
from bot.rendering.audit_views import AuditLine, AuditView
from bot.rendering.times import local
from bot.rendering.views import ADMINS, HelpLine
from bot.storage.handles import Handles

EVERYONE = Visibility(everyone=True)  # only admins ask about others
ME = "me"
LINES = (
    HelpLine(("audit me",), Pattern("Who has looked at your practice, day by day."), "audit me"),
    HelpLine(
        ("audit @jane",),
        Pattern("Admins: who has looked at somebody's practice, when and how."),
        "audit @jane",
        ADMINS,
    ),
)


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """Raises UserError with what to do instead, SlackError, ExecError and StorageError."""

    env: Env
    audit: Audit
    resolver: Resolver
    handles: Handles
    values: ButtonValues
    kept_days: int

    @property
    def feature(self) -> Feature:
        turn = Button(self.values.command, self.turn)
        return Feature(
            commands=(Command("audit", self.run, LINES),),
            buttons={"audit.next": turn, "audit.previous": turn},
        )

    async def turn(self, press: Press[ButtonCommand]) -> AuditView:
        """Another page."""
        _, rest = first_word(press.handle.words)
        return await self.run(press.request, rest, press.handle.start)

    async def run(self, request: Request, rest: str, start: int = 0) -> AuditView:
        """Answer `audit <rest>`, from its row `start` on."""
        asker, is_own = request.asker, plain_text(rest).casefold() in ("", ME)
        person = _oneself(asker) if is_own else await self._person(asker, rest)
        noted = await self.audit.at(person.id)
        zone = str(asker.zone)
        lines = _by_day(noted, zone) if is_own else tuple(map(_line, noted))
        (id_,) = await self.handles.keep_commands(
            asker.team_id, asker.user_id, (f"audit {rest or ME}",)
        )
        return AuditView(
            id=id_,
            person=None if is_own else person.name,
            lines=lines,
            zone=zone,
            now=self.env.clock(),
            kept_days=self.kept_days,
            start=start,
        )

    async def _person(self, asker: Asker, rest: str) -> Member:
        """The one person that an admin names."""
        access.require_admin(asker)
        query = await self.resolver.read(rest, asker.zone, EVERYONE, lead="audit")
        if len(query.people) != 1 or query != Query(people=query.people):
            raise self._usage()
        (ref,) = query.people
        if ref.kind is PersonKind.ME:
            return _oneself(asker)
        found = await self.resolver.person(ref, asker, EVERYONE, in_question(query, ref, "audit"))
        if len(found) != 1:
            raise self._usage()
        return found[0]

    def _usage(self) -> UserError:
        return UserError(
            "Name one person: `{command} audit @jane`. `{command} audit me` shows who has looked "
            "at your own practice.",
        )


def _oneself(asker: Asker) -> Member:
    if asker.member is None:
        raise NotFound("You are not in Exec yourself, so there is no practice of yours to look at.")
    return asker.member


def _line(noted: Noted) -> AuditLine:
    return AuditLine(noted.at, noted.name, noted.email, noted.report, noted.door.value)


def _by_day(noted: tuple[Noted, ...], zone: str) -> tuple[AuditLine, ...]:
    """The newest look of a day at each report by each person: how often is not told."""
    found: dict[tuple[object, ...], AuditLine] = {}
    for each in noted:
        key = (local(each.at, zone).date(), each.name, each.email, each.report)
        found.setdefault(key, replace(_line(each), email="", door=""))
    return tuple(found.values())
