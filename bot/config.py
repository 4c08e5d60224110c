"""Settings: every environment variable, once, with its meaning.

Read from the environment and from a `.env` file in the working directory; the environment wins.
A variable set to nothing counts as not set.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Set
from io import StringIO
from pathlib import Path
from typing import Annotated, Literal

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_core import ErrorDetails

from bot import config_checks as checks

Url = Annotated[str, AfterValidator(checks.url)]
LogLevel = Annotated[
    Literal["DEBUG", "INFO", "WARNING", "ERROR"],
    BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value),
]
LogFormat = Annotated[
    Literal["text", "json"],
    BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value),
]


class Settings(BaseModel):
    """All that can be set from outside; docs/settings.md shows the field descriptions."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True, alias_generator=str.upper
    )

    slack_bot_token: (
        Annotated[SecretStr, checks.matches(r"xoxb-\S+", "must start with xoxb-")] | None
    ) = Field(None, description="The bot token of your Slack app (`xoxb-…`).")
    slack_signing_secret: (
        Annotated[
            SecretStr,
            checks.matches(
                r"\S{8,}", "must be the Signing Secret of your Slack app: 32 letters and digits"
            ),
        ]
        | None
    ) = Field(
        None, description="The signing secret of your Slack app: Slack reaches the bot over HTTP."
    )
    slack_app_token: (
        Annotated[SecretStr, checks.matches(r"xapp-\S+", "must start with xapp-")] | None
    ) = Field(
        None,
        description=(
            "An app-level token (`xapp-…`) with `connections:write`: the bot reaches Slack by "
            "Socket Mode and needs no public address. Wins over the signing secret."
        ),
    )
    slack_api_url: Url = Field(
        "https://slack.com/api/", description="Where Slack's Web API is. For tests."
    )
    exec_api_key: (
        Annotated[
            SecretStr,
            checks.matches(
                r"exec_[a-z]+_[A-Za-z0-9]{20,}",
                "must look like exec_live_ and 40 letters and digits",
            ),
        ]
        | None
    ) = Field(None, description="An Exec API key (Exec: Settings › API).")
    exec_api_url: Url = Field(
        "https://api.exec.com/rest/v1", description="Where Exec's REST API is."
    )
    exec_requests_per_minute: Annotated[int, checks.number(1, 1_000_000)] = Field(
        60,
        description=(
            "How many requests Exec allows your workspace in a minute. Set less to leave some to "
            "other programs."
        ),
    )
    exec_requests_per_day: Annotated[int, checks.number(1, 1_000_000)] = Field(
        1000,
        description=(
            "The same for a day. Work in the background never takes the last 30 % of it, digests "
            "never the last 10 %."
        ),
    )
    database_url: Annotated[str, AfterValidator(checks.database_url)] = Field(
        "sqlite:///execbot.db",
        repr=False,  # may hold a password
        description=(
            "Where state lives. A SQLite file suits one process; use PostgreSQL "
            "(`postgres://…`) for several."
        ),
    )
    port: Annotated[int, checks.number(0, 65535)] = Field(
        3000, description="The port of `/slack/events`, `/healthz`, `/readyz` and `/metrics`."
    )
    host: str = Field("0.0.0.0", description="The address to bind.")  # noqa: S104
    metrics_host: Annotated[str, AfterValidator(checks.peer)] | None = Field(
        None,
        description=(
            "The address from which `/metrics` may be read, such as `127.0.0.1` for this machine "
            "only; empty for everywhere."
        ),
    )
    execbot_admins: Annotated[tuple[str, ...], BeforeValidator(checks.emails)] = Field(
        (), description="E-mail addresses, separated by commas, of people who may see everybody."
    )
    execbot_templates: Annotated[Path, AfterValidator(checks.folder)] | None = Field(
        None, description="A folder of message templates that win over the built-in ones."
    )
    execbot_command: Annotated[str, AfterValidator(checks.command)] = Field(
        "/exec", description="The slash command, as your Slack app names it."
    )
    execbot_history_days: Annotated[int, checks.number(0, 3650)] = Field(
        90,
        description=(
            "How many days of past sessions are filled in in the background, newest first; 0 for "
            "none."
        ),
    )
    execbot_retention_days: Annotated[
        int, checks.number(1, 36_500), AfterValidator(checks.not_under_history)
    ] = Field(
        400,
        validate_default=True,  # it may be less than a history that was set
        description="After how many days sessions are removed from the database.",
    )
    log_level: LogLevel = Field("INFO", description="`DEBUG`, `INFO`, `WARNING` or `ERROR`.")
    log_format: LogFormat = Field(
        "text", description="`text` for people, `json` for a log collector."
    )


class SettingsProblem(Exception):
    """One sentence for each variable that is missing or malformed. Holds no values."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def environment() -> dict[str, str]:
    """The process's environment over the `.env` file of the working directory.

    Raises SettingsProblem when the file, or a line of it, cannot be read.
    """
    try:
        text = Path(".env").read_text(encoding="utf-8") if Path(".env").exists() else ""
    except (OSError, UnicodeError):
        raise SettingsProblem((".env is there, but I can't read it as UTF-8 text.",)) from None
    problems = tuple(
        # Not what stands in it, which may be a secret.
        f"Line {line.original.line} of .env can't be read: write it as NAME=value."
        for line in parse_stream(StringIO(text))
        if line.error
    )
    if problems:
        raise SettingsProblem(problems)
    values = dotenv_values(stream=StringIO(text))
    from_file = {name: value for name, value in values.items() if value is not None}
    return {**from_file, **os.environ}


def load(variables: Mapping[str, str], *, slack: bool = False, exec_api: bool = False) -> Settings:
    """Settings from `variables`; `slack` and `exec_api` say which credentials must be there.

    Raises SettingsProblem, which names every missing and malformed variable at once.
    """
    given = {name: value.strip() for name, value in variables.items() if value.strip()}
    problems = list(_missing(given.keys(), slack=slack, exec_api=exec_api))
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        problems += [_sentence(problem) for problem in error.errors(include_url=False)]
        raise SettingsProblem(tuple(problems)) from None
    if problems:
        raise SettingsProblem(tuple(problems))
    return settings


def _missing(given: Set[str], *, slack: bool, exec_api: bool) -> Iterator[str]:
    if slack and "SLACK_BOT_TOKEN" not in given:
        yield (
            "SLACK_BOT_TOKEN is not set. It is in your Slack app under OAuth & Permissions: the "
            "Bot User OAuth Token (xoxb-…)."
        )
    if slack and not given & {"SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"}:
        yield (
            "SLACK_SIGNING_SECRET or SLACK_APP_TOKEN is not set. The first is for HTTP, the "
            "second for Socket Mode; both are in your Slack app under Basic Information."
        )
    if exec_api and "EXEC_API_KEY" not in given:
        yield "EXEC_API_KEY is not set. Make a key in Exec under Settings › API."


def _sentence(problem: ErrorDetails) -> str:
    """One problem in plain words, for pydantic's own are written for programmers."""
    match problem["type"]:
        case "literal_error":
            says = f"must be {problem['ctx']['expected'].replace(chr(39), '')}"
        case _:
            says = problem["msg"].removeprefix("Value error, ")
    # A default that does not fit another variable is told under the field's own name.
    return f"{str(problem['loc'][0]).upper()} {says}."
