"""The JSON objects of Exec's API, made from the company's data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.demo.world import TABLES, World
from bot.demo.world_things import (
    RANKS,
    Bundle,
    WorldAssignment,
    WorldItem,
    WorldPerson,
    WorldScenario,
    WorldSession,
)

Json = dict[str, Any]


def stamp(moment: datetime | None) -> str | None:
    """A UTC timestamp with a Z, as in the documentation's examples."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def number(value: float | None) -> float | None:
    """A whole number as an int: 88 rather than 88.0, as in the documentation's examples."""
    return int(value) if value is not None and float(value).is_integer() else value


def user(person: WorldPerson) -> Json:
    names = ("id", "email", "first_name", "last_name")
    return {name: getattr(person, name) for name in names}


def member(person: WorldPerson) -> Json:
    """A member: flat as in Exec's schema, but every fifth nested as in its example, whose outer id
    isn't the user's."""
    tail = {"role": person.role, "created_at": stamp(person.created_at)}
    if person.number % 5 == 1:
        return {"id": person.id[::-1], "user": user(person), **tail}
    return {**user(person), **tail}


def group(item: WorldItem) -> Json:
    return {"id": item.id, "name": item.name, "created_at": stamp(item.created_at)}


def skill(item: Bundle) -> Json:
    return {**group(item), "slug": item.slug, "description": item.description}


def collection(item: Bundle) -> Json:
    return {**skill(item), "scenario_count": len(item.scenario_ids)}


def reference(item: WorldScenario | Bundle) -> Json:
    return {"id": item.id, "name": item.name, "slug": item.slug}


def scenario(world: World, item: WorldScenario, *, with_skills: bool = False) -> Json:
    shape = {
        **reference(item),
        "url": item.url,
        "difficulty": item.difficulty,
        "visibility": item.visibility,
        "created_at": stamp(item.created_at),
    }
    if with_skills:
        skills = world.skills.values()
        shape["skills"] = [reference(bundle) for bundle in skills if item.id in bundle.scenario_ids]
    return shape


def session(world: World, row: WorldSession) -> Json:
    return {
        "id": row.id,
        "user": user(world.people[row.user_id]),
        "scenario": reference(world.scenarios[row.scenario_id]),
        "score": number(row.score),
        "rank": row.rank,
        "duration_seconds": row.duration_seconds,
        "is_valid_attempt": row.is_valid_attempt,
        "created_at": stamp(row.created_at),
    }


def assignment(world: World, task: WorldAssignment, now: datetime) -> Json:
    program = world.programs[task.program_id] if task.program_id else None
    return {
        "id": task.id,
        "user": user(world.people[task.user_id]),
        "scenario": reference(world.scenarios[task.scenario_id]),
        "due_date": stamp(task.due_date),
        **_progress(world, task, now),
        "attempt_min": task.attempt_min,
        "attempt_max": task.attempt_max,
        "rank_min": task.rank_min,
        "program": {"id": program.id, "name": program.name} if program else None,
        "created_at": stamp(task.created_at),
    }


def _progress(world: World, task: WorldAssignment, now: datetime) -> Json:
    """The progress of an assignment, from the graded sessions since it was created."""
    graded = world.sessions.graded(task.user_id, task.scenario_id, task.created_at, now)
    best = max(graded, key=lambda row: (row.score or 0.0, row.id), default=None)
    score, rank = (best.score, best.rank) if best else (None, None)
    is_reached = task.rank_min is None or (
        rank is not None and RANKS.index(rank) <= RANKS.index(task.rank_min)
    )
    if best and is_reached and len(graded) >= (task.attempt_min or 1):
        status = "completed"
    elif task.attempt_max is not None and len(graded) >= task.attempt_max:
        status = "did_not_pass"
    elif task.due_date is not None and task.due_date < now:
        status = "past_due"
    else:
        status = "in_progress" if graded else "not_started"
    best_of = {"best_score": number(score), "best_rank": rank}
    return {"status": status, "attempt_count": len(graded), **best_of}


# Feedback.


def session_detail(world: World, row: WorldSession, include: tuple[str, ...]) -> Json:
    """A session with its feedback, and its evaluations if `include` has them."""
    seed, graded = world.people[row.user_id].number, row.rank is not None
    shape = session(world, row)
    shape["outcome_feedback"] = TABLES["outcomes"][row.rank] if graded else None
    shape["positive_feedback"] = _sentence("strengths", seed) if graded else None
    shape["constructive_feedback"] = _sentence("weaknesses", seed) if graded else None
    if "evaluations" in include:
        shape["evaluations"] = _evaluations(world, row) if graded else None
    return shape


def _sentence(table: str, seed: int) -> str:
    """A feedback sentence; seeds from 0 to 41 give different ones."""
    acts, moments = TABLES[table], TABLES["moments"]
    if table == "weaknesses":  # at a different moment than the strength
        seed += 10
    return f"{acts[seed % len(acts)]} {moments[seed % len(moments)]}."


def _evaluations(world: World, row: WorldSession) -> list[Json]:
    """One criterion for each skill of the scenario."""
    return [
        {"criterion_name": skill.name, "items": [_item(world, skill, row, at) for at in range(2)]}
        for skill in world.skills.values()
        if row.scenario_id in skill.scenario_ids
    ]


def _item(world: World, skill: Bundle, row: WorldSession, at: int) -> Json:
    """The first item is about the skill, the second about the next step."""
    # Items score up to 30 points below the session, so that grades vary.
    score = (row.score or 0.0) - 15 * ((int(row.id, 16) + len(skill.name) + at) % 3)
    grade = "good" if score >= 65 else "mid" if score >= 45 else "bad"
    quote, better = TABLES["better"][at]
    example = {
        "quote": TABLES["good"] if grade == "good" else quote,
        "feedback": "An open question that invites a story." if grade == "good" else "Too vague.",
        "suggestion_quote": None if grade == "good" else better,
        "grade": grade,
        "salience": "mid" if grade == "mid" else "high",
    }
    seed = world.people[row.user_id].number + len(skill.name) + at
    return {
        "name": "Next step" if at else skill.description.rstrip("."),
        "grade": grade,
        "feedback": _sentence("strengths" if grade == "good" else "weaknesses", seed),
        "feedback_examples": [example],
    }
