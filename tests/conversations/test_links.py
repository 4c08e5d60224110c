"""Links to scenarios: a card for everybody, and each reader's own attempts for them alone."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from bot.features.links import address
from bot.people.catalogue import in_one_line
from bot.sandbox.slack_workspace import Call, Json, Message, SlackUser
from bot.sandbox.world_things import Scenario
from tests.conversations.test_delivered_twice import second_bot
from tests.workspace import Workspace, whose

pytestmark = pytest.mark.acquainted

HERE = "sales-practice"


@pytest.fixture
def scenarios(workspace: Workspace) -> tuple[Scenario, ...]:
    return tuple(s for s in workspace.world.scenarios.values() if s.visibility == "workspace")


async def share(
    workspace: Workspace, who: str, text: str, channel: str = HERE
) -> tuple[Message, list[Json]]:
    """A message that somebody writes, as it stands with its cards, and these."""
    ts = (await workspace.slack.said(workspace.user(who), workspace.channel(channel), text)).ts
    await workspace.slack.all_told()
    await workspace.bot.work.drain()
    message = workspace.slack.message(ts)
    assert message is not None
    return message, list(message.extra.get("attachments", ()))


def unfurled(workspace: Workspace) -> list[Call]:
    return [call for call in workspace.slack.calls if call.method == "chat.unfurl"]


async def attempts(workspace: Workspace, who: str, message: Message) -> Message:
    """What somebody is shown who presses My attempts."""
    ack = await workspace.slack.click(workspace.user(who), message, "link.attempts")
    assert ack.ok
    return await workspace.heard(who, message.channel, after=ack)


async def test_a_link_to_a_scenario_gets_a_card_without_figures(
    workspace: Workspace, scenarios: tuple[Scenario, ...]
) -> None:
    scenario, workspace.exec.requests[:] = scenarios[0], []
    message, (card,) = await share(workspace, "jane", f"Try <{scenario.url}?from=mail#top>!")
    assert workspace.paths() == []
    section, actions = card["blocks"]
    assert section["text"]["text"] == (
        f"*{scenario.name}*  ·  {scenario.difficulty.replace('_', ' ').capitalize()}\n"
        f"{scenario.description}"
    )
    practice, own = actions["elements"]
    assert (practice["text"]["text"], practice["url"]) == ("Practice", scenario.url)
    assert own["text"]["text"] == "My attempts"
    assert not re.search(r"\d", section["text"]["text"])

    # Each reader sees their own alone, a coach and an admin too, and the message stays as it is.
    for who, name in (("jane", "Jane Smith"), ("bob", "Bob Jones"), ("ana", "Ana Costa")):
        shown = await attempts(workspace, who, message)
        assert shown.visible_to == workspace.user(who)
        assert scenario.name in shown.text
        assert whose(shown) <= {name}
    assert workspace.slack.message(message.ts) == message


async def test_who_may_see_nothing_is_told_so(
    workspace: Workspace, scenarios: tuple[Scenario, ...]
) -> None:
    message, _ = await share(workspace, "jane", f"<{scenarios[0].url}>")
    workspace.slack.team.channel_called(HERE).members.append(workspace.user("gina.guest"))
    shown = await attempts(workspace, "gina.guest", message)
    assert shown.visible_to == workspace.user("gina.guest")
    assert shown.text.startswith("Guests can't see practice results.")


async def test_what_is_no_scenario_gets_no_card(
    workspace: Workspace, scenarios: tuple[Scenario, ...]
) -> None:
    host = scenarios[0].url.partition("/scenarios/")[0]
    other = scenarios[0].url.replace("https://", "https://x")
    for text in (f"<{host}/scenarios/no-such-thing>", f"<{host}>", f"<{other}>", "no link"):
        assert (await share(workspace, "jane", text))[1] == []
    # Nor where the bot is not, or another company is.
    for channel in ("with-globex", "west-coast"):
        workspace.slack.team.channel_called("west-coast").has_bot = False
        assert (await share(workspace, "jane", f"<{scenarios[0].url}>", channel))[1] == []
    assert unfurled(workspace) == []
    many = " ".join(f"<{each.url}>" for each in scenarios[:8])
    _, cards = await share(workspace, "jane", many)
    assert [card["from_url"] for card in cards] == [each.url for each in scenarios[:5]]


@pytest.mark.parametrize(
    ("who", "channel", "joins", "visibility", "cards"),
    [
        pytest.param("jane", HERE, "", "workspace", 1, id="may"),
        pytest.param("jane", HERE, "", "private", 0, id="of few"),
        pytest.param("gina.guest", HERE, "", "workspace", 0, id="from a guest"),
        pytest.param("jane", HERE, "gina.guest", "workspace", 0, id="beside a guest"),
        pytest.param("jane", HERE, "gus.globex", "workspace", 0, id="beside another company"),
        pytest.param("jane", "with-our-agency", "", "workspace", 0, id="where a guest is"),
        pytest.param("nora", HERE, "", "workspace", 0, id="from somebody whom Exec does not know"),
    ],
)
async def test_who_gets_cards_and_where(
    workspace: Workspace, who: str, channel: str, joins: str, visibility: str, cards: int
) -> None:
    scenario = next(s for s in workspace.world.scenarios.values() if s.visibility == visibility)
    team = workspace.slack.team
    team.add_user(SlackUser("U9003", "nora", "Nora New", "nora@acme.com"))
    for each in filter(None, (who, joins)):
        members = team.channel_called(channel).members
        members.append(workspace.user(each))
    assert len((await share(workspace, who, f"<{scenario.url}>", channel))[1]) == cards


async def test_an_event_that_comes_again_is_answered_once_by_two_processes(
    workspace: Workspace, scenarios: tuple[Scenario, ...]
) -> None:
    async with second_bot(workspace) as addresses:
        workspace.slack.request_url = addresses[0]
        _, cards = await share(workspace, "jane", f"<{scenarios[0].url}>")
        assert len(cards) == 1
        event = next(
            ack.delivery for ack in reversed(workspace.slack.acks) if "link_shared" in str(ack)
        )
        assert event is not None
        for url in addresses:
            workspace.slack.request_url = url
            await asyncio.gather(*(workspace.act(event) for _ in range(2)))
        await workspace.bot.work.drain()
    # The other one has finished its work, too.
    assert len(unfurled(workspace)) == 1


@pytest.mark.parametrize(
    ("fault", "calls", "cards", "logged"),
    [
        pytest.param("drop", 2, 1, "", id="nobody knows: again, in its own place"),
        pytest.param("reset", 2, 1, "", id="not done: again"),
        pytest.param("cannot_unfurl_message", 1, 0, "cannot_unfurl_message", id="too late"),
    ],
)
async def test_slack_in_trouble(
    workspace: Workspace,
    scenarios: tuple[Scenario, ...],
    caplog: pytest.LogCaptureFixture,
    fault: str,
    calls: int,
    cards: int,
    logged: str,
) -> None:
    workspace.slack.fault("chat.unfurl", fault)
    message, found = await share(workspace, "jane", f"<{scenarios[0].url}>")
    assert (len(unfurled(workspace)), len(found)) == (calls, cards)
    told = [each.getMessage() for each in caplog.records if "(reference " in each.getMessage()]
    assert [logged in each for each in told] == [True] * bool(logged)
    assert workspace.seen("jane") == []
    assert json.dumps(told).find(scenarios[0].slug) == -1
    assert workspace.slack.message(message.ts) is not None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("# Goal\n\n- **Book** a follow-up_\nMore", "Book a follow-up"),
        ("Qualify & book.\n##### Outcomes to Avoid:\n- Talking", "Qualify & book."),
        ("> \n***\n", ""),
        ("x" * 200, "x" * 149 + "…"),
    ],
)
def test_an_objective_in_one_line(text: str, line: str) -> None:
    assert in_one_line(text) == line


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (
            "HTTPS://Acme.App.exec.com/scenarios/Opener/?x=1#y",
            "https://acme.app.exec.com/scenarios/Opener",
        ),
        ("https://[", ""),
        ("", "://"),
    ],
)
def test_an_address(url: str, found: str) -> None:
    assert address(url) == found
