"""Requests that aren't reports, such as "nudge Sam". Their answer is a button or a sentence."""

from __future__ import annotations

from bot.language.account import Row
from bot.language.filters import KEYS
from bot.language.vocabulary import PHRASES, Role

_WHO = frozenset(("who",))
_PEOPLE = frozenset(("who", "group", "without", "mine"))
# For posting any report: the other words are read when it is set up.
_ANYTHING = " ".join({value for role, value in PHRASES.values() if role is Role.MEANING})


def _row(name: str, covers: str, takes: frozenset[str] = frozenset()) -> Row:
    return Row(name, takes=takes, covers=frozenset(covers.split()), is_action=True)


ACTIONS = (
    _row("hello", "hello thanks help-me you doing"),
    _row("thanks", "hello thanks help-me you doing"),
    _row("help", "hello thanks help-me you doing practice session score"),
    _row("numbers", _ANYTHING, KEYS),
    _row("stop", "stop you alert post nudge not when talk", _WHO),
    _row("hide", "hide rank post not", _WHO),
    _row("seen", _ANYTHING, _WHO),
    _row("audit", "looked session score who-all recent practice", _WHO | {"period"}),
    _row(
        "nudge",
        "nudge practice talk not who-all session not-practice assignment overdue due finish done "
        "start",
        _PEOPLE | {"scenario"},
    ),
    _row(
        "alert",
        "alert improve practice not-practice session score average overdue best recent not start "
        "slip who-all",
        (KEYS - {"page", "sort", "without", "session"}) | {"mine"},
    ),
    _row("post", _ANYTHING, KEYS | {"mine"}),
    _row(
        "talk",
        "struggle help-me talk who-all coach doing praise practice slip nudge",
        _PEOPLE | {"period"},
    ),
    _row("coaches", "coach group who-all you", _PEOPLE),
    _row("coach add", "", _PEOPLE),
    _row("coach remove", "", _PEOPLE),
)
