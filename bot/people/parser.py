"""Reads what people typed, with the names that Exec knows and they may hear of: words ─► Query."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.access import Visibility
from bot.errors import ParseError, TooLong
from bot.language.cursor import Vocabulary
from bot.language.parse import kinds_needed, parse
from bot.language.query import Kind, Named, PersonKind, PersonRef, Query
from bot.language.text import Form, clean, tokens
from bot.people.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Parser:
    """Reads questions with the names that Exec knows."""

    catalogue: Catalogue
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
            things = await self._things(kinds_needed(text), visibility, ask_exec=True)
            return self._parse(text, zone, Vocabulary.of(things), lead, now)
        except TooLong:
            raise
        except ParseError:
            # Perhaps a name stands there without its quotes, or without what goes before it.
            things = await self._things(frozenset(Kind), visibility)
            people = [
                member for member in await self.catalogue.members() if visibility.covers((member,))
            ]
            # Thousands of names take a while; others are answered meanwhile.
            names = await asyncio.to_thread(Vocabulary.of, things, people)
            return await asyncio.to_thread(self._parse, text, zone, names, lead, now)

    async def read_from_held(self, text: str, zone: ZoneInfo, visibility: Visibility) -> Query:
        """The question, read without asking Exec for names. Raises ParseError."""
        things = await self._things(kinds_needed(text), visibility)
        return self._parse(text, zone, Vocabulary.of(things))

    async def people_in(self, text: str, zone: ZoneInfo, visibility: Visibility) -> Query:
        """Whom a question is about, as far as that can be told without asking Exec.

        Where it cannot be read without more names, only the people mentioned by Slack's own marks.
        """
        try:
            return await self.read_from_held(text, zone, visibility)
        except ParseError:
            return Query(people=_mentioned(text))

    def _parse(
        self,
        text: str,
        zone: ZoneInfo,
        names: Vocabulary,
        lead: str = "sessions",
        now: datetime | None = None,
    ) -> Query:
        return parse(text, now=now or self.clock(), zone=zone, names=names, lead=lead)

    async def _things(
        self, kinds: frozenset[Kind], visibility: Visibility, *, ask_exec: bool = False
    ) -> list[Named]:
        if not kinds:
            return []
        items = await self.catalogue.items(*kinds, ask_exec=ask_exec)
        return [item for item in items if visibility.knows(item)]


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
