"""A nudge: a note from a coach to one of their people, in words that the coach sees and edits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

import sqlalchemy as sa

from bot.app import App, AskRoom, PeopleRoom, ScheduledRoom, SlackRoom, StorageRoom
from bot.ask.answer import Request
from bot.ask.question import SHOW_MY_WEEK
from bot.clock import Now
from bot.errors import NotAllowed, NotFound, Sentence, Suggestion, UserError
from bot.language.query import CHANGING, Member, ResolvedQuery
from bot.language.text import shows
from bot.messages.jinja import first_name
from bot.messages.render import Draft, Messages, View, draft
from bot.messages.words import until
from bot.people.access import AccountType, Asker
from bot.people.accounts import SlackUser
from bot.people.audit import Look
from bot.reports._report import Need
from bot.reports._tasks import Status, read_tasks, with_status
from bot.reports.coach import REPORT as COACH
from bot.reports.intervals import period_of, today
from bot.reports.table import SESSIONS
from bot.reports.what_next import easy_scenario
from bot.scheduled.delivery import DeliveryKind, State, delivery_id
from bot.slack.forms import values_of
from bot.slack.turn import TOO_OLD, Turn, confirm
from bot.storage.buttons import Nudge, StoredPerson
from bot.storage.tables import delivery

LONGEST = 500  # characters
BLOCK = "text"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Works in browsers and on phones; slack:// needs Slack's app.
CONVERSATION = "https://slack.com/app_redirect"
OUTCOMES = {
    State.SENT: "Sent to *{name}*.",
    State.POSTING: "Slack's connection dropped while I was sending. I'll check in a minute, and "
    "resend only if *{name}* didn't get it.",
    State.FAILED: "Slack didn't accept it, so *{name}* got nothing. Try again in a minute.",
}
NAME_ONE = "Name one of your people, like *nudge Sam*. You can edit the note before I send it."
WAYS = (
    Suggestion("Who to talk to", "who should I talk to"),
    Suggestion("What's overdue", "assignments overdue"),
)


@dataclass(frozen=True, slots=True)
class Nudging:
    """Sends coaches' notes to their people."""

    ask: AskRoom
    clock: Now
    messages: Messages
    people: PeopleRoom
    scheduled: ScheduledRoom
    slack: SlackRoom
    storage: StorageRoom

    def register(self) -> None:
        """Add the action in words and the listeners."""
        self.slack.commands.actions["nudge"] = self.offer

        @self.slack.listeners.answering("coach.nudge", below=True)
        async def write(turn: Turn) -> None:
            person_id = (await turn.own(turn.value, StoredPerson)).meaning.person_id
            await turn.open_looking()
            await turn.open_modal(await self.fill_form(turn, await turn.asker(), person_id))

        @self.slack.listeners.bolt.view("nudge.form")
        @self.slack.listeners.handler(below=True)
        async def send(turn: Turn) -> None:
            words = str(values_of(turn.view).get(BLOCK) or "").strip()
            stored = await turn.form(Nudge)
            problem = TOO_OLD if stored is None else "" if shows(words) else "Write a few words."
            if stored is None or problem:
                await turn.refuse({BLOCK: problem})
                return
            await turn.ack()
            nudge, asker = stored.meaning, await turn.asker()
            await turn.answer(await self.send_note(asker, nudge, words[:LONGEST], stored.id))

    async def offer(self, request: Request, rest: str) -> View:
        """Answer "nudge Sam" with a button that opens the form."""
        seen = await self.people.coaching.visibility(request.asker)
        if not (seen.everyone or seen.coaches):
            raise NotAllowed(
                "Only coaches can send nudges, and you don't coach anyone.", (SHOW_MY_WEEK,)
            )
        question = await self.ask.questions.understand(request.asker, rest, SESSIONS)
        is_named = all(ref.kind not in CHANGING for ref in question.query.people)
        people = question.resolved.people if question.query.people and is_named else None
        others = [person for person in people or () if person != request.asker.member]
        if len(others) != 1:
            raise UserError(NAME_ONE, WAYS)
        asker = request.asker
        person = await self.people.coaching.person(asker, others[0].id)
        await self.receiver(asker, person)
        (id_,) = await self.storage.buttons.add(
            asker.team_id, asker.user_id, StoredPerson(person.id)
        )
        said = Sentence("You can edit the note to {name} before I send it.", {"name": person.name})
        return confirm(
            said, f"Nudge {first_name(person.name)}", "coach.nudge", id_, style="primary"
        )

    async def fill_form(self, turn: Turn, asker: Asker, person_id: str) -> Draft:
        """The form with suggested words. Raises UserError if the person can't be nudged."""
        person = await self.people.coaching.person(asker, person_id)
        await self.receiver(asker, person)
        words, link = await self.suggest_words(asker, person)
        before = await self.last_nudge(person)
        return draft(
            "nudge_form",
            private=await turn.keep(Nudge(person.id, link)),
            person=person.name,
            coach=asker.name,
            words=words[:LONGEST],
            longest=LONGEST,
            link=link,
            before=before,
            again_at=None if before is None else before + HOUR,
            zone=str(asker.zone),
            now=self.clock(),
        )

    async def send_note(self, asker: Asker, nudge: Nudge, words: str, id_: str) -> Draft:
        """Send a note, once per form and at most once an hour. Returns the message about its
        outcome."""
        person = await self.people.coaching.person(asker, nudge.person_id)
        account = await self.receiver(asker, person)
        lease = f"nudge:{person.id}"
        if not await self.storage.leases.claim(lease, HOUR):
            free_at = await self.storage.leases.held_until(lease) or self.clock()
            raise UserError(
                "*{name}* got a nudge within the last hour, so I didn't send this one. Try again "
                "at {again}.",
                name=person.name,
                again=until(free_at, str(asker.zone), self.clock()),
            )
        reply = f"{CONVERSATION}?{urlencode({'channel': asker.user_id, 'team': asker.team_id})}"
        note = draft(
            "nudge",
            coach=asker.name,
            person=person.name,
            words=words,
            link=nudge.link,
            reply=reply,
        )
        state = await self.scheduled.notices.send_once(
            asker.team_id,
            account.id,
            note,
            id=delivery_id(id_, person.id),
            kind=DeliveryKind.NUDGE,
            owner_id=asker.user_id,
            about=person.id,
        )
        if state is State.FAILED:
            await self.storage.leases.release(lease)
        outcome = Sentence(OUTCOMES[state], {"name": person.name})
        return draft("nudged", outcome=outcome, words="" if state is State.FAILED else words)

    async def last_nudge(self, person: Member) -> datetime | None:
        """When a person last got a nudge from any coach in the past day."""
        c = delivery.c
        query = sa.select(sa.func.max(c.planned_at)).where(
            c.kind == DeliveryKind.NUDGE,
            c.about == person.id,
            c.state.in_((State.SENT, State.POSTING)),
            c.planned_at > self.clock() - DAY,
        )
        return await self.storage.db.scalar(query)

    async def receiver(self, asker: Asker, person: Member) -> SlackUser:
        """The Slack account of a person. Raises NotFound and NotAllowed if they can't be nudged."""
        if person.is_removed:
            raise NotFound("*{name}* has left Exec.", name=person.name)
        if (await self.people.coaches.person_settings(person.id)).mutes_nudges:
            raise NotAllowed(
                "*{name}* has muted nudges. Send them a message yourself instead.", name=person.name
            )
        account = await self.people.accounts.find_account(asker.team_id, person)
        if account is None:
            raise NotFound(
                "I can't find a Slack account for *{name}*. An admin can link one: `{command} "
                "link`",
                name=person.name,
            )
        if account.account_type is not AccountType.FULL:
            raise NotAllowed(
                "I can't message *{name}* for you: they need a full, active Slack account.",
                name=person.name,
            )
        return account

    async def suggest_words(self, asker: Asker, person: Member) -> tuple[str, str]:
        """Suggested words, and a link to a scenario, "" if there is none: the person's most urgent
        assignment, or an easy scenario."""
        zone, now = str(asker.zone), self.clock()
        query = ResolvedQuery((person,), period=period_of(today(zone, now), zone))
        prepared = await self.ask.preparer.prepare(
            query, zone, needs=frozenset((Need.TASKS,)), now=now
        )
        tasks = await read_tasks(prepared)
        overdue, due = with_status(tasks, Status.OVERDUE), with_status(tasks, Status.DUE)
        await self.people.audit.note(Look(asker, COACH.name, frozenset((person.id,))))
        words = draft("nudge_words", overdue=overdue, due=due, zone=zone, now=now)
        easy = await easy_scenario(prepared.db)
        links = (*(task.link for task in (*overdue, *due)), easy.link if easy is not None else "")
        return self.messages.paragraphs(words), next(filter(None, links), "")


def register(app: App) -> None:
    """Add what people can do."""
    Nudging(
        app.ask, app.clock, app.messages, app.people, app.scheduled, app.slack, app.storage
    ).register()
