"""A person's own week and settings, and what to practice next."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from bot import access
from bot.access import Asker
from bot.answer import Answered, Request
from bot.commands import Command, HelpLine
from bot.digests import saved
from bot.errors import NotFound, Pattern, Suggestion, UserError
from bot.handlers import Turn, handler
from bot.language.query import Member
from bot.language.text import first_word
from bot.messages.render import Draft, View, draft, notice
from bot.outbox import Delivery, Reason, Unsent
from bot.own_messages import ask_about, begin
from bot.prepare import Mode
from bot.question import SHOW_MY_WEEK
from bot.reports import what_next
from bot.reports._prepared import PreparedQuestion
from bot.reports.intervals import Periods, is_whole, last_days
from bot.reports.me import REPORT, OwnWeek
from bot.reports.what_next import easy_scenario
from bot.scheduled import DraftWithFacts
from bot.subscriptions import Subscription

if TYPE_CHECKING:
    from bot.app import App

ME = REPORT.name
# By the word after `me`, which also ends the button's action id: the flags and the confirmation.
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
NOT_IN_EXEC = "You aren't in Exec yourself, so you have no practice to show."
STOPPED = "Stopped. `{command} me` shows your week at any time and can restart the message."


def register(app: App) -> None:
    """Add the subcommands, the Monday message and the listeners."""
    app.commands.add(Command("me", partial(run, app), LINES, takes=_takes))
    app.commands.add(Command(what_next.REPORT.name, partial(suggest_next, app), (NEXT,)))
    app.scheduled[ME] = partial(draw_week, app)
    for word in (*SETTINGS, "monday_on", "monday_off"):
        _listen(app, word)


def _listen(app: App, word: str) -> None:
    @app.bolt.action(f"me.{word}")
    @handler(app, below=True)
    async def on_press(ack: Any, turn: Turn) -> None:
        await ack()
        await turn.answer(await change(app, await turn.asker(), word))


def _takes(rest: str) -> bool:
    """False for "me last week", which is a question."""
    return first_word(rest)[0] in ("", "help", *SETTINGS)


async def run(app: App, request: Request, rest: str) -> View:
    """Answer `me <rest>`."""
    if (word := rest.casefold()) in SETTINGS:
        return await change(app, request.asker, word)
    if rest:
        raise UserError(
            "`{command} me` shows your own week. `{command} me unnamed` hides your name in channel "
            "digests.",
            (SHOW_MY_WEEK,),
        )
    asker, id_ = request.asker, secrets.token_urlsafe(15)
    periods = last_days(str(asker.zone), app.clock())
    q = await ask_about(app, (own_person(asker),), REPORT, periods, Mode.QUESTION)
    return await draw(app, asker, q, id_)


async def change(app: App, asker: Asker, word: str) -> Draft:
    """Change a setting of the asker, or start or stop their Monday message."""
    person = own_person(asker)
    if word == "monday_on":
        one = await begin(app, asker.team_id, asker.user_id, ME, str(asker.zone))
        if one.is_paused:
            one = await app.subscriptions.resume(one) or one
        return await saved(app, asker, one, "saved")
    if word == "monday_off":
        if (message := await monday_message(app, asker)) is not None:
            await app.subscriptions.pause(message.id)
        return notice(STOPPED)
    flags, confirmation = SETTINGS[word]
    await app.coaches.set_person(person.id, **flags)
    return notice(f"Done. {confirmation}")


def own_person(asker: Asker) -> Member:
    """The asker's Exec person. Raises NotFound, and NotAllowed for people who see nothing."""
    access.visibility(asker)
    if asker.member is None:
        raise NotFound(NOT_IN_EXEC)
    return asker.member


async def monday_message(app: App, asker: Asker) -> Subscription | None:
    """The asker's Monday message, None if they don't get it."""
    one = await app.subscriptions.own(asker.team_id, asker.user_id, ME)
    return None if one is None or one.is_paused else one


async def draw_week(app: App, asker: Asker, row: Delivery, mode: Mode) -> DraftWithFacts:
    """The Monday message. It waits while Exec is away, rather than show stored data."""
    if asker.member is None or asker.member.is_removed:
        raise Unsent(Reason.OWNER)
    now = app.clock()
    q = await ask_about(app, (asker.member,), REPORT, row.periods(now), mode)
    return DraftWithFacts(await draw(app, asker, q, row.id, row.late(now)))


async def stored_week(app: App, asker: Asker, periods: Periods) -> Draft | None:
    """The asker's week from stored data alone; None if not all of it is stored."""
    q = await ask_about(app, (own_person(asker),), REPORT, periods, Mode.STORED)
    return await draw(app, asker, q, "") if is_whole(q.stored.start, q.as_of, periods) else None


async def draw(
    app: App, asker: Asker, q: PreparedQuestion, id_: str, late: datetime | None = None
) -> Draft:
    """The message about the asker's week. People who never practiced get a link to a scenario."""
    found: OwnWeek = await REPORT.figures(q)
    start = ""
    if not found.has_begun:
        easy = await easy_scenario(app.db)
        links = (each.link for each in found.tasks or () if each.link)
        start = next(links, easy.link if easy else "")
    monday = await monday_message(app, asker) is not None
    settings = await app.coaches.person_settings(own_person(asker).id)
    values = {"id": id_, "late": late, "start": start, "monday": monday}
    return draft("me", f=found, q=q, muted=settings.mutes_nudges, **values)


async def suggest_next(app: App, request: Request, rest: str) -> Answered:
    """What the asker, or the one person named, should practice next."""
    words = rest or "me"
    question = await app.answerer.question(request.asker, words, what_next.REPORT)
    if len(question.resolved.people or ()) != 1:
        raise UserError(
            "I suggest what to practice for one person at a time.",
            (Suggestion("What should I practice next", "what next"),),
        )
    # Without a place, since no follow-up can narrow it.
    return await app.answerer.answer(replace(request, place=""), what_next.REPORT, words)
