"""What is asked in the simulated week: a table of questions, and what each of them means.

The meaning is written down beside the words, so that an answer can be held against it without
asking the bot's own parser, scopes or filters.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.world import World
from bot.sandbox.world_things import Person
from tests.bench.company import Company, Content, admins_of
from tests.bench.simulated import slack_id

Keep = Callable[[Content], bool]


def anything(_content: Content) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Said:
    """A question: who asks it, in which words, and whose sessions it means; None is any."""

    kind: str
    asker: str
    words: str
    users: frozenset[str] | None = None
    scenarios: frozenset[str] | None = None
    keep: Keep = anything
    order: str = "newest"
    limit: int | None = None
    system: bool = False


@dataclass(frozen=True, slots=True)
class Draw:
    """Where a question's people, groups and so on are drawn from."""

    world: World
    rng: random.Random

    @property
    def rep(self) -> Person:
        """Somebody who sees their own practice only."""
        members = self.world.members.values()
        reps = [each for each in members if each.role == "member" and not each.is_system]
        return self.rng.choice(reps)

    @property
    def admin(self) -> Person:
        return self.rng.choice(admins_of(self.world))

    @property
    def group(self) -> tuple[str, frozenset[str]]:
        """A group's name and people; of two that come to mind the one named first is asked for
        more often."""
        groups = list(self.world.groups.values())
        place = min(self.rng.randrange(len(groups)), self.rng.randrange(len(groups)))
        return groups[place].name, frozenset(self.world.rosters[groups[place].id])

    @property
    def scenario(self) -> tuple[str, frozenset[str]]:
        current = [each for each in self.world.scenarios.values() if not each.archived]
        chosen = self.rng.choice(current)
        return chosen.name, frozenset({chosen.id})

    @property
    def skill(self) -> tuple[str, frozenset[str]]:
        chosen = self.rng.choice(list(self.world.skills.values()))
        return chosen.name, chosen.scenario_ids


def ranked(*ranks: str) -> Keep:
    return lambda content: content[1] in ranks


def scored(least: float) -> Keep:
    return lambda content: content[0] is not None and content[0] >= least


def valid(content: Content) -> bool:
    return content[3]


def own(words: str, **more: object) -> Callable[[Draw], Said]:
    """Somebody about themselves."""

    def make(draw: Draw) -> Said:
        rep = draw.rep
        return _said("self", rep, words, users=frozenset({rep.id}), **more)

    return make


def person(words: str, **more: object) -> Callable[[Draw], Said]:
    """An admin about somebody, by a mention or by the e-mail address."""

    def make(draw: Draw) -> Said:
        rep = draw.rep
        name = f"<@{slack_id(rep.number)}>" if draw.rng.random() < 0.7 else rep.email
        users = frozenset({rep.id})
        return _said("person", draw.admin, f"{name} {words}".strip(), users=users, **more)

    return make


def group(words: str, kind: str = "group", **more: object) -> Callable[[Draw], Said]:
    def make(draw: Draw) -> Said:
        name, users = draw.group
        return _said(kind, draw.admin, f'group:"{name}" {words}', users=users, **more)

    return make


def scenario(words: str, **more: object) -> Callable[[Draw], Said]:
    def make(draw: Draw) -> Said:
        name, ids = draw.scenario
        said = f'scenario:"{name}" {words}'
        return _said("scenario", draw.admin, said, scenarios=ids, **more)

    return make


def skill(words: str, **more: object) -> Callable[[Draw], Said]:
    """Somebody's sessions that practise a skill: which these are only Exec can tell."""

    def make(draw: Draw) -> Said:
        (name, ids), rep = draw.skill, draw.rep
        asker = rep if draw.rng.random() < 0.5 else draw.admin
        who = "me" if asker is rep else f"<@{slack_id(rep.number)}>"
        said = f'{who} skill:"{name}" {words}'
        return _said("skill", asker, said, users=frozenset({rep.id}), scenarios=ids, **more)

    return make


def everybody(words: str, kind: str, **more: object) -> Callable[[Draw], Said]:
    return lambda draw: _said(kind, draw.admin, words, **more)


def _said(kind: str, asker: Person, words: str, **more: object) -> Said:
    return Said(kind, slack_id(asker.number), words, **more)  # type: ignore[arg-type]


GOLD, SILVER_UP = ranked("gold"), ranked("gold", "silver")
# Weight, and the question. The weights add up to 100.
MIX: tuple[tuple[int, Callable[[Draw], Said]], ...] = (
    (12, own("")),
    (10, own("last 7d")),
    (6, own("today")),
    (5, own("this week best top 5", order="best", limit=5)),
    (3, own("gold", keep=GOLD)),
    (8, person("last 7d")),
    (6, person("")),
    (4, person("this month silver+", keep=SILVER_UP)),
    (2, person("last 30d valid", keep=valid)),
    (7, group("this week")),
    (5, group("last week")),
    (3, group("today")),
    (2, group("last 7d worst top 10", order="worst", limit=10)),
    (4, scenario("this week")),
    (2, scenario("last 30d best top 5", order="best", limit=5)),
    (2, scenario("yesterday")),
    (3, skill("last 30d")),
    (2, skill("")),
    (2, group("last 7d gold", "rank", keep=GOLD)),
    (2, everybody("today gold", "rank", keep=GOLD)),
    (2, everybody("score>=90 this week", "score", keep=scored(90))),
    (1, everybody("score>=95 last 30d", "score", keep=scored(95))),
    (3, everybody("yesterday", "period")),
    (2, everybody("last week", "period")),
    (1, everybody("last month", "period")),
    (1, everybody("today +system", "period", system=True)),
)


def draw_questions(company: Company, rng: random.Random, count: int) -> list[Said]:
    """So many questions of the mix, in no order."""
    weights, makers = zip(*MIX, strict=True)
    draw = Draw(company.world, rng)
    return [make(draw) for make in rng.choices(makers, weights=weights, k=count)]


def monday_figures(company: Company) -> list[Said]:
    """Last week's figures of every group, as a manager of each would have them."""
    admins = admins_of(company.world)
    return [
        _said(
            "Monday figures",
            admins[number % len(admins)],
            f'group:"{each.name}" last week',
            users=frozenset(company.world.rosters[each.id]),
        )
        for number, each in enumerate(company.world.groups.values())
    ]
