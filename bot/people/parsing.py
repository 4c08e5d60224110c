"""Words ─► Query, with the names that Exec knows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.access import Visibility
from bot.errors import ParseError, TooLong
from bot.language.parse import kinds_needed, parse
from bot.language.query import Kind, Named, PersonKind, PersonRef, Query
from bot.language.text import Form, clean, tokens
from bot.language.vocabulary import Vocabulary
from bot.people.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Parser:
    catalogue: Catalogue
    command: str
    clock: Callable[[], datetime]

    async def read(
        self, text: str, zone: ZoneInfo, visibility: Visibility, *, now: datetime | None = None
    ) -> Query:
        """The question as it is meant at `now`. Only names of what the asker may hear of help to
        read it.

        Raises ParseError and, with names never held, ExecError.
        """
        try:
            things = await self._things(kinds_needed(text), visibility, ask_exec=True)
            return self._parse(text, zone, Vocabulary.of(things), now)
        except TooLong:
            raise
        except ParseError:
            # Perhaps a name stands there without its quotes, or without what goes before it.
            things = await self._things(frozenset(Kind), visibility)
            people = [
                member for member in await self.catalogue.members() if visibility.covers((member,))
            ]
            # Of thousands of names it takes as long as it takes, and others are answered meanwhile.
            names = await asyncio.to_thread(Vocabulary.of, things, people)
            return await asyncio.to_thread(self._parse, text, zone, names, now)

    async def read_from_held(self, text: str, zone: ZoneInfo, visibility: Visibility) -> Query:
        """The question, from what is held: nothing is asked of Exec. Raises ParseError."""
        things = await self._things(kinds_needed(text), visibility)
        return self._parse(text, zone, Vocabulary.of(things))

    async def people_in(self, text: str, zone: ZoneInfo, visibility: Visibility) -> Query:
        """Whom a question is about, as far as that can be told without asking Exec.

        Where it cannot be read for want of names, those are whom Slack itself marked.
        """
        try:
            return await self.read_from_held(text, zone, visibility)
        except ParseError:
            return Query(people=_mentioned(text))

    def _parse(
        self, text: str, zone: ZoneInfo, names: Vocabulary, now: datetime | None = None
    ) -> Query:
        return parse(text, now=now or self.clock(), zone=zone, names=names, command=self.command)

    async def _things(
        self, kinds: frozenset[Kind], visibility: Visibility, *, ask_exec: bool = False
    ) -> list[Named]:
        return [
            item
            for kind in sorted(kinds)
            for item in await self.catalogue.items(kind, ask_exec=ask_exec)
            if visibility.knows(item)
        ]


def _mentioned(text: str) -> tuple[PersonRef, ...]:
    try:
        found = tokens(clean(text))
    except ParseError:
        return ()
    return tuple(
        PersonRef(PersonKind.SLACK, token.text, token.label)
        for token in found
        if token.form is Form.USER
    )
