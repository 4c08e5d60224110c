"""Exec, Slack or the bot in trouble, and names that look like commands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.demo.slack_workspace import SlackChannel
from tests.office import NOW, Office, open_office
from tests.office_fixtures import OpenOffice
from tests.promises.cases import cases
from tests.shown import (
    Button,
    column,
    everything,
    fields,
    first_line,
    labels,
    names_in,
    numbers,
    offers,
    table,
)

# Exec


async def test_while_exec_is_away_an_answer_is_of_what_is_stored(office: Office) -> None:
    before = await office.ask("ana", "sessions last 7d")
    for kind in ("status", "html", "reset", "cut", "limited", "inactive"):
        office.wait(minutes=30 if kind == "status" else 5)
        with office.exec_away(kind, seconds=3600):
            answer = await office.ask("ana", "sessions last 7d")
        assert len(table(answer)) == len(table(before)), kind
        assert "9:59" in everything(answer), kind  # as of then


async def test_with_nothing_stored_trouble_can_be_tried_again(
    new_office: Office,
) -> None:
    with new_office.exec_away("status"):
        reply = await new_office.ask("ana", "sessions last 7d")
        assert table(reply) == []
    new_office.wait(minutes=1)
    assert table(await new_office.press("ana", reply, labels(reply)[0]))


async def test_a_limit_that_is_used_up_gives_what_is_stored(open_acquainted: OpenOffice) -> None:
    async with open_acquainted(EXEC_REQUESTS_PER_DAY="10") as office:
        office.forget_requests()
        answer = await office.ask("ana", "sessions last 7d")
        assert office.exec.requests == []
        assert len(table(answer)) == 25


async def test_never_more_requests_than_the_limits_allow(open_acquainted: OpenOffice) -> None:
    async with open_acquainted(EXEC_REQUESTS_PER_DAY="30") as office:
        office.forget_requests()
        for hour in (24, 27):
            await office.at(NOW + timedelta(hours=hour))
            for number in range(8):
                await office.ask("ana", f"skills @jane skill:closing last {hour + number + 1}d")
        assert 10 < len(office.exec.requests) <= 30
        assert {request.status for request in office.exec.requests} == {200}


async def test_a_new_bot_reads_months_within_minutes(tmp_path: Path) -> None:
    async with open_office(tmp_path, {"EXEC_REQUESTS_PER_DAY": "100"}) as office:
        for minutes in (1, 2):
            await office.at(NOW + timedelta(minutes=minutes))
        office.forget_requests()
        answer = await office.ask("ana", "sessions last 80d")
        expected = len(office.sessions(office.clock() - timedelta(days=80)))
        assert numbers(first_line(answer))[0] == expected
        assert len(office.requests_to()) <= 1


# Slack


async def test_a_block_that_slack_refuses_is_replaced_by_a_plain_form(office: Office) -> None:
    for block in ("data_table", "data_visualization", "table"):
        office.slack.unsupported_blocks = {block}
        for said in ("sessions @jane last 7d", "trend @jane last 30d"):
            answer = await office.ask("ana", said)
            assert numbers(first_line(answer))[0] > 0, block
            assert offers(answer, Button.REFRESH), block
            assert names_in(answer, [office.person("jane")]) == {"Jane Smith"}, block


async def test_an_answer_arrives_once_though_slack_is_in_trouble(office: Office) -> None:
    troubles = (("ratelimited", 0.1), ("ratelimited", 60), ("drop", 0), ("dead_url", 0))
    for count, (fault, seconds) in enumerate(troubles, 1):
        office.slack.fault("response_url", fault, seconds=seconds)
        assert table(await office.ask("ana", f"sessions @jane last {count}d")), fault
        assert len([message for message in office.slack.messages if table(message)]) == count, fault


async def test_what_slack_delivers_twice_is_done_once(office: Office) -> None:
    ack = await office.ask_only("ana", "sessions @jane last 7d")
    await office.slack.redeliver(ack)
    await office.drain()
    assert len([message for message in office.slack.messages if table(message)]) == 1


async def test_where_the_bot_cannot_post_it_answers_by_direct_message(office: Office) -> None:
    channels, members = office.slack.team.channels, [office.user("jane"), office.user("bob")]
    office.slack.team.add_channel("secret", members, private=True, has_bot=False)
    channels["D1"] = SlackChannel("D1", "two", is_im=True, members=members, has_bot=False)
    for number, place in enumerate(("secret", "two"), 1):
        office.slack.fault("response_url", "dead_url")
        assert table(await office.ask("jane", "sessions last 7d", place))
        assert len(office.dms("jane")) == number

    office.slack.fault("chat.postEphemeral", "not_in_channel")
    answer = await office.tell("jane", "sessions last 7d", "west-coast")

    assert answer == office.dms("jane")[2]
    assert table(answer)
    assert not offers(await office.press("jane", answer, Button.REFRESH), Button.SHARE)


async def test_exec_is_not_asked_while_the_asker_is_unknown(new_office: Office) -> None:
    office = new_office
    office.slack.fault("users.info", "internal_error")
    reply = await office.ask("jane", "sessions last 7d")
    assert (table(reply), office.exec.requests) == ([], [])

    assert table(await office.press("jane", reply, labels(reply)[0]))


async def test_a_form_that_slack_does_not_open_is_said(office: Office) -> None:
    office.slack.fault("views.open", "expired_trigger_id")
    reply = await office.ask("ana", "digest", "west-coast")
    assert "form" in reply.text
    assert office.user("ana") not in office.slack.views


# The bot


async def test_what_nobody_foresaw_gets_a_reference_that_is_in_the_log(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with office.bug():
        reply = await office.ask("jane", "sessions last 7d")
    references = [word.strip(".*`_ ") for word in reply.text.split() if len(word) >= 8]
    logged = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert [word for word in references if any(word in line for line in logged)]
    assert "jane" not in caplog.text.lower()
    assert table(await office.ask("jane", "sessions last 7d"))


async def test_any_name_is_shown_and_does_nothing(office: Office) -> None:
    """Each is the name of a person, and of a scenario they practiced."""
    names = [*cases("asking")["names"], "x" * 3000]
    scenarios = [*office.world.scenarios.values()][: len(names)]
    for number, (scenario, name) in enumerate(zip(scenarios, names, strict=True)):
        office.world.scenarios[scenario.id] = replace(scenario, name=name)
        office.world.add_member(name, "", f"odd{number}@acme.com")
        office.practice(f"odd{number}", days=0.1, scenario=scenario.id)
    await office.at(NOW + timedelta(hours=7))
    listed = await office.ask("ana", "sessions last 1d", "west-coast")
    assert len(table(listed)) >= len(names)
    for number, scenario in enumerate(scenarios):
        answer = await office.ask("ana", f"sessions odd{number}@acme.com scenario:{scenario.id}")
        assert len(table(answer)) == 1, number
    assert await office.share("ana", listed) is not None


async def test_names_cannot_mention_or_format(office: Office) -> None:
    office.world.add_member("<!channel>", "*Bold* & <@U1>", "odd@acme.com")
    office.practice("odd", days=0.1, score=99)
    await office.at(NOW + timedelta(hours=7))
    answer = await office.ask("ana", "sessions last 1d")
    assert office.slack.mentions_of(answer) == []
    assert any("Bold" in name for name in column(answer, "Who"))
    assert fields(answer)


async def test_an_answer_to_a_deactivated_account_is_no_error(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    for _ in range(4):
        office.slack.fault("chat.postMessage", "user_disabled")
    await office.act(office.message_of("jane", "sessions last 7d"))
    await office.drain()
    said = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert ("INFO", "an account was deactivated before it got its answer") in said
    assert "ERROR" not in {level for level, _ in said}
