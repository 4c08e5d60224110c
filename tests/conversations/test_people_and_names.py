"""Naming people and things: what is found, what is asked back, what cannot be found."""

from __future__ import annotations

import pytest

from tests.conversations.truth import STAFF_OUT, assert_tells, truth
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


@pytest.mark.asyncio(loop_scope="module")
async def test_a_name_like_nobodys(shared_workspace: Workspace) -> None:
    refusal = await shared_workspace.ask("ana", 'sessions "Qwertz Xyzzy"')
    assert refusal.text == (
        "I can't find Qwertz Xyzzy in Exec. Check the name, or use an e-mail address."
    )


THINGS = [
    ('group:"West Coast"', "West Coast"),
    ("group:west-coast", "West Coast"),
    ("group:West Coast", "West Coast"),
    ("team:west", "West Coast"),
    ("group:{id}", "West Coast"),
    ("West Coast", "West Coast"),
    ("scenario:procurement-discovery", "Procurement Discovery"),
    ("scenario:cold call opener", "Cold Call Opener"),
    ('scenario:"Multi-threading & Champions"', "Multi-threading & Champions"),
    ("scenario:{id}", "Renewal Save"),
    ("skill:objection handling", "Objection Handling"),
    ("skill:{id}", "Negotiation"),
    ("collection:onboarding-basics", "Onboarding Basics"),
    ('program:"Pricing Certification"', "Pricing Certification"),
    ("program:{id}", "Onboarding 2026"),
]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("said", "name"), THINGS)
async def test_things_are_found(shared_workspace: Workspace, said: str, name: str) -> None:
    kind = said.partition(":")[0].replace("team", "group") if ":" in said else "group"
    id_ = getattr(shared_workspace.world, kind)(name).id
    answer = await shared_workspace.ask("ana", f"sessions {said.format(id=id_)} last 30d")
    # A group needs no word that says what it is.
    called = name if kind == "group" else f"{kind} {name}"
    assert called.replace("&", "&amp;") in answer.text
    asked = {f"{kind}_ids": id_, "start_date": "2026-02-18T09:00:00Z", **STAFF_OUT}
    rows = truth(shared_workspace, asked)
    assert rows
    assert_tells(shared_workspace, answer, rows)


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
    assert "wasn't linked to anyone" in nothing.text


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
