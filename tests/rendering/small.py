"""Views of three people, of whom little is known."""

from __future__ import annotations

from bot.rendering.coach_views import CoachView, MeView, NudgeView, NudgeWordsView, PersonView
from bot.rendering.digest_views import DetailsView, DigestView, OwnShareView
from bot.reports.coach import coach_report
from bot.reports.digest import NO_LINKS, group_digest
from bot.reports.each_person import each_person
from bot.reports.findings import NOBODY_EXCUSED
from bot.reports.freshness import Freshness
from bot.reports.me import own_week
from bot.reports.rows import by_id
from bot.reports.tasks import tasks_of
from tests.reports.given import LONG_KNOWN, NOW, WEEK, WINDOW, ZONE, assignment, person, session

ROSTER = [person("ann"), person("bob"), person("cy")]
FRESH = {"freshness": Freshness(NOW)}
HANDLES = {"ann": "p_ann", "bob": "p_bob", "cy": "p_cy"}
REPLY = "https://slack.com/app_redirect?channel=U1&team=T1"
NUDGE = NudgeView("Ana Costa", "Sam Lee", "Ten minutes this week?", "", REPLY)
USUAL = NudgeWordsView((), (), all_overdue=False, never=False, zone=ZONE, now=NOW)


def practiced(*who, at=1, score=80, rank="silver", **more):
    """A session of each of them, of ten minutes."""
    return [session(name, at, score, rank=rank, seconds=600, **more) for name in who]


def digest(
    rows=(),
    roster=ROSTER,
    tasks=(),
    known_since=LONG_KNOWN,
    bests=(),
    window=WINDOW,
    links=NO_LINKS,
    **more,
):
    report = group_digest(
        roster, rows, tasks, window, known_since=known_since, bests=bests, links=links
    )
    return DigestView(**{"id": "d_1", "group": "West Coast", "report": report, **FRESH, **more})


def details(rows, people=ROSTER, since=None):
    return DetailsView(
        "d_1", "West Coast", WINDOW, each_person(people, rows, WEEK, since=since), **FRESH
    )


def own_share(rows, who="ann"):
    own = [each for each in each_person(ROSTER, rows, WEEK, since=None) if each.person.id == who]
    return OwnShareView(digest(rows), own[0] if own else None)


def coach(rows=(), tasks=(), people=ROSTER, **more):
    known = {"since": None, "excused": NOBODY_EXCUSED, "bests": (), "nudged": {}}
    known = {name: more.pop(name, usual) for name, usual in known.items()}
    report = coach_report(people, rows, tasks, WINDOW, **known)
    return CoachView(**{"id": "c_1", "report": report, "handles": HANDLES, **FRESH, **more})


def chosen(rows, who, since=None):
    """Somebody whom their coach has chosen."""
    report = coach(rows, since=since).report
    talks = {talk.person.id: talk for talk in report.conversations}
    (figures,) = each_person([person(who)], rows, WEEK, since=since)
    return PersonView("p_1", figures, talks.get(who), WINDOW)


def me(rows=(), tasks=(), since=None, today=None, **more):
    week = own_week(ROSTER[0], rows, tasks, WINDOW, since=since, today=today)
    return MeView(**{"id": "m_1", "week": week, "monday": False, "named": True, **FRESH, **more})


def overdue(*scenarios):
    return given_tasks(scenarios, -4).overdue


def due_soon(*scenarios):
    return given_tasks(scenarios, 2).due


def given_tasks(scenarios, due):
    given = [assignment("ann", due=due, scenario=name) for name in scenarios]
    return tasks_of(given, by_id(ROSTER), NOW, ZONE)
