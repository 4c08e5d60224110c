"""Answers from what is stored of Exec: what they cost, how new they are, and that they are true."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import sqlalchemy as sa

from bot.storage.tables import practice_session
from tests.conversations.truth import STAFF_OUT, assert_tells, truth
from tests.workspace import (
    NOW,
    MakeOffice,
    Workspace,
    table,
    whose,
)

# What is stored costs nothing


# How new it is


def last_30d_in_the_west(workspace: Workspace, start: str) -> dict[str, str]:
    return {"group_ids": workspace.world.group("West Coast").id, "start_date": start, **STAFF_OUT}


async def test_who_was_removed_counts_under_their_own_name_only(workspace: Workspace) -> None:
    gone = max(
        workspace.world.roster("West Coast"),
        key=lambda person: len(workspace.world.sessions.by_user.get(person.id, ())),
    )
    question = 'sessions group:"West Coast" last 30d'
    await workspace.press(
        "ana", await workspace.ask("ana", "sessions +system"), "Read further back"
    )
    before = await workspace.ask("ana", question)
    assert gone.name in whose(before)
    workspace.world.remove_member(gone)
    workspace.clock.tick(27 * 3600)  # by then the roster is read again
    after = await workspace.ask("ana", question)
    start = "2026-02-19T12:00:00Z"
    assert_tells(workspace, after, truth(workspace, last_30d_in_the_west(workspace, start)))
    assert gone.name not in whose(after)
    theirs = await workspace.ask("ana", f"sessions {gone.email} last 30d")
    assert table(theirs)[1:]
    asked = {"user_emails": gone.email, "start_date": start, **STAFF_OUT}
    assert_tells(workspace, theirs, truth(workspace, asked))


async def test_the_past_is_read_before_anybody_asks(open_workspace: MakeOffice) -> None:
    async with open_workspace(by_clock=True, EXECBOT_HISTORY_DAYS="90") as workspace:
        start = NOW - timedelta(days=90)
        recent = [row for row in workspace.world.sessions if row.created_at >= start]
        async with asyncio.timeout(100):
            while await stored(workspace) < len(recent):  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.02)
        answer = await workspace.ask("ana", "sessions last 60d")
        asked = {"start_date": "2026-01-19T09:00:00Z", **STAFF_OUT}
        assert_tells(workspace, answer, truth(workspace, asked))
        used = await workspace.bot.core.budget.used()
        assert used.get("question", 0) <= 1
        assert used["history"] <= len(recent) / 100 + 3


async def stored(workspace: Workspace) -> int:
    count = sa.select(sa.func.count()).select_from(practice_session)
    async with workspace.bot.core.database.transaction(reads=True) as connection:
        return int((await connection.execute(count)).scalar_one())
