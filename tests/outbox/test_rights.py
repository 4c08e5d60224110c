"""Who may have what sent where, and who may change it: one table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot import access
from bot.access import AccountType, Asker, Visibility
from bot.errors import NotAllowed
from bot.language.query import Kind, Member, Named, ResolvedQuery
from bot.outbox.plans import COACH, ME, Plan, Subscription, team_ask
from bot.outbox.rights import (
    OPEN,
    Audience,
    may_change,
    may_stop,
    require_change,
    why_not,
)

THEN = datetime(2026, 3, 16, tzinfo=UTC)
WEST = team_ask("west")
SHARED, WITH_GUESTS = Audience(shared=True), Audience(shared=False, guests=2)


def asker(
    user_id: str, account_type: AccountType = AccountType.FULL, role: str = "member"
) -> Asker:
    member = Member(user_id.lower(), f"{user_id}@acme.test", user_id, role)
    in_exec = member if account_type is AccountType.FULL else None
    return Asker("T1", user_id, user_id, member.email, account_type, ZoneInfo("UTC"), in_exec)


def seen(who: Asker, *people: str, groups: tuple[str, ...] = ()) -> Visibility | None:
    try:
        return access.visibility(who, frozenset(people), frozenset(groups))
    except NotAllowed:
        return None


def both(who: Asker, *people: str, groups: tuple[str, ...] = ()) -> tuple[Asker, Visibility | None]:
    return who, seen(who, *people, groups=groups)


PEOPLE = {
    "self": both(asker("JANE")),
    "coach": both(asker("ANA"), "jane", "bob", groups=("west",)),
    "coach of people": both(asker("PIA"), "jane"),
    "coach of another group": both(asker("OLE"), "eve", groups=("east",)),
    "admin": both(asker("ADA", role="admin")),
    "admin who coaches": both(asker("ALI", role="admin"), "jane", groups=("west",)),
    "guest": both(asker("GIL", AccountType.GUEST)),
    "stranger": both(asker("STU", AccountType.STRANGER)),
    "switched off": both(asker("OFF", AccountType.DEACTIVATED)),
    "coach who left Exec": both(asker("LEO", role="removed"), "jane", groups=("west",)),
    "unknown to Exec": (Asker("T1", "X", "X", "x@", AccountType.FULL, ZoneInfo("UTC"), None), None),
}
# A group's digest in a channel, the same in a shared one, a coach's message, one's own week;
# to change and to stop the digest that the coach owns, and to change the coach's own message.
TABLE = {
    "self": "no_right no_right no_people yes no no no",
    "coach": "yes shared_channel yes yes yes yes yes",
    "coach of people": "no_right no_right yes yes no no no",
    "coach of another group": "no_right no_right yes yes no no no",
    "admin": "yes shared_channel no_people yes yes yes no",
    "admin who coaches": "yes shared_channel yes yes yes yes no",
    "guest": "owner_is_guest owner_is_guest owner_is_guest owner_is_guest no no no",
    "stranger": "owner_left owner_left owner_left owner_left no no no",
    "switched off": "owner_left owner_left owner_left owner_left no no no",
    "coach who left Exec": "not_in_exec not_in_exec not_in_exec not_in_exec no no no",
    "unknown to Exec": "not_in_exec not_in_exec not_in_exec not_in_exec no no no",
}


def one(ask: str, owner: str, place: str = "C1", team: str = "T1") -> Subscription:
    return Subscription("s1", team, owner, Plan(place, "daily 9:00", "UTC", ask), THEN, THEN)


@pytest.mark.parametrize("name", TABLE)
def test_who_may_what(name: str) -> None:
    who, visibility = PEOPLE[name]
    asks = [(WEST, OPEN), (WEST, SHARED), (COACH, OPEN), (ME, OPEN)]
    found = [why_not(who, visibility, ask, place) or "yes" for ask, place in asks]
    nothing = Visibility(everyone=False)
    channels, own = one(WEST, "ANA"), one(COACH, "ANA", "ANA")
    for may in (
        may_change(who, visibility or nothing, channels),
        may_stop(who, visibility or nothing, channels),
        may_change(who, visibility or nothing, own),
    ):
        found.append("yes" if may else "no")
    assert found == TABLE[name].split()


def test_whoever_subscribed_it_may_stop_it_even_without_the_right() -> None:
    who, visibility = PEOPLE["self"]
    assert visibility is not None
    digest = one(WEST, "JANE")
    assert may_stop(who, visibility, digest)
    assert not may_change(who, visibility, digest)
    require_change(who, visibility, digest, stop=True)
    with pytest.raises(NotAllowed, match="Only admins and coaches"):
        require_change(who, visibility, digest)


def test_another_teams_is_nobodys_here() -> None:
    who, visibility = PEOPLE["admin"]
    assert visibility is not None
    assert not may_stop(who, visibility, one(WEST, "ADA", team="T2"))


def in_groups(*ids: str) -> ResolvedQuery:
    return ResolvedQuery(None, tuple(Named(Kind.GROUP, id_, id_) for id_ in ids))


PIA = tuple(Member(id_, "", id_) for id_ in ("jane", "bob", "eve"))


@pytest.mark.parametrize(
    ("asked", "may"),
    [
        (in_groups("west"), True),
        (in_groups("far"), True),
        (in_groups("far", "west"), True),
        (in_groups("east"), False),
        (in_groups("far", "east"), False),
        (ResolvedQuery(PIA), True),
        (ResolvedQuery(None), False),
    ],
)
def test_while_it_cannot_be_told_who_is_in_a_group_its_coach_keeps_what_they_have(
    asked: ResolvedQuery, may: bool
) -> None:
    who, visibility = PEOPLE["coach"]
    assert visibility is not None
    unsure = replace(visibility, unsure=frozenset({"far"}))
    assert (why_not(who, unsure, "sessions", asked=asked) is None) is may
