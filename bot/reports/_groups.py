"""Rows of people or groups, with the figures of a period and of the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bot.reports._figures import Tally, add_of, behind
from bot.reports._prepared import PreparedQuestion
from bot.reports._public import NOBODY, FigureSubject, Hidden, Shown
from bot.reports._report import Change, Column

GROUPS = (
    Column("Group", "who", "name"),
    Column("People", "people", "count"),
    Column("Practiced", "now.people", "count"),
    Column("Sessions", "now.sessions", "count"),
    Column("Average", "now.average", "score"),
    Column("Change", "change"),
)


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A person, or a group of so many `people`, with the figures of the period and of the one
    before, None if that isn't known. `last` is a person's last session up to the end of the period,
    None if none is on record."""

    behind_all: ClassVar[str] = "people"

    who: Shown[str]
    now: Shown[Tally]
    before: Shown[Tally | None]
    member_id: Hidden[str] = ""
    last: Hidden[datetime | None] = None
    note: Hidden[str] = ""
    people: Shown[int] = 1
    behind: Hidden[FigureSubject] = NOBODY

    @property
    def change(self) -> Change | str | None:
        """A change of the average; "new" if there was no session before."""
        if self.before is not None and self.now.people and not self.before.people:
            return "new"
        return self.now.change(self.before)


def group_rows(
    q: PreparedQuestion, now: Mapping[str, Tally], before: Mapping[str, Tally] | None
) -> tuple[TeamRow, ...]:
    """A row per group, by name."""
    rows = []
    for group in q.groups:
        people = group.people & q.subject.present.keys()
        earlier = None if before is None else add_of(people, before)
        rows.append(
            TeamRow(
                who=group.name,
                now=add_of(people, now),
                before=earlier,
                people=len(people),
                behind=behind(people, now, before),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.who.casefold(), row.who)))
