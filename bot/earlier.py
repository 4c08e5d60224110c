"""Earlier answers: who may see one again, and when to ask anew instead."""

from __future__ import annotations

from dataclasses import dataclass

from bot import access
from bot.access import Asker, Visibility
from bot.errors import NotFound, Suggestion, TooOld
from bot.mirror.answers import StoredAnswer, StoredAnswers
from bot.people.coaching import Coaching
from bot.reports.table import SESSIONS


@dataclass(frozen=True, slots=True)
class Earlier:
    """All methods raise StorageError."""

    answers: StoredAnswers
    coaching: Coaching

    async def recall(self, asker: Asker, id_: str) -> StoredAnswer:
        """An earlier answer, if it is still there and still theirs to see. Raises UserError."""
        return await self.recall_among(asker, await self.coaching.reach(asker), id_)

    async def recall_among(self, asker: Asker, visibility: Visibility, id_: str) -> StoredAnswer:
        """The same for somebody of whom it is known already what they may see."""
        stored = await self.answers.find(id_, **_owner(asker))
        if stored is None:
            raise await self._outdated(
                asker,
                id_,
                "I keep the rows of an answer for a day. Ask again to see them as they are now.",
            )
        if not visibility.covers(stored.query.people, stored.query.groups):
            raise access.refuse("those people", visibility)
        if await self._names_who_left(asker, visibility, stored, id_):
            raise await self._outdated(
                asker,
                id_,
                "The people you coach have changed since this answer. Ask again to see it as it "
                "is now.",
            )
        return stored

    async def words(self, asker: Asker, id_: str) -> str:
        """The command text of an earlier answer to them. Raises TooOld."""
        text = await self.answers.words(id_, **_owner(asker))
        if text is None:
            raise TooOld
        return text

    async def find(self, asker: Asker, id_: str) -> StoredAnswer | None:
        """An answer to them as it was, if its rows are still held."""
        return await self.answers.find(id_, **_owner(asker))

    async def last_words(self, asker: Asker) -> str:
        """The question of the last answer to somebody, all their sessions if there is none."""
        id_ = await self.answers.latest(**_owner(asker))
        words = None if id_ is None else await self.answers.words(id_, **_owner(asker))
        return words or SESSIONS.name

    async def _outdated(self, asker: Asker, id_: str, why: str) -> NotFound:
        return NotFound(why, (Suggestion("Ask again", await self.words(asker, id_)),))

    async def _names_who_left(
        self, asker: Asker, visibility: Visibility, stored: StoredAnswer, id_: str
    ) -> bool:
        """Whether an answer about a coach's groups has rows of somebody who left them since.

        Whom an answer names that is newer than the rosters held may just have come.
        """
        if visibility.everyone or stored.query.people is not None:
            return False
        shown = stored.reading.rows[: stored.query.limit]
        named = {row.user.id for row in shown} or set(stored.people)
        named -= {""}
        if named <= visibility.members:
            return False
        at = await self.answers.kept_at(id_, **_owner(asker))
        held = await self.coaching.rosters.of(stored.query.groups, ask_exec=False)
        return at is not None and any(roster.as_of > at for roster in held.values())


def _owner(asker: Asker) -> dict[str, str]:
    return {"team_id": asker.team_id, "user_id": asker.user_id}
