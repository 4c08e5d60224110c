"""`execbot doctor`: problems that the promises don't show."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.cli.doctor import examine
from bot.clock import utc_now
from bot.demo.exec_server import ExecFault
from bot.storage.database import Database
from tests.conftest import AWAY
from tests.llm import serving
from tests.office import APP_TOKEN, Place, open_place

GOOD = [
    "ok   settings: all set",
    "ok   database: SQLite: run one process only",
    "ok   Slack: the token works for workspace Exec Demo (exec-demo.slack.com)",
    "ok   clock: agrees with Slack's",
    "ok   optional scopes: all granted",
    "ok   Exec: the key works for workspace Acme Corp",
]


class Patient:
    """Settings to examine, and what the doctor prints about them."""

    def __init__(
        self,
        place: Place,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        self.place = place
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    async def examined(self, **variables: str) -> tuple[int, list[str]]:
        with self._monkeypatch.context() as patch:
            patch.chdir(self.place.folder)
            for name, value in {**self.place.variables, **variables}.items():
                patch.setenv(name, value)
            code = await examine()
        said = self._capsys.readouterr()
        assert said.err == ""
        assert "Traceback" not in said.out
        return code, said.out.splitlines()

    async def trouble(self, **variables: str) -> str:
        """The only line that reports a problem."""
        code, lines = await self.examined(**variables)
        wrong = [line for line in lines if line.startswith("FAIL ")]
        assert (code, len(wrong)) == (1, 1), lines
        assert all(line.startswith("ok   ") for line in lines if line not in wrong)
        return wrong[0].removeprefix("FAIL ")


@pytest.fixture
async def patient(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Patient]:
    async with open_place(tmp_path) as place:
        yield Patient(place, capsys, monkeypatch)


@pytest.mark.parametrize(("host", "warns"), [("[::1]", False), ("0.0.0.0", True)])
async def test_addresses_that_are_not_encrypted_get_a_warning(
    patient: Patient, host: str, warns: bool
) -> None:
    port = 1  # nobody listens there
    _, lines = await patient.examined(
        EXEC_API_URL=f"http://{host}:{port}/rest/v1", SLACK_API_URL=f"http://{host}:{port}/api/"
    )

    warned = [line.split()[2] for line in lines if line.startswith("WARN")]
    assert warned == (["EXEC_API_URL", "SLACK_API_URL"] if warns else [])


async def test_socket_mode_is_checked_if_it_is_used(patient: Patient) -> None:
    code, lines = await patient.examined(SLACK_APP_TOKEN=APP_TOKEN)

    assert code == 0
    assert lines == [*GOOD[:5], "ok   Socket Mode: connections can be opened", *GOOD[5:]]


async def test_optional_scopes_that_are_missing_are_named(patient: Patient) -> None:
    patient.place.slack.scopes -= {"im:history", "app_mentions:read"}

    code, lines = await patient.examined()

    assert code == 0
    assert lines[2:4] == GOOD[2:4]
    assert lines[4].startswith("ok   optional scopes: ")
    assert all(scope in lines[4] for scope in ("app_mentions:read", "im:history"))


async def test_a_clock_that_is_off_gets_a_warning(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.doctor.utc_now", lambda: utc_now() - timedelta(minutes=4))

    _, lines = await patient.examined()

    assert re.match(r"WARN clock: this machine's clock is 2\d\d s behind Slack's", lines[3])


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (ExecFault("inactive", times=None), "inactive"),
        (ExecFault("html", times=None), "properly: body"),
        (ExecFault("garbage", times=None, path="/sessions", body={"data": []}), "properly: body"),
    ],
)
async def test_answers_of_exec_that_are_wrong_are_named(
    patient: Patient, fault: ExecFault, says: str
) -> None:
    patient.place.exec.faults.append(fault)

    trouble = await patient.trouble()
    assert trouble.startswith("Exec: ")
    assert says in trouble


async def test_rows_that_cannot_be_read_get_a_warning(
    patient: Patient, caplog: pytest.LogCaptureFixture
) -> None:
    """It names the endpoint and the field, and none of their values."""
    good = {"id": "s1", "created_at": "2026-03-20T09:00:00Z", "is_valid_attempt": False}
    odd = {**good, "id": "s2", "created_at": "hunter2"}
    counts = {"page": 1, "page_size": 100, "total_count": 2, "total_pages": 1}
    body = {"data": [good, odd], "pagination": counts}
    patient.place.exec.faults.append(ExecFault("garbage", times=None, path="/sessions", body=body))

    code, lines = await patient.examined()

    assert code == 0
    assert lines[5].startswith("WARN Exec: ")
    assert "1 of the first 100 sessions" in lines[5]
    assert "exec /sessions: 1 rows can't be read (created_at)" in caplog.text
    assert "hunter2" not in caplog.text + "".join(lines)


async def test_the_translator(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.ask.translate.LIMIT_SECONDS", 0.1)
    async with serving() as model:
        variables = {"EXECBOT_LLM_URL": model.url, "EXECBOT_LLM_MODEL": "small"}
        model.line = "inactive this week"
        code, lines = await patient.examined(**variables)
        assert (code, lines) == (0, [*GOOD, "ok   translator: translates refused questions"])

        for wrong, says in (
            ({"line": "team"}, "answer with a command"),
            ({"status": 401}, "EXECBOT_LLM_KEY"),
            ({"status": 404}, "404"),
            ({"status": 200, "body": "<html>"}, "OpenAI"),
            ({"seconds": 0.2}, "0.1 seconds"),
        ):
            vars(model).update(wrong)
            trouble = await patient.trouble(**variables)
            assert trouble.startswith("translator: ")
            assert says in trouble
    assert "EXECBOT_LLM_URL" in await patient.trouble(**variables)


async def test_a_database_that_is_away(patient: Patient) -> None:
    code, lines = await patient.examined(DATABASE_URL=AWAY.replace("@", ":hunter2@"))

    assert code == 1
    assert lines[1].startswith("FAIL database: ")
    assert "DATABASE_URL" in lines[1]
    # Its requests are counted in the database.
    assert lines[5].startswith("FAIL Exec: not checked")
    assert [lines[0], *lines[2:5]] == [GOOD[0], *GOOD[2:5]]
    assert "hunter2" not in "".join(lines)


async def test_a_database_of_another_version(patient: Patient) -> None:
    await patient.examined()
    async with (
        Database(patient.place.variables["DATABASE_URL"]) as database,
        database.transaction() as connection,
    ):
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999_new'"))
    code, lines = await patient.examined()

    assert code == 1
    assert lines[1].startswith("FAIL database: ")
    assert "another version" in lines[1]
