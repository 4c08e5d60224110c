"""Conversations of several turns, through a direct message, a thread and the slash command: what is
said ─► what it is understood as.

`follow_ups.txt` has a conversation a paragraph: who speaks and by which way, then one turn a line
and what it is understood as. That is a command in words of the language, or "shows:", "refuses:"
and some of what is said, "asks:" and what is offered to choose from, "offers:" and what is offered
first for what is not understood, or "nothing" for that. Several right answers are separated by
bars.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.answer import Answerer, Request
from bot.language.filters import query_words
from bot.mirror.forget import tidy
from bot.reports._report import AnyReport
from bot.sandbox.demo import settle_in
from bot.sandbox.slack_workspace import Message
from bot.storage.last_questions import LastQuestion
from bot.storage.tables import last_question
from tests.conftest import FakeClock
from tests.conversations.test_questions import WEDNESDAY, WHO, Heard, Understanding, a_company
from tests.workspace import (
    Workspace,
    a_workspace,
    column,
    in_rows,
    labels,
    table,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHANNEL = "west-coast"
HALF_AN_HOUR = 30 * 60


@dataclass
class Listening:
    """Answers as ever, and notes what is asked."""

    answerer: Answerer
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._answer = self.answerer.answer
        self.answerer.answer = self.answer  # type: ignore[method-assign]

    async def answer(self, request: Request, report: AnyReport, text: str) -> Any:
        self.heard.append(Heard(await self.answerer.question(request.asker, text, report)))
        return await self._answer(request, report, text)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place() -> AsyncIterator[Workspace]:
    async with a_workspace(FakeClock(WEDNESDAY), world=a_company()) as workspace:
        await settle_in(workspace.bot.core, workspace.world)
        await workspace.ask("ana", 'coach add @jane "West Coast"')
        await workspace.ask("ana", 'coach add @bob "East Coast"')
        await workspace.ask("ana", 'team group:"New Hires"')
        workspace.slack.team.channel_called(CHANNEL).members.append(workspace.user(WHO["rep"]))
        yield workspace
        assert workspace.slack.problems == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def listening(place: Workspace) -> Listening:
    assert place.bot is not None
    return Listening(place.bot.core.answerer)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def understanding(place: Workspace) -> Understanding:
    return Understanding(place, heeds=False)


def command_of(heard: Heard) -> str:
    assert heard.question is not None
    return f"{heard.question.report.name} {query_words(heard.question.query)}"


@dataclass(frozen=True)
class Conversation:
    role: str
    door: str
    turns: list[tuple[str, str]]

    @classmethod
    def of(cls, paragraph: str) -> Conversation:
        head, *lines = paragraph.splitlines()
        role, door = head.split(", ")
        turns = [(said, heard) for said, _, heard in (line.partition(" | ") for line in lines)]
        return cls(role, door, turns)


CONVERSATIONS = [
    Conversation.of(paragraph)
    for paragraph in Path(__file__).with_name("follow_ups.txt").read_text("utf-8").split("\n\n")
]


class Talk:
    """Somebody's conversation with the bot, in one place."""

    def __init__(self, place: Workspace, conversation: Conversation) -> None:
        self._place, self.who, self._door = place, WHO[conversation.role], conversation.door
        self._thread: str | None = None

    async def say(self, text: str) -> Message:
        match self._door:
            case "message":
                return await self._place.tell(self.who, text)
            case "exec":
                return await self._place.ask(self.who, text, CHANNEL)
        if self._thread is None:
            user, channel = self._place.user(self.who), self._place.channel(CHANNEL)
            self._thread = (await self._place.slack.said(user, channel, "a thread")).ts
        return await self._place.tell(self.who, f"@exec {text}", CHANNEL, thread_ts=self._thread)


async def is_heard(
    understanding: Understanding, role: str, message: Message, heard: list[Heard], expected: str
) -> bool:
    """Whether an answer is the expected one."""
    kind, _, rest = expected.partition(": ")
    offered = labels(message)
    match kind:
        case "shows":
            return rest in message.text
        case "refuses":
            return rest in message.text and not heard
        case "asks":
            return all(any(each in label for label in offered) for each in rest.split(", "))
        case "offers":
            return "I didn't understand" in message.text and offered[0] == rest
        case "nothing":
            return "I didn't understand" in message.text and not heard
    meant = await understanding.means(role, expected)
    return bool(heard) and heard[-1].asked == meant.asked


@pytest.mark.parametrize("talked", CONVERSATIONS, ids=lambda one: one.turns[0][0])
async def test_what_is_said_goes_on_with_what_was_said(
    place: Workspace, listening: Listening, understanding: Understanding, talked: Conversation
) -> None:
    assert place.clock is not None
    place.clock.tick(HALF_AN_HOUR)
    talk = Talk(place, talked)
    wrong = []
    for said, expected in talked.turns:
        listening.heard.clear()
        message = await talk.say(said)
        rights = [
            await is_heard(understanding, talked.role, message, listening.heard, one)
            for one in expected.split(" | ")
        ]
        if not any(rights):
            told = [command_of(each) for each in listening.heard]
            wrong.append(
                f"{said} ─► {told or message.text[:200]} {labels(message)}, not {expected}"
            )
    assert wrong == []


async def test_two_people_in_one_thread_do_not_mix(place: Workspace) -> None:
    root = (await place.slack.said(place.user("ana"), place.channel(CHANNEL), "a thread of two")).ts
    for who, said, heard in (
        ("ana", "how is east coast doing last month", "East Coast, last month"),
        ("jane", "sessions of sam last week", "Sam Lee, last week"),
        ("ana", "and this month?", "East Coast, this month"),
        ("jane", "and this week?", "Sam Lee, this week"),
        ("ana", "same for west coast", "West Coast, this month"),
        ("priya", "and last week?", "There is no question of yours here"),
    ):
        answer = await place.tell(who, f"@exec {said}", CHANNEL, thread_ts=root)
        assert heard in answer.text, (who, said, answer.text)
        assert (answer.thread_ts, answer.visible_to) == (root, place.user(who))
    public = [each for each in place.slack.messages if each.channel == place.channel(CHANNEL)]
    bot = place.slack.team.bot_user_id
    assert [each for each in public if each.user == bot and each.visible_to is None] == []


async def test_a_thread_goes_on_with_the_conversation_around_it(place: Workspace) -> None:
    """And then for itself; another conversation knows nothing of it."""
    assert place.clock is not None
    place.clock.tick(HALF_AN_HOUR)
    root = await place.tell("ana", "how is west coast doing last month")
    inside = await place.tell("ana", "and last week?", thread_ts=root.ts)
    assert (inside.thread_ts, "West Coast, last week" in inside.text) == (root.ts, True)
    assert (
        "East Coast, last week" in (await place.tell("ana", "east coast", thread_ts=root.ts)).text
    )
    assert "West Coast, today" in (await place.tell("ana", "and today?")).text
    assert "East Coast, today" in (await place.tell("ana", "and today?", thread_ts=root.ts)).text
    assert "no question of yours here" in (await place.ask("ana", "and today?", CHANNEL)).text


async def test_a_follow_up_after_a_right_was_lost_is_refused(place: Workspace) -> None:
    await place.ask("ana", 'coach add @zoe.mueller+west "East Coast"')
    await place.tell("zoe.mueller+west", "how is east coast doing last month")
    answer = await place.tell("zoe.mueller+west", "and this month?")
    assert "East Coast, this month" in answer.text
    await place.confirm("ana", 'coach remove @zoe.mueller+west "East Coast"')
    for said in ("and last week?", "by average", "as a chart", "again", "who hasn't", "and chase?"):
        refused = await place.tell("zoe.mueller+west", said)
        assert re.match("You can see only|I can't find a group called", refused.text), said
    opened = await place.tell("zoe.mueller+west", "the first one")
    assert "I can't find a group called East Coast among those you can see" in opened.text


async def test_after_half_an_hour_there_is_nothing_to_go_on_with(place: Workspace) -> None:
    assert place.clock is not None
    await place.tell("ana", "how is west coast doing last month")
    place.clock.tick(HALF_AN_HOUR - 1)
    assert "West Coast, this month" in (await place.tell("ana", "and this month?")).text
    place.clock.tick(HALF_AN_HOUR)
    for said in ("and last month?", "same", "more", "export that", "the second one", "only gold?"):
        told = await place.tell("ana", said)
        if said == "only gold?":
            assert "Everyone, all time\ngold" in told.text
            continue
        assert told.text.startswith("There is no question of yours here in the last half hour")
        assert labels(told)[0] == "My team this week"
        assert len(labels(told)) == 3
    assert place.bot is not None
    database = place.bot.core.database
    place.clock.tick(HALF_AN_HOUR + 1)
    age = timedelta(days=400)
    await tidy(database, place.clock(), history=age, audit=age)
    assert await database.count(last_question) == 0


async def test_pages_and_rows_as_by_the_buttons(place: Workspace) -> None:
    first = await place.tell("ana", "sessions all time")
    count = int(first.text.split()[0])
    assert len(table(first)) == 1 + 25
    for said, row in (
        ("the one before", 2),
        ("the second one", 2),
        ("the one before", 3),
        ("the one after", 2),
        ("the next one", 3),
    ):
        opened = await place.tell("ana", said)
        assert f"When: {table(first)[row][0]}" in opened.text
    await place.tell("ana", "the first one")
    assert "That was the first one." in (await place.tell("ana", "the one after")).text
    assert table(await place.tell("ana", "back to the list")) == table(first)
    assert "These are the first rows" in (await place.tell("ana", "back")).text
    assert "can open a row of a list" in (await place.tell("ana", "number 900")).text
    await place.tell("ana", f"number {count}")
    assert "That was the last one." in (await place.tell("ana", "the one before")).text


@pytest.mark.parametrize("words", ["oldreport last month", "team oldfilter:3"])
async def test_what_is_not_understood_any_more_is_not_gone_on_with(
    place: Workspace, words: str
) -> None:
    assert place.bot is not None
    await place.tell("ana", "how is west coast doing last month")
    core, team, user = place.bot.core, place.slack.team.id, place.user("ana")
    await core.last_questions.keep(team, user, place.dm("ana"), LastQuestion(words))
    asked = await place.tell("ana", "who hasn't practiced this week")
    assert "this week" in asked.text


async def test_he_is_whose_session_was_opened(place: Workspace) -> None:
    listed = await place.tell("ana", "sessions all time")
    await place.tell("ana", "the second one")
    assert column(listed, "Who")[1] in (await place.tell("ana", "how is he doing")).text


async def test_who_is_last_is_asked_of_whom_the_last_question_was_about(place: Workspace) -> None:
    await place.tell("ana", "how is customer success doing in october")
    told = await place.tell("ana", "and worst")
    assert told.text.startswith("I rank nobody from the bottom.")
    figures = await place.press("ana", told, "Everybody's figures")
    assert "Customer Success, Thu 1 Oct – Sat 31 Oct" in figures.text


async def test_they_are_those_in_the_rows(place: Workspace) -> None:
    listed = await place.tell("jane", "who hasn't practiced this week")
    first, second, *others = column(listed, "Who")
    for said in ("what's due for them", "what are they weak at"):
        await place.tell("jane", "who hasn't practiced this week")
        told = await place.tell("jane", said)
        assert f"{first}, {second} and {len(others)} more" in told.text, said
    await place.tell("ana", "who hasn't practiced today")
    assert "up to 10 people" in (await place.tell("ana", "what are they weak at")).text


async def test_a_pressed_button_is_a_turn_as_well(place: Workspace) -> None:
    asked = await place.tell("ana", "alex's sessions last week")
    second = labels(asked)[1]
    answer = await place.press("ana", asked, second)
    assert f"{second}, last week" in answer.text
    assert f"{second}, this week" in (await place.tell("ana", "and this week?")).text
    gold = await place.tell("ana", "gold")
    assert f"{second}, this week\ngold" in gold.text


async def test_whose_session_it_was_is_gone_on_with(place: Workspace) -> None:
    """Also where it was opened in an answer that others followed."""
    listed = await place.tell("ana", "sessions all time")
    await place.tell("ana", "how is west coast doing")
    show = in_rows(listed)[0]
    ack = await place.act(place.press_of("ana", listed, show["action_id"], show["value"]))
    await place.heard("ana", listed.channel, after=ack)
    name = column(listed, "Who")[0]
    for said in ("and this month?", "how is she doing", "and their sessions last week"):
        assert name in (await place.tell("ana", said)).text, said


async def test_a_file_of_what_was_answered(place: Workspace) -> None:
    await place.tell("ana", "how is west coast doing this month")
    for said in ("export that", "can i get that as csv", "as a spreadsheet please"):
        told = await place.tell("ana", said)
        assert "West Coast, this month" in told.text
        assert "Export CSV below sends you this as a file." in told.text
    assert "rows of team" in (await place.press("ana", told, "Export CSV")).text
