"""`/exec audit`: who has looked at one's own practice, or, for admins, at somebody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot import access
from bot.access import Asker, Visibility
from bot.answer import Request
from bot.button_values import ButtonCommand, ButtonValues
from bot.env import Env
from bot.errors import NotFound, Pattern, UserError
from bot.features import ADMINS, Button, Command, Feature, HelpLine, Press
from bot.language.days import day_start
from bot.language.filters import PERIOD
from bot.language.query import Member, Period, PersonKind, Query
from bot.language.text import first_word, plain_text
from bot.messages.render import Draft, draft
from bot.messages.tables import page
from bot.people.audit import Audit
from bot.people.names import Resolver, rewording
from bot.storage.buttons import Buttons

EVERYONE = Visibility(everyone=True)  # only admins ask about others
ME = "me"
LINES = (
    HelpLine(("audit me",), Pattern("Who has looked at your practice, day by day."), "audit me"),
    HelpLine(
        ("audit @jane",),
        Pattern("Admins: who has looked at somebody's practice, day by day."),
        "audit @jane",
        ADMINS,
    ),
)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """That somebody looked at a report on `day`, given as its local midnight.

    `email` tells namesakes apart for an admin; it is "" for anybody else.
    """

    day: datetime
    name: str
    email: str
    report: str


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """Raises UserError with what to do instead, SlackError, ExecError and StorageError."""

    env: Env
    audit: Audit
    resolver: Resolver
    buttons: Buttons
    values: ButtonValues
    kept_days: int

    @property
    def feature(self) -> Feature:
        turn = Button(self.values.command, self.turn)
        return Feature(
            commands=(Command("audit", self.run, LINES),),
            buttons={"audit.next": turn, "audit.previous": turn},
        )

    async def turn(self, press: Press[ButtonCommand]) -> Draft:
        """Another page."""
        _, rest = first_word(press.handle.words)
        return await self.run(press.request, rest, press.handle.start)

    async def run(self, request: Request, rest: str, start: int = 0) -> Draft:
        """The looks at somebody's practice, newest first: the page that has row `start`."""
        asker, first = request.asker, plain_text(rest).casefold().partition(" ")[0]
        is_own = first in ("", ME)
        if is_own:
            query = await self.resolver.read(rest, asker, EVERYONE, lead="audit")
            person = _oneself(asker)
        else:
            query, person = await self._person(asker, rest)
        if query != Query(people=query.people, period=query.period):
            raise self._usage()
        period, zone = query.period, asker.zone
        noted = [each for each in await self.audit.at(person.id) if _is_in(each.day, period, zone)]
        (id_,) = await self.buttons.add_commands(
            asker.team_id, asker.user_id, (f"audit {rest or ME}",)
        )
        lines = [
            AuditLine(
                day=day_start(each.day, zone),
                name=each.name,
                email="" if is_own else each.email,
                report=each.report,
            )
            for each in noted
        ]
        return draft(
            "audit",
            id=id_,
            person=None if is_own else person.name,
            page=page(lines, start),
            people=len({(each.name, each.email) for each in noted}),
            zone=str(zone),
            now=self.env.clock(),
            kept_days=self.kept_days,
            period=PERIOD.phrase(query, None) if period else "",
        )

    async def _person(self, asker: Asker, rest: str) -> tuple[Query, Member]:
        """What an admin asks, and the one person that they name."""
        access.require_admin(asker)
        query = await self.resolver.read(rest, asker, EVERYONE, lead="audit")
        if len(query.people) != 1:
            raise self._usage()
        (ref,) = query.people
        if ref.kind is PersonKind.ME:
            return query, _oneself(asker)
        lookup = self.resolver.lookup(asker, EVERYONE, rewording(query, "audit"))
        found = await lookup.find_people(ref)
        if len(found) != 1:
            raise self._usage()
        return query, found[0]

    def _usage(self) -> UserError:
        return UserError(
            "Name one person, and a time if you like: `{command} audit @jane last week`. "
            "`{command} audit me` shows who has looked at your own practice.",
        )


def _is_in(day: date, period: Period | None, zone: ZoneInfo) -> bool:
    if period is None:
        return True
    if period.start is not None and day < period.start.astimezone(zone).date():
        return False
    return period.end is None or day_start(day, zone) < period.end


def _oneself(asker: Asker) -> Member:
    if asker.member is None:
        raise NotFound("You are not in Exec yourself, so there is no practice of yours to look at.")
    return asker.member
