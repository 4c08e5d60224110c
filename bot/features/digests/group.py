"""A group's digest: for its channel, for a preview, and for its details."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.access import Asker, Visibility
from bot.facts import Mode, ReadFacts, Sources
from bot.language.query import Kind, Member, Named, ResolvedQuery
from bot.outbox.deliveries import Delivery, DeliveryKind
from bot.outbox.due import window_of
from bot.outbox.plans import Plan, Subscription
from bot.outbox.reasons import NotSentReason
from bot.people.accounts import People
from bot.people.audit import Audit, Look
from bot.people.directory import Directory
from bot.rendering.digest_views import (
    DetailsView,
    DigestPart,
    DigestView,
    OwnShareView,
)
from bot.reports.digest import GroupDigest, digest_for
from bot.reports.each_person import each_person
from bot.reports.facts import Practice
from bot.reports.freshness import Freshness
from bot.reports.intervals import Window, period_of
from bot.reports.team import REPORT as TEAM

# A plan's contents that hold nothing besides the figures.
FIGURES = "figures"


@dataclass(frozen=True, slots=True)
class GroupReport:
    """A group's figures, and what they were computed from: `people` were in it when the window
    ended."""

    name: str
    people: tuple[Member, ...]
    practice: Practice
    freshness: Freshness
    digest: GroupDigest


@dataclass(frozen=True, slots=True)
class GroupReports:
    """Those that raise say so: ExecError when Exec is needed and away, and StorageError."""

    sources: Sources
    directory: Directory
    people: People
    audit: Audit
    clock: Callable[[], datetime]

    async def build(self, one: Subscription, delivery: Delivery) -> DigestView | NotSentReason:
        """The message of a delivery, or why there is none. Raises ExecError and StorageError."""
        report = await self.report(one.plan, self.window(one.plan, delivery), fresh=True)
        if isinstance(report, NotSentReason):
            return report
        sent_by = None
        if delivery.kind is DeliveryKind.NOW:
            sent_by = (await self.people.asker(one.team_id, delivery.asked_by)).name
        view = self.view(
            report,
            one.plan,
            id_=delivery.id,
            late=delivery.at if delivery.is_late(self.clock()) else None,
            sent_by=sent_by,
        )
        if view.named:
            asker = await self.people.asker(one.team_id, delivery.asked_by or one.owner_id)
            await self.audit.note(Look(asker, TEAM.name, view.named))
        return view

    async def preview(self, asker: Asker, one: Subscription) -> DigestView | NotSentReason:
        """The message as it would be now, shown to `asker`. Raises as `build`."""
        report = await self.report(one.plan, self.window(one.plan))
        if isinstance(report, NotSentReason):
            return report
        view = self.view(report, one.plan)
        await self.audit.note(Look(asker, TEAM.name, view.named))
        return view

    def window(self, plan: Plan, delivery: Delivery | None = None) -> Window:
        """What a delivery reports on; without one, the newest whole period."""
        return window_of(plan, delivery, self.clock())

    async def report(
        self, plan: Plan, window: Window, *, fresh: bool = False
    ) -> GroupReport | NotSentReason:
        """The figures of a plan's group, or why there are none; `fresh`: for a message that
        is due, with the assignments of now.

        Raises ExecError and StorageError.
        """
        group = await self.group(plan.group_id)
        if group is None:
            return NotSentReason.GROUP_GONE
        query = ResolvedQuery(None, (group,), period=period_of(window.interval, window.zone))
        mode: Mode = "due" if fresh else "question"
        facts = ReadFacts(self.sources, query, window.zone, mode, now=window.now)
        people = (await facts.people()).everyone
        if not people:
            return NotSentReason.EMPTY_GROUP
        digest = await digest_for(facts, with_tasks=DigestPart.ASSIGNMENTS in plan_parts(plan))
        practice = await facts.sessions(of_people=True, before=True)
        return GroupReport(group.name, people, practice, facts.freshness, digest)

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
            freshness=report.freshness,
            parts=plan_parts(plan),
            late=late,
            sent_by=sent_by,
        )

    async def details(
        self,
        asker: Asker,
        one: Subscription,
        delivery: Delivery,
        visibility: Visibility,
        start: int,
    ) -> DetailsView | NotSentReason:
        """The people behind a digest whom `asker` may see now, from what is stored now. The
        digest may be old."""
        window = self.window(one.plan, delivery)
        report = await self.report(one.plan, window)
        if isinstance(report, NotSentReason):
            return report
        seen = [each for each in report.people if visibility.covers((each,))]
        people = await asyncio.to_thread(
            each_person,
            seen,
            report.practice.all_rows,
            window.interval,
            since=report.digest.since,
        )
        view = DetailsView(
            id=delivery.id,
            title=report.name,
            window=window,
            people=people,
            freshness=report.freshness,
            start=start,
        )
        await self.audit.note(Look(asker, TEAM.name, view.named))
        return view

    async def own_share(
        self, one: Subscription, delivery: Delivery, reader: Member | None
    ) -> OwnShareView | NotSentReason:
        """What a digest shows to everybody, beside the figures of one of those who read it."""
        window = self.window(one.plan, delivery)
        report = await self.report(one.plan, window)
        if isinstance(report, NotSentReason):
            return report
        own = [each for each in report.people if reader is not None and each.id == reader.id]
        found = each_person(
            own, report.practice.all_rows, window.interval, since=report.digest.since
        )
        return OwnShareView(self.view(report, one.plan), next(iter(found), None))

    async def group(self, group_id: str) -> Named | None:
        """A group by its id; None if Exec has no such group any more."""
        groups = await self.directory.items(Kind.GROUP)
        return next((group for group in groups if group.id == group_id), None)


def plan_parts(plan: Plan) -> frozenset[DigestPart]:
    """The parts that a plan's digest has besides its figures; all where the plan names none."""
    if not plan.contents:
        return frozenset(DigestPart)
    return frozenset(part for part in DigestPart if part.value in plan.contents)


def with_parts(plan: Plan, parts: frozenset[DigestPart]) -> Plan:
    """The plan with exactly these parts."""
    return replace(plan, contents=(FIGURES, *(part.value for part in DigestPart if part in parts)))
