"""Long and hostile questions in a company of 1,000 people don't delay other people's."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from bot.demo.world import World
from bot.storage.tables import coaching, member, scenario, team, team_member
from tests.office import NOW, Office
from tests.watch import watched

# Calls between two awaits; rendering an ordinary answer takes about 230,000.
MOST_CALLS = 500_000
PEOPLE, THINGS = 1_000, 100
EVERYBODY = "g0"  # the group of all of them
FIRST = ("Anna", "Ben", "Carla", "David", "Eva", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Karl")


def name_of(number: int) -> str:
    last = "".join(chr(97 + number // 11 * prime % 26) for prime in (3, 7, 11, 19, 23))
    return f"{FIRST[number % len(FIRST)]} {last.title()}"


def company(world: World) -> dict[sa.Table, list[dict[str, Any]]]:
    """Rows of 1,000 people, 100 groups and 100 scenarios."""
    here = [(p.id, p.email, p.name, p.role) for p in world.members.values()]
    others = [(f"m{n}", f"p{n}@acme.com", name_of(n), "member") for n in range(PEOPLE)]
    people = [*here, *others]
    bob = world.person("bob@acme.com").id
    return {
        member: [
            {**dict(zip(("id", "email", "name", "role"), person, strict=True)), "is_listed": True}
            for person in people
        ],
        team: [
            {"id": f"g{n}", "name": f"Group {name_of(n)}", "members_at": NOW} for n in range(THINGS)
        ],
        scenario: [
            {"id": f"s{n}", "name": f"Call {name_of(n)}", "slug": f"call-{n}", "is_listed": True}
            for n in range(THINGS)
        ],
        team_member: [{"team_id": EVERYBODY, "member_id": id_} for id_, *_ in people],
        coaching: [{"coach_id": bob, "kind": "group", "subject_id": EVERYBODY}],
    }


def repeat(pattern: str, count: int) -> str:
    return " ".join(pattern.format(n=n, name=name_of(n * 7)) for n in range(count))


LONG = 7_900  # characters; Slack takes 8,000
QUESTIONS = (
    ("ana", "sessions last 20d best"),
    ("bob", f"sessions group:{EVERYBODY} last 30d"),
    ("ana", "sessions " + "ab cd " * 330),
    ("ana", "\ufdfa" * LONG),  # each is eighteen characters once it is normalized
    ("ana", 'sessions "' + "ab cd " * 320 + '"'),
    ("ana", "sessions " + repeat('"{name}x"', 90)),
    ("jane", "sessions " + repeat("<@U9{n:05}>", 150)),
    ("ana", "sessions " + "score>=" * 275),
    ("ana", "sessions " + repeat("group:zz{n}", 150)),
    ("jane", "sessions " + "q1 " * 199),
    ("ana", "sessions " + "gold or " * 99),
    ("bob", 'sessions "' + "Anna " * 190),
    ("ana", "coach add " + repeat('"{name}x"', 90)),
    ("ana", "digest g1 every monday 9:00 " + "Europe/Berlinn " * 120),
)


@pytest.mark.usefixtures("sqlite_threads")
async def test_no_question_holds_up_other_people(office: Office) -> None:
    rows_of = company(office.world)
    async with office.bot.storage.db.transaction() as connection:
        for table in reversed(rows_of):
            await connection.execute(table.delete())
        for table, rows in rows_of.items():
            await connection.execute(sa.insert(table), rows)
    for who in ("ana", "bob", "jane"):
        await office.ask(who, "sessions last 1d")  # compiles what is compiled only once
    with watched() as loop:
        for who, words in QUESTIONS:
            loop.forget()
            answer = await office.ask(who, words)
            assert "went wrong" not in answer.text
            assert loop.most < MOST_CALLS, words[:60]
