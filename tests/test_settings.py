"""Settings: what each must be, all problems at once, and no secrets in errors."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bot.settings import ExecSettings, Settings, SettingsProblem, SlackSettings, load

GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1-2-abc",
    "SLACK_SIGNING_SECRET": "0123456789abcdef",
    "EXEC_API_KEY": "exec_live_" + "a" * 40,
}

with (Path(__file__).parent / "settings.tsv").open(encoding="utf-8") as table:
    ROWS = list(csv.DictReader(table, delimiter="\t"))


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def problems(kind: type[Settings] = SlackSettings, /, **given: str | None) -> tuple[str, ...]:
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
    # A letter that becomes "k" in lower case.
    assert problems(**GOOD, EXECBOT_ADMINS="\u212aofi@acme.com")
    assert (settings.log_level, settings.port) == ("DEBUG", 8080)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['name']}={row['value']}")
def test_a_malformed_setting_is_named_with_what_it_must_be(row: dict[str, str]) -> None:
    (line,) = problems(**{**GOOD, row["name"]: row["value"]})
    assert line.startswith(f"{row['name']}: {row['says']}. ")
    assert "`" not in line


def test_all_problems_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "x")
    monkeypatch.setenv("LOG_FORMAT", "y")
    assert [line.partition(":")[0] for line in problems()] == [
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
    assert line.startswith("EXEC_API_KEY: Not set.")


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"PORT=\xff")
    assert problems(Settings) == (".env isn't UTF-8 text.",)


def test_errors_and_settings_show_no_secrets() -> None:
    secrets = dict.fromkeys(GOOD, "!hunter!") | {
        "SLACK_APP_TOKEN": "hunter",
        "DATABASE_URL": "mysql://hunter:hunter@host/db",
    }
    with pytest.raises(SettingsProblem) as caught:
        load(SlackSettings, **secrets)
    assert len(caught.value.problems) == len(secrets)
    assert "hunter" not in repr(caught.value)
    settings = load(Settings, **GOOD, DATABASE_URL="postgres://me:hunter@db/x")
    shown = f"{settings} {settings!r}"
    assert not [value for value in ("hunter", *GOOD.values()) if value in shown]


def test_a_translator_needs_a_model() -> None:
    url = {**GOOD, "EXECBOT_LLM_URL": "https://llm.example.com/v1"}
    (line,) = problems(**url)
    assert line.startswith("EXECBOT_LLM_MODEL: Not set. The model to ask. Required if")
    settings = load(SlackSettings, **url, EXECBOT_LLM_MODEL="small", EXECBOT_LLM_KEY="hunter2")
    assert "hunter2" not in f"{settings} {settings!r}"
    for name, value in {"EXECBOT_LLM_URL": "llm.example.com", "EXECBOT_LLM_KEY": "a b"}.items():
        (line,) = problems(**GOOD, **{name: value})
        assert line.startswith(f"{name}: ")
