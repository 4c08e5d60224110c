"""The command line: run · demo · ask · forget · doctor · manifest."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.app import App
    from bot.settings import Settings

EXIT_TROUBLE = 1
EXIT_SETTINGS = 2
DEMO_ASKER = "ana@acme.com"  # an admin


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command in `arguments`, by default those of the process. Returns the exit code: 2 for
    settings, 1 for any other trouble."""
    parser = make_parser()
    options = parser.parse_args(arguments)
    if options.do is _ask and not (options.email or options.demo):
        parser.error("the following arguments are required: --as, or --demo")
    # Here and below, modules are imported where they are used, so that help and errors appear at
    # once and no command loads another one's modules.
    from bot.settings import SettingsProblem

    try:
        code: int = options.do(options)
    except SettingsProblem as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return _trouble("See docs/settings.md for all settings.", EXIT_SETTINGS)
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
    parser.add_argument("--version", action="version", version=f"execbot {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    commands.add_parser("run", help="serve Slack").set_defaults(do=_run)

    demo = commands.add_parser("demo", help="try the bot in a browser: no accounts, no network")
    demo.set_defaults(do=_demo)
    demo.add_argument("--port", type=int, default=8765, help="the page's port (default 8765)")
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
    forget.add_argument("email", metavar="EMAIL", help="their e-mail address in Exec")
    forget.add_argument("--yes", action="store_true", help="don't ask for confirmation")

    doctor = commands.add_parser("doctor", help="check your setup and explain any fix")
    doctor.set_defaults(do=_doctor)

    manifest = commands.add_parser("manifest", help="print the Slack app manifest")
    manifest.set_defaults(do=_manifest)
    mode = manifest.add_mutually_exclusive_group(required=True)
    mode.add_argument("--socket", action="store_true", help="for Socket Mode: no URL needed")
    mode.add_argument("--url", help="where Slack reaches the bot, such as https://bot.acme.com")
    return parser


def _run(_options: argparse.Namespace) -> int:
    from bot.cli.run import run
    from bot.settings import SlackSettings, load

    settings = load(SlackSettings)
    _log(settings)
    return _do(settings, run(settings))


def _demo(options: argparse.Namespace) -> int:
    if options.once:
        from bot.demo.once import run_once

        return run_once()
    from bot.demo.run import run_demo

    return run_demo(port=options.port)


def _ask(options: argparse.Namespace) -> int:
    from bot.cli.terminal import ask

    async def answer(app: App) -> None:
        await ask(app, options.email or DEMO_ASKER, options.text, as_json=options.json)

    return _with_app(answer, demo=options.demo)


def _forget(options: argparse.Namespace) -> int:
    from bot.cli.forget import forget

    async def remove(app: App) -> None:
        print(await forget(app, options.email, agreed=lambda text: options.yes or _agreed(text)))

    return _with_app(remove)


def _agreed(question: str) -> bool:
    try:
        return input(question).strip().casefold() in {"y", "yes"}
    except EOFError:
        print()
        return False


def _with_app(work: Callable[[App], Awaitable[None]], *, demo: bool = False) -> int:
    """Run `work` with an app that has Exec, or the demo's, but no Slack. Returns the exit code."""
    from bot.app import open_app
    from bot.features import register_all
    from bot.settings import ExecSettings, Settings, load

    if demo:
        from bot.demo.run import demo_app

        settings, opens = Settings.model_construct(), demo_app()
    else:
        settings = load(ExecSettings)
        opens = open_app(settings)
    # Errors are printed below; the log would repeat them.
    _log(settings, level="ERROR", stream="stderr")

    async def run() -> None:
        async with opens as app:
            register_all(app)
            await work(app)

    return _do(settings, run())


def _do(settings: Settings, work: Coroutine[None, None, None]) -> int:
    """Run `work`, and print its error. Returns the exit code."""
    import asyncio

    from bot.cli.doctor import KEY_HELP, storage_trouble
    from bot.cli.terminal import trouble
    from bot.errors import BotError, StorageError, WrongKey
    from bot.language.locale import write_for
    from bot.slack.server import CannotServe

    write_for(settings.execbot_locale)
    try:
        asyncio.run(work)
    except StorageError as error:
        return _trouble(f"The database {storage_trouble(settings, error)}")
    except WrongKey:
        return _trouble(f"Exec doesn't accept EXEC_API_KEY. {KEY_HELP}")
    except BotError as error:
        return _trouble(trouble(error, settings))
    except CannotServe as error:
        return _trouble(str(error))
    return 0


def _doctor(_options: argparse.Namespace) -> int:
    import asyncio

    from bot.cli.doctor import examine
    from bot.observe.logs import set_up

    # Doctor explains errors itself.
    set_up("ERROR", "text", stream="stderr")
    return asyncio.run(examine())


def _manifest(options: argparse.Namespace) -> int:
    import yaml

    from bot.cli.manifest import manifest
    from bot.settings import Settings, load

    made = manifest(command=load(Settings).execbot_command, url=options.url)
    print(yaml.safe_dump(made, sort_keys=False, allow_unicode=True), end="")
    return 0


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("execbot")
    except PackageNotFoundError:
        return "(not installed)"


def _log(settings: Settings, level: str | None = None, stream: str = "stdout") -> None:
    from bot.observe.logs import set_up

    set_up(level or settings.log_level, settings.log_format, stream=stream)


def _trouble(sentence: str, code: int = EXIT_TROUBLE) -> int:
    print(sentence, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
