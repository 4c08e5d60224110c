"""The app manifest: what Slack accepts, and no more rights than the bot uses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.__main__ import main
from bot.manifest import SCOPES, WITHOUT
from tests.processes import ROOT, bot_command

SCHEMA = json.loads((ROOT / "tests/data/slack-manifest.schema.json").read_text(encoding="utf-8"))
# Slack's documentation of each method (docs.slack.dev, "required scopes"), for channels both
# public and private; an e-mail in users.info needs a scope of its own.
NEEDED: dict[str, set[str]] = {
    "auth_test": set(),
    "users_info": {"users:read", "users:read.email"},
    "users_list": {"users:read"},
    "usergroups_list": {"usergroups:read"},
    "usergroups_users_list": {"usergroups:read"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    # Where it posts on its own: in channels, and to people. Nobody adds it to a group message.
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "users_lookupByEmail": {"users:read.email"},
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_delete": {"chat:write"},
    "files_getUploadURLExternal": {"files:write"},
    "files_completeUploadExternal": {"files:write"},
    "views_open": set(),
    "views_publish": set(),
    "views_update": set(),
}
# The same for each event ("Required scopes"), and the events without one.
HEARD: dict[str, set[str]] = {
    "message.im": {"im:history"},
    "app_mention": {"app_mentions:read"},
    "app_home_opened": set(),
    "member_joined_channel": {"channels:read", "groups:read"},
}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EXECBOT_COMMAND", raising=False)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """The manifest that the command prints, checked against Slack's schema."""
    assert main(["manifest", *arguments]) == 0
    made = yaml.safe_load(capsys.readouterr().out)
    jsonschema.Draft202012Validator(SCHEMA).validate(made)
    return made


def test_the_schema_is_one_that_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    made = printed(capsys, "--socket")
    made["features"]["slash_commands"][0]["should_escpae"] = True

    with pytest.raises(jsonschema.ValidationError, match="should_escpae"):
        jsonschema.Draft202012Validator(SCHEMA).validate(made)


def test_socket_mode_needs_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    made = printed(capsys, "--socket")

    assert made["settings"]["socket_mode_enabled"] is True
    assert "http" not in json.dumps(made)


@pytest.mark.parametrize(
    "url",
    [
        "https://bot.acme.com",
        "https://bot.acme.com/slack/events/",
    ],
)
def test_http_has_one_address_for_commands_buttons_and_events(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = printed(capsys, "--url", url)

    assert made["settings"]["socket_mode_enabled"] is False
    assert made["features"]["slash_commands"][0]["url"] == "https://bot.acme.com/slack/events"
    assert made["settings"]["interactivity"] == {
        "is_enabled": True,
        "request_url": "https://bot.acme.com/slack/events",
    }
    assert made["settings"]["event_subscriptions"]["request_url"] == (
        "https://bot.acme.com/slack/events"
    )


def test_without_an_address_one_is_left_to_fill_in(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manifest"]) == 0
    said = capsys.readouterr()

    assert "https://your-host.example.com/slack/events" in said.out
    assert said.err == (
        "Put your own address in place of https://your-host.example.com, or pass --url.\n"
    )


@pytest.mark.parametrize("url", ["bot.acme.com", "ftp://bot.acme.com", "https://a?x=1"])
def test_an_address_that_is_none_is_refused(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["manifest", "--url", url])

    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert "--url: it must be an address like https://bot.acme.com." in said.err


@pytest.mark.parametrize("mode", [["--socket"], ["--url", "https://bot.acme.com"]])
def test_there_is_one_command_and_it_is_escaped(
    mode: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXECBOT_COMMAND", "/practice-dev")

    (command,) = printed(capsys, *mode)["features"]["slash_commands"]

    assert command["command"] == "/practice-dev"
    assert command["should_escape"] is True


def test_the_scopes_are_those_that_the_calls_need(capsys: pytest.CaptureFixture[str]) -> None:
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "slack").glob("*.py")
    )
    calls = set(re.findall(r"_client\.([a-z]+_[A-Za-z_]+)\(", sources)) - {"api_call"}
    calls |= {name.replace(".", "_") for name in re.findall(r'api_call\("([\w.]+)"', sources)}
    assert calls == set(NEEDED)

    made = printed(capsys, "--socket")
    scopes, heard = made["oauth_config"]["scopes"], made["settings"]["event_subscriptions"]

    for_events = [HEARD[name] for name in heard["bot_events"]]
    assert set(scopes["bot_optional"]) == {"channels:history", "groups:history", "im:history"}
    asked = scopes["bot"] + scopes["bot_optional"]
    assert sorted(asked) == sorted({"commands"}.union(*NEEDED.values(), *for_events))
    assert sorted(SCOPES) == sorted(asked)
    # What a workspace may refuse, the bot does without.
    assert set(scopes["bot_optional"]) <= WITHOUT.keys() <= SCOPES.keys()


def test_slack_is_called_from_one_module_only() -> None:
    """Otherwise the test above would not see every call."""
    bot = ROOT / "bot"
    rooms = [path for path in bot.rglob("*.py") if "demo" not in path.relative_to(bot).parts]
    callers = {
        path.relative_to(ROOT).as_posix()
        for path in rooms
        if re.search(
            r"\bclient\.(?:chat|views|users|usergroups|conversations|auth)_", path.read_text()
        )
        or re.search(r"_client\.(?:chat|views|users|usergroups|conversations)_", path.read_text())
    }

    assert callers == {"bot/slack/web.py"}


async def test_the_manifest_in_the_repository_is_what_the_command_prints(tmp_path: Path) -> None:
    ended = await bot_command("manifest", "--socket", variables={}, folder=tmp_path)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (ROOT / "manifest.yml").read_text(encoding="utf-8")
