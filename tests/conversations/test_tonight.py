"""What costs many requests can wait for the night: the answer comes as a direct message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.exec_server import Fault
from bot.sandbox.slack_records import Message
from tests.conversations.truth import assert_tells, truth
from tests.office import Office, labels

QUESTION = "sessions best +system"
BEST_FIRST = {"sorting": "-score"}


def messages_to(office: Office, who: str) -> list[Message]:
    """What the bot wrote to somebody directly."""
    bot, dm = office.slack.team.bot_user_id, office.dm(who)
    visible = office.slack.visible(office.user(who), dm)
    return [message for message in visible if message.user == bot]


async def put_off(office: Office, who: str) -> Message:
    return await office.press(who, await office.ask(who, QUESTION), "Run it tonight")


@pytest.mark.parametrize(
    ("zone", "evening"),
    [
        ("Europe/Berlin", datetime(2026, 3, 20, 21, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2026, 3, 20, 13, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 21, 2, tzinfo=UTC)),
    ],
)
async def test_the_answer_comes_at_ten_where_the_asker_is(
    office: Office, zone: str, evening: datetime
) -> None:
    office.slack.team.user_called("ana@acme.com").tz = zone
    notice = await put_off(office, "ana")
    assert notice.text.startswith("I run it from 22:00 on, when requests are free, and send you")
    assert QUESTION in notice.text
    office.clock.now = evening - timedelta(seconds=1)
    await office.bot.tonight.run_due()
    assert messages_to(office, "ana") == []
    office.forget()
    office.clock.now = evening
    await office.bot.tonight.run_due()
    (answer,) = messages_to(office, "ana")
    assert "1,333 sessions: Everyone, best first" in answer.text
    assert office.asked()
    assert (await office.bot.core.budget.used())["tonight"] >= len(office.asked())
    await office.bot.tonight.run_due()
    assert len(messages_to(office, "ana")) == 1


async def test_the_answer_is_whole_and_its_buttons_work(office: Office) -> None:
    await put_off(office, "ana")
    office.clock.now = datetime(2026, 3, 20, 21, tzinfo=UTC)
    await office.bot.tonight.run_due()
    (answer,) = messages_to(office, "ana")
    everything = truth(office, BEST_FIRST)
    assert_tells(office, answer, everything)
    assert "Run it" not in labels(answer)
    assert "Share in channel" not in labels(answer)
    office.forget()
    further = await office.press("ana", answer, "Next")
    assert "Rows 101–" in further.text
    assert office.paths() == []


async def test_asked_for_twice_it_comes_once(office: Office) -> None:
    await put_off(office, "ana")
    await put_off(office, "ana")
    office.clock.now = datetime(2026, 3, 20, 21, tzinfo=UTC)
    await office.bot.tonight.run_due()
    assert len(messages_to(office, "ana")) == 1


async def test_at_night_it_runs_at_once(office: Office) -> None:
    office.clock.now = datetime(2026, 3, 20, 21, 30, tzinfo=UTC)
    notice = await put_off(office, "ana")
    assert notice.text.startswith("I run it from now on")
    await office.bot.tonight.run_due()
    assert len(messages_to(office, "ana")) == 1


async def test_an_exec_that_is_away_is_waited_for(office: Office) -> None:
    await put_off(office, "ana")
    office.clock.now = datetime(2026, 3, 20, 21, tzinfo=UTC)
    office.exec.faults.append(Fault("inactive", None))
    await office.bot.tonight.run_due()
    assert messages_to(office, "ana") == []
    office.exec.faults.clear()
    office.clock.tick(15 * 60)
    await office.bot.tonight.run_due()
    (answer,) = messages_to(office, "ana")
    assert_tells(office, answer, truth(office, BEST_FIRST))


async def test_rights_are_looked_at_when_it_runs(office: Office) -> None:
    """Miguel is an admin when he asks, and a member when the answer is made."""
    await put_off(office, "miguel.ruiz")
    person = office.world.person("miguel.ruiz@acme.com")
    office.world.remove_member(person)
    office.world.add_member("Miguel", "Ángel Ruiz", person.email, role="member")
    office.clock.now = datetime(2026, 3, 20, 21, tzinfo=UTC)
    await office.bot.tonight.run_due()
    (answer,) = messages_to(office, "miguel.ruiz")
    own = truth(office, {"user_emails": person.email, **BEST_FIRST})
    assert_tells(office, answer, own)
    assert "You see your own practice." in answer.text
