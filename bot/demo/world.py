"""A company that practices in Exec, made up from a seed and a moment, and its life going on."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count as count_up
from itertools import cycle, islice, product
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from bot.demo.world_things import (
    COLLECTIONS,
    EAST,
    GROUPS,
    PEOPLE,
    PROGRAMS,
    REMOVED,
    SCENARIOS,
    SKILLS,
    SPARE_FIRST,
    SPARE_LAST,
    STAFF,
    STATUSES,
    WEST,
    ZONES,
    Assignment,
    Bundle,
    Group,
    Person,
    PersonRow,
    Program,
    Scenario,
    ScenarioRow,
    Session,
    Sessions,
    Workspace,
    band,
    between,
    slugify,
    stable_id,
)

BY_SCORE = "by score"


class _Thing(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=_Thing)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _find(things: Mapping[str, T], wanted: str) -> T:
    """By id or by exact name."""
    return things.get(wanted) or {each.name: each for each in things.values()}[wanted]


class World:
    """Everything that Exec holds of one workspace.

    `people` are all persons by id, `members` those who are still in the workspace, `rosters`
    the ids of a group's members by the group's id.
    """

    def __init__(self, setting: Setting, sessions: Sessions, now: datetime) -> None:
        self.seed = setting.seed
        self.now = now
        self.workspace = setting.workspace
        self.people = dict(setting.people)
        self.members = dict(list(setting.people.items())[:-1])
        self.groups = setting.groups
        self.rosters = {group_id: set(ids) for group_id, ids in setting.rosters.items()}
        self.scenarios = setting.scenarios
        self.skills = setting.skills
        self.collections = setting.collections
        self.programs = setting.programs
        self.sessions = sessions
        self.assignments = build_assignments(setting, sessions, now)
        self._setting = setting
        self._added = 0

    @classmethod
    def build(
        cls,
        now: datetime,
        seed: int = 7,
        people: int = 40,
        days: int = 90,
        sessions: int | None = None,
    ) -> World:
        """The same company for the same arguments.

        `people` counts everybody, three from Exec and one removed person included (at least
        9); `days` is how far back sessions go (at least 7); `sessions` is their exact number,
        and None (about 1,200 for 40 people in 90 days) lets the habits decide.
        """
        moment = _utc(now).replace(microsecond=0)
        setting = build_setting(moment, seed, people)
        index = Sessions()
        index.load(build_sessions(setting, moment, days, sessions))
        return cls(setting, index, moment)

    def person(self, who: str | Person) -> Person:
        """By id, e-mail or full name ("Jane Smith"); the removed are found as well."""
        if isinstance(who, Person):
            return who
        by_email = next((p for p in self.people.values() if p.email == who), None)
        return by_email or _find(self.people, who)

    def scenario(self, what: str | Scenario) -> Scenario:
        """By id, name or slug."""
        if isinstance(what, Scenario):
            return what
        by_slug = next((s for s in self.scenarios.values() if s.slug == what), None)
        return by_slug or _find(self.scenarios, what)

    def group(self, what: str) -> Group:
        return _find(self.groups, what)

    def skill(self, what: str) -> Bundle:
        return _find(self.skills, what)

    def collection(self, what: str) -> Bundle:
        return _find(self.collections, what)

    def program(self, what: str) -> Program:
        return _find(self.programs, what)

    def roster(self, group: str) -> list[Person]:
        """The members of a group (id or name), in the order of their numbers."""
        ids = self.rosters[self.group(group).id]
        return [person for person in self.members.values() if person.id in ids]

    def add_session(
        self,
        person: str | Person,
        scenario: str | Scenario,
        at: datetime,
        *,
        score: float | None = None,
        rank: str | None = BY_SCORE,
        duration: int | None = 300,
        valid: bool | None = None,
    ) -> Session:
        """A new attempt; without a score it is not graded yet.

        The rank follows from the score unless it is given; `duration` is in seconds; a
        session is valid when it has a score, unless `valid` says otherwise.
        """
        self._added += 1
        session = Session(
            id=stable_id(self.seed, "added session", self._added),
            user_id=self.person(person).id,
            scenario_id=self.scenario(scenario).id,
            score=score,
            rank=_rank(score, rank),
            duration_seconds=duration,
            is_valid_attempt=score is not None if valid is None else valid,
            created_at=_utc(at),
        )
        self.sessions.add(session)
        return session

    def grade(
        self,
        session_id: str,
        score: float,
        rank: str | None = BY_SCORE,
        *,
        duration: int | None = None,
    ) -> Session:
        """Grade a session, late or again; it becomes valid. `duration` None keeps the old one."""
        old = self.sessions[session_id]
        new = replace(
            old,
            score=score,
            rank=_rank(score, rank),
            duration_seconds=old.duration_seconds if duration is None else duration,
            is_valid_attempt=True,
        )
        self.sessions.replace(new)
        return new

    def delete(self, session_id: str) -> Session:
        return self.sessions.remove(session_id)

    def live_on(self, since: datetime, until: datetime) -> None:
        """Let the time from `since` to `until` pass: those who are still here go on practicing,
        and what waited for its grade gets it."""
        waiting = between(self.sessions.all, self.now - LATEST, min(self.now, until - LATEST))
        for session in waiting:
            if session.score is None:
                score = score_late(self._setting, self.now, session)
                self.grade(session.id, score, duration=session.duration_seconds or 300)
        for session in later_sessions(self._setting, self.now, since, until):
            if session.user_id in self.members:
                self.sessions.add(session)

    def remove_member(self, who: str | Person) -> Person:
        """Take somebody out of the workspace and its groups; their sessions stay."""
        person = self.person(who)
        del self.members[person.id]
        for roster in self.rosters.values():
            roster.discard(person.id)
        return person

    def add_member(
        self,
        first_name: str,
        last_name: str,
        email: str,
        *,
        role: str = "member",
        groups: tuple[str, ...] = (),
        at: datetime | None = None,
    ) -> Person:
        """A new member, or one who comes back (known by the e-mail); `groups` are names or ids."""
        known = next((p for p in self.people.values() if p.email == email), None)
        person = Person(
            id=known.id if known else stable_id(self.seed, "user", email),
            membership_id=stable_id(self.seed, "membership", email),
            number=known.number if known else len(self.people),
            email=email,
            first_name=first_name,
            last_name=last_name,
            role=role,
            zone=ZONES["east"],
            created_at=_utc(at or self.now),
        )
        self.people[person.id] = self.members[person.id] = person
        for group in groups:
            self.rosters[self.group(group).id].add(person.id)
        return person


def _rank(score: float | None, rank: str | None) -> str | None:
    if rank == BY_SCORE:
        return None if score is None else band(score)
    return rank


STANDALONE = 20
WEEK = timedelta(days=7)
# The standing part: people, groups, scenarios, skills, collections, programs.

NEWCOMER_DAYS = 25


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything but sessions and assignments. `habits` and `eases` go by id.

    Each dict is in the order in which things came to be; the last of `people` was removed.
    """

    seed: int
    workspace: Workspace
    people: dict[str, Person]
    habits: dict[str, str]
    groups: dict[str, Group]
    rosters: dict[str, set[str]]
    scenarios: dict[str, Scenario]
    eases: dict[str, float]
    skills: dict[str, Bundle]
    collections: dict[str, Bundle]
    programs: dict[str, Program]


def build_setting(now: datetime, seed: int, people: int) -> Setting:
    """A company of `people` people in all, the three from Exec and the removed one included."""
    founded = now.replace(hour=10, minute=30, second=0, microsecond=0) - timedelta(days=800)
    workspace = Workspace(stable_id(seed, "workspace", "acme"), "Acme Corp", "acme-corp", founded)
    rows = [*_acme_rows(people - len(STAFF) - 1), *STAFF, REMOVED]
    persons = [_person(number, row, now, seed) for number, row in enumerate(rows)]
    groups = [
        Group(stable_id(seed, "group", name), name, founded + timedelta(days=20 + number))
        for number, name in enumerate(GROUPS)
    ]
    scenarios = [
        _scenario(number, row, workspace, persons[2].id, seed)
        for number, row in enumerate(SCENARIOS)
    ]
    programs = [Program(stable_id(seed, "program", name), name) for name in PROGRAMS]
    return Setting(
        seed=seed,
        workspace=workspace,
        people={person.id: person for person in persons},
        habits={person.id: row.habit for person, row in zip(persons, rows, strict=True)},
        groups={group.id: group for group in groups},
        rosters={group.id: _roster(group.name, persons, rows) for group in groups},
        scenarios={scenario.id: scenario for scenario in scenarios},
        eases={s.id: row.ease for s, row in zip(scenarios, SCENARIOS, strict=True)},
        skills=_bundles("skill", SKILLS, scenarios, founded, seed),
        collections=_bundles("collection", COLLECTIONS, scenarios, founded, seed),
        programs={program.id: program for program in programs},
    )


def _acme_rows(wanted: int) -> list[PersonRow]:
    """The people of Acme: those of the table, and as many made-up ones as it takes."""
    pairs = list(product(SPARE_FIRST, SPARE_LAST))
    habits = ("steady", "improving", "slipping", "strong", "idle")
    regions = tuple(ZONES)
    spare = (
        PersonRow(
            first=pairs[n % len(pairs)][0],
            last=pairs[n % len(pairs)][1],
            email=f"{'.'.join(pairs[n % len(pairs)]).lower()}{n // len(pairs) + 1}",
            where=regions[n % len(regions)],
            habit=habits[n % len(habits)],
            groups=(GROUPS[2 + n % 3],) if n % 4 == 0 else (),
        )
        for n in count_up()
    )
    missing = max(0, wanted - len(PEOPLE))
    return [*PEOPLE[:wanted], *islice(spare, missing)]


def _person(number: int, row: PersonRow, now: datetime, seed: int) -> Person:
    email = f"{row.email}@{'exec.com' if row in STAFF else 'acme.com'}"
    days = NEWCOMER_DAYS if row.habit == "newcomer" else 700 - number % 400
    return Person(
        id=stable_id(seed, "user", email),
        membership_id=stable_id(seed, "membership", email),
        number=number,
        email=email,
        first_name=row.first,
        last_name=row.last,
        role=row.role,
        zone=ZONES[row.where],
        created_at=now.replace(minute=0, second=0, microsecond=0) - timedelta(days=days),
    )


def _roster(group: str, persons: list[Person], rows: list[PersonRow]) -> set[str]:
    coast = {WEST: "west", EAST: "east"}.get(group)
    return {
        person.id
        for person, row in zip(persons, rows, strict=True)
        if not person.is_system
        and row is not REMOVED
        and (row.where == coast or group in row.groups)
    }


def _scenario(
    number: int, row: ScenarioRow, workspace: Workspace, owner_id: str, seed: int
) -> Scenario:
    slug = slugify(row.name)
    return Scenario(
        id=stable_id(seed, "scenario", row.name),
        name=row.name,
        slug=slug,
        url=f"https://{workspace.url_slug}.app.exec.com/scenarios/{slug}",
        description=row.description,
        difficulty=row.difficulty,
        visibility=row.visibility,
        owner_id=owner_id,
        archived=row.archived,
        created_at=workspace.created_at + timedelta(days=30 + number),
    )


def _bundles(
    kind: str,
    table: tuple[tuple[str, str], ...],
    scenarios: list[Scenario],
    founded: datetime,
    seed: int,
) -> dict[str, Bundle]:
    bundles = [
        Bundle(
            id=stable_id(seed, kind, name),
            name=name,
            slug=slugify(name),
            description=description,
            scenario_ids=frozenset(
                scenario.id
                for scenario, row in zip(scenarios, SCENARIOS, strict=True)
                if name in (row.skills if kind == "skill" else row.collections)
            ),
            created_at=founded + timedelta(days=40 + number),
        )
        for number, (name, description) in enumerate(table)
    ]
    return {bundle.id: bundle for bundle in bundles}


# How people practice: who, when, how well.

EXAMPLE_ID = "abc123def456"
LATEST = timedelta(hours=1)
# Mid-morning and mid-afternoon are when people practice most.
HOURS = (8, 9, 9, 9, 10, 10, 10, 11, 11, 12, 13, 14, 14, 14, 15, 15, 15, 16, 16, 17)


@dataclass(frozen=True, slots=True)
class Habit:
    """`first` and `last` are fractions of the period in which somebody practices.

    `base` is the score to expect at first, `trend` what is added over that time.
    """

    per_week: float
    base: float
    trend: float = 0.0
    first: float = 0.0
    last: float = 1.0


HABITS = {
    "steady": Habit(2.0, 76),
    "strong": Habit(3.0, 89, 2),
    "improving": Habit(4.0, 64, 22),
    "slipping": Habit(3.0, 84, -18),
    "newcomer": Habit(5.0, 48, 20, first=0.74),
    "idle": Habit(2.0, 72, last=0.55),
    "removed": Habit(3.0, 70, last=0.72),
    "never": Habit(0.0, 0),
}


def build_sessions(
    setting: Setting, now: datetime, days: int, total: int | None = None
) -> list[Session]:
    """The sessions of the last `days` days; exactly `total` of them when that is given."""
    workdays = _workdays(now, days)
    pinned = _pinned(setting, now, workdays)
    people = list(setting.people.values())
    wanted = [_expected(setting, person, days) for person in people]
    counts = _share(wanted, sum(wanted) if total is None else total - len(pinned))
    sessions = list(pinned)
    for person, count in zip(people, counts, strict=True):
        sessions.extend(_practice(setting, person, count, workdays, now))
    return sessions


def _workdays(now: datetime, days: int) -> list[date]:
    span = (now.date() - timedelta(days=back) for back in range(days - 1, -1, -1))
    return [day for day in span if day.weekday() < 5]


def _expected(setting: Setting, person: Person, days: int) -> float:
    habit = HABITS[setting.habits[person.id]]
    return habit.per_week * (habit.last - habit.first) * days / 7 * keenness(person)


def keenness(person: Person) -> float:
    """People of the same habit differ: some practice twice as much as others."""
    return 0.65 + (int(person.id, 16) % 71) / 100


def _share(weights: list[float], total: float) -> list[int]:
    """Whole numbers in the proportion of the weights, with the rounded total as their sum."""
    scale = max(0.0, total) / sum(weights)
    counts, carried = [], 0.0
    for weight in weights:
        before, carried = round(carried), carried + weight * scale
        counts.append(round(carried) - before)
    return counts


def _practice(
    setting: Setting, person: Person, count: int, workdays: list[date], now: datetime
) -> Iterator[Session]:
    rng = random.Random(f"{setting.seed}:{person.email}")  # noqa: S311 (no secret is made here)
    habit = HABITS[setting.habits[person.id]]
    zone = ZoneInfo(person.zone)
    archived = [s.id for s in setting.scenarios.values() if s.archived]
    favourites = favourites_of(setting, person, rng)
    for number in range(count):
        along = (number + rng.random()) / count
        place = habit.first + (habit.last - habit.first) * along
        index = min(int(place * len(workdays)), len(workdays) - 1)
        old = place < 0.3 and rng.random() < 0.12
        scenario_id = rng.choice(archived if old else favourites)
        expected = habit.base + habit.trend * along + setting.eases[scenario_id]
        yield attempt(
            rng,
            stable_id(setting.seed, "session", f"{person.email}:{number}"),
            person.id,
            scenario_id,
            expected,
            _moment(rng, workdays, index, zone, now),
        )


def favourites_of(setting: Setting, person: Person, rng: random.Random) -> list[str]:
    """The scenarios that somebody practices. `rng` is theirs, and fresh."""
    current = [s.id for s in setting.scenarios.values() if not s.archived]
    own = current[person.number % len(current)]
    return [own, *rng.sample([other for other in current if other != own], 4)]


def _moment(
    rng: random.Random, workdays: list[date], index: int, zone: ZoneInfo, now: datetime
) -> datetime:
    """A second of the working day in the person's zone, an hour or more ago."""
    clock = time(rng.choice(HOURS), rng.randrange(60), rng.randrange(60))
    moment = datetime.combine(workdays[index], clock, zone)
    # East of here the day may be over already, west of here it may lie ahead.
    while now - moment < LATEST and index > 0:
        index -= 1
        moment = datetime.combine(workdays[index], clock, zone)
    return moment.astimezone(now.tzinfo)


def attempt(
    rng: random.Random,
    session_id: str,
    user_id: str,
    scenario_id: str,
    expected: float,
    at: datetime,
) -> Session:
    """One session; `expected` is the score that it is likely to get."""
    seconds = round(min(1500.0, max(75.0, rng.gauss(420, 140))))
    fate = rng.random()
    if fate < 0.04:
        left = rng.choice((None, rng.randrange(5, 75)))
        return Session(session_id, user_id, scenario_id, None, None, left, False, at)
    if fate < 0.05:  # completed, but the grading never came
        return Session(session_id, user_id, scenario_id, None, None, seconds, False, at)
    score = round(min(100.0, max(0.0, rng.gauss(expected, 5))), 1)
    # Exec's own example has 82.5 as gold: the rank must not follow from the score everywhere.
    nudge = rng.choice((-9.0, 9.0)) if rng.random() < 0.08 else 0.0
    return Session(session_id, user_id, scenario_id, score, band(score + nudge), seconds, True, at)


def _pinned(setting: Setting, now: datetime, workdays: list[date]) -> list[Session]:
    """The published example, and two sessions of these minutes that await their grades."""
    jane, bob, _, priya = list(setting.people)[:4]
    first, second = list(setting.scenarios)[:2]
    morning = datetime.combine(workdays[-3], time(17, 30), now.tzinfo)
    minute = timedelta(minutes=1)
    live = [stable_id(setting.seed, "session", f"live:{number}") for number in range(2)]
    return [
        Session(EXAMPLE_ID, jane, first, 82.5, "gold", 347, True, morning),
        Session(live[0], priya, second, None, None, 381, False, now - 12 * minute),
        Session(live[1], bob, first, None, None, None, False, now - 3 * minute),
    ]


# How a company goes on when its time is moved ahead. Each day is made up on its own, so that it
# does not matter in how many steps the time passes.

# A trend goes on as it did over that time, and ends somewhere.
TREND_DAYS = 90
LONGEST_TREND = 1.3
WORKDAYS = 5


def later_sessions(
    setting: Setting, built: datetime, since: datetime, until: datetime
) -> Iterator[Session]:
    """What people practice after `since` and up to `until`; `built` is when the world was."""
    for person in setting.people.values():
        habit = HABITS[setting.habits[person.id]]
        if habit.last < 1:
            continue  # they stopped long ago
        zone = ZoneInfo(person.zone)
        day, last = since.astimezone(zone).date(), until.astimezone(zone).date()
        while day <= last:
            if day.weekday() < WORKDAYS:
                expected = habit.base + habit.trend * _along(built, day)
                for session in _day(setting, person, habit, day, zone, expected):
                    if since < session.created_at <= until:
                        yield session
            day += timedelta(days=1)


def score_late(setting: Setting, built: datetime, session: Session) -> float:
    """The score of a session that waited for it."""
    habit = HABITS[setting.habits[session.user_id]]
    rng = random.Random(f"{setting.seed}:{session.id}")  # noqa: S311 (no secret is made here)
    expected = habit.base + habit.trend * _along(built, session.created_at.date())
    expected += setting.eases[session.scenario_id]
    return round(min(100.0, max(0.0, rng.gauss(expected, 5))), 1)


def _day(
    setting: Setting, person: Person, habit: Habit, day: date, zone: ZoneInfo, expected: float
) -> Iterator[Session]:
    rng = random.Random(f"{setting.seed}:{person.email}:{day}")  # noqa: S311
    theirs = random.Random(f"{setting.seed}:{person.email}")  # noqa: S311
    favourites = favourites_of(setting, person, theirs)
    usual = habit.per_week * keenness(person) / WORKDAYS
    for number in range(int(usual) + (rng.random() < usual % 1)):
        clock = time(rng.choice(HOURS), rng.randrange(60), rng.randrange(60))
        scenario_id = rng.choice(favourites)
        yield attempt(
            rng,
            stable_id(setting.seed, "session", f"{person.email}:{day}:{number}"),
            person.id,
            scenario_id,
            expected + setting.eases[scenario_id],
            datetime.combine(day, clock, zone).astimezone(UTC),
        )


def _along(built: datetime, day: date) -> float:
    """How far a trend has come: 1 when the world was built."""
    return min(LONGEST_TREND, 1 + (day - built.date()).days / TREND_DAYS)


# Who was asked to practice what.


def build_assignments(setting: Setting, sessions: Sessions, now: datetime) -> list[Assignment]:
    """Two programs over two groups, and single tasks so that every status occurs."""
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
    rosters = {group.name: setting.rosters[group.id] for group in setting.groups.values()}
    names = {scenario.name: scenario.id for scenario in setting.scenarios.values()}
    onboarding, pricing = setting.programs.values()
    starters = ("Cold Call Opener", "Demo Follow-up", "Competitor Comparison")
    tasks = [
        _task(setting, user_id, names[name], noon - 3 * WEEK, noon + WEEK, program=onboarding.id)
        for user_id in _in_order(setting, rosters["New Hires"])
        for name in starters
    ]
    tasks += [
        _task(
            setting,
            user_id,
            names["Pricing Push-back"],
            noon - 6 * WEEK,
            noon - WEEK,
            limits=(1, 5),
            rank_min="silver",
            program=pricing.id,
        )
        for user_id in _in_order(setting, rosters["Enterprise"])
    ]
    return tasks + list(_single_tasks(setting, sessions, noon))


def _in_order(setting: Setting, user_ids: set[str]) -> list[str]:
    return [user_id for user_id in setting.people if user_id in user_ids]


def _single_tasks(setting: Setting, sessions: Sessions, noon: datetime) -> Iterator[Assignment]:
    """One task for each of the first people, made so that the statuses take turns."""
    current = [s.id for s in setting.scenarios.values() if not s.archived]
    people = [person.id for person in setting.people.values() if not person.is_system][:-1]
    since = noon - 8 * WEEK
    wishes = cycle(STATUSES)
    wish = next(wishes)
    made = 0
    for turn, user_id in enumerate(people):
        for scenario_id in current[turn % 3 :] + current[: turn % 3]:
            if made == STANDALONE:
                return
            graded = sessions.graded(user_id, scenario_id, since)
            task = _wished(setting, wish, user_id, scenario_id, graded, noon)
            if task is not None:
                yield task
                made += 1
                wish = next(wishes)
                break


def _wished(
    setting: Setting,
    status: str,
    user_id: str,
    scenario_id: str,
    graded: list[Session],
    noon: datetime,
) -> Assignment | None:
    """A task that has this status given these attempts, or None where they do not allow it."""
    since, past, ahead = noon - 8 * WEEK, noon - 2 * WEEK, noon + 2 * WEEK
    tries = len(graded)
    if (status in ("not_started", "past_due")) != (tries == 0):
        return None
    if status == "not_started":
        return _task(setting, user_id, scenario_id, since, ahead)
    if status == "past_due":
        return _task(setting, user_id, scenario_id, since, past)
    if status == "completed":
        return _task(setting, user_id, scenario_id, since, None)
    if status == "in_progress":
        return _task(setting, user_id, scenario_id, since, ahead, limits=(tries + 1, None))
    if any(row.rank == "gold" for row in graded):
        return None
    return _task(setting, user_id, scenario_id, since, ahead, limits=(1, tries), rank_min="gold")


def _task(
    setting: Setting,
    user_id: str,
    scenario_id: str,
    since: datetime,
    due: datetime | None,
    *,
    limits: tuple[int, int | None] = (1, None),
    rank_min: str | None = None,
    program: str | None = None,
) -> Assignment:
    """`limits` are the fewest and the most attempts."""
    key = f"{program}:{user_id}:{scenario_id}"
    return Assignment(
        stable_id(setting.seed, "assignment", key),
        user_id,
        scenario_id,
        due,
        limits[0],
        limits[1],
        rank_min,
        program,
        since,
    )
