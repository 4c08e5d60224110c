"""A team, who is missing and what is due, counted again person by person."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.query import Due, ResolvedQuery
from bot.reports import assignments, inactive, team
from bot.reports.assignments import AssignmentStatus
from bot.reports.facts import Group
from bot.reports.team import Note
from tests.reports.given import (
    IDS,
    WEEK,
    WINDOW,
    assignment,
    days,
    facts,
    figures,
    person,
    row_lists,
    session,
)

PEOPLE = tuple(person(id_) for id_ in IDS if id_)


def found_in(report, rows, people=PEOPLE, tasks=(), **more):
    """What a report makes of the week of these rows, whatever their order."""
    rows = sorted(rows, key=lambda row: row.created_at, reverse=True)
    return figures(report.REPORT, facts(rows, people, tasks=tasks, **more))


def distinct(rows):
    """Rows with finite scores and ids of their own."""
    finite = [row for row in rows if row.score is None or abs(row.score) < 1e6]
    return list({row.id: row for row in finite}.values())


def scores(rows):
    return [row.score for row in rows if row.is_valid_attempt and row.score is not None]


def change_of(now, before):
    if min(len(now), len(before)) < 3:
        return None
    return pytest.approx(fmean(now) - fmean(before), abs=1e-6)


@given(row_lists, st.sampled_from([None, WINDOW.before.start, days(-3)]))
def test_each_row_of_a_team_is_that_person_alone(rows, since):
    rows = [row for row in distinct(rows) if since is None or row.created_at >= since]
    found = found_in(team, rows, since=since)
    assert [row.id for row in found.people] == [
        id_
        for _, id_ in sorted(
            (-sum(r.user.id == p.id and r.created_at in WEEK for r in rows), p.id) for p in PEOPLE
        )
    ]
    for row in found.people:
        own = [each for each in rows if each.user.id == row.id]
        inside = [each for each in own if each.created_at in WEEK]
        before = [each for each in own if each.created_at in WINDOW.before]
        is_known = since is None or since <= WINDOW.before.start
        assert row.sessions == len(inside)
        assert row.graded == len(scores(inside))
        assert row.average == (pytest.approx(fmean(scores(inside))) if scores(inside) else None)
        assert row.best == max(scores(inside), default=None)
        assert row.change == (change_of(scores(inside), scores(before)) if is_known else None)
        assert row.is_new == (is_known and not before)
        up_to_now = [each.created_at for each in own if each.created_at < WEEK.end]
        assert row.last == max(up_to_now, default=None)
        is_whole = since is None or since <= WEEK.start
        assert (Note.SILENT in row.notes) == (not inside and is_whole)
        assert not {Note.SLIPPING, Note.IMPROVING} <= set(row.notes)


@given(row_lists, st.lists(st.sets(st.sampled_from([each.id for each in PEOPLE])), max_size=4))
def test_each_group_is_its_people(rows, groups):
    rows = distinct(rows)
    given_groups = tuple(
        Group(f"g{at}", f"Group {at}", lambda moment, ids=ids: ids) for at, ids in enumerate(groups)
    )
    found = found_in(team, rows, groups=given_groups)
    assert len(found.groups) == len(groups)
    for row, ids in zip(found.groups, groups, strict=True):
        inside = [each for each in rows if each.user.id in ids and each.created_at in WEEK]
        before = [r for r in rows if r.user.id in ids and r.created_at in WINDOW.before]
        assert (row.people, row.sessions) == (len(ids), len(inside))
        assert row.practiced == len({each.user.id for each in inside})
        assert row.average == (pytest.approx(fmean(scores(inside))) if scores(inside) else None)
        assert row.change == change_of(scores(inside), scores(before))


@given(row_lists)
def test_a_channel_reads_of_a_team_no_person_and_no_results_of_few(rows):
    west = Group("g", "West", lambda _moment: {"ann", "bob"})
    public = team.REPORT.public(found_in(team, distinct(rows), groups=(west,)))
    assert public.people == ()
    assert all((row.average, row.change) == (None, None) for row in public.groups)
    assert not public.named


@given(row_lists)
def test_who_is_missing_is_who_has_no_session(rows):
    rows = distinct(rows)
    tasks = [assignment("ann", due=-2), assignment("ann", due=-3), assignment("bob", due=2)]
    gone = replace(person("gone"), role="removed")
    found = found_in(inactive, rows, people=(*PEOPLE, gone), tasks=tasks)
    practiced = {row.user.id for row in rows if row.created_at in WEEK}
    assert {row.name for row in found.rows} == {
        each.name for each in PEOPLE if each.id not in practiced
    }
    lasts = [row.last for row in found.rows]
    assert lasts == sorted(lasts, key=lambda last: last.timestamp() if last else 0.0)
    before = Counter(row.user.id for row in rows if row.created_at in WINDOW.before)
    for row in found.rows:
        id_ = next(each.id for each in PEOPLE if each.name == row.name)
        own = [r.created_at for r in rows if r.user.id == id_ and r.created_at < WEEK.start]
        assert row.last == max(own, default=None)
        assert (row.before, row.overdue) == (before[id_], 2 if id_ == "ann" else 0)


def test_what_is_not_known_is_not_said_to_be_nothing():
    (row, *_) = found_in(inactive, [session("ann", -20)], since=days(-3), tasks=None).rows
    assert (row.before, row.overdue) == (None, None)


statuses = st.sampled_from(["not_started", "in_progress", "completed", "did_not_pass", "past_due"])
offsets = st.none() | st.integers(-40, 40).map(lambda halves: halves / 2)
lists = st.lists(st.builds(assignment, st.sampled_from(IDS), statuses, offsets), max_size=12)


def status_of(each, now: datetime) -> AssignmentStatus:
    if each.status == "completed":
        return AssignmentStatus.DONE
    if each.status == "did_not_pass":
        return AssignmentStatus.NOT_PASSED
    if each.due_date is None:
        return AssignmentStatus.OVERDUE if each.status == "past_due" else AssignmentStatus.OPEN
    return AssignmentStatus.OVERDUE if each.due_date < now else AssignmentStatus.DUE


@given(lists, st.none() | st.sampled_from(Due))
def test_each_assignment_is_told_once_under_its_status(tasks, asked):
    query = ResolvedQuery(None, due=asked)
    found = found_in(assignments, (), tasks=tasks, query=query)
    own = [each for each in tasks if each.user.id]
    counts = Counter(status_of(each, WINDOW.now) for each in own)
    assert found.counts == {status: counts[status] for status in AssignmentStatus}
    wanted = assignments.ASKED[asked] if asked else tuple(AssignmentStatus)
    assert Counter(row.status for row in found.rows) == {
        status: n for status, n in counts.items() if status in wanted
    }
    order = [list(AssignmentStatus).index(row.status) for row in found.rows]
    assert order == sorted(order)
    assert assignments.REPORT.public(found).rows == ()
