"""A generated company of any size, and a minimal Exec that serves its sessions.

A session follows from its day and time alone, so a day is generated only when it is read.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, product
from typing import Any, TypeAlias

import httpx

from bot.demo.exec_server import Limits

SCENARIOS, SKILLS, COLLECTIONS = 25, 5, 3
GROUPS = {60: 5, 500: 50, 5_000: 300}
USED = 3  # one of so many groups
ASSIGNED, TASKS = 5, 3  # one person of five has three assignments
WEEKLY, WORKDAYS = 4, 5  # sessions of a person
OPENS, OPEN_FOR = time(9, tzinfo=UTC), timedelta(hours=9)
UNGRADED, LATE = 0.08, 0.05
GRADED_AFTER = timedelta(minutes=1)
LATE_FROM, LATE_UNTIL = timedelta(minutes=20), timedelta(hours=4)
# In a small company more than 0.5% is corrected, so that there is something to count.
CORRECTED, CORRECTED_WEEKLY = 0.005, 100
CORRECTED_WITHIN = timedelta(days=7)
ANSWER_TAKES = timedelta(seconds=0.3)
COUNTED = 601  # nobody reads more pages by number than six
UNUSED = {"page", "page_size", "include", "include_archived", "exclude_system_users"}
Row: TypeAlias = dict[str, Any]


@dataclass(slots=True)
class Clock:
    """A simulated clock."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A session, when it is graded and corrected, and whether the correction deletes it."""

    id: str
    person: int
    scenario: int
    created_at: datetime
    graded_at: datetime | None
    corrected_at: datetime | None
    is_deleted: bool

    def rank(self, now: datetime) -> str | None:
        """Its rank at a time; "" once it is deleted."""
        if self.corrected_at is not None and self.corrected_at <= now:
            return "" if self.is_deleted else "gold"
        return "silver" if self.graded_at is not None and self.graded_at <= now else None

    def row(self, now: datetime) -> Row | None:
        """Exec's row for it at a time; None once it is deleted."""
        rank = self.rank(now)
        return None if rank == "" else {
            "id": self.id,
            "user": person(self.person),
            "scenario": thing("s", self.scenario),
            "score": rank and (95 if rank == "gold" else 75),
            "rank": rank,
            "duration_seconds": 300,
            "is_valid_attempt": rank is not None,
            "created_at": self.created_at.isoformat(),
        }  # fmt: skip


def person(number: int) -> Row:
    return {
        "id": f"p{number}",
        "email": f"p{number}@acme.com",
        "first_name": "Person",
        "last_name": str(number),
    }


def thing(kind: str, number: int) -> Row:
    """A group, scenario, skill or collection."""
    return {"id": f"{kind}{number}", "name": f"{kind} {number}", "slug": f"{kind}-{number}"}


@dataclass(slots=True)
class Company:
    """People who practice at random times between 9 and 18 on weekdays, from `founded` on."""

    people: int
    clock: Clock
    founded: datetime
    refused: int = 0
    _limits: Limits = field(default_factory=lambda: Limits(60, 1000))
    _days: dict[date, list[Attempt]] = field(default_factory=dict)

    @property
    def groups(self) -> int:
        return GROUPS.get(self.people, max(1, self.people // 12))

    def day(self, day: date) -> list[Attempt]:
        """The sessions of a day, oldest first, including those still to come."""
        if day not in self._days:
            rng = random.Random(f"{self.people} {day}")
            wanted = self.people * WEEKLY // WORKDAYS if day.weekday() < WORKDAYS else 0
            opens = datetime.combine(day, OPENS)
            moments = sorted(opens + OPEN_FOR * rng.random() for _ in range(wanted))
            attempts = [self._attempt(rng, f"{day}_{n}", at) for n, at in enumerate(moments)]
            self._days[day] = attempts
        return self._days[day]

    def _attempt(self, rng: random.Random, id_: str, at: datetime) -> Attempt:
        graded_at = corrected_at = None
        if rng.random() >= UNGRADED:
            graded_at = at + GRADED_AFTER
            if rng.random() < LATE:
                graded_at = at + LATE_FROM + (LATE_UNTIL - LATE_FROM) * rng.random()
            elif rng.random() < max(CORRECTED, CORRECTED_WEEKLY / (self.people * WEEKLY)):
                corrected_at = graded_at + CORRECTED_WITHIN * rng.random()
        whose, scenario = rng.randrange(self.people), rng.randrange(SCENARIOS)
        return Attempt(id_, whose, scenario, at, graded_at, corrected_at, rng.random() < 0.5)

    def attempts(
        self, start: datetime, end: datetime, *, newest_first: bool = False
    ) -> Iterator[Attempt]:
        """The sessions of a period, including both ends."""
        days = range((end.date() - start.date()).days + 1)
        for number in reversed(days) if newest_first else days:
            of_day = self.day(start.date() + timedelta(days=number))
            low = bisect_left(of_day, start, key=lambda attempt: attempt.created_at)
            high = bisect_right(of_day, end, key=lambda attempt: attempt.created_at)
            yield from reversed(of_day[low:high]) if newest_first else of_day[low:high]

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """Exec's response to a request."""
        self.clock.now += ANSWER_TAKES
        if wait := self._limits.refuse(self.clock()):
            self.refused += 1
            return httpx.Response(429, json={"retry_after": wait})
        path, params = request.url.path, dict(request.url.params)
        if path.startswith("/sessions/"):
            day, number = path.removeprefix("/sessions/").split("_")
            row = self.day(date.fromisoformat(day))[int(number)].row(self.clock())
            return httpx.Response(200, json=row) if row else httpx.Response(404)
        filters = {name: value for name, value in params.items() if name not in UNUSED}
        rows = list(self._rows(path, filters))
        if filters:
            raise ValueError(f"{path} has no filter {', '.join(filters)}")
        size = int(params["page_size"])
        start = (int(params["page"]) - 1) * size
        page = {"data": rows[start : start + size], "pagination": {"total_count": len(rows)}}
        return httpx.Response(200, json=page)

    def _rows(self, path: str, filters: dict[str, str]) -> Iterable[Row]:
        """The filtered rows of a list. Removes the filters that it applies."""
        people: range | set[int] = range(self.people)
        if group := filters.pop("group_ids", ""):
            people = range(int(group[1:]), self.people, self.groups)
        if users := filters.pop("user_ids", ""):
            people = {int(user[1:]) for user in users.split(",")}
        match path:
            case "/sessions":
                return islice(self._sessions(people, filters), COUNTED)
            case "/workspace/members":
                return [person(number) for number in people]
            case "/workspace/groups":
                return [thing("g", number) for number in range(self.groups)]
            case "/scenarios":
                step = COLLECTIONS if "collection_ids" in filters else 1
                start = int(filters.pop("collection_ids", "c0")[1:])
                inside = range(start, SCENARIOS, step)
                return [{**thing("s", n), "skills": [thing("k", n % SKILLS)]} for n in inside]
            case "/skills":
                return [thing("k", number) for number in range(SKILLS)]
            case "/collections":
                return [thing("c", number) for number in range(COLLECTIONS)]
            case "/scenarios/assignments":
                pairs = product(
                    (number for number in people if number % ASSIGNED == 0), range(TASKS)
                )
                return [
                    {"id": f"a{number}_{n}", "user": person(number), "scenario": thing("s", n)}
                    for number, n in pairs
                ]
        raise ValueError(path)

    def _sessions(self, people: range | set[int], filters: dict[str, str]) -> Iterator[Row]:
        now = self.clock()
        start = max(self.founded, datetime.fromisoformat(filters.pop("start_date")))
        end = min(now, datetime.fromisoformat(filters.pop("end_date")))
        newest_first = filters.pop("sorting", "-created_at") == "-created_at"
        for attempt in self.attempts(start, end, newest_first=newest_first):
            if attempt.person in people and (row := attempt.row(now)):
                yield row
