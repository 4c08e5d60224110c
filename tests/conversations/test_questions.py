"""Questions as a sales manager, a rep, an enablement lead and a coach type them, and what each is
understood as: they go in where a command goes in, up to what would be asked of Exec.

`questions.tsv` has one case a line: who asks, what they type, and what it is understood as. That is
a command in words of the language, or "asks:" and what is offered to choose from, "refuses:" and
what the refusal names, "says:" and how a sentence begins, "view:" and the template of the answer,
or "nothing" for what is no question. Several right answers are separated by bars.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answer import Request
from bot.errors import Sentence, UserError
from bot.exec_api.budget import Job
from bot.language.follow_up import start_of
from bot.messages.render import Draft
from bot.question import Question
from bot.reports._report import AnyReport
from bot.reports.table import BY_WORD
from bot.sandbox.demo import settle_in
from bot.sandbox.world import World
from bot.storage.database import Database
from bot.storage.last_questions import LastQuestion
from tests.conftest import FakeClock
from tests.workspace import Workspace, a_workspace

pytestmark = pytest.mark.asyncio(loop_scope="module")

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # 10:00 where all of them are
# Who is called so in place of somebody of the usual company.
RENAMED = {
    "mei.chen": ("May", "Chen"),
    "carlos.vega": ("Will", "Young"),
    "noah.williams": ("Mark", "Stone"),
    "hoa.nguyen": ("Grace", "Kim"),
    "grace.achieng": ("April", "Jones"),
    "victor.hd": ("Chase", "Porter"),
}
QUESTIONS = [
    line.split("\t")
    for line in Path(__file__).with_name("questions.tsv").read_text("utf-8").splitlines()
]
WHO = {"coach": "jane", "rep": "zoe.mueller+west", "admin": "ana"}


def a_company() -> World:
    """The usual one, in which some are called as months and verbs are."""
    world = World.build(WEDNESDAY, days=7, sessions=60)
    for user, (first, last) in RENAMED.items():
        one = world.person(f"{user}@acme.com")
        known = replace(one, first_name=first, last_name=last)
        world.people[one.id] = world.members[one.id] = known
    return world


@dataclass(frozen=True)
class Heard:
    """What was made of a text: a question, another view, or the refusal of it."""

    question: Question | None = None
    understood: tuple[str, ...] = ()
    view: Any = None
    problem: UserError | None = None
    can_export: bool = False
    note: Sentence | None = None

    @property
    def asked(self) -> tuple[object, ...]:
        """What is asked, in ids, whatever words said so."""
        assert self.question is not None
        one = self.question.resolved
        return (
            self.question.report.name,
            replace(
                one,
                people=None
                if one.people is None
                else tuple(sorted(one.people, key=lambda x: x.id)),
                names=tuple(sorted(one.names, key=lambda x: x.id)),
                period=None,
                versus=None,
            ),
            *((each.start, each.end) if each else None for each in (one.period, one.versus)),
        )


def read_once(database: Database) -> None:
    """Remembers what was read until something is written: most questions look at the same."""
    known: dict[object, Sequence[sa.Row[Any]]] = {}
    rows, transaction = database.rows, database.transaction

    async def remembered(
        query: sa.Executable, values: Mapping[str, Any] | None = None
    ) -> Sequence[sa.Row[Any]]:
        said = query._generate_cache_key()  # type: ignore[attr-defined]
        key = said.key, repr([each.value for each in said.bindparams]), repr(values)
        if key not in known:
            known[key] = await rows(query, values)
        return known[key]

    def begun(*, reads: bool = False) -> AbstractAsyncContextManager[AsyncConnection]:
        known.clear()
        return transaction(reads=reads)

    database.rows, database.transaction = remembered, begun  # type: ignore[method-assign]


class Understanding:
    """Takes questions of people, and tells what was made of them without answering them."""

    def __init__(self, workspace: Workspace, *, heeds: bool = True) -> None:
        self._workspace, self._core = workspace, workspace.bot.core
        if heeds:
            self._core.answerer.answer = self._understood  # type: ignore[method-assign,assignment]
        read_once(self._core.database)

    async def _understood(self, request: Request, report: AnyReport, text: str) -> Any:
        return Heard(await self._core.answerer.question(request.asker, text, report))

    async def _request(self, role: str) -> Request:
        workspace = self._workspace
        asker = await self._core.people.asker(workspace.slack.team.id, workspace.user(WHO[role]))
        channel = workspace.channel()
        return Request(asker, channel, can_share=True)

    def wait_a_minute(self) -> None:
        """Lets the requests to Exec of a minute be forgotten: some questions need one."""
        self._workspace.clock.tick(61)

    async def hear(self, role: str, text: str) -> Heard:
        if self._core.features.route(text).form is not None:
            return Heard(view="a form")
        try:
            view = await self._core.answers.ask(await self._request(role), text)
        except UserError as problem:
            return Heard(problem=problem)
        return view if isinstance(view, Heard) else Heard(view=view)

    async def stands_alone(self, role: str, text: str, expected: str) -> bool:
        """Whether a text is asked as it is after another question."""
        core, request = self._core, replace(await self._request(role), place=IN_PLACE)
        if core.features.route(text).command is not None or "nothing" in expected:
            return True
        asker, before = request.asker, BEFORE.get(role, 'team group:"West Coast" last quarter')
        last = LastQuestion(before)
        await core.last_questions.keep(asker.team_id, asker.user_id, IN_PLACE, last)
        try:
            heard = await core.answers.follow_ups.heard(request, text)
        except UserError:
            return True
        if isinstance(heard, str):
            return heard == text
        assert isinstance(heard, Heard)
        alone = await self.hear(role, text)
        return alone.question is not None and heard.asked == alone.asked

    async def means(self, role: str, command: str) -> Heard:
        """What a command in words of the language asks."""
        name, _, rest = command.partition(" ")
        request = await self._request(role)
        return Heard(await self._core.answerer.question(request.asker, rest, BY_WORD[name]))


async def is_right(understanding: Understanding, role: str, said: str, expected: str) -> bool:
    """Whether it was understood so, or one press of what is offered leads there."""
    ways = expected.split(" | ")
    heard = await understanding.hear(role, said)
    if any([await is_it(understanding, role, heard, one) for one in ways]):
        return True
    for way in heard.problem.suggestions if heard.problem else ():
        led = await understanding.hear(role, way.words)
        if any([await is_it(understanding, role, led, one) for one in ways]):
            return True
    return False


async def is_it(understanding: Understanding, role: str, heard: Heard, expected: str) -> bool:
    kind, _, rest = expected.partition(": ")
    match kind:
        case "asks":
            offered = [way.label for way in heard.problem.suggestions] if heard.problem else []
            return all(any(each in label for label in offered) for each in rest.split(", "))
        case "refuses":
            said = heard.problem.sentence.plain() if heard.problem else ""
            return rest.casefold() in said.casefold() and "didn't understand" not in said
        case "nothing":
            return heard.problem is not None
        case "says":
            if not isinstance(heard.view, Draft) or heard.view.template != "notice":
                return False
            return heard.view.values["sentence"].plain().startswith(rest)
        case "view":
            return heard.view == rest or getattr(heard.view, "template", None) == rest
    if heard.question is None:
        return False
    try:
        meant = await understanding.means(role, expected)
    except UserError:
        return False
    return heard.asked == meant.asked


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def understanding() -> AsyncIterator[Understanding]:
    async with a_workspace(FakeClock(WEDNESDAY), world=a_company()) as workspace:
        core = workspace.bot.core
        await settle_in(core, workspace.world)
        await core.lists.use_assignments(tuple(workspace.world.members), timedelta(), Job.LISTS)
        await workspace.ask("ana", 'coach add @jane "West Coast"')
        await workspace.ask("ana", 'coach add @bob "East Coast"')
        yield Understanding(workspace)


# So many are asked in one test, which a busy machine takes no minute for.
AT_ONCE = 25
PARTS = {
    f"{role} {start}": rows[start : start + AT_ONCE]
    for role in WHO
    for rows in [[row for row in QUESTIONS if row[0] == role]]
    for start in range(0, len(rows), AT_ONCE)
}


@pytest.mark.parametrize("rows", PARTS.values(), ids=PARTS)
async def test_what_is_asked_is_what_is_understood(
    understanding: Understanding, rows: list[list[str]]
) -> None:
    understanding.wait_a_minute()
    wrong = [row for row in rows if not await is_right(understanding, *row)]
    assert wrong == []


# Asked before each of the questions: what they don't say themselves must not come from it unseen.
BEFORE = {"rep": "sessions me last quarter gold"}
IN_PLACE = "C1"
# So short that they go on with what was asked before.
SHORT = {"onboarding basics last month", "pricing cert this month", "best team this month"}


@pytest.mark.parametrize("role", WHO)
async def test_a_question_stands_alone_after_another(
    understanding: Understanding, role: str
) -> None:
    understanding.wait_a_minute()
    rows = [row for row in QUESTIONS if row[0] == role and not start_of(row[1]).leads]
    wrong = [row[1] for row in rows[::2] if not await understanding.stands_alone(*row)]
    assert set(wrong) <= SHORT
