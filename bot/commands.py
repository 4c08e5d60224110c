"""What people type after `/exec`: subcommands with their help, and the table of all of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.answer import Request
from bot.errors import Pattern
from bot.language.text import LIMIT, first_word
from bot.messages.render import View

# The readers that a line of the help is for.
ADMINS, COACHES, BOTH = "Admins", "Coaches", "Admins and coaches"
# Answers the words after a name; None if a form opened instead.
RunCommand: TypeAlias = Callable[[Request, str], Awaitable[View | None]]


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One thing that people can type: its forms, what it does, an example.

    `help` may use mrkdwn. `only` says who it is for, "" for everybody. `example` is "" if none is
    shown. A line without `forms` is a sentence about the bot.
    """

    forms: tuple[str, ...]
    help: Pattern
    example: str
    only: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand: `name` and `aliases` are what people type first, `run` answers the rest.

    Without `in_exec` it also answers people who are not in Exec, and costs no request. If `takes`
    refuses the words after the name, the whole text is a question in words.
    """

    name: str
    run: RunCommand
    lines: tuple[HelpLine, ...] = ()
    aliases: tuple[str, ...] = ()
    in_exec: bool = True
    takes: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """A text as a command and the words after its name; without a command it is a question."""

    text: str
    command: Command | None
    rest: str


@dataclass(frozen=True, slots=True)
class Commands:
    """All subcommands by name and alias, and what answers the actions of `language/actions.py`
    that are no subcommand."""

    by_word: dict[str, Command] = field(default_factory=dict)
    actions: dict[str, RunCommand] = field(default_factory=dict)

    def add(self, command: Command) -> None:
        """Add a subcommand. Raises ValueError if its name or an alias is taken."""
        for word in (command.name, *command.aliases):
            if word in self.by_word:
                raise ValueError(f"two features want {word}")
            self.by_word[word] = command

    def route(self, text: str) -> Route:
        """The command that a text begins with; none for a text that is too long."""
        if len(text) > LIMIT:  # before anything looks at its words
            return Route(text, None, text)
        first, rest = first_word(text)
        command = self.by_word.get(first)
        if command is not None and command.takes is not None and not command.takes(rest):
            command = None
        return Route(text, command, rest)

    def each(self) -> tuple[Command, ...]:
        """Every command once, in the order in which they were added."""
        return tuple(dict.fromkeys(self.by_word.values()))
