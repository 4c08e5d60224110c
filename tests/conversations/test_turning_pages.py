"""Long answers: every row once, whatever happens in Exec meanwhile."""

from __future__ import annotations

import re

import pytest

from bot.demo.slack_workspace import Message
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
    third = await workspace.tell("ana", "show more")
    assert rows(third) == rows(await workspace.press("ana", second, "Next"))
    await workspace.press("ana", third, "Previous")
    assert rows(await workspace.tell("ana", "more")) == rows(third)


async def test_page_by_its_number(workspace: Workspace) -> None:
    asked = [
        (page, await workspace.ask("ana", f"sessions last 20d page {page}")) for page in (1, 2, 3)
    ]
    pages = await turn_to_the_end(workspace, await workspace.ask("ana", "sessions last 20d"))
    whole = [row for each in pages for row in rows(each)]
    for page, answer in asked:
        first = 25 * (page - 1)
        assert rows(answer) == whole[first : first + len(rows(answer))]
        assert f"Rows {first + 1}–" in answer.text
        assert ("Previous" in labels(answer)) is (page > 1)


async def test_a_page_beyond_the_last_is_refused_with_the_last(workspace: Workspace) -> None:
    told = await workspace.ask("ana", "sessions last 7d page 9")
    (last,) = labels(told)
    assert re.fullmatch(r"Show page [5-8]", last)
    answer = await workspace.press("ana", told, last)
    assert not goes_on(answer)
    assert rows(answer)
