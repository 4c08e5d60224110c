"""Naming people and things: what is found, what is asked back, what cannot be found."""

from __future__ import annotations

import pytest

from bot.sandbox.world_things import Session
from tests.conversations.truth import STAFF_OUT, assert_tells, filters_of, truth
from tests.workspace import Workspace, labels, whose

pytestmark = pytest.mark.acquainted


async def test_typed_handles_that_slack_did_not_turn_into_mentions(workspace: Workspace) -> None:
    workspace.slack.should_escape = False
    jane = await workspace.ask("ana", "sessions @jane last 30d")
    closers = await workspace.ask("ana", "sessions @closers last 30d")
    assert whose(jane) == {"Jane Smith"}
    assert whose(closers) == {"Jane Smith", "Bob Jones", "Priya Nair"}


async def test_a_namesake_who_is_left_out_is_told_apart(workspace: Workspace) -> None:
    for said, called in (
        ("-alex.kim2@acme.com", "Alex Kim (alex.kim2@acme.com)"),
        ("-raj.patel@acme.com", "Raj Patel"),
    ):
        for report in ("team", "sessions"):
            answer = await workspace.ask("ana", f"{report} last 30d {said}")
            assert f", last 30 days\nwithout {called}\n" in answer.text


@pytest.mark.new_here
async def test_an_admin_who_has_a_namesake_is_asked_which(workspace: Workspace) -> None:
    workspace.world.add_member("Ana", "Costa", "ana.costa@acme.com")
    question = await workspace.ask("ana", 'sessions "Ana Costa"')
    assert len(labels(question)) == 2


async def test_an_unknown_name_offers_the_nearest(workspace: Workspace) -> None:
    refusal = await workspace.ask("ana", 'sessions "Jone Smith" best')
    assert refusal.text.startswith("I can't find Jone Smith in Exec. Did you mean this?")
    assert labels(refusal) == ["Jane Smith"]
    answer = await workspace.press("ana", refusal, "Jane Smith")
    asked = {"user_emails": "jane@acme.com", "sorting": "-score", **STAFF_OUT}
    assert_tells(workspace, answer, truth(workspace, asked))


@pytest.mark.asyncio(loop_scope="module")
async def test_a_name_like_nobodys(shared_workspace: Workspace) -> None:
    refusal = await shared_workspace.ask("ana", 'sessions "Qwertz Xyzzy"')
    assert refusal.text == (
        "I can't find Qwertz Xyzzy in Exec. Check the name, or use an e-mail address."
    )


THINGS = [
    pytest.param('group:"West Coast"', "group_ids", "group", "West Coast", id="group by name"),
    pytest.param("group:west-coast", "group_ids", "group", "West Coast", id="group, hyphen"),
    pytest.param("group:West Coast", "group_ids", "group", "West Coast", id="group, no quotes"),
    pytest.param("team:west", "group_ids", "group", "West Coast", id="group, beginning"),
    pytest.param("group:{id}", "group_ids", "group", "West Coast", id="group by id"),
    pytest.param(
        "scenario:procurement-discovery",
        "scenario_ids",
        "scenario",
        "Procurement Discovery",
        id="scenario by slug",
    ),
    pytest.param(
        "scenario:cold call opener", "scenario_ids", "scenario", "Cold Call Opener", id="no quotes"
    ),
    pytest.param(
        'scenario:"Multi-threading & Champions"',
        "scenario_ids",
        "scenario",
        "Multi-threading & Champions",
        id="scenario with an ampersand",
    ),
    pytest.param("scenario:{id}", "scenario_ids", "scenario", "Renewal Save", id="scenario by id"),
    pytest.param(
        "skill:objection handling", "skill_ids", "skill", "Objection Handling", id="skill"
    ),
    pytest.param("skill:{id}", "skill_ids", "skill", "Negotiation", id="skill by id"),
    pytest.param(
        "collection:onboarding-basics",
        "collection_ids",
        "collection",
        "Onboarding Basics",
        id="collection by slug",
    ),
    pytest.param(
        'program:"Pricing Certification"',
        "program_ids",
        "program",
        "Pricing Certification",
        id="program by name",
    ),
    pytest.param("program:{id}", "program_ids", "program", "Onboarding 2026", id="program by id"),
]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("said", "parameter", "kind", "name"), THINGS)
async def test_things_are_found(
    shared_workspace: Workspace, said: str, parameter: str, kind: str, name: str
) -> None:
    id_ = getattr(shared_workspace.world, kind)(name).id
    filters = await filters_of(shared_workspace, "ana", f"sessions {said.format(id=id_)} last 30d")
    assert filters[parameter] == id_
    answer = await shared_workspace.ask("ana", f"sessions {said.format(id=id_)} last 30d")
    # A group needs no word that says what it is.
    called = name if kind == "group" else f"{kind} {name}"
    assert called.replace("&", "&amp;") in answer.text
    rows = truth(shared_workspace, filters)
    assert rows
    assert_tells(shared_workspace, answer, rows)


async def test_an_unknown_thing_offers_the_nearest(workspace: Workspace) -> None:
    refusal = await workspace.ask("ana", "sessions group:wst last 7d")
    assert refusal.text.startswith("I can't find a group called wst. Did you mean this?")
    assert labels(refusal) == ["West Coast"]
    answer = await workspace.press("ana", refusal, "West Coast")
    assert_tells(workspace, answer, last_week_in_the_west(workspace))


async def test_a_name_without_the_word_before_it_is_recognised(workspace: Workspace) -> None:
    await workspace.ask("ana", "sessions group:west-coast last 7d")
    answer = await workspace.ask("ana", "sessions West Coast last 7d")
    assert_tells(workspace, answer, last_week_in_the_west(workspace))


def last_week_in_the_west(workspace: Workspace) -> list[Session]:
    asked = {
        "group_ids": workspace.world.group("West Coast").id,
        "start_date": "2026-03-13T09:00:00Z",
    }
    return truth(workspace, {**asked, **STAFF_OUT})


@pytest.mark.new_here
async def test_an_admin_links_an_account(workspace: Workspace) -> None:
    workspace.slack.team.user_called("bob@acme.com").email = "robert@private.example"
    refused = await workspace.ask("bob", "sessions")
    assert "I can't find you in Exec" in refused.text
    done = await workspace.ask("ana", "link @bob bob@acme.com")
    assert done.text.startswith("Done: Bob Jones in Slack is now Bob Jones (bob@acme.com)")
    assert whose(await workspace.ask("bob", "sessions")) == {"Bob Jones"}
    assert whose(await workspace.ask("ana", "sessions @bob")) == {"Bob Jones"}


async def test_an_admin_takes_a_link_back(workspace: Workspace) -> None:
    await workspace.ask("ana", "link @bob priya@acme.com")
    assert "Priya Nair" in (await workspace.ask("bob", "sessions top 1")).text
    done = await workspace.ask("ana", "link @bob jane@acme.com")
    assert done.text.startswith(
        "Done: Bob Jones in Slack is now Jane Smith (jane@acme.com) in Exec. Before, it was "
        "Priya Nair (priya@acme.com)."
    )
    again = await workspace.ask("ana", "link @bob jane@acme.com")
    assert again.text == "Done: Bob Jones in Slack is now Jane Smith (jane@acme.com) in Exec."
    undone = await workspace.ask("ana", "unlink @bob")
    assert undone.text.startswith("Done: Bob Jones is no longer linked.")
    assert "Bob Jones" in (await workspace.ask("bob", "sessions top 1")).text
    nothing = await workspace.ask("ana", "unlink @bob")
    assert "was not linked to anyone" in nothing.text


async def test_who_is_not_in_exec_or_is_an_app_is_linked_to_nobody(workspace: Workspace) -> None:
    refusal = await workspace.ask("ana", "link @bob nobody@acme.com")
    assert refusal.text.startswith("Exec has nobody with the e-mail address nobody@acme.com.")
    bot = workspace.slack.team.bot_user_id
    refusal = await workspace.ask("ana", f"link <@{bot}> bob@acme.com")
    assert "is an app, and apps don't practice." in refusal.text


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    "said", ["link", "link @bob", "link bob gold", "link bob@acme.com @bob @jane", "unlink bob"]
)
async def test_a_link_said_wrongly_is_shown_rightly(shared_workspace: Workspace, said: str) -> None:
    refusal = await shared_workspace.ask("ana", said)
    assert refusal.text.startswith(f"Write it like this: /exec {said.split()[0]} @jane")
