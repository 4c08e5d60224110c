"""How good people are at skills, as Exec reckons it: observations count half after 30 days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.exec_shapes import Json, number, stamp, user
from bot.sandbox.world import World
from bot.sandbox.world_things import Bundle, Person, stable_id

HALF_LIFE_DAYS = 30.0
ENOUGH = 3  # observations
TIERS = (("excellent", 90.0), ("proficient", 75.0), ("developing", 50.0))
PROFICIENT = 75.0
# Real calls, which no other endpoint tells of: each person has up to so many, weeks apart.
MOST_CALLS = 5
DAYS_BETWEEN_CALLS = 11
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Observed:
    """A person with the observations of one skill: their number, the score (None with too few),
    and the newest."""

    person: Person
    count: int
    score: float | None
    last: datetime


def observed(
    world: World, skill: Bundle, at: datetime, among: set[str] | None, *, system: bool
) -> list[Observed]:
    """Everybody in the workspace with an observation up to `at`, by name; `among` narrows it to
    these people, and without `system` Exec's own staff are left out."""
    people = [
        person
        for person in world.members.values()
        if (among is None or person.id in among) and (system or not person.is_system)
    ]
    found = (_of(world, skill, person, at) for person in people)
    return sorted(
        (each for each in found if each is not None),
        key=lambda each: (each.person.name, each.person.id),
    )


def _of(world: World, skill: Bundle, person: Person, at: datetime) -> Observed | None:
    seen = [
        (row.created_at, row.score)
        for row in world.sessions.by_user.get(person.id, ())
        if row.scenario_id in skill.scenario_ids and row.is_valid_attempt and row.score is not None
    ]
    seen += _calls(world, skill, person)
    seen = [(moment, score) for moment, score in seen if moment <= at]
    if not seen:
        return None
    weights = [0.5 ** ((at - moment) / DAY / HALF_LIFE_DAYS) for moment, _ in seen]
    mean = sum(w * score for w, (_, score) in zip(weights, seen, strict=True)) / sum(weights)
    score = round(mean, 1) if len(seen) >= ENOUGH else None
    return Observed(person, len(seen), score, max(moment for moment, _ in seen))


def _calls(world: World, skill: Bundle, person: Person) -> list[tuple[datetime, float]]:
    """What was observed in somebody's calls with real customers."""
    made = int(stable_id(world.seed, f"calls {skill.id}", person.id), 16)
    return [
        (world.now - (1 + made % 7 + DAYS_BETWEEN_CALLS * each) * DAY, 45.0 + (made >> each) % 50)
        for each in range(made % (MOST_CALLS + 1))
    ]


def tier(score: float | None) -> str:
    if score is None:
        return "insufficient_data"
    return next((name for name, least in TIERS if score >= least), "needs_work")


def entry(one: Observed) -> Json:
    return {
        "user": user(one.person),
        "score": number(one.score),
        "tier": tier(one.score),
        "observation_count": one.count,
        "last_practiced_at": stamp(one.last),
    }


def summary(world: World, skill: Bundle, at: datetime) -> Mapping[str, float | None]:
    """A skill over everybody in the workspace."""
    everybody = observed(world, skill, at, None, system=True)
    scores = [each.score for each in everybody if each.score is not None]
    good = sum(score >= PROFICIENT for score in scores)
    return {
        "participant_count": len(everybody),
        "scored_participant_count": len(scores),
        "pct_proficient_plus": round(100 * good / len(scores)) if scores else 0,
        "avg_score": number(round(sum(scores) / len(scores), 1)) if scores else None,
    }
