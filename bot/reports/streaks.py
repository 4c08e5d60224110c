"""Who practices week after week: for those who coach them, never for a channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.reports.facts import Facts, InQuestion, Practice
from bot.reports.gains import may_be_longer, weeks_in_a_row
from bot.reports.report import ALL_BUT_RESULTS, WHO, Column, Report, Table, Whose
from bot.reports.rows import by_id, by_person, disambiguated_names, history

_MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Streak:
    """A person, by their Exec id, with so many weeks in a row in each of which they completed a
    session; more perhaps where it `may_be_longer`. `last` is their last session of any kind."""

    person_id: str
    name: str
    weeks: int
    last: datetime
    may_be_longer: bool


@dataclass(frozen=True, slots=True)
class StreakFigures:
    """Of `people` in question those who have a streak at the end of the period, the longest first,
    then by name. Sessions are known from `since` on, the start of a local day; None where all are.
    """

    people: int
    rows: tuple[Streak, ...]
    since: datetime | None

    @property
    def longer(self) -> int:
        """How many of them may have begun before anything is known."""
        return sum(row.may_be_longer for row in self.rows)


async def _figures(facts: Facts) -> StreakFigures:
    people = await facts.people()
    practice = await facts.sessions(of_people=True, history=True)
    return await facts.compute(_streaks, people, practice)


def _streaks(asked: InQuestion, practice: Practice) -> StreakFigures:
    window, since = practice.window, practice.since
    people = by_id(each for each in asked.coached if not each.is_removed)
    rows_of = by_person(history(practice.all_rows, window.interval.end))
    # A period that is over ends with its last week, and not with the one that begins then.
    end, zone = window.interval.end - _MOMENT, window.zone
    names = disambiguated_names(people.values())
    rows = []
    for id_ in people:
        own = rows_of.get(id_, [])
        moments = [row.created_at for row in own if row.is_valid_attempt]
        if weeks := weeks_in_a_row(moments, end, zone):
            longer = may_be_longer(moments, end, zone, since)
            rows.append(Streak(id_, names[id_], weeks, own[-1].created_at, longer))
    rows.sort(key=lambda row: -row.weeks)
    return StreakFigures(len(people), tuple(rows), since)


def _table(found: StreakFigures) -> Table:
    return Table(
        (WHO, Column("Weeks", "count"), Column("Last practiced", "moment")),
        tuple((row.name, row.weeks, row.last) for row in found.rows),
    )


REPORT: Report[StreakFigures] = Report(
    name="streaks",
    also=("streak",),
    forms=("streaks [group] [when]",),
    help="Who of your people practices week after week, the longest streak first; the last 12 "
    "weeks unless you say otherwise.",
    example='streaks "West Coast"',
    whose=Whose.COACHED,
    period="last 12w",
    kind=StreakFigures,
    filters=ALL_BUT_RESULTS,
    figures=_figures,
    table=_table,
    found_nothing=lambda found: not found.people,
    named=lambda found: {row.person_id for row in found.rows},
    coaches_only=True,
)
