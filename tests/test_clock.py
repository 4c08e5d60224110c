"""The clock of the program: never backwards, whatever is done to the machine's."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import STEP, SteadyClock
from tests.conftest import START

SECOND = timedelta(seconds=1)


class Machine:
    """Time goes on by itself, and somebody sets the clock."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.ahead = timedelta()
        self.clock = SteadyClock(self.now, lambda: self.elapsed)

    def now(self) -> datetime:
        return START + self.ahead + timedelta(seconds=self.elapsed)


def test_it_is_the_machines() -> None:
    machine = Machine()
    machine.elapsed = 5
    assert machine.clock() == START + 5 * SECOND
    machine.ahead = timedelta(days=1)
    assert machine.clock() == START + timedelta(days=1) + 5 * SECOND


def test_set_back_a_little_it_stands_still_meanwhile(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine()
    machine.elapsed = 60
    before = machine.clock()
    machine.ahead = -30 * SECOND
    assert machine.clock() == before
    machine.elapsed = 91
    assert machine.clock() == before + SECOND
    assert not caplog.records


def test_set_back_by_hours_it_goes_on_and_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine()
    before = machine.clock()
    machine.ahead = timedelta(hours=-5)
    for machine.elapsed in (1, 2, 4000):
        assert machine.clock() == before + machine.elapsed * SECOND
    (record,) = caplog.records
    assert "set back by 18000 s" in record.message
    machine.ahead = timedelta(hours=1)
    assert machine.clock() == machine.now()
    machine.ahead = timedelta()
    machine.clock()
    assert len(caplog.records) == 2


@given(
    st.lists(st.tuples(st.integers(0, 9000), st.sampled_from([-7200, -61, -59, 0, 0, 59, 86400])))
)
def test_it_never_goes_back_nor_stands_for_long(steps: list[tuple[int, int]]) -> None:
    machine = Machine()
    before = machine.clock()
    for seconds, ahead in steps:
        machine.elapsed += seconds
        machine.ahead += ahead * SECOND
        now = machine.clock()
        assert now >= before
        assert now >= machine.now()
        assert now - before >= seconds * SECOND - STEP
        before = now
