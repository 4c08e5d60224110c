"""What a button stands for is its owner's alone, and for a month."""

from __future__ import annotations

import itertools
from datetime import timedelta

from bot.mirror.forget import tidy
from bot.storage.buttons import Buttons, Nudge, StoredCommand
from bot.storage.database import Database
from tests.conftest import FakeClock

JANE = {"team_id": "T1", "user_id": "U1"}
OTHERS = ({"team_id": "T1", "user_id": "U2"}, {"team_id": "T2", "user_id": "U1"})
YEAR = timedelta(days=365)


async def test_a_button_is_its_owners_alone(database: Database, clock: FakeClock) -> None:
    numbers = itertools.count()
    buttons = Buttons(database, clock, lambda: f"id{next(numbers)}")
    words = ("sessions gold", "sessions “ü” 💪", "")
    ids = await buttons.add("T1", "U1", *map(StoredCommand, words), channel_id="C1")
    for id_, said in zip(ids, words, strict=True):
        found = await buttons.find(id_, StoredCommand, **JANE)
        assert found is not None
        assert (found.meaning.words, found.channel_id) == (said, "C1")
        assert await buttons.find(id_, Nudge, **JANE) is None
        for other in OTHERS:
            assert await buttons.find(id_, StoredCommand, **other) is None
    assert found is not None
    async with database.transaction() as connection:
        await buttons.change(connection, found, StoredCommand("team"))
    assert (await buttons.find(ids[-1], StoredCommand, **JANE)).meaning.words == "team"  # type: ignore[union-attr]
    for days, is_there in ((30, True), (1, False)):
        clock.now += timedelta(days=days)
        await tidy(database, clock(), history=YEAR, audit=YEAR)
        assert (await buttons.find(ids[0], StoredCommand, **JANE) is not None) is is_there
