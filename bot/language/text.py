"""What people typed: made plain, and compared with known words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.errors import TooLong

LIMIT = 2000
MOST_OFFERED = 4  # ways on that are offered at once

_STRAIGHT = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″‶〝〞＂", '"'),
        **dict.fromkeys("‘’‚‛′‵ʼ´`＇", "'"),
        **dict.fromkeys("‐‑‒–—―−⁃﹘﹣－", "-"),
        "⸺": "-",
        "⸻": "-",
        "≥": ">=",
        "≤": "<=",
    }
)
# Characters that show nothing although their category does not say so.
_INVISIBLE = frozenset("\u034f\u2800\u115f\u1160\u3164\uffa0") | {
    chr(c) for c in range(0xFE00, 0xFE10)
}
_HIDDEN_CATEGORIES = frozenset({"Cf", "Cs"})

_LINK = re.compile(
    r"<(?P<target>(?:https?://|mailto:|tel:)[^<>|]*)(?:\|(?P<label>[^<>]*))?>", re.IGNORECASE
)
_LINK_START = re.compile(r"<(?=https?://|mailto:|tel:)", re.IGNORECASE)
_ENTITY = re.compile(r"&(amp|lt|gt);")
_ENTITY_START = re.compile(r"&(?=(?:amp|lt|gt);)")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">"}

_SLACK = re.compile(
    r"<(?:@(?P<user>[UW][A-Z0-9]+)"
    r"|!subteam\^(?P<usergroup>S[A-Z0-9]+)"
    r"|\#(?P<channel>[A-Z0-9]+)"
    r"|!(?P<special>[^<>|]+))"
    r"(?:\|(?P<label>[^<>|]*))?>"
)
_UNNAMED = {"user": "someone", "usergroup": "user-group", "channel": "channel", "special": ""}
# Of an e-mail address in a text.
_DOMAIN = re.compile(r"(?<=\S)@[^\s@<>(),;]+\.[^\s@<>(),;]+")


# A question is read several times, and this is done character by character.
@lru_cache(maxsize=256)
def plain_text(text: str) -> str:
    """Text with straight quotes, simple dashes, single spaces and nothing that does not show."""
    text = unicodedata.normalize("NFKC", _visible(text).translate(_STRAIGHT))
    return " ".join(_visible(text.translate(_STRAIGHT)).split())


def shows(text: str) -> bool:
    """Whether there is anything to see in a text: a letter, a digit, a sign."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in plain_text(text))


def identifying(email: str) -> str:
    """An e-mail address as the key of a person, in lower case; "" if it cannot serve as one.

    Only ASCII can: lower case turns some other characters into ASCII (the Kelvin sign into k),
    and so one person's address into another's.
    """
    return email.lower() if email.isascii() else ""


def without_address(name: str) -> str:
    """A person's name; of an e-mail address in it, only the part before the @.

    Names are shown to others, also in channels; addresses are not.
    """
    return _DOMAIN.sub("", name)


def kept_address(email: str) -> str:
    """An e-mail address as it is stored: `identifying`, or else as it was written."""
    return identifying(email) or email


# A question is read several times, with other names or for another purpose.
@lru_cache(maxsize=64)
def clean(text: str) -> str:
    """What arrived from Slack as plain text: links and entities undone, then `plain`."""
    refuse_long(text)
    text = _LINK.sub(_unlinked, text)
    text = _ENTITY.sub(lambda found: _CHARACTERS[found[1]], text)
    text = plain_text(text)
    refuse_long(text)
    return text


def written(text: str) -> str:
    """Cleaned text so that `clean` gives it again: the opposite of undoing links and entities."""
    return _LINK_START.sub("&lt;", _ENTITY_START.sub("&amp;", text))


def refuse_long(text: str) -> None:
    """Raise TooLong for text that is longer than anyone would write."""
    if len(text) > LIMIT:
        raise TooLong(
            "That question is too long. Please keep it under 2,000 characters.",
        )


def first_word(text: str) -> tuple[str, str]:
    """The first word, plain and in lower case, and the rest as typed; "" where there is none."""
    first, *rest = text.split(maxsplit=1) or [""]
    return plain_text(first).casefold(), "".join(rest).strip()


def quoted(name: str) -> str:
    """A name in quotes; a quote inside it is doubled."""
    return '"' + plain_text(name).replace('"', '""') + '"'


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """Text as people compare it: without case, accents, punctuation and extra spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return " ".join(re.findall(r"\w+", letters.replace("_", " ")))


@lru_cache(maxsize=16_384)
def spelled(text: str) -> str:
    """Text without case, accents and apostrophes: "O'Brien" and "obrien" are spelled alike."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c) and c != "'")


def marked(text: str) -> tuple[str, ...]:
    """The Slack ids of the people mentioned in a text without a label."""
    return tuple(
        found["user"] for found in _SLACK.finditer(text) if found["user"] and not found["label"]
    )


def without_ids(text: str, names: Mapping[str, str] | None = None) -> str:
    """Text as its writer saw it: Slack's mentions as @jane or #general, never as ids.

    `names` are by Slack id, for mentions without a label.
    """

    def mark(found: re.Match[str]) -> str:
        kind, id_ = next((k, v) for k, v in found.groupdict().items() if v is not None)
        name = found["label"] or (names or {}).get(id_) or (id_ if kind == "special" else "")
        return ("#" if kind == "channel" else "@") + (name.lstrip("@#") or _UNNAMED[kind])

    return _SLACK.sub(mark, text)


def shortened(text: str, length: int = 60) -> str:
    """Text cut to a length that fits in a sentence or on a button."""
    return text if len(text) <= length else text[: length - 1] + "…"


_OPPOSITES = ("un", "in", "non", "dis", "re")


def nearest_words(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known words with the fewest typing slips from this one, at most four.

    None if even those have too many: one slip in words of up to 5 letters, two in longer ones. A
    short word keeps its first letter, or has it second or not at all: "nan" is like no "jan".
    """
    # Words of one or two letters are all near each other.
    allowed = 0 if len(word) < 3 else 1 if len(word) < 6 else 2
    found = process.extract(
        word, list(known), scorer=OSA.distance, score_cutoff=allowed, limit=None
    )
    distances = {
        other: distance
        for other, distance, _ in found
        if (allowed > 1 or _begins_alike(word, other)) and not _is_turned_round(word, other)
    }
    fewest = min(distances.values(), default=allowed + 1)
    if fewest > allowed:
        return ()
    return tuple(other for other, distance in distances.items() if distance == fewest)[
        :MOST_OFFERED
    ]


def _is_turned_round(word: str, other: str) -> bool:
    """Whether one is the opposite of the other, and no misspelt one: "unranked"."""
    return any(f"{lead}{word}" == other or f"{lead}{other}" == word for lead in _OPPOSITES)


def _begins_alike(word: str, other: str) -> bool:
    return (
        word[:1] == other[:1] or word[:2] == other[1::-1] or other[1:] == word or word[1:] == other
    )


def _unlinked(found: re.Match[str]) -> str:
    """What stands for a link: its address. The label that somebody gave it is no word of theirs,
    unless it is the address as they typed it."""
    target, label = found["target"], found["label"]
    address = target.removeprefix("mailto:").removeprefix("tel:")
    shown = address.partition("://")[2].rstrip("/")
    return shown if label and label.rstrip("/") == shown else address


def _visible(text: str) -> str:
    """Text without invisible characters; control characters that separate become spaces."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if char.isspace() else char
        for char in text
        if char not in _INVISIBLE
        and unicodedata.category(char) not in _HIDDEN_CATEGORIES
        and (char.isspace() or unicodedata.category(char) != "Cc")
    )
