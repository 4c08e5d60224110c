"""Features whose parts still stand in `commands/` and `doors/`: their rows of each table."""

from __future__ import annotations

from bot.button_values import Readers
from bot.commands.coach import CoachCommands
from bot.commands.people_asked import PeopleAsked
from bot.doors.coach_buttons import CoachButtons
from bot.doors.snooze_form import SnoozeForm
from bot.errors import Pattern
from bot.features import (
    Button,
    Command,
    Feature,
    Shows,
)
from bot.language.phrases import LOWEST, MEMBER, TALK, THINGS
from bot.rendering.views import ADMINS, COACHES, HelpLine

BENEATH, IN_LIST, FORM = Shows.BENEATH, Shows.IN_LIST, Shows.FORM
COACH = (
    HelpLine(
        ('coach add @ana "West Coast" @jane', "coach remove @ana", "coach list"),
        Pattern("Admins: who sees and coaches whom."),
        "coach list",
        ADMINS,
    ),
    HelpLine(
        ("coach digest [when]",),
        Pattern(
            "Coaches: when your message about your people comes, with `pause`, `resume`, "
            "`snooze 2026-04-01` and `stop`."
        ),
        "coach digest every monday 8:30",
        COACHES,
    ),
)


def coaching(
    read: Readers,
    coach: CoachCommands,
    coaches: CoachButtons,
    snooze: SnoozeForm,
    asked: PeopleAsked,
) -> Feature:
    return Feature(
        commands=(Command("coach", coach.run, COACH, ("coaches",)),),
        forms={"coach.snooze_form": snooze.row},
        phrases={
            TALK: asked.to_talk_to,
            MEMBER: asked.in_group,
            LOWEST: asked.last_of_all,
            THINGS: asked.things,
        },
        buttons={
            "coach.everyone": Button(read.own_message, coaches.everyone, BENEATH),
            "coach.everyone.next": Button(read.own_message, coaches.everyone),
            "coach.everyone.previous": Button(read.own_message, coaches.everyone),
            "coach.preview": Button(read.own_message, coaches.preview, BENEATH),
            "coach.pause": Button(read.own_message, coaches.pause, BENEATH, settles=True),
            "coach.resume": Button(read.own_message, coaches.resume, BENEATH, settles=True),
            "coach.stop": Button(read.own_message, coaches.stop, BENEATH, settles=True),
            "coach.snooze_all": Button(read.own_message, snooze.open_for_all, FORM),
            "coach.snooze": Button(read.person, snooze.open_for_one, FORM),
            "coach.sessions": Button(read.person, coaches.sessions, BENEATH),
            "coach.choose": Button(read.person, coaches.choose, BENEATH),
        },
    )
