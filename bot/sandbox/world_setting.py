"""The standing part of a company: people, groups, scenarios, skills, collections, programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, islice, product

from bot.sandbox import world_names as names
from bot.sandbox.world_things import (
    Bundle,
    Group,
    Person,
    Program,
    Scenario,
    Workspace,
    slugify,
    stable_id,
)

FEWEST_PEOPLE = 9
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
    if people < FEWEST_PEOPLE:
        raise ValueError(f"a company has at least {FEWEST_PEOPLE} people")
    founded = now.replace(hour=10, minute=30, second=0, microsecond=0) - timedelta(days=800)
    workspace = Workspace(stable_id(seed, "workspace", "acme"), "Acme Corp", "acme-corp", founded)
    rows = [*_acme_rows(people - len(names.STAFF) - 1), *names.STAFF, names.REMOVED]
    persons = [_person(number, row, now, seed) for number, row in enumerate(rows)]
    groups = [
        Group(stable_id(seed, "group", name), name, founded + timedelta(days=20 + number))
        for number, name in enumerate(names.GROUPS)
    ]
    scenarios = [
        _scenario(number, row, workspace, persons[2].id, seed)
        for number, row in enumerate(names.SCENARIOS)
    ]
    programs = [Program(stable_id(seed, "program", name), name) for name in names.PROGRAMS]
    return Setting(
        seed=seed,
        workspace=workspace,
        people={person.id: person for person in persons},
        habits={person.id: row.habit for person, row in zip(persons, rows, strict=True)},
        groups={group.id: group for group in groups},
        rosters={group.id: _roster(group.name, persons, rows) for group in groups},
        scenarios={scenario.id: scenario for scenario in scenarios},
        eases={s.id: row.ease for s, row in zip(scenarios, names.SCENARIOS, strict=True)},
        skills=_bundles("skill", names.SKILLS, scenarios, founded, seed),
        collections=_bundles("collection", names.COLLECTIONS, scenarios, founded, seed),
        programs={program.id: program for program in programs},
    )


def _acme_rows(wanted: int) -> list[names.PersonRow]:
    """The people of Acme: those of the table, and as many made-up ones as it takes."""
    pairs = list(product(names.SPARE_FIRST, names.SPARE_LAST))
    habits = ("steady", "improving", "slipping", "strong", "idle")
    regions = tuple(names.ZONES)
    spare = (
        names.PersonRow(
            first=pairs[n % len(pairs)][0],
            last=pairs[n % len(pairs)][1],
            email=f"{'.'.join(pairs[n % len(pairs)]).lower()}{n // len(pairs) + 1}",
            where=regions[n % len(regions)],
            habit=habits[n % len(habits)],
            groups=(names.GROUPS[2 + n % 3],) if n % 4 == 0 else (),
        )
        for n in count()
    )
    missing = max(0, wanted - len(names.PEOPLE))
    return [*names.PEOPLE[:wanted], *islice(spare, missing)]


def _person(number: int, row: names.PersonRow, now: datetime, seed: int) -> Person:
    email = f"{row.email}@{'exec.com' if row in names.STAFF else 'acme.com'}"
    days = NEWCOMER_DAYS if row.habit == "newcomer" else 700 - number % 400
    return Person(
        id=stable_id(seed, "user", email),
        membership_id=stable_id(seed, "membership", email),
        number=number,
        email=email,
        first_name=row.first,
        last_name=row.last,
        role=row.role,
        zone=names.ZONES[row.where],
        created_at=now.replace(minute=0, second=0, microsecond=0) - timedelta(days=days),
    )


def _roster(group: str, persons: list[Person], rows: list[names.PersonRow]) -> set[str]:
    coast = {names.WEST: "west", names.EAST: "east"}.get(group)
    return {
        person.id
        for person, row in zip(persons, rows, strict=True)
        if not person.is_system
        and row is not names.REMOVED
        and (row.where == coast or group in row.groups)
    }


def _scenario(
    number: int, row: names.ScenarioRow, workspace: Workspace, owner_id: str, seed: int
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
                for scenario, row in zip(scenarios, names.SCENARIOS, strict=True)
                if name in (row.skills if kind == "skill" else row.collections)
            ),
            created_at=founded + timedelta(days=40 + number),
        )
        for number, (name, description) in enumerate(table)
    ]
    return {bundle.id: bundle for bundle in bundles}
