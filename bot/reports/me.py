"""A person's own week: for their eyes only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from bot.exec_api.models import Assignment, Session
from bot.language.query import Member
from bot.reports.change import Change, as_it_is, change
from bot.reports.facts import Facts, InQuestion, Practice
from bot.reports.figures import Figures, figures
from bot.reports.gains import may_be_longer, progress, weeks_in_a_row
from bot.reports.intervals import Interval, Window
from bot.reports.metrics import OF_SESSIONS, Line, line
from bot.reports.report import Report, Whose
from bot.reports.rows import attempts_counted, by_person, history, scenario_names
from bot.reports.tasks import Tasks, tasks_of

# In a smaller group a part would tell how the others did.
ENOUGH_PEERS = 10


@dataclass(frozen=True, slots=True)
class ScenarioStanding:
    """Where a person stands on a scenario.

    `sessions` are those of the interval. `first`, `last` and `best`, over `graded` attempts, and
    `lift` (best less first) run over all rows that were given, as on Exec's own pages; None where
    there is none.
    """

    scenario_id: str
    scenario: str
    sessions: int
    graded: int
    first: float | None
    last: float | None
    best: float | None
    lift: float | None


@dataclass(frozen=True, slots=True)
class Band:
    """The part of a group of `people` that somebody is in, by graded attempts: "upper half"."""

    part: Literal["upper quarter", "upper half"]
    people: int
    group: str


def band(person_id: str, peers: InQuestion, practice: Practice, group: str) -> Band | None:
    """Where somebody stands among `peers`, who are the people of a group.

    None in a small group, and in the lower half: what would be said there helps nobody.
    """
    ids = {person.id for person in peers.everyone if not person.is_removed}
    if len(ids) < ENOUGH_PEERS or person_id not in ids:
        return None
    rows_of = by_person(history(practice.rows, practice.interval.end))
    zone = practice.window.zone
    counts = {id_: attempts_counted(rows_of.get(id_, ()), zone) for id_ in ids}
    own = counts[person_id]
    place = 1 + sum(count > own for count in counts.values())
    if not own or 2 * place > len(ids):
        return None
    return Band("upper quarter" if 4 * place <= len(ids) else "upper half", len(ids), group)


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """A person's figures in the interval, and `before` in the period before.

    `today` is how many sessions the day after the interval has so far, None where it is not asked
    about. `standings` are all scenarios known of them, those most practiced in the interval first.
    `tasks` is None where assignments are not known. `weeks_in_a_row` runs up to now; it may be
    longer where `is_longer_perhaps`. Sessions are known from `since` on, the start of a local
    day; None where all are.
    """

    person: Member
    window: Window
    figures: Figures
    before: Figures
    today: int | None
    standings: tuple[ScenarioStanding, ...]
    tasks: Tasks | None
    weeks_in_a_row: int
    is_longer_perhaps: bool
    since: datetime | None

    @property
    def sessions(self) -> Change:
        """How the number of sessions changed."""
        return change(self.figures.sessions, self.before.sessions, as_it_is)

    def line(self, key: str) -> Line:
        """A metric of the table, beside the period before."""
        return line(OF_SESSIONS[key], self.figures, self.before)


def own_week(
    person: Member,
    rows: Iterable[Session],
    assignments: Iterable[Assignment] | None,
    window: Window,
    *,
    since: datetime | None,
    today: Interval | None = None,
    links: Mapping[str, str] = MappingProxyType({}),
) -> OwnWeek:
    """The own week of `person`. Rows and assignments of others may be among those given.

    Their sessions are known from `since` on, the start of a local day; None where all are. With
    `today`, the day after the interval, what they did on it so far counts wherever all of their
    sessions do. `links` are addresses of scenarios, by id.
    """
    end = (today or window.interval).end
    own = by_person(history(rows, end)).get(person.id, [])
    inside = [row for row in own if row.created_at in window.interval]
    people = {person.id: person} if person.id else {}
    moments = [row.created_at for row in own]
    return OwnWeek(
        person=person,
        window=window,
        figures=figures(inside),
        before=figures(row for row in own if row.created_at in window.before),
        today=None if today is None else sum(row.created_at in today for row in own),
        standings=_standings(own, inside),
        tasks=None
        if assignments is None
        else tasks_of(assignments, people, window.now, window.zone, links),
        weeks_in_a_row=weeks_in_a_row(moments, window.now, window.zone),
        is_longer_perhaps=may_be_longer(moments, window.now, window.zone, since),
        since=since,
    )


def _standings(own: Sequence[Session], inside: Sequence[Session]) -> tuple[ScenarioStanding, ...]:
    known = {each.scenario_id: each for each in progress(own)}
    counts: dict[str, int] = {}
    for row in inside:
        counts[row.scenario.id] = counts.get(row.scenario.id, 0) + 1
    found = []
    for id_, name in scenario_names(own).items():
        each = known.get(id_)
        found.append(
            ScenarioStanding(
                scenario_id=id_,
                scenario=name,
                sessions=counts.get(id_, 0),
                graded=each.graded if each else 0,
                first=each.first if each else None,
                last=each.last if each else None,
                best=each.best if each else None,
                lift=each.lift if each else None,
            )
        )
    found.sort(key=lambda each: (-each.sessions, each.scenario.casefold(), each.scenario_id))
    return tuple(found)


async def week_of(
    facts: Facts, window: Window | None = None, today: Interval | None = None
) -> OwnWeek:
    """The own week of the one person in question, in another `window` than the period if one is
    given, with the day after it so far as `today`."""
    (person,) = (await facts.people()).everyone
    practice = await facts.sessions(of_people=True, before=True)
    tasks = await facts.tasks()
    return own_week(
        person,
        practice.all_rows,
        tasks,
        window or practice.window,
        since=practice.since,
        today=today,
        links=await facts.links(tasks or ()),
    )


REPORT: Report[OwnWeek] = Report(
    name="me",
    also=(),
    forms=("me",),
    help="Your own week: figures, scenarios, what is due.",
    example="me",
    whose=Whose.ONESELF,
    period="",
    kind=OwnWeek,
    figures=week_of,
    asked=False,
)
