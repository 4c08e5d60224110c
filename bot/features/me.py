"""A person's own week and settings, and what to practice next."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from bot import access
from bot.access import Asker
from bot.answer import Answered, Request
from bot.commands import Command, HelpLine
from bot.errors import NotFound, Pattern, Suggestion, UserError
from bot.handlers import Turn, handler
from bot.language.query import Member, ResolvedQuery
from bot.language.text import first_word
from bot.messages.render import Draft, View, draft, notice
from bot.outbox.deliveries import Delivery
from bot.outbox.due import window_of
from bot.outbox.own_messages import USUAL
from bot.outbox.plans import ME, Subscription
from bot.outbox.reasons import NotSentReason
from bot.prepare import Mode
from bot.question import SHOW_MY_WEEK
from bot.reports import what_next
from bot.reports._asked import Asked
from bot.reports.intervals import Window, is_whole, last_days, period_of
from bot.reports.me import REPORT, OwnWeek

if TYPE_CHECKING:
    from bot.app import App

# What somebody can set, by its word after `me` and as the end of its button's action id: the
# setting, and what is said then.
SETTINGS = {
    "named": ({"hides_name": False}, "Channel digests can name you again for a personal best."),
    "unnamed": (
        {"hides_name": True},
        "Your name won't appear in channel posts, even for a personal best. Your sessions still "
        "count. `{command} me named` undoes this.",
    ),
    "unmuted": ({"mutes_nudges": False}, "Your coaches can nudge you again."),
    "muted": ({"mutes_nudges": True}, "Nudges are muted. Your coaches see that if they try."),
}
LINES = (
    HelpLine(
        ("me", "me unnamed", "me muted"),
        Pattern(
            "Your own week: figures, scenarios, what is due. You can get it every Monday. "
            "`unnamed` hides your name in channel digests, `muted` mutes nudges; `named` and "
            "`unmuted` undo that."
        ),
        "me",
    ),
)
NEXT = HelpLine(what_next.REPORT.forms, Pattern(what_next.REPORT.help), what_next.REPORT.example)
NOT_IN_EXEC = "You aren't in Exec yourself, so there is no practice of yours to show."


@dataclass(frozen=True, slots=True)
class StoredWeek:
    """Somebody's own week as it is stored, and the question it answers."""

    week: OwnWeek
    q: Asked


def register(app: App) -> None:
    """Add the subcommands and the listeners."""
    app.commands.add(Command("me", partial(run, app), LINES, takes=_takes))
    name = what_next.REPORT.name
    app.commands.add(Command(name, partial(suggest_next, app), (NEXT,)))
    for word in SETTINGS:
        _listen_for(app, word)

    @app.bolt.action("me.monday_on")
    @handler(app, beneath=True)
    async def start(ack: Any, turn: Turn) -> None:
        await ack()
        one = await app.own.subscribe(await turn.asker(), ME, USUAL, lead="me")
        await turn.answer(await app.own.saved(one))

    @app.bolt.action("me.monday_off")
    @handler(app, beneath=True)
    async def stop(ack: Any, turn: Turn) -> None:
        await ack()
        if (one := await monday_message(app, await turn.asker())) is not None:
            await app.subscriptions.remove(one.id)
        said = "Stopped. `{command} me` shows your week any time, and can bring the message back."
        await turn.answer(notice(said))


def _listen_for(app: App, word: str) -> None:
    @app.bolt.action(f"me.{word}")
    @handler(app, beneath=True)
    async def settle(ack: Any, turn: Turn) -> None:
        await ack()
        await turn.answer(await change(app, await turn.asker(), word))


def _takes(rest: str) -> bool:
    """Not "me last week", which is a question."""
    return first_word(rest)[0] in ("", "help", *SETTINGS)


async def run(app: App, request: Request, rest: str) -> View:
    """Answer `me <rest>`."""
    if (word := rest.casefold()) in SETTINGS:
        return await change(app, request.asker, word)
    if rest:
        raise UserError(
            "`{command} me` shows your own week. For other times, ask `{command} sessions me`. "
            "`{command} me unnamed` hides your name in channel digests.",
            (SHOW_MY_WEEK, Suggestion("Ask about sessions", f"sessions me {rest}")),
        )
    return await show_week(app, request.asker)


async def change(app: App, asker: Asker, word: str) -> Draft:
    """Change a setting of the asker's."""
    access.visibility(asker)
    if asker.member is None:
        raise NotFound(NOT_IN_EXEC)
    flags, said = SETTINGS[word]
    await app.coaches.set_person(asker.member.id, **flags)
    return notice(f"Done. {said}")


async def show_week(app: App, asker: Asker) -> Draft:
    """The last seven whole days of the asker, and today so far. Raises NotFound for somebody who
    isn't in Exec."""
    access.visibility(asker)  # people who see nothing are told why
    if asker.member is None:
        raise NotFound(NOT_IN_EXEC)
    q = await _ask(app, asker.member, last_days(str(asker.zone), app.clock()), Mode.QUESTION)
    monday = await monday_message(app, asker)
    is_on = monday is not None and monday.is_on
    return await _draw(app, q, id_=secrets.token_urlsafe(15), monday=is_on)


async def monday_message(app: App, asker: Asker) -> Subscription | None:
    """The asker's Monday message, if they have it, perhaps paused."""
    return await app.own.of(asker.team_id, asker.user_id, ME)


def builder(
    app: App,
) -> Callable[[Subscription, Delivery], Awaitable[Draft | NotSentReason]]:
    """What builds the Monday message of a delivery, or says why there is none."""

    async def build(one: Subscription, delivery: Delivery) -> Draft | NotSentReason:
        asker = await app.people.asker(one.team_id, one.owner_id)
        if asker.member is None:
            return NotSentReason.NOT_IN_EXEC
        now = app.clock()
        # If Exec is away it is tried again later, rather than sent from what is stored.
        q = await _ask(app, asker.member, window_of(one.plan, delivery, now), Mode.DUE)
        late = delivery.at if delivery.is_late(now) else None
        return await _draw(app, q, id_=one.id, monday=one.is_on, late=late)

    return build


async def stored_week(app: App, person: Member, window: Window) -> StoredWeek | None:
    """The week as it is stored, without a request; None if not all of it is."""
    q = await _ask(app, person, window, Mode.STORED)
    if not is_whole(q.stored.start, q.as_of, window):
        return None
    return StoredWeek(await REPORT.figures(q), q)


async def _ask(app: App, person: Member, window: Window, mode: Mode) -> Asked:
    query = ResolvedQuery((person,), period=period_of(window.interval, window.zone))
    return await app.preparer.prepare(
        query, window.zone, needs=REPORT.needs, mode=mode, now=window.now, periods=window
    )


async def _draw(
    app: App, q: Asked, *, id_: str, monday: bool, late: datetime | None = None
) -> Draft:
    (person,) = q.query.people or ()
    found = await REPORT.figures(q)
    start = "" if found.has_begun else await find_start(app, found)
    muted = (await app.coaches.person_settings(person.id)).mutes_nudges
    values = {"id": id_, "monday": monday, "late": late, "start": start, "muted": muted}
    return draft("me", f=found, q=q, **values)


async def find_start(app: App, found: OwnWeek) -> str:
    """The link of a scenario to begin with: one that is assigned, or an easy one."""
    easy = await app.directory.easy()
    links = (each.link for each in found.tasks or () if each.link)
    return next(links, easy.url if easy else "")


async def suggest_next(app: App, request: Request, rest: str) -> Answered:
    """What the asker, or the one person named, practices next."""
    words = rest or "me"
    question = await app.answerer.question(request.asker, words, what_next.REPORT)
    if len(question.resolved.people or ()) != 1:
        raise UserError(
            "I suggest what to practice for one person at a time.",
            (Suggestion("What should I practice next", "what next"),),
        )
    # No follow-up narrows it.
    return await app.answerer.answer(replace(request, place=""), what_next.REPORT, words)
