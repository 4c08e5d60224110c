"""The form that puts off a coach's messages, or one person in them, until a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.access import Asker
from bot.commands.coach import CoachCommands
from bot.errors import SlackError, StorageError, UserError
from bot.gather.coach import CoachReports
from bot.language.days import day_start
from bot.language.until import day_words
from bot.people.people import People
from bot.rendering.coach_views import SnoozeView
from bot.rendering.draw import Messages, View
from bot.rendering.views import notice
from bot.slack.reply import Reply
from bot.slack.web import SlackWeb
from bot.slack.work import Work
from bot.storage.commands import StoredCommand, StoredCommands
from bot.storage.payloads import Payload

SNOOZE_FORM = "coach.snooze_form"
# Begin stored commands that run nothing: what a form is about.
ALL, ONE = "snooze all", "snooze"
USUAL_DAYS = 14


class SnoozeForms:
    def __init__(
        self,
        *,
        work: Work,
        slack: SlackWeb,
        people: People,
        coach: CoachCommands,
        reports: CoachReports,
        stored: StoredCommands,
        messages: Messages,
        clock: Callable[[], datetime],
    ) -> None:
        self._work = work
        self._slack = slack
        self._people = people
        self._coach = coach
        self._own = coach.own
        self._messages = messages
        self._reports = reports
        self._stored = stored
        self._clock = clock

    async def sent(self, payload: Payload, view: Mapping[str, Any]) -> dict[str, str]:
        """A sent snooze form: what is wrong with it by block, or nothing and it is done."""
        try:
            zone = await self._people.zone(payload.team_id, payload.user_id)
            stored = await self._find(payload, str(view.get("private_metadata", "")))
        except StorageError:
            return {"until": "My database is not there just now. Try again in a minute."}
        if stored is None or not stored.words.startswith(ONE):
            return {"until": "This form is too old. Close it and press the button again."}
        chosen = _date(view)
        until = None if chosen is None else day_start(chosen, zone).astimezone(UTC)
        if until is None or until <= self._clock():
            return {"until": "Choose a day to come."}
        answered = replace(payload, channel_id=stored.channel_id, response_url=stored.response_url)
        about, moment = stored, until

        async def job(reply: Reply) -> None:
            asker = await self._people.admitted(payload.team_id, payload.user_id)
            await reply.answer(await self._snooze(asker, about.words, moment))

        self._work.start(answered, job, beneath=True)
        return {}

    async def open(self, payload: Payload, value: str, trigger_id: str, *, one: bool) -> None:
        """Until when? About all messages, or with `one` about the person behind a handle.

        Raises UserError and SlackError.
        """
        asker = await self._people.admitted(payload.team_id, payload.user_id)
        person = None
        if one:
            _, found = await self._reports.behind(asker, value)
            person, words = found.name, f"{ONE} {value}"
        else:
            subscription, _ = await self._own.find(asker, value)
            words = f"{ALL} {subscription.id}"
        (private,) = await self._stored.keep(
            payload.team_id,
            payload.user_id,
            (words,),
            channel_id=payload.channel_id,
            response_url=payload.response_url,
        )
        until = self._clock().astimezone(asker.zone).date() + timedelta(days=USUAL_DAYS)
        view = self._messages.form(SnoozeView(private, person, until))
        try:
            await self._slack.open_view(trigger_id, view)
        except SlackError as error:
            # It is good for three seconds.
            if error.code in ("expired_trigger_id", "trigger_expired"):
                raise UserError("The form took too long to open. Press the button again.") from None
            raise

    async def _snooze(self, asker: Asker, words: str, until: datetime) -> View:
        if words.startswith(f"{ALL} "):
            one, _ = await self._own.find(asker, words.removeprefix(f"{ALL} "))
            return await self._coach.snooze(asker, one, until)
        _, person = await self._reports.behind(asker, words.removeprefix(f"{ONE} "))
        if asker.member is None or person.id not in await self._own.coaching.coached(asker):
            raise UserError("*{name}* is not among your people.", name=person.name)
        await self._coach.coaches.snooze(asker.member.id, person.id, until)
        return notice(
            "Until {day} I don't ask anything of *{name}* in your messages.",
            day=day_words(until, asker.zone),
            name=person.name,
        )

    async def _find(self, payload: Payload, id_: str) -> StoredCommand | None:
        return await self._stored.find(id_, team_id=payload.team_id, user_id=payload.user_id)


def _date(view: Mapping[str, Any]) -> date | None:
    """The day that was chosen."""
    values = (view.get("state") or {}).get("values") or {}
    chosen = [each.get("selected_date") for each in values.get("until", {}).values()]
    try:
        return date.fromisoformat(str(chosen[0])) if chosen else None
    except ValueError:
        return None
