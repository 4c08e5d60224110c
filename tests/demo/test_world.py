"""The made-up company: reproducible, and practicing as time passes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.demo.exec_shapes import session_detail
from bot.demo.world import World

NOW = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def world() -> World:
    return World(NOW)


def test_more_history_does_not_change_recent_sessions(world: World) -> None:
    longer = World(NOW, days=190)
    assert longer.people == world.people
    assert longer.sessions.all[: len(world.sessions)] == world.sessions.all
    assert 1100 < len(longer.sessions) - len(world.sessions) < 1700  # as many as in the 90 days


def test_no_two_people_get_the_same_feedback(world: World) -> None:
    own = {session.user_id: session for session in world.sessions if session.rank}
    for part in ("positive_feedback", "constructive_feedback"):
        assert len({session_detail(world, session, ())[part] for session in own.values()}) == len(
            own
        )


def test_people_practice_as_time_passes(world: World) -> None:
    until = NOW + timedelta(days=14)
    world.advance(NOW, until)
    new = [session for session in world.sessions if session.created_at > NOW]
    assert 120 < len(new) < 320  # as many as in the two weeks before
    assert all(session.created_at <= until for session in new)
    idle = {world.person(name).id for name in ("Sam Lee", "Kofi Mensah", "Derek Olsen")}
    assert not idle & {session.user_id for session in new}
    zones = {person.id: ZoneInfo(person.zone) for person in world.people.values()}
    local = [session.created_at.astimezone(zones[session.user_id]) for session in new]
    assert {moment.weekday() for moment in local} == {0, 1, 2, 3, 4}
    assert all(8 <= moment.hour <= 17 for moment in local)


@pytest.mark.parametrize("minutes", [47, 24 * 60, 5 * 24 * 60])
def test_time_can_pass_in_any_number_of_steps(world: World, minutes: int) -> None:
    other, until = World(NOW), NOW + timedelta(days=9, hours=3)
    other.advance(NOW, until)
    now = NOW
    while now < until:
        then = min(until, now + timedelta(minutes=minutes))
        world.advance(now, then)
        now = then
    assert world.sessions.all == other.sessions.all
