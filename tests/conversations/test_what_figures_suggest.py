"""What figures suggest to those who read them: courses, bests, changes and superlatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.demo.slack_workspace import Message
from bot.demo.world_things import Person
from tests.conversations.test_coaches import nudge_form, text_of
from tests.workspace import Workspace, column, table

MONDAY = datetime(2026, 3, 23, 7, 30, tzinfo=UTC)  # 8:30 in Berlin
NEXT_MONDAY = datetime(2026, 3, 30, 6, 30, tzinfo=UTC)  # the same; the clocks went forward


def alone(workspace: Workspace, *people: Person) -> None:
    """All sessions of these people, and what they have to do, is what a test adds."""
    ids = {person.id for person in people}
    for each in [each for each in workspace.world.sessions if each.user_id in ids]:
        workspace.world.delete(each.id)
    workspace.world.assignments[:] = [
        each for each in workspace.world.assignments if each.user_id not in ids
    ]


def attempt(
    workspace: Workspace,
    who: Person,
    scenario: int,
    days_ago: float,
    scores: Sequence[float | None],
) -> None:
    """Attempts at the scenario of that number, an hour apart, so many days before Monday."""
    on = list(workspace.world.scenarios.values())[scenario]
    at = MONDAY - timedelta(days=days_ago)
    for hour, score in enumerate(scores):
        workspace.world.add_session(who, on, at + timedelta(hours=hour), score=score, rank="bronze")


async def due(workspace: Workspace, now: datetime, who: str, channel: str) -> Message:
    """What arrives somewhere once it is due, as `who` sees it."""
    before = len(workspace.seen(who, channel))
    workspace.clock.now = now + timedelta(seconds=1)
    await workspace.deliver()
    await workspace.deliver()
    return workspace.seen(who, channel)[before]


async def test_improving_and_slipping_are_said_where_chance_makes_it_rare(
    workspace: Workspace,
) -> None:
    harder, lower, better, away = west = workspace.world.roster("West Coast")[2:6]
    alone(workspace, *workspace.world.roster("West Coast"))
    attempt(workspace, harder, 0, 40, [90, 92, 88, 91])
    attempt(workspace, harder, 1, 39, [61, 59])
    attempt(workspace, harder, 1, 3, [60, 58, 60])
    attempt(workspace, lower, 0, 40, [90, 92, 88, 91, 86])
    attempt(workspace, lower, 0, 3, [65, 70, 61, 66])
    attempt(workspace, better, 0, 40, [65, 70, 61, 66, 68])
    attempt(workspace, better, 0, 20, [90, 92, 88, 91])
    # One good try says nothing of the course, and is no record after a single one.
    attempt(workspace, better, 1, 40, [50])
    attempt(workspace, better, 1, 2, [84])
    emails = " ".join(person.email for person in west)
    await workspace.ask("ana", f"coach add @bob {emails}")
    message = await due(workspace, MONDAY, "bob", workspace.dm("bob"))
    slips = (
        f"{lower.name}: slipping, 23.9 points lower on the same scenarios "
        "(4 graded sessions in four weeks, 5 in the four before), mostly "
    )
    rises = f"{better.name}: improving, 26.0 points higher on the same scenarios "
    said = [message.text.index(words) for words in (f"{away.name} first: no", slips, rises)]
    assert said == sorted(said)
    assert message.text.count("slipping") == message.text.count("improving") == 1
    assert "personal best" not in message.text
    assert harder.name not in message.text
    # All that tell of a course tell the same.
    notes = {row[0]: row[-1] for row in table(await workspace.ask("ana", 'team "West Coast"'))[1:]}
    assert (notes[lower.name], notes[better.name]) == ("slipping", "improving")
    assert notes[harder.name] == "–"
    page = await workspace.ask("ana", f"prep {lower.email}")
    assert page.text.startswith(f"Slipping by 23.9 on the same scenarios, {lower.name}, ")
    assert "improving" not in page.text.lower()
    told = await workspace.ask("ana", f"is {better.email} improving")
    assert told.text.startswith("Improving: 26.0 points higher on the same scenarios, ")
    told = await workspace.ask("ana", f"is {harder.email} improving")
    assert told.text.startswith("No clear change in four weeks, ")
    who = await workspace.ask("ana", "who improved most in west coast last 7d")
    assert who.text.startswith(f"{better.name} is improving: 26.0 points higher ")
    assert "personal best" not in who.text
    assert "Lift is best minus first score, and grows with attempts" in who.text


async def test_a_new_personal_best_is_above_all_there_was_before(workspace: Workspace) -> None:
    west = workspace.world.roster("West Coast")
    alone(workspace, *west)
    sure, shy, once, coach = west[:4]
    for who in (sure, shy, coach):
        attempt(workspace, who, 0, 12, [74, 78.4])
        attempt(workspace, who, 0, 3, [91.9])
    attempt(workspace, shy, 1, 12, [30, 40])
    attempt(workspace, shy, 1, 2, [60])
    attempt(workspace, once, 0, 12, [50])
    attempt(workspace, once, 0, 3, [90])
    name, other = (each.name for each in list(workspace.world.scenarios.values())[:2])
    workspace.slack.team.user_called(coach.email)
    await workspace.ask("ana", f'coach add {coach.email} "West Coast"')
    await workspace.ask("ana", 'digest "West Coast" every monday 8:30', "west-coast")
    post = await due(workspace, MONDAY, "bob", workspace.channel("west-coast"))
    praised = f"{shy.name}: {other}, up 20.0\n{sure.name}: {name}, up 13.5\n"
    assert f"New personal bests\n{praised}" in post.text
    for who in (once, coach):
        assert who.name not in post.text
    told = await workspace.ask("ana", 'team "West Coast" last week')
    assert (
        f"{shy.name}: {other}, 60.0 (best before 40.0)\n"
        f"{sure.name}: {name}, 91.9 (best before 78.4)\n" in told.text
    )


async def test_a_digest_compares_what_can_be_and_contradicts_itself_nowhere(
    workspace: Workspace,
) -> None:
    west = workspace.world.roster("West Coast")
    alone(workspace, *west)
    one, two, three = west[:3]
    for who in (one, two, three):
        attempt(workspace, who, 0, 4, [66, 64])
        attempt(workspace, who, 1, 3, [60, 58])
    attempt(workspace, one, 2, 5, [95] * 12)
    for who, score in ((one, 70), (two, 72), (three, None)):
        attempt(workspace, who, 0, 10, [score])
    await workspace.ask("ana", 'digest "West Coast" every monday 8:30', "west-coast")
    place = workspace.channel("west-coast")
    post = await due(workspace, MONDAY, "bob", place)
    names = [each.name for each in list(workspace.world.scenarios.values())[:2]]
    assert "Average score: 78.5 (24 graded sessions)\nRanks" in post.text  # too few before
    assert "Highest average" not in str(post.blocks)
    lowest = (
        f"Lowest average: {names[1]} (59.0 over 6 graded sessions), "
        "of 2 scenarios with five or more graded sessions by three or more people"
    )
    assert lowest in post.text
    for who in (one, two, three):
        attempt(workspace, who, 0, -4, [80])
    post = await due(workspace, NEXT_MONDAY, "bob", place)
    assert "Average score: 80.0 (3 graded sessions), up 1.5 from 78.5 over 24\n" in post.text


async def test_a_day_is_compared_with_the_same_weekday_of_the_week_before(
    workspace: Workspace,
) -> None:
    west = workspace.world.roster("West Coast")
    alone(workspace, *west)
    for who in west[:4]:
        attempt(workspace, who, 0, 3, [80])  # a Friday
    for who in west[:3]:
        attempt(workspace, who, 0, 10, [70])  # the Friday before
    attempt(workspace, west[0], 0, 4, [20, 20, 20])  # the Thursday between them
    await workspace.ask("ana", 'digest "West Coast" daily 8:30', "west-coast")
    place = workspace.channel("west-coast")
    post = await due(workspace, MONDAY - timedelta(days=2), "bob", place)
    assert (
        f"4 of {len(west)} practiced, 4 sessions, average 80.0 (up 10.0). "
        "The Friday before, 3 practiced." in post.text
    )
    assert "Average score: 80.0 (4 graded sessions), up 10.0 from 70.0 over 3\n" in post.text


async def test_ones_own_week_is_whole_days_and_today_stands_beside_it(workspace: Workspace) -> None:
    jane = workspace.world.person("jane@acme.com")
    alone(workspace, jane)
    attempt(workspace, jane, 0, 11, [60, 62, 64])  # Thursday the 12th
    attempt(workspace, jane, 0, 4, [90, 80, 70])  # Thursday the 19th
    attempt(workspace, jane, 0, 3, [20, 30])  # this Friday morning
    workspace.clock.now = MONDAY - timedelta(days=3) + timedelta(hours=3)
    answer = await workspace.ask("jane", "me")
    assert answer.text.startswith(
        "Your practice, 13 – 19 March\n3 sessions, no change from 3 the week before. "
        "2 weeks in a row with practice."
    )
    assert " Today so far: 2 sessions." in answer.text
    assert "Average score: 80.0 (3 graded sessions), up 18.0 from 62.0 over 3\n" in answer.text
    assert ", 3, 60.0, 30.0, 90.0, +30.0, 8\n" in answer.text


async def test_two_of_one_name_are_told_apart(workspace: Workspace) -> None:
    west = workspace.world.roster("West Coast")
    alone(workspace, *west)
    one, two = west[2:4]
    for who, score in ((one, 80), (two, 90)):
        attempt(workspace, who, 0, 12, [60, 70])
        attempt(workspace, who, 0, 3, [score])
        workspace.world.members[who.id] = workspace.world.people[who.id] = replace(
            who, first_name="Alex", last_name="Kim"
        )
    called = [f"Alex Kim ({who.email})" for who in (one, two)]
    workspace.clock.now = MONDAY - timedelta(hours=1)
    await workspace.bot.lists.sync()
    await workspace.ask("ana", 'coach add @bob "West Coast"')
    message = await due(workspace, MONDAY, "bob", workspace.dm("bob"))
    assert all(name in message.text for name in called)
    # Where one of them is chosen, too.
    everyone = await workspace.press("bob", message, "See everyone")
    assert set(called) <= {*column(everyone, "Who")}
    (menu,) = [
        element
        for block in message.blocks
        for element in block.get("elements", ())
        if element.get("action_id") == "coach.choose"
    ]
    assert set(called) <= {option["text"]["text"] for option in menu["options"]}
    form = text_of(await nudge_form(workspace, message, "Nudge Alex"))
    assert form.startswith("Hi Alex, ")
    assert "I send it to Alex Kim (alex.kim@acme.com) as a direct message" in form
    # And in what was set about them.
    await workspace.ask("bob", f"alert {one.email} {two.email} gold")
    alerts = await workspace.ask("bob", "alert list")
    assert all(name in alerts.text for name in called)
    added = await workspace.ask("ana", f"coach add @priya {one.email} {two.email}")
    coaches = await workspace.ask("ana", "coach list")
    assert all(name in told.text for name in called for told in (added, coaches))
    listed = await workspace.ask("ana", 'sessions group:"West Coast" last 30d')
    assert {row[1] for row in table(listed)[1:]} == set(called)
    told = await workspace.ask("ana", 'team "West Coast" last week')
    for name, score in zip(called, (80, 90), strict=True):
        assert (
            f"{name}: {next(iter(workspace.world.scenarios.values())).name}, {score}.0 "
            in told.text
        )
