"""Words and names of every kind: a clear answer or a clear refusal, and nobody is called."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.demo.slack_workspace import SlackUser
from tests.conftest import FakeClock, MakeUrl
from tests.conversations.conftest import well_behaved
from tests.workspace import NOW, MakeOffice, Workspace, labels, table

pytestmark = pytest.mark.acquainted

WORDS = [
    pytest.param("sessions " + "x" * 10_000, "too long", id="10,000 characters"),
    pytest.param("x" * 2_000, "xxx", id="2,000 characters"),
    pytest.param('sessions "' + "x" * 1_500 + '"', "I can't find xxx", id="a very long name"),
    pytest.param("sessions ברצלונה", "ברצלונה", id="right to left"),
    pytest.param("sess\u200bions \u202eg\u200bold\u202c", "88 golds", id="nothing to see"),
    pytest.param("🎉", "understand", id="emoji"),
    pytest.param("sessions *gold* `silver` _bold_", "bold", id="mrkdwn"),
    pytest.param("sessions @channel", "@channel", id="@channel"),
    pytest.param("sessions group:@channel", "@channel", id="group of all"),
    pytest.param("sessions #sales-practice", "#sales-practice", id="a channel"),
    pytest.param("help <!here>", "There is no help topic @here.", id="help on @here"),
    pytest.param("link @channel jane@acme.com", "Write it like this", id="link everybody"),
    pytest.param("sessions https://example.com/?a=1&b=2", "example.com", id="an address"),
    pytest.param("sessions \x00\x07gold", "88 golds", id="control characters"),
    pytest.param("sessions {{ 7*7 }} {% raw %}", "7*7", id="template code"),
    pytest.param("sessions '; drop table member; --", "I", id="SQL"),
    pytest.param("sessions \\u003c!channel> \"'", "I", id="escapes"),
]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("said", "heard"), WORDS)
async def test_words(shared_workspace: Workspace, said: str, heard: str) -> None:
    told = await shared_workspace.ask("ana", said)
    assert heard in told.text
    assert "Something went wrong" not in told.text
    for label in labels(told)[:1]:  # what is offered can be pressed
        assert "Something went wrong" not in (await shared_workspace.press("ana", told, label)).text


HOSTILE = {
    "mentions": "<!channel> <@U1001>",
    "mrkdwn": "*bold* _it_ ~no~ `code` ```",
    "entities and links": "&lt;!here&gt; & <https://x.example|click>",
    "right to left": "مرحبا \u202e olleh",
    "nothing to see": "\u200b\u200d\ufeff",
    "3,000 letters": "x" * 3_000,
    "families": "👩‍👩‍👧‍👦" * 200,
    "JSON": '"}],"blocks":[{"type":"x',
    "plain broadcasts": "@channel @here :tada: > quote",
    "template code": "{{ 7*7 }}",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def strange_company(sqlite_urls: MakeUrl) -> AsyncIterator[Workspace]:
    """Each of these names is a scenario's and somebody's, who practiced it three times."""
    async with well_behaved(FakeClock(NOW), DATABASE_URL=sqlite_urls()) as workspace:
        world, team = workspace.world, workspace.slack.team
        here = team.channel_called("sales-practice").members
        scenarios = list(world.scenarios.values())
        for number, (scenario, name) in enumerate(zip(scenarios, HOSTILE.values(), strict=False)):
            world.scenarios[scenario.id] = replace(scenario, name=name)
            email = f"strange{number}@acme.com"
            person = world.add_member(name, "", email)
            here.append(team.add_user(SlackUser(f"U600{number}", email[:8], name, email)).id)
            for minutes in range(1, 4):
                at = NOW - timedelta(minutes=minutes)
                world.add_session(person, scenario.id, at, score=80.0 + minutes)
        yield workspace
        # It is checked that every block was valid and that nobody was called.


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("kind", HOSTILE)
async def test_names_that_exec_holds(strange_company: Workspace, kind: str) -> None:
    workspace, number = strange_company, list(HOSTILE).index(kind)
    workspace.clock.tick(61)  # Exec counts requests by the minute
    scenario, who = list(workspace.world.scenarios)[number], f"strange{number}"
    answer = await workspace.ask(who, "sessions")
    assert len(table(answer)) == 4
    listed = await workspace.ask("ana", f"sessions scenario:{scenario} @{who}")
    assert len(table(listed)) == 4
    nothing = await workspace.ask("ana", f"sessions scenario:{scenario} @{who} bronze")
    assert nothing.text.startswith("No sessions")
    confirmed = await workspace.press(who, answer, "Share in channel")
    assert labels(confirmed) == ["Post it", "Cancel"]


TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            (
                *("sessions", "help", "link", "me", "@jane", "gold", "last 7d", "top 3"),
                *("group:", "scenario:", '"', "<!channel>", "score>", "or", "not", "&", "since"),
                *("\u202e", "🎉", "page 2", "..", "2026-03-01", "<@U1001>", "+system", "*"),
            )
        ),
        max_size=7,
    ).map(" ".join),
)


async def test_any_words_get_an_answer(open_workspace: MakeOffice) -> None:
    """Free text through the whole bot: something comes back, and it is never a failure."""
    async with open_workspace() as workspace:
        said: list[str] = []

        @given(TEXT)
        @settings(
            max_examples=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        def collect(text: str) -> None:
            said.append(text)

        collect()
        for text in said:
            workspace.clock.tick(30)
            told = await workspace.ask("ana", text)
            assert told.text.strip(), text
            assert "Something went wrong" not in told.text, text
            assert "Slack didn't" not in told.text, text
