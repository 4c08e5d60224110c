"""Splits a text into tokens: words, quoted names, Slack's mentions, keys and signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from bot.errors import ParseError
from bot.language.text import clean, spelled

MAX_TOKENS = 100
KEYS = (
    "group team scenario skill program collection rank score length duration session page id email"
)

# Linear, because no alternative matches the empty string or looks beyond its token.
_SCANNER = re.compile(
    rf"""
      <@(?P<mention>[UW][A-Z0-9]+)(?:\|(?P<name>[^<>|]*))?>
    | <!subteam\^(?P<user_group>S[A-Z0-9]+)(?:\|(?P<handle_of_group>[^<>|]*))?>
    | <(?P<special>[\#!][^<>|]*)(?:\|(?P<channel>[^<>]*))?>
    | (?P<minus>-)(?=["@<]|[^\W\d_])(?<![^\s,]-)
    | "(?P<quoted>(?:[^"]|"")*+)"
    | (?P<sign>[<>]=?|=[<>]?)
    | (?P<key>{"|".join(KEYS.split())}):(?=\s*[^\s:,])
    | (?P<join>\.\.+)
    | (?P<comma>[,;])
    | :[a-z0-9_+-]+:                               # an emoji is skipped
    | (?P<email>[^\W_][\w.+'-]*@[\w-]+(?:\.[\w-]+)+)
    | @(?:"(?P<quoted_handle>(?:[^"]|"")*+)"|(?P<handle>[\w.+'-]+))
    | (?P<word>(?:[^\s"<>=,;:.@]|\.(?=\w)|:(?=\d))+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_EDGES = "?!.,:;*_~`'()[]{}"
_MEANINGFUL = re.compile(r"[\w&+%-]")


class TokenForm(Enum):
    """The form of a token."""

    WORD = auto()
    QUOTED = auto()
    MENTION = auto()  # <@U…>
    USER_GROUP = auto()  # <!subteam^S…>
    SPECIAL = auto()  # a channel, or @here
    EMAIL = auto()
    HANDLE = auto()  # a typed @jane that Slack didn't turn into a mention
    KEY = auto()  # group:
    SIGN = auto()  # >=


_FORMS = {
    "mention": TokenForm.MENTION,
    "user_group": TokenForm.USER_GROUP,
    "special": TokenForm.SPECIAL,
    "quoted": TokenForm.QUOTED,
    "sign": TokenForm.SIGN,
    "key": TokenForm.KEY,
    "join": TokenForm.WORD,
    "email": TokenForm.EMAIL,
    "handle": TokenForm.HANDLE,
    "quoted_handle": TokenForm.HANDLE,
}


@dataclass(frozen=True, slots=True)
class Token:
    """A token. `typed` is for people. `word` is for look-ups: without case, accents and
    apostrophes, or an id, an address or a quoted name. `label` is Slack's label of an id. `start`
    and `end` count characters of the cleaned text."""

    form: TokenForm
    typed: str
    word: str
    follows_comma: bool = False
    label: str = ""
    start: int = 0
    end: int = 0


def tokenize(text: str) -> list[Token]:
    """The tokens of a text from Slack. Raises ParseError."""
    tokens: list[Token] = []
    for token in _scan(clean(text)):
        if len(tokens) == MAX_TOKENS:
            raise ParseError(f"That's too long. Ask in at most {MAX_TOKENS} words.")
        tokens.append(token)
    return tokens


def _scan(text: str) -> Iterator[Token]:
    follows_comma = False
    for match in _SCANNER.finditer(text):
        group = next(
            (name for name in (*_FORMS, "minus", "word", "comma") if match[name] is not None), ""
        )
        if group == "comma":
            follows_comma = True
            continue
        if group == "word":
            yield from _words(match[0], follows_comma, match.start())
        elif group == "minus":
            yield Token(TokenForm.WORD, "-", "without", follows_comma, "", *match.span())
        elif group:
            yield _token(_FORMS[group], match, match[group], follows_comma)
        follows_comma = False


def _token(form: TokenForm, match: re.Match[str], word: str, follows_comma: bool) -> Token:
    typed, label = match[0], match["name"] or match["handle_of_group"] or ""
    match form:
        case TokenForm.QUOTED | TokenForm.HANDLE:
            word = word.replace('""', '"').strip()
            typed = word or typed
        case TokenForm.KEY:
            word = word.casefold()
        case TokenForm.MENTION | TokenForm.USER_GROUP:
            typed = f"@{label.removeprefix('@') or word}"
        case TokenForm.SPECIAL:
            typed = f"#{match['channel'] or 'channel'}" if word[0] == "#" else f"@{word[1:]}"
            word = ""
    return Token(form, typed, word, follows_comma, label, *match.span())


def _words(typed: str, follows_comma: bool, at: int) -> Iterator[Token]:
    """One word, or a word and its possessive: "jane's" is "jane" and "'s"."""
    if typed.rstrip(_EDGES) == "'s":  # after a mention or an address
        yield Token(TokenForm.WORD, "'s", "'s", follows_comma, "", at, at + 2)
        return
    core = typed.strip(_EDGES)
    owner, is_possessive = core.removesuffix("'s"), core.endswith("'s")
    if not _MEANINGFUL.search(owner):
        return
    start = at + typed.index(core)
    middle = start + len(owner)
    yield Token(TokenForm.WORD, owner, spelled(owner), follows_comma, "", start, middle)
    if is_possessive:
        yield Token(TokenForm.WORD, "'s", "'s", False, "", middle, middle + 2)
