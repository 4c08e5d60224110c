"""Assignments: who was asked to practise what, and how far they have come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle

from bot.sandbox.world_sessions import Sessions, between
from bot.sandbox.world_setting import Setting
from bot.sandbox.world_things import RANKS, STATUSES, Assignment, Progress, Session, stable_id

STANDALONE = 20
WEEK = timedelta(days=7)


def progress(assignment: Assignment, sessions: Sessions, now: datetime) -> Progress:
    """Status, attempts and best attempt from the valid sessions since the assignment."""
    pair = (assignment.user_id, assignment.scenario_id)
    rows = between(sessions.by_pair.get(pair, []), assignment.created_at, now)
    graded = [row for row in rows if row.is_valid_attempt and row.score is not None]
    best = max(graded, key=lambda row: (row.score or 0.0, row.id), default=None)
    return Progress(
        status=_status(assignment, graded, best, now),
        attempt_count=len(graded),
        best_score=best.score if best else None,
        best_rank=best.rank if best else None,
    )


def _status(
    task: Assignment, graded: Sequence[Session], best: Session | None, now: datetime
) -> str:
    enough = len(graded) >= (task.attempt_min or 1)
    if best is not None and enough and _reaches(best.rank, task.rank_min):
        return "completed"
    if task.attempt_max is not None and len(graded) >= task.attempt_max:
        return "did_not_pass"
    if task.due_date is not None and task.due_date < now:
        return "past_due"
    return "in_progress" if graded else "not_started"


def _reaches(rank: str | None, least: str | None) -> bool:
    if least is None:
        return True
    return rank is not None and RANKS.index(rank) <= RANKS.index(least)


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
            rows = between(sessions.by_pair.get((user_id, scenario_id), []), since)
            graded = [row for row in rows if row.is_valid_attempt]
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
