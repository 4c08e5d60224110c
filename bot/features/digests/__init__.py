"""`/exec digest …`: what comes to a channel by the clock, set up and looked after from Slack."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot import access
from bot.access import Asker, Visibility
from bot.answer import Request
from bot.button_values import ButtonValues
from bot.env import Env
from bot.errors import (
    ExecError,
    NotAllowed,
    NotFound,
    Sentence,
    Suggestion,
    UserError,
)
from bot.features import Button, Feature, Press, Shows, by_asker, close, id_value, nothing
from bot.features.digests.group import GroupReports, with_parts
from bot.language.dates import zone_name
from bot.language.query import Kind as NameKind
from bot.language.query import Named, NameRef, ResolvedQuery
from bot.language.schedule import Schedule
from bot.language.schedule_words import (
    EXAMPLES,
    LIST,
    is_change,
    is_list,
    read_schedule,
    split_group,
    split_schedule,
    written_schedule,
)
from bot.language.text import plain_text, quoted, shortened
from bot.messages.render import Draft, View, draft, notice
from bot.messages.tables import page
from bot.outbox.deliveries import Deliveries, Delivery
from bot.outbox.describe import Done, Subscribed, SubscriptionLine
from bot.outbox.plans import (
    COACH,
    ME,
    TEAM,
    Plan,
    Subscription,
    kind_of,
    team_ask,
)
from bot.outbox.questions import ChannelAnswers, StoredQuestions, named_report
from bot.outbox.reasons import (
    REASONS,
    NotSentReason,
    not_allowed,
    nothing_to_show,
    paused_by_itself,
)
from bot.outbox.rights import may_change, may_stop, require, require_change
from bot.outbox.subscriptions import Subscriptions
from bot.people.audience import Audiences, ChannelAudience
from bot.people.coaches import Coaching
from bot.people.names import Resolver
from bot.reports.digest import DigestPart
from bot.slack.payloads import Payload, page_position
from bot.storage.buttons import Buttons, DigestList

log = logging.getLogger(__name__)

LIST_ROWS = 10  # each has its buttons, so more are too many to look through
GONE = "This digest is gone. `{command} digest list` shows those that there are."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants posted: in stored words, and as it is called. `lead` are the words of
    the command up to the schedule, `schedule` those of it, as typed."""

    ask: str
    name: str
    lead: str
    schedule: str


@dataclass(frozen=True, slots=True)
class Posted:
    """A digest in a channel, and its subscription as it is now."""

    subscription: Subscription
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class ListPage:
    """The list of the digests of a channel, from row `start` on."""

    channel_id: str
    start: int


@dataclass(frozen=True, slots=True)
class Digests:
    """All raise UserError with what to do instead, SlackError, ExecError and StorageError."""

    env: Env
    resolver: Resolver
    coaching: Coaching
    subscriptions: Subscriptions
    deliveries: Deliveries
    reports: GroupReports
    channel_answers: ChannelAnswers
    questions: StoredQuestions
    subscribed: Subscribed
    audiences: Audiences
    buttons: Buttons
    values: ButtonValues
    ask: Callable[[Request, str], Awaitable[View]]

    @property
    def feature(self) -> Feature:
        beneath, in_list = Shows.BENEATH, Shows.IN_LIST
        return Feature(
            buttons={
                "digest.details": Button(self.read_posted, self.details, beneath),
                "digest.manage": Button(self.read_posted, self.manage, beneath),
                "home.manage": Button(id_value, self.manage_all),
                "digest.list.next": Button(self.read_page, self.list_page),
                "digest.list.previous": Button(self.read_page, self.list_page),
                "digest.preview": Button(id_value, by_asker(self.preview), beneath),
                "digest.send_now": Button(id_value, by_asker(self.ask_post), beneath),
                "digest.post_now": Button(id_value, by_asker(self.post_now)),
                "digest.pause": Button(id_value, self.pause_pressed, in_list),
                "digest.resume": Button(id_value, self.resume_pressed, in_list),
                "digest.remove": Button(id_value, by_asker(self.ask_remove), beneath),
                "digest.remove_now": Button(id_value, by_asker(self.remove)),
                "confirm.cancel": Button(nothing, close),
            },
        )

    async def read_page(self, payload: Payload, value: str) -> ListPage:
        id_, start = page_position(value)
        return ListPage((await self.values.own(payload, id_, DigestList)).channel_id, start)

    async def read_posted(self, payload: Payload, value: str) -> Posted:
        delivery = await self.deliveries.find(value)
        one = None
        if delivery is not None:
            one = await self.subscriptions.find(delivery.source_id)
        if delivery is None or one is None or one.team_id != payload.team_id:
            raise NotFound("This digest is too old: I don't know any more what it was made of.")
        return Posted(one, delivery)

    async def run(self, request: Request, rest: str) -> View:
        """Answer `digest <rest>`."""
        if is_list(rest):
            return await self.listed(request.asker, request.channel_id)
        asker = request.asker
        wanted = await self.wanted(asker, rest)
        if not wanted.schedule:
            what = "the digest of" if kind_of(wanted.ask) == TEAM else "the answer to"
            raise UserError(
                f"When should {what} *{{name}}* come? Add it, like `every monday 9:00`.",
                tuple(Suggestion(way, f"{wanted.lead} {way}") for way in EXAMPLES),
                name=shortened(wanted.name),
            )
        reading = read_schedule(
            wanted.schedule, now=self.env.clock(), zone=str(asker.zone), lead=wanted.lead
        )
        if not request.can_share or not request.channel_id:
            raise UserError(
                "A digest comes to a channel. Type this in the channel where it should come, or "
                "leave the time out here to choose one in a form."
            )
        plan = new_plan(request.channel_id, reading.schedule, wanted.ask, frozenset(DigestPart))
        return await self._saved_with_preview(asker, await self.set_up(asker, plan))

    async def wanted(self, asker: Asker, rest: str) -> Wanted:
        """What the words after `digest` mean: a group's digest, or the answer to a question."""
        what, when = split_schedule(rest)
        report = named_report(what)
        if report is not None:
            return await self._question(asker, what, when)
        said = split_group(rest)
        try:
            group = await self.group(asker, said.group, said.schedule)
        except (NotFound, NotAllowed) as error:
            if not what:
                raise
            try:
                return await self._question(asker, what, when)
            except UserError:
                raise error from None
        lead = f"digest {quoted(group.name)}"
        return Wanted(team_ask(group.id), group.name, lead, said.schedule)

    async def _question(self, asker: Asker, what: str, when: str) -> Wanted:
        ask = await self.questions.ask_of(asker, what)
        return Wanted(ask, what, f"digest {what}", when)

    async def visibility(self, asker: Asker) -> Visibility:
        """What somebody sees; refuses who may have no group's digest."""
        visibility = await self.coaching.visibility(asker)
        if not visibility.covers_groups:
            require(asker, visibility, team_ask(""))
        return visibility

    async def group(self, asker: Asker, typed: str, schedule: str = "") -> Named:
        """The group that somebody means, if its digest is theirs to have.

        Those who coach no group are refused before they learn which groups there are.
        """
        visibility = await self.visibility(asker)
        if not typed or typed.casefold() == "help":
            raise UserError(
                'Which group? Like this: `{command} digest "West Coast" every monday 9:00`, or '
                "without the time for a form. `{command} digest list` shows what there is.",
                (Suggestion("List", f"digest {LIST}"),),
            )
        try:
            lookup = self.resolver.lookup(
                asker,
                replace(visibility, own_groups=frozenset()),
                lambda _, new: f"digest {quoted(new.value)} {schedule}".strip(),
            )
            found = await lookup.find_thing(NameRef(NameKind.GROUP, typed))
        except NotFound as error:
            if is_change(typed):
                raise UserError(
                    "Pause, edit or remove a digest in the list: each has its buttons there.",
                    (Suggestion("List", f"digest {LIST}"),),
                ) from None
            name = await self.audiences.people.spoken(asker.team_id, typed)
            if name == plain_text(typed):
                raise
            # A person, or a user group of Slack.
            raise NotFound(
                "A digest is about a group in Exec, and *{name}* is none. Choose one, or write "
                "its name:",
                error.suggestions,
                name=shortened(name),
            ) from None
        require(asker, visibility, team_ask(found.id))
        return found

    async def look(
        self, asker: Asker, ask: str, channel_id: str, *, changes: str = ""
    ) -> ChannelAudience:
        """Who would see the answer there. Raises NotAllowed unless that may be.

        `changes` is the id of the subscription in hand, "" for a new one.
        """
        visibility = await self.coaching.visibility(asker)
        asked = await self.may_have(asker, visibility, ask)
        seen = await self.audience(asker, channel_id, changes=changes)
        require(asker, visibility, ask, seen.audience, asked)
        return seen

    async def may_have(
        self, asker: Asker, visibility: Visibility, ask: str
    ) -> ResolvedQuery | None:
        """What is asked, as `StoredQuestions.asked`. Raises NotAllowed unless the asker may have it
        posted in a channel."""
        if ask in (COACH, ME):
            raise not_allowed(NotSentReason.PRIVATE)
        asked = await self.questions.asked(asker.team_id, ask)
        if isinstance(asked, NotSentReason):
            raise not_allowed(asked)
        require(asker, visibility, ask, asked=asked)
        return asked

    async def audience(
        self, asker: Asker, channel_id: str, *, changes: str = ""
    ) -> ChannelAudience:
        """Who is in a channel that the asker is in too, or that the subscription they change
        comes to already. Raises NotAllowed for any other."""
        seen = await self.audiences.seen(asker.team_id, channel_id)
        if asker.user_id in seen.ids:
            return seen
        one = await self.find(asker, changes) if changes else None
        if one is not None and one.plan.place == channel_id:
            return seen
        # Its name could be news to them, if it is private.
        if seen.audience.crowded:
            raise not_allowed(NotSentReason.CROWDED)
        raise NotAllowed(
            "You can have a digest only in a channel that you are in. Join this one first, "
            "then try again."
        )

    async def set_up(self, asker: Asker, plan: Plan) -> Subscription:
        """A new subscription. Raises UserError where the channel has the same one already."""
        await self.look(asker, plan.ask, plan.place)
        one, is_new = await self.subscriptions.add(asker.team_id, asker.user_id, plan)
        if not is_new:
            raise await self._there_already(asker, one)
        return one

    async def change(self, asker: Asker, id_: str, plan: Plan) -> Subscription:
        """Replace the plan of a subscription."""
        await self.look(asker, plan.ask, plan.place, changes=id_)
        await self.find(asker, id_)
        changed = await self.subscriptions.change(id_, plan)
        if changed is not None and changed.id != id_:
            raise await self._there_already(asker, changed)
        if changed is not None and paused_by_itself(changed.paused):
            # What kept it from being sent may be fixed by that: otherwise it pauses again.
            changed = await self.subscriptions.resume(id_)
        return self._there(changed)

    async def saved(self, asker: Asker, one: Subscription, done: Done = Done.SAVED) -> Draft:
        (told,) = await self._described(asker, (one,))
        return await self.subscribed.saved(one, told, done)

    async def _described(
        self, asker: Asker, ones: Sequence[Subscription]
    ) -> tuple[SubscriptionLine, ...]:
        """The subscriptions as the asker may read them, with what they may do to each."""
        visibility = await self.coaching.visibility(asker)
        told_of = await self.subscribed.described(ones, visibility)
        described = []
        for one, told in zip(ones, told_of, strict=True):
            asked = await self._asked(one)
            changes = may_change(asker, visibility, one, asked)
            stops = may_stop(asker, visibility, one, asked)
            described.append(replace(told, can_change=changes, can_stop=stops))
        return tuple(described)

    async def _asked(self, one: Subscription) -> ResolvedQuery | None:
        """The question of a subscription; None, too, where it can't be read now."""
        try:
            asked = await self.questions.asked(one.team_id, one.plan.ask)
        except ExecError:
            return None
        return None if isinstance(asked, NotSentReason) else asked

    async def answer_now(self, asker: Asker, one: Subscription) -> Draft | NotSentReason:
        """What would be posted now, for `asker` alone, or why nothing would be. Raises
        ExecError."""
        if one.plan.kind != TEAM:
            return await self.channel_answers.preview(asker, one)
        return await self.reports.preview(asker, one)

    async def _saved_with_preview(self, asker: Asker, one: Subscription) -> View:
        saved = await self.saved(asker, one)
        try:
            now = await self.answer_now(asker, one)
        except ExecError as error:
            # It is saved all the same, and has a button for a preview later.
            log.info("no preview beside a new digest: %s", type(error).__name__)
            return saved
        if isinstance(now, NotSentReason):
            return saved
        return saved, now

    async def listed(
        self, asker: Asker, channel_id: str, *, start: int = 0, around: str = ""
    ) -> View:
        """The digests of a channel, or to an admin all, in a direct conversation one's own; from
        `start` on, or the page of one."""
        visibility = await self.coaching.visibility(asker)
        is_everywhere = visibility.everyone or channel_id.startswith("D")
        place = None if is_everywhere else channel_id
        listed = await self.subscriptions.listed(asker.team_id, place=place)
        ones = [one for one in listed if not one.is_personal]
        if is_everywhere and not visibility.everyone:
            ones = [one for one in ones if one.owner_id == asker.user_id]
        ids = [one.id for one in ones]
        if around in ids:
            start = ids.index(around)
        (id_,) = await self.buttons.add(
            asker.team_id, asker.user_id, DigestList(), channel_id=channel_id
        )
        described = await self._described(asker, ones)
        return draft(
            "subscriptions",
            id=id_,
            channel=None if place is None else await self.audiences.seen_name(place),
            page=page(described, start, rows=LIST_ROWS),
            now=self.env.clock(),
            can_add=visibility.covers_groups,
        )

    async def find(self, asker: Asker, id_: str, *, stop: bool = False) -> Subscription:
        """A subscription that is theirs to change, or with `stop` to pause or remove."""
        one = await self.subscriptions.find(id_)
        is_theirs = one is not None and one.team_id == asker.team_id and not one.is_personal
        if one is None or not is_theirs or one.removed_at is not None:
            raise NotFound(GONE)
        visibility = await self.coaching.visibility(asker)
        require_change(asker, visibility, one, await self._asked(one), stop=stop)
        return one

    async def preview(self, asker: Asker, id_: str) -> View:
        """What would be posted now, for the asker alone."""
        one = await self.find(asker, id_)
        now = await self.answer_now(asker, one)
        return await self._trouble(asker, one, now) if isinstance(now, NotSentReason) else now

    async def ask_post(self, asker: Asker, id_: str) -> View:
        """Whether to post it now, with how many people will read it."""
        one = await self.find(asker, id_)
        seen = await self.look(asker, one.plan.ask, one.plan.place, changes=one.id)
        (told,) = await self._described(asker, (one,))
        count = seen.audience.people
        readers = "1 person" if count == 1 else f"{count} people"
        question = Sentence(
            "Post *{title}* now in *{channel}*? {readers} will read it.",
            {"title": shortened(told.title), "channel": seen.channel, "readers": readers},
        )
        return draft(
            "confirm", question=question, label="Post now", action="digest.post_now", value=one.id
        )

    async def post_now(self, asker: Asker, id_: str) -> View:
        one = await self.find(asker, id_)
        seen = await self.look(asker, one.plan.ask, one.plan.place, changes=one.id)
        if not await self.deliveries.send_now(one, asker.user_id):
            raise NotFound(GONE)
        return notice("It is on its way to *{channel}*.", channel=seen.channel)

    async def pause(self, asker: Asker, id_: str) -> Subscription:
        one = await self.find(asker, id_, stop=True)
        return self._there(await self.subscriptions.pause(one.id))

    async def resume(self, asker: Asker, id_: str) -> Subscription:
        one = await self.find(asker, id_)
        await self.look(asker, one.plan.ask, one.plan.place, changes=one.id)
        return self._there(await self.subscriptions.resume(one.id))

    async def ask_remove(self, asker: Asker, id_: str) -> View:
        one = await self.find(asker, id_, stop=True)
        question = Sentence(
            "Remove *{title}*, which comes to *{channel}* {when}? It stops at once.",
            await self._fields(asker, one),
        )
        return draft(
            "confirm", question=question, label="Remove", action="digest.remove_now", value=one.id
        )

    async def remove(self, asker: Asker, id_: str) -> View:
        one = await self.find(asker, id_, stop=True)
        fields = await self._fields(asker, one)
        self._there(await self.subscriptions.remove(one.id))
        return notice("Removed: *{title}* in *{channel}*, {when}.", **fields)

    async def details(self, press: Press[Posted]) -> View:
        """The figures behind a digest that its reader may see: everybody's, or only their own."""
        posted = press.handle
        one = posted.delivery.posted_of(posted.subscription)
        visibility = await self.coaching.visibility(press.asker)
        group = await self.reports.group(one.plan.group_id)
        if group is None:
            raise nothing_to_show(NotSentReason.GROUP_GONE)
        if not visibility.covers_group(one.plan.group_id):
            group = None
            if posted.delivery.place != press.payload.channel_id:
                # Whoever isn't in the channel learns nothing of it.
                await self._require(press, one)
        return await self.ask(press.request, self.reports.details(one.plan, posted.delivery, group))

    async def manage(self, press: Press[Posted]) -> View:
        """The digests of the channel it stands in; without rights, of no other channel."""
        one = press.handle.subscription
        asker, here = press.asker, press.payload.channel_id
        visibility = await self.coaching.visibility(asker)
        moved = one.removed_at is None and one.plan.place != here
        if moved and not visibility.everyone and may_change(asker, visibility, one):
            return notice(
                "This digest comes to *{channel}* now: `{command} digest list` shows it there.",
                channel=await self.audiences.name(one.plan.place),
            )
        return await self.listed(asker, here, around=one.id)

    async def manage_all(self, press: Press[str]) -> View:
        """The list of all digests, from the page of this one; for admins, at their Home."""
        access.require_admin(press.asker)
        return await self.listed(press.asker, "", around=press.handle)

    async def list_page(self, press: Press[ListPage]) -> View:
        wanted = press.handle
        return await self.listed(press.asker, wanted.channel_id, start=wanted.start)

    async def pause_pressed(self, press: Press[str]) -> View:
        return await self._changed(press, await self.pause(press.asker, press.handle))

    async def resume_pressed(self, press: Press[str]) -> View:
        return await self._changed(press, await self.resume(press.asker, press.handle))

    async def _require(self, press: Press[Posted], one: Subscription) -> None:
        visibility = await self.coaching.visibility(press.asker)
        require(press.asker, visibility, one.plan.ask)

    async def _changed(self, press: Press[str], one: Subscription) -> View:
        """The list as it is now, or what was changed."""
        if press.listed:
            place = press.payload.channel_id
            return await self.listed(press.asker, place, around=one.id)
        done = Done.PAUSED if one.paused else Done.RESUMED
        return await self.saved(press.asker, one, done)

    async def _trouble(self, asker: Asker, one: Subscription, why: NotSentReason) -> Draft:
        (told,) = await self._described(asker, (one,))
        if why is NotSentReason.EMPTY_GROUP:
            return notice("Nobody is in *{group}*, so there is nothing to show.", group=told.title)
        if why is NotSentReason.GROUP_GONE:
            return notice("Exec has no such group any more. Choose another one with Edit.")
        return notice("There is nothing to show: {why}.", why=REASONS[why].short)

    async def _there_already(self, asker: Asker, other: Subscription) -> UserError:
        """That a channel has such a digest already."""
        pattern = "*{channel}* has this digest already: *{title}*, {when}, so I changed nothing."
        if other.paused:
            pattern += " It is paused: press Resume in `{command} digest list` there."
        return UserError(pattern, (), **await self._fields(asker, other))

    async def _fields(self, asker: Asker, one: Subscription) -> dict[str, str]:
        """What a sentence says of a subscription."""
        (told,) = await self._described(asker, (one,))
        when = f"{told.when} ({zone_name(told.zone)})"
        return {"title": shortened(told.title), "channel": told.place, "when": when}

    def _there(self, one: Subscription | None) -> Subscription:
        if one is None:
            raise NotFound(GONE)
        return one


def new_plan(place: str, schedule: Schedule, ask: str, parts: frozenset[DigestPart]) -> Plan:
    """A plan for a channel; `parts` are those of a group's digest."""
    plan = Plan(place, written_schedule(schedule, zone=False), schedule.zone, ask)
    return with_parts(plan, parts) if plan.kind == TEAM else plan
