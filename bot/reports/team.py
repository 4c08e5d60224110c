"""How a team is doing: its figures, and each of its people for who may see them.

In a channel it is the digest: counts, and new personal bests.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.exec_api.models import Assignment, Session
from bot.language.query import Kind, Member
from bot.language.text import quoted
from bot.reports.change import difference
from bot.reports.course import courses
from bot.reports.digest import GroupDigest, digest_of
from bot.reports.each_person import of_each
from bot.reports.facts import Facts, Groups, InQuestion, Practice, SelfOnly
from bot.reports.figures import Figures, figures
from bot.reports.highlights import ENOUGH_PEOPLE
from bot.reports.intervals import moved
from bot.reports.metrics import ENOUGH_TO_COMPARE
from bot.reports.report import WHO, Amount, Column, Report, Table, Whose
from bot.reports.rows import (
    average,
    by_id,
    by_person,
    disambiguated_names,
    graded,
    history,
    of_people,
    people_in,
    within,
)
from bot.reports.tasks import tasks_of

# What people have to practice; None where that is not known.
Tasked = tuple[Assignment, ...] | None
# After fewer days without a session nobody is called silent.
SILENT_DAYS = 7


class Note(StrEnum):
    """What is worth knowing of a person of a team, in the order in which it is told."""

    OVERDUE = "overdue"
    SILENT = "silent"
    SLIPPING = "slipping"
    IMPROVING = "improving"


@dataclass(frozen=True, slots=True)
class TeamPerson:
    """A person in a period.

    `average` runs over `graded` attempts, `change` is that less the average of the period before,
    with the attempts of both, None where either has fewer than three; `is_new`: they had no session
    then. `last` is their last session up to the end of the period, None where none is known.
    """

    id: str
    name: str
    sessions: int
    graded: int
    average: float | None
    change: Amount | None
    is_new: bool
    best: float | None
    last: datetime | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class TeamGroup:
    """A group in a period; `graded` people have a part in its average, `graded_before` in that of
    the period before."""

    name: str
    people: int
    practiced: int
    sessions: int
    graded: int
    average: float | None
    change: Amount | None
    is_new: bool
    graded_before: int = 0


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """A team, with a row for each person, who practiced most first; or every group, by name.

    Of people so many `coaches` of the others are counted, and have no row. `groups_unknown`: of so
    many it was not known who is in them. `named` is False where no person may be listed. `only` is
    set for who is told the counts of their own group, and of nobody but themselves; not `enough`:
    nor those, of so few. `of_results`: it is of sessions that were chosen by how they went.
    """

    digest: GroupDigest
    people: tuple[TeamPerson, ...]
    groups: tuple[TeamGroup, ...]
    groups_unknown: int
    coaches: int = 0
    named: bool = True
    only: SelfOnly | None = None
    enough: bool = True
    of_results: bool = False

    @property
    def absent(self) -> tuple[TeamPerson, ...]:
        """Those who have not practiced, for who coaches them."""
        if self.only is not None or self.of_results:
            return ()
        return tuple(each for each in self.people if not each.sessions)


async def _figures(facts: Facts) -> TeamFigures:
    people, groups = await facts.people(), await facts.groups()
    practice = await facts.sessions(of_people=True, before=True)
    tasks, opted_out = await facts.tasks(), await facts.opted_out()
    found = await facts.compute(_team, people, groups, practice, tasks, opted_out, facts.only)
    query = facts.query
    if query.is_of_results:
        # Whoever has no gold may have practiced, and be improving.
        return replace(found, of_results=True, people=_noted(found, Note.OVERDUE))
    if query.other_scenarios or any(each.kind is not Kind.GROUP for each in query.names):
        # Nor is silent who practiced something else.
        return replace(found, people=_noted(found, *(set(Note) - {Note.SILENT})))
    return found


def _noted(found: TeamFigures, *told: Note) -> tuple[TeamPerson, ...]:
    """The people with no other notes than these."""
    return tuple(
        replace(each, notes=tuple(note for note in each.notes if note in told))
        for each in found.people
    )


def _team(
    people: InQuestion,
    groups: Groups,
    practice: Practice,
    tasks: Tasked,
    opted_out: Collection[str],
    only: SelfOnly | None,
) -> TeamFigures:
    if only is not None:
        return _of_own_group(people, practice, tasks, only)
    return TeamFigures(
        digest=digest_of(people, practice, tasks, opted_out),
        people=() if groups.known else _people(people.coached, practice, tasks),
        groups=_groups(groups, practice, compared=True),
        groups_unknown=groups.unknown,
        coaches=len(people.everyone) - len(people.coached),
    )


async def side_by_side(facts: Facts) -> tuple[TeamGroup, ...]:
    """Every group that is known in the period, by name, compared with nothing."""
    groups, practice = await facts.groups(), await facts.sessions()
    return await facts.compute(_side_by_side, groups, practice)


def _side_by_side(groups: Groups, practice: Practice) -> tuple[TeamGroup, ...]:
    return _groups(groups, practice, compared=False)


def _groups(groups: Groups, practice: Practice, *, compared: bool) -> tuple[TeamGroup, ...]:
    """Every group in a period, by name; `compared` with the period before if that is known."""
    if not groups.known:
        return ()
    now = by_person(practice.rows)
    before = by_person(practice.before) if compared and practice.before is not None else None
    end, rows = practice.interval.end, []
    for group in groups.known:
        members = group.members_at(end)
        earlier = None if before is None else _of_each(members, before)
        rows.append(_group(group.name, len(members), _of_each(members, now), earlier))
    return tuple(sorted(rows, key=lambda group: (group.name.casefold(), group.name)))


def _of_each(members: Iterable[str], rows_of: Mapping[str, Sequence[Session]]) -> list[Session]:
    return [row for id_ in members for row in rows_of.get(id_, ())]


def _of_own_group(
    people: InQuestion,
    practice: Practice,
    tasks: Tasked,
    only: SelfOnly,
) -> TeamFigures:
    """The counts of a group as a channel would see them, and the row of the one who asks."""
    enough = len(people.everyone) >= ENOUGH_PEOPLE
    own = tuple(each for each in people.everyone if each.id == only.id)
    counted = people if enough else replace(people, everyone=own)
    digest = replace(digest_of(counted, practice, tasks, ()), bests=())
    rows = _people(own, practice, tasks)
    return TeamFigures(digest, rows, (), 0, named=False, only=only, enough=enough)


def _people(members: Iterable[Member], practice: Practice, tasks: Tasked) -> tuple[TeamPerson, ...]:
    window = practice.window
    people = by_id(members)
    own = of_people(history(practice.all_rows, window.interval.end), people)
    rows_of = by_person(own)
    notes = _notes(practice, tasks, people, own, rows_of)
    names = disambiguated_names(people.values())
    found = []
    for each in of_each(people, rows_of, window.interval, practice.since):
        id_ = each.person.id
        before = within(rows_of.get(id_, ()), window.before) if practice.knows_before else None
        found.append(
            TeamPerson(
                id=id_,
                name=names[id_],
                sessions=each.figures.sessions,
                graded=each.figures.attempts,
                average=each.figures.average,
                change=_change(each.figures, before),
                is_new=before is not None and not before,
                best=None if each.figures.best is None else each.figures.best[0],
                last=each.last,
                notes=tuple(note for note in Note if id_ in notes[note]),
            )
        )
    return tuple(found)


def _notes(
    practice: Practice,
    tasks: Tasked,
    people: Mapping[str, Member],
    own: Sequence[Session],
    rows_of: Mapping[str, Sequence[Session]],
) -> dict[Note, set[str]]:
    """Whom each note is about."""
    window = practice.window
    moved = courses(rows_of, people, window.interval.end, window.zone, practice.since)
    found = tasks_of(tasks or (), people, window.now, window.zone)
    silent = people.keys() - people_in(within(own, window.interval))
    return {
        Note.OVERDUE: {task.person.id for task in found.overdue},
        Note.SILENT: silent if _shows_silence(practice) else set(),
        Note.SLIPPING: {each.person.id for each in moved if each.by < 0},
        Note.IMPROVING: {each.person.id for each in moved if each.by > 0},
    }


def _shows_silence(practice: Practice) -> bool:
    """Whether no session in the period says something of a person: a week of it or more is over,
    and all of it is known."""
    window, start = practice.window, practice.window.interval.start
    is_long = moved(start, SILENT_DAYS, window.zone) <= min(window.interval.end, window.now)
    return is_long and (practice.since is None or practice.since <= start)


def _group(
    name: str, people: int, rows: Sequence[Session], before: Sequence[Session] | None
) -> TeamGroup:
    """A group in a period, by its sessions and those of the period before."""
    now = figures(rows)
    return TeamGroup(
        name=name,
        people=people,
        practiced=now.people,
        sessions=now.sessions,
        graded=now.graded,
        average=now.average,
        change=_change(now, before),
        is_new=before is not None and not before,
        graded_before=len(people_in(row for _, row in graded(before or ()))),
    )


def _change(now: Figures, before: Sequence[Session] | None) -> Amount | None:
    """Of the average, from the rows of the period before; None where these are not known."""
    attempts = graded(before or ())
    was, over = average(attempts), (now.attempts, len(attempts))
    if now.average is None or was is None or min(over) < ENOUGH_TO_COMPARE:
        return None
    return Amount(difference(now.average, was), "score", signed=True, over=over)


def _table(found: TeamFigures) -> Table:
    return _table_of_groups(found.groups) if found.groups else _table_of_people(found.people)


def _table_of_people(people: tuple[TeamPerson, ...]) -> Table:
    return Table(
        (
            WHO,
            Column("Sessions", "count"),
            Column("Average", "average"),
            Column("Change", "change"),
            Column("Best", "score"),
            Column("Last practiced", "moment"),
            Column("Note", "text"),
        ),
        tuple(
            (
                each.name,
                each.sessions,
                each.average,
                "new" if each.is_new and each.sessions else each.change,
                each.best,
                each.last,
                ", ".join(each.notes) or None,
            )
            for each in people
        ),
        opens=lambda row: f"sessions id:{quoted(people[row].id)} last 30d",
    )


def _table_of_groups(groups: tuple[TeamGroup, ...]) -> Table:
    return Table(
        (
            Column("Group", "name"),
            Column("People", "count"),
            Column("Practiced", "count"),
            Column("Sessions", "count"),
            Column("Average", "average"),
            Column("Change", "change"),
        ),
        tuple(
            (
                each.name,
                each.people,
                each.practiced,
                each.sessions,
                each.average,
                "new" if each.is_new and each.sessions else each.change,
            )
            for each in groups
        ),
    )


def _public(found: TeamFigures) -> TeamFigures | None:
    """Counts and praise; of groups no results of so few that each could compute another one's."""
    if found.only is not None:
        return None
    return replace(found, people=(), groups=tuple(map(_public_group, found.groups)), named=False)


def _public_group(group: TeamGroup) -> TeamGroup:
    if min(group.graded, group.graded_before) < ENOUGH_PEOPLE:
        group = replace(group, change=None)
    return group if group.graded >= ENOUGH_PEOPLE else replace(group, average=None)


def _named(found: TeamFigures) -> set[str]:
    praised = {each.person.id for each in found.digest.bests}
    return praised | {each.id for each in found.people}


REPORT: Report[TeamFigures] = Report(
    name="team",
    also=(),
    forms=("team [group] [when]",),
    help="How a group, your people or every group is doing: who practiced, sessions, averages and "
    "what changed.",
    example='team "West Coast" last week',
    whose=Whose.COACHED,
    counts_of_own_group=True,
    kind=TeamFigures,
    figures=_figures,
    table=_table,
    found_nothing=lambda found: found.digest.is_empty,
    public=_public,
    named=_named,
    coaches_only=True,
)
