"""Subcommands, what people type after `/exec`, with their help."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.ask.answer import Request
from bot.errors import Sentence
from bot.language.text import first_word, refuse_long
from bot.slack.turn import Reply

# Who a line of the help is for.
ADMINS, COACHES, BOTH = "Admins", "Coaches", "Admins and coaches"

# Answers the words after the name.
RunCommand: TypeAlias = Callable[[Request, str], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One thing that people can type: its forms, what it does, an example.

    `help` may use mrkdwn. `only` says who it is for, "" for everybody. `example` may be "". A line
    without `forms` is a sentence about the bot.
    """

    forms: tuple[str, ...]
    help: Sentence
    example: str = ""
    only: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand: people type its `name` or an alias, and `run` answers the words after it.

    If `takes` returns False for the words after the name, the whole text is read as a question.
    """

    name: str
    run: RunCommand
    lines: tuple[HelpLine, ...] = ()
    aliases: tuple[str, ...] = ()
    takes: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True)
class Commands:
    """All subcommands by name and alias, and the functions that answer the actions of
    `language/actions.py`."""

    by_word: dict[str, Command] = field(default_factory=dict)
    actions: dict[str, RunCommand] = field(default_factory=dict)

    def add(self, command: Command) -> None:
        """Add a subcommand. Raises ValueError if its name or an alias is taken."""
        for word in (command.name, *command.aliases):
            if word in self.by_word:
                raise ValueError(f"two commands are called {word}")
            self.by_word[word] = command

    def split(self, text: str) -> tuple[Command | None, str]:
        """The command that a text begins with, and the words after it; None and the whole text of a
        question. Raises UserError for a text that is too long."""
        refuse_long(text)
        first, rest = first_word(text)
        command = self.by_word.get(first)
        if command is None or (command.takes is not None and not command.takes(rest)):
            return None, text
        return command, rest
