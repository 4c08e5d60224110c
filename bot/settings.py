"""Settings: every environment variable with its description."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AnyHttpUrl,
    BeforeValidator,
    DirectoryPath,
    Field,
    Secret,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings import PydanticBaseSettingsSource as Source

from bot.language.locale import DEFAULT, Locale

BotToken = Secret[Annotated[str, Field(pattern=r"^xoxb-\S+$")]]
AppToken = Secret[Annotated[str, Field(pattern=r"^xapp-\S+$")]]
SigningSecret = Secret[Annotated[str, Field(pattern=r"^\w{8,}$")]]
ExecKey = Secret[Annotated[str, Field(pattern=r"^exec_[a-z]+_[A-Za-z0-9]{20,}$")]]
# A secret that is sent in a header.
Token = Secret[Annotated[str, Field(pattern=r"^[!-~]+$")]]
# SQLite in memory is refused, because each connection would have a database of its own.
DATABASE = r"^(postgres(ql)?(\+\w+)?://([^@\s]*@)?[^@:/\s]*(:\d+)?/\S+|sqlite(\+\w+)?:///[^:].*)$"
# ASCII only, because look-alike letters would identify another person.
Address = Annotated[str, StringConstraints(pattern=r"^[!-?A-~]+@[!-?A-~]+$", to_lower=True)]
Addresses = Annotated[
    tuple[Address, ...],
    NoDecode,
    BeforeValidator(lambda v: v.replace(",", " ").split() if isinstance(v, str) else v),
]
Requests = Annotated[int, Field(ge=1, le=1_000_000)]
# By the type of pydantic's error.
WRONG = {"missing": "Not set", "string_pattern_mismatch": "Not valid"}
NamedRanking = Literal["off", "coach", "channel"]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)]


class Settings(BaseSettings):
    """All settings, none of them required. docs/settings.md and error messages show the
    descriptions."""

    model_config = SettingsConfigDict(
        alias_generator=str.upper,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    slack_bot_token: BotToken | None = Field(
        None, description="Your Slack app's bot token, `xoxb-…`, from OAuth & Permissions."
    )
    slack_app_token: AppToken | None = Field(
        None,
        description="For Socket Mode, which takes precedence over HTTP: an app-level token, "
        "`xapp-…`, with `connections:write`, from Basic Information.",
    )
    slack_signing_secret: SigningSecret | None = Field(
        None,
        description="For HTTP: your Slack app's signing secret (32 letters and digits), from Basic "
        "Information. Required unless `SLACK_APP_TOKEN` is set.",
    )
    slack_api_url: AnyHttpUrl = Field(
        AnyHttpUrl("https://slack.com/api/"),
        description="The `https://` address of Slack's Web API. For tests.",
    )
    exec_api_key: ExecKey | None = Field(
        None, description="An Exec API key, `exec_live_…`, from Settings › API in Exec."
    )
    exec_api_url: AnyHttpUrl = Field(
        AnyHttpUrl("https://api.exec.com/rest/v1"),
        description="The `https://` address of Exec's REST API.",
    )
    exec_requests_per_minute: Requests = Field(
        60,
        description="How many requests a minute Exec allows you. Set fewer to leave some for other "
        "programs.",
    )
    exec_requests_per_day: Requests = Field(
        1000, description="How many requests a day Exec allows you."
    )
    database_url: str = Field(
        "sqlite:///execbot.db",
        pattern=DATABASE,
        repr=False,  # may hold a password
        description="SQLite for one process (`sqlite:///file.db`), PostgreSQL for several "
        "(`postgres://user:password@host/name`).",
    )
    port: int = Field(
        3000,
        ge=0,
        le=65535,
        description="The port of `/slack/events`, `/healthz`, `/readyz` and `/metrics`.",
    )
    host: str = Field("0.0.0.0", description="The address to listen on.")  # noqa: S104
    execbot_metrics_token: Token | None = Field(
        None,
        description="Opens `/metrics` to requests with `Authorization: Bearer` and this token. "
        "Without it `/metrics` answers 404.",
    )
    execbot_admins: Addresses = Field(
        (), description="Comma-separated ASCII e-mail addresses of people who can see everybody."
    )
    execbot_templates: DirectoryPath | None = Field(
        None, description="A folder of message templates that replace the built-in ones."
    )
    execbot_command: str = Field(
        "/exec",
        pattern=r"^/[a-z0-9_-]{1,31}$",
        description="Your Slack app's slash command: lowercase, no spaces, at most 32 characters.",
    )
    execbot_locale: Locale = Field(
        DEFAULT, description="The format of dates and times in channels: `en-US` or `en-GB`."
    )
    execbot_named_ranking: NamedRanking = Field(
        "coach",
        description="Who gets a `leaderboard` with names. `off`: nobody; `coach`: admins and "
        "coaches; `channel`: also channels (the first five).",
    )
    execbot_history_days: int = Field(
        400,
        ge=90,
        le=1000,
        description="How many days of sessions to load and keep, from 90 to 1,000. Charts and "
        "comparisons need months.",
    )
    execbot_audit_days: int = Field(
        90,
        ge=1,
        le=3650,
        description="How many days to keep the access log.",
    )
    execbot_llm_url: AnyHttpUrl | None = Field(
        None,
        description="An OpenAI-compatible API, such as `https://llm.example.com/v1`, for questions "
        "that the bot doesn't understand. Names are removed from the questions first.",
    )
    execbot_llm_model: str | None = Field(
        None,
        description="The model to ask. Required if `EXECBOT_LLM_URL` is set.",
    )
    execbot_llm_key: Token | None = Field(None, description="The key of that API, if it needs one.")
    log_level: LogLevel = Field("INFO", description="`DEBUG`, `INFO`, `WARNING` or `ERROR`.")
    log_format: Literal["text", "json"] = Field(
        "text", description="`text` for people, `json` for a log collector."
    )

    @field_validator("execbot_llm_model")
    @classmethod
    def _or_no_url(cls, value: object, info: ValidationInfo) -> object:
        if value is None and info.data.get("execbot_llm_url") is not None:
            raise PydanticCustomError("missing", "Field required")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: Source,
        env_settings: Source,
        dotenv_settings: Source,
        file_secret_settings: Source,
    ) -> tuple[Source, ...]:
        """The environment takes precedence over `.env`; arguments, from the demo and tests, replace
        both."""
        return (init_settings,) if init_settings() else (env_settings, dotenv_settings)


class ExecSettings(Settings):
    """Settings of a command that reads Exec."""

    exec_api_key: ExecKey


class SlackSettings(ExecSettings):
    """Settings of the bot in Slack."""

    slack_bot_token: BotToken

    @field_validator("slack_signing_secret")
    @classmethod
    def _or_app_token(cls, value: object, info: ValidationInfo) -> object:
        # A malformed app token isn't in `data`, and has an error of its own.
        if value is None and info.data.get("slack_app_token", "malformed") is None:
            raise PydanticCustomError("missing", "Field required")
        return value


class SettingsProblem(Exception):
    """One sentence for each setting that is missing or malformed. Holds no secrets."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


S = TypeVar("S", bound=Settings)


def load(kind: type[S], **given: Any) -> S:
    """The settings from `given` or, without any, from the environment and `.env`.

    Raises SettingsProblem with every missing and malformed setting.
    """
    try:
        return kind(**given)
    except ValidationError as error:
        # By name, because each malformed address in a list has an error of its own.
        problems = {
            str(problem["loc"][0]).upper(): problem for problem in error.errors(include_url=False)
        }
        raise SettingsProblem(tuple(map(_sentence, problems, problems.values()))) from None
    except UnicodeError:
        raise SettingsProblem((".env isn't UTF-8 text.",)) from None
    except OSError as error:
        raise SettingsProblem((f"I can't read {error.filename}.",)) from None


def _sentence(name: str, problem: ErrorDetails) -> str:
    """What is wrong with a setting, without its value, and its description."""
    says = WRONG.get(problem["type"], problem["msg"])
    hint = str(Settings.model_fields[name.lower()].description).replace("`", "")
    return f"{name}: {says}. {hint}"
