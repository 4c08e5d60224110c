"""Views with any names, numbers and zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from types import UnionType
from typing import Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from bot.errors import Pattern, Sentence
from bot.exec_api.models import Scenario, Session, User
from bot.language.query import Rank
from bot.rendering.subscription_views import SubscriptionLine, SubscriptionTrouble, TroubleView
from bot.rendering.views import AnswerView, Choice, Cost, HelpLine, Offer
from bot.reports.coach import CoachReport
from bot.reports.conversations import Conversation
from bot.reports.digest import GroupDigest
from bot.reports.each_person import PersonFigures
from bot.reports.figures import figures
from bot.reports.intervals import Window
from bot.reports.me import OwnWeek
from bot.reports.sessions import SessionList
from bot.reports.table import SESSIONS
from tests.rendering import report_samples as made

NASTY = (
    "<!channel>",
    "<@U123>",
    "O'Brien",
    'a"b\\c',
    "{{ view.id }}",
    "& *x* `y` ```z",
    "\u202eevil",
    "نور حداد",
    "👩‍👩‍👧" * 40,
    "e" + "\u0301" * 300,
    "𝒥" * 700,
    "x" * 4_000,
    "<" * 1_000,
    "\ud800",
    "\n\n",
    " ",
    "",
)
names = st.sampled_from(NASTY) | st.text(st.characters(), max_size=40)
numbers = st.none() | st.floats(allow_nan=True, allow_infinity=True) | st.floats(0, 100)
zones = st.sampled_from(
    ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "No/Zone", ""]
)
moments = st.datetimes(timezones=st.just(UTC))
counts = st.integers(0, 2_000_000)
sessions = st.builds(
    Session,
    id=st.just("s"),
    user=st.builds(User, id=st.sampled_from("uv"), email=names, first_name=names, last_name=names),
    scenario=st.builds(Scenario, id=st.just("c"), name=names, slug=names),
    score=numbers,
    rank=st.none() | st.sampled_from([rank.value for rank in Rank]) | names,
    duration_seconds=numbers,
    is_valid_attempt=st.booleans(),
    created_at=moments,
)


@st.composite
def answers(draw, most=1_000):
    kinds = draw(st.lists(sessions, min_size=1, max_size=6))
    count = draw(st.integers(0, 8) | st.integers(0, most))
    rows = tuple(replace(kinds[n % len(kinds)], id=f"s{n}") for n in range(count))
    found = SessionList(
        rows=rows,
        total=count + draw(st.sampled_from([0, 0, 7])),
        limit=draw(st.none() | st.just(max(count, 1))),
        sums=figures(rows),
        hidden=draw(st.booleans()),
    )
    view = built(
        AnswerView,
        id=st.uuids().map(str),
        report=st.just(SESSIONS.name),
        found=st.just(found),
        start=st.integers(0, max(count - 1, 0)),
        **({"loosen": st.just(())} if rows else {}),
    )
    made = draw(view)
    return made if made.is_told else replace(made, cost=None)


def any_of(hint):
    """Any value of a type: of a dataclass with any value in each of its fields."""
    if hint in GIVEN:
        return GIVEN[hint]
    kind, inside = get_origin(hint), get_args(hint)
    if kind is Literal:
        return st.sampled_from(inside)
    if kind in (UnionType, Union):
        return st.one_of(map(any_of, inside))
    if kind is tuple and Ellipsis not in inside:
        return st.tuples(*map(any_of, inside))
    if kind in (tuple, frozenset):
        return st.lists(any_of(inside[0]), max_size=5).map(kind)
    if kind in (dict, Mapping):
        return st.dictionaries(*map(any_of, inside), max_size=3)
    return built(hint) if is_dataclass(hint) else st.from_type(hint)


def built(kind, **given):
    """Any instance of a dataclass; `given` are strategies for some of its fields."""
    hints = get_type_hints(kind)
    others = (each.name for each in fields(kind) if each.name not in given)
    any_others = {name: NAMED[name] if name in NAMED else any_of(hints[name]) for name in others}
    return st.builds(kind, **any_others, **given)


def _of_companies(make):
    """What is made of nobody, of one person, and of some with names that try to break a message."""
    companies = (made.company(0), made.company(1), made.company(7), made.company(7, hostile=True))
    return st.sampled_from([make(each) for each in companies])


# Fields that hold more than any text.
NAMED = {
    "zone": zones,
    "clock": st.just("23:59"),
    "channel_id": st.sampled_from(["", "C1"]),
}
COACHED = made.coach(made.company(7, hostile=True))
PEOPLE = made.everyone(made.company(7, hostile=True))
GIVEN = {
    str: names,
    int: counts,
    float: st.floats(),
    datetime: moments,
    date: st.dates(),
    Pattern: st.just(Pattern("`gold` is best.")),
    Sentence: st.builds(Sentence, st.just("*No* {a}."), st.fixed_dictionaries({"a": names})),
    Offer: st.builds(Offer, names, st.uuids().map(str)),
    Cost: st.builds(Cost, st.integers(1, 2_000), st.integers(0, 2_000)),
    Choice: st.builds(Choice, names, st.uuids().map(str)),
    Mapping[str, str]: st.sampled_from([{}, {each.person.id: each.person.id for each in PEOPLE}]),
    Window: st.sampled_from([made.window(days) for days in (1, 7, 30)]),
    GroupDigest: _of_companies(made.digest),
    CoachReport: _of_companies(made.coach)
    | _of_companies(lambda each: made.coach(each, nothing=True)),
    OwnWeek: _of_companies(made.own),
    Conversation: st.sampled_from(COACHED.conversations),
    PersonFigures: st.sampled_from(PEOPLE),
    Session: sessions,
    AnswerView: answers(most=150),
}
GIVEN |= {
    HelpLine: built(HelpLine, forms=st.lists(names, min_size=1).map(tuple)),
    TroubleView: built(
        TroubleView, subscription=built(SubscriptionLine, trouble=any_of(SubscriptionTrouble))
    ),
}
