"""When to look for new sessions without being asked: often when people ask and sessions arrive,
rarely at night. Pure."""

from __future__ import annotations

from datetime import timedelta

from bot.mirror.walking import PAGE_SIZE

# A page that new sessions nearly fill is due: whoever asks later would need two. It costs nothing
# besides, as these sessions have to be read once in any case; any earlier look does.
FULL = 0.8 * PAGE_SIZE
# How old the newest look may be: while people ask, in a quiet hour, and when nothing arrives.
WHILE_ASKED = timedelta(minutes=20)
QUIET = timedelta(hours=2)
NIGHT = timedelta(hours=6)
# For so long after a question, others are likely to follow.
ASKED_LATELY = timedelta(minutes=30)


def is_due(age: timedelta, *, expected: float, since_asked: timedelta | None) -> bool:
    """Whether to look now, when the newest look is `age` old and about `expected` sessions have
    come since; `since_asked` is how long ago somebody asked, None for never."""
    if since_asked is not None and since_asked <= ASKED_LATELY:
        longest = WHILE_ASKED
    else:
        longest = QUIET if expected >= 1 else NIGHT
    return age >= longest or (expected >= FULL and age >= timedelta(minutes=1))
