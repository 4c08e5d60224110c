"""Figures of several reports, counted again by other means: plainly, over Exec's sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.world_things import Session
from tests.conversations.truth import fields
from tests.workspace import Workspace, table

pytestmark = [pytest.mark.acquainted, pytest.mark.asyncio(loop_scope="module")]
BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Time:
    """Two periods by Berlin's clock, and how the second one is called."""

    start: str
    end: str
    before: str
    before_end: str
    called: str


NOON = "2026-03-20T10:00"  # NOW, on a Friday
TIMES = {
    "this week": Time("2026-03-16", NOON, "2026-03-09", "2026-03-13T10:00", "by Friday last week"),
    "since monday": Time(
        *("2026-03-16", NOON, "2026-03-09", "2026-03-13T10:00", "by Friday last week")
    ),
    "today": Time("2026-03-20", NOON, "2026-03-19", "2026-03-19T10:00", "by this time yesterday"),
    "this month": Time("2026-03-01", NOON, "2026-02-01", "2026-02-20T10:00", "by 20 February"),
    "2026-03-06..2026-03-25": Time(
        *("2026-03-06", NOON, "2026-02-14", "2026-02-28T10:00", "by 28 February")
    ),
    "last week": Time("2026-03-09", "2026-03-16", "2026-03-02", "2026-03-09", "the week before"),
    "last 2d": Time(
        *("2026-03-18T10:00", NOON, "2026-03-16T10:00", "2026-03-18T10:00", "the 2 days before")
    ),
    "last 30d": Time(
        *("2026-02-18T10:00", NOON, "2026-01-19T10:00", "2026-02-18T10:00", "the 30 days before")
    ),
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def between(workspace: Workspace, start: str, end: str, ids: Collection[str] = ()) -> list[Session]:
    """Sessions of these people, by default of everybody but Exec's own staff."""
    staff = {id_ for id_, each in workspace.world.people.items() if each.is_system}
    first, last = at(start), at(end)
    return [
        each
        for each in workspace.world.sessions
        if first <= each.created_at < last
        and (each.user_id in ids if ids else each.user_id not in staff)
    ]


def rounded(number: Fraction, step: int = 10) -> Fraction:
    """To tenths, halves upwards."""
    return Fraction(floor(abs(number) * step + Fraction(1, 2)), step) * (1 if number >= 0 else -1)


def graded(rows: Iterable[Session]) -> list[Fraction]:
    return [
        Fraction(str(each.score))
        for each in rows
        if each.is_valid_attempt and each.score is not None
    ]


def mean(rows: Iterable[Session]) -> Fraction | None:
    scores = graded(rows)
    return rounded(sum(scores, Fraction()) / len(scores)) if scores else None


def written(number: Fraction | None) -> str:
    return "–" if number is None else f"{float(number):.1f}"


def moved(now: list[Session], before: list[Session]) -> str:
    """The change of an average with the graded attempts of both sides."""
    n, n_before = len(graded(now)), len(graded(before))
    if now and not before:
        return "new"
    if min(n, n_before) < 3:
        return "–"
    by = mean(now) - mean(before)
    return f"{'+' if by > 0 else '-' if by < 0 else ''}{float(abs(by)):.1f} ({n} vs {n_before})"


def said_of(now: list[Session], before: list[Session], called: str) -> str:
    by = len(now) - len(before)
    word = f"{'up' if by > 0 else 'down'} {abs(by)}" if by else "no change"
    return f"{len(now)}\n{word} from {len(before)} {called}"


@pytest.mark.parametrize("words", TIMES)
async def test_a_team_and_what_it_is_compared_with(shared_workspace: Workspace, words: str) -> None:
    workspace, time = shared_workspace, TIMES[words]
    answer = await workspace.ask("ana", f'team "West Coast" {words}')
    west = {
        each.id: each.name for each in workspace.world.roster("West Coast") if not each.is_system
    }
    now = between(workspace, time.start, time.end, west)
    before = between(workspace, time.before, time.before_end, west)
    told = fields(answer)
    assert told["Sessions"] == said_of(now, before, time.called)
    assert told["Average score"].split(" ")[0] == written(mean(now))
    practiced = len({each.user_id for each in now})
    assert f": {practiced} of {len(west)} practiced. " in answer.text
    ids = {name: id_ for id_, name in west.items()}
    for who, sessions, average, change, *_ in table(answer)[1:]:
        own = [each for each in now if each.user_id == ids[who]]
        own_before = [each for each in before if each.user_id == ids[who]]
        expected = [str(len(own)), written(mean(own)), moved(own, own_before)]
        assert [sessions, average, change] == expected, who


@pytest.mark.parametrize("words", ["this week", "last 30d", "last week"])
async def test_sessions_of_everybody_close(shared_workspace: Workspace, words: str) -> None:
    """Sessions are those that are graded, incomplete, or wait for a grade."""
    workspace, time = shared_workspace, TIMES[words]
    answer = await workspace.ask("ana", f"sessions {words}")
    rows = between(workspace, time.start, time.end)
    scored, invalid = len(graded(rows)), sum(not each.is_valid_attempt for each in rows)
    assert answer.text.startswith(f"{len(rows)} session")
    assert fields(answer)["Average score"] == f"{written(mean(rows))} ({scored} graded attempts)"
    left_out = {
        f"{invalid} incomplete attempt{'s' * (invalid != 1)} ": invalid,
        f"{(waiting := len(rows) - scored - invalid)} attempt{'s' * (waiting != 1)} wait": waiting,
    }
    assert [words in answer.text for words in left_out] == [n > 0 for n in left_out.values()]

    trend = await workspace.ask("ana", f"trend {words} by day")
    days: dict[str, list[Session]] = {}
    for each in sorted(rows, key=lambda each: each.created_at):
        days.setdefault(f"{each.created_at.astimezone(BERLIN):%-d %b}", []).append(each)
    expected = {
        day: [str(len(own)), str(len({each.user_id for each in own})), written(mean(own))]
        for day, own in days.items()
    }
    told = {row[0].partition(" (")[0]: row[1:] for row in table(trend)[1:]}
    assert {day: row for day, row in told.items() if row[0] != "0"} == expected

    board = await workspace.ask("ana", f"leaderboard {words}")
    counted: Counter[str] = Counter()
    for (id_, _), count in Counter(
        (each.user_id, each.created_at.astimezone(BERLIN).date())
        for each in rows
        if each.user_id in workspace.world.members and graded([each])
    ).items():
        counted[id_] += min(count, 5)
    assert table(board)[0] == ["Place", "Who", "Counted", "Graded attempts"]
    places = Counter(int(row[2]) for row in table(board)[1:])
    assert places == Counter(counted.values())
    for place, _, count, _ in table(board)[1:]:
        assert int(place) == 1 + sum(other > int(count) for other in counted.values())


async def test_a_comparison_closes(shared_workspace: Workspace) -> None:
    """A difference is that of the two numbers that stand beside it."""
    workspace = shared_workspace
    answer = await workspace.ask("ana", "compare last week vs this week")
    assert table(answer), answer.text
    by_label = {label: cells for label, *cells in table(answer)[1:]}
    sides = [
        between(workspace, TIMES[words].start, TIMES[words].end)
        for words in ("last week", "this week")
    ]
    assert by_label["Sessions"][:2] == [str(len(side)) for side in sides]
    assert by_label["Average"][:2] == [written(mean(side)) for side in sides]
    for label in ("Sessions", "Average", "Gold", "Lift"):
        one, other, apart = (Fraction(cell) for cell in by_label[label])
        assert apart == one - other, label


async def test_what_a_rolling_time_is_compared_with_stays(shared_workspace: Workspace) -> None:
    """However late an answer is, and whatever a millisecond does."""
    workspace = shared_workspace
    workspace.clock.tick(61)
    answer = await workspace.ask("ana", 'team "West Coast" last 2d')
    said = fields(answer)["Sessions"]
    for seconds in (0.0005, 1.0007):
        workspace.clock.tick(seconds)
        answer = await workspace.press("ana", answer, "Refresh")
        assert fields(answer)["Sessions"] == said
