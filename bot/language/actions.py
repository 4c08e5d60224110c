"""What people may ask for in words that is no report: a button that does it, or a sentence."""

from __future__ import annotations

from bot.language.account import Row
from bot.language.filters import KEYS

_PEOPLE = frozenset(("who", "group", "without", "mine"))


def _row(name: str, takes: frozenset[str] = frozenset(), tells: str = "", *also: str) -> Row:
    return Row(name, also, takes, frozenset(tells.split()), is_action=True)


ACTIONS = (
    _row("hello", tells="hello thanks help-me you doing"),
    _row("thanks", tells="hello thanks help-me you doing"),
    _row("help", tells="hello thanks help-me you doing practice session score"),
    _row("stop", tells="stop you alert post nudge not when talk"),
    _row("hide", frozenset(("who",)), "hide rank post not"),
    _row("seen", frozenset(("who",)), "seen looked session score feedback practice coach not who-all "
         "group you hide average recent"),
    _row("audit", frozenset(("who", "period")), "looked session score who-all recent practice"),
    _row("nudge", _PEOPLE | {"scenario"}, "nudge practice talk not who-all session not-practice"),
    _row("alert", KEYS - {"page", "sort", "without", "session"} | {"mine"},
         "alert improve practice not-practice session score average overdue best recent not start "
         "slip who-all"),
    _row("post", frozenset(KEYS | {"mine", "schedule"}),
         "post group you rank session practice doing"),
    _row("talk", frozenset(("who", "group", "mine", "period")),
         "struggle help-me talk who-all coach doing praise practice slip"),
    _row("coaches", frozenset(("who", "group", "mine")), "coach group who-all you"),
)  # fmt: skip
