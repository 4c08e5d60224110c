"""Settings: what can be set, what is said of what is wrong, and what is never said."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import Settings, SettingsProblem, environment, load

GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1-2-abc",
    "SLACK_SIGNING_SECRET": "0123456789abcdef",
    "EXEC_API_KEY": "exec_live_" + "a" * 40,
}
SECRETS = {
    "SLACK_BOT_TOKEN": "hunter-one",
    "SLACK_SIGNING_SECRET": "hunter2",
    "SLACK_APP_TOKEN": "hunter-three",
    "EXEC_API_KEY": "hunter-four",
    "DATABASE_URL": "mysql://hunter:five@host/db",
}


def problems(variables: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsProblem) as caught:
        load(variables, slack=True, exec_api=True)
    return caught.value.problems


def test_three_variables_are_enough_and_the_rest_has_defaults() -> None:
    settings = load(GOOD, slack=True, exec_api=True)

    rest = settings.model_dump(exclude={name.lower() for name in GOOD})
    assert rest == {
        "slack_app_token": None,
        "slack_api_url": "https://slack.com/api/",
        "exec_api_url": "https://api.exec.com/rest/v1",
        "exec_requests_per_minute": 60,
        "exec_requests_per_day": 1000,
        "database_url": "sqlite:///execbot.db",
        "port": 3000,
        "host": "0.0.0.0",
        "metrics_host": None,
        "execbot_admins": (),
        "execbot_templates": None,
        "execbot_command": "/exec",
        "execbot_locale": "en-US",
        "execbot_named_ranking": "coach",
        "execbot_history_days": 90,
        "execbot_retention_days": 400,
        "execbot_audit_days": 90,
        "log_level": "INFO",
        "log_format": "text",
    }


def test_every_variable_has_a_description_for_the_readme() -> None:
    names = {name.upper(): field.description for name, field in Settings.model_fields.items()}

    assert set(names) == {
        *("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SLACK_API_URL"),
        *("EXEC_API_KEY", "EXEC_API_URL", "DATABASE_URL", "PORT", "HOST", "METRICS_HOST"),
        *("EXEC_REQUESTS_PER_MINUTE", "EXEC_REQUESTS_PER_DAY"),
        *("EXECBOT_ADMINS", "EXECBOT_TEMPLATES", "EXECBOT_COMMAND", "LOG_LEVEL", "LOG_FORMAT"),
        *("EXECBOT_NAMED_RANKING", "EXECBOT_HISTORY_DAYS", "EXECBOT_RETENTION_DAYS"),
        *("EXECBOT_AUDIT_DAYS", "EXECBOT_LOCALE"),
    }
    assert all(names.values())


def test_every_variable_is_taken(tmp_path: Path) -> None:
    settings = load(
        {
            **GOOD,
            "SLACK_APP_TOKEN": "xapp-1-A-2-b",
            "SLACK_API_URL": "http://127.0.0.1:1/api/",
            "EXEC_API_URL": "http://127.0.0.1:2/rest/v1",
            "DATABASE_URL": "postgres://me:pw@db/execbot",
            "PORT": "8080",
            "HOST": "127.0.0.1",
            "EXECBOT_ADMINS": "Ana@acme.com, bob@acme.com;cy@acme.com dee@acme.com",
            "EXECBOT_TEMPLATES": str(tmp_path),
            "EXECBOT_COMMAND": "/practice-dev",
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "JSON",
        },
        slack=True,
        exec_api=True,
    )

    assert settings.port == 8080
    assert settings.execbot_admins == (
        "ana@acme.com",
        "bob@acme.com",
        "cy@acme.com",
        "dee@acme.com",
    )
    assert settings.execbot_templates == tmp_path
    assert (settings.execbot_command, settings.log_level, settings.log_format) == (
        "/practice-dev",
        "DEBUG",
        "json",
    )
    assert settings.slack_app_token is not None
    assert settings.slack_app_token.get_secret_value() == "xapp-1-A-2-b"


def test_swapped_tokens_are_each_told_where_they_belong() -> None:
    swapped = {"SLACK_BOT_TOKEN": "xapp-1-A-2-hunter", "SLACK_APP_TOKEN": "xoxb-1-2-hunter"}

    assert problems({**GOOD, **swapped}) == (
        "SLACK_BOT_TOKEN holds an app-level token (xapp-…). That one is for SLACK_APP_TOKEN; here "
        "goes the Bot User OAuth Token (xoxb-…).",
        "SLACK_APP_TOKEN holds a bot token (xoxb-…). That one is for SLACK_BOT_TOKEN; here goes "
        "the app-level token (xapp-…).",
    )


def test_all_that_is_missing_is_named_at_once() -> None:
    said = problems({})

    assert [line.split(" is not set")[0] for line in said] == [
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET or SLACK_APP_TOKEN",
        "EXEC_API_KEY",
    ]


def test_the_terminal_needs_the_exec_key_only() -> None:
    assert load({"EXEC_API_KEY": GOOD["EXEC_API_KEY"]}, exec_api=True).slack_bot_token is None
    with pytest.raises(SettingsProblem, match="EXEC_API_KEY is not set"):
        load({}, exec_api=True)


def test_set_to_nothing_counts_as_not_set() -> None:
    assert load({**GOOD, "PORT": " ", "EXECBOT_TEMPLATES": ""}, slack=True).port == 3000
    assert any("EXEC_API_KEY is not set" in line for line in problems({**GOOD, "EXEC_API_KEY": ""}))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("EXECBOT_LOCALE", "de-DE", "EXECBOT_LOCALE must be en-US or en-GB."),
        ("PORT", "70000", "PORT must be a number from 0 to 65535."),
        ("PORT", "9" * 5000, "PORT must be a number from 0 to 65535."),
        (
            "METRICS_HOST",
            "prometheus.example",
            "METRICS_HOST must be localhost or an IP address such as 127.0.0.1.",
        ),
        ("EXEC_REQUESTS_PER_MINUTE", "0", "EXEC_REQUESTS_PER_MINUTE must be a number from 1 to "),
        ("EXEC_REQUESTS_PER_DAY", "1_000", "EXEC_REQUESTS_PER_DAY must be a number from 1 to 100"),
        ("EXECBOT_NAMED_RANKING", "all", "EXECBOT_NAMED_RANKING must be off, coach or channel."),
        ("EXECBOT_HISTORY_DAYS", "-1", "EXECBOT_HISTORY_DAYS must be a number from 0 to 3650."),
        ("EXECBOT_HISTORY_DAYS", "401", "EXECBOT_RETENTION_DAYS must not be less than EXECBOT_HI"),
        ("EXECBOT_RETENTION_DAYS", "89", "EXECBOT_RETENTION_DAYS must not be less than EXECBOT_HI"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR."),
        ("LOG_FORMAT", "xml", "LOG_FORMAT must be text or json."),
        ("EXECBOT_ADMINS", "ana", "EXECBOT_ADMINS must be e-mail addresses with commas"),
        (
            "EXECBOT_ADMINS",
            "\u212aofi@acme.com",
            "EXECBOT_ADMINS must be e-mail addresses in ASCII",
        ),
        ("EXECBOT_TEMPLATES", "/no/such", "EXECBOT_TEMPLATES must name a folder that I can read."),
        ("EXECBOT_COMMAND", "/Exec", "EXECBOT_COMMAND must look like /exec"),
        ("EXECBOT_COMMAND", "/exec me", "EXECBOT_COMMAND must look like /exec"),
        ("EXEC_API_URL", "api.exec.com", "EXEC_API_URL must be an address that starts with http"),
        ("EXEC_API_URL", "https://a:999999", "EXEC_API_URL must be an address with a port"),
        ("SLACK_API_URL", "ftp://a", "SLACK_API_URL must be an address that starts with http"),
        ("DATABASE_URL", "mysql://a@b/c", "DATABASE_URL must look like postgres://"),
        ("DATABASE_URL", "postgres://a@b:port/c", "DATABASE_URL must look like postgres://"),
        ("DATABASE_URL", "sqlite:///:memory:", "DATABASE_URL must name a file"),
        ("SLACK_BOT_TOKEN", "xoxp-1", "SLACK_BOT_TOKEN must start with xoxb-."),
        ("SLACK_APP_TOKEN", "xoxp-1", "SLACK_APP_TOKEN must start with xapp-."),
        ("SLACK_SIGNING_SECRET", "short", "SLACK_SIGNING_SECRET must be the Signing Secret"),
        ("EXEC_API_KEY", "sk-123", "EXEC_API_KEY must look like exec_live_"),
    ],
)
def test_each_malformed_one_is_told_as_a_person_would(name: str, value: str, says: str) -> None:
    (line,) = problems({**GOOD, name: value})

    assert line.startswith(says)


def test_no_value_of_a_secret_is_ever_told() -> None:
    with pytest.raises(SettingsProblem) as caught:
        load(SECRETS, slack=True, exec_api=True)

    assert len(caught.value.problems) == len(SECRETS)
    assert "hunter" not in str(caught.value)
    assert "hunter" not in repr(caught.value)


def test_settings_do_not_show_their_secrets() -> None:
    settings = load({**GOOD, "DATABASE_URL": "postgres://me:hunter2@db/x"}, slack=True)

    shown = f"{settings} {settings!r}"
    assert "hunter2" not in shown
    assert not [value for value in GOOD.values() if value in shown]


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text('PORT=4000\nHOST="127.0.0.1"  # here only\nJUST_A_NAME\n')
    monkeypatch.setenv("PORT", "5000")
    monkeypatch.delenv("HOST", raising=False)

    settings = load(environment())

    assert (settings.port, settings.host) == (5000, "127.0.0.1")


def test_a_line_that_is_no_setting_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("# mine\n\nPORT=4000\nSLACK_BOT_TOKEN xoxb-secret\n")

    with pytest.raises(SettingsProblem) as raised:
        environment()
    assert raised.value.problems == ("Line 4 of .env can't be read: write it as NAME=value.",)
