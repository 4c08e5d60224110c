"""What figures suggest to those who read them: slips, gains, changes and superlatives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.sandbox.slack_records import Message
from bot.sandbox.world_things import Person
from tests.office import Office

MONDAY = datetime(2026, 3, 23, 7, 30, tzinfo=UTC)  # 8:30 in Berlin
NEXT_MONDAY = datetime(2026, 3, 30, 6, 30, tzinfo=UTC)  # the same; the clocks went forward


def alone(office: Office, *people: Person) -> None:
    """All sessions of these people, and what they have to do, is what a test adds."""
    ids = {person.id for person in people}
    for each in [each for each in office.world.sessions if each.user_id in ids]:
        office.world.delete(each.id)
    office.world.assignments[:] = [
        each for each in office.world.assignments if each.user_id not in ids
    ]


def attempt(
    office: Office, who: Person, scenario: int, days_ago: float, scores: Sequence[float | None]
) -> None:
    """Attempts at the scenario of that number, an hour apart, so many days before Monday."""
    on = list(office.world.scenarios.values())[scenario]
    at = MONDAY - timedelta(days=days_ago)
    for hour, score in enumerate(scores):
        office.world.add_session(who, on, at + timedelta(hours=hour), score=score, rank="bronze")


async def due(office: Office, now: datetime, who: str, channel: str) -> Message:
    """What arrives somewhere once it is due, as `who` sees it."""
    before = len(office.seen(who, channel))
    office.clock.now = now + timedelta(seconds=1)
    await office.bot.delivering.run_due()
    await office.bot.delivering.run_due()
    return office.seen(who, channel)[before]


async def test_a_coach_is_told_of_a_slip_only_where_chance_makes_it_rare(office: Office) -> None:
    harder, lower, better, away = west = office.world.roster("West Coast")[2:6]
    alone(office, *west)
    attempt(office, harder, 0, 12, [90, 92, 88, 91])
    attempt(office, harder, 1, 11, [61, 59])
    attempt(office, harder, 1, 3, [60, 58, 62])
    attempt(office, lower, 0, 12, [90, 92, 88, 91, 86])
    attempt(office, lower, 0, 3, [65, 70, 61, 66])
    attempt(office, better, 0, 12, [90, 92, 88, 91, 86])
    attempt(office, better, 0, 3, [65, 70, 61, 66])
    attempt(office, better, 1, 2, [50, 84])
    emails = " ".join(person.email for person in west)
    await office.ask("ana", f"coach add @bob {emails}")
    message = await due(office, MONDAY, "bob", office.dm("bob"))
    slipped = (
        f"{lower.name} slipped: 23.9 points lower on the same scenarios "
        "(4 graded attempts, 5 in the four weeks before)."
    )
    improved = f"{better.name} improved"
    said = [message.text.index(words) for words in (f"{away.name} has not", slipped, improved)]
    assert said == sorted(said)
    assert "50 at first, then 84 (2 graded attempts)" in message.text
    assert message.text.count("slipped") == 1
    assert harder.name not in message.text


async def test_a_digest_compares_what_can_be_and_contradicts_itself_nowhere(
    office: Office,
) -> None:
    west = office.world.roster("West Coast")
    alone(office, *west)
    one, two, three = west[:3]
    for who in (one, two, three):
        attempt(office, who, 0, 4, [66, 64])
        attempt(office, who, 1, 3, [60, 58])
    attempt(office, one, 2, 5, [95] * 12)
    for who, score in ((one, 70), (two, 72), (three, None)):
        attempt(office, who, 0, 10, [score])
    await office.ask("ana", 'digest "West Coast" every monday 8:30', "west-coast")
    place = office.channel("west-coast")
    post = await due(office, MONDAY, "bob", place)
    names = [each.name for each in list(office.world.scenarios.values())[:2]]
    average = "Average score: 78.5 (24 graded attempts)"
    assert f"{average}, too few to compare with the week before." in post.text
    assert "Highest average" not in str(post.blocks)
    lowest = (
        f"Lowest average: {names[1]} (59.0 over 6 graded attempts), "
        "of 2 scenarios with 5 or more graded attempts by 3 or more people"
    )
    assert lowest in post.text
    for who in (one, two, three):
        attempt(office, who, 0, -4, [80])
    post = await due(office, NEXT_MONDAY, "bob", place)
    assert "Average score: 80.0 (3 graded attempts), up 1.5 from 78.5 over 24." in post.text


async def test_a_day_is_compared_with_the_same_weekday_of_the_week_before(office: Office) -> None:
    west = office.world.roster("West Coast")
    alone(office, *west)
    for who in west[:4]:
        attempt(office, who, 0, 3, [80])  # a Friday
    for who in west[:3]:
        attempt(office, who, 0, 10, [70])  # the Friday before
    attempt(office, west[0], 0, 4, [20, 20, 20])  # the Thursday between them
    await office.ask("ana", 'digest "West Coast" daily 8:30', "west-coast")
    place = office.channel("west-coast")
    post = await due(office, MONDAY - timedelta(days=2), "bob", place)
    assert f"4 of {len(west)} people practised, up 1 from 3 the Friday before." in post.text
    assert "Average score: 80.0 (4 graded attempts), up 10.0 from 70.0 over 3." in post.text
    counted = await office.press("ana", post, "How was this counted?")
    assert "Fri 20 March in Europe/Berlin, compared with Fri 13 March." in counted.text


async def test_ones_own_week_is_whole_days_and_today_stands_beside_it(office: Office) -> None:
    jane = office.world.person("jane@acme.com")
    alone(office, jane)
    attempt(office, jane, 0, 11, [60, 62, 64])  # Thursday the 12th
    attempt(office, jane, 0, 4, [90, 80, 70])  # Thursday the 19th
    attempt(office, jane, 0, 3, [20, 30])  # this Friday morning
    office.clock.now = MONDAY - timedelta(days=3) + timedelta(hours=3)
    answer = await office.ask("jane", "me")
    assert answer.text.startswith(
        "Your practice, 13 – 19 March. 3 sessions, no change from the week before. "
        "2 weeks in a row with practice. Today so far: 2 sessions."
    )
    assert "Average score: 80.0 (3 graded attempts), up 18.0 from 62.0 over 3." in answer.text
    assert "sessions 3, best 90, lift +30, last vs best -60, graded attempts 8" in answer.text
