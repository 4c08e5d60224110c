"""The words of the command line."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

MAX_PORT = 65_535
# --again without a time: whenever it was last looked at.
ANEW = datetime.max.replace(tzinfo=UTC)


def read(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The words after `execbot`, those of this process if None; `command` is the first of them,
    None where there are none.

    Ends the process with 2 for words that make no command, and with 0 once help is printed.
    """
    reads = parser()
    options = reads.parse_args(arguments)
    if options.command is None and not options.version:
        reads.print_help()
    if options.command == "ask" and not (options.email or options.demo):
        reads.error("the following arguments are required: --as, or --demo")
    return options


def parser() -> argparse.ArgumentParser:
    """Reads the words after `execbot`; `command` is the first of them."""
    reads = argparse.ArgumentParser(
        prog="execbot", description="A Slack bot that reports practice activity from Exec."
    )
    reads.add_argument("--version", action="store_true", help="print the version")
    commands = reads.add_subparsers(dest="command", metavar="COMMAND")

    commands.add_parser("run", help="serve Slack")

    demo = commands.add_parser("demo", help="try the bot in a browser: no accounts, no network")
    demo.add_argument("--port", type=_port, default=8765, help="the page's port (default 8765)")
    demo.add_argument(
        "--once", action="store_true", help="play its three steps without a browser, and end"
    )

    ask = commands.add_parser("ask", help="ask in the terminal")
    ask.add_argument("text", help='the question, such as "sessions last 7d gold"')
    ask.add_argument("--as", dest="email", metavar="EMAIL", help="who asks")
    ask.add_argument(
        "--demo", action="store_true", help="ask about the demo's people: no settings needed"
    )
    ask.add_argument(
        "--zone", type=_zone, default=None, help="IANA time zone (default: this machine's)"
    )
    form = ask.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="query, filters, count, rows, message")
    form.add_argument("--csv", action="store_true", help="every row, as a CSV file")
    form.add_argument("--explain", action="store_true", help="what would be asked of Exec")

    sync = commands.add_parser("sync", help="read the past from Exec now")
    sync.add_argument(
        "--since", default=None, help="how far back: 90d, or a date (default EXECBOT_HISTORY_DAYS)"
    )

    sync.add_argument(
        "--again",
        nargs="?",
        const=ANEW,
        default=None,
        type=_moment,
        metavar="TIME",
        help="read anew what is held, too, newest first; with a time such as 2026-01-31T09:30:00Z "
        "only what was last looked at before it, to go on after a stop",
    )

    forget = commands.add_parser("forget", help="remove what is held of a person")
    forget.add_argument("email", metavar="EMAIL", type=_email, help="their e-mail address in Exec")
    forget.add_argument("--yes", action="store_true", help="do not ask")

    commands.add_parser("doctor", help="check your setup and explain any fix")

    manifest = commands.add_parser("manifest", help="print the Slack app manifest")
    manifest.add_argument("--socket", action="store_true", help="for Socket Mode: no URL needed")
    manifest.add_argument(
        "--url", type=_address, help="where Slack reaches the bot, such as https://bot.acme.com"
    )
    return reads


def _zone(name: str) -> ZoneInfo:
    """The zone with this name, for argparse."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise argparse.ArgumentTypeError(
            f"{name} is no time zone. Use a name like Europe/Berlin."
        ) from None


def _moment(text: str) -> datetime:
    """The moment (aware), for argparse."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} is no time like 2026-01-31T09:30:00Z.")
    return moment


def _port(text: str) -> int:
    """The port, for argparse."""
    if not (text.isascii() and text.isdigit() and int(text) <= MAX_PORT):
        raise argparse.ArgumentTypeError(f"{text} is no port. Choose one from 0 to {MAX_PORT}.")
    return int(text)


def _email(text: str) -> str:
    """The e-mail address, for argparse."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise argparse.ArgumentTypeError("it must be an e-mail address like jane@acme.com.")
    return text


def _address(url: str) -> str:
    """The address, for argparse."""
    # Slack calls nothing else.
    if not re.fullmatch(r"https://[^\s/?#]+(?:/[^\s?#]*)?", url):
        raise argparse.ArgumentTypeError("it must be an address like https://bot.acme.com.")
    return url
