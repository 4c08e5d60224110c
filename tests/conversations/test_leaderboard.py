"""Places by sessions and scores: who gets names, who their own place, and what a channel reads."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.conversations.test_sharing import public
from tests.workspace import NOW, MakeOffice, Workspace, button, labels, table

pytestmark = pytest.mark.acquainted
MONDAY = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)
HEAD = ["Place", "Who", "Counted", "Graded attempts"]


def counted(workspace: Workspace, beside: str | None = None) -> Counter[str]:
    """Graded attempts of everybody now in Exec, at most five a day, straight from its sessions;
    `beside` somebody of those who are in a group with them."""
    world, berlin = workspace.world, ZoneInfo("Europe/Berlin")
    there = {id_ for id_, each in world.members.items() if not each.is_system}
    if beside is not None:
        own = (ids for ids in world.rosters.values() if beside in ids)
        there &= set().union(*own)
    attempts = Counter(
        (each.user_id, each.created_at.astimezone(berlin).date())
        for each in world.sessions
        if each.user_id in there
        and each.created_at >= NOW - timedelta(days=30)
        and each.is_valid_attempt
        and each.score is not None
    )
    found: Counter[str] = Counter()
    for (id_, _), count in attempts.items():
        found[id_] += min(count, 5)
    return found


async def test_who_is_ahead_and_who_may_know(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "leaderboard", "west-coast")
    head, *rows = table(answer)
    assert head == HEAD
    expected = counted(workspace)
    assert answer.text.startswith(f"{len(expected)} people by sessions: Everyone, ")
    assert sorted(int(row[2]) for row in rows) == sorted(expected.values())
    for row in rows:
        assert int(row[0]) == 1 + sum(count > int(row[2]) for count in expected.values())
    assert "Share in channel" not in labels(answer)
    assert table(await workspace.press("ana", answer, "Refresh")) == [head, *rows]
    best = await workspace.ask("ana", 'ranking best 3 by average group:"West Coast"')
    assert table(best)[0][2] == "Average"
    assert [row[0] for row in table(best)[1:]] == ["1", "2", "3"]
    assert "West Coast" in best.text

    own = await workspace.ask("jane", "leaderboard")
    jane = workspace.world.person("jane@acme.com").id
    peers = counted(workspace, jane)
    place = 1 + sum(count > peers[jane] for count in peers.values())
    theirs = " and ".join(
        sorted(
            workspace.world.group(id_).name
            for id_, ids in workspace.world.rosters.items()
            if jane in ids
        )
    )
    assert own.text.startswith(
        f"Place {place} of {len(peers)} in {theirs} by sessions: Jane Smith, "
    )
    assert table(own)[1:] == [[str(place), str(peers[jane]), table(own)[1][2]]]
    others = {workspace.world.people[id_].name for id_ in peers if id_ != jane}
    assert not [each for each in others if each in own.text + str(own.blocks)]
    assert "you see your own place" in own.text.lower()
    refused = await workspace.ask("jane", "leaderboard @bob")
    assert "I can't show you Bob" in refused.text

    await workspace.ask("ana", 'coach add @bob "West Coast"')
    told = await workspace.ask("bob", "leaderboard by gold")
    assert "West Coast" in told.text
    west = {person.name for person in workspace.world.roster("West Coast")}
    assert {row[1] for row in table(told)[1:]} <= west
    place = await workspace.ask("bob", "leaderboard me")
    assert place.text.startswith(("Place ", "No place"))
    for narrowed in ("gold", "score>=90", "invalid", "longer 1m"):
        kept = await workspace.ask("jane", f"leaderboard {narrowed} by best")
        assert kept.text.startswith("Your own place can't be narrowed by "), kept.text
        again = await workspace.press("jane", kept, "Leave it out")
        assert again.text.startswith("Place ")
        assert "by best" in again.text
    few = await workspace.ask("jane", "leaderboard last 1h")
    assert "people or more have one" in few.text


async def test_a_channel_reads_five_names_where_it_may(open_workspace: MakeOffice) -> None:
    async with open_workspace(EXECBOT_NAMED_RANKING="channel") as workspace:
        first = table(await workspace.ask("ana", "leaderboard", "west-coast"))[1]
        await workspace.ask(workspace.world.person(first[1]).email, "me unnamed")
        answer = await workspace.ask("ana", "leaderboard", "west-coast")
        assert table(answer)[1] == first
        # No gap shows who is not named.
        for limit, shown in ((" top 3", 3), ("", 5)):
            asked_for = await workspace.ask("ana", f"leaderboard{limit}", "west-coast")
            asked = await workspace.press("ana", asked_for, "Share in channel")
            await workspace.press("ana", asked, "Post it")
            await workspace.bot.work.drain()
            post = public(workspace)[-1]
            named = table(answer)[2 : 2 + shown]
            assert [row[1:] for row in table(post)[1:]] == [row[1:] for row in named]
            for row in table(post)[1:]:
                assert int(row[0]) == 1 + sum(int(each[2]) > int(row[2]) for each in named)
            assert first[1] not in post.text + str(post.blocks)

        # Of six, of whom one is not named, nobody could be below the first five.
        people = " ".join(workspace.world.person(row[1]).email for row in table(answer)[1:7])
        few = await workspace.ask("ana", f"leaderboard {people}", "west-coast")
        assert len(table(few)) == 7
        assert "Share in channel" not in labels(few)
        value = button(few, "Refresh")["value"]
        ack = await workspace.act(workspace.press_of("ana", few, "share.post", value))
        refusal = await workspace.heard("ana", "west-coast", after=ack)
        assert "a ranking of more than five" in refusal.text

        said = "digest leaderboard last week every monday 9:00"
        await workspace.ask("ana", said, "west-coast")
        workspace.clock.now = MONDAY
        await workspace.bot.core.delivering.run_due()
        assert table(public(workspace)[-1])[0] == HEAD
        weekly = await workspace.ask(
            "ana", f"digest leaderboard {people} every tuesday 9:00", "west-coast"
        )
        assert weekly.text.startswith("Saved")
        workspace.clock.now = MONDAY + timedelta(days=1)
        await workspace.bot.core.delivering.run_due()
        post = public(workspace)[-1]
        assert "No ranking" in post.text
        assert table(post) == []
        own = await workspace.ask("jane", "leaderboard last 30d", "west-coast")
        assert "Share in channel" not in labels(own)


@pytest.mark.new_here
async def test_a_group_that_was_not_read_yet_is_not_called_none(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.question.PAGES_UNASKED", 0)
    unread = await workspace.ask("jane", "leaderboard")
    assert "I don't know yet who is in every group." in unread.text
    monkeypatch.undo()
    monkeypatch.setattr("bot.question.PAGES_UNASKED", 40)
    assert (await workspace.ask("jane", "leaderboard")).text.startswith("Place ")
    alone = next(
        each
        for id_, each in workspace.world.members.items()
        if not any(id_ in ids for ids in workspace.world.rosters.values())
    )
    assert "You are in no group in Exec" in (await workspace.ask(alone.email, "leaderboard")).text
