"""Settings: what each must be, all problems at once, and no secrets in errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import ExecSettings, Settings, SettingsProblem, SlackSettings, load

GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1-2-abc",
    "SLACK_SIGNING_SECRET": "0123456789abcdef",
    "EXEC_API_KEY": "exec_live_" + "a" * 40,
}


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def problems(kind: type[Settings] = SlackSettings, **given: str) -> tuple[str, ...]:
    with pytest.raises(SettingsProblem) as caught:
        load(kind, **given)
    return caught.value.problems


def test_three_settings_are_enough() -> None:
    settings = load(SlackSettings, **GOOD)
    assert settings.slack_bot_token.get_secret_value() == GOOD["SLACK_BOT_TOKEN"]
    assert (settings.port, settings.execbot_history_days) == (3000, 400)


def test_socket_mode_needs_no_signing_secret() -> None:
    load(SlackSettings, **{**GOOD, "SLACK_SIGNING_SECRET": None, "SLACK_APP_TOKEN": "xapp-1-a"})


def test_the_terminal_needs_only_the_exec_key() -> None:
    assert load(ExecSettings, EXEC_API_KEY=GOOD["EXEC_API_KEY"]).slack_bot_token is None


def test_values_are_cleaned(tmp_path: Path) -> None:
    settings = load(
        Settings,
        EXECBOT_ADMINS="Ana@acme.com, bob@acme.com",
        EXECBOT_TEMPLATES=str(tmp_path),
        LOG_LEVEL="debug",
        PORT=" 8080 ",
    )
    assert settings.execbot_admins == ("ana@acme.com", "bob@acme.com")
    assert settings.execbot_templates == tmp_path
    assert (settings.log_level, settings.port) == ("DEBUG", 8080)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-A", "isn't valid. Your Slack app's bot token, xoxb-…"),
        ("SLACK_APP_TOKEN", "xoxb-1", "isn't valid. For Socket Mode"),
        ("SLACK_SIGNING_SECRET", "xoxb-1-2-abc", "isn't valid. For HTTP"),
        ("SLACK_API_URL", "ftp://a", "isn't valid. The https:// address of Slack's"),
        ("EXEC_API_KEY", "sk-123", "isn't valid. An Exec API key, exec_live_…"),
        ("EXEC_API_URL", "api.exec.com", "isn't valid. The https:// address of Exec's"),
        ("EXEC_API_URL", "https://a:999999", "isn't valid. The https:// address of Exec's"),
        ("EXEC_REQUESTS_PER_MINUTE", "0", "must be greater than or equal to 1. How many"),
        ("DATABASE_URL", "mysql://a@b/c", "isn't valid. SQLite for one process"),
        ("DATABASE_URL", "postgres://a:b@c:port/d", "isn't valid. SQLite for one process"),
        ("DATABASE_URL", "sqlite:///:memory:", "isn't valid. SQLite for one process"),
        ("PORT", "70000", "must be less than or equal to 65535. The port"),
        ("PORT", "9" * 5000, "must be a whole number. The port"),
        ("EXECBOT_METRICS_TOKEN", "with blanks", "isn't valid. Opens /metrics to requests"),
        ("EXECBOT_ADMINS", "ana, bob, cy@acme.com", "isn't valid. ASCII e-mail addresses"),
        ("EXECBOT_ADMINS", "\u212aofi@acme.com", "isn't valid. ASCII e-mail addresses"),
        ("EXECBOT_TEMPLATES", "/no/such", "isn't valid. A folder of message templates"),
        ("EXECBOT_COMMAND", "/Exec me", "isn't valid. Your Slack app's slash command"),
        ("EXECBOT_LOCALE", "de-DE", "must be 'en-US' or 'en-GB'. How dates"),
        ("EXECBOT_NAMED_RANKING", "all", "must be 'off', 'coach' or 'channel'. Who gets"),
        ("EXECBOT_HISTORY_DAYS", "89", "must be greater than or equal to 90. How many days of"),
        ("EXECBOT_HISTORY_DAYS", "1001", "must be less than or equal to 1000. How many days of"),
        ("EXECBOT_AUDIT_DAYS", "week", "must be a whole number. How many days"),
        ("LOG_LEVEL", "loud", "must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'."),
        ("LOG_FORMAT", "xml", "must be 'text' or 'json'."),
    ],
)
def test_a_malformed_setting_is_named_with_what_it_must_be(
    name: str, value: str, says: str
) -> None:
    (line,) = problems(**{**GOOD, name: value})
    assert line.startswith(f"{name} {says}")
    assert "`" not in line


def test_all_problems_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "x")
    monkeypatch.setenv("LOG_FORMAT", "y")
    assert [line.split()[0] for line in problems()] == [
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "EXEC_API_KEY",
        "PORT",
        "LOG_FORMAT",
    ]


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text('PORT=4000\nHOST="127.0.0.1"  # local\nOTHER=1\nJUST_A_NAME\n')
    monkeypatch.setenv("PORT", "5000")
    settings = load(Settings)
    assert (settings.port, settings.host) == (5000, "127.0.0.1")


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "EXECBOT_ADMINS", "EXECBOT_TEMPLATES", "EXEC_API_KEY"):
        monkeypatch.setenv(name, "")
    assert load(Settings).port == 3000
    (line,) = problems(ExecSettings)
    assert line.startswith("EXEC_API_KEY isn't set.")


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"PORT=\xff")
    assert problems(Settings) == (".env isn't UTF-8 text.",)


def test_errors_and_settings_show_no_secrets() -> None:
    secrets = dict.fromkeys(GOOD, "!hunter!") | {
        "SLACK_APP_TOKEN": "hunter",
        "EXECBOT_METRICS_TOKEN": "hunter hunter",
        "DATABASE_URL": "mysql://hunter:hunter@host/db",
    }
    with pytest.raises(SettingsProblem) as caught:
        load(SlackSettings, **secrets)
    assert len(caught.value.problems) == len(secrets)
    assert "hunter" not in repr(caught.value)
    settings = load(
        Settings, **GOOD, DATABASE_URL="postgres://me:hunter@db/x", EXECBOT_METRICS_TOKEN="hunter"
    )
    shown = f"{settings} {settings!r}"
    assert not [value for value in ("hunter", *GOOD.values()) if value in shown]


def test_a_translator_needs_a_model() -> None:
    url = {**GOOD, "EXECBOT_LLM_URL": "https://llm.example.com/v1"}
    (line,) = problems(**url)
    assert line.startswith("EXECBOT_LLM_MODEL isn't set. The model to ask. Required if")
    settings = load(SlackSettings, **url, EXECBOT_LLM_MODEL="small", EXECBOT_LLM_KEY="hunter2")
    assert "hunter2" not in f"{settings} {settings!r}"
    for name, value in {"EXECBOT_LLM_URL": "llm.example.com", "EXECBOT_LLM_KEY": "a b"}.items():
        (line,) = problems(**GOOD, **{name: value})
        assert line.startswith(f"{name} isn't valid.")
