"""Features whose parts still stand in `commands/` and `doors/`: their rows of each table."""

from __future__ import annotations

from typing import Any

from bot.button_values import Posted, Readers
from bot.commands.coach import CoachCommands
from bot.commands.people_asked import PeopleAsked
from bot.doors.coach_buttons import CoachButtons
from bot.doors.digest_buttons import DigestButtons
from bot.doors.digest_form import DigestForm, wants_form
from bot.doors.snooze_form import SnoozeForm
from bot.errors import Pattern
from bot.features import (
    Button,
    Command,
    CommandForm,
    Feature,
    Press,
    Shows,
    as_it_is,
    by_asker,
    close,
    nothing,
)
from bot.language.phrases import LOWEST, MEMBER, TALK, THINGS
from bot.language.saying import wanted_digest
from bot.rendering.messages import View
from bot.rendering.views import ADMINS, BOTH, COACHES, HelpLine
from bot.storage.payloads import Payload

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
DIGEST = (
    HelpLine(
        ('digest "group" [when]', "digest [question] [when]", "digest list"),
        Pattern(
            "Admins and coaches: post a group's results on a schedule, or the answer to a "
            "question, or see what comes here. Without a time it opens a form."
        ),
        'digest "West Coast" every monday 9:00',
        BOTH,
    ),
)


def digests(read: Readers, buttons: DigestButtons, form: DigestForm) -> Feature:
    commands = buttons.commands

    async def open_(payload: Payload, trigger_id: str, said: str) -> None:
        await form.open(payload, trigger_id, said=said)

    return Feature(
        commands=(
            Command(
                "digest",
                commands.run,
                DIGEST,
                ("digests",),
                meant=wanted_digest,
                form=CommandForm(wants_form, open_, form.offer),
            ),
        ),
        forms={"digest.form": form.row},
        buttons={
            "digest.from_answer": Button(read.answer, form.from_answer, FORM),
            "digest.form": Button(read.command, form.offered, FORM),
            "digest.edit": Button(as_it_is, form.edit, FORM),
            "digest.details": Button(read.posted, buttons.details, BENEATH),
            "digest.counted": Button(read.posted, buttons.counted, BENEATH),
            "home.manage": Button(as_it_is, buttons.manage_all),
            "digest.manage": Button(read.posted, buttons.manage, BENEATH),
            "digest.list.next": Button(read.list_page, buttons.list_page),
            "digest.list.previous": Button(read.list_page, buttons.list_page),
            "digest.preview": Button(as_it_is, by_asker(commands.preview), BENEATH),
            "digest.send_now": Button(as_it_is, by_asker(commands.send_now), BENEATH),
            "digest.pause": Button(as_it_is, buttons.pause, IN_LIST),
            "digest.resume": Button(as_it_is, buttons.resume, IN_LIST),
            "digest.remove": Button(as_it_is, by_asker(commands.ask_remove), BENEATH),
            "digest.remove_now": Button(as_it_is, by_asker(commands.remove)),
            "digest.keep": Button(nothing, close),
            "digest.undo": Button(as_it_is, by_asker(commands.undo)),
            "digest.another": Button(read.plan, by_asker(commands.decided)),
        },
    )


def details(read: Readers, digests: DigestButtons, coaches: CoachButtons) -> Feature:
    """Pages of a digest's details and those of a coach's people have the same buttons."""

    async def turn(press: Press[Any]) -> View:
        if isinstance(press.handle, Posted):
            return await digests.details(press)
        return await coaches.everyone(press)

    button = Button(read.details, turn)
    return Feature(buttons={"digest.details.next": button, "digest.details.previous": button})


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
