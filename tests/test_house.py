"""The figures of the program itself: what is counted, and what is traced."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bot.language.text import shortened
from bot.sandbox.slack_team import SlackTeam
from bot.sandbox.slack_text import typed
from tests.bench.house import house, tables
from tests.bench.traced import Recorder

FUNCTION = "def f():\n    return 1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout in which nothing runs: three modules, one in the sandbox, and a template."""
    files = {
        "bot/__init__.py": '"""A bot."""\n',
        "bot/config.py": FUNCTION,
        "bot/query/deep/parse.py": FUNCTION + "\n\n" + FUNCTION,
        "bot/sandbox/world.py": FUNCTION,
        "templates/answer.xml.j2": "[]\n",
        "tests/test_bot.py": FUNCTION,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_rooms_are_counted_and_what_cannot_run_has_no_trace(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    sizes, passed = tables([house("then", folder)])
    assert sizes.rows == (
        ("bot/ itself", "3", "1"),
        ("query/", "6", "1"),
        ("all without the sandbox", "9", "2"),
        ("sandbox/", "2", "1"),
        ("templates/", "1", "1"),
        ("tests/", "2", "1"),
    )
    assert passed.rows[:4] == (
        ("classes", "0"),
        ("functions", "3"),
        ("lines of a function, median", "2"),
        ("lines of a function, 90 %", "2"),
    )
    assert {cell for _, cell in passed.rows[4:]} == {"–"}
    assert capfd.readouterr().err.startswith("then: no trace, ModuleNotFoundError")


def test_a_trace_has_calls_of_the_bot_in_all_threads_and_none_of_the_sandbox() -> None:
    recorder = Recorder()
    team = SlackTeam.from_people([], channels={})
    with recorder.watching():
        shortened("before", 3)
        with recorder.recording() as trace:
            typed(team, "in the sandbox")
            worker = threading.Thread(target=shortened, args=("in a thread", 3))
            worker.start()
            worker.join()
            shortened("here", 3)
        shortened("after", 3)
    assert trace.calls == {"bot.language.text": 2}
    assert trace.functions == 1
    assert trace.moves == 0
