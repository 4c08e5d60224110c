"""The made-up company: the same for the same seed, lively, and open to change."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.world import World
from bot.sandbox.world_things import (
    STATUSES,
    Session,
    Sessions,
    between,
    newest_first,
    progress,
)

NOW = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def world() -> World:
    return World.build(NOW)


def test_the_same_seed_gives_the_same_company(world: World) -> None:
    again = World.build(NOW)
    assert world.sessions.all == again.sessions.all
    assert world.assignments == again.assignments
    assert world.people == again.people


def test_recent_sessions_await_their_grades(world: World) -> None:
    recent = between(world.sessions.all, NOW - timedelta(minutes=30))
    assert len(recent) == 2
    assert all(row.score is None and row.rank is None for row in recent)
    assert not any(row.is_valid_attempt for row in recent)


def test_assignments_in_every_status(world: World) -> None:
    found = Counter(progress(task, world.sessions, NOW).status for task in world.assignments)
    assert set(found) == set(STATUSES)
    programs = {task.program_id for task in world.assignments}
    assert programs == {*world.programs, None}


def test_a_session_is_added_graded_and_deleted(world: World) -> None:
    before, version = len(world.sessions), world.version
    row = world.add_session("Jane Smith", "Cold Call Opener", NOW)
    assert world.sessions.all[0] is row
    assert (row.score, row.rank, row.is_valid_attempt) == (None, None, False)
    graded = world.grade(row.id, 82.5, "gold", duration=347)
    assert world.sessions[row.id] == graded == world.sessions.all[0]
    assert (graded.rank, graded.duration_seconds, graded.is_valid_attempt) == ("gold", 347, True)
    assert world.sessions.by_user[row.user_id][0] == graded
    assert world.grade(row.id, 76).rank == "silver"
    world.delete(row.id)
    assert row.id not in world.sessions
    assert len(world.sessions) == before
    assert world.version == version + 4


def test_an_assignment_follows_the_sessions(world: World) -> None:
    task = next(
        one
        for one in world.assignments
        if progress(one, world.sessions, NOW).status == "not_started"
    )
    later = NOW + timedelta(hours=1)
    world.add_session(task.user_id, task.scenario_id, NOW, score=91)
    state = progress(task, world.sessions, later)
    assert (state.status, state.attempt_count) == ("completed", 1)
    assert (state.best_score, state.best_rank) == (91, "gold")


@given(
    offsets=st.lists(st.integers(0, 20), max_size=30),
    start=st.integers(-1, 21),
    end=st.integers(-1, 21),
)
def test_between_includes_both_ends(offsets: list[int], start: int, end: int) -> None:
    rows = [
        Session(f"{n:012x}", "u", "s", None, None, None, False, NOW + timedelta(seconds=offset))
        for n, offset in enumerate(offsets)
    ]
    bulk, single = Sessions(), Sessions()
    bulk.load(rows)
    for row in rows:
        single.add(row)
    assert bulk.all == single.all == sorted(rows, key=newest_first)
    low, high = NOW + timedelta(seconds=start), NOW + timedelta(seconds=end)
    assert between(bulk.all, low, high) == [r for r in bulk.all if low <= r.created_at <= high]
    assert between(bulk.all) == bulk.all


def after(world: World, since: datetime) -> list[Session]:
    return [session for session in world.sessions if session.created_at > since]


def test_it_lives_on_while_time_passes(world: World) -> None:
    until = NOW + timedelta(days=14)
    world.live_on(NOW, until)
    new = after(world, NOW)
    assert 120 < len(new) < 320  # as many as in two weeks before
    assert all(session.created_at <= until for session in new)
    idle = {world.person(name).id for name in ("Sam Lee", "Kofi Mensah", "Derek Olsen")}
    assert not idle & {session.user_id for session in new}
    zones = {person.id: ZoneInfo(person.zone) for person in world.people.values()}
    local = [session.created_at.astimezone(zones[session.user_id]) for session in new]
    assert {moment.weekday() for moment in local} == {0, 1, 2, 3, 4}
    assert all(8 <= moment.hour <= 17 for moment in local)
    mine = {session.scenario_id for session in after(world, NOW - timedelta(days=90))}
    assert {session.scenario_id for session in new} <= mine
    assert len({session.id for session in world.sessions}) == len(world.sessions)


@pytest.mark.parametrize("minutes", [47, 24 * 60, 5 * 24 * 60])
def test_it_does_not_matter_in_how_many_steps_time_passes(world: World, minutes: int) -> None:
    other, until = World.build(NOW), NOW + timedelta(days=9, hours=3)
    other.live_on(NOW, until)
    now = NOW
    while now < until:
        then = min(until, now + timedelta(minutes=minutes))
        world.live_on(now, then)
        now = then
    assert world.sessions.all == other.sessions.all


def test_what_waits_for_its_grade_gets_it_within_the_hour(world: World) -> None:
    waiting = [s for s in world.sessions if s.created_at > NOW - timedelta(hours=1)]
    assert [session.score for session in waiting] == [None, None]
    world.live_on(NOW, NOW + timedelta(minutes=30))
    assert [world.sessions[each.id].score for each in waiting] == [None, None]
    world.live_on(NOW + timedelta(minutes=30), NOW + timedelta(hours=2))
    graded = [world.sessions[each.id] for each in waiting]
    assert all(session.score is not None and session.is_valid_attempt for session in graded)
    assert all(session.duration_seconds for session in graded)


def test_who_was_removed_does_not_practise_on(world: World) -> None:
    jane = world.remove_member("Jane Smith")
    world.live_on(NOW, NOW + timedelta(days=14))
    assert jane.id not in {session.user_id for session in after(world, NOW)}
