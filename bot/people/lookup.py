"""Finds the people and things named in a command, among those that its asker can see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot import access
from bot.access import Asker, Visibility
from bot.errors import NotFound, SlackError, UserError
from bot.exec_api.client import MOST_IDS
from bot.language.matching import (
    MAX_CHOICES,
    addresses,
    ask_which,
    hint,
    matches,
    nearest_things,
    part_matches,
    slugs,
    suggestions,
    whole_matches,
)
from bot.language.query import Kind, Member, Named, NameRef, PersonKind, PersonRef, ResolvedQuery
from bot.language.text import shortened
from bot.mirror.lists import Lists
from bot.people.accounts import People
from bot.people.directory import ANY_AGE, LIST_OF, Directory, ids_of

T = TypeVar("T", Member, Named)
Ref = PersonRef | NameRef
# Returns the command with the second name in place of the first.
Reword = Callable[[Ref, Ref], str]

# The things that a quoted name can mean, besides a person.
QUOTED = (Kind.GROUP, Kind.SCENARIO)
LINK_THEM = (
    " If they have another e-mail address there, link them: "
    "`{command} link @jane jane.smith@acme.com`."
)


@dataclass(frozen=True, slots=True)
class Lookup:
    """Finds the names in one command, among the names that the directory has refreshed for it.

    Names that are hidden from the asker and names that don't exist get the same refusal. All
    methods raise NotAllowed, NotFound, Ambiguous, ExecError and SlackError.
    """

    directory: Directory
    lists: Lists
    people: People
    asker: Asker
    visibility: Visibility
    reword: Reword

    # People

    async def find_people(self, ref: PersonRef) -> tuple[Member, ...]:
        """The people of a reference; several for a user group."""
        match ref.kind:
            case PersonKind.ME:
                return (self._oneself(),)
            case PersonKind.MINE:
                raise NotFound("Name the people one by one.")
            case PersonKind.SLACK:
                return await self._find_accounts((ref.value,), "")
            case PersonKind.USERGROUP:
                return await self._find_user_group(ref.value, ref.label or "that user group")
            case PersonKind.HANDLE:
                if group_id := await self.people.slack.usergroup_by_handle(ref.value):
                    return await self._find_user_group(group_id, f"@{ref.value}")
        members = self._visible(self.directory.listed)
        found = whole_matches(ref.value, members, addresses)
        if not found:
            # People who left Exec are found by their full name or address only.
            removed = self._visible(await self.directory.removed())
            left = whole_matches(ref.value, removed, lambda one: (one.email,))
            found = part_matches(ref.value, members) + left
            if not found:
                raise await self._unknown_name(ref, (*members, *removed))
        if len(found) > 1:
            raise ask_which(ref.value, "person", found, lambda one: self.reword(ref, _ref_to(one)))
        return tuple(found)

    def _oneself(self) -> Member:
        if self.asker.member is None:
            raise NotFound(
                "You aren't in Exec yourself, so you have no practice to show. Name someone else."
            )
        return self.asker.member

    async def _find_user_group(self, group_id: str, name: str) -> tuple[Member, ...]:
        try:
            ids = await self.people.slack.usergroup_members(group_id)
        except SlackError as error:
            if error.code != "no_such_subteam":
                raise
            ids = ()
        if not self.visibility.everyone and len(ids) > len(self.visibility.members):
            ids = ()  # the asker can't see all of them, so none is looked up
        if len(ids) > MOST_IDS:
            raise NotFound(
                f"*{{name}}* has {len(ids)} people, and I can ask about {MOST_IDS} at once. Use a "
                "group in Exec instead, like `group:west`.",
                name=name,
            )
        return await self._find_accounts(ids, name)

    async def _find_accounts(self, user_ids: Sequence[str], name: str) -> tuple[Member, ...]:
        """The Exec people of Slack accounts. Raises unless the asker can see all of them."""
        accounts = await self.people.accounts(self.asker.team_id, user_ids)
        if not name:  # one person
            if not accounts:
                raise NotFound("Slack doesn't show me this account. Name the person.")
            name = next(iter(accounts.values())).user.name
        members = dict.fromkeys(each.member for each in accounts.values())
        found = tuple(each for each in members if each is not None)
        # Admins can ask about a user group even if some members aren't in Exec.
        is_whole = self.visibility.everyone or len(found) == len(user_ids)
        if not found or not is_whole or not self.visibility.covers(found):
            raise self._not_found(name, LINK_THEM)
        return found

    async def _unknown_name(self, ref: PersonRef, people: Sequence[Member]) -> UserError:
        await self._note_groups(ref.value)
        things = self._visible(self.directory.things(*QUOTED))
        known: list[Member | Named] = [*people, *things]
        near = nearest_things(ref.value, known)
        problem = self._not_found(ref.value, hint(near, "an e-mail address"))
        if near:
            problem.suggestions = suggestions(near, lambda one: self.reword(ref, _ref_to(one)))
        return problem

    def _not_found(self, name: str, advice: str) -> UserError:
        if not self.visibility.everyone:
            return access.refuse(shortened(name), self.visibility)
        return NotFound(f"I can't find *{{name}}* in Exec.{advice}", name=shortened(name))

    def implied_people(self, names: Iterable[Named]) -> tuple[Member, ...] | None:
        """The people of a question that names nobody: None for everyone in its groups, if the asker
        can see them all; otherwise the asker."""
        groups = frozenset(each.id for each in names if each.kind is Kind.GROUP)
        if self.visibility.covers(None, groups):
            return None
        if self.visibility.is_unsure_of(groups):
            named = ", ".join(each.name for each in names if each.id in groups)
            raise access.refuse(shortened(named), self.visibility)
        return (self._oneself(),)

    # Things

    async def find_thing(self, ref: NameRef) -> Named:
        """The group, scenario, skill, program or collection with this name."""
        if not self.directory.is_read(ref.kind):
            await self.lists.ensure(LIST_OF[ref.kind])
            await self.directory.refresh()
        things = self._visible(self.directory.things(ref.kind))
        found = matches(ref.value, things, slugs)
        if len(found) != 1:
            raise await self._unclear_thing(ref, found, things)
        return found[0]

    async def _unclear_thing(
        self, ref: NameRef, found: Sequence[Named], things: Sequence[Named]
    ) -> UserError:
        names = [each.name for each in things]

        def command(one: Named) -> str:
            value = one.name if names.count(one.name) == 1 else one.id
            return self.reword(ref, NameRef(ref.kind, value))

        if found:
            return ask_which(ref.value, ref.kind.value, found, command)
        if ref.kind is Kind.GROUP:
            await self._note_groups(ref.value)
        near = nearest_things(ref.value, things) or things[:MAX_CHOICES]
        among = "" if self.visibility.everyone else f" among the {ref.kind.value}s you can see"
        return NotFound(
            f"I can't find a {ref.kind.value} called *{{name}}*{among}." + hint(near, "its id"),
            suggestions(near, command),
            name=shortened(ref.value),
        )

    async def _note_groups(self, name: str) -> None:
        """Have jobs read the members of groups with this name, because the asker may be one of
        them."""
        groups = whole_matches(name, self.directory.things(Kind.GROUP), slugs)
        await self.lists.note_use([each.id for each in groups])

    async def leave_out(self, query: ResolvedQuery, refs: Sequence[Ref]) -> ResolvedQuery:
        """The question without these people, groups and scenarios. The asker has to be able to see
        all of them, because the difference would reveal their results."""
        left_out: dict[Member | Named, None] = {}
        absent: set[str] = set()
        for ref in refs:
            if isinstance(ref, PersonRef):
                people = await self.find_people(ref)
                left_out |= dict.fromkeys(people)
                absent.update(person.id for person in people)
                continue
            thing = await self.find_thing(ref)
            left_out[thing] = None
            if thing.kind is Kind.GROUP:
                if not self.visibility.covers(None, frozenset((thing.id,))):
                    raise access.refuse(shortened(thing.name), self.visibility)
                await self.lists.use_teams((thing.id,))
                teams = await self.directory.teams((thing.id,), ANY_AGE)
                absent.update(*map(ids_of, teams.values()))
        return replace(query, left_out=tuple(left_out), absent=tuple(sorted(absent)))

    def _visible(self, each: Iterable[T]) -> list[T]:
        """The people or things whose names the asker can see."""
        return [one for one in each if self.visibility.knows(one)]


def _ref_to(found: Member | Named) -> Ref:
    if isinstance(found, Named):
        return NameRef(found.kind, found.name)
    if found.email:
        return PersonRef(PersonKind.EMAIL, found.email)
    return PersonRef(PersonKind.PERSON, found.id)
