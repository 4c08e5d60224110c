"""What stands in the form of a digest, and the schedule that it makes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.commands.group_digest import parts_of
from bot.errors import UserError
from bot.language.schedule import Schedule
from bot.language.schedule_words import read, words
from bot.language.zones import zones_named, zones_near
from bot.outbox.due import schedule_of
from bot.outbox.plans import Plan
from bot.rendering.digest_views import Part
from bot.slack.modals import values_of


@dataclass(frozen=True, slots=True)
class Fields:
    """What stands in the form. `group` is an id or a name as typed, `zone` as typed. `question`
    takes the group's place where the form is not about a group's digest; None where it is."""

    group: str
    channel_id: str
    zone: str
    rhythm: str = "every monday"
    clock: str = "09:00"
    parts: frozenset[Part] = frozenset(Part)
    question: str | None = None


def fields_of_view(view: Mapping[str, Any]) -> Fields:
    values = values_of(view)
    chosen = values.get("parts") or ()
    return Fields(
        group=str(values.get("group") or ""),
        channel_id=str(values.get("channel") or ""),
        zone=str(values.get("zone") or ""),
        rhythm=str(values.get("rhythm") or ""),
        clock=str(values.get("clock") or ""),
        parts=frozenset(part for part in Part if part.value in chosen),
        question=str(values["question"] or "") if "question" in values else None,
    )


def fields_of_plan(plan: Plan) -> Fields:
    schedule = schedule_of(plan)
    clock = f"{schedule.clock.hour}:{schedule.clock.minute:02}"
    return Fields(
        group=plan.group_id,
        channel_id=plan.place,
        zone=plan.zone,
        rhythm=words(schedule, zone=False).replace(f" {clock}", "", 1),
        clock=f"{schedule.clock:%H:%M}",
        parts=parts_of(plan),
    )


def schedule_of_fields(fields: Fields, now: datetime) -> Schedule:
    """The schedule that the fields make. Raises UserError."""
    named = zones_named(fields.zone)
    if len(named) != 1:
        near = named or zones_near(fields.zone)
        hint = f" Did you mean {' or '.join(near)}?" if near else " Write it like Europe/Berlin."
        raise UserError("I don't know the time zone *{zone}*." + hint, zone=fields.zone)
    return read(f"{fields.rhythm} {fields.clock}", now=now, zone=named[0]).schedule
