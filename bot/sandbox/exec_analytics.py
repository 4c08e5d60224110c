"""What Exec reckons of a scenario over its graded sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from statistics import fmean

from bot.sandbox import exec_params as p
from bot.sandbox.exec_shapes import Json
from bot.sandbox.world_things import RANKS, Scenario, Session

ANALYTICS_PARAMS: Mapping[str, p.Parser] = {
    "user_ids": p.words,
    "user_emails": p.words,
    "group_ids": p.words,
    "start_date": p.moment,
    "end_date": p.moment,
    "exclude_system_users": p.flag,
}
LEAST = (("gold", 90.0), ("silver", 75.0), ("bronze", 50.0))


def analytics_summary(scenario: Scenario, rows: list[Session]) -> Json:
    """The summary of a scenario's sessions, each person by their best score."""
    graded = [
        row
        for row in rows
        if row.scenario_id == scenario.id and row.is_valid_attempt and row.score is not None
    ]
    scores: dict[str, list[float]] = {}
    for row in sorted(graded, key=lambda row: (row.created_at, row.id)):
        scores.setdefault(row.user_id, []).append(row.score or 0.0)
    best = [max(own) for own in scores.values()]
    lifts = [max(own) - own[0] for own in scores.values() if len(own) > 1]
    lengths = [row.duration_seconds or 0.0 for row in graded]
    ranks = Counter(map(_rank, best))
    return {
        "participant_count": len(scores),
        "total_sessions": len(graded),
        "average_best_score": fmean(best) if best else 0,
        "average_best_rank": _rank(fmean(best)) if best else "unranked",
        "average_lift_percentage": fmean(lifts) if lifts else 0,
        "total_practice_minutes": round(sum(lengths) / 60),
        "average_session_duration_seconds": fmean(lengths) if lengths else 0,
        "score_distribution": [
            {
                "rank": rank,
                "count": ranks[rank],
                "percentage": round(100 * ranks[rank] / len(best), 1) if best else 0,
            }
            for rank in RANKS
        ],
    }


def _rank(score: float) -> str:
    return next((name for name, least in LEAST if score >= least), "unranked")
