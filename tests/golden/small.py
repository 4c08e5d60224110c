"""Views of three people, of whom little is known."""

from __future__ import annotations

from bot.rendering.coach_views import NudgeView
from bot.rendering.digest_views import DigestView, OwnShareView
from bot.reports.digest import group_digest
from bot.reports.each_person import each_person
from bot.reports.freshness import Freshness
from tests.reports.given import LONG_KNOWN, NOW, WEEK, WINDOW, person, session

ROSTER = [person("ann"), person("bob"), person("cy")]
FRESH = {"freshness": Freshness(NOW)}
REPLY = "https://slack.com/app_redirect?channel=U1&team=T1"
NUDGE = NudgeView("Ana Costa", "Sam Lee", "Ten minutes this week?", "", REPLY)


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
    **more,
):
    report = group_digest(roster, rows, tasks, window, known_since=known_since, bests=bests)
    return DigestView(**{"id": "d_1", "group": "West Coast", "report": report, **FRESH, **more})


def own_share(rows, who="ann"):
    own = [each for each in each_person(ROSTER, rows, WEEK, since=None) if each.person.id == who]
    return OwnShareView(digest(rows), own[0] if own else None)
