"""The query form: opened filled, checked field by field, run in place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.slack_payloads import initial
from bot.sandbox.slack_records import Message, View
from tests.conversations.truth import STAFF_OUT, assert_tells, truth
from tests.office import NOW, MakeOffice, Office, column, table, whose

pytestmark = pytest.mark.acquainted


def filled(view: View) -> dict[str, Any]:
    """What stands in the form, by field."""
    return {block["block_id"]: initial(block["element"]) for block in view.view["blocks"]}


async def send(office: Office, who: str, view: View, **values: Any) -> dict[str, str]:
    """Submit the form; what is wrong with it, by field."""
    ack = await office.slack.submit(office.user(who), view.id, values)
    assert ack.ok, ack
    return ack.view_errors


async def test_it_opens_filled_with_the_question(office: Office) -> None:
    answer = await office.ask(
        "ana", "sessions @jane group:west-coast silver+ last 20d score>=50 valid best top 5"
    )
    view = await office.open_form("ana", answer, "Edit filters")
    assert filled(view) == {
        "report": "sessions",
        "order": "best",
        "people": [office.user("jane")],
        "group": office.world.group("West Coast").id,
        "scenario": None,
        "ranks": ["gold", "silver"],
        "period": "last 20d",
        "more": "valid score>=50 top 5",
    }


@pytest.mark.new_here
async def test_people_without_a_mention_and_names_without_a_menu_stand_under_more(
    office: Office,
) -> None:
    answer = await office.ask("ana", 'sessions bob@acme.com skill:negotiation scenario:"Renewal"')
    view = await office.open_form("ana", answer, "Edit filters")
    assert filled(view)["people"] == []
    more = filled(view)["more"] or ""
    assert "bob@acme.com" in more
    assert 'skill:"negotiation"' in more


@pytest.mark.new_here
async def test_people_by_name_stand_in_their_field_where_their_account_is_held(
    office: Office,
) -> None:
    await office.ask("bob", "help")
    for said in ("bob@acme.com", '"Bob Jones"', '"bob"', "id:{id}"):
        named = said.format(id=office.world.person("bob@acme.com").id)
        answer = await office.ask("ana", f"sessions {named} @jane priya@acme.com last 30d gold")
        office.forget()
        view = await office.open_form("ana", answer, "Edit filters")
        assert set(filled(view)["people"]) == {office.user("bob"), office.user("jane")}, said
        assert filled(view)["more"] == "priya@acme.com"
        assert "/workspace/members" not in office.paths()
        again = await sent(office, "ana", view)
        names = ("Bob Jones", "Jane Smith", "Priya Nair")
        assert all(name in again.text.partition(".")[0] for name in names)


async def test_an_account_that_is_linked_to_another_is_not_taken_for_a_namesake(
    office: Office,
) -> None:
    await office.ask("ana", "link @bob priya@acme.com")
    answer = await office.ask("ana", "sessions bob@acme.com last 30d")
    view = await office.open_form("ana", answer, "Edit filters")
    assert filled(view)["people"] == []
    assert "Bob Jones" in (await sent(office, "ana", view)).text
    linked = await office.ask("ana", "sessions priya@acme.com last 30d")
    view = await office.open_form("ana", linked, "Edit filters")
    assert filled(view)["people"] == [office.user("bob")]
    assert "Priya Nair" in (await sent(office, "ana", view)).text


async def test_a_user_group_stands_as_it_was_typed(office: Office) -> None:
    answer = await office.ask("ana", "sessions @closers last 14d best")
    for _ in range(2):  # also once more, after it was sent
        view = await office.open_form("ana", answer, "Edit filters")
        assert (filled(view)["more"], filled(view)["order"]) == ("@closers", "best")
        answer = await sent(office, "ana", view)
        assert "Jane Smith, Bob Jones and Priya Nair" in answer.text


async def sent(office: Office, who: str, view: View) -> Message:
    """Submit the form as it stands; the answer."""
    mark = office.slack.revision
    assert await send(office, who, view) == {}
    return await office.slack.wait_for_message(
        office.user(who), office.channel("sales-practice"), after=mark, timeout=30
    )


async def test_any_report_can_be_chosen_with_its_order(office: Office) -> None:
    answer = await office.ask("ana", 'sessions group:"West Coast" last 30d')
    view = await office.open_form("ana", answer, "Edit filters")
    assert await send(office, "ana", view, report="team") == {}
    await office.bot.work.drain()
    team = office.seen("ana")[-1]
    assert "of 11 people practised" in team.text
    view = await office.open_form("ana", team, "Edit filters")
    assert filled(view)["report"] == "team"
    assert await send(office, "ana", view, report="trend", order="by week") == {}
    await office.bot.work.drain()
    trend = office.seen("ana")[-1]
    assert table(trend)[0][0] == "Week of"
    assert filled(await office.open_form("ana", trend, "Edit filters"))["order"] == "by week"


async def test_it_runs_in_place(office: Office) -> None:
    answer = await office.ask("ana", "sessions @jane last 30d")
    view = await office.open_form("ana", answer, "Edit filters")
    mark = office.slack.revision
    assert await send(office, "ana", view, ranks=["gold"]) == {}
    changed = await office.slack.wait_for_message(
        office.user("ana"), office.channel("sales-practice"), after=mark, timeout=30
    )
    assert office.seen("ana") == [changed]
    asked = {"user_emails": "jane@acme.com", "rank": "gold", "start_date": "2026-02-18T09:00:00Z"}
    assert_tells(office, changed, truth(office, asked))
    assert table(changed)[1:]
    assert office.slack.open_view(office.user("ana")) is None


@pytest.mark.new_here
async def test_all_fields_together(office: Office) -> None:
    menu = await office.ask("ana", "")
    view = await office.open_form("ana", menu, "Open the query form")
    west, renewal = office.world.group("West Coast"), office.world.scenario("Renewal Save")
    for number, rank in enumerate(("gold", "silver", "bronze"), start=1):
        at = NOW - timedelta(hours=number)
        office.world.add_session("jane@acme.com", renewal, at, score=90.0 - number, rank=rank)
        office.world.add_session("jane@acme.com", renewal, at, score=70.0, rank=rank, duration=60)
    office.clock.tick(61)
    mark = office.slack.revision
    errors = await send(
        office,
        "ana",
        view,
        people=[office.user("jane"), office.user("priya")],
        group=west.id,
        scenario=renewal.id,
        ranks=["silver", "bronze"],
        period="this month",
        more="longer 1m best",
    )
    assert errors == {}
    answer = await office.slack.wait_for_message(
        office.user("ana"), office.channel("sales-practice"), after=mark, timeout=30
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
    rows = truth(office, asked, lambda row: (row.duration_seconds or 0) > 60)
    assert {"silver", "bronze"} == {row.rank for row in rows}
    assert_tells(office, answer, rows)


async def test_an_empty_form_asks_about_everything(office: Office) -> None:
    menu = await office.ask("jane", "")
    view = await office.open_form("jane", menu, "Open the query form")
    mark = office.slack.revision
    assert await send(office, "jane", view) == {}
    answer = await office.slack.wait_for_message(
        office.user("jane"), office.channel("sales-practice"), after=mark, timeout=30
    )
    assert whose(answer) == {"Jane Smith"}


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"period": "last wek"}, "period", "last wek"),
    ({"period": "gold"}, "period", "Only a period goes here"),
    ({"more": "glod"}, "more", "Did you mean gold?"),
    ({"period": "last 7d", "more": "last week"}, "more", "two periods"),
    ({"ranks": ["gold"], "more": "not gold"}, "more", "not gold"),
    ({"more": "x" * 2500}, "more", ""),  # Slack's own client lets nobody write more
    ({"more": '"Jane'}, "more", "quotation mark"),
]


async def test_what_is_wrong_is_told_under_its_field(office: Office) -> None:
    menu = await office.ask("ana", "")
    view = await office.open_form("ana", menu, "Open the query form")
    for values, field, heard in WRONG:
        errors = await send(office, "ana", view, **values)
        assert list(errors) == [field]
        assert heard in errors[field]
        assert not {"*", "`"} & set(errors[field])
        assert office.asked() == []
        assert office.slack.open_view(office.user("ana")) is not None
    errors = await send(office, "ana", view, period="last wek", more="glod")
    assert list(errors) == ["period", "more"]
    assert await send(office, "ana", view, period="last 7d", more="gold") == {}


async def test_the_answer_arrives_when_the_address_is_dead(office: Office) -> None:
    answer = await office.ask("ana", "sessions @jane last 30d")
    view = await office.open_form("ana", answer, "Edit filters")
    for url in office.slack.response_urls.values():
        url.expires = 0
    mark = office.slack.revision
    await send(office, "ana", view, ranks=["gold"])
    late = await office.slack.wait_for_message(
        office.user("ana"), office.channel("sales-practice"), after=mark, timeout=30
    )
    assert late.via == "chat.postEphemeral"
    assert set(column(late, "Rank")) == {"Gold"}


async def test_a_form_whose_question_is_forgotten(office: Office) -> None:
    menu = await office.ask("ana", "")
    view = await office.open_form("ana", menu, "Open the query form")
    office.clock.tick(31 * 86400)
    await office.bot.core.forgetting.forget_old(timedelta(days=400))
    errors = await send(office, "ana", view)
    assert errors == {"more": "This form is too old. Close it and open it again."}


async def test_a_database_that_is_away_is_told_in_the_form(open_office: MakeOffice) -> None:
    from tests.conversations.test_own_trouble import database_away

    async with open_office() as office:
        menu = await office.ask("ana", "")
        view = await office.open_form("ana", menu, "Open the query form")
        with database_away(office):
            errors = await send(office, "ana", view)
        assert errors["more"].startswith("I can't reach my own database right now.")
        assert await send(office, "ana", view) == {}
