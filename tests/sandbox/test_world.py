"""The made-up company: the same for the same seed, lively, and open to change."""

from __future__ import annotations

import re
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.world import World
from bot.sandbox.world_life import EXAMPLE_ID
from bot.sandbox.world_sessions import Sessions, between, newest_first
from bot.sandbox.world_tasks import progress
from bot.sandbox.world_things import STATUSES, Session, band

NOW = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def world() -> World:
    return World.build(NOW)


def scores(world: World, name: str) -> list[float]:
    """A person's scores, oldest first."""
    rows = world.sessions.by_user[world.person(name).id]
    return [row.score for row in reversed(rows) if row.score is not None]


def test_the_same_seed_gives_the_same_company(world: World) -> None:
    again = World.build(NOW)
    assert world.sessions.all == again.sessions.all
    assert world.assignments == again.assignments
    assert world.people == again.people


def test_another_seed_gives_another_company(world: World) -> None:
    other = World.build(NOW, seed=8)
    assert not set(world.people) & set(other.people)
    assert world.sessions.all != other.sessions.all


def test_ids_of_people_and_things_do_not_depend_on_now(world: World) -> None:
    later = World.build(NOW + timedelta(days=3))
    assert list(world.people) == list(later.people)
    assert list(world.scenarios) == list(later.scenarios)
    assert list(world.groups) == list(later.groups)


def test_ids_have_twelve_hex_characters_and_are_unique(world: World) -> None:
    ids = [
        *world.people,
        *(person.membership_id for person in world.people.values()),
        *world.groups,
        *world.scenarios,
        *world.skills,
        *world.collections,
        *world.programs,
        *(task.id for task in world.assignments),
        *(row.id for row in world.sessions),
    ]
    assert all(re.fullmatch("[0-9a-f]{12}", one) for one in ids)
    assert len(set(ids)) == len(ids)


def test_size(world: World) -> None:
    assert len(world.people) == 40
    assert len(world.members) == 39
    assert len(world.groups) == 5
    assert 1000 < len(world.sessions) < 2000
    assert sum(person.is_system for person in world.members.values()) == 3


def test_the_well_known(world: World) -> None:
    assert world.person("jane@acme.com") is world.person("Jane Smith")
    assert world.person("Jane Smith") in world.roster("West Coast")
    assert world.person("Bob Jones").email == "bob@acme.com"
    assert world.person("Ana Costa").role == "admin"
    assert world.person("Priya Nair").role == "member"
    assert world.scenario("procurement-discovery").name == "Procurement Discovery"
    example = world.sessions[EXAMPLE_ID]
    assert (example.score, example.rank, example.duration_seconds) == (82.5, "gold", 347)
    assert example.user_id == world.person("Jane Smith").id


def test_unknown_names_are_errors(world: World) -> None:
    with pytest.raises(KeyError, match="Nobody"):
        world.person("Nobody")
    with pytest.raises(KeyError, match="Nothing"):
        world.scenario("Nothing")


def test_removed_person_has_sessions_but_no_membership(world: World) -> None:
    derek = world.person("Derek Olsen")
    assert derek.id not in world.members
    assert world.sessions.by_user[derek.id]
    assert all(derek.id not in roster for roster in world.rosters.values())


def test_some_improve_some_slip_some_rest(world: World) -> None:
    def change(name: str) -> float:
        rows = scores(world, name)
        third = len(rows) // 3
        return sum(rows[-third:]) / third - sum(rows[:third]) / third

    assert change("Jane Smith") > 8
    assert change("Bob Jones") < -8
    assert world.sessions.by_user[world.person("Sam Lee").id][0].created_at < NOW - timedelta(30)
    assert world.person("Kofi Mensah").id not in world.sessions.by_user
    assert world.person("Kofi Mensah") in world.roster("New Hires")


def test_recent_sessions_await_their_grades(world: World) -> None:
    recent = between(world.sessions.all, NOW - timedelta(minutes=30))
    assert len(recent) == 2
    assert all(row.score is None and row.rank is None for row in recent)
    assert not any(row.is_valid_attempt for row in recent)


def test_ranks_follow_the_bands_mostly_but_not_always(world: World) -> None:
    graded = [row for row in world.sessions if row.score is not None]
    by_band = sum(row.rank == band(row.score or 0.0) for row in graded)
    assert 0.9 < by_band / len(graded) < 1
    assert {row.rank for row in graded} == {"gold", "silver", "bronze", "unranked"}


def test_validity_goes_with_the_score(world: World) -> None:
    for row in world.sessions:
        assert row.is_valid_attempt == (row.score is not None) == (row.rank is not None)
        assert row.score is None or round(row.score, 1) == row.score
    assert 0.01 < sum(not row.is_valid_attempt for row in world.sessions) / 1300 < 0.12


def test_assignments_in_every_status(world: World) -> None:
    found = Counter(progress(task, world.sessions, NOW).status for task in world.assignments)
    assert set(found) == set(STATUSES)
    programs = {task.program_id for task in world.assignments}
    assert programs == {*world.programs, None}


@settings(max_examples=25, deadline=None)
@given(
    now=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 (UTC is added)
    seed=st.integers(0, 10**6),
    people=st.integers(9, 60),
    days=st.integers(7, 120),
)
def test_rhythm_at_any_time(now: datetime, seed: int, people: int, days: int) -> None:
    now = now.replace(tzinfo=UTC)
    world = World.build(now, seed=seed, people=people, days=days)
    assert len(world.people) == people
    for row in world.sessions:
        age = now - row.created_at
        assert timedelta(0) < age <= timedelta(days=days + 1)
        if age > timedelta(minutes=30) and row.id != EXAMPLE_ID:
            local = row.created_at.astimezone(ZoneInfo(world.people[row.user_id].zone))
            assert local.weekday() < 5
            assert 8 <= local.hour < 18
    statuses = {progress(task, world.sessions, now).status for task in world.assignments}
    assert statuses <= set(STATUSES)


def test_a_large_company_builds_in_seconds() -> None:
    began = time.process_time()
    world = World.build(NOW, people=500, sessions=100_000)
    assert time.process_time() - began < 10  # about 1 on an idle machine
    assert len(world.sessions) == 100_000
    assert len(world.members) == 499
    assert len({person.email for person in world.people.values()}) == 500


@pytest.mark.parametrize("wrong", [{"people": 8}, {"days": 6}])
def test_too_small_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least"):
        World.build(NOW, **wrong)


def test_naive_moments_are_refused(world: World) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        World.build(naive)
    with pytest.raises(ValueError, match="aware"):
        world.add_session("Jane Smith", "Cold Call Opener", naive)


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
    assert row.id not in {one.id for one in world.sessions.by_scenario[row.scenario_id]}
    assert world.version == version + 4


def test_add_session_takes_any_combination(world: World) -> None:
    odd = world.add_session("bob@acme.com", "cold-call-opener", NOW, score=95, rank=None)
    assert (odd.rank, odd.is_valid_attempt) == (None, True)
    invalid = world.add_session("Bob Jones", "Renewal Save", NOW, score=95, valid=False)
    assert (invalid.rank, invalid.is_valid_attempt) == ("gold", False)
    with pytest.raises(ValueError, match="platinum"):
        world.add_session("Bob Jones", "Renewal Save", NOW, score=95, rank="platinum")
    with pytest.raises(ValueError, match="already"):
        world.add_session("Bob Jones", "Renewal Save", NOW, session_id=EXAMPLE_ID)


def test_members_leave_and_come_back(world: World) -> None:
    jane = world.remove_member("Jane Smith")
    assert jane not in world.roster("West Coast")
    assert jane.id not in world.members
    assert world.person("Jane Smith") == jane
    back = world.add_member("Jane", "Smith", "jane@acme.com", groups=("East Coast",))
    assert back.id == jane.id
    assert back in world.roster("East Coast")
    new = world.add_member("Nils", "Holm", "nils@acme.com")
    assert new.id != jane.id
    assert world.members[new.id] is new


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
