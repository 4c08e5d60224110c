"""A person's own week and settings, and what to practice next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.ask.answer import Answered, Request
from bot.ask.prepare import Mode
from bot.ask.question import SHOW_MY_WEEK
from bot.errors import NotFound, Sentence, Suggestion, UserError
from bot.language.query import Member, ResolvedQuery
from bot.language.text import first_word
from bot.messages.render import Draft, View, draft, notice
from bot.people import access
from bot.people.access import Asker
from bot.reports import what_next
from bot.reports._prepared import PreparedQuestion
from bot.reports.intervals import Periods, last_days
from bot.reports.me import REPORT, OwnWeek
from bot.reports.what_next import easy_scenario
from bot.scheduled import digests
from bot.scheduled.draw import Drawing, prepare
from bot.scheduled.outbox import Delivery, Reason, Unsent
from bot.slack.commands import Command, HelpLine
from bot.slack.turn import Turn, answering

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
        Sentence(
            "Your own week: figures, scenarios, what is due. You can get it every Monday. "
            "`unnamed` hides your name in channel digests, `muted` mutes nudges; `named` and "
            "`unmuted` undo that."
        ),
        "me",
    ),
)
NEXT = HelpLine(what_next.REPORT.forms, Sentence(what_next.REPORT.help), what_next.REPORT.example)
NOT_IN_EXEC = "You aren't in Exec yourself, so you have no practice to show."


def register(app: App) -> None:
    """Add the subcommands, the Monday message and the listeners."""
    app.commands.add(Command("me", partial(run, app), LINES, takes=_takes))
    app.commands.add(Command(what_next.REPORT.name, partial(suggest_next, app), (NEXT,)))
    app.scheduled[ME] = partial(draw_week, app)
    for word in (*SETTINGS, "monday_on"):
        answering(app, f"me.{word}", below=True)(partial(change_pressed, app, word))


async def change_pressed(app: App, word: str, turn: Turn) -> View:
    """Answer the button of a setting."""
    return await change(app, await turn.asker(), word)


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
    asker = request.asker
    periods = last_days(str(asker.zone), app.clock())
    return await draw(app, asker, await ask(app, asker, periods, Mode.QUESTION))


async def change(app: App, asker: Asker, word: str) -> Draft:
    """Change a setting of the asker, or start their Monday message."""
    person = own_person(asker)
    if word == "monday_on":
        one = await app.subscriptions.begin_own(asker.team_id, asker.user_id, ME, str(asker.zone))
        if one.is_paused:
            one = await app.subscriptions.resume(one)
        return await digests.saved(app, asker, one, "Saved")
    flags, confirmation = SETTINGS[word]
    await app.coaches.set_person(person.id, **flags)
    return notice(f"Done. {confirmation}")


def own_person(asker: Asker) -> Member:
    """The asker's Exec person. Raises NotFound, and NotAllowed for people who see nothing."""
    access.visibility(asker)
    if asker.member is None:
        raise NotFound(NOT_IN_EXEC)
    return asker.member


async def ask(app: App, asker: Asker, periods: Periods, mode: Mode) -> PreparedQuestion:
    """The question about the asker's own practice."""
    return await prepare(app, ResolvedQuery((own_person(asker),)), REPORT, periods, mode)


async def draw_week(app: App, asker: Asker, row: Delivery, mode: Mode) -> Drawing:
    """The Monday message. It waits while Exec is away, rather than show stored data."""
    if asker.member is None or asker.member.is_removed:
        raise Unsent(Reason.OWNER)
    now = app.clock()
    q = await ask(app, asker, row.periods(now), mode)
    return await draw(app, asker, q, row.late(now)), None


async def draw(
    app: App,
    asker: Asker,
    q: PreparedQuestion,
    late: datetime | None = None,
    *,
    in_home: bool = False,
) -> Draft:
    """The message about the asker's week. People who never practiced get a link to a scenario."""
    found: OwnWeek = await REPORT.figures(q)
    start = ""
    if not found.has_begun:
        easy = await easy_scenario(app.db)
        links = (each.link for each in found.tasks or () if each.link)
        start = next(links, easy.link if easy else "")
    monday = await app.subscriptions.own(asker.team_id, asker.user_id, ME)
    settings = await app.coaches.person_settings(own_person(asker).id)
    return draft(
        "me",
        f=found,
        q=q,
        late=late,
        start=start,
        in_home=in_home,
        monday="" if monday is None or monday.is_paused else monday.id,
        muted=settings.mutes_nudges,
    )


async def suggest_next(app: App, request: Request, rest: str) -> Answered:
    """What the asker, or the one person named, should practice next."""
    words = rest or "me"
    question = await app.questions.read(request.asker, words, what_next.REPORT)
    if len(question.resolved.people or ()) != 1:
        raise UserError(
            "I suggest what to practice for one person at a time.",
            (Suggestion("What should I practice next", "what next"),),
        )
    # Without a place, since no follow-up can narrow it.
    return await app.answerer.answer(replace(request, place=""), what_next.REPORT, words)
