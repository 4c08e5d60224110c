"""Who is certainly gone: never someone who may be alive."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.storage.owner import Owner
from tests.processes import environ

SCRIPT = "from bot.storage.owner import Owner; print(Owner().mark, flush=True); input()"

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/ns/pid").exists(), reason="no table of processes to look at"
)


def test_this_process_is_here() -> None:
    owner = Owner()

    assert owner.mark == Owner().mark != ""
    assert len(owner.mark) <= 64
    assert not owner.is_gone(owner.mark)


def test_another_process_is_gone_when_it_has_ended() -> None:
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", SCRIPT]
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environ({})
    ) as other:
        assert other.stdout is not None
        mark = other.stdout.readline().strip()
        assert mark not in ("", Owner().mark)
        assert not Owner().is_gone(mark)
        other.kill()
    assert Owner().is_gone(mark)


def test_a_process_that_has_our_number_but_began_at_another_time_is_gone() -> None:
    table, pid, started = Owner().mark.split(".")

    assert Owner().is_gone(f"{table}.{pid}.{int(started) - 1}")


def test_of_other_machines_and_containers_nothing_is_said() -> None:
    _table, pid, started = Owner().mark.split(".")

    assert not Owner().is_gone(f"{'0' * 24}.{pid}.{int(started) - 1}")
    assert not Owner().is_gone(f"{'0' * 24}.999999999.1")


@pytest.mark.parametrize("mark", ["", ".", "..", "x", ".1.1", "gone"])
def test_what_is_no_mark_says_nothing(mark: str) -> None:
    assert not Owner().is_gone(mark)


def test_without_a_table_of_processes_there_is_no_mark(tmp_path: Path) -> None:
    owner = Owner(tmp_path)

    assert owner.mark == ""
    assert not owner.is_gone(Owner().mark)
    assert not owner.is_gone("")
