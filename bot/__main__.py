"""The command line: run · demo · ask · doctor · manifest."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from tzlocal import get_localzone_name

from bot.config import Settings, SettingsProblem, environment, load

EXIT_TROUBLE = 1
EXIT_SETTINGS = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code. 2 is for settings and usage, 1 for everything else."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except SettingsProblem as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        print("Every setting is explained in the README under Settings.", file=sys.stderr)
        return EXIT_SETTINGS
    except KeyboardInterrupt:
        return EXIT_TROUBLE
    except BrokenPipeError:
        # Whoever read along (`| head`) has seen enough. Python would write the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_TROUBLE
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="execbot", description="A Slack bot that reports practice activity from Exec."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="serve Slack")
    run.set_defaults(run=_run)

    demo = commands.add_parser("demo", help="try the bot in a browser: no accounts, no network")
    demo.add_argument("--port", type=int, default=8765, help="the page's port (default 8765)")
    demo.set_defaults(run=_demo)

    ask = commands.add_parser("ask", help="ask in the terminal")
    ask.add_argument("text", help='the question, such as "sessions last 7d gold"')
    ask.add_argument("--as", dest="email", required=True, metavar="EMAIL", help="who asks")
    ask.add_argument(
        "--zone", type=_zone, default=None, help="IANA time zone (default: this machine's)"
    )
    form = ask.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="query, filters, count, rows, message")
    form.add_argument("--explain", action="store_true", help="what would be asked of Exec")
    ask.set_defaults(run=_ask)

    doctor = commands.add_parser("doctor", help="check the set-up, and say how to mend it")
    doctor.set_defaults(run=_doctor)

    manifest = commands.add_parser("manifest", help="print the Slack app manifest")
    manifest.add_argument("--socket", action="store_true", help="for Socket Mode: no URL needed")
    manifest.add_argument(
        "--url", type=_address, help="where Slack reaches the bot, such as https://bot.acme.com"
    )
    manifest.set_defaults(run=_manifest)
    return parser


def _run(_options: argparse.Namespace) -> int:
    settings = load(environment(), slack=True, exec_api=True)
    _log(settings)
    # Imported here: a forgotten setting is told at once, not after a second of imports.
    from bot.doctor import storage_trouble
    from bot.errors import StorageError, WrongKey
    from bot.running import CannotListen, Lost, NoSocket, run

    try:
        asyncio.run(run(settings))
    except StorageError as error:
        return _trouble(f"The database {storage_trouble(settings, error)}")
    except WrongKey:
        return _trouble("EXEC_API_KEY holds characters that no key has. Copy it again.")
    except NoSocket as error:
        return _trouble(
            f"Slack opens no Socket Mode connection ({error}). Check SLACK_APP_TOKEN, that Socket "
            "Mode is on, and that this machine reaches Slack. For more, run: execbot doctor"
        )
    except Lost:
        return _trouble("The connection to Slack stayed away, so I stop. Start me again.")
    except CannotListen as error:
        return _trouble(
            f"I can't listen on {settings.host}:{settings.port} ({error.strerror}). "
            "Choose another PORT or HOST."
        )
    return 0


def _demo(options: argparse.Namespace) -> int:
    from bot.sandbox.demo import run_demo

    return run_demo(port=options.port)


def _ask(options: argparse.Namespace) -> int:
    settings = load(environment(), exec_api=True)
    # What goes wrong is told in a sentence; the log would say it twice.
    _log(settings, level="ERROR", stream="stderr")
    from bot.assembly import build_core
    from bot.doctor import KEY_HELP, storage_trouble
    from bot.errors import BotError, StorageError, WrongKey
    from bot.terminal import ask, trouble

    zone = options.zone or _zone_here()

    async def answer() -> None:
        async with build_core(settings) as core:
            await ask(
                core,
                options.email,
                options.text,
                zone=zone,
                explain=options.explain,
                as_json=options.json,
            )

    try:
        asyncio.run(answer())
    except StorageError as error:
        return _trouble(f"The database {storage_trouble(settings, error)}")
    except WrongKey:
        return _trouble(f"Exec does not accept EXEC_API_KEY. {KEY_HELP}")
    except BotError as error:
        return _trouble(trouble(error, settings, zone))
    sys.stdout.flush()
    return 0


def _doctor(_options: argparse.Namespace) -> int:
    from bot.doctor import examine
    from bot.logs import set_up

    # What goes wrong is told in doctor's own words.
    set_up("ERROR", "text", stream="stderr")
    return asyncio.run(examine(environment()))


def _manifest(options: argparse.Namespace) -> int:
    import yaml

    from bot.manifest import PLACEHOLDER, manifest

    settings = load(environment())
    made = manifest(command=settings.execbot_command, socket=options.socket, url=options.url)
    print(yaml.safe_dump(made, sort_keys=False, allow_unicode=True), end="")
    if options.socket and options.url is not None:
        print("Socket Mode needs no address, so --url is not in it.", file=sys.stderr)
    if not options.socket and options.url is None:
        print(f"Put your own address in place of {PLACEHOLDER}, or pass --url.", file=sys.stderr)
    return 0


def _zone(name: str) -> ZoneInfo:
    """The zone with this name, for argparse."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise argparse.ArgumentTypeError(
            f"{name} is no time zone. Use a name like Europe/Berlin."
        ) from None


def _zone_here() -> ZoneInfo:
    """This machine's zone, UTC where it has none; the answer names it."""
    try:
        return ZoneInfo(get_localzone_name() or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def _address(url: str) -> str:
    """The address, for argparse."""
    if not re.fullmatch(r"https?://[^\s/?#]+(?:/[^\s?#]*)?", url):
        raise argparse.ArgumentTypeError("it must be an address like https://bot.acme.com.")
    return url


def _log(settings: Settings, level: str | None = None, stream: str = "stdout") -> None:
    from bot.logs import set_up

    set_up(level or settings.log_level, settings.log_format, stream=stream)


def _trouble(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return EXIT_TROUBLE


if __name__ == "__main__":
    sys.exit(main())
