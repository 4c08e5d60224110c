"""Whatever people type, in a company of 1,000: the bot answers others meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa

from bot.demo.world import World
from bot.storage.tables import coaching, member, scenario, team, team_member
from tests.watch import watched
from tests.workspace import NOW, Workspace

# Some 230,000 of these draw the answer to an honest question.
MOST_CALLS = 500_000
PEOPLE, THINGS = 1_000, 100
EVERYBODY = "g0"  # the group of all of them
FIRST = ("Anna", "Ben", "Carla", "David", "Eva", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Karl")


def name_of(number: int) -> str:
    last = "".join(chr(97 + number // 11 * prime % 26) for prime in (3, 7, 11, 19, 23))
    return f"{FIRST[number % len(FIRST)]} {last.title()}"


def the_company(world: World) -> dict[sa.Table, list[dict[str, Any]]]:
    """What the bot holds of a company of 1,000 people, 100 groups and 100 scenarios."""
    here = [(p.id, p.email, p.name, p.role) for p in world.members.values()]
    others = [(f"m{n}", f"p{n}@acme.com", name_of(n), "member") for n in range(PEOPLE)]
    people = [*here, *others]
    bob = world.person("bob@acme.com").id
    return {
        member: [
            {**dict(zip(("id", "email", "name", "role"), each, strict=True)), "is_listed": True}
            for each in people
        ],
        team: [
            {"id": f"g{n}", "name": f"Group {name_of(n)}", "members_at": NOW} for n in range(THINGS)
        ],
        scenario: [
            {"id": f"s{n}", "name": f"Call {name_of(n)}", "slug": f"call-{n}", "is_listed": True}
            for n in range(THINGS)
        ],
        team_member: [{"team_id": EVERYBODY, "member_id": id_} for id_, *_ in people],
        coaching: [
            {
                "coach_id": bob,
                "kind": "group",
                "subject_id": EVERYBODY,
                "added_by": "U1",
                "added_at": NOW,
            }
        ],
    }


def joined(pattern: str, count: int) -> str:
    return " ".join(pattern.format(n=n, name=name_of(n * 7)) for n in range(count))


LONG = 7_900  # Slack takes 8,000 characters
ATTACKS: Mapping[str, tuple[str, str]] = {
    "an honest question": ("ana", "sessions last 7d"),
    "everything, 100 rows of it": ("ana", "sessions last 20d best"),
    "a group of all": ("bob", f"sessions group:{EVERYBODY} last 30d"),
    "960 words": ("ana", "sessions " + "ab cd " * 330),
    "a word of 8,000": ("ana", "a" * LONG),
    "characters that become eighteen": ("ana", "\ufdfa" * LONG),
    "help with these": ("jane", "help " + "\ufdfa" * LONG),
    "a name of 640 words": ("ana", 'sessions "' + "ab cd " * 320 + '"'),
    "a name in one long word": ("bob", 'sessions "' + "a" * 1_900 + '"'),
    "many names": ("ana", "sessions " + joined('"{name}x"', 90)),
    "many mentions": ("jane", "sessions " + joined("<@U9{n:05}>", 150)),
    "operators": ("ana", "sessions " + "score>=" * 275),
    "many handles": ("ana", "sessions " + joined("@an{n}", 199)),
    "many groups": ("ana", "sessions " + joined("group:zz{n}", 150)),
    "many that are known": ("ana", "sessions " + joined("group:g{n}", 150)),
    "periods": ("jane", "sessions " + "q1 " * 199),
    "gold or gold": ("ana", "sessions " + "gold or " * 99),
    "an open quotation mark": ("bob", 'sessions "' + "Anna " * 190),
    "ampersands": ("ana", "&amp;" * (LONG // 5)),
    "coach add": ("ana", "coach add " + joined('"{name}x"', 90)),
    "digest of many words": ("ana", 'digest "' + "ab cd " * 320 + '"'),
    "digest in many zones": ("ana", "digest g1 every monday 9:00 " + "Europe/Berlinn " * 120),
}


async def hold_the_company(workspace: Workspace) -> None:
    async with workspace.bot.db.transaction() as connection:
        for table in reversed((*the_company(workspace.world),)):
            await connection.execute(table.delete())
        for table, rows in the_company(workspace.world).items():
            await connection.execute(sa.insert(table), rows)


async def test_nothing_that_people_type_holds_up_the_others(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.caches.with_threads", True)  # statements are not the loop's
    await hold_the_company(workspace)
    too_much: dict[str, int] = {}
    for who in ("ana", "bob", "jane"):
        await workspace.ask(who, "sessions last 1d")  # what is compiled and made once
    with watched() as loop:
        for attack, (who, words) in ATTACKS.items():
            loop.forget()
            answer = await workspace.ask(who, words)
            assert "went wrong" not in answer.text
            if loop.most > MOST_CALLS:
                too_much[attack] = loop.most
        assert too_much == {}
