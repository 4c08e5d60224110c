"""Time zones by the names that people use."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from bot.language.text import MOST_OFFERED, nearest_words

# These differ between machines or mean nothing; EST and the like are fixed offsets without daylight
# saving time, which isn't what people mean.
_NO_PLACES = frozenset({"localtime", "posixrules", "Factory", "EST", "MST", "HST"})
# What people mean by abbreviations; the zones with these names have no daylight saving time.
ABBREVIATIONS = {
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
# Zones by their names in messages (`dates.zone_name`).
_NAMES = {
    "pacific_time": "America/Los_Angeles",
    "mountain_time": "America/Denver",
    "central_time": "America/Chicago",
    "eastern_time": "America/New_York",
    "british_time": "Europe/London",
    "central_european_time": "Europe/Berlin",
}
_SHORTEST = 5  # shorter names are too similar


def zones_named(said: str) -> tuple[str, ...]:
    """The zones with that name: "Europe/Berlin", "berlin", "new york", in any case.

    Several zones may share a last part, such as Istanbul.
    """
    return _known().get(_key(said), ())


def zones_near(said: str) -> tuple[str, ...]:
    """The zones whose names are a few typos away, at most four."""
    key = _key(said)
    if key in ABBREVIATIONS:
        return (ABBREVIATIONS[key],)
    # CET and EST, or GMT+5 and GMT+6, are one typo but hours apart.
    if len(key) < _SHORTEST or not key.replace("_", "").replace("/", "").isalpha():
        return ()
    found = (name for near in nearest_words(key, _known()) for name in _known()[near])
    return tuple(dict.fromkeys(found))[:MOST_OFFERED]


@cache
def _known() -> dict[str, tuple[str, ...]]:
    names = sorted(available_timezones() - _NO_PLACES)
    known: dict[str, tuple[str, ...]] = {}
    for name in names:
        # Not Etc/GMT+5, which is five hours behind UTC although people mean ahead.
        if "/" in name and not name.startswith("Etc/"):
            city = _key(name.rpartition("/")[2])
            known[city] = (*known.get(city, ()), name)
    called = {said: (name,) for said, name in _NAMES.items()}
    return known | called | {_key(name): (name,) for name in names}


def _key(said: str) -> str:
    return "_".join(said.strip("()").casefold().split())
