"""The JSON objects of Exec's public description, from the things of the world."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.demo.world import World
from bot.demo.world_things import (
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


def scenario(world: World, item: Scenario, *, with_skills: bool = False) -> Json:
    shape = {
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
    if with_skills:
        skills = world.skills.values()
        shape["skills"] = [reference(one) for one in skills if item.id in one.scenario_ids]
    return shape


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


# What Exec thinks of a session.

OUTCOME = {
    "gold": "A confident conversation that ended with a clear next step.",
    "silver": "A good conversation; the next step stayed a little vague.",
    "bronze": "The main points were made, but the other side led most of the time.",
    "unranked": "The conversation ended before its goal came into view.",
}
# Each person has a strength and a weakness of their own, which show at one moment or another.
STRENGTHS = (
    "Asked open questions, and waited for the answers.",
    "Stayed calm and friendly under pressure.",
    "Summed up the other side's view before answering it.",
    "Named the price without apologizing for it.",
    "Told one short story that made the point.",
    "Picked up on the half sentence about risk.",
    "Used the customer's own words for the problem.",
    "Asked early on who else has to agree.",
    "Answered the objection behind the objection.",
    "Brought numbers that the other side could check.",
    "Let the silence work after the key question.",
)
WEAKNESSES = (
    "Probe deeper into the budget before you offer anything.",
    "Leave a pause after the price instead of explaining it.",
    "Agree on a date before the call ends.",
    "Ask one question at a time.",
    "Say less about features, and more about their week.",
    "Find out who signs before you talk terms.",
    "Trade the discount for something; don't give it away.",
    "Repeat the objection in your own words before you answer.",
    "Slow down in the first minute.",
    "Close with a question rather than a summary.",
    "Name a customer who is like them.",
    "Check that the next step suits them, too.",
    "Let them finish.",
)
MOMENTS = (
    "It showed in the first minute.",
    "It mattered when the tone got sharper.",
    "The middle of the call turned on it.",
    "It came up when the price did.",
    "The last two minutes show it best.",
)
LINES = (
    ("ai", "Hi, thanks for making the time. What did you want to talk about?"),
    ("user", "I'd love to understand how you decide on a new supplier."),
    ("ai", "Mostly it is about risk. And, honestly, about the price."),
    ("user", "Who besides you looks at the risk?"),
    ("ai", "Our security team. They are <thorough> & slow."),
)
GOOD_EXAMPLE = {
    "quote": LINES[1][1],
    "feedback": "An open question that invites a story.",
    "suggestion_quote": None,
    "grade": "good",
    "salience": "high",
}
BETTER = (
    ("It's not that expensive.", "What would a week without an outage be worth to you?"),
    ("Shall I just send you <something>?", "Can we meet your security team on Thursday & Friday?"),
)


def session_detail(world: World, row: Session, include: tuple[str, ...]) -> Json:
    """GET /sessions/{id}: the session with its feedback, and what `include` asks for."""
    graded = row.rank is not None
    whose, moment = world.people[row.user_id].number, MOMENTS[int(row.id, 16) % len(MOMENTS)]
    shape = session(world, row)
    created_at = shape.pop("created_at")
    shape["outcome_feedback"] = OUTCOME[row.rank] if row.rank is not None else None
    strength, weakness = STRENGTHS[whose % len(STRENGTHS)], _weakness(whose)
    shape["positive_feedback"] = f"{strength} {moment}" if graded else None
    shape["constructive_feedback"] = weakness if graded else None
    shape["created_at"] = created_at
    if "transcript" in include:
        shape["transcript"] = _transcript(row)
    if "evaluations" in include:
        shape["evaluations"] = _evaluations(world, row) if graded else None
    return shape


def _weakness(whose: int) -> str:
    return WEAKNESSES[whose % len(WEAKNESSES)]


def _transcript(row: Session) -> list[Json]:
    """An abandoned conversation breaks off after its first line."""
    lines = LINES if row.is_valid_attempt else LINES[:1]
    return [
        {"speaker": speaker, "text": words, "seconds_from_start": round(place * 4.2, 1)}
        for place, (speaker, words) in enumerate(lines)
    ]


def _evaluations(world: World, row: Session) -> list[Json]:
    """One criterion for each skill of the scenario."""
    whose = world.people[row.user_id].number
    return [
        {"criterion_name": skill.name, "items": [_item(skill, row, whose, at) for at in range(2)]}
        for skill in world.skills.values()
        if row.scenario_id in skill.scenario_ids
    ]


def _item(skill: Bundle, row: Session, whose: int, at: int) -> Json:
    """What the skill is, and how the conversation ended."""
    # Not every item is as good as the whole.
    score = (row.score or 0.0) - 15 * ((int(row.id, 16) + len(skill.name) + at) % 3)
    grade = "good" if score >= 65 else "mid" if score >= 45 else "bad"
    return {
        "name": "Next step" if at else skill.description.rstrip("."),
        "grade": grade,
        "feedback": _weakness(whose + len(skill.name) + at),
        "feedback_examples": [GOOD_EXAMPLE] if grade == "good" else [_better(grade, whose, at)],
    }


def _better(grade: str, whose: int, at: int) -> Json:
    quote, suggestion = BETTER[at]
    return {
        "quote": quote,
        "feedback": _weakness(whose + at),
        "suggestion_quote": suggestion,
        "grade": grade,
        "salience": "high" if grade == "bad" else "mid",
    }
