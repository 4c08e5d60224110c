"""Answers and digests about a small company whose names try to break a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.ask.answer import Answer
from bot.ask.public import ChannelRules
from bot.ask.question import Question
from bot.errors import Sentence, Suggestion
from bot.exec.feedback import DatedFeedback
from bot.exec.models import (
    Criterion,
    Graded,
    Proficiency,
    Quote,
    Session,
    SessionDetail,
    Skill,
    SkillSummary,
)
from bot.language.filters import understood
from bot.language.query import Kind, Period, Query, Rank, ResolvedName
from bot.language.sides import sides
from bot.messages.render import Drawable, Offer, View, draft
from bot.messages.tables import few
from bot.people.access import Visibility
from bot.reports import coach, digest, me, team
from bot.reports._figures import tally_all
from bot.reports._prepared import Outage, OwnSubject, PreparedQuestion
from bot.reports._report import AnyReport
from bot.storage.sessions import Window
from bot.storage.tables import bundle
from tests.reports.company import (
    DAY,
    LAST_WEEK,
    MONDAY,
    NOW,
    THIS_WEEK,
    WEEK,
    ZONE,
    Company,
)
from tests.reports.prepare import asked_of_exec

EVERYBODY = Visibility(everyone=True)
RULES = ChannelRules("channel")
HOUR = timedelta(hours=1)
LAST_30_DAYS = Period("last 30 days", ZONE, NOW - 30 * DAY, NOW, closed=True)
EARLIER = Period("2026-01-19..2026-01-25", ZONE, MONDAY - 8 * WEEK, MONDAY - 7 * WEEK)
QUIET = Period("2025-12-15..2025-12-21", ZONE, MONDAY - 13 * WEEK, MONDAY - 12 * WEEK)
WEST = 'West <"&">'
OFFERS = tuple(Offer(f"{name} *gold*", f"o_{name}") for name in ("Without", "Any", "All"))
PEOPLE = {
    "jane": "Jane Smith",
    "jon": "<!channel> & <@U123>",
    "mark": "*bold* _it_ `code` ```",
    "nour": "\u202eنور حداد",
    "xena": "x" * 300,
    "zoe": "👩‍👩‍👧 Zoë :smile:",
    "jane2": "Jane Smith",
    "new": "Noor {{ a }}",
}
SKILLS = ("Closing", "<b>Story</b>")
SCENARIOS = ("Cold Call", 'Renewal <Save> & "Co"', "*Pricing*")
RANKS = ((85, Rank.GOLD), (75, Rank.SILVER), (65, Rank.BRONZE), (0, Rank.UNRANKED))
# A question that finds nothing; usually it is about a person who never practiced.
NOTHING: dict[str, Any] = {"inactive": {"people": ["jane"]}}


def practice(company: Company) -> None:
    """Nine weeks: most people improve, Zoë's last one was bad, Noor never practiced."""
    for id_, name in PEOPLE.items():
        company.hire(id_, name=name)
    company.hire("old", role="removed")
    company.group(WEST, "jane", "jon", "mark", "nour", "xena", "zoe", "new")
    company.group("East", "jane2", "zoe", "mark")
    for place, who in enumerate(["jane", "jon", "mark", "nour", "xena", "zoe", "jane2", "old"]):
        for week in range(8, -1, -1):
            # Some don't practice in the last week.
            for nth in range(0 if who == "xena" and week == 0 else 1 + (place + week) % 2):
                score: float | None = 55.05 + place * 3 + (8 - week) * 2.1 + nth
                score = 40.25 if who == "zoe" and week == 0 else score
                score = None if (place + week * 3 + nth) % 9 == 8 else score
                rank = next((rank.value for least, rank in RANKS if (score or -1) >= least), None)
                seconds = 240 + place * 37 + nth * 60
                on = SCENARIOS[(place + nth) % 3]
                days_ago = week * 7 + 1 + nth + place / 10
                company.session(who, days_ago, score, on, rank=rank, seconds=seconds)
    company.session("jane", -0.3, 91.0, SCENARIOS[1], rank="gold")
    late, soon = NOW - 4 * DAY, NOW + 3 * DAY
    company.assign("jane", SCENARIOS[0], late, status="past_due", attempt_count=2)
    company.assign("jon", SCENARIOS[0], soon, status="in_progress", attempt_count=2)
    company.assign("mark", SCENARIOS[2], status="did_not_pass", best_score=61.25)
    for skill in SKILLS:
        company.put(bundle, kind="skill", id=skill, name=skill)


class Exec:
    """What an answer reads from Exec: feedback, and people's proficiency in skills."""

    async def of(self, session: Session, job: object) -> DatedFeedback:
        said = Quote(quote="Hm, *well* <i>", suggestion_quote="We save you <2 h>", grade="bad")
        item = Graded(name="Opening & goal", grade="bad", feedback_examples=(said,))
        detail = SessionDetail(
            **{name: getattr(session, name) for name in Session.__dataclass_fields__},
            positive_feedback="Calm :wave:, <@U123>.",
            evaluations=(Criterion(criterion_name="Discovery <1>", items=(item,)),),
        )
        return detail, NOW - 3 * HOUR

    async def of_several(self, rows: Any, job: object) -> list[DatedFeedback | None]:
        return [await self.of(row, job) for row in rows]

    async def all_rows(
        self, path: str, _kind: object, _job: object, *_: object, id_: str = ""
    ) -> Any:
        scores = {"jane": 82.25, "jon": 60.0, "mark": None, "zoe": 71.5, "nour": 90.0}
        if id_:
            ways = ((who, score) for who, score in scores.items() if score != len(id_) * 10)
            return [Proficiency(id=who, score=score, tier="proficient") for who, score in ways]
        summary = SkillSummary(
            participant_count=9, scored_participant_count=4, pct_proficient_plus=50, avg_score=71.25
        )
        return [Skill(id=name, name=name, proficiency_summary=summary) for name in SKILLS]


async def prepared(
    company: Company, report: AnyReport, period: Period = LAST_WEEK, **more: Any
) -> PreparedQuestion:
    """A report's prepared question; a comparison is with a week in January."""
    is_timed = report.of_sessions and not report.of_attempt
    question = company.prepared(period if is_timed else None, **more)
    question = await asked_of_exec(report, question, feedbacks=Exec(), client=Exec())
    if not report.sides:
        return question
    pair = sides(replace(question.query, versus=EARLIER))
    return replace(question, sides=pair, other=company.prepared(EARLIER, **more))


def groups(company: Company) -> PreparedQuestion:
    """A comparison of two groups."""
    names = tuple(ResolvedName(Kind.GROUP, name, name) for name in (WEST, "East"))
    west, east = (company.prepared(LAST_WEEK, group=group.name) for group in names)
    query = replace(west.query, names=names)
    return replace(west, query=query, sides=sides(query), other=east)


async def answer(report: AnyReport, q: PreparedQuestion, **more: Any) -> Answer:
    """The answer for its asker, with every button."""
    question = Question(report, Query(), q.query, EVERYBODY, (q.query,), sides=q.sides)
    return Answer(
        question=question,
        prepared=q,
        figures=await report.figures(q),
        understood=understood(q.query, now=q.as_of),
        **{"id": "q_1", "can_share": True, "can_export": report.has_table, **more},
    )


def in_channel(whole: Answer, *, own: bool = False) -> Answer:
    """An answer as a channel sees it."""
    return whole.in_channel(RULES, own=own)


async def answers(company: Company, report: AnyReport) -> dict[str, View]:
    """A report's answer in each form, by name."""
    group: dict[str, Any] = {"people": ["mark"]} if report.of_one else {"group": WEST}
    all_: dict[str, Any] = group if report.of_one else {"groups": tuple(company.groups.values())}
    this_week = await prepared(company, report, THIS_WEEK, people=["jane"])
    everybody = await prepared(company, report, LAST_30_DAYS, **all_)
    nothing = await prepared(company, report, **NOTHING.get(report.name, {"people": ["new"]}))
    with company.known(MONDAY - 3 * DAY, NOW - HOUR):
        since = replace(await prepared(company, report, **group), away=Outage("unreachable"))
    forms = {
        "group": await answer(report, await prepared(company, report, **group, coaches=["jon"])),
        "one": await answer(report, this_week, can_subscribe=True),
        "everybody": await answer(report, everybody),
        "nothing": await answer(report, nothing, loosen=OFFERS),
        "since": await answer(report, since, note=Sentence("I read that as *{it}*.", {"it": WEST})),
    }
    if report.ranks or report.counts_of_own_group:
        only = OwnSubject("jane", groups=(WEST,))
        forms["own place"] = await answer(
            report, await prepared(company, report, **group, only=only)
        )
    if report.sides:
        forms["groups"] = await answer(report, groups(company))
    return {**forms, **in_channels(report, forms)}


def in_channels(report: AnyReport, forms: Mapping[str, Answer]) -> dict[str, View]:
    """The answers that a channel may see: a group's as shared, everybody's as posted, and the
    preview of one's own."""
    made: dict[str, View] = {}
    if report.is_posted:
        seen = in_channel(forms["group"]).values
        made["shared"] = draft("shared", **seen, shared_by=PEOPLE["jon"], share_id="s_1")
        seen = in_channel(forms["everybody"]).values
        ids = {"id": "d_1", "subscription_id": "s_1"}
        late = {"late": NOW - HOUR, "sent_by": PEOPLE["mark"]}
        made["posted"] = draft("posted", **seen, owner=PEOPLE["jon"], **ids, **late)
    if not report.ranks and report.in_channel(forms["one"].figures, own=True) is not None:
        own = in_channel(forms["one"], own=True).values
        made["own, preview"] = draft("shared", **own, shared_by="Jane Smith", share_id=None)
    return made


async def digests(company: Company) -> dict[str, View]:
    """A digest: usual, first, without practice, late, and as a preview."""
    usual, quiet = company.prepared(group=WEST), company.prepared(QUIET, group=WEST)
    with company.known(MONDAY - WEEK):
        first = company.prepared(group=WEST)
    computed = {
        id(q): digest.REPORT.in_channel(await digest.REPORT.figures(q), own=False)
        for q in (usual, first, quiet)
    }

    def drawn(q: PreparedQuestion, **more: Any) -> View:
        values = {"group": WEST, "id": "d_1", "late": None, "sent_by": None, **more}
        return draft("digest", f=computed[id(q)], q=q, subscription_id="s_1", **values)

    return {
        "digest": drawn(usual),
        "first": drawn(first),
        "nobody": drawn(quiet),
        "late": drawn(usual, late=NOW - HOUR, sent_by=PEOPLE["jon"]),
        "preview": drawn(usual, id=None),
    }


async def own_weeks(company: Company) -> dict[str, View]:
    """A person's own week: asked for, sent late without Exec, in Home, and before their first
    session."""
    usual: dict[str, Any] = {"monday": "", "late": None, "muted": False, "in_home": False}
    late = {**usual, "monday": "s_1", "late": NOW - HOUR, "muted": True}
    away = Outage("limited", NOW + HOUR)
    start = "https://acme.app.exec.client.com/scenarios/c1"

    async def drawn(who: str, values: dict[str, Any], **asked: Any) -> View:
        q = company.prepared(people=[who], **asked)
        return draft("me", f=await me.REPORT.figures(q), q=q, start=start, **values)

    return {
        "me": await drawn("jane", usual),
        "late": await drawn("mark", late, away=away, unnamed=frozenset({"mark"})),
        "home": await drawn("jane", {**usual, "in_home": True}),
        "nothing": await drawn("new", usual, tasks_at=None),
    }


async def people(company: Company) -> dict[str, View]:
    """A coach's list: sent, without news, and quiet."""
    q = company.prepared(group=WEST, coaches=["jon"])
    computed = await coach.figures(q, coach="jane")
    quiet = company.prepared(QUIET, people=["jane2"], tasks_at=None)
    handles = {row.member_id: f"p_{row.member_id}" for row in computed.rows}
    usual: dict[str, Any] = {
        "sub": "s_1",
        "everyone": "e_1",
        "f": computed,
        "q": q,
        "lines": [few(line, 3) for line in computed.lines],
        "handles": handles,
        "late": None,
        "is_same": False,
    }
    same = {"lines": [few(computed.rows, 3)], "is_same": True, "late": NOW - HOUR}
    nothing = {"f": await coach.figures(quiet), "q": quiet, "lines": [], "handles": {}}
    return {
        "coach": draft("coach", **usual),
        "same": draft("coach", **{**usual, **same}),
        "quiet": draft("coach", **{**usual, **nothing}),
    }


async def one_of_the_people(company: Company) -> dict[str, View]:
    """A person in a coach's list, and one without practice."""
    made: dict[str, View] = {}
    for who in ("xena", "new"):
        q = company.prepared(people=[who])
        rows, sums = (await coach.figures(q)).rows, await tally_all(q.db, q.filters())
        row = next(iter(rows), None)
        values = {"who": PEOPLE[who], "row": row, "sums": sums, "last": row and row.last}
        made[who] = draft("coach_person", id="p_1", q=q, asks=("a_1", "a_2"), **values)
    return made


async def homes(company: Company, people: View, week: View) -> dict[str, View]:
    """The Home tab of an admin who practices and coaches, and of an admin before the first
    sync."""
    periods = company.prepared().periods
    groups = await team.REPORT.figures(company.prepared(groups=tuple(company.groups.values())))
    new: dict[str, Any] = {
        "periods": periods,
        "window": None,
        "is_all_read": False,
        "has_coaches": False,
        "has_digests": False,
        "groups": None,
    }
    usual = {**new, "window": Window(NOW - 90 * DAY, NOW), "has_coaches": True, "groups": groups}
    tries = (Suggestion("Ask <me>", "sessions"),)
    end: dict[str, Any] = {"tries": tries, "is_in_exec": True}
    assert not isinstance(people, tuple)
    assert not isinstance(week, tuple)
    parts: tuple[Drawable, ...] = (draft("home_admin", **usual), people, week)
    return {
        "all": (*parts, draft("home", **end, sees="everybody")),
        "new": (draft("home_admin", **new), draft("home", **end, sees="own")),
    }
