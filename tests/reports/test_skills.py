"""Skills, counted again from what Exec says of each person."""

from __future__ import annotations

from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exec_api.models import Proficiency, SkillSummary
from bot.language.query import ResolvedQuery
from bot.reports.change import in_tenths
from bot.reports.facts import InSkill
from bot.reports.skills import ENOUGH_PEOPLE, NEVER, REPORT
from tests.reports import given as made
from tests.reports.given import NOW, person

GOOD = ("proficient", "excellent")
observed = st.builds(
    Proficiency,
    id=st.integers(0, 99).map(str),
    score=st.none() | st.floats(0, 100),
    tier=st.sampled_from((*GOOD, "developing", "needs_work", "insufficient_data", "odd")),
    observation_count=st.none() | st.integers(0, 50),
    last_practiced_at=st.none() | st.just(NOW),
)
skills = st.lists(
    st.builds(
        InSkill,
        id=st.text(max_size=3),
        name=st.text(max_size=5),
        people=st.lists(observed, max_size=6, unique_by=lambda one: one.id).map(tuple),
    ),
    max_size=5,
)


def figures(found, *people):
    query = ResolvedQuery(tuple(map(person, people)) or None)
    return made.figures(REPORT, made.facts(query=query, in_skills=tuple(found)))


def scores(skill):
    return [each.score for each in skill.people if each.score is not None]


@given(skills)
def test_a_groups_skills_are_counted(given_):
    found = figures(given_, "ann", "bob")
    rows = REPORT.table(found).rows
    expected = [
        (
            skill.name,
            len(skill.people),
            100 * sum(e.tier in GOOD and e.score is not None for e in skill.people) / len(own)
            if own
            else None,
            pytest.approx(fmean(own), abs=1e-6) if own else None,
        )
        for skill in given_
        if (own := scores(skill)) is not None
    ]
    assert len(rows) == len(expected)
    assert all(row in expected for row in rows)
    averages = [row.score for row in found.rows if row.score is not None]
    assert (read := [in_tenths(each) for each in averages]) == sorted(read, reverse=True)
    assert all(row.score is None for row in found.rows[len(averages) :])


@given(skills)
def test_few_peoples_results_stay_out_of_channels(given_):
    shared = REPORT.public(figures(given_))
    for row in shared.rows:
        assert (row.score is None and row.good is None) or row.scored >= ENOUGH_PEOPLE
    assert {row.name for row in shared.rows} == {skill.name for skill in given_}
    assert REPORT.public(figures(given_, "ann")) is None


def test_a_persons_row_is_what_exec_says():
    one = Proficiency(id="ann", score=82, tier="needs_work", observation_count=14)
    few = Proficiency(id="ann", tier="insufficient_data", observation_count=2)
    found = figures(
        [InSkill("k", "B", (few,)), InSkill("l", "A", (one,)), InSkill("m", "C", ())], "ann"
    )
    assert REPORT.table(found).rows == (
        ("A", 82, "Needs work", 14, None),
        ("B", None, "Not enough data", 2, None),
        ("C", None, NEVER, 0, None),
    )


def test_the_companys_overview_is_execs_own():
    told = SkillSummary(
        participant_count=25, scored_participant_count=20, pct_proficient_plus=60, avg_score=72.5
    )
    nobody = SkillSummary(participant_count=2, scored_participant_count=0, pct_proficient_plus=0)
    found = figures([InSkill("k", "A", (), told), InSkill("l", "B", (), nobody)])
    assert REPORT.table(found).rows == (("A", 25, 60, 72.5), ("B", 2, None, None))
