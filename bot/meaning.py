"""What plain words mean when somebody says them: with the names that they may hear of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.access import Asker, Visibility
from bot.errors import Ambiguous, ExecError, NotAllowed, NotFound, Suggestion
from bot.language.matching import MAX_CHOICES, nearest_things, suggestions, way_on, which
from bot.language.plain_words import Changes, Meaning, Reader, Theirs, Unknown, has_names
from bot.language.query import Kind, Member, Named, PersonKind
from bot.language.running_text import NO_NAMES, NamedThing, Names, Seen, Unclear
from bot.language.text import fold, quoted, shortened, written
from bot.language.words import query_words
from bot.mirror.lists import GROUPS, MEMBERS, SCENARIOS, Lists
from bot.people.coaches import Coaching
from bot.people.directory import Directory

_MOST_UNKNOWN = 3  # names in a text


@dataclass(slots=True)
class PlainWords:
    """Understands plain words. The index of names is made anew when Exec's lists have changed."""

    directory: Directory
    lists: Lists
    coaching: Coaching
    clock: Callable[[], datetime]
    _names: Names = field(default=NO_NAMES, init=False)
    _made_of: tuple[Sequence[Named], Sequence[Member]] = field(default=((), ()), init=False)

    async def words_of_names(self, asker: Asker) -> Set[str]:
        """The words in the names that `asker` may see: a correction must not reveal any other."""
        seen = _sight(await self.coaching.reach(asker))
        return {word for word, things in self._names.words.items() if any(map(seen, things))}

    async def understand(self, asker: Asker, text: str) -> Meaning:
        """What the text asks for, as `asker` means it.

        Raises NotAllowed for those who see nothing, Ambiguous for a name that fits several,
        NotFound for one that is only like others, ParseError and TooLong.
        """
        visibility = await self.coaching.reach(asker)
        reader = await self._reader(asker, text, visibility)
        try:
            meaning = await self._read(reader, text)
            if not (isinstance(meaning, Unknown) or meaning.unused):
                return meaning
            unknown = list[str]()
            while isinstance(meaning, Unknown) and len(unknown) < _MOST_UNKNOWN:
                await asyncio.to_thread(self._refuse_like_others, meaning, reader, visibility)
                # Perhaps somebody who left, or a user group of Slack: found or refused as such.
                asked = written(meaning.instead(f"@{quoted(meaning.typed)}"))
                unknown.append(meaning.typed)
                meaning = await self._read(reader, asked)
            if isinstance(meaning, Unknown):
                return Meaning("", unused=(*unknown, meaning.typed))
            return _without_handles(meaning, unknown) if unknown and meaning.unused else meaning
        except Theirs as theirs:
            text = await self._naming_theirs(theirs, asker, visibility)
            return await self.understand(asker, text)
        except Unclear as unclear:
            raise _which(unclear, reader.names) from None

    async def changes(self, asker: Asker, text: str, report: str) -> Changes:
        """What the text changes of another question, to this report. Raises as `understand`."""
        visibility = await self.coaching.reach(asker)
        reader = await self._reader(asker, text, visibility)
        try:
            return await asyncio.to_thread(reader.changes, text, report)
        except Theirs as theirs:
            text = await self._naming_theirs(theirs, asker, visibility)
            return await self.changes(asker, text, report)
        except Unclear as unclear:
            raise _which(unclear, reader.names) from None

    async def _naming_theirs(self, theirs: Theirs, asker: Asker, visibility: Visibility) -> str:
        """The text with the groups and people in it whom the coach coaches that it speaks of."""
        if asker.member is not None and theirs.reference == asker.member.email:
            return theirs.instead("my team")
        if not visibility.everyone:
            raise NotAllowed("Only admins can ask about another coach's people.")
        coach = await self.directory.member(email=theirs.reference)
        if coach is None:
            raise NotFound("I can't tell whose people *{name}* are.", name=shortened(theirs.typed))
        given = await self.coaching.coaches.of(coach.id)
        groups = await self.directory.items(Kind.GROUP)
        things: list[NamedThing] = [each for each in groups if each.id in given.groups]
        things += await self.directory.people(given.people)
        if not things:
            raise NotFound("*{name}* coaches nobody, as far as I know.", name=shortened(coach.name))
        if given.people and given.groups:
            raise which(
                theirs.typed, "of these", things, lambda one: _instead(theirs, self._names, one)
            )
        return theirs.instead(" ".join(map(self._names.reference, things)))

    async def _reader(self, asker: Asker, text: str, visibility: Visibility) -> Reader:
        return Reader(
            now=self.clock(),
            zone=asker.zone,
            names=await self._known() if has_names(text) else NO_NAMES,
            seen=_sight(visibility),
            coaches=visibility.coaches,
            everyone=visibility.everyone,
        )

    @staticmethod
    async def _read(reader: Reader, text: str) -> Meaning | Unknown:
        try:
            return await asyncio.to_thread(reader.understand, text)
        except Unknown as unknown:
            return unknown

    async def _known(self) -> Names:
        """The index of all names, whoever may hear of them."""
        with suppress(ExecError):  # what needs no name is still answered
            await self.lists.ensure(MEMBERS, GROUPS, SCENARIOS)
        things = await self.directory.items(*Kind)
        members = await self.directory.members()
        if members is not self._made_of[1] or things != self._made_of[0]:
            # Thousands of names take a while; others are answered meanwhile.
            self._names = await asyncio.to_thread(Names.of, things, members)
            self._made_of = (things, members)
        return self._names

    def _refuse_like_others(self, unknown: Unknown, reader: Reader, visibility: Visibility) -> None:
        """Raise NotFound if the words are like the names of their groups or of things."""
        things, members = self._made_of
        known = [
            each
            for each in things
            if visibility.knows(each)
            and (each.kind is not Kind.GROUP or visibility.covers_group(each.id))
        ]
        inside = [each for each in known if f" {fold(unknown.typed)} " in f" {fold(each.name)} "]
        near: list[NamedThing] = [*(inside[:MAX_CHOICES] or nearest_things(unknown.typed, known))]
        if not near:
            return
        people = [each for each in members if reader.seen(each)]
        near += nearest_things(unknown.typed, people, MAX_CHOICES - len(near))
        raise NotFound(
            "I don't know *{name}*." + way_on(near, "quotation marks"),
            suggestions(near, lambda known: _instead(unknown, reader.names, known)),
            name=shortened(unknown.typed),
        )


def _sight(visibility: Visibility) -> Seen:
    """What may be heard of by somebody who sees so much."""

    def seen(known: NamedThing) -> bool:
        if isinstance(known, Member):
            return visibility.everyone or known.id in visibility.members
        return visibility.knows(known)

    return seen


def _without_handles(meaning: Meaning, unknown: Sequence[str]) -> Meaning:
    """The meaning in which names that fit nobody are more words that were not understood."""
    people = tuple(ref for ref in meaning.query.people if ref.kind is not PersonKind.HANDLE)
    query = replace(meaning.query, people=people)
    unused = (each for each in meaning.unused if not any(typed in each for typed in unknown))
    return replace(meaning, query=query, words=query_words(query), unused=(*unknown, *unused))


def _which(unclear: Unclear, names: Names) -> Ambiguous:
    """The question which of several is meant by a name."""
    if not unclear.found:
        return Ambiguous(
            "I can't show you anybody called *{name}*. Do you mean the month?",
            (_as_month(unclear),),
            name=shortened(unclear.typed),
        )
    kinds = {"person" if isinstance(x, Member) else x.kind.value for x in unclear.found}
    what = kinds.pop() if len(kinds) == 1 and not unclear.month else "of these"
    asked = which(unclear.typed, what, unclear.found, lambda known: _instead(unclear, names, known))
    if unclear.month:
        asked.suggestions = (*asked.suggestions, _as_month(unclear))
    return asked


def _as_month(unclear: Unclear) -> Suggestion:
    """The whole text with the month in place of the name."""
    text = unclear.instead(f"in {unclear.month}")
    return Suggestion(f"{unclear.month.title()} (the month)", written(text))


def _instead(unclear: Unclear, names: Names, known: NamedThing) -> str:
    """The whole text with words in it that name this one."""
    return written(unclear.instead(names.reference(known)))
