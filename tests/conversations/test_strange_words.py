"""Words and names of every kind: a clear answer or a clear refusal, and nobody is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.office import NOW, MakeOffice, Office, labels, table

pytestmark = pytest.mark.acquainted

WORDS = [
    pytest.param("sessions " + "x" * 10_000, "too long", id="10,000 characters"),
    pytest.param("x" * 10_000, "too long", id="10,000 characters first"),
    pytest.param("x" * 2_000, "I didn't understand \"xxx", id="2,000 characters first"),
    pytest.param('sessions "' + "x" * 1_500 + '"', "I can't find xxx", id="a very long name"),
    pytest.param("sessions ברצלונה", "ברצלונה", id="right to left"),
    pytest.param("sessions \u202egold\u202c", "session", id="turned round"),
    pytest.param("sess\u200bions g\u200bold", "session", id="zero width"),
    pytest.param("sessions 🎉🎉", 'understand "sessions 🎉🎉"', id="emoji"),
    pytest.param("🎉", 'I didn\'t understand "🎉"', id="emoji first"),
    pytest.param("sessions *gold* _bold_", "I don't know", id="mrkdwn"),
    pytest.param("sessions `gold`", "I can't find gold in Exec.", id="backticks"),
    pytest.param("sessions @channel", "I can't look up @channel", id="@channel"),
    pytest.param("sessions @here gold", "I can't look up @here", id="@here"),
    pytest.param('sessions "@everyone"', "I can't look up @everyone", id="@everyone quoted"),
    pytest.param('sessions "<!channel>"', "I can't look up @channel", id="channel in quotes"),
    pytest.param("@channel", "I can't look up @channel", id="@channel first"),
    pytest.param("help <!here>", "No help topic ", id="help on @here"),
    pytest.param("sessions group:@channel", "Write the name of the group", id="group of all"),
    pytest.param("sessions #sales-practice", "I can't look up a channel.", id="a channel"),
    pytest.param("link @channel jane@acme.com", "Write it like this", id="link everybody"),
    pytest.param("sessions https://example.com/?a=1&b=2", "I didn't understand", id="an address"),
    pytest.param("sessions \x00\x07gold", "session", id="control characters"),
    pytest.param("sessions {{ 7*7 }} {% raw %}", "I didn't understand", id="template code"),
    pytest.param("sessions '; drop table member; --", "I", id="SQL"),
    pytest.param("sessions \\u003c!channel> \"'", "I", id="escapes"),
]


# What opens a form, and not a message.
FORMS = ("Narrow it", "Edit filters", "Open the query form")


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("said", "heard"), WORDS)
async def test_words(shared_office: Office, said: str, heard: str) -> None:
    told = await shared_office.ask("ana", said)
    assert heard in told.text
    assert "49" not in told.text or "{{" not in said
    assert "Something went wrong" not in told.text
    offered = [label for label in labels(told) if label not in FORMS]
    for label in offered[:1]:  # what is offered can be pressed
        assert "Something went wrong" not in (await shared_office.press("ana", told, label)).text


HOSTILE = [
    pytest.param("<!channel> <@U1001>", id="mentions"),
    pytest.param("*bold* _it_ ~no~ `code` ```", id="mrkdwn"),
    pytest.param("&lt;!here&gt; & <https://x.example|click>", id="entities and links"),
    pytest.param("مرحبا \u202e olleh", id="right to left"),
    pytest.param("\u200b\u200d\ufeff", id="nothing to see"),
    pytest.param("x" * 3_000, id="3,000 letters"),
    pytest.param("👩‍👩‍👧‍👦" * 200, id="families"),
    pytest.param('"}],"blocks":[{"type":"x', id="JSON"),
    pytest.param("@channel @here :tada: > quote", id="plain broadcasts"),
    pytest.param("{{ 7*7 }}", id="template code"),
]


@pytest.mark.new_here
@pytest.mark.parametrize("name", HOSTILE)
async def test_names_that_exec_holds(office: Office, name: str) -> None:
    world = office.world
    scenario = world.scenario("Renewal Save")
    world.scenarios[scenario.id] = replace(scenario, name=name)
    kofi = world.add_member(name, "", "kofi.mensah@acme.com")
    office.slack.team.user_called("kofi.mensah@acme.com").real_name = name
    for minutes in range(1, 4):
        at = NOW - timedelta(minutes=minutes)
        world.add_session(kofi, scenario.id, at, score=80.0 + minutes)
    answer = await office.ask("kofi.mensah", "sessions")
    assert len(table(answer)) == 4
    listed = await office.ask("ana", f"sessions scenario:{scenario.id} @kofi.mensah")
    assert len(table(listed)) == 4
    nothing = await office.ask("ana", f"sessions scenario:{scenario.id} @kofi.mensah bronze")
    assert nothing.text.startswith("No sessions")
    assert "Edit filters" in labels(nothing)
    view = await office.open_form("ana", nothing, "Edit filters")
    assert view.view["type"] == "modal"
    confirmed = await office.press("ana", listed, "Share in channel")
    assert labels(confirmed) == ["Post it", "Cancel"]
    # The office itself checks that every block was valid and that nobody was called.


TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            (
                *("sessions", "explain", "help", "link", "me", "@jane", "gold", "last 7d", "top 3"),
                *("group:", "scenario:", '"', "<!channel>", "score>", "or", "not", "&", "since"),
                *("\u202e", "🎉", "page 2", "..", "2026-03-01", "<@U1001>", "+system", "*"),
            )
        ),
        max_size=7,
    ).map(" ".join),
)


async def test_any_words_get_an_answer(open_office: MakeOffice) -> None:
    """Free text through the whole bot: something comes back, and it is never a failure."""
    async with open_office() as office:
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
            office.clock.tick(30)
            told = await office.ask("ana", text)
            assert told.text.strip(), text
            assert "Something went wrong" not in told.text, text
            assert "Slack didn't" not in told.text, text
