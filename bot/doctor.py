"""`execbot doctor`: checks the setup and explains how to fix it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx
from aiohttp import ClientError
from pydantic import AnyHttpUrl
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import open_app
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
from bot.exec_api.budget import Purpose
from bot.exec_api.client import PAGE_SIZE
from bot.exec_api.models import Item, Session, WorkspaceMember
from bot.language.dates import write_hour
from bot.language.locale import write_for
from bot.language.reader import Reader
from bot.language.times import Clock
from bot.manifest import SCOPES, WITHOUT
from bot.messages.render import Messages
from bot.people.names import ROWS
from bot.settings import ExecSettings, Settings, SettingsProblem, SlackSettings, load
from bot.slack.web import SlackWeb, web_client
from bot.storage.database import Database
from bot.translate import FAILURES, Translator, open_translator

BOT_HELP = (
    "Copy SLACK_BOT_TOKEN again from your Slack app: OAuth & Permissions, Bot User OAuth Token."
)
APP_HELP = (
    "Make an app-level token with connections:write under Basic Information, put it into "
    "SLACK_APP_TOKEN, and turn on Socket Mode."
)
SCOPE_HELP = "Add it under OAuth & Permissions, Bot Token Scopes, then reinstall the app."
KEY_HELP = "Make a new one in Exec under Settings › API."
THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "[::1]"})
BROKEN = {
    "status": "answers with a server error",
    "body": "answers with something that I can't read",
    "reset": "can't be reached",
    "timeout": "doesn't answer in time",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of a check. If it isn't `fine`, `says` explains the fix and `code` is the exit
    code; a finding that only `warns` is fine."""

    what: str
    fine: bool
    says: str
    warns: bool = False
    code: int = 1


async def examine() -> int:
    """Print every finding. Returns the exit code: 0 if all are fine, 2 for settings, 1 for anything
    else."""
    code = 0
    async for finding in _findings():
        mark = "WARN" if finding.warns else "ok  " if finding.fine else "FAIL"
        print(f"{mark} {finding.what}: {finding.says}")
        code = code if finding.fine else max(code, finding.code)
    return code


async def _findings() -> AsyncIterator[Finding]:
    try:
        settings = load(SlackSettings)
        Messages(settings.execbot_templates)
    except SettingsProblem as error:
        for problem in error.problems:
            yield Finding("settings", False, problem, code=2)
        return
    write_for(settings.execbot_locale)
    yield Finding("settings", True, "all set")
    for name in ("exec_api_url", "slack_api_url", "execbot_llm_url"):
        url: AnyHttpUrl | None = getattr(settings, name)
        if url is not None and url.scheme == "http" and url.host not in THIS_MACHINE:
            says = f"{name.upper()} begins with http://, so data sent there isn't encrypted. "
            yield Finding("settings", True, f"{says}Use https://.", warns=True)
    yield await _database(settings)
    client = web_client(settings.slack_bot_token.get_secret_value(), str(settings.slack_api_url))
    async for finding in _slack_token(client):
        yield finding
    if settings.slack_app_token is not None:
        yield await _app_token(client, settings.slack_app_token.get_secret_value())
    yield await _exec_key(settings)
    async with open_translator(settings) as translator:
        if translator is not None:
            trouble = await _translator_trouble(translator)
            yield Finding("translator", not trouble, trouble or "translates refused questions")


async def _database(settings: Settings) -> Finding:
    async with Database(settings.database_url) as database:
        try:
            await database.upgrade()
            await database.check()
        except StorageError as error:
            code = storage_exit_code(error)
            return Finding("database", False, storage_trouble(settings, error), code=code)
        kind = "SQLite: run one process only" if database.is_sqlite else "PostgreSQL"
    return Finding("database", True, kind)


def storage_exit_code(error: StorageError) -> int:
    """2 if DATABASE_URL has to change, as for other settings; otherwise 1."""
    return 2 if isinstance(error, OtherSchema) else 1


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


async def _slack_token(client: AsyncWebClient) -> AsyncIterator[Finding]:
    try:
        identity = await SlackWeb(client).identity()
    except SlackError as error:
        yield Finding("Slack", False, _slack_trouble(error.code, BOT_HELP))
        return
    missing = [each for each in SCOPES if each not in identity.scopes] if identity.scopes else []
    if required := [scope for scope in missing if scope not in WITHOUT]:
        yield Finding("Slack", False, f"the token lacks {', '.join(required)}. {SCOPE_HELP}")
    else:
        address = urlsplit(identity.team_url).hostname or identity.team_id
        says = f"the token works for workspace {identity.team_name} ({address})"
        yield Finding("Slack", True, says)
    losses = [f"without {scope}, {WITHOUT[scope]}" for scope in missing if scope in WITHOUT]
    says = f"{'; '.join(losses)}. {SCOPE_HELP}" if losses else "all granted"
    yield Finding("optional scopes", True, says)


def _slack_trouble(code: str, credential: str) -> str:
    """What to do about an error code of Slack, or the name of a connection error."""
    if code.islower():
        return f"answers {code}. {credential}"
    return (
        "can't be reached. Check that this machine reaches Slack, and SLACK_API_URL if you set it."
    )


async def _app_token(client: AsyncWebClient, token: str) -> Finding:
    try:
        await client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        code = str(error.response.get("error"))
    except (ClientError, TimeoutError, OSError, ValueError) as error:
        code = type(error).__name__
    else:
        return Finding("Socket Mode", True, "connections can be opened")
    return Finding("Socket Mode", False, _slack_trouble(code, APP_HELP))


async def _exec_key(settings: ExecSettings) -> Finding:
    try:
        async with open_app(settings) as app:
            client = app.exec
            workspace = await client.get("/workspace", Item, Purpose.PEOPLE)
            sessions = await client.page("/sessions", Session, Purpose.PEOPLE)
            members = await client.page("/workspace/members", WorkspaceMember, Purpose.PEOPLE)
    except WrongKey:
        says = f"the key isn't accepted. {KEY_HELP}"
    except WorkspaceInactive:
        says = "the workspace is inactive. Ask an Exec admin to reactivate it."
    except Limited as error:
        return Finding("Exec", True, f"reached, but limited until {write_hour(error.until)} UTC")
    except StorageError:
        says = "not checked, because requests are counted in the database. Fix the database first."
    except Broken as error:
        where = f" ({error.where})" if error.where else ""
        says = f"{BROKEN[error.kind]}{where}. Check EXEC_API_URL, and try again in a minute."
    except Rejected as error:
        says = f"answers {error}. Check EXEC_API_URL."
    else:
        for name, skipped in (("sessions", sessions.skipped), ("members", members.skipped)):
            if skipped:
                says = (
                    f"the key works for workspace {workspace.name}, but I can't read {skipped} of "
                    f"the first {PAGE_SIZE} {name}. They are left out of answers."
                )
                return Finding("Exec", True, says, warns=True)
        return Finding("Exec", True, f"the key works for workspace {workspace.name}")
    return Finding("Exec", False, says)


async def _translator_trouble(translator: Translator) -> str:
    """What is wrong with the translator, and what to do; "" if nothing is."""
    reader = Reader(ROWS, Clock(utc_now(), ZoneInfo("UTC")))
    try:
        if await translator.answers_well(reader):
            return ""
    except TimeoutError:
        seconds = f"{translator.limit:g} seconds"
        return f"doesn't answer within {seconds}. Set a faster model in EXECBOT_LLM_MODEL."
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
        return f"answers {status}. Check EXECBOT_LLM_URL, EXECBOT_LLM_MODEL and EXECBOT_LLM_KEY."
    except FAILURES:
        return "no OpenAI-compatible API answers. Check EXECBOT_LLM_URL."
    return "the model doesn't answer with a command. Set another one in EXECBOT_LLM_MODEL."
