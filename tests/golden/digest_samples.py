"""A view of each message around digests and coaches: for tests and pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.errors import Sentence
from bot.rendering.coach_views import (
    CoachAddedView,
    CoachesView,
    CoachLine,
    CoachView,
    MeView,
    NudgedView,
    NudgeFormView,
    NudgePreviewView,
    NudgeView,
    NudgeWordsView,
    PersonView,
)
from bot.rendering.digest_views import (
    DetailsView,
    DigestView,
    OwnShareView,
)
from bot.reports.freshness import Away, Freshness
from tests.golden import report_samples as made
from tests.golden.report_samples import NOW, ZONE, Company

REPLY = "https://slack.com/app_redirect?channel=U1&team=T1"
LATE = NOW - timedelta(hours=1)
OLDER = Freshness(NOW, roster_as_of=NOW - timedelta(hours=5))


def digest(company: Company) -> DigestView:
    """The digest of everyone."""
    return DigestView("d_91c2", group(company), made.digest(company), Freshness(NOW))


def digests(company: Company) -> dict[str, DigestView]:
    """The digest of everyone, in three of its forms."""
    usual = digest(company)
    return {
        "digest-first-week": replace(usual, report=made.digest(company, first=True)),
        "digest-quiet": replace(usual, report=made.digest(quiet(company)), sent_by="Ana Costa"),
        "digest-late": replace(usual, late=LATE, freshness=OLDER),
    }


def details(company: Company, *, start: int = 0) -> DetailsView:
    """Everyone's figures, each of whom can be chosen."""
    people = made.everyone(company)
    name = group(company)
    return DetailsView(
        "d_91c2", name, made.window(), people, Freshness(NOW), start, handles(company)
    )


def own_shares(company: Company) -> tuple[OwnShareView, ...]:
    """For who was in the group, and for who was not."""
    return tuple(OwnShareView(digest(company), own) for own in (*made.everyone(company)[:1], None))


def coach_messages(company: Company) -> dict[str, CoachView]:
    """A coach's message: late, and with nothing to do."""
    usual = CoachView("c_55d0", made.coach(company), Freshness(NOW), handles(company))
    return {
        "coach-late": replace(usual, late=LATE, freshness=OLDER),
        "coach-nothing": replace(usual, report=made.coach(company, nothing=True)),
    }


def persons(company: Company) -> tuple[PersonView, ...]:
    """People whom a coach chose: some of whom the report speaks, and one of whom it does not."""
    report, everyone = made.coach(company), made.everyone(company)
    talks = {talk.person.id: talk for talk in report.conversations}
    chosen = [each for each in everyone if each.person.id in talks][:2] + list(everyone[-1:])
    return tuple(
        PersonView("p_1", each, talks.get(each.person.id), made.window()) for each in chosen
    )


def nudges(company: Company) -> tuple[NudgeView, ...]:
    """With a way to start and without one; in somebody's own words."""
    name = company.people[-1].name if company.people else "Sam O'Brien"
    plain = NudgeView("Ana Costa", name, "Want to do one this week?", "", REPLY)
    return (
        replace(plain, link="https://acme.app.exec.com/scenarios/c1"),
        plain,
        replace(plain, words="Have you :eyes: seen *this*?\n\n<!channel> <https://evil.test|Exec>"),
    )


def nudge_preview(company: Company) -> NudgePreviewView:
    """Before it is sent."""
    note = nudges(company)[0]
    return NudgePreviewView("n_1", note, note.person)


def nudge_words(company: Company) -> tuple[object, ...]:
    """The usual words, the form, and what the coach sees afterwards."""
    name = nudges(company)[0].person
    tasks = {"overdue": (), "due": made.coach(company).due_soon or ()}
    words = NudgeWordsView(**tasks, never=True, zone=ZONE, now=NOW)
    sent = NudgedView(Sentence("Sent to *{name}*.", {"name": name}), "Have you seen *this*?")
    return words, NudgeFormView("n_2", name, "Have you", 500), sent


def me(company: Company) -> dict[str, MeView]:
    """One's own week: by schedule, without a session, without Exec."""
    usual = MeView("m_1", made.own(company), Freshness(NOW), monday=False, named=True)
    week = made.own(company, asked=False)
    scheduled = replace(usual, week=week, monday=True, scheduled=True, late=LATE, freshness=OLDER)
    idle = replace(usual, week=made.own(quiet(company)))
    without_exec = replace(usual, freshness=Freshness(NOW, away=Away("unreachable")))
    return {"me-on-monday": scheduled, "me-idle": idle, "me-away": without_exec}


def coaches(company: Company) -> CoachesView:
    """Every one of these people coaches somebody."""
    when = "every Monday at 8:30 (Central European time)"
    return CoachesView(
        tuple(
            CoachLine(
                person.name,
                groups=("West Coast", group(company))[: at % 3],
                people=("Sam O'Brien",) if at % 3 != 1 else (),
                when=when if at % 4 else "",
                paused=at % 5 == 2,
                left=at % 7 == 6,
            )
            for at, person in enumerate(company.people)
        )
    )


def coaches_added(company: Company) -> tuple[CoachAddedView, ...]:
    """What the coach and the admin read; and what a coach reads who stopped the messages."""
    names = tuple(person.name for person in company.people[:3])
    told = CoachAddedView(
        id="c_55d0",
        coach="Ana Costa",
        added_by="Bob Jones",
        groups=(group(company),),
        people=names,
        reach=len(company.people),
        when="every Monday at 8:30 (Central European time)",
        upcoming=in_weeks(1),
        zone=ZONE,
        now=NOW,
        to_coach=True,
    )
    stopped = replace(told, when=None, upcoming=None)
    return told, replace(told, to_coach=False), stopped


def handles(company: Company) -> dict[str, str]:
    """An opaque id for each person."""
    return {person.id: f"p_{at}" for at, person in enumerate(company.people)}


def group(company: Company) -> str:
    """A group's name, as odd as the people's."""
    odd = any("<" in person.name for person in company.people)
    return company.people[0].name * 9 if odd else "West Coast"


def quiet(company: Company) -> Company:
    """The same people without a session in the last week."""
    before = made.window().interval.start
    return replace(
        company, sessions=tuple(row for row in company.sessions if row.created_at < before)
    )


def in_weeks(count: int) -> datetime:
    """The same Monday morning in Berlin, so many weeks later."""
    later = NOW + timedelta(weeks=count)
    # The clocks there change on 29 March.
    return later - timedelta(hours=1) if count > 1 else later
