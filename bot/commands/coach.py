"""`/exec coach …`: who coaches whom, for admins; and a coach's own message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot import access
from bot.access import AccountType, Asker
from bot.commands.coach_telling import CoachTelling
from bot.env import Env
from bot.errors import NotFound, Sentence, SlackError, Suggestion, UserError
from bot.language.days import day_start
from bot.language.query import Kind as NameKind
from bot.language.query import NameRef, PersonKind, PersonRef, Query
from bot.language.schedule_words import spoken
from bot.language.until import day_words, until_day
from bot.language.words import words
from bot.outbox.due import schedule_of
from bot.outbox.own_messages import USUAL, OwnMessages
from bot.outbox.plans import COACH, Subscription
from bot.people.coach_names import CoachNames
from bot.people.people import People
from bot.pipeline import Pipeline, Request
from bot.rendering.coach_views import CoachesView, CoachLine
from bot.rendering.messages import View
from bot.rendering.subscription_views import Done
from bot.rendering.views import NoticeView, notice
from bot.slack.api import SlackUser
from bot.storage.coaches import Coaches

USAGE = (
    'Write it like this: `{command} coach add @ana "West Coast"`, `{command} coach remove @ana`, '
    "`{command} coach list`, or for yourself `{command} coach digest every monday 8:30`."
)
OFF = {"stop", "off", "pause"}
SNOOZE = "snooze"
ON = {"resume", "on", "start"}


@dataclass(frozen=True, slots=True)
class CoachCommands:
    """All raise UserError with what to do instead, SlackError, ExecError and StorageError."""

    env: Env
    names: CoachNames
    coaches: Coaches
    people: People
    telling: CoachTelling
    own: OwnMessages
    pipeline: Pipeline

    async def run(self, request: Request, rest: str) -> View:
        """Answer `coach <rest>`."""
        if not request.asker.team_id:
            raise UserError("Coaches are set up in Slack: there they can be told.")
        verb, _, after = rest.strip().partition(" ")
        match verb.casefold():
            case "add":
                return await self.add(request.asker, after)
            case "remove":
                return await self.remove(request.asker, after)
            case "list" | "":
                return await self.listed(request.asker)
            case "digest":
                return await self.digest(request.asker, after.strip())
            case _:
                raise self._usage()

    async def add(self, asker: Asker, text: str) -> View:
        """Give a coach more people, and tell the coach."""
        access.require_admin(asker)
        given = await self.names.read(asker, text, verb="add")
        coach = given.coach
        if not given.groups and not given.people:
            raise UserError(
                "Whom does *{name}* coach? Name a group or people as well, like "
                '`{command} coach add @ana "West Coast"` or `{command} coach add @ana @jane`.',
                name=coach.name,
            )
        if not access.is_present(coach):
            raise NotFound(
                "*{name}* is not in Exec any more, so they can't coach.", name=coach.name
            )
        account = await self.telling.account(asker.team_id, coach)
        if account is not None and account.account_type is not AccountType.FULL:
            raise NotFound(
                "*{name}* can't coach: coaches need a full Slack account that is switched on.",
                name=account.name,
            )
        await self.coaches.add(given.as_coach(), by=asker.user_id)
        one = None
        if account is not None:
            one = await self.telling.message_of(asker.team_id, account)
        return await self.telling.added(asker, given, account, one)

    async def remove(self, asker: Asker, text: str) -> View:
        """Take people from a coach; all of them if none are named."""
        access.require_admin(asker)
        given = await self.names.read(asker, text, verb="remove")
        wanted = given.as_coach()
        if not wanted.groups and not wanted.people:
            wanted = await self.coaches.of(given.coach.id)
        if not wanted.groups and not wanted.people:
            raise NotFound(
                "*{coach}* coaches nobody.",
                (Suggestion("Show the coaches", "coach list"),),
                coach=given.coach.name,
            )
        gone = await self.coaches.remove(wanted)
        if not gone.groups and not gone.people:
            raise NotFound(
                "*{coach}* does not coach them. `{command} coach list` shows who coaches whom.",
                (Suggestion("Show the coaches", "coach list"),),
                coach=given.coach.name,
            )
        groups, people = await self.names.of(gone)
        undo = Query(
            people=tuple(
                PersonRef(PersonKind.PERSON, id_) for id_ in (gone.id, *sorted(gone.people))
            ),
            names=tuple(NameRef(NameKind.GROUP, id_) for id_ in sorted(gone.groups)),
        )
        sentence = Sentence(
            "Done: *{coach}* no longer coaches {whom}.",
            {"coach": given.coach.name, "whom": ", ".join((*groups, *people))},
        )
        offers = await self.pipeline.offers(
            asker, (Suggestion("Undo", f"coach add {words(undo)}"),)
        )
        return NoticeView(sentence, offers)

    async def listed(self, asker: Asker) -> View:
        """All coaches, with when they get their message."""
        access.require_admin(asker)
        messages, now = await self._messages(asker.team_id), self.env.clock()
        lines = []
        for coach in await self.coaches.all():
            groups, people = await self.names.of(coach)
            one, account = messages.get(coach.id, (None, None))
            lines.append(
                CoachLine(
                    name=await self.names.person(coach.id),
                    groups=groups,
                    people=people,
                    when="" if one is None else spoken(schedule_of(one.plan)),
                    paused=one is not None and (bool(one.paused) or one.is_snoozed(now)),
                    left=account is not None and account.account_type is AccountType.DEACTIVATED,
                )
            )
        lines.sort(key=lambda line: line.name.casefold())
        return CoachesView(tuple(lines))

    async def digest(self, asker: Asker, when: str) -> View:
        """Schedule, pause, resume, snooze or stop the asker's own message about their people."""
        one = await self.own.of(asker.team_id, asker.user_id, COACH)
        word, _, rest = when.casefold().partition(" ")
        snoozes = word == SNOOZE
        if snoozes or when.casefold() in OFF | ON:
            if one is None:
                await self.own.allow(asker, COACH)
                raise self.own.gone(COACH)
            if snoozes:
                return await self.snooze(asker, one, self._until(asker, rest))
            return await self._switched(asker, one, word)
        if not when and one is not None:
            return await self.own.saved(one, Done.NOTHING)
        kept = await self.own.subscribe(asker, COACH, when or USUAL, lead="coach digest")
        return await self.own.saved(kept, Done.SAVED if one is None else Done.CHANGED)

    async def _switched(self, asker: Asker, one: Subscription, word: str) -> View:
        if word in ON:
            return await self.resume(asker, one)
        if word == "pause":
            return await self.pause(one)
        return await self.stop(one)

    def _until(self, asker: Asker, text: str) -> datetime:
        today = self.env.clock().astimezone(asker.zone).date()
        lead = f"{self.env.command} coach digest snooze"
        return day_start(until_day(text, today=today, lead=lead), asker.zone).astimezone(UTC)

    async def snooze(self, asker: Asker, one: Subscription, until: datetime) -> View:
        """Send no message before `until`; a paused one resumes then."""
        if one.paused:
            await self.own.allow(asker, one.plan.ask)
        self.own.there(one, await self.own.subscriptions.snooze(one.id, until))
        return notice(
            "You get no message about your people before {day}. `{command} coach digest resume` "
            "brings them back sooner.",
            day=day_words(until, asker.zone),
        )

    async def pause(self, one: Subscription) -> View:
        """Pause the message until they resume it."""
        paused = self.own.there(one, await self.own.subscriptions.pause(one.id))
        return await self.own.saved(paused, Done.WAS_PAUSED if one.paused else Done.PAUSED)

    async def resume(self, asker: Asker, one: Subscription) -> View:
        """Resume a paused or snoozed message, if they still may have it."""
        was_off = bool(one.paused) or one.is_snoozed(self.env.clock())
        resumed = await self.own.resume(asker, one)
        return await self.own.saved(resumed, Done.RESUMED if was_off else Done.WAS_ON)

    async def stop(self, one: Subscription) -> View:
        """Stop the message until they ask for it again."""
        self.own.there(one, await self.own.subscriptions.remove(one.id))
        return notice(
            "Stopped. `{command} coach digest every monday 8:30` brings these messages back.",
        )

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
            member = await self.people.member_of(account, ask_exec=False)
            if member is not None:
                found[member.id] = (one, account.user)
        return found

    def _usage(self) -> UserError:
        return UserError(USAGE, (Suggestion("Show the coaches", "coach list"),))
