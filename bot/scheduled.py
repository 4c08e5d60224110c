"""Scheduled messages: the answer to a stored question, by what its owner may see when it comes.

Each report that has a form of its own (a group's digest, a coach's list, one's own week, alerts)
adds what draws it to `app.scheduled`; the answer to any other question is posted as it is shared.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from bot.access import Asker, Visibility
from bot.errors import NotAllowed, NotFound, NotRead, Sentence, SlackError, UserError
from bot.exec_api.budget import Job
from bot.language.locale import written_for
from bot.language.query import ResolvedQuery
from bot.language.schedule_words import spoken_schedule
from bot.messages.blocks import Message
from bot.messages.render import Drawable, View, draft
from bot.outbox import (
    PAUSING,
    PERMANENT,
    Delivery,
    Drawn,
    Kind,
    Reason,
    State,
    Unsent,
)
from bot.people.audience import Audience
from bot.people.audit import Look
from bot.prepare import Mode
from bot.question import Question
from bot.reports.digest import REPORT as DIGEST
from bot.reports.digest import Digest
from bot.reports.intervals import period_of
from bot.stored_words import OTHERS, is_of_few, resolve, title
from bot.subscriptions import Subscription

if TYPE_CHECKING:
    from bot.app import App


class Facts(NamedTuple):
    """A message that isn't rendered yet, and the facts in it."""

    view: Drawable
    facts: list[Any] | None = None


class Draws(Protocol):
    """Draws the message of a delivery. With Mode.QUESTION it is a preview, for the asker alone.

    Raises Unsent, Nothing, UserError, ExecError, SlackError and StorageError.
    """

    async def __call__(self, asker: Asker, delivery: Delivery, mode: Mode) -> Facts: ...


class Why(NamedTuple):
    """Why something isn't sent, and what its owner can do, with `{place}` and `{command}`."""

    why: str
    remedy: str = ""


_NEXT = "The next one comes as planned."
OWN_REMEDY = "Once that has changed, `{command} coach digest resume` brings it back."
REASONS: Mapping[Reason, Why] = MappingProxyType(
    {
        Reason.CHANNEL: Why(
            "I'm not in {place}, or I can't post there anymore.",
            "Invite me with `/invite` or choose another channel, then press Resume.",
        ),
        Reason.READERS: Why(
            "Guests, people from another company or more than 200 people read {place}, so I don't "
            "post practice results there.",
            "Choose another channel, or press Resume once that has changed.",
        ),
        Reason.OWNER: Why(
            "{owner} can't see this practice anymore.",
            "An admin can set it up again, or give the people back with `{command} coach add`.",
        ),
        Reason.GONE: Why(
            "The group or the people that it is about are gone from Exec.",
            "Edit it to ask about something else, or remove it.",
        ),
        Reason.FEW: Why(
            "It would be about fewer than three people, and a channel hears only about three or "
            "more.",
            "Edit it to ask about more people, or remove it.",
        ),
        Reason.EXEC: Why("I couldn't reach Exec for a day.", _NEXT),
        Reason.SLACK: Why("Slack didn't take it for a day.", _NEXT),
        Reason.UNKNOWN: Why(
            "Slack didn't say whether it arrived, and I couldn't look it up. I didn't send it "
            "again, so that it never comes twice.",
            _NEXT,
        ),
        Reason.BROKEN: Why(
            "Something went wrong on my side. The log of whoever runs me says more.", _NEXT
        ),
        Reason.LATE: Why("I wasn't running when it was due, and it is too old now.", _NEXT),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """A subscription as people read it.

    `title` is a group, or a question in words; "" for a message about the owner or their people.
    `place` is a channel, or the owner's name. The zone `follows` the owner's Slack profile. `last`
    is its newest delivery, and `trouble` why that wasn't sent, or why the subscription is paused.
    """

    id: str
    report: str
    title: str
    place: str
    when: str
    zone: str
    owner: str
    follows: bool
    is_paused: bool
    upcoming: tuple[Any, ...]
    last: Delivery | None
    trouble: Sentence | None


# Drawing


async def draw(app: App, row: Delivery) -> Drawn:
    """The message of a delivery by its owner's rights now."""
    asker = await owner_of(app, row)
    if not row.is_personal:
        await check_place(app, row)
    with written_for(await app.people.locale(row.team_id, row.place)):
        found = await facts_of(app, asker, row, Mode.DUE)
        return Drawn(app.messages.message(found.view), found.facts)


async def facts_of(app: App, asker: Asker, row: Delivery, mode: Mode) -> Facts:
    """What a delivery tells."""
    draws = app.scheduled.get(row.words.partition(" ")[0])
    if draws is not None:
        return await draws(asker, row, mode)
    question = await question_of(app, asker, row)
    if is_of_few(question.resolved):
        raise Unsent(Reason.FEW)
    try:
        found = await app.answerer.posted(
            asker, row.words, at=row.planned_at, zone=row.zone, mode=mode
        )
    except NotAllowed:
        raise Unsent(Reason.FEW) from None
    await app.audit.note(Look(asker, found.report.name, found.named))
    owner = await owner_name(app, row.team_id, row.owner_id)
    return Facts(draft("posted", **found.values, owner=owner, **_how(app, asker, row, mode)))


async def draw_digest(app: App, asker: Asker, row: Delivery, mode: Mode) -> Facts:
    """A group's period, as its channel sees it."""
    question = await question_of(app, asker, row)
    window = row.window(app.clock())
    period = period_of(window.interval, window.zone)
    asked = await app.preparer.prepare(
        replace(question.resolved, period=period),
        window.zone,
        needs=DIGEST.needs,
        mode=mode,
        now=window.now,
        periods=window,
    )
    if not asked.subject.present:
        raise Unsent(Reason.FEW)
    found: Digest = await DIGEST.figures(asked)
    named = frozenset(each.member_id for each in found.bests)
    await app.audit.note(Look(asker, DIGEST.name, named))
    group = asked.query.names[0].name
    return Facts(draft("digest", f=found, q=asked, group=group, **_how(app, asker, row, mode)))


def _how(app: App, asker: Asker, row: Delivery, mode: Mode) -> dict[str, Any]:
    """How a message came: its id (None in a preview), whether it is late, and who sent it."""
    return {
        "id": None if mode is Mode.QUESTION else row.id,
        "late": row.late(app.clock()),
        "sent_by": asker.name if row.kind is Kind.NOW else None,
    }


def is_digest(words: str) -> bool:
    """Whether stored words are those of a group's digest."""
    return words.partition(" ")[0] == DIGEST.name


# Rights, judged at each attempt


async def owner_of(app: App, row: Delivery) -> Asker:
    """Who a message is for, or who posts it. Raises Unsent for somebody who sees nothing."""
    try:
        asker = await app.people.admitted(row.team_id, row.owner_id)
        seen = await app.coaching.reach(asker)
    except (NotFound, NotAllowed):
        raise Unsent(Reason.OWNER) from None
    if seen.unsure:
        await app.lists.use_teams(seen.unsure, Job.DUE)
        if (await app.coaching.reach(asker)).unsure:
            raise NotRead("who is in the group")
    return asker


async def question_of(app: App, asker: Asker, row: Delivery) -> Question:
    """The question of a delivery. Raises Unsent if its owner can't ask it, or nobody can."""
    try:
        question = await resolve(app, row.team_id, row.words)
    except UserError:
        raise Unsent(Reason.GONE) from None
    if not may_ask(await app.coaching.reach(asker), question.resolved):
        raise Unsent(Reason.OWNER)
    return question


def may_ask(seen: Visibility, asked: ResolvedQuery) -> bool:
    """Whether somebody may have an answer to all of a question, as soon as it is known who is in
    their groups."""
    unsure_of_people = asked.people is not None and bool(seen.unsure)
    is_theirs = seen.covers(asked.people, asked.groups)
    return is_theirs or unsure_of_people or seen.is_unsure_of(asked.groups)


async def check_place(app: App, row: Delivery) -> None:
    """Raises Unsent if practice can't be posted in a channel, and SlackError."""
    try:
        there = await app.audiences.place(row.team_id, row.place)
    except SlackError as error:
        if error.code in PERMANENT:
            raise Unsent(Reason.CHANNEL) from None
        raise
    if is_barred(there):
        raise Unsent(Reason.READERS)


def is_barred(there: Audience) -> bool:
    """Whether somebody in a channel can't see practice results, or nobody can tell."""
    return there.shared or bool(there.guests) or there.crowded


# What people read about subscriptions


async def tell(app: App, row: Delivery, reason: Reason) -> Message | None:
    """What an owner reads about a delivery that failed; None if it isn't of a subscription."""
    one = await app.subscriptions.find(row.subscription_id)
    if one is None or row.kind not in (Kind.SCHEDULED, Kind.NOW):
        return None
    told = await describe(app, one)
    if reason is Reason.OWNER and told.title:
        told = replace(told, title=OTHERS)
    remedy = REASONS[reason].remedy
    if one.report == "coach" and reason in PAUSING:
        remedy = OWN_REMEDY
    view = draft(
        "subscription_trouble",
        sub=told,
        why=sentence(REASONS[reason].why, told),
        remedy=sentence(remedy, told),
        reason=reason,
        due=row.planned_at,
        now=app.clock(),
    )
    with written_for(await app.people.locale(row.team_id, row.owner_id)):
        return app.messages.message(view)


def sentence(pattern: str, told: Line) -> Sentence:
    """A sentence about a subscription."""
    return Sentence(pattern, {"place": told.place, "owner": told.owner})


async def describe(app: App, one: Subscription, reader: Visibility | None = None) -> Line:
    """A subscription in words. A `reader` gets no name that isn't theirs to see."""
    owner = await owner_name(app, one.team_id, one.owner_id)
    place = owner if one.is_personal else await app.audiences.name(one.place)
    last = await app.outbox.newest(one.id)
    told = Line(
        id=one.id,
        report=one.report,
        title="" if one.is_personal else await title(app, one.team_id, one.words, reader),
        place=place,
        when=spoken_schedule(one.timing, zone=False),
        zone=one.zone,
        owner=owner,
        follows=one.follows,
        is_paused=one.is_paused,
        upcoming=one.upcoming(app.clock()),
        last=last,
        trouble=None,
    )
    reason = one.reason
    if not reason and last is not None and last.state is State.FAILED:
        reason = last.reason
    if not reason:
        return told
    return replace(told, trouble=sentence(REASONS[Reason(reason)].why, told))


async def owner_name(app: App, team_id: str, user_id: str) -> str:
    """The name of an account."""
    try:
        return await app.people.name(await app.people.account(team_id, user_id))
    except (NotFound, SlackError):
        return "someone"  # Slack doesn't show the account, or not now


# Direct messages


async def send_direct(
    app: App,
    team_id: str,
    to: str,
    view: View,
    *,
    id_: str = "",
    kind: Kind = Kind.TOLD,
    **more: Any,
) -> State:
    """Send a direct message now, once for each id; how that ended.

    `posting`: Slack may have taken it, which is looked up in a minute. `failed`: it certainly
    hasn't. Raises SlackError and StorageError.
    """
    with written_for(await app.people.locale(team_id, to)):
        message = app.messages.message(view)
    now = app.clock()
    row = Delivery(
        id=id_ or secrets.token_hex(12),
        kind=kind,
        team_id=team_id,
        owner_id=more.pop("owner_id", to),
        place=to,
        planned_at=now,
        try_at=now,
        message=message.body,
        **more,
    )
    return await app.outbox.send(row)
