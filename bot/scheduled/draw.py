"""Scheduled messages: answers to stored questions, by what their owner can see at that time.

Reports with a message of their own (digest, coach's list, own week, alerts) add the function that
draws it to `app.scheduled`. The answer to any other question is posted like a shared answer.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.ask.prepare import Mode
from bot.ask.public import names_few
from bot.ask.question import Question
from bot.errors import NotAllowed, NotFound, NotRead, Sentence, SlackError, UserError
from bot.exec.budget import Purpose
from bot.language.locale import written_for
from bot.language.query import ResolvedQuery
from bot.messages.blocks import Message
from bot.messages.render import Drawable, View, draft
from bot.people.access import Asker, Visibility
from bot.people.audit import Look
from bot.reports._prepared import PreparedQuestion
from bot.reports._report import ENOUGH_PEOPLE, AnyReport
from bot.reports.digest import REPORT as DIGEST
from bot.reports.intervals import Periods, period_of
from bot.scheduled.outbox import (
    PERMANENT,
    REASONS,
    Delivery,
    DeliveryKind,
    Drawn,
    Reason,
    State,
    Unsent,
)
from bot.scheduled.stored_words import OTHERS, resolve, title
from bot.scheduled.subscriptions import Subscription

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger(__name__)

# A drawn message, and the facts in it that are stored with the delivery.
Drawing: TypeAlias = tuple[Drawable, list[Any] | None]
# Draws the message of a delivery; with Mode.QUESTION it is a preview for the asker alone. Raises
# Unsent, Nothing, UserError, ExecError, SlackError and StorageError.
DrawDelivery: TypeAlias = Callable[[Asker, Delivery, Mode], Awaitable[Drawing]]

# The titles of messages to their owner alone.
PERSONAL = {"coach": "Your message about your people", "me": "Your own week"}


@dataclass(frozen=True, slots=True)
class Line:
    """A subscription in words.

    `title` is a group or a question. `place` is a channel, "" for a message to the owner. `last` is
    the newest delivery. `trouble` says why that wasn't sent, or why the subscription is paused.
    """

    sub: Subscription
    title: str
    place: str
    owner: str
    last: Delivery | None
    trouble: Sentence | None


# Drawing


async def draw(app: App, row: Delivery) -> Drawn:
    """The message of a delivery, by what its owner can see now, and the facts in it."""
    asker = await owner_of(app, row)
    if not row.is_personal:
        await check_place(app, row)
    with written_for(await app.people.locale(row.team_id, row.place)):
        view, facts = await draw_for(app, asker, row, Mode.DUE)
        return app.messages.message(view), facts


async def draw_for(app: App, asker: Asker, row: Delivery, mode: Mode) -> Drawing:
    """The message of a delivery, by what `asker` can see."""
    draw_own = app.scheduled.get(row.words.partition(" ")[0])
    if draw_own is not None:
        return await draw_own(asker, row, mode)
    question = await question_of(app, asker, row)
    if names_few(question.resolved):
        raise Unsent(Reason.FEW)
    try:
        found = await app.answerer.posted(
            asker, row.words, at=row.planned_at, zone=row.zone, mode=mode
        )
    except NotAllowed:
        raise Unsent(Reason.FEW) from None
    await app.audit.note(await app.answerer.look(asker, found))
    owner = await owner_name(app, row.team_id, row.owner_id)
    values = _delivery_values(app, asker, row, mode)
    return draft("posted", **found.values, owner=owner, **values), None


async def draw_digest(app: App, asker: Asker, row: Delivery, mode: Mode) -> Drawing:
    """A group's digest for its channel."""
    query = (await question_of(app, asker, row)).resolved
    prepared = await prepare(app, query, DIGEST, row.periods(app.clock()), mode)
    if len(prepared.subject.present) < ENOUGH_PEOPLE:
        raise Unsent(Reason.FEW)
    found = await DIGEST.figures(prepared)
    named = frozenset(each.member_id for each in found.bests)
    await app.audit.note(Look(asker, DIGEST.name, named))
    values = _delivery_values(app, asker, row, mode)
    return draft("digest", f=found, q=prepared, group=query.names[0].name, **values), None


async def prepare(
    app: App, query: ResolvedQuery, report: AnyReport, periods: Periods, mode: Mode
) -> PreparedQuestion:
    """A report's question about fixed periods, prepared."""
    return await app.preparer.prepare(
        replace(query, period=period_of(periods.interval, periods.zone)),
        periods.zone,
        needs=report.needs,
        mode=mode,
        now=periods.now,
        periods=periods,
    )


def _delivery_values(app: App, asker: Asker, row: Delivery, mode: Mode) -> dict[str, Any]:
    """A message's id (None in a preview), its subscription, when it was due if it is late, and who
    sent it."""
    return {
        "id": None if mode is Mode.QUESTION else row.id,
        "subscription_id": row.subscription_id,
        "late": row.late(app.clock()),
        "sent_by": asker.name if row.kind is DeliveryKind.NOW else None,
    }


# Rights, checked at each attempt


async def owner_of(app: App, row: Delivery) -> Asker:
    """The owner of a delivery. Raises Unsent if they can't see anything, and NotRead while the
    members of their groups are unknown."""
    try:
        asker = await app.people.asker(row.team_id, row.owner_id)
        seen = await app.coaching.visibility(asker)
    except (NotFound, NotAllowed):
        raise Unsent(Reason.OWNER) from None
    if seen.unsure and not seen.everyone:
        await app.lists.use_teams(seen.unsure, Purpose.DUE)
        if (await app.coaching.visibility(asker)).unsure:
            raise NotRead("the members of the group")
    return asker


async def question_of(app: App, asker: Asker, row: Delivery) -> Question:
    """The question of a delivery. Raises Unsent if its owner can't ask it anymore."""
    try:
        question = await resolve(app, row.team_id, row.words)
    except UserError:
        raise Unsent(Reason.GONE) from None
    if not may_ask(await app.coaching.visibility(asker), question.resolved):
        raise Unsent(Reason.OWNER)
    return question


def may_ask(seen: Visibility, query: ResolvedQuery) -> bool:
    """Whether somebody can ask a whole question, assuming that the members of their groups, if
    unknown, are the people in it."""
    unsure_of_people = query.people is not None and bool(seen.unsure)
    is_theirs = seen.covers(query.people, query.groups)
    return is_theirs or unsure_of_people or seen.is_unsure_of(query.groups)


async def check_place(app: App, row: Delivery) -> None:
    """Raises Unsent if practice can't be posted in a channel, and SlackError."""
    try:
        channel = await app.audiences.count(row.team_id, row.place)
    except SlackError as error:
        if error.code in PERMANENT:
            raise Unsent(Reason.CHANNEL) from None
        raise
    if channel.is_barred:
        raise Unsent(Reason.READERS)


# Subscriptions in words


async def failure_notice(app: App, row: Delivery, reason: Reason) -> Delivery | None:
    """The notice to the owner of a failed delivery; None if there is no subscription, or if this
    bot wasn't running, which only the list says."""
    one = await app.subscriptions.find(row.subscription_id)
    if one is None or reason is Reason.LATE:
        return None
    why, remedy = REASONS[reason]
    if remedy and row.kind is DeliveryKind.SCHEDULED:
        one = replace(one, next_at=None)
    line = await describe(app, one)
    if reason is Reason.OWNER and not one.is_personal:
        line = replace(line, title=OTHERS)
    names = {"place": line.place, "owner": line.owner}
    view = draft(
        "subscription_trouble",
        line=line,
        why=Sentence(why, names),
        remedy=Sentence(remedy or "The next one is sent as planned.", names),
        reason=reason,
        due=row.planned_at,
        now=app.clock(),
    )
    with written_for(await app.people.locale(row.team_id, row.owner_id)):
        return one_time(app, row.team_id, row.owner_id, app.messages.message(view))


async def describe(app: App, one: Subscription, reader: Visibility | None = None) -> Line:
    """A subscription in words, without names that the `reader` can't see."""
    name, last = PERSONAL.get(one.report), await app.outbox.newest(one.id)
    place = "" if one.is_personal else await app.audiences.name(one.place)
    owner = await owner_name(app, one.team_id, one.owner_id)
    reason = one.reason or (last.reason if last and last.state is State.FAILED else "")
    why = REASONS[Reason(reason)].why if reason else ""
    return Line(
        one,
        title=name or await title(app, one.team_id, one.words, reader),
        place=place,
        owner=owner,
        last=last,
        trouble=Sentence(why, {"place": place, "owner": owner}) if why else None,
    )


async def owner_name(app: App, team_id: str, user_id: str) -> str:
    """The name of an account."""
    try:
        return (await app.people.account(team_id, user_id)).name
    except (NotFound, SlackError):
        return "someone"  # Slack is down or hides the account


# Messages that are sent once


def one_time(app: App, team_id: str, place: str, message: Message, **values: Any) -> Delivery:
    """A delivery of this message now, to an account or a channel."""
    now = app.clock()
    usual = {"id": secrets.token_hex(12), "kind": DeliveryKind.ONE_TIME, "owner_id": place}
    return Delivery(
        team_id=team_id,
        place=place,
        planned_at=now,
        try_at=now,
        message=message.body,
        **usual | values,
    )


async def send_once(app: App, team_id: str, place: str, view: View, **values: Any) -> State:
    """Send a message to an account or a channel now, once per id. Returns the state of its
    delivery.

    POSTING: Slack may have accepted it, which is looked up in a minute. FAILED: Slack hasn't.
    Raises StorageError.
    """
    try:
        with written_for(await app.people.locale(team_id, place)):
            message = app.messages.message(view)
        return await app.outbox.send(one_time(app, team_id, place, message, **values))
    except SlackError as error:
        log.warning("a message wasn't sent: %s", error.code)
        return State.FAILED
