"""While another process reads the lists, a question isn't answered without them."""

from __future__ import annotations

import pytest

from bot.exec import lists
from bot.exec.lists import LISTS
from bot.storage.leases import TURN, Leases
from tests.office import Office
from tests.shown import table


async def test_a_question_waits_for_another_process_that_reads_the_lists(
    new_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = new_office
    monkeypatch.setattr(lists, "ENSURE_AGAIN", 0)
    other = Leases(office.bot.storage.db, office.clock, "another process")
    assert await other.claim(LISTS, TURN)
    answer = await office.ask("ana", "sessions @jane")
    assert answer.text.startswith("I'm still loading the people and groups in Exec")
    await other.release("lists")
    assert table(await office.press("ana", answer, "Try again"))
