"""The command line: run · demo · ask · forget · doctor · manifest."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from bot.app import App
    from bot.errors import StorageError
    from bot.settings import Settings

EXIT_TROUBLE = 1
EXIT_SETTINGS = 2
DEMO_ASKER = "ana@acme.com"  # an admin, who sees everybody
MAX_PORT = 65_535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command in `arguments`, or in the words of this process if None; the exit code: 2 is
    for settings, 1 for everything else.

    Ends the process with 2 for words that make no command, and with 0 once help is printed.
    """
    reads = parser()
    options = reads.parse_args(arguments)
    if options.version:
        print(f"execbot {_version()}")
        return 0
    if options.command is None:
        reads.print_help()
        return 0
    if options.command == "ask" and not (options.email or options.demo):
        reads.error("the following arguments are required: --as, or --demo")
    # Imported after the words are read, as everything here is imported where it is used: help
    # and refusals come at once, and no command waits for what only another one needs.
    from bot.settings import SettingsProblem

    try:
        code: int = options.do(options)
    except SettingsProblem as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        print("Every setting is explained in docs/settings.md.", file=sys.stderr)
        return EXIT_SETTINGS
    except KeyboardInterrupt:
        return EXIT_TROUBLE
    except BrokenPipeError:
        # The reader (`| head`) is gone. Python would fail again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_TROUBLE
    return code


def parser() -> argparse.ArgumentParser:
    """Reads the words after `execbot`: `command` is the first of them, `do` runs it."""
    reads = argparse.ArgumentParser(
        prog="execbot", description="A Slack bot that reports practice activity from Exec."
    )
    reads.add_argument("--version", action="store_true", help="print the version")
    commands = reads.add_subparsers(dest="command", metavar="COMMAND")

    commands.add_parser("run", help="serve Slack").set_defaults(do=_run)

    demo = commands.add_parser("demo", help="try the bot in a browser: no accounts, no network")
    demo.set_defaults(do=_demo)
    demo.add_argument("--port", type=_port, default=8765, help="the page's port (default 8765)")
    demo.add_argument(
        "--once", action="store_true", help="play its three steps without a browser, and end"
    )

    ask = commands.add_parser("ask", help="ask in the terminal")
    ask.set_defaults(do=_ask)
    ask.add_argument("text", help='the question, such as "sessions last 7d gold"')
    ask.add_argument("--as", dest="email", metavar="EMAIL", help="who asks")
    ask.add_argument(
        "--demo", action="store_true", help="ask about the demo's people: no settings needed"
    )
    ask.add_argument("--json", action="store_true", help="print the blocks of the message")

    forget = commands.add_parser("forget", help="remove what is stored of a person")
    forget.set_defaults(do=_forget)
    forget.add_argument("email", metavar="EMAIL", type=_email, help="their e-mail address in Exec")
    forget.add_argument("--yes", action="store_true", help="do not ask")

    doctor = commands.add_parser("doctor", help="check your setup and explain any fix")
    doctor.set_defaults(do=_doctor)

    manifest = commands.add_parser("manifest", help="print the Slack app manifest")
    manifest.set_defaults(do=_manifest)
    manifest.add_argument("--socket", action="store_true", help="for Socket Mode: no URL needed")
    manifest.add_argument(
        "--url", type=_address, help="where Slack reaches the bot, such as https://bot.acme.com"
    )
    return reads


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


def _run(_options: argparse.Namespace) -> int:
    from bot.settings import SlackSettings, load

    settings = load(SlackSettings)
    _log(settings)
    import asyncio

    from bot.errors import StorageError, WrongKey
    from bot.language.locale import write_for
    from bot.serve import CannotListen, Lost, NoSocket, run

    write_for(settings.execbot_locale)
    try:
        asyncio.run(run(settings))
    except StorageError as error:
        return _no_database(settings, error)
    except WrongKey:
        return _trouble("EXEC_API_KEY holds characters that no key has. Copy it again.")
    except NoSocket as error:
        code = f" ({error})" if str(error) else ""
        return _trouble(
            f"Slack opens no Socket Mode connection{code}. Check SLACK_APP_TOKEN, that Socket "
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
    if options.once:
        from bot.demo.once import run_once

        return run_once()
    from bot.demo.run import run_demo

    return run_demo(port=options.port)


def _ask(options: argparse.Namespace) -> int:
    from bot.terminal import ask

    zone = _zone_here()

    async def answer(app: App) -> bool:
        email = options.email or DEMO_ASKER
        await ask(app, email, options.text, zone=zone, as_json=options.json)
        return True

    if options.demo:
        from bot.demo.run import demo_app

        return _with(demo_app, answer, zone)
    return _with_core(answer, zone)


def _forget(options: argparse.Namespace) -> int:
    from bot.maintenance import forget

    async def remove(app: App) -> bool:
        print(await forget(app, options.email, agreed=lambda text: options.yes or _agreed(text)))
        return True

    return _with_core(remove, _zone_here())


def _agreed(question: str) -> bool:
    try:
        return input(question).strip().casefold() in {"y", "yes"}
    except EOFError:
        print()
        return False


def _with_core(work: Callable[[App], Awaitable[bool]], zone: ZoneInfo) -> int:
    """Do `work` without Slack; what goes wrong is told in a sentence."""
    from bot.app import open_app
    from bot.settings import ExecSettings, load

    settings = load(ExecSettings)
    return _with(lambda: open_app(settings), work, zone, settings)


def _with(
    opens: Callable[[], AbstractAsyncContextManager[App]],
    work: Callable[[App], Awaitable[bool]],
    zone: ZoneInfo,
    settings: Settings | None = None,
) -> int:
    """Do `work` with the app that `opens` makes; the demo has no `settings`."""
    import asyncio

    from bot.doctor import KEY_HELP
    from bot.errors import BotError, StorageError, WrongKey
    from bot.language.locale import write_for
    from bot.settings import Settings
    from bot.terminal import trouble

    settings = settings or Settings.model_construct()
    write_for(settings.execbot_locale)
    # Errors are printed below; the log would repeat them.
    _log(settings, level="ERROR", stream="stderr")

    async def go() -> bool:
        async with opens() as app:
            return await work(app)

    try:
        done = asyncio.run(go())
    except StorageError as error:
        return _no_database(settings, error)
    except WrongKey:
        return _trouble(f"Exec does not accept EXEC_API_KEY. {KEY_HELP}")
    except BotError as error:
        return _trouble(trouble(error, settings, zone))
    sys.stdout.flush()
    return 0 if done else EXIT_TROUBLE


def _doctor(_options: argparse.Namespace) -> int:
    import asyncio

    from bot.doctor import examine
    from bot.observe.logs import set_up

    # What goes wrong is told in doctor's own words.
    set_up("ERROR", "text", stream="stderr")
    return asyncio.run(examine())


def _manifest(options: argparse.Namespace) -> int:
    import yaml

    from bot.manifest import PLACEHOLDER, manifest
    from bot.settings import Settings, load

    command = load(Settings).execbot_command
    made = manifest(command=command, socket=options.socket, url=options.url)
    print(yaml.safe_dump(made, sort_keys=False, allow_unicode=True), end="")
    if options.socket and options.url is not None:
        print("Socket Mode needs no address, so --url is not in it.", file=sys.stderr)
    if not options.socket and options.url is None:
        print(f"Put your own address in place of {PLACEHOLDER}, or pass --url.", file=sys.stderr)
    return 0


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("execbot")
    except PackageNotFoundError:
        return "(a checkout that is not installed)"


def _zone_here() -> ZoneInfo:
    """This machine's zone, UTC where it has none; the answer names it."""

    from tzlocal import get_localzone_name

    try:
        return ZoneInfo(get_localzone_name() or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def _log(settings: Settings, level: str | None = None, stream: str = "stdout") -> None:
    from bot.observe.logs import set_up

    set_up(level or settings.log_level, settings.log_format, stream=stream)


def _no_database(settings: Settings, error: StorageError) -> int:
    from bot.doctor import storage_exit_code, storage_trouble

    return _trouble(
        f"The database {storage_trouble(settings, error)}", code=storage_exit_code(error)
    )


def _trouble(sentence: str, *, code: int = EXIT_TROUBLE) -> int:
    print(sentence, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
