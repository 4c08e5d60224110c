"""What stands behind the buttons of a coach's message, and `/exec coach …`: who coaches whom, for
admins, and when a coach's own message comes.

Rights are judged at every press: a message may be months old.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot import access
from bot.access import AccountType, Asker
from bot.answer import Answerer, Request
from bot.button_values import ButtonCommand, ButtonValues
from bot.coach_reports import CoachReports, PeopleReport
from bot.env import Env
from bot.errors import (
    NotAllowed,
    NotFound,
    Pattern,
    Sentence,
    SlackError,
    Suggestion,
    UserError,
)
from bot.features import ADMINS, COACHES, Button, Command, Feature, HelpLine, Press, Shows
from bot.language.days import zone_of
from bot.language.filters import listed
from bot.language.schedule_words import spoken_schedule
from bot.messages.render import View, draft, notice
from bot.outbox.deliver import Delivering
from bot.outbox.deliveries import Deliveries, Delivery, State
from bot.outbox.describe import Done
from bot.outbox.due import schedule_of, window_of
from bot.outbox.own_messages import GONE, USUAL, WAYS, OwnMessages
from bot.outbox.plans import COACH, Subscription
from bot.outbox.reasons import shown
from bot.people.accounts import People
from bot.people.audit import Look
from bot.people.coach_names import CoachNames, Given
from bot.people.coaches import Coach, Coaches
from bot.question import SHOW_MY_WEEK
from bot.reports.intervals import Interval, last_days
from bot.reports.prep import REPORT as PREP
from bot.reports.table import SESSIONS
from bot.reports.team import REPORT as TEAM
from bot.slack.modals import Modals
from bot.slack.payloads import Payload
from bot.slack.web import SlackUser
from bot.storage.buttons import Person, Stored

LINES = (
    HelpLine(
        ('coach add @ana "West Coast" @jane', "coach remove @ana", "coach list"),
        Pattern("Admins: who sees and coaches whom."),
        "coach list",
        ADMINS,
    ),
    HelpLine(
        ("coach digest [when]",),
        Pattern(
            "Coaches: when your message about your people comes, with `pause`, `resume` and `stop`."
        ),
        "coach digest every monday 8:30",
        COACHES,
    ),
)
USAGE = (
    'Write it like this: `{command} coach add @ana "West Coast"`, `{command} coach remove @ana`, '
    "`{command} coach list`, or for yourself `{command} coach digest every monday 8:30`."
)
OFF = {"stop", "off", "pause"}
ON = {"resume", "on", "start"}
SHOW_COACHES = (Suggestion("Show the coaches", "coach list"),)
TO_ME = (
    "To you alone I send at most one message a week about your people, and one about your own "
    "week. Anything else comes to a channel, as a digest."
)
LAST_ONES = 5  # sessions of somebody who had none in the time of a message
MY_PEOPLE = "my people"
# Words that narrow no list of the people to talk to now.
NOW = frozenset(("", MY_PEOPLE, "today", "this week"))


@dataclass(frozen=True, slots=True)
class CoachLine:
    """A coach: the groups and people they coach, and when they get a message.

    `when` is a schedule in words with its zone, "" without one; it may be `paused`. `left`: the
    account is switched off.
    """

    name: str
    groups: tuple[str, ...]
    people: tuple[str, ...]
    when: str = ""
    paused: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True)
class OwnMessage:
    """A message that comes to the presser themselves, and its subscription as it is now."""

    subscription: Subscription
    delivery: Delivery | None


@dataclass(frozen=True, slots=True)
class CoachCommands:
    """All raise UserError with what to do instead, SlackError, ExecError and StorageError."""

    env: Env
    names: CoachNames
    coaches: Coaches
    people: People
    reports: CoachReports
    own: OwnMessages
    deliveries: Deliveries
    delivering: Delivering
    answerer: Answerer
    modals: Modals
    values: ButtonValues

    @property
    def feature(self) -> Feature:
        beneath = Shows.BENEATH
        own, person = self.own_message, self.values.person
        return Feature(
            commands=(Command("coach", self.run, LINES, ("coaches",)),),
            buttons={
                "coach.everyone": Button(own, self.everyone, beneath),
                "coach.preview": Button(own, self.preview, beneath),
                "coach.pause": Button(own, self.pause, beneath, settles=True),
                "coach.resume": Button(own, self.resume, beneath, settles=True),
                "coach.stop": Button(own, self.ask_stop, beneath),
                "coach.stop_now": Button(own, self.stop),
                "coach.remove_now": Button(self.values.command, self.remove_now),
                "coach.sessions": Button(person, self.sessions, beneath),
                "coach.prep": Button(person, self.prep, beneath),
                "coach.choose": Button(person, self.choose, beneath),
            },
            phrases={
                "talk": self.to_talk_to,
                "stop": self.what_to_stop,
            },
        )

    async def run(self, request: Request, rest: str) -> View:
        """Answer `coach <rest>`."""
        verb, _, after = rest.strip().partition(" ")
        match verb.casefold():
            case "add":
                return await self._add(request.asker, after)
            case "remove":
                return await self._ask_remove(request.asker, after)
            case "list" | "":
                return await self._listed(request.asker)
            case "digest":
                return await self._digest(request.asker, after.strip())
            case _:
                raise UserError(USAGE, SHOW_COACHES)

    async def _add(self, asker: Asker, text: str) -> View:
        """Give a coach more people, and tell the coach."""
        access.require_admin(asker)
        given = await self.names.read(asker, text, verb="add")
        coach = given.coach
        if not given.groups and not given.people:
            raise _whom_missing(coach.name)
        if not access.is_present(coach):
            raise NotFound(
                "*{name}* is not in Exec any more, so they can't coach.", name=coach.name
            )
        user_id = await self.people.account_of(asker.team_id, coach)
        account = user_id and await self.people.slack_user(asker.team_id, user_id)
        if account and account.account_type is not AccountType.FULL:
            raise NotFound(
                "*{name}* can't coach: coaches need a full Slack account that is switched on.",
                name=coach.name,
            )
        await self.coaches.add(given.as_coach(), by=asker.user_id)
        if account:
            return await self._tell(asker, given, account)
        return notice(
            "Done: *{coach}* now coaches {whom}. I found no Slack account of theirs, so they "
            "get no message until you link one with `{command} link`.",
            coach=coach.name,
            whom=", ".join((*given.group_names, *given.people_names)),
        )

    async def _tell(self, asker: Asker, given: Given, account: SlackUser) -> View:
        """Tell a coach whom they were given; what the admin reads says whether that worked."""
        one = await self.own.begin(asker.team_id, account.id, COACH, account.tz)
        seen = await self.people.asker(asker.team_id, account.id)
        upcoming = await self.own.subscribed.next_times(one) if one else ()
        is_to_self = account.id == asker.user_id
        values = {
            "id": one.id if one else self.env.new_id(),
            "coach": given.coach.name,
            "added_by": asker.name,
            "groups": given.group_names,
            "people": given.people_names,
            "reach": len(await self.own.coaching.coached(seen)),
            "when": spoken_schedule(schedule_of(one.plan)) if one and one.is_on else None,
            "upcoming": next(iter(upcoming), None),
            "zone": account.tz,
            "now": self.env.clock(),
        }
        to_coach = draft("coach_added", **values, to_coach=True)
        if is_to_self:
            return to_coach
        state = await self.delivering.send(
            asker.team_id, account.id, to_coach, id_=self.env.new_id(), by=asker.user_id
        )
        if state in (State.SENT, State.POSTING):
            return draft("coach_added", **values, to_coach=False)
        return notice(
            "Done: *{coach}* now coaches {whom}. Slack did not take my message to them: "
            "please tell them yourself.",
            coach=given.coach.name,
            whom=", ".join((*given.group_names, *given.people_names)),
        )

    async def _to_remove(self, asker: Asker, text: str) -> tuple[str, Coach]:
        """The name of a coach, and the groups and people to take from them: all if none are
        named."""
        access.require_admin(asker)
        given = await self.names.read(asker, text, verb="remove")
        named, has = given.as_coach(), await self.coaches.of(given.coach.id)
        pattern = "*{coach}* coaches nobody."
        if named.groups or named.people:
            has = replace(has, groups=has.groups & named.groups, people=has.people & named.people)
            pattern = "*{coach}* doesn't coach them. `{command} coach list` lists all coaches."
        if not has.groups and not has.people:
            raise NotFound(pattern, SHOW_COACHES, coach=given.coach.name)
        return given.coach.name, has

    async def _ask_remove(self, asker: Asker, text: str) -> View:
        """Whether to take people from a coach."""
        name, wanted = await self._to_remove(asker, text)
        groups, people = await self.names.of(wanted)
        question = Sentence(
            "Should *{coach}* no longer coach *{people}*?",
            {"coach": name, "people": listed((*groups, *people), "and")},
        )
        words = f"coach remove {text}"
        (id_,) = await self.modals.buttons.add_commands(asker.team_id, asker.user_id, (words,))
        return draft(
            "confirm", question=question, label="Remove", action="coach.remove_now", value=id_
        )

    async def remove_now(self, press: Press[ButtonCommand]) -> View:
        """Take people from a coach."""
        text = press.handle.words.removeprefix("coach remove ")
        name, wanted = await self._to_remove(press.asker, text)
        groups, people = await self.names.of(await self.coaches.remove(wanted))
        return notice(
            "Done: *{coach}* no longer coaches {people}.",
            coach=name,
            people=", ".join((*groups, *people)),
        )

    async def _listed(self, asker: Asker) -> View:
        """All coaches, with when they get their message."""
        access.require_admin(asker)
        messages = await self._messages(asker.team_id)
        lines = []
        for coach in await self.coaches.all():
            groups, people = await self.names.of(coach)
            one, account = messages.get(coach.id, (None, None))
            lines.append(
                CoachLine(
                    name=await self.names.person(coach.id),
                    groups=groups,
                    people=people,
                    when="" if one is None else spoken_schedule(schedule_of(one.plan)),
                    paused=one is not None and bool(one.paused),
                    left=account is not None and account.account_type is AccountType.DEACTIVATED,
                )
            )
        lines.sort(key=lambda line: line.name.casefold())
        return draft("coaches", coaches=lines)

    async def _messages(self, team_id: str) -> dict[str, tuple[Subscription, SlackUser]]:
        """The coaches' messages with their accounts, by the coach's Exec id."""
        found = {}
        for one in await self.own.subscriptions.listed(team_id):
            if one.plan.ask != COACH:
                continue
            try:
                account = await self.people.account(team_id, one.owner_id)
            except (SlackError, NotFound):
                continue  # Slack does not show the account, or not just now
            member = await self.people.member_of(account)
            if member is not None:
                found[member.id] = (one, account.user)
        return found

    async def _digest(self, asker: Asker, when: str) -> View:
        """Schedule, pause, resume or stop the asker's own message about their people."""
        one = await self.own.of(asker.team_id, asker.user_id, COACH)
        word = when.casefold()
        if word in OFF | ON:
            if one is None:
                await self.own.allow(asker, COACH)
                raise self.own.gone(COACH)
            if word in ON:
                return await self._resume(asker, one)
            return await self._pause(one) if word == "pause" else self._ask_stop(one)
        if not when and one is not None:
            return await self.own.saved(one, Done.NOTHING)
        kept = await self.own.subscribe(asker, COACH, when or USUAL, lead="coach digest")
        return await self.own.saved(kept, Done.SAVED if one is None else Done.CHANGED)

    async def _pause(self, one: Subscription) -> View:
        """Pause the message until they resume it."""
        paused = self.own.there(one, await self.own.subscriptions.pause(one.id))
        return await self.own.saved(paused, Done.WAS_PAUSED if one.paused else Done.PAUSED)

    async def _resume(self, asker: Asker, one: Subscription) -> View:
        """Resume a paused message, if they still may have it."""
        resumed = await self.own.resume(asker, one)
        return await self.own.saved(resumed, Done.RESUMED if one.paused else Done.WAS_ON)

    def _ask_stop(self, one: Subscription) -> View:
        """Whether to stop the message."""
        question = Sentence(
            "Stop your message about your people, {when}? `{command} coach digest "
            "every monday 8:30` brings it back.",
            {"when": spoken_schedule(schedule_of(one.plan))},
        )
        return draft(
            "confirm", question=question, label="Stop", action="coach.stop_now", value=one.id
        )

    async def _stop(self, one: Subscription) -> View:
        """Stop the message until they ask for it again."""
        self.own.there(one, await self.own.subscriptions.remove(one.id))
        return notice(
            "Stopped. `{command} coach digest every monday 8:30` brings these messages back.",
        )

    async def to_talk_to(self, request: Request, rest: str) -> View:
        """The coach's people to talk to, as on their Home."""
        asker = request.asker
        visibility = await self.own.coaching.visibility(asker)
        offered = [
            ("Who hasn't practiced", "inactive"),
            ("What's overdue", "assignments overdue"),
            ("Everybody's figures", "team"),
        ]
        if rest not in NOW:
            offered = [("Progress", "progress"), ("Lowest scores", "sessions worst"), offered[0]]
        ways = tuple(Suggestion(label, f"{said} {rest}".strip()) for label, said in offered)
        if not visibility.coaches and not visibility.everyone:
            raise NotAllowed(
                "You coach nobody yet, so there is nobody to tell you about.",
                (SHOW_MY_WEEK, Suggestion("What is due", "assignments me")),
            )
        if not visibility.coaches:
            raise NotFound("You coach nobody yourself, so I keep no such list for you. Try:", ways)
        if rest not in NOW:
            raise UserError("I list whom to talk to as of today, and all your people. Try:", ways)
        if visibility.unsure:
            raise access.refuse("your people", visibility)
        found = await self.reports.report_for(asker, last_days(str(asker.zone), self.env.clock()))
        if not isinstance(found, PeopleReport):
            raise NotFound("None of the people you coach is in Exec any more.")
        await self.reports.audit.note(Look(asker, COACH, found.named))
        return await self.reports.message(asker, found, "")

    async def what_to_stop(self, request: Request, _rest: str) -> View:
        """Where somebody stops messages that come by themselves."""
        asker = request.asker
        ways = [Suggestion("My Monday message", "me"), Suggestion("Digests", "digest list")]
        visibility = await self.own.coaching.visibility(asker)
        if visibility.everyone or visibility.coaches:
            ways.append(Suggestion("My alerts", "alert list"))
        if await self.own.of(asker.team_id, asker.user_id, COACH) is not None:
            ways.insert(0, Suggestion("Pause what I get about my people", "coach digest pause"))
        raise UserError("Which messages do you mean? This is where you stop them:", tuple(ways))

    async def own_message(self, payload: Payload, value: str) -> OwnMessage:
        """Reads the button of a coach's message, by the id of its subscription or of one of its
        deliveries. Raises NotFound, and NotAllowed for a message that comes to somebody else."""
        delivery = None
        one = await self.own.subscriptions.find(value)
        if one is None and (delivery := await self.deliveries.find(value)) is not None:
            one = await self.own.subscriptions.find(delivery.source_id)
        if one is None or not one.is_personal:
            raise NotFound(GONE, way=WAYS[COACH])
        if (one.team_id, one.owner_id) != (payload.team_id, payload.user_id):
            raise NotAllowed("This message is someone else's.")
        if one.removed_at is not None:
            raise self.own.gone(one.plan.ask)
        return OwnMessage(one, delivery)

    async def everyone(self, press: Press[OwnMessage]) -> View:
        """All their people with their figures."""
        await self.own.allow(press.asker, COACH)
        message = press.handle
        about = window_of(message.subscription.plan, message.delivery, self.env.clock())
        request = replace(press.request, can_share=False)
        days = _days(about.interval, about.zone)
        return await self.answerer.answer(request, TEAM, f"{MY_PEOPLE} {days}")

    async def preview(self, press: Press[OwnMessage]) -> View:
        """The message as it would be now."""
        one = press.handle.subscription
        await self.own.allow(press.asker, one.plan.ask)
        return shown(await self.reports.preview(press.asker, one))

    async def pause(self, press: Press[OwnMessage]) -> View:
        return await self._pause(press.handle.subscription)

    async def resume(self, press: Press[OwnMessage]) -> View:
        return await self._resume(press.asker, press.handle.subscription)

    async def ask_stop(self, press: Press[OwnMessage]) -> View:
        return self._ask_stop(press.handle.subscription)

    async def stop(self, press: Press[OwnMessage]) -> View:
        return await self._stop(press.handle.subscription)

    async def choose(self, press: Press[Stored[Person]]) -> View:
        """One of their people."""
        return await self.reports.person(press.asker, press.handle.id, press.handle.meaning)

    async def sessions(self, press: Press[Stored[Person]]) -> View:
        """The sessions of a person in the time of the message, or the last ones before it."""
        handle = press.handle.meaning
        person = await self.own.coaching.person(press.asker, handle.person_id)
        days = _days(Interval(handle.start, handle.end), handle.zone)
        request = replace(press.request, can_share=False)
        theirs = f'id:"{person.id}"'
        found = await self.answerer.answer(request, SESSIONS, f"{theirs} {days}")
        if not found.is_nothing:
            return found
        last_ones = await self.answerer.answer(request, SESSIONS, f"{theirs} top {LAST_ONES}")
        if last_ones.is_nothing:
            return last_ones
        return replace(last_ones, note=Sentence("None in that time. The last ones before it:"))

    async def prep(self, press: Press[Stored[Person]]) -> View:
        """One page before a one-to-one with a person."""
        person = await self.own.coaching.person(press.asker, press.handle.meaning.person_id)
        request = replace(press.request, can_share=False)
        return await self.answerer.answer(request, PREP, f'id:"{person.id}"')


def _days(interval: Interval, zone: str) -> str:
    """The local days of an interval, as words of a question."""
    place = zone_of(zone)
    first = interval.start.astimezone(place).date()
    last = (interval.end - timedelta(seconds=1)).astimezone(place).date()
    return f"{first}..{last}"


def _whom_missing(name: str) -> UserError:
    return UserError(
        "Whom does *{name}* coach? Name a group or people as well, like "
        '`{command} coach add @ana "West Coast"` or `{command} coach add @ana @jane`.',
        name=name,
    )
