"""Who gets what, at every door: one table. Rows are doors, columns are people. Beside them, one of
those who may see nothing stands at each door.

What is pressed may be months old, or somebody else's: who presses is judged as they are now.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from bot.sandbox.slack_workspace import Delivery, Message, View
from bot.sandbox.world import EXAMPLE_ID
from tests.conftest import FakeClock, MakeUrl
from tests.conversations.revoked_rights import (
    ELSEWHERE,
    WHO,
    Act,
    Room,
    coach_remove,
    furnish,
    in_home,
    mentions,
    of_another,
    of_message,
    of_other_message,
    old,
    on,
    on_digest,
    opens_home,
    says,
    unlink,
    writes,
)
from tests.workspace import NOW, a_workspace

# Besides "sees" (what the door has to show) and "own" (the same about themselves alone):
WORDS = {
    # who was not typed, but is behind it
    "theirs": "I can't show you the person this was about any more.",
    "mine": ": either not yours to see, or a typo.",
    "people": ": either not on your team, or a typo.",
    "lost": "among those you may see.",
    "admins": "Only an admin can do that.",
    "coaches": "Only an admin or a coach of this group can have its digest posted",
    "none": "I don't know a group of yours called",
    "files": "Files are for admins",
    "share": "everyone's names and figures are for admins and for coaches of the group",
    "change": "Only admins and coaches of this group can change",
    "other": "This message is someone else's.",
    "nobody": "You coach nobody yet.",
    "old": "This button is too old, or belongs to someone else.",
    "guest": "Guests can't see practice results.",
    "stranger": "your account belongs to another workspace.",
    "unknown": "I can't find you in Exec",
    "here": " in #west-coast\nWest Coast in #west-coast,",  # the list of the channel
    "hidden": " in #west-coast\na group that is not yours in #west-coast,",
    "there": "This digest comes to #sales-practice now",
}


@dataclass(frozen=True)
class Door:
    """What somebody does, and what those see who may. `posts`: each of these also has something
    sent that is not for themselves alone. `home`: it is done in their Home tab."""

    act: Act
    seen: str
    posts: bool = False
    home: bool = False


SESSIONS, PEOPLE, FORM = r"\d session|No sessions", r"of \d+ practiced", "^form"
HOME = "Your practice"
DOORS = {
    "sessions @person": Door(says("sessions {} last 30d", "jane"), SESSIONS),
    "sessions @elsewhere": Door(says("sessions {} last 60d", "sakura.tanaka"), SESSIONS),
    "sessions": Door(says("sessions last 30d"), SESSIONS),
    "sessions group:West": Door(says('sessions group:"West Coast" last 60d'), SESSIONS),
    "session last @person": Door(says("session last {} gold", "jane"), "Score: "),
    "session by its id": Door(says(f"session {EXAMPLE_ID}"), "Score: "),
    "skills @person": Door(says("skills {} skill:closing", "jane"), r"\d skill"),
    "direct: sessions @person": Door(writes("sessions {} last 30d", "jane"), SESSIONS),
    "direct: sessions": Door(writes("sessions last 30d"), SESSIONS),
    "direct: sessions group:West": Door(writes('sessions group:"West Coast" last 60d'), SESSIONS),
    "direct: session by its id": Door(writes(f"session {EXAMPLE_ID}"), "Score: "),
    "direct: digest": Door(writes('digest "West Coast"'), "^A form asks"),
    "direct: status": Door(writes("status"), "requests"),
    "mention: sessions @person": Door(mentions("sessions {} last 30d", "jane"), SESSIONS),
    "mention: sessions": Door(mentions("sessions last 30d"), SESSIONS),
    "mention: sessions group:West": Door(
        mentions('sessions group:"West Coast" last 60d'), SESSIONS
    ),
    "mention: in plain words": Door(mentions("the last session of {}", "jane"), "Score: "),
    "mention: digest list": Door(mentions("digest list"), "^\\d+ digests?"),
    "own old answer: Next": Door(old("sessions.next", ":100"), "Rows 101"),
    "own old answer: Show": Door(old("answer.row", ":0"), "Score: "),
    "own old answer: Refresh": Door(old("sessions.refresh"), SESSIONS),
    "own old answer: Refresh all": Door(old("sessions.refresh_all"), SESSIONS),
    "own old answer: Read back": Door(old("sessions.read_back"), SESSIONS),
    "own old answer: Share": Door(old("sessions.share"), "people in"),
    "own old answer: Post it": Door(old("share.post"), "Posted in", posts=True),
    "own old answer: Export": Door(old("sessions.export"), "^Sent: ", posts=True),
    "own old answer: weekly": Door(old("digest.from_answer"), FORM),
    "other's answer: Next": Door(of_another("sessions.next", ":100"), "Rows 101"),
    "other's answer: Show": Door(of_another("answer.row", ":0"), "Score: "),
    "other's answer: Refresh": Door(of_another("sessions.refresh"), SESSIONS),
    "other's answer: Refresh all": Door(of_another("sessions.refresh_all"), SESSIONS),
    "other's answer: Read back": Door(of_another("sessions.read_back"), SESSIONS),
    "other's answer: Share": Door(of_another("sessions.share"), "people in"),
    "other's answer: Post it": Door(of_another("share.post"), "Posted in", posts=True),
    "other's answer: Export": Door(of_another("sessions.export"), "^Sent: ", posts=True),
    "other's answer: weekly": Door(of_another("digest.from_answer"), FORM),
    "the admin's question": Door(on("query.run", "question"), SESSIONS),
    "digest, in one line": Door(
        says('digest "West Coast" every monday 9:00'), "^Saved|has this digest already"
    ),
    "digest, by a form": Door(says('digest "West Coast"'), FORM),
    "digest list": Door(says("digest list"), "^\\d+ digests?"),
    "list: Preview": Door(on_digest("digest.preview"), PEOPLE),
    "list: Send now": Door(on_digest("digest.send_now"), "will read it"),
    "list: Post now": Door(on_digest("digest.post_now"), "on its way", posts=True),
    "list: Edit": Door(on_digest("digest.edit"), FORM),
    "list: Pause": Door(on_digest("digest.pause"), "^Paused"),
    "list: Resume": Door(on_digest("digest.resume", paused=True), "^Resumed"),
    "list: Remove": Door(on_digest("digest.remove"), "Remove"),
    "list: Remove, surely": Door(on_digest("digest.remove_now"), "^Removed"),
    "the former's digest: Edit": Door(on_digest("digest.edit", owner="former"), FORM),
    "the former's digest: Pause": Door(on_digest("digest.pause", owner="former"), "^Paused"),
    "the admin's list: Next": Door(on("digest.list.next", "list"), "^\\d+ digests?"),
    "posted: See details": Door(on("digest.details", "posted"), PEOPLE),
    "posted: details, Next": Door(on("digest.details.next", "posted"), PEOPLE),
    "forged: See details": Door(on("digest.details", "posted", ELSEWHERE), PEOPLE),
    "posted: Manage": Door(on("digest.manage", "posted"), "^\\d+ digests?"),
    "edited since: See details": Door(on("digest.details", "edited"), PEOPLE),
    "edited since: Manage": Door(on("digest.manage", "edited"), "^\\d+ digests?"),
    "removed since: See details": Door(on("digest.details", "removed"), PEOPLE),
    "removed since: Manage": Door(on("digest.manage", "removed"), "^\\d+ digests?"),
    "coach add": Door(says('coach add {} "East Coast"', "raj.patel"), "now coaches", posts=True),
    "coach remove": Door(coach_remove, "no longer coach"),
    "coach list": Door(says("coach list"), "Bob Jones"),
    "coach digest": Door(says("coach digest every tuesday 8:30"), "every Tuesday"),
    "message: See everyone": Door(of_message("coach.everyone"), PEOPLE),
    "message: everyone, Next": Door(of_message("coach.everyone.next"), PEOPLE),
    "message: Preview": Door(of_message("coach.preview"), PEOPLE),
    "message: See sessions": Door(of_message("coach.sessions", "person"), "session"),
    "message: one person": Door(of_message("coach.choose", "person"), "session"),
    "message: Prep": Door(of_message("coach.prep", "person"), "One-to-one|1:1"),
    "message: Nudge": Door(of_message("coach.nudge", "person"), "will get this"),
    "message: Send the nudge": Door(of_message("nudge.send", "nudge"), "^Sent to", posts=True),
    "message: Edit the nudge": Door(of_message("nudge.edit", "nudge"), FORM),
    "message: Pause": Door(of_message("coach.pause"), "^Paused"),
    "message: Resume": Door(of_message("coach.resume"), "^(Resumed|It was not paused)"),
    "other's message: everyone": Door(of_other_message("coach.everyone"), PEOPLE),
    "other's message: sessions": Door(of_other_message("coach.sessions", "person"), "session"),
    "other's message: Nudge": Door(of_other_message("coach.nudge", "person"), "will get this"),
    "other's message: Send": Door(of_other_message("nudge.send", "nudge"), "Sent", posts=True),
    "other's message: Pause": Door(of_other_message("coach.pause"), "^Paused"),
    "other's message: Stop": Door(of_other_message("coach.stop_now"), "^Stopped"),
    "me": Door(says("me"), "^Your practice"),
    "me: every Monday": Door(on("me.monday_on", "posted"), "You get your own week"),
    "me unnamed": Door(says("me unnamed"), "^Done"),
    "me: Show my name": Door(on("me.named", "posted"), "^Done"),
    "audit me": Door(says("audit me"), "looked at your practice"),
    "audit @person": Door(says("audit {}", "jane"), "looked at the practice of"),
    "status": Door(says("status"), "requests"),
    "status: Refresh": Door(on("status.refresh", "posted"), "requests"),
    "Home": Door(opens_home, HOME, home=True),
    "Home: Refresh": Door(in_home("home.look", "home"), HOME, home=True),
    "Home: sessions @person": Door(
        in_home("home.ask", "sessions jane@acme.com last 30d"), SESSIONS, home=True
    ),
    "Home: Feedback": Door(
        in_home("home.ask", f'session session:"{EXAMPLE_ID}"'), "Score: ", home=True
    ),
    "Home: Show status": Door(in_home("home.ask", "status"), "requests", home=True),
    "Home: Manage": Door(in_home("home.manage", "any"), "^\\d+ digests?", home=True),
    "Home: coach digest": Door(
        in_home("home.set", "coach digest every tuesday 8:30"), "every Tuesday", home=True
    ),
    "Home: See sessions": Door(
        in_home("coach.sessions", what="person of coach"), "session", home=True
    ),
    "Home: Nudge": Door(in_home("coach.nudge", what="person of coach"), "will get this", home=True),
    "Home: Pause": Door(in_home("coach.pause", what="message of coach"), "Paused", home=True),
    "link": Door(says("link {} mei.chen@acme.com", "sam"), "^Done"),
    "unlink": Door(unlink, "^Done"),
}
TABLE = """
                              self    rep     coach   other   former  admin
sessions @person            | own     mine    sees    people  mine    sees
sessions @elsewhere         | mine    mine    people  people  mine    sees
sessions                    | own     own     sees    sees    own     sees
sessions group:West         | own     own     sees    none    none    sees
session last @person        | own     mine    sees    people  mine    sees
session by its id           | own     lost    sees    lost    lost    sees
skills @person              | own     mine    sees    people  mine    sees
direct: sessions @person    | own     mine    sees    people  mine    sees
direct: sessions            | own     own     sees    sees    own     sees
direct: sessions group:West | own     own     sees    none    none    sees
direct: session by its id   | own     lost    sees    lost    lost    sees
direct: digest              | coaches coaches sees    none    coaches sees
direct: status              | admins  admins  admins  admins  admins  sees
mention: sessions @person   | own     mine    sees    people  mine    sees
mention: sessions           | own     own     sees    sees    own     sees
mention: sessions group:West | own     own     sees    none    none    sees
mention: in plain words     | own     mine    sees    people  mine    sees
mention: digest list        | here    here    here    hidden  hidden  sees
own old answer: Next        | mine    mine    sees    people  mine    sees
own old answer: Show        | mine    mine    sees    people  mine    sees
own old answer: Refresh     | own     own     sees    none    none    sees
own old answer: Refresh all | own     own     sees    none    none    sees
own old answer: Read back   | own     own     sees    none    none    sees
own old answer: Share       | mine    mine    sees    people  mine    sees
own old answer: Post it     | mine    mine    sees    people  mine    sees
own old answer: Export      | files   files   sees    people  files   sees
own old answer: weekly      | coaches coaches sees    none    coaches sees
other's answer: Next        | old     old     old     old     old     old
other's answer: Show        | old     old     old     old     old     old
other's answer: Refresh     | old     old     old     old     old     old
other's answer: Refresh all | old     old     old     old     old     old
other's answer: Read back   | old     old     old     old     old     old
other's answer: Share       | old     old     old     old     old     old
other's answer: Post it     | old     old     old     old     old     old
other's answer: Export      | old     old     old     old     old     old
other's answer: weekly      | old     old     old     old     old     old
the admin's question        | old     old     old     old     old     sees
digest, in one line         | coaches coaches sees    none    coaches sees
digest, by a form           | coaches coaches sees    none    coaches sees
digest list                 | here    here    here    hidden  hidden  sees
list: Preview               | change  change  sees    change  change  sees
list: Send now              | change  change  sees    change  change  sees
list: Post now              | change  change  sees    change  change  sees
list: Edit                  | change  change  sees    change  change  sees
list: Pause                 | change  change  sees    change  change  sees
list: Resume                | change  change  sees    change  change  sees
list: Remove                | change  change  sees    change  change  sees
list: Remove, surely        | change  change  sees    change  change  sees
the former's digest: Edit   | change  change  sees    change  change  sees
the former's digest: Pause  | change  change  sees    change  sees    sees
the admin's list: Next      | old     old     old     old     old     sees
posted: See details         | share   share   sees    share   share   sees
posted: details, Next       | share   share   sees    share   share   sees
forged: See details         | coaches coaches sees    coaches coaches sees
posted: Manage              | here    here    here    hidden  hidden  sees
edited since: See details   | share   share   sees    share   share   sees
edited since: Manage        | here    here    here    there   hidden  sees
removed since: See details  | share   share   sees    share   share   sees
removed since: Manage       | here    here    here    hidden  hidden  sees
coach add                   | admins  admins  admins  admins  admins  sees
coach remove                | admins  admins  admins  admins  admins  sees
coach list                  | admins  admins  admins  admins  admins  sees
coach digest                | nobody  nobody  sees    sees    nobody  nobody
message: See everyone       | other   other   sees    other   nobody  other
message: everyone, Next     | other   other   sees    other   nobody  other
message: Preview            | other   other   sees    other   nobody  other
message: See sessions       | old     old     sees    old     theirs  old
message: one person         | old     old     sees    old     theirs  old
message: Prep               | old     old     sees    old     theirs  old
message: Nudge              | old     old     sees    old     theirs  old
message: Send the nudge     | old     old     sees    old     theirs  old
message: Edit the nudge     | old     old     sees    old     theirs  old
message: Pause              | other   other   sees    other   sees    other
message: Resume             | other   other   sees    other   nobody  other
other's message: everyone   | other   other   other   other   other   other
other's message: sessions   | old     old     old     old     old     old
other's message: Nudge      | old     old     old     old     old     old
other's message: Send       | old     old     old     old     old     old
other's message: Pause      | other   other   other   other   other   other
other's message: Stop       | other   other   other   other   other   other
me                          | sees    sees    sees    sees    sees    sees
me: every Monday            | sees    sees    sees    sees    sees    sees
me unnamed                  | sees    sees    sees    sees    sees    sees
me: Show my name            | sees    sees    sees    sees    sees    sees
audit me                    | sees    sees    sees    sees    sees    sees
audit @person               | admins  admins  admins  admins  admins  sees
status                      | admins  admins  admins  admins  admins  sees
status: Refresh             | admins  admins  admins  admins  admins  sees
Home                        | own     own     sees    own     own     own
Home: Refresh               | own     own     sees    own     own     own
Home: sessions @person      | own     mine    sees    people  mine    sees
Home: Feedback              | own     lost    sees    lost    lost    sees
Home: Show status           | admins  admins  admins  admins  admins  sees
Home: Manage                | admins  admins  admins  admins  admins  sees
Home: coach digest          | nobody  nobody  sees    sees    nobody  nobody
Home: See sessions          | old     old     sees    old     old     old
Home: Nudge                 | old     old     sees    old     old     old
Home: Pause                 | other   other   sees    other   other   other
link                        | admins  admins  admins  admins  admins  sees
unlink                      | admins  admins  admins  admins  admins  sees
"""


OUTSIDERS = ("guest", "stranger", "unknown")


def rows() -> dict[str, dict[str, str]]:
    """By door, what each person gets. One judge turns outsiders away, and `test_who_is_let_in` is
    about all that it says; here they stand at the doors in turn, and so do those to whom a door is
    the same for all."""
    header, *lines = TABLE.strip("\n").splitlines()
    people = header.split()
    assert [*people, *OUTSIDERS] == list(WHO)
    found = {}
    for number, line in enumerate(lines):
        name, words = line.split("|")
        gets = dict(zip(people, words.split(), strict=True))
        if len({*gets.values()}) == 1:
            gets = {who: gets[who] for who in (people[number % 6], people[(number + 3) % 6])}
        outsider = OUTSIDERS[number % len(OUTSIDERS)]
        found[name.strip()] = gets | {outsider: outsider}
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(acquainted_urls: MakeUrl) -> AsyncIterator[Room]:
    clock = FakeClock(NOW)
    async with a_workspace(clock, DATABASE_URL=acquainted_urls()) as workspace:
        yield await furnish(workspace)
        assert workspace.slack.problems == []


def said_by(heard: Message | View, door: Door) -> str:
    if isinstance(heard, Message):
        return f"{heard.text}\n{heard.blocks}"
    if heard.view["type"] != "home":
        return f"form {heard.view}"
    # What came of a press stands above the tab itself.
    above = itertools.takewhile(lambda block: block["type"] != "divider", heard.blocks)
    return str(heard.blocks if door.seen == HOME else list(above))


def named(room: Room, who: str, said: str) -> set[str]:
    """Whose practice something may be about: all named of West Coast but the hearer, whom they
    coach in another group, and whom a refusal says is not theirs to see."""
    said = re.sub(r"I can't show you [^.]+\.", "", said)
    own = room.workspace.slack.team.users[room.user(who)].real_name
    roster = room.workspace.world.roster
    coached = {p.name for p in roster("East Coast")} if who == "other" else set()
    return {p.name for p in roster("West Coast") if p.name in said} - coached - {own}


def in_a_word(room: Room, door: Door, who: str, said: str) -> str:
    for word, sentence in WORDS.items():
        if sentence in said:
            return word
    if not re.search(door.seen, said):
        return said
    asked = set(re.findall(r"user_emails=(\S+@acme\.com)", said))
    name = room.workspace.slack.team.users[room.user(who)].real_name
    narrowed = re.search(rf"(You see|This is) your own practice|(No|\d+) sessions?: {name},", said)
    if door.seen == HOME:
        return "sees" if named(room, who, said) else "own"
    return "own" if narrowed or asked == {f"{WHO[who]}@acme.com"} else "sees"


async def gets(room: Room, door: Door, who: str) -> str:
    """In a word what somebody gets at this door; what they are shown where that has none."""
    delivery = door.act(room, who)
    if not isinstance(delivery, Delivery):
        delivery = await delivery
    ack = await room.workspace.act(delivery)
    heard = await (room.heard_in_home(who, ack) if door.home else room.heard(who, ack))
    said = said_by(heard, door)
    word = in_a_word(room, door, who, said)
    assert word != "hidden" or "West Coast" not in said
    if word != "sees":
        assert named(room, who, said) == set(), (who, word)
    return word


def public(room: Room) -> int:
    """How many messages of the bot are not for one person's eyes in a channel."""
    bot = room.workspace.slack.team.bot_user_id
    return sum(
        m.user == bot and m.visible_to is None and m.ts not in room.private
        for m in room.workspace.slack.messages
    )


def test_every_door_has_its_row() -> None:
    assert list(rows()) == list(DOORS)


@pytest.mark.asyncio(loop_scope="module")  # all rows share one workspace
@pytest.mark.parametrize("name", DOORS)
async def test_who_gets_what(room: Room, name: str) -> None:
    door, expected = DOORS[name], rows()[name]
    room.workspace.clock.tick(61)  # Exec counts requests by the minute
    room.touched.clear()
    before = public(room)
    words = await asyncio.gather(*(gets(room, door, who) for who in expected))
    found = dict(zip(expected, words, strict=True))
    assert found == expected
    await room.workspace.bot.work.drain()
    await room.deliver_all()
    assert public(room) - before == (list(words).count("sees") if door.posts else 0)
    subscriptions = room.workspace.bot.core.subscriptions
    for who, one in room.touched.items():
        if found[who] != "sees":
            assert await subscriptions.find(one.id) == one
        await subscriptions.remove(one.id)  # so that lists stay short
