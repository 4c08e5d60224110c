"""Cleans typed text, and compares it with known words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.errors import ParseError

LIMIT = 2000
MOST_OFFERED = 4  # suggestions

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
# Invisible characters that aren't in a hidden category.
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
# The domain of an e-mail address in a text.
_DOMAIN = re.compile(r"(?<=\S)@[^\s@<>(),;]+\.[^\s@<>(),;]+")


# Cached, because a question is read several times and this goes character by character.
@lru_cache(maxsize=256)
def plain_text(text: str) -> str:
    """Text with straight quotes, plain dashes, single spaces, and no invisible characters."""
    text = unicodedata.normalize("NFKC", _visible(text).translate(_STRAIGHT))
    return " ".join(_visible(text.translate(_STRAIGHT)).split())


def shows(text: str) -> bool:
    """Whether a text has anything visible: a letter, a digit, a symbol."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in plain_text(text))


def identifying(email: str) -> str:
    """An e-mail address in lower case, as the key of a person; "" unless it is ASCII.

    Lowercasing turns some other characters into ASCII (the Kelvin sign into k), and so one person's
    address into another's.
    """
    return email.lower() if email.isascii() else ""


def without_address(name: str) -> str:
    """A name without the domain of an e-mail address in it, because names are shown in channels."""
    return _DOMAIN.sub("", name)


def kept_address(email: str) -> str:
    """An e-mail address for storage: `identifying`, or else unchanged."""
    return identifying(email) or email


# Cached, because a question is read several times.
@lru_cache(maxsize=64)
def clean(text: str) -> str:
    """A text from Slack as plain text, without links and entities."""
    refuse_long(text)
    text = _LINK.sub(_unlinked, text)
    text = _ENTITY.sub(lambda match: _CHARACTERS[match[1]], text)
    text = plain_text(text)
    refuse_long(text)
    return text


def written(text: str) -> str:
    """Cleaned text with entities, so that `clean` returns it unchanged."""
    return _LINK_START.sub("&lt;", _ENTITY_START.sub("&amp;", text))


def refuse_long(text: str) -> None:
    """Raise ParseError for a text over the limit."""
    if len(text) > LIMIT:
        raise ParseError(
            "That question is too long. Please keep it under 2,000 characters.",
        )


def first_word(text: str) -> tuple[str, str]:
    """The first word, plain and in lower case, and the rest as typed; either may be ""."""
    first, *rest = text.split(maxsplit=1) or [""]
    return plain_text(first).casefold(), "".join(rest).strip()


def quoted(name: str) -> str:
    """A name in quotes; a quote inside it is doubled."""
    return '"' + plain_text(name).replace('"', '""') + '"'


@lru_cache(maxsize=16_384)
def spelled(text: str) -> str:
    """Text without case, accents and apostrophes, so that "O'Brien" and "obrien" are equal."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c) and c != "'")


def without_ids(text: str, names: Mapping[str, str] | None = None) -> str:
    """Text as its writer saw it, with @jane and #general instead of Slack's ids.

    `names` are by Slack id, for mentions without a label.
    """

    def mark(match: re.Match[str]) -> str:
        kind, id_ = next((k, v) for k, v in match.groupdict().items() if v is not None)
        name = match["label"] or (names or {}).get(id_) or (id_ if kind == "special" else "")
        return ("#" if kind == "channel" else "@") + (name.lstrip("@#") or _UNNAMED[kind])

    return _SLACK.sub(mark, text)


def shortened(text: str, length: int = 60) -> str:
    """Text cut to fit into a sentence or on a button."""
    return text if len(text) <= length else text[: length - 1] + "…"


def nearest_words(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known words with the fewest typos compared to this one, at most four.

    One typo is allowed in words of up to 5 letters, two in longer ones. The first letter can be
    swapped, but not wrong: "nan" isn't near "jan", and "unranked" means the opposite of "ranked".
    """
    # No typo in words of one or two letters, which are all similar.
    allowed = 0 if len(word) < 3 else 1 if len(word) < 6 else 2
    nearest = process.extract(
        word, list(known), scorer=OSA.distance, score_cutoff=allowed, limit=None
    )
    near = [
        (other, typos)
        for other, typos, _ in nearest
        if word[:1] == other[:1] or word[:2] == other[1::-1]
    ]
    fewest = min((typos for _, typos in near), default=0)
    return tuple(other for other, typos in near if typos == fewest)[:MOST_OFFERED]


def _unlinked(match: re.Match[str]) -> str:
    """The address of a link, as typed. Slack adds the scheme, and other labels aren't typed
    words."""
    target, label = match["target"], match["label"]
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
