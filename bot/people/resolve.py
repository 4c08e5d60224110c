"""A question in names ─► the same question in ids, cut to what its asker may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot import access
from bot.access import Asker, Visibility
from bot.errors import NotAllowed, NotFound, Suggestion
from bot.language.query import (
    Kind,
    Member,
    Named,
    NameRef,
    PersonKind,
    PersonRef,
    Query,
    ResolvedQuery,
)
from bot.language.text import quoted, shortened
from bot.language.words import words
from bot.people.catalogue import Catalogue
from bot.people.choices import MAX_CHOICES, ask_which, suggestions, way_on
from bot.people.matching import matches, nearest, part_matches, whole_matches
from bot.people.people import People
from bot.people.rosters import Rosters
from bot.people.slack_names import SlackNames


@dataclass(frozen=True, slots=True)
class Resolver:
    catalogue: Catalogue
    people: People
    rosters: Rosters

    @property
    def _slack(self) -> SlackNames:
        return SlackNames(self.people)

    async def resolve(self, query: Query, asker: Asker, visibility: Visibility) -> ResolvedQuery:
        """The question in ids. Raises NotAllowed, NotFound, Ambiguous, ExecError, SlackError.

        Someone who may not see everyone gets their refusal from what we hold: nothing is
        asked of Exec to tell them no.
        """
        people = await self.people_of(query, asker, visibility)
        names = [await self.named(ref, query, visibility) for ref in query.names]
        groups = frozenset(named.id for named in names if named.kind is Kind.GROUP)
        if not query.people and visibility.covers(None, groups):
            people = None
        elif not query.people and visibility.is_unsure_of(groups):
            raise access.refuse(shortened(", ".join(each.name for each in names)), visibility)
        same = {
            field: getattr(query, field)
            for field in Query.__dataclass_fields__
            if field not in {"people", "names"}
        }
        return ResolvedQuery(people=people, names=tuple(dict.fromkeys(names)), **same)

    async def people_of(
        self, query: Query, asker: Asker, visibility: Visibility
    ) -> tuple[Member, ...] | None:
        """Whom the question is about: None for everyone. Raises NotAllowed and NotFound.

        Where nobody is named it is the asker, for who may not see everyone.
        """
        found: dict[str, Member] = {}
        for ref in query.people:
            try:
                members = await self.person(ref, query, asker, visibility)
            except (NotFound, NotAllowed):
                await self._refuse_thing(ref, query, visibility)
                raise
            for member in members:
                found[member.id] = member
        if found:
            return tuple(found.values())
        if visibility.everyone:
            return None
        if asker.member is None:
            raise access.refuse("others", visibility)
        return (asker.member,)

    async def person(
        self, ref: PersonRef, query: Query, asker: Asker, visibility: Visibility
    ) -> Sequence[Member]:
        """Whom one of the people in the question is: several for a user group.

        Raises as `resolve`; what is suggested is the whole question, repaired.
        """
        if self._is_asker(ref, asker, visibility):
            if asker.member is None:
                raise NotFound(
                    "You are not in Exec yourself, so there is no practice of yours to show. "
                    "Name someone else."
                )
            return [asker.member]
        if _sees_only_own(asker, visibility):
            raise access.refuse(await self._spoken_name(ref, asker), visibility)
        members = await self._look_up(ref, query, asker, visibility)
        if not members or not visibility.covers(tuple(members)):
            raise access.refuse(await self._spoken_name(ref, asker), visibility)
        return members

    async def _refuse_thing(self, ref: PersonRef, query: Query, visibility: Visibility) -> None:
        """Raises NotFound if words in quotes that name nobody are the name of a thing that the
        asker may hear of. Asks nothing of Exec."""
        if ref.kind is not PersonKind.NAME:
            return
        things = [
            thing
            for kind in Kind
            for thing in await self.catalogue.items(kind, ask_exec=False)
            if visibility.knows(thing)
        ]
        found = whole_matches(ref.value, things, _slug)
        if not found:
            return
        people = tuple(person for person in query.people if person != ref)
        ways = []
        for thing in found[:MAX_CHOICES]:
            name = NameRef(thing.kind, thing.name)
            repaired = replace(query, people=people, names=(*query.names, name))
            label = f"{thing.kind.value}:{quoted(thing.name)}"
            ways.append(Suggestion(shortened(label), f"sessions {words(repaired)}"))
        raise NotFound(
            f"Nobody is called *{{name}}*, but a {found[0].kind.value} is. Did you mean that?",
            tuple(dict.fromkeys(ways)),
            name=shortened(ref.value),
        )

    @staticmethod
    def _is_asker(ref: PersonRef, asker: Asker, visibility: Visibility) -> bool:
        if ref.kind is PersonKind.ME:
            return True
        if ref.kind is PersonKind.SLACK:
            return ref.value == asker.user_id
        if ref.kind is PersonKind.EMAIL and ref.value.casefold() == asker.email:
            return True
        if asker.member is None or ref.kind is PersonKind.USERGROUP:
            return False
        if ref.kind is PersonKind.PERSON:
            return ref.value == asker.member.id
        if ref.kind is PersonKind.EMAIL:
            return ref.value.casefold() == asker.member.email
        # Whoever sees others may mean a namesake, and is asked which.
        return _sees_only_own(asker, visibility) and bool(
            matches(ref.value, (asker.member,), _other_names)
        )

    async def _spoken_name(self, ref: PersonRef, asker: Asker) -> str:
        """What to call someone in a refusal, from what Slack and the asker already know."""
        if ref.kind is PersonKind.SLACK:
            return (await self.people.slack_user(asker.team_id, ref.value)).name
        if ref.kind is PersonKind.USERGROUP:
            return ref.label or "that user group"
        return ref.value

    async def _look_up(
        self, ref: PersonRef, query: Query, asker: Asker, visibility: Visibility
    ) -> Sequence[Member]:
        match ref.kind:
            case PersonKind.SLACK:
                return await self._slack.person(ref.value, asker, visibility)
            case PersonKind.USERGROUP:
                return await self._slack.usergroup(ref.value, ref.label, asker, visibility)
            case PersonKind.HANDLE:
                return await self._handle(ref, query, asker, visibility)
            case _:
                return [await self._by_name(ref, query, visibility)]

    async def _handle(
        self, ref: PersonRef, query: Query, asker: Asker, visibility: Visibility
    ) -> Sequence[Member]:
        if group_id := await self.people.usergroup_by_handle(ref.value):
            return await self._slack.usergroup(group_id, f"@{ref.value}", asker, visibility)
        return [await self._by_name(ref, query, visibility)]

    async def _by_name(self, ref: PersonRef, query: Query, visibility: Visibility) -> Member:
        found = await self._called(ref.value, visibility)
        if not found and visibility.everyone and await self.catalogue.refresh_after_miss("member"):
            found = await self._called(ref.value, visibility)
        if len(found) == 1:
            return found[0]

        def with_person(member: Member) -> Query:
            new = PersonRef(PersonKind.EMAIL, member.email)
            if not member.email:
                new = PersonRef(PersonKind.PERSON, member.id)
            return replace(query, people=tuple(new if old == ref else old for old in query.people))

        if found:
            ask_which(ref.value, "person", found, with_person)
        near = nearest(ref.value, _seen(await self.catalogue.members(), visibility), MAX_CHOICES)
        removed = _seen(await self.catalogue.removed_people(), visibility)
        near += nearest(ref.value, removed, MAX_CHOICES - len(near))
        if not near and not visibility.everyone:
            raise access.refuse(shortened(ref.value), visibility)
        raise NotFound(
            "I can't find *{name}* in Exec." + way_on(near, "their e-mail address"),
            suggestions(near, with_person),
            name=shortened(ref.value),
        )

    async def _called(self, name: str, visibility: Visibility) -> list[Member]:
        """Who a name fits: members, and where it is nobody's whole name, the removed by theirs.

        Only among those whom the asker sees, so that names tell nobody who else is there.
        """
        members = _seen(await self.catalogue.members(), visibility)
        if found := whole_matches(name, members, _other_names):
            return found
        removed = _seen(await self.catalogue.removed_people(), visibility)
        by_whole = whole_matches(name, removed, lambda person: (person.email,))
        return part_matches(name, members) + by_whole

    async def named(self, ref: NameRef, query: Query, visibility: Visibility) -> Named:
        """The thing that is called so, among those that the asker may hear of. Raises as `person`.

        Another one is told of no other way than one that there is not, nor after a longer time.
        """

        things = _known(await self.catalogue.items(ref.kind), visibility)
        found = matches(ref.value, things, _slug)
        if not found and await self.catalogue.refresh_after_miss(ref.kind):
            things = _known(await self.catalogue.items(ref.kind), visibility)
            found = matches(ref.value, things, _slug)
        if len(found) == 1:
            return found[0]

        def with_name(named: Named) -> Query:
            # A name that several things bear tells nothing: then only the id does.
            alone = sum(other.name == named.name for other in things) == 1
            new = NameRef(ref.kind, named.name if alone else named.id)
            return replace(query, names=tuple(new if old == ref else old for old in query.names))

        if found:
            ask_which(ref.value, ref.kind.value, found, with_name)
        near = nearest(ref.value, things, MAX_CHOICES)
        further = way_on(near, "its id")
        if not near and things:
            near, further = things[:MAX_CHOICES], " Here are some that I know:"
        await self._want_rosters(ref)
        whose = "" if visibility.everyone or ref.kind is not Kind.GROUP else " of yours"
        raise NotFound(
            f"I don't know a {ref.kind.value}{whose} called *{{name}}*." + further,
            suggestions(near, with_name),
            name=shortened(ref.value),
        )

    async def _want_rosters(self, ref: NameRef) -> None:
        """Let the background learn who is in a group that is called so, which is not held of one
        that nobody asked about lately: perhaps the asker is."""
        if ref.kind is Kind.GROUP:
            groups = await self.catalogue.items(Kind.GROUP, ask_exec=False)
            named = {group.id for group in whole_matches(ref.value, groups, _slug)}
            await self.rosters.of(named, ask_exec=False)


def _slug(thing: Named) -> Iterable[str]:
    return (thing.slug,) if thing.slug else ()


def _sees_only_own(asker: Asker, visibility: Visibility) -> bool:
    own = asker.member.id if asker.member else ""
    return not visibility.everyone and not visibility.members - {own}


def _known(things: Sequence[Named], visibility: Visibility) -> list[Named]:
    return [each for each in things if visibility.knows(each)]


def _seen(people: Sequence[Member], visibility: Visibility) -> list[Member]:
    return [each for each in people if visibility.everyone or each.id in visibility.members]


def _other_names(member: Member) -> Iterable[str]:
    # An address is only matched whole or by its local part: "acme" is not a person.
    return (member.email, member.email.partition("@")[0])
