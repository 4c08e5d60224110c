"""`python -m bot doctor`: each thing that can be wrong, and how it says to mend it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.demo.exec_server import Fault
from bot.doctor import examine
from bot.manifest import SCOPES, WITHOUT
from bot.storage.database import Database
from tests.conftest import AWAY
from tests.llm import serving
from tests.processes import Ended
from tests.workspace import APP_TOKEN, Workspace, workspace_apart

GOOD = [
    "ok   settings: all set",
    "ok   database: SQLite: run one process only",
    "ok   Slack: token is good for workspace Exec Demo (exec-demo.slack.com)",
    "ok   doors: all open",
    "ok   Exec: key is good for workspace Acme Corp",
]


class Patient:
    """Settings to be examined, and what is said of them."""

    def __init__(
        self,
        place: Workspace,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        self.workspace = place
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    async def examined(self, **variables: str) -> tuple[int, list[str]]:
        with self._monkeypatch.context() as patch:
            patch.chdir(self.workspace.folder)
            for name, value in {**self.workspace.variables, **variables}.items():
                patch.setenv(name, value)
            code = await examine()
        said = self._capsys.readouterr()
        assert said.err == ""
        assert "Traceback" not in said.out
        return code, said.out.splitlines()

    async def trouble(self, **variables: str) -> str:
        """The one line about what is wrong, everything else being well."""
        code, lines = await self.examined(**variables)
        wrong = [line for line in lines if line.startswith("FAIL ")]
        assert (code, len(wrong)) == (1, 1), lines
        assert all(line.startswith("ok   ") for line in lines if line not in wrong)
        return wrong[0].removeprefix("FAIL ")


@pytest.fixture
async def patient(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Patient]:
    async with workspace_apart(tmp_path) as place:
        yield Patient(place, capsys, monkeypatch)


async def test_all_is_well(patient: Patient) -> None:
    ended = await patient.workspace.run("doctor")

    assert ended == Ended(0, "\n".join(GOOD) + "\n", "")
    asked = [request.path for request in patient.workspace.exec.requests]
    assert asked == ["/workspace", "/sessions", "/workspace/members"]


@pytest.mark.parametrize(
    ("host", "warns"),
    [("[::1]", False), ("0.0.0.0", True)],
)
async def test_addresses_that_are_not_encrypted_are_warned_of(
    patient: Patient, host: str, warns: bool
) -> None:
    port = 1  # nobody listens there
    _, lines = await patient.examined(
        EXEC_API_URL=f"http://{host}:{port}/rest/v1", SLACK_API_URL=f"http://{host}:{port}/api/"
    )

    says = "begins with http://, so what I send there is not encrypted. Use https://."
    warned = [line for line in lines if line.startswith("WARN")]
    assert warned == [
        f"WARN settings: {name} {says}" for name in ("EXEC_API_URL", "SLACK_API_URL") if warns
    ]


async def test_socket_mode_is_looked_at_where_it_is_used(patient: Patient) -> None:
    code, lines = await patient.examined(SLACK_APP_TOKEN=APP_TOKEN)

    assert code == 0
    assert lines == [*GOOD[:4], "ok   Socket Mode: connections can be opened", *GOOD[4:]]


async def test_a_wrong_slack_token(patient: Patient) -> None:
    assert await patient.trouble(SLACK_BOT_TOKEN="xoxb-wrong") == (
        "Slack: the token is not accepted (invalid_auth). Copy SLACK_BOT_TOKEN again from your "
        "Slack app: OAuth & Permissions, Bot User OAuth Token."
    )


REINSTALL = "Add it under OAuth & Permissions, Bot Token Scopes, then reinstall the app."


async def test_missing_scopes(patient: Patient) -> None:
    for scope in ("commands", "users:read.email"):
        assert scope in SCOPES.keys() - WITHOUT.keys()
        patient.workspace.slack.scopes = set(SCOPES) - {scope}

        assert await patient.trouble() == f"Slack: the token lacks {scope}. {REINSTALL}"


async def test_the_bot_works_without_some_scopes_and_says_which_doors_are_closed(
    patient: Patient,
) -> None:
    patient.workspace.slack.scopes -= {"im:history", "app_mentions:read"}

    code, lines = await patient.examined()

    assert code == 0
    assert lines[2:4] == [
        GOOD[2],
        "ok   doors: Without app_mentions:read, mentions in channels are not heard; without "
        "im:history, direct messages are not heard, and none of mine is sent again if Slack "
        f"breaks off. To open: {REINSTALL}",
    ]


async def test_slack_being_away(patient: Patient) -> None:
    assert await patient.trouble(SLACK_API_URL="http://127.0.0.1:1/api/") == (
        "Slack: can't be reached. Check that this machine reaches Slack, and SLACK_API_URL if you "
        "set it."
    )


async def test_a_wrong_exec_key(patient: Patient) -> None:
    assert await patient.trouble(EXEC_API_KEY="exec_live_" + "Other" * 8) == (
        "Exec: the key is not accepted. Make a new one in Exec under Settings › API."
    )


UNREADABLE = "Exec: answers with something that I can't read"


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (
            Fault("inactive", times=None),
            "Exec: the workspace is inactive. Ask an Exec admin to reactivate it.",
        ),
        (
            Fault("reset", times=None),
            "Exec: can't be reached. Check EXEC_API_URL, and try again in a minute.",
        ),
        (
            Fault("html", times=None),
            "Exec: answers with a web page, not the API (/workspace: no JSON object). Check "
            "EXEC_API_URL, and try again in a minute.",
        ),
        (
            Fault("garbage", times=None, path="/sessions", body={"data": []}),
            f"{UNREADABLE} (/sessions: pagination). Check EXEC_API_URL, and try again in a minute.",
        ),
    ],
)
async def test_exec_in_trouble(patient: Patient, fault: Fault, says: str) -> None:
    patient.workspace.exec.faults.append(fault)

    assert await patient.trouble() == says


async def test_single_rows_that_cannot_be_read_are_warned_of(
    patient: Patient, caplog: pytest.LogCaptureFixture
) -> None:
    """By endpoint and field, and nothing of what stands there."""
    good = {"id": "s1", "created_at": "2026-03-20T09:00:00Z", "is_valid_attempt": False}
    odd = {**good, "id": "s2", "created_at": "hunter2"}
    counts = {"page": 1, "page_size": 100, "total_count": 2, "total_pages": 1}
    body = {"data": [good, odd], "pagination": counts}
    patient.workspace.exec.faults.append(Fault("garbage", times=None, path="/sessions", body=body))

    code, lines = await patient.examined()

    assert (code, lines[4]) == (
        0,
        "WARN Exec: key is good for workspace Acme Corp, but I can't read 1 of the first 100 "
        "sessions. They are left out of answers.",
    )
    assert "exec /sessions: 1 rows can't be read (created_at)" in caplog.text
    assert "hunter2" not in caplog.text + "".join(lines)


async def test_the_translator(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.translate.LIMIT_SECONDS", 0.1)
    async with serving() as model:
        variables = {"EXECBOT_LLM_URL": model.url, "EXECBOT_LLM_MODEL": "small"}
        model.line = "inactive this week"
        code, lines = await patient.examined(**variables)
        assert (code, lines) == (0, [*GOOD, "ok   translator: translates refused questions"])

        for wrong, says in (
            ({"line": "team"}, "answers with something that is no command. Set another model"),
            ({"status": 401}, "the key is not accepted. Copy EXECBOT_LLM_KEY again"),
            ({"status": 404}, "answers 404. Check EXECBOT_LLM_URL and EXECBOT_LLM_MODEL."),
            ({"status": 200, "body": "<html>"}, "answers with something that is not an OpenAI-"),
            ({"seconds": 0.2}, "doesn't answer within 0.1 seconds. Set a faster model"),
        ):
            vars(model).update(wrong)
            assert (await patient.trouble(**variables)).startswith(f"translator: {says}")
    assert (await patient.trouble(**variables)).startswith("translator: can't be reached. Check")


async def test_a_database_that_is_away(patient: Patient) -> None:
    code, lines = await patient.examined(DATABASE_URL=AWAY.replace("@", ":hunter2@"))

    assert code == 1
    assert lines[1] == (
        "FAIL database: can't be used. Check DATABASE_URL, that the server is up and not full, and "
        "that its user may create tables and write."
    )
    assert lines[4] == (
        "FAIL Exec: not looked at, for its requests are counted in the database. Mend that first."
    )
    assert [lines[0], *lines[2:4]] == [GOOD[0], *GOOD[2:4]]
    assert "hunter2" not in "".join(lines)


async def test_a_damaged_file(patient: Patient, tmp_path: Path) -> None:
    (tmp_path / "execbot.db").write_bytes(b"no database, or not any more" * 1_000)
    _, lines = await patient.examined()

    assert lines[1] == (
        "FAIL database: can't be used (its file is damaged). Restore it from a backup, or move it "
        "away to begin anew."
    )


async def test_a_database_of_another_version(patient: Patient) -> None:
    await patient.examined()
    async with (
        Database(patient.workspace.variables["DATABASE_URL"]) as database,
        database.transaction() as connection,
    ):
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999_new'"))
    code, lines = await patient.examined()

    assert code == 2
    assert lines[1] == (
        "FAIL database: can't be used (another version of this program made its schema). Install "
        "that version, or restore an older database."
    )


async def test_a_template_that_does_not_compile_is_named_with_its_line(
    patient: Patient, tmp_path: Path
) -> None:
    (tmp_path / "notice.xml.j2").write_text("<message>\n{{ sentence | shout }}</message>")

    code, lines = await patient.examined(EXECBOT_TEMPLATES=str(tmp_path))

    assert code == 2
    assert lines == [
        "FAIL settings: EXECBOT_TEMPLATES holds a broken file: notice.xml.j2, line 2: "
        "No filter named 'shout'. Fix the file or remove it."
    ]


async def test_missing_and_malformed_settings(patient: Patient) -> None:
    off = {"SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": "", "EXEC_API_KEY": ""}

    ended = await patient.workspace.run("doctor", **off, PORT="hunter2")

    assert (ended.code, ended.err) == (2, "")
    assert ended.out.splitlines() == [
        "FAIL settings: SLACK_BOT_TOKEN isn't set. Your Slack app's bot token, xoxb-…, from OAuth "
        "& Permissions.",
        "FAIL settings: SLACK_SIGNING_SECRET isn't set. For HTTP: your Slack app's signing secret "
        "(32 letters and digits), from Basic Information. Required unless SLACK_APP_TOKEN is set.",
        "FAIL settings: EXEC_API_KEY isn't set. An Exec API key, exec_live_…, from Settings › API "
        "in Exec.",
        "FAIL settings: PORT must be a whole number. The port of /slack/events, /healthz, /readyz "
        "and /metrics.",
    ]
