"""A person's own week and settings, and what to practice next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from bot.app import App, AskRoom, PeopleRoom, ScheduledRoom, SlackRoom
from bot.ask.answer import Answer, Request
from bot.ask.prepare import Mode
from bot.ask.question import SHOW_MY_WEEK
from bot.clock import Now
from bot.errors import Sentence, Suggestion, UserError
from bot.language.text import first_word
from bot.messages.render import Draft, View, notice
from bot.people.access import Asker
from bot.reports import what_next
from bot.reports.intervals import last_days
from bot.scheduled.own_week import ME, own_person
from bot.slack.commands import Command, HelpLine
from bot.slack.turn import Turn

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


@dataclass(frozen=True, slots=True)
class OwnPractice:
    """A person's own week and settings, and what to practice next."""

    ask: AskRoom
    clock: Now
    people: PeopleRoom
    scheduled: ScheduledRoom
    slack: SlackRoom

    def register(self) -> None:
        """Add the subcommands, the Monday message and the listeners."""
        self.slack.commands.add(Command("me", self.run, LINES, takes=_takes))
        self.slack.commands.add(Command(what_next.REPORT.name, self.suggest_next, (NEXT,)))
        for word in (*SETTINGS, "monday_on"):
            self.slack.listeners.answering(f"me.{word}", below=True)(
                partial(self.change_pressed, word)
            )

    async def change_pressed(self, word: str, turn: Turn) -> View:
        """Answer the button of a setting."""
        return await self.change(await turn.asker(), word)

    async def run(self, request: Request, rest: str) -> View:
        """Answer `me <rest>`."""
        if (word := rest.casefold()) in SETTINGS:
            return await self.change(request.asker, word)
        if rest:
            raise UserError(
                "`{command} me` shows your own week. `{command} me unnamed` hides your name in "
                "channel digests.",
                (SHOW_MY_WEEK,),
            )
        asker = request.asker
        periods = last_days(str(asker.zone), self.clock())
        return await self.scheduled.own_weeks.draw(
            asker, await self.scheduled.own_weeks.ask(asker, periods, Mode.QUESTION)
        )

    async def change(self, asker: Asker, word: str) -> Draft:
        """Change a setting of the asker, or start their Monday message."""
        person = own_person(asker)
        if word == "monday_on":
            subscription = await self.scheduled.subscriptions.begin_own(
                asker.team_id, asker.user_id, ME, str(asker.zone)
            )
            if subscription.is_paused:
                subscription = await self.scheduled.subscriptions.resume(subscription)
            return await self.scheduled.digests.saved(asker, subscription, "Saved")
        flags, confirmation = SETTINGS[word]
        await self.people.coaches.set_person(person.id, **flags)
        return notice(f"Done. {confirmation}")

    async def suggest_next(self, request: Request, rest: str) -> Answer:
        """What the asker, or the one person named, should practice next."""
        words = rest or "me"
        question = await self.ask.questions.understand(request.asker, words, what_next.REPORT)
        if len(question.resolved.people or ()) != 1:
            raise UserError(
                "I suggest what to practice for one person at a time.",
                (Suggestion("What should I practice next", "what next"),),
            )
        # Without a place, since no follow-up can narrow it.
        return await self.ask.answerer.answer(replace(request, place=""), what_next.REPORT, words)


def _takes(rest: str) -> bool:
    """False for "me last week", which is a question."""
    return first_word(rest)[0] in ("", "help", *SETTINGS)


def register(app: App) -> None:
    """Add what people can do."""
    OwnPractice(app.ask, app.clock, app.people, app.scheduled, app.slack).register()
