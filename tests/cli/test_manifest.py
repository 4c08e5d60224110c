"""The app manifest: valid for Slack, and with no more scopes than the bot uses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from bot.__main__ import main
from bot.cli.manifest import SCOPES, WITHOUT
from tests.conftest import ROOT

SCHEMA = json.loads((ROOT / "tests/data/slack-manifest.schema.json").read_text(encoding="utf-8"))
# Slack's documentation of each method (docs.slack.dev, "required scopes"), for channels both
# public and private; an e-mail in users.info needs a scope of its own.
NEEDED: dict[str, set[str]] = {
    "auth_test": set(),
    "apps_connections_open": set(),  # an app-level token has connections:write
    "users_info": {"users:read", "users:read.email"},
    "users_list": {"users:read"},
    "usergroups_list": {"usergroups:read"},
    "usergroups_users_list": {"usergroups:read"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    # It posts on its own in channels and to people. Nobody adds it to a group message.
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "users_lookupByEmail": {"users:read.email"},
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_delete": {"chat:write"},
    "files_upload_v2": {"files:write"},
    "views_open": set(),
    "views_publish": set(),
    "views_update": set(),
}
# The same for each event ("Required scopes"), and the events without one.
EVENTS: dict[str, set[str]] = {
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


@pytest.mark.parametrize("mode", [["--socket"], ["--url", "https://bot.acme.com/slack/events/"]])
def test_slack_accepts_the_manifest(
    mode: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXECBOT_COMMAND", "/practice-dev")
    made = printed(capsys, *mode)
    (command,) = made["features"]["slash_commands"]
    assert command["command"] == "/practice-dev"
    if mode != ["--socket"]:
        assert command["url"] == "https://bot.acme.com/slack/events"

    command["should_escpae"] = True
    with pytest.raises(jsonschema.ValidationError, match="should_escpae"):
        jsonschema.Draft202012Validator(SCHEMA).validate(made)


def test_the_scopes_are_those_that_the_calls_need(capsys: pytest.CaptureFixture[str]) -> None:
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "slack").glob("*.py")
    )
    named = set(re.findall(r"client\.([a-z]+_\w+)", sources))
    assert {name for name in named if hasattr(AsyncWebClient, name)} == set(NEEDED)

    made = printed(capsys, "--socket")
    scopes, heard = made["oauth_config"]["scopes"], made["settings"]["event_subscriptions"]

    for_events = [EVENTS[name] for name in heard["bot_events"]]
    assert set(scopes["bot_optional"]) == {"channels:history", "groups:history", "im:history"}
    asked = scopes["bot"] + scopes["bot_optional"]
    assert sorted(asked) == sorted({"commands"}.union(*NEEDED.values(), *for_events))
    assert sorted(SCOPES) == sorted(asked)
    # What a workspace may refuse, the bot does without.
    assert set(scopes["bot_optional"]) <= WITHOUT.keys() <= SCOPES.keys()


def test_the_manifest_in_the_repository_is_what_the_command_prints(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["manifest", "--socket"]) == 0
    assert capsys.readouterr().out == (ROOT / "manifest.yml").read_text(encoding="utf-8")
