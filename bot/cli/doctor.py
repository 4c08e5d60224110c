"""`execbot doctor`: checks the setup and explains how to fix it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Literal, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx
from pydantic import AnyHttpUrl

from bot.app import open_app
from bot.ask.translate import FAILURES, Translator, open_translator
from bot.cli.manifest import SCOPES, WITHOUT
from bot.clock import utc_now
from bot.errors import (
    Broken,
    Damaged,
    Limited,
    OtherSchema,
    Rejected,
    SlackError,
    StorageError,
    WorkspaceInactive,
    WrongKey,
)
from bot.exec.budget import Purpose
from bot.exec.client import PAGE_SIZE
from bot.exec.models import NamedItem, Session, WorkspaceMember
from bot.language.dates import write_hour
from bot.language.locale import write_for
from bot.language.reader import Reader
from bot.language.times import Clock
from bot.messages.render import Messages
from bot.people.names import INTENTS
from bot.settings import ExecSettings, Settings, SettingsProblem, SlackSettings, load
from bot.slack.web import SlackWeb, web_client
from bot.storage.database import Database

BOT_HELP = (
    "Copy SLACK_BOT_TOKEN again from your Slack app: OAuth & Permissions, Bot User OAuth Token."
)
APP_HELP = (
    "Make an app-level token with connections:write under Basic Information, put it into "
    "SLACK_APP_TOKEN, and turn on Socket Mode."
)
SCOPE_HELP = "Add it under OAuth & Permissions, Bot Token Scopes, then reinstall the app."
KEY_HELP = "Make a new one in Exec under Settings › API."
CLOCK_OFF = timedelta(seconds=30)
THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "[::1]"})


class Finding(NamedTuple):
    """The result of a check. If it failed, `says` explains the fix."""

    mark: Literal["ok", "WARN", "FAIL"]
    what: str
    says: str


async def examine() -> int:
    """Print every finding. Returns the exit code: 0 if all are fine, 2 for settings, 1 for anything
    else."""
    try:
        settings = load(SlackSettings)
        Messages(settings.execbot_templates)
    except SettingsProblem as error:
        for problem in error.problems:
            print(f"FAIL settings: {problem}")
        return 2
    code = 0
    async for finding in _findings(settings):
        print(f"{finding.mark:4} {finding.what}: {finding.says}")
        code = 1 if finding.mark == "FAIL" else code
    return code


async def _findings(settings: SlackSettings) -> AsyncIterator[Finding]:
    write_for(settings.execbot_locale)
    yield Finding("ok", "settings", "all set")
    for name in ("exec_api_url", "slack_api_url", "execbot_llm_url"):
        url: AnyHttpUrl | None = getattr(settings, name)
        if url is not None and url.scheme == "http" and url.host not in THIS_MACHINE:
            says = f"{name.upper()} begins with http://, so data sent there isn't encrypted. "
            yield Finding("WARN", "settings", f"{says}Use https://.")
    yield await _database(settings)
    token = settings.slack_bot_token.get_secret_value()
    slack = SlackWeb(web_client(token, str(settings.slack_api_url)))
    async for finding in _bot_token(slack):
        yield finding
    if settings.slack_app_token is not None:
        yield await _app_token(slack, settings.slack_app_token.get_secret_value())
    yield await _exec_key(settings)
    async with open_translator(settings) as translator:
        if translator is not None:
            yield await _translator(translator)


async def _database(settings: Settings) -> Finding:
    async with Database(settings.database_url) as database:
        try:
            await database.upgrade()
            await database.check()
        except StorageError as error:
            return Finding("FAIL", "database", storage_trouble(settings, error))
        kind = "SQLite: run one process only" if database.is_sqlite else "PostgreSQL"
    return Finding("ok", "database", kind)


def storage_trouble(settings: Settings, error: StorageError) -> str:
    """What is wrong with the database and what to do, as the end of a sentence."""
    if isinstance(error, OtherSchema):
        return f"can't be used ({error}). Install that version, or restore an older database."
    if isinstance(error, Damaged):
        return f"can't be used ({error}). Restore it from a backup, or move it away to start over."
    if settings.database_url.startswith("sqlite"):
        check = "that its folder exists and is writable, and that the disk isn't full."
    else:
        check = "that the server is up and not full, and that its user can create tables and write."
    return f"can't be used ({error}). Check DATABASE_URL, {check}"


async def _bot_token(slack: SlackWeb) -> AsyncIterator[Finding]:
    try:
        identity = await slack.identity()
    except SlackError as error:
        yield Finding("FAIL", "Slack", _slack_trouble(error.code, BOT_HELP))
        return
    missing = [scope for scope in SCOPES if scope not in identity.scopes] if identity.scopes else []
    if required := [scope for scope in missing if scope not in WITHOUT]:
        yield Finding("FAIL", "Slack", f"the token lacks {', '.join(required)}. {SCOPE_HELP}")
    else:
        address = urlsplit(identity.team_url).hostname or identity.team_id
        says = f"the token works for workspace {identity.team_name} ({address})"
        yield Finding("ok", "Slack", says)
    if identity.answered_at is not None:
        yield _clock(utc_now() - identity.answered_at)
    losses = [f"without {scope}, {WITHOUT[scope]}" for scope in missing if scope in WITHOUT]
    says = f"{'; '.join(losses)}. {SCOPE_HELP}" if losses else "all granted"
    yield Finding("ok", "optional scopes", says)


def _clock(ahead: timedelta) -> Finding:
    if abs(ahead) < CLOCK_OFF:
        return Finding("ok", "clock", "agrees with Slack's")
    seconds, way = abs(ahead).total_seconds(), "ahead of" if ahead > timedelta() else "behind"
    says = f"this machine's clock is {seconds:.0f} s {way} Slack's. Turn on NTP: "
    return Finding("WARN", "clock", f"{says}beyond 300 s, requests from Slack are refused.")


def _slack_trouble(code: str, credential: str) -> str:
    """What to do about an error code of Slack, or the name of a connection error."""
    if code.islower():
        return f"answers {code}. {credential}"
    return (
        "can't be reached. Check that this machine reaches Slack, and SLACK_API_URL if you set it."
    )


async def _app_token(slack: SlackWeb, token: str) -> Finding:
    try:
        await slack.socket_url(token)
    except SlackError as error:
        return Finding("FAIL", "Socket Mode", _slack_trouble(error.code, APP_HELP))
    return Finding("ok", "Socket Mode", "connections can be opened")


async def _exec_key(settings: ExecSettings) -> Finding:
    try:
        async with open_app(settings) as app:
            client = app.exec.client
            workspace = await client.get("/workspace", NamedItem, Purpose.PEOPLE)
            sessions = await client.page("/sessions", Session, Purpose.PEOPLE)
            members = await client.page("/workspace/members", WorkspaceMember, Purpose.PEOPLE)
    except WrongKey:
        says = f"the key isn't accepted. {KEY_HELP}"
    except WorkspaceInactive:
        says = "the workspace is inactive. Ask an Exec admin to reactivate it."
    except Limited as error:
        return Finding("ok", "Exec", f"reached, but limited until {write_hour(error.until)} UTC")
    except StorageError:
        says = "not checked, because requests are counted in the database. Fix the database first."
    except (Broken, Rejected) as error:
        is_away = isinstance(error, Broken) and error.kind == "reset"
        trouble = "can't be reached" if is_away else f"doesn't answer properly: {error}"
        says = f"{trouble}. Check EXEC_API_URL, and try again in a minute."
    else:
        for name, skipped in (("sessions", sessions.skipped), ("members", members.skipped)):
            if skipped:
                says = (
                    f"the key works for workspace {workspace.name}, but I can't read {skipped} of "
                    f"the first {PAGE_SIZE} {name}. They are left out of answers."
                )
                return Finding("WARN", "Exec", says)
        return Finding("ok", "Exec", f"the key works for workspace {workspace.name}")
    return Finding("FAIL", "Exec", says)


async def _translator(translator: Translator) -> Finding:
    reader = Reader(INTENTS, Clock(utc_now(), ZoneInfo("UTC")))
    try:
        if await translator.answers_well(reader):
            return Finding("ok", "translator", "translates refused questions")
        says = "the model doesn't answer with a command. Set another one in EXECBOT_LLM_MODEL."
    except TimeoutError:
        seconds = f"{translator.limit:g} seconds"
        says = f"doesn't answer within {seconds}. Set a faster model in EXECBOT_LLM_MODEL."
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
        says = f"answers {status}. Check EXECBOT_LLM_URL, EXECBOT_LLM_MODEL and EXECBOT_LLM_KEY."
    except FAILURES:
        says = "no OpenAI-compatible API answers. Check EXECBOT_LLM_URL."
    return Finding("FAIL", "translator", says)
