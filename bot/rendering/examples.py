"""An example of each message, on made-up people: drawn by `doctor`, the docs and the tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.errors import Pattern, Sentence
from bot.exec_api.models import Assignment, Scenario, Session, User
from bot.language.query import Kind, Member, Rank, Sort
from bot.rendering import coach_views as coach
from bot.rendering import digest_views as digest
from bot.rendering import subscription_views as subscription
from bot.rendering import views
from bot.rendering.status import StatusView
from bot.reports.coach import coach_report
from bot.reports.digest import group_digest
from bot.reports.each_person import each_person
from bot.reports.findings import Excused
from bot.reports.intervals import Interval, Window, preceding
from bot.reports.own_week import own_week
from bot.reports.recount import Recount, Recounted
from bot.reports.session_list import SessionList
from bot.reports.sessions import figures
from bot.reports.table import REPORTS, SESSIONS

_ZONE = "Europe/Berlin"
_NOW = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)  # a Monday, 9:00 there
_MONDAY = datetime(2026, 3, 15, 23, 0, tzinfo=UTC)  # where the week ends there
_WEEK, _DAY, _HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
_SINCE = _MONDAY - 9 * _WEEK
_INTERVAL = Interval(_MONDAY - _WEEK, _MONDAY)
_WINDOW = Window(_INTERVAL, preceding(_INTERVAL, _ZONE), _ZONE, _NOW)
_NEXT = _NOW + _WEEK
_EVERY_MONDAY = "every Monday at 8:30"
_UNDERSTOOD = ("Jane Smith", "gold")
_OFFERS = (views.Offer("Without gold", "o_1"), views.Offer("Any time", "o_2"))
_GROUPS = (views.Choice("West Coast", "g1"), views.Choice("R&D", "g2"))
_NAMES = ("Jane Smith", "Tomás García", "Sam O'Brien", "Priya Nair", "Bob Jones", "نور حداد")
_PEOPLE = tuple(Member(f"u{at}", "", name, "member") for at, name in enumerate(_NAMES))
_HANDLES = {person.id: f"p_{person.id}" for person in _PEOPLE}
_SCENARIOS = ("Procurement Discovery", 'The "R&D" call', "Renewal <Save>")


def _user(at: int) -> User:
    return User(id=_PEOPLE[at].id, first_name=_PEOPLE[at].name)


def _scenario(at: int) -> Scenario:
    return Scenario(id=f"c{at % 3}", name=_SCENARIOS[at % 3])


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


def examples() -> Iterator[Any]:
    """A view of each kind; of a coach's message two, as one with nothing to say is its own file."""
    yield from _answers()
    yield from _around_answers()
    yield from _reports()
    yield from _coaching()
    yield from _subscriptions()


def _answers() -> Iterator[object]:
    rows = _SESSIONS[:4]
    answer = views.AnswerView(
        id="q_1",
        command="/exec",
        understood=(*_UNDERSTOOD, "9 – 15 March Europe/Berlin"),
        zone=_ZONE,
        report=SESSIONS.name,
        found=SessionList(rows, 128, None, Sort.NEWEST, figures(rows), complete=False),
        start=0,
        cost=views.Cost(9, 80),
        as_of=_NOW,
        system_left_out=True,
        narrowed_to_self=False,
        requests_left=80,
        can_share=True,
        people_by='group:"West Coast"',
        can_subscribe=True,
        held_since=_SINCE,
        checked_at=_NOW - _HOUR,
        roster_as_of=_NOW - 4 * _HOUR,
        looks_every=5,
        away=views.Away("limited", _NOW + 2 * _HOUR, _NOW + _HOUR, "a part"),
        note=Sentence("You are not in {group}.", {"group": "West Coast"}),
        again=views.Cost(13, 80),
    )
    yield answer
    for report in REPORTS:
        if report.sample is not None:
            yield replace(answer, report=report.name, found=report.sample())
    yield views.SharedView(answer, "Ana Costa", "s_1")
    yield views.PostedView(answer, "Ana Costa", "d_1", _NOW - _HOUR, "Bob Jones")
    yield views.CostView("q_1", _UNDERSTOOD, _ZONE, views.Cost(40, 12), _OFFERS)
    yield views.ShareConfirmView("q_1", "west-coast", 12, ("Ana Costa", "Bob Jones"))


def _around_answers() -> Iterator[object]:
    yield views.ProgressView(page=3, pages=12)
    unknown = Sentence("I don't know `{word}`. Did you mean *gold*?", {"word": "<glod>"})
    yield views.ProblemView(unknown, _OFFERS, "abc123")
    yield views.NoticeView(Sentence("Linked to *{name}*.", {"name": "Jane Smith"}), _OFFERS[:1])
    who = views.HelpLine(("@jane", "me"), Pattern("a person"), "sessions @jane")
    link = views.HelpLine(("link @jane",), Pattern("joins accounts"), "", "Admins")
    topics = (views.HelpTopic("who", "Who", (who,)), views.HelpTopic("all", "All", (who, link)))
    yield views.HelpView("/exec", topics, None, _OFFERS, "f_1")
    yield views.ExplainView(
        understood=_UNDERSTOOD,
        parameters=(("user_emails", "jane@acme.com"), ("rank", "gold")),
        request="GET /sessions?user_emails=jane@acme.com&rank=gold",
        narrowed_here=("score 80 or more",),
        run=views.Offer("Run it", "o_4"),
        counted=views.AnswerCounted(9, 6, 2, 1, _NOW, _ZONE, _NOW),
    )
    yield views.FormView(
        private="q_1",
        people=("U0JANE",),
        selected={Kind.GROUP: "g1", Kind.SCENARIO: "call"},
        choices={Kind.GROUP: _GROUPS},
        ranks=(Rank.GOLD,),
        period="last 7d",
        more="top 5",
    )
    yield StatusView(
        zone=_ZONE,
        now=_NOW,
        used=(("New sessions", 164), ("Questions people asked", 98)),
        used_total=262,
        per_day=1000,
        left=738,
        left_minute=57,
        per_minute=60,
        blocked_until=_NOW + _HOUR,
        sessions=18_204,
        held_since=_SINCE,
        history_days=90,
        named_ranking="coach",
        filled_percent=98.4,
        gaps=2,
        last_sync=_NOW - _HOUR,
        oldest_unsettled=_NOW - _HOUR,
        unsettled=12,
        people=5_000,
        people_as_of=_NOW - 4 * _HOUR,
        looks_every=60,
        syncing=True,
        trouble=Sentence("*Exec has not accepted my key since {at}.*", {"at": "09:12"}),
    )


def _digest() -> digest.DigestView:
    changed = (Recounted("sessions", 50, 52), Recounted("average", 80, 81))
    return digest.DigestView(
        id="d_1",
        group="West Coast",
        report=group_digest(_PEOPLE, _SESSIONS, _TASKS, _WINDOW, known_since=_SINCE),
        as_of=_NOW,
        late=_NOW - _HOUR,
        sent_by="Ana Costa",
        checked_at=_NOW - 6 * _DAY,
        roster_as_of=_NOW - 5 * _HOUR,
        tasks_as_of=_NOW - _HOUR,
        recount=Recount(_NOW - _WEEK, changed),
    )


def _reports() -> Iterator[object]:
    posted = _digest()
    everyone = each_person(_PEOPLE, _SESSIONS, _INTERVAL, since=_SINCE)
    yield posted
    yield digest.DetailsView("d_1", posted.group, _WINDOW, everyone, _NOW, 0, _HANDLES, left=2)
    yield digest.CountedView(posted.group, posted.report, _NOW, _SINCE, recount=posted.recount)
    yield digest.OwnShareView(posted, everyone[0])
    today = Interval(_MONDAY, _MONDAY + _DAY)
    week = own_week(_PEOPLE[0], _SESSIONS, _TASKS, _WINDOW, since=_SINCE, today=today)
    yield coach.MeView("m_1", week, _NOW, monday=False, named=True)


def _coaching() -> Iterator[object]:
    snoozed = Excused(snoozed=frozenset({_PEOPLE[1].id}))
    report = coach_report(_PEOPLE, _SESSIONS, _TASKS, _WINDOW, since=_SINCE, excused=snoozed)
    yield coach.CoachView(
        id="c_1",
        report=report,
        as_of=_NOW,
        handles=_HANDLES,
        late=_NOW - _HOUR,
        tasks_as_of=_NOW - _HOUR,
        checked_at=_NOW - 6 * _DAY,
        roster_as_of=_NOW - 5 * _HOUR,
        left=1,
    )
    yield coach.CoachView("c_1", coach_report((), (), (), _WINDOW, since=_SINCE), _NOW)
    talk = report.conversations[0]
    (theirs,) = each_person((talk.person,), _SESSIONS, _INTERVAL, since=_SINCE)
    yield coach.PersonView("p_1", theirs, talk, _WINDOW)
    overdue = report.overdue or ()
    nudge = coach.NudgeView(
        "Ana Costa", "Sam O'Brien", overdue, (), _NOW - _WEEK, _SINCE, _ZONE, _NOW
    )
    yield nudge
    yield coach.NudgePreviewView("n_1", nudge)
    yield coach.SnoozeView("n_1", "Sam O'Brien", _NEXT.date())
    line = coach.CoachLine("Ana Costa", ("West Coast",), ("Sam O'Brien",), _EVERY_MONDAY)
    yield coach.CoachesView((line,))
    yield coach.CoachAddedView(
        id="c_1",
        coach="Ana Costa",
        added_by="Bob Jones",
        groups=("West Coast",),
        people=("Sam O'Brien",),
        reach=12,
        when=_EVERY_MONDAY,
        upcoming=_NEXT,
        zone=_ZONE,
        now=_NOW,
        to_coach=True,
    )


def _subscriptions() -> Iterator[object]:
    one = subscription.Subscription(
        id="s_1",
        kind="digest",
        title="West Coast",
        place="#west-coast",
        when="every Monday at 9:00",
        zone=_ZONE,
        owner="Ana Costa",
        trouble=subscription.Trouble(
            "exec_away",
            Sentence("Exec could not be reached in time."),
            Sentence("Send now posts it as soon as Exec is back."),
            passes=True,
        ),
        last=subscription.Last(_NOW - _WEEK, "failed"),
        next=_NEXT,
        waiting=subscription.Waiting(_NOW, "Exec can't be reached"),
    )
    yield subscription.SavedView(one, (_NEXT, _NEXT + _WEEK), _NOW)
    yield subscription.SubscriptionsView("l_1", "#west-coast", (one,), _NOW)
    yield subscription.AnotherView(one, 0, "every Friday at 16:00", _ZONE, "a_1", "a_2")
    yield subscription.RemoveView(one)
    yield subscription.RemovedView(one, _NOW + _HOUR, _NOW)
    yield subscription.TroubleView(one, _NOW, _NOW)
    form = subscription.SubscriptionFormView(
        private="f_1",
        groups=_GROUPS,
        group="g1",
        rhythm="every monday",
        clock="09:00",
        zone=_ZONE,
        parts=frozenset(digest.Part),
        channel_id="C1001",
        channel="#west-coast",
        audience=subscription.Audience(14, ("Ana Costa", "Bob Jones"), guests=2),
        upcoming=(_NEXT, _NEXT + _WEEK),
        now=_NOW,
        problem=Sentence("I don't know the zone `{zone}`.", {"zone": "Berlim"}),
        preview=_digest(),
    )
    yield form
    yield replace(form, group="", question='sessions group:"West Coast" last 7d')
