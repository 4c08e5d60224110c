"""Answers from what is stored of Exec: what they cost, how new they are, and that they are true."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from bot.exec_api.client import ExecClient
from bot.mirror.rows import to_ms
from bot.sandbox.exec_server import Fault
from bot.sandbox.slack_workspace import Message
from bot.sandbox.world_things import Session
from bot.storage.tables import practice_session
from tests.conversations.truth import STAFF_OUT, assert_tells, truth
from tests.workspace import (
    NOW,
    MakeOffice,
    Workspace,
    button,
    column,
    footer,
    labels,
    table,
    whose,
)

JANE = {"user_emails": "jane@acme.com", **STAFF_OUT}
LAST_30D = "2026-02-18T09:00:00Z"


def newest(answer: Message) -> list[str]:
    """The first row's scenario, score and rank."""
    return [column(answer, name)[0] for name in ("Scenario", "Score", "Rank")]


# What is stored costs nothing


# How new it is


# Groups


def last_30d_in_the_west(workspace: Workspace, start: str) -> dict[str, str]:
    return {"group_ids": workspace.world.group("West Coast").id, "start_date": start, **STAFF_OUT}


async def test_a_group_is_the_people_in_its_roster(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", 'sessions group:"West Coast" last 30d')
    assert "group members updated at 10:00" in footer(answer)
    assert_tells(workspace, answer, truth(workspace, last_30d_in_the_west(workspace, LAST_30D)))
    workspace.forget()
    answer = await workspace.ask("ana", 'sessions group:"West Coast" last 3d')
    start = "2026-03-17T09:00:00Z"
    assert_tells(workspace, answer, truth(workspace, last_30d_in_the_west(workspace, start)))
    assert workspace.paths() == []


async def test_who_came_to_a_group_is_counted_after_refresh(workspace: Workspace) -> None:
    west = workspace.world.group("West Coast").id
    answer = await workspace.ask("ana", 'sessions group:"West Coast" last 30d')
    came = max(
        (
            p
            for p in workspace.world.roster("East Coast")
            if p.id not in workspace.world.rosters[west]
        ),
        key=lambda person: len(workspace.world.sessions.by_user.get(person.id, ())),
    )
    workspace.world.rosters[west].add(came.id)
    workspace.clock.tick(120)
    workspace.forget()
    fresh = await workspace.press("ana", answer, "Refresh")
    assert workspace.paths().count("/workspace/members") == 1
    assert "group members updated at 10:02" in footer(fresh)
    assert came.name in whose(fresh)
    start = "2026-02-18T09:02:00Z"
    assert_tells(workspace, fresh, truth(workspace, last_30d_in_the_west(workspace, start)))


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


# What costs many requests


def cost_said(message: Message) -> int:
    """What is asked before it is read, of 65 requests that are left."""
    asked = button(message, "Read further back")["confirm"]["text"]["text"]
    found = re.fullmatch(r"This uses about (\d+)% of what is left of today's Exec limit\.", asked)
    assert found, asked
    return round(int(found[1]) * 65 / 100)


async def test_the_plainest_question_costs_what_was_said(workspace: Workspace) -> None:
    await workspace.leave_for_questions(65)
    answer = await workspace.ask("ana", "sessions")
    workspace.forget()
    await workspace.press("ana", answer, "Read further back")
    assert abs(len(workspace.asked()) - cost_said(answer)) <= 2


@pytest.mark.parametrize("order", ["newest", "best"])
async def test_what_takes_many_requests_is_answered_from_what_there_is_and_read_at_a_press(
    workspace: Workspace, order: str
) -> None:
    question = f"sessions +system {order}"
    await workspace.leave_for_questions(65)
    answer = await workspace.ask("ana", question)
    assert len(workspace.asked()) == 1
    first = "99 sessions, counted since 16 Mar 17:45: older sessions are not read yet: Everyone"
    assert answer.text.startswith(first)
    assert labels(answer)[0] == "Read further back"
    cost = cost_said(answer)
    assert cost > 5
    workspace.forget()
    whole = await workspace.press("ana", answer, "Read further back")
    assert abs(len(workspace.asked()) - cost) <= 2
    sorting = {"best": "-score"}
    everything = truth(workspace, {"sorting": sorting.get(order, "-created_at")})
    assert_tells(workspace, whole, everything)
    workspace.forget()
    assert_tells(workspace, await workspace.ask("ana", question), everything)
    assert_tells(
        workspace, await workspace.ask("ana", "sessions last 30d best"), last_30d_best(workspace)
    )
    assert workspace.paths() == []


def last_30d_best(workspace: Workspace) -> list[Session]:
    return truth(workspace, {"start_date": LAST_30D, "sorting": "-score", **STAFF_OUT})


# Exec away


@pytest.fixture
async def hasty(
    open_workspace: MakeOffice, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Workspace]:
    """A workspace whose bot does not wait long for an Exec that is silent."""
    monkeypatch.setattr("bot.app.ExecClient", partial(ExecClient, deadline=1.5))
    async with open_workspace() as workspace:
        yield workspace


KEY = "As of 10:00: Exec does not accept my key; the admins have been told."
AWAY = [
    pytest.param(Fault("status", None), "As of 10:00, Exec can't be reached.", id="503"),
    pytest.param(Fault("hang", None), "As of 10:00, Exec can't be reached.", id="hang"),
    pytest.param(Fault("reset", None), "As of 10:00, Exec can't be reached.", id="reset"),
    pytest.param(
        Fault("limited", None, seconds=3600),
        "As of 10:00: Exec's limit is used up until 11:05.",
        id="limited for an hour",
    ),
    pytest.param(Fault("wrong_key", None), KEY, id="wrong key"),
]


async def jane_asked(workspace: Workspace) -> None:
    await workspace.ask(
        "ana", "sessions last 7d"
    )  # what only one person is asked about is not stored
    await workspace.ask("jane", "sessions last 7d")


@pytest.mark.begins(after=jane_asked)
async def test_a_later_look_at_older_sessions_tells_of_no_newer_ones(workspace: Workspace) -> None:
    """Exec goes away after the background read again what is old."""
    stored = truth(workspace, {**JANE, "start_date": "2026-03-13T09:45:00Z"})
    workspace.clock.tick(1800)
    workspace.world.add_session("jane@acme.com", "Renewal Save", workspace.clock(), score=91.0)
    workspace.clock.tick(300)
    ends = to_ms(NOW - timedelta(hours=1))
    await workspace.bot.core.reader.read(ends - 1, ends, purpose="reread", pages=1)
    workspace.exec.faults.append(Fault("status", None))
    workspace.clock.tick(600)
    answer = await workspace.ask("jane", "sessions last 7d")
    assert "As of 10:00, Exec can't be reached." in answer.text
    assert_tells(workspace, answer, stored)


async def test_what_was_held_a_week_ago_is_no_answer_any_more(hasty: Workspace) -> None:
    await hasty.ask("jane", "sessions last 30d")
    hasty.clock.tick(8 * 86400)
    hasty.exec.faults.append(Fault("status", None, path="/sessions"))
    refusal = await hasty.ask("jane", "sessions last 30d")
    assert refusal.text.startswith("Exec is having trouble right now.")


# Few requests left


# In the background


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
