"""Coaches: assigning them, the list of people to talk to, and the message with that list.

Rights are checked again at every press, because a message can be months old.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.ask.answer import Request
from bot.ask.prepare import Mode
from bot.ask.question import SHOW_MY_WEEK
from bot.errors import (
    ExecError,
    NotAllowed,
    NotFound,
    NotRead,
    Sentence,
    Suggestion,
    UserError,
)
from bot.exec.budget import Purpose
from bot.language.filters import listed
from bot.language.locale import written_for
from bot.language.query import Kind, ResolvedQuery
from bot.language.schedule_words import read_schedule
from bot.language.text import first_word
from bot.messages.render import Draft, View, draft, notice
from bot.messages.tables import few
from bot.messages.words import count
from bot.people import access
from bot.people.access import AccountType, Asker
from bot.people.accounts import SlackUser
from bot.people.audit import Look
from bot.people.coach_names import name_of, names_of, read_assignment
from bot.reports._figures import last_sessions, tally_all
from bot.reports._prepared import PreparedQuestion
from bot.reports.coach import COURSE, REPORT, People, figures
from bot.reports.intervals import Interval, Periods, last_days, moved, periods_over, written_days
from bot.reports.table import SESSIONS
from bot.scheduled import digests
from bot.scheduled.draw import Drawing, prepare, send_once
from bot.scheduled.outbox import Delivery, Reason, State, Unsent
from bot.scheduled.subscriptions import USUAL, Subscription, new_subscription
from bot.slack.commands import ADMINS, COACHES, Command, HelpLine
from bot.slack.turn import Turn, answering, confirm
from bot.storage.buttons import Person, StoredCommand
from bot.storage.tables import delivery, from_ms, to_ms

if TYPE_CHECKING:
    from bot.app import App

COACH = REPORT.name
LINES = (
    HelpLine(
        ('coach add @ana "West Coast" @jane', "coach remove @ana", "coach list"),
        Sentence("Admins: assign coaches, and list them."),
        "coach list",
        ADMINS,
    ),
    HelpLine(
        ("coach digest [when]",),
        Sentence(
            "Coaches: when you get the message about your people. `pause`, `resume` and `stop` "
            "work, too."
        ),
        f"coach digest {USUAL}",
        COACHES,
    ),
)
USAGE = (
    'Write it like this: `{command} coach add @ana "West Coast"`, `{command} coach remove @ana`, '
    f"`{{command}} coach list`, or for your own message `{{command}} coach digest {USUAL}`."
)
NO_COACH = (
    "You don't coach anyone yet. An admin can add you with "
    '`{command} coach add @you "West Coast"`.'
)
NOBODY_LEFT = "Nobody you coach is in Exec anymore."
INFORMED = " I've let *{coach}* know."
NOT_INFORMED = " Slack didn't accept my message to *{coach}*, so please tell them yourself."
NO_ACCOUNT = (
    " I can't find an active, full Slack account for *{coach}*, so I couldn't tell them. If they "
    "have one, link it with `{command} link`."
)
PAUSE, RESUME = ("pause", "stop", "off"), ("resume", "on", "start")
REMOVE = "coach remove "
SHOW_COACHES = (Suggestion("Show the coaches", "coach list"),)
COURSE_AGAIN_DAYS = 28
MOST_NAMED = 8  # people in a line
# Words that don't narrow the list of people to talk to.
UNFILTERED = frozenset(("", "my people", "today", "this week"))
ALTERNATIVES = (
    Suggestion("Who hasn't practiced", "inactive"),
    Suggestion("What's overdue", "assignments overdue"),
    Suggestion("Everyone's figures", "team"),
)
TO_STOP = (
    Suggestion("The message about my people", "coach digest"),
    Suggestion("Digests", "digest list"),
    Suggestion("My alerts", "alert list"),
)


def register(app: App) -> None:
    """Add the subcommand, what people ask in words, the message and the listeners."""
    app.commands.add(Command("coach", partial(run, app), LINES))
    app.commands.actions["talk"] = partial(list_to_talk_to, app)
    app.commands.actions["stop"] = partial(offer_to_stop, app)
    app.commands.actions["coaches"] = partial(tell_coaches, app)
    app.scheduled[COACH] = partial(draw_list, app)

    answering(app, "coach.choose", below=True)(partial(show_person, app))

    @answering(app, "coach.remove_now")
    async def remove_now(turn: Turn) -> View:
        stored, _ = await turn.stored(StoredCommand)
        text = stored.meaning.words.removeprefix(REMOVE)
        return await remove(app, await turn.asker(), text, is_agreed=True)


async def run(app: App, request: Request, rest: str) -> View:
    """Answer `coach <rest>`."""
    verb, after = first_word(rest)
    match verb:
        case "add":
            return await add(app, request.asker, after)
        case "remove":
            return await remove(app, request.asker, after)
        case "list" | "":
            return await list_coaches(app, request.asker)
        case "digest":
            return await change_message(app, request.asker, after)
        case _:
            raise UserError(USAGE, SHOW_COACHES)


# Assigning coaches


async def add(app: App, asker: Asker, text: str) -> View:
    """Assign groups or people to a coach, and tell the coach."""
    access.require_admin(asker)
    coach, added = await read_assignment(app.resolver, asker, text, verb="add")
    people = listed(await names_of(app.directory, added), "and")
    names = {"coach": coach.name, "people": people}
    if not people:
        raise UserError(
            "Who does *{coach}* coach? Add a group or people, like "
            '`{command} coach add @ana "West Coast"` or `{command} coach add @ana @jane`.',
            (),
            **names,
        )
    account = await app.people.find_account(asker.team_id, coach)
    is_full = account is None or account.account_type is AccountType.FULL
    if not is_full or coach.is_removed:
        raise NotFound(
            "*{coach}* can't coach: a coach has to be in Exec, with an active, full Slack account.",
            (),
            **names,
        )
    await app.coaches.add(added)
    with suppress(ExecError):
        await app.lists.use_teams(added.groups)
    outcome = NO_ACCOUNT
    if account is not None:
        welcome = await _welcome(app, asker, people, account)
        if account.id == asker.user_id:
            return welcome
        outcome = await tell(app, asker, account, welcome)
    return notice("Done: *{coach}* now coaches *{people}*." + outcome, **names)


async def _welcome(app: App, asker: Asker, people: str, account: SlackUser) -> View:
    """The notice to a coach: the people they now coach, and their message about them."""
    one = await begin_message(app, asker.team_id, account)
    coach = await app.people.asker(asker.team_id, account.id)
    seen = await app.coaching.visibility(coach)
    theirs = [x for x in await app.directory.people(seen.coached) if x != coach.member]
    is_own = account.id == asker.user_id
    pattern = "*You now coach {people}.*" if is_own else "*{admin} made you a coach of {people}.*"
    if not seen.unsure:
        pattern += " You can now see the practice of {reach}."
    reach = count(sum(not each.is_system for each in theirs), "person", "people")
    with written_for(coach.locale):
        welcome = notice(pattern, admin=asker.name, people=people, reach=reach)
        return welcome, await digests.saved(app, coach, one)


async def begin_message(app: App, team_id: str, account: SlackUser) -> Subscription:
    """Start the message of a new coach; one that they paused themselves stays paused."""
    one = await app.subscriptions.begin_own(team_id, account.id, COACH, account.tz)
    if one.is_paused and one.reason:
        return await app.subscriptions.resume(one)
    return one


async def remove(app: App, asker: Asker, text: str, *, is_agreed: bool = False) -> View:
    """Unassign a coach from the people named, or from all, once the admin confirms."""
    access.require_admin(asker)
    coach, named = await read_assignment(app.resolver, asker, text, verb="remove")
    has = await app.coaches.of(coach.id)
    if named.groups or named.people:
        has = replace(has, groups=has.groups & named.groups, people=has.people & named.people)
    people = listed(await names_of(app.directory, has), "and")
    names = {"coach": coach.name, "people": people}
    if not people:
        raise NotFound(
            "There is nothing to remove. `{command} coach list` shows who *{coach}* coaches.",
            SHOW_COACHES,
            **names,
        )
    if not is_agreed:
        (id_,) = await app.buttons.add_commands(asker.team_id, asker.user_id, (REMOVE + text,))
        question = Sentence("Should *{coach}* stop coaching *{people}*?", names)
        return confirm(question, "Remove", "coach.remove_now", id_, style="danger")
    account = await app.people.find_account(asker.team_id, coach)
    await app.coaches.remove(has)
    left = listed(await names_of(app.directory, await app.coaches.of(has.id)), "and")
    if account is not None and not left:
        message = await app.subscriptions.own(asker.team_id, account.id, COACH)
        if message is not None:
            await app.subscriptions.pause(message.id, Reason.OWNER)
    rest = "You still coach *{left}*." if left else "You don't coach anyone now."
    pattern = f"*{{admin}}* removed *{{people}}* from the people you coach. {rest}"
    removal = notice(pattern, admin=asker.name, people=people, left=left)
    outcome = await tell(app, asker, account, removal)
    return notice(f"Done: *{{coach}}* no longer coaches *{{people}}*.{outcome}", **names)


async def tell(app: App, asker: Asker, account: SlackUser | None, view: View) -> str:
    """Send a coach a direct message. Returns the sentence that tells the admin whether it
    arrived."""
    if account is None or account.account_type is not AccountType.FULL:
        return NO_ACCOUNT
    if account.id == asker.user_id:
        return ""
    state = await send_once(app, asker.team_id, account.id, view)
    return NOT_INFORMED if state is State.FAILED else INFORMED


async def list_coaches(app: App, asker: Asker) -> Draft:
    """All coaches and the people they coach."""
    access.require_admin(asker)
    rows = [
        (await name_of(app.directory, coach.id), await names_of(app.directory, coach))
        for coach in await app.coaches.all()
    ]
    return draft("coaches", coaches=sorted(rows, key=lambda row: row[0].casefold()))


# A coach's own message


async def change_message(app: App, asker: Asker, words: str) -> Draft:
    """Show, schedule, pause or resume the asker's own message about their people."""
    one = await app.subscriptions.own(asker.team_id, asker.user_id, COACH)
    word = words.casefold()
    if one is not None and word in PAUSE:
        return await digests.pause(app, asker, one)
    if not (await app.coaching.visibility(asker)).coaches:
        raise NotAllowed(NO_COACH)
    if one is not None and word in RESUME:
        return await digests.resume(app, asker, one)
    if one is not None and not word:
        return await digests.saved(app, asker, one)
    words = USUAL if word in ("", *PAUSE, *RESUME) else words
    zone, lead = str(asker.zone), "coach digest"
    schedule = read_schedule(words, now=app.clock(), zone=zone, lead=lead)
    team_id, user_id, follows = asker.team_id, asker.user_id, schedule.zone == zone
    new = new_subscription(team_id, user_id, COACH, user_id, schedule, follows=follows)
    if one is None:
        one, _ = await app.subscriptions.add(new)
    else:
        one = await app.subscriptions.change(replace(new, id=one.id))
    return await digests.saved(app, asker, one, "Saved")


# Who to talk to


async def draw_list(app: App, asker: Asker, row: Delivery, mode: Mode) -> Drawing:
    """A coach's message. Raises Unsent if they coach nobody, and NotRead if groups aren't
    loaded."""
    q = await ask_about_people(app, asker, row.periods(app.clock()), mode)
    sent, hash_of = await _sent_facts(app, row), partial(_fact_hash, row.subscription_id)
    recent = {fact for facts in sent for fact in facts or ()}
    mentioned = {id_ for id_ in q.subject.people if hash_of(id_, COURSE) in recent}
    found = await figures_for(asker, q, mentioned)
    if mode is Mode.QUESTION:
        return await draw(app, asker, q, found), None
    facts = [hash_of(each.member_id, fact) for each in found.rows for fact in each.facts]
    is_same = bool(facts and sent) and set(facts) <= set(sent[0] or ())
    return await draw(app, asker, q, found, row=row, is_same=is_same), facts


async def ask_about_people(
    app: App, asker: Asker, periods: Periods, mode: Mode
) -> PreparedQuestion:
    """The question about a coach's people, including the coach if they are in one of the groups."""
    seen = await app.coaching.visibility(asker)
    if mode is not Mode.STORED:
        job = Purpose.DUE if mode is Mode.DUE else Purpose.PEOPLE
        await app.lists.use_teams(seen.groups | seen.unsure, job)
        seen = await app.coaching.visibility(asker)
    if seen.unsure:
        raise NotRead("the members of your groups")
    found = await app.directory.people(seen.coached)
    people = tuple(each for each in found if not each.is_system)
    if not set(people) - {asker.member}:
        raise Unsent(Reason.GONE if seen.coaches else Reason.OWNER)
    return await prepare(app, ResolvedQuery(people), REPORT, periods, mode)


async def figures_for(
    asker: Asker, q: PreparedQuestion, mentioned: Collection[str] = frozenset()
) -> People:
    """The figures of a coach's people; those `mentioned` were slipping in a recent message."""
    own_id = asker.member.id if asker.member else ""
    return await figures(q, coach=own_id, by=asker.user_id, mentioned=mentioned)


async def _sent_facts(app: App, row: Delivery) -> Sequence[list[str] | None]:
    """The hashes of the facts in each message of the last four weeks, newest first."""
    c, since = delivery.c, moved(row.planned_at, -COURSE_AGAIN_DAYS, row.zone)
    query = sa.select(c.facts).where(
        c.subscription_id == row.subscription_id,
        c.state == State.SENT,
        c.planned_at > since,
    )
    return await app.db.scalars(query.order_by(c.planned_at.desc()))


def _fact_hash(subscription_id: str, member_id: str, fact: str) -> str:
    """A fact about a person as it is stored: recognizable, and without personal data."""
    text = f"{subscription_id} {member_id} {fact}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


async def draw(
    app: App,
    asker: Asker,
    q: PreparedQuestion,
    found: People,
    *,
    row: Delivery | None = None,
    is_same: bool = False,
) -> Draft:
    """The list of people to talk to: for an answer, for Home, or as the message `row`. If that
    `is_same` as the last one, everybody is in one line."""
    await app.audit.note(Look(asker, COACH, frozenset(q.subject.people)))
    lines = [few(x, MOST_NAMED) for x in ((found.rows,) if is_same else found.lines)]
    named = [each.member_id for line in lines for each in line.shown]
    start_at, end_at = to_ms(q.interval.start), to_ms(q.interval.end)
    people = (Person(id_, start_at, end_at, q.zone) for id_ in named)
    ids = await app.buttons.add(asker.team_id, asker.user_id, *people)
    everyone = f"team my people {written_days(q.interval, q.zone)}"
    (everyone_id,) = await app.buttons.add_commands(asker.team_id, asker.user_id, (everyone,))
    return draft(
        "coach",
        f=found,
        q=q,
        lines=lines,
        handles=dict(zip(named, ids, strict=True)),
        everyone=everyone_id,
        sub="" if row is None else row.subscription_id,
        late=None if row is None else row.late(app.clock()),
        is_same=is_same,
    )


async def show_person(app: App, turn: Turn) -> View:
    """One of the coach's people, with the reasons to talk to them."""
    asker = await turn.asker()
    stored = (await turn.own(turn.value, Person)).meaning
    person = await app.coaching.person(asker, stored.person_id)
    interval = Interval(from_ms(stored.start_at), from_ms(stored.end_at))
    periods = periods_over(interval, stored.zone, app.clock())
    q = await prepare(app, ResolvedQuery((person,)), REPORT, periods, Mode.QUESTION)
    found = await figures_for(asker, q)
    await app.audit.note(Look(asker, COACH, frozenset((person.id,))))
    days = written_days(interval, stored.zone)
    questions = (f'sessions id:"{person.id}" {days}', f'prep id:"{person.id}"')
    return draft(
        "coach_person",
        id=turn.value,
        who=person.name,
        row=next(iter(found.rows), None),
        sums=await tally_all(q.db, q.filters()),
        last=(await last_sessions(q.db, q.all_attempts())).get(person.id),
        q=q,
        asks=await app.buttons.add_commands(asker.team_id, asker.user_id, questions),
    )


# Questions in words


async def list_to_talk_to(app: App, request: Request, rest: str) -> View:
    """Answer "who should I talk to", as in the coach's Home tab."""
    asker = request.asker
    seen = await app.coaching.visibility(asker)
    if not seen.coaches:
        own = (SHOW_MY_WEEK, Suggestion("What's due", "assignments me"))
        ways = ALTERNATIVES if seen.everyone else own
        raise NotAllowed("You don't coach anyone yourself, so I have no list for you. Try:", ways)
    if rest not in UNFILTERED:
        raise UserError("The list always covers all your people, as of today. Try:", ALTERNATIVES)
    if seen.unsure:
        raise access.refuse("your people", seen)
    periods = last_days(str(asker.zone), app.clock())
    try:
        q = await ask_about_people(app, asker, periods, Mode.QUESTION)
    except Unsent:
        raise NotFound(NOBODY_LEFT) from None
    return await draw(app, asker, q, await figures_for(asker, q))


async def offer_to_stop(app: App, request: Request, _rest: str) -> View:
    """Buttons that lead to every kind of message somebody can stop."""
    seen = await app.coaching.visibility(request.asker)
    own = (Suggestion("My Monday message", "me"), Suggestion("Mute nudges", "me muted"))
    ways = (*TO_STOP, *own) if seen.everyone or seen.coaches else own
    offers = await app.answerer.offers(request.asker, ways)
    return notice("Which messages do you mean? Stop them here:", offers)


async def tell_coaches(app: App, request: Request, rest: str) -> View:
    """The coaches and groups of the asker or, for admins, of somebody else."""
    asker, person, who = request.asker, request.asker.member, "you"
    if rest not in ("", "me"):
        access.require_admin(asker)
        people = (await app.questions.read(asker, rest, SESSIONS)).resolved.people or ()
        if len(people) != 1:
            raise UserError("Ask about one person, like *who coaches Sam*.")
        (person,) = people
        who = await name_of(app.directory, person.id)
    id_ = "" if person is None else person.id
    ids = await app.directory.groups_of(id_)
    coaches = [
        await name_of(app.directory, coach.id)
        for coach in await app.coaches.all()
        if coach.id != id_ and (coach.groups & ids or id_ in coach.people)
    ]
    groups = [each.name for each in await app.directory.items(Kind.GROUP) if each.id in ids]
    pattern = "Nobody coaches *{who}* yet. An admin can assign a coach."
    if coaches:
        pattern = f"*{{coaches}}* {'coaches' if len(coaches) == 1 else 'coach'} *{{who}}*."
    if groups:
        pattern += " You are in *{groups}*." if who == "you" else " *{who}* is in *{groups}*."
    names = {"coaches": listed(sorted(coaches), "and"), "groups": listed(groups, "and")}
    return notice(pattern, who=who, **names)
