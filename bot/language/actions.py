"""Requests that aren't reports, such as "nudge Sam". Their answer is a button or a sentence."""

from __future__ import annotations

from bot.language.account import Intent
from bot.language.filters import KEYS
from bot.language.query import Sees
from bot.language.vocabulary import PHRASES, Role

_WHO = frozenset(("who",))
_PEOPLE = frozenset(("who", "group", "without", "mine"))
# For posting any report: the other words are read when it is set up.
_ANYTHING = " ".join({value for role, value in PHRASES.values() if role is Role.MEANING})


_LEADS: frozenset[Sees] = frozenset(("people", "everybody"))
_ADMINS: frozenset[Sees] = frozenset(("everybody",))
_ALL: frozenset[Sees] = _LEADS | {"own"}


def _intent(
    name: str,
    covers: str,
    takes: frozenset[str] = frozenset(),
    *,
    words: str = "",
    to: frozenset[Sees] = _ALL,
) -> Intent:
    meanings = frozenset(covers.split())
    return Intent(name, takes=takes, covers=meanings, is_action=True, words=words, offered_to=to)


ACTIONS = (
    _intent("hello", "hello thanks help-me you doing"),
    _intent("thanks", "hello thanks help-me you doing"),
    _intent("help", "hello thanks help-me you doing practice session score"),
    _intent("numbers", _ANYTHING, KEYS, words="help numbers"),
    _intent("stop", "stop you alert post nudge not when talk", _WHO),
    _intent("hide", "hide rank post not", _WHO, words="me unnamed"),
    _intent("seen", _ANYTHING, _WHO, words="help privacy"),
    _intent("audit", "looked session score who-all recent practice", _WHO | {"group", "period"}),
    _intent(
        "nudge",
        "nudge practice talk not who-all session not-practice assignment overdue due finish done "
        "start",
        _PEOPLE | {"scenario"},
        to=_LEADS,
    ),
    _intent(
        "alert",
        "alert improve practice not-practice session score average overdue best recent not start "
        "slip who-all",
        (KEYS - {"page", "sort", "without", "session"}) | {"mine"},
        to=_LEADS,
    ),
    _intent("post", _ANYTHING, KEYS | {"mine"}, words="digest", to=_LEADS),
    _intent(
        "talk",
        "struggle help-me talk who-all coach doing praise practice slip nudge",
        _PEOPLE | {"period"},
        words="who should I talk to",
        to=_LEADS,
    ),
    _intent("coaches", "coach group who-all you", _PEOPLE, words="who is my coach"),
    _intent("coach add", "", _PEOPLE, words="help coaching", to=_ADMINS),
    _intent("coach remove", "", _PEOPLE, words="help coaching", to=_ADMINS),
    # Only offered: no rule leads to them.
    _intent("status", "", to=_ADMINS),
    _intent("digest list", "", to=_LEADS),
    _intent("link", "", words="help asking", to=_ADMINS),
    _intent("forget", "", words="help bot"),
    _intent("about", "", words="help bot"),
    _intent("mute", "", words="me muted"),
    _intent("export", "", words="help asking"),
)
