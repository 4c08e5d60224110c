"""A workspace in which answers, digests and messages for coaches were sent long ago; since then
rights were taken away, and digests changed and removed. And what its people do."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from bot.mirror.answers import StoredAnswer
from bot.outbox.plans import COACH, Plan, Subscription, team_ask
from bot.people.coaches import Coach
from bot.sandbox.slack_payloads import event, view_action
from bot.sandbox.slack_workspace import Ack, Delivery, Message, SlackUser, View
from bot.storage.handles import DigestList
from bot.storage.tables import delivery
from tests.workspace import Workspace, button

HOME, ELSEWHERE = "west-coast", "sales-practice"
# Jane and Priya are of West Coast, which Bob coaches; Amara coaches East Coast. Ingrid coached
# West Coast when everything here was sent. Nora is not in Exec.
WHO = {
    "self": "jane",
    "rep": "priya",
    "coach": "bob",
    "other": "amara.diallo",
    "former": "ingrid.s",
    "admin": "ana",
    "guest": "gina.guest",
    "stranger": "gus.globex",
    "unknown": "nora.new",
}


@dataclass
class Room:
    """`who` is a column of the table throughout. `ids` is what buttons carry, `answers` the id of
    each person's own old answer, `carriers` a message of theirs in which buttons are pressed.

    `touched` is how each person's own digest stood before they pressed, `private` names what was
    shown to one person alone.
    """

    workspace: Workspace
    ids: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    carriers: dict[tuple[str, str], Message] = field(default_factory=dict)
    touched: dict[str, Subscription] = field(default_factory=dict)
    private: set[str] = field(default_factory=set)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def user(self, who: str) -> str:
        return self.workspace.user(WHO[who])

    def group(self, name: str) -> str:
        return next(id_ for id_, each in self.workspace.world.groups.items() if each.name == name)

    def typed(self, who: str, text: str) -> Delivery:
        return self.workspace.command_of(WHO[who], text, HOME)

    def pressed(self, who: str, action: str, value: str, channel: str = HOME) -> Delivery:
        return self.workspace.press_of(WHO[who], self.carriers[who, channel], action, value)

    async def subscription(self, owner: str = "admin") -> Subscription:
        """A digest of West Coast that there was not before."""
        number = next(self._numbers)
        schedule = f"monthly {1 + number % 28}th {number // 28}:30"
        plan = Plan(
            self.workspace.channel(HOME), schedule, "UTC", team_ask(self.group("West Coast"))
        )
        subscriptions = self.workspace.bot.core.subscriptions
        return await subscriptions.keep(self.workspace.slack.team.id, self.user(owner), plan)

    async def deliver_all(self) -> None:
        """Send whatever is to be sent, until nothing is on its way any more."""
        async with asyncio.timeout(60):
            while await self._on_its_way():
                await self.workspace.bot.core.delivering.run_due()
                self.workspace.clock.tick(2)

    async def _on_its_way(self) -> bool:
        open_ = sa.select(delivery.c.id).where(delivery.c.done_at.is_(None)).limit(1)
        async with self.workspace.bot.core.database.transaction(reads=True) as connection:
            return (await connection.execute(open_)).first() is not None

    async def heard(self, who: str, ack: Ack) -> Message | View:
        """What is shown to them alone: a message, or a form once it is filled in."""
        user, slack = self.user(who), self.workspace.slack
        with slack.watch() as changed:
            async with asyncio.timeout(100):
                while True:
                    changed.clear()
                    for message in slack.appeared(ack.mark):
                        is_theirs = message.visible_to == user or (
                            message.channel == self.workspace.dm(WHO[who])
                            and message.user == slack.team.bot_user_id
                        )
                        is_file = "files" in message.extra
                        if is_theirs and not is_file and not message.text.startswith("Looking…"):
                            self.private.add(message.ts)
                            return message
                    view = slack.open_view(user)
                    if view is not None and _is_filled(view):
                        del slack.views[user]
                        return view
                    await changed.wait()

    async def heard_in_home(self, who: str, ack: Ack) -> Message | View:
        """What comes of something in their Home tab: an answer in Messages, or else the tab."""
        await self.workspace.bot.work.drain(30)
        place = self.workspace.dm(WHO[who])
        for message in self.workspace.slack.appeared(ack.mark):
            if message.channel == place:
                self.private.add(message.ts)
                return message
        return self.workspace.slack.homes[self.user(who)]


def _is_filled(view: View) -> bool:
    """The form of a digest is filled in once it is open, where that takes long."""
    said = str(view.view)
    is_digest = view.view.get("callback_id") == "digest.form"
    return not is_digest or "will see this" in said or "Only an admin" in said


async def furnish(workspace: Workspace) -> Room:
    """Everything is sent; then time passes, and Ingrid is no coach any more."""
    room, core, team = Room(workspace), workspace.bot.core, workspace.slack.team
    team.add_user(SlackUser("U8002", "nora.new", "Nora New", "nora.new@acme.com"))
    # Whoever sets up a digest is in its channel.
    team.channel_called(HOME).members.append(room.user("coach"))
    coaches = {
        who: Coach(workspace.world.person(f"{WHO[who]}@acme.com").id, frozenset({room.group(name)}))
        for who, name in (
            ("coach", "West Coast"),
            ("former", "West Coast"),
            ("other", "East Coast"),
        )
    }
    for coach in coaches.values():
        await core.coaches.add(coach, by="admin")
    for who, channel in itertools.product(WHO, (HOME, ELSEWHERE)):
        ack = await workspace.act(workspace.command_of(WHO[who], "help", channel))
        room.carriers[who, channel] = await workspace.heard(WHO[who], channel, after=ack)
    for name in WHO.values():
        await workspace.open_home(name)
    room.answers = await _answers(workspace)
    misspelt = await workspace.ask("ana", "sessions glod", HOME)
    room.ids["question"] = button(misspelt, "gold")["value"]
    (listed,) = await core.handles.keep(team.id, room.user("admin"), DigestList())
    room.ids["list"] = f"{listed}:0"
    await _post_digests(room)
    room.ids["scenario"] = next(iter(workspace.world.scenarios))
    for who in ("coach", "former"):
        await _send_message(room, who)
    await core.coaches.remove(coaches["former"])
    other = room.user("other")
    plan = Plan(other, "every monday 8:30", "UTC", COACH)
    await core.subscriptions.keep(team.id, other, plan)
    workspace.clock.tick(15 * 60)
    return room


async def _answers(workspace: Workspace) -> dict[str, str]:
    """An answer about West Coast under everybody's name, as if they had seen everybody then."""
    answers, team = workspace.bot.core.stored_answers, workspace.slack.team.id
    asked = await workspace.ask("ana", 'sessions group:"West Coast" last 60d', HOME)
    id_ = button(asked, "Refresh")["value"]
    answer = await answers.find(id_, team_id=team, user_id=workspace.user("ana"))
    assert isinstance(answer, StoredAnswer)
    ids = {}
    for who, name in WHO.items():
        ids[who] = await answers.keep(answer, team_id=team, user_id=workspace.user(name))
        await answers.keep_rows(ids[who], answer)
    return ids


async def _post_digests(room: Room) -> None:
    """Three digests of West Coast; one is East Coast's and elsewhere by now, one is removed."""
    core = room.workspace.bot.core
    for what in ("posted", "edited", "removed"):
        one = await room.subscription()
        await core.deliveries.send_now(one, room.user("admin"))
        post = await _arrived(room, room.workspace.channel(HOME))
        room.ids[what] = button(post, "See details")["value"]
        if what == "edited":
            place, east = room.workspace.channel(ELSEWHERE), room.group("East Coast")
            plan = replace(one.plan, place=place, ask=team_ask(east))
            await core.subscriptions.change(one.id, plan)
        elif what == "removed":
            await core.subscriptions.remove(one.id)


async def _send_message(room: Room, who: str) -> None:
    """A coach's message, one of its people, and a nudge that waits to be sent."""
    workspace, user = room.workspace, room.user(who)
    core, plan = workspace.bot.core, Plan(user, "every monday 8:30", "UTC", COACH)
    one = await core.subscriptions.keep(workspace.slack.team.id, user, plan)
    await core.deliveries.send_now(one, user)
    message = await _arrived(room, workspace.dm(WHO[who]))
    nudge = next(block["accessory"] for block in message.blocks if "accessory" in block)
    person = nudge["value"].split()[0]
    ack = await workspace.act(workspace.press_of(WHO[who], message, "coach.nudge", person))
    preview = await workspace.heard(WHO[who], message.channel, after=ack)
    room.ids |= {
        f"message of {who}": button(message, "See everyone")["value"],
        f"person of {who}": person,
        f"nudge of {who}": button(preview, "Send")["value"],
    }


async def _arrived(room: Room, channel: str) -> Message:
    """What is delivered there next."""
    before = len(room.workspace.slack.messages)
    async with asyncio.timeout(100):
        while True:
            await room.workspace.bot.core.delivering.run_due()
            room.workspace.clock.tick(2)
            for message in room.workspace.slack.messages[before:]:
                if message.channel == channel and message.visible_to is None:
                    return message


def opens_home(room: Room, who: str) -> Delivery:
    inner = {"type": "app_home_opened", "user": room.user(who), "tab": "home"}
    return event(room.workspace.slack, room.user(who), inner)


def in_home(action: str, value: str = "", what: str = "") -> Act:
    """A button of their Home tab, with a value or one of `ids`."""

    def act(room: Room, who: str) -> Delivery:
        carried = room.ids[what] if what else value
        done = {"type": "button", "action_id": action, "block_id": "b", "value": carried}
        view = room.workspace.slack.homes[room.user(who)]
        return view_action(room.workspace.slack, room.user(who), view, done, {})

    return act


Act = Callable[[Room, str], Delivery | Awaitable[Delivery]]


def says(text: str, about: str = "") -> Act:
    """Words, and whom they mention in place of {}."""

    def act(room: Room, who: str) -> Delivery:
        return room.typed(who, text.format(f"<@{room.workspace.user(about)}>" if about else ""))

    return act


def writes(text: str, about: str = "") -> Act:
    """The same words in a message to the bot alone."""
    return _in_message(text, about, None)


def mentions(text: str, about: str = "") -> Act:
    """The same words in a channel, with the bot's name before them."""
    return _in_message(text, about, HOME)


def _in_message(text: str, about: str, channel: str | None) -> Act:
    def act(room: Room, who: str) -> Delivery:
        words = text.format(f"<@{room.workspace.user(about)}>" if about else "")
        return room.workspace.message_of(WHO[who], words, channel)

    return act


def old(action: str, suffix: str = "") -> Act:
    """A button of their own answer about West Coast, from when they saw everybody."""
    return lambda room, who: room.pressed(who, action, room.answers[who] + suffix)


def of_another(action: str, suffix: str = "") -> Act:
    """The same of somebody else's answer."""

    def act(room: Room, who: str) -> Delivery:
        value = room.answers["coach" if who == "admin" else "admin"]
        return room.pressed(who, action, value + suffix, ELSEWHERE)

    return act


def on(action: str, what: str, channel: str = HOME) -> Act:
    """A button of what everybody in a channel could see, pressed there or elsewhere."""
    return lambda room, who: room.pressed(who, action, room.ids[what], channel)


def on_digest(action: str, *, owner: str = "admin", paused: bool = False) -> Act:
    """A button in the list of digests, each for a digest that only this press changes."""

    async def act(room: Room, who: str) -> Delivery:
        subscriptions = room.workspace.bot.core.subscriptions
        one: Subscription | None = await room.subscription(owner)
        assert one is not None
        if paused:
            one = await subscriptions.pause(one.id)
        assert one is not None
        room.touched[who] = one
        return room.pressed(who, action, one.id)

    return act


def of_message(action: str, what: str = "message") -> Act:
    """A button of a coach's message: Ingrid presses one of her own, everybody else one of Bob's."""

    def act(room: Room, who: str) -> Delivery:
        whose = "former" if who == "former" else "coach"
        return room.pressed(who, action, room.ids[f"{what} of {whose}"])

    return act


def of_other_message(action: str, what: str = "message") -> Act:
    """The same of somebody else's message: Bob presses Ingrid's, everybody else Bob's."""

    def act(room: Room, who: str) -> Delivery:
        whose = "former" if who == "coach" else "coach"
        return room.pressed(who, action, room.ids[f"{what} of {whose}"], ELSEWHERE)

    return act


async def unlink(room: Room, who: str) -> Delivery:
    """`unlink` of somebody who is linked."""
    workspace, team = room.workspace, room.workspace.slack.team.id
    mei = await workspace.bot.core.catalogue.member(email="mei.chen@acme.com")
    assert mei is not None
    await workspace.bot.core.people.link(team, workspace.user("sam"), mei, by=room.user("admin"))
    return room.typed(who, f"unlink <@{workspace.user('sam')}>")


async def coach_remove(room: Room, who: str) -> Delivery:
    """`coach remove` of somebody who is a coach."""
    workspace = room.workspace
    yuki = workspace.world.person("yuki.sato@acme.com")
    coach = Coach(yuki.id, frozenset({room.group("East Coast")}))
    await workspace.bot.core.coaches.add(coach, by="admin")
    return room.typed(who, f"coach remove <@{workspace.user('yuki.sato')}>")
