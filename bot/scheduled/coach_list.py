"""A coach's people to talk to: the list, and the weekly message with it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from bot.ask.prepare import Mode, Preparer, with_nudges
from bot.clock import Now
from bot.errors import NotRead
from bot.exec.budget import Purpose
from bot.exec.lists import Lists
from bot.language.query import ResolvedQuery
from bot.messages.render import Draft, draft
from bot.messages.tables import few
from bot.people.access import Asker
from bot.people.accounts import SlackUser
from bot.people.audit import Audit, Look
from bot.people.coaches import Coaching
from bot.people.directory import Directory
from bot.reports._prepared import PreparedQuestion
from bot.reports.coach import COURSE, REPORT, CoachFigures, figures
from bot.reports.intervals import Periods, moved, written_days
from bot.scheduled.delivery import Delivery, Reason, State, Unsent
from bot.scheduled.draw import Drawing, prepare
from bot.scheduled.subscriptions import Subscription, Subscriptions
from bot.storage.buttons import Buttons, StoredPerson
from bot.storage.database import Database
from bot.storage.tables import delivery, to_ms

COACH = REPORT.name
NOBODY_LEFT = "Nobody you coach is in Exec anymore."
COURSE_AGAIN_DAYS = 28
MOST_NAMED = 8  # people in a line


@dataclass(frozen=True, slots=True)
class CoachDigests:
    """Draws the list of a coach's people to talk to."""

    audit: Audit
    buttons: Buttons
    clock: Now
    coaching: Coaching
    db: Database
    directory: Directory
    lists: Lists
    preparer: Preparer
    subscriptions: Subscriptions

    async def begin_message(self, team_id: str, account: SlackUser) -> Subscription:
        """Start the message of a new coach; one that they paused themselves stays paused."""
        subscription = await self.subscriptions.begin_own(team_id, account.id, COACH, account.tz)
        if subscription.is_paused and subscription.reason:
            return await self.subscriptions.resume(subscription)
        return subscription

    async def draw_list(self, asker: Asker, row: Delivery, mode: Mode) -> Drawing:
        """A coach's message. Raises Unsent if they coach nobody, and NotRead if groups aren't
        loaded."""
        q = await self.ask_about_people(asker, row.periods(self.clock()), mode)
        sent, hash_of = await self._sent_facts(row), partial(_fact_hash, row.subscription_id)
        recent = {fact for facts in sent for fact in facts or ()}
        mentioned = {id_ for id_ in q.subject.people if hash_of(id_, COURSE) in recent}
        coaching = await figures_for(asker, q, mentioned)
        if mode is Mode.QUESTION:
            return await self.draw(asker, q, coaching), None
        facts = [hash_of(told.member_id, fact) for told in coaching.rows for fact in told.facts]
        is_same = bool(facts and sent) and set(facts) <= set(sent[0] or ())
        return await self.draw(asker, q, coaching, row=row, is_same=is_same), facts

    async def ask_about_people(
        self, asker: Asker, periods: Periods, mode: Mode
    ) -> PreparedQuestion:
        """The question about a coach's people, including the coach if they are in one of the
        groups."""
        seen = await self.coaching.visibility(asker)
        if mode is not Mode.STORED:
            job = Purpose.DUE if mode is Mode.DUE else Purpose.PEOPLE
            await self.lists.use_teams(seen.groups | seen.unsure, job)
            seen = await self.coaching.visibility(asker)
        if seen.unsure:
            raise NotRead("the members of your groups")
        listed = await self.directory.people(seen.coached)
        people = tuple(person for person in listed if not person.is_system)
        if not set(people) - {asker.member}:
            raise Unsent(Reason.GONE if seen.coaches else Reason.OWNER)
        return await prepare(self.preparer, ResolvedQuery(people), REPORT, periods, mode)

    async def _sent_facts(self, row: Delivery) -> Sequence[list[str] | None]:
        """The hashes of the facts in each message of the last four weeks, newest first."""
        c, since = delivery.c, moved(row.planned_at, -COURSE_AGAIN_DAYS, row.zone)
        query = sa.select(c.facts).where(
            c.subscription_id == row.subscription_id,
            c.state == State.SENT,
            c.planned_at > since,
        )
        return await self.db.scalars(query.order_by(c.planned_at.desc()))

    async def draw(
        self,
        asker: Asker,
        q: PreparedQuestion,
        coaching: CoachFigures,
        *,
        row: Delivery | None = None,
        is_same: bool = False,
    ) -> Draft:
        """The list of people to talk to: for an answer, for Home, or as the message `row`. If that
        `is_same` as the last one, everybody is in one line."""
        await self.audit.note(Look(asker, COACH, frozenset(q.subject.people)))
        lines = [few(x, MOST_NAMED) for x in ((coaching.rows,) if is_same else coaching.lines)]
        named = [person.member_id for line in lines for person in line.shown]
        start_at, end_at = to_ms(q.interval.start), to_ms(q.interval.end)
        people = (StoredPerson(id_, start_at, end_at, q.zone) for id_ in named)
        ids = await self.buttons.add(asker.team_id, asker.user_id, *people)
        everyone = f"team my people {written_days(q.interval, q.zone)}"
        (everyone_id,) = await self.buttons.add_commands(asker.team_id, asker.user_id, (everyone,))
        return draft(
            "coach",
            f=coaching,
            q=q,
            lines=lines,
            handles=dict(zip(named, ids, strict=True)),
            everyone=everyone_id,
            sub="" if row is None else row.subscription_id,
            late=None if row is None else row.late(self.clock()),
            is_same=is_same,
        )


# A coach's own message


async def figures_for(
    asker: Asker, q: PreparedQuestion, mentioned: Collection[str] = frozenset()
) -> CoachFigures:
    """The figures of a coach's people; those `mentioned` were slipping in a recent message."""
    own_id = asker.member.id if asker.member else ""
    q = await with_nudges(q, asker.user_id)
    return await figures(q, coach=own_id, mentioned=mentioned)


def _fact_hash(subscription_id: str, member_id: str, fact: str) -> str:
    """A fact about a person as it is stored: recognizable, and without personal data."""
    text = f"{subscription_id} {member_id} {fact}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]
