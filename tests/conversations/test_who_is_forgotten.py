"""Who is forgotten stands nowhere any more, whatever they did and whatever was said of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import maintenance
from bot.storage.tables import metadata
from tests.conversations.test_coaches import last_to_bob, nudge_form, send
from tests.conversations.test_sharing import is_told
from tests.conversations.test_whom_a_nudge_reaches import one_is_chosen
from tests.workspace import Workspace

pytestmark = pytest.mark.acquainted

# What Jane does, and what others do about her.
BY_HER = (
    "sessions last 7d",
    "me",
    "me unnamed",
    "leaderboard",
    "audit",
    'digest "East Coast" every monday 9:00',
    'alert group:"East Coast" gold',
    "coach list",
    "sessions sessions sessions",
)
ABOUT_HER = (
    "sessions @jane last 7d",
    "sessions jane@acme.com",
    'sessions "Jane Smith" last 7d',
    "how is jane doing",
    "what did Jane Smith do last week",
    "audit @jane",
    "team",
    "digest sessions @jane last week every monday 9:00",
    "alert @jane gold",
    "progress @jane",
    "compare @jane vs @priya",
    "trend @jane skill:negotiation",
    "sessions @jane skill:negotiation",
    "team",  # the question before it is stored beside it
)


async def left_of(workspace: Workspace, marks: tuple[str, ...]) -> set[str]:
    """In which columns any of these stands, and whether in the file itself."""
    found = set()
    mark = re.compile("|".join(map(re.escape, marks)), re.IGNORECASE)
    async with workspace.bot.db.transaction(reads=True) as connection:
        for table in metadata.sorted_tables:
            for row in await connection.execute(sa.select(table)):
                found |= {
                    f"{table.name}.{name}"
                    for name, value in row._mapping.items()
                    if mark.search(str(value))
                }
    file = Path(str(workspace.bot.db.url.database))
    for path in (file, file.with_name(f"{file.name}-wal")):
        content = path.read_bytes().lower() if path.exists() else b""
        found |= {f"{path.suffix} {each}" for each in marks if each.lower().encode() in content}
    return found


async def everything_is_said(workspace: Workspace) -> None:
    jane = last_to_bob(workspace)
    await workspace.ask("ana", "link @jane jane@acme.com")
    await workspace.ask("ana", 'coach add @jane "East Coast"')
    for said in BY_HER:
        await workspace.ask("jane", said, "west-coast")
        workspace.clock.tick(61)
    for said in ABOUT_HER:
        await workspace.ask("ana", said, "west-coast")
        workspace.clock.tick(61)
    await workspace.tell("jane", "how am I doing")
    await workspace.open_home("jane")
    await send(workspace, await nudge_form(workspace, jane, "Nudge Jane"))
    shared = await workspace.ask("jane", "trend last 20d", "west-coast")
    await workspace.press(
        "jane", await workspace.press("jane", shared, "Share in channel"), "Post it"
    )
    await workspace.until(lambda: is_told(workspace, "jane", "west-coast"))
    await workspace.bot.drain(30)


@pytest.mark.begins(after=one_is_chosen)
async def test_of_somebody_who_is_still_there_what_exec_lists_is_left(workspace: Workspace) -> None:
    await everything_is_said(workspace)
    jane, user = workspace.world.person("jane@acme.com"), workspace.user("jane")
    await maintenance.forget(workspace.bot, jane.email, agreed=lambda _: True)
    marks = (jane.id, user, jane.email, jane.name)
    left = {each for each in await left_of(workspace, marks) if not each.startswith(".")}
    assert left == {"member.id", "member.email", "member.name", "team_member.member_id"}
