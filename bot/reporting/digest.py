"""A group's digest from what is held: for its channel, for a preview, and for its details."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.digests.reasons import Why
from bot.exec_api.models import Session
from bot.practice.catalogue import Catalogue
from bot.practice.coverage import Coverage
from bot.practice.held import Held
from bot.practice.people import People
from bot.practice.rosters import Rosters
from bot.practice.rows import instant, moment
from bot.practice.scope import ALL
from bot.practice.sessions import Sessions
from bot.query.query import Kind, Member, Named, Period, ResolvedQuery
from bot.rendering.digest_messages import DigestMessages
from bot.rendering.digest_views import CountedView, DetailsView, DigestView, Part
from bot.rendering.views import Message
from bot.reporting.assignments import Assignments
from bot.reporting.rows import if_older, window_of
from bot.reports.digest import WEEKS, GroupDigest, group_digest
from bot.reports.each_person import each_person
from bot.reports.intervals import Window, weeks_up_to
from bot.storage.coaches import Coaches
from bot.storage.ledger import Delivery, DeliveryKind
from bot.storage.plans import Plan, Subscription

PURPOSE = "digest"
# Digests of the same minute share a reading of everybody's sessions.
SHARED_FOR = timedelta(minutes=1)
# A plan's contents that hold nothing besides the figures.
FIGURES = "figures"


@dataclass(frozen=True, slots=True)
class GroupReport:
    """A group's figures, and what they were reckoned from: its people and sessions.

    Some rows were last looked at `checked_at`, None where all were at `as_of`. `roster_as_of` is
    None where it is as recent as `as_of`, `tasks_as_of` where assignments are not known.
    """

    name: str
    people: tuple[Member, ...]
    rows: tuple[Session, ...]
    digest: GroupDigest
    as_of: datetime
    checked_at: datetime | None
    roster_as_of: datetime | None
    tasks_as_of: datetime | None


@dataclass(frozen=True, slots=True)
class GroupReports:
    """Those that raise say so: ExecError when Exec is needed and away, and StorageError."""

    catalogue: Catalogue
    rosters: Rosters
    sessions: Sessions
    held: Held
    coaches: Coaches
    assignments: Assignments
    people: People
    messages: DigestMessages
    clock: Callable[[], datetime]
    # When everybody's sessions since then were last read for a digest.
    _read_at: dict[datetime, datetime] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def build(self, one: Subscription, delivery: Delivery) -> Message | Why:
        """The message of a delivery, or why there is none. Raises ExecError and StorageError."""
        one = delivery.posted_of(one)
        fresh = delivery.kind is not DeliveryKind.PREVIEW
        report = await self.report(one.plan, self.window(one.plan, delivery), fresh=fresh)
        if isinstance(report, Why):
            return report
        sent_by = None
        if delivery.kind is DeliveryKind.NOW:
            sent_by = (await self.people.slack_user(one.team_id, delivery.asked_by)).name
        view = self.view(
            report,
            one.plan,
            id_=None if delivery.kind is DeliveryKind.PREVIEW else delivery.id,
            late=delivery.at if delivery.is_late(self.clock()) else None,
            sent_by=sent_by,
        )
        return self.messages.digest(view)

    def window(self, plan: Plan, delivery: Delivery | None = None) -> Window:
        """What a delivery reports on; without one, the newest whole period."""
        return window_of(plan, delivery, self.clock())

    async def report(self, plan: Plan, window: Window, *, fresh: bool = False) -> GroupReport | Why:
        """The figures of a plan's group, or why there are none; `fresh` is about assignments.

        Raises ExecError and StorageError.
        """
        group = await self.group(plan.group_id)
        if group is None:
            return Why.GROUP_GONE
        rosters = await self.rosters.of((group.id,), purpose=PURPOSE)
        ids = rosters[group.id].users
        people = await self._members(ids)
        if not people:
            return Why.EMPTY_GROUP
        since = await self._known_since(window)
        period = Period("", window.zone, since or window.interval.start, window.interval.end)
        whole = await self.sessions.whole(
            ResolvedQuery(None, names=(group,), period=period), purpose=PURPOSE
        )
        wanted = Part.ASSIGNMENTS in parts_of(plan)
        listed = None
        if wanted:
            listed = await self.assignments.of(group.id, ids, purpose=PURPOSE, fresh=fresh)
        digest = await asyncio.to_thread(
            group_digest,
            people,
            whole.rows,
            None if listed is None else listed.tasks,
            window,
            known_since=since,
            opted_out=await self.coaches.unnamed(ids),
        )
        return GroupReport(
            name=group.name,
            people=people,
            rows=whole.rows,
            digest=digest,
            as_of=whole.as_of,
            checked_at=whole.checked_at,
            roster_as_of=if_older(rosters[group.id].as_of, whole.as_of),
            tasks_as_of=None if listed is None else listed.as_of,
        )

    def view(
        self,
        report: GroupReport,
        plan: Plan,
        *,
        id_: str | None = None,
        late: datetime | None = None,
        sent_by: str | None = None,
    ) -> DigestView:
        return DigestView(
            id=id_,
            group=report.name,
            report=report.digest,
            as_of=report.as_of,
            checked_at=report.checked_at,
            parts=parts_of(plan),
            late=late,
            sent_by=sent_by,
            roster_as_of=report.roster_as_of,
            tasks_as_of=if_older(report.tasks_as_of, report.as_of),
        )

    async def details(self, one: Subscription, delivery: Delivery, start: int) -> DetailsView | Why:
        """Everyone behind a digest, however long ago it was posted, by what is held now."""
        window = self.window(one.plan, delivery)
        report = await self.report(one.plan, window)
        if isinstance(report, Why):
            return report
        people = await asyncio.to_thread(
            each_person, report.people, report.rows, window.interval, since=report.digest.since
        )
        return DetailsView(
            id=delivery.id,
            title=report.name,
            window=window,
            people=people,
            as_of=report.as_of,
            checked_at=report.checked_at,
            start=start,
        )

    async def counted(self, one: Subscription, delivery: Delivery) -> CountedView | Why:
        """How a digest was counted."""
        report = await self.report(one.plan, self.window(one.plan, delivery))
        if isinstance(report, Why):
            return report
        return CountedView(
            group=report.name,
            report=report.digest,
            as_of=report.as_of,
            checked_at=report.checked_at,
            roster_as_of=report.roster_as_of,
            tasks_as_of=report.tasks_as_of,
        )

    async def group(self, group_id: str) -> Named | None:
        """A group by its id; None if Exec has no such group any more."""
        found = await self._listed(group_id)
        if found is None and await self.catalogue.refresh_after_miss(Kind.GROUP):
            found = await self._listed(group_id)
        return found

    async def _listed(self, group_id: str) -> Named | None:
        groups = await self.catalogue.items(Kind.GROUP)
        return next((group for group in groups if group.id == group_id), None)

    async def _members(self, ids: frozenset[str]) -> tuple[Member, ...]:
        found = {each.id: each for each in await self.catalogue.members() if each.id in ids}
        if found.keys() != ids and await self.catalogue.refresh_after_miss("member"):
            found = {each.id: each for each in await self.catalogue.members() if each.id in ids}
        unlisted = ids - found.keys()
        if unlisted:
            # A roster is older than the list of people may be: who left is in it still.
            unlisted -= {each.id for each in await self.catalogue.left_people()}
        # Who joined after a long list was read still counts in the roster.
        new = [Member(id_, "", "Someone new") for id_ in sorted(unlisted)]
        return (*found.values(), *new)

    async def _known_since(self, window: Window) -> datetime | None:
        """From when on everybody's sessions are held; None if not even those of the interval.

        Everybody's sessions of the weeks shown are read first: then no group asks for its own.
        """
        first = weeks_up_to(window.interval.end, WEEKS, window.zone)[0][1].start
        start = min(first, window.before.start)
        await self._hold(start, window)
        end = instant(window.interval.end)
        coverage = (await self.held.known(0, end)).get(ALL, Coverage())
        gaps = coverage.gaps(0, end)
        since = gaps[-1].end if gaps else 0
        return None if since >= end else moment(since)

    async def _hold(self, start: datetime, window: Window) -> None:
        """Let the mirror hold everybody's sessions since then; many digests share a reading."""
        period = Period("", window.zone, start, window.interval.end)
        async with self._turn:
            read_at = self._read_at.get(start)
            if read_at is not None and timedelta() <= self.clock() - read_at < SHARED_FOR:
                return
            await self.sessions.whole(ResolvedQuery(None, period=period), purpose=PURPOSE)
            self._read_at.clear()
            self._read_at[start] = self.clock()


def parts_of(plan: Plan) -> frozenset[Part]:
    """What the digest of a plan holds besides its figures; everything where none is said."""
    if not plan.contents:
        return frozenset(Part)
    return frozenset(part for part in Part if part.value in plan.contents)


def with_parts(plan: Plan, parts: frozenset[Part]) -> Plan:
    """The plan with exactly these parts."""
    return replace(plan, contents=(FIGURES, *(part.value for part in Part if part in parts)))
