"""Buttons expire after a month."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.storage.buttons import Buttons, StoredCommand
from bot.storage.database import Database
from bot.storage.forget import tidy
from tests.conftest import FakeClock

YEAR = timedelta(days=365)


@pytest.mark.one_database
async def test_a_button_is_kept_for_a_month(database: Database, clock: FakeClock) -> None:
    buttons = Buttons(database, clock, lambda: "id1")
    (id_,) = await buttons.add("T1", "U1", StoredCommand("sessions gold"), channel_id="C1")
    for days, is_kept in ((30, True), (1, False)):
        clock.now += timedelta(days=days)
        await tidy(database, clock(), history=YEAR, audit=YEAR)
        command = await buttons.find(id_, StoredCommand, team_id="T1", user_id="U1")
        assert (command is not None) is is_kept
