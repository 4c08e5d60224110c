"""The groups in question, ranked by how they did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.language.query import By
from bot.language.text import quoted
from bot.reports._figures import Tally, compared, tally_people
from bot.reports._groups import GROUPS as COLUMNS
from bot.reports._groups import TeamRow, group_rows
from bot.reports._prepared import PreparedQuestion
from bot.reports._public import ENOUGH_PEOPLE, Shown, shown_beside
from bot.reports._report import Change, Figures, Need, Report

VALUES: Mapping[By, Callable[[TeamRow], Decimal | int | None]] = {
    By.AVERAGE: lambda row: row.now.average,
    By.SESSIONS: lambda row: row.now.sessions,
    By.PRACTICED: lambda row: Decimal(row.now.people) / row.people,
    By.CHANGE: lambda row: row.change.by if isinstance(row.change, Change) else None,
}


@dataclass(frozen=True, kw_only=True)
class GroupFigures(Figures):
    """Groups, the highest value first; those of fewer than three people come last, without results.

    `ends` are the first and the last with a value, if they differ. `left_out` groups have no row in
    a channel.
    """

    by: Shown[By]
    rows: Shown[tuple[TeamRow, ...]] = ()
    groups_unknown: Shown[int] = 0
    left_out: Shown[int] = 0

    @property
    def ends(self) -> tuple[TeamRow, ...]:
        valued = [row for row in self.rows if _value(row, self.by) is not None]
        is_equal = len({_value(row, self.by) for row in valued}) < 2
        return () if is_equal else (valued[0], valued[-1])


async def figures(q: PreparedQuestion) -> GroupFigures:
    """A row per group."""
    by = q.query.by or By.AVERAGE
    now, before = await compared(q, tally_people)
    rows = [
        row if row.people >= ENOUGH_PEOPLE else _small(row) for row in group_rows(q, now, before)
    ]
    return GroupFigures(by=by, rows=_ranked(rows, by), groups_unknown=q.groups_unknown)


def _small(row: TeamRow) -> TeamRow:
    """A group of one or two, without results."""
    return replace(row, now=Tally(people=row.now.people), before=None)


def _ranked(rows: list[TeamRow], by: By) -> tuple[TeamRow, ...]:
    values = {id(row): _value(row, by) for row in rows}

    def order(row: TeamRow) -> tuple[bool, Decimal | int]:
        value = values[id(row)]
        return value is None, -(value or 0)

    return tuple(sorted(rows, key=order))


def _value(row: TeamRow, by: By) -> Decimal | int | None:
    return VALUES[by](row) if row.people >= ENOUGH_PEOPLE and row.now.people else None


def for_channel(computed: GroupFigures) -> GroupFigures:
    """Without groups whose figures would reveal one or two people beside the others, and with
    hidden values last, because the order would tell them."""
    groups = [row for row in computed.rows if row.people >= ENOUGH_PEOPLE]
    kept = shown_beside(None, [row.behind for row in groups])
    rows = [row for at, row in enumerate(groups) if at in kept]
    count = "people" if computed.by is By.SESSIONS else "graded_people"
    if computed.by is not By.PRACTICED:
        rows.sort(key=lambda row: getattr(row.now, count) < ENOUGH_PEOPLE)
    return replace(computed, rows=tuple(rows), left_out=len(computed.rows) - len(rows))


REPORT: Report[GroupFigures] = Report(
    name="groups",
    covers="group rank best worst most least average session practice doing score who-all recent "
    "compare overview improve per-person group-of-people share time done",
    also=("teams",),
    forms=("groups [which] [what] [when] [by average, sessions, practiced or change]",),
    help="Every group, ranked by average unless you say otherwise; the last 30 days unless you say "
    "otherwise.",
    example="groups last month by sessions",
    needs=frozenset((Need.EACH_GROUP,)),
    figures=figures,
    columns=lambda _: COLUMNS,
    opens=lambda row: f"team group:{quoted(row.who)}",
    is_posted=True,
    for_channel=for_channel,
    named=lambda _: (),
    by=(By.AVERAGE, By.SESSIONS, By.PRACTICED, By.CHANGE),
    coaches_only=True,
)
