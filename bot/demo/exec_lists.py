"""The lists that Exec offers: what may be asked of them, and which rows are meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from bot.demo import exec_shapes as shapes
from bot.demo.exec_shapes import Json, number, stamp, user
from bot.demo.world import World
from bot.demo.world_things import (
    RANKS,
    Assignment,
    Bundle,
    Person,
    Scenario,
    Session,
    between,
    newest_first,
    stable_id,
)

Pairs = Iterable[tuple[str, str]]
Values = Mapping[str, Any]
Parser = Callable[[str, str], Any]

DEFAULT_PAGE_SIZE = 50


# Query parameters, read as strictly as the documents allow: what they do not say is an error.

_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_WHOLE = re.compile(r"[1-9]\d{0,8}", re.ASCII)


class BadRequest(Exception):
    """A parameter that Exec would not take; `code` as in Exec's error object."""

    def __init__(self, message: str, code: str = "invalid_parameter") -> None:
        super().__init__(message)
        self.code = code


def words(name: str, value: str) -> tuple[str, ...]:
    """A comma-separated list without empty items or spaces."""
    items = tuple(value.split(","))
    if any(not item or item != item.strip() for item in items):
        raise BadRequest(f"{name} must be a comma-separated list without gaps")
    return items


def choices(*allowed: str) -> Parser:
    """A comma-separated list of the allowed words."""

    def parse(name: str, value: str) -> tuple[str, ...]:
        items = words(name, value)
        if not set(items) <= set(allowed):
            raise BadRequest(f"{name} must be among {', '.join(allowed)}")
        return items

    return parse


def one_of(*allowed: str) -> Parser:
    """One of the allowed words."""

    def parse(name: str, value: str) -> str:
        if value not in allowed:
            raise BadRequest(f"{name} must be one of {', '.join(allowed)}")
        return value

    return parse


def flag(name: str, value: str) -> bool:
    """True or false."""
    return bool(one_of("true", "false")(name, value) == "true")


def moment(name: str, value: str) -> datetime:
    """An ISO 8601 date-time with offset; comes back in UTC."""
    try:
        if _DATE_TIME.fullmatch(value):
            return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadRequest(f"{name} must be an ISO 8601 date-time with offset")


def _page_number(name: str, value: str) -> int:
    """A whole number from 1; a page has at most a hundred rows."""
    if not _WHOLE.fullmatch(value) or (name == "page_size" and int(value) > 100):
        raise BadRequest("Invalid pagination parameters", "invalid_pagination")
    return int(value)


def parse(pairs: Pairs, table: Mapping[str, Parser]) -> dict[str, Any]:
    """The values by name; parameters that were not sent are not there. Raises BadRequest."""
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


# Which sessions are meant, and in which order.

Ids = set[str] | None  # None is any


def _by_number(read: Callable[[Session], float | None], sign: int) -> Callable[[Session], Any]:
    def key(row: Session) -> tuple[bool, float, str]:
        number = read(row)
        return (number is None, sign * (number or 0.0), row.id)

    return key


ORDERS: Mapping[str, Callable[[Session], Any]] = {
    "created_at": lambda row: (row.micros, row.id),
    "-created_at": newest_first,
    "score": _by_number(lambda row: row.score, 1),
    "-score": _by_number(lambda row: row.score, -1),
    "duration": _by_number(lambda row: row.duration_seconds, 1),
    "-duration": _by_number(lambda row: row.duration_seconds, -1),
}
SESSION_PARAMS: Mapping[str, Parser] = {
    "user_ids": words,
    "user_emails": words,
    "scenario_ids": words,
    "collection_ids": words,
    "skill_ids": words,
    "program_ids": words,
    "group_ids": words,
    "rank": choices(*RANKS),
    "start_date": moment,
    "end_date": moment,
    "exclude_system_users": flag,
    "sorting": one_of(*ORDERS),
}


def select(world: World, values: Values) -> list[Session]:
    """The sessions that GET /sessions with these parameters is about, in Exec's order."""
    start, end = values.get("start_date"), values.get("end_date")
    users = among_users(world, values)
    scenarios = _among_scenarios(world, values)
    if users is None:
        rows = between(world.sessions.all, start, end)
    else:
        own = (world.sessions.by_user.get(each, []) for each in users)
        rows = [row for each in own for row in between(each, start, end)]
    if scenarios is not None:
        rows = [row for row in rows if row.scenario_id in scenarios]
    if programs := values.get("program_ids"):
        tasks = [task for task in world.assignments if task.program_id in programs]
        pairs = {(task.user_id, task.scenario_id) for task in tasks}
        rows = [row for row in rows if (row.user_id, row.scenario_id) in pairs]
    if ranks := values.get("rank"):
        rows = [row for row in rows if row.rank in ranks]
    if values.get("exclude_system_users"):
        system = {person.id for person in world.people.values() if person.is_system}
        rows = [row for row in rows if row.user_id not in system]
    sorting = values.get("sorting", "-created_at")
    if users is not None or sorting != "-created_at":  # all sessions are newest first already
        rows.sort(key=ORDERS[sorting])
    return rows


def among_users(world: World, values: Values) -> Ids:
    """The people named by id or e-mail, as far as they are in one of the groups named."""
    named, emails, groups = (values.get(each) for each in ("user_ids", "user_emails", "group_ids"))
    people = None
    if named is not None or emails is not None:
        by_email = {person.email: person.id for person in world.people.values()}
        people = {*(named or ()), *(by_email[each] for each in emails or () if each in by_email)}
    members = None
    if groups is not None:
        members = {user_id for each in groups for user_id in world.rosters.get(each, ())}
    return _narrow(people, members)


def _among_scenarios(world: World, values: Values) -> Ids:
    """The scenarios named by id, by skill and by collection: those that are in all of these."""
    return _narrow(
        values.get("scenario_ids"),
        _bundled(world.skills, values.get("skill_ids")),
        _bundled(world.collections, values.get("collection_ids")),
    )


def _bundled(bundles: Mapping[str, Bundle], ids: Iterable[str] | None) -> Ids:
    """The scenarios of any of these skills or collections."""
    if ids is None:
        return None
    return {one for key in ids if key in bundles for one in bundles[key].scenario_ids}


def _narrow(*several: Iterable[str] | None) -> Ids:
    known = [set(each) for each in several if each is not None]
    return set.intersection(*known) if known else None


# The lists.

# All rows in order, and how one becomes JSON: only the rows of the page are described.
Found = tuple[Sequence[Any], Callable[[Any], Json]]
_PAGING: Mapping[str, Parser] = {"page": _page_number, "page_size": _page_number}
_PARAMS: Mapping[str, Mapping[str, Parser]] = {
    "/sessions": SESSION_PARAMS,
    "/workspace/members": {"group_ids": words},
    "/workspace/groups": {},
    "/scenarios": {
        "include": choices("skills"),
        "include_archived": flag,
        "collection_ids": words,
        "skill_ids": words,
    },
    "/scenarios/assignments": {"user_ids": words},
    "/skills": {"include": choices("proficiency")},
    "/collections": {},
    "/skills/{id}/proficiency": {
        "user_ids": words,
        "group_ids": words,
        "exclude_system_users": flag,
    },
}


class Lists:
    """Answers the lists of one world. It knows those that the bot asks for, and refuses others."""

    def __init__(self, world: World) -> None:
        self._world = world

    def page(
        self,
        path: str,
        pairs: Pairs,
        now: datetime,
        before: Callable[[], object] = lambda: None,
    ) -> Json | None:
        """A page as Exec sends it, empty beyond the last one; None where there is no such list.

        `before` is called once the request is known to be valid, just before its rows are chosen.
        Raises BadRequest.
        """
        skill = re.fullmatch(r"/skills/([^/]+)/proficiency", path)
        if skill is not None and skill[1] not in self._world.skills:
            return None
        params = _PARAMS.get("/skills/{id}/proficiency" if skill else path)
        if params is None:
            return None
        values = parse(pairs, {**params, **_PAGING})
        page, size = values.pop("page", 1), values.pop("page_size", DEFAULT_PAGE_SIZE)
        before()
        rows, shape = (
            self._proficiency(self._world.skills[skill[1]], values, now)
            if skill
            else self._rows(path, values, now)
        )
        return {
            "data": [shape(row) for row in rows[(page - 1) * size : page * size]],
            "pagination": {
                "page": page,
                "page_size": size,
                "total_count": len(rows),
                "total_pages": ceil(len(rows) / size),
            },
        }

    def _rows(self, path: str, values: Values, now: datetime) -> Found:
        world = self._world
        match path:
            case "/sessions":
                return select(world, values), lambda row: shapes.session(world, row)
            case "/workspace/members":
                ids = among_users(world, values)
                people = world.members.values()
                return [one for one in people if ids is None or one.id in ids], shapes.member
            case "/workspace/groups":
                return list(world.groups.values()), shapes.group
            case "/scenarios":
                with_skills = "include" in values
                return _scenarios(world, values), lambda one: shapes.scenario(
                    world, one, with_skills=with_skills
                )
            case "/scenarios/assignments":
                return _assignments(world, values), lambda one: shapes.assignment(world, one, now)
            case "/collections":
                return _alphabetical(world.collections), shapes.collection
        if "include" not in values:
            return _alphabetical(world.skills), shapes.skill
        return _alphabetical(world.skills), lambda one: {
            **shapes.skill(one),
            "proficiency_summary": summary(world, one, now),
        }

    def _proficiency(self, skill: Bundle, values: Values, now: datetime) -> Found:
        among = among_users(self._world, values)
        system = not values.get("exclude_system_users")
        return observed(self._world, skill, now, among, system=system), entry


def _scenarios(world: World, values: Values) -> list[Scenario]:
    ids, archived = _among_scenarios(world, values), values.get("include_archived")
    return [
        one
        for one in world.scenarios.values()
        if (archived or not one.archived) and (ids is None or one.id in ids)
    ]


def _alphabetical(bundles: Mapping[str, Bundle]) -> list[Bundle]:
    return sorted(bundles.values(), key=lambda one: (one.name, one.id))


def _assignments(world: World, values: Values) -> list[Assignment]:
    """Newest first, equal moments by id."""
    users = among_users(world, values)
    rows = [task for task in world.assignments if users is None or task.user_id in users]
    return sorted(rows, key=lambda task: (-task.created_at.timestamp(), task.id))


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
