"""People behind buttons: what a button carries is opaque, the row says whom it means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.gather.rows import window_over
from bot.language.query import Member
from bot.reports.intervals import Interval, Window
from bot.storage.commands import StoredCommands

# Marks a stored command that runs nothing: it names a person and a period.
PERSON = "person"


@dataclass(frozen=True, slots=True)
class Handle:
    """A person, by their Exec id, and the period that was reported on."""

    person_id: str
    interval: Interval
    zone: str

    def window(self, now: datetime) -> Window:
        return window_over(self.interval, self.zone, now)


@dataclass(frozen=True, slots=True)
class Handles:
    """Each is good for the account that it was made for, and for nobody else."""

    stored: StoredCommands

    async def keep(
        self, team_id: str, user_id: str, people: Iterable[Member], window: Window
    ) -> dict[str, str]:
        """A handle for each person, by their Exec id. Raises StorageError."""
        ids = tuple(dict.fromkeys(person.id for person in people))
        span = f"{window.interval.start.isoformat()} {window.interval.end.isoformat()}"
        words = tuple(f"{PERSON} {span} {window.zone} {id_}" for id_ in ids)
        handles = await self.stored.keep(team_id, user_id, words)
        return dict(zip(ids, handles, strict=True))

    async def find(self, id_: str, *, team_id: str, user_id: str) -> Handle | None:
        """Whom a handle means; None if it is too old, or someone else's. Raises StorageError."""
        command = await self.stored.find(id_, team_id=team_id, user_id=user_id)
        if command is None or not command.words.startswith(f"{PERSON} "):
            return None
        _, start, end, zone, person_id = command.words.split(" ", 4)
        interval = Interval(datetime.fromisoformat(start), datetime.fromisoformat(end))
        return Handle(person_id, interval, zone)
