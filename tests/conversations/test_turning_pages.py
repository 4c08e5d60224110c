"""Long answers: every row once, whatever happens in Exec meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.errors import StorageError
from bot.mirror.answers import STORED_WITHIN, StoredAnswers
from bot.sandbox.slack_workspace import Message
from tests.conversations.truth import assert_tells, cells, truth
from tests.workspace import Workspace, goes_on, labels, table

pytestmark = pytest.mark.acquainted

Row = tuple[str, ...]


def rows(message: Message) -> list[Row]:
    return [tuple(row) for row in table(message)[1:]]


async def turn_to_the_end(workspace: Workspace, answer: Message) -> list[Message]:
    pages = [answer]
    while goes_on(pages[-1]):
        workspace.clock.tick(20)
        pages.append(await workspace.press("ana", pages[-1], "Next"))
    return pages


async def test_more_is_the_next_page(workspace: Workspace) -> None:
    """Wherever one is by then, also by a button."""
    first = await workspace.tell("ana", "sessions last 20d")
    second = await workspace.tell("ana", "more")
    assert rows(second) == rows(await workspace.press("ana", first, "Next"))
    third = await workspace.tell("ana", "show me more")
    assert rows(third) == rows(await workspace.press("ana", second, "Next"))
    assert rows(await workspace.tell("ana", "back")) == rows(second)
    await workspace.press("ana", third, "Previous")
    opened = await workspace.tell("ana", "the third one")
    assert f"When: {rows(second)[2][0]}" in opened.text


async def test_a_press_at_once_waits_for_rows_that_are_on_their_way(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed, keep_rows, find = asyncio.Event(), StoredAnswers.keep_rows, StoredAnswers.find

    async def late(*given: Any) -> None:
        await pressed.wait()
        await keep_rows(*given)

    async def found(*given: Any, **owner: Any) -> Any:
        pressed.set()
        return await find(*given, **owner)

    monkeypatch.setattr(StoredAnswers, "keep_rows", late)
    monkeypatch.setattr(StoredAnswers, "find", found)
    first = await workspace.ask("ana", "sessions last 20d")
    assert not pressed.is_set()
    second = await workspace.press("ana", first, "Next")
    assert rows(second)
    assert not set(rows(second)) & set(rows(first))


async def test_rows_that_were_never_stored_are_asked_for_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise StorageError

    with monkeypatch.context() as patch:
        patch.setattr(StoredAnswers, "keep_rows", fail)
        first = await workspace.ask("ana", "sessions last 20d")
        await workspace.bot.work.drain()
    workspace.clock.tick(STORED_WITHIN.total_seconds() + 1)
    told = await workspace.press("ana", first, "Next")
    assert told.text.startswith("I keep the rows of an answer for a day. Ask again")
    assert rows(await workspace.press("ana", told, "Ask again")) == rows(first)


@pytest.mark.new_here
async def test_more_than_five_pages_say_since_when_they_are_counted(workspace: Workspace) -> None:
    """What is stored of the newest is shown, and what the rest costs."""
    answer = await workspace.ask("ana", "sessions +system")
    everything = truth(workspace, {})
    (asked,) = workspace.asked()
    assert asked == {}
    # At the moment of the hundredth there may be more of them, on the next page.
    assert_tells(workspace, answer, everything[:99], more=True)
    oldest = cells(workspace, everything[99])["When"].partition(" ")[2]
    since = f"counted since {oldest}: older sessions are not read yet"
    assert answer.text.startswith(f"99 sessions, {since}: Everyone")
    cost = -(-(len(everything) - 100) // 100)
    workspace.forget()
    whole = await workspace.press("ana", answer, "Read further back")
    assert abs(len(workspace.asked()) - cost) <= 1
    assert "not read yet" not in whole.text
    assert_tells(workspace, whole, everything)
    assert "Read further back" not in labels(whole)


async def test_page_by_its_number(workspace: Workspace) -> None:
    asked = [
        (page, await workspace.ask("ana", f"sessions last 20d page {page}")) for page in (1, 2, 3)
    ]
    pages = await turn_to_the_end(workspace, await workspace.ask("ana", "sessions last 20d"))
    whole = [row for each in pages for row in rows(each)]
    for page, answer in asked:
        first = 100 * (page - 1)
        assert rows(answer) == whole[first : first + len(rows(answer))]
        assert f"Rows {first + 1}–" in answer.text
        assert ("Previous" in labels(answer)) is (page > 1)


async def test_a_page_beyond_the_last_is_refused_with_the_last(workspace: Workspace) -> None:
    told = await workspace.ask("ana", "sessions last 7d page 9")
    assert told.text.startswith("There is no page 9: the last one is page 2.")
    answer = await workspace.press("ana", told, "Show page 2")
    assert not goes_on(answer)
    assert rows(answer)


async def test_an_answer_of_yesterday_is_asked_again(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 20d")
    workspace.clock.tick(25 * 3600)
    told = await workspace.press("ana", answer, "Next")
    assert told.text.startswith("I keep the rows of an answer for a day.")
    assert table(await workspace.press("ana", told, "Ask again"))
