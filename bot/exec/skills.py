"""Reads Exec's scores by skill, which aren't stored."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from bot.exec.budget import Purpose
from bot.exec.client import PAGE_SIZE, ExecClient
from bot.exec.models import Proficiency, Skill


async def read_skills(client: ExecClient, job: Purpose) -> tuple[Skill, ...]:
    """All skills, with a summary of the workspace. Raises ExecError."""
    return await client.all_rows("/skills", Skill, job, {"include": "proficiency"})


def requests_for(people: Sequence[str]) -> int:
    """The number of requests for the proficiency of these people at one skill."""
    return ceil(len(people) / PAGE_SIZE)


async def read_proficiency(
    client: ExecClient, skill_id: str, people: Sequence[str], job: Purpose, *, with_system: bool
) -> list[Proficiency]:
    """The proficiency of these people at a skill. Raises ExecError."""
    scores: list[Proficiency] = []
    for start in range(0, len(people), PAGE_SIZE):
        ids = people[start : start + PAGE_SIZE]
        rows = await client.all_rows(
            "/skills/{id}/proficiency",
            Proficiency,
            job,
            {"user_ids": ids, "exclude_system_users": not with_system},
            id_=skill_id,
        )
        scores += [score for score in rows if score.id in ids]
    return scores
