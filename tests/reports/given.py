"""People, sessions and assignments to make reports from; any of them for hypothesis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from bot.reports.facts import Groups, Practice
from bot.reports.given import GivenFacts, at_once
from hypothesis import strategies as st

from bot.exec_api.models import Assignment, Scenario, Session, User
from bot.language.query import Member, Rank
from bot.reports.intervals import Interval, Window, preceding

ZONE = "Europe/Berlin"
WEEK = Interval(datetime(2026, 3, 8, 23, tzinfo=UTC), datetime(2026, 3, 15, 23, tzinfo=UTC))
NOW = datetime(2026, 3, 16, 8, tzinfo=UTC)
WINDOW = Window(WEEK, preceding(WEEK, ZONE), ZONE, NOW)
LONG_KNOWN = datetime(2025, 1, 1, tzinfo=UTC)

_ids = count()


def practice(rows, window=WINDOW, **more):
    """The sessions of a window, and those before it."""
    return Practice(
        window,
        tuple(row for row in rows if row.created_at in window.interval),
        tuple(row for row in rows if row.created_at < window.interval.start),
        **more,
    )


def facts(rows=(), people=(), window=WINDOW, *, since=None, tasks=None, groups=(), **more):
    return GivenFacts(
        practice(rows, window, since=since),
        members=tuple(people),
        assignments=None if tasks is None else tuple(tasks),
        in_groups=Groups(tuple(groups)),
        **more,
    )


def figures(report, given_facts):
    """What a report makes of facts."""
    return at_once(report.figures(given_facts))


def person(id_, name=None):
    return Member(id=id_, email=f"{id_}@acme.com", name=name or id_.title())


def days(number, hours=0):
    """A moment that many days after the week began; negative before it."""
    return WEEK.start + timedelta(days=number, hours=hours)


def session(who="ann", at=1.0, score=None, scenario="Cold Call", **more):
    """A session of `who`; `at` in days since the week began. With a score it is valid."""
    return Session(
        id=more.get("id") or f"s{next(_ids)}",
        user=User(id=who),
        scenario=Scenario(id=scenario.lower(), name=scenario),
        score=score,
        rank=more.get("rank"),
        duration_seconds=more.get("seconds"),
        is_valid_attempt=more.get("valid", score is not None),
        created_at=days(at),
    )


def assignment(who="ann", status="not_started", due=None, scenario="Cold Call", id_=None):
    """`due` in days since now."""
    return Assignment(
        id=id_ or f"a{next(_ids)}",
        user=User(id=who),
        scenario=Scenario(id=scenario.lower(), name=scenario),
        status=status,
        due_date=None if due is None else NOW + timedelta(days=due),
    )


IDS = ("ann", "bob", "cy", "dee", "")
some_names = st.sampled_from(["Ann", "ann", "<!channel>", "نور", "x" * 300, "", "\u202eevil"])
names = some_names | st.text(max_size=10)
ids = st.sampled_from(IDS)
members = st.builds(Member, id=ids, email=st.just("e"), name=names)
rosters = st.lists(members, max_size=6)
moments = st.integers(-70 * 24, 10 * 24).map(lambda hours: days(0, hours))
sessions = st.builds(
    Session,
    id=st.integers(0, 40).map(str),
    user=st.builds(User, id=ids | st.just("stranger"), first_name=some_names),
    scenario=st.builds(Scenario, id=st.sampled_from(["c", "d", ""]), name=some_names),
    score=st.none() | st.floats(allow_nan=True, allow_infinity=True) | st.integers(0, 100),
    rank=st.none() | st.sampled_from([rank.value for rank in Rank]) | some_names,
    duration_seconds=st.none() | st.floats(-10, 5_000),
    is_valid_attempt=st.booleans(),
    created_at=moments,
)
assignments = st.builds(
    Assignment,
    id=st.integers(0, 10).map(str),
    user=st.builds(User, id=ids),
    scenario=st.builds(Scenario, id=st.just("c"), name=names),
    status=st.sampled_from(
        ["not_started", "in_progress", "completed", "past_due", "did_not_pass", "odd"]
    ),
    due_date=st.none() | moments,
    attempt_count=st.integers(0, 3),
)
row_lists = st.lists(sessions, max_size=30)
task_lists = st.lists(assignments, max_size=8)
