"""A nudge: a note from a coach to one of their people. The coach sees the words and may change
them; the person gets it once, and then the coach sees what became of it.

Rights are judged at every step: between two of them anything may have changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from bot.access import AccountType, Asker, is_present
from bot.answer import Answerer, Request
from bot.button_values import ButtonValues
from bot.env import Env
from bot.errors import NotAllowed, NotFound, Sentence, SlackError, Suggestion, UserError
from bot.features import Button, Errors, Feature, Filled, FormHandler, Press, Shows, close, nothing
from bot.language import dates
from bot.language.query import Member, PersonKind, ResolvedQuery
from bot.language.text import shows
from bot.messages.render import Draft, View, draft
from bot.mirror.query import read_sessions
from bot.outbox.deliver import Delivering
from bot.outbox.deliveries import State, delivery_id
from bot.outbox.plans import COACH
from bot.people.accounts import People
from bot.people.audit import Audit, Look
from bot.people.coaches import NUDGE_AGAIN_AFTER, Coaching
from bot.prepare import Preparer
from bot.question import SHOW_MY_WEEK
from bot.reports._asked import Asked
from bot.reports._figures import scenario_links
from bot.reports._report import Need
from bot.reports._tasks import Status, read_tasks, with_status
from bot.reports.intervals import period_of, today
from bot.reports.table import SESSIONS
from bot.reports.what_next import easy_scenario
from bot.slack.modals import Modals, values_of
from bot.slack.payloads import Payload
from bot.slack.web import SlackUser
from bot.storage.buttons import Nudge, Stored

LONGEST = 500  # characters
BLOCK = "text"
# Opens a person's conversation with a user in the browser, on a desk and on a phone; Slack's own
# scheme, slack://, is unknown where its app is not installed.
CONVERSATION = "https://slack.com/app_redirect"
OUTCOMES = {
    State.SENT: "Sent to *{name}*.",
    State.POSTING: "Slack broke off while I was sending. In a minute I look whether *{name}* got "
    "it, and only if not I send it again.",
    State.FAILED: "Slack did not take it, so *{name}* got nothing. Try again in a minute.",
}
TO_WHOM = (
    "I send nothing to people without showing you the words first. Name one of your people, like "
    "*nudge Sam*."
)
WAYS = (
    Suggestion("Who to talk to", "who should I talk to"),
    Suggestion("What's overdue", "assignments overdue"),
)
# These mean whoever it is then.
WHOEVER = (PersonKind.MINE, PersonKind.USERGROUP)
TOO_SOON = (
    "I already sent *{name}* a nudge from you at {at}, so I did not send this one. From {again} on "
    "you can send another."
)


@dataclass(frozen=True, slots=True)
class NudgeSending:
    """All raise UserError with what to do instead, SlackError, ExecError and StorageError."""

    env: Env
    modals: Modals
    values: ButtonValues
    people: People
    coaching: Coaching
    preparer: Preparer
    audit: Audit
    delivering: Delivering
    answerer: Answerer

    @property
    def feature(self) -> Feature:
        return Feature(
            buttons={
                "coach.nudge": Button(self.chosen, self.preview, Shows.BENEATH),
                "nudge.send": Button(self.seen, self.send, once=True),
                "nudge.edit": Button(self.seen, self.edit, Shows.FORM),
                "nudge.cancel": Button(nothing, close),
            },
            forms={"nudge.form": FormHandler(Nudge, BLOCK, self.read)},
            phrases={"nudge": self.asked},
        )

    async def chosen(self, payload: Payload, value: str) -> str:
        """Reads the Exec id of a person from their handle."""
        return (await self.values.person(payload, value)).meaning.person_id

    async def seen(self, payload: Payload, value: str) -> Stored[Nudge]:
        """Reads the value of a button under a preview."""
        return await self.values.own(payload, value, Nudge)

    async def asked(self, request: Request, rest: str) -> View:
        """The note to whom somebody names in words; who asks for one to whomever it may concern
        chooses first."""
        seen = await self.coaching.visibility(request.asker)
        if not (seen.everyone or seen.coaches):
            raise NotAllowed(
                "Nudges are from a coach to their people, and you coach nobody.",
                (SHOW_MY_WEEK,),
            )
        question = await self.answerer.question(request.asker, rest, SESSIONS)
        is_named = all(ref.kind not in WHOEVER for ref in question.query.people)
        people = question.resolved.people if question.query.people and is_named else None
        others = [person.id for person in people or () if person != request.asker.member]
        if len(others) != 1:
            raise UserError(TO_WHOM, WAYS)
        return await self._preview(request.asker, others[0])

    async def preview(self, press: Press[str]) -> View:
        """The note as it will be sent, and whether to send it."""
        return await self._preview(press.asker, press.handle)

    async def _preview(self, asker: Asker, person_id: str) -> View:
        person, _ = await self._receiver(asker, person_id)
        words, link = await self._usual(asker, person)
        handle = Nudge(person.id, words, link)
        (id_,) = await self.modals.buttons.add(asker.team_id, asker.user_id, handle)
        seen = await self.coaching.reach(asker)
        (told,) = await self.preparer.directory.apart((person,), lambda one: seen.covers((one,)))
        note = _note(asker, person, words, link)
        return draft("nudge_preview", id=id_, receiver=told.name, **note)

    async def edit(self, press: Press[Stored[Nudge]]) -> None:
        """Open the form in which the words are changed."""
        asker = await self.people.admitted(press.asker.team_id, press.asker.user_id)
        nudge = press.handle.meaning
        person = await self.coaching.person(asker, nudge.person_id)
        private = await self.modals.keep(press.payload, nudge)
        form = draft(
            "nudge_form",
            private=private,
            person=person.name,
            words=nudge.words[:LONGEST],
            longest=LONGEST,
        )
        await self.modals.open(press.trigger_id, form)

    async def read(
        self, payload: Payload, view: Mapping[str, Any], stored: Stored[Nudge]
    ) -> Filled | Errors:
        """The words of the coach."""
        typed = str(values_of(view).get(BLOCK) or "").strip()
        if not shows(typed):
            return {BLOCK: "Write a few words."}
        if len(typed) > LONGEST:
            return {BLOCK: f"Write at most {LONGEST} characters."}

        async def send(request: Request) -> View:
            return await self._send(request.asker, replace(stored.meaning, words=typed), stored.id)

        # In place of the preview, which said something else.
        return Filled(send, beneath=False)

    async def send(self, press: Press[Stored[Nudge]]) -> View:
        """Send what the preview shows."""
        return await self._send(press.asker, press.handle.meaning, press.handle.id)

    async def _send(self, asker: Asker, nudge: Nudge, id_: str) -> Draft:
        """Send a note; what became of it.

        Once: presses of one preview are one payload (`once`), and a preview or a form has one
        delivery, by its `id_`; several of them are told apart by the hour.
        """
        person, account = await self._receiver(asker, nudge.person_id)
        coach = asker.member.id if asker.member else asker.user_id
        before = await self.coaching.coaches.nudge(coach, person.id)
        if before is not None:
            at, again = (
                dates.write_hour(moment.astimezone(asker.zone))
                for moment in (before, before + NUDGE_AGAIN_AFTER)
            )
            fields = {"name": person.name, "at": at, "again": again}
            return draft("nudged", outcome=Sentence(TOO_SOON, fields), words="")
        note = draft("nudge", **_note(asker, person, nudge.words, nudge.link))
        own = delivery_id(id_, person.id)
        try:
            state = await self.delivering.send(
                asker.team_id, account.id, note, id_=own, by=asker.user_id
            )
        except SlackError:
            state = State.FAILED
        if state not in (State.SENT, State.POSTING):
            await self.coaching.coaches.not_nudged(coach, person.id)
            state = State.FAILED
        outcome = Sentence(OUTCOMES[state], {"name": person.name})
        words = "" if state is State.FAILED else nudge.words
        return draft("nudged", outcome=outcome, words=words)

    async def _receiver(self, asker: Asker, person_id: str) -> tuple[Member, SlackUser]:
        """A person and the account to which a note to them goes. Raises NotFound or NotAllowed,
        which says why they can't be written to."""
        person = await self.coaching.person(asker, person_id)
        return person, await self._account(asker.team_id, person)

    async def _account(self, team_id: str, person: Member) -> SlackUser:
        """The account to which it goes. Raises NotFound, and NotAllowed for one that may not hear
        of practice."""
        if not is_present(person):
            raise NotFound("*{name}* is not in Exec any more.", name=person.name)
        user_id = await self.people.account_of(team_id, person)
        if user_id is None:
            raise NotFound("I found no Slack account of *{name}*.", name=person.name)
        account = await self.people.slack_user(team_id, user_id)
        if account.account_type is not AccountType.FULL:
            raise NotAllowed(
                "I can't write to *{name}* for you: that takes a full Slack account that is "
                "switched on.",
                name=person.name,
            )
        return account

    async def _usual(self, asker: Asker, person: Member) -> tuple[str, str]:
        """The usual words to a person, and where they can start, "" where that is not known: at
        the most urgent of their tasks, at what they practiced last, or at an easy one."""
        zone, now = str(asker.zone), self.env.clock()
        query = ResolvedQuery((person,), period=period_of(today(zone, now), zone))
        asked = await self.preparer.prepare(query, zone, needs=frozenset((Need.TASKS,)), now=now)
        tasks = await read_tasks(asked)
        overdue, due = with_status(tasks, Status.OVERDUE), with_status(tasks, Status.DUE)
        await self.audit.note(Look(asker, COACH, frozenset((person.id,))))
        words = draft("nudge_words", overdue=overdue, due=due, zone=zone, now=now)
        links = [task.link for task in (*overdue, *due)] or [await _last_link(asked)]
        easy = await easy_scenario(asked.db)
        links.append(easy.link if easy is not None else "")
        return self.env.messages.paragraphs(words), next(filter(None, links), "")


async def _last_link(asked: Asked) -> str:
    """Where the scenario that somebody practiced last is practiced, "" if that isn't known."""
    last, _ = await read_sessions(asked.db, asked.all_attempts(), limit=1)
    ids = {each.scenario.id for each in last}
    return next(iter((await scenario_links(asked.db, ids)).values()), "")


def _note(asker: Asker, person: Member, words: str, link: str) -> dict[str, str]:
    """The values of a note. Its `link` opens a role-play ("" if none is known); its `reply` opens
    the person's conversation with the coach."""
    to = urlencode({"channel": asker.user_id, "team": asker.team_id})
    return {
        "coach": asker.name,
        "person": person.name,
        "words": words,
        "link": link,
        "reply": f"{CONVERSATION}?{to}",
    }
