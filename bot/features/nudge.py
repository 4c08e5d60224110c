"""A nudge: a note from a coach to one of their people, in words that the coach sees and edits."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bot.access import AccountType, Asker, is_present
from bot.answer import Request
from bot.errors import NotAllowed, NotFound, Sentence, SlackError, Suggestion, UserError
from bot.forms import values_of
from bot.handlers import TOO_OLD, Turn, handler, numbered
from bot.language import dates
from bot.language.query import Member, PersonKind, ResolvedQuery
from bot.language.text import shows
from bot.messages.render import Draft, View, draft
from bot.mirror.query import read_sessions
from bot.outbox.deliveries import State, delivery_id
from bot.outbox.plans import COACH
from bot.people.audit import Look
from bot.people.coaches import NUDGE_AGAIN_AFTER
from bot.question import SHOW_MY_WEEK
from bot.reports._asked import Asked
from bot.reports._figures import scenario_links
from bot.reports._report import Need
from bot.reports._tasks import Status, read_tasks, with_status
from bot.reports.intervals import period_of, today
from bot.reports.table import SESSIONS
from bot.reports.what_next import easy_scenario
from bot.storage.buttons import Nudge, Person

if TYPE_CHECKING:
    from bot.app import App
    from bot.slack.web import SlackUser

LONGEST = 500  # characters
BLOCK = "text"
DAY = timedelta(days=1)
# Opens a conversation in the browser, on a desk and on a phone; slack:// needs Slack's app.
CONVERSATION = "https://slack.com/app_redirect"
OUTCOMES = {
    State.SENT: "Sent to *{name}*.",
    State.POSTING: "Slack broke off while I was sending. I'll check in a minute and resend only if "
    "*{name}* didn't get it.",
    State.FAILED: "Slack didn't accept it, so *{name}* got nothing. Try again in a minute.",
}
NAME_ONE = "Name one of your people, like *nudge Sam*. You can edit the note before I send it."
WAYS = (
    Suggestion("Who to talk to", "who should I talk to"),
    Suggestion("What's overdue", "assignments overdue"),
)
# These mean whoever it is then.
WHOEVER = (PersonKind.MINE, PersonKind.USERGROUP)


def register(app: App) -> None:
    """Add the action in words and the listeners."""
    app.commands.actions["nudge"] = partial(offer, app)

    @app.bolt.action(numbered("coach.nudge"))
    @handler(app, opens_form=True)
    async def write(ack: Any, turn: Turn) -> None:
        await ack()
        person_id = (await turn.own(turn.value, Person)).meaning.person_id
        view_id = await turn.open_looking()
        form = await fill_form(app, turn, await turn.asker(), person_id)
        await app.web.update_view(view_id, app.messages.modal(form))

    @app.bolt.view("nudge.form")
    @handler(app, beneath=True)
    async def send(ack: Any, view: Any, turn: Turn) -> None:
        words = str(values_of(view).get(BLOCK) or "").strip()
        stored = await turn.form(view, Nudge)
        problem = TOO_OLD if stored is None else "" if shows(words) else "Write a few words."
        if stored is None or problem:
            await ack(response_action="errors", errors={BLOCK: problem})
            return
        await ack()
        nudge, asker = stored.meaning, await turn.asker()
        said = await send_note(app, asker, nudge, words[:LONGEST], stored.id)
        await turn.answer(said)


async def offer(app: App, request: Request, rest: str) -> View:
    """A button that opens the form, for a person named in words."""
    seen = await app.coaching.visibility(request.asker)
    if not (seen.everyone or seen.coaches):
        raise NotAllowed(
            "Only coaches can send nudges, and you don't coach anyone.", (SHOW_MY_WEEK,)
        )
    question = await app.answerer.question(request.asker, rest, SESSIONS)
    is_named = all(ref.kind not in WHOEVER for ref in question.query.people)
    people = question.resolved.people if question.query.people and is_named else None
    others = [person for person in people or () if person != request.asker.member]
    if len(others) != 1:
        raise UserError(NAME_ONE, WAYS)
    asker, (person,), now = request.asker, others, app.clock()
    await find_account(app, asker, person)
    handle = Person.over(person.id, now, now, str(asker.zone))
    (id_,) = await app.buttons.add(asker.team_id, asker.user_id, handle)
    receiver = await tell_apart(app, asker, person)
    return draft("nudge_offer", id=id_, person=person.name, receiver=receiver)


async def fill_form(app: App, turn: Turn, asker: Asker, person_id: str) -> Draft:
    """The form with the usual words. Raises UserError if the person can't be nudged."""
    person = await app.coaching.person(asker, person_id)
    await find_account(app, asker, person)
    words, link = await suggest_words(app, asker, person)
    before = await app.coaches.last_nudge(coach_id(asker), person.id)
    is_recent = before is not None and app.clock() - before < DAY
    return draft(
        "nudge_form",
        private=await turn.keep(Nudge(person.id, words, link)),
        person=person.name,
        receiver=await tell_apart(app, asker, person),
        coach=asker.name,
        words=words[:LONGEST],
        longest=LONGEST,
        link=link,
        before=before if is_recent else None,
        again_at=None if before is None else before + NUDGE_AGAIN_AFTER,
        zone=str(asker.zone),
        now=app.clock(),
    )


async def send_note(app: App, asker: Asker, nudge: Nudge, words: str, id_: str) -> Draft:
    """Send a note once for each form, and at most once an hour; what became of it."""
    person = await app.coaching.person(asker, nudge.person_id)
    account = await find_account(app, asker, person)
    coach = coach_id(asker)
    before = await app.coaches.nudge(coach, person.id)
    if before is not None:
        at, again = (
            dates.write_hour(moment.astimezone(asker.zone))
            for moment in (before, before + NUDGE_AGAIN_AFTER)
        )
        raise UserError(
            "I already sent *{name}* a nudge from you at {at}, so I didn't send this one. You can "
            "send another one after {again}.",
            name=person.name,
            at=at,
            again=again,
        )
    to = urlencode({"channel": asker.user_id, "team": asker.team_id})
    note = draft(
        "nudge",
        coach=asker.name,
        person=person.name,
        words=words,
        link=nudge.link,
        reply=f"{CONVERSATION}?{to}",
    )
    try:
        state = await app.delivering.send(
            asker.team_id, account.id, note, id_=delivery_id(id_, person.id), by=asker.user_id
        )
    except SlackError:
        state = State.FAILED
    if state not in (State.SENT, State.POSTING):
        await app.coaches.not_nudged(coach, person.id)
        state = State.FAILED
    outcome = Sentence(OUTCOMES[state], {"name": person.name})
    return draft("nudged", outcome=outcome, words="" if state is State.FAILED else words)


def coach_id(asker: Asker) -> str:
    """What the nudges of a coach are kept under."""
    return asker.member.id if asker.member else asker.user_id


async def tell_apart(app: App, asker: Asker, person: Member) -> str:
    """The name of a person, with what tells them apart from namesakes that the asker can see."""
    seen = await app.coaching.reach(asker)
    (told,) = await app.directory.apart((person,), lambda each: seen.covers((each,)))
    return told.name


async def find_account(app: App, asker: Asker, person: Member) -> SlackUser:
    """The Slack account of a person. Raises NotFound and NotAllowed if they can't be nudged."""
    if not is_present(person):
        raise NotFound("*{name}* has left Exec.", name=person.name)
    if (await app.coaches.person_settings(person.id)).mutes_nudges:
        raise NotAllowed(
            "*{name}* has muted nudges. Send them a message yourself instead.", name=person.name
        )
    user_id = await app.people.account_of(asker.team_id, person)
    if user_id is None:
        raise NotFound(
            "I can't find a Slack account for *{name}*. An admin can link one: `{command} link`",
            name=person.name,
        )
    account = await app.people.slack_user(asker.team_id, user_id)
    if account.account_type is not AccountType.FULL:
        raise NotAllowed(
            "I can't message *{name}* for you: they need a full, active Slack account.",
            name=person.name,
        )
    return account


async def suggest_words(app: App, asker: Asker, person: Member) -> tuple[str, str]:
    """The usual words to a person, and a link where they can start, "" if none is known: their
    most urgent assignment, what they practiced last, or an easy scenario."""
    zone, now = str(asker.zone), app.clock()
    query = ResolvedQuery((person,), period=period_of(today(zone, now), zone))
    asked = await app.preparer.prepare(query, zone, needs=frozenset((Need.TASKS,)), now=now)
    tasks = await read_tasks(asked)
    overdue, due = with_status(tasks, Status.OVERDUE), with_status(tasks, Status.DUE)
    await app.audit.note(Look(asker, COACH, frozenset((person.id,))))
    words = draft("nudge_words", overdue=overdue, due=due, zone=zone, now=now)
    easy = await easy_scenario(asked.db)
    links = [task.link for task in (*overdue, *due)] or [await _last_link(asked)]
    links.append(easy.link if easy is not None else "")
    return app.messages.paragraphs(words), next(filter(None, links), "")


async def _last_link(asked: Asked) -> str:
    """The link of the scenario that somebody practiced last, "" if it has none."""
    last, _ = await read_sessions(asked.db, asked.all_attempts(), limit=1)
    ids = {each.scenario.id for each in last}
    return next(iter((await scenario_links(asked.db, ids)).values()), "")
