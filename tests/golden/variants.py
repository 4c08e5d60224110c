"""What messages say where one thing is different: each as a small view with a name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.errors import Sentence
from bot.exec_api.models import Scenario
from bot.language.alert_words import AlertKind
from bot.language.query import Kind, Named
from bot.outbox.describe import trouble_of
from bot.outbox.reasons import REASONS, NotSentReason
from bot.rendering.alert_views import AlertEvents, AlertView
from bot.rendering.coach_views import CoachesView, CoachLine, NudgePreviewView
from bot.rendering.digest_views import DigestCountedView
from bot.rendering.home_views import NextView
from bot.rendering.subscription_views import (
    AnotherView,
    Last,
    SavedView,
    SubscriptionsView,
    TroubleView,
    Waiting,
)
from bot.rendering.views import Cost, Offer, ProblemView, TemplateView
from bot.reports.alerts import AlertEvent
from bot.reports.figures import NOTHING, figures
from bot.reports.findings import Best, Excused, Nudged
from bot.reports.freshness import Away, Freshness
from bot.reports.intervals import Interval, Window, preceding
from bot.reports.prep import Theme
from bot.reports.recount import Recount, Recounted
from bot.reports.what_next import Next, WhatNext
from tests.rendering import samples
from tests.rendering import subscription_samples as subscriptions
from tests.rendering.report_samples import company
from tests.rendering.small import (
    NUDGE,
    ROSTER,
    USUAL,
    chosen,
    coach,
    details,
    digest,
    due_soon,
    me,
    overdue,
    own_share,
    practiced,
)
from tests.reports.given import NOW, WEEK, ZONE, assignment, days, session

ALL = ("ann", "bob", "cy")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = samples.AS_OF + HOUR


def variants() -> dict[str, dict[str, TemplateView]]:
    """By the name of their file."""
    return {
        "variants-answer": answers(),
        "variants-digest": digests(),
        "variants-coach": coaches(),
        "variants-nudge": nudges(),
        "variants-me": mine(),
        "variants-what-next": next_ones(),
        "variants-subscription": of_subscriptions(),
        "variants-other": others(),
    }


def answers() -> dict[str, TemplateView]:
    four, none = samples.answer(4), samples.answer(0)
    part = replace(four, stored_since=samples.AS_OF - 3 * DAY)
    stored = samples.found(four, total=1204)
    aways = {
        "unreachable": Away("unreachable"),
        "unreachable, read a day later": Away("unreachable"),
        "limit until a time": Away("limited", LATER + 4 * HOUR),
        "limit until tomorrow": Away("limited", LATER + 14 * HOUR),
        "limit": Away("limited"),
        "key": Away("key"),
    }
    graded, *_ = samples.sessions(1)
    odd = (
        replace(graded, score=None, rank=None, is_valid_attempt=False),
        replace(graded, rank=None, is_valid_attempt=False),
        replace(graded, is_valid_attempt=False),
        replace(graded, score=91.0, rank="platinum"),
    )
    old = replace(
        four,
        freshness=Freshness(
            samples.AS_OF,
            samples.AS_OF - timedelta(minutes=48),
            roster_as_of=samples.AS_OF - DAY,
        ),
    )
    return {
        "the first 4 of 128": samples.found(four, total=128, limit=4),
        "4 of more than a thousand": samples.found(four, total=1204),
        "few requests read the rest": replace(part, cost=Cost(4, 310)),
        "the day holds the rest": replace(part, cost=Cost(40, 40, asks=True)),
        "the day does not hold the rest": replace(part, cost=Cost(40, 39)),
        **{
            f"stored since {name}": replace(stored, stored_since=since)
            for name, since in {
                "midnight": datetime(2026, 2, 24, 23, tzinfo=UTC),
                "a time": datetime(2026, 2, 25, 13, 2, tzinfo=UTC),
                "another year": datetime(2025, 8, 24, 22, tzinfo=UTC),
            }.items()
        },
        "none in what is stored": replace(
            replace(none, loosen=()),
            stored_since=samples.AS_OF - 3 * DAY,
            cost=Cost(4, 310),
        ),
        **{
            f"Exec is away: {name}": samples.without_exec(
                four, away, LATER + DAY if "a day later" in name else LATER
            )
            for name, away in aways.items()
        },
        "nothing found while Exec is away": samples.without_exec(none, aways["unreachable"], LATER),
        "how old it is": old,
        "few requests are left": replace(samples.unfinished_answer(), runs_short=True),
        "ungraded and incomplete": samples.found(four, rows=odd, sums=figures(odd)),
        "about one person": replace(four, about_one=True),
        "years differ": replace(
            samples.answer(1), freshness=Freshness(samples.AS_OF.replace(year=2027))
        ),
        "second page": replace(samples.answer(312), start=304),
    }


def digests() -> dict[str, TemplateView]:
    both = [*practiced(*ALL), *practiced(*ALL, at=-1)]
    busy = [
        *practiced(*ALL, "ann"),
        *practiced(*ALL, at=2),
        *practiced(*ALL, at=3, scenario="Renewal", score=70),
        *practiced(*ALL, at=4, scenario="Renewal", score=70),
        *practiced("ann", at=5, scenario="Pricing"),
    ]
    tasks = [assignment("ann", due=-1), assignment("bob", due=2), assignment("bob", due=3)]
    pairs = (("sessions", 50, 52), ("people", 1, 2), ("average", 77.9, 78.2))
    changes = Recount(NOW - 7 * DAY, tuple(Recounted(*pair) for pair in pairs))
    counted = digest(
        [*practiced("ann", "bob"), session("ann", 2, valid=False)], tasks=[assignment(due=-1)]
    )
    bests = (Best(ROSTER[0], "Cold Call", 85, 43.5), Best(ROSTER[1], "Renewal", 91.9, 78.4))
    return {
        "figures and changes": digest(
            [
                *practiced(*ALL, "ann"),
                *practiced(*ALL, at=-1, score=76),
                *practiced("bob", at=2, score=92, rank="gold"),
                session("cy", 2, valid=False),
            ]
        ),
        "the same again": digest(both),
        "first week": digest(practiced(*ALL), known_since=None),
        **{f"first {length} days": _first(length) for length in (1, 3, 14)},
        "no average before": digest([*practiced(*ALL), *[session(who, -1) for who in ALL]]),
        "too few to compare": digest(
            [
                *practiced(*ALL),
                *[session(who, -1) for who in ALL],
                *practiced("ann", "ann", at=-1),
            ]
        ),
        "results of two": digest([*practiced("ann", "bob"), *practiced(*ALL, at=-9)]),
        "personal bests": digest(practiced(*ALL), bests=bests),
        "scenarios and assignments": digest(busy, tasks=tasks),
        "one did not pass": digest(busy, tasks=[*tasks, assignment("bob", "did_not_pass")]),
        "assignments unknown": digest(practiced("ann"), tasks=None),
        "quiet": digest(practiced("ann", "bob", at=-1), tasks=[assignment(due=-1)]),
        "quiet again": digest(),
        "one person, first week": digest(roster=ROSTER[:1], known_since=None),
        "nobody in the group": digest(roster=[]),
        "a bad week": digest(
            [
                *practiced(*ALL, *ALL, *ALL, at=2, score=84),
                *practiced(*ALL, *ALL, at=3, scenario="Pricing", score=52),
                *practiced(*ALL, at=-2, score=83),
                *practiced(*ALL, at=-3, scenario="Pricing", score=80),
            ],
            links={"pricing": "https://acme.app.exec.com/scenarios/pricing"},
        ),
        "what was counted": digest(
            [*practiced("ann"), session("ann", 2, valid=False), session("eve", 1, 90)],
            freshness=Freshness(NOW, roster_as_of=NOW - 5 * HOUR),
            sent_by="Ana <b>",
        ),
        "recounted": digest(practiced("ann"), recount=changes),
        "recounted after two weeks": digest(
            practiced("ann"), recount=replace(changes, since=NOW - 14 * DAY)
        ),
        "details": details([*practiced("ann", "ann", "bob"), session("cy", -10, 50)]),
        "details, known since": details(practiced("ann"), ROSTER[:2], since=days(-50)),
        "details, never": details(practiced("ann"), ROSTER[:2]),
        "how it was counted": DigestCountedView(counted),
        "how it was counted, recounted": DigestCountedView(counted, changes),
        "own share": own_share(
            [
                *practiced("bob", "cy", score=70, rank="bronze"),
                *practiced("ann", score=91, rank="gold"),
            ]
        ),
    }


def _first(length: int) -> TemplateView:
    """The first digest of so many days."""
    interval = Interval(WEEK.end - length * DAY, WEEK.end)
    window = Window(interval, preceding(interval, ZONE), ZONE, NOW)
    return digest(practiced("ann", at=6.5), known_since=None, window=window)


def coaches() -> dict[str, TemplateView]:
    gold = session("ann", 2, 95, rank="gold")
    slipped = [*practiced("ann", at=-30, score=95), *practiced(*["ann"] * 4, score=50)]
    slipped = [replace(row, scenario=Scenario(id="r", name="Renewal")) for row in slipped]
    discovery = assignment("ann", due=-4, scenario="Discovery")
    failed = [assignment(who, "did_not_pass", -4, "Renewal") for who in ("ann", "cy")]
    few = [session("ann", -2, 60), gold]
    joined, done = frozenset({"bob"}), {"cy": NOW}
    one = ROSTER[:1]
    silent, unknown = Nudged(days(0), None, True), Nudged(days(0), None, False)
    answered = Nudged(days(0), days(1), True)
    return {
        "overdue, away and slipping": coach(
            [
                *practiced(*["bob"] * 9, at=-30, score=74),
                *practiced(*["bob"] * 4, score=61),
                *practiced(*["cy"] * 5, at=-3, score=82),
            ],
            [discovery],
        ),
        "improving, and a personal best": coach(
            [
                *practiced(*["bob"] * 9, at=-30, score=50),
                *practiced(*["bob"] * 4, score=95),
                *practiced("ann", "cy"),
            ],
            bests=(Best(ROSTER[0], "Renewal", 91.9, 78.4),),
        ),
        "first gold": coach([gold], people=one),
        "first gold beside what is overdue": coach([gold], [discovery], people=one),
        "first gold beside slipping": coach([*slipped, *slipped[:1] * 8, gold], people=one),
        "did not pass": coach(practiced(*ALL), failed),
        "known since": coach(few, people=ROSTER[:2], since=days(-50)),
        "long away, and two overdue": coach(
            practiced("ann", "bob", at=-17),
            [discovery, assignment("ann", due=-4, scenario="Renewal")],
            people=ROSTER[:2],
        ),
        "left out": coach((), None, excused=Excused(joined=joined, done=done)),
        "not counted: the coach": coach((), None, is_member=True),
        "not counted: the coach, one joined": coach(
            (), None, excused=Excused(joined=joined), is_member=True
        ),
        "not counted: one joined": coach((), None, excused=Excused(joined=joined)),
        "not counted: two left": coach((), None, left=2),
        "not counted: all of these": coach(
            (), None, excused=Excused(joined=joined, done=done), is_member=True, left=1
        ),
        "late": coach(late=NOW),
        "nudged": coach(practiced("ann"), nudged={"bob": silent, "ann": answered, "cy": unknown}),
        "as the last one": coach(practiced("ann"), nudged={"bob": silent}, is_same=True),
        "nothing to do: all practiced": coach(practiced(*ALL)),
        "nothing to do: one person": coach(practiced("ann"), people=one),
        "nothing to do: done with": coach(people=one, excused=Excused(done={"ann": NOW})),
        "nothing to do: coaches nobody": coach(people=[]),
        "nothing to do: older assignments": coach(
            practiced(*ALL), freshness=Freshness(NOW, tasks_as_of=NOW - 3 * HOUR)
        ),
        "a person": chosen(practiced("ann", "ann"), "ann"),
        "a person who was away": chosen(practiced("bob", at=-3), "bob"),
        "a person without a session": chosen((), "bob"),
        "a person, known since": chosen(few, "bob", since=days(-50)),
        "all coaches": CoachesView(
            (
                CoachLine("Ana", ("West", "East"), ("Sam",), "every Monday at 8:30 (UTC)"),
                CoachLine("Bob", (), ("Sam",), "daily", paused=True),
                CoachLine("Cy", ("West",), (), "daily", left=True),
                CoachLine("Dee", (), ()),
            )
        ),
        "no coaches": CoachesView(()),
    }


def nudges() -> dict[str, TemplateView]:
    changes = {
        "one overdue": {"overdue": overdue("A")},
        "one overdue, no date": {"overdue": (replace(overdue("A")[0], due=None),)},
        "many overdue": {"overdue": overdue(*"ABCDE"), "due": due_soon("Z")},
        "due": {"due": due_soon("Z")},
        "several, each overdue": {"all_overdue": True},
        "never": {"never": True},
        "usual": {},
    }
    linked = replace(NUDGE, link="https://acme.app.exec.com/scenarios/c1")
    two = ("Sam Lee", "Raj Patel")
    gone = Sentence("*{name}* is not in Exec any more.", {"name": "Liam Murphy"})
    return {
        **{name: replace(USUAL, **change) for name, change in changes.items()},
        "linked": linked,
        "not linked": NUDGE,
        "preview for one": NudgePreviewView("n_1", linked, ("Sam Lee",), 1),
        "preview for two": NudgePreviewView("n_1", linked, two, 2),
        "preview for three": NudgePreviewView("n_1", linked, (*two, "Zoë"), 2, (gone,)),
    }


def mine() -> dict[str, TemplateView]:
    week = [
        *practiced("ann", at=-2, score=70),
        *practiced("ann", score=90, rank="gold"),
        *practiced("ann", at=2),
        session("ann", 3, 60, "Renewal", rank="bronze"),
        session("bob", 3, 99),
    ]
    tasks = [
        assignment("ann", due=2, scenario="Discovery"),
        assignment("ann", due=-1),
        assignment("ann", "did_not_pass", -1, scenario="Pricing"),
    ]
    today = Interval(WEEK.end, days(8))
    since = {"18 January": days(-50), "2 March": days(-7), "ever": None}
    return {
        "a week": me(week, tasks),
        "no practice yet": me(),
        "none this week": me(practiced("ann", at=-2)),
        "none for long": me(practiced("ann", at=-20)),
        "one": me(practiced("ann")),
        "the same again": me(practiced("ann", at=-2) + practiced("ann")),
        "compared over three attempts": me(
            [*practiced(*["ann"] * 3, at=-2, score=70), *practiced(*["ann"] * 4)]
        ),
        "none yet, and none today": me(today=today),
        "one today": me(practiced("ann", at=7.1), today=today),
        "one, none today": me(practiced("ann"), today=today),
        "one, and two today": me(practiced("ann", "ann", at=7.1) + practiced("ann"), today=today),
        **{f"known since {name}": me(week[:2], since=moment) for name, moment in since.items()},
        "on Monday, late": me(monday=True, scheduled=True, late=NOW),
        "name hidden": me(named=False),
    }


def next_ones() -> dict[str, TemplateView]:
    def view(*found: object, easy: Named | None = None) -> TemplateView:
        return NextView(WhatNext(*found), easy, Freshness(NOW), ZONE, NOW)

    due = Next("Cold Call", "", 79.6, due=NOW + DAY)
    theme = Next("Pricing", "", None, theme=Theme("Closing", 3, 5), last=NOW - 9 * DAY)
    easy = Named(Kind.SCENARIO, "s1", "Cold Call", "", "https://acme.app.exec.com/scenarios/s1")
    return {
        "overdue, no date": view(replace(due, is_overdue=True, due=None), 4, None, 0, 0, True),
        "due": view(due, 4, NOW - 50 * DAY, 0, 0, True),
        "by the feedback": view(theme, 5, NOW - 50 * DAY, 5, 0, True),
        "by the feedback, not all read": view(theme, 5, None, 4, 1, False),
        "nothing needs work": view(None, 5, None, 5, 0, True),
        "no feedback could be read": view(None, 5, None, 0, 5, True),
        "none yet": view(None, 0, None, 0, 0, True, easy=easy),
        "none that is known": view(None, 0, NOW - 50 * DAY, 0, 0, False),
    }


def of_subscriptions() -> dict[str, TemplateView]:
    sub = replace(subscriptions.subscription(company()), owner="Ana Costa")
    states = {
        "sent": {},
        "not sent yet": {"last": None},
        **{outcome: {"last": Last(NOW, outcome)} for outcome in ("late", "missed", "failed")},
        "perhaps sent": {"last": Last(NOW, "unsure")},
        "waits for Exec": {
            "waiting": Waiting(NOW + 7 * DAY, REASONS[NotSentReason.EXEC_AWAY].waits)
        },
        "waits for Slack": {
            "waiting": Waiting(NOW, REASONS[NotSentReason.SLACK_AWAY].waits),
            "last": None,
        },
        "waits, broken": {
            "waiting": Waiting(NOW, REASONS[NotSentReason.BROKEN].waits),
            "last": None,
        },
        "on its way": {"waiting": Waiting(NOW)},
        "paused": {"paused": True},
        "snoozed": {"snoozed_until": NOW + 9 * DAY},
        "no next date": {"next": None},
        "paused as archived": {"paused": True, "trouble": trouble_of(NotSentReason.ARCHIVED, sub)},
    }
    question = replace(sub, title="sessions: group West Coast, gold", is_question=True)
    return {
        **{
            f"list: {name}": SubscriptionsView("l_1", "#west-coast", (replace(sub, **change),), NOW)
            for name, change in states.items()
        },
        "list: none in a channel": SubscriptionsView("l_1", "#west", (), NOW),
        "list: none at all": SubscriptionsView("l_1", None, (), NOW),
        **{
            f"trouble: {why.value}": TroubleView(in_trouble(why), NOW, NOW)
            for why in NotSentReason
            if REASONS[why].remedy
        },
        "a question is saved": SavedView(question, (), NOW),
        "a question is there already": AnotherView(
            question, 0, "every Friday at 9:00", ZONE, "a", "c"
        ),
    }


def in_trouble(why: NotSentReason):
    """A subscription that does not arrive."""
    sub = replace(subscriptions.subscription(company()), owner="Ana Costa")
    pauses = REASONS[why].pauses
    sub = replace(sub, paused=pauses, next=None if pauses else sub.next)
    return replace(sub, trouble=trouble_of(why, sub))


def others() -> dict[str, TemplateView]:
    unknown = Sentence("I don't know `{word}`.", {"word": "<b>"})
    sharing = {
        "one person": {"people": 1},
        "a number that is not known": {"people": 0},
        "nobody praised": {"praises": False},
        "one's own": {"own": True, "praises": False},
    }
    return {
        "a problem": ProblemView(unknown, (Offer("gold", "o_1"),), "abc123"),
        "a problem alone": ProblemView(unknown),
        **{
            f"sharing, {name}": replace(samples.share_confirm(), **changed)
            for name, changed in sharing.items()
        },
        "nothing counted": replace(samples.counted(), figures=NOTHING),
        "an alert of a date that passed": alert(
            AlertKind.OVERDUE, AlertEvent("a", "p1", "Zoë Müller", NOW - HOUR, "Cold Call Opener")
        ),
        "an alert of two who are silent": alert(
            AlertKind.INACTIVE, AlertEvent("a", "p1", "Zoë", days(-9)), AlertEvent("b", "p2", "Sam")
        ),
    }


def alert(kind: AlertKind, *events: AlertEvent) -> AlertView:
    names = tuple(each.name for each in events)
    return AlertView(
        news=(AlertEvents(kind, 14, (), events),),
        paused=(),
        zone=ZONE,
        as_of=NOW,
        now=NOW,
        to_nudge=names,
        handles="p_1 p_2",
    )
