"""Every error, by who can fix it, with its sentence for people: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class Sentence:
    """One of the bot's sentences, with its values.

    `pattern` may have `*bold*` words and words in backticks. Each `{name}` in it stands for a value
    from people or Exec, and `{command}` for the slash command. Values are escaped when the sentence
    is rendered.
    """

    pattern: str
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def plain(self, command: str = "/exec") -> str:
        """The sentence as plain text, for a terminal: no mrkdwn, nothing escaped."""
        pattern = self.pattern.replace("*", "").replace("`", "")
        return pattern.format_map({"command": command, **self.fields})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A button with this label that runs the command `words`."""

    label: str
    words: str


class BotError(Exception):
    """The base of all errors that this program raises on purpose."""

    sentence = Sentence(
        "Something went wrong on my side. If it keeps happening, send the reference below to the "
        "person who runs this bot."
    )


class UserError(BotError):
    """An error that the asker can fix; `suggestions` are buttons that run a corrected command."""

    def __init__(
        self, pattern: str, /, suggestions: tuple[Suggestion, ...] = (), **fields: str
    ) -> None:
        self.sentence = Sentence(pattern, MappingProxyType(fields))
        self.suggestions = suggestions
        # Not the fields, which hold what people typed: str(error) gets logged.
        super().__init__(pattern)


class ParseError(UserError):
    """Words not understood."""


class NotFound(UserError):
    """A name that matches nothing."""


class TooOld(NotFound):
    """A button that was deleted or made for somebody else."""

    def __init__(self) -> None:
        super().__init__("This button is too old, or belongs to someone else. Ask again.")


class Ambiguous(UserError):
    """A name that matches several things; the suggestions name each by id."""


class NotAllowed(UserError):
    """Something that the person can't see or do."""


class ExecError(BotError):
    """Exec didn't answer, or not properly."""


class WrongKey(ExecError):
    """401: the key is wrong or revoked."""

    sentence = Sentence(
        "Exec no longer accepts my key. Ask the person who runs this bot to set a new one (Exec: "
        "Settings › API)."
    )


class WorkspaceInactive(ExecError):
    """403: the Exec workspace is inactive."""

    sentence = Sentence("Your Exec workspace is inactive. Ask an Exec admin to reactivate it.")


class Limited(ExecError):
    """No request may be sent before `until` (aware, UTC).

    `source` is "exec" if Exec answered 429, "minute" or "day" if the next request would exceed the
    budget. `problems.sentence_for` has its sentence, with a time in the reader's zone.
    """

    def __init__(self, until: datetime, source: Literal["exec", "minute", "day"]) -> None:
        super().__init__(f"limited by {source} until {until.isoformat()}")
        self.until = until
        self.source = source


class NotRead(ExecError):
    """Data is still being loaded from Exec. `what` completes "I'm still loading …"."""

    def __init__(self, what: str) -> None:
        super().__init__(f"still loading {what}")
        self.sentence = Sentence("I'm still loading {what}. Try again in a minute.", {"what": what})


class Rejected(ExecError):
    """400 or 404: Exec rejected the request. `code` is Exec's own."""

    sentence = Sentence("Exec didn't accept this question. Try other words.")

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status


class Broken(ExecError):
    """Exec is having trouble. `kind`: status (5xx), body (cut off or not JSON), reset, timeout.

    `where` is the endpoint and the field that couldn't be read, never a value.
    """

    sentence = Sentence("Exec is having trouble right now. Try again in a minute.")

    def __init__(
        self, kind: Literal["status", "body", "reset", "timeout"], where: str = ""
    ) -> None:
        super().__init__(f"{kind} ({where})" if where else kind)
        self.kind = kind


class SlackError(BotError):
    """Slack didn't answer, or not properly. `code` is Slack's own error name."""

    sentence = Sentence(
        "Slack didn't answer me properly. Try again in a minute. If it keeps happening, tell the "
        "person who runs this bot."
    )

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unsure(SlackError):
    """The outcome is unknown: Slack may have done what was asked."""

    sentence = Sentence(
        "Slack's connection dropped while I was answering. If there is no answer above, ask again."
    )


class Unreached(SlackError):
    """No connection: Slack hasn't done what was asked."""


class RateLimited(SlackError):
    """429: Slack hasn't done what was asked; retry after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("ratelimited")
        self.seconds = seconds


class StorageError(BotError):
    """The database didn't answer."""

    sentence = Sentence(
        "I can't reach my own database right now. Try again in a minute. If it keeps happening, "
        "tell the person who runs this bot."
    )


class OtherSchema(StorageError):
    """Alembic doesn't know the revision of the database."""

    def __init__(self) -> None:
        super().__init__("another version of this program made its schema")


class Damaged(StorageError):
    """The SQLite file is damaged, or isn't a database."""

    def __init__(self) -> None:
        super().__init__("its file is damaged")
