"""What can go wrong, by whose fault it is.

    BotError
    ├── UserError            the person can fix it: carries a sentence and ways on
    │   ├── ParseError         words not understood
    │   │   └── TooLong          more words than are read at all
    │   ├── NotFound           a name that fits nothing
    │   ├── Ambiguous          a name that fits several things
    │   └── NotAllowed         not theirs to see
    ├── ExecError            Exec did not answer as it should
    │   ├── WrongKey           401
    │   ├── WorkspaceInactive  403
    │   ├── Limited            429, or our own budget is used up; knows until when
    │   ├── NotRead            not asked: what is needed is still being read
    │   ├── Rejected           400 and 404: our question was wrong
    │   └── Broken             5xx, HTML, half a body, reset, hang
    ├── SlackError           Slack did not answer as it should
    └── StorageError         the database did not answer
        ├── OtherSchema        another version of this program has changed it
        ├── WrongEncoding      a PostgreSQL database that can't store every character
        └── Damaged            a SQLite file that can't be read

Errors carry data; how they read in Slack is `templates/problem.xml.j2`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal, TypeAlias


class Pattern(str):
    """Text of our own, in which `{name}` stands for a value: it may use mrkdwn and is not escaped.

    A type of its own, so that no value from outside can be taken for one.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the bot's own, with values in it.

    `pattern` may have `*bold*` words and words in backticks; each `{name}` in it stands for a
    value that people typed or Exec stores, and `{command}` for the slash command. Values are
    escaped when the sentence is drawn.
    """

    pattern: str
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def plain(self, command: str = "/exec") -> str:
        """The sentence as plain text, for a terminal: no mrkdwn, nothing escaped."""
        pattern = self.pattern.replace("*", "").replace("`", "")
        return pattern.format_map({"command": command, **self.fields})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A way on: a button `label` that runs the whole command text `words`."""

    label: str
    words: str


class BotError(Exception):
    """The root of all errors that this program raises on purpose."""


class UserError(BotError):
    """Something the asker can fix.

    `sentence` says what is wrong and what to do; `suggestions` are offered as
    buttons that run the repaired command.
    """

    def __init__(
        self, pattern: str, /, suggestions: tuple[Suggestion, ...] = (), **fields: str
    ) -> None:
        self.sentence = Sentence(pattern, MappingProxyType(fields))
        self.suggestions = suggestions
        # The fields hold what people typed: keep them out of str(error), which gets logged.
        super().__init__(pattern)


class ParseError(UserError):
    """Words not understood."""


class TooLong(ParseError):
    """More words than are read at all, whatever they are."""


class NotFound(UserError):
    """A name that fits nothing we know."""


class TooOld(NotFound):
    """A button whose handle is gone, or was made for somebody else."""

    def __init__(self) -> None:
        super().__init__("This button is too old, or belongs to someone else. Ask again.")


class Ambiguous(UserError):
    """A name that fits several things; the suggestions name each by id."""


class NotAllowed(UserError):
    """Not theirs to see."""


class ExecError(BotError):
    """Exec did not answer as it should."""


class WrongKey(ExecError):
    """401: the key is wrong or was switched off."""


class WorkspaceInactive(ExecError):
    """403: the Exec workspace is inactive."""


class Limited(ExecError):
    """No request may be sent before `until` (aware, UTC).

    `whose` is "exec" if Exec answered 429, "minute" or "day" if the next request would exceed the
    budget.
    """

    def __init__(self, until: datetime, whose: Literal["exec", "minute", "day"]) -> None:
        super().__init__(f"limited by {whose} until {until.isoformat()}")
        self.until = until
        self.whose = whose


class NotRead(ExecError):
    """What is needed of Exec is still being read. `what` completes "I'm still reading …"."""

    def __init__(self, what: str) -> None:
        super().__init__(f"still reading {what}")
        self.what = what


class Rejected(ExecError):
    """400 or 404: Exec did not accept the question. `code` is Exec's own."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


BrokenKind: TypeAlias = Literal["status", "html", "body", "reset", "timeout"]


class Broken(ExecError):
    """Exec is unwell. `kind`: status (5xx), html, body (cut off or not JSON), reset, timeout.

    `where` is what could not be read: an endpoint and a field of its answer, never what is in it.
    """

    def __init__(self, kind: BrokenKind, where: str = "") -> None:
        super().__init__(f"{kind} ({where})" if where else kind)
        self.kind = kind
        self.where = where


class SlackError(BotError):
    """Slack did not answer as it should. `code` is Slack's own error name."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unsure(SlackError):
    """No proper answer: Slack may have done what was asked, or not."""


class Unreached(SlackError):
    """There was no connection: Slack has not done it."""


class RateLimited(SlackError):
    """429: Slack has not done it, and may be asked again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("ratelimited")
        self.seconds = seconds


class StorageError(BotError):
    """The database did not answer."""


class OtherSchema(StorageError):
    """Alembic doesn't know the revision of the database."""

    def __init__(self) -> None:
        super().__init__("another version of this program made its schema")


class WrongEncoding(StorageError):
    """The PostgreSQL database was not made for UTF-8, so not every name could be stored in it."""

    def __init__(self, encoding: str) -> None:
        super().__init__(f"its encoding is {encoding}, not UTF8")


class Damaged(StorageError):
    """What is in the SQLite file is no database, or not all of it."""

    def __init__(self) -> None:
        super().__init__("its file is damaged")
