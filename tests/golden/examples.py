"""An example of each message, made from the types of its view's fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from bot.errors import Pattern, Sentence
from bot.exec_api.models import (
    Assignment,
    Criterion,
    Example,
    Feedback,
    Graded,
    Proficiency,
    Scenario,
    Session,
    User,
)
from bot.language.query import Kind, Member, Rank, ResolvedQuery
from bot.language.sides import Side, Sides
from bot.rendering import (
    alert_views,
    audit_views,
    coach_views,
    digest_views,
    home_views,
    status_views,
    subscription_views,
    views,
)
from bot.reports.coach import CoachReport, coach_report
from bot.reports.conversations import Conversation
from bot.reports.digest import GroupDigest, group_digest
from bot.reports.each_person import PersonFigures, each_person
from bot.reports.facts import Detail, InSkill, Practice, Told
from bot.reports.figures import figures
from bot.reports.findings import Best
from bot.reports.freshness import Freshness
from bot.reports.given import GivenFacts, at_once
from bot.reports.intervals import Interval, Window, preceding
from bot.reports.me import OwnWeek, own_week
from bot.reports.report import AnyReport
from bot.reports.sessions import SessionList
from bot.reports.table import REPORTS, SESSIONS
from bot.reports.tasks import Task

_MODULES = (
    views,
    alert_views,
    audit_views,
    status_views,
    digest_views,
    coach_views,
    subscription_views,
    home_views,
)
_ZONE = "Europe/Berlin"
_NOW = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)  # a Monday, 9:00 there
_MONDAY = datetime(2026, 3, 15, 23, 0, tzinfo=UTC)  # where the week ends there
_WEEK, _DAY, _HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
_SINCE = _MONDAY - 9 * _WEEK
_INTERVAL = Interval(_MONDAY - _WEEK, _MONDAY)
_WINDOW = Window(_INTERVAL, preceding(_INTERVAL, _ZONE), _ZONE, _NOW)
_NAMES = ("Jane Smith", "Tomás García", "Sam O'Brien", "Priya Nair", "Bob Jones", "نور حداد")
_PEOPLE = tuple(Member(f"u{at}", "", name, "member") for at, name in enumerate(_NAMES))
_SCENARIOS = ("Procurement Discovery", 'The "R&D" call', "Renewal <Save>")


def examples() -> Iterator[views.TemplateView]:
    """A view of each kind twice: with all that it may hold, and with what it always holds."""
    for kind in kinds():
        yield _example(kind)
        yield _example(kind, full=False)
    answer = _example(views.AnswerView)
    for report in REPORTS:
        if report.asked and report is not SESSIONS:
            yield from (
                replace(answer, report=report.name, found=found) for found in _found(report)
            )
    home = _example(home_views.HomeView)
    yield replace(home, coach=replace(home.coach, nobody=False))
    quiet = coach_report((), (), (), _WINDOW, since=_SINCE)
    yield replace(_example(coach_views.CoachView), report=quiet)


def _found(report: AnyReport) -> Iterator[object]:
    """The figures of a report over the invented sessions: for its asker, and for a channel."""
    facts = replace(_FACTS, members=_PEOPLE[:1]) if report.of_one else _FACTS
    everything = at_once(report.figures(facts))
    yield everything
    if report.public is not None:
        yield report.public(everything)


def kinds() -> tuple[type[views.TemplateView], ...]:
    """Every kind of view."""
    found = (each for module in _MODULES for each in vars(module).values())
    drawn = (
        each for each in found if isinstance(each, type) and issubclass(each, views.TemplateView)
    )
    return tuple(dict.fromkeys(each for each in drawn if hasattr(each, "template")))


def _example(kind: Any, *, full: bool = True) -> Any:
    """An instance of a dataclass; `full`: with what may be missing or empty."""
    hints = get_type_hints(kind)
    told = (each.name for each in fields(kind) if full or _is_needed(each))
    return kind(**{name: _of(name, hints[name], full) for name in told})


def _made(hint: Any, full: bool) -> Any:
    """A value of a type."""
    if hint in _GIVEN:
        return _GIVEN[hint]
    kind, inside = get_origin(hint), get_args(hint)
    if kind is Literal:
        return inside[0 if full else -1]
    if kind in (UnionType, Union):
        return None if not full and NoneType in inside else _made(inside[0], full)
    if kind is tuple and Ellipsis not in inside:
        return tuple(_made(each, full) for each in inside)
    if kind in (tuple, frozenset):
        return kind([_made(inside[0], full)] if full else ())
    if kind in (dict, Mapping):
        return {_made(inside[0], full): _made(inside[1], full)} if full else {}
    if issubclass(hint, Enum):
        return next(iter(hint))
    if is_dataclass(hint):
        # Figures may be fresh: then no view says how old they are.
        return _example(hint, full=full or hint is not Freshness)
    return full if hint is bool else _PLAIN[hint]


def _is_needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _of(name: str, hint: Any, full: bool) -> Any:
    return _TEXTS[name] if hint is str and name in _TEXTS else _made(hint, full)


def _session(at: int, week: int) -> Session:
    """A session of the person at a place, so many weeks ago."""
    # Bob slips, the others get better.
    score = 93.5 - 4 * week - at if at != 4 else 60.0 + 10 * min(week, 2)
    return Session(
        id=f"s{at}.{week}",
        user=_user(at),
        scenario=_scenario(at),
        score=score,
        rank=(Rank.GOLD if score >= 90 else Rank.SILVER).value,
        duration_seconds=300.0 + 17 * at + week,
        is_valid_attempt=at != 5,
        created_at=_MONDAY - week * _WEEK - (at + 1) * 20 * _HOUR,
    )


def _user(at: int) -> User:
    return User(id=_PEOPLE[at].id, first_name=_PEOPLE[at].name)


def _scenario(at: int) -> Scenario:
    return Scenario(id=f"c{at % 3}", name=_SCENARIOS[at % 3])


def _task(at: int, status: str, due: timedelta) -> Assignment:
    who, what = _user(at), _scenario(at)
    return Assignment(id=f"a{at}", user=who, scenario=what, status=status, due_date=_NOW + due)


# Sam is away in the newest week.
_SESSIONS = tuple(
    _session(at, week) for week in range(8) for at in range(6) if (at, week) != (2, 0) for _ in "12"
)
_TASKS = (
    _task(0, "in_progress", 3 * _DAY),
    _task(2, "past_due", -4 * _DAY),
    _task(3, "did_not_pass", -2 * _DAY),
)
_CRITERION = Criterion(
    criterion_name="Objection <Handling>",
    items=(
        Graded(
            name="Names the value before the price",
            grade="bad",
            feedback_examples=(
                Example(
                    quote="It's not that expensive & you know it.",
                    suggestion_quote="What would a week without an outage be worth to you?",
                    grade="bad",
                    salience="high",
                ),
            ),
        ),
        Graded(name="Agrees on a next step", grade="good"),
    ),
)
_OBSERVED = tuple(
    Proficiency(
        id=person.id,
        score=None if at == 3 else 60.0 + 7 * at,
        tier="insufficient_data" if at == 3 else "developing" if at < 3 else "proficient",
        observation_count=2 if at == 3 else 5 + at,
        last_practiced_at=_NOW - at * _DAY,
    )
    for at, person in enumerate(_PEOPLE)
)
_FACTS = GivenFacts(
    Practice(
        window=_WINDOW,
        rows=tuple(row for row in _SESSIONS if row.created_at in _INTERVAL),
        earlier=tuple(row for row in _SESSIONS if row.created_at < _INTERVAL.start),
        since=_SINCE,
    ),
    query=ResolvedQuery(_PEOPLE),
    members=_PEOPLE,
    assignments=_TASKS,
    one=Detail(
        _SESSIONS[0],
        Told(
            Feedback(
                outcome_feedback="A good conversation; the next step stayed a little vague.",
                positive_feedback="Calm & friendly throughout, even under pressure.",
                constructive_feedback="Leave a pause after the price instead of explaining it.",
                evaluations=(_CRITERION,),
            ),
            _NOW - _DAY,
        ),
        _SESSIONS,
        None,
        _NOW,
    ),
    addresses={f"c{at}": f"https://acme.app.exec.com/scenarios/c{at}" for at in range(3)},
    in_skills=(
        InSkill("k1", "Objection <Handling>", _OBSERVED[:4]),
        InSkill("k2", "Discovery Questions", _OBSERVED[2:]),
        InSkill("k3", "Closing", ()),
    ),
)
_FACTS = replace(
    _FACTS,
    other=_FACTS,
    sides=Sides(
        Kind.GROUP,
        Side("West Coast", ResolvedQuery(_PEOPLE)),
        Side("R&D", ResolvedQuery(_PEOPLE)),
    ),
)
_EVERYONE = each_person(_PEOPLE, _SESSIONS, _INTERVAL, since=_SINCE)
_BESTS = (
    Best(_PEOPLE[0], "Cold Call Opener", 91.9, 78.4),
    Best(_PEOPLE[5], "R&D <Pitch>", 61.0, 43.5),
)
_REPORT = coach_report(
    _PEOPLE,
    _SESSIONS,
    _TASKS,
    _WINDOW,
    since=_SINCE,
    bests=_BESTS,
)
# What has to fit together, by its type.
_GIVEN: dict[Any, object] = {
    Window: _WINDOW,
    GroupDigest: group_digest(
        _PEOPLE, _SESSIONS, _TASKS, _WINDOW, known_since=_SINCE, bests=_BESTS
    ),
    CoachReport: _REPORT,
    Conversation: _REPORT.conversations[0],
    Task: (_REPORT.due_soon or ())[0],
    PersonFigures: _EVERYONE[0],
    tuple[PersonFigures, ...]: _EVERYONE,
    Session: _SESSIONS[0],
    OwnWeek: own_week(
        _PEOPLE[0],
        _SESSIONS,
        _TASKS,
        _WINDOW,
        since=_SINCE,
        today=Interval(_MONDAY, _MONDAY + _DAY),
    ),
    Any: SessionList(_SESSIONS[:4], 128, None, figures(_SESSIONS[:4])),
    Mapping[str, str]: {person.id: f"p_{person.id}" for person in _PEOPLE},
    Sentence: Sentence("I don't know `{word}`. Did you mean *gold*?", {"word": "<glod>"}),
}
# Texts that a program reads, by the name of the field.
_TEXTS = {"zone": _ZONE, "report": SESSIONS.name, "clock": "09:00"}
_PLAIN: dict[type, object] = {
    str: 'Renewal <Save> & "Co"',
    Pattern: Pattern("joins *accounts*"),
    int: 2,
    float: 98.4,
    datetime: _NOW,
    date: _NOW.date(),
}
