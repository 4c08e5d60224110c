"""Who coaches the asker, or somebody they may see: asked in plain words, and no report."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answer import Answerer, Request
from bot.errors import UserError
from bot.features import Feature
from bot.language.filters import listed
from bot.language.query import Kind
from bot.messages.render import View, notice
from bot.people.coaches import Coaching
from bot.people.directory import Directory
from bot.reports.table import SESSIONS

NOT_TOLD = "Admins say who coaches whom; ask one of them about others than yourself."


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
        return Feature(phrases={"coaches": self.coaches_of})

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
