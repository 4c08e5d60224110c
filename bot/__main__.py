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
DEMO_ASKER = "ana@acme.com"  # an admin
MAX_PORT = 65_535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command in `arguments`, by default those of the process. Returns the exit code: 2 for
    settings, 1 for any other trouble.

    Exits with 2 for invalid arguments, and with 0 after printing help.
    """
    parser = make_parser()
    options = parser.parse_args(arguments)
    if options.version:
        print(f"execbot {_version()}")
        return 0
    if options.command is None:
        parser.print_help()
        return 0
    if options.command == "ask" and not (options.email or options.demo):
        parser.error("the following arguments are required: --as, or --demo")
    # Here and below, modules are imported where they are used, so that help and errors appear at
    # once and no command loads another one's modules.
    from bot.settings import SettingsProblem

    try:
        code: int = options.do(options)
    except SettingsProblem as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        print("See docs/settings.md for all settings.", file=sys.stderr)
        return EXIT_SETTINGS
    except KeyboardInterrupt:
        return EXIT_TROUBLE
    except BrokenPipeError:
        # The reader (`| head`) is gone. Otherwise Python would fail again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_TROUBLE
    return code


def make_parser() -> argparse.ArgumentParser:
    """The parser of the command line; its options have the name of the `command` and `do`, the
    function that runs it."""
    parser = argparse.ArgumentParser(
        prog="execbot", description="A Slack bot that reports practice activity from Exec."
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    commands.add_parser("run", help="serve Slack").set_defaults(do=_run)

    demo = commands.add_parser("demo", help="try the bot in a browser: no accounts, no network")
    demo.set_defaults(do=_demo)
    demo.add_argument("--port", type=_port, default=8765, help="the page's port (default 8765)")
    demo.add_argument(
        "--once", action="store_true", help="run through it without a browser, then exit"
    )

    ask = commands.add_parser("ask", help="ask in the terminal")
    ask.set_defaults(do=_ask)
    ask.add_argument("text", help='the question, such as "sessions last 7d gold"')
    ask.add_argument("--as", dest="email", metavar="EMAIL", help="who asks")
    ask.add_argument(
        "--demo", action="store_true", help="ask about the demo's people: no settings needed"
    )
    ask.add_argument("--json", action="store_true", help="print the blocks of the message")

    forget = commands.add_parser("forget", help="remove what is stored about a person")
    forget.set_defaults(do=_forget)
    forget.add_argument("email", metavar="EMAIL", type=_email, help="their e-mail address in Exec")
    forget.add_argument("--yes", action="store_true", help="don't ask for confirmation")

    doctor = commands.add_parser("doctor", help="check your setup and explain any fix")
    doctor.set_defaults(do=_doctor)

    manifest = commands.add_parser("manifest", help="print the Slack app manifest")
    manifest.set_defaults(do=_manifest)
    manifest.add_argument("--socket", action="store_true", help="for Socket Mode: no URL needed")
    manifest.add_argument(
        "--url", type=_address, help="where Slack reaches the bot, such as https://bot.acme.com"
    )
    return parser


def _port(text: str) -> int:
    """Parse a port."""
    if not (text.isascii() and text.isdigit() and int(text) <= MAX_PORT):
        raise argparse.ArgumentTypeError(f"{text} isn't a port. Use one from 0 to {MAX_PORT}.")
    return int(text)


def _email(text: str) -> str:
    """Parse an e-mail address."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise argparse.ArgumentTypeError("it must be an e-mail address like jane@acme.com.")
    return text


def _address(url: str) -> str:
    """Parse the bot's address, which has to be HTTPS for Slack."""
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
        return _trouble("EXEC_API_KEY has characters that no key has. Copy it again.")
    except NoSocket as error:
        code = f" ({error})" if str(error) else ""
        return _trouble(
            f"Slack refuses the Socket Mode connection{code}. Check SLACK_APP_TOKEN, that Socket "
            "Mode is on, and that this machine reaches Slack. To find out more: execbot doctor"
        )
    except Lost:
        return _trouble("The connection to Slack is lost, so the bot stops. Start it again.")
    except CannotListen as error:
        return _trouble(
            f"I can't listen on {settings.host}:{settings.port} ({error.strerror}). "
            "Set another PORT or HOST."
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

    zone = _local_zone()

    async def answer(app: App) -> None:
        email = options.email or DEMO_ASKER
        await ask(app, email, options.text, zone=zone, as_json=options.json)

    if options.demo:
        from bot.demo.run import demo_app

        return _run_with(demo_app, answer, zone)
    return _run_with_exec(answer, zone)


def _forget(options: argparse.Namespace) -> int:
    from bot.maintenance import forget

    async def remove(app: App) -> None:
        print(await forget(app, options.email, agreed=lambda text: options.yes or _agreed(text)))

    return _run_with_exec(remove, _local_zone())


def _agreed(question: str) -> bool:
    try:
        return input(question).strip().casefold() in {"y", "yes"}
    except EOFError:
        print()
        return False


def _run_with_exec(work: Callable[[App], Awaitable[None]], zone: ZoneInfo) -> int:
    """Run `work` with an app that has Exec but no Slack. Returns the exit code."""
    from bot.app import open_app
    from bot.settings import ExecSettings, load

    settings = load(ExecSettings)
    return _run_with(lambda: open_app(settings), work, zone, settings)


def _run_with(
    opens: Callable[[], AbstractAsyncContextManager[App]],
    work: Callable[[App], Awaitable[None]],
    zone: ZoneInfo,
    settings: Settings | None = None,
) -> int:
    """Run `work` with the app that `opens` returns; errors are printed. The demo has no
    `settings`. Returns the exit code."""
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

    async def run() -> None:
        async with opens() as app:
            await work(app)

    try:
        asyncio.run(run())
    except StorageError as error:
        return _no_database(settings, error)
    except WrongKey:
        return _trouble(f"Exec doesn't accept EXEC_API_KEY. {KEY_HELP}")
    except BotError as error:
        return _trouble(trouble(error, settings, zone))
    sys.stdout.flush()
    return 0


def _doctor(_options: argparse.Namespace) -> int:
    import asyncio

    from bot.doctor import examine
    from bot.observe.logs import set_up

    # Doctor explains errors itself.
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
        print("Socket Mode doesn't need an address, so --url is ignored.", file=sys.stderr)
    if not options.socket and options.url is None:
        print(f"Replace {PLACEHOLDER} with your own address, or pass --url.", file=sys.stderr)
    return 0


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("execbot")
    except PackageNotFoundError:
        return "(not installed)"


def _local_zone() -> ZoneInfo:
    """This machine's time zone; UTC if it has none."""
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
