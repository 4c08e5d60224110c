"""What the buttons of digests lead to, and the form in which one is set up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.access import Asker
from bot.commands.digest import DigestCommands
from bot.doors.digest_form import CALLBACK, DigestForms, SentDigest
from bot.errors import NotFound, UserError
from bot.language.saying import is_list, split_schedule
from bot.mirror.answers import StoredAnswers
from bot.outbox.deliveries import Delivery
from bot.outbox.plans import Subscription
from bot.outbox.reasons import REASONS, Why
from bot.outbox.rights import may_change, require
from bot.people.people import People
from bot.rendering.draw import View
from bot.rendering.subscription_views import Done
from bot.rendering.views import notice
from bot.slack.payloads import page_of
from bot.slack.reply import Reply
from bot.slack.work import Work
from bot.storage.payloads import Payload

FORMS = frozenset({"digest.edit", "digest.from_answer"})
# These stand in messages that only the presser sees, and what they lead to takes their place.
IN_PLACE = frozenset(
    {
        "digest.details.previous",
        "digest.details.next",
        "digest.list.previous",
        "digest.list.next",
        "digest.remove_now",
        "digest.keep",
        "digest.undo",
        "digest.another",
    }
)


@dataclass(frozen=True, slots=True)
class Pressed:
    """`listed`: the button stands in a list of digests."""

    payload: Payload
    asker: Asker
    value: str
    reply: Reply
    listed: bool


Run = Callable[[Pressed], Awaitable[None]]


class Digesting:
    def __init__(
        self,
        *,
        work: Work,
        people: People,
        answers: StoredAnswers,
        commands: DigestCommands,
        forms: DigestForms,
    ) -> None:
        self._work = work
        self._people = people
        self._answers = answers
        self._commands = commands
        self._forms = forms
        self._buttons: Mapping[str, Run] = {
            "digest.details": self._details,
            "digest.details.previous": self._details,
            "digest.details.next": self._details,
            "digest.counted": self._counted,
            "digest.manage": self._manage,
            "digest.preview": self._shows(commands.preview),
            "digest.send_now": self._shows(commands.send_now),
            "digest.pause": self._changes(commands.pause),
            "digest.resume": self._changes(commands.resume),
            "digest.remove": self._shows(commands.ask_remove),
            "digest.remove_now": self._shows(commands.remove),
            "digest.keep": self._keep,
            "digest.undo": self._shows(commands.undo),
            "digest.another": self._shows(commands.decided),
            "digest.list.previous": self._list,
            "digest.list.next": self._list,
        }

    def command(self, payload: Payload, rest: str, trigger_id: str | None) -> bool:
        """Open the form if what stands after `digest` has no time; False if it has."""
        if is_list(rest) or not trigger_id:
            return False
        try:
            what, schedule = split_schedule(rest)
        except UserError:
            return False
        if schedule or not what:
            return False
        self._open(payload, trigger_id, said=what)
        return True

    def press(
        self,
        payload: Payload,
        action: Mapping[str, Any],
        name: str,
        value: str,
        trigger_id: str | None,
        view: Mapping[str, Any] | None,
    ) -> bool:
        """A button of a digest, or a field of the form; False if it is something else's."""
        if view is not None:
            if view.get("callback_id") != CALLBACK:
                return False
            shown = view

            async def update(_reply: Reply) -> None:
                await self._forms.update(payload, shown)

            self._work.start(payload, update, beneath=True, opens_form=True)
            return True
        if name in FORMS:
            if name == "digest.edit":
                self._open(payload, str(trigger_id), edit=value)
            else:
                self._open(payload, str(trigger_id), answer=value)
            return True
        run = self._buttons.get(name)
        if run is None:
            return False
        listed = str(action.get("action_id", "")) != name
        in_list = listed and name in ("digest.pause", "digest.resume")

        async def job(reply: Reply) -> None:
            asker = await self._people.admitted(payload.team_id, payload.user_id)
            await run(Pressed(payload, asker, value, reply, listed))

        self._work.start(payload, job, beneath=name not in IN_PLACE and not in_list)
        return True

    async def form(self, payload: Payload, view: Mapping[str, Any]) -> dict[str, str]:
        """A sent form: what is wrong with it by block, or nothing and it is saved."""
        sent = await self._forms.read(payload, view)
        if isinstance(sent, dict):
            return sent
        made = sent
        answered = replace(payload, channel_id=made.channel_id, response_url=made.response_url)

        async def job(reply: Reply) -> None:
            asker = await self._people.admitted(payload.team_id, payload.user_id)
            await reply.answer(await self._saved(asker, made))

        self._work.start(answered, job, beneath=True)
        return {}

    async def _saved(self, asker: Asker, sent: SentDigest) -> View:
        commands, plan = self._commands, sent.plan
        if sent.changes:
            one = await commands.change(asker, sent.changes, plan)
            return await commands.saved(asker, one, Done.CHANGED)
        made = await commands.set_up(asker, plan)
        if isinstance(made, Subscription):
            return await commands.saved(asker, made)
        return await commands.ask_another(asker, plan, made, plan)

    def _open(
        self,
        payload: Payload,
        trigger_id: str,
        *,
        said: str = "",
        edit: str = "",
        answer: str = "",
    ) -> None:
        async def job(_reply: Reply) -> None:
            await self._people.admitted(payload.team_id, payload.user_id, in_exec=False)
            question = await self._question(payload, answer) if answer else None
            await self._forms.open(payload, trigger_id, said=said, question=question, edit=edit)

        self._work.start(payload, job, beneath=True, opens_form=True)

    async def _question(self, payload: Payload, answer_id: str) -> str:
        """The question of an answer, as its asker may type it."""
        owner = {"team_id": payload.team_id, "user_id": payload.user_id}
        words = await self._answers.words(answer_id, **owner)
        if words is None:
            raise NotFound("This button is too old, or belongs to someone else. Ask again.")
        return words

    async def _behind(self, pressed: Pressed, id_: str) -> tuple[Subscription, Delivery]:
        """What a posted digest came from, as that is now. Raises NotFound."""
        commands = self._commands
        delivery = await commands.deliveries.find(id_)
        one = None
        if delivery is not None:
            one = await commands.subscriptions.find(delivery.source_id)
        if delivery is None or one is None or one.team_id != pressed.asker.team_id:
            raise NotFound("This digest is too old: I don't know any more what it was made of.")
        return one, delivery

    async def _require(self, pressed: Pressed, one: Subscription) -> None:
        visibility = await self._commands.coaching.visibility(pressed.asker)
        require(pressed.asker, visibility, one.plan.ask)

    async def _details(self, pressed: Pressed) -> None:
        id_, start = page_of(pressed.value)
        one, delivery = await self._behind(pressed, id_)
        one = delivery.posted_of(one)
        commands = self._commands
        visibility = await commands.coaching.visibility(pressed.asker)
        if not visibility.covers_group(one.plan.group_id):
            await self._own_share(pressed, one, delivery)
            return
        view = await commands.reports.details(one, delivery, visibility, start)
        if isinstance(view, Why):
            raise _nothing(view)
        await pressed.reply.answer(view)

    async def _own_share(self, pressed: Pressed, one: Subscription, delivery: Delivery) -> None:
        """Nobody else's figures, but the group's as all who are in its channel read them."""
        if delivery.place != pressed.payload.channel_id:
            await self._require(pressed, one)
        view = await self._commands.reports.own_share(one, delivery, pressed.asker.member)
        if isinstance(view, Why):
            raise _nothing(view)
        await pressed.reply.answer(view)

    async def _counted(self, pressed: Pressed) -> None:
        one, delivery = await self._behind(pressed, pressed.value)
        one = delivery.posted_of(one)
        if delivery.place != pressed.payload.channel_id:
            # Those in its channel read the same numbers there.
            await self._require(pressed, one)
        else:
            await self._commands.coaching.visibility(pressed.asker)
        view = await self._commands.reports.counted(one, delivery)
        if isinstance(view, Why):
            raise _nothing(view)
        await pressed.reply.answer(view)

    async def _manage(self, pressed: Pressed) -> None:
        """The digests of the channel it stands in; who may see no more learns nothing of others."""
        one, _ = await self._behind(pressed, pressed.value)
        commands, asker, here = self._commands, pressed.asker, pressed.payload.channel_id
        visibility = await commands.coaching.visibility(asker)
        moved = one.removed_at is None and one.plan.place != here
        if moved and not visibility.everyone and may_change(asker, visibility, one):
            view: View = notice(
                "This digest comes to *{channel}* now: `{command} digest list` shows it there.",
                channel=await commands.audiences.name(one.plan.place),
                command=commands.command,
            )
        else:
            view = await commands.listed(asker, here, around=one.id)
        await pressed.reply.answer(view)

    async def _list(self, pressed: Pressed) -> None:
        id_, start = page_of(pressed.value)
        asker = pressed.asker
        stored = await self._commands.stored.find(id_, team_id=asker.team_id, user_id=asker.user_id)
        if stored is None:
            raise NotFound("This list is too old. `digest list` shows it again.")
        await pressed.reply.answer(
            await self._commands.listed(asker, stored.channel_id, start=start)
        )

    def _shows(self, act: Callable[[Asker, str], Awaitable[View]]) -> Run:
        """A button that shows what comes of it."""

        async def run(pressed: Pressed) -> None:
            await pressed.reply.answer(await act(pressed.asker, pressed.value))

        return run

    def _changes(self, act: Callable[[Asker, str], Awaitable[Subscription]]) -> Run:
        """A button that changes a digest; in a list it shows the list as it is then."""

        async def run(pressed: Pressed) -> None:
            await self._changed(pressed, await act(pressed.asker, pressed.value))

        return run

    async def _changed(self, pressed: Pressed, one: Subscription) -> None:
        """Show the list as it is now, or what was changed."""
        commands = self._commands
        if pressed.listed:
            place = pressed.payload.channel_id
            view: View = await commands.listed(pressed.asker, place, around=one.id)
        else:
            done = Done.PAUSED if one.paused else Done.RESUMED
            view = await commands.saved(pressed.asker, one, done)
        await pressed.reply.answer(view)

    async def _keep(self, pressed: Pressed) -> None:
        await pressed.reply.close()


def _nothing(why: Why) -> UserError:
    return UserError(f"There is nothing to show: {REASONS[why].short}.")
