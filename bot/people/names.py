"""Reads what people typed, with the names that Exec knows and they may hear of, and finds what they
name, cut to what they may see: words ─► Query ─► ids."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import access
from bot.access import AccountType, Asker, Visibility
from bot.errors import NotAllowed, NotFound, ParseError, SlackError, Suggestion, TooLong
from bot.language.cursor import Vocabulary
from bot.language.matching import (
    MAX_CHOICES,
    addresses,
    matches,
    nearest_things,
    part_matches,
    slugs,
    suggestions,
    way_on,
    which,
    whole_matches,
)
from bot.language.parse import kinds_needed, parse
from bot.language.query import (
    Kind,
    Member,
    Named,
    NameRef,
    Narrowing,
    PersonKind,
    PersonRef,
    Query,
    ResolvedQuery,
)
from bot.language.text import TokenForm, clean, quoted, shortened, tokens
from bot.language.words import query_words
from bot.mirror.lists import MEMBERS, Lists
from bot.people.accounts import People
from bot.people.directory import ANY_AGE, LIST_OF, Directory

# As many ids as fit into the 8,190 bytes of a request line that servers commonly take.
MOST_IN_USER_GROUP = 400

# The whole command with another name in place of the one that was typed.
Instead = Callable[[PersonRef | NameRef], str]


def in_question(query: Query, ref: PersonRef | NameRef, lead: str = "sessions") -> Instead:
    """The question with another name in place of `ref`; `lead` stands before it in a command."""

    def instead(new: PersonRef | NameRef) -> str:
        refs = [new if old == ref else old for old in (*query.names, *query.people)]
        people = tuple(each for each in refs if isinstance(each, PersonRef))
        names = tuple(each for each in refs if isinstance(each, NameRef))
        left_out = tuple(new if old == ref else old for old in query.left_out)
        asked = replace(query, people=people, names=names, left_out=left_out)
        return f"{lead} {query_words(asked)}".strip()

    return instead


@dataclass(frozen=True, slots=True)
class Resolver:
    """Reads questions, and finds the people and things that they name."""

    directory: Directory
    lists: Lists
    people: People
    clock: Callable[[], datetime]

    async def read(
        self,
        text: str,
        zone: ZoneInfo,
        visibility: Visibility,
        *,
        lead: str = "sessions",
        now: datetime | None = None,
    ) -> Query:
        """The question as it is meant at `now`; only names that the asker may hear of help to
        read it.

        `lead` stands before it in a whole command. Raises ParseError and, where names were never
        read from Exec, ExecError.
        """
        try:
            kinds = kinds_needed(text)
            await self.lists.ensure(MEMBERS, *(LIST_OF[each] for each in kinds if each in LIST_OF))
            things = await self._things(kinds, visibility)
            return self._parse(text, zone, Vocabulary.of(things), lead, now)
        except TooLong:
            raise
        except ParseError:
            # Perhaps a name stands there without its quotes, or without what goes before it.
            things = await self._things(frozenset(Kind), visibility)
            members = await self.directory.members()
            people = [member for member in members if visibility.covers((member,))]
            # Thousands of names take a while; others are answered meanwhile.
            names = await asyncio.to_thread(Vocabulary.of, things, people)
            return await asyncio.to_thread(self._parse, text, zone, names, lead, now)

    async def people_in(self, text: str, zone: ZoneInfo, visibility: Visibility) -> Query:
        """Whom a question is about, as far as that can be told without asking Exec.

        Where it cannot be read without more names, only the people mentioned by Slack's own marks.
        """
        try:
            things = await self._things(kinds_needed(text), visibility)
            return self._parse(text, zone, Vocabulary.of(things))
        except ParseError:
            return Query(people=_mentioned(text))

    async def resolve(
        self, query: Query, asker: Asker, visibility: Visibility, *, lead: str = "sessions"
    ) -> ResolvedQuery:
        """The question in ids; `lead` stands before it in a command.

        Raises NotAllowed, NotFound, Ambiguous, ExecError and SlackError.

        Someone who may not see everyone is refused from what is stored: Exec is not asked for it.
        """
        people = await self.people_of(query, asker, visibility, lead=lead)
        names = []
        for ref in query.names:
            names.append(await self.named(ref, visibility, in_question(query, ref, lead)))
            # Each takes a while, and there may be a hundred: others are answered meanwhile.
            await asyncio.sleep(0)
        groups = frozenset(named.id for named in names if named.kind is Kind.GROUP)
        if not query.people and visibility.covers(None, groups):
            people = None
        elif not query.people and visibility.is_unsure_of(groups):
            raise access.refuse(shortened(", ".join(each.name for each in names)), visibility)
        same = {each.name: getattr(query, each.name) for each in fields(Narrowing)}
        resolved = ResolvedQuery(people=people, names=tuple(dict.fromkeys(names)), **same)
        if not query.left_out:
            return resolved
        return await self._leaving_out(resolved, query, asker, visibility, lead)

    async def _leaving_out(
        self,
        resolved: ResolvedQuery,
        query: Query,
        asker: Asker,
        visibility: Visibility,
        lead: str,
    ) -> ResolvedQuery:
        """The same without the people, groups and scenarios that it is not about. Raises
        NotAllowed for those whom the asker may not see: the difference would tell of them."""
        left_out: list[Member | Named] = []
        absent: set[str] = set()
        for ref in query.left_out:
            instead = in_question(query, ref, lead)
            if isinstance(ref, PersonRef):
                people = await self.person(ref, asker, visibility, instead)
                left_out += people
                absent.update(person.id for person in people)
                continue
            thing = await self.named(ref, visibility, instead)
            left_out.append(thing)
            if thing.kind is not Kind.GROUP:
                continue
            if not visibility.covers(None, frozenset((thing.id,))):
                raise access.refuse(shortened(thing.name), visibility)
            teams = await self.directory.teams((thing.id,), ANY_AGE)
            absent.update(*(each.people for each in teams.values()))
        return replace(
            resolved, left_out=tuple(dict.fromkeys(left_out)), absent=tuple(sorted(absent))
        )

    async def people_of(
        self, query: Query, asker: Asker, visibility: Visibility, *, lead: str = "sessions"
    ) -> tuple[Member, ...] | None:
        """Whom the question is about; None for everyone. Raises NotAllowed and NotFound.

        Where nobody is named and the asker may not see everyone, it is about the asker.
        """
        found: dict[str, Member] = {}
        for ref in query.people:
            if ref.kind is PersonKind.MINE:
                continue  # who these are is not for names to tell
            try:
                members = await self.person(ref, asker, visibility, in_question(query, ref, lead))
            except (NotFound, NotAllowed):
                await self._refuse_thing(ref, visibility, in_question(query, ref, lead))
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
        self, ref: PersonRef, asker: Asker, visibility: Visibility, instead: Instead
    ) -> Sequence[Member]:
        """Who is meant: several for a user group. Raises as `resolve`."""
        if self._is_asker(ref, asker, visibility):
            if asker.member is None:
                raise NotFound(
                    "You are not in Exec yourself, so there is no practice of yours to show. "
                    "Name someone else."
                )
            return [asker.member]
        if _sees_only_own(asker, visibility):
            raise access.refuse(await self._spoken_name(ref, asker), visibility)
        members = await self._look_up(ref, asker, visibility, instead)
        if not members or not visibility.covers(tuple(members)):
            raise access.refuse(await self._spoken_name(ref, asker), visibility)
        return members

    async def groups_first(self, query: Query, visibility: Visibility) -> Query:
        """The question with quoted names as groups, where a group that the asker may hear of is
        called so, or nobody is whom they may see."""
        named = [ref for ref in (*query.people, *query.left_out) if isinstance(ref, PersonRef)]
        if all(ref.kind is not PersonKind.NAME for ref in named):
            return query
        heard_of = await self._known(Kind.GROUP, visibility)
        quoted_groups = [
            ref
            for ref in named
            if ref.kind is PersonKind.NAME
            and (
                whole_matches(ref.value, heard_of, slugs)
                or not await self._called(ref.value, visibility)
            )
        ]
        return replace(
            query,
            people=tuple(ref for ref in query.people if ref not in quoted_groups),
            names=(
                *query.names,
                *(NameRef(Kind.GROUP, r.value) for r in query.people if r in quoted_groups),
            ),
            left_out=tuple(
                NameRef(Kind.GROUP, ref.value) if ref in quoted_groups else ref
                for ref in query.left_out
            ),
        )

    async def _refuse_thing(self, ref: PersonRef, visibility: Visibility, instead: Instead) -> None:
        """Raise NotFound if a quoted name is not a person's but that of a thing the asker may hear
        of. Does not ask Exec."""
        await self._want_members(NameRef(Kind.GROUP, ref.value))
        if ref.kind is not PersonKind.NAME:
            return
        stored = await self.directory.items(*Kind)
        things = [thing for thing in stored if visibility.knows(thing)]
        found = whole_matches(ref.value, things, slugs)
        if not found:
            return
        ways = (
            Suggestion(
                shortened(f"{thing.kind.value}:{quoted(thing.name)}"),
                instead(NameRef(thing.kind, thing.name)),
            )
            for thing in found[:MAX_CHOICES]
        )
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
            matches(ref.value, (asker.member,), addresses)
        )

    async def _spoken_name(self, ref: PersonRef, asker: Asker) -> str:
        """What to call someone in a refusal, from what Slack and the asker already know."""
        if ref.kind is PersonKind.SLACK:
            return (await self.people.slack_user(asker.team_id, ref.value)).name
        if ref.kind is PersonKind.USERGROUP:
            return ref.label or "that user group"
        return ref.value

    async def _look_up(
        self, ref: PersonRef, asker: Asker, visibility: Visibility, instead: Instead
    ) -> Sequence[Member]:
        match ref.kind:
            case PersonKind.SLACK:
                return await self._account(ref.value, asker, visibility)
            case PersonKind.USERGROUP:
                return await self._user_group(ref.value, ref.label, asker, visibility)
            case PersonKind.HANDLE:
                if group_id := await self.people.usergroup_by_handle(ref.value):
                    return await self._user_group(group_id, f"@{ref.value}", asker, visibility)
        return [await self._by_name(ref, visibility, instead)]

    async def _by_name(self, ref: PersonRef, visibility: Visibility, instead: Instead) -> Member:
        found = await self._called(ref.value, visibility)
        is_unknown_address = not found and ref.kind is PersonKind.EMAIL and visibility.everyone
        if is_unknown_address and await self.lists.find_person(ref.value):
            found = await self._called(ref.value, visibility)
        if len(found) == 1:
            return found[0]

        def command(member: Member) -> str:
            if member.email:
                return instead(PersonRef(PersonKind.EMAIL, member.email))
            return instead(PersonRef(PersonKind.PERSON, member.id))

        if found:
            raise which(ref.value, "person", found, command)
        members = _seen(await self.directory.members(), visibility)
        near = await asyncio.to_thread(nearest_things, ref.value, members, MAX_CHOICES)
        removed = _seen(await self.directory.removed(), visibility)
        near += nearest_things(ref.value, removed, MAX_CHOICES - len(near))
        if not near and not visibility.everyone:
            raise access.refuse(shortened(ref.value), visibility)
        raise NotFound(
            "I can't find *{name}* in Exec." + way_on(near, "their e-mail address"),
            suggestions(near, command),
            name=shortened(ref.value),
        )

    async def _called(self, name: str, visibility: Visibility) -> list[Member]:
        """The people whom a name fits, among those whom the asker may see.

        Members by their whole name; otherwise members by a part of it, and removed people by
        their whole name.
        """
        members = _seen(await self.directory.members(), visibility)
        # Of thousands this takes a while; others are answered meanwhile.
        if found := await asyncio.to_thread(whole_matches, name, members, addresses):
            return found
        removed = _seen(await self.directory.removed(), visibility)
        by_whole = whole_matches(name, removed, lambda person: (person.email,))
        return await asyncio.to_thread(part_matches, name, members) + by_whole

    async def named(
        self,
        ref: NameRef,
        visibility: Visibility,
        instead: Instead,
        *,
        offered: Callable[[Named], bool] = lambda thing: True,
    ) -> Named:
        """The thing with that name, among those that the asker may hear of.

        Of these, only those that are `offered` are named to choose from. Raises Ambiguous and
        NotFound, the same way for a thing that is hidden from the asker as for one that doesn't
        exist.
        """
        things = await self._known(ref.kind, visibility)
        found = matches(ref.value, things, slugs)
        if len(found) == 1:
            if ref.kind is Kind.GROUP:
                await self.lists.use_teams((found[0].id,))
            return found[0]

        def command(named: Named) -> str:
            # A name that several things bear tells nothing: then only the id does.
            alone = sum(other.name == named.name for other in things) == 1
            return instead(NameRef(ref.kind, named.name if alone else named.id))

        if choices := [each for each in found if offered(each)]:
            raise which(ref.value, ref.kind.value, choices, command)
        choices = [each for each in things if offered(each)]
        near = nearest_things(ref.value, choices)
        further = way_on(near, "its id")
        if not near and choices:
            near, further = choices[:MAX_CHOICES], " Here are some that I know:"
        await self._want_members(ref)
        whose = "" if visibility.everyone or ref.kind is not Kind.GROUP else " of yours"
        raise NotFound(
            f"I don't know a {ref.kind.value}{whose} called *{{name}}*." + further,
            suggestions(near, command),
            name=shortened(ref.value),
        )

    async def _known(self, kind: Kind, visibility: Visibility) -> list[Named]:
        """The things of one kind that the asker may hear of."""
        if kind in LIST_OF:
            await self.lists.ensure(LIST_OF[kind])
        return [each for each in await self.directory.items(kind) if visibility.knows(each)]

    async def _want_members(self, ref: NameRef) -> None:
        """Have the members of groups with that name read by the clock: perhaps the asker is one,
        in a group that nobody asked about lately."""
        if ref.kind is Kind.GROUP:
            groups = await self.directory.items(Kind.GROUP)
            await self.lists.note_use({x.id for x in whole_matches(ref.value, groups, slugs)})

    async def _account(
        self, user_id: str, asker: Asker, visibility: Visibility
    ) -> Sequence[Member]:
        """The Exec person of a Slack account. Raises NotFound, ExecError and SlackError.

        Who does not see everyone does not learn whether Exec knows an account: they get nobody,
        and so the same refusal as for somebody whom they may not see.
        """
        account = await self.people.account(asker.team_id, user_id)
        user = account.user
        if user.account_type is AccountType.BOT:
            raise NotFound("*{name}* is an app, and apps don't practice.", name=user.name)
        member = await self.people.member_of(account)
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

    async def _user_group(
        self, group_id: str, label: str, asker: Asker, visibility: Visibility
    ) -> Sequence[Member]:
        """The people of a user group whom Exec knows. Raises as `_account`."""
        found = []
        name = label or "that user group"
        try:
            ids = await self.people.usergroup_members(group_id)
        except SlackError as error:
            if error.code != "no_such_subteam":
                raise
            raise NotFound("Slack has no user group *{name}*.", name=name) from None
        if len(ids) > MOST_IN_USER_GROUP:
            raise NotFound(
                f"*{{name}}* has {len(ids)} people, and I can ask about {MOST_IN_USER_GROUP} at "
                "once. Use a group in Exec: `group:` and its name.",
                name=name,
            )
        accounts = await self.people.accounts(asker.team_id, ids)
        if not visibility.everyone and len(accounts) < len(ids):
            return ()
        for account in (accounts[user_id] for user_id in ids if user_id in accounts):
            # Members of a user group whom Exec doesn't know are common; they have no practice.
            if member := await self.people.member_of(account):
                found.append(member)
            elif not visibility.everyone and account.user.account_type is not AccountType.BOT:
                return ()
        if not found and visibility.everyone:
            raise NotFound("Nobody in *{name}* is in Exec.", name=name)
        return found

    def _parse(
        self,
        text: str,
        zone: ZoneInfo,
        names: Vocabulary,
        lead: str = "sessions",
        now: datetime | None = None,
    ) -> Query:
        return parse(text, now=now or self.clock(), zone=zone, names=names, lead=lead)

    async def _things(self, kinds: frozenset[Kind], visibility: Visibility) -> list[Named]:
        if not kinds:
            return []
        return [each for each in await self.directory.items(*kinds) if visibility.knows(each)]


def _mentioned(text: str) -> tuple[PersonRef, ...]:
    try:
        found = tokens(clean(text))
    except ParseError:
        return ()
    return tuple(
        PersonRef(PersonKind.SLACK, token.text, token.label)
        for token in found
        if token.form is TokenForm.USER
    )


def _sees_only_own(asker: Asker, visibility: Visibility) -> bool:
    own = asker.member.id if asker.member else ""
    return not visibility.everyone and not visibility.members - {own}


def _seen(people: Sequence[Member], visibility: Visibility) -> list[Member]:
    return [each for each in people if visibility.everyone or each.id in visibility.members]
