"""Requests that aren't reports, such as "nudge Sam". Their answer is a button or a sentence."""

from __future__ import annotations

from bot.language.account import Intent
from bot.language.filters import KEYS
from bot.language.vocabulary import PHRASES, Role

_WHO = frozenset(("who",))
_PEOPLE = frozenset(("who", "group", "without", "mine"))
# For posting any report: the other words are read when it is set up.
_ANYTHING = " ".join({value for role, value in PHRASES.values() if role is Role.MEANING})


def _intent(name: str, covers: str, takes: frozenset[str] = frozenset()) -> Intent:
    return Intent(name, takes=takes, covers=frozenset(covers.split()), is_action=True)


ACTIONS = (
    _intent("hello", "hello thanks help-me you doing"),
    _intent("thanks", "hello thanks help-me you doing"),
    _intent("help", "hello thanks help-me you doing practice session score"),
    _intent("numbers", _ANYTHING, KEYS),
    _intent("stop", "stop you alert post nudge not when talk", _WHO),
    _intent("hide", "hide rank post not", _WHO),
    _intent("seen", _ANYTHING, _WHO),
    _intent("audit", "looked session score who-all recent practice", _WHO | {"group", "period"}),
    _intent(
        "nudge",
        "nudge practice talk not who-all session not-practice assignment overdue due finish done "
        "start",
        _PEOPLE | {"scenario"},
    ),
    _intent(
        "alert",
        "alert improve practice not-practice session score average overdue best recent not start "
        "slip who-all",
        (KEYS - {"page", "sort", "without", "session"}) | {"mine"},
    ),
    _intent("post", _ANYTHING, KEYS | {"mine"}),
    _intent(
        "talk",
        "struggle help-me talk who-all coach doing praise practice slip nudge",
        _PEOPLE | {"period"},
    ),
    _intent("coaches", "coach group who-all you", _PEOPLE),
    _intent("coach add", "", _PEOPLE),
    _intent("coach remove", "", _PEOPLE),
)
