"""The judge: who sees whom, as a table. Who is whom comes from outside; nothing is looked up."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from bot.access import AccountType, Asker, Visibility, refuse, visibility
from bot.errors import NotAllowed
from bot.language.query import Member

ME, MINE, OTHER = (Member(id_, f"{id_}@acme.test", id_.title()) for id_ in ("me", "mine", "other"))
WEST, EAST = frozenset({"west"}), frozenset({"east"})
COACHED = frozenset({"mine", "me"})  # a coach may be in their own group


def asker(
    account_type: AccountType = AccountType.FULL,
    role: str = "member",
    *,
    in_exec: bool = True,
    named: bool = False,
    email: str = "me@acme.test",
) -> Asker:
    member = Member("me", "me@acme.test", "Me", role) if in_exec else None
    return Asker("T1", "U1", "Me", email, account_type, ZoneInfo("UTC"), member, named)


NOBODY: frozenset[str] = frozenset()
# Each sees: themselves, one of their people, another person, everyone, all of their group, all
# of another group.
WHO = {
    "self": (asker(), NOBODY, NOBODY, "yes no no no no no"),
    "coach of a group": (asker(), COACHED, WEST, "yes yes no no yes no"),
    "coach of people by name": (asker(), frozenset({"mine"}), NOBODY, "yes yes no no no no"),
    "coach of another group": (asker(), frozenset({"other"}), EAST, "yes no yes no no yes"),
    "admin in Exec": (asker(role="admin"), NOBODY, NOBODY, "yes yes yes yes yes yes"),
    "named admin": (asker(named=True), NOBODY, NOBODY, "yes yes yes yes yes yes"),
    "named admin, not in Exec": (
        asker(in_exec=False, named=True),
        NOBODY,
        NOBODY,
        "yes yes yes yes yes yes",
    ),
    "admin who coaches": (asker(role="admin"), COACHED, WEST, "yes yes yes yes yes yes"),
    "coach who left Exec": (asker(role="removed"), COACHED, WEST, "yes no no no no no"),
}


@pytest.mark.parametrize(("who", "coached", "groups", "sees"), WHO.values(), ids=WHO)
def test_who_sees_whom(
    who: Asker, coached: frozenset[str], groups: frozenset[str], sees: str
) -> None:
    seen = visibility(who, coached, groups)
    asked = [((ME,), NOBODY), ((MINE,), NOBODY), ((OTHER,), NOBODY), (None, NOBODY)]
    answers = [seen.covers(people, of) for people, of in asked]
    answers += [seen.covers(None, WEST), seen.covers(None, EAST)]
    assert ["yes" if each else "no" for each in answers] == sees.split()


def test_a_guest_sees_nothing_whatever_else_they_are() -> None:
    for who in (asker(AccountType.GUEST), asker(AccountType.GUEST, role="admin", named=True)):
        with pytest.raises(NotAllowed, match="Guests can't see"):
            visibility(who, COACHED, WEST)


OWN = "You can see only your own practice."
COACHED_TOO = (
    "I can't find Eve among the people you can see. Check the spelling, or ask an admin to add you "
    "as their coach."
)


@pytest.mark.parametrize(
    ("coached", "groups", "says"),
    [
        (NOBODY, NOBODY, OWN),
        (COACHED, WEST, COACHED_TOO),
        (frozenset({"mine"}), NOBODY, COACHED_TOO),
        (NOBODY, WEST, COACHED_TOO),
    ],
    ids=["nobody", "a group", "people by name", "a group that is empty"],
)
def test_a_refusal_says_what_is_theirs(
    coached: frozenset[str], groups: frozenset[str], says: str
) -> None:
    told = refuse("Eve", visibility(asker(), coached, groups)).sentence.plain()
    assert told == says


def test_all_must_be_theirs_and_no_group_is_not_everyone() -> None:
    seen = visibility(asker(), COACHED, WEST)
    assert seen.covers((ME, MINE))
    assert not seen.covers((ME, MINE, OTHER))
    assert not seen.covers(None, WEST | EAST)
    assert not seen.covers(None, NOBODY)
    assert not Visibility(everyone=False).covers(None)
