"""Nothing is left of a forgotten person, and everything of everybody else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.language.filters import query_words
from bot.language.query import PersonKind, PersonRef, Query
from bot.storage.database import Database
from bot.storage.forget import find_traces, forget
from bot.storage.leases import hello_of
from bot.storage.tables import metadata
from tests.conftest import START

ANA, WEST, TEAM = "ana", "west", "T1"


@dataclass(frozen=True)
class Whose:
    id: str
    user: str
    first: str
    last: str

    @property
    def email(self) -> str:
        return f"{self.first}.{self.last}@acme.com".lower()

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


JANE, BOB = Whose("u-7d", "U0JANE", "Jane", "Smith"), Whose("u-9b", "U0BOB", "Bob", "Jones")


def rows_of(person: Whose) -> list[tuple[str, dict[str, Any]]]:
    """The rows of all tables that belong to a person or name them."""
    id_, user, no = person.id, person.user, person.first[::-1]  # which names nobody
    words = f"sessions {query_words(Query(people=(PersonRef(PersonKind.PERSON, id_),)))}"
    log = {"report": "team", "team_id": TEAM, "day": START.date()}
    own, anas = ({"team_id": TEAM, "user_id": user_id} for user_id in (user, "U0ANA"))
    plan = {"team_id": TEAM, "created_at": START}
    sent = {"planned_at": START, "try_at": START, "attempts": 1}
    done = sent | {"done_at": START}
    read = {"session_id": no, "member_id": id_, "created_at": START, "read_at": START}
    return [
        ("member", {"id": id_, "email": person.email, "name": person.name}),
        ("session", {"id": no, "created_at": 0, "member_id": id_}),
        ("feedback", read | {"body": {"positive_feedback": f"{person.first} asked"}}),
        ("team_member", {"team_id": WEST, "member_id": id_}),
        ("assignment", {"id": no, "member_id": id_}),
        ("person_setting", {"member_id": id_}),
        ("coaching", {"coach_id": id_, "kind": "group", "subject_id": WEST}),
        ("coaching", {"coach_id": ANA, "kind": "person", "subject_id": id_}),
        ("slack_user", own | {"type_at": START, "email": person.email, "name": person.name}),
        ("access_log", log | {"person_id": id_, "user_id": "U0ANA"}),
        ("access_log", log | {"person_id": ANA, "user_id": user, "name": person.name}),
        ("access_log", log | {"person_id": ANA, "user_id": person.email, "email": person.email}),
        ("subscription", plan | {"id": f"own {no}", "owner_id": user, "words": f"me {no}"}),
        ("subscription", plan | {"id": f"of {no}", "owner_id": "U0ANA", "words": words}),
        ("delivery", sent | {"id": f"1{no}", "subscription_id": f"own {no}", "place": "C1"}),
        ("delivery", sent | {"id": f"2{no}", "place": user}),
        ("delivery", sent | {"id": f"3{no}", "place": "C1", "owner_id": user, "words": words}),
        ("delivery", sent | {"id": f"4{no}", "place": "C1", "message": {"text": person.name}}),
        ("delivery", sent | {"id": f"5{no}", "place": "U0ANA", "about": id_}),
        ("delivery", done | {"id": f"6{no}", "place": "U0ANA", "facts": [["a", "gold", id_]]}),
        ("delivery", done | {"id": f"7{no}", "place": "C1", "message": {"text": person.first}}),
        ("alert", {"subscription_id": f"own {no}", "key": "k", "member_id": ANA, "at": START}),
        ("alert", {"subscription_id": "a", "key": no, "member_id": id_, "at": START}),
        ("lease", {"name": hello_of(TEAM, user), "expires_at": START}),
        ("lease", {"name": f"nudge:{id_}", "expires_at": START}),
        ("button", own | {"id": f"own {no}", "created_at": START, "data": {}}),
        ("button", anas | {"id": no, "created_at": START, "data": {"words": f"@{person.first}"}}),
        ("last_question", own | {"id": f"own {no}", "at": START, "data": {}}),
        ("last_question", anas | {"id": no, "at": START, "data": {"refused": person.name}}),
    ]


async def stored(database: Database) -> str:
    """The whole database as text."""
    lines = []
    for table in metadata.sorted_tables:
        lines += [f"{table.name} {tuple(row)}" for row in await database.rows(sa.select(table))]
    return "\n".join(lines)


@pytest.mark.parametrize("is_listed", [False, True])
async def test_somebody_who_is_forgotten_is_nowhere(database: Database, is_listed: bool) -> None:
    nobody = {"team", "scenario", "bundle", "scenario_of", "window", "request"}
    assert {name for name, _ in rows_of(JANE)} | nobody == metadata.tables.keys()
    for person in (JANE, BOB):
        for name, row in rows_of(person):
            more = {"is_listed": is_listed} if name == "member" else {}
            await database.write(sa.insert(metadata.tables[name]).values(row | more))
    before = await stored(database)
    traces = await find_traces(database, JANE.email.upper())
    assert (traces.sessions, traces.groups, traces.name) == (1, 1, JANE.name)
    assert await forget(database, traces) == 1
    after = await stored(database)
    marks = (JANE.id, JANE.user, JANE.first, JANE.last, JANE.email)
    left = [line for line in after.splitlines() if any(mark in line for mark in marks)]
    assert {line.split()[0] for line in left} == ({"team_member", "member"} if is_listed else set())
    assert f"own {JANE.first[::-1]}" not in after
    bobs = {line for line in before.splitlines() if BOB.id in line or BOB.first[::-1] in line}
    gone = {line.split()[0] for line in bobs - set(after.splitlines())}
    assert gone == {"button", "last_question", "delivery"}  # which may name anybody
    assert len(bobs) >= 24
    if database.is_sqlite and not is_listed:
        path = Path(database.url.database or "")
        written = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
        assert BOB.last.encode() in written
        assert not [mark for mark in (JANE.last, JANE.user, JANE.id) if mark.encode() in written]
    assert (await find_traces(database, "nobody@acme.com")).nothing
