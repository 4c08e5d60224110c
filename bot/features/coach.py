"""Coaches: who coaches whom, a coach's own message about their people, and its buttons.

Rights are judged again at every press, because a message can be months old.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from bot import access
from bot.access import AccountType, Asker
from bot.answer import Answered, Request
from bot.commands import ADMINS, COACHES, Command, HelpLine
from bot.errors import (
    ExecError,
    NotAllowed,
    NotFound,
    Pattern,
    Sentence,
    SlackError,
    Suggestion,
    UserError,
)
from bot.handlers import Turn, chose, handler
from bot.language.days import zone_of
from bot.language.filters import listed
from bot.language.locale import written_for
from bot.language.query import Kind, Member
from bot.language.schedule_words import spoken_schedule
from bot.language.text import first_word
from bot.messages.render import View, draft, notice
from bot.outbox.deliveries import Delivery, State
from bot.outbox.describe import Done
from bot.outbox.due import schedule_of, window_of
from bot.outbox.own_messages import GONE, USUAL, WAYS
from bot.outbox.plans import COACH, Subscription
from bot.outbox.reasons import NotSentReason, shown
from bot.people.audit import Look
from bot.people.coach_names import CoachNames, Given
from bot.people.coaches import Coach
from bot.question import SHOW_MY_WEEK
from bot.reports.intervals import Interval, last_days
from bot.reports.prep import REPORT as PREP
from bot.reports.table import SESSIONS
from bot.reports.team import REPORT as TEAM
from bot.storage.buttons import Person, Stored

if TYPE_CHECKING:
    from bot.app import App
    from bot.slack.web import SlackUser

MessageAction: TypeAlias = "Callable[[App, Asker, Subscription], Awaitable[View]]"
ShowPerson: TypeAlias = "Callable[[App, Request, Stored[Person]], Awaitable[View]]"

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
    "`{command} coach list`, or for your own message `{command} coach digest {usual}`."
)
WHO_MISSING = (
    "Who does *{name}* coach? Add a group or people, like "
    '`{command} coach add @ana "West Coast"` or `{command} coach add @ana @jane`.'
)
AGAIN = f"To get it again later, type `{{command}} coach digest {USUAL}`."
REMOVE = "coach remove "
SHOW_COACHES = (Suggestion("Show the coaches", "coach list"),)
TOLD = " I've let {coach} know."
NOT_TOLD = " Slack didn't take my message to {coach}, so please tell them yourself."
NO_ACCOUNT = " I can't find an active, full Slack account for {coach}, so I couldn't tell them."
LAST_ONES = 5  # sessions of a person who had none in the period of the message
MY_PEOPLE = "my people"
# Words that don't narrow the list of the people to talk to.
NOW = frozenset(("", MY_PEOPLE, "today", "this week"))


@dataclass(frozen=True, slots=True)
class CoachLine:
    """A coach: the groups and people they coach, and when they get a message.

    `when` is a schedule in words with its zone, "" without one; it may be `paused`. `left`: the
    Slack account is deactivated.
    """

    name: str
    groups: tuple[str, ...]
    people: tuple[str, ...]
    when: str = ""
    paused: bool = False
    left: bool = False


def register(app: App) -> None:
    """Add the subcommand, what people ask in words, and the listeners."""
    app.commands.add(Command("coach", partial(run, app), LINES, ("coaches",)))
    app.commands.actions["talk"] = partial(list_to_talk_to, app)
    app.commands.actions["stop"] = partial(offer_to_stop, app)
    app.commands.actions["coaches"] = partial(tell_coaches, app)
    messages = {"preview": preview, "pause": pause, "resume": resume, "stop": ask_to_stop}
    for name, act in (messages | {"stop_now": stop}).items():
        _listen_to_message(app, name, act)
    for name, show in {"choose": show_person, "sessions": show_sessions, "prep": show_prep}.items():
        _listen_to_person(app, name, show)

    @app.bolt.action("coach.remove_now")
    @handler(app)
    async def on_remove(ack: Any, turn: Turn) -> None:
        await ack()
        words, _ = await turn.command()
        await turn.answer(await remove(app, await turn.asker(), words.removeprefix(REMOVE)))

    @app.bolt.action("coach.everyone")
    @app.bolt.action("coach.messages", [chose("coach.everyone")])
    @handler(app, beneath=True)
    async def on_everyone(ack: Any, turn: Turn) -> None:
        await ack()
        request = await turn.request()
        one, delivery = await find_message(app, turn)
        await turn.answer(await show_everyone(app, request, one, delivery))


def _listen_to_message(app: App, name: str, act: MessageAction) -> None:
    @app.bolt.action(f"coach.{name}")
    @app.bolt.action("coach.messages", [chose(f"coach.{name}")])
    @handler(app, beneath=act is not stop)
    async def on_press(ack: Any, turn: Turn) -> None:
        await ack()
        asker = await turn.asker()
        one, _ = await find_message(app, turn)
        await turn.answer(await act(app, asker, one))


def _listen_to_person(app: App, name: str, show: ShowPerson) -> None:
    @app.bolt.action(f"coach.{name}")
    @handler(app, beneath=True)
    async def on_press(ack: Any, turn: Turn) -> None:
        await ack()
        request = replace(await turn.request(), can_share=False)
        stored = await turn.own(turn.value, Person)
        await turn.answer(await show(app, request, stored))


async def run(app: App, request: Request, rest: str) -> View:
    """Answer `coach <rest>`."""
    verb, after = first_word(rest)
    match verb:
        case "add":
            return await add(app, request.asker, after)
        case "remove":
            return await ask_to_remove(app, request.asker, after)
        case "list" | "":
            return await list_coaches(app, request.asker)
        case "digest":
            return await change_message(app, request.asker, after)
        case _:
            raise UserError(USAGE, SHOW_COACHES, usual=USUAL)


# Who coaches whom


async def add(app: App, asker: Asker, text: str) -> View:
    """Give a coach more people, and tell the coach."""
    access.require_admin(asker)
    given = await CoachNames(app.resolver).read(asker, text, verb="add")
    coach = given.coach
    if not (given.groups or given.people):
        raise UserError(WHO_MISSING, name=coach.name)
    if not access.is_present(coach):
        raise NotFound(
            "*{name}* is not in Exec any more, so they can't coach anyone.", name=coach.name
        )
    account = await find_account(app, asker.team_id, coach)
    if account is not None and account.account_type is not AccountType.FULL:
        raise NotFound(
            "*{name}* can't coach: coaches need an active, full Slack account.", name=coach.name
        )
    await app.coaches.add(given.as_coach(), by=asker.user_id)
    if account is not None:
        return await tell_added(app, asker, given, account)
    return notice(
        "Done: *{coach}* now coaches {people}. I can't find their Slack account, so they get no "
        "messages until you link it with `{command} link`.",
        coach=coach.name,
        people=_names(given.group_names, given.people_names),
    )


async def tell_added(app: App, asker: Asker, given: Given, account: SlackUser) -> View:
    """Tell a coach who they coach now; returns what the admin reads."""
    one = await app.own.begin(asker.team_id, account.id, COACH, account.tz)
    on = one if one is not None and one.is_on else None
    coach = await app.people.asker(asker.team_id, account.id)
    values = {
        "id": on.id if on else "",
        "coach": given.coach.name,
        "added_by": "" if account.id == asker.user_id else asker.name,
        "groups": given.group_names,
        "people": given.people_names,
        "reach": await count_people(app, coach),
        "upcoming": next(iter(await app.subscribed.next_times(on)), None) if on else None,
        "zone": account.tz,
        "now": app.clock(),
    }
    with written_for(coach.locale):
        to_coach = draft("coach_added", **values, when=on and _when(on), to_coach=True)
    if account.id == asker.user_id:
        return to_coach
    if await send(app, asker, account.id, to_coach):
        return draft("coach_added", **values, when=on and _when(on), to_coach=False)
    names = {"coach": given.coach.name, "people": _names(given.group_names, given.people_names)}
    return notice("Done: *{coach}* now coaches {people}." + NOT_TOLD, **names)


async def count_people(app: App, coach: Asker) -> int | None:
    """How many people somebody coaches; None if it isn't known who is in all their groups."""
    groups = (await app.coaching.coach(coach)).groups
    with suppress(ExecError):
        await app.lists.use_teams(groups)
    if len(await app.directory.teams(groups)) < len(groups):
        return None
    return len(await app.coaching.coached(coach))


async def find_to_remove(app: App, asker: Asker, text: str) -> tuple[Member, Coach]:
    """A coach, and the groups and people to take from them: all if the text names none."""
    access.require_admin(asker)
    given = await CoachNames(app.resolver).read(asker, text, verb="remove")
    named, has = given.as_coach(), await app.coaches.of(given.coach.id)
    pattern = "*{coach}* doesn't coach anyone."
    if named.groups or named.people:
        has = replace(has, groups=has.groups & named.groups, people=has.people & named.people)
        pattern = "*{coach}* doesn't coach them. `{command} coach list` lists all coaches."
    if not (has.groups or has.people):
        raise NotFound(pattern, SHOW_COACHES, coach=given.coach.name)
    return given.coach, has


async def ask_to_remove(app: App, asker: Asker, text: str) -> View:
    """Ask whether to take people from a coach."""
    coach, wanted = await find_to_remove(app, asker, text)
    people = _names(*await CoachNames(app.resolver).of(wanted))
    (id_,) = await app.buttons.add_commands(asker.team_id, asker.user_id, (REMOVE + text,))
    question = Sentence(
        "Should *{coach}* stop coaching *{people}*?", {"coach": coach.name, "people": people}
    )
    return draft("confirm", question=question, label="Remove", action="coach.remove_now", value=id_)


async def remove(app: App, asker: Asker, text: str) -> View:
    """Take people from a coach, and tell the coach."""
    coach, wanted = await find_to_remove(app, asker, text)
    taken = await app.coaches.remove(wanted)
    if not (taken.groups or taken.people):  # another press was faster, and told them
        raise NotFound("*{coach}* doesn't coach them any more.", SHOW_COACHES, coach=coach.name)
    people = _names(*await CoachNames(app.resolver).of(taken))
    if asker.member is not None and asker.member.id == coach.id:
        return notice("Done: you no longer coach {people}.", people=people)
    ending = await tell_removed(app, asker, coach, people)
    pattern = "Done: *{coach}* no longer coaches {people}."
    return notice(pattern + ending, coach=coach.name, people=people)


async def tell_removed(app: App, asker: Asker, coach: Member, people: str) -> str:
    """Tell a coach who they no longer coach; returns the end of what the admin reads."""
    left = _names(*await CoachNames(app.resolver).of(await app.coaches.of(coach.id)))
    rest = "You still coach *{left}*." if left else "You don't coach anyone now."
    pattern = "{admin} removed *{people}* from the people you coach. " + rest
    said = notice(pattern, admin=asker.name, people=people, left=left)
    try:
        account = await find_account(app, asker.team_id, coach)
    except SlackError:
        return NOT_TOLD
    if account is None or account.account_type is not AccountType.FULL:
        return NO_ACCOUNT
    return TOLD if await send(app, asker, account.id, said) else NOT_TOLD


async def find_account(app: App, team_id: str, person: Member) -> SlackUser | None:
    """The Slack account of an Exec person, if Slack shows one."""
    user_id = await app.people.account_of(team_id, person)
    with suppress(NotFound):
        return await app.people.slack_user(team_id, user_id) if user_id else None
    return None


async def send(app: App, asker: Asker, user_id: str, view: View) -> bool:
    """Send a coach a direct message; False if Slack certainly didn't take it."""
    id_ = secrets.token_urlsafe(15)
    try:
        state = await app.delivering.send(asker.team_id, user_id, view, id_=id_, by=asker.user_id)
    except SlackError:
        return False
    return state in (State.SENT, State.POSTING)


async def list_coaches(app: App, asker: Asker) -> View:
    """All coaches, and when they get their message."""
    access.require_admin(asker)
    names, messages = CoachNames(app.resolver), await find_messages(app, asker.team_id)
    lines = []
    for coach in await app.coaches.all():
        groups, people = await names.of(coach)
        line = CoachLine(await names.person(coach.id), groups, people)
        if coach.id in messages:
            one, account = messages[coach.id]
            left = account.account_type is AccountType.DEACTIVATED
            line = replace(line, when=_when(one), paused=bool(one.paused), left=left)
        lines.append(line)
    lines.sort(key=lambda line: line.name.casefold())
    return draft("coaches", coaches=lines)


async def find_messages(app: App, team_id: str) -> dict[str, tuple[Subscription, SlackUser]]:
    """The coaches' messages with their accounts, by the coach's Exec id."""
    found = {}
    for one in await app.subscriptions.listed(team_id):
        if one.plan.ask != COACH:
            continue
        try:
            account = await app.people.account(team_id, one.owner_id)
        except (SlackError, NotFound):
            continue  # Slack doesn't show the account, or not now
        if (member := await app.people.member_of(account)) is not None:
            found[member.id] = (one, account.user)
    return found


# A coach's own message


async def change_message(app: App, asker: Asker, when: str) -> View:
    """Schedule, pause, resume or stop the asker's own message about their people."""
    one = await app.own.of(asker.team_id, asker.user_id, COACH)
    acts: dict[str, MessageAction] = {"pause": pause}
    acts |= dict.fromkeys(("resume", "on", "start"), resume)
    acts |= dict.fromkeys(("stop", "off"), ask_to_stop)
    if act := acts.get(when.casefold()):
        if one is not None:
            return await act(app, asker, one)
        await app.own.allow(asker, COACH)
        raise app.own.gone(COACH)
    if one is not None and not when:
        return await app.own.saved(one, Done.NOTHING)
    kept = await app.own.subscribe(asker, COACH, when or USUAL, lead="coach digest")
    if one is None:
        return await app.own.saved(kept, Done.SAVED)
    # A new schedule ends a pause.
    return await app.own.saved(kept, Done.RESUMED if one.paused else Done.CHANGED)


async def find_message(app: App, turn: Turn) -> tuple[Subscription, Delivery | None]:
    """The message that a button is about, by the id of its subscription or of a delivery.

    Raises NotFound, and NotAllowed for somebody else's message.
    """
    delivery = None
    one = await app.subscriptions.find(turn.value)
    if one is None and (delivery := await app.deliveries.find(turn.value)) is not None:
        one = await app.subscriptions.find(delivery.source_id)
    if one is None or one.plan.ask != COACH:
        raise NotFound(GONE, way=WAYS[COACH])
    if (one.team_id, one.owner_id) != (turn.place.team_id, turn.place.user_id):
        raise NotAllowed("This message is someone else's.")
    if one.removed_at is not None:
        raise app.own.gone(COACH)
    return one, delivery


async def preview(app: App, asker: Asker, one: Subscription) -> View:
    """The message as it would be now."""
    await app.own.allow(asker, COACH)
    return shown(await app.coach_reports.preview(asker, one))


async def pause(app: App, _asker: Asker, one: Subscription) -> View:
    """Pause the message until its owner resumes it."""
    paused = app.own.there(one, await app.subscriptions.pause(one.id))
    return await app.own.saved(paused, Done.WAS_PAUSED if one.paused else Done.PAUSED)


async def resume(app: App, asker: Asker, one: Subscription) -> View:
    """Resume a paused message. Raises NotAllowed if the asker doesn't coach anyone any more."""
    resumed = await app.own.resume(asker, one)
    return await app.own.saved(resumed, Done.RESUMED if one.paused else Done.WAS_ON)


async def ask_to_stop(_app: App, _asker: Asker, one: Subscription) -> View:
    """Ask whether to stop the message."""
    question = Sentence(
        f"Stop your message about your people, {{when}}? {AGAIN}", {"when": _when(one)}
    )
    return draft("confirm", question=question, label="Stop", action="coach.stop_now", value=one.id)


async def stop(app: App, _asker: Asker, one: Subscription) -> View:
    """Stop the message until its owner asks for it again."""
    app.own.there(one, await app.subscriptions.remove(one.id))
    return notice(f"Stopped. {AGAIN}")


async def show_everyone(
    app: App, request: Request, one: Subscription, delivery: Delivery | None
) -> Answered:
    """All the coach's people with their figures, in the period of the message."""
    await app.own.allow(request.asker, COACH)
    about = window_of(one.plan, delivery, app.clock())
    words = f"{MY_PEOPLE} {_days(about.interval, about.zone)}"
    return await app.answerer.answer(replace(request, can_share=False), TEAM, words)


async def show_person(app: App, request: Request, stored: Stored[Person]) -> View:
    """One of the coach's people, with what there is to say."""
    return await app.coach_reports.person(request.asker, stored.id, stored.meaning)


async def show_sessions(app: App, request: Request, stored: Stored[Person]) -> View:
    """A person's sessions in the period of the message, or the last ones before it."""
    handle = stored.meaning
    person = await app.coaching.person(request.asker, handle.person_id)
    days = _days(Interval(handle.start, handle.end), handle.zone)
    found = await app.answerer.answer(request, SESSIONS, f'id:"{person.id}" {days}')
    if not found.is_nothing:
        return found
    words = f'id:"{person.id}" top {LAST_ONES}'
    found = await app.answerer.answer(request, SESSIONS, words)
    note = None if found.is_nothing else Sentence("None in that time. The last ones before it:")
    return replace(found, note=note)


async def show_prep(app: App, request: Request, stored: Stored[Person]) -> View:
    """One page before a one-to-one with a person."""
    person = await app.coaching.person(request.asker, stored.meaning.person_id)
    return await app.answerer.answer(request, PREP, f'id:"{person.id}"')


# What people ask in words


async def list_to_talk_to(app: App, request: Request, rest: str) -> View:
    """The coach's people to talk to, as in their Home tab."""
    asker = request.asker
    seen = await app.coaching.visibility(asker)
    if not (seen.coaches or seen.everyone):
        ways = (SHOW_MY_WEEK, Suggestion("What's due", "assignments me"))
        raise NotAllowed("You don't coach anyone yet.", ways)
    if not seen.coaches:
        problem = "You don't coach anyone yourself, so I have no list for you. Try:"
        raise NotFound(problem, _instead(rest))
    if rest not in NOW:
        raise UserError(
            "The list is always about all your people, as of today. Try:", _instead(rest)
        )
    if seen.unsure:
        raise access.refuse("your people", seen)
    found = await app.coach_reports.report_for(asker, last_days(str(asker.zone), app.clock()))
    if isinstance(found, NotSentReason):
        raise NotFound("None of the people you coach is in Exec any more.")
    await app.audit.note(Look(asker, COACH, found.named))
    return await app.coach_reports.message(asker, found, "")


def _instead(rest: str) -> tuple[Suggestion, ...]:
    """Questions to ask in place of who to talk to, narrowed by the same words."""
    inactive = ("Who hasn't practiced", "inactive")
    ways = (inactive, ("What's overdue", "assignments overdue"), ("Everyone's figures", "team"))
    if rest not in NOW:
        ways = (("Progress", "progress"), ("Lowest scores", "sessions worst"), inactive)
    return tuple(Suggestion(label, f"{words} {rest}".strip()) for label, words in ways)


async def offer_to_stop(app: App, request: Request, _rest: str) -> View:
    """Where somebody stops messages that they get."""
    asker = request.asker
    ways = [Suggestion("My Monday message", "me"), Suggestion("Digests", "digest list")]
    seen = await app.coaching.visibility(asker)
    if seen.everyone or seen.coaches:
        ways.append(Suggestion("My alerts", "alert list"))
    if asker.member is not None:
        ways.append(Suggestion("Mute nudges", "me muted"))
    if await app.own.of(asker.team_id, asker.user_id, COACH) is not None:
        ways.insert(0, Suggestion("Pause the message about my people", "coach digest pause"))
    offers = await app.answerer.offers(asker, tuple(ways))
    return notice("Which messages do you mean? This is where you stop them:", offers)


async def tell_coaches(app: App, request: Request, rest: str) -> View:
    """Who coaches the asker, or somebody they can see, and which groups that person is in."""
    asker, person = request.asker, request.asker.member
    seen = await app.coaching.reach(asker)
    if rest:
        people = (await app.answerer.question(asker, rest, SESSIONS)).resolved.people or ()
        if len(people) != 1:
            raise UserError("Ask about one person, like *who coaches Sam*.")
        (person,) = people
    id_, is_own = person.id if person else "", person == asker.member
    ids = await app.directory.groups_of(id_)
    known = [each for each in await app.directory.items(Kind.GROUP) if seen.knows(each)]
    groups = [each.name for each in known if each.id in ids]
    names = await _coaches_of(app, id_, ids)
    if not (is_own or seen.everyone):
        said = "You coach {who}. Ask an admin who else does."
    elif names:
        said = f"*{{names}}* {'coaches' if len(names) == 1 else 'coach'} {{who}}."
    elif is_own:
        said = "You don't have a coach yet. An admin can assign one."
    else:
        said = "{who} doesn't have a coach yet. `{command} coach add` assigns one."
    if groups:
        said += " You're in *{groups}*." if is_own else " {who} is in *{groups}*."
    elif not is_own:
        said += " I can't find a group that {who} is in."
    who = person.name if person and not is_own else "you"
    return notice(said, names=listed(names, "and"), who=who, groups=listed(groups, "and"))


async def _coaches_of(app: App, id_: str, groups: frozenset[str]) -> list[str]:
    """The names of the coaches of a person and of these groups."""
    found = [
        await app.directory.member(id_=coach.id)
        for coach in await app.coaches.all()
        if coach.id != id_ and (coach.groups & groups or id_ in coach.people)
    ]
    return sorted(each.name for each in found if each is not None)


def _when(one: Subscription) -> str:
    """When a message comes, in words with its zone."""
    return spoken_schedule(schedule_of(one.plan))


def _names(groups: tuple[str, ...], people: tuple[str, ...]) -> str:
    return listed((*groups, *people), "and")


def _days(interval: Interval, zone: str) -> str:
    """The local days of an interval, as words of a question."""
    place = zone_of(zone)
    first = interval.start.astimezone(place).date()
    last = (interval.end - timedelta(seconds=1)).astimezone(place).date()
    return f"{first}..{last}"
