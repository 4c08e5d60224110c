"""The query form: opened filled, checked field by field, run in place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.slack_payloads import initial
from bot.sandbox.slack_workspace import Message, View
from tests.conversations.truth import STAFF_OUT, assert_tells, truth
from tests.workspace import NOW, MakeOffice, Workspace, table

pytestmark = pytest.mark.acquainted


def filled(view: View) -> dict[str, Any]:
    """What stands in the form, by field."""
    return {block["block_id"]: initial(block["element"]) for block in view.view["blocks"]}


async def send(workspace: Workspace, who: str, view: View, **values: Any) -> dict[str, str]:
    """Submit the form; what is wrong with it, by field."""
    ack = await workspace.slack.submit(workspace.user(who), view.id, values)
    assert ack.ok, ack
    return ack.view_errors


async def test_it_opens_filled_with_the_question(workspace: Workspace) -> None:
    answer = await workspace.ask(
        "ana", "sessions @jane group:west-coast silver+ last 20d score>=50 valid best top 5"
    )
    view = await workspace.open_form("ana", answer, "Edit filters")
    assert filled(view) == {
        "report": "sessions",
        "order": "best",
        "people": [workspace.user("jane")],
        "group": workspace.world.group("West Coast").id,
        "scenario": None,
        "ranks": ["gold", "silver"],
        "period": "last 20d",
        "more": "valid score>=50 top 5",
    }


@pytest.mark.new_here
async def test_people_without_a_mention_and_names_without_a_menu_stand_under_more(
    workspace: Workspace,
) -> None:
    answer = await workspace.ask(
        "ana", 'sessions bob@acme.com skill:negotiation scenario:"Renewal"'
    )
    view = await workspace.open_form("ana", answer, "Edit filters")
    assert filled(view)["people"] == []
    more = filled(view)["more"] or ""
    assert "bob@acme.com" in more
    assert 'skill:"negotiation"' in more


@pytest.mark.new_here
async def test_people_by_name_stand_in_their_field_where_their_account_is_held(
    workspace: Workspace,
) -> None:
    await workspace.ask("bob", "help")
    for said in ("bob@acme.com", '"Bob Jones"', '"bob"', "id:{id}"):
        named = said.format(id=workspace.world.person("bob@acme.com").id)
        answer = await workspace.ask("ana", f"sessions {named} @jane priya@acme.com last 30d gold")
        workspace.forget()
        view = await workspace.open_form("ana", answer, "Edit filters")
        assert set(filled(view)["people"]) == {workspace.user("bob"), workspace.user("jane")}, said
        assert filled(view)["more"] == "priya@acme.com"
        assert "/workspace/members" not in workspace.paths()
        again = await sent(workspace, "ana", view)
        names = ("Bob Jones", "Jane Smith", "Priya Nair")
        assert all(name in again.text.partition(".")[0] for name in names)


async def sent(workspace: Workspace, who: str, view: View) -> Message:
    """Submit the form as it stands; the answer."""
    mark = workspace.slack.revision
    assert await send(workspace, who, view) == {}
    return await workspace.slack.wait_for_message(
        workspace.user(who), workspace.channel("sales-practice"), after=mark, timeout=30
    )


async def test_any_report_can_be_chosen_with_its_order(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", 'sessions group:"West Coast" last 30d')
    view = await workspace.open_form("ana", answer, "Edit filters")
    assert await send(workspace, "ana", view, report="team") == {}
    await workspace.bot.work.drain()
    team = workspace.seen("ana")[-1]
    assert "of 11 practiced" in team.text
    view = await workspace.open_form("ana", team, "Edit filters")
    assert filled(view)["report"] == "team"
    assert await send(workspace, "ana", view, report="trend", order="by week") == {}
    await workspace.bot.work.drain()
    trend = workspace.seen("ana")[-1]
    assert table(trend)[0][0] == "Week of"
    assert filled(await workspace.open_form("ana", trend, "Edit filters"))["order"] == "by week"


async def test_it_runs_in_place(workspace: Workspace) -> None:
    answer = await workspace.ask("ana", "sessions @jane last 30d")
    view = await workspace.open_form("ana", answer, "Edit filters")
    mark = workspace.slack.revision
    assert await send(workspace, "ana", view, ranks=["gold"]) == {}
    changed = await workspace.slack.wait_for_message(
        workspace.user("ana"), workspace.channel("sales-practice"), after=mark, timeout=30
    )
    assert workspace.seen("ana") == [changed]
    asked = {"user_emails": "jane@acme.com", "rank": "gold", "start_date": "2026-02-18T09:00:00Z"}
    assert_tells(workspace, changed, truth(workspace, asked))
    assert table(changed)[1:]
    assert workspace.slack.open_view(workspace.user("ana")) is None


@pytest.mark.new_here
async def test_all_fields_together(workspace: Workspace) -> None:
    menu = await workspace.ask("ana", "")
    view = await workspace.open_form("ana", menu, "Build it in a form")
    west, renewal = workspace.world.group("West Coast"), workspace.world.scenario("Renewal Save")
    for number, rank in enumerate(("gold", "silver", "bronze"), start=1):
        at = NOW - timedelta(hours=number)
        workspace.world.add_session("jane@acme.com", renewal, at, score=90.0 - number, rank=rank)
        workspace.world.add_session(
            "jane@acme.com", renewal, at, score=70.0, rank=rank, duration=60
        )
    workspace.clock.tick(61)
    mark = workspace.slack.revision
    errors = await send(
        workspace,
        "ana",
        view,
        people=[workspace.user("jane"), workspace.user("priya")],
        group=west.id,
        scenario=renewal.id,
        ranks=["silver", "bronze"],
        period="this month",
        more="longer 1m best",
    )
    assert errors == {}
    answer = await workspace.slack.wait_for_message(
        workspace.user("ana"), workspace.channel("sales-practice"), after=mark, timeout=30
    )
    asked = {
        "user_emails": "jane@acme.com,priya@acme.com",
        "group_ids": west.id,
        "scenario_ids": renewal.id,
        "rank": "silver,bronze",
        "sorting": "-score",
        "start_date": "2026-02-28T23:00:00Z",
        **STAFF_OUT,
    }
    assert "longer than 1 min" in answer.text
    rows = truth(workspace, asked, lambda row: (row.duration_seconds or 0) > 60)
    assert {"silver", "bronze"} == {row.rank for row in rows}
    assert_tells(workspace, answer, rows)


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"period": "last wek"}, "period", "last wek"),
    ({"period": "gold"}, "period", "Only a period goes here"),
    ({"more": "glod"}, "more", "Did you mean gold?"),
    ({"period": "last 7d", "more": "last week"}, "more", "two periods"),
    ({"ranks": ["gold"], "more": "not gold"}, "more", "not gold"),
    ({"more": "x" * 2500}, "more", ""),  # Slack's own client lets nobody write more
    ({"more": '"Jane'}, "more", "quotation mark"),
]


async def test_what_is_wrong_is_told_under_its_field(workspace: Workspace) -> None:
    menu = await workspace.ask("ana", "")
    view = await workspace.open_form("ana", menu, "Build it in a form")
    for values, field, heard in WRONG:
        errors = await send(workspace, "ana", view, **values)
        assert list(errors) == [field]
        assert heard in errors[field]
        assert not {"*", "`"} & set(errors[field])
        assert workspace.asked() == []
        assert workspace.slack.open_view(workspace.user("ana")) is not None
    errors = await send(workspace, "ana", view, period="last wek", more="glod")
    assert list(errors) == ["period", "more"]
    assert await send(workspace, "ana", view, period="last 7d", more="gold") == {}


async def test_a_form_whose_question_is_forgotten(workspace: Workspace) -> None:
    menu = await workspace.ask("ana", "")
    view = await workspace.open_form("ana", menu, "Build it in a form")
    workspace.clock.tick(31 * 86400)
    await workspace.bot.core.forgetting.forget_old(timedelta(days=400))
    errors = await send(workspace, "ana", view)
    assert errors == {"more": "This form is too old. Close it and open it again."}


async def test_a_database_that_is_away_is_told_in_the_form(open_workspace: MakeOffice) -> None:
    from tests.conversations.test_own_trouble import database_away

    async with open_workspace() as workspace:
        menu = await workspace.ask("ana", "")
        view = await workspace.open_form("ana", menu, "Build it in a form")
        with database_away(workspace):
            errors = await send(workspace, "ana", view)
        assert errors["more"].startswith("I can't reach my own database right now.")
        assert await send(workspace, "ana", view) == {}
