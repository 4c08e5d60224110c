"""Time zones by the names that people use."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from bot.language.text import MOST_OFFERED, nearest_words

# These differ between machines or mean nothing.
_NO_PLACES = frozenset({"localtime", "posixrules", "Factory"})
# What people call a zone, also in messages (`dates.zone_name`). The zones named EST, MST and HST
# have no daylight saving time, which isn't what people mean.
_NICKNAMES = {
    name: zone
    for zone, names in {
        "America/Los_Angeles": "pst pdt pacific_time",
        "America/Denver": "mst mdt mountain_time",
        "America/Chicago": "cst cdt central_time",
        "America/New_York": "est edt eastern_time",
        "Pacific/Honolulu": "hst",
        "Europe/London": "bst british_time",
        "Europe/Berlin": "cest central_european_time",
    }.items()
    for name in names.split()
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
    # CET and EST, or GMT+5 and GMT+6, are one typo but hours apart.
    if len(key) < _SHORTEST or not key.replace("_", "").replace("/", "").isalpha():
        return ()
    names = (name for near in nearest_words(key, _known()) for name in _known()[near])
    return tuple(dict.fromkeys(names))[:MOST_OFFERED]


@cache
def _known() -> dict[str, tuple[str, ...]]:
    names = sorted(available_timezones() - _NO_PLACES)
    known: dict[str, tuple[str, ...]] = {}
    for name in names:
        # Not Etc/GMT+5, which is five hours behind UTC although people mean ahead.
        if "/" in name and not name.startswith("Etc/"):
            city = _key(name.rpartition("/")[2])
            known[city] = (*known.get(city, ()), name)
    nicknames = {said: (name,) for said, name in _NICKNAMES.items()}
    return known | {_key(name): (name,) for name in names} | nicknames


def _key(said: str) -> str:
    return "_".join(said.strip("()").casefold().split())
