"""The answer: its first line, its figures, its table, its small print, and its help."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.world_things import Session
from tests.conversations.truth import (
    BERLIN,
    STAFF_OUT,
    assert_tells,
    cells,
    fields,
    filters_of,
    headline,
    truth,
)
from tests.workspace import NOW, Workspace, column, footer, labels, offered, table

pytestmark = pytest.mark.acquainted

HEADER = ["When", "Scenario", "Score", "Rank", "Length"]


def sessions_of(workspace: Workspace, days: int, *people: str) -> list[Session]:
    """What Exec holds of the last days, newest first, without Exec's own staff."""
    world, now = workspace.world, workspace.clock()
    ids = {world.person(email).id for email in people}
    return sorted(
        (
            row
            for row in world.sessions.all
            if now - timedelta(days=days) <= row.created_at <= now
            and not world.people[row.user_id].is_system
            and (not ids or row.user_id in ids)
        ),
        key=lambda row: row.created_at,
        reverse=True,
    )


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("people", [("jane@acme.com",), ("bob@acme.com", "priya@acme.com"), ()])
async def test_figures_are_those_of_a_recount(
    shared_workspace: Workspace, people: tuple[str, ...]
) -> None:
    answer = await shared_workspace.ask("ana", " ".join(("sessions last 20d", *people)))
    rows = sessions_of(shared_workspace, 20, *people)
    valid = [row for row in rows if row.is_valid_attempt]
    ranks = Counter(row.rank for row in valid)
    seconds = sum(row.duration_seconds or 0 for row in rows)
    shown = fields(answer)
    assert headline(answer).startswith(f"*{len(rows)} sessions*")
    average = fmean(row.score for row in valid if row.score is not None)
    assert shown["Average score"] == f"{average:.1f} ({len(valid)} graded attempts)"
    for rank in ("gold", "silver", "bronze", "unranked"):
        assert (f"{ranks[rank]} {rank}" in shown["Ranks"]) is bool(ranks[rank])
    hours, minutes = divmod(round(seconds / 60), 60)
    assert shown["Practice time"] == (f"{hours} h {minutes:02} min" if hours else f"{minutes} min")


async def test_the_table_is_what_exec_holds(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions @jane last 20d")
    header, *rows = table(answer)
    assert header == HEADER
    stored = sessions_of(workspace, 20, "jane@acme.com")
    assert len(rows) == len(stored) > 5
    for row, session in zip(rows, stored, strict=True):
        local = session.created_at.astimezone(BERLIN)
        assert row[0] == f"{local:%a} {local.day} {local:%b %H:%M}"
        score = "–" if session.score is None else f"{session.score:.1f}"
        assert row[1:3] == [workspace.world.scenarios[session.scenario_id].name, score]
        assert row[3] == cells(workspace, session)["Rank"]


@pytest.mark.new_here
async def test_ungraded_and_invalid_attempts_are_told_apart(workspace: Workspace) -> None:
    for minutes, score, valid in ((1, None, False), (2, 41.5, False), (3, 80.0, True)):
        at = NOW - timedelta(minutes=minutes)
        workspace.world.add_session(
            "kofi.mensah@acme.com", "Renewal Save", at, score=score, valid=valid, duration=75
        )
    answer = await workspace.ask("kofi.mensah", "sessions")
    scores_and_ranks = [row[2:4] for row in table(answer)[1:]]
    assert scores_and_ranks == [
        ["–", "Incomplete"],
        ["41.5", "Unranked (incomplete)"],
        ["80.0", "Silver"],
    ]
    assert "2 incomplete attempts aren't in the average" in footer(answer)
    assert fields(answer)["Average score"] == "80.0 (1 graded attempt)"


@pytest.mark.new_here
async def test_times_are_in_the_zone_of_who_asks(workspace: Workspace) -> None:
    workspace.slack.team.user_called("ana@acme.com").tz = "Asia/Tokyo"
    answer = await workspace.ask("ana", "sessions @jane today")
    assert headline(answer).endswith("today")
    asked = await filters_of(workspace, "ana", "sessions @jane today")
    assert asked["start_date"] == "2026-03-19T15:00:00Z"
    assert len(table(answer)) == 1 + len(truth(workspace, asked))
    newest = sessions_of(workspace, 1, "jane@acme.com")[0].created_at.astimezone(
        ZoneInfo("Asia/Tokyo")
    )
    assert table(answer)[1][0] == f"{newest:%a} {newest.day} {newest:%b %H:%M}"


async def test_the_small_print(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions last 7d")
    assert footer(answer).startswith("As of Fri 20 Mar 10:00")
    assert "requests" not in footer(answer)
    assert "Exec staff" not in footer(await workspace.ask("ana", "sessions last 7d +system"))


@pytest.mark.new_here
async def test_requests_that_run_short_are_told(workspace: Workspace) -> None:
    await workspace.leave(201)
    answer = await workspace.ask("ana", "sessions last 1d")
    assert "less than a fifth of today's Exec limit is left" in footer(answer)


async def test_nothing_found_offers_to_loosen(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions @kofi.mensah last 7d gold")
    assert headline(answer).startswith("*No sessions*   Kofi Mensah")
    assert labels(answer)[:3] == ["Anyone", "Any rank", "Any date"]
    assert "Share in channel" not in labels(answer)
    found = await workspace.press("ana", answer, "Anyone")
    asked = {"rank": "gold", "start_date": "2026-03-13T09:00:00Z", **STAFF_OUT}
    assert_tells(workspace, found, truth(workspace, asked))


@pytest.mark.asyncio(loop_scope="module")
async def test_a_rep_is_not_offered_to_leave_themselves_out(shared_workspace: Workspace) -> None:
    answer = await shared_workspace.ask("kofi.mensah", "sessions me last 7d")
    assert offered(answer) == ["Any date", "Refresh"]


async def test_refresh_sees_what_is_new(workspace: Workspace) -> None:
    answer = await workspace.ask("jane", "sessions last 7d")
    before = len(table(answer))
    workspace.clock.tick(600)
    at = workspace.clock() - timedelta(seconds=2)
    workspace.world.add_session("jane@acme.com", "Renewal Save", at, score=91.0)
    fresh = await workspace.press("jane", answer, "Refresh")
    assert len(table(fresh)) == before + 1
    assert table(fresh)[1][1:4] == ["Renewal Save", "91.0", "Gold"]
    assert "As of Fri 20 Mar 10:10" in footer(fresh)
    assert workspace.seen("jane") == [fresh]  # in the place of the old one


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("said", ["", "help", "?", "HELP", " \u200b "])
async def test_help(shared_workspace: Workspace, said: str) -> None:
    menu = await shared_workspace.ask("jane", said)
    assert headline(menu).startswith("*Just ask,* ")
    assert labels(menu) == ["What next?", "My week", "My last session", "All commands"]
    assert shared_workspace.paths() in ([], ["/workspace/members"])
    commands = await shared_workspace.press("jane", menu, "All commands")
    assert headline(commands) == "*Commands*"


@pytest.mark.asyncio(loop_scope="module")
async def test_help_on_sessions_is_the_whole_of_it(shared_workspace: Workspace) -> None:
    shown = await shared_workspace.ask("jane", "help sessions")
    assert headline(shown).startswith("*Just ask,* ")


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("gina.guest", "Guests can't see practice results. Ask a colleague with a full account."),
        ("gus.globex", "Practice results stay inside the company that owns them, and your account"),
    ],
)
@pytest.mark.parametrize("said", ["", "help when"])
async def test_those_whom_everything_refuses_are_told_at_once(
    shared_workspace: Workspace, who: str, sentence: str, said: str
) -> None:
    ack = await shared_workspace.act(shared_workspace.command_of(who, said))
    told = await shared_workspace.heard(who, after=ack)
    assert told.text.startswith(sentence)
    assert labels(told) == []


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("said", "title"),
    [
        *(("when", "When"), ("WHEN", "When"), ("today", "When"), ("dates", "When")),
        *(("rank", "What was practiced, and how well"), ("group", "Which group")),
        ("programs", "What was practiced, and how well"),
        *(("numbers", "Numbers"), ("slipping", "Numbers"), ("proficiency", "Numbers")),
    ],
)
async def test_help_on_a_topic_or_a_word_of_it(
    shared_workspace: Workspace, said: str, title: str
) -> None:
    shown = await shared_workspace.ask("ana", f"help {said}")
    assert headline(shown) == f"*{title}*"


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("said", ["digest", "coach add", "link", "status"])
async def test_help_on_a_command_shows_just_that(shared_workspace: Workspace, said: str) -> None:
    shown = await shared_workspace.ask("ana", f"help {said}")
    assert headline(shown) == f"*/exec {said.split()[0]}*"
    lines = [each for each in shown.blocks if each["type"] == "section"]
    assert len(lines) == 2
    assert lines[1]["text"]["text"].startswith(f"`{said}")


@pytest.mark.asyncio(loop_scope="module")
async def test_help_on_an_unknown_topic_names_those_there_are(shared_workspace: Workspace) -> None:
    shown = await shared_workspace.ask("jane", "help qwertz")
    assert shown.text.startswith("No help topic qwertz. Topics:")
    written = await shared_workspace.ask("jane", "help R&D")
    assert "No help topic `R&amp;D`." in str(written.blocks)
    assert labels(shown) == [
        "what",
        "when",
        "how",
        "numbers",
        "commands",
        "bot",
    ]  # of others there is nobody to see
    refused = await shared_workspace.ask("jane", "help link")
    assert refused.text == "/exec link is for admins."
    await shared_workspace.ask("jane", "help qwertz")
    topic = await shared_workspace.press("jane", shown, "how")
    assert headline(topic) == "*Order and amount*"


@pytest.mark.asyncio(loop_scope="module")
async def test_a_misspelt_word_offers_the_nearest(shared_workspace: Workspace) -> None:
    refusal = await shared_workspace.ask("ana", "sesions last 7d silver")
    assert refusal.text.startswith('I didn\'t understand sesions in "sesions last 7d silver".')
    assert labels(refusal)[0] == "sessions last 7d silver"
    answer = await shared_workspace.press("ana", refusal, "sessions last 7d silver")
    assert set(column(answer, "Rank")) == {"Silver"}
