"""Every button: what its value stands for, what it leads to, and where that is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.commands.alert import AlertCommands
from bot.doors.answer_buttons import AnswerButtons
from bot.doors.coach_buttons import CoachButtons
from bot.doors.digest_buttons import DigestButtons
from bot.doors.digest_form import DigestForm
from bot.doors.exporting import Exporting
from bot.doors.handles import Posted, Readers
from bot.doors.home import HomeButtons
from bot.doors.links import Links
from bot.doors.nudging import Nudging
from bot.doors.praising import PraiseButtons
from bot.doors.press import Button, Press, Shows, by_asker, close
from bot.doors.query_form import QueryForm
from bot.doors.sharing import Sharing
from bot.doors.snooze_form import SnoozeForm
from bot.rendering.messages import View


def buttons(
    *,
    read: Readers,
    answers: AnswerButtons,
    sharing: Sharing,
    exporting: Exporting,
    digests: DigestButtons,
    alerts: AlertCommands,
    coaches: CoachButtons,
    links: Links,
    nudging: Nudging,
    praise: PraiseButtons,
    query_form: QueryForm,
    digest_form: DigestForm,
    snooze_form: SnoozeForm,
    homes: HomeButtons,
) -> Mapping[str, Button[Any]]:
    """The table, by action id without the number that makes it unique in its message."""
    commands = digests.commands
    beneath, in_list, form = Shows.BENEATH, Shows.IN_LIST, Shows.FORM

    async def turn(press: Press[Any]) -> View:
        if isinstance(press.handle, Posted):
            return await digests.details(press)
        return await coaches.everyone(press)

    return {
        # An answer.
        "query.run": Button(read.command, answers.run),
        "query.form": Button(read.command, query_form.open, form),
        "sessions.edit": Button(read.answer, query_form.open, form),
        "sessions.refresh": Button(read.answer, answers.refresh),
        "sessions.counted": Button(read.answer, answers.counted, beneath),
        "sessions.look_again": Button(read.answer, answers.look_again),
        "sessions.next": Button(read.answer, answers.page),
        "sessions.previous": Button(read.answer, answers.page),
        "sessions.count_all": Button(read.answer, answers.count_all),
        "answer.row": Button(read.answer, answers.row, beneath),
        "sessions.share": Button(read.answer, sharing.confirm, beneath),
        "sessions.export": Button(read.answer, exporting.export, beneath),
        "share.post": Button(read.answer, sharing.post),
        "share.cancel": Button(read.nothing, close),
        "share.remove": Button(read.share, sharing.remove, beneath),
        "sessions.tonight": Button(read.answer, answers.no_longer_at_night),
        "audit.next": Button(read.command, answers.turn_audit),
        "audit.previous": Button(read.command, answers.turn_audit),
        "status.refresh": Button(read.always("status"), answers.run),
        # A digest, and the list of digests.
        "digest.from_answer": Button(read.answer, digest_form.from_answer, form),
        "digest.form": Button(read.command, digest_form.offered, form),
        "digest.edit": Button(read.subscription, digest_form.edit, form),
        "digest.details": Button(read.posted, digests.details, beneath),
        "digest.details.next": Button(read.details, turn),
        "digest.details.previous": Button(read.details, turn),
        "digest.counted": Button(read.posted, digests.counted, beneath),
        "digest.manage": Button(read.posted, digests.manage, beneath),
        "digest.list.next": Button(read.list_page, digests.list_page),
        "digest.list.previous": Button(read.list_page, digests.list_page),
        "digest.preview": Button(read.subscription, by_asker(commands.preview), beneath),
        "digest.send_now": Button(read.subscription, by_asker(commands.send_now), beneath),
        "digest.pause": Button(read.subscription, digests.pause, in_list),
        "digest.resume": Button(read.subscription, digests.resume, in_list),
        "digest.remove": Button(read.subscription, by_asker(commands.ask_remove), beneath),
        "digest.remove_now": Button(read.subscription, by_asker(commands.remove)),
        "digest.keep": Button(read.nothing, close),
        "digest.undo": Button(read.subscription, by_asker(commands.undo)),
        "digest.another": Button(read.plan, by_asker(commands.decided)),
        # The card of a scenario.
        "link.attempts": Button(read.scenario, links.attempts, beneath),
        # The list of alerts.
        "alert.remove": Button(read.alert, by_asker(alerts.remove)),
        "alert.undo": Button(read.alert, by_asker(alerts.undo)),
        # A coach's message.
        "coach.everyone": Button(read.own_message, coaches.everyone, beneath),
        "coach.preview": Button(read.own_message, coaches.preview, beneath),
        "coach.pause": Button(read.own_message, coaches.pause, beneath, settles=True),
        "coach.resume": Button(read.own_message, coaches.resume, beneath, settles=True),
        "coach.stop": Button(read.own_message, coaches.stop, beneath, settles=True),
        "coach.snooze_all": Button(read.own_message, snooze_form.open_for_all, form),
        "coach.snooze": Button(read.person, snooze_form.open_for_one, form),
        "coach.sessions": Button(read.person, coaches.sessions, beneath),
        "coach.choose": Button(read.person, coaches.choose, beneath),
        "coach.nudge": Button(read.person, nudging.preview, beneath),
        "nudge.send": Button(read.nudge, nudging.send),
        "nudge.edit": Button(read.nudge, nudging.edit, form),
        "nudge.cancel": Button(read.nothing, close),
        "coach.praise": Button(read.offered_praise, praise.ask, beneath, settles=True),
        "coach.praise_where": Button(read.person, praise.where, form),
        "praise.yes": Button(read.praise, praise.yes),
        "praise.no": Button(read.praise, praise.no),
        # One's own week.
        "me.monday_on": Button(read.nothing, coaches.monday_on, beneath, settles=True),
        "me.monday_off": Button(read.nothing, coaches.monday_off, beneath, settles=True),
        "me.named": Button(read.nothing, coaches.named, beneath),
        "me.unnamed": Button(read.nothing, coaches.unnamed, beneath),
        # A Home tab.
        "home.ask": Button(read.words, answers.run),
        "home.set": Button(read.words, answers.run, settles=True),
        "home.look": Button(read.nothing, homes.look, settles=True),
        "home.manage": Button(read.subscription, homes.manage),
    }
