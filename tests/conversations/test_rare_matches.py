"""A question whose matches are rare looks no further, unasked, than any other."""

from __future__ import annotations

import pytest

from bot.practice.sessions import FEW_PAGES
from tests.conversations.conftest import Office, labels, table


@pytest.mark.parametrize(
    "said",
    [
        "sessions score=0",
        "sessions best score<1",
        "sessions longest longer 9h top 5",
        "sessions valid invalid",
    ],
)
async def test_it_costs_a_few_requests(office: Office, said: str) -> None:
    assert len(office.world.sessions) > 1000
    await office.ask("ana", said)
    assert len(office.asked()) <= FEW_PAGES


async def test_it_says_how_far_it_looked_and_offers_the_rest(office: Office) -> None:
    answer = await office.ask("ana", "sessions score=0")
    assert "not all sessions were looked at" in str(answer.blocks)
    assert any(label.startswith("Count all (") for label in labels(answer))


async def test_help_costs_nothing(office: Office) -> None:
    await office.ask("ana", "help when")
    assert office.exec.requests == []


async def test_a_page_that_is_not_there_is_said(office: Office) -> None:
    answer = await office.ask("ana", "sessions @jane page 9")
    assert answer.text.startswith("There is no page 9: the last one is page 1.")
    assert table(await office.press("ana", answer, "Show page 1"))[1:]


async def test_explain_alone_explains_the_last_question(office: Office) -> None:
    await office.ask("ana", "sessions @jane gold last 7d")
    sent = office.asked()[0]
    explained = await office.ask("ana", "explain")
    assert all(
        f"{name}={value}" in explained.text.replace("&amp;", "&") for name, value in sent.items()
    )


async def test_a_double_click_posts_once(office: Office) -> None:
    answer = await office.ask("ana", "sessions @jane last 7d", "west-coast")
    confirm = await office.press("ana", answer, "Share in channel")
    for _ in range(2):
        await office.press_only("ana", confirm, "Post it")
    await office.bot.work.drain()
    posts = [message for message in office.slack.messages if "Shared by" in message.text]
    assert len(posts) == 1
