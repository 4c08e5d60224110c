"""The JSON objects of Exec's public description, from the things of the world."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.sandbox.world import World
from bot.sandbox.world_things import (
    Assignment,
    Bundle,
    Group,
    Person,
    Scenario,
    Session,
    Workspace,
    progress,
)

Json = dict[str, Any]


def stamp(moment: datetime | None) -> str | None:
    """As in the examples: UTC with a Z, and a fraction only where there is one."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def number(value: float | None) -> float | None:
    """88 rather than 88.0: JSON knows one kind of number, and the examples show both forms."""
    return int(value) if value is not None and float(value).is_integer() else value


def workspace(item: Workspace) -> Json:
    return {
        "id": item.id,
        "name": item.name,
        "url_slug": item.url_slug,
        "created_at": stamp(item.created_at),
    }


def user(person: Person) -> Json:
    return {
        "id": person.id,
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
    }


def member(person: Person) -> Json:
    """Flat as in the schema; every fifth nested as in the example, where the outer id differs."""
    tail = {"role": person.role, "created_at": stamp(person.created_at)}
    if person.number % 5 == 1:
        return {"id": person.membership_id, "user": user(person), **tail}
    return {**user(person), **tail}


def group(item: Group) -> Json:
    return {"id": item.id, "name": item.name, "created_at": stamp(item.created_at)}


def skill(item: Bundle) -> Json:
    return {
        "id": item.id,
        "name": item.name,
        "slug": item.slug,
        "description": item.description,
        "created_at": stamp(item.created_at),
    }


def collection(item: Bundle) -> Json:
    return {**skill(item), "scenario_count": len(item.scenario_ids)}


def reference(item: Scenario | Bundle) -> Json:
    return {"id": item.id, "name": item.name, "slug": item.slug}


def scenario(world: World, item: Scenario) -> Json:
    return {
        **reference(item),
        "description": item.description,
        "url": item.url,
        "difficulty": item.difficulty,
        "context": None,
        "objective": f"{item.description}\n##### Outcomes to Avoid:\n- Talking more than asking",
        "language": "English",
        "visibility": item.visibility,
        "owner": user(world.people[item.owner_id]),
        "created_at": stamp(item.created_at),
        "updated_at": stamp(item.created_at),
    }


def session(world: World, row: Session) -> Json:
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


def assignment(world: World, task: Assignment, now: datetime) -> Json:
    state = progress(task, world.sessions, now)
    program = world.programs[task.program_id] if task.program_id else None
    return {
        "id": task.id,
        "user": user(world.people[task.user_id]),
        "scenario": reference(world.scenarios[task.scenario_id]),
        "status": state.status,
        "due_date": stamp(task.due_date),
        "best_score": number(state.best_score),
        "best_rank": state.best_rank,
        "attempt_count": state.attempt_count,
        "attempt_min": task.attempt_min,
        "attempt_max": task.attempt_max,
        "rank_min": task.rank_min,
        "program": {"id": program.id, "name": program.name} if program else None,
        "created_at": stamp(task.created_at),
    }
