"""Questions that the reader refuses: what a model receives, and when its answer is used."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.ask.translate import EXAMPLES, LIMIT_SECONDS, STRANGER, Translator, judge, mask, prompt
from bot.demo.slack_workspace import SlackMessage
from bot.language.name_index import NameIndex
from bot.language.query import Kind, Member, ResolvedName
from bot.language.reader import Reader
from bot.language.tags import tag_tokens
from bot.language.times import Clock
from bot.language.tokens import tokenize
from bot.people.names import INTENTS
from tests.llm import Model, serving
from tests.office import NOW, Office, open_office
from tests.shown import labels

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKED = "who smashed it in west coast last week"
SENT = "who smashed it in G1 last week"
GOOD = "team G1 last week"
# Questions with lines of a model that add to them, drop a part, or are no question.
UNTRUSTED = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "untrusted.tsv").read_text(encoding="utf-8").splitlines()
][1:]


@dataclass
class Place:
    """An office whose bot asks a model."""

    office: Office
    model: Model

    @property
    def translator(self) -> Translator:
        assert self.office.bot.ask.translator is not None
        return self.office.bot.ask.translator

    async def tell(self, text: str, line: str = "?", who: str = "ana") -> SlackMessage:
        """Write to the bot; its model answers with this line."""
        self.office.clock.tick(61)  # Exec counts requests by the minute
        self.model.line = line
        return await self.office.tell(who, text)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    async with serving() as model:
        settings = {
            "EXECBOT_LLM_URL": f"{model.url}/",
            "EXECBOT_LLM_MODEL": "small",
            "EXECBOT_LLM_KEY": "key-1",
        }
        async with open_office(tmp_path_factory.mktemp("office"), settings) as office:
            place = Place(office, model)
            await place.tell(ASKED, GOOD)
            assert model.sent == []  # names that aren't read yet can't be masked
            await office.bot.exec.lists.sync()
            yield place
        assert place.translator.http.is_closed


@pytest.fixture
def place(opened: Place) -> Place:
    """A place as if its bot had just started."""
    opened.office.clock.tick(3600)  # the last question is forgotten
    vars(opened.model).update(vars(Model(opened.model.url)))
    opened.translator._lines.clear()
    opened.translator._failures, opened.translator.limit = 0, LIMIT_SECONDS
    return opened


async def test_a_refused_question_is_answered_as_the_command_that_comes_back(place: Place) -> None:
    answer = await place.tell(ASKED, GOOD)

    assert "I read this as: team group West Coast last week" in answer.text
    typed = await place.tell('team group:"West Coast" last week')
    assert answer.text.partition("\n")[0] == typed.text.partition("\n")[0]
    assert (place.model.questions, place.model.keys) == ([SENT], ["Bearer key-1"])
    looks = await place.office.ask("ana", 'audit "West Coast"')
    assert "team" in looks.text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        *UNTRUSTED,
        (ASKED, ""),
        (ASKED, "team G1\nlast week"),
        (ASKED, f"{GOOD} {'please ' * 21}"),
    ],
)
async def test_a_line_that_cannot_be_trusted_is_refused_as_without_a_model(
    place: Place, text: str, line: str
) -> None:
    refused = await place.tell(text)
    place.translator._lines.clear()

    answer = await place.tell(text, line)

    assert answer.text == refused.text
    assert answer.text.startswith("I don't understand")
    assert len(place.model.sent) == 2


@pytest.mark.parametrize(
    "broken",
    [
        {"status": 500},
        {"status": 302},
        {"body": "no JSON"},
        {"body": json.dumps({"choices": []})},
        {"body": json.dumps({"choices": [{"message": {"content": None}}]})},
        {"body": json.dumps([])},
        {"body": "[" * 100_000},
        {"seconds": 0.2},
    ],
)
async def test_a_broken_or_slow_model_changes_nothing(
    place: Place, broken: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    refused = await place.tell(ASKED)
    place.translator._lines.clear()
    place.translator.limit = 0.05
    vars(place.model).update(broken)

    with caplog.at_level(logging.DEBUG, logger="bot"):
        assert (await place.tell(ASKED, GOOD)).text == refused.text

    assert "translator: " in caplog.text
    assert "smashed" not in caplog.text


async def test_after_three_failures_it_rests_for_a_minute(place: Place) -> None:
    for status in (500, 500, 200, 500, 500, 500):
        place.model.status = status
        await place.office.tell("ana", ASKED if status == 500 else "what smashes")
    place.model.status, place.model.line = 200, GOOD
    assert "I read this as" not in (await place.office.tell("ana", ASKED)).text
    assert len(place.model.sent) == 6

    assert "I read this as" in (await place.tell(ASKED, GOOD)).text  # a minute later


async def test_the_same_question_about_others_is_asked_once(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for line, group in ((GOOD, "West Coast"), ("?", "East Coast")):
        answer = await place.tell(f"who smashed it in {group} last week", line)
        assert f"I read this as: team group {group} last week" in answer.text
    for _ in range(2):
        await place.tell("what smashes")

    assert place.model.questions == [SENT, "what smashes"]
    monkeypatch.setattr("bot.ask.translate.MOST_CACHED", 2)
    for text in (ASKED, "when smashes", ASKED):
        await place.tell(text)
    assert place.model.questions[2:] == ["when smashes", SENT]


NAMING = {
    "did jane smash cold call opener": "did P1 smash S1",
    "did jane's scores smash bob's, @priya and jane's": "did P1's scores smash P2's, P3 and P1's",
    'smash "Nobody Here", nobody@acme.com, @nobody and skill:no': "smash P1, P2, P3 and T1",
    "everyone smashes it -@jane": "everyone smashes it -P1",
    "hi, who smashed it, thanks": "who smashed it, thanks",
    "has <@jane> smashed skill:discovery": "has P1 smashed T1",
}


async def test_no_name_is_sent(place: Place) -> None:
    jane = place.office.user("jane")
    for text in NAMING:
        await place.tell(text.replace("<@jane>", f"<@{jane}>"))
    assert place.model.questions == [*NAMING.values()]
    await place.tell("did priya smash bob/jane or Jane Smith with cold call", who="bob")
    await place.tell("did zorblax smash me", who="bob")
    assert place.model.questions[-1] == "did zorblax smash me"

    sent, world = "\n".join(place.model.sent).casefold(), place.office.world
    people = [
        word
        for member in world.members.values()
        for word in (*member.name.split(), member.email)
        if not member.is_system
    ]
    things = [group.name for group in world.groups.values()]
    things += [scenario.name for scenario in world.scenarios.values()]
    words = {*re.findall(r"[\w@.+'-]+", sent)}
    assert words & {word.casefold() for word in people} == set()
    assert not [name for name in (*things, jane) if name.casefold() in sent]


@pytest.mark.parametrize(
    "text",
    [
        "how is jane's team smashing it",  # only the asker has people here
        "did jane/bob smash it",
        "did alex smash it",  # there are two
        "who smashed it in <#C123|west-coast>",
        "did P1 smash jane",
        "smash session:abcdef",
        "did he smash it",
        "and smash it",
        "who smashed it since 2026-02-30",
        "worst reps last week",  # every word is known, and the refusal says why
        "???",
        "smash " * 60,
        "smash " * 101,
        "sessions last week",
    ],
)
async def test_a_question_that_cannot_be_masked_is_not_sent(place: Place, text: str) -> None:
    answer = await place.tell(text, "sessions")

    assert "I read this as" not in answer.text
    assert place.model.sent == []


async def test_rights_are_the_same_with_a_model(place: Place) -> None:
    answers = [
        await place.tell(f"{text} smashed it", line, who="bob")
        for text, line in (
            ('"Jane Smith"', "sessions P1"),
            ('"Nobody Here"', "sessions P1"),
            ("jane", "sessions"),
            ("zorblax", "sessions"),
        )
    ]
    assert answers[0].text == answers[1].text
    assert answers[0].text.startswith("You can see only your own practice.")
    jane, nobody = (answer.text.partition("As of")[0] for answer in answers[2:])
    assert jane == nobody
    assert place.model.questions == [
        "P1 smashed it",
        f"{STRANGER} smashed it",
        "zorblax smashed it",
    ]


async def test_a_file_is_offered_too(place: Place) -> None:
    answer = await place.tell(f"{ASKED} as csv", f"{GOOD} csv")

    assert "I read this as: team group West Coast last week" in answer.text
    assert "Export CSV" in labels(answer)


async def test_it_is_off_by_default(tmp_path: Path, place: Place) -> None:
    async with open_office(tmp_path) as office:
        assert office.bot.ask.translator is None
        assert (await office.tell("ana", ASKED)).text.startswith("I don't understand")
    assert place.model.sent == []


async def test_each_example_of_the_prompt_would_be_trusted() -> None:
    people = [Member(f"m{n}", f"p{n}@acme.com", f"Person{n} X") for n in (1, 2)]
    things = [
        ResolvedName(Kind.GROUP, "g", "West Coast"),
        ResolvedName(Kind.SCENARIO, "s", "Cold Call"),
    ]
    names = NameIndex(things, people).seen_by(lambda _: True)
    reader = Reader(INTENTS, Clock(NOW.astimezone(UTC), ZoneInfo("UTC")), names=names)
    called = {"P1": '"Person1 X"', "P2": '"Person2 X"', "G1": '"West Coast"', "S1": '"Cold Call"'}
    for said, command in EXAMPLES:
        assert f"{said} => {command}" in prompt()
        text = re.sub("|".join(called), lambda match: called[match[0]], said)
        if command != "?":
            masked = mask(tag_tokens(tokenize(text), names), names)
            assert masked is not None
            assert masked.text == said
            assert judge(command, masked, reader) is not None, said
    assert "jane" not in prompt().casefold()
