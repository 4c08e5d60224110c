"""How good people are at skills, as Exec reckons it: a request for each skill and 100 people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from bot.exec_api.budget import Budget
from bot.exec_api.client import ExecClient
from bot.exec_api.models import Proficiency, Skill
from bot.exec_api.wire import MAX_PAGE_SIZE
from bot.language.query import Kind, Named, ResolvedQuery
from bot.mirror.answers import Reading
from bot.mirror.filling import FEW_REQUESTS
from bot.mirror.sessions import ReadOptions
from bot.people.catalogue import Catalogue
from bot.people.groups import Rosters
from bot.reports.report import InSkill


@dataclass(frozen=True, slots=True)
class Skills:
    """Raises ExecError when Exec is away, and StorageError."""

    client: ExecClient
    budget: Budget
    catalogue: Catalogue
    rosters: Rosters

    async def of(
        self, query: ResolvedQuery, options: ReadOptions, reading: Reading
    ) -> tuple[tuple[InSkill, ...], Reading]:
        """Each skill in question with the people in question; with `reading`, where it says what
        that costs instead, if it is more than a tenth of the requests left."""
        if query.people is None and not query.groups:
            listed = await self.client.skills(with_proficiency=True, purpose=options.purpose)
            found = tuple(_overview(skill) for skill in listed if _is_asked(query, skill.id))
            return found, replace(reading, total=len(found))
        skills = [
            each for each in await self.catalogue.items(Kind.SKILL) if _is_asked(query, each.id)
        ]
        cost = len(skills) * await self._pages(query)
        unasked = max(FEW_REQUESTS, (await self.budget.left()).questions // 10)
        if cost > unasked and not options.everything:
            return (), replace(reading, cost=cost)
        found = tuple([await self._in(skill, query, options.purpose) for skill in skills])
        return found, replace(reading, total=len(found))

    async def _pages(self, query: ResolvedQuery) -> int:
        """About how many requests one skill takes."""
        people = len(query.people or ())
        if query.people is None:
            held = await self.rosters.of(query.groups, ask_exec=False)
            people = sum(len(roster.users) for roster in held.values())
        return max(1, ceil(people / MAX_PAGE_SIZE))

    async def _in(self, skill: Named, query: ResolvedQuery, purpose: str) -> InSkill:
        rows: dict[str, Proficiency] = {}
        ids = None if query.people is None else [person.id for person in query.people]
        for some in [None] if ids is None else _chunks(ids):
            found = await self.client.proficiency(
                skill.id,
                user_ids=some,
                group_ids=sorted(query.groups) or None,
                include_system=query.include_system,
                purpose=purpose,
            )
            # Whatever Exec makes of both filters together, nobody else is told of.
            rows |= {
                each.id: each
                for each in found
                if (some is None or each.id in some) and each.id not in query.absent
            }
        return InSkill(skill.id, skill.name, tuple(rows.values()))


def _is_asked(query: ResolvedQuery, skill_id: str) -> bool:
    asked = {each.id for each in query.names if each.kind is Kind.SKILL}
    return not asked or skill_id in asked


def _overview(skill: Skill) -> InSkill:
    return InSkill(skill.id, skill.name or skill.id, (), skill.proficiency_summary)


def _chunks(ids: Sequence[str]) -> list[list[str]]:
    return [list(ids[at : at + MAX_PAGE_SIZE]) for at in range(0, len(ids), MAX_PAGE_SIZE)]
