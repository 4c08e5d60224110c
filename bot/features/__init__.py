"""What a feature is made of; each feature is a file in this folder, which no other file knows.

A feature says in its `feature` property what it answers to: subcommands, buttons, forms, events,
what plain words may ask of it, and jobs. `app.py` builds it and adds it to the table of `Features`;
from there the router, the help, the clock and the manifest read it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Generic, TypeAlias, TypeVar

from bot.access import Asker
from bot.answer import Request
from bot.errors import Pattern
from bot.language.text import LIMIT, first_word
from bot.messages.render import View
from bot.people.accounts import People
from bot.slack import payloads
from bot.slack.payloads import Payload, SlackChannel
from bot.slack.reply import Reply
from bot.storage.buttons import M, Stored

H = TypeVar("H")
# The readers that a line of the help is for.
ADMINS, COACHES, BOTH = "Admins", "Coaches", "Admins and coaches"
# What is wrong with a sent form, by block id.
Errors: TypeAlias = dict[str, str]
# Answers the words after a name.
RunCommand: TypeAlias = Callable[[Request, str], Awaitable[View]]


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a select menu."""

    label: str
    value: str


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
class CommandForm:
    """The form in which a command asks for what is missing in its words.

    `wanted` gives what the words after the command's name say already; None where they need no
    form. `open` shows the form to whoever has typed them; a message opens none, so there `offer`
    gives a message with a button for the form, and is handed the whole text.
    """

    wanted: Callable[[str], str | None]
    open: Callable[[Payload, str, str], Awaitable[None]]
    offer: Callable[[Asker, str, str], Awaitable[View]]


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand: `name` and `aliases` are what people type first, `run` answers the rest.

    `lines` are its lines in the help. Without `in_exec` it is answered also for people who are not
    in Exec, at no request. `takes` says whether the words after the name are a command at all: if
    not, the whole text is plain words.
    """

    name: str
    run: RunCommand
    lines: tuple[HelpLine, ...] = ()
    aliases: tuple[str, ...] = ()
    in_exec: bool = True
    takes: Callable[[str], bool] | None = None
    form: CommandForm | None = None


class Shows(Enum):
    """Where what a button leads to is shown."""

    IN_PLACE = "in place of the message with the button"
    BENEATH = "below that message, which stays"
    IN_LIST = "in place where the button stands in a list, otherwise below"
    FORM = "in a form, which must open before the trigger runs out"


@dataclass(frozen=True, slots=True)
class Press(Generic[H]):
    """`handle` is what the button's value stands for; it is the presser's own, or public.

    `listed`: the button stands in a list. `trigger_id` opens one form within three seconds.
    """

    payload: Payload
    request: Request
    handle: H
    reply: Reply
    listed: bool
    trigger_id: str

    @property
    def asker(self) -> Asker:
        return self.request.asker


@dataclass(frozen=True, slots=True)
class Button(Generic[H]):
    """What a button's value stands for, and what a press of it leads to.

    `read` looks up what the value stands for; raises TooOld, or another UserError. `run` gives what
    is shown, or None where there is nothing to show; rights are judged there, at every press. In a
    Home tab, what `settles` something is told there; any other answer comes in Messages. `once`:
    however often it is pressed in a message, it does its work once.
    """

    read: Callable[[Payload, str], Awaitable[H]]
    run: Callable[[Press[H]], Awaitable[View | None]]
    shows: Shows = Shows.IN_PLACE
    settles: bool = False
    once: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A sent form that can be done: `run` gives what is shown.

    `beneath`: what is shown leaves the message from which the form was opened as it is.
    """

    run: Callable[[Request], Awaitable[View]]
    beneath: bool = True


@dataclass(frozen=True, slots=True)
class FormHandler(Generic[M]):
    """A form: the kind of handle in its private metadata, and what becomes of it once sent.

    `read` is done within Slack's three seconds; raises NotAllowed and StorageError, which are
    told at `block`. `update` is called when somebody changes a field.
    """

    kind: type[M]
    block: str
    read: Callable[[Payload, Mapping[str, Any], Stored[M]], Awaitable[Filled | Errors]]
    update: Callable[[Payload, Mapping[str, Any], Stored[M]], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """An event to act on. `event` is Slack's own, as it came; `reply` answers who caused it."""

    payload: Payload
    event: Mapping[str, Any]
    reply: Reply


@dataclass(frozen=True, slots=True)
class Event:
    """What becomes of one type of event.

    `run` is called after the ack, once for all deliveries of an event in all processes, and only
    for events of the bot's own workspace. `read` makes the payload of Slack's whole body before
    the ack: it must be quick, and gives None for an event that is left alone. `is_asked`: a
    person waits for an answer, and hears of what goes wrong; otherwise that is only logged.
    """

    run: Callable[[ReceivedEvent], Awaitable[None]]
    read: Callable[[Mapping[str, Any]], Payload | None] = payloads.of_event
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class ScheduledJob:
    """What is done by the clock, soon after the start and then every `seconds`; `after` puts the
    first time off by so many. It may be cut short anywhere. With `led` only the process does it
    that leads."""

    run: Callable[[], Awaitable[None]]
    seconds: int
    after: int = 0
    led: bool = False


@dataclass(frozen=True, slots=True)
class Feature:
    """What a feature answers to: buttons by action id (without the number that makes it unique in
    its message), forms by callback id, events by the names under which the app subscribes to them
    ("message.im" has the type "message"), jobs by name.

    `phrases` answer the actions of `language/actions.py` that no command is named after.
    """

    commands: tuple[Command, ...] = ()
    buttons: Mapping[str, Button[Any]] = field(default_factory=dict)
    forms: Mapping[str, FormHandler[Any]] = field(default_factory=dict)
    events: Mapping[str, Event] = field(default_factory=dict)
    phrases: Mapping[str, RunCommand] = field(default_factory=dict)
    jobs: Mapping[str, ScheduledJob] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Route:
    """Where a text leads: to a command, with the words after its name in `rest`; without a command
    to what plain words mean."""

    text: str
    command: Command | None
    rest: str

    @property
    def form(self) -> tuple[CommandForm, str] | None:
        """The form that it opens, and what it says already; None where it opens none."""
        if self.command is None or self.command.form is None:
            return None
        said = self.command.form.wanted(self.rest)
        return None if said is None else (self.command.form, said)


class Features:
    """The table of all features, to which `app.py` adds them one by one.

    `names` are those of the commands, without aliases; `commands` has the aliases, too.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.commands: dict[str, Command] = {}
        self.buttons: dict[str, Button[Any]] = {}
        self.forms: dict[str, FormHandler[Any]] = {}
        self.events: dict[str, tuple[Event, ...]] = {}
        self.phrases: dict[str, RunCommand] = {}
        self.jobs: dict[str, ScheduledJob] = {}

    def add(self, *features: Feature) -> None:
        """Add what these features answer to. Raises ValueError where two want the same."""
        for each in features:
            named = {name: one for one in each.commands for name in (one.name, *one.aliases)}
            _add(self.commands, named)
            self.names.update(one.name for one in each.commands)
            _add(self.buttons, each.buttons)
            _add(self.forms, each.forms)
            for name, event in each.events.items():
                self.events[name] = (*self.events.get(name, ()), event)
            _add(self.phrases, each.phrases)
            _add(self.jobs, each.jobs)

    def route(self, text: str) -> Route:
        """The command that a text begins with; none for one that is too long."""
        if len(text) > LIMIT:  # before anything looks at what stands in it
            return Route(text, None, text)
        first, rest = first_word(text)
        command = self.commands.get(first)
        if command is not None and command.takes is not None and not command.takes(rest):
            command = None
        return Route(text, command, rest)

    def heard(self, type_: str) -> tuple[Event, ...]:
        """What becomes of events of this type: the first that reads one takes it."""
        named = (each for each in self.events if each.partition(".")[0] == type_)
        return tuple(event for name in named for event in self.events[name])

    def each(self) -> tuple[Command, ...]:
        """Every command once, in the order in which they were added."""
        return tuple(dict.fromkeys(self.commands.values()))


def _add(table: dict[str, Any], rows: Mapping[str, Any]) -> None:
    if taken := table.keys() & rows.keys():
        raise ValueError(f"two features want {', '.join(sorted(taken))}")
    table.update(rows)


async def nothing(_payload: Payload, _value: str) -> None:
    """Reads the value of a button that is about nothing but the presser."""


async def id_value(_payload: Payload, value: str) -> str:
    """Reads the value of a button that is an id; whose it is, is judged where it is used."""
    return value


def by_asker(act: Callable[[Asker, H], Awaitable[View]]) -> Callable[[Press[H]], Awaitable[View]]:
    """A command that takes who presses, and what the button stands for."""

    async def run(press: Press[H]) -> View:
        return await act(press.asker, press.handle)

    return run


async def close(press: Press[None]) -> None:
    """Take away the message whose button was pressed."""
    await press.reply.close()


async def requested(
    people: People,
    payload: Payload,
    channel: SlackChannel,
    *,
    in_exec: bool = True,
    is_command: bool = False,
) -> Request:
    """Who asks, and where. Raises NotAllowed for who may ask nothing; see `People.admitted`."""
    thread = "" if payload.thread_ts is None else f":{payload.thread_ts}"
    return Request(
        asker=await people.admitted(payload.team_id, payload.user_id, in_exec=in_exec),
        channel_id=payload.channel_id,
        place="" if payload.home else f"{payload.channel_id}{thread}",
        can_share=not (payload.home or channel.is_direct),
        is_command=is_command,
    )
