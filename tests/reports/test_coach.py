from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.coach import coach_report
from bot.reports.conversations import Reason, outcomes
from bot.reports.course import ENOUGH, LEAST_MOVE
from bot.reports.findings import Best, Course, Gold, Nudged
from tests.reports.given import (
    WINDOW,
    assignment,
    days,
    ids,
    person,
    rosters,
    row_lists,
    session,
    task_lists,
)

PEOPLE = [person("ann"), person("bob"), person("cy")]
few_ids = st.frozensets(ids, max_size=3)
excuses = st.fixed_dictionaries({"joined": few_ids, "removed": few_ids})


def report(rows=(), people=PEOPLE, tasks=(), since=None, bests=(), **excused):
    return coach_report(people, rows, tasks, WINDOW, since=since, bests=bests, **excused)


def attempts(who, scores, start, scenario="Cold Call"):
    return [session(who, start + n / 10, score, scenario) for n, score in enumerate(scores)]


def absent(found):
    return sorted(talk.person.id for talk in found.conversations if talk.absence)


def of(found, fact):
    """One fact of those of whom it is known."""
    return [each for talk in found.conversations if (each := getattr(talk, fact))]


def test_who_has_not_practised_and_since_when():
    rows = [session("ann", 1), session("bob", -2), session("bob", -3), session("cy", -20)]
    found = report(rows)
    assert (found.expected, found.practiced) == (3, 1)
    assert {each.person.id: (each.last, each.running) for each in of(found, "absence")} == {
        "bob": (days(-2), 1),
        "cy": (days(-20), 3),
    }


@pytest.mark.parametrize("why", ["joined", "removed"])
def test_who_is_excused_is_not_expected(why):
    found = report([session("ann", 1)], **{why: frozenset(["bob"])})
    assert (found.expected, found.practiced, absent(found)) == (2, 1, ["cy"])


def test_who_is_excused_is_not_counted_when_they_practise_either():
    found = report([session("bob", 1)], joined=frozenset(["bob"]))
    assert (found.expected, found.practiced, absent(found)) == (2, 0, ["ann", "cy"])


def test_who_joined_is_named_but_not_the_removed():
    found = report(joined=frozenset(["ann", "cy"]), removed=frozenset(["cy"]))
    assert [each.id for each in found.joined] == ["ann"]


def test_an_attempt_that_is_not_valid_is_practice():
    assert absent(report([session("ann", 1, 10, valid=False)])) == ["bob", "cy"]


@pytest.mark.parametrize(
    ("now", "before", "slips"),
    [
        pytest.param([61] * 4, [74] * 6, True, id="slipped"),
        pytest.param([60] * ENOUGH, [80] * ENOUGH, True, id="just enough"),
        pytest.param([60] * (ENOUGH - 1), [80] * 9, False, id="too few now"),
        pytest.param([60] * 9, [80] * (ENOUGH - 1), False, id="too few before"),
        pytest.param([70] * 20, [70 + LEAST_MOVE] * 20, True, id="the least drop"),
        pytest.param([70] * 20, [69.9 + LEAST_MOVE] * 20, False, id="too small"),
        pytest.param([60, 75, 78], [70, 92, 85, 64, 90], False, id="as chance has it"),
        pytest.param([90] * 5, [70] * 5, False, id="rose"),
        pytest.param([None] * 5, [80] * 5, False, id="ungraded"),
    ],
)
def test_who_slips_against_their_own_four_weeks(now, before, slips):
    found = report(attempts("ann", now, 1) + attempts("ann", before, -30))
    assert [each.person.id for each in of(found, "slipping")] == (["ann"] if slips else [])


def test_a_harder_scenario_is_no_slip():
    rows = attempts("ann", [90] * 8, -30) + attempts("ann", [55, 50, 60], -30, "Pricing")
    assert not of(report(rows + attempts("ann", [54] * 5, 1, "Pricing")), "slipping")
    assert not of(report(rows + attempts("ann", [40] * 5, 1, "Renewal")), "slipping")


def test_a_slip_says_by_how_much_over_which_attempts():
    rows = attempts("ann", [50, 50, 59], 1, "Pricing") + attempts("ann", [75], 2)
    rows += attempts("ann", [80, 70, 75], -37, "Pricing") + attempts("ann", [75], -30)
    rows += attempts("ann", [99], 2, "Renewal") + attempts("ann", [20], -39, "Discovery")
    (slip,) = of(report(rows), "slipping")
    # 22 points over three attempts against three, none over one against one.
    assert slip == Course(PEOPLE[0], -16.5, 4, 4, "Pricing", 3)


def test_half_of_the_attempts_are_not_most():
    rows = attempts("ann", [40, 40], 1, "Pricing") + attempts("ann", [40, 40], 2)
    rows += attempts("ann", [80] * 3, -37) + attempts("ann", [80] * 3, -37, "Pricing")
    (slip,) = of(report(rows), "slipping")
    assert (slip.scenario, slip.attempts) == ("", 0)


def test_older_than_four_weeks_is_no_norm():
    assert not of(report(attempts("ann", [50] * 4, 1) + attempts("ann", [80] * 9, -50)), "slipping")


def test_invalid_attempts_make_no_slip():
    rows = [session("ann", 1, 0, valid=False) for _ in range(9)] + attempts("ann", [80] * 9, -39)
    assert not of(report(rows), "slipping")


@pytest.mark.parametrize(
    ("rows", "golds"),
    [
        pytest.param([session(at=1, score=82.5, rank="gold")], 1, id="first, whatever its score"),
        pytest.param([session(at=1, score=99, rank="silver")], 0, id="never from a score"),
        pytest.param([session(at=-50, score=90, rank="gold")], 0, id="not in this period"),
        pytest.param(
            [session(at=-50, score=90, rank="gold"), session(at=1, score=95, rank="gold")],
            0,
            id="not the first",
        ),
        pytest.param(
            [
                session(at=-50, score=90, rank="gold", valid=False),
                session(at=1, score=95, rank="gold"),
            ],
            1,
            id="an invalid one is none",
        ),
    ],
)
def test_first_golds(rows, golds):
    assert len(of(report(rows), "gold")) == golds


def test_a_first_gold_says_where_and_when():
    rows = [session("bob", 2, 90.5, "Renewal", rank="gold"), session("bob", 3, 99, rank="gold")]
    assert of(report(rows), "gold") == [Gold(PEOPLE[1], "Renewal", 90.5, days(2), None)]


def test_what_is_not_said_to_have_been_never_says_since_when():
    found = report([session("ann", 1, 95, rank="gold")], since=days(-50))
    assert [(each.person.id, each.last, each.since) for each in of(found, "absence")] == [
        ("bob", None, days(-50)),
        ("cy", None, days(-50)),
    ]
    (gold,) = of(found, "gold")
    assert gold.since == found.since == days(-50)


def test_tasks_by_name():
    tasks = [assignment("bob", "past_due", -3), assignment("ann", due=3), assignment("zoe", due=3)]
    found = report(tasks=tasks)
    ((task,),) = of(found, "overdue")
    assert (task.person.name, task.scenario) == ("Bob", "Cold Call")
    assert [task.person.id for task in found.due_soon] == ["ann"]
    unknown = report(tasks=None)
    assert (of(unknown, "overdue"), unknown.due_soon) == ([], None)


def everything(who):
    rows = attempts(who, [50] * 4, 1) + attempts(who, [80] * 5, -30)
    return rows, [assignment(who, "past_due", -3), assignment(who, due=3)]


def test_the_removed_are_in_no_part():
    rows, tasks = everything("ann")
    rows += [session("ann", -60, 20, "Renewal"), session("ann", 2, 70, "Renewal", rank="gold")]
    best = Best(person("ann"), "Renewal", 70, 20)
    found = report(rows, [person("ann")], tasks, bests=(best,), removed=frozenset(["ann"]))
    assert found.is_empty
    assert "Ann" not in repr(found)


def test_conversations_go_by_how_urgent_they_are_one_for_each():
    names = ("away", "failed", "gold", "long", "overdue", "record", "silent", "slip", "up", "well")
    people = [person(id_) for id_ in names]
    bests = (Best(person("record"), "Renewal", 70, 20),)
    here = [session(id_, 1, 70) for id_ in ("failed", "overdue", "record", "well")]
    rows = [
        *here,
        *attempts("slip", [50] * 4, 1),
        *attempts("slip", [80] * 5, -30),
        *attempts("up", [80] * 4, 1),
        *attempts("up", [50] * 5, -30),
        session("away", -9),
        session("long", -30),
        session("silent", -5),
        session("gold", 1, 90, rank="gold"),
    ]
    tasks = [
        assignment("overdue", "past_due", -3),
        assignment("failed", "did_not_pass"),
        assignment("silent", "did_not_pass"),
    ]
    found = report(rows, people, tasks, bests=bests)
    assert [(talk.person.id, talk.reason) for talk in found.conversations] == [
        ("silent", Reason.NOT_PRACTICED),
        ("long", Reason.NOT_PRACTICED),
        ("away", Reason.NOT_PRACTICED),
        ("failed", Reason.TASKS),
        ("overdue", Reason.TASKS),
        ("slip", Reason.SLIPPING),
        ("gold", Reason.PRAISE),
        ("record", Reason.PRAISE),
        ("up", Reason.PRAISE),
    ]
    lines = [[talk.person.id for talk in line.talks] for line in found.lines]
    assert lines == [
        ["silent"],
        ["long", "away"],
        ["failed", "overdue"],
        ["slip"],
        ["gold", "record", "up"],
    ]
    praised = report(rows, [each for each in people if each.id in ("up", "gold")])
    assert [len(line.talks) for line in praised.lines] == [2]


@pytest.mark.parametrize(
    ("rows", "tasks", "order"),
    [
        pytest.param(
            [session("ann", 1), session("bob", 1)],
            [assignment("ann", due=-1), assignment("bob", due=-9), assignment("ann", due=-2)],
            ["bob", "ann"],
            id="longest overdue",
        ),
        pytest.param(
            attempts("ann", [60] * 3, 1)
            + attempts("bob", [50] * 3, 1)
            + attempts("ann", [80] * 5, -39)
            + attempts("bob", [80] * 5, -39),
            [],
            ["bob", "ann"],
            id="greatest drop",
        ),
        pytest.param([session("ann", -9)], [], ["bob", "ann"], id="never known is longest away"),
        pytest.param([], [], ["ann", "bob"], id="by name"),
        pytest.param(
            attempts("ann", [80] * 3, 1)
            + attempts("bob", [90] * 3, 1)
            + attempts("ann", [60] * 5, -39)
            + attempts("bob", [60] * 5, -39),
            [],
            ["bob", "ann"],
            id="greatest rise",
        ),
    ],
)
def test_the_order_within_a_reason(rows, tasks, order):
    found = report(rows, PEOPLE[:2], tasks)
    assert [talk.person.id for talk in found.conversations] == order


def test_nothing_to_say():
    assert report([session(who, 1, 70) for who in ("ann", "bob", "cy")]).is_empty
    assert report(people=[]).is_empty
    assert not report().is_empty


@given(rosters, row_lists, task_lists, excuses, st.randoms(use_true_random=False))
def test_order_and_repeats_make_no_difference(people, rows, tasks, excused, random):
    found = coach_report(people, rows, tasks, WINDOW, since=None, **excused)
    again = rows * 2
    for given_ in (people, again, tasks):
        random.shuffle(given_)
    assert coach_report(people * 2, again, tasks * 2, WINDOW, since=None, **excused) == found


@given(rosters, row_lists, task_lists, excuses)
def test_bounds(people, rows, tasks, excused):
    found = coach_report(people, rows, tasks, WINDOW, since=None, **excused)
    spoken_of = [talk.person.id for talk in found.conversations]
    assert found.practiced <= found.expected <= len(people)
    assert len(set(spoken_of)) == len(spoken_of)
    assert not set(absent(found)) & (excused["joined"] | excused["removed"])
    assert not set(spoken_of) & excused["removed"]
    assert sum(len(line.talks) for line in found.lines) == len(spoken_of)
    assert len(found.lines) <= 5
    assert bool(found.conversations) <= (not found.is_empty)


@pytest.mark.parametrize(
    ("rows", "since", "known_to", "practised_at", "is_known"),
    [
        pytest.param(
            [session("ann", at) for at in (1, 3)], None, days(5), days(3), True, id="after"
        ),
        pytest.param([session("ann", 1)], None, days(5), None, True, id="none since"),
        pytest.param([], days(-50), days(5), None, True, id="known for longer"),
        pytest.param([], days(3), days(5), None, False, id="not all of it known"),
        pytest.param([], None, None, None, False, id="not known up to now"),
        pytest.param([], None, days(2), None, False, id="known up to the nudge"),
        pytest.param([session("bob", 3)], None, days(5), None, True, id="of somebody else"),
    ],
)
def test_what_came_of_a_nudge(rows, since, known_to, practised_at, is_known):
    found = outcomes({"ann": days(2)}, rows, since, known_to)
    assert found == {"ann": Nudged(days(2), practised_at, is_known)}


def test_who_practised_after_a_nudge_is_told_of_where_there_is_nothing_else():
    nudged = {"ann": Nudged(days(0), days(2), True), "bob": Nudged(days(0), None, True)}
    nudged["cy"] = Nudged(days(-1), days(2), True)
    rows = [session(who, 2, 70) for who in ("ann", "cy")]
    found = coach_report(PEOPLE, rows, (), WINDOW, since=None, nudged=nudged)
    assert [talk.person.id for talk in found.answered] == ["ann"]
    assert [(talk.person.id, talk.nudged) for talk in found.conversations] == [
        ("bob", nudged["bob"])
    ]
