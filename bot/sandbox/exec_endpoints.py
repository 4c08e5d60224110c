"""The lists that the stand-in offers. A row of ENDPOINTS is a list: its parameters, its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from math import ceil
from typing import Any

from bot.sandbox import exec_params as p
from bot.sandbox import exec_shapes as shapes
from bot.sandbox.exec_select import (
    SessionFilter,
    SessionSelector,
    bundled,
    group_members,
    named_users,
)
from bot.sandbox.exec_shapes import Json
from bot.sandbox.exec_skills import entry, observed, summary
from bot.sandbox.world import World
from bot.sandbox.world_tasks import progress
from bot.sandbox.world_things import RANKS, STATUSES, Bundle

DEFAULT_PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Ask:
    """What a list is asked: `values` are the parsed parameters without the page."""

    world: World
    now: datetime
    values: Mapping[str, Any]
    selector: SessionSelector


# All rows in order, and how one becomes JSON: only the rows of the page are shaped.
Found = tuple[Sequence[Any], Callable[[Any], Json]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    params: Mapping[str, p.Parser]
    find: Callable[[Ask], Found]


def answer_page(endpoint: Endpoint, ask: Ask, page: int, page_size: int) -> Json:
    """A page as Exec sends it; beyond the last one there is no data."""
    rows, shape = endpoint.find(ask)
    first = (page - 1) * page_size
    return {
        "data": [shape(row) for row in rows[first : first + page_size]],
        "pagination": {
            "page": page,
            "page_size": page_size,
            "total_count": len(rows),
            "total_pages": ceil(len(rows) / page_size),
        },
    }


def find_sessions(ask: Ask) -> Found:
    rows = ask.selector.select(SessionFilter(**ask.values))
    return rows, lambda row: shapes.session(ask.world, row)


def find_members(ask: Ask) -> Found:
    ids = group_members(ask.world, ask.values.get("group_ids"))
    people = ask.world.members.values()
    return [one for one in people if ids is None or one.id in ids], shapes.member


def find_groups(ask: Ask) -> Found:
    return list(ask.world.groups.values()), shapes.group


def find_skills(ask: Ask) -> Found:
    world, now = ask.world, ask.now

    def shape(skill: Bundle) -> Json:
        return {**shapes.skill(skill), "proficiency_summary": summary(world, skill, now)}

    return _alphabetical(world.skills), shape if "include" in ask.values else shapes.skill


def find_proficiency(ask: Ask, skill: Bundle) -> Found:
    world, values = ask.world, ask.values
    users = named_users(world, values.get("user_ids"), values.get("user_emails"))
    members = group_members(world, values.get("group_ids"))
    among = users if members is None else members if users is None else users & members
    at = values.get("end_date") or ask.now
    system = not values.get("exclude_system_users")
    return observed(world, skill, at, among, system=system), entry


def find_collections(ask: Ask) -> Found:
    return _alphabetical(ask.world.collections), shapes.collection


def _alphabetical(bundles: Mapping[str, Bundle]) -> list[Bundle]:
    return sorted(bundles.values(), key=lambda one: (one.name, one.id))


def find_scenarios(ask: Ask) -> Found:
    world, values = ask.world, ask.values
    by_skill = bundled(world.skills, values.get("skill_ids"))
    by_collection = bundled(world.collections, values.get("collection_ids"))
    owner, viewer = values.get("owner_email"), values.get("visible_to_email")
    visibility = values.get("visibility")
    emails = {person.id: person.email for person in world.people.values()}
    members = {person.email for person in world.members.values()}
    rows = [
        one
        for one in world.scenarios.values()
        if (not one.archived or values.get("include_archived"))
        and (by_skill is None or one.id in by_skill)
        and (by_collection is None or one.id in by_collection)
        and (owner is None or emails[one.owner_id] == owner)
        and (visibility is None or one.visibility == visibility)
        and (
            viewer is None
            or emails[one.owner_id] == viewer
            or (one.visibility == "workspace" and viewer in members)
        )
    ]
    skills = "include" in values
    return rows, lambda one: shapes.scenario(world, one, skills=skills)


def find_assignments(ask: Ask) -> Found:
    """Newest first, equal moments by id."""
    world, values = ask.world, ask.values
    users = named_users(world, values.get("user_ids"), values.get("user_emails"))
    scenarios, programs = values.get("scenario_ids"), values.get("program_ids")
    statuses = values.get("status")
    rows = [
        task
        for task in world.assignments
        if (users is None or task.user_id in users)
        and (scenarios is None or task.scenario_id in scenarios)
        and (programs is None or task.program_id in programs)
        and (statuses is None or progress(task, world.sessions, ask.now).status in statuses)
    ]
    rows.sort(key=lambda task: task.id)
    rows.sort(key=lambda task: task.created_at, reverse=True)
    return rows, lambda task: shapes.assignment(world, task, ask.now)


USERS = {"user_ids": p.words, "user_emails": p.words}
SESSION_PARAMS: Mapping[str, p.Parser] = {
    **USERS,
    "scenario_ids": p.words,
    "collection_ids": p.words,
    "skill_ids": p.words,
    "program_ids": p.words,
    "group_ids": p.words,
    "rank": p.choices(*RANKS),
    "start_date": p.moment,
    "end_date": p.moment,
    "exclude_system_users": p.flag,
    "sorting": p.one_of("created_at", "-created_at", "score", "-score", "duration", "-duration"),
}
SCENARIO_PARAMS: Mapping[str, p.Parser] = {
    "owner_email": p.text,
    "visible_to_email": p.text,
    "visibility": p.one_of("private", "workspace"),
    "include_archived": p.flag,
    "skill_ids": p.words,
    "collection_ids": p.words,
    "include": p.choices("skills"),
}
ASSIGNMENT_PARAMS: Mapping[str, p.Parser] = {
    **USERS,
    "scenario_ids": p.words,
    "program_ids": p.words,
    "status": p.choices(*STATUSES),
}
PROFICIENCY_PARAMS: Mapping[str, p.Parser] = {
    **USERS,
    "group_ids": p.words,
    "end_date": p.moment,
    "exclude_system_users": p.flag,
}
DETAIL_PARAMS: Mapping[str, p.Parser] = {"include": p.choices("transcript", "evaluations")}
ENDPOINTS: Mapping[str, Endpoint] = {
    "/sessions": Endpoint(SESSION_PARAMS, find_sessions),
    "/workspace/members": Endpoint({"group_ids": p.words}, find_members),
    "/workspace/groups": Endpoint({}, find_groups),
    "/scenarios": Endpoint(SCENARIO_PARAMS, find_scenarios),
    "/scenarios/assignments": Endpoint(ASSIGNMENT_PARAMS, find_assignments),
    "/skills": Endpoint({"include": p.choices("proficiency")}, find_skills),
    "/collections": Endpoint({}, find_collections),
}


def proficiency_in(skill: Bundle) -> Endpoint:
    """The list of those who have practised a skill."""
    return Endpoint(PROFICIENCY_PARAMS, partial(find_proficiency, skill=skill))
