"""Whether the scheduled posts of one channel, taken together, reveal one or two people."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import UserError
from bot.people.directory import ANY_AGE, Directory, ids_of
from bot.reports._public import reveals
from bot.scheduled.stored_words import StoredWords
from bot.scheduled.subscriptions import Subscriptions


@dataclass(frozen=True, slots=True)
class DifferenceRule:
    """No difference of two posts in a channel is about one or two people."""

    subscriptions: Subscriptions
    stored_words: StoredWords
    directory: Directory

    async def reveal(self, team_id: str, place: str, words: str, id_: str = "") -> bool:
        """Whether the answer to stored words would reveal somebody beside the posts that were set
        up before `id_`, all of them if it is ""."""
        sets = [await self._people(team_id, words)]
        for older in await self.subscriptions.listed(team_id):
            if older.id == id_:
                break
            if older.place == place and not older.is_paused and older.words != words:
                sets.append(await self._people(team_id, older.words))
        return len(sets) > 1 and reveals(sets)

    async def _people(self, team_id: str, words: str) -> frozenset[str]:
        """The Exec ids of the people in stored words; none if a name is gone from Exec."""
        try:
            query = (await self.stored_words.resolve(team_id, words)).resolved
        except UserError:
            return frozenset()
        if query.groups:
            teams = await self.directory.teams(query.groups, ANY_AGE)
            people = frozenset[str]().union(*map(ids_of, teams.values()))
            return people if query.people is None else people & ids_of(query.people)
        if query.people is not None:
            return frozenset(ids_of(query.people))
        return frozenset(person.id for person in self.directory.listed if not person.is_system)
