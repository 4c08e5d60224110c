"""What is read from Slack's events, whatever is in them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features import ask
from bot.language.text import LIMIT
from bot.place import Place, event_key

BOT = "U0EXECBOT"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(f"<@{BOT}> how is west doing", "how is west doing", id="in front"),
        pytest.param(f"<@{BOT}|exec>: me", "me", id="with its name"),
        pytest.param(f"sessions <@U2> <@{BOT}>", "sessions <@U2>", id="after a person"),
        pytest.param(f"<@{BOT}>", "", id="alone"),
        pytest.param("x" * 40_000, "x" * (LIMIT + 1), id="too long"),
        pytest.param(None, "", id="without text"),
    ],
)
async def test_the_bots_own_name_is_not_part_of_a_question(
    monkeypatch: pytest.MonkeyPatch, text: str | None, words: str
) -> None:
    asked: list[str] = []

    async def note(_app: Any, _turn: Any, said: str) -> None:
        asked.append(said)

    monkeypatch.setattr(ask, "answer_words", note)
    turn: Any = SimpleNamespace()
    await ask.answer_message(turn, turn, {"text": text}, BOT)
    assert asked == [words]


def test_an_event_that_is_delivered_again_has_the_same_key() -> None:
    first = {"event_id": "Ev1", "event": {"text": "help"}}
    assert event_key(first) == event_key({**first, "event": {"text": "again"}})
    assert event_key(first) != event_key({**first, "event_id": "Ev2"})


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = ("type", "user", "channel", "text", "subtype", "thread_ts", "tab", "bot_id", "edited")


@given(event=st.dictionaries(st.sampled_from(FIELDS), anything))
def test_no_event_breaks_the_reading(event: dict[str, Any]) -> None:
    place = Place.of({"team_id": "T1", "event_id": "Ev1", "event": event})
    assert not place.channel_id or place.channel_id == event["channel"]
    assert place.response_url is None
    ask.is_said(event)
