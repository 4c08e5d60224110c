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
    graded = row.rank is not None
    number, moment = world.people[row.user_id].number, MOMENTS[int(row.id, 16) % len(MOMENTS)]
    shape = session(world, row)
    created_at = shape.pop("created_at")
    shape["outcome_feedback"] = OUTCOME[row.rank] if row.rank is not None else None
    strength, weakness = STRENGTHS[number % len(STRENGTHS)], _weakness(number)
    shape["positive_feedback"] = f"{strength} {moment}" if graded else None
    shape["constructive_feedback"] = weakness if graded else None
    shape["created_at"] = created_at
    if "transcript" in include:
        shape["transcript"] = _transcript(row)
    if "evaluations" in include:
        shape["evaluations"] = _evaluations(world, row) if graded else None
    return shape


def _weakness(number: int) -> str:
    return WEAKNESSES[number % len(WEAKNESSES)]


def _transcript(row: Session) -> list[Json]:
    """An abandoned conversation breaks off after its first line."""
    lines = LINES if row.is_valid_attempt else LINES[:1]
    return [
        {"speaker": speaker, "text": words, "seconds_from_start": round(place * 4.2, 1)}
        for place, (speaker, words) in enumerate(lines)
    ]


def _evaluations(world: World, row: Session) -> list[Json]:
    """One criterion for each skill of the scenario."""
    number = world.people[row.user_id].number
    return [
        {"criterion_name": skill.name, "items": [_item(skill, row, number, at) for at in range(2)]}
        for skill in world.skills.values()
        if row.scenario_id in skill.scenario_ids
    ]


def _item(skill: Bundle, row: Session, number: int, at: int) -> Json:
    """What the skill is, and how the conversation ended."""
    # Not every item is as good as the whole.
    score = (row.score or 0.0) - 15 * ((int(row.id, 16) + len(skill.name) + at) % 3)
    grade = "good" if score >= 65 else "mid" if score >= 45 else "bad"
    return {
        "name": "Next step" if at else skill.description.rstrip("."),
        "grade": grade,
        "feedback": _weakness(number + len(skill.name) + at),
        "feedback_examples": [GOOD_EXAMPLE] if grade == "good" else [_better(grade, number, at)],
    }


def _better(grade: str, number: int, at: int) -> Json:
    quote, suggestion = BETTER[at]
    return {
        "quote": quote,
        "feedback": _weakness(number + at),
        "suggestion_quote": suggestion,
        "grade": grade,
        "salience": "high" if grade == "bad" else "mid",
    }
