"""American spelling, for readers in the United States. Pure.

Only our own words are spelt by it, never a value: a scenario is called as it is in Exec.
"""

from __future__ import annotations

import re

from bot.language.dates import Dates, current

# The verb: the noun is spelt so everywhere. What stands behind a dot is the id of a button.
_PRACTISE = re.compile(r"(?<![.\w])(practi)s(?=e|ed|es|ing\b)", re.IGNORECASE)


def american(text: str) -> str:
    """ "has not practised" → "has not practiced"."""
    return _PRACTISE.sub(r"\1c", text)


def is_american() -> bool:
    """Whether what is written now is for a reader in the United States."""
    return current() is Dates.US


def spelt(text: str) -> str:
    """Our own words as their reader spells them."""
    return american(text) if is_american() else text
