"""Slack's events as they are read: what was said, and what is left alone. Pure."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.payloads import MOST_KEPT, of_direct_message, of_event, of_mention

BOT = "U0EXECBOT"
READERS = (of_event, of_direct_message, of_mention)


def body(**event: Any) -> dict[str, Any]:
    said = {"type": "message", "user": "U1", "channel": "D1", "text": "help", **event}
    bots = [{"user_id": BOT, "is_bot": True}, {"user_id": "U2", "is_bot": False}]
    return {"team_id": "T1", "event_id": "Ev1", "event": said, "authorizations": bots}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(f"<@{BOT}> how is west doing", "how is west doing", id="before"),
        pytest.param(f"<@{BOT}|exec>: me", "me", id="with its name"),
        pytest.param(f"sessions <@U2> <@{BOT}>", "sessions <@U2>", id="behind a person"),
        pytest.param(f"<@{BOT}>", "", id="alone"),
        pytest.param("R&amp;D\n <#C1|west>, ", "R&amp;D\n <#C1|west>", id="as Slack writes it"),
        pytest.param("x" * 40_000, "x" * MOST_KEPT, id="too long"),
        pytest.param(None, "", id="without text"),
    ],
)
def test_what_was_said(text: str | None, words: str) -> None:
    for payload in (of_direct_message(body(text=text)), of_mention(body(text=text, channel="C1"))):
        assert payload is not None
        assert (payload.words, payload.response_url) == (words, None)


def test_an_event_has_one_key_and_another_one_another() -> None:
    first, retried = of_direct_message(body()), of_direct_message(body(text="retried"))
    other = of_direct_message({**body(), "event_id": "Ev2"})
    assert first is not None
    assert retried is not None
    assert other is not None
    assert first.key == retried.key != other.key


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = ("type", "user", "channel", "text", "subtype", "thread_ts", "files", "bot_id", "edited")


@given(
    event=st.dictionaries(st.sampled_from(FIELDS), anything),
    outside=st.dictionaries(st.sampled_from(("event", "authorizations", "event_id")), anything),
)
def test_nothing_that_arrives_breaks_the_reading(
    event: dict[str, Any], outside: dict[str, Any]
) -> None:
    for whole in (body(**event), {**body(), **outside}, {"event": event}):
        for read in READERS:
            payload = read(whole)
            assert payload is None or len(payload.words or "") <= MOST_KEPT
