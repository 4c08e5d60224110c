"""A group's digest from what is held: for its channel, for a preview, and for its details."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.access import Asker, Visibility
from bot.exec_api.models import Session
from bot.gather.assignments import Assignments
from bot.gather.rows import if_older, window_of
from bot.language.query import Kind, Member, Named, Period, ResolvedQuery
from bot.mirror.coverage import Coverage
from bot.mirror.held import Held, instant, moment
from bot.mirror.scope import ALL
from bot.mirror.sessions import Sessions
from bot.outbox.deliveries import About, Deliveries, Delivery, DeliveryKind
from bot.outbox.plans import TEAM, Plan, Subscription
from bot.outbox.reasons import Why
from bot.people.audit import Audit, Door, Look
from bot.people.catalogue import Catalogue
from bot.people.people import People
from bot.people.rosters import MAX_AGE, Roster, Rosters
from bot.people.turns import RETRY
from bot.rendering.digest_views import CountedView, DetailsView, DigestView, OwnShareView, Part
from bot.reports.digest import WEEKS, GroupDigest, group_digest
from bot.reports.each_person import each_person
from bot.reports.intervals import Window, weeks_up_to
from bot.reports.recount import Recount, posted, posted_before, read, recount, written
from bot.storage.coaches import Coaches

PURPOSE = "digest"
# Digests of the same minute share a reading of everybody's sessions.
SHARED_FOR = timedelta(minutes=1)
# A plan's contents that hold nothing besides the figures.
FIGURES = "figures"


@dataclass(frozen=True, slots=True)
class GroupReport:
    """A group's figures, and what they were reckoned from: its people and sessions.

    The people are those who were in it when the window ended. `recount` says what of the figures
    before reads otherwise than when it was posted in the same place.

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
    recount: Recount | None


@dataclass(frozen=True, slots=True)
class GroupReports:
    """Those that raise say so: ExecError when Exec is needed and away, and StorageError."""

    catalogue: Catalogue
    rosters: Rosters
    sessions: Sessions
    held: Held
    coaches: Coaches
    deliveries: Deliveries
    assignments: Assignments
    people: People
    audit: Audit
    clock: Callable[[], datetime]
    # When everybody's sessions since then were last read for a digest.
    _read_at: dict[datetime, datetime] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def build(self, one: Subscription, delivery: Delivery) -> DigestView | Why:
        """The message of a delivery, or why there is none. Raises ExecError and StorageError."""
        report = await self.report(one.plan, self.window(one.plan, delivery), fresh=True)
        if isinstance(report, Why):
            return report
        await self.deliveries.keep_figures(delivery, written(posted(report.digest)))
        sent_by = None
        if delivery.kind is DeliveryKind.NOW:
            sent_by = (await self.people.slack_user(one.team_id, delivery.asked_by)).name
        view = self.view(
            report,
            one.plan,
            id_=delivery.id,
            late=delivery.at if delivery.is_late(self.clock()) else None,
            sent_by=sent_by,
        )
        if view.named:
            asker = await self.people.asker(one.team_id, delivery.asked_by or one.owner_id)
            await self.audit.note(Look(delivery.id, asker, TEAM, Door.CLOCK, view.named))
        return view

    async def preview(self, asker: Asker, one: Subscription) -> DigestView | Why:
        """The message as it would be now, shown to `asker`. Raises as `build`."""
        report = await self.report(one.plan, self.window(one.plan))
        if isinstance(report, Why):
            return report
        view = self.view(report, one.plan)
        look = Look(f"preview {one.plan.ask}", asker, TEAM, Door.BUTTON, view.named)
        await self.audit.note_of_day(look)
        return view

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
        roster = await self._roster(group, window)
        membership = await self.rosters.membership(group.id)
        ids = membership.at(window.interval.end)
        people = await self._members(ids)
        if not people:
            return Why.EMPTY_GROUP
        since = await self._known_since(window)
        period = Period("", window.zone, since or window.interval.start, window.interval.end)
        ever = tuple(Member(id_, "", "") for id_ in sorted(membership.ever))
        whole = await self.sessions.whole(ResolvedQuery(ever, period=period), purpose=PURPOSE)
        wanted = Part.ASSIGNMENTS in parts_of(plan)
        listed = None
        if wanted:
            now = roster.people
            listed = await self.assignments.of(group.id, now, purpose=PURPOSE, fresh=fresh)
        digest = await asyncio.to_thread(
            group_digest,
            people,
            whole.rows,
            None if listed is None else listed.tasks,
            window,
            known_since=since,
            opted_out=await self.coaches.unnamed(ids),
            members_at=membership.at,
        )
        return GroupReport(
            name=group.name,
            people=people,
            rows=whole.rows,
            digest=digest,
            as_of=whole.as_of,
            checked_at=whole.checked_at,
            roster_as_of=if_older(roster.as_of, whole.as_of),
            tasks_as_of=None if listed is None else listed.as_of,
            recount=await self._recount(plan, digest),
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
            recount=report.recount,
        )

    async def details(
        self,
        asker: Asker,
        one: Subscription,
        delivery: Delivery,
        visibility: Visibility,
        start: int,
    ) -> DetailsView | Why:
        """Everyone behind a digest whom `asker` may see now, however long ago it was posted, by
        what is held now."""
        window = self.window(one.plan, delivery)
        report = await self.report(one.plan, window)
        if isinstance(report, Why):
            return report
        seen = [each for each in report.people if visibility.covers((each,))]
        people = await asyncio.to_thread(
            each_person, seen, report.rows, window.interval, since=report.digest.since
        )
        view = DetailsView(
            id=delivery.id,
            title=report.name,
            window=window,
            people=people,
            as_of=report.as_of,
            checked_at=report.checked_at,
            start=start,
            left=len(report.people) - len(seen),
        )
        look = Look(f"details {delivery.id}", asker, TEAM, Door.BUTTON, view.named)
        await self.audit.note_of_day(look)
        return view

    async def own_share(
        self, one: Subscription, delivery: Delivery, reader: Member | None
    ) -> OwnShareView | Why:
        """What a digest shows to everybody, beside the figures of one of those who read it."""
        window = self.window(one.plan, delivery)
        report = await self.report(one.plan, window)
        if isinstance(report, Why):
            return report
        own = [each for each in report.people if reader is not None and each.id == reader.id]
        found = each_person(own, report.rows, window.interval, since=report.digest.since)
        return OwnShareView(self.view(report, one.plan), next(iter(found), None))

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
            recount=recount(posted(report.digest), read(delivery.figures), delivery.at),
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

    async def _roster(self, group: Named, window: Window) -> Roster:
        """Who is in the group, as Exec said after the window ended: it counts those people."""
        max_age = min(MAX_AGE, max(RETRY, self.clock() - window.interval.end))
        found = await self.rosters.of((group.id,), purpose=PURPOSE, max_age=max_age)
        return found[group.id]

    async def _members(self, ids: frozenset[str]) -> tuple[Member, ...]:
        """The people with these Exec ids, as they are called; also who has left since."""
        found = await self._listed_people(ids)
        if found.keys() != ids and await self.catalogue.refresh_after_miss("member"):
            found = await self._listed_people(ids)
        # Who joined after a long list was read still counts in the roster.
        new = [Member(id_, "", "Someone new") for id_ in sorted(ids - found.keys())]
        return (*found.values(), *new)

    async def _listed_people(self, ids: frozenset[str]) -> dict[str, Member]:
        present = await self.catalogue.members()
        left = await self.catalogue.left_people()
        return {each.id: each for each in (*left, *present) if each.id in ids}

    async def _recount(self, plan: Plan, digest: GroupDigest) -> Recount | None:
        """What of the period before reads otherwise than when it was posted in the same place."""
        before, zone = digest.window.before, digest.window.zone
        about = About(plan.ask, zone, before.start, before.end)
        last = await self.deliveries.posted(plan.place, about)
        if last is None:
            return None
        return recount(posted_before(digest), read(last.figures), last.at)

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
            if read_at is not None and self.clock() - read_at < SHARED_FOR:
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
