"""What plain words mean when somebody says them: with the names that they may hear of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.access import Asker, Visibility
from bot.errors import Ambiguous, ExecError, NotFound, Suggestion
from bot.language.names_in_text import NO_NAMES, Known, Names
from bot.language.plain_words import Meaning, Reader, Unknown, has_names
from bot.language.query import Kind, Member, Named
from bot.language.running_text import Seen, Unclear
from bot.language.text import quoted, shortened, written
from bot.people.catalogue import Catalogue
from bot.people.coaching import Coaching
from bot.people.matching import MAX_CHOICES, nearest, suggestions, way_on, which

# What people name most; of the others, what is held is enough.
_ASKED = (Kind.GROUP, Kind.SCENARIO)


@dataclass(slots=True)
class PlainWords:
    """Understands plain words. The index of names is made anew when Exec's lists have changed."""

    catalogue: Catalogue
    coaching: Coaching
    clock: Callable[[], datetime]
    _names: Names = field(default=NO_NAMES, init=False)
    _made_of: tuple[Sequence[Named], Sequence[Member]] = field(default=((), ()), init=False)

    async def understand(self, asker: Asker, text: str) -> Meaning:
        """What the text asks for, as `asker` means it.

        Raises NotAllowed for those who see nothing, Ambiguous for a name that fits several,
        NotFound for one that is only like others, ParseError and TooLong.
        """
        visibility = await self.coaching.reach(asker)
        names = await self._known() if has_names(text) else NO_NAMES
        reader = Reader(
            now=self.clock(),
            zone=asker.zone,
            names=names,
            seen=_sight(visibility),
            coaches=visibility.coaches,
            everyone=visibility.everyone,
        )
        try:
            try:
                return await asyncio.to_thread(reader.understand, text)
            except Unknown as unknown:
                await asyncio.to_thread(self._refuse_like_others, unknown, reader, visibility)
                # Perhaps somebody who left, or a user group of Slack: found or refused as such.
                asked = written(unknown.instead(f"@{quoted(unknown.typed)}"))
                return await asyncio.to_thread(reader.understand, asked)
        except Unclear as unclear:
            raise _which(unclear, names) from None

    async def _known(self) -> Names:
        """The index of all names, whoever may hear of them."""
        things: list[Named] = []
        members: Sequence[Member] = ()
        try:
            for asked in (True, False):
                kinds = [kind for kind in Kind if (kind in _ASKED) is asked]
                things += await self.catalogue.items(*kinds, ask_exec=asked)
            members = await self.catalogue.members()
        except ExecError:
            # What needs no name is still answered.
            return self._names
        if members is not self._made_of[1] or things != self._made_of[0]:
            # Thousands of names take a while; others are answered meanwhile.
            self._names = await asyncio.to_thread(Names.of, things, members)
            self._made_of = (things, members)
        return self._names

    def _refuse_like_others(self, unknown: Unknown, reader: Reader, visibility: Visibility) -> None:
        """Raise NotFound if the words are like the names of their groups or of scenarios."""
        things, members = self._made_of
        known = [
            each
            for each in things
            if (each.kind is Kind.SCENARIO and visibility.knows(each))
            or (each.kind is Kind.GROUP and visibility.covers_group(each.id))
        ]
        near: list[Known] = [*nearest(unknown.typed, known)]
        if not near:
            return
        people = [each for each in members if reader.seen(each)]
        near += nearest(unknown.typed, people, MAX_CHOICES - len(near))
        raise NotFound(
            "I don't know *{name}*." + way_on(near, "quotation marks"),
            suggestions(near, lambda known: _instead(unknown, reader.names, known)),
            name=shortened(unknown.typed),
        )


def _sight(visibility: Visibility) -> Seen:
    """What may be heard of by somebody who sees so much."""

    def seen(known: Known) -> bool:
        if isinstance(known, Member):
            return visibility.everyone or known.id in visibility.members
        return visibility.knows(known)

    return seen


def _which(unclear: Unclear, names: Names) -> Ambiguous:
    """The question which of several is meant by a name."""
    kinds = {"person" if isinstance(x, Member) else x.kind.value for x in unclear.found}
    what = kinds.pop() if len(kinds) == 1 and not unclear.month else "of these"
    asked = which(unclear.typed, what, unclear.found, lambda known: _instead(unclear, names, known))
    if unclear.month:
        when = Suggestion(
            f"{unclear.month.title()} (the month)", written(unclear.instead(f"in {unclear.month}"))
        )
        asked.suggestions = (*asked.suggestions, when)
    return asked


def _instead(unclear: Unclear, names: Names, known: Known) -> str:
    """The whole text with words in it that name this one."""
    return written(unclear.instead(names.reference(known)))
