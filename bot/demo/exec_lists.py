"""Exec's list endpoints: their query parameters, filters, sorting and pagination."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from math import ceil
from typing import Any

from bot.demo import exec_shapes as shapes
from bot.demo.exec_shapes import Json, number, stamp, user
from bot.demo.world import World
from bot.demo.world_things import RANKS, Bundle, WorldPerson, WorldSession, between, newest_first

Pairs = Iterable[tuple[str, str]]
Values = Mapping[str, Any]
Parser = Callable[[str, str], Any]
Ids = set[str] | None  # None matches any id

# Query parameters. What Exec's documentation doesn't allow is an error.

_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_WHOLE = re.compile(r"[1-9]\d{0,8}", re.ASCII)


class BadRequest(Exception):
    """A parameter that Exec rejects; `code` is that of Exec's error object."""

    def __init__(self, message: str, code: str = "invalid_parameter") -> None:
        super().__init__(message)
        self.code = code


def comma_separated(name: str, value: str) -> tuple[str, ...]:
    """The items of a comma-separated list, without empty ones or spaces around them."""
    items = tuple(value.split(","))
    if any(not item or item != item.strip() for item in items):
        raise BadRequest(f"{name} must be a comma-separated list without spaces or empty items")
    return items


def choices(*allowed: str) -> Parser:
    """A parser of comma-separated lists of allowed values."""

    def parse(name: str, value: str) -> tuple[str, ...]:
        items = comma_separated(name, value)
        if not set(items) <= set(allowed):
            raise BadRequest(f"{name} must contain only {', '.join(allowed)}")
        return items

    return parse


def one_of(*allowed: str) -> Parser:
    def parse(name: str, value: str) -> str:
        if value not in allowed:
            raise BadRequest(f"{name} must be one of {', '.join(allowed)}")
        return value

    return parse


def boolean(name: str, value: str) -> bool:
    return bool(one_of("true", "false")(name, value) == "true")


def moment(name: str, value: str) -> datetime:
    """An ISO 8601 date-time with an offset, converted to UTC."""
    try:
        if _DATE_TIME.fullmatch(value):
            return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadRequest(f"{name} must be an ISO 8601 date-time with offset")


def pagination_number(name: str, value: str) -> int:
    """A positive integer; `page_size` is at most 100."""
    if not _WHOLE.fullmatch(value) or (name == "page_size" and int(value) > 100):
        raise BadRequest("Invalid pagination parameters", "invalid_pagination")
    return int(value)


def parse(pairs: Pairs, table: Mapping[str, Parser]) -> dict[str, Any]:
    """The parsed query parameters by name. Raises BadRequest."""
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name not in table:
            raise BadRequest(f"Unknown parameter: {name}")
        if name in values:
            raise BadRequest(f"{name} was given more than once")
        if not value:
            raise BadRequest(f"{name} is empty")
        values[name] = table[name](name, value)
    return values


# Sessions.


def _by_number(
    read: Callable[[WorldSession], float | None], sign: int
) -> Callable[[WorldSession], Any]:
    def key(row: WorldSession) -> tuple[bool, float, str]:
        value = read(row)
        return (value is None, sign * (value or 0.0), row.id)

    return key


ORDERS: Mapping[str, Callable[[WorldSession], Any]] = {
    "created_at": lambda row: (row.created_at, row.id),
    "-created_at": newest_first,
    "score": _by_number(lambda row: row.score, 1),
    "-score": _by_number(lambda row: row.score, -1),
    "duration": _by_number(lambda row: row.duration_seconds, 1),
    "-duration": _by_number(lambda row: row.duration_seconds, -1),
}
SESSION_PARAMS: Mapping[str, Parser] = {
    "user_ids": comma_separated,
    "user_emails": comma_separated,
    "scenario_ids": comma_separated,
    "collection_ids": comma_separated,
    "skill_ids": comma_separated,
    "program_ids": comma_separated,
    "group_ids": comma_separated,
    "rank": choices(*RANKS),
    "start_date": moment,
    "end_date": moment,
    "exclude_system_users": boolean,
    "sorting": one_of(*ORDERS),
}


def select(world: World, values: Values) -> list[WorldSession]:
    """The rows of GET /sessions with these parameters, sorted."""
    users, scenarios = _users(world, values), _scenarios(world, values)
    ranks, wants_system = values.get("rank", RANKS), not values.get("exclude_system_users")
    pairs = None
    if programs := values.get("program_ids"):
        tasks = [task for task in world.assignments if task.program_id in programs]
        pairs = {(task.user_id, task.scenario_id) for task in tasks}
    rows = [
        row
        for row in between(world.sessions.all, values.get("start_date"), values.get("end_date"))
        if (users is None or row.user_id in users)
        and (scenarios is None or row.scenario_id in scenarios)
        and (pairs is None or (row.user_id, row.scenario_id) in pairs)
        and ("rank" not in values or row.rank in ranks)
        and (wants_system or not world.people[row.user_id].is_system)
    ]
    sorting = values.get("sorting", "-created_at")
    return rows if sorting == "-created_at" else sorted(rows, key=ORDERS[sorting])


def _users(world: World, values: Values) -> Ids:
    """The ids of the people in `user_ids` or `user_emails` who are in a group of `group_ids`."""
    ids, emails, groups = (values.get(name) for name in ("user_ids", "user_emails", "group_ids"))
    people = members = None
    if ids is not None or emails is not None:
        by_email = {person.email: person.id for person in world.people.values()}
        people = {*(ids or ()), *(by_email[email] for email in emails or () if email in by_email)}
    if groups is not None:
        members = {user_id for group in groups for user_id in world.rosters.get(group, ())}
    return _intersection(people, members)


def _scenarios(world: World, values: Values) -> Ids:
    """The ids of the scenarios that match `scenario_ids`, `skill_ids` and `collection_ids`."""

    def bundled(bundles: Mapping[str, Bundle], name: str) -> Ids:
        if name not in values:
            return None
        return {
            scenario_id
            for key in values[name]
            if key in bundles
            for scenario_id in bundles[key].scenario_ids
        }

    return _intersection(
        values.get("scenario_ids"),
        bundled(world.skills, "skill_ids"),
        bundled(world.collections, "collection_ids"),
    )


def _intersection(*filters: Iterable[str] | None) -> Ids:
    given = [set(ids_of_filter) for ids_of_filter in filters if ids_of_filter is not None]
    return set.intersection(*given) if given else None


# The other lists.

Find = Callable[[World, Values, datetime], Sequence[Any]]


def _by_name(bundles: Mapping[str, Bundle]) -> list[Bundle]:
    return sorted(bundles.values(), key=lambda bundle: (bundle.name, bundle.id))


def _members(world: World, values: Values) -> list[WorldPerson]:
    ids = _users(world, values)
    return [member for member in world.members.values() if ids is None or member.id in ids]


def _scenario_rows(world: World, values: Values, _now: datetime) -> list[Json]:
    ids, archived = _scenarios(world, values), values.get("include_archived")
    return [
        shapes.scenario(world, scenario, with_skills="include" in values)
        for scenario in world.scenarios.values()
        if (archived or not scenario.archived) and (ids is None or scenario.id in ids)
    ]


def _assignment_rows(world: World, values: Values, now: datetime) -> list[Json]:
    """Newest first."""
    users = _users(world, values)
    rows = [task for task in world.assignments if users is None or task.user_id in users]
    rows.sort(key=lambda task: (-task.created_at.timestamp(), task.id))
    return [shapes.assignment(world, task, now) for task in rows]


def _skill_rows(world: World, values: Values, now: datetime) -> list[Json]:
    """With `include`, each has a proficiency summary of all members."""
    rows = []
    for skill in _by_name(world.skills):
        row = shapes.skill(skill)
        if "include" in values:
            row["proficiency_summary"] = _summary(proficiency(world, skill, now, {}))
        rows.append(row)
    return rows


_LISTS: Mapping[str, tuple[Mapping[str, Parser], Find]] = {
    "/sessions": (SESSION_PARAMS, lambda world, values, _: select(world, values)),
    "/workspace/members": (
        {"group_ids": comma_separated},
        lambda world, values, _: [shapes.member(member) for member in _members(world, values)],
    ),
    "/workspace/groups": (
        {},
        lambda world, *_: [shapes.group(group) for group in world.groups.values()],
    ),
    "/scenarios": (
        {
            "include": choices("skills"),
            "include_archived": boolean,
            "collection_ids": comma_separated,
        },
        _scenario_rows,
    ),
    "/scenarios/assignments": ({"user_ids": comma_separated}, _assignment_rows),
    "/skills": ({"include": choices("proficiency")}, _skill_rows),
    "/collections": (
        {},
        lambda world, *_: [
            shapes.collection(collection) for collection in _by_name(world.collections)
        ],
    ),
}
_PAGING: Mapping[str, Parser] = {"page": pagination_number, "page_size": pagination_number}
_PROFICIENCY_PARAMS: Mapping[str, Parser] = {
    "user_ids": comma_separated,
    "group_ids": comma_separated,
    "exclude_system_users": boolean,
}


def _endpoint(world: World, path: str) -> tuple[Mapping[str, Parser], Find] | None:
    """The parameters of a list endpoint, and the function that finds its rows."""
    match = re.fullmatch(r"/skills/([^/]+)/proficiency", path)
    skill = world.skills.get(match[1]) if match else None
    if skill is None:
        return _LISTS.get(path)
    return _PROFICIENCY_PARAMS, lambda world, values, now: proficiency(world, skill, now, values)


def page_of(world: World, path: str, pairs: Pairs, now: datetime) -> Json | None:
    """A page of a list, or None if the path is unknown. Raises BadRequest."""
    endpoint = _endpoint(world, path)
    if endpoint is None:
        return None
    params, find = endpoint
    values = parse(pairs, {**params, **_PAGING})
    page, size = values.pop("page", 1), values.pop("page_size", 50)
    rows = find(world, values, now)
    data = [
        shapes.session(world, row) if isinstance(row, WorldSession) else row
        for row in rows[(page - 1) * size : page * size]
    ]
    counts = {"total_count": len(rows), "total_pages": ceil(len(rows) / size)}
    return {"data": data, "pagination": {"page": page, "page_size": size, **counts}}


# Skill proficiency.

ENOUGH_ATTEMPTS = 3
TIERS = (("excellent", 90.0), ("proficient", 75.0), ("developing", 50.0))
PROFICIENT = 75.0


def proficiency(world: World, skill: Bundle, at: datetime, values: Values) -> list[Json]:
    """The members with a graded attempt at a skill up to `at`, by name."""
    rows, by_user = [], world.sessions.by_user
    for person in sorted(_members(world, values), key=lambda member: (member.name, member.id)):
        graded = [
            row
            for row in by_user.get(person.id, ())
            if row.scenario_id in skill.scenario_ids and row.created_at <= at and row.is_graded
        ]
        if not graded or (person.is_system and values.get("exclude_system_users")):
            continue
        mean = round(sum(row.score or 0.0 for row in graded) / len(graded), 1)
        score = mean if len(graded) >= ENOUGH_ATTEMPTS else None
        rows.append(
            {
                "user": user(person),
                "score": number(score),
                "tier": _tier(score),
                "observation_count": len(graded),
                "last_practiced_at": stamp(graded[0].created_at),
            }
        )
    return rows


def _tier(score: float | None) -> str:
    if score is None:
        return "insufficient_data"
    return next((name for name, least in TIERS if score >= least), "needs_work")


def _summary(rows: list[Json]) -> Json:
    scores = [row["score"] for row in rows if row["score"] is not None]
    good = sum(score >= PROFICIENT for score in scores)
    return {
        "participant_count": len(rows),
        "scored_participant_count": len(scores),
        "pct_proficient_plus": round(100 * good / len(scores)) if scores else 0,
        "avg_score": number(round(sum(scores) / len(scores), 1)) if scores else None,
    }
