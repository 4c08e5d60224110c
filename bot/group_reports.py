"""A group's digest: for its channel, for a preview, and the question behind its details."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.access import Asker
from bot.language.days import zone_of
from bot.language.query import Kind, Named, ResolvedQuery
from bot.language.text import quoted
from bot.messages.render import Draft, draft
from bot.outbox.deliveries import Delivery, DeliveryKind
from bot.outbox.due import window_of
from bot.outbox.plans import Plan, Subscription
from bot.outbox.reasons import NotSentReason
from bot.people.accounts import People
from bot.people.audit import Audit, Look
from bot.people.directory import Directory
from bot.prepare import Mode, Preparer
from bot.reports._asked import Asked
from bot.reports.digest import REPORT, Digest, DigestPart
from bot.reports.intervals import Window, period_of

FIGURES = "figures"  # the contents of a plan that has no part besides the figures
MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class GroupReports:
    """Methods that read raise ExecError if Exec is needed and away, and StorageError."""

    preparer: Preparer
    directory: Directory
    people: People
    audit: Audit
    clock: Callable[[], datetime]

    async def build(self, one: Subscription, delivery: Delivery) -> Draft | NotSentReason:
        """The message of a delivery, or why there is none."""
        asked = await self._asked(one.plan, delivery, Mode.DUE)
        if isinstance(asked, NotSentReason):
            return asked
        sent_by = None
        asker = await self.people.asker(one.team_id, delivery.asked_by or one.owner_id)
        if delivery.kind is DeliveryKind.NOW:
            sent_by = asker.name
        late = delivery.at if delivery.is_late(self.clock()) else None
        return await self._draft(asker, one.plan, asked, delivery.id, late, sent_by)

    async def preview(self, asker: Asker, one: Subscription) -> Draft | NotSentReason:
        """The message as it would be now, shown to `asker`."""
        asked = await self._asked(one.plan, None, Mode.QUESTION)
        if isinstance(asked, NotSentReason):
            return asked
        return await self._draft(asker, one.plan, asked)

    async def _asked(
        self, plan: Plan, delivery: Delivery | None, mode: Mode
    ) -> Asked | NotSentReason:
        """What a delivery is about; without one, the newest whole period."""
        group = await self.group(plan.group_id)
        if group is None:
            return NotSentReason.GROUP_GONE
        window = self.window(plan, delivery)
        query = ResolvedQuery(None, (group,), period=period_of(window.interval, window.zone))
        asked = await self.preparer.prepare(
            query, window.zone, needs=REPORT.needs, mode=mode, now=window.now, periods=window
        )
        return asked if asked.subject.present else NotSentReason.EMPTY_GROUP

    async def _draft(
        self,
        asker: Asker,
        plan: Plan,
        asked: Asked,
        id_: str | None = None,
        late: datetime | None = None,
        sent_by: str | None = None,
    ) -> Draft:
        parts = plan_parts(plan)
        found: Digest = await REPORT.figures(asked)
        if DigestPart.BESTS not in parts:
            found = replace(found, bests=())
        await self.audit.note(Look(asker, "team", frozenset(x.member_id for x in found.bests)))
        return draft(
            "digest",
            f=found,
            q=asked,
            group=asked.query.names[0].name,
            parts=parts,
            id=id_,
            late=late,
            sent_by=sent_by,
        )

    def window(self, plan: Plan, delivery: Delivery | None = None) -> Window:
        """What a delivery reports on; without one, the newest whole period."""
        return window_of(plan, delivery, self.clock())

    def details(self, plan: Plan, delivery: Delivery, group: Named | None) -> str:
        """The question about the period of a digest: of its group, or else of the reader alone."""
        window = self.window(plan, delivery)
        zone = zone_of(window.zone)
        first = window.interval.start.astimezone(zone).date()
        last = (window.interval.end - MOMENT).astimezone(zone).date()
        dates = f"{first.isoformat()}..{last.isoformat()}"
        return f"sessions me {dates}" if group is None else f"team group:{quoted(group.id)} {dates}"

    async def group(self, group_id: str) -> Named | None:
        """A group by its id; None if Exec has no such group any more."""
        groups = await self.directory.items(Kind.GROUP)
        return next((group for group in groups if group.id == group_id), None)


def plan_parts(plan: Plan) -> frozenset[DigestPart]:
    """The parts that a plan's digest has besides its figures; all if the plan names none."""
    if not plan.contents:
        return frozenset(DigestPart)
    return frozenset(part for part in DigestPart if part.value in plan.contents)


def with_parts(plan: Plan, parts: frozenset[DigestPart]) -> Plan:
    """The plan with exactly these parts."""
    return replace(plan, contents=(FIGURES, *(part.value for part in DigestPart if part in parts)))
