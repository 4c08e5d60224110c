"""What Exec thinks of sessions: its feedback to one, and how good people are at a skill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.exec_shapes import Json, number, session, stamp, user
from bot.sandbox.world import World
from bot.sandbox.world_things import Bundle, Person, Session, stable_id

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


# How good people are at skills: observations count half after 30 days.

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
