"""What one person may take of the day's requests to Exec, and what they get beyond it."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from bot.sandbox.slack_records import Message
from tests.conversations.test_delivered_twice import second_bot
from tests.conversations.truth import assert_tells, truth
from tests.office import MakeOffice, Office, button, labels, table

pytestmark = pytest.mark.acquainted

PER_DAY = 30
SKILLS = (
    *("Closing", "Storytelling", "Negotiation", "Procurement Selling"),
    *("Rapport Building", "Discovery Questions", "Objection Handling"),
)
USED_UP = "You've used your share of today's requests to Exec"
FROM_HELD = "you've used your share of today's requests to Exec; from Sat 21 Mar "


def questions_for_exec(count: int) -> list[str]:
    """So many questions that only Exec can answer, as what is held tells of no skills."""
    groups = itertools.chain(itertools.combinations(SKILLS, 2), itertools.combinations(SKILLS, 3))
    several = (",".join(f'"{name}"' for name in names) for names in groups)
    return [f"sessions skill:{each} last 3d" for each in itertools.islice(several, count)]


async def use_up(office: Office, who: str) -> Message:
    """Ask what only Exec can answer until somebody is refused; the refusal."""
    for question in questions_for_exec(25):
        answer = await office.ask(who, question)
        if labels(answer) == ["Try again"]:
            return answer
        office.clock.tick(5)
    raise AssertionError("nobody was refused")


def value_of(message: Message) -> str:
    """The id of the answer that its buttons carry."""
    return str(button(message, "Narrow it")["value"])


async def test_a_rep_has_a_tenth_of_the_day_an_admin_a_third_and_others_all_the_rest(
    open_office: MakeOffice,
) -> None:
    async with open_office(EXEC_REQUESTS_PER_DAY=str(PER_DAY)) as office:
        await office.ask("jane", "sessions last 7d")
        refusal = await use_up(office, "jane")
        assert refusal.text.startswith(f"{USED_UP}; the next is yours at Sat 21 Mar 10:01.")
        assert labels(refusal) == ["Try again"]
        assert len(office.asked()) == PER_DAY // 10

        # What is held answers all the same, and says from when on there is news again.
        office.clock.tick(300)
        held = truth(office, {"user_emails": "jane@acme.com", "start_date": "2026-03-13T09:06:00Z"})
        answer = await office.ask("jane", "sessions last 7d")
        assert f"{FROM_HELD}10:01 I can look again for you." in answer.text
        assert_tells(office, answer, held)
        assert "share" in str(answer.blocks)
        shared = await office.press("jane", answer, "Share in channel")
        posted = await office.press("jane", shared, "Post it")
        assert "Shared by" in posted.text
        assert "your share" not in posted.text + str(posted.blocks)
        assert len(office.asked()) == PER_DAY // 10

        # Others notice nothing of it, and what they look at, she has, too.
        bobs = await office.ask("bob", "sessions last 7d")
        assert "share" not in bobs.text
        assert len(office.asked()) == PER_DAY // 10 + 1
        assert "share" not in (await office.ask("jane", "sessions last 7d")).text

        refused = await use_up(office, "ana")
        assert refused.text.startswith(USED_UP)
        assert len(office.asked()) == PER_DAY // 10 + 1 + PER_DAY // 3

        office.clock.now = office.clock.now.replace(day=21, hour=9, minute=1, second=0)
        assert "Refresh" in labels(await office.press("jane", refusal, "Try again"))


@pytest.mark.new_here
async def test_what_costs_more_than_a_share_says_so_and_cannot_be_run(
    open_office: MakeOffice,
) -> None:
    async with open_office(EXEC_REQUESTS_PER_DAY="30") as office:
        answer = await office.ask("ana", "sessions +system")
        assert "of the 9 requests you have left today. That is more than are left" in answer.text
        assert "Run it" not in labels(answer)
        assert "Narrow it" in labels(answer)
        forged = office.press_of("ana", answer, "sessions.count_all", value_of(answer))
        told = await office.heard("ana", after=await office.act(forged))
        assert "and 9 are left for you today" in told.text


@pytest.mark.new_here
async def test_whom_a_coach_sees_does_not_depend_on_what_they_asked(
    open_office: MakeOffice,
) -> None:
    async with open_office(EXEC_REQUESTS_PER_DAY=str(PER_DAY)) as office:
        await office.ask("ana", 'coach add @bob "East Coast"')
        office.clock.tick(25.9 * 3600)
        await office.ask("ana", "sessions last 7d")
        await use_up(office, "bob")
        # By now what is held of the group is too old to say who may be seen.
        office.clock.tick(600)
        office.forget()
        answer = await office.ask("bob", 'sessions group:"East Coast" last 7d')
        assert "you've used your share" in answer.text
        assert len(table(answer)) > 3
        assert "/workspace/members" in office.paths()
        assert "/sessions" not in office.paths()


async def test_a_name_nobody_knows_is_said_so_from_what_is_held(open_office: MakeOffice) -> None:
    async with open_office(EXEC_REQUESTS_PER_DAY=str(PER_DAY)) as office:
        await office.ask("ana", "sessions group:zzz")
        await use_up(office, "ana")
        office.clock.tick(120)
        office.forget()
        answer = await office.ask("ana", "sessions group:Westcoats")
        assert answer.text.startswith("I don't know a group called Westcoats.")
        assert office.paths() == []
        # The list may be read again for the next one at once.
        await office.ask("mc.dubois", "sessions group:Westcoats")
        assert office.paths() == ["/workspace/groups"]


async def test_an_answer_is_refreshed_once_a_minute_whatever_is_pressed_and_wherever(
    office: Office,
) -> None:
    first = await office.ask("jane", "sessions last 2d")
    office.clock.tick(5)
    fresh = await office.press("jane", first, "Refresh")
    office.clock.tick(20)
    office.world.add_session("jane@acme.com", "Renewal Save", office.clock(), score=91.0)
    office.forget()
    for message in (fresh, first):  # as the old one is still there in a window of hers
        told = await office.press("jane", message, "Refresh")
        note = "You refreshed this less than a minute ago. Refresh works again at 10:02."
        assert f" {note}" in told.text
        assert f"*{note}*" in str(told.blocks)
        assert "Refresh" in labels(told)
        assert len(table(told)) == len(table(fresh))
    async with second_bot(office) as (_, second):
        office.slack.request_url = second
        assert note in (await office.press("jane", told, "Refresh")).text
    assert office.asked() == []
    other = await office.press("jane", await office.ask("jane", "sessions last 1d"), "Refresh")
    assert len(office.asked()) == 1
    assert "You refreshed" not in other.text
    office.clock.tick(101)
    office.forget()
    again = await office.press("jane", told, "Refresh")
    assert "You refreshed" not in again.text
    assert len(office.asked()) == 1
    assert len(table(again)) == len(table(fresh)) + 1


async def test_three_presses_at_once_are_one(office: Office) -> None:
    answer = await office.ask("jane", "sessions last 2d")
    office.clock.tick(5)
    office.forget()
    presses = (office.press_only("jane", answer, "Refresh") for _ in range(3))
    await asyncio.gather(*presses)
    await office.bot.work.drain()
    assert len(office.asked()) == 1


async def test_the_last_thirty_percent_of_a_day_refresh_nothing(office: Office) -> None:
    answer = await office.ask("jane", "sessions last 7d")
    await office.leave(301)
    office.clock.tick(5)
    refreshed = await office.press("jane", answer, "Refresh")
    assert "Few of" not in refreshed.text
    office.clock.tick(70)
    office.forget()
    told = await office.press("jane", refreshed, "Refresh")
    note = (
        "Few of today's requests to Exec are left, so I didn't look at all of this again. "
        "Refresh works again at about Sat 21 Mar 07:01."
    )
    assert note in told.text
    assert note in str(told.blocks)
    assert table(told) == table(refreshed)
    assert office.paths() == []
    office.clock.now = office.clock.now.replace(day=21, hour=6, minute=1, second=0)
    assert "Few of" not in (await office.press("jane", told, "Refresh")).text
