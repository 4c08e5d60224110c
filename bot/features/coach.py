"""Coaches: assigning them, the list of people to talk to, and the message with that list.

Rights are checked again at every press, because a message can be months old.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from bot.app import App, AskRoom, ExecRoom, PeopleRoom, ScheduledRoom, SlackRoom, StorageRoom
from bot.ask.answer import Request
from bot.ask.prepare import Mode
from bot.ask.question import SHOW_MY_WEEK
from bot.clock import Now
from bot.errors import (
    ExecError,
    NotAllowed,
    NotFound,
    Sentence,
    Suggestion,
    UserError,
)
from bot.language.filters import listed
from bot.language.locale import written_for
from bot.language.query import Kind, ResolvedQuery
from bot.language.schedule_words import read_schedule
from bot.language.text import first_word
from bot.messages.render import Draft, View, draft, notice
from bot.messages.words import count
from bot.people import access
from bot.people.access import AccountType, Asker
from bot.people.accounts import SlackUser
from bot.people.audit import Look
from bot.people.coach_names import name_of, names_of, read_assignment
from bot.reports._figures import last_sessions, tally_all
from bot.reports.coach import REPORT
from bot.reports.intervals import Interval, last_days, periods_over, written_days
from bot.reports.table import SESSIONS
from bot.scheduled.coach_list import COACH, NOBODY_LEFT, figures_for
from bot.scheduled.delivery import Reason, State, Unsent
from bot.scheduled.draw import prepare
from bot.scheduled.subscriptions import USUAL, new_subscription
from bot.slack.commands import ADMINS, COACHES, Command, HelpLine
from bot.slack.turn import Turn, confirm
from bot.storage.buttons import StoredCommand, StoredPerson
from bot.storage.tables import from_ms

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
INFORMED = " I've let *{coach}* know."
NOT_INFORMED = " Slack didn't accept my message to *{coach}*, so please tell them yourself."
NO_ACCOUNT = (
    " I can't find an active, full Slack account for *{coach}*, so I couldn't tell them. If they "
    "have one, link it with `{command} link`."
)
PAUSE, RESUME = ("pause", "stop", "off"), ("resume", "on", "start")
REMOVE = "coach remove "
SHOW_COACHES = (Suggestion("Show the coaches", "coach list"),)
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


@dataclass(frozen=True, slots=True)
class CoachCommands:
    """Answers coaches, and admins about coaches."""

    ask: AskRoom
    clock: Now
    exec: ExecRoom
    people: PeopleRoom
    scheduled: ScheduledRoom
    slack: SlackRoom
    storage: StorageRoom

    def register(self) -> None:
        """Add the subcommand, what people ask in words, the message and the listeners."""
        self.slack.commands.add(Command("coach", self.run, LINES))
        self.slack.commands.actions["talk"] = self.list_to_talk_to
        self.slack.commands.actions["stop"] = self.offer_to_stop
        self.slack.commands.actions["coaches"] = self.tell_coaches

        self.slack.listeners.answering("coach.choose", below=True)(self.show_person)

        @self.slack.listeners.answering("coach.remove_now")
        async def remove_now(turn: Turn) -> View:
            stored, _ = await turn.stored(StoredCommand)
            text = stored.meaning.words.removeprefix(REMOVE)
            return await self.remove(await turn.asker(), text, is_agreed=True)

    async def run(self, request: Request, rest: str) -> View:
        """Answer `coach <rest>`."""
        verb, after = first_word(rest)
        match verb:
            case "add":
                return await self.add(request.asker, after)
            case "remove":
                return await self.remove(request.asker, after)
            case "list" | "":
                return await self.list_coaches(request.asker)
            case "digest":
                return await self.change_message(request.asker, after)
            case _:
                raise UserError(USAGE, SHOW_COACHES)

    # Assigning coaches

    async def add(self, asker: Asker, text: str) -> View:
        """Assign groups or people to a coach, and tell the coach."""
        access.require_admin(asker)
        coach, added = await read_assignment(self.people.resolver, asker, text, verb="add")
        people = listed(await names_of(self.people.directory, added), "and")
        names = {"coach": coach.name, "people": people}
        if not people:
            raise UserError(
                "Who does *{coach}* coach? Add a group or people, like "
                '`{command} coach add @ana "West Coast"` or `{command} coach add @ana @jane`.',
                (),
                **names,
            )
        account = await self.people.accounts.find_account(asker.team_id, coach)
        is_full = account is None or account.account_type is AccountType.FULL
        if not is_full or coach.is_removed:
            raise NotFound(
                "*{coach}* can't coach: a coach has to be in Exec, with an active, full Slack "
                "account.",
                (),
                **names,
            )
        await self.people.coaches.add(added)
        with suppress(ExecError):
            await self.exec.lists.use_teams(added.groups)
        outcome = NO_ACCOUNT
        if account is not None:
            welcome = await self._welcome(asker, people, account)
            if account.id == asker.user_id:
                return welcome
            outcome = await self.tell(asker, account, welcome)
        return notice("Done: *{coach}* now coaches *{people}*." + outcome, **names)

    async def _welcome(self, asker: Asker, people: str, account: SlackUser) -> View:
        """The notice to a coach: the people they now coach, and their message about them."""
        subscription = await self.scheduled.coach_lists.begin_message(asker.team_id, account)
        coach = await self.people.accounts.asker(asker.team_id, account.id)
        seen = await self.people.coaching.visibility(coach)
        theirs = [x for x in await self.people.directory.people(seen.coached) if x != coach.member]
        is_own = account.id == asker.user_id
        pattern = (
            "*You now coach {people}.*" if is_own else "*{admin} made you a coach of {people}.*"
        )
        if not seen.unsure:
            pattern += " You can now see the practice of {reach}."
        reach = count(sum(not person.is_system for person in theirs), "person", "people")
        with written_for(coach.locale):
            welcome = notice(pattern, admin=asker.name, people=people, reach=reach)
            return welcome, await self.scheduled.digests.saved(coach, subscription)

    async def remove(self, asker: Asker, text: str, *, is_agreed: bool = False) -> View:
        """Unassign a coach from the people named, or from all, once the admin confirms."""
        access.require_admin(asker)
        coach, named = await read_assignment(self.people.resolver, asker, text, verb="remove")
        has = await self.people.coaches.of(coach.id)
        if named.groups or named.people:
            has = replace(has, groups=has.groups & named.groups, people=has.people & named.people)
        people = listed(await names_of(self.people.directory, has), "and")
        names = {"coach": coach.name, "people": people}
        if not people:
            raise NotFound(
                "There is nothing to remove. `{command} coach list` shows who *{coach}* coaches.",
                SHOW_COACHES,
                **names,
            )
        if not is_agreed:
            (id_,) = await self.storage.buttons.add_commands(
                asker.team_id, asker.user_id, (REMOVE + text,)
            )
            question = Sentence("Should *{coach}* stop coaching *{people}*?", names)
            return confirm(question, "Remove", "coach.remove_now", id_, style="danger")
        account = await self.people.accounts.find_account(asker.team_id, coach)
        await self.people.coaches.remove(has)
        left = listed(
            await names_of(self.people.directory, await self.people.coaches.of(has.id)), "and"
        )
        if account is not None and not left:
            message = await self.scheduled.subscriptions.own(asker.team_id, account.id, COACH)
            if message is not None:
                await self.scheduled.subscriptions.pause(message.id, Reason.OWNER)
        rest = "You still coach *{left}*." if left else "You don't coach anyone now."
        pattern = f"*{{admin}}* removed *{{people}}* from the people you coach. {rest}"
        removal = notice(pattern, admin=asker.name, people=people, left=left)
        outcome = await self.tell(asker, account, removal)
        return notice(f"Done: *{{coach}}* no longer coaches *{{people}}*.{outcome}", **names)

    async def tell(self, asker: Asker, account: SlackUser | None, view: View) -> str:
        """Send a coach a direct message. Returns the sentence that tells the admin whether it
        arrived."""
        if account is None or account.account_type is not AccountType.FULL:
            return NO_ACCOUNT
        if account.id == asker.user_id:
            return ""
        state = await self.scheduled.notices.send_once(asker.team_id, account.id, view)
        return NOT_INFORMED if state is State.FAILED else INFORMED

    async def list_coaches(self, asker: Asker) -> Draft:
        """All coaches and the people they coach."""
        access.require_admin(asker)
        rows = [
            (
                await name_of(self.people.directory, coach.id),
                await names_of(self.people.directory, coach),
            )
            for coach in await self.people.coaches.listed()
        ]
        return draft("coaches", coaches=sorted(rows, key=lambda row: row[0].casefold()))

    # A coach's own message

    async def change_message(self, asker: Asker, words: str) -> Draft:
        """Show, schedule, pause or resume the asker's own message about their people."""
        subscription = await self.scheduled.subscriptions.own(asker.team_id, asker.user_id, COACH)
        word = words.casefold()
        if subscription is not None and word in PAUSE:
            return await self.scheduled.digests.pause(asker, subscription)
        if not (await self.people.coaching.visibility(asker)).coaches:
            raise NotAllowed(NO_COACH)
        if subscription is not None and word in RESUME:
            return await self.scheduled.digests.resume(asker, subscription)
        if subscription is not None and not word:
            return await self.scheduled.digests.saved(asker, subscription)
        words = USUAL if word in ("", *PAUSE, *RESUME) else words
        zone, lead = str(asker.zone), "coach digest"
        schedule = read_schedule(words, now=self.clock(), zone=zone, lead=lead)
        team_id, user_id, follows = asker.team_id, asker.user_id, schedule.zone == zone
        new = new_subscription(team_id, user_id, COACH, user_id, schedule, follows=follows)
        if subscription is None:
            subscription, _ = await self.scheduled.subscriptions.add(new)
        else:
            subscription = await self.scheduled.subscriptions.change(
                replace(new, id=subscription.id)
            )
        return await self.scheduled.digests.saved(asker, subscription, "Saved")

    async def show_person(self, turn: Turn) -> View:
        """One of the coach's people, with the reasons to talk to them."""
        asker = await turn.asker()
        stored = (await turn.own(turn.value, StoredPerson)).meaning
        person = await self.people.coaching.person(asker, stored.person_id)
        interval = Interval(from_ms(stored.start_at), from_ms(stored.end_at))
        periods = periods_over(interval, stored.zone, self.clock())
        q = await prepare(
            self.ask.preparer, ResolvedQuery((person,)), REPORT, periods, Mode.QUESTION
        )
        figures = await figures_for(asker, q)
        await self.people.audit.note(Look(asker, COACH, frozenset((person.id,))))
        days = written_days(interval, stored.zone)
        questions = (f'sessions id:"{person.id}" {days}', f'prep id:"{person.id}"')
        return draft(
            "coach_person",
            id=turn.value,
            who=person.name,
            row=next(iter(figures.rows), None),
            sums=await tally_all(q.db, q.filters()),
            last=(await last_sessions(q.db, q.all_attempts())).get(person.id),
            q=q,
            asks=await self.storage.buttons.add_commands(asker.team_id, asker.user_id, questions),
        )

    # Questions in words

    async def list_to_talk_to(self, request: Request, rest: str) -> View:
        """Answer "who should I talk to", as in the coach's Home tab."""
        asker = request.asker
        seen = await self.people.coaching.visibility(asker)
        if not seen.coaches:
            own = (SHOW_MY_WEEK, Suggestion("What's due", "assignments me"))
            ways = ALTERNATIVES if seen.everyone else own
            raise NotAllowed(
                "You don't coach anyone yourself, so I have no list for you. Try:", ways
            )
        if rest not in UNFILTERED:
            raise UserError(
                "The list always covers all your people, as of today. Try:", ALTERNATIVES
            )
        if seen.unsure:
            raise access.refuse("your people", seen)
        periods = last_days(str(asker.zone), self.clock())
        try:
            q = await self.scheduled.coach_lists.ask_about_people(asker, periods, Mode.QUESTION)
        except Unsent:
            raise NotFound(NOBODY_LEFT) from None
        return await self.scheduled.coach_lists.draw(asker, q, await figures_for(asker, q))

    async def offer_to_stop(self, request: Request, _rest: str) -> View:
        """Buttons that lead to every kind of message somebody can stop."""
        seen = await self.people.coaching.visibility(request.asker)
        own = (Suggestion("My Monday message", "me"), Suggestion("Mute nudges", "me muted"))
        ways = (*TO_STOP, *own) if seen.everyone or seen.coaches else own
        offers = await self.ask.answerer.offers(request.asker, ways)
        return notice("Which messages do you mean? Stop them here:", offers)

    async def tell_coaches(self, request: Request, rest: str) -> View:
        """The coaches and groups of the asker or, for admins, of somebody else."""
        asker, person, who = request.asker, request.asker.member, "you"
        if rest not in ("", "me"):
            access.require_admin(asker)
            people = (
                await self.ask.questions.understand(asker, rest, SESSIONS)
            ).resolved.people or ()
            if len(people) != 1:
                raise UserError("Ask about one person, like *who coaches Sam*.")
            (person,) = people
            who = await name_of(self.people.directory, person.id)
        id_ = "" if person is None else person.id
        ids = await self.people.directory.groups_of(id_)
        coaches = [
            await name_of(self.people.directory, coach.id)
            for coach in await self.people.coaches.listed()
            if coach.id != id_ and (coach.groups & ids or id_ in coach.people)
        ]
        groups = [
            group.name for group in await self.people.directory.items(Kind.GROUP) if group.id in ids
        ]
        pattern = "Nobody coaches *{who}* yet. An admin can assign a coach."
        if coaches:
            pattern = f"*{{coaches}}* {'coaches' if len(coaches) == 1 else 'coach'} *{{who}}*."
        if groups:
            pattern += " You are in *{groups}*." if who == "you" else " *{who}* is in *{groups}*."
        names = {"coaches": listed(sorted(coaches), "and"), "groups": listed(groups, "and")}
        return notice(pattern, who=who, **names)


def register(app: App) -> None:
    """Add what people can do."""
    CoachCommands(
        app.ask, app.clock, app.exec, app.people, app.scheduled, app.slack, app.storage
    ).register()
