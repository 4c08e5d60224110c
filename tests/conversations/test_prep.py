"""One page before a one-to-one: for who coaches somebody, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from statistics import fmean

import pytest

from tests.conversations.test_team import scores, sessions
from tests.workspace import NOW, Workspace, labels, offered

pytestmark = pytest.mark.acquainted
WEEKS = timedelta(weeks=4)


async def test_a_page_about_somebody(workspace: Workspace) -> None:
    workspace.forget()
    page = await workspace.ask("ana", "prep @jane")
    who = {workspace.world.person("jane@acme.com").id}
    now = sessions(workspace, who, NOW - WEEKS, NOW)
    before = sessions(workspace, who, NOW - 2 * WEEKS, NOW - WEEKS)
    assert page.text.startswith("One-to-one: Jane Smith, last 4 weeks")
    by = len(now) - len(before)
    change = f"{'up' if by > 0 else 'down'} {abs(by)} from {len(before)}" if by else "no change"
    assert f"Sessions: {len(now)}, {change}." in page.text
    assert f"Average score: {fmean(scores(now)):.1f} ({len(scores(now))} graded" in page.text
    assert "Overdue" in page.text
    assert "Praise" in page.text
    assert page.text.count("Ask") >= 1
    # Feedback is asked for once: five requests, and none the next time.
    details = [path for path in workspace.paths() if path.startswith("/sessions/")]
    assert len(details) == len(set(details)) == 5
    workspace.forget()
    again = await workspace.ask("ana", "prep @jane")
    assert again.text.split("As of")[0] == page.text.split("As of")[0]
    assert not [path for path in workspace.paths() if path.startswith("/sessions/")]
    assert "Share in channel" not in labels(page)
    assert "Post this every week here" not in offered(page)


async def test_for_whom_it_is(workspace: Workspace) -> None:
    assert (await workspace.ask("jane", "prep @bob")).text.startswith("I can't show you Bob Jones")
    own = await workspace.ask("ana", "prep me")
    assert "somebody you coach" in own.text
    assert (await workspace.press("ana", own, "Show my week")).text.startswith("Your practice")
    assert "is about one person" in (await workspace.ask("ana", "prep")).text
    assert "is about one person" in (await workspace.ask("ana", "prep @jane @bob")).text
    refused = await workspace.ask("ana", "digest prep @jane every monday 9:00", "west-coast")
    assert "channel" in refused.text
