"""Running the bot: commands, settings, health, logs, Socket Mode, and shutdown."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import yaml

from tests.conftest import MakeUrl
from tests.office import ExecFault, Office, Place, open_place
from tests.office_fixtures import OpenOffice
from tests.shown import Button, numbers, table

QUESTION = "sessions last 7d"
ROOT = Path(__file__).parent.parent.parent
PAGE = 4096  # bytes, of a SQLite file


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with open_place(tmp_path) as place:
        yield place


async def fetch(url: str, data: bytes | None = None, **headers: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session:
        method = "GET" if data is None else "POST"
        async with session.request(method, url, data=data, headers=headers) as response:
            return response.status, await response.text()


async def ready(office: Office) -> tuple[int, dict[str, str]]:
    status, said = await fetch(f"{office.url}/readyz")
    checks: dict[str, str] = json.loads(said)["checks"]
    return status, checks


# Commands


@pytest.mark.parametrize("words", [("run",), ("doctor",), ("ask", "--as", "a@acme.com", "me")])
async def test_wrong_settings_end_with_2_and_are_all_named(
    place: Place, words: tuple[str, ...]
) -> None:
    wrong = {"EXEC_API_KEY": "", "EXECBOT_AUDIT_DAYS": "hunter2"}
    ended = await place.run(*words, **wrong)
    said = ended.out + ended.err
    assert ended.code == 2
    assert "EXEC_API_KEY" in said
    if words != ("ask", "--as", "a@acme.com", "me"):
        assert "EXECBOT_AUDIT_DAYS" in said
    assert not re.search("Traceback|hunter2|xoxb-1", said)


async def test_ask_answers_in_the_terminal(place: Place) -> None:
    since = place.clock()
    ended = await place.run("ask", "--as", "ana@acme.com", "sessions @jane last 7d")
    assert (ended.code, ended.err) == (0, "")
    jane = place.world.sessions.by_user[place.person("jane").id]
    count = sum((since - session.created_at).days < 7 for session in jane)
    assert abs(numbers(ended.out)[0] - count) <= 1
    refused = await place.run("ask", "--as", "jane@acme.com", "sessions bob@acme.com")
    assert refused.code != 0 or not re.search(r"\d+ sessions", refused.out)


async def test_the_demo_plays_without_any_setting(place: Place) -> None:
    nothing = dict.fromkeys(place.variables, "")
    ended = await place.run("demo", "--once", **nothing)
    assert ended.code == 0, ended
    assert "nudge" in ended.out.lower()
    assert list(place.folder.glob("*.db")) == []


async def test_the_manifest_is_for_http_or_for_socket_mode(place: Place) -> None:
    http = yaml.safe_load((await place.run("manifest", "--url", "https://bot.acme.com")).out)
    address = "https://bot.acme.com/slack/events"
    (command,) = http["features"]["slash_commands"]
    assert (command["command"], command["url"]) == ("/exec", address)
    assert command["should_escape"] is True
    assert http["settings"]["interactivity"]["request_url"] == address
    socket = yaml.safe_load((await place.run("manifest", "--socket", EXECBOT_COMMAND="/drill")).out)
    assert socket["settings"]["socket_mode_enabled"] is True
    assert socket["features"]["slash_commands"][0]["command"] == "/drill"
    assert "http" not in json.dumps(socket)
    scopes = http["oauth_config"]["scopes"]["bot"]
    assert {"commands", "chat:write", "users:read.email", "files:write"} <= set(scopes)
    assert sorted(scopes) == sorted(set(scopes))


# Doctor


async def test_doctor_says_that_all_is_well(place: Place) -> None:
    ended = await place.run("doctor")
    assert (ended.code, ended.err) == (0, "")
    assert "FAIL" not in ended.out


async def test_doctor_names_what_is_wrong(place: Place) -> None:
    (place.folder / "broken").mkdir()
    name = next((ROOT / "templates").glob("*.xml.j2")).name
    (place.folder / "broken" / name).write_text("<message>\n{% if %}</message>")
    (place.folder / "odd.db").write_bytes(b"not a database" * 1000)
    place.slack.scopes -= {"commands"}
    for variables, named in (
        ({"EXECBOT_TEMPLATES": str(place.folder / "broken")}, (name,)),
        (
            {"SLACK_BOT_TOKEN": "xoxb-wrong", "DATABASE_URL": f"sqlite:///{place.folder}/odd.db"},
            ("SLACK_BOT_TOKEN", "database"),
        ),
        ({"EXEC_API_KEY": "exec_live_" + "Other" * 8}, ("key", "commands")),
        (
            {"SLACK_API_URL": "http://127.0.0.1:1/api/", "EXEC_API_URL": "http://0.0.0.0:1/v1"},
            ("SLACK_API_URL", "EXEC_API_URL"),
        ),
    ):
        ended = await place.run("doctor", **variables)
        wrong = [line for line in ended.out.splitlines() if "FAIL" in line]
        assert ended.code != 0, variables
        assert [word for word in named if not any(word in line for line in wrong)] == [], ended.out
    assert re.search("WARN.*http://", ended.out)


# A running bot


async def test_it_serves_and_ends_with_sigterm(place: Place) -> None:
    async with place.started() as bot:
        assert (await fetch(f"{bot.url}/healthz"))[0] == 200
        assert (await fetch(f"{bot.url}/readyz"))[0] == 200
        assert table(await place.ask("jane", QUESTION))
        assert await bot.stop() == 0
        assert "Traceback" not in bot.output


async def test_sigterm_lets_a_question_be_finished(place: Place) -> None:
    async with place.started() as bot:
        fault = ExecFault("held", None, path="/sessions")
        place.exec.faults.append(fault)
        ack = await place.ask_only("jane", QUESTION)
        while not place.requests_to("/sessions"):  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.02)
        bot.process.terminate()
        await asyncio.sleep(0.1)
        place.exec.faults.clear()
        fault.released.set()
        seen = await place.slack.wait_for_message(
            place.user("jane"), place.channel("sales-practice"), after=ack, timeout=30
        )
        while not table(seen):
            seen = await place.slack.wait_for_message(
                place.user("jane"), seen.channel, after=seen, timeout=30
            )
        assert await bot.ends() == 0


async def test_logs_are_text_or_json_and_name_nobody(place: Place) -> None:
    for form in ("text", "json"):
        async with place.started(LOG_LEVEL="DEBUG", LOG_FORMAT=form) as bot:
            await place.ask("ana", 'sessions jane@acme.com group:"West Coast" last 7d')
            await place.ask("ana", "sessions jane@acme.com wobblyword")
            with place.exec_away("wrong_key"):
                await place.ask("ana", "skills @jane")
            assert await bot.stop() == 0
        lines = bot.output.splitlines()
        assert lines
        if form == "json":
            assert all("message" in json.loads(line) for line in lines)
        secrets = [place.variables[name] for name in ("SLACK_SIGNING_SECRET", "EXEC_API_KEY")]
        personal = ["jane", "acme.com", "Smith", "West Coast", "wobbly", place.user("ana")]
        said = bot.output.lower()
        assert [word for word in (*secrets, "xoxb-1", *personal) if word.lower() in said] == []


async def test_socket_mode_serves_all_that_http_does(place: Place) -> None:
    async with place.started(SLACK_APP_TOKEN="xapp-1-Token", SLACK_SIGNING_SECRET="") as bot:
        async with asyncio.timeout(30):
            while not place.slack.sockets.open:  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.05)
        answer = await place.ask("ana", QUESTION)
        assert table(answer)
        assert table(await place.press("ana", answer, Button.REFRESH))
        assert table(await place.tell("ana", QUESTION))
        assert (await fetch(f"{bot.url}/healthz"))[0] == 200
        assert await bot.stop() == 0


async def test_two_processes_serve_with_postgresql(place: Place, postgres_urls: MakeUrl) -> None:
    url = (
        postgres_urls()
        .replace("postgresql+psycopg", "postgres")
        .replace("postgresql://", "postgres://")
    )
    async with place.started(DATABASE_URL=url) as first, place.started(DATABASE_URL=url) as second:
        answer = await place.ask("ana", QUESTION)
        place.slack.request_url = f"{first.url}/slack/events"
        assert table(await place.press("ana", answer, Button.REFRESH)) == table(answer)
        assert await first.stop() == 0
        assert await second.stop() == 0


# Health


async def test_readyz_names_what_does_not_work(office: Office) -> None:
    status, checks = await ready(office)
    assert status == 200
    assert {"database", "slack", "exec"} <= set(checks)
    assert set(checks.values()) == {"ok"}
    for name, breaks in (
        ("exec", lambda: office.exec.faults.append(ExecFault("wrong_key", None))),
        ("slack", lambda: office.slack.fault("auth.test", "token_revoked", times=9)),
    ):
        office.wait(hours=2)
        breaks()
        status, checks = await ready(office)
        assert status == 503
        assert checks[name] != "ok"
        office.exec.faults.clear()
    office.wait(hours=2)
    with office.bug():
        assert (await fetch(f"{office.url}/readyz"))[0] >= 500


@pytest.mark.sqlite_only
async def test_readyz_and_doctor_see_a_file_that_is_damaged_while_the_bot_runs(
    office: Office,
) -> None:
    assert (await ready(office))[0] == 200
    file = office.folder / "execbot.db"
    with file.open("r+b") as pages:
        for start in range(PAGE * 4, file.stat().st_size, PAGE):
            pages.seek(start)
            pages.write(b"\xff" * PAGE)
    office.wait(minutes=2)

    status, checks = await ready(office)
    ended = await office.run("doctor")

    assert status == 503
    assert [name for name, says in checks.items() if "damaged" in says]
    assert ended.code == 1
    assert re.search("^FAIL database: .*damaged", ended.out, re.M)


@pytest.mark.sqlite_only
async def test_people_get_an_answer_while_another_program_locks_the_file(
    open_acquainted: OpenOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.database.SQLITE_BUSY_SECONDS", 0.2)
    async with open_acquainted() as office:
        other = sqlite3.connect(office.folder / "execbot.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        async with asyncio.timeout(10):  # not once for each statement
            who = ("jane", "bob", "priya", "ana")
            answers = await asyncio.gather(*(office.ask(name, QUESTION) for name in who))
        other.execute("ROLLBACK")
        other.close()

        assert all("database" in answer.text for answer in answers)
        assert table(await office.ask("jane", QUESTION))


async def test_probes_cost_exec_hardly_anything(office: Office) -> None:
    office.forget_requests()
    for _ in range(20):
        await ready(office)
        office.wait(seconds=30)
    assert len(office.exec.requests) <= 1


async def test_metrics_are_prometheus_text_about_nobody(open_acquainted: OpenOffice) -> None:
    token = "prometheus-reads-this"
    async with open_acquainted(EXECBOT_METRICS_TOKEN=token) as office:
        await office.ask("ana", 'sessions @jane group:"West Coast" last 7d')
        url = f"{office.url}/metrics"
        status, said = await fetch(url, Authorization=f"Bearer {token}")
        for wrong in (f"Bearer {token}x", f"Bearer {token[:-1]}", token, "Bearer", "Bearer é", ""):
            assert (await fetch(url, Authorization=wrong))[0] == 401, wrong
    assert status == 200
    assert re.search(r"^execbot_\w+(\{[^}]*\})? [\d.e+-]+$", said, re.M)
    assert not re.search("jane|acme|West|U1|C2", said)


async def test_metrics_are_closed_without_a_token(office: Office) -> None:
    for token in ("", "None"):
        status, _ = await fetch(f"{office.url}/metrics", Authorization=f"Bearer {token}")
        assert status == 404


# HTTP requests


def signed(office: Office, body: bytes, secret: str = "", age: int = 0) -> dict[str, str]:
    stamp = str(int(time.time()) - age)
    key = (secret or office.slack.signing_secret).encode()
    digest = hmac.new(key, f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
    }


@pytest.mark.http_only
async def test_only_requests_of_slack_are_accepted(office: Office) -> None:
    body, events = b"command=/exec&text=help&user_id=U1001&team_id=T1", office.slack.request_url
    before = len(office.slack.history)
    for headers in (
        signed(office, body, secret="guess"),
        signed(office, body, age=330),
        {"Content-Type": "application/x-www-form-urlencoded"},
    ):
        assert (await fetch(events, body, **headers))[0] == 401
    for garbage in (b"", b"\xff\xfe", b"payload=%7Bnot json", b"payload=7"):
        status, said = await fetch(events, garbage, **signed(office, garbage))
        assert status >= 400
        assert "Traceback" not in said
        assert 400 <= (await fetch(events, garbage))[0] < 500
    await office.drain()
    assert len(office.slack.history) == before
    assert (await fetch(f"{office.url}/nowhere"))[0] == 404
    assert (await fetch(f"{office.url}/healthz"))[0] == 200


async def test_words_can_be_changed_by_templates(
    open_acquainted: OpenOffice, tmp_path: Path
) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    changed = (ROOT / "templates" / "team.xml.j2").read_text().replace(" practiced", " trained")
    (folder / "team.xml.j2").write_text(changed)
    async with open_acquainted(EXECBOT_TEMPLATES=str(folder)) as office:
        assert " trained" in (await office.ask("ana", "how is west coast doing")).text
