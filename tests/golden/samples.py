"""Messages with handwritten values, by template and name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.errors import Broken, Sentence
from bot.exec.budget import BudgetLeft
from bot.exec.client import Failing
from bot.features.schedule.form import Checked, FormChoice, FormValues, rhythms
from bot.language.alert_words import AlertKind, AlertRule
from bot.messages.render import Draft, View, draft, notice
from bot.messages.tables import page
from bot.people.audience import Audience
from bot.reports._tasks import Status as TaskStatus
from bot.reports._tasks import Task
from bot.reports.alerts import Event
from bot.scheduled.delivery import REASONS, Delivery, DeliveryKind, Reason, State
from bot.scheduled.describe import PERSONAL, Line
from bot.scheduled.subscriptions import Subscription
from bot.slack.commands import HelpLine
from bot.storage.sessions import Window
from tests.golden.reports import HOUR, OFFERS, PEOPLE, WEST

ZONE = "Europe/Berlin"
NOW = datetime(2026, 3, 16, 8, tzinfo=UTC)  # a Monday, 9:00 in Berlin
DAY = timedelta(days=1)
MONDAYS = tuple(NOW + timedelta(weeks=week) for week in (1, 2))
ODD = 'Renewal <Save> & "Co"'
JON, MARK, XENA = PEOPLE["jon"], PEOPLE["mark"], PEOPLE["xena"]
UNKNOWN = Sentence("I don't know `{word}`. Did you mean *{near}*?", {"word": "<glod>", "near": JON})
LINK = "https://acme.app.exec.client.com/scenarios/c1"
WHEN = "every Monday at 8:30 (Central European time)"


STATUS = {
    "zone": ZONE,
    "now": NOW,
    "trouble": None,
    "failing": None,
    "window": Window(NOW - 90 * DAY, NOW - timedelta(minutes=2)),
    "sessions": 18204,
    "people": Window(NOW - 4 * HOUR, NOW - 4 * HOUR, 5000),
    "left": BudgetLeft(688, 57, None),
    "per_minute": 60,
    "per_day": 1000,
    "paused": 0,
}
SENT = Delivery("d_1", DeliveryKind.SCHEDULED, "T1", "U1", "C1", NOW, NOW, state=State.SENT)
SUBSCRIPTION = Subscription(
    "s_1", "T1", "U1", "digest", "C1", "every monday 9:00", ZONE, next_at=MONDAYS[0]
)
LINE = Line(SUBSCRIPTION, title=WEST, place="#west-coast", owner=JON, last=SENT, trouble=None)


def samples(digest: View) -> dict[str, dict[str, View]]:
    """All samples; the form for a digest has `digest` as its preview."""
    share = {"id": "q_1", "channel": WEST, "channel_id": "C1", "people": 12}
    return {
        "looking": {"looking": draft("looking")},
        "notice": {
            "offers": notice(UNKNOWN, OFFERS),
            "reference": notice(UNKNOWN, reference="abc123"),
        },
        "help": {"overview": _help(), "topic": _help("Who")},
        "hello": {
            "admin": draft("hello", sees="everybody", refusal=None),
            "coach": draft("hello", sees="people", refusal=None),
            "rep": draft("hello", sees="own", refusal=None),
            "refused": draft("hello", sees=None, refusal=UNKNOWN),
        },
        "invited": {
            name: draft(
                "invited",
                channel=WEST,
                channel_id="C1",
                refusal=refusal,
                covers_groups=name == "coach",
            )
            for name, refusal in (("coach", None), ("rep", None), ("guest", UNKNOWN))
        },
        "share_confirm": {"preview": draft("share_confirm", **share)},
        "share_form": {"form": draft("share_form", private="q_1")},
        "audit": _audits(),
        "status": _statuses(),
        **_alerts(),
        **_nudges(),
        **_coaches(),
        **_subscriptions(),
        "digest_form": _forms(digest),
    }


def _help(title: str = "") -> View:
    who = HelpLine(("@jane", "me"), Sentence("A person."), "sessions @jane")
    lines = (who, HelpLine((), Sentence("A sentence about me.")))
    values = {"title": title, "lines": lines, "others": ("words", "numbers")}
    return draft("help", **values, sees="people", offers=OFFERS[:1])


def _audits() -> dict[str, View]:
    lines = [(NOW - at * HOUR, JON, f"{at}@acme.com", "team") for at in range(26)]
    usual = {"id": "a_1", "people": 26, "zone": ZONE, "now": NOW, "kept_days": 90}
    return {
        "somebody": draft("audit", person=MARK, page=page(lines, 0), **usual),
        "nobody": draft("audit", person=None, page=page((), 0), **usual),
    }


def _statuses() -> dict[str, View]:
    left = BudgetLeft(0, 0, NOW + HOUR)
    trouble = {
        **STATUS,
        "left": left,
        "trouble": UNKNOWN,
        "failing": Failing(Broken, NOW - HOUR),
        "paused": 2,
    }
    new = {**STATUS, "sessions": 0, "window": None, "people": None}
    states = {"well": STATUS, "trouble": trouble, "new": new}
    return {name: draft("status", **state) for name, state in states.items()}


def _alerts() -> dict[str, dict[str, View]]:
    what = f"{JON} earns a first gold"
    gold = Event("g", "jon", JON, AlertRule(AlertKind.GOLD), NOW, ODD)
    quiet = Event("i", "mark", MARK, AlertRule(AlertKind.INACTIVE, 14), last=NOW - 20 * DAY)
    below = Event(
        key="b",
        member_id="xena",
        who=XENA,
        rule=AlertRule(AlertKind.BELOW, 70),
        average=Decimal("66.2"),
        n=9,
        recent=Decimal("59.8"),
    )
    late = Event("o", "jon", JON, AlertRule(AlertKind.OVERDUE), NOW, ODD, due=NOW.date() - DAY)
    place = {"zone": ZONE, "now": NOW, "offers": OFFERS}
    news = {"events": (gold, quiet, below, late, *(gold,) * 12), "as_of": NOW}
    already = {"what": what, "already": (gold, quiet, below, late, gold, gold), **place}
    return {
        "alert": {"news": draft("alert", **news, **place)},
        "alert_set": {
            "already": draft("alert_set", **already),
            "new": draft("alert_set", **{**already, "already": ()}),
        },
        "alerts": {
            "removed": draft("alerts", alerts=(("l_1", what), ("l_2", what)), removed=what),
            "none": draft("alerts", alerts=(), removed=""),
        },
    }


def _nudges() -> dict[str, dict[str, View]]:
    due = NOW.date() + DAY
    task = Task("a", "jon", JON, "c1", ODD, due, NOW + DAY, TaskStatus.DUE)
    note = {"coach": MARK, "person": JON, "words": "Have :eyes: you?\n\n<!channel> *Now*"}
    sent = {**note, "link": LINK, "reply": "https://slack.com/app_redirect?channel=U1&team=T1"}
    usual = {"overdue": (), "due": (), "zone": ZONE, "now": NOW}
    sent_to = Sentence("Sent to *{name}*.", {"name": JON})
    form: dict[str, Any] = {"private": "n_2", "person": f"{JON} (jon@acme.com)"}
    form |= {"coach": MARK, "words": "Have you", "longest": 500, "zone": ZONE, "now": NOW}
    return {
        "nudge": {
            "link": draft("nudge", **sent),
            "no link": draft("nudge", **{**sent, "link": ""}),
        },
        "nudge_words": {
            "due": draft("nudge_words", **{**usual, "due": (task,)}),
            "overdue": draft("nudge_words", **{**usual, "overdue": (task, task)}),
            "else": draft("nudge_words", **usual),
        },
        "nudge_form": {
            "first": draft("nudge_form", **form, link="", before=None, again_at=None),
            "second": draft(
                "nudge_form", **form, link=LINK, before=NOW - HOUR / 2, again_at=NOW + HOUR / 2
            ),
        },
        "nudged": {"sent": draft("nudged", outcome=sent_to, words=note["words"])},
    }


def _coaches() -> dict[str, dict[str, View]]:
    lines = ((JON, (WEST, "East")), (MARK, (XENA,)), ("Sam O'Brien", ("East", JON)))
    return {
        "coaches": {
            "coaches": draft("coaches", coaches=lines),
            "none": draft("coaches", coaches=()),
        },
    }


def _subscriptions() -> dict[str, dict[str, View]]:
    line, sub = LINE, SUBSCRIPTION
    why = Sentence(REASONS[Reason.CHANNEL].why, {"place": WEST})
    remedy = Sentence(REASONS[Reason.CHANNEL].remedy)
    coach, me = (
        Line(replace(sub, words=name, place="U1"), title, "", JON, SENT, None)
        for name, title in PERSONAL.items()
    )
    paused = replace(line, sub=replace(sub, next_at=None), trouble=why)
    unknown = replace(SENT, state=State.FAILED, reason=Reason.UNKNOWN)
    missing = replace(line, last=unknown, trouble=Sentence(REASONS[Reason.UNKNOWN].why))
    question = replace(sub, words="sessions")
    asks = replace(line, sub=question, title="sessions: West Coast, gold", last=None)
    all_ = (line, asks, paused, missing)
    shown = {"now": NOW, "can_add": True}
    cause = {"why": why, "remedy": remedy, "due": NOW, "now": NOW}
    return {
        "subscribed": {
            "saved": draft("subscribed", line=line, done="Saved", now=NOW),
            "question": draft("subscribed", line=asks, done="Saved", now=NOW),
            "coach": draft("subscribed", line=coach, done="", now=NOW),
            "me": draft("subscribed", line=me, done="Saved", now=NOW),
            "paused": draft("subscribed", line=paused, done="Paused", now=NOW),
        },
        "subscriptions": {
            "all": draft("subscriptions", page=page(all_, 0), lines=all_, **shown),
            "next": draft("subscriptions", page=page(all_ * 2, 4, rows=4), lines=all_, **shown),
            "none": draft("subscriptions", page=page((), 0), lines=(), **shown),
        },
        "subscription_trouble": {
            "paused": draft("subscription_trouble", line=paused, reason="channel", **cause),
            "unknown": draft("subscription_trouble", line=line, reason="unknown", **cause),
            "own": draft("subscription_trouble", line=coach, reason="owner", **cause),
        },
        "confirm": {
            "remove": draft(
                "confirm",
                question=UNKNOWN,
                label="Remove",
                action="digest.remove",
                value="s_1",
                style="danger",
            )
        },
    }


def _forms(digest: Any) -> dict[str, View]:
    groups = (FormChoice(WEST, "g1"), FormChoice("R&D", "g2"))
    readers = Audience(WEST, 14)

    def shown(form: FormValues, checked: Checked) -> Draft:
        values = {"form": form, "found": checked, "rhythms": rhythms(form.rhythm), "now": NOW}
        return draft("digest_form", private="f_1", groups=groups, **values)

    whole = shown(FormValues("C1", ZONE, "g1"), Checked(MONDAYS, readers=readers))
    problem = FormValues("C1", ZONE, "g3", changes="s_1")
    question = FormValues("", ZONE, question=f"sessions {WEST}")
    no_channel = Sentence("Choose a channel.")
    return {
        "digest": (whole, digest),
        "problem": shown(problem, Checked(problems={"group": UNKNOWN})),
        "question": shown(question, Checked(problems={"channel": no_channel})),
    }
