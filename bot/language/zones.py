"""Time zones by the names that people use for them."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from bot.language.text import MOST_OFFERED, nearest_words

# What these mean differs between machines, or they mean nothing; EST and the like are fixed offsets
# without summer time, which is not what people mean by them.
_NO_PLACES = frozenset({"localtime", "posixrules", "Factory", "EST", "MST", "HST"})
# The places that people mean by these; no zone of these names follows the summer time there.
SAID_IN = {
    "est": "America/New_York",
    "edt": "America/New_York",
    "cst": "America/Chicago",
    "cdt": "America/Chicago",
    "mst": "America/Denver",
    "mdt": "America/Denver",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "hst": "Pacific/Honolulu",
    "bst": "Europe/London",
    "cest": "Europe/Berlin",
}
# Some zones by what messages call them (`dates.zone_name`).
_CALLED = {
    "pacific_time": "America/Los_Angeles",
    "mountain_time": "America/Denver",
    "central_time": "America/Chicago",
    "eastern_time": "America/New_York",
    "british_time": "Europe/London",
    "central_european_time": "Europe/Berlin",
}
_SHORTEST = 5  # shorter names are all near each other


def zones_named(said: str) -> tuple[str, ...]:
    """The zones with that name: "Europe/Berlin", "berlin", "new york", in any case.

    Several zones may share a last part, such as Istanbul.
    """
    return _known().get(_key(said), ())


def zones_near(said: str) -> tuple[str, ...]:
    """The zones whose names are a few typing slips away, at most four."""
    key = _key(said)
    if key in SAID_IN:
        return (SAID_IN[key],)
    # Zones like CET and EST, GMT+5 and GMT+6 are a slip apart, and hours.
    if len(key) < _SHORTEST or not key.replace("_", "").replace("/", "").isalpha():
        return ()
    found = (name for near in nearest_words(key, _known()) for name in _known()[near])
    return tuple(dict.fromkeys(found))[:MOST_OFFERED]


@cache
def _known() -> dict[str, tuple[str, ...]]:
    names = sorted(available_timezones() - _NO_PLACES)
    known: dict[str, tuple[str, ...]] = {}
    for name in names:
        # "GMT+5" is five hours ahead to people, and Etc/GMT+5 five hours behind.
        if "/" in name and not name.startswith("Etc/"):
            city = _key(name.rpartition("/")[2])
            known[city] = (*known.get(city, ()), name)
    called = {said: (name,) for said, name in _CALLED.items()}
    return known | called | {_key(name): (name,) for name in names}


def _key(said: str) -> str:
    return "_".join(said.strip("()").casefold().split())
