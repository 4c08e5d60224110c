"""Coaches: assigning them, the list of people to talk to, and the message with that list.

Rights are checked again at every press, because a message can be months old.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot import access
from bot.access import AccountType, Asker
from bot.answer import Answered, Request
from bot.commands import ADMINS, COACHES, Command, HelpLine
from bot.digests import saved
from bot.errors import (
    ExecError,
    NotAllowed,
    NotFound,
    NotRead,
    Pattern,
    Sentence,
    SlackError,
    Suggestion,
    TooOld,
    UserError,
)
from bot.exec_api.budget import Purpose
from bot.handlers import Turn, chose, handler
from bot.language.filters import listed
from bot.language.locale import written_for
from bot.language.query import Kind, Member
from bot.language.schedule_words import read_schedule, spoken_schedule
from bot.language.text import first_word
from bot.messages.render import Draft, View, draft, notice
from bot.messages.tables import truncated
from bot.outbox import Delivery, DeliveryKind, Reason, State, Unsent
from bot.own_messages import USUAL, ask_about, begin
from bot.people.audit import Look
from bot.people.coach_names import Assigned, name_of, names_of, read_assignment
from bot.prepare import Mode
from bot.question import SHOW_MY_WEEK
from bot.reports._figures import last_sessions, tally_all
from bot.reports._prepared import PreparedQuestion
from bot.reports.coach import COURSE, REPORT, People, figures
from bot.reports.intervals import (
    Interval,
    Periods,
    last_days,
    moved,
    periods_over,
    written_days,
)
from bot.reports.prep import REPORT as PREP
from bot.reports.table import SESSIONS
from bot.reports.team import REPORT as TEAM
from bot.scheduled import DraftWithFacts, Line, describe, send_direct
from bot.storage.buttons import Person
from bot.storage.tables import delivery
from bot.subscriptions import Subscription, new_subscription

if TYPE_CHECKING:
    from bot.app import App
    from bot.slack.web import SlackUser

COACH = REPORT.name
LINES = (
    HelpLine(
        ('coach add @ana "West Coast" @jane', "coach remove @ana", "coach list"),
        Pattern("Admins: assign coaches, and list them."),
        "coach list",
        ADMINS,
    ),
    HelpLine(
        ("coach digest [when]",),
        Pattern(
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
NO_MESSAGE = (
    f"You don't get a message about your people. `{{command}} coach digest {USUAL}` starts it."
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


def register(app: App) -> None:
    """Add the subcommand, what people ask in words, the message and the listeners."""
    app.commands.add(Command("coach", partial(run, app), LINES, ("coaches",)))
    app.commands.actions["talk"] = partial(list_to_talk_to, app)
    app.commands.actions["stop"] = partial(offer_to_stop, app)
    app.commands.actions["coaches"] = partial(tell_coaches, app)
    app.scheduled[COACH] = partial(draw_list, app)
    # Older messages have Stop as well.
    for name, act in {"preview": preview, "pause": pause, "resume": resume, "stop": pause}.items():
        _listen(app, name, partial(_change, app, act))
    for name, show in {"choose": show_person, "sessions": show_sessions, "prep": show_prep}.items():
        _listen(app, name, partial(show, app))
    _listen(app, "everyone", partial(show_everyone, app))
    _listen(app, "remove_now", partial(_remove_now, app), below=False)


def _listen(
    app: App, name: str, answer: Callable[[Turn], Awaitable[View]], *, below: bool = True
) -> None:
    @app.bolt.action(f"coach.{name}")
    @app.bolt.action("coach.messages", [chose(f"coach.{name}")])
    @handler(app, below=below)
    async def on_press(ack: Any, turn: Turn) -> None:
        await ack()
        await turn.answer(await answer(turn))


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
    assigned = await read_assignment(app.resolver, asker, text, verb="add")
    names = {"coach": assigned.coach.name, "people": listed(assigned.names, "and")}
    if not assigned.names:
        raise UserError(
            "Who does *{coach}* coach? Add a group or people, like "
            '`{command} coach add @ana "West Coast"` or `{command} coach add @ana @jane`.',
            (),
            **names,
        )
    account = await find_account(app, asker.team_id, assigned.coach)
    is_full = account is None or account.account_type is AccountType.FULL
    if not (is_full and not assigned.coach.is_removed):
        raise NotFound(
            "*{coach}* can't coach: a coach has to be in Exec, with an active, full Slack account.",
            (),
            **names,
        )
    await app.coaches.add(assigned.as_coach(), by=asker.user_id)
    done = "Done: *{coach}* now coaches *{people}*."
    if account is None:
        return notice(done + NO_ACCOUNT, **names)
    added = await _added(app, asker, assigned, account)
    if account.id == asker.user_id:
        return added
    return notice(done + await tell(app, asker, account, added), **names)


async def _added(app: App, asker: Asker, assigned: Assigned, account: SlackUser) -> Draft:
    """The notice to a coach: the people they now coach, and when they get the message about
    them."""
    one = await begin_message(app, asker.team_id, account)
    with suppress(ExecError):
        await app.lists.use_teams(assigned.as_coach().groups)
    coach = await app.people.asker(asker.team_id, account.id)
    seen = await app.coaching.visibility(coach)
    theirs = await app.directory.people(seen.coached - {assigned.coach.id})
    with written_for(coach.locale):
        return draft(
            "coach_added",
            added_by="" if account.id == asker.user_id else asker.name,
            people=assigned.names,
            reach=None if seen.unsure else sum(not each.is_system for each in theirs),
            id=one.id,
            when="" if one.is_paused else spoken_schedule(one.timing),
            upcoming=one.upcoming(app.clock(), 1),
            zone=one.zone,
            now=app.clock(),
        )


async def begin_message(app: App, team_id: str, account: SlackUser) -> Subscription:
    """Start the message of a new coach; one that they paused themselves stays paused."""
    one = await begin(app, team_id, account.id, COACH, account.tz)
    if one.is_paused and one.reason in (Reason.OWNER, Reason.GONE):
        return await app.subscriptions.resume(one) or one
    return one


async def remove(app: App, asker: Asker, text: str, *, is_agreed: bool = False) -> View:
    """Unassign a coach from the people named, or from all, once the admin confirms."""
    access.require_admin(asker)
    assigned = await read_assignment(app.resolver, asker, text, verb="remove")
    named, has = assigned.as_coach(), await app.coaches.of(assigned.coach.id)
    if assigned.names:
        has = replace(has, groups=has.groups & named.groups, people=has.people & named.people)
    people = listed(await names_of(app.directory, has), "and")
    names = {"coach": assigned.coach.name, "people": people}
    if not people:
        raise NotFound(
            "There is nothing to remove. `{command} coach list` shows who *{coach}* coaches.",
            SHOW_COACHES,
            **names,
        )
    if not is_agreed:
        (id_,) = await app.buttons.add_commands(asker.team_id, asker.user_id, (REMOVE + text,))
        question = Sentence("Should *{coach}* stop coaching *{people}*?", names)
        action = {"label": "Remove", "action": "coach.remove_now", "value": id_}
        return draft("confirm", question=question, **action)
    account = await find_account(app, asker.team_id, assigned.coach)
    await app.coaches.remove(has)
    left = listed(await names_of(app.directory, await app.coaches.of(has.id)), "and")
    if account is not None and not left:
        await _end_message(app, asker.team_id, account)
    rest = "You still coach *{left}*." if left else "You don't coach anyone now."
    pattern = f"*{{admin}}* removed *{{people}}* from the people you coach. {rest}"
    removal = notice(pattern, admin=asker.name, people=people, left=left)
    outcome = await tell(app, asker, account, removal)
    return notice(f"Done: *{{coach}}* no longer coaches *{{people}}*.{outcome}", **names)


async def _end_message(app: App, team_id: str, account: SlackUser) -> None:
    """Pause the message of somebody who no longer coaches anyone."""
    one = await app.subscriptions.own(team_id, account.id, COACH)
    if one is not None and not one.is_paused:
        await app.subscriptions.pause(one.id, Reason.OWNER)


async def _remove_now(app: App, turn: Turn) -> View:
    words, _ = await turn.command()
    return await remove(app, await turn.asker(), words.removeprefix(REMOVE), is_agreed=True)


async def tell(app: App, asker: Asker, account: SlackUser | None, view: View) -> str:
    """Send a coach a direct message. Returns the sentence that tells the admin whether it
    arrived."""
    if account is None or account.account_type is not AccountType.FULL:
        return NO_ACCOUNT
    if account.id == asker.user_id:
        return ""
    with suppress(SlackError):
        if await send_direct(app, asker.team_id, account.id, view) is not State.FAILED:
            return INFORMED
    return NOT_INFORMED


async def find_account(app: App, team_id: str, person: Member) -> SlackUser | None:
    """The Slack account of an Exec person, if Slack shows one."""
    user_id = await app.people.account_of(team_id, person)
    with suppress(NotFound):
        return await app.people.slack_user(team_id, user_id) if user_id else None
    return None


async def list_coaches(app: App, asker: Asker) -> View:
    """All coaches, with the schedule of their messages."""
    access.require_admin(asker)
    messages = dict[str, Line]()
    for one in await app.subscriptions.listed(asker.team_id, report=COACH):
        with suppress(SlackError, NotFound):  # Slack is down or hides the account
            account = await app.people.account(asker.team_id, one.owner_id)
            if account.member is not None:
                messages[account.member.id] = await describe(app, one)
    rows = []
    for coach in await app.coaches.all():
        name, people = await name_of(app.directory, coach.id), await names_of(app.directory, coach)
        rows.append((name, people, messages.get(coach.id)))
    return draft("coaches", coaches=sorted(rows, key=lambda row: row[0].casefold()))


# A coach's own message


async def change_message(app: App, asker: Asker, words: str) -> View:
    """Show, schedule, pause or resume the asker's own message about their people."""
    one = await app.subscriptions.own(asker.team_id, asker.user_id, COACH)
    if (word := words.casefold()) in PAUSE:
        return await pause(app, asker, require_message(one))
    if one is not None and word in ("", *RESUME):
        return await resume(app, asker, one) if word else await saved(app, asker, one, "nothing")
    await require_people(app, asker)
    parsed = read_schedule(
        USUAL if word in ("", *RESUME) else words,
        now=app.clock(),
        zone=str(asker.zone),
        lead="coach digest",
        usual=time(8, 30),
    )
    team_id, user_id, follows = asker.team_id, asker.user_id, not parsed.names_zone
    new = new_subscription(team_id, user_id, COACH, user_id, parsed.schedule, follows=follows)
    if one is None:
        stored, _ = await app.subscriptions.add(new)
        return await saved(app, asker, stored, "saved")
    new = replace(new, id=one.id, last_day=one.last_day, created_at=one.created_at)
    changed = require_message(await app.subscriptions.change(new))
    return await saved(app, asker, changed, "resumed" if one.is_paused else "changed")


async def require_people(app: App, asker: Asker) -> None:
    """Raises NotAllowed unless the asker coaches somebody."""
    if not (await app.coaching.visibility(asker)).coaches:
        add_you = '`{command} coach add @you "West Coast"`'
        raise NotAllowed(f"You don't coach anyone yet. An admin can add you with {add_you}.")


async def find_message(app: App, turn: Turn) -> tuple[Subscription, Delivery | None]:
    """The message of a button whose value is the id of a subscription or a delivery. Raises TooOld,
    also for somebody else's message."""
    row = await app.outbox.find(turn.value)
    one = await app.subscriptions.find(turn.value if row is None else row.subscription_id)
    own = (turn.place.team_id, turn.place.user_id, COACH)
    if one is None or (one.team_id, one.owner_id, one.words) != own:
        raise TooOld
    return one, row


async def _change(
    app: App, act: Callable[[App, Asker, Subscription], Awaitable[View]], turn: Turn
) -> View:
    asker = await turn.asker()
    one, _ = await find_message(app, turn)
    return await act(app, asker, one)


async def preview(app: App, asker: Asker, one: Subscription) -> View:
    """The message, if it were sent now."""
    await require_people(app, asker)
    row = one.delivery_now(DeliveryKind.NOW, app.clock(), "")
    try:
        return (await draw_list(app, asker, row, Mode.QUESTION)).view
    except Unsent:
        raise NotFound(NOBODY_LEFT) from None


async def pause(app: App, asker: Asker, one: Subscription) -> View:
    """Pause the message until its owner resumes it."""
    return await saved(app, asker, require_message(await app.subscriptions.pause(one.id)), "paused")


async def resume(app: App, asker: Asker, one: Subscription) -> View:
    """Resume a paused message."""
    await require_people(app, asker)
    if not one.is_paused:
        return await saved(app, asker, one, "nothing")
    return await saved(app, asker, require_message(await app.subscriptions.resume(one)), "resumed")


def require_message(one: Subscription | None) -> Subscription:
    """The message. Raises NotFound if there is none."""
    if one is None:
        raise NotFound(NO_MESSAGE)
    return one


async def show_everyone(app: App, turn: Turn) -> Answered:
    """The figures of all the coach's people in the period of a message."""
    request = replace(await turn.request(), can_share=False)
    _, row = await find_message(app, turn)
    if row is None:
        raise TooOld
    await require_people(app, request.asker)
    days = written_days(row.periods(app.clock()).interval, row.zone)
    return await app.answerer.answer(request, TEAM, f"my people {days}")


# Who to talk to


async def draw_list(app: App, asker: Asker, row: Delivery, mode: Mode) -> DraftWithFacts:
    """A coach's message. Raises Unsent if they coach nobody, and NotRead if groups aren't
    loaded."""
    q = await ask_about_people(app, asker, row.periods(app.clock()), mode)
    recent, hash_of = await _recent_facts(app, row), partial(_fact_hash, row.subscription_id)
    mentioned = {id_ for id_ in q.subject.people if hash_of(id_, COURSE) in recent}
    found = await _figures(asker, q, mentioned)
    facts = [hash_of(each.member_id, fact) for each in found.rows for fact in each.facts]
    if mode is Mode.QUESTION:
        return DraftWithFacts(await _draw(app, asker, q, found, None))
    last = await app.outbox.newest(row.subscription_id, (State.SENT,))
    is_same = bool(facts) and set(facts) <= set((last and last.facts) or ())
    late = row.late(app.clock())
    return DraftWithFacts(
        await _draw(app, asker, q, found, row.id, late=late, is_same=is_same), facts
    )


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
    return await ask_about(app, people, REPORT, periods, mode)


async def answer_about(app: App, asker: Asker, q: PreparedQuestion) -> Draft:
    """The list of people to talk to, for an answer or Home."""
    return await _draw(app, asker, q, await _figures(asker, q), "")


async def _figures(
    asker: Asker, q: PreparedQuestion, mentioned: Collection[str] = frozenset()
) -> People:
    own_id = asker.member.id if asker.member else ""
    return await figures(q, coach=own_id, by=asker.user_id, mentioned=mentioned)


async def _recent_facts(app: App, row: Delivery) -> set[str]:
    """The hashes of the facts in the messages of the last four weeks."""
    c, since = delivery.c, moved(row.planned_at, -COURSE_AGAIN_DAYS, row.zone)
    query = sa.select(c.facts).where(
        c.subscription_id == row.subscription_id, c.state == State.SENT, c.planned_at > since
    )
    return {fact for facts in await app.db.scalars(query) for fact in facts or ()}


def _fact_hash(subscription_id: str, member_id: str, fact: str) -> str:
    """A fact about a person as it is stored: recognizable, and without personal data."""
    text = f"{subscription_id} {member_id} {fact}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


async def _draw(
    app: App,
    asker: Asker,
    q: PreparedQuestion,
    found: People,
    id_: str | None,
    *,
    late: datetime | None = None,
    is_same: bool = False,
) -> Draft:
    """The list of people to talk to.

    `id_` is the value of its buttons: "" in an answer, None for a preview without buttons. If the
    message `is_same` as the last one, everybody is in one line.
    """
    await app.audit.note(Look(asker, COACH, frozenset(q.subject.people)))
    lines = [truncated(each, MOST_NAMED) for each in ((found.rows,) if is_same else found.lines)]
    named = [] if id_ is None else [row.member_id for line in lines for row in line.shown]
    start, end = q.interval.start, q.interval.end
    people = (Person.over(each, start, end, q.zone) for each in named)
    ids = await app.buttons.add(asker.team_id, asker.user_id, *people)
    handles = dict(zip(named, ids, strict=True))
    values = {"id": id_, "f": found, "q": q, "lines": lines, "handles": handles}
    return draft("coach", **values, late=late, is_same=is_same)


async def list_to_talk_to(app: App, request: Request, rest: str) -> View:
    """Answer "who should I talk to", as in the coach's Home tab."""
    asker = request.asker
    seen = await app.coaching.visibility(asker)
    if not seen.coaches:
        ways = (
            ALTERNATIVES
            if seen.everyone
            else (SHOW_MY_WEEK, Suggestion("What's due", "assignments me"))
        )
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
    return await answer_about(app, asker, q)


# One of the people


async def show_person(app: App, turn: Turn) -> View:
    """One of the coach's people, with the reasons to talk to them."""
    request, stored, person = await _person(app, turn)
    periods = periods_over(Interval(stored.start, stored.end), stored.zone, app.clock())
    q = await ask_about(app, (person,), REPORT, periods, Mode.QUESTION)
    found = await _figures(request.asker, q)
    seen = await app.coaching.reach(request.asker)
    (labeled,) = await app.directory.label_namesakes((person,), lambda one: seen.covers((one,)))
    await app.audit.note(Look(request.asker, COACH, frozenset((person.id,))))
    return draft(
        "coach_person",
        id=turn.value,
        who=labeled.name,
        row=next(iter(found.rows), None),
        sums=await tally_all(q.db, q.filters()),
        last=(await last_sessions(q.db, q.all_attempts())).get(person.id),
        q=q,
    )


async def show_sessions(app: App, turn: Turn) -> View:
    """A person's sessions in the period of the message, or the last ones before it."""
    request, stored, person = await _person(app, turn)
    days = written_days(Interval(stored.start, stored.end), stored.zone)
    found = await app.answerer.answer(request, SESSIONS, f'id:"{person.id}" {days}')
    if not found.is_nothing:
        return found
    found = await app.answerer.answer(request, SESSIONS, f'id:"{person.id}" top 5')
    note = None if found.is_nothing else Sentence("None in that time. The last ones before it:")
    return replace(found, note=note)


async def show_prep(app: App, turn: Turn) -> View:
    """One page before a 1:1 with a person."""
    request, _, person = await _person(app, turn)
    return await app.answerer.answer(request, PREP, f'id:"{person.id}"')


async def _person(app: App, turn: Turn) -> tuple[Request, Person, Member]:
    """The request, the meaning of the pressed button, and the person it is about."""
    request = replace(await turn.request(), can_share=False)
    stored = (await turn.own(turn.value, Person)).meaning
    return request, stored, await app.coaching.person(request.asker, stored.person_id)


# Questions in words


async def offer_to_stop(app: App, request: Request, _rest: str) -> View:
    """Buttons that lead to every kind of message somebody can stop."""
    asker = request.asker
    ways = [Suggestion("My Monday message", "me"), Suggestion("Digests", "digest list")]
    seen = await app.coaching.visibility(asker)
    if seen.everyone or seen.coaches:
        ways.append(Suggestion("My alerts", "alert list"))
    if asker.member is not None:
        ways.append(Suggestion("Mute nudges", "me muted"))
    if await app.subscriptions.own(asker.team_id, asker.user_id, COACH) is not None:
        ways.insert(0, Suggestion("Pause the message about my people", "coach digest pause"))
    offers = await app.answerer.offers(asker, tuple(ways))
    return notice("Which messages do you mean? Stop them here:", offers)


async def tell_coaches(app: App, request: Request, rest: str) -> View:
    """The coaches and groups of the asker, or of somebody they can see."""
    asker, person = request.asker, request.asker.member
    if rest:
        people = (await app.answerer.question(asker, rest, SESSIONS)).resolved.people or ()
        if len(people) != 1:
            raise UserError("Ask about one person, like *who coaches Sam*.")
        (person,) = people
    seen, is_own = await app.coaching.reach(asker), person == asker.member
    id_ = "" if person is None else person.id
    ids = await app.directory.groups_of(id_)
    known = [each for each in await app.directory.items(Kind.GROUP) if seen.knows(each)]
    groups = listed([each.name for each in known if each.id in ids], "and")
    names = await _coaches_of(app, id_, ids)
    if not (is_own or seen.everyone):
        pattern = "You coach *{who}*. Ask an admin who else does."
    elif names:
        pattern = f"*{{names}}* {'coaches' if len(names) == 1 else 'coach'} *{{who}}*."
    elif is_own:
        pattern = "You don't have a coach yet. An admin can assign one."
    else:
        pattern = "*{who}* doesn't have a coach yet. An admin can assign one."
    if groups:
        pattern += " You're in *{groups}*." if is_own else " *{who}* is in *{groups}*."
    who = person.name if person and not is_own else "you"
    return notice(pattern, names=listed(names, "and"), who=who, groups=groups)


async def _coaches_of(app: App, id_: str, groups: frozenset[str]) -> list[str]:
    """The names of the coaches of a person and of these groups."""
    theirs = {
        coach.id
        for coach in await app.coaches.all()
        if coach.id != id_ and (coach.groups & groups or id_ in coach.people)
    }
    found = await app.directory.people(theirs)
    return sorted(each.name for each in found if not each.is_removed)
