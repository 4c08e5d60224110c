"""Settings: every environment variable, once, with its meaning.

Read from the environment and from a `.env` file in the working directory; the environment wins.
A variable set to nothing counts as not set.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Set
from io import StringIO
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

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
    ValidationInfo,
)
from pydantic_core import ErrorDetails

from bot.language.locale import DEFAULT, Locale

# What the value of a variable must look like. Each check says it in words that end a sentence.


def _matches(pattern: str, hint: str) -> AfterValidator:
    """A check that a secret has the form `pattern`; `hint` says how it must look."""
    compiled = re.compile(pattern)

    def check(value: SecretStr) -> SecretStr:
        if not compiled.fullmatch(value.get_secret_value()):
            raise ValueError(hint)
        return value

    return AfterValidator(check)


def _bot_token(value: SecretStr) -> SecretStr:
    """The token of a Slack app's bot."""
    token = value.get_secret_value()
    if token.startswith("xapp-"):
        raise ValueError(
            "holds an app-level token (xapp-…). That one is for SLACK_APP_TOKEN; here goes the Bot "
            "User OAuth Token (xoxb-…)"
        )
    if not re.fullmatch(r"xoxb-\S+", token):
        raise ValueError("must start with xoxb-")
    return value


def _app_token(value: SecretStr) -> SecretStr:
    """The token by which a Slack app opens Socket Mode."""
    token = value.get_secret_value()
    if token.startswith("xoxb-"):
        raise ValueError(
            "holds a bot token (xoxb-…). That one is for SLACK_BOT_TOKEN; here goes the app-level "
            "token (xapp-…)"
        )
    if not re.fullmatch(r"xapp-\S+", token):
        raise ValueError("must start with xapp-")
    return value


def _emails(value: object) -> object:
    """E-mail addresses in lower case, of a text with commas between them."""
    if not isinstance(value, str):
        return value
    words = tuple(word.lower() for word in re.split(r"[,;\s]+", value) if word)
    if any(not re.fullmatch(r"[^@]+@[^@]+", word) for word in words):
        raise ValueError("must be e-mail addresses with commas between them")
    if not value.isascii():
        raise ValueError("must be e-mail addresses in ASCII: others identify nobody")
    return words


def _url(value: str) -> str:
    """An address of HTTP, without a query."""
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value):
        raise ValueError("must be an address that starts with http:// or https://")
    try:
        urlsplit(value).port  # noqa: B018 - reading it is the check
    except ValueError:
        raise ValueError("must be an address with a port between 0 and 65535, or none") from None
    return value


def _peer(value: str) -> str:
    """The IP address of a machine that may ask."""
    address = "127.0.0.1" if value == "localhost" else value
    try:
        ip_address(address)
    except ValueError:
        raise ValueError("must be localhost or an IP address such as 127.0.0.1") from None
    return address


def _database_url(value: str) -> str:
    """The address of a database that outlives the process."""
    # Imported here: a command that opens no database does not wait for SQLAlchemy.
    from sqlalchemy.exc import ArgumentError

    from bot.storage.database import async_url

    try:
        parsed = async_url(value)
    except (ArgumentError, ValueError):
        raise ValueError(
            "must look like postgres://user:password@host/name or sqlite:///file.db"
        ) from None
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        # Each connection would see a database of its own, and none would outlive a restart.
        raise ValueError("must name a file, such as sqlite:///execbot.db")
    return value


def _number(least: int, most: int) -> BeforeValidator:
    """A check and reading of a whole number from `least` to `most`."""
    hint = f"must be a number from {least} to {most}"

    def check(value: object) -> object:
        if not isinstance(value, str):
            return value
        # Few digits first: Python refuses to read thousands of them.
        plain = value.isascii() and value.isdigit() and len(value) <= len(str(most))
        if not plain or not least <= int(value) <= most:
            raise ValueError(hint)
        return int(value)

    return BeforeValidator(check)


def _not_under_history(value: int, info: ValidationInfo) -> int:
    """A retention that keeps all that the history fills in."""
    # Absent when it is malformed itself, which is then told.
    if value < info.data.get("execbot_history_days", 0):
        raise ValueError(
            "must not be less than EXECBOT_HISTORY_DAYS, or what was filled in would be removed"
        )
    return value


def _command(value: str) -> str:
    """The name of a slash command."""
    if not re.fullmatch(r"/[a-z0-9_-]{1,31}", value):
        raise ValueError("must look like /exec: lower case, no spaces, at most 32 characters")
    return value


def _folder(value: Path) -> Path:
    """A folder that is there."""
    if not value.is_dir():
        raise ValueError("must name a folder that I can read")
    return value


Url = Annotated[str, AfterValidator(_url)]
NamedRanking = Annotated[
    Literal["off", "coach", "channel"],
    BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value),
]
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

    slack_bot_token: Annotated[SecretStr, AfterValidator(_bot_token)] | None = Field(
        None, description="The bot token of your Slack app, `xoxb-…`."
    )
    slack_signing_secret: (
        Annotated[
            SecretStr,
            _matches(
                r"(?!x[a-z]+-)\S{8,}",  # no token, which begins like xoxb-
                "must be the Signing Secret of your Slack app: 32 letters and digits",
            ),
        ]
        | None
    ) = Field(None, description="For HTTP: the signing secret of your Slack app.")
    slack_app_token: Annotated[SecretStr, AfterValidator(_app_token)] | None = Field(
        None,
        description=(
            "For Socket Mode: an app-level token, `xapp-…`, with `connections:write`. Wins "
            "over the signing secret."
        ),
    )
    slack_api_url: Url = Field(
        "https://slack.com/api/", description="Where Slack's Web API is. For tests."
    )
    exec_api_key: (
        Annotated[
            SecretStr,
            _matches(
                r"exec_[a-z]+_[A-Za-z0-9]{20,}",
                "must look like exec_live_ and 40 letters and digits",
            ),
        ]
        | None
    ) = Field(None, description="An Exec API key (Exec: Settings › API).")
    exec_api_url: Url = Field(
        "https://api.exec.com/rest/v1", description="Where Exec's REST API is."
    )
    exec_requests_per_minute: Annotated[int, _number(1, 1_000_000)] = Field(
        60,
        description="What Exec allows your workspace. Set less to leave some to other programs.",
    )
    exec_requests_per_day: Annotated[int, _number(1, 1_000_000)] = Field(
        1000,
        description="The same for a day.",
    )
    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        "sqlite:///execbot.db",
        repr=False,  # may hold a password
        description="A SQLite file for one process, PostgreSQL (`postgres://…`) for several.",
    )
    port: Annotated[int, _number(0, 65535)] = Field(
        3000, description="The port of `/slack/events`, `/healthz`, `/readyz` and `/metrics`."
    )
    host: str = Field("0.0.0.0", description="The address to bind.")  # noqa: S104
    metrics_host: Annotated[str, AfterValidator(_peer)] | None = Field(
        None,
        description="The one address that may read `/metrics`, such as `127.0.0.1`; empty for all.",
    )
    execbot_admins: Annotated[tuple[str, ...], BeforeValidator(_emails)] = Field(
        (), description="Who may see everybody: e-mail addresses, separated by commas."
    )
    execbot_templates: Annotated[Path, AfterValidator(_folder)] | None = Field(
        None, description="A folder of message templates that win over the built-in ones."
    )
    execbot_command: Annotated[str, AfterValidator(_command)] = Field(
        "/exec", description="The slash command, as your Slack app names it."
    )
    execbot_locale: Locale = Field(
        DEFAULT,
        description="How dates and times are written in channels: `en-US` or `en-GB`.",
    )
    execbot_named_ranking: NamedRanking = Field(
        "coach",
        description=(
            "Who gets a `leaderboard` with names: `off` nobody, `coach` admins and coaches, "
            "`channel` channels too (the first five)."
        ),
    )
    execbot_history_days: Annotated[int, _number(0, 3650)] = Field(
        90,
        description="How many days of the past are read in the background; 0 for none.",
    )
    execbot_retention_days: Annotated[
        int, _number(1, 36_500), AfterValidator(_not_under_history)
    ] = Field(
        400,
        validate_default=True,  # it may be less than a history that was set
        description="After how many days sessions are removed.",
    )
    execbot_audit_days: Annotated[int, _number(1, 3650)] = Field(
        90,
        description="For how many days it is kept who looked at whose practice.",
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


def templates_alone(variables: Mapping[str, str]) -> dict[str, str]:
    """The one variable that the demo reads: the changed words."""
    return {name: value for name, value in variables.items() if name == "EXECBOT_TEMPLATES"}


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
        case "literal_error" | "enum":
            says = f"must be {problem['ctx']['expected'].replace(chr(39), '')}"
        case _:
            says = problem["msg"].removeprefix("Value error, ")
    # A default that does not fit another variable is told under the field's own name.
    return f"{str(problem['loc'][0]).upper()} {says}."


def secret(value: SecretStr | None) -> str:
    """A credential that `load` made sure of. Raises ValueError if it did not."""
    if value is None:
        raise ValueError("a credential is missing: load the settings with what they need")
    return value.get_secret_value()
