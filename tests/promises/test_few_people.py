"""What a channel sees never stands for one or two people, by itself or beside other figures."""

from __future__ import annotations

from tests.office import Office, SlackMessage, berlin
from tests.promises.test_digests import LINE, MONDAY, posts, saved
from tests.shown import columns, everything, fields, names_in, table

WEST = "West Coast"


def quiet_weeks(office: Office, *, this: int, before: int) -> None:
    """Let so many people of West Coast practice in the last week and in the one before: 61.5 and
    42.5 on average. An eleventh one only tries."""
    office.without_sessions()
    people = [person.email.removesuffix("@acme.com") for person in office.roster(WEST)]
    for days, count, scores in ((4.0, this, (61, 61, 62, 62)), (11.0, before, (42, 42, 43, 43))):
        for who in people[:count]:
            for nth, score in enumerate(scores):
                office.practice(who, days=days + nth / 10, score=score)
        office.practice(people[-1], days=days, score=None)


async def shared(office: Office, said: str) -> SlackMessage:
    post = await office.share("ana", await office.ask("ana", said, "west-coast"))
    assert post is not None, said
    return post


async def test_a_group_of_all_groups_has_no_average_of_two(office: Office) -> None:
    quiet_weeks(office, this=2, before=3)
    post = await shared(office, "team this week")
    (row,) = [row for row in table(post) if row["Group"] == WEST]
    assert (row["Average"], row["Change"]) == ("–", "–")
    assert "61.5" not in everything(post)


async def test_a_group_of_all_groups_has_no_change_from_two(office: Office) -> None:
    quiet_weeks(office, this=3, before=2)
    post = await shared(office, "team this week")
    (row,) = [row for row in table(post) if row["Group"] == WEST]
    assert (row["Average"], row["Change"]) == ("61.5", "–")
    assert "42.5" not in everything(post)


async def test_the_people_of_a_team_have_no_rows(office: Office) -> None:
    office.without_sessions()
    for days in (1, 2, 3):
        for person in office.roster(WEST):
            office.practice(person.email.removesuffix("@acme.com"), days=days, score=70)
    post = await shared(office, f'team group:"{WEST}" last 7d')
    assert table(post) == []
    assert names_in(post, office.roster(WEST)) == set()


async def test_a_digest_has_no_average_of_two(office: Office) -> None:
    await saved(office)
    quiet_weeks(office, this=2, before=3)
    await office.at(MONDAY)
    (post,) = posts(office)
    assert "3 of 11 practiced" in post.text
    assert "61.5" not in everything(post)


async def test_a_digest_has_no_comparison_with_two(office: Office) -> None:
    await saved(office)
    quiet_weeks(office, this=3, before=2)
    await office.at(MONDAY)
    (post,) = posts(office)
    assert "61.5" in post.text
    assert "42.5" not in everything(post)


async def test_a_list_of_sessions_has_no_average_and_no_best_of_two(office: Office) -> None:
    quiet_weeks(office, this=2, before=0)
    post = await shared(office, f'sessions group:"{WEST}" last 7d')
    assert fields(post).keys() == {"Sessions", "Practice time"}
    assert columns(post) == []
    assert "62.0" not in everything(post)
    office.practice("jane", days=1, score=99)
    office.practice("sam", days=1, score=20)
    office.practice("priya", days=1, score=20)
    office.wait(minutes=2)
    more = await shared(office, f'sessions group:"{WEST}" last 7d')
    assert "Average score" in fields(more)
    assert "99.0" not in everything(more)


async def test_one_person_outside_of_all_groups_is_not_what_is_left(office: Office) -> None:
    """Everybody but one is in a group: the total and all groups would tell how that one did."""
    world, alone = office.world, office.person("Sam Lee")
    for group in ("Customer Success", "New Hires", "Enterprise"):
        world.rosters[world.group(group).id].clear()
    everybody = {person.id for person in world.members.values() if not person.is_system}
    west, east = world.group(WEST).id, world.group("East Coast").id
    world.rosters[west] -= {alone.id}
    world.rosters[east] = everybody - world.rosters[west] - {alone.id}
    office.wait(days=2)
    await office.run_jobs()
    post = await shared(office, "team last 30d")
    assert len(table(post)) == 1
    assert "left out" in post.text


async def test_no_praise_under_a_filter_that_contradicts_it(office: Office) -> None:
    assert "personal best" in (await shared(office, f'team group:"{WEST}" last 30d')).text
    for filtered in ("score<60", "invalid", "gold"):
        answer = await office.ask("ana", f'team group:"{WEST}" last 30d {filtered}', "west-coast")
        assert "personal best" not in everything(answer), filtered


async def test_a_second_post_that_differs_by_two_people_is_refused(office: Office) -> None:
    await saved(office)
    both = "coach add @bob"
    assert "now coaches" in (await office.ask("ana", f"{both} @jane")).text
    people = " ".join(person.email for person in office.roster(WEST)[:-1])
    line = f"digest sessions {people} every monday 9:00"
    reply = await office.ask("ana", line, "west-coast")
    assert "one or two people" in reply.text
    elsewhere = await office.ask("ana", line, "sales-practice")
    assert "one or two people" not in elsewhere.text


async def test_a_second_post_is_stopped_if_it_comes_to_differ_by_two_people(office: Office) -> None:
    await saved(office)
    office.wait(seconds=5)
    await saved(office, LINE.replace(WEST, "East Coast"))
    world = office.world
    west, east = (world.rosters[world.group(name).id] for name in (WEST, "East Coast"))
    east.clear()
    east.update(sorted(west)[1:])
    await office.at(MONDAY)
    assert [WEST in everything(post) for post in posts(office)] == [True]
    (told,) = office.dms("ana")
    assert "one or two people" in told.text


async def test_a_digest_of_a_group_that_shrinks_to_two_is_not_posted(office: Office) -> None:
    await saved(office)
    roster = office.world.rosters[office.world.group(WEST).id]
    for id_ in sorted(roster)[2:]:
        roster.remove(id_)
    await office.at(berlin("2026-03-22 9:00"))
    await office.at(MONDAY)
    assert posts(office) == []
    (told,) = office.dms("ana")
    assert "three or more people" in told.text


async def test_a_rep_cannot_subtract_one_of_their_groups_from_another(office: Office) -> None:
    world = office.world
    west, hires = (world.rosters[world.group(name).id] for name in (WEST, "New Hires"))
    hires.clear()
    hires.update(west - {office.person("sam").id})
    office.wait(days=2)
    await office.run_jobs()
    assert "practiced" in (await office.ask("jane", f'team group:"{WEST}" last week')).text
    refused = await office.ask("jane", 'team group:"New Hires" last week')
    assert "one or two people" in refused.text
    assert "practiced" not in refused.text
