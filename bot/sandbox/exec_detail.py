"""GET /sessions/{id}: the session with its feedback, and what `include` asks for."""

from __future__ import annotations

from bot.sandbox.exec_shapes import Json, session
from bot.sandbox.world import World
from bot.sandbox.world_things import Bundle, Session

OUTCOME = {
    "gold": "A confident conversation that ended with a clear next step.",
    "silver": "A good conversation; the next step stayed a little vague.",
    "bronze": "The main points were made, but the other side led most of the time.",
    "unranked": "The conversation ended before its goal came into view.",
}
POSITIVE = (
    "Excellent use of open-ended questions to uncover needs.",
    "Calm and friendly throughout, even under pressure.",
    "Summed up the other side's view before answering it.",
)
CONSTRUCTIVE = (
    "Consider probing deeper into budget constraints.",
    "Leave a pause after the price instead of explaining it.",
    "Agree on a date before the call ends.",
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
    graded = row.rank is not None
    pick = int(row.id, 16) % 3
    shape = session(world, row)
    created_at = shape.pop("created_at")
    shape["outcome_feedback"] = OUTCOME[row.rank] if row.rank is not None else None
    shape["positive_feedback"] = POSITIVE[pick] if graded else None
    shape["constructive_feedback"] = CONSTRUCTIVE[pick] if graded else None
    shape["created_at"] = created_at
    if "transcript" in include:
        shape["transcript"] = _transcript(row)
    if "evaluations" in include:
        shape["evaluations"] = _evaluations(world, row) if graded else None
    return shape


def _transcript(row: Session) -> list[Json]:
    """An abandoned conversation breaks off after its first line."""
    lines = LINES if row.is_valid_attempt else LINES[:1]
    return [
        {"speaker": speaker, "text": words, "seconds_from_start": round(place * 4.2, 1)}
        for place, (speaker, words) in enumerate(lines)
    ]


def _evaluations(world: World, row: Session) -> list[Json]:
    """One criterion for each skill of the scenario."""
    return [
        {"criterion_name": skill.name, "items": [_item(skill, row, at) for at in range(2)]}
        for skill in world.skills.values()
        if row.scenario_id in skill.scenario_ids
    ]


def _item(skill: Bundle, row: Session, at: int) -> Json:
    """What the skill is, and how the conversation ended."""
    # Not every item is as good as the whole.
    score = (row.score or 0.0) - 15 * ((int(row.id, 16) + len(skill.name) + at) % 3)
    grade = "good" if score >= 65 else "mid" if score >= 45 else "bad"
    return {
        "name": "Next step" if at else skill.description.rstrip("."),
        "grade": grade,
        "feedback": CONSTRUCTIVE[len(skill.name) % 3],
        "feedback_examples": [GOOD_EXAMPLE] if grade == "good" else [_better(grade, at)],
    }


def _better(grade: str, at: int) -> Json:
    quote, suggestion = BETTER[at]
    return {
        "quote": quote,
        "feedback": CONSTRUCTIVE[at],
        "suggestion_quote": suggestion,
        "grade": grade,
        "salience": "high" if grade == "bad" else "mid",
    }
