"""Finds the people and things named in a command, among those that its asker can see."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from bot.errors import Ambiguous, NotFound, SlackError, Suggestion, UserError
from bot.exec.client import MOST_IDS
from bot.exec.lists import Lists
from bot.language.name_index import LONGEST_NAME, Known, Names, whole_names
from bot.language.query import (
    Kind,
    Member,
    NameRef,
    PersonKind,
    PersonRef,
    ResolvedName,
    ResolvedQuery,
)
from bot.language.text import shortened, spelled
from bot.people import access
from bot.people.access import Asker, Visibility
from bot.people.accounts import Account, Accounts
from bot.people.directory import ANY_AGE, LIST_OF, Directory, ids_of

Ref = PersonRef | NameRef
# Returns the command with the second name in place of the first.
Reword = Callable[[Ref, Ref], str]

MAX_CHOICES = 4  # buttons that fit side by side on a phone
NEAR_ENOUGH = 65  # of 100: less similar suggestions would surprise people
LONGEST = 200  # characters of a misspelled name
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
    people: Accounts
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
                account = await self.people.account(self.asker.team_id, ref.value)
                return self._people_of((account,), 1, account.user.name)
            case PersonKind.USERGROUP:
                return await self._find_user_group(ref.value, ref.label or "that user group")
            case PersonKind.HANDLE:
                if group_id := await self.people.slack.usergroup_by_handle(ref.value):
                    return await self._find_user_group(group_id, f"@{ref.value}")
        people = self._names.people(ref.value)
        if not people:
            # Accounts who left Exec are found by their full name, address or id only.
            removed = [
                member for member in await self.directory.removed() if self.visibility.knows(member)
            ]
            wanted = spelled(ref.value)
            people = tuple(
                member for member in removed if wanted in map(spelled, whole_names(member))
            )
            if not people:
                raise await self._unknown_name(ref, removed)
        if len(people) > 1:
            raise self._ask_which(ref, "person", people)
        return people

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
        accounts = await self.people.accounts(self.asker.team_id, ids)
        return self._people_of(accounts.values(), len(ids), name)

    def _people_of(self, accounts: Iterable[Account], count: int, name: str) -> tuple[Member, ...]:
        """The Exec people of these Slack accounts, `count` with those that Slack hides. Raises
        unless the asker can see all of them."""
        members = dict.fromkeys(account.member for account in accounts)
        people = tuple(member for member in members if member is not None)
        # Admins can ask about a user group even if some members aren't in Exec.
        is_whole = self.visibility.everyone or len(people) == count
        if not people or not is_whole or not self.visibility.covers(people):
            raise self._not_found(name, LINK_THEM)
        return people

    async def _unknown_name(self, ref: PersonRef, removed: Sequence[Member]) -> UserError:
        await self._note_groups(ref.value)
        known: list[Known] = [*self.directory.listed, *self.directory.things(*QUOTED)]
        near = _nearest(ref.value, [*filter(self.visibility.knows, known), *removed])
        problem = self._not_found(ref.value, _hint(near, "an e-mail address"))
        if near:
            problem.suggestions = self._suggestions(ref, near)
        return problem

    def _not_found(self, name: str, advice: str) -> UserError:
        if not self.visibility.everyone:
            return access.refuse(shortened(name), self.visibility)
        return NotFound(f"I can't find *{{name}}* in Exec.{advice}", name=shortened(name))

    def implied_people(self, names: Iterable[ResolvedName]) -> tuple[Member, ...] | None:
        """The people of a question that names nobody: None for everyone in its groups, if the asker
        can see them all; otherwise the asker."""
        groups = frozenset(thing.id for thing in names if thing.kind is Kind.GROUP)
        if self.visibility.covers(None, groups):
            return None
        if self.visibility.is_unsure_of(groups):
            named = ", ".join(thing.name for thing in names if thing.id in groups)
            raise access.refuse(shortened(named), self.visibility)
        return (self._oneself(),)

    # Things

    async def find_thing(self, ref: NameRef) -> ResolvedName:
        """The group, scenario, skill, program or collection with this name."""
        if not self.directory.is_read(ref.kind):
            await self.lists.ensure(LIST_OF[ref.kind])
            await self.directory.refresh()
        matches = self._names.things(ref.value, ref.kind)
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise self._ask_which(ref, ref.kind.value, matches)
        if ref.kind is Kind.GROUP:
            await self._note_groups(ref.value)
        things = list(filter(self.visibility.knows, self.directory.things(ref.kind)))
        near = _nearest(ref.value, things) or things[:MAX_CHOICES]
        among = "" if self.visibility.everyone else f" among the {ref.kind.value}s you can see"
        raise NotFound(
            f"I can't find a {ref.kind.value} called *{{name}}*{among}." + _hint(near, "its id"),
            self._suggestions(ref, near),
            name=shortened(ref.value),
        )

    async def _note_groups(self, name: str) -> None:
        """Have jobs read the members of groups with this name, because the asker may be one of
        them."""
        groups = self.directory.index.seen_by(lambda _: True).things(name, Kind.GROUP)
        await self.lists.note_use([group.id for group in groups])

    async def leave_out(self, query: ResolvedQuery, refs: Sequence[Ref]) -> ResolvedQuery:
        """The question without these people, groups and scenarios. The asker has to be able to see
        all of them, because the difference would reveal their results."""
        left_out: dict[Member | ResolvedName, None] = {}
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

    # Suggestions

    @property
    def _names(self) -> Names:
        return self.directory.index.seen_by(self.visibility.knows)

    def _ask_which(self, ref: Ref, what: str, candidates: Sequence[Known]) -> Ambiguous:
        """An error that asks which of several matches is meant."""
        more = len(candidates) - MAX_CHOICES
        rest = f" There are {more} more. Type more of the name to find them." if more > 0 else ""
        return Ambiguous(
            f"Which {what} do you mean by *{{name}}*?{rest}",
            self._suggestions(ref, candidates[:MAX_CHOICES]),
            name=shortened(ref.value),
        )

    def _suggestions(self, ref: Ref, candidates: Sequence[Known]) -> tuple[Suggestion, ...]:
        """A button for each, with the whole command that names it in place of `ref`."""
        names = [candidate.name for candidate in candidates]

        def label(known: Known) -> str:
            if names.count(known.name) == 1:
                return known.name
            email = known.email if isinstance(known, Member) else ""
            return f"{known.name} ({email or known.id})"

        return tuple(
            Suggestion(label(known), self.reword(ref, self._names.reference(known)))
            for known in candidates
        )


def _nearest(typed: str, known: Sequence[Known]) -> list[Known]:
    """Those with the most similar names, best first: "wst" is similar to "West Coast"."""
    wanted = spelled(typed)[:LONGEST]
    likeness = [_likeness(wanted, spelled(thing.name)) for thing in known]
    order = sorted(range(len(known)), key=lambda at: -likeness[at])
    return [known[at] for at in order[:MAX_CHOICES] if likeness[at] >= NEAR_ENOUGH]


def _likeness(typed: str, name: str) -> float:
    """The similarity of two names as a whole, or word by word: the mean, over the typed words, of
    that to the nearest word in the name."""
    words, typed_words = re.findall(r"\w+", name), re.findall(r"\w+", typed)[:LONGEST_NAME]
    if not (words and typed_words):
        return 0
    by_word = (max(fuzz.ratio(typed_word, word) for word in words) for typed_word in typed_words)
    return max(fuzz.ratio(typed, name), sum(by_word) / len(typed_words))


def _hint(near: Sequence[Known], otherwise: str) -> str:
    """What to do about an unknown name: choose a near one, or use something else."""
    if not near:
        return f" Check the name, or use {otherwise}."
    return " Did you mean one of these?" if len(near) > 1 else " Did you mean this?"
