"""What is asked in plain words and is no report: who is in a group, who coaches the asker, which
groups, scenarios, programs and collections there are, and who is last of all."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answer import Answerer, Request
from bot.errors import NotFound, Suggestion, UserError
from bot.features import Feature
from bot.language.filters.row import listed
from bot.language.phrases import ADMINS, LOWEST, OWN_COACH, THINGS
from bot.language.query import Kind
from bot.messages.render import View, notice
from bot.people.coaches import Coaching
from bot.people.directory import Directory
from bot.reports.table import SESSIONS

NOT_TOLD = "Admins say who coaches whom; ask one of them about others than yourself."
MOST_LISTED = 30  # names in one sentence
ADMINS_ARE = (
    "Exec's admins see everybody's practice here, and whoever is named in `EXECBOT_ADMINS`."
)


@dataclass(frozen=True, slots=True)
class GroupQuestions:
    """Answers questions in plain words about groups and the people in them.

    All methods raise UserError, SlackError, ExecError and StorageError.
    """

    coaching: Coaching
    answerer: Answerer
    directory: Directory

    @property
    def feature(self) -> Feature:
        return Feature(
            phrases={
                OWN_COACH: self.coaches_of,
                ADMINS: self.admins,
                THINGS: self.things,
                LOWEST: self.last_of_all,
            }
        )

    async def coaches_of(self, request: Request, rest: str) -> View:
        """Who coaches the asker, or somebody whom they may see, and in which groups these are, as
        far as that is stored and the asker may hear of the groups."""
        person = request.asker.member
        visibility = await self.coaching.reach(request.asker)
        if rest:
            people = (await self.answerer.question(request.asker, rest, SESSIONS)).resolved.people
            if people is None or len(people) != 1:
                raise UserError("Ask about one person, like *who coaches Sam*.")
            person = people[0]
        id_ = person.id if person else ""
        known = [each for each in await self.directory.items(Kind.GROUP) if visibility.knows(each)]
        groups = await self.directory.groups_of(id_)
        found = [
            await self.directory.member(id_=coach.id)
            for coach in await self.coaching.coaches.all()
            if coach.id != id_ and (coach.groups & groups or id_ in coach.people)
        ]
        names = sorted(each.name for each in found if each is not None)
        told = [each.name for each in known if each.id in groups]
        is_own = person == request.asker.member
        may_know = is_own or visibility.everyone
        verb = "coaches" if len(names) == 1 else "coach"
        said = []
        if names and may_know:
            said.append(f"*{{names}}* {verb} {{whom}}.")
        elif may_know:
            said.append("Nobody coaches {whom}, as far as I know: admins say who coaches whom.")
        elif id_ in visibility.coached:
            said.append("You coach {whom}; who else does, admins can tell.")
        if told:
            said.append(f"{'You are' if is_own else '{whom} is'} in *{{groups}}*.")
        elif rest:
            said.append("I know of no group that they are in.")
        whom = person.name if person and not is_own else "you"
        fields = {"names": listed(names, "and"), "whom": whom, "groups": listed(told, "and")}
        return notice(" ".join(said) or NOT_TOLD, **fields)

    async def admins(self, request: Request, _rest: str) -> View:
        """Who sees everybody's practice; by name for those who do themselves."""
        if not (await self.coaching.reach(request.asker)).everyone:
            return notice(ADMINS_ARE)
        members = await self.directory.members()
        names = sorted(each.name for each in members if each.role == "admin")
        return notice(
            f"{ADMINS_ARE} In Exec: *{{names}}*.",
            names=", ".join(names[:MOST_LISTED]) or "nobody that I know of",
        )

    async def things(self, request: Request, rest: str) -> View:
        """The names of the things of one kind that the asker may hear of."""
        kind = Kind(rest)
        visibility = await self.coaching.reach(request.asker)
        items = await self.directory.items(kind)
        names = [each.name for each in items if visibility.knows(each)]
        if not names:
            raise NotFound(f"I know of no {kind} that you may see.")
        shown = ", ".join(names[:MOST_LISTED])
        more = "" if len(names) <= MOST_LISTED else f" and {len(names) - MOST_LISTED} more"
        title = f"{len(names)} {kind}{'s' * (len(names) != 1)}"
        return notice(f"{title}: *{{names}}*{more}", names=shown)

    async def last_of_all(self, request: Request, rest: str) -> View:
        """Ways to see who needs practice: nobody is ranked from the bottom."""
        visibility = await self.coaching.reach(request.asker)
        ways = [("Everybody's figures", "team"), ("Who hasn't practiced", "inactive")]
        ways.append(("Top by average", "leaderboard by average"))
        if not (visibility.everyone or visibility.coaches):
            ways = [("My lowest scores", "sessions me worst"), ("My place", "leaderboard")]
        raise UserError(
            "I rank nobody from the bottom. Try:",
            tuple(Suggestion(label, f"{words} {rest}".strip()) for label, words in ways),
        )
